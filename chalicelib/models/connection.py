"""The one connection to DynamoDB that tables and transactions share."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import local
from typing import Any
from uuid import uuid4

from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError
from pynamodb.connection import Connection
from pynamodb.connection.base import MetaTable

from ..aws_json import JsonService
from .conflicts import ConditionFailed, Contention, NotRead, Passing, Unconfirmed

CONNECT_S = 2
READ_S = 4
CONNECTIONS = 32
# What failed sooner did not fail by waiting: botocore may try it again at once.
SOON_S = 1.0
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


READS = frozenset({"BatchGetItem", "GetItem", "Query", "Scan"})
# DynamoDB's code for a write whose condition did not hold.
TAKEN = "ConditionalCheckFailedException"
PASSING = {
    "TransactionConflict",
    "ThrottlingError",
    "ProvisionedThroughputExceeded",
    "TransactionInProgress",
    "TransactionInProgressException",
    "TransactionConflictException",
    "ThrottlingException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
}


def code_of(error: Exception) -> str:
    """DynamoDB's code for an error; '' when no answer came."""
    return str(error.response.get("Error", {}).get("Code", "")) if isinstance(error, ClientError) else ""


def passing(error: Exception) -> bool:
    """Whether the same request may succeed later: a throttle, a conflict, a lost connection, a fault of DynamoDB's."""
    if isinstance(error, BotoCoreError) or code_of(error) in PASSING:
        return True
    # PynamoDB's wrapper drops the status; the error below it has it.
    for each in (error, error.__cause__):
        answer = getattr(each, "response", {}).get("ResponseMetadata", {})
        if int(answer.get("HTTPStatusCode", 0)) >= 500:
            return True
    return False


def conflict_of(operation: str, error: Exception) -> Passing | None:
    """What an error of reading or writing says; None for what can never work, and for a transaction's, which says more."""
    code = code_of(error)
    if code == TAKEN:
        return ConditionFailed()
    if operation == "TransactWriteItems" or not passing(error):
        return None
    if operation in READS:
        return NotRead(code or type(error).__name__)
    return Contention(code) if code in PASSING else Unconfirmed(code or type(error).__name__)


class _Patience(local):
    """How many seconds this thread may still wait; None: as long as each try takes."""

    left_s: float | None = None


_patience = _Patience()


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Let this thread wait for the database so long in all; then its requests fail at once, as those that got no answer."""
    before, _patience.left_s = _patience.left_s, seconds
    try:
        yield
    finally:
        _patience.left_s = before


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
        left_s = _patience.left_s
        if left_s is None:
            return self._ask(operation, request, READ_S)
        began = time.monotonic()
        try:
            return self._ask(operation, request, left_s)
        finally:
            _patience.left_s = left_s - (time.monotonic() - began)

    def _ask(self, operation: str, request: dict[str, Any], most_s: float) -> dict[str, Any]:
        began = time.monotonic()
        if most_s <= 0:
            raise ReadTimeoutError(endpoint_url="dynamodb")
        if operation in OPERATIONS:
            if operation == "TransactWriteItems":
                # Both tries are one to DynamoDB.
                request.setdefault("ClientRequestToken", str(uuid4()))
            answer = self._service.call(operation, request, min(most_s, READ_S))
            if answer is not None:
                return answer
            if _patience.left_s is not None and time.monotonic() - began > min(SOON_S, most_s):
                raise ReadTimeoutError(endpoint_url="dynamodb")
        found: dict[str, Any] = self.by_botocore()._make_api_call(operation, request)
        return found


class _Direct:
    """Stands where PynamoDB expects botocore's client."""

    def __init__(self, connection: SharedConnection) -> None:
        self._connection = connection

    def _make_api_call(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        try:
            return self._connection.ask(operation, request)
        except (BotoCoreError, ClientError) as error:
            if conflict := conflict_of(operation, error):
                raise conflict from error
            raise


_shared: SharedConnection | None = None


def shared() -> SharedConnection:
    """The process's connection."""
    global _shared
    if _shared is None:
        _shared = SharedConnection()
    return _shared
