"""What a draft of the registry would change, told before it is saved: in these stories nothing is written for it."""

from __future__ import annotations

from typing import Any

from chalicelib.domain.times import local_day, plus
from tests.world.drafts import draft_of, effect_of
from tests.world.harness import Story


def _stages(side: dict[str, Any]) -> list[tuple[int, str, int]]:
    return [(each["after_s"], each["to"], each["people"]) for each in side["stages"]]


def test_a_boat_that_is_retired_leaves_the_drowning_unanswered_before_it_is_saved(story: Story) -> None:
    found = effect_of(story, "units", draft_of(story, "units", "perahu_1", retired=True))
    row = found["rows"][0]
    assert (row["kind"], row["plan_id"], row["type"]) == ("unanswered", "water", "drowning")
    assert [each["callsign"] for each in row["before"]["units"]] == ["PERAHU-1"]
    assert row["after"]["units"] == []
    assert row["after"]["missing"] == [{"need_id": "boat", "missing": 1, "reason": "no_unit"}]
    # Once for each moment that was tried, and of no other plan.
    assert {each["plan_id"] for each in found["rows"]} == {"water"}
    assert len(found["rows"]) == len(found["moments"])
    # Nothing was written.
    assert story.http("GET", "/api/registry/units/perahu_1", as_="admin").body["retired"] is False


def test_a_station_that_moves_away_has_the_other_unit_go_and_names_what_stands_there(story: Story) -> None:
    found = effect_of(story, "stations", draft_of(story, "stations", "pos_damkar_1", lat=-3.2))
    assert {(each["kind"], each["plan_id"]) for each in found["rows"]} == {("units", "house_fire")}
    assert found["depending"] == [{"noun": "units", "id": "damkar_1"}]


def test_somebody_who_leaves_a_crew_of_one_takes_the_unit_with_them(story: Story) -> None:
    found = effect_of(story, "personnel", draft_of(story, "personnel", "citra", retired=True))
    assert {each["kind"] for each in found["rows"]} == {"units"}
    assert found["rows"][0]["after"]["units"][0]["callsign"] == "AMBULANS-2"


def test_a_new_plan_is_tried_where_it_would_be_chosen(story: Story) -> None:
    draft = draft_of(story, "response-plans", "house_fire", id="theft", type_id="theft")
    found = effect_of(story, "response-plans", draft, district="ketapang")
    assert {(each["kind"], each["plan_id"], each["type"]) for each in found["rows"]} == {
        ("more", "theft", "theft")
    }
    assert found["rows"][0]["before"]["plan_id"] is None
    assert found["district"] == "ketapang"


def test_a_draft_that_changes_no_dispatch_says_so(story: Story) -> None:
    found = effect_of(story, "units", draft_of(story, "units", "damkar_1", name="Mobil pompa"))
    assert found["rows"] == []
    assert found["scenes"] == 3 * len(found["moments"])


def test_an_agency_tries_drafts_of_its_own_alone(story: Story) -> None:
    draft = draft_of(story, "units", "damkar_1", retired=True)
    path = "/api/registry/units/damkar_1/effect"
    assert story.http("POST", path, draft, as_="psc_admin").status == 403
    taken = {**draft, "agency_id": "psc", "station_id": "pos_ambulans_1"}
    assert story.http("POST", path, taken, as_="psc_admin").status == 403
    assert story.http("POST", path, draft, as_="damkar_admin").status == 200


