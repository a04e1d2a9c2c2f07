"""Whoever was called and is not needed is told so: once, behind their call-out, and never whoever goes or may have to."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from chalicelib.domain.registry import Shift
from chalicelib.errors import SmsRefused
from chalicelib.gateways.sms import Sms
from chalicelib.handlers import events as event_handlers
from infra.verify import verify
from tests.support import regency
from tests.support.regency import number_of
from tests.world.harness import Incident, Story
from tests.world.provider import birth, head, policy, set_up
from tests.world.test_replies import SECRET, sms

NOT_NEEDED = "TIDAK perlu datang"


def asked_all(story: Story, **more: Any) -> Incident:
    """A childbirth for which Citra's crew is silent: Dewi, then Gita, their head, are asked beside her."""
    policy(story, (60, "on_duty"), (60, "head"), (600, "on_duty"), **more)
    head(story, "psc", "gita")
    incident = birth(story)
    story.fast_forward(121)
    story.phone("dewi").expects("Melahirkan")
    story.phone("gita").expects("Melahirkan")
    return incident


def crew(story: Story, incident: Incident) -> Incident:
    found: Incident = story.incident(incident["id"])["assignments"][0]
    return found


def status_path(incident: Incident, position: int = 0) -> str:
    return f"/api/incidents/{incident['id']}/assignments/{incident['assignments'][position]['id']}/status"


def ends(story: Story, incident: Incident) -> None:
    story.desk("POST", f"/api/incidents/{incident['id']}/close", {"disposition": "done"})


def recalls(story: Story, incident: Incident) -> list[tuple[str, str, str]]:
    """Whom the incident's page list shows as stood down, why, and what became of it."""
    return [
        (page["person_id"], page["because"], page["status"])
        for page in story.incident(incident["id"])["pages"]
        if page["because"]
    ]


# Others who were asked for that crew, 60 s after its acknowledgement.


def test_others_who_were_asked_are_told_a_minute_after_the_crew_has_acknowledged(story: Story) -> None:
    incident = asked_all(story)
    story.phone("citra").taps("acknowledged")
    story.fast_forward(58)
    story.phone("dewi").expects_nothing()
    story.fast_forward(3)
    for person in ("dewi", "gita"):
        story.phone(person).expects("112", NOT_NEEDED, "AMBULANS-1", "jam 10:03", "Melahirkan")
    assert sorted(recalls(story, incident)) == [("dewi", "answered", "sent"), ("gita", "answered", "sent")]
    assert verify(incident["id"])[1] == []
    story.fast_forward(3600)


def test_a_crew_that_becomes_unable_within_the_minute_keeps_the_others_asked_for_what_was_theirs(
    story: Story,
) -> None:
    incident = asked_all(story)
    story.phone("citra").taps("acknowledged")
    story.fast_forward(30)
    story.phone("citra").taps("unable", "no_fuel")
    # The next unit is Dewi's: she is called for it, and not sent home for the other; the head is asked for both.
    story.phone("dewi").expects("Melahirkan", "AMBULANS-2", "/r/")
    story.fast_forward(30)
    story.phone("dewi").taps("en_route")
    story.fast_forward(61)
    story.phone("gita").expects("AMBULANS-1", "TIDAK BISA", "tidak perlu datang")
    story.fast_forward(1800)
    assert recalls(story, incident) == [("gita", "unable", "sent")]


def test_the_order_survives_the_loss_of_every_timer(story: Story) -> None:
    asked_all(story)
    story.wakeups.lost = True
    story.phone("citra").taps("acknowledged")
    story.wakeups.lost = False
    story.fast_forward(180)
    story.phone("dewi").expects(NOT_NEEDED)
    story.phone("gita").expects(NOT_NEEDED)


@pytest.mark.parametrize("times", [2, 10])
def test_the_same_timer_many_times_tells_once(story: Story, times: int) -> None:
    incident = asked_all(story)
    story.phone("citra").taps("acknowledged")
    assignment = incident["assignments"][0]["id"]
    for _ in range(times):
        story.wakeups.send("timers", [{"incident": incident["id"], "assignment": assignment}], 60)
    story.fast_forward(62)
    story.phone("dewi").expects(NOT_NEEDED)
    story.phone("gita").expects(NOT_NEEDED)


