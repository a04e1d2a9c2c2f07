"""A number that is put right while its page waits: the page goes to the right phone, once, and the wrong one hears nothing."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.wakeup import Wakeup
from chalicelib.models.registry import RegistryCache, Snapshot
from chalicelib.services.pages import sending as paging
from infra import verify
from tests.world.harness import Story

NEW = "+6281234500099"


def person(story: Story, id_: str) -> dict[str, Any]:
    found: dict[str, Any] = story.http("GET", f"/api/registry/personnel/{id_}", as_="admin").body
    return {name: value for name, value in found.items() if name != "v"}


def put_right(story: Story, id_: str, phone: str = NEW) -> None:
    answer = story.http(
        "PUT", f"/api/registry/personnel/{id_}", {**person(story, id_), "phone": phone}, as_="admin"
    )
    assert answer.status == 200, answer.text


def test_a_page_that_waits_for_the_provider_goes_to_the_number_that_was_put_right(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    story.provider.goes_down()
    incident = story.call("childbirth")["incident"]
    story.fast_forward(30)
    put_right(story, "citra")
    story.provider.comes_back()
    story.fast_forward(300)
    new = story.phone_of(NEW)
    new.expects("/r/")
    new.taps("acknowledged")
    story.fast_forward(300)
    new.expects_nothing()
    story.phone("citra").expects_nothing()
    crew = story.incident(incident["id"])["crews"][0]
    assert crew["status"] == "acknowledged"
    assert verify.main([]) == 0, capsys.readouterr().out


def test_a_page_that_has_left_is_not_sent_again_to_a_new_number(story: Story) -> None:
    story.call("childbirth")
    story.phone("citra").expects("/r/")
    put_right(story, "citra")
    new = story.phone_of(NEW)
    story.sweep()
    story.settle()
    new.expects_nothing()


def test_a_batch_that_began_before_the_number_was_put_right_sends_no_later_page_back_to_the_old_one(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = story.world.registry.current()
    put_right(story, "citra")
    real = RegistryCache.current
    stale = [before]

    def current(cache: RegistryCache) -> Snapshot:
        return stale.pop() if stale else real(cache)

    story.wakeups.lost = True
    incident = story.call("childbirth")["incident"]
    story.wakeups.lost = False
    page_id = incident["pages"][0]["id"]
    monkeypatch.setattr(RegistryCache, "current", current)
    assert paging.send_pages(story.world, [Wakeup(incident["id"], page_id)]) == set()
    assert stale == []
    story.phone_of(NEW).expects("/r/")
    story.phone("citra").expects_nothing()
