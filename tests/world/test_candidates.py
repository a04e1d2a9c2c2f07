"""Choosing a unit: the desk is shown what the planner knows, in the planner's order, before anything is sent."""

from __future__ import annotations

from typing import Any

from tests.world.harness import Answer, Incident, Story
from tests.world.requests import watched
from tests.world.test_silent_crews import silent_birth


def _fire(story: Story, **more: Any) -> Incident:
    incident: Incident = story.call("house_fire", **more)["incident"]
    return incident


def _asked(story: Story, incident: Incident, **query: str) -> dict[str, Any]:
    answer = _look(story, incident, **query)
    assert answer.status == 200, answer.text
    found: dict[str, Any] = answer.body
    return found


def _look(story: Story, incident: Incident, tag: str = "", **query: str) -> Answer:
    path = f"/api/incidents/{incident['id']}/candidates"
    headers = {"if-none-match": tag} if tag else {}
    return story.http("GET", path, as_="operator", query=query, headers=headers)


def _units(listed: list[dict[str, Any]]) -> list[str]:
    return [each["unit_id"] for each in listed]


def _of(found: dict[str, Any], unit_id: str) -> dict[str, Any]:
    everybody: list[dict[str, Any]] = [*found["free"], *found["not_free"], *found["here"]]
    return next(each for each in everybody if each["unit_id"] == unit_id)


def _left(story: Story, *people: str) -> None:
    for person in people:
        story.phone(person).expects("Kebakaran rumah")


def test_the_best_is_first_and_says_how_far_it_is_and_who_would_go(story: Story) -> None:
    incident = _fire(story)
    _left(story, "andi", "citra", "eko")
    found = _asked(story, incident)
    assert _units(found["here"]) == ["damkar_1", "ambulans_1", "polres_1"]
    assert [(each["unit_id"], each["reason"]) for each in found["free"]] == [
        ("damkar_2", ""),
        ("ambulans_2", ""),
        ("perahu_1", "wrong_terrain"),
    ]
    best = found["free"][0]
    assert best["people"] == [{"id": "budi", "name": "Budi"}]
    assert best["distance_km"] > 0
    assert (best["need_id"], best["leaving"], best["here"], best["out_of_service"]) == (
        "pump",
        None,
        None,
        "",
    )
    assert found["not_free"] == []


def test_a_replaced_unit_is_not_offered_in_its_own_place_and_its_need_is_asked_first(story: Story) -> None:
    incident = _fire(story)
    _left(story, "andi", "citra", "eko")
    medic = next(each for each in incident["assignments"] if each["unit_id"] == "ambulans_1")
    found = _asked(story, incident, instead_of=medic["id"])
    assert found["needs"] == ["medic"]
    everybody = _units([*found["free"], *found["not_free"], *found["here"]])
    assert "ambulans_1" not in everybody
    assert [(each["unit_id"], each["reason"]) for each in found["free"]] == [
        ("ambulans_2", ""),
        # A fire engine is free, but nobody would send it as an ambulance.
        ("damkar_2", "agency_not_asked"),
        ("perahu_1", "wrong_terrain"),
    ]
    path = f"/api/incidents/{incident['id']}/assignments"
    best = found["free"][0]["unit_id"]
    story.desk("POST", path, {"unit_id": best, "instead_of": medic["id"]}, expect=201)
    story.phone("citra").expects("BATAL")
    _left(story, "dewi")


def test_a_busy_unit_stands_apart_with_what_it_would_leave_and_goes_only_if_the_desk_insists(
    story: Story,
) -> None:
    first = _fire(story)
    _left(story, "andi", "citra", "eko")
    story.phone("andi").taps("en_route")
    second = _fire(story, district="ketapang")
    _left(story, "budi", "dewi")
    found = _asked(story, second, need="pump")
    # Whom the need asks is first, the others follow by their distance.
    assert _units(found["not_free"]) == ["damkar_1", "polres_1", "ambulans_1"]
    busy = found["not_free"][0]
    crew = next(each for each in first["crews"] if each["unit_id"] == "damkar_1")
    assert busy["reason"] == "busy"
    assert busy["leaving"] == {
        "incident_id": first["id"],
        "assignment_id": crew["id"],
        "label": first["label"],
        "type": "house_fire",
        "priority": 1,
        "district": "baamang",
        "village": "",
        "drill": False,
        "status": "en_route",
    }
    assert busy["since"] == story.incident(first["id"])["assignments"][0]["milestones"]["en_route"]
    assert busy["people"] == [{"id": "andi", "name": "Andi"}]
    path = f"/api/incidents/{second['id']}/assignments"
    refused = story.http("POST", path, {"unit_id": "damkar_1"}, as_="operator", key="x")
    assert (refused.status, refused.body["fields"]) == (409, {"unit_id": "busy"})
    story.desk("POST", path, {"unit_id": "damkar_1", "insist": True}, expect=201)
    _left(story, "andi")
    assert _of(_asked(story, second), "damkar_1")["here"]["status"] == "requested"


def test_whom_it_shows_is_whom_it_pages(story: Story) -> None:
    incident = _fire(story)
    _left(story, "andi", "citra", "eko")
    shown = _of(_asked(story, incident), "damkar_2")["people"]
    path = f"/api/incidents/{incident['id']}/assignments"
    after = story.desk("POST", path, {"unit_id": "damkar_2"}, expect=201)
    _left(story, "budi")
    sent = next(each for each in after["assignments"] if each["unit_id"] == "damkar_2")
    assert [each["id"] for each in shown] == sent["people"]


