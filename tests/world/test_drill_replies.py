"""Paging drills answered by SMS, and what a reply may never be taken for."""

from __future__ import annotations

import pytest

from tests.world.harness import Story
from tests.world.provider import policy
from tests.world.test_drills import paged, person, show, start
from tests.world.test_replies import sms
from tests.world.test_replies import story as story  # a regency whose crews may answer by SMS


def code_of(story: Story, who: str) -> str:
    """The code in the newest message on somebody's phone, which is then read."""
    return story.phone(who).expects("Balas: ").partition("Balas: ")[2][:4]


@pytest.mark.parametrize("words", ["YA", "jalan", "TIDAK BBM"])
def test_a_reply_with_its_code_answers_the_drill_whatever_step_it_names(story: Story, words: str) -> None:
    drill = start(story)
    code = code_of(story, "andi")
    paged(story, "budi")
    assert sms(story, "andi", f"{code} {words}") == "applied"
    assert sms(story, "andi", f"{code} {words}") == "repeated"
    shown = show(story, drill)
    assert shown["tally"]["answered"] == 1
    assert person(shown, "andi")["answered_at"]
    assert story.incident(drill["id"])["assignments"][0]["status"] == "requested"


def test_a_reply_after_the_end_is_late(story: Story) -> None:
    drill = start(story, minutes=1)
    code = code_of(story, "andi")
    paged(story, "budi")
    story.fast_forward(120)
    assert sms(story, "andi", f"{code} YA") == "late"
    assert show(story, drill)["tally"]["late"] == 1


def test_whoever_answers_with_a_colleagues_code_counts_for_themselves_and_once(story: Story) -> None:
    drill = start(story)
    andis = code_of(story, "andi")
    budis = code_of(story, "budi")
    assert sms(story, "budi", f"{andis} YA") == "applied"
    assert sms(story, "budi", f"{budis} YA") == "repeated"
    shown = show(story, drill)
    assert person(shown, "budi")["answered_at"]
    assert person(shown, "andi")["answered_at"] is None
    assert shown["tally"]["answered"] == 1


def test_an_answer_of_somebody_who_was_not_paged_counts_for_nobody(story: Story) -> None:
    drill = start(story, "psc")
    code = code_of(story, "citra")
    paged(story, "dewi")
    assert sms(story, "gita", f"{code} YA") == "logged"
    assert show(story, drill)["tally"]["answered"] == 0


def test_yes_without_a_code_answers_the_drill_if_nothing_else_is_open(story: Story) -> None:
    drill = start(story)
    paged(story, "andi", "budi")
    assert sms(story, "andi", "ya") == "applied"
    assert person(show(story, drill), "andi")["answered_at"]


def test_yes_without_a_code_beside_a_real_call_out_is_no_answer_to_either(story: Story) -> None:
    drill = start(story)
    paged(story, "andi", "budi")
    fire = story.call("house_fire")["incident"]
    for each in ("andi", "citra", "eko"):
        story.phone(each).expects("Kebakaran rumah")
    assert sms(story, "andi", "ya") == "desk"
    whole = story.incident(fire["id"])
    assert whole["assignments"][0]["status"] == "requested"
    (mark,) = [each for each in whole["attention"] if each["code"] == "reply"]
    assert mark["proposal"] == "acknowledged"
    assert person(show(story, drill), "andi")["answered_at"] is None


def test_a_drill_after_a_real_call_out_is_no_likelier_for_an_unclear_reply(story: Story) -> None:
    fire = story.call("house_fire", district="ketapang")["incident"]
    for each in ("budi", "dewi", "citra", "eko"):
        if story.phone(each).messages():
            story.phone(each).expects("Kebakaran rumah")
    out = next(each for each in fire["assignments"] if each["agency_id"] == "damkar")["people"][0]
    start(story)
    paged(story, "andi" if out == "budi" else "budi")
    assert sms(story, out, "hujan deras di sini") == "desk"
    assert story.incident(fire["id"])["attention"]


def test_whom_an_escalation_has_asked_is_heard_at_the_incident_though_a_drill_has_paged_them_since(
    story: Story,
) -> None:
    policy(story, (60, "on_duty"))
    birth = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan")
    story.fast_forward(61, sweeping=False)
    story.phone("dewi").expects("Melahirkan")
    start(story, "psc")
    paged(story, "dewi")
    assert sms(story, "dewi", "hujan deras di sini") == "desk"
    assert [mark["code"] for mark in story.incident(birth["id"])["attention"]] == ["reply"]


def test_what_is_unclear_goes_to_the_list_that_the_desk_reads_and_marks_nothing(story: Story) -> None:
    drill = start(story)
    code = code_of(story, "andi")
    paged(story, "budi")
    assert sms(story, "andi", f"{code} tolong ada kecelakaan di simpang") == "logged"
    calls = story.http("GET", "/api/calls", as_="operator", query={"date": "2026-11-23"}).body["calls"]
    assert "kecelakaan di simpang" in calls[0]["note"]
    whole = story.incident(drill["id"])
    assert (whole["attention"], whole["notes"]) == ([], [])
    assert person(show(story, drill), "andi")["answered_at"] is None


def test_a_strangers_reply_with_a_code_answers_nothing(story: Story) -> None:
    drill = start(story)
    code = code_of(story, "andi")
    paged(story, "budi")
    assert sms(story, "citra", f"{code} YA") == "logged"
    assert show(story, drill)["tally"]["answered"] == 0
