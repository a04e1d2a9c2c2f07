"""Numbers of a past day's calls without an incident: seen by an admin alone, with a reason, and never unseen."""

from __future__ import annotations

from typing import Any

import pytest

from infra import verify
from tests.world.harness import Answer, Story
from tests.world.test_privacy import REASON, asks, erased, prank
from tests.world.test_retention import CALLER, NEIGHBOUR, passes

DAY = "2026-11-23"


def shows(story: Story, day: str = DAY, as_: str = "admin", **more: Any) -> Answer:
    return story.http("POST", "/api/privacy/calls", {"date": day, "reason": REASON, **more}, as_=as_)


def test_after_a_leak_the_callers_of_a_day_can_still_be_told(story: Story) -> None:
    prank(story)
    prank(story, NEIGHBOUR)
    story.clock.advance(25 * 3600)
    answer = shows(story)
    assert answer.status == 200, answer.text
    assert [(call["number"], call["class"], call["note"]) for call in answer.body["calls"]] == [
        (CALLER, "prank", "Tertawa"),
        (NEIGHBOUR, "prank", "Tertawa"),
    ]


def test_who_looked_at_which_day_and_why_is_recorded_in_the_chain(story: Story) -> None:
    prank(story)
    shows(story)
    answer = story.http("GET", "/api/privacy/records", as_="auditor")
    (record,) = answer.body["records"]
    assert (record["action"], record["subject"]) == ("day_shown", DAY)
    assert (record["by_name"], record["reason"]) == ("Admin", REASON)
    assert answer.body["chain"] == {"ok": True, "length": 1} and verify.main([]) == 0


@pytest.mark.parametrize("as_", ["operator", "supervisor", "leader", "auditor", "damkar_admin"])
def test_nobody_else_sees_a_past_days_numbers(story: Story, as_: str) -> None:
    assert shows(story, as_=as_).status == 403


def test_a_reason_is_needed(story: Story) -> None:
    refused = shows(story, reason="")
    assert refused.status == 400 and "reason" in refused.body["fields"]
    assert asks(story, "access").body["records"][-1]["action"] == "looked_up"


def test_what_was_erased_is_not_shown(story: Story) -> None:
    prank(story)
    prank(story, NEIGHBOUR)
    erased(story)
    assert [call["number"] for call in shows(story).body["calls"]] == [NEIGHBOUR]
    passes(story, 91)
    assert shows(story).body["calls"] == []
