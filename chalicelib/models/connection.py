"""The one connection to DynamoDB that tables and transactions share."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from pynamodb.connection import Connection
from pynamodb.connection.base import MetaTable

from ..aws_json import JsonService

CONNECT_S = 2
READ_S = 4
CONNECTIONS = 32
# What reads and writes items; the rest (tables are made and described) goes by botocore.
OPERATIONS = frozenset(
    {
        "BatchGetItem",
        "BatchWriteItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "Scan",
        "TransactWriteItems",
        "UpdateItem",
    }
)


class SharedConnection(Connection):
    """PynamoDB's connection whose first try goes by `JsonService`, and by botocore only what that leaves to it.

    A lost connection must not eat the 5 s of a change: three tries in all, the first of them ours.
    """

    def __init__(self) -> None:
        super().__init__(
            connect_timeout_seconds=CONNECT_S,
            read_timeout_seconds=READ_S,
            max_pool_connections=CONNECTIONS,
            max_retry_attempts=1,
        )
        self._service = JsonService(
            "dynamodb", "DynamoDB_20120810", connect_s=CONNECT_S, read_s=READ_S, connections=CONNECTIONS
        )
        self._direct: Any = _Direct(self)

    def add_meta_table(self, meta_table: MetaTable) -> None:
        """Know a table's keys; PynamoDB's own refuses a second thread that comes with the same."""
        self._tables[meta_table.table_name] = meta_table

    @property
    def client(self) -> Any:
        return self._direct

    def by_botocore(self) -> Any:
        """botocore's own client, made when it is first needed: that takes 100 ms and more."""
        return super().client

    def ask(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        """One request's answer; what botocore raises."""
        if operation in OPERATIONS:
            if operation == "TransactWriteItems":
                # Both tries are one to DynamoDB.
                request.setdefault("ClientRequestToken", str(uuid4()))
            answer = self._service.call(operation, request)
            if answer is not None:
                return answer
        found: dict[str, Any] = self.by_botocore()._make_api_call(operation, request)
        return found


class _Direct:
    """Stands where PynamoDB expects botocore's client."""

    def __init__(self, connection: SharedConnection) -> None:
        self._connection = connection

    def _make_api_call(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        return self._connection.ask(operation, request)


_shared: SharedConnection | None = None


def shared() -> SharedConnection:
    """The process's connection."""
    global _shared
    if _shared is None:
        _shared = SharedConnection()
    return _shared