def test_a_crew_that_moves_without_an_acknowledgement_stands_the_others_down_too(story: Story) -> None:
    asked_all(story)
    story.phone("citra").taps("en_route")
    story.fast_forward(61)
    story.phone("dewi").expects(NOT_NEEDED)
    story.phone("gita").expects(NOT_NEEDED)


def test_where_two_are_needed_the_first_answer_sends_nobody_home(story: Story) -> None:
    asked_all(story, acknowledgements=2)
    story.phone("dewi").taps("acknowledged")
    story.fast_forward(300)
    story.phone("gita").expects_nothing()
    story.phone("gita").taps("acknowledged")
    # Both go, and the crew's own people with them.
    story.fast_forward(3600)


# Never the crew's own people once it has acknowledged, nor anybody who acknowledged or moves.


def test_a_backups_answer_sends_neither_the_crew_nor_the_backup_home(story: Story) -> None:
    asked_all(story)
    story.phone("gita").taps("acknowledged")
    story.fast_forward(61)
    story.phone("dewi").expects(NOT_NEEDED)
    story.phone("citra").expects_nothing()
    story.fast_forward(3600)
    story.phone("gita").expects_nothing()


def test_the_desk_alone_calls_off_who_goes(story: Story) -> None:
    incident = asked_all(story)
    story.phone("citra").taps("acknowledged")
    story.fast_forward(61)
    story.phone("dewi").expects(NOT_NEEDED)
    story.phone("gita").expects(NOT_NEEDED)
    story.desk("POST", status_path(incident), {"status": "cancelled"})
    story.phone("citra").expects("BATAL")
    story.fast_forward(600)


def test_somebody_whose_own_crew_goes_is_not_sent_home_for_having_been_asked_for_another(
    story: Story,
) -> None:
    policy(story, (60, "on_duty"), (600, "on_duty"))
    incident = birth(story)
    story.desk("POST", f"/api/incidents/{incident['id']}/assignments", {"unit_id": "ambulans_2"}, expect=201)
    story.phone("dewi").expects("Melahirkan", "AMBULANS-2")
    story.phone("dewi").taps("acknowledged")
    story.phone("citra").taps("acknowledged")
    story.fast_forward(3600)


def test_somebody_who_is_still_asked_for_another_crew_is_told_nothing_until_that_is_answered(
    story: Story,
) -> None:
    policy(story, (60, "head"), (600, "head"))
    head(story, "psc", "gita")
    incident = birth(story)
    more = f"/api/incidents/{incident['id']}/assignments"
    story.desk("POST", more, {"unit_id": "ambulans_2"}, expect=201)
    story.phone("dewi").expects("AMBULANS-2")
    story.fast_forward(61)
    # Asked once an incident, she is asked for each of its crews.
    story.phone("gita").expects("AMBULANS-1")
    story.phone("citra").taps("acknowledged")
    story.fast_forward(120)
    story.phone("gita").expects_nothing()
    story.phone("dewi").taps("acknowledged")
    story.fast_forward(61)
    story.phone("gita").expects(NOT_NEEDED)
    story.fast_forward(600)


# All still asked when the incident ends.


def test_a_fire_that_ends_leaves_nobody_standing_by(story: Story) -> None:
    incident = asked_all(story)
    story.phone("citra").taps("acknowledged")
    story.phone("citra").taps("en_route")
    story.phone("citra").taps("cleared")
    ends(story, incident)
    for person in ("dewi", "gita"):
        story.phone(person).expects("SELESAI", "tidak perlu datang")
    assert sorted(recalls(story, incident)) == [("dewi", "ended", "sent"), ("gita", "ended", "sent")]
    assert verify(incident["id"])[1] == []
    story.fast_forward(3600)


def test_a_cancelled_incident_tells_each_phone_once(story: Story) -> None:
    incident = asked_all(story)
    story.phone("citra").taps("acknowledged")
    story.fast_forward(61)
    story.phone("dewi").expects(NOT_NEEDED)
    story.phone("gita").expects(NOT_NEEDED)
    story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Salah lapor"})
    story.phone("citra").expects("BATAL")
    story.fast_forward(600)


