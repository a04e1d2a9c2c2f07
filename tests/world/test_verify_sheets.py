"""What somebody changes of a month's sheet by hand, or takes out of its history, is named by verify."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from chalicelib.models.tables import RegistryItem
from tests.world.harness import Story
from tests.world.test_duty_sheets import cell, filled, publishes, writes
from tests.world.test_verify_registry import said, whole

DRAFT, COUNTS, RECORDS = "DD#psc", "DP#2026-12", "VD#psc"


@pytest.fixture
def kept(story: Story) -> Story:
    """December of the ambulances: filled in, published, changed, published again, and a cell written since."""
    story.tampered = True
    filled(story)
    assert publishes(story, "2026-12-01").status == 200
    writes(story, cell("citra", 20, "L", "P"), why="Cuti")
    assert publishes(story, "2026-12-15").status == 200
    writes(story, cell("citra", 21, "L", "P"))
    return story


def item(pk: str, number: int = -1) -> RegistryItem:
    return list(RegistryItem.query(pk))[number]


def rewritten(pk: str, old: str, new: str, number: int = -1) -> None:
    found = item(pk, number)
    assert old in found.doc
    found.doc = found.doc.replace(old, new)
    found.save()


def test_a_sheet_that_nobody_touched_holds_from_its_first_change(
    kept: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    kept.tampered = False
    whole(capsys)


def _erased_and_then_changed() -> None:
    """What stands beside the last publishing is blanked, as if it had been erased, and then what counts is changed."""
    found = next(each for each in reversed(list(RegistryItem.query(RECORDS))) if "published" in each.doc)
    found.doc = msgspec.json.encode(
        msgspec.json.decode(found.doc) | dict.fromkeys(("edits", "why", "salt"), "")
    ).decode()
    found.save()
    rewritten(COUNTS, "P,P,P", "P,L,P")


def _draft_goes_with_its_records() -> None:
    for pk in (DRAFT, RECORDS):
        for each in list(RegistryItem.query(pk)):
            each.delete()


CHEATS: dict[str, tuple[Callable[[], object], str]] = {
    "a cell of what counts": (lambda: rewritten(COUNTS, "P,P,P", "P,L,P"), "what counts is not what record"),
    "a cell of the draft": (lambda: rewritten(DRAFT, "P,P,P", "P,L,P"), "its draft is not what record"),
    "who wrote": (lambda: rewritten(RECORDS, "sub-psc-admin", "sub-operator"), "record"),
    "what was written": (
        lambda: rewritten(RECORDS, '\\"now\\":\\"L\\"', '\\"now\\":\\"M\\"'),
        "is not what it was",
    ),
    "what counts, its seal blanked": (_erased_and_then_changed, "is gone, and nothing erases it"),
    "the last record": (lambda: item(RECORDS).delete(), "record"),
    "a record between": (lambda: item(RECORDS, 1).delete(), "record"),
    "what counts": (lambda: item(COUNTS).delete(), "what was published is gone"),
    "the draft": (lambda: item(DRAFT).delete(), "its draft is gone"),
    "everything but what counts": (_draft_goes_with_its_records, "it counts, and nobody published it"),
}


@pytest.mark.parametrize("cheat", CHEATS)
def test_what_is_changed_by_hand_is_named(
    kept: Story, capsys: pytest.CaptureFixture[str], cheat: str
) -> None:
    tamper, told = CHEATS[cheat]
    tamper()
    assert told in said(capsys)


def test_a_whole_sheet_that_is_taken_away_is_missed_by_the_log(
    kept: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    _draft_goes_with_its_records()
    item(COUNTS).delete()
    assert "is missing: log duty#psc names it" in said(capsys)


def test_a_sheet_published_by_hand_stands_in_no_log(kept: Story, capsys: pytest.CaptureFixture[str]) -> None:
    for pk, sk in ((DRAFT, "2026-12"), (COUNTS, "psc")):
        found = RegistryItem.get(pk, sk)
        RegistryItem(
            pk=pk.replace("2026-12", "2027-01"),
            sk=sk.replace("2026-12", "2027-01"),
            doc=msgspec.json.encode(msgspec.json.decode(found.doc) | {"month": "2027-01"}).decode(),
        ).save()
    assert "the sheet of psc for 2027-01: it has no records" in said(capsys)
