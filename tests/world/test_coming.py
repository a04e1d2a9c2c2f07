"""Who is coming now: whatever happened before, an open incident to which nobody is coming says so itself."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain import audit as rules
from chalicelib.errors import SmsRefused
from tests.support import regency
from tests.world.harness import Incident, Story
from tests.world.provider import birth, head, policy
from tests.world.test_auditing import _alter


def state(story: Story, incident: Incident, as_: str = "operator") -> tuple[str, bool]:
    """What the board says, which must be what the incident's own page says."""
    board = story.http("GET", "/api/incidents", as_=as_).body["incidents"]
    row = next(each for each in board if each["id"] == incident["id"])["coming"]
    assert row == story.incident(incident["id"], as_=as_)["coming"]
    return row["state"], row["alarm"]


def fire(story: Story) -> Incident:
    incident: Incident = story.call("house_fire")["incident"]
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("Kebakaran")
    return incident


def reports(story: Story, incident: Incident, status: str, crew: int = 0, reason: str = "") -> Any:
    path = f"/api/incidents/{incident['id']}/assignments/{incident['assignments'][crew]['id']}/status"
    return story.desk("POST", path, {"status": status, "reason": reason})


def refuse_all(story: Story) -> None:
    def refuse(sms: Any) -> None:
        raise SmsRefused("the number does not exist")

    story.provider.failing = refuse


# -- somebody is coming ------------------------------------------------------------------------------------------------


def test_a_crew_is_asked_then_coming_then_there_and_no_alarm_rings(story: Story) -> None:
    incident = birth(story)
    assert state(story, incident) == ("asked", False)
    for status in ("acknowledged", "en_route", "on_scene"):
        story.phone("citra").taps(status)
        assert state(story, incident) == (status, False)
    reports(story, incident, "ready")
    assert state(story, incident) == ("on_scene", False)


def test_one_crew_that_comes_is_enough_whatever_became_of_the_others(story: Story) -> None:
    incident = fire(story)
    reports(story, incident, "acknowledged", 1)
    reports(story, incident, "cancelled", 2)
    story.phone("eko").expects("BATAL")
    story.phone("andi").taps("unable", "no_fuel")
    story.phone("budi").expects("Kebakaran")
    story.phone("budi").taps("unable", "no_fuel")
    assert state(story, incident) == ("acknowledged", False)


# -- nobody is ---------------------------------------------------------------------------------------------------------


def test_a_fire_that_was_opened_again_with_every_crew_done_is_loud(story: Story) -> None:
    incident = fire(story)
    for crew in range(3):
        reports(story, incident, "cleared", crew)
    story.desk("POST", f"/api/incidents/{incident['id']}/close", {"disposition": "done"})
    story.fast_forward(600)
    assert story.incident(incident["id"])["coming"] is None
    opened = story.desk("POST", f"/api/incidents/{incident['id']}/reopen", {"reason": "Api menyala lagi"})
    assert state(story, incident) == ("done", True)
    # Nobody is coming since it burns again, not since its crews were done.
    assert opened["coming"]["since"] == opened["timeline"][-1]["recorded_at"]


def test_an_incident_whose_cancellation_was_a_mistake_is_loud(story: Story) -> None:
    incident = birth(story)
    story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Salah lapor"})
    story.phone("citra").expects("BATAL")
    story.desk("POST", f"/api/incidents/{incident['id']}/reopen", {"reason": "Bukan salah lapor"})
    assert state(story, incident) == ("gone", True)


def test_crews_that_are_all_done_are_loud_until_the_incident_is_closed_or_somebody_is_sent(
    story: Story,
) -> None:
    incident = birth(story)
    story.phone("citra").taps("on_scene")
    story.phone("citra").taps("cleared")
    assert state(story, incident) == ("done", True)
    story.desk("POST", f"/api/incidents/{incident['id']}/assignments", {"unit_id": "ambulans_2"})
    story.phone("dewi").expects("Melahirkan")
    assert state(story, incident) == ("asked", False)


@pytest.mark.parametrize("type_", ["theft", "drowning"])
def test_no_plan_and_no_fit_unit_are_loud_in_the_answer_to_the_call_itself(story: Story, type_: str) -> None:
    if type_ == "drowning":
        off = {"status": "NotAvailable", "reason": "no_fuel"}
        story.desk("POST", "/api/units/perahu_1/status", off)
    taken = story.call(type_)
    assert taken["incident"]["coming"]["state"] == "nobody"
    assert state(story, taken["incident"]) == ("nobody", True)