def test_a_cancelled_incident_tells_who_was_asked_for_a_crew_that_was_done_already(story: Story) -> None:
    incident = asked_all(story)
    story.desk("POST", status_path(incident), {"status": "cleared"})
    story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Salah lapor"})
    story.phone("dewi").expects("SELESAI")
    story.phone("gita").expects("SELESAI")
    story.fast_forward(600)


# Behind the page it takes back, never before a first page.


def test_a_call_out_that_has_not_left_when_it_is_not_needed_is_withdrawn(story: Story) -> None:
    policy(story, (60, "on_duty"), (600, "on_duty"))
    incident = birth(story)
    story.provider.bars()
    story.fast_forward(61, sweeping=False)
    story.phone("citra").taps("acknowledged")
    story.provider.comes_back()
    story.fast_forward(300)
    story.phone("dewi").expects_nothing()
    assert recalls(story, incident) == []


def test_who_may_have_got_the_call_out_is_told(story: Story) -> None:
    policy(story, (60, "on_duty"), (600, "on_duty"))
    incident = birth(story)
    # Nobody knows what became of it.
    story.provider.goes_down()
    story.fast_forward(61, sweeping=False)
    story.phone("citra").taps("acknowledged")
    story.provider.comes_back()
    story.fast_forward(300)
    story.phone("dewi").expects(NOT_NEEDED)
    assert recalls(story, incident) == [("dewi", "answered", "sent")]


def test_it_leaves_after_the_call_out_that_the_provider_has_in_hand(story: Story) -> None:
    policy(story, (60, "on_duty"), (600, "on_duty"))
    birth(story)

    def meanwhile(message: Sms) -> None:
        if message.number == number_of("dewi"):
            story.provider.comes_back()
            story.phone("citra").taps("acknowledged")
            story.clock.advance(61)

    story.provider.failing = meanwhile
    story.fast_forward(61, sweeping=False)
    story.fast_forward(120)
    story.phone("dewi").expects("Melahirkan", "/r/")
    story.phone("dewi").expects(NOT_NEEDED)


def test_whose_call_out_failed_for_good_is_told_nothing(story: Story) -> None:
    def refuse(message: Sms) -> None:
        if message.number == number_of("dewi"):
            raise SmsRefused("the number does not exist")

    policy(story, (60, "on_duty"), (60, "head"), (600, "on_duty"))
    head(story, "psc", "gita")
    incident = birth(story)
    story.provider.failing = refuse
    story.fast_forward(122)
    story.provider.comes_back()
    story.phone("gita").expects("Melahirkan")
    story.phone("citra").taps("acknowledged")
    story.fast_forward(600)
    story.phone("gita").expects(NOT_NEEDED)
    assert recalls(story, incident) == [("gita", "answered", "sent")]


def test_it_keeps_to_the_queue_that_yields_to_first_pages(story: Story) -> None:
    incident = asked_all(story)
    story.phone("citra").taps("acknowledged")
    story.clock.advance(61)
    timers = [body for queue, body in story.wakeups.ripe() if queue == "timers"]
    story.deliver(timers, event_handlers.run_timers)
    assert [queue for queue, _ in story.wakeups.ripe()] == ["bulk", "bulk"]
    story.fast_forward(120)
    story.phone("dewi").expects(NOT_NEEDED)
    story.phone("gita").expects(NOT_NEEDED)
    assert verify(incident["id"])[1] == []


# A policy may turn it off.


def test_a_policy_may_turn_it_off(story: Story) -> None:
    incident = asked_all(story, stand_down=False)
    story.phone("citra").taps("acknowledged")
    story.fast_forward(600)
    story.phone("citra").taps("cleared")
    ends(story, incident)
    story.fast_forward(600)
    assert recalls(story, incident) == []


# A late acknowledgement.