def test_a_policy_that_asks_fewer_says_for_each_crew_who_is_asked_no_more(story: Story) -> None:
    policy = draft_of(story, "escalation-policies", "normal")
    later = effect_of(
        story, "escalation-policies", {**policy, "steps": [{**policy["steps"][0], "after_s": 600}]}
    )
    rows = [each for each in later["rows"] if each["plan_id"] == "health"]
    assert {each["kind"] for each in later["rows"]} == {"stages"}
    assert (_stages(rows[0]["before"]), _stages(rows[0]["after"])) == (
        [(7200, "on_duty", 1), (14400, "desk", 0)],
        [(600, "on_duty", 1), (1200, "desk", 0)],
    )
    assert [each["callsign"] for each in rows[0]["before"]["units"]] == ["AMBULANS-1"]
    head = effect_of(
        story, "escalation-policies", {**policy, "steps": [{**policy["steps"][0], "to": "head"}]}
    )
    # Nobody is anybody's head here: the stage pages nobody, and is named as skipped.
    rows = [each for each in head["rows"] if each["plan_id"] == "health"]
    assert (rows[0]["kind"], rows[0]["after"]["stages"]) == (
        "unasked",
        [{"after_s": 7200, "to": "desk", "people": 0, "skipped": ["head"]}],
    )
    assert {each["id"] for each in head["depending"]} == {"house_fire", "water", "health"}


def test_a_phone_that_somebody_of_the_crew_has_already_is_asked_once(story: Story) -> None:
    citra = draft_of(story, "personnel", "citra")
    found = effect_of(story, "personnel", draft_of(story, "personnel", "dewi", phone=citra["phone"]))
    rows = {each["plan_id"]: each["kind"] for each in found["rows"]}
    assert rows == {"health": "unasked", "house_fire": "unasked"}


def test_a_certificate_that_ends_sooner_is_tried_on_the_day_after_it_has(story: Story) -> None:
    plan = draft_of(story, "response-plans", "water")
    plan["levels"][0]["needs"][0]["certifications"][0]["expired"] = "block"
    held = {"certification_id": "water_rescue", "expires_on": "2030-01-01"}
    for noun, id_, change in (
        ("response-plans", "water", plan),
        ("personnel", "fajar", draft_of(story, "personnel", "fajar", certifications=[held])),
    ):
        assert story.http("PUT", f"/api/registry/{noun}/{id_}", change, as_="admin").status == 200
    today = local_day(story.clock.now(), 7)
    ends = local_day(story.clock.now(), 7, 30)
    sooner = draft_of(story, "personnel", "fajar", certifications=[{**held, "expires_on": ends}])
    found = effect_of(story, "personnel", sooner)
    assert {(each["kind"], each["today"]) for each in found["rows"]} == {
        ("unanswered", local_day(story.clock.now(), 7, 31))
    }
    assert found["rows"][0]["after"]["missing"][0]["reason"] == "certification_blocked"
    over = draft_of(story, "personnel", "fajar", certifications=[{**held, "expires_on": "2026-01-01"}])
    assert today > "2026-01-01"
    assert "" in {each["today"] for each in effect_of(story, "personnel", over)["rows"]}


def test_a_district_whose_centre_moves_is_tried_itself(story: Story) -> None:
    found = effect_of(story, "districts", draft_of(story, "districts", "ketapang", lat=-2.72))
    assert found["district"] == "ketapang"
    assert {(each["kind"], each["district"]) for each in found["rows"]} == {("units", "ketapang")}
    assert {each["after"]["units"][0]["callsign"] for each in found["rows"]} == {"DAMKAR-2", "AMBULANS-2"}


def test_a_plan_that_is_removed_leaves_its_type_unanswered(story: Story) -> None:
    found = effect_of(story, "response-plans", draft_of(story, "response-plans", "water"), removed="true")
    assert {(each["kind"], each["plan_id"]) for each in found["rows"]} == {("unanswered", "water")}
    assert found["rows"][0]["after"]["plan_id"] is None


def test_a_duty_that_is_added_is_tried_when_it_begins(story: Story) -> None:
    starts = plus(story.clock.now(), 60 * 24 * 3600)
    duty = {
        "id": "extra",
        "agency_id": "airud",
        "person_id": "fajar",
        "unit_id": "perahu_1",
        "starts_at": starts,
        "ends_at": plus(starts, 8 * 3600),
    }
    found = effect_of(story, "shifts", duty)
    assert found["moments"] == [starts]
    assert [(each["kind"], each["type"]) for each in found["rows"]] == [("more", "drowning")]


