"""Sending: who is picked and why, who is missing, and what the dispatcher changes."""

from __future__ import annotations

import pytest

from tests.world.harness import Incident, Story


def _crews(incident: Incident) -> dict[str, str]:
    return {crew["unit_id"]: crew["status"] for crew in incident["crews"]}


def _fire(story: Story) -> Incident:
    incident: Incident = story.call("house_fire")["incident"]
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("Kebakaran rumah")
    return incident


def test_the_preview_says_who_would_go_and_sends_nobody(story: Story) -> None:
    query = {"type": "house_fire", "district": "baamang"}
    preview = story.http("GET", "/api/dispatch/preview", as_="operator", query=query).body
    assert [pick["unit_id"] for pick in preview["picks"]] == ["damkar_1", "ambulans_1", "polres_1"]
    assert preview["picks"][0]["reasons"] == ["nearest_fit"]
    assert preview["picks"][0]["people"][0]["name"] == "Andi"
    assert story.http("GET", "/api/incidents", as_="operator").body["incidents"] == []


def test_an_expired_certification_warns_and_still_sends(story: Story) -> None:
    taken = story.call("drowning")
    story.phone("fajar").expects("Tenggelam")
    assert taken["assignments"][0]["picked_for"] == [
        "nearest_fit",
        "certification_expired:water_rescue:fajar",
    ]


def test_a_certification_holds_to_the_end_of_its_last_local_day(story: Story) -> None:
    found = story.http("GET", "/api/registry/personnel/fajar", as_="admin").body
    found.pop("v")
    last_day = [{"certification_id": "water_rescue", "expires_on": "2026-11-23"}]
    story.desk("PUT", "/api/registry/personnel/fajar", {**found, "certifications": last_day}, as_="admin")
    query = {"type": "drowning", "district": "baamang"}

    def warnings() -> list[str]:
        (pick,) = story.http("GET", "/api/dispatch/preview", as_="operator", query=query).body["picks"]
        told: list[str] = pick["warnings"]
        return told

    story.clock.advance(13 * 3600)  # an hour to midnight WIB
    assert warnings() == []
    story.clock.advance(2 * 3600)  # the 24th here, in UTC still the 23rd
    assert warnings() == ["certification_expired:water_rescue:fajar"]


def test_busy_units_are_passed_over_and_a_shortfall_says_why(story: Story) -> None:
    _fire(story)
    second = story.call("house_fire", district="ketapang")
    story.phone("budi").expects("Kebakaran rumah")
    story.phone("dewi").expects("Kebakaran rumah")
    assert _crews(second["incident"]) == {"damkar_2": "requested", "ambulans_2": "requested"}
    assert second["incident"]["attention"][0]["detail"] == "police:busy"
    shortfall = next(e for e in second["incident"]["timeline"] if e["type"] == "DispatchShortfall")
    assert shortfall["data"]["considered"][0] == {
        "unit_id": "polres_1",
        "callsign": "POLRES-1",
        "agency_id": "polres",
        "reason": "busy",
    }


def test_an_incident_without_any_plan_is_opened_and_says_so(story: Story) -> None:
    incident = story.call("theft")["incident"]
    assert incident["crews"] == []
    assert incident["attention"][0]["detail"] == "plan:no_plan"


def test_a_second_alarm_sends_the_plans_next_level_once(story: Story) -> None:
    incident = _fire(story)
    path = f"/api/incidents/{incident['id']}/assignments"
    raised = story.desk("POST", path, {"alarm": 2}, expect=201)
    story.phone("budi").expects("Kebakaran rumah")
    story.phone("dewi").expects("Kebakaran rumah")
    assert raised["level"] == 2
    assert {"damkar_2", "ambulans_2"} < set(_crews(raised))
    assert story.http("POST", path, {"alarm": 2}, as_="operator", key="x").status == 409
    assert story.http("POST", path, {"alarm": 3}, as_="operator", key="y").status == 422


def test_an_alarm_sends_a_unit_again_that_was_there_and_is_free(story: Story) -> None:
    incident = _fire(story)
    story.phone("andi").taps("cleared")
    path = f"/api/incidents/{incident['id']}/assignments"
    story.desk("POST", path, {"alarm": 2}, expect=201)
    story.phone("andi").expects("Kebakaran rumah")
    story.phone("dewi").expects("Kebakaran rumah")


