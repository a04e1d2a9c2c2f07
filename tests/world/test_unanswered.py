"""An escalation tried to its end tells what a real incident does that nobody answers, minute by minute."""

from __future__ import annotations

from typing import Any

from chalicelib.domain import times
from tests.support import regency
from tests.world.harness import Story
from tests.world.provider import head, policy

SILENT = [{"priority": 1, "after_s": 90}]
FIRE = {"type": "house_fire", "district": "baamang"}
# An SMS leaves a moment after it is ordered, from which silence is counted.
MOMENT_S = 5

Told = tuple[int, str, str, str, tuple[str, ...]]


def _tried(story: Story, as_: str = "admin") -> list[dict[str, Any]]:
    answer = story.http("GET", "/api/rules/try", as_=as_, query=FIRE)
    assert answer.status == 200, answer.text
    turns: list[dict[str, Any]] = answer.body["turns"]
    return turns


def _lived(story: Story, incident: str) -> list[Told]:
    """What the trail of an incident tells of its crews' silence, to the nearest five seconds."""
    seen = story.incident(incident)
    opened = seen["opened_at"]
    found: list[Told] = []
    for event in seen["timeline"]:
        data = event["data"]
        after_s = round((times.between(opened, event["recorded_at"]) or 0) / MOMENT_S) * MOMENT_S
        if event["type"] == "UnitAssigned":
            kind = "beside" if data.get("because") == "silence" else "crew"
            found.append((after_s, kind, data["unit"], "", tuple(sorted(data["people"]))))
        if event["type"] == "AssignmentEscalated":
            kind = "desk" if data["to"] == "desk" else "stage"
            found.append((after_s, kind, data["unit"], data["to"], tuple(sorted(data["people"]))))
    return sorted(found)


def _told(turns: list[dict[str, Any]]) -> list[Told]:
    return sorted(
        (
            each["after_s"],
            each["kind"],
            each["unit_id"],
            each["to"],
            tuple(sorted(one["id"] for one in each["people"])),
        )
        for each in turns
        if each["kind"] != "nobody_beside"
    )


def test_what_is_told_is_what_an_incident_does_that_nobody_answers(story: Story) -> None:
    policy(story, (60, "on_duty"), (60, "backup"), (60, "head"), (60, "supervisor"), silence=SILENT, repeat=1)
    head(story, "psc", "gita")
    supervisor = story.http("GET", "/api/registry/accounts/sub-supervisor", as_="admin").body
    account = {**{name: each for name, each in supervisor.items() if name != "v"}, "person_id": "fajar"}
    path = "/api/registry/accounts/sub-supervisor"
    assert story.http("PUT", path, account, as_="admin").status == 200
    told = _told(_tried(story))

    incident = story.call("house_fire")["incident"]["id"]
    for _ in range(60):
        story.fast_forward(MOMENT_S, sweeping=False)
    for person in (*regency.PEOPLE, *regency.OFFICERS):
        story.phone(person).seen = len(story.phone(person).messages())
    lived = _lived(story, incident)
    # Gita and Fajar are asked once an incident, whichever crew's turn it is first.
    officers = [people for _, _, _, to, people in told if to in ("head", "supervisor")]
    assert sorted(officers) == [("fajar",), ("gita",)]
    assert ("beside", "damkar_2") in {(kind, unit) for _, kind, unit, _, _ in told}
    assert told == lived


def test_a_step_that_nobody_fills_is_told_apart_from_one_whose_people_were_paged_already(
    story: Story,
) -> None:
    policy(story, (60, "head"), (60, "on_duty"), silence=[])
    turns = [each for each in _tried(story) if each["kind"] != "crew"]
    pump = [each for each in turns if each["unit_id"] == "damkar_1"]
    # Nobody heads this agency: its step is passed over at once, and is told as empty.
    assert [(each["after_s"], each["to"], each["empty"], each["told"]) for each in pump] == [
        (60, "on_duty", ["head"], []),
        (120, "desk", [], []),
    ]
    police = [each for each in turns if each["unit_id"] == "polres_1"]
    # The only one on duty there is the crew itself.
    assert [(each["after_s"], each["to"], each["empty"], each["told"]) for each in police] == [
        (60, "desk", ["head"], ["on_duty"]),
    ]


def test_where_no_other_unit_is_fit_the_desk_is_told_of_the_silent_crew_at_once(story: Story) -> None:
    policy(story, (7200, "on_duty"), silence=[{"priority": 1, "after_s": 60}])
    found = [(each["unit_id"], each["after_s"]) for each in _tried(story) if each["kind"] == "nobody_beside"]
    assert found == [("polres_1", 60)]


def test_an_agency_reads_of_the_others_how_many_are_asked_and_not_who(story: Story) -> None:
    policy(story, (60, "on_duty"), silence=SILENT)
    turns = _tried(story, as_="damkar_admin")
    medic = next(each for each in turns if each["agency"] == "Psc")
    assert (medic["unit_id"], medic["callsign"], medic["people"], medic["others"]) == ("", "", [], 1)
    beside = [each for each in turns if each["kind"] == "beside"]
    assert {(each["agency"], each["beside"]) for each in beside} == {("Damkar", "DAMKAR-1"), ("Psc", "")}
