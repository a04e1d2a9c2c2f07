"""What health says when something does not work."""

from __future__ import annotations

from typing import Any

import pytest
from pynamodb.exceptions import PutError

from chalicelib.handlers import events
from chalicelib.models.tables import RegistryItem
from tests.world.harness import Story


def health(story: Story) -> tuple[int, Any]:
    answer = story.http("GET", "/api/health")
    return answer.status, answer.body


def test_health_says_that_calls_cannot_be_taken_when_the_database_can_only_be_read(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.sweep()
    events.audit(story.world)

    def full(*_: object, **__: object) -> None:
        raise PutError("Failed to put item: the disk is full")

    monkeypatch.setattr(RegistryItem, "save", full)
    # A write of a moment ago is proof enough.
    assert health(story)[0] == 200
    story.clock.advance(2 * story.world.settings.sweep_every_s + 1)
    status, body = health(story)
    assert (status, body["status"]) == (503, "degraded")
    why = "the database takes no writes; is its disk full?"
    assert body["checks"]["database"] == {"ok": False, "detail": why}
    monkeypatch.undo()
    assert health(story)[0] == 200
