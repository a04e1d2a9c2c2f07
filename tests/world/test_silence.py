"""Every signed-in page is told when SMS do not leave, or when nobody watches whether they do."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.models import heartbeats
from tests.world.harness import Story


def silence(story: Story, as_: str = "operator") -> Any:
    story.clock.advance(10)
    answer = story.http("GET", "/api/incidents?state=open", as_=as_)
    assert answer.status == 200, answer.text
    return answer.body["silence"]


@pytest.mark.parametrize("as_", ["operator", "supervisor", "leader", "auditor", "damkar_admin", "admin"])
def test_while_the_provider_takes_nothing_every_page_says_how_many_have_not_left(
    story: Story, as_: str
) -> None:
    story.sweep()
    assert silence(story, as_) is None
    story.provider.goes_down()
    story.call("childbirth")
    story.fast_forward(120)
    found = silence(story, as_)
    assert (found["code"], found["pages"]) == ("unsent", 1)
    story.provider.comes_back()
    story.fast_forward(300)
    story.phone("citra").expects("/r/")
    assert silence(story, as_) is None


def test_a_provider_that_takes_no_message_of_ours_is_told_by_the_next_sweep_and_loses_no_page(
    story: Story,
) -> None:
    story.provider.bars()
    incident = story.call("childbirth")["incident"]
    story.clock.advance(5)
    story.sweep()
    found = silence(story)
    assert (found["code"], found["pages"]) == ("barred", 1)
    story.fast_forward(600)
    page = story.incident(incident["id"])["pages"][0]
    assert (page["status"], page["attempts"][-1]["barred"]) == ("pending", True)
    assert silence(story)["code"] == "barred"
    story.provider.comes_back()
    story.fast_forward(180)
    story.phone("citra").expects("/r/")
    assert silence(story) is None


def test_a_sweep_that_does_not_come_is_told_with_the_time_of_the_last(story: Story) -> None:
    story.sweep()
    last = story.clock.now()
    story.clock.advance(400)
    found = silence(story)
    assert found["code"] == "unwatched" and found["since"] <= last
    story.sweep()
    assert silence(story) is None


def test_the_heartbeat_is_read_once_for_all_that_ask_within_seconds(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    real = heartbeats.heartbeats

    def counted(names: Any) -> Any:
        asked.append(names)
        return real(names)

    monkeypatch.setattr(heartbeats, "heartbeats", counted)
    for _ in range(20):
        story.http("GET", "/api/incidents?state=open", as_="operator")
    assert len(asked) == 1