def test_the_last_crew_that_cannot_come_leaves_it_loud(story: Story) -> None:
    incident = birth(story)
    story.phone("citra").taps("unable", "no_fuel")
    story.phone("dewi").expects("Melahirkan")
    assert state(story, incident) == ("asked", False)
    story.phone("dewi").taps("unable", "no_fuel")
    assert state(story, incident) == ("gone", True)


def test_a_crew_that_the_desk_calls_off_leaves_it_loud(story: Story) -> None:
    incident = birth(story)
    reports(story, incident, "cancelled")
    story.phone("citra").expects("BATAL")
    assert state(story, incident) == ("gone", True)


def test_a_search_that_ended_without_an_answer_is_loud_until_somebody_answers(story: Story) -> None:
    policy(story, (60, "on_duty"))
    incident = birth(story)
    story.fast_forward(61)
    story.phone("dewi").expects("Melahirkan")
    assert state(story, incident) == ("asked", False)
    story.fast_forward(61)
    assert state(story, incident) == ("unanswered", True)
    story.phone("citra").taps("acknowledged")
    assert state(story, incident) == ("acknowledged", False)


def test_a_call_split_off_without_anybody_to_send_is_loud_and_its_old_incident_is_not(story: Story) -> None:
    incident = birth(story)
    call = {
        "number": "+6281234567891",
        "channel": "phone",
        "class": "emergency",
        "received_at": story.clock.now(),
        "incident_id": incident["id"],
    }
    joined = story.desk("POST", "/api/calls", call, expect=201)
    path = f"/api/incidents/{incident['id']}/calls/{joined['call']['id']}/split"
    split = story.desk("POST", path, {"incident": {"type": "theft", "location": {"district": "baamang"}}})
    assert state(story, split["incident"]) == ("nobody", True)
    assert state(story, incident) == ("asked", False)


def test_a_second_caller_who_is_joined_to_an_incident_without_crew_hears_of_it_at_the_desk(
    story: Story,
) -> None:
    incident = story.call("theft")["incident"]
    call = {"channel": "phone", "class": "emergency", "received_at": story.clock.now()}
    joined = story.desk("POST", "/api/calls", {**call, "incident_id": incident["id"]}, expect=201)
    assert joined["incident"]["coming"]["alarm"]


# -- asked on paper alone ----------------------------------------------------------------------------------------------


def test_a_crew_is_asked_only_once_its_sms_has_left_and_a_minute_without_one_is_loud(story: Story) -> None:
    story.provider.goes_down()
    incident = story.call("childbirth")["incident"]
    assert incident["coming"]["state"] == "asking"
    story.fast_forward(50)
    assert state(story, incident) == ("asking", False)
    story.fast_forward(11)
    assert state(story, incident) == ("unsent", True)
    story.provider.comes_back()
    story.fast_forward(120)
    story.phone("citra").expects("Melahirkan")
    assert state(story, incident) == ("asked", False)


def test_wakeups_that_were_lost_are_loud_after_a_minute_too(story: Story) -> None:
    story.wakeups.lost = True
    incident = story.call("childbirth")["incident"]
    story.fast_forward(61, sweeping=False)
    assert state(story, incident) == ("unsent", True)
    story.wakeups.lost = False
    story.sweep()
    story.phone("citra").expects("Melahirkan")
    assert state(story, incident) == ("asked", False)


def test_numbers_that_the_provider_refuses_have_asked_nobody(story: Story) -> None:
    policy(story, (600, "on_duty"), repeat=1)
    refuse_all(story)
    incident = story.call("childbirth")["incident"]
    story.fast_forward(5)
    # The second on duty was tried at once; the round is repeated in ten minutes.
    assert len(story.incident(incident["id"])["pages"]) == 2
    assert state(story, incident) == ("unreached", True)
    story.provider.comes_back()
    story.fast_forward(600)
    story.phone("citra").expects("Melahirkan")
    story.phone("dewi").expects("Melahirkan")
    assert state(story, incident) == ("asked", False)


def test_pages_refused_to_the_last_stage_end_as_unanswered(story: Story) -> None:
    refuse_all(story)
    incident = story.call("childbirth")["incident"]
    story.fast_forward(120)
    assert state(story, incident) == ("unanswered", True)


