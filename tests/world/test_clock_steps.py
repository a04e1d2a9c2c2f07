"""Somebody sets the clock, by seconds, an hour or a day, forward or back: no page and no call is lost by it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from msgspec import to_builtins

from chalicelib import bootstrap
from chalicelib.domain import ids, times
from chalicelib.domain.registry import EscalationPolicy, EscalationStep
from chalicelib.errors import SmsUnavailable
from chalicelib.gateways.sms import Sms
from chalicelib.handlers.inbound import signature
from chalicelib.models import incidents
from chalicelib.models.tables import IncidentItem
from tests.support import regency
from tests.world.harness import Answer, Incident, Story

HOUR = 3600
back = pytest.mark.parametrize("seconds", [-2, -29, -120, -HOUR, -25 * HOUR])
both = pytest.mark.parametrize("seconds", [-25 * HOUR, -HOUR, -2, 2, HOUR, 25 * HOUR])


def policy(story: Story, *waits: int) -> None:
    steps = [EscalationStep(after_s=wait, to="on_duty") for wait in waits]
    kept = EscalationPolicy(id="normal", label=regency.label("Biasa"), steps=steps, silence=regency.SILENCE)
    story.desk("PUT", "/api/registry/escalation-policies/normal", to_builtins(kept), as_="admin")


def five_minutes(story: Story) -> None:
    """The sweep each minute and the audit once, as on AWS, and the sweep that follows it."""
    story.fast_forward(240)
    story.audit()
    story.fast_forward(60)


def ask(story: Story, **changes: object) -> Answer:
    """A call whose times the desk took before the clock was set."""
    now = story.clock.now()
    body = {
        "number": "+6281234567890",
        "channel": "phone",
        "class": "emergency",
        "received_at": now,
        "answered_at": now,
        "incident": {"type": "childbirth", "location": {"district": "baamang"}},
        **changes,
    }
    return story.http("POST", "/api/calls", body, as_="operator", key="call")


@back
def test_a_page_ordered_before_the_clock_goes_back_leaves_at_once(story: Story, seconds: int) -> None:
    assert ask(story).status == 201
    story.clock.step(seconds)
    story.settle()
    story.phone("citra").expects("Melahirkan")
    story.audit()


@back
def test_a_page_whose_worker_died_before_the_clock_goes_back_leaves_within_minutes(
    story: Story, seconds: int
) -> None:
    def crash(sms: Sms) -> None:
        raise RuntimeError("the process died")

    story.provider.failing = crash
    story.call("childbirth")
    story.provider.comes_back()
    story.clock.step(seconds)
    five_minutes(story)
    story.phone("citra").expects("Melahirkan")


@back
def test_a_page_that_waits_for_its_next_try_leaves_within_three_minutes(story: Story, seconds: int) -> None:
    def busy(sms: Sms) -> None:
        raise SmsUnavailable("429", may_be_taken=False)

    story.provider.failing = busy
    story.call("childbirth")
    story.provider.comes_back()
    story.clock.step(seconds)
    story.fast_forward(180)
    story.phone("citra").expects("Melahirkan")
    story.audit()


@back
def test_an_escalation_is_late_by_five_minutes_at_most(story: Story, seconds: int) -> None:
    policy(story, 120)
    story.call("childbirth")
    story.phone("citra").expects("Melahirkan")
    story.clock.step(seconds)
    five_minutes(story)
    story.fast_forward(120)
    story.phone("dewi").expects("Melahirkan")
    story.audit()


def test_the_desks_turn_comes_although_the_clock_went_back_between_two_stages(story: Story) -> None:
    policy(story, 60, 60)
    incident: Incident = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan")
    story.fast_forward(61, sweeping=False)
    story.phone("dewi").expects("Melahirkan")
    story.clock.step(-HOUR)
    story.audit()
    story.fast_forward(120)
    assert [mark["code"] for mark in story.incident(incident["id"])["attention"]] == ["no_acknowledgement"]


def test_a_clock_that_jumps_an_hour_ahead_asks_one_stage_and_not_all_at_once(story: Story) -> None:
    policy(story, 600, 600)
    incident: Incident = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan")
    story.clock.step(HOUR)
    story.fast_forward(60)
    story.phone("dewi").expects("Melahirkan")
    story.fast_forward(300)
    assert story.events(incident["id"]).count("AssignmentEscalated") == 1


def test_a_page_that_a_jump_ahead_makes_too_old_is_marked_for_the_desk(story: Story) -> None:
    story.provider.goes_down()
    incident: Incident = story.call("childbirth")["incident"]
    story.clock.step(HOUR)
    story.fast_forward(60)
    story.provider.comes_back()
    assert "page_expired" in {mark["code"] for mark in story.incident(incident["id"])["attention"]}


@both
def test_a_call_for_help_is_taken_whatever_the_clock_did_while_it_rang(story: Story, seconds: int) -> None:
    before = story.clock.now()
    body = {"received_at": before, "answered_at": before}
    story.clock.step(seconds)
    now = story.clock.now()
    taken = ask(story, **body)
    assert taken.status == 201, taken.body
    story.settle()
    story.phone("citra").expects("Melahirkan")
    call, opened = taken.body["call"], taken.body["incident"]["timeline"][0]["data"]
    if abs(seconds) == 2 or seconds == HOUR:
        assert (call["received_at"], opened.get("claimed_received_at")) == (before, None)
    else:
        assert (times.between(now, call["received_at"]) or 0) < 1
        assert opened["claimed_received_at"] == before
    clocks = story.incident(taken.body["incident"]["id"])["clocks"]
    assert all(value is None or value >= -2 for value in clocks.values())


def test_a_caller_who_joins_is_taken_too_and_a_prank_from_the_future_is_not(story: Story) -> None:
    incident: Incident = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan")
    later = times.plus(story.clock.now(), HOUR)
    both_times = {"received_at": later, "answered_at": later}
    joined = ask(story, incident=None, incident_id=incident["id"], **both_times)
    assert joined.status == 201, joined.body
    assert joined.body["incident"]["timeline"][-1]["data"]["claimed_received_at"] == later
    body = {"number": "", "channel": "phone", "class": "prank", **both_times}
    refused = story.http("POST", "/api/calls", body, as_="operator", key="prank")
    assert (refused.status, sorted(refused.body["fields"])) == (422, ["answered_at", "received_at"])


@back
def test_a_crews_steps_keep_their_order_although_the_clock_went_back(story: Story, seconds: int) -> None:
    incident: Incident = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan")
    story.phone("citra").taps("en_route")
    story.clock.step(seconds)
    assert story.phone("citra").taps("on_scene").body["applied"] is True
    assignment = story.incident(incident["id"])["assignments"][0]
    assert assignment["milestones"]["on_scene"] >= assignment["milestones"]["en_route"]
    assert all(value is None or value >= 0 for value in assignment["clocks"].values())
    assert story.incident(incident["id"])["chain"]["ok"]


@back
def test_a_request_sent_again_after_the_clock_went_back_opens_no_second_incident(
    story: Story, seconds: int
) -> None:
    now = story.clock.now()
    first = ask(story, received_at=now, answered_at=now)
    story.clock.step(seconds)
    again = ask(story, received_at=now, answered_at=now)
    assert again.body["incident"]["id"] == first.body["incident"]["id"]
    story.settle()
    story.phone("citra").expects("Melahirkan")
    story.audit()


def test_a_cancellation_after_the_clock_went_back_follows_its_page(story: Story) -> None:
    story.provider.goes_down()
    incident: Incident = story.call("childbirth")["incident"]
    story.clock.step(-HOUR)
    story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Salah lapor"})
    story.provider.comes_back()
    five_minutes(story)
    story.phone("citra").expects("BATAL")


@pytest.mark.parametrize(("seconds", "status"), [(-200, 200), (200, 200), (-HOUR, 403), (HOUR, 403)])
def test_a_reply_signed_by_another_clock_counts_within_five_minutes(
    story: Story, seconds: int, status: int
) -> None:
    secret = "a secret that is long enough for a modem"
    settings = replace(story.world.settings, sms_replies=True, inbound_secret=secret)
    story.world = replace(story.world, settings=settings)
    bootstrap.install(story.world)
    incident: Incident = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan")
    raw = json.dumps({"id": "m1", "from": regency.number_of("citra"), "text": "siap"})
    signed_at = times.milliseconds(story.clock.now()) // 1000
    story.clock.step(seconds)
    path = "/api/inbound/sms?provider=generic"
    for at, expected in ((signed_at, status), (times.milliseconds(story.clock.now()) // 1000, 200)):
        headers = {"x-kentongan-signature": signature(secret, at, raw.encode())}
        assert story.http("POST", path, raw=raw, headers=headers).status == expected
    assert story.incident(incident["id"])["crews"][0]["status"] == "acknowledged"


def test_orders_left_over_when_the_clock_went_back_are_written_by_the_audit(story: Story) -> None:
    incident: Incident = story.call("theft")["incident"]
    story.desk("POST", f"/api/incidents/{incident['id']}/assignments", {"unit_id": "perahu_1"}, expect=201)
    story.phone("fajar").expects("Pencurian")
    item = IncidentItem.get(incidents.pk_of(incident["id"]), "#", consistent_read=True)
    doc = json.loads(item.doc)
    order = {"assignment_id": doc["crews"][0]["id"], "person_id": "gita", "kind": "page"}
    # As a process leaves it that dies after its first chunk.
    item.doc = json.dumps({**doc, "unpaged": [order]})
    item.due_key, item.due_at = f"due#{ids.shard(incident['id'], 8)}", times.plus(story.clock.now(), 10)
    item.save()
    story.clock.step(-HOUR)
    five_minutes(story)
    story.fast_forward(60)
    story.phone("gita").expects("Pencurian")
