"""Replies that no machine may read: nothing is recorded, the desk gets a minute before the next stage, once."""

from __future__ import annotations

import pytest
from msgspec import to_builtins

from chalicelib.domain.registry import EscalationPolicy, EscalationStep, SilentCrew
from tests.support import regency
from tests.world.harness import Story
from tests.world.test_replies import STRANGER, birth, crews, marks, sms
from tests.world.test_replies import story as story  # a regency whose crews may answer by SMS


def asking_after_a_minute(story: Story) -> None:
    """Whoever does not answer within a minute is followed by the next on duty."""
    steps = [EscalationStep(after_s=60, to="on_duty")]
    policy = EscalationPolicy(id="normal", label=regency.label("Biasa"), steps=steps, silence=regency.SILENCE)
    story.desk("PUT", "/api/registry/escalation-policies/normal", to_builtins(policy), as_="admin")


@pytest.mark.parametrize(
    "text",
    [
        "nyasar lokasi",
        "warga sudah di lokasi",
        "balum sampai lagi",
        "selesai mandi langsung jalan",
        "monitor, jalan ditutup",
        "regu 2 yg berangkat",
        "habis magrib berangkat",
    ],
)
def test_a_word_beside_words_that_nobody_understood_is_no_step(story: Story, text: str) -> None:
    incident, _ = birth(story)
    story.clock.advance(400)
    assert sms(story, "citra", text) == "desk"
    assert crews(story, incident) == ["requested"]


def test_on_scene_seconds_after_the_page_is_asked_about_and_a_minute_later_it_counts(story: Story) -> None:
    incident, code = birth(story)
    assert sms(story, "citra", f"{code} sudah di lokasi") == "desk"
    assert (crews(story, incident), marks(story, incident)[0]["proposal"]) == (["requested"], "on_scene")
    story.clock.advance(60)
    assert sms(story, "citra", f"{code} sudah di lokasi") == "applied"
    assert crews(story, incident) == ["on_scene"]


def test_the_time_at_which_the_phone_wrote_counts_and_not_that_of_a_late_posting(story: Story) -> None:
    incident, code = birth(story)
    story.clock.advance(3)
    said = story.clock.now()
    story.clock.advance(300)
    assert sms(story, "citra", f"{code} tiba", at=said) == "desk"
    assert marks(story, incident)[0]["said_at"] == said


def test_what_was_written_before_the_page_answers_something_else(story: Story) -> None:
    story.clock.advance(3600)
    said = story.clock.now()
    story.clock.advance(300)
    incident, code = birth(story)
    assert sms(story, "citra", "ok", at=said) == "desk"
    # Its code says what it answers: then it is the modem's clock that is wrong.
    assert sms(story, "citra", f"{code} ok", at=said) == "applied"
    assert crews(story, incident) == ["acknowledged"]


def test_a_crew_that_was_silent_is_not_done_after_two_minutes(story: Story) -> None:
    incident, code = birth(story)
    story.clock.advance(120)
    assert sms(story, "citra", f"{code} selesai") == "desk"
    assert marks(story, incident)[0]["proposal"] == "cleared"
    assert sms(story, "citra", f"{code} otw") == "applied"
    assert sms(story, "citra", f"{code} selesai") == "applied"


def test_a_crew_that_is_there_is_not_taken_back_by_what_may_be_about_others(story: Story) -> None:
    incident, code = birth(story)
    story.clock.advance(120)
    assert sms(story, "citra", f"{code} tiba") == "applied"
    assert sms(story, "citra", f"{code} tidak bisa bbm habis") == "desk"
    assert crews(story, incident) == ["on_scene"]
    (mark,) = marks(story, incident)
    assert (mark["proposal"], mark["reason"]) == ("unable", "no_fuel")


