"""The queue for wake-ups cannot be reached: the sweep does the work itself, and nothing but time is lost."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import to_builtins

from chalicelib.domain.registry import EscalationPolicy, EscalationStep
from chalicelib.errors import SmsUnavailable
from chalicelib.gateways.sms import Sms
from chalicelib.handlers import events as event_handlers
from chalicelib.services.watch import sweeping
from tests.support import regency
from tests.world.harness import Incident, Story
from tests.world.test_burst import Unsettled, many


def _queue_goes_down(story: Story) -> None:
    story.wakeups.down = True
    # What it held is gone too.
    story.wakeups.queue.clear()


def _sweep_check(story: Story) -> Any:
    return story.http("GET", "/api/health").body["checks"]["sweep"]


def test_pages_leave_with_the_next_sweep_and_health_says_that_it_works_by_hand(story: Story) -> None:
    _queue_goes_down(story)
    incident: Incident = story.call("house_fire")["incident"]
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects_nothing()
    story.sweep()
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("Kebakaran")
    assert "PagesSent" in story.events(incident["id"])
    assert story.incident(incident["id"])["attention"] == []
    check = _sweep_check(story)
    assert not check["ok"] and "3 by_hand" in check["detail"]
    story.wakeups.down = False
    story.sweep()
    assert _sweep_check(story)["ok"]


def test_an_escalation_that_is_due_and_what_it_orders_leave_in_one_sweep(story: Story) -> None:
    step = EscalationStep(after_s=60, to="on_duty")
    policy = EscalationPolicy(
        id="normal", label=regency.label("Biasa"), steps=[step], silence=regency.SILENCE
    )
    path = "/api/registry/escalation-policies/normal"
    story.desk("PUT", path, to_builtins(policy), as_="admin")
    story.call("childbirth")
    story.phone("citra").expects("Melahirkan")
    _queue_goes_down(story)
    story.clock.advance(61)
    story.sweep()
    story.phone("dewi").expects("Melahirkan")


def test_a_cancellation_reaches_whoever_was_paged(story: Story) -> None:
    incident: Incident = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan")
    _queue_goes_down(story)
    story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Palsu"})
    story.sweep()
    story.phone("citra").expects("BATAL")


def test_a_provider_that_is_down_too_is_asked_again_by_each_sweep(story: Story) -> None:
    _queue_goes_down(story)
    story.provider.goes_down()
    story.call("childbirth")
    story.fast_forward(180)
    story.provider.comes_back()
    story.fast_forward(120)
    story.phone("citra").expects("Melahirkan")


def test_a_sweep_by_hand_ends_in_time_and_the_next_one_goes_on(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "AT_ONCE", 1)
    asked: list[str] = []

    def slow(sms: Sms) -> None:
        asked.append(sms.number)
        story.clock.advance(15)

    story.provider.failing = slow
    _queue_goes_down(story)
    story.call("house_fire")
    event_handlers.sweep(story.world)
    assert len(asked) == 2
    event_handlers.sweep(story.world)
    assert len(asked) == 3
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("Kebakaran")


def test_by_hand_the_newest_call_out_leaves_first_then_the_next_stage_and_a_burst_last(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sweep has 20 s by hand: what it begins with is what leaves while the provider is slow."""
    monkeypatch.setattr(sweeping, "AT_ONCE", 1)
    step = EscalationStep(after_s=120, to="on_duty")
    policy = EscalationPolicy(
        id="normal", label=regency.label("Biasa"), steps=[step], silence=regency.SILENCE
    )
    story.desk("PUT", "/api/registry/escalation-policies/normal", to_builtins(policy), as_="admin")
    crew = many("airud", "perahu_1", 12)
    story.call("house_fire")
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("Kebakaran")
    story.clock.advance(90)
    _queue_goes_down(story)
    story.call("drowning", terrain="water")
    story.clock.advance(1)
    story.call("childbirth")
    story.clock.advance(31)
    story.sweep()
    told = [sms.number for sms in story.provider.messages][3:]
    boat = {regency.number_of("fajar"), *crew}
    assert told[0] == regency.number_of("dewi"), "the newest incident's"
    assert set(told[1:11]) < boat
    assert told[11] == regency.number_of("budi"), "whom the fire's escalation asks"
    assert set(told[12:]) < boat and len(told) == 15, "what keeps to the provider's rate comes last"
    for number in told:
        story.phone_of(number).expects("112")


def test_no_message_is_tried_twice_in_one_sweep(story: Story) -> None:
    tried: list[str] = []

    def failing(sms: Sms) -> None:
        tried.append(sms.page_id)
        story.clock.advance(4)
        raise SmsUnavailable("later", retry_after_s=1)

    story.provider.failing = failing
    _queue_goes_down(story)
    story.call("childbirth")
    event_handlers.sweep(story.world)
    assert len(tried) == 1
    story.provider.comes_back()
    story.fast_forward(60)
    story.phone("citra").expects("Melahirkan")


def test_the_auditor_does_so_as_well_when_no_sweep_runs(story: Story) -> None:
    story.sweep()
    _queue_goes_down(story)
    story.call("childbirth")
    story.clock.advance(200)
    event_handlers.audit(story.world)
    story.phone("citra").expects("Melahirkan")


def test_a_queue_that_takes_wake_ups_leaves_the_work_to_its_workers(story: Story) -> None:
    story.wakeups.lost = True
    story.call("childbirth")
    assert event_handlers.sweep(story.world)["by_hand"] == 0
    story.phone("citra").expects_nothing()
    story.wakeups.lost = False
    story.sweep()
    story.phone("citra").expects("Melahirkan")


def test_a_sweep_wakes_the_newest_call_outs_first(story: Story) -> None:
    """Of hundreds that are late each batch takes its time: the newest fire waits for no old one."""
    many("airud", "perahu_1", 30)
    story.wakeups.lost = True
    story.call("drowning", terrain="water")
    story.clock.advance(1)
    story.call("childbirth")
    story.wakeups.lost = False
    with Unsettled(story):
        story.clock.advance(31)
        story.sweep()
    woken = [queue for _, queue, _ in story.wakeups.queue]
    assert woken.index("bulk") == 11, "the first pages of both before the burst"
    story.settle()
    assert any("Melahirkan" in sms.text for sms in story.provider.messages[:10]), "it is of the first batch"
    for number in {sms.number for sms in story.provider.messages}:
        story.phone_of(number).expects("112")
        story.phone_of(number).expects_nothing()
