"""Whoever has other duties by a published sheet is told by one SMS, with the link to the own page; nobody else is."""

from __future__ import annotations

import pytest

from chalicelib.models import notices
from chalicelib.services.notices import people
from tests.world.harness import Story
from tests.world.test_duty_sheets import DECEMBER, cell, filled, writes


def publish(story: Story) -> None:
    version = story.http("GET", DECEMBER, as_="admin").body["v"]
    story.desk("POST", f"{DECEMBER}/publish", {"v": version, "first_day": "2026-12-05"}, as_="psc_admin")


def minute(story: Story) -> None:
    story.fast_forward(60)
    story.send_notices()


def test_a_first_sheet_tells_everybody_in_it_from_when_and_with_the_link(story: Story) -> None:
    filled(story)
    publish(story)
    story.send_notices()
    minute(story)
    text = story.phone("citra").expects("Sab 5 Des 07.00-19.00, dan 26 hari lain", "https://112.test/r/")
    assert len(text) <= 160
    story.phone("dewi").expects("Sab 5 Des 07.00-19.00")
    minute(story)
    story.phone("citra").expects_nothing()
    assert notices.due(story.world.clock.now(), 10, notices.DUE_PEOPLE) == []


def test_a_sheet_that_is_published_again_tells_those_alone_whose_days_are_others(story: Story) -> None:
    filled(story)
    publish(story)
    story.send_notices()
    minute(story)
    story.phone("citra").expects("dinas Anda berubah")
    story.phone("dewi").expects("dinas Anda berubah")
    writes(story, cell("citra", 9, "L", "P"))
    publish(story)
    publish(story)  # The same again.
    story.send_notices()
    minute(story)
    story.phone("citra").expects("berubah: Rab 9 Des lepas.")
    story.phone("dewi").expects_nothing()


def test_a_sheet_that_changes_nothing_for_anybody_tells_nobody(story: Story) -> None:
    filled(story)
    publish(story)
    story.send_notices()
    minute(story)
    story.phone("citra").expects("dinas Anda berubah")
    story.phone("dewi").expects("dinas Anda berubah")
    writes(story, cell("citra", 3, "L", "P"))  # Before the first day.
    publish(story)
    minute(story)
    story.phone("citra").expects_nothing()


def test_who_was_not_told_when_the_process_died_is_told_by_the_next_one_and_nobody_twice(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(story)
    publish(story)
    tell = people.tell_person
    told: list[object] = []

    def dies(*each: object) -> bool:
        if told:
            raise RuntimeError("the process died")
        told.append(each)
        return tell(*each)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(people, "tell_person", dies)
        story.send_notices()
    minute(story)
    minute(story)
    story.phone("citra").expects("dinas Anda berubah")
    story.phone("dewi").expects("dinas Anda berubah")
    minute(story)
    story.phone("citra").expects_nothing()
    story.phone("dewi").expects_nothing()
