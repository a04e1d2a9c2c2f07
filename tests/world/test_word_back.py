"""Word back to a caller: one SMS that help is being sent, if the desk wishes, behind every page and never twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Thread
from typing import Any

import msgspec
import pytest
from msgspec import to_builtins

from chalicelib import bootstrap
from chalicelib.domain import times
from chalicelib.domain.registry import SmsText
from chalicelib.gateways.sms import Sms
from chalicelib.handlers import events as event_handlers
from chalicelib.models import incidents, notices
from chalicelib.models.tables import IncidentItem
from infra.verify import verify
from tests.world.harness import Answer, Incident, Story
from tests.world.provider import reports, set_up

CALLER = "+6281234567890"
WORD = "bantuan sedang dikirim"


def tells_callers(story: Story, type_: str = "childbirth") -> None:
    found = story.http("GET", f"/api/registry/incident-types/{type_}", as_="admin").body
    found.pop("v")
    story.desk("PUT", f"/api/registry/incident-types/{type_}", {**found, "tell_caller": True}, as_="admin")


def birth(story: Story, **more: Any) -> Incident:
    """A childbirth of whose caller the desk may tell; Citra is called out, and her page has left."""
    tells_callers(story)
    incident: Incident = story.call("childbirth", **more)["incident"]
    story.phone("citra").expects("Melahirkan")
    whole: Incident = story.incident(incident["id"])
    return whole


def tell(story: Story, incident: Incident, call: int = 0, **more: Any) -> Answer:
    path = f"/api/incidents/{incident['id']}/calls/{incident['calls_list'][call]['id']}/word-back"
    story._keys += 1
    return story.http("POST", path, {}, **{"as_": "operator", "key": f"tell-{story._keys}", **more})


def told(story: Story, incident: Incident) -> Incident:
    (found,) = story.incident(incident["id"])["word_back"]
    return dict(found)


def refused(answer: Answer) -> str:
    assert answer.status == 409, answer.body
    return str(answer.body["faults"][0]["code"])


def minute(story: Story) -> dict[str, int]:
    """The sender's next turn."""
    story.fast_forward(60)
    return story.send_notices()


def outcomes(story: Story, incident: Incident) -> list[str]:
    return [
        each.data["outcome"]
        for each in incidents.events(incident["id"])
        if each.type == "CallerNoticeSettled"
    ]


def world_with(story: Story, **more: Any) -> None:
    story.world = replace(story.world, **more)
    bootstrap.install(story.world)


# One SMS, that the desk wants.


def test_nobody_is_told_unless_the_type_says_that_callers_may_be(story: Story) -> None:
    incident = story.incident(story.call("childbirth")["incident"]["id"])
    story.phone("citra").expects("Melahirkan")
    assert incident["may_tell"] == []
    assert refused(tell(story, incident)) == "callers_not_told"
    minute(story)
    story.phone_of(CALLER).expects_nothing()


def test_the_caller_is_told_once_that_help_is_being_sent_and_the_incident_says_who_wanted_it(
    story: Story,
) -> None:
    incident = birth(story)
    call = incident["calls_list"][0]["id"]
    assert incident["may_tell"] == [call]
    answer = tell(story, incident)
    assert answer.status == 201 and answer.body["may_tell"] == []
    assert [each["status"] for each in answer.body["word_back"]] == ["pending"]
    story.phone_of(CALLER).expects_nothing()
    assert story.send_notices() == {"due": 1, "settled": 1, "held": 0, "failed": 0}
    story.phone_of(CALLER).expects(WORD, incident["label"])
    after = told(story, incident)
    assert (after["status"], after["by"], after["by_name"]) == ("sent", "sub-operator", "Operator")
    assert outcomes(story, incident) == ["sent"]
    assert [minute(story)["due"] for _ in range(3)] == [0, 0, 0]
    assert verify(incident["id"])[1] == []


def test_the_callers_number_stands_in_no_event_and_not_in_what_is_kept_of_the_word(story: Story) -> None:
    incident = birth(story)
    tell(story, incident)
    story.send_notices()
    story.phone_of(CALLER).expects(WORD)
    kept = notices.read(incident["calls_list"][0]["id"])
    assert kept is not None
    trail = b"".join(msgspec.json.encode(each) for each in incidents.events(incident["id"]))
    assert CALLER.encode() not in trail + msgspec.json.encode(kept[0])
    # Nor the provider's id of it, by which it knows the number.
    assert [each.message_id for each in kept[0].attempts] == [""]


def test_pressed_twice_and_sent_twice_is_one_sms(story: Story) -> None:
    incident = birth(story)
    first = tell(story, incident, key="one")
    again = tell(story, incident, key="one")
    assert (first.status, again.status) == (201, 201)
    assert refused(tell(story, incident, key="two")) == "caller_told"
    story.send_notices()
    story.phone_of(CALLER).expects(WORD)
    assert refused(tell(story, incident, key="three")) == "caller_told"
    minute(story)
    story.phone_of(CALLER).expects_nothing()