def test_the_duties_and_open_incidents_of_a_thing_are_told_with_what_names_it(story: Story) -> None:
    incident = story.call("childbirth")["incident"]["id"]
    story.phone("citra").expects("Melahirkan")
    for noun, id_ in (
        ("units", "ambulans_1"),
        ("stations", "pos_ambulans_1"),
        ("personnel", "citra"),
        ("agencies", "psc"),
        ("incident-types", "childbirth"),
        ("districts", "baamang"),
        ("response-plans", "health"),
        ("escalation-policies", "normal"),
    ):
        found = effect_of(story, noun, draft_of(story, noun, id_))
        assert [each["id"] for each in found["incidents"]] == [incident], noun
    for noun, id_ in (("units", "ambulans_2"), ("personnel", "dewi"), ("response-plans", "house_fire")):
        assert effect_of(story, noun, draft_of(story, noun, id_))["incidents"] == [], noun
    citra = effect_of(story, "personnel", draft_of(story, "personnel", "citra"))
    assert citra["duties"] > 0
    assert citra["duties_until"] > story.clock.now()
    # Told once, not with each district that follows.
    again = effect_of(story, "personnel", draft_of(story, "personnel", "citra"), district="baamang")
    assert (again["incidents"], again["depending"], again["duties"]) == ([], [], 0)


def test_districts_asked_in_turn_tell_of_all_that_changes(story: Story) -> None:
    draft = draft_of(story, "units", "perahu_1", retired=True)
    told = [
        row
        for district in ("baamang", "ketapang")
        for row in effect_of(story, "units", draft, district=district)["rows"]
    ]
    assert {(each["kind"], each["district"]) for each in told} == {
        ("unanswered", "baamang"),
        ("unanswered", "ketapang"),
    }


def _refused(story: Story, noun: str, draft: dict[str, Any]) -> list[dict[str, Any]]:
    version = story.http("GET", f"/api/registry/{noun}/{draft['id']}", as_="admin").body["v"]
    answer = story.http(
        "PUT",
        f"/api/registry/{noun}/{draft['id']}",
        draft,
        as_="admin",
        headers={"If-Match": f'"{version}"'},
    )
    assert answer.status == 409, answer.text
    found: list[dict[str, Any]] = answer.body["faults"]
    return found


def test_what_needs_a_boat_stands_in_the_effect_as_saving_would_refuse_it(story: Story) -> None:
    draft = draft_of(story, "units", "perahu_1", retired=True)
    told = effect_of(story, "units", draft)["hindering"]
    assert {("response-plans/water", "no_unit")} <= {(each["about"], each["code"]) for each in told}
    assert told == _refused(story, "units", draft)
    # Told once, not with each district that follows; and a change that nothing depends on hinders nobody.
    assert effect_of(story, "units", draft, district="baamang")["hindering"] == []
    assert effect_of(story, "units", draft_of(story, "units", "perahu_1", name="Perahu"))["hindering"] == []


def test_what_stands_in_a_district_hinders_its_removal_before_it_is_asked_for(story: Story) -> None:
    draft = draft_of(story, "districts", "baamang")
    told = effect_of(story, "districts", draft, removed="true")["hindering"]
    answer = story.http("DELETE", "/api/registry/districts/baamang", as_="admin")
    assert answer.status == 409
    assert told
    assert told == [each for each in answer.body["faults"] if each["about"]]


def test_nobody_holds_so_many_certificates_that_trying_a_draft_keeps_the_desk_waiting(story: Story) -> None:
    held = [
        {"certification_id": "water_rescue", "expires_on": f"20{30 + n // 12}-{n % 12 + 1:02d}-01"}
        for n in range(41)
    ]
    draft = draft_of(story, "personnel", "andi", certifications=held)
    refused = story.http("POST", "/api/registry/personnel/andi/effect", draft, as_="damkar_admin")
    assert (refused.status, list(refused.body["fields"])) == (422, ["certifications"])
    draft["certifications"].pop()
    assert story.http("POST", "/api/registry/personnel/andi/effect", draft, as_="damkar_admin").status == 200
