"""Incidents marked as a drill: the whole flow, LATIHAN in all that leaves the house, and no unit kept from a real call."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.domain.registry import EscalationStep, SmsTemplate
from chalicelib.domain.units import UnitState
from chalicelib.models import registry_writes, unit_states
from infra.verify import verify
from tests.support import regency
from tests.support import regency as seeded
from tests.world.harness import Incident, Story


def alter(noun: str, id_: str, **fields: Any) -> None:
    """Change a thing of the registry behind the interface's back."""
    thing = next(each for each in regency.nouns()[noun] if each.id == id_)  # type: ignore[attr-defined]
    registry_writes.write(
        [(registry_writes.item_of(noun, replace(thing, **fields)), 1)], stamp=seeded.stamped()
    )


def test_every_message_of_a_drill_says_so_from_call_out_to_cancellation(story: Story) -> None:
    alter("escalation-policies", "normal", steps=[EscalationStep(after_s=120, to="on_duty")])
    drill = story.call("childbirth", drill=True)["incident"]
    story.phone("citra").expects("LATIHAN", "Melahirkan")
    story.fast_forward(150)
    story.phone("dewi").expects("LATIHAN", "Melahirkan")
    assert "LATIHAN" in story.phone("dewi").opens_link().text
    story.phone("citra").taps("unable", "no_fuel")
    story.phone("dewi").expects("LATIHAN", "Melahirkan")
    story.desk("POST", f"/api/incidents/{drill['id']}/cancel", {"reason": "Latihan selesai"})
    while story.phone("dewi").messages()[story.phone("dewi").seen :]:
        story.phone("dewi").expects("LATIHAN", "BATAL")
    assert all("LATIHAN" in sms.text for sms in story.provider.messages)


@pytest.mark.parametrize("kind", ["page", "cancelled"])
def test_a_template_that_forgets_the_drill_cannot_hide_it(story: Story, kind: str) -> None:
    bodies = {"page": "112 {type} {link}", "cancelled": "BATAL {label}"}
    body = SmsTemplate(id=f"{kind}_id", kind=kind, language="id", body=bodies[kind])  # type: ignore[arg-type]
    registry_writes.write([(registry_writes.item_of("sms-templates", body), 1)], stamp=seeded.stamped())
    drill = story.call("childbirth", drill=True)["incident"]
    story.phone("citra").expects("LATIHAN. ", "Melahirkan")
    story.desk("POST", f"/api/incidents/{drill['id']}/cancel", {"reason": "Latihan selesai"})
    story.phone("citra").expects("LATIHAN. ", "BATAL")
    story.call("childbirth")
    assert "LATIHAN" not in story.phone("citra").expects("Melahirkan")


def test_board_detail_and_neighbours_say_that_it_is_a_drill(story: Story) -> None:
    drill = story.call("childbirth", drill=True)["incident"]
    story.phone("citra").expects("LATIHAN")
    (row,) = story.http("GET", "/api/incidents", as_="operator").body["incidents"]
    assert row["drill"] is True and story.incident(drill["id"])["drill"] is True
    query = {"type": "childbirth", "district": "baamang"}
    near = story.http("GET", "/api/dispatch/preview", as_="operator", query=query).body["nearby"]
    assert [(each["id"], each["drill"]) for each in near] == [(drill["id"], True)]


# -- a real call beside a drill ----------------------------------------------------------------------------------------


def state(unit_id: str) -> UnitState:
    states, _ = unit_states.unit_states([unit_id])
    return states[unit_id]


def picks(story: Story) -> list[tuple[str, list[str]]]:
    query = {"type": "house_fire", "district": "baamang"}
    answer = story.http("GET", "/api/dispatch/preview", as_="operator", query=query)
    return [(pick["unit_id"], [each["id"] for each in pick["people"]]) for pick in answer.body["picks"]]


def drill_with_everybody_of_a_fire(story: Story) -> Incident:
    drill: Incident = story.call("house_fire", drill=True)["incident"]
    for each in ("andi", "citra", "eko"):
        story.phone(each).expects("LATIHAN")
    return drill