def test_two_callers_of_one_incident_are_told_each_for_themselves(story: Story) -> None:
    incident = birth(story)
    now = story.clock.now()
    body = {"number": "0813 4567 8901", "channel": "phone", "class": "emergency", "received_at": now}
    story.desk("POST", "/api/calls", {**body, "incident_id": incident["id"]}, expect=201)
    incident = story.incident(incident["id"])
    assert len(incident["may_tell"]) == 2
    assert tell(story, incident, 0).status == tell(story, incident, 1).status == 201
    story.send_notices()
    story.phone_of(CALLER).expects(WORD)
    story.phone_of("+6281345678901").expects(WORD)


@pytest.mark.parametrize("number", ["", "0531 21112", "112", "nomor pribadi"])
def test_whoever_has_no_mobile_number_is_not_told(story: Story, number: str) -> None:
    tells_callers(story)
    now = story.clock.now()
    body = {"number": number, "channel": "phone", "class": "emergency", "received_at": now}
    new = {"type": "childbirth", "location": {"district": "baamang"}}
    made = story.desk("POST", "/api/calls", {**body, "incident": new}, expect=201)
    story.phone("citra").expects("Melahirkan")
    incident = story.incident(made["incident"]["id"])
    assert incident["may_tell"] == []
    assert refused(tell(story, incident)) == "caller_not_mobile"


def test_nobody_is_told_of_a_drill(story: Story) -> None:
    incident = birth(story, drill=True)
    assert incident["may_tell"] == []
    assert refused(tell(story, incident)) == "drill_caller"


def test_whose_number_was_blocked_is_not_told(story: Story) -> None:
    tells_callers(story)
    block = {"number": CALLER, "reason": "iseng"}
    story.desk("POST", "/api/blocked-numbers", block, as_="supervisor", expect=201)
    now = story.clock.now()
    body = {"number": CALLER, "channel": "phone", "class": "emergency", "received_at": now, "insist": True}
    new = {"type": "childbirth", "location": {"district": "baamang"}}
    made = story.desk("POST", "/api/calls", {**body, "incident": new}, expect=201)
    story.phone("citra").expects("Melahirkan")
    incident = story.incident(made["incident"]["id"])
    assert refused(tell(story, incident)) == "caller_blocked"


def test_that_help_is_being_sent_is_not_said_while_nobody_is(story: Story) -> None:
    tells_callers(story, "theft")
    incident = story.incident(story.call("theft")["incident"]["id"])
    assert incident["may_tell"] == []
    assert refused(tell(story, incident)) == "nobody_sent"


@pytest.mark.parametrize("who", ["psc_admin", "leader", "auditor"])
def test_whoever_sees_no_numbers_may_tell_nobody(story: Story, who: str) -> None:
    incident = birth(story)
    assert story.incident(incident["id"], as_=who)["may_tell"] == []
    assert tell(story, incident, as_=who).status == 403


# Behind every page.


def test_no_word_leaves_while_a_page_waits(story: Story) -> None:
    incident = birth(story)
    tell(story, incident)
    story.provider.goes_down()
    story.call("house_fire")
    assert story.send_notices()["held"] == 1
    story.provider.comes_back()
    story.fast_forward(60)
    for who in ("andi", "dewi", "eko"):
        story.phone(who).expects("Kebakaran")
    story.phone_of(CALLER).expects_nothing()
    assert story.send_notices()["settled"] == 1
    story.phone_of(CALLER).expects(WORD)


def test_a_page_that_is_ordered_while_a_word_is_on_its_way_holds_back_the_next(story: Story) -> None:
    incident, fires = birth(story), list[Any]()
    now = story.clock.now()
    body = {"number": "081345678901", "channel": "phone", "class": "emergency", "received_at": now}
    story.desk("POST", "/api/calls", {**body, "incident_id": incident["id"]}, expect=201)
    incident = story.incident(incident["id"])
    tell(story, incident, 0), tell(story, incident, 1)
    story.wakeups.lost = True

    def fire_breaks_out(sms: Sms) -> None:
        if WORD in sms.text and not fires:
            # In a thread of its own, as at the desk: what the sender's role allows is not the desk's.
            desk = Thread(target=lambda: fires.append(story.call("house_fire")))
            desk.start()
            desk.join()

    story.provider.failing = fire_breaks_out
    counts = story.send_notices()
    assert (counts["settled"], counts["held"]) == (1, 1)
    story.wakeups.lost = False
    story.fast_forward(60)
    for who in ("andi", "dewi", "eko"):
        story.phone(who).expects("Kebakaran")
    assert story.send_notices()["settled"] == 1
    for number in (CALLER, "+6281345678901"):
        story.phone_of(number).expects(WORD)


