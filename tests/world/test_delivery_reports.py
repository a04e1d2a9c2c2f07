"""Delivery reports: what a provider says of a message is shown, never taken for an answer, and sends for the next sooner."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from chalicelib.domain import times
from chalicelib.domain.registry import Person
from chalicelib.errors import SmsUnavailable
from chalicelib.gateways.sms import Sms
from infra.verify import verify
from tests.support import regency
from tests.world.harness import Incident, Story
from tests.world.provider import birth, head, marks, page_of, pages, policy, post, reports, set_up, versions


@pytest.fixture
def story(story: Story) -> Story:
    """A regency whose provider tells what became of each message."""
    return set_up(story)


# -- delivered ---------------------------------------------------------------------------------------------------------


def test_a_delivered_page_says_when_and_is_no_acknowledgement(story: Story) -> None:
    policy(story, (60, "on_duty"))
    incident = birth(story)
    said_at = story.clock.now()
    story.clock.advance(5)
    assert reports(story, "delivered", page_of(story, incident), at=said_at) == "applied"
    page = page_of(story, incident)
    assert (page["status"], page["delivered_at"], page["acknowledged_at"]) == ("delivered", said_at, None)
    assert story.incident(incident["id"])["crews"][0]["status"] == "requested"
    story.fast_forward(61, sweeping=False)
    story.phone("dewi").expects("Melahirkan")


def test_a_report_that_a_message_arrived_changes_its_page_alone(story: Story) -> None:
    incident = birth(story)
    before, events = versions(incident), story.events(incident["id"])
    page = page_of(story, incident)
    assert reports(story, "delivered", page) == "applied"
    assert versions(incident) == {**before, f"P#{page['id']}": before[f"P#{page['id']}"] + 1}
    assert story.events(incident["id"]) == events
    assert not story.wakeups.ripe()


@pytest.mark.parametrize("times_", [2, 10])
def test_the_same_report_many_times_changes_nothing(story: Story, times_: int) -> None:
    incident = birth(story)
    page = page_of(story, incident)
    results = [reports(story, "delivered", page) for _ in range(times_)]
    assert results == ["applied"] + ["repeated"] * (times_ - 1)
    kept, before = page_of(story, incident), versions(incident)
    assert [reports(story, outcome, page) for outcome in ("failed", "unreachable", "unknown")] == [
        "ignored"
    ] * 3
    assert (page_of(story, incident), versions(incident)) == (kept, before)


@pytest.mark.parametrize(("offset_s", "shown"), [(-86400, "sent"), (3600, "now")])
def test_a_provider_whose_clock_is_wrong_moves_no_time_beyond_what_is_known(
    story: Story, offset_s: int, shown: str
) -> None:
    incident = birth(story)
    story.clock.advance(10)
    before = story.clock.now()
    reports(story, "delivered", page_of(story, incident), at=times.plus(before, offset_s))
    page = page_of(story, incident)
    if shown == "sent":
        assert page["delivered_at"] == page["sent_at"]
    else:
        assert before <= page["delivered_at"] <= story.clock.now()


def test_a_page_that_arrived_before_its_sending_was_told_is_told_as_sent(story: Story) -> None:
    def provider(sms: Sms) -> None:
        # The phone has it while the provider still thinks about its answer to us.
        assert reports(story, "delivered", sms.page_id) == "applied"

    story.provider.failing = provider
    incident: Incident = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan")
    page = page_of(story, incident)
    assert (page["status"], [each["outcome"] for each in page["attempts"]]) == ("delivered", ["sent"])
    assert page["body"] and page["delivered_at"] <= page["sent_at"]
    assert story.events(incident["id"]).count("PagesSent") == 1


def test_a_page_that_arrived_although_nobody_wrote_down_that_it_left_is_not_sent_again(story: Story) -> None:
    def died(sms: Sms) -> None:
        story.provider.messages.append(sms)
        raise RuntimeError("the process died")

    story.provider.failing = died
    incident: Incident = story.call("childbirth")["incident"]
    story.provider.comes_back()
    assert reports(story, "delivered", page_of(story, incident)) == "applied"
    story.fast_forward(120)
    story.phone("citra").expects("Melahirkan")
    page = page_of(story, incident)
    assert (page["status"], page["attempts"][0]["detail"]) == ("delivered", "known by its delivery report")
    assert story.events(incident["id"]).count("PagesSent") == 1


def test_a_page_that_arrived_while_it_waits_for_its_next_try_is_not_sent_again(story: Story) -> None:
    def slow(sms: Sms) -> None:
        story.provider.messages.append(sms)
        raise SmsUnavailable("no answer in time")

    story.provider.failing = slow
    incident: Incident = story.call("childbirth")["incident"]
    story.provider.comes_back()
    assert reports(story, "delivered", page_of(story, incident)) == "applied"
    assert page_of(story, incident)["status"] == "delivered"
    story.fast_forward(120)
    story.phone("citra").expects("Melahirkan")


def test_a_page_that_never_left_is_sent_whatever_a_report_says(story: Story) -> None:
    def busy(sms: Sms) -> None:
        raise SmsUnavailable("429", may_be_taken=False)

    story.provider.failing = busy
    incident: Incident = story.call("childbirth")["incident"]
    assert reports(story, "delivered", page_of(story, incident)) == "ignored"
    story.provider.comes_back()
    story.fast_forward(60)
    story.phone("citra").expects("Melahirkan")


def test_a_cancellation_that_arrived_is_shown_too(story: Story) -> None:
    incident = birth(story)
    story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Salah lapor"})
    assert "/r/" not in story.phone("citra").expects("BATAL")
    assert reports(story, "delivered", page_of(story, incident)) == "applied"
    assert [each["status"] for each in pages(story, incident)] == ["sent", "delivered"]


# -- failed late, unreachable ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", ["failed", "unreachable"])
def test_a_message_that_fails_late_is_marked_and_the_next_is_paged_at_once(
    story: Story, outcome: str
) -> None:
    incident = birth(story)
    story.clock.advance(30)
    said = {"detail": "absent subscriber +62 811 000 102"}
    assert reports(story, outcome, page_of(story, incident), **said) == "applied"
    story.phone("dewi").expects("Melahirkan")
    page = page_of(story, incident)
    assert page["status"] == "failed"
    assert page["attempts"][-1]["detail"] == f"delivery report: {outcome}: absent subscriber +…"
    assert marks(story, incident) == ["page_failed"]
    seen = story.incident(incident["id"])
    told = next(each for each in seen["timeline"] if each["type"] == "PagesFailed")
    assert told["data"]["pages"][0]["page"] == page["id"]
    assert told["data"]["nobody_left"] == [seen["assignments"][0]["id"]]
    assert verify(incident["id"])[1] == []
    before = story.events(incident["id"])
    assert reports(story, outcome, page) == "repeated"
    story.fast_forward(300)
    assert story.events(incident["id"]) == before


def test_a_number_that_is_refused_at_once_sends_for_the_next_at_once(story: Story) -> None:
    story.provider.refuses(story.phone("citra").number)
    incident: Incident = story.call("childbirth")["incident"]
    story.phone("dewi").expects("Melahirkan")
    assert story.events(incident["id"]).count("AssignmentEscalated") == 1


def test_when_nobody_at_all_can_be_reached_the_desk_is_told_to_call_at_once(story: Story) -> None:
    story.provider.goes_down()
    policy(story, (600, "on_duty"), (600, "head"))
    head(story, "psc", "gita")
    incident: Incident = story.call("childbirth")["incident"]
    story.provider.comes_back()
    story.fast_forward(60)
    story.phone("citra").expects("Melahirkan")
    began = story.clock.now()
    for person in ("citra", "dewi", "gita"):
        assert reports(story, "failed", page_of(story, incident, person)) == "applied"
        if person != "gita":
            story.phone({"citra": "dewi", "dewi": "gita"}[person]).expects("Melahirkan")
    assert "no_acknowledgement" in marks(story, incident)
    assert story.incident(incident["id"])["crews"][0]["status"] == "unanswered"
    assert (times.between(began, story.clock.now()) or 0) < 1
    stages = [
        each["data"]["to"]
        for each in story.incident(incident["id"])["timeline"]
        if each["type"] == "AssignmentEscalated"
    ]
    assert stages == ["on_duty", "head", "desk"]


def test_as_long_as_one_of_the_stage_can_answer_the_others_wait(story: Story) -> None:
    policy(story, (600, "on_duty"), (600, "head"))
    head(story, "psc", "gita")
    hana_is_on_duty(story)
    incident = birth(story)
    story.fast_forward(601, sweeping=False)
    story.phone("dewi").expects("Melahirkan")
    story.phone_of(HANA).expects("Melahirkan")
    assert reports(story, "unreachable", page_of(story, incident, "dewi")) == "applied"
    # What becomes of an earlier stage's page says nothing of this one.
    assert reports(story, "failed", page_of(story, incident)) == "applied"
    story.phone("gita").expects_nothing()
    assert reports(story, "unreachable", page_of(story, incident, "hana")) == "applied"
    story.phone("gita").expects("Melahirkan")


HANA = "+62811000190"


def hana_is_on_duty(story: Story) -> None:
    """One more of the PSC, on the second ambulance."""
    shifts: list[Any] = regency.shifts(times.local_day(story.clock.now(), 7))
    with_dewi = next(each for each in shifts if each.person_id == "dewi")
    person = Person(id="hana", agency_id="psc", name="Hana", phone=HANA, demo=True)
    shift = msgspec.structs.replace(with_dewi, id="hana", person_id="hana")
    regency.load({"personnel": [person], "shifts": [shift]})


def test_a_second_acknowledgement_that_nobody_can_give_any_more_is_looked_for_at_once(story: Story) -> None:
    policy(story, (600, "on_duty"), (600, "head"), acknowledgements=2)
    head(story, "psc", "gita")
    hana_is_on_duty(story)
    incident = birth(story)
    story.fast_forward(601, sweeping=False)
    story.phone("dewi").expects("Melahirkan")
    story.phone_of(HANA).expects("Melahirkan")
    story.phone("dewi").taps("acknowledged")
    story.phone("gita").expects_nothing()
    reports(story, "failed", page_of(story, incident, "hana"))
    story.phone("gita").expects("Melahirkan")


def test_a_crew_that_answered_or_moved_is_not_looked_for_again_whatever_fails(story: Story) -> None:
    answered = birth(story)
    story.phone("citra").taps("acknowledged")
    assert reports(story, "failed", page_of(story, answered)) == "ignored"
    assert page_of(story, answered)["status"] == "sent"
    moved = story.call("house_fire")["incident"]
    for person in ("andi", "dewi", "eko"):
        story.phone(person).expects("Kebakaran")
    path = f"/api/incidents/{moved['id']}/assignments/{page_of(story, moved, 'andi')['assignment_id']}/status"
    story.desk("POST", path, {"status": "en_route"})
    assert reports(story, "failed", page_of(story, moved, "andi")) == "applied"
    assert page_of(story, moved, "andi")["status"] == "failed"
    assert marks(story, moved) == []
    story.phone("budi").expects_nothing()


def test_a_message_that_fails_before_its_sending_was_told_is_not_lost(story: Story) -> None:
    def provider(sms: Sms) -> None:
        story.provider.comes_back()
        assert reports(story, "unreachable", sms.page_id) == "applied"

    story.provider.failing = provider
    incident: Incident = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan")
    story.phone("dewi").expects("Melahirkan")
    page = page_of(story, incident)
    assert (page["status"], [each["outcome"] for each in page["attempts"]]) == ("failed", ["sent", "failed"])
    assert "PagesFailed" in story.events(incident["id"])


def test_a_message_that_fails_while_the_next_try_waits_is_tried_all_the_same(story: Story) -> None:
    story.provider.goes_down()
    incident: Incident = story.call("childbirth")["incident"]
    assert reports(story, "failed", page_of(story, incident)) == "ignored"
    story.provider.comes_back()
    story.fast_forward(60)
    story.phone("citra").expects("Melahirkan")
    story.phone("dewi").expects_nothing()


def test_a_phone_that_gets_the_message_after_all_takes_the_mark_away(story: Story) -> None:
    incident = birth(story)
    reports(story, "unreachable", page_of(story, incident))
    story.phone("dewi").expects("Melahirkan")
    assert marks(story, incident) == ["page_failed"]
    assert reports(story, "delivered", page_of(story, incident)) == "applied"
    assert (page_of(story, incident)["status"], marks(story, incident)) == ("delivered", [])
    told = [
        each["type"]
        for each in story.incident(incident["id"])["timeline"]
        if each["type"].startswith("Pages") and "to" not in each["data"]["pages"][0]
        if each["data"]["pages"][0]["person"] == "citra"
    ]
    assert told == ["PagesSent", "PagesFailed", "PagesSent"]
    assert verify(incident["id"])[1] == []


def test_a_page_that_expired_and_arrived_all_the_same_is_told_as_sent(story: Story) -> None:
    story.provider.goes_down()
    incident: Incident = story.call("childbirth")["incident"]
    story.fast_forward(1860)
    story.provider.comes_back()
    story.fast_forward(120)
    story.phone("dewi").expects("Melahirkan")
    assert marks(story, incident) == ["page_expired"]
    assert reports(story, "delivered", page_of(story, incident)) == "applied"
    assert (page_of(story, incident)["status"], marks(story, incident)) == ("delivered", [])


def test_a_report_about_an_earlier_try_does_not_fail_the_later_one(story: Story) -> None:
    incident = birth(story)
    page = page_of(story, incident)
    assert page["attempts"][0]["message_id"] == "message-1"
    assert reports(story, "failed", page, message_id="message-0") == "ignored"
    assert page_of(story, incident)["status"] == "sent"
    assert reports(story, "failed", page, message_id="message-1") == "applied"
    story.phone("dewi").expects("Melahirkan")


def test_nobody_is_paged_twice_in_the_first_round_by_reports_that_come_together(story: Story) -> None:
    policy(story, (600, "on_duty"), (600, "backup"), (600, "on_duty"))
    incident = birth(story)
    for _ in range(3):
        for person in ("citra", "dewi"):
            for page in pages(story, incident, person):
                post(story, json.dumps({"outcome": "failed", "reference": page["id"]}))
        story.settle()
    story.phone("dewi").expects("Melahirkan")
    story.fast_forward(1800)
    assert story.events(incident["id"]).count("AssignmentEscalated") == 2


def test_a_report_after_the_end_is_information(story: Story) -> None:
    incident = birth(story)
    page = page_of(story, incident)
    story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Salah lapor"})
    story.phone("citra").expects("BATAL")
    assert reports(story, "failed", page) == "applied"
    assert [each["status"] for each in pages(story, incident)] == ["failed", "sent"]
    assert marks(story, incident) == []


def test_a_failure_whose_wake_up_is_lost_is_told_by_the_sweep(story: Story) -> None:
    incident = birth(story)
    story.wakeups.lost = True
    assert reports(story, "failed", page_of(story, incident)) == "applied"
    story.wakeups.lost = False
    story.phone("dewi").expects_nothing()
    story.fast_forward(60)
    story.phone("dewi").expects("Melahirkan")
