"""A mistake in the settings of the SMS provider stops pages, which say so, and nothing else: least of all calls."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib import bootstrap
from chalicelib.gateways.sms_provider import provider_from
from tests.world.harness import Story

SECRET = "kata-sandi-penyedia"
BAD = {
    "not JSON": {"sms_provider": "http", "sms_http": SECRET},
    "http alone": {"sms_provider": "http", "sms_http": f'{{"url": "http://{SECRET}.example/send"}}'},
    "nothing": {"sms_provider": "http", "sms_http": ""},
    "no such provider": {"sms_provider": "merpati"},
}


def set_up(story: Story, settings: dict[str, Any]) -> None:
    changed = replace(story.world.settings, **settings)
    story.world = replace(story.world, settings=changed, sms=provider_from(changed))
    bootstrap.install(story.world)


@pytest.mark.parametrize("settings", BAD.values(), ids=list(BAD))
def test_calls_are_taken_and_pages_wait_and_say_why(story: Story, settings: dict[str, Any]) -> None:
    set_up(story, settings)
    incident = story.call()["incident"]
    story.deliver([body for queue, body in story.wakeups.ripe() if queue == "pages"])
    pages = story.incident(incident["id"])["pages"]
    assert {page["status"] for page in pages} == {"pending"}
    (detail,) = {page["attempts"][-1]["detail"] for page in pages}
    assert "settings" in detail and SECRET not in detail


def test_once_they_are_right_what_waited_is_sent(story: Story) -> None:
    usable = story.world
    set_up(story, BAD["not JSON"])
    story.call()
    story.deliver([body for queue, body in story.wakeups.ripe() if queue == "pages"])
    story.world = usable
    bootstrap.install(usable)
    story.fast_forward(60)
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("Pasar Sampit")


def test_health_says_that_no_sms_can_leave(story: Story) -> None:
    assert "sms" not in story.http("GET", "/api/health").body["checks"]
    set_up(story, BAD["nothing"])
    answer = story.http("GET", "/api/health")
    check = answer.body["checks"]["sms"]
    assert (answer.status, answer.body["status"], check["ok"]) == (200, "degraded", False)
    assert "settings" in check["detail"]
