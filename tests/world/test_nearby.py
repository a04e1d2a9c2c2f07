"""What is offered as the same incident, also in a flood of calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

from pynamodb.connection import base

from chalicelib.models.open_incidents import LAG_S, STALE_S
from tests.world.harness import Story

PLACE = {"type": "theft", "district": "baamang"}


def offered(story: Story, type_: str = "theft") -> set[str]:
    query = {**PLACE, "type": type_}
    answer = story.http("GET", "/api/dispatch/preview", as_="operator", query=query)
    return {each["id"] for each in answer.body["nearby"]}


def read_of_index(work: Callable[[], Any]) -> int:
    """How many items of the index of open incidents were read."""
    read = 0
    really = base.Connection._make_api_call

    def note(self: base.Connection, operation: str, request: dict[str, Any]) -> Any:
        nonlocal read
        answer = really(self, operation, request)
        read += len(answer["Items"]) if request.get("IndexName") == "open" else 0
        return answer

    with patch.object(base.Connection, "_make_api_call", note):
        work()
    return read


def test_in_a_flood_of_calls_each_reads_only_what_was_opened_lately(story: Story) -> None:
    story.wakeups.lost = True
    for _ in range(30):
        story.call("theft")
    story.fast_forward(LAG_S + 1, sweeping=False)
    assert read_of_index(lambda: story.call("theft")) == 31
    assert read_of_index(lambda: story.call("theft")) == 2


def test_an_incident_is_offered_to_the_very_next_call(story: Story) -> None:
    assert offered(story) == set()
    first = story.call("theft")["incident"]["id"]
    second = story.call("theft")["incident"]["id"]
    assert offered(story) == {first, second}


def test_an_incident_that_ended_is_offered_for_ten_seconds_at_most(story: Story) -> None:
    ended, stays = (story.call("theft")["incident"]["id"] for _ in range(2))
    story.fast_forward(LAG_S + STALE_S)
    assert offered(story) == {ended, stays}
    story.desk("POST", f"/api/incidents/{ended}/cancel", {"reason": "Laporan ganda"})
    story.fast_forward(STALE_S)
    assert offered(story) == {stays}


def test_a_clock_that_was_set_back_makes_a_process_read_all_again(story: Story) -> None:
    first = story.call("theft")["incident"]["id"]
    assert offered(story) == {first}
    story.clock.step(-60)
    assert read_of_index(lambda: offered(story)) == 1


def test_only_what_may_be_the_same_is_offered_and_not_whatever_is_of_one_category(story: Story) -> None:
    def type_(id_: str, category: str, **more: Any) -> None:
        new = {"id": id_, "category": category, "label": {"id": id_, "en": id_}, **more}
        assert story.http("POST", "/api/registry/incident-types", new, as_="admin").status == 201

    type_("snake_bite", "health")
    type_("robbery", "security", like=["theft"])
    type_("something", "other", catch_all=True)
    story.wakeups.lost = True
    birth, theft = (story.call(each)["incident"]["id"] for each in ("childbirth", "theft"))
    assert offered(story, "snake_bite") == set()
    assert offered(story, "robbery") == {theft}
    assert offered(story, "something") == {birth, theft}
    robbery, something = (story.call(each)["incident"]["id"] for each in ("robbery", "something"))
    assert offered(story, "theft") == {theft, robbery, something}
    assert offered(story, "childbirth") == {birth, something}
