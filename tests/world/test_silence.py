"""Every signed-in page is told when SMS do not leave, or when nobody watches whether they do."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib import bootstrap
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


def test_a_supervisor_that_is_silent_is_told_on_every_page_and_by_health(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.sweep()
    since: list[str | None] = [None]
    bootstrap.install(replace(bootstrap.world(), unsupervised_since=lambda: since[0]))
    assert silence(story) is None
    assert "supervisor" not in story.http("GET", "/api/health").body["checks"]
    since[0] = "2026-11-23T03:00:00.000Z"
    # All else is well: the sweep has just run.
    story.sweep()
    assert silence(story) == {"code": "unwatched", "since": since[0], "pages": 0}
    health = story.http("GET", "/api/health")
    # Calls are taken all the same.
    assert health.status == 200 and health.body["status"] == "degraded"
    assert not health.body["checks"]["supervisor"]["ok"]


def test_before_anybody_has_looked_no_page_is_told_that_sms_leave(story: Story) -> None:
    before = story.http("GET", "/api/incidents?state=open", as_="leader").body
    assert (before["silence"], before["watched"]) == (None, False)
    story.clock.advance(10)
    story.sweep()
    after = story.http("GET", "/api/incidents?state=open", as_="leader").body
    assert (after["silence"], after["watched"]) == (None, True)


def test_while_sms_do_not_leave_every_page_is_told_since_when(story: Story) -> None:
    story.provider.goes_down()
    asked = story.call("childbirth")["pages"][0]["requested_at"]
    story.fast_forward(1260)
    since = silence(story)["since"]
    assert abs(datetime.fromisoformat(since) - datetime.fromisoformat(asked)) < timedelta(seconds=5)