def test_a_word_that_could_not_leave_for_a_quarter_of_an_hour_is_dropped_and_the_incident_says_so(
    story: Story,
) -> None:
    incident = birth(story)
    tell(story, incident)
    story.provider.bars()
    story.send_notices()
    for _ in range(16):
        minute(story)
    story.provider.comes_back()
    minute(story)
    story.phone_of(CALLER).expects_nothing()
    assert told(story, incident)["status"] == "expired"
    assert outcomes(story, incident) == ["expired"]
    assert verify(incident["id"])[1] == []


def test_a_provider_that_takes_nothing_for_a_moment_is_asked_again(story: Story) -> None:
    incident = birth(story)
    tell(story, incident)
    story.provider.bars()
    assert story.send_notices()["held"] == 1
    story.provider.comes_back()
    minute(story)
    story.phone_of(CALLER).expects(WORD)


def test_a_word_of_which_nobody_knows_whether_it_left_is_not_sent_again(story: Story) -> None:
    incident = birth(story)
    tell(story, incident)
    story.provider.goes_down()
    assert story.send_notices()["held"] == 1
    story.provider.comes_back()
    minute(story)
    story.phone_of(CALLER).expects_nothing()
    assert told(story, incident)["status"] == "expired"
    assert outcomes(story, incident) == ["expired"]


def test_words_have_a_budget_a_day_and_the_desk_hears_when_it_is_spent(story: Story) -> None:
    set_up(story, notices_a_day=1)
    incident = birth(story)
    now = story.clock.now()
    body = {"number": "081345678901", "channel": "phone", "class": "emergency", "received_at": now}
    story.desk("POST", "/api/calls", {**body, "incident_id": incident["id"]}, expect=201)
    incident = story.incident(incident["id"])
    tell(story, incident, 0)
    tell(story, incident, 1)
    counts = story.send_notices()
    assert (counts["settled"], counts["held"]) == (1, 1)
    story.phone_of(CALLER).expects(WORD)
    other = story.incident(story.call("childbirth")["incident"]["id"])
    story.phone("dewi").expects("Melahirkan")
    assert refused(tell(story, other)) == "notices_spent"


def test_no_word_leaves_once_the_months_limit_nears(story: Story) -> None:
    incident = birth(story)
    tell(story, incident)
    world_with(story, sms_limit_near=lambda: True)
    assert story.send_notices()["held"] == 1
    story.phone_of(CALLER).expects_nothing()
    world_with(story, sms_limit_near=lambda: False)
    assert minute(story)["settled"] == 1
    story.phone_of(CALLER).expects(WORD)


# What happens meanwhile.


def calls_off(story: Story, incident: Incident) -> None:
    story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "salah alamat"})
    story.phone("citra").expects("BATAL")


def withdraws_leave(story: Story, incident: Incident) -> None:
    found = story.http("GET", "/api/registry/incident-types/childbirth", as_="admin").body
    found.pop("v")
    path = "/api/registry/incident-types/childbirth"
    story.desk("PUT", path, {**found, "tell_caller": False}, as_="admin")


@pytest.mark.parametrize("what", [calls_off, withdraws_leave])
def test_a_word_that_is_no_longer_true_or_wanted_is_not_sent(
    story: Story, what: Callable[[Story, Incident], None]
) -> None:
    incident = birth(story)
    tell(story, incident)
    what(story, incident)
    assert story.send_notices()["settled"] == 1
    story.phone_of(CALLER).expects_nothing()
    assert told(story, incident)["status"] == "expired"
    assert verify(incident["id"])[1] == []


def test_the_word_is_not_sent_for_an_incident_that_its_call_has_left(story: Story) -> None:
    incident = birth(story)
    now = story.clock.now()
    body = {"number": "081345678901", "channel": "phone", "class": "emergency", "received_at": now}
    story.desk("POST", "/api/calls", {**body, "incident_id": incident["id"]}, expect=201)
    incident = story.incident(incident["id"])
    tell(story, incident, 1)
    call = incident["calls_list"][1]["id"]
    new = {"type": "theft", "location": {"district": "baamang"}}
    path = f"/api/incidents/{incident['id']}/calls/{call}/split"
    story.desk("POST", path, {"incident": new}, expect=201)
    story.send_notices()
    story.phone_of("+6281345678901").expects_nothing()
    assert outcomes(story, incident) == ["expired"]
    assert verify(incident["id"])[1] == []


def test_a_refused_number_is_told_as_failed(story: Story) -> None:
    incident = birth(story)
    tell(story, incident)
    story.provider.refuses(CALLER)
    story.send_notices()
    assert (told(story, incident)["status"], outcomes(story, incident)) == ("failed", ["failed"])
    assert verify(incident["id"])[1] == []


