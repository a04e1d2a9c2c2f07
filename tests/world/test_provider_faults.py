"""A provider that is down, slow, broken or choosy: every page gets through once it can, and the desk knows of the rest."""

from __future__ import annotations

import pytest
from msgspec import to_builtins

from chalicelib.domain import times
from chalicelib.domain.registry import EscalationPolicy, EscalationStep
from chalicelib.errors import SmsRefused, SmsUnavailable
from chalicelib.gateways.sms import Sms
from tests.support import regency
from tests.world.harness import Incident, Story


def policy(story: Story, *waits: int) -> None:
    steps = [EscalationStep(after_s=wait, to="on_duty") for wait in waits]
    kept = EscalationPolicy(id="normal", label=regency.label("Biasa"), steps=steps, silence=regency.SILENCE)
    story.desk("PUT", "/api/registry/escalation-policies/normal", to_builtins(kept), as_="admin")


def pages(story: Story, incident: Incident) -> list[Incident]:
    found: list[Incident] = story.incident(incident["id"])["pages"]
    return found


def marks(story: Story, incident: Incident) -> list[str]:
    return [mark["code"] for mark in story.incident(incident["id"])["attention"]]


def test_a_provider_down_for_ten_minutes_delays_by_a_minute_more_at_most(story: Story) -> None:
    story.provider.goes_down()
    incident: Incident = story.call("house_fire")["incident"]
    story.fast_forward(600)
    story.provider.comes_back()
    story.fast_forward(120)
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("Kebakaran rumah")
    late = [times.between(page["requested_at"], page["sent_at"]) or 0 for page in pages(story, incident)]
    assert 600 <= min(late) <= max(late) <= 725


def test_an_escalation_goes_on_while_the_provider_is_down_and_ends_at_the_desk(story: Story) -> None:
    policy(story, 60, 60)
    story.provider.goes_down()
    incident: Incident = story.call("childbirth")["incident"]
    story.fast_forward(240)
    assert marks(story, incident) == ["no_acknowledgement"]
    path = f"/api/incidents/{incident['id']}/assignments/{incident['assignments'][0]['id']}/status"
    story.desk("POST", path, {"status": "acknowledged"})
    story.provider.comes_back()
    story.fast_forward(180)
    # Citra's crew was rung by the desk; Dewi, whom the escalation asked and whose SMS may have left, is not needed any more.
    story.phone("citra").expects("Melahirkan")
    story.phone("dewi").expects("AMBULANS-1", "TIDAK perlu datang")


def test_a_provider_that_refuses_every_number_leaves_nobody_unmentioned(story: Story) -> None:
    def refuse(sms: Sms) -> None:
        raise SmsRefused("the number does not exist")

    policy(story, 60)
    story.provider.failing = refuse
    incident: Incident = story.call("childbirth")["incident"]
    story.fast_forward(300)
    assert [page["status"] for page in pages(story, incident)] == ["failed", "failed"]
    assert marks(story, incident) == ["page_failed", "page_failed", "no_acknowledgement"]


def test_a_provider_that_takes_no_message_of_ours_ends_no_page_and_the_escalation_goes_on(
    story: Story,
) -> None:
    policy(story, 60)
    story.provider.bars()
    incident: Incident = story.call("childbirth")["incident"]
    story.fast_forward(300)
    assert [page["status"] for page in pages(story, incident)] == ["pending", "pending"]
    assert marks(story, incident) == ["no_acknowledgement"]
    story.provider.comes_back()
    story.fast_forward(180)
    for person in ("citra", "dewi"):
        story.phone(person).expects("Melahirkan")


def test_a_provider_that_refuses_the_call_out_gets_no_cancellation_to_send(story: Story) -> None:
    story.provider.refuses(regency.number_of("citra"))
    incident: Incident = story.call("childbirth")["incident"]
    # Who is next was asked at once, and is the one to be called off.
    story.phone("dewi").expects("Melahirkan")
    story.provider.comes_back()
    story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Salah lapor"})
    story.fast_forward(120)
    story.phone("dewi").expects("BATAL")
    story.phone("citra").expects_nothing()


@pytest.mark.parametrize(("seconds", "messages"), [(4, 1), (29, 1), (31, 2)])
def test_a_provider_slower_than_the_claim_lets_a_second_worker_send_and_says_that_it_may_be_a_repeat(
    story: Story, seconds: int, messages: int
) -> None:
    def slow(sms: Sms) -> None:
        story.provider.comes_back()
        story.clock.advance(seconds)
        # Meanwhile the sweep looks at it from another process.
        story.sweep()

    story.provider.failing = slow
    incident: Incident = story.call("childbirth")["incident"]
    story.fast_forward(120)
    for _ in range(messages):
        story.phone("citra").expects("Melahirkan")
    [page] = pages(story, incident)
    assert page["status"] == "sent"
    assert page["attempts"][-1]["maybe_repeat"] is (messages == 2)
    sent = [each for each in story.incident(incident["id"])["timeline"] if each["type"] == "PagesSent"]
    assert len(sent) == 1


def test_a_provider_that_fails_in_a_way_nobody_foresaw_is_tried_again_after_the_claim(story: Story) -> None:
    def broken(sms: Sms) -> None:
        raise ZeroDivisionError

    story.provider.failing = broken
    incident: Incident = story.call("childbirth")["incident"]
    story.fast_forward(300)
    story.provider.comes_back()
    story.fast_forward(60)
    story.phone("citra").expects("Melahirkan")
    assert pages(story, incident)[0]["attempts"][-1]["maybe_repeat"] is True


def test_a_provider_that_flickers_sends_each_page_once(story: Story) -> None:
    tries = 0

    def flicker(sms: Sms) -> None:
        nonlocal tries
        tries += 1
        if tries % 2:
            raise SmsUnavailable("503", may_be_taken=False)

    story.provider.failing = flicker
    story.call("house_fire")
    story.fast_forward(300)
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("Kebakaran rumah")


def test_a_provider_that_asks_for_an_hour_is_asked_again_within_two_minutes(story: Story) -> None:
    def wait(sms: Sms) -> None:
        story.provider.comes_back()
        raise SmsUnavailable("429", retry_after_s=3600, may_be_taken=False)

    story.provider.failing = wait
    story.call("childbirth")
    story.fast_forward(180)
    story.phone("citra").expects("Melahirkan")


def test_one_phone_that_the_provider_cannot_reach_holds_up_no_other_and_no_other_incident(
    story: Story,
) -> None:
    def unreachable(sms: Sms) -> None:
        if sms.number == regency.number_of("andi"):
            raise SmsUnavailable("timeout")

    story.provider.failing = unreachable
    story.call("house_fire")
    story.call("drowning")
    for person, word in (("citra", "Kebakaran"), ("eko", "Kebakaran"), ("fajar", "Tenggelam")):
        story.phone(person).expects(word)
    story.provider.comes_back()
    story.fast_forward(120)
    story.phone("andi").expects("Kebakaran rumah")
