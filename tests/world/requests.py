"""Which requests to DynamoDB something makes, and what they use: they are what it costs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from msgspec import Struct

from chalicelib.models.connection import SharedConnection

READS = {"BatchGetItem", "GetItem", "Query", "Scan", "TransactGetItems"}


class Request(Struct, frozen=True):
    """One request by its operation, with the capacity units that the database says it used; 0 for one that failed."""

    operation: str
    units: float


class Requests(Struct):
    """Requests in their order; RCU are read and WCU write capacity units, those of indexes among them."""

    made: list[Request]

    @property
    def operations(self) -> list[str]:
        return [each.operation for each in self.made]

    @property
    def rcu(self) -> float:
        return sum(each.units for each in self.made if each.operation in READS)

    @property
    def wcu(self) -> float:
        return sum(each.units for each in self.made if each.operation not in READS)


@contextmanager
def watched() -> Iterator[Requests]:
    """What this process asks of DynamoDB meanwhile, in any thread."""
    found = Requests([])
    really = SharedConnection.ask

    def note(self: SharedConnection, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        units = 0.0
        try:
            answer = really(self, operation, {**request, "ReturnConsumedCapacity": "TOTAL"})
            consumed = answer["ConsumedCapacity"]
            tables = consumed if isinstance(consumed, list) else [consumed]
            units = sum(each["CapacityUnits"] for each in tables)
            return answer
        finally:
            found.made.append(Request(operation, units))

    with patch.object(SharedConnection, "ask", note):
        yield found


def requests_of(work: Callable[[], Any]) -> list[str]:
    """The names of the operations in their order."""
    with watched() as found:
        work()
    return found.operations
