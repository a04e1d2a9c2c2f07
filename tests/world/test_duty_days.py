"""Each agency's day of duty is frozen as evidence when it begins, as it was known then, however late somebody looks."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from chalicelib.bootstrap import World
from chalicelib.domain import times
from chalicelib.handlers import events
from chalicelib.models import duty_days
from chalicelib.models.tables import RegistryItem
from tests.world.harness import Story
from tests.world.test_duty import at, on_duty, on_patterns
from tests.world.test_duty_sheets import cell, filled, publishes, writes
from tests.world.test_verify_registry import said, whole


def frozen(day: str, agency: str = "psc") -> list[tuple[str, str]] | None:
    """Who has what to do on a day as it was frozen, None if it was not."""
    kept = duty_days.read([(agency, day)]).get((agency, day))
    return sorted((each.person_id, each.by) for each in kept.stretches) if kept else None


def sweeps(story: Story) -> int:
    events.sweep(story.world)
    return sum(1 for item in RegistryItem.scan() if item.pk.startswith("DF#"))


def another_process(world: World) -> None:
    world.frozen.day = ""


def test_every_agencys_day_is_frozen_once_when_it_begins(story: Story) -> None:
    filled(story)
    assert publishes(story, "2026-12-01").status == 200
    at(story, "2026-12-05", "00:01")
    assert sweeps(story) == 4, "of each agency, also of one that nobody is on duty for"
    assert frozen("2026-12-05") == [("citra", "sheet"), ("dewi", "sheet")]
    assert frozen("2026-12-05", "airud") == []
    another_process(story.world)
    assert sweeps(story) == 4
    at(story, "2026-12-06", "00:01")
    assert sweeps(story) == 8


def change_of_crew(story: Story, *people: str) -> None:
    path = "/api/registry/crews/regu_0"
    kept = story.http("GET", path, as_="psc_admin").body
    kept.pop("v")
    members = [{"person_id": person, "since": "2026-01-01"} for person in people]
    story.desk("PUT", path, {**kept, "members": members}, as_="psc_admin")


def test_a_day_that_is_frozen_late_is_reckoned_from_what_was_known_when_it_began(story: Story) -> None:
    on_patterns(story)
    at(story, "2026-11-30", "00:01")
    sweeps(story)
    # Nobody sweeps for days; on one of them an officer changes a crew and retires the pattern.
    at(story, "2026-12-01", "09:00")
    change_of_crew(story, "gita")
    path = "/api/registry/duty-patterns/pola"
    kept = story.http("GET", path, as_="psc_admin").body
    kept.pop("v")
    story.desk("PUT", path, {**kept, "retired": True}, as_="psc_admin")
    at(story, "2026-12-02", "09:00")
    sweeps(story)
    # Of the first day the crew and the pattern as they stood at midnight, of the second what was changed by then.
    assert frozen("2026-12-01") == [("citra", "pattern"), ("gita", "pattern")]
    assert frozen("2026-12-02") == []


def test_a_past_day_is_told_as_it_was_known_then(story: Story) -> None:
    on_patterns(story)
    at(story, "2026-12-01", "00:01")
    sweeps(story)
    at(story, "2026-12-02", "09:00")
    change_of_crew(story, "dewi")
    assert on_duty(story, at="2026-12-01T08:00:00+07:00") == {"citra@ambulans_1": "pattern"}


def test_a_sweep_goes_on_when_a_day_cannot_be_frozen(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(duty_days, "write", refused)
    events.sweep(story.world)
    assert frozen(times.local_day(story.clock.now(), 7)) is None
    monkeypatch.undo()
    assert sweeps(story) == 4


def rewritten(story: Story, pk: str, old: str, new: str) -> None:
    story.tampered = True
    (found,) = RegistryItem.query(pk)
    assert old in found.doc
    found.doc = found.doc.replace(old, new)
    found.save()


def test_days_that_nobody_touched_hold(story: Story, capsys: pytest.CaptureFixture[str]) -> None:
    filled(story)
    assert publishes(story, "2026-12-01").status == 200
    at(story, "2026-12-05", "00:01")
    sweeps(story)
    writes(story, cell("citra", 20, "L", "P"))
    assert publishes(story, "2026-12-20").status == 200
    whole(capsys)


@pytest.mark.parametrize(
    ("pk", "old", "new", "told"),
    [
        ("DF#psc", '"person_id":"citra"', '"person_id":"gita"', "is not what was frozen when it began"),
        (
            "DF#psc",
            '"day":"2026-12-05","at"',
            '"day":"2026-12-04","at"',
            "is not what was frozen when it began",
        ),
        ("DP#2026-12", "P,P,P,P,P", "P,P,P,P,L", "was published otherwise after it had begun"),
    ],
)
def test_a_day_that_is_changed_by_hand_is_named(
    story: Story, capsys: pytest.CaptureFixture[str], pk: str, old: str, new: str, told: str
) -> None:
    filled(story)
    assert publishes(story, "2026-12-01").status == 200
    at(story, "2026-12-05", "00:01")
    sweeps(story)
    rewritten(story, pk, old, new)
    assert told in said(capsys)


def test_a_day_that_is_taken_away_or_put_there_is_named(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    at(story, "2026-12-05", "00:01")
    sweeps(story)
    story.tampered = True
    (kept,) = RegistryItem.query("DF#psc")
    kept.delete()
    assert "is missing: log duty#psc names it" in said(capsys)
    doc = msgspec.json.decode(kept.doc)
    RegistryItem(pk="DF#psc", sk="2026-12-05", doc=msgspec.json.encode(doc).decode()).save()
    whole(capsys)
