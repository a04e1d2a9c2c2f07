"""Rules tried by officers before anybody depends on them: in these stories nobody is ever paged for it."""

from __future__ import annotations

from typing import Any

from tests.world.harness import Story

LATER = "2026-11-23T18:30:00+07:00"


def _tried(story: Story, type_: str, as_: str = "admin", **more: str) -> dict[str, Any]:
    query = {"type": type_, "district": "baamang", **more}
    found: dict[str, Any] = story.http("GET", "/api/rules/try", as_=as_, query=query).body
    return found


def _needs(found: dict[str, Any]) -> dict[str, list[str]]:
    return {each["need"]["id"]: [pick["unit_id"] for pick in each["picks"]] for each in found["needs"]}


def _others(found: dict[str, Any], need: str) -> list[tuple[str, str]]:
    answered = next(each for each in found["needs"] if each["need"]["id"] == need)
    return [(each["unit_id"], each["why"]) for each in answered["others"]]


def _draft(story: Story, noun: str, id_: str, **changed: Any) -> dict[str, Any]:
    thing: dict[str, Any] = story.http("GET", f"/api/registry/{noun}/{id_}", as_="admin").body
    return {**{name: each for name, each in thing.items() if name != "v"}, **changed}


def _effect(story: Story, noun: str, draft: dict[str, Any], **query: str) -> dict[str, Any]:
    answer = story.http("POST", f"/api/registry/{noun}/{draft['id']}/effect", draft, as_="admin", query=query)
    assert answer.status == 200, answer.text
    found: dict[str, Any] = answer.body
    return found


def test_rules_tried_say_who_goes_at_each_level_and_why_nobody_else_does(story: Story) -> None:
    found = _tried(story, "house_fire")
    assert (found["plan"]["id"], found["policy"]["id"], found["by_states"]) == ("house_fire", "normal", True)
    assert _needs(found) == {
        "pump": ["damkar_1"],
        "medic": ["ambulans_1"],
        "police": ["polres_1"],
        "pump2": ["damkar_2"],
        "medic2": ["ambulans_2"],
    }
    assert _others(found, "pump") == [("damkar_2", "farther")]
    assert _others(found, "pump2") == [("damkar_1", "already_sent")]
    pump = found["needs"][0]["picks"][0]
    assert [each["name"] for each in pump["people"]] == ["Andi"]
    assert "phone" not in pump["people"][0]


def test_the_stages_are_those_that_a_silent_crew_would_bring_about(story: Story) -> None:
    medic = _tried(story, "childbirth")["needs"][0]["picks"][0]
    # Nobody else is asked before Dewi, who is on duty with the other ambulance; then it is the desk's turn.
    assert [
        (each["after_s"], each["to"], [one["name"] for one in each["people"]]) for each in medic["stages"]
    ] == [
        (7200, "on_duty", ["Dewi"]),
        (14400, "desk", []),
    ]


def test_what_the_units_do_counts_now_and_not_at_another_time(story: Story) -> None:
    story.call("house_fire")
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("Kebakaran rumah")
    busy = _tried(story, "house_fire")
    assert _needs(busy)["pump"] == ["damkar_2"]
    assert _others(busy, "pump") == [("damkar_1", "busy")]
    assert _needs(busy)["police"] == []
    assert [(each["need"]["id"], each["missing"], each["why"]) for each in busy["needs"]][2] == (
        "police",
        1,
        "busy",
    )
    later = _tried(story, "house_fire", at=LATER)
    assert (_needs(later)["pump"], later["by_states"]) == (["damkar_1"], False)


def test_the_plans_that_fit_as_well_are_named_with_what_they_lack(story: Story) -> None:
    broad = _draft(story, "response-plans", "house_fire", id="any_fire", type_id=None, category="fire")
    assert story.http("POST", "/api/registry/response-plans", broad, as_="admin").status == 201
    found = _tried(story, "house_fire")
    assert [(each["id"], each["why"]) for each in found["passed_over"]] == [("any_fire", "whole_category")]


def test_a_type_without_a_plan_says_that_nobody_is_sent(story: Story) -> None:
    found = _tried(story, "theft")
    assert (found["plan"], found["needs"]) == (None, [])


def test_an_agency_reads_the_names_of_its_own_alone(story: Story) -> None:
    found = _tried(story, "house_fire", as_="damkar_admin")
    pump, medic = (found["needs"][at]["picks"][0] for at in (0, 1))
    assert ([each["name"] for each in pump["people"]], pump["others"]) == (["Andi"], 0)
    assert (medic["people"], medic["others"], medic["agency"]) == ([], 1, "Psc")
    assert (medic["unit_id"], medic["callsign"], medic["unit"]) == ("", "", "")


def test_what_is_not_known_is_refused_by_its_field(story: Story) -> None:
    for name, value in (("type", "meteor"), ("district", "atlantis")):
        answer = story.http(
            "GET",
            "/api/rules/try",
            as_="admin",
            query={"type": "house_fire", "district": "baamang", name: value},
        )
        assert (answer.status, list(answer.body["fields"])) == (422, [name])


def test_a_boat_that_is_retired_leaves_the_drowning_unanswered_before_it_is_saved(story: Story) -> None:
    found = _effect(story, "units", _draft(story, "units", "perahu_1", retired=True))
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
    found = _effect(story, "stations", _draft(story, "stations", "pos_damkar_1", lat=-3.2))
    assert {(each["kind"], each["plan_id"]) for each in found["rows"]} == {("units", "house_fire")}
    assert found["depending"] == [{"noun": "units", "id": "damkar_1"}]


def test_somebody_who_leaves_a_crew_of_one_takes_the_unit_with_them(story: Story) -> None:
    found = _effect(story, "personnel", _draft(story, "personnel", "citra", retired=True))
    assert {each["kind"] for each in found["rows"]} == {"units"}
    assert found["rows"][0]["after"]["units"][0]["callsign"] == "AMBULANS-2"


def test_a_new_plan_is_tried_where_it_would_be_chosen(story: Story) -> None:
    draft = _draft(story, "response-plans", "house_fire", id="theft", type_id="theft")
    found = _effect(story, "response-plans", draft, district="ketapang")
    assert {(each["kind"], each["plan_id"], each["type"]) for each in found["rows"]} == {
        ("more", "theft", "theft")
    }
    assert found["rows"][0]["before"]["plan_id"] is None
    assert found["district"] == "ketapang"


def test_a_draft_that_changes_no_dispatch_says_so(story: Story) -> None:
    found = _effect(story, "units", _draft(story, "units", "damkar_1", name="Mobil pompa"))
    assert found["rows"] == []
    assert found["scenes"] == 3 * len(found["moments"])


def test_an_agency_tries_drafts_of_its_own_alone(story: Story) -> None:
    draft = _draft(story, "units", "damkar_1", retired=True)
    path = "/api/registry/units/damkar_1/effect"
    assert story.http("POST", path, draft, as_="psc_admin").status == 403
    taken = {**draft, "agency_id": "psc", "station_id": "pos_ambulans_1"}
    assert story.http("POST", path, taken, as_="psc_admin").status == 403
    assert story.http("POST", path, draft, as_="damkar_admin").status == 200