def test_a_busy_unit_goes_only_if_the_dispatcher_insists(story: Story) -> None:
    _fire(story)
    other = story.call("childbirth", district="ketapang")["incident"]
    story.phone("dewi").expects("Melahirkan")
    path = f"/api/incidents/{other['id']}/assignments"
    refused = story.http("POST", path, {"unit_id": "polres_1"}, as_="operator", key="x")
    assert (refused.status, refused.body["fields"]) == (409, {"unit_id": "busy"})
    story.desk("POST", path, {"unit_id": "polres_1", "insist": True}, expect=201)
    story.phone("eko").expects("Melahirkan")


def test_swapping_a_unit_cancels_the_old_crew_and_pages_the_new_one(story: Story) -> None:
    incident = _fire(story)
    old = incident["assignments"][0]["id"]
    path = f"/api/incidents/{incident['id']}/assignments"
    swapped = story.desk("POST", path, {"unit_id": "damkar_2", "instead_of": old}, expect=201)
    assert _crews(swapped)["damkar_1"] == "cancelled"
    assert _crews(swapped)["damkar_2"] == "requested"
    story.phone("andi").expects("BATAL")
    story.phone("budi").expects("Kebakaran rumah")


def test_a_cancelled_unit_is_told_and_free_again(story: Story) -> None:
    incident = _fire(story)
    aid = incident["assignments"][0]["id"]
    path = f"/api/incidents/{incident['id']}/assignments/{aid}/status"
    story.desk("POST", path, {"status": "cancelled"})
    story.phone("andi").expects("BATAL")
    states = story.http("GET", "/api/units/status", as_="operator").body["units"]
    assert next(each for each in states if each["unit_id"] == "damkar_1")["primary"] == "Available"


def test_a_unit_out_of_service_is_not_picked_until_it_is_back(story: Story) -> None:
    story.desk(
        "POST",
        "/api/units/damkar_1/status",
        {"status": "NotAvailable", "reason": "no_fuel"},
        as_="damkar_admin",
    )
    taken = story.call("house_fire")
    assert taken["assignments"][0]["unit_id"] == "damkar_2"
    for person in ("budi", "citra", "eko"):
        story.phone(person).expects("Kebakaran rumah")
    story.desk("POST", "/api/units/damkar_1/status", {"status": "Available"}, as_="damkar_admin")
    preview = story.http(
        "GET", "/api/dispatch/preview", as_="operator", query={"type": "house_fire", "district": "baamang"}
    ).body
    assert preview["picks"][0]["unit_id"] == "damkar_1"


@pytest.mark.parametrize("status", ["Available", "NotAvailable"])
def test_a_unit_that_is_out_is_neither_brought_back_nor_taken_out_of_service(
    story: Story, status: str
) -> None:
    incident = _fire(story)
    body = {"status": status, **({"reason": "no_fuel"} if status == "NotAvailable" else {})}
    refused = story.http("POST", "/api/units/damkar_1/status", body, as_="operator")
    assert (refused.status, refused.body["fields"]) == (409, {"unit_id": "on an assignment"})
    shown = story.http("GET", "/api/units/status", as_="operator").body["units"]
    (unit,) = [each for each in shown if each["unit_id"] == "damkar_1"]
    assert (unit["primary"], unit["incident_id"]) == ("NotAvailable", incident["id"])


def test_nobody_on_duty_sends_nobody_and_the_desk_sees_it(story: Story) -> None:
    story.clock.advance(5 * 24 * 3600)
    incident: Incident = story.call("childbirth")["incident"]
    assert incident["crews"] == []
    assert incident["attention"][0]["detail"] == "medic:no_crew"


def test_a_shortfall_is_off_the_board_once_the_dispatcher_has_sent_somebody(story: Story) -> None:
    _fire(story)
    second = story.call("house_fire", district="ketapang")["incident"]
    story.phone("budi").expects("Kebakaran rumah")
    story.phone("dewi").expects("Kebakaran rumah")
    assert len(second["attention"]) == 1
    path = f"/api/incidents/{second['id']}/assignments"
    sent = story.desk("POST", path, {"unit_id": "perahu_1"}, expect=201)
    story.phone("fajar").expects("Kebakaran rumah")
    assert sent["attention"] == []
