"""Stories run on the embedded stack's DynamoDB."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.handlers import http, system
from chalicelib.models import connection, tables
from chalicelib.models.connection import SharedConnection
from tests.support import rights
from tests.support.dynamo import dynamodb
from tests.world.harness import Story


@pytest.fixture(scope="package")
def database() -> Iterator[str]:
    """How long the database may take has tests of its own (tests/contract/test_aws_json.py); here a busy machine is no fault.

    A worker that comes back to stories after other tests has another server, which no connection of before knows.
    """
    with pytest.MonkeyPatch.context() as patient, dynamodb() as endpoint:
        for module, name in ((http, "DATABASE_S"), (system, "DATABASE_S"), (connection, "READ_S")):
            patient.setattr(module, name, 120.0)
        patient.setattr(connection, "_shared", None)
        for model in tables.MODELS:
            patient.setattr(model, "_connection", None)
        yield endpoint


ALLOWED = {function: rights.allowed(function) for function in rights.FUNCTIONS}


@pytest.fixture(autouse=True)
def least_privilege(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No function asks the database for what its role on AWS would be denied."""
    denied: set[tuple[str, rights.Right]] = set()
    ask = SharedConnection.ask

    def noted(self: SharedConnection, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        if function := rights.running():
            missing = set(rights.asked(operation, request)) - ALLOWED[function]
            denied.update((function, right) for right in missing)
        return ask(self, operation, request)

    monkeypatch.setattr(SharedConnection, "ask", noted)
    yield
    assert not denied, f"no policy in .chalice allows {sorted(denied)}"


@pytest.fixture
def story(database: str) -> Iterator[Story]:
    """A regency with everybody on duty; no message may be left unexpected at its end."""
    told = Story()
    told.empty()
    told.seed()
    yield told
    told.finish()
