"""What somebody alters of a change of duty by hand, puts there or takes away, is named by verify."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chalicelib.handlers import events
from chalicelib.models.tables import RegistryItem
from chalicelib.services.duty import changing
from tests.world.harness import Story
from tests.world.test_duty import at
from tests.world.test_duty_changes import CITRA, GITA, asks, enters, on_sheet, says
from tests.world.test_verify_registry import said, whole
from tests.world.test_verify_sheets import rewritten

CHANGE, RECORDS = "DC#psc", "VC#psc"


@pytest.fixture
def kept(story: Story) -> Story:
    """A substitute who was asked and said yes, a swap, a leave; a day that was frozen by them."""
    story.tampered = True
    on_sheet(story)
    asked = asks(story, "substitute", CITRA, other_id="gita", day="2026-12-05")
    says(story, changing.accept, asked, GITA)
    swap = {"day": "2026-12-07", "other_id": "dewi", "other_day": "2026-12-12"}
    assert enters(story, "swap", "citra", **swap).status == 201
    assert enters(story, "leave", "dewi", day="2026-12-30", last_day="2027-01-02", why="Cuti").status == 201
    for day in ("05", "06", "07"):
        at(story, f"2026-12-{day}", "00:01")
        events.sweep(story.world)
    return story


def of(pk: str, has: str) -> RegistryItem:
    return next(each for each in RegistryItem.query(pk) if has in each.doc and each.sk.find("20") >= 0)


def altered(pk: str, has: str, old: str, new: str) -> None:
    found = of(pk, has)
    assert old in found.doc
    found.doc = found.doc.replace(old, new)
    found.save()


def test_changes_that_nobody_touched_hold_also_when_a_reason_is_erased(
    kept: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    kept.tampered = False
    whole(capsys)
    leave = next(each for each in RegistryItem.query(CHANGE) if '"leave"' in each.doc)
    kept.desk("POST", f"/api/duty/changes/psc/{leave.sk}/forget-why", {}, as_="psc_admin")
    whole(capsys)


def _in_both(old: str, new: str) -> Callable[[], None]:
    def cheat() -> None:
        altered(CHANGE, '"substitute"', old, new)
        altered("DP#2026-12", '"substitute"', old, new)

    return cheat


def _agreed_earlier() -> None:
    stands = of(CHANGE, '"substitute"').doc
    moment = stands.partition('"agreed_at":"')[2][:24]
    _in_both(moment, f"2026-11-01{moment[10:]}")()


def _gone() -> None:
    id_ = of(CHANGE, '"substitute"').sk
    for pk in (CHANGE, RECORDS, "DP#2026-12"):
        for each in list(RegistryItem.query(pk)):
            if id_ in each.sk:
                each.delete()


def _put_there() -> None:
    found = of("DP#2026-12", '"substitute"')
    RegistryItem(pk=found.pk, sk=f"{found.sk}X", doc=found.doc.replace("2026-12-05", "2026-12-06")).save()


CHEATS: dict[str, tuple[Callable[[], object], str]] = {
    "who stands in": (_in_both('"gita"', '"dewi"'), "it was changed by hand"),
    "what counts alone": (
        lambda: altered("DP#2026-12", '"substitute"', '"gita"', '"dewi"'),
        "what counts in 2026-12 is not what was agreed",
    ),
    "when it was agreed": (_agreed_earlier, "it was changed by hand"),
    "who said so": (lambda: altered(RECORDS, '"accepted"', "person:gita", "person:dewi"), "record"),
    "a change with all that was said": (_gone, "is missing: log duty#psc names it"),
    "a change out of what counts": (
        lambda: of("DP#2026-12", '"swap"').delete(),
        "it was agreed, and does not count in 2026-12",
    ),
    "a leave out of its second month": (
        lambda: of("DP#2027-01", '"leave"').delete(),
        "it was agreed, and does not count in 2027-01",
    ),
    "a change put there": (_put_there, "and nobody agreed to it"),
    "a reason": (lambda: altered(CHANGE, '"leave"', "Cuti", "Sakit"), "its reason is not the one"),
    "the last word": (lambda: of(RECORDS, '"accepted"').delete(), "record"),
    "a swap whose day is frozen": (
        lambda: rewritten("DF#psc", '"person_id":"dewi"', '"person_id":"gita"'),
        "is not what was frozen",
    ),
}


@pytest.mark.parametrize("cheat", CHEATS)
def test_what_is_changed_by_hand_is_named(
    kept: Story, capsys: pytest.CaptureFixture[str], cheat: str
) -> None:
    tamper, told = CHEATS[cheat]
    tamper()
    assert told in said(capsys)