def test_a_late_acknowledgement_is_recorded_told_that_another_goes_and_marked(story: Story) -> None:
    incident = asked_all(story)
    story.phone("citra").taps("acknowledged")
    story.fast_forward(30)
    assert story.phone("dewi").taps("acknowledged").body["applied"] is True
    seen = story.incident(incident["id"])
    assert seen["timeline"][-1]["type"] == "PageAcknowledged"
    assert seen["timeline"][-1]["data"]["late"] is True
    assert (seen["alarm"]["why"], seen["alarm"]["act"], seen["alarm"]["urgent"]) == (
        "late_answer",
        "look",
        False,
    )
    (mark,) = seen["attention"]
    assert (mark["code"], mark["detail"], mark["person"]) == (
        "late_answer",
        incident["assignments"][0]["id"],
        "dewi",
    )
    story.fast_forward(31)
    story.phone("dewi").expects(NOT_NEEDED)
    story.phone("gita").expects(NOT_NEEDED)
    assert crew(story, incident)["late"] == ["dewi"]
    assert verify(incident["id"])[1] == []
    # The desk has dealt with the crew.
    story.desk("POST", status_path(incident), {"status": "en_route"})
    assert story.incident(incident["id"])["attention"] == []
    story.fast_forward(600)


def test_who_answers_late_and_was_told_before_is_marked_and_not_told_again(story: Story) -> None:
    incident = asked_all(story)
    links = {person: story.phone(person).link() for person in ("dewi", "gita")}
    story.phone("citra").taps("acknowledged")
    story.fast_forward(61)
    story.phone("dewi").expects(NOT_NEEDED)
    story.phone("gita").expects(NOT_NEEDED)
    for person, link in links.items():
        answer = story.http("POST", f"/api{link}", {"status": "acknowledged", "reason": ""})
        assert answer.body["applied"] is True, person
        story.settle()
    marks = story.incident(incident["id"])["attention"]
    assert [(mark["code"], mark["person"]) for mark in marks] == [
        ("late_answer", "dewi"),
        ("late_answer", "gita"),
    ]
    story.fast_forward(3600)


def test_a_step_of_somebody_who_is_not_needed_counts_and_is_marked(story: Story) -> None:
    incident = asked_all(story)
    link = story.phone("gita").link()
    story.phone("citra").taps("acknowledged")
    story.fast_forward(61)
    story.phone("dewi").expects(NOT_NEEDED)
    story.phone("gita").expects(NOT_NEEDED)
    story.http("POST", f"/api{link}", {"status": "en_route", "reason": ""})
    story.settle()
    seen = story.incident(incident["id"])
    assert seen["crews"][0]["status"] == "en_route"
    assert [(mark["code"], mark["person"]) for mark in seen["attention"]] == [("late_answer", "gita")]
    story.fast_forward(600)


def test_thanks_for_being_told_are_no_acknowledgement(story: Story) -> None:
    set_up(story, sms_replies=True, inbound_secret=SECRET)
    incident = asked_all(story)
    story.phone("citra").taps("acknowledged")
    story.fast_forward(61)
    story.phone("dewi").expects(NOT_NEEDED)
    story.phone("gita").expects(NOT_NEEDED)
    assert sms(story, "dewi", "siap") == "repeated"
    seen = story.incident(incident["id"])
    assert seen["attention"] == []
    assert seen["timeline"][-1]["data"]["stood_down"] is True
    assert crew(story, incident)["acknowledged_by"] == ["citra"]
    # Whoever says anything else is to be read.
    assert sms(story, "gita", "otw") == "desk"
    assert verify(incident["id"])[1] == []
    story.fast_forward(600)


def test_a_code_still_answers_its_call_out(story: Story) -> None:
    set_up(story, sms_replies=True, inbound_secret=SECRET)
    incident = asked_all(story)
    code = next(
        page["reply"] for page in story.incident(incident["id"])["pages"] if page["person_id"] == "dewi"
    )
    story.phone("citra").taps("acknowledged")
    story.fast_forward(61)
    story.phone("dewi").expects(NOT_NEEDED)
    story.phone("gita").expects(NOT_NEEDED)
    assert sms(story, "dewi", f"{code} ya") == "applied"
    assert [mark["code"] for mark in story.incident(incident["id"])["attention"]] == ["late_answer"]
    story.fast_forward(600)


def test_the_mark_ends_with_the_incident(story: Story) -> None:
    incident = asked_all(story)
    story.phone("citra").taps("acknowledged")
    story.phone("dewi").taps("acknowledged")
    story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Salah lapor"})
    assert story.incident(incident["id"])["attention"] == []
    for person in ("citra", "dewi", "gita"):
        story.phone(person).expects("BATAL")
    story.fast_forward(600)


