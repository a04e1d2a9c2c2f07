"""Jumping over minutes in which nothing is due tells the same story as living through each of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chalicelib import bootstrap
from chalicelib.domain import times
from tests.world.harness import Story
from tests.world.provider import policy

# The messages' numbers and words, and the events' types and instants.
Outcome = tuple[list[tuple[str, str]], list[tuple[str, str]]]


def minute_by_minute(story: Story, seconds: float) -> None:
    while seconds > 0:
        step = min(60.0, seconds)
        story.clock.advance(step)
        seconds -= step
        story.settle()
        story.sweep()


def nobody_answers(story: Story, pass_time: Callable[[float], None]) -> None:
    policy(story, (90, "on_duty"), (610, "head"), (1230, "on_duty"))
    story.call("childbirth")
    pass_time(3601)


def one_answers_late(story: Story, pass_time: Callable[[float], None]) -> None:
    policy(story, (60, "on_duty"), (600, "head"))
    story.call("house_fire")
    pass_time(145)
    story.phone("andi").taps("acknowledged")
    pass_time(3000)


def every_wakeup_is_lost(story: Story, pass_time: Callable[[float], None]) -> None:
    policy(story, (300, "on_duty"))
    story.wakeups.lost = True
    story.call("childbirth")
    story.wakeups.lost = False
    pass_time(1200)


def the_provider_is_down_for_an_hour(story: Story, pass_time: Callable[[float], None]) -> None:
    story.provider.goes_down()
    story.call("childbirth")
    pass_time(3500)
    story.provider.comes_back()
    pass_time(1900)


def the_queue_is_down_for_ten_minutes(story: Story, pass_time: Callable[[float], None]) -> None:
    policy(story, (120, "on_duty"))
    story.wakeups.down = True
    story.call("childbirth")
    pass_time(600)
    story.wakeups.down = False
    pass_time(600)


@pytest.mark.parametrize(
    "told",
    [
        nobody_answers,
        one_answers_late,
        every_wakeup_is_lost,
        the_provider_is_down_for_an_hour,
        the_queue_is_down_for_ten_minutes,
    ],
)
def test_the_same_happens_within_a_minute_of_the_same_instants(
    told: Callable[..., None], database: str
) -> None:
    jumping, stepping = Story(), Story()
    jumped = outcome(jumping, told, jumping.fast_forward)
    lived = outcome(stepping, told, lambda seconds: minute_by_minute(stepping, seconds))
    assert jumped[0] == lived[0] and jumped[0]
    assert [type_ for type_, _ in jumped[1]] == [type_ for type_, _ in lived[1]]
    # Each look at the clock takes a thousandth of a second: who comes one before something is due does it a minute later.
    apart = [
        times.between(one, other) or 0.0 for (_, one), (_, other) in zip(jumped[1], lived[1], strict=True)
    ]
    assert len(apart) > 3 and all(abs(each) < 61 for each in apart), (jumped, lived)


def outcome(story: Story, told: Callable[..., None], pass_time: Callable[[float], None]) -> Outcome:
    """Who got which words, and what happened when, after a story."""
    bootstrap.install(story.world)
    story.empty()
    story.seed()
    told(story, pass_time)
    messages = sorted((sms.number, sms.text.partition("https://")[0]) for sms in story.provider.messages)
    (incident,) = story.http("GET", "/api/incidents", as_="operator").body["incidents"]
    timeline = story.incident(incident["id"])["timeline"]
    return messages, [(each["type"], each["occurred_at"]) for each in timeline]


def test_minutes_in_which_nothing_is_due_cost_no_sweep(story: Story) -> None:
    policy(story, (600, "on_duty"))
    story.call("childbirth")
    story.phone("citra").expects("Melahirkan")
    swept = []
    story.sweep = lambda: swept.append(story.clock.now()[:16])  # type: ignore[method-assign]
    story.fast_forward(3600)
    story.phone("dewi").expects("Melahirkan")
    assert len(swept) < 10, swept