def test_a_unit_out_of_service_says_why(story: Story) -> None:
    out = {"status": "NotAvailable", "reason": "no_fuel"}
    story.desk("POST", "/api/units/damkar_2/status", out, as_="damkar_admin")
    incident = _fire(story)
    _left(story, "andi", "citra", "eko")
    found = _asked(story, incident)
    assert _units(found["not_free"]) == ["damkar_2"]
    broken = found["not_free"][0]
    assert (broken["reason"], broken["out_of_service"], broken["leaving"]) == (
        "not_available",
        "no_fuel",
        None,
    )


def test_a_unit_with_nobody_on_duty_says_so(story: Story) -> None:
    query = {"agency_id": "damkar", "date": "2026-11-23"}
    for shift in story.http("GET", "/api/registry/shifts", as_="admin", query=query).body["items"]:
        if shift["person_id"] == "budi":
            gone = story.http("DELETE", f"/api/registry/shifts/{shift['id']}", as_="admin", query=query)
            assert gone.status == 200, gone.text
    incident = _fire(story)
    _left(story, "andi", "citra", "eko")
    alone = _of(_asked(story, incident, need="pump"), "damkar_2")
    assert (alone["reason"], alone["people"]) == ("no_crew", [])


def test_a_certificate_that_has_lapsed_is_warned_of_before_the_click(story: Story) -> None:
    incident = story.call("theft")["incident"]
    boat = _of(_asked(story, incident, need="boat"), "perahu_1")
    # A theft has no plan: the boat is asked for nothing but the terrain.
    assert (boat["reason"], boat["warnings"]) == ("wrong_terrain", [])
    drowning = story.call("drowning")
    story.phone("fajar").expects("Tenggelam")
    lost = drowning["assignments"][0]["id"]
    path = f"/api/incidents/{drowning['incident']['id']}/assignments/{lost}/status"
    story.desk("POST", path, {"status": "cancelled"})
    story.phone("fajar").expects("BATAL")
    boat = _of(_asked(story, drowning["incident"], need="boat"), "perahu_1")
    assert (boat["reason"], boat["warnings"]) == ("", ["certification_expired:water_rescue:fajar"])


def test_a_unit_that_could_not_come_stands_behind_the_fit_ones_with_what_it_said(story: Story) -> None:
    incident = _fire(story)
    _left(story, "andi", "citra", "eko")
    story.phone("andi").taps("unable", "other_duty")
    _left(story, "budi")
    found = _asked(story, incident, need="pump")
    lost = _of(found, "damkar_1")
    assert lost["reason"] == "already_sent"
    assert (lost["here"]["status"], lost["here"]["reason"]) == ("unable", "other_duty")
    assert "damkar_1" not in _units(found["here"])


def test_what_is_only_asked_beside_a_silent_crew_is_offered_without_insisting(story: Story) -> None:
    first = silent_birth(story)
    second = story.call("theft")["incident"]
    found = _asked(story, second)
    assert "ambulans_1" in _units(found["not_free"])
    taken = next(each for each in found["free"] if each["unit_id"] == "ambulans_2")
    assert (taken["reason"], taken["leaving"]["label"]) == ("", first["label"])
    fit = [each["unit_id"] for each in found["free"] if not each["reason"]]
    assert fit[-1] == "ambulans_2"
    path = f"/api/incidents/{second['id']}/assignments"
    story.desk("POST", path, {"unit_id": "ambulans_2"}, expect=201)
    story.phone("dewi").expects("Pencurian")
    story.phone("dewi").expects("BATAL")


def test_without_a_place_no_distance_is_told(story: Story) -> None:
    incident = _fire(story, district="")
    _left(story, "andi", "citra", "eko")
    found = _asked(story, incident)
    assert found["place_unknown"]
    assert {each["distance_km"] for each in [*found["free"], *found["here"]]} == {None}


def test_what_is_missing_comes_before_what_the_plan_asks_for_besides(story: Story) -> None:
    _fire(story)
    _left(story, "andi", "citra", "eko")
    second = _fire(story, district="ketapang")
    _left(story, "budi", "dewi")
    assert _asked(story, second)["needs"][0] == "police"


def test_a_look_asks_little_and_an_unchanged_one_is_not_answered_again(story: Story) -> None:
    first = _fire(story)
    _left(story, "andi", "citra", "eko")
    second = _fire(story, district="ketapang")
    _left(story, "budi", "dewi")
    _look(story, second)
    with watched() as used:
        seen = _look(story, second)
    # The registry's counters with all units' states; the incident; the incidents that busy units are out on.
    assert used.operations == ["Query", "GetItem", "BatchGetItem"]
    with watched() as used:
        _look(story, first, instead_of=first["assignments"][0]["id"])
    assert used.operations == ["Query", "BatchGetItem", "BatchGetItem"]
    story.clock.advance(60)
    assert _look(story, second, tag=seen.headers["ETag"]).status == 304
    story.phone("andi").taps("en_route")
    assert _look(story, second, tag=seen.headers["ETag"]).status == 200
