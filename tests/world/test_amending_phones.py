"""Whose phone rings when an incident is amended: each once, whoever shares it, was asked for another, or waits in a burst."""

from __future__ import annotations

from collections import Counter

import pytest

from chalicelib.models import incidents
from infra.verify import verify
from tests.support import disaster
from tests.world.harness import Story
from tests.world.test_amending import amend, amendments, assignment, preview
from tests.world.test_big_incidents import CREW, UNITS, settled, unsettled, wildfire
from tests.world.test_cancelling import edit, fire
from tests.world.test_shared_phone import share


def test_who_is_called_with_two_crews_hears_once(story: Story) -> None:
    """Citra and Dewi of two ambulances have one phone."""
    share(story, "dewi", "citra")
    story.fast_forward(61)
    incident = fire(story)
    story.desk("POST", f"/api/incidents/{incident['id']}/assignments", {"unit_id": "ambulans_2"}, expect=201)
    story.phone("citra").expects("Kebakaran rumah")
    shown = preview(story, incident, landmark="Gang Mawar 7")
    assert (shown["sms"]["messages"], shown["sms"]["people"]) == (3, 3)
    amend(story, incident, landmark="Gang Mawar 7")
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("UBAH", "Gang Mawar 7")


def test_a_colleague_who_was_asked_hears_until_the_crew_has_answered_and_not_once_they_declined(
    story: Story,
) -> None:
    incident = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan")
    story.fast_forward(7201)
    story.phone("dewi").expects("Melahirkan")
    amend(story, incident, landmark="Gang Mawar 7")
    for person in ("citra", "dewi"):
        story.phone(person).expects("UBAH", "Gang Mawar 7")
    story.phone("dewi").taps("unable", "other_duty")
    amend(story, incident, landmark="Gang Melati 9")
    story.phone("citra").expects("UBAH", "Gang Melati 9")
    story.phone("citra").taps("acknowledged")
    amend(story, incident, landmark="Gang Kenanga 1")
    story.phone("citra").expects("UBAH", "Gang Kenanga 1")
    story.fast_forward(120)


def test_news_asks_nobody_and_holds_up_no_search(story: Story) -> None:
    incident = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan")
    before = story.incident(incident["id"])["assignments"][0]["due_at"]
    amend(story, incident, landmark="Gang Mawar 7")
    story.phone("citra").expects("UBAH")
    story.fast_forward(60)
    (crew,) = story.incident(incident["id"])["assignments"]
    assert (crew["due_at"], crew["step"]) == (before, 0)


def test_a_recalled_crew_that_was_told_before_is_called_off_once(story: Story) -> None:
    incident = fire(story)
    amend(story, incident, landmark="Gang Mawar 7")
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("UBAH")
    amend(story, incident, landmark="Gang Melati 9", recall=[assignment(story, incident, "polres_1")])
    story.phone("eko").expects("BATAL")
    for person in ("andi", "citra"):
        story.phone(person).expects("UBAH", "Gang Melati 9", "Semula di Gang Mawar 7")
    story.fast_forward(120)


@pytest.fixture
def crews(story: Story) -> list[str]:
    return disaster.muster(UNITS, CREW, story.clock.now())


def test_a_disaster_that_is_amended_while_it_is_being_ordered_reaches_each_phone_with_the_newest(
    story: Story, crews: list[str]
) -> None:
    unsettled(story)
    incident = wildfire(story)["incident"]
    amend(story, incident, landmark="Km 40")
    settled(story)
    story.fast_forward(900)
    last = {sms.number: sms.text for sms in story.provider.messages}
    assert set(last) == set(crews)
    assert all("Km 40" in text for text in last.values())
    assert set(Counter(sms.number for sms in story.provider.messages).values()) == {1}
    for number in crews:
        story.phone_of(number).expects("Km 40")
    assert len(amendments(story.incident(incident["id"]))) == 1
    assert verify(incident["id"])[1] == []
    assert incidents.load_state(incident["id"]).incident.unpaged == ()  # type: ignore[union-attr]


def test_units_that_the_old_plan_still_owed_are_not_sent_for_the_new_one(
    story: Story, crews: list[str]
) -> None:
    unsettled(story)
    incident = wildfire(story)["incident"]
    assert incident["being_ordered"]["units"]
    now = amend(story, incident, type="childbirth", tell=False)
    assert now["being_ordered"]["units"] == 0
    settled(story)
    story.fast_forward(900)
    sent = {each["unit_id"] for each in now["crews"]}
    assert {each["unit_id"] for each in story.incident(incident["id"])["crews"]} == sent
    for sms in list(story.provider.messages):
        story.phone_of(sms.number).expects()
    assert verify(incident["id"])[1] == []


def test_the_new_plans_policy_sets_the_clocks_of_those_who_are_still_asked(story: Story) -> None:
    """Its stages come sooner: nobody waits for the old plan's two hours."""
    quick = {
        "id": "quick",
        "label": {"id": "Cepat", "en": "Quick"},
        "steps": [{"after_s": 300, "to": "on_duty"}],
    }
    story.desk("POST", "/api/registry/escalation-policies", quick, as_="admin", expect=201)
    edit(story, "response-plans", "health", policy_id="quick")
    story.fast_forward(61)
    incident = fire(story)
    amend(story, incident, type="childbirth", tell=False)
    story.fast_forward(301)
    for person in ("budi", "dewi"):
        story.phone(person).expects("Melahirkan")
    assert story.incident(incident["id"])["plan"]["policy_id"] == "quick"
