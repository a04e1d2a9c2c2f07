"""How many must answer: each person counts once, late ones too, and the desk's mark goes when there are enough."""

from __future__ import annotations

from typing import Any

from msgspec import to_builtins

from chalicelib.domain.registry import EscalationPolicy, EscalationStep
from tests.support import regency
from tests.world.harness import Incident, Story


def birth(story: Story, acknowledgements: int, repeat: int = 0) -> Incident:
    """A childbirth under a policy that asks Dewi after a minute and wants so many answers."""
    policy = EscalationPolicy(
        id="normal",
        label=regency.label("Biasa"),
        steps=[EscalationStep(after_s=60, to="on_duty")],
        acknowledgements=acknowledgements,
        repeat=repeat,
        silence=regency.SILENCE,
    )
    story.desk("PUT", "/api/registry/escalation-policies/normal", to_builtins(policy), as_="admin")
    incident: Incident = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan")
    return incident


def marks(story: Story, incident: Incident) -> list[Any]:
    return [mark["code"] for mark in story.incident(incident["id"])["attention"]]


def test_too_few_answers_at_the_end_tell_the_desk_and_a_late_one_takes_the_mark_away(story: Story) -> None:
    incident = birth(story, 2)
    story.phone("citra").taps("acknowledged")
    story.fast_forward(61, sweeping=False)
    story.phone("dewi").expects("Melahirkan")
    story.fast_forward(61, sweeping=False)
    assert marks(story, incident) == ["no_acknowledgement"]
    story.phone("dewi").taps("acknowledged")
    assert marks(story, incident) == []


def test_more_answers_wanted_than_there_are_people_ends_at_the_desk(story: Story) -> None:
    incident = birth(story, 5)
    story.phone("citra").taps("acknowledged")
    story.fast_forward(61)
    story.phone("dewi").expects("Melahirkan")
    story.phone("dewi").taps("acknowledged")
    story.fast_forward(61)
    assert marks(story, incident) == ["no_acknowledgement"]
    assert story.incident(incident["id"])["crews"][0]["status"] == "acknowledged"


def test_what_the_desk_heard_of_one_crew_counts_for_all_of_it(story: Story) -> None:
    incident = birth(story, 2)
    path = f"/api/incidents/{incident['id']}/assignments/{incident['assignments'][0]['id']}/status"
    story.desk("POST", path, {"status": "acknowledged"})
    story.fast_forward(600)
    assert marks(story, incident) == []


def test_four_taps_on_one_link_are_one_answer(story: Story) -> None:
    incident = birth(story, 2)
    for _ in range(3):
        story.phone("citra").taps("acknowledged")
    story.fast_forward(61)
    story.phone("dewi").expects("Melahirkan")
    story.phone("citra").taps("acknowledged")
    story.fast_forward(61)
    assert marks(story, incident) == ["no_acknowledgement"]


def test_a_crew_that_is_under_way_needs_no_second_answer(story: Story) -> None:
    incident = birth(story, 3)
    story.phone("citra").taps("acknowledged")
    story.phone("citra").taps("en_route")
    story.fast_forward(600)
    assert marks(story, incident) == []


def test_nobody_else_on_duty_brings_the_desk_at_once(story: Story) -> None:
    for day in ("2026-11-22", "2026-11-23", "2026-11-24"):
        shift = f"/api/registry/shifts/dewi-{day}"
        query = {"agency_id": "psc", "date": day}
        assert story.http("DELETE", shift, as_="admin", query=query).status == 200
    incident = birth(story, 1)
    story.fast_forward(61, sweeping=False)
    assert marks(story, incident) == ["no_acknowledgement"]
    stage = next(e for e in story.incident(incident["id"])["timeline"] if e["type"] == "AssignmentEscalated")
    assert (stage["data"]["to"], stage["data"]["skipped"]) == ("desk", ["on_duty"])


def test_one_answer_of_two_after_the_end_leaves_the_mark_on_the_desk(story: Story) -> None:
    incident = birth(story, 2)
    story.fast_forward(122, sweeping=False)
    story.phone("dewi").expects("Melahirkan")
    assert marks(story, incident) == ["no_acknowledgement"]
    story.phone("citra").taps("acknowledged")
    assert marks(story, incident) == ["no_acknowledgement"]
    story.phone("dewi").taps("acknowledged")
    assert marks(story, incident) == []


def test_who_has_answered_is_not_called_again_in_the_next_round(story: Story) -> None:
    incident = birth(story, 3, repeat=1)
    story.phone("citra").taps("acknowledged")
    story.fast_forward(61, sweeping=False)
    story.phone("dewi").expects("Melahirkan")
    story.phone("dewi").taps("acknowledged")
    story.fast_forward(300)
    story.phone("citra").expects_nothing()
    story.phone("dewi").expects_nothing()
    assert marks(story, incident) == ["no_acknowledgement"]
