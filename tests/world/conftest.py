"""Stories run on the embedded stack's DynamoDB."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.dynamo import dynamodb
from tests.world.harness import Story


@pytest.fixture(scope="session")
def database() -> Iterator[str]:
    with dynamodb() as endpoint:
        yield endpoint


@pytest.fixture
def story(database: str) -> Iterator[Story]:
    """A regency with everybody on duty; no message may be left unexpected at its end."""
    told = Story()
    told.empty()
    told.seed()
    yield told
    told.finish()