def test_a_sender_that_dies_with_the_message_in_its_hand_sends_no_second(story: Story) -> None:
    """Nobody knows whether it left: of a page that brings another, of a word it ends it."""
    incident = birth(story)
    tell(story, incident)

    def dies(sms: Sms) -> None:
        story.provider.messages.append(sms)
        raise MemoryError

    story.provider.failing = dies
    assert story.send_notices()["failed"] == 1
    story.phone_of(CALLER).expects(WORD)
    story.provider.comes_back()
    minute(story)
    minute(story)
    story.phone_of(CALLER).expects_nothing()
    (event,) = [each for each in incidents.events(incident["id"]) if each.type == "CallerNoticeSettled"]
    assert (event.data["outcome"], event.data["may_have_left"]) == ("expired", True)
    assert verify(incident["id"])[1] == []


def test_delivery_reports_say_what_became_of_it(story: Story) -> None:
    set_up(story)
    incident = birth(story)
    tell(story, incident)
    story.send_notices()
    story.phone_of(CALLER).expects(WORD)
    id_ = incident["calls_list"][0]["id"]
    assert reports(story, "delivered", id_) == "applied"
    assert reports(story, "delivered", id_) == "repeated"
    assert told(story, incident)["delivered_at"]
    assert outcomes(story, incident) == ["sent"]


def test_a_report_that_it_did_not_arrive_is_told_after_all(story: Story) -> None:
    set_up(story)
    incident = birth(story)
    tell(story, incident)
    story.send_notices()
    story.phone_of(CALLER).expects(WORD)
    reports(story, "failed", incident["calls_list"][0]["id"])
    minute(story)
    assert outcomes(story, incident) == ["sent", "failed"]
    assert told(story, incident)["status"] == "failed"
    assert verify(incident["id"])[1] == []


def test_a_word_that_fell_out_of_the_index_is_found_by_the_check(story: Story) -> None:
    incident = birth(story)
    tell(story, incident)
    id_ = incident["calls_list"][0]["id"]
    item = IncidentItem.get(notices.pk_of(id_), "W")
    item.due_key = item.due_at = None
    item.save()
    story.fast_forward(1200)
    assert story.send_notices()["due"] == 0
    assert story.audit()["repaired"] == 1
    assert story.audit()["repaired"] == 0
    story.send_notices()
    assert outcomes(story, incident) == ["expired"]


def test_a_word_that_only_waits_is_no_finding_of_the_check(story: Story) -> None:
    incident = birth(story)
    tell(story, incident)
    story.fast_forward(1200)
    assert story.audit()["repaired"] == 0
    story.send_notices()
    assert outcomes(story, incident) == ["expired"]


def test_the_sender_says_that_it_lives(story: Story) -> None:
    story.sweep()
    story.audit()
    story.send_notices()
    checks = story.http("GET", "/api/health").body["checks"]
    assert checks["notices"]["ok"], checks
    story.clock.advance(3600)
    assert not story.http("GET", "/api/health").body["checks"]["notices"]["ok"]


# Whose text it is.


def test_the_officers_text_is_sent(story: Story) -> None:
    text = SmsText(id="kabar", kind="caller", language="id", body="{regency} 112: tim berangkat. {label}")
    story.desk("POST", "/api/registry/sms-texts", to_builtins(text), as_="admin", expect=201)
    incident = birth(story)
    tell(story, incident)
    story.send_notices()
    story.phone_of(CALLER).expects("tim berangkat", incident["label"])


# Whether the trail holds.


def test_the_check_names_a_word_whose_text_or_end_was_changed(story: Story) -> None:
    incident = birth(story)
    tell(story, incident)
    story.send_notices()
    story.phone_of(CALLER).expects(WORD)
    story.tampered = True
    id_ = incident["calls_list"][0]["id"]
    found = notices.read(id_)
    assert found is not None
    notices.save(msgspec.structs.replace(found[0], body="kami tidak datang", status="failed"), found[1])
    said = [each.why for each in verify(incident["id"])[1]]
    assert f"the text of notice {id_} is not what the event sealed" in said
    assert f"notice {id_} is failed, its events say sent" in said
    notices.item(found[0], 9).delete()
    assert [each.why for each in verify(incident["id"])[1]] == [f"notice {id_} is missing"]


def test_what_retention_erases_takes_the_callers_number_and_the_trail_holds(story: Story) -> None:
    incident = birth(story)
    tell(story, incident)
    story.send_notices()
    story.phone_of(CALLER).expects(WORD)
    calls_off(story, incident)
    story.clock.advance(400 * 86400)
    for _ in range(3):
        event_handlers.retention(story.world)
    after = story.incident(incident["id"])
    assert after["calls_list"][0]["erased"]
    assert verify(incident["id"])[1] == []
    assert times.between(after["closed_at"], story.clock.now())