# Texts of later stages say that they are backup, and for whom.


def test_later_stages_say_that_they_are_backup_and_for_whom(story: Story) -> None:
    policy(story, (60, "on_duty"), (60, "head"), repeat=1)
    head(story, "psc", "gita")
    story.call("childbirth")
    assert "CADANGAN" not in story.phone("citra").expects("AMBULANS-1")
    story.fast_forward(121)
    story.phone("dewi").expects("CADANGAN AMBULANS-1", "/r/")
    story.phone("gita").expects("CADANGAN AMBULANS-1", "/r/")
    # A round later the crew's own people are asked again for themselves.
    story.fast_forward(61)
    assert "CADANGAN" not in story.phone("citra").expects("AMBULANS-1")
    story.phone("dewi").expects("CADANGAN AMBULANS-1")
    story.phone("dewi").taps("acknowledged")
    story.fast_forward(61)
    story.phone("gita").expects(NOT_NEEDED)


# Colleagues of a crew that said *unable* are told.


def test_colleagues_of_a_crew_that_said_unable_are_told(story: Story) -> None:
    today = "2026-11-23"
    shift = Shift(
        id=f"gita-1-{today}",
        agency_id="psc",
        person_id="gita",
        unit_id="ambulans_1",
        starts_at="2026-11-22T17:00:00Z",
        ends_at="2026-11-23T17:00:00Z",
    )
    regency.load({"shifts": [shift]})
    incident = story.call("childbirth")["incident"]
    for person in ("citra", "gita"):
        story.phone(person).expects("AMBULANS-1", "/r/")
    story.phone("citra").taps("unable", "no_fuel")
    story.phone("dewi").expects("AMBULANS-2", "/r/")
    story.phone("gita").expects("AMBULANS-1", "TIDAK BISA", "tidak perlu datang")
    # Who said so knows.
    story.phone("citra").expects_nothing()
    story.phone("dewi").taps("acknowledged")
    story.fast_forward(600)
    assert recalls(story, incident) == [("gita", "unable", "sent")]


# The responder's page.


def test_a_crew_of_one_phone_that_rang_to_say_unable_knows_that_it_is_not_needed(story: Story) -> None:
    incident = birth(story)
    story.desk("POST", status_path(incident), {"status": "unable", "reason": "no_fuel"})
    story.phone("dewi").expects("Melahirkan")
    story.phone("dewi").taps("acknowledged")
    story.fast_forward(600)
    story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Palsu"})
    story.phone("dewi").expects("BATAL")
    story.phone("citra").expects_nothing()


def test_the_link_still_opens_and_says_who_goes(story: Story) -> None:
    asked_all(story)
    link = story.phone("dewi").link()
    assert "Anda cadangan" in story.http("GET", link).text
    story.phone("citra").taps("acknowledged")
    assert "Tetap siaga" in story.http("GET", link).text
    story.fast_forward(61)
    story.phone("dewi").expects(NOT_NEEDED)
    story.phone("gita").expects(NOT_NEEDED)
    page = story.http("GET", link)
    assert page.status == 200
    assert "TIDAK diperlukan lagi" in page.text
    assert "AMBULANS-1" in page.text
    assert "<button" not in page.text
    # Citra's own says nothing of the kind.
    own = story.phone("citra").opens_link().text
    assert "TIDAK diperlukan" not in own and "<button" in own


def test_what_is_sent_is_counted_by_kind(story: Story) -> None:
    incident = asked_all(story)
    story.phone("citra").taps("acknowledged")
    story.fast_forward(61)
    story.phone("dewi").expects(NOT_NEEDED)
    story.phone("gita").expects(NOT_NEEDED)
    seen = story.incident(incident["id"])
    assert Counter((page["kind"], page["because"], page["backup"]) for page in seen["pages"]) == {
        ("page", "", False): 1,
        ("page", "", True): 2,
        ("cancelled", "answered", False): 2,
    }
    ordered = [each["data"]["pages"] for each in seen["timeline"] if each["type"] == "PagesRequested"]
    assert [page.get("because", "") for page in ordered[-1]] == ["answered", "answered"]
