"""Rules tried by officers before anybody depends on them: in these stories nobody is ever paged for it."""

from __future__ import annotations

from typing import Any

from tests.world.drafts import draft_of
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
    broad = draft_of(story, "response-plans", "house_fire", id="any_fire", type_id=None, category="fire")
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


def test_whose_certificate_has_run_out_is_told_to_nobody_of_another_agency(story: Story) -> None:
    seen = {}
    for who in ("damkar_admin", "supervisor"):
        (boat,) = _tried(story, "drowning", as_=who)["needs"][0]["picks"]
        seen[who] = boat["warnings"]
    assert seen == {
        "damkar_admin": ["certification_missing:water_rescue"],
        "supervisor": ["certification_expired:water_rescue:fajar"],
    }


def test_what_is_not_known_is_refused_by_its_field(story: Story) -> None:
    for name, value in (("type", "meteor"), ("district", "atlantis")):
        answer = story.http(
            "GET",
            "/api/rules/try",
            as_="admin",
            query={"type": "house_fire", "district": "baamang", name: value},
        )
        assert (answer.status, list(answer.body["fields"])) == (422, [name])
