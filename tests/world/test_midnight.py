"""A day's change at midnight WIB, 17:00 UTC: the roster, the certifications and the lists of the day turn over there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec import to_builtins

from chalicelib.domain import times
from chalicelib.domain.registry import EscalationPolicy, EscalationStep, HeldCertification
from tests.support import regency
from tests.world.harness import Incident, Story

MIDNIGHT = "2026-11-23T17:00:00.000Z"
OLD, NEW = "2026-11-23", "2026-11-24"


@pytest.fixture
def story(database: str) -> Iterator[Story]:
    """Citra has the ambulance until midnight, Gita from then on; Dewi's shift crosses it, the others' end there."""
    told = Story(now=times.plus(MIDNIGHT, -3600))
    told.empty()
    shifts = {shift.id: shift for shift in (*regency.shifts(OLD), *regency.shifts(NEW))}  # type: ignore[attr-defined]
    after = shifts.pop(f"citra-{NEW}")
    changed = to_builtins(after) | {"id": f"gita-{NEW}", "person_id": "gita"}
    night = to_builtins(shifts.pop(f"dewi-{OLD}")) | {
        "starts_at": "2026-11-23T11:00:00Z",
        "ends_at": "2026-11-23T23:00:00Z",
    }
    del shifts[f"dewi-{NEW}"]
    kind = type(after)
    regency.load({**regency.nouns(), "shifts": [*shifts.values(), kind(**changed), kind(**night)]})
    yield told
    told.finish()


def at(story: Story, instant: str) -> None:
    """Let the clock stand at an instant; each look at it counts a millisecond on."""
    story.clock.advance((times.between(story.clock.now(), instant) or 0) - 0.001)


def policy(story: Story, *steps: tuple[int, str]) -> None:
    kept = EscalationPolicy(
        id="normal",
        label=regency.label("Biasa"),
        steps=[EscalationStep(after_s=wait, to=to) for wait, to in steps],  # type: ignore[arg-type]
        silence=regency.SILENCE,
    )
    story.desk("PUT", "/api/registry/escalation-policies/normal", to_builtins(kept), as_="admin")


def of_day(story: Story, day: str) -> list[str]:
    found = story.http("GET", "/api/incidents", as_="supervisor", query={"date": day}).body["incidents"]
    return [each["id"] for each in found]


def picked(story: Story) -> list[str]:
    query = {"type": "childbirth", "district": "baamang"}
    preview = story.http("GET", "/api/dispatch/preview", as_="operator", query=query).body
    return [person["id"] for pick in preview["picks"] for person in pick["people"]]


def test_a_call_in_the_days_last_second_pages_the_old_shift(story: Story) -> None:
    at(story, times.plus(MIDNIGHT, -1))
    incident: Incident = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan", "23:59")
    assert (of_day(story, OLD), of_day(story, NEW)) == ([incident["id"]], [])


def test_a_call_in_the_days_first_second_pages_the_new_shift(story: Story) -> None:
    at(story, MIDNIGHT)
    incident: Incident = story.call("childbirth")["incident"]
    story.phone("gita").expects("Melahirkan", "00:00")
    assert (of_day(story, OLD), of_day(story, NEW)) == ([], [incident["id"]])


def test_the_preview_changes_at_midnight_and_not_a_millisecond_off(story: Story) -> None:
    at(story, times.plus(MIDNIGHT, -0.1))
    assert picked(story) == ["citra"]
    at(story, MIDNIGHT)
    assert picked(story) == ["gita"]


def test_a_shift_over_midnight_is_on_duty_on_both_sides_and_not_after_its_end(story: Story) -> None:
    out = {"status": "NotAvailable", "reason": "no_fuel"}
    story.desk("POST", "/api/units/ambulans_1/status", out, as_="psc_admin")
    seen = {}
    for seconds in (-10, 10, 6 * 3600 - 1, 6 * 3600):
        at(story, times.plus(MIDNIGHT, seconds))
        seen[seconds] = picked(story)
    assert seen == {-10: ["dewi"], 10: ["dewi"], 6 * 3600 - 1: ["dewi"], 6 * 3600: []}


def test_an_escalation_after_midnight_asks_the_new_days_roster(story: Story) -> None:
    policy(story, (60, "on_duty"))
    at(story, times.plus(MIDNIGHT, -30))
    incident: Incident = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan")
    story.fast_forward(61, sweeping=False)
    story.phone("gita").expects("Melahirkan")
    story.phone("dewi").expects("Melahirkan")
    stage = next(e for e in story.incident(incident["id"])["timeline"] if e["type"] == "AssignmentEscalated")
    assert sorted(stage["data"]["people"]) == ["dewi", "gita"]


def test_a_crew_whose_shift_ended_at_midnight_may_still_answer_and_report(story: Story) -> None:
    at(story, times.plus(MIDNIGHT, -5))
    incident: Incident = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan")
    at(story, times.plus(MIDNIGHT, 5))
    for status in ("acknowledged", "en_route", "cleared"):
        assert story.phone("citra").taps(status).body["applied"] is True
    assert story.incident(incident["id"])["crews"][0]["status"] == "cleared"


def test_unable_after_midnight_sends_whom_the_new_day_has(story: Story) -> None:
    at(story, times.plus(MIDNIGHT, -5))
    story.call("childbirth")
    story.phone("citra").expects("Melahirkan")
    at(story, times.plus(MIDNIGHT, 5))
    story.phone("citra").taps("unable", "other_duty")
    story.phone("dewi").expects("Melahirkan")


def test_a_page_held_up_over_midnight_goes_to_whom_it_was_ordered_for(story: Story) -> None:
    at(story, times.plus(MIDNIGHT, -5))
    story.provider.goes_down()
    story.call("childbirth")
    at(story, times.plus(MIDNIGHT, 5))
    story.provider.comes_back()
    story.fast_forward(120)
    story.phone("citra").expects("Melahirkan", "23:59")


def call_of(story: Story, class_: str, received_at: str) -> dict[str, Any]:
    body = {"number": "", "channel": "phone", "class": class_, "received_at": received_at}
    taken: dict[str, Any] = story.desk("POST", "/api/calls", body, expect=201)
    return taken


def test_calls_stand_in_the_list_of_the_day_on_which_they_rang(story: Story) -> None:
    at(story, times.plus(MIDNIGHT, 20))
    last = call_of(story, "prank", times.plus(MIDNIGHT, -0.001))["call"]["id"]
    first = call_of(story, "ghost", MIDNIGHT)["call"]["id"]
    for day, expected in ((OLD, last), (NEW, first)):
        listed = story.http("GET", "/api/calls", as_="operator", query={"date": day}).body["calls"]
        assert [call["id"] for call in listed] == [expected]


def test_a_prank_logged_again_after_midnight_under_its_key_is_the_same(story: Story) -> None:
    at(story, times.plus(MIDNIGHT, -1))
    body = {"number": "", "channel": "phone", "class": "prank", "received_at": story.clock.now()}
    first = story.http("POST", "/api/calls", body, as_="operator", key="one")
    at(story, times.plus(MIDNIGHT, 1))
    again = story.http("POST", "/api/calls", body, as_="operator", key="one")
    assert again.body["call"] == first.body["call"]


def test_an_incident_that_rang_before_and_opened_after_midnight_is_of_the_day_of_its_opening(
    story: Story,
) -> None:
    at(story, times.plus(MIDNIGHT, 5))
    incident: Incident = story.call("childbirth")["incident"]  # The call came 30 s ago.
    story.phone("gita").expects("Melahirkan")
    assert incident["received_at"] < MIDNIGHT < incident["opened_at"]
    assert (of_day(story, OLD), of_day(story, NEW)) == ([], [incident["id"]])


def test_an_incident_over_midnight_stays_on_the_board_and_in_its_day(story: Story) -> None:
    at(story, times.plus(MIDNIGHT, -5))
    incident: Incident = story.call("theft")["incident"]
    at(story, times.plus(MIDNIGHT, 5))
    story.desk("POST", f"/api/incidents/{incident['id']}/notes", {"text": "masih"}, expect=201)
    board = story.http("GET", "/api/incidents", as_="operator").body["incidents"]
    assert [each["id"] for each in board] == [incident["id"]]
    story.desk("POST", f"/api/incidents/{incident['id']}/close", {"disposition": "done"})
    assert (of_day(story, OLD), of_day(story, NEW)) == ([incident["id"]], [])


def test_a_certification_holds_until_the_local_day_ends(story: Story) -> None:
    found = story.http("GET", "/api/registry/personnel/fajar", as_="admin").body
    found.pop("v")
    held = [to_builtins(HeldCertification("water_rescue", OLD))]
    story.desk("PUT", "/api/registry/personnel/fajar", {**found, "certifications": held}, as_="admin")
    query = {"type": "drowning", "district": "baamang"}
    warned = []
    for instant in (times.plus(MIDNIGHT, -1), MIDNIGHT):
        at(story, instant)
        preview = story.http("GET", "/api/dispatch/preview", as_="operator", query=query).body
        warned.append(preview["picks"][0]["warnings"])
    assert warned == [[], ["certification_expired:water_rescue:fajar"]]


def test_a_roster_that_nobody_wrote_for_the_new_day_is_a_shortfall_after_midnight(story: Story) -> None:
    at(story, times.plus(MIDNIGHT, 24 * 3600 - 1))
    assert picked(story) == ["gita"]
    at(story, times.plus(MIDNIGHT, 24 * 3600))
    assert picked(story) == []
    incident: Incident = story.call("childbirth")["incident"]
    assert incident["attention"][0]["detail"] == "medic:no_crew"
