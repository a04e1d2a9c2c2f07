"""Without wake-ups, without the sweep, or without both: nothing is lost, and how late it leaves is known."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from msgspec import to_builtins

from chalicelib.domain import times
from chalicelib.domain.registry import EscalationPolicy, EscalationStep
from chalicelib.errors import SmsUnavailable
from chalicelib.gateways.sms import Sms
from tests.support import regency
from tests.world.harness import Incident, Story

To = Literal["on_duty", "backup", "head", "supervisor"]


def policy(story: Story, *steps: tuple[int, To]) -> None:
    kept = EscalationPolicy(
        id="normal",
        label=regency.label("Biasa"),
        steps=[EscalationStep(after_s=wait, to=to) for wait, to in steps],
        silence=regency.SILENCE,
    )
    story.desk("PUT", "/api/registry/escalation-policies/normal", to_builtins(kept), as_="admin")


def late(story: Story, incident: Incident, kind: str = "page") -> list[int]:
    """How many whole seconds after its order each message of an incident left."""
    pages = [page for page in story.incident(incident["id"])["pages"] if page["kind"] == kind]
    return [int(times.between(page["requested_at"], page["sent_at"]) or 0) for page in pages]


def birth(story: Story) -> Incident:
    incident: Incident = story.call("childbirth")["incident"]
    return incident


@pytest.mark.parametrize("fault", ["lost", "down"])
def test_with_no_wake_up_at_all_a_page_leaves_by_the_sweep_within_a_minute(story: Story, fault: str) -> None:
    setattr(story.wakeups, fault, True)
    incident = birth(story)
    for _ in range(3):
        story.clock.advance(20)
        story.sweep()
        if fault == "lost":
            # What the sweep sends is lost too: nobody knows, until a queue takes it again.
            story.wakeups.lost = False
    story.phone("citra").expects("Melahirkan")
    assert late(story, incident)[0] <= 60
    story.fast_forward(60)
    story.wakeups.down = False


def test_a_queue_that_is_down_for_ten_minutes_holds_up_no_step_longer_than_a_minute(story: Story) -> None:
    policy(story, (120, "on_duty"), (120, "on_duty"))
    story.wakeups.down = True
    incident = birth(story)
    story.fast_forward(60)
    story.phone("citra").expects("Melahirkan")
    story.fast_forward(120)
    story.phone("dewi").expects("Melahirkan")
    assert max(late(story, incident)) <= 60
    story.phone("dewi").taps("acknowledged")
    story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Salah lapor"})
    story.fast_forward(120)
    for person in ("citra", "dewi"):
        story.phone(person).expects("BATAL")
    assert max(late(story, incident, "cancelled")) <= 120
    story.fast_forward(300)
    story.wakeups.down = False


def test_a_queue_that_is_down_does_not_stop_the_tries_of_a_busy_provider(story: Story) -> None:
    tries = 0

    def busy(sms: Sms) -> None:
        nonlocal tries
        tries += 1
        if tries < 4:
            raise SmsUnavailable("429", may_be_taken=False)

    story.wakeups.down = True
    story.provider.failing = busy
    birth(story)
    story.fast_forward(300)
    story.phone("citra").expects("Melahirkan")
    story.wakeups.down = False


def test_ten_minutes_without_the_sweep_hold_up_nothing_whose_wake_up_comes(story: Story) -> None:
    policy(story, (120, "on_duty"))
    incident = birth(story)
    story.phone("citra").expects("Melahirkan")
    for _ in range(10):
        story.fast_forward(60, sweeping=False)
    story.phone("dewi").expects("Melahirkan")
    assert late(story, incident) == [0, 0]
    marks = story.incident(incident["id"])["attention"]
    assert [mark["code"] for mark in marks] == ["no_acknowledgement"]


def test_ten_minutes_without_sweep_and_wake_ups_lose_nothing_and_all_leaves_when_they_are_back(
    story: Story,
) -> None:
    policy(story, (120, "on_duty"), (120, "on_duty"))
    story.wakeups.lost = True
    called_off: Incident = story.call("house_fire")["incident"]
    story.clock.advance(120)
    incident = birth(story)
    story.clock.advance(240)
    story.desk("POST", f"/api/incidents/{called_off['id']}/cancel", {"reason": "Salah lapor"})
    story.clock.advance(240)
    story.wakeups.lost = False
    assert story.provider.messages == []
    story.sweep()
    story.phone("dewi").expects("Melahirkan", "AMBULANS-2")
    # The stages come one after another, each with its own wait: nobody is asked twice in a breath.
    assert story.events(incident["id"]).count("AssignmentEscalated") == 1
    story.phone("citra").expects("Melahirkan", "AMBULANS-2")
    assert late(story, incident) == [480, 0]
    story.fast_forward(60)
    assert {page["status"] for page in story.incident(called_off["id"])["pages"]} == {"expired"}
    story.phone("dewi").taps("acknowledged")
    story.fast_forward(600)
    story.phone("citra").expects("AMBULANS-2", "TIDAK perlu datang")
    story.audit()


def test_ten_minutes_without_sweep_wake_ups_and_provider_end_when_the_last_is_back(story: Story) -> None:
    story.provider.goes_down()
    story.wakeups.lost = True
    incident = birth(story)
    story.clock.advance(600)
    story.wakeups.lost = False
    story.sweep()
    story.provider.comes_back()
    story.fast_forward(60)
    story.phone("citra").expects("Melahirkan")
    assert late(story, incident)[0] <= 660


def test_the_audit_does_the_work_of_a_sweep_that_is_silent(story: Story) -> None:
    story.wakeups.lost = True
    incident = birth(story)
    story.wakeups.lost = False
    story.clock.advance(300)
    story.audit()
    story.phone("citra").expects("Melahirkan")
    assert late(story, incident) == [300]
    story.sweep()
    story.audit()


def wake_ups(story: Story, incident: Incident) -> list[dict[str, str]]:
    pages: list[dict[str, Any]] = story.incident(incident["id"])["pages"]
    return [{"incident": incident["id"], "page": page["id"]} for page in pages]


@pytest.mark.parametrize("times_", [2, 10])
def test_every_wake_up_many_times_and_backwards_sends_each_message_once(story: Story, times_: int) -> None:
    story.wakeups.lost = True
    incident: Incident = story.call("house_fire")["incident"]
    first = wake_ups(story, incident)
    story.deliver([body for body in reversed(first) for _ in range(times_)])
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("Kebakaran rumah")
    story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Salah lapor"})
    story.deliver([body for body in reversed(wake_ups(story, incident)) for _ in range(times_)])
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("BATAL")
    story.deliver(first * times_)
    story.wakeups.lost = False
    story.fast_forward(120)


def test_a_wake_up_of_what_never_was_or_cannot_be_read_keeps_no_other_waiting(story: Story) -> None:
    story.wakeups.lost = True
    incident = birth(story)
    story.wakeups.lost = False
    [own] = wake_ups(story, incident)
    strange = [{"incident": "nothing", "page": "nothing"}, {"page": own["page"]}, {}]
    answer = story.deliver([*strange, own])
    story.phone("citra").expects("Melahirkan")
    assert len(answer["batchItemFailures"]) == 2
