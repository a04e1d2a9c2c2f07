"""What waits for somebody stands beside the pages: counted once a minute for all, and costing a page nothing of its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from chalicelib.models import heartbeats, incidents
from chalicelib.models.heartbeats import Heartbeat
from tests.world.harness import Story


def board(story: Story, as_: str) -> Any:
    return story.http("GET", "/api/incidents", query={"state": "open"}, as_=as_).body


def asked_for_a_correction(story: Story) -> None:
    fire = story.call("theft")["incident"]
    crew = fire["assignments"][0] if fire["assignments"] else None
    if crew is None:
        fire = story.call("childbirth")["incident"]
        crew = fire["assignments"][0]
        story.phone("citra").expects("Melahirkan")
    path = f"/api/incidents/{fire['id']}/assignments/{crew['id']}"
    story.desk("POST", f"{path}/status", {"status": "acknowledged"})
    asked = {"reason": "Salah", "times": {"acknowledged": story.clock.now()}}
    story.desk("POST", f"{path}/correction-requests", asked, expect=201)


def test_whoever_may_see_to_it_sees_how_much_waits(story: Story) -> None:
    asked_for_a_correction(story)
    assert board(story, "supervisor")["waiting"] is None
    story.send_notices()
    story.clock.advance(20)
    assert board(story, "supervisor")["waiting"] == {"corrections": 1, "sms": 0}
    # An operator decides none of them.
    assert board(story, "operator")["waiting"] == {"corrections": 0, "sms": 0}
    assert board(story, "damkar_admin")["waiting"] == {"corrections": 0, "sms": 0}


def test_counts_that_nobody_renews_say_nothing(story: Story) -> None:
    story.send_notices()
    story.clock.advance(20)
    assert board(story, "operator")["waiting"] is not None
    story.clock.advance(700)
    assert board(story, "operator")["waiting"] is None


def test_it_is_read_along_with_what_every_page_asks_anyway(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.send_notices()
    asked: list[list[str]] = []
    read = heartbeats.heartbeats

    def noted(names: Iterable[str]) -> dict[str, Heartbeat]:
        asked.append(list(names))
        return read(asked[-1])

    monkeypatch.setattr(heartbeats, "heartbeats", noted)
    for _ in range(5):
        board(story, "operator")
    assert asked == [["sweep", "waiting", "left"]]


def test_what_cannot_be_counted_fails_nothing_else(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> Any:
        raise ConnectionError("no answer")

    monkeypatch.setattr(incidents, "asked", fails)
    assert story.send_notices()["failed"] == 0


def test_the_board_says_when_an_sms_last_left_and_not_when_none_could(story: Story) -> None:
    story.provider.bars()
    story.call("childbirth")
    story.clock.advance(20)
    assert board(story, "operator")["left_at"] is None
    story.provider.comes_back()
    story.clock.advance(100)
    story.sweep()
    story.phone("citra").expects("Melahirkan")
    left = story.clock.now()
    story.clock.advance(20)
    assert board(story, "operator")["left_at"][:16] == left[:16]


def test_an_agencys_own_admin_is_told_whose_page_it_is(story: Story) -> None:
    assert story.http("GET", "/api/me", as_="damkar_admin").body["agency"] == "Damkar"
    assert story.http("GET", "/api/me", as_="operator").body["agency"] == ""
