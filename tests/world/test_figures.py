"""Figures that open: what was called is what was counted and what was left out, and each number shows its incidents."""

from __future__ import annotations

from typing import Any

from chalicelib.domain.registry import Label, Target
from tests.support import regency
from tests.world.harness import Answer, Story
from tests.world.test_reports import TODAY, lived

DAY = {"from": TODAY, "to": TODAY}


def asks(story: Story, what: str, as_: str = "leader", **query: str) -> Answer:
    return story.http("GET", f"/api/reports/{what}", as_=as_, query={**DAY, **query})


def figures(story: Story, **query: str) -> Any:
    answer = asks(story, "figures", **query)
    assert answer.status == 200, answer.text
    return answer.body


def behind(story: Story, **query: str) -> Any:
    answer = asks(story, "cases", **query)
    assert answer.status == 200, answer.text
    return answer.body


def targeted(story: Story) -> None:
    target = Target(id="fire", label=Label(id="Api", en="Fire"), agency_id="damkar", seconds=300, source="-")
    regency.load({"targets": [target]})


def test_a_fire_is_one_case_an_agency_and_each_number_opens_into_it(story: Story) -> None:
    targeted(story)
    incident = lived(story)
    found = figures(story)
    assert {each["key"]: (each["called"], each["left_out"]) for each in found["groups"]} == {
        "damkar": (1, {}),
        "polres": (1, {"no_on_scene": 1}),
        "psc": (1, {"unable": 1}),
    }
    assert (found["all"]["called"], found["all"]["counted"], found["all"]["late"]) == (3, 1, 1)
    assert (found["method"], found["gazettes_read"]) == (1, False)
    late = behind(story, key="damkar", number="late")
    assert [each["incident_id"] for each in late["cases"]] == [incident["id"]]
    assert late["cases"][0]["late"] and late["cases"][0]["target_s"] == 300
    unable = behind(story, key="psc", number="unable")["cases"]
    assert [(each["unit_id"], each["reason"], each["seconds"]) for each in unable] == [
        ("ambulans_1", "no_fuel", None)
    ]
    assert behind(story, number="called") == {"cases": behind(story)["cases"], "more": 0}
    assert behind(story, key="damkar", number="within")["cases"] == []


def test_what_an_older_release_counted_is_no_break_and_says_that_it_does_not_know_the_hour(
    story: Story,
) -> None:
    lived(story)
    assert [each["key"] for each in figures(story, by="priority")["groups"]] == ["1"]
    assert [each["called"] for each in figures(story, by="hour")["groups"]] == [3]
    assert [each["key"] for each in figures(story, by="unit")["groups"]] == [
        "ambulans_1",
        "damkar_1",
        "polres_1",
    ]
    assert figures(story, hours="night")["all"]["called"] + figures(story, hours="day")["all"]["called"] == 3


def test_an_agency_sees_its_own_cases_and_may_not_ask_for_anothers(story: Story) -> None:
    lived(story)
    own = asks(story, "figures", as_="damkar_admin")
    assert [each["key"] for each in own.body["groups"]] == ["damkar"]
    cases = asks(story, "cases", as_="damkar_admin", number="called").body["cases"]
    assert [each["agency_id"] for each in cases] == ["damkar"]
    assert asks(story, "figures", as_="damkar_admin", agency_id="psc").status == 403
    assert asks(story, "cases", as_="operator").status == 403


def test_days_that_cannot_be_reported_are_refused_by_their_field(story: Story) -> None:
    refused = story.http(
        "GET", "/api/reports/figures", as_="leader", query={"from": TODAY, "to": "2025-01-01"}
    )
    assert (refused.status, list(refused.body["fields"])) == (422, ["to"])
