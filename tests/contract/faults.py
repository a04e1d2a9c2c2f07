"""DynamoDB as it is on a bad day: refusals, answers that are lost, others who come first, processes that die."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import RLock
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError

Proceed = Callable[[], dict[str, Any]]
Behaviour = Callable[[str, dict[str, Any], Proceed], dict[str, Any]]


class Died(BaseException):
    """The process ended here: nothing that catches exceptions catches this."""


@dataclass
class Rule:
    operation: str
    behaviour: Behaviour
    times: int
    when: Callable[[dict[str, Any]], bool]
    skip: int


@dataclass
class Faults:
    """Stands between botocore and moto: one call at a time, broken where a test asks for it."""

    rules: list[Rule] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    # moto's tables are not safe among threads; DynamoDB's are.
    _lock: Any = field(default_factory=RLock)

    def next(
        self,
        operation: str,
        behaviour: Behaviour,
        *,
        times: int = 1,
        skip: int = 0,
        when: Callable[[dict[str, Any]], bool] = lambda _: True,
    ) -> None:
        """Let the next `times` calls of an operation, after `skip` of them, behave like this."""
        self.rules.append(Rule(operation, behaviour, times, when, skip))

    def always(self, operation: str, behaviour: Behaviour, **more: Any) -> None:
        self.next(operation, behaviour, times=1_000_000, **more)

    def end(self) -> None:
        """DynamoDB is well again."""
        self.rules.clear()

    def count(self, operation: str) -> int:
        return sum(each == operation for each, _ in self.calls)

    def through(self, real: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
        """What replaces botocore's BaseClient._make_api_call."""

        def call(client: Any, operation: str, kwargs: dict[str, Any]) -> dict[str, Any]:
            self.calls.append((operation, kwargs))

            def proceed() -> dict[str, Any]:
                with self._lock:
                    return real(client, operation, kwargs)

            behaviour = self._take(operation, kwargs)
            return behaviour(operation, kwargs, proceed) if behaviour else proceed()

        return call

    def _take(self, operation: str, kwargs: dict[str, Any]) -> Behaviour | None:
        with self._lock:
            for rule in self.rules:
                if rule.operation == operation and rule.when(kwargs):
                    if rule.skip:
                        rule.skip -= 1
                        return None
                    rule.times -= 1
                    if not rule.times:
                        self.rules.remove(rule)
                    return rule.behaviour
        return None


def refused(code: str, status: int = 400) -> Behaviour:
    """Nothing happens, and the answer names the reason."""

    def behave(operation: str, kwargs: dict[str, Any], proceed: Proceed) -> dict[str, Any]:
        answer: Any = {
            "Error": {"Code": code, "Message": code},
            "ResponseMetadata": {"HTTPStatusCode": status},
        }
        raise ClientError(answer, operation)

    return behave


def cancelled(code: str, at: int = 0) -> Behaviour:
    """A transaction is cancelled, the reason standing at one of its items."""

    def behave(operation: str, kwargs: dict[str, Any], proceed: Proceed) -> dict[str, Any]:
        reasons = [{"Code": code if n == at else "None"} for n in range(len(kwargs["TransactItems"]))]
        answer: Any = {
            "Error": {"Code": "TransactionCanceledException", "Message": "Transaction cancelled"},
            "CancellationReasons": reasons,
            "ResponseMetadata": {"HTTPStatusCode": 400},
        }
        raise ClientError(answer, operation)

    return behave


def answer_lost(operation: str, kwargs: dict[str, Any], proceed: Proceed) -> dict[str, Any]:
    """It is done, and nobody hears of it."""
    proceed()
    raise ReadTimeoutError(endpoint_url="https://dynamodb.test")


def never_arrived(operation: str, kwargs: dict[str, Any], proceed: Proceed) -> dict[str, Any]:
    """It is not done, and nobody hears of that either."""
    raise ReadTimeoutError(endpoint_url="https://dynamodb.test")


def sent_twice(operation: str, kwargs: dict[str, Any], proceed: Proceed) -> dict[str, Any]:
    """The answer is lost and the connection sends the same request again, as botocore does by itself."""
    proceed()
    return proceed()


def died_before(operation: str, kwargs: dict[str, Any], proceed: Proceed) -> dict[str, Any]:
    raise Died


def died_after(operation: str, kwargs: dict[str, Any], proceed: Proceed) -> dict[str, Any]:
    proceed()
    raise Died


def after(others: Callable[[], object]) -> Behaviour:
    """Somebody else comes first."""

    def behave(operation: str, kwargs: dict[str, Any], proceed: Proceed) -> dict[str, Any]:
        others()
        return proceed()

    return behave


def answering(items: Callable[[], list[dict[str, Any]]]) -> Behaviour:
    """A query that answers with these items, whatever stands in the table."""

    def behave(operation: str, kwargs: dict[str, Any], proceed: Proceed) -> dict[str, Any]:
        found = items()
        return {"Items": found, "Count": len(found), "ScannedCount": len(found)}

    return behave


def of_index(name: str) -> Callable[[dict[str, Any]], bool]:
    return lambda kwargs: kwargs.get("IndexName") == name