def test_an_unclear_reply_gives_the_desk_a_minute_before_the_next_is_asked_and_no_second_one(
    story: Story,
) -> None:
    asking_after_a_minute(story)
    incident, code = birth(story)
    story.fast_forward(30, sweeping=False)
    assert sms(story, "citra", f"{code} sopir belum datang") == "desk"
    story.fast_forward(15, sweeping=False)
    assert sms(story, "citra", f"{code} sebentar") == "desk"
    story.fast_forward(74, sweeping=False)  # 119 s after the page
    story.phone("dewi").expects_nothing()
    story.fast_forward(2, sweeping=False)
    assert story.phone("dewi").expects("Melahirkan")
    timeline = story.incident(incident["id"])["timeline"]
    received = [event["data"] for event in timeline if event["type"] == "SmsReplyReceived"]
    assert [data.get("paused_s") for data in received] == [60, None]


def test_the_audit_lets_the_pause_stand(story: Story) -> None:
    asking_after_a_minute(story)
    _, code = birth(story)
    assert sms(story, "citra", f"{code} sopir belum datang") == "desk"
    story.fast_forward(100)  # With sweeps and audits.
    story.phone("dewi").expects_nothing()
    story.fast_forward(80)
    assert story.phone("dewi").expects("Melahirkan")


@pytest.mark.parametrize("who", ["gita", STRANGER])
def test_only_the_phone_that_was_paged_holds_up_its_escalation(story: Story, who: str) -> None:
    asking_after_a_minute(story)
    _, code = birth(story)
    assert sms(story, who, f"{code} sebentar ya") == "desk"
    story.fast_forward(61, sweeping=False)
    assert story.phone("dewi").expects("Melahirkan")


def test_an_unclear_reply_starts_no_search_that_has_ended(story: Story) -> None:
    asking_after_a_minute(story)
    incident, code = birth(story)
    assert sms(story, "citra", f"{code} ya") == "applied"
    assert sms(story, "citra", f"{code} hm?") == "desk"
    story.fast_forward(600)
    assert story.incident(incident["id"])["assignments"][0]["due_at"] is None


def test_the_desk_accepts_the_proposal_with_the_time_at_which_it_was_said(story: Story) -> None:
    incident, code = birth(story)
    story.clock.advance(20)
    said = story.clock.now()
    assert sms(story, "citra", f"{code} sudah di lokasi", at=said) == "desk"
    story.clock.advance(40)
    (mark,) = marks(story, incident)
    path = f"/api/incidents/{incident['id']}/assignments/{mark['detail']}/status"
    story.desk("POST", path, {"status": mark["proposal"], "occurred_at": mark["said_at"]})
    assert story.incident(incident["id"])["assignments"][0]["milestones"]["on_scene"] == said


def test_an_unclear_reply_is_no_silence_and_nobody_is_asked_beside_its_crew(story: Story) -> None:
    policy = EscalationPolicy(
        id="normal",
        label=regency.label("Biasa"),
        steps=[EscalationStep(after_s=7200, to="head")],
        silence=[SilentCrew(priority=2, after_s=60)],
    )
    story.desk("PUT", "/api/registry/escalation-policies/normal", to_builtins(policy), as_="admin")
    incident, _ = birth(story)
    story.clock.advance(30)
    assert sms(story, "citra", "nyasar lokasi") == "desk"
    story.fast_forward(3600)
    heard = [e["data"] for e in story.incident(incident["id"])["timeline"] if e["type"] == "CrewHeard"]
    assert [each["sign"] for each in heard] == ["reply"]


def test_a_strangers_sms_does_not_break_a_crews_silence(story: Story) -> None:
    policy = EscalationPolicy(
        id="normal",
        label=regency.label("Biasa"),
        steps=[EscalationStep(after_s=7200, to="head")],
        silence=[SilentCrew(priority=2, after_s=60)],
    )
    story.desk("PUT", "/api/registry/escalation-policies/normal", to_builtins(policy), as_="admin")
    _, code = birth(story)
    story.clock.advance(30)
    assert sms(story, STRANGER, f"{code} siap") == "desk"
    story.fast_forward(40, sweeping=False)
    story.phone("dewi").expects("Melahirkan")