def test_a_real_call_takes_the_units_that_are_out_for_a_drill(story: Story) -> None:
    before = picks(story)
    drill = drill_with_everybody_of_a_fire(story)
    assert picks(story) == before
    fire = story.call("house_fire")["incident"]
    assert [(each["unit_id"], each["people"]) for each in fire["assignments"]] == before
    for each in ("andi", "citra", "eko"):
        assert "LATIHAN" not in story.phone(each).expects("Kebakaran rumah")
    assert (state("damkar_1").incident_id, state("damkar_1").drill) == (fire["id"], False)
    # The next real call finds them busy.
    assert [unit for unit, _ in picks(story)] == ["damkar_2", "ambulans_2"]
    story.phone("andi").taps("cleared")
    assert (state("damkar_1").incident_id, state("damkar_1").drill) == (drill["id"], True)
    assert verify(fire["id"])[1] == verify(drill["id"])[1] == []


def test_a_unit_without_fuel_that_goes_back_to_its_drill_is_taken_for_no_real_call(story: Story) -> None:
    drill = story.call("childbirth", drill=True)["incident"]
    story.phone("citra").expects("LATIHAN")
    story.call("childbirth", district="ketapang")
    story.phone("citra").expects("Melahirkan")
    story.phone("citra").taps("unable", "no_fuel")
    story.phone("dewi").expects("Melahirkan")
    assert (state("ambulans_1").incident_id, state("ambulans_1").reason) == (drill["id"], "no_fuel")
    third = story.call("childbirth")["incident"]
    assert third["crews"] == []
    shortfall = next(each for each in third["timeline"] if each["type"] == "DispatchShortfall")
    reasons = {each["unit_id"]: each["reason"] for each in shortfall["data"]["considered"]}
    assert reasons == {"ambulans_1": "not_available", "ambulans_2": "busy"}


def test_a_drill_takes_no_unit_that_is_out_for_anything(story: Story) -> None:
    drill_with_everybody_of_a_fire(story)
    second = story.call("house_fire", drill=True)["incident"]
    assert [each["unit_id"] for each in second["assignments"]] == ["damkar_2", "ambulans_2"]
    for each in ("budi", "dewi"):
        story.phone(each).expects("LATIHAN")


def test_a_crew_that_cannot_come_is_replaced_by_one_that_is_out_for_a_drill(story: Story) -> None:
    fire = story.call("house_fire", district="ketapang")["incident"]
    first = next(each for each in fire["assignments"] if each["agency_id"] == "damkar")
    for each in {person for every in fire["assignments"] for person in every["people"]}:
        story.phone(each).expects("Kebakaran rumah")
    story.call("house_fire", drill=True)
    other = "damkar_1" if first["unit_id"] == "damkar_2" else "damkar_2"
    assert state(other).drill is True
    for phone in (story.phone(each) for each in ("andi", "budi", "citra", "dewi")):
        while phone.messages()[phone.seen :]:
            phone.expects("LATIHAN")
    story.phone(first["people"][0]).taps("unable", "no_fuel")
    story.phone("andi" if other == "damkar_1" else "budi").expects("Kebakaran rumah")
    assert (state(other).incident_id, state(other).drill) == (fire["id"], False)


def test_a_dispatcher_sends_a_unit_away_from_a_drill_without_insisting(story: Story) -> None:
    drill_with_everybody_of_a_fire(story)
    theft = story.call("theft")["incident"]
    path = f"/api/incidents/{theft['id']}/assignments"
    sent = story.desk("POST", path, {"unit_id": "damkar_1"}, expect=201)
    assert sent["assignments"][0]["people"] == ["andi"]
    story.phone("andi").expects("Pencurian")


def test_an_escalation_finds_people_who_are_out_for_a_drill(story: Story) -> None:
    alter("escalation-policies", "normal", steps=[EscalationStep(after_s=120, to="on_duty")])
    birth = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan")
    story.call("childbirth", drill=True)
    story.phone("dewi").expects("LATIHAN")
    story.fast_forward(150)
    assert "LATIHAN" not in story.phone("dewi").expects("Melahirkan")
    assert story.incident(birth["id"])["assignments"][0]["paged"] == ["dewi"]
    # The drill looks for nobody who is out for real.
    story.phone("citra").expects_nothing()
