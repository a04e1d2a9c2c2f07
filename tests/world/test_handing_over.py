"""An operator must leave in mid-call: the draft goes to a colleague by name, is taken once, and is gone after an hour."""

from __future__ import annotations

import json
from itertools import count
from typing import Any

from chalicelib.models import erasing
from chalicelib.models.tables import KeyItem
from tests.world.harness import Answer, Story

KEYS = count()
DRAFT = json.dumps(
    {"key": "k1", "number": "0852-0000-0042", "landmark": "setelah jembatan", "priority": None}
)


def gives(
    story: Story, to: str = "sub-operator2", draft: Any = DRAFT, as_: str = "operator", key: str = ""
) -> Answer:
    body = {"to": to, "draft": draft}
    return story.http("POST", "/api/handovers", body, as_=as_, key=key or f"key-{next(KEYS)}")


def waits(story: Story, as_: str = "operator2", **query: str) -> list[dict[str, Any]]:
    answer = story.http("GET", "/api/handovers", query=query, as_=as_)
    assert answer.status == 200, answer.text
    found: list[dict[str, Any]] = answer.body["handovers"]
    return found


def takes(story: Story, handover: dict[str, Any], as_: str = "operator2") -> Answer:
    return story.http("POST", f"/api/handovers/{handover['to']}/{handover['id']}/take", {}, as_=as_)


def test_a_draft_goes_to_a_colleague_by_name_and_comes_out_as_it_went_in(story: Story) -> None:
    named = story.http("GET", "/api/handovers/colleagues", as_="operator").body["colleagues"]
    assert {"id": "sub-operator2", "name": "Operator2"} in named
    assert "sub-operator" not in {each["id"] for each in named}
    given = gives(story)
    assert given.status == 201 and given.body["draft"] is None
    (waiting,) = waits(story)
    assert (waiting["by_name"], waiting["draft"]) == ("Operator", DRAFT)
    taken = takes(story, waiting)
    assert taken.status == 200 and taken.body["draft"] == DRAFT
    assert waits(story) == []
    (mine,) = waits(story, "operator", to="sub-operator2")
    assert (mine["taken_by_name"], mine["draft"]) == ("Operator2", None)


def test_taken_twice_by_one_is_the_same_and_by_another_is_refused(story: Story) -> None:
    given = gives(story).body
    first = takes(story, given)
    again = takes(story, given)
    assert again.body == first.body
    back = takes(story, given, "operator")
    assert back.status == 409 and back.body["faults"][0]["code"] == "handover_taken"
    assert takes(story, given, "supervisor").status == 404


def test_what_nobody_took_can_be_taken_back(story: Story) -> None:
    given = gives(story).body
    back = takes(story, given, "operator")
    assert back.body["draft"] == DRAFT
    late = takes(story, given)
    assert late.status == 409 and waits(story) == []


def test_a_repeated_request_lays_it_there_once(story: Story) -> None:
    assert gives(story, key="same").body["id"] == gives(story, key="same").body["id"]
    assert len(waits(story)) == 1
    assert gives(story, key="same", draft="{}").body["code"] == "idempotency_key_reused"


def test_three_wait_at_a_desk_and_a_fourth_is_refused_until_one_is_taken(story: Story) -> None:
    given = [gives(story).body for _ in range(3)]
    refused = gives(story)
    assert refused.status == 409 and refused.body["faults"][0]["code"] == "desk_full"
    takes(story, given[0])
    assert gives(story).status == 201


def test_after_an_hour_it_is_gone_and_its_words_are_erased(story: Story) -> None:
    given = gives(story).body
    story.clock.advance(3599)
    assert len(waits(story)) == 1
    story.clock.advance(2)
    assert waits(story) == [] and takes(story, given).status == 404
    story.clock.advance(5)
    erasing.forget_expired_keys(story.clock.now(), 1000)
    assert not any("jembatan" in item.result for item in KeyItem.scan())


def test_nobody_is_handed_a_call_who_takes_none(story: Story) -> None:
    for to in ("sub-leader", "sub-damkar_admin", "sub-operator", "nobody"):
        refused = gives(story, to=to)
        assert refused.status == 422 and refused.body["faults"][0]["code"] == "unknown_desk", to
    assert gives(story, draft="x" * 17000).status == 413
    assert gives(story, as_="leader").status == 403