def test_one_of_two_phones_that_is_reached_is_enough_to_have_asked(story: Story) -> None:
    policy(story, (600, "on_duty"))
    story.provider.refuses(regency.number_of("citra"))
    incident = story.call("childbirth")["incident"]
    story.fast_forward(5)
    story.phone("dewi").expects("Melahirkan")
    assert state(story, incident) == ("asked", False)


def test_whom_the_search_asked_besides_and_who_declines_leaves_a_crew_that_nobody_reached(
    story: Story,
) -> None:
    policy(story, (600, "on_duty"), (600, "head"))
    head(story, "psc", "gita")
    story.provider.refuses(regency.number_of("citra"))
    incident = story.call("childbirth")["incident"]
    story.fast_forward(5)
    story.phone("dewi").expects("Melahirkan")
    assert state(story, incident) == ("asked", False)
    story.phone("dewi").taps("unable", "no_fuel")
    assert state(story, incident) == ("unreached", True)
    story.fast_forward(600)
    story.phone("gita").expects("Melahirkan")
    assert state(story, incident) == ("asked", False)
    story.phone("gita").taps("acknowledged")


def test_a_unit_that_is_sent_without_anybody_aboard_has_asked_nobody(story: Story) -> None:
    story.clock.advance(5 * 24 * 3600)
    incident = story.call("theft")["incident"]
    sent = story.desk("POST", f"/api/incidents/{incident['id']}/assignments", {"unit_id": "polres_1"})
    assert [crew["status"] for crew in sent["crews"]] == ["requested"]
    assert state(story, incident) == ("unreached", True)


# -- for whom it is not ------------------------------------------------------------------------------------------------


def test_an_agency_is_told_nothing_that_its_own_crews_alone_do_not_tell(story: Story) -> None:
    incident = fire(story)
    story.phone("andi").taps("unable", "no_fuel")
    story.phone("budi").expects("Kebakaran")
    story.phone("budi").taps("unable", "no_fuel")
    reports(story, incident, "cleared", 1)
    reports(story, incident, "cleared", 2)
    assert state(story, incident, "leader") == ("done", True)
    row = story.http("GET", "/api/incidents", as_="damkar_admin").body["incidents"][0]
    assert row["coming"] is None
    assert story.incident(incident["id"], as_="damkar_admin")["coming"] is None


def test_a_drill_says_the_same_of_itself_and_counts_as_nothing_for_the_auditor(story: Story) -> None:
    incident = story.call("theft", drill=True)["incident"]
    assert state(story, incident) == ("nobody", True)
    story.fast_forward(rules.UNCOVERED_S + 60)
    assert story.audit()["uncovered"] == 0


# -- the watchman ------------------------------------------------------------------------------------------------------


def test_the_auditor_writes_down_once_that_nobody_was_coming_for_long_and_that_it_was_settled(
    story: Story,
) -> None:
    incident = story.call("theft")["incident"]
    story.fast_forward(rules.UNCOVERED_S - 60)
    assert story.audit()["uncovered"] == 0
    story.fast_forward(120)
    for _ in range(2):
        # A note by somebody who looks on is no help on its way.
        story.desk("POST", f"/api/incidents/{incident['id']}/notes", {"text": "Masih menunggu"})
        assert story.audit()["uncovered"] == 1
    marks = [mark for mark in story.incident(incident["id"])["attention"] if mark["code"] == "audit"]
    assert [mark["detail"] for mark in marks] == ["nobody"]
    story.desk("POST", f"/api/incidents/{incident['id']}/assignments", {"unit_id": "polres_1"})
    story.phone("eko").expects("Pencurian")
    assert story.audit()["uncovered"] == 0
    assert story.events(incident["id"]).count("AuditMarked") == 2
    assert not [mark for mark in story.incident(incident["id"])["attention"] if mark["code"] == "audit"]


@pytest.mark.parametrize("shown", ["nobody", "ordered", "lost", ""])
def test_a_crew_that_is_shown_as_less_reached_than_it_is_is_put_right(story: Story, shown: str) -> None:
    incident = birth(story)
    # What a page did is told in the trail within seconds.
    story.fast_forward(60)
    crew = story.incident(incident["id"])["crews"][0]
    _alter(incident, "#", crews=[{**crew, "reach": shown}])
    assert story.audit()["repaired"] == 1
    assert state(story, incident) == ("asked", False)
    assert story.audit()["repaired"] == 0
