"""An agency's month sheet: filled in by several officers at once, and published from a day that has not begun."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from ...bootstrap import World
from ...domain import duty, times
from ...domain.duty import Hours, Roster, Row, Sheet, Source, Stretch, published
from ...domain.duty.editing import Edits, Known, Met, edited, faults
from ...domain.duty.history import Draft
from ...domain.duty.sheet import Cell, days_of, differing, on_day, place
from ...domain.duty.telling import on_sheet
from ...domain.notice import Notice, of_sheet
from ...errors import Conflict, NotFound, Unprocessable
from ...faults import Fault
from ...models import duty_sheets as store
from ...models.duty_sheets import KeptDraft, KeptSheet, Publishing
from ...models.registry import Snapshot
from ...models.versions import Stamp
from ..changes.retrying import REGISTRY_CONTENDED, Try, retried
from ..registry.keeping import Hand

# So far ahead a month may be filled in, and so far back it may be read.
MONTHS_FAR = 24
NAMED_MOST = 200


class Month(NamedTuple):
    """Which sheet: whose, of which month as YYYY-MM."""

    agency_id: str
    month: str

    @property
    def days(self) -> list[str]:
        return [f"{self.month}-{day:02d}" for day in range(1, days_of(self.month) + 1)]


class Standing(NamedTuple):
    """A sheet as it stands: the draft, what is published, and the cells from tomorrow on in which they differ."""

    draft: KeptDraft
    published: KeptSheet
    differs: list[tuple[str, str, str, str]]


class Saved(NamedTuple):
    """What came of saving: the draft's version, whether this save made it, the rows that were added, what somebody else had changed."""

    version: int
    wrote: bool
    added: list[str]
    conflicts: list[Met]


class Moved(NamedTuple):
    """What somebody has to do on a day now, and what by the draft."""

    person_id: str
    day: str
    was: list[Stretch]
    now: list[Stretch]


class Outlook(NamedTuple):
    """What publishing a draft from a day on changes; `uncovered` is what patterns say now and the draft leaves blank."""

    first_day: str
    moved: list[Moved]
    uncovered: list[Stretch]


class Wanted(NamedTuple):
    """What is to be published: which version of the draft, from which day on, and how many uncovered duties were seen."""

    version: int
    first_day: str
    uncovered: int


def month_of(world: World, registry: Snapshot, agency_id: str, month: str) -> Month:
    """A sheet by its names; NotFound for an agency that is not there or what is no month, Unprocessable for one too far away."""
    if agency_id not in registry.agencies:
        raise NotFound("no such agency", Fault("agency_id", "not_found"))
    today = _today(world)
    if not times.on_calendar(f"{month}-01"):
        raise NotFound("no such month", Fault("month", "not_found"))
    away = (int(month[:4]) - int(today[:4])) * 12 + int(month[5:]) - int(today[5:7])
    if abs(away) > MONTHS_FAR:
        raise Unprocessable("the month is too far away", Fault("month", "out_of_range"))
    return Month(agency_id, month)


def standing(world: World, which: Month) -> Standing:
    """A sheet as it stands."""
    kept, shown = store.read(*which)
    rows = shown.sheet.rows if shown.sheet else ()
    today = _today(world)
    differs = [each for each in differing(rows, kept.draft.rows, which.month) if each[1] > today]
    return Standing(kept, shown, differs)


def save(world: World, registry: Snapshot, which: Month, edits: Edits, hand: Hand) -> Saved:
    """Write into a draft whatever its writer saw as it stands; the rest is told, and stays."""

    def attempt(each: Try) -> Saved:
        kept, _ = store.read(*which)
        known = Known(
            crews={each.id for each in registry.of("crews").values() if each.agency_id == which.agency_id},
            codes={
                code.code for code in registry.of("shift-codes").values() if code.agency_id == which.agency_id
            },
            units={unit.id for unit in registry.units.values() if unit.agency_id == which.agency_id},
            people={
                person.id
                for person in registry.people.values()
                if person.agency_id == which.agency_id and not person.retired
            },
        )
        if wrong := faults(edits, kept.draft.rows, which.month, known):
            raise Unprocessable("the sheet does not fit together", *wrong[:NAMED_MOST])
        rows, done, conflicts = edited(kept.draft.rows, edits, which.month)
        version = kept.version
        if not done.empty:
            draft = replace(kept.draft, rows=tuple(rows))
            if len(msgspec.json.encode(draft)) > store.MOST_BYTES:
                raise Unprocessable("the sheet is full", Fault("cells", "sheet_full"))
            stamp = Stamp(each.now, hand.by, world.mint.salt, why=hand.why)
            version = store.save(kept, draft, stamp, msgspec.json.encode(done).decode())
        return Saved(version, not done.empty, [row.id for row in done.add], conflicts)

    return retried(world, attempt, REGISTRY_CONTENDED)


def outlook(world: World, registry: Snapshot, which: Month, first_day: str | None) -> Outlook:
    """What publishing the draft from a day on, the first that has not begun if none is said, would change; nothing is written.

    Unprocessable for a day that has begun, and for what cannot be.
    """
    kept, shown = store.read(*which)
    first_day = first_day or next((day for day in which.days if day > _today(world)), which.days[-1])
    return _outlook(world, registry, which, (kept.draft, shown.sheet), first_day)[1]


def publish(world: World, registry: Snapshot, which: Month, wanted: Wanted, hand: Hand) -> Sheet:
    """Publish the draft from a day that has not begun; the same again is answered like the first.

    Conflict if the draft is another than was seen, or leaves more duties of patterns blank.
    """

    def attempt(each: Try) -> Sheet:
        present = world.registry.current() if each.failed else registry
        kept, shown = store.read(*which)
        if shown.sheet and (shown.sheet.draft_v, shown.sheet.first_day_now) == (
            wanted.version,
            wanted.first_day,
        ):
            return shown.sheet
        if kept.version != wanted.version or not kept.version:
            raise Conflict(
                "somebody else changed it meanwhile; load it again",
                Fault("v", "version_stale", {"version": str(kept.version)}),
            )
        sheet, found = _outlook(world, present, which, (kept.draft, shown.sheet), wanted.first_day)
        if len(found.uncovered) != wanted.uncovered:
            raise Conflict(
                "the sheet leaves duties blank that patterns have now",
                Fault("uncovered", "uncovered", {"number": str(len(found.uncovered))}),
            )
        sheet = replace(sheet, published_at=each.now, published_by=hand.by, draft_v=wanted.version)
        if len(msgspec.json.encode(sheet)) > store.MOST_BYTES:
            raise Unprocessable("the sheet is full", Fault("cells", "sheet_full"))
        stamp = Stamp(each.now, hand.by, world.mint.salt, why=hand.why)
        telling = _telling(world, present, sheet, found.moved)
        store.publish(kept, kept.draft, Publishing(sheet, shown.version, present.at, telling), stamp)
        return sheet

    return retried(world, attempt, REGISTRY_CONTENDED)


def _telling(world: World, registry: Snapshot, sheet: Sheet, moved: Sequence[Moved]) -> Notice | None:
    """What whoever has other duties by a sheet is told, in their own language."""
    by_person: dict[str, list[tuple[str, list[Stretch]]]] = {}
    for each in moved:
        by_person.setdefault(each.person_id, []).append((each.day, each.now))
    hours = world.settings.utc_offset_hours
    words = {
        id_: on_sheet(days, hours, registry.people[id_].language)
        for id_, days in by_person.items()
        if id_ in registry.people and not registry.gone(registry.people[id_])
    }
    about = f"{sheet.agency_id}/{sheet.month}/{sheet.published_at}"
    return of_sheet(about, words, sheet.published_by, sheet.published_at) if words else None


def _outlook(
    world: World,
    registry: Snapshot,
    which: Month,
    states: tuple[Draft, Sheet | None],
    first_day: str,
) -> tuple[Sheet, Outlook]:
    draft, before = states
    hours = world.settings.utc_offset_hours
    if first_day[:7] != which.month or not times.on_calendar(first_day):
        raise Unprocessable("no day of the month", Fault("first_day", "no_day"))
    if first_day <= _today(world):
        raise Unprocessable("the day has begun", Fault("first_day", "day_begun"))
    codes = _codes(registry, which.agency_id)
    if wrong := list(_unfit(registry, draft, first_day, codes.keys())):
        raise Unprocessable("the sheet does not fit together", *wrong[:NAMED_MOST])
    sheet = as_published(registry, which, states, first_day)
    if wrong := list(_swaps_half_done(world, registry, sheet, first_day)):
        raise Unprocessable("a swap of which one half is done would end", *wrong)
    moved: list[Moved] = []
    uncovered: list[Stretch] = []
    texts = [(row.person_id, row.texts(days_of(which.month))) for row in draft.rows]
    for day in (each for each in which.days if each >= first_day):
        roster = registry.roster(which.agency_id, day, hours)
        moved += _moved(roster, sheet, day)
        if before is None or not before.covers(day):
            filled = {person_id for person_id, own in texts if own[place(day)]}
            uncovered += [each for each in duty.covered(roster, day) if each.person_id not in filled]
    return sheet, Outlook(first_day, moved, uncovered)


def as_published(
    registry: Snapshot, which: Month, states: tuple[Draft, Sheet | None], first_day: str
) -> Sheet:
    """What a draft would be, published from a day on; nobody has published it yet."""
    draft, before = states
    head = Sheet(
        agency_id=which.agency_id,
        month=which.month,
        first_day=first_day,
        rows=(),
        codes=(),
        published_at="",
        published_by="",
    )
    return published(before, Source(draft.rows, _codes(registry, which.agency_id)), head)


def _codes(registry: Snapshot, agency_id: str) -> dict[str, Hours]:
    return {
        each.code: Hours(starts=each.starts, ends=each.ends, readiness=each.readiness, turn=each.turn)
        for each in registry.of("shift-codes").values()
        if each.agency_id == agency_id
    }


def _moved(roster: Roster, sheet: Sheet, day: str) -> Iterator[Moved]:
    was, now = (
        duty.of_day(roster, day),
        duty.of_day(replace(roster, sheets={**roster.sheets, sheet.month: sheet}), day),
    )
    before, after = _by_person(was), _by_person(now)
    for person_id in dict.fromkeys((*before, *after)):
        one, other = before.get(person_id, []), after.get(person_id, [])
        if [_told(each) for each in one] != [_told(each) for each in other]:
            yield Moved(person_id, day, one, other)


def _by_person(stretches: Iterable[Stretch]) -> dict[str, list[Stretch]]:
    found: dict[str, list[Stretch]] = {}
    for each in stretches:
        found.setdefault(each.person_id, []).append(each)
    return found


def _told(stretch: Stretch) -> Stretch:
    """What counts for a person, by whatever it is."""
    return replace(stretch, by="sheet", code="")


def _swaps_half_done(world: World, registry: Snapshot, sheet: Sheet, first_day: str) -> Iterator[Fault]:
    """Whose duty a sheet takes away that somebody has done the other half of: his would go back to whom it was taken from."""
    hours, today = world.settings.utc_offset_hours, _today(world)
    for change in registry.changes(sheet.agency_id, sheet.month):
        halves = ((change.person_id, change.day), (change.other_id, change.other_day))
        if change.kind != "swap" or min(day for _, day in halves) > today:
            continue
        for person_id, day in halves:
            if not (sheet.covers(day) and day >= first_day):
                continue
            if not any(change.has(each, person_id, day) for each in on_day(sheet, day, hours)):
                yield Fault(f"rows.{person_id}.{day}", "swap_half_done")


def _unfit(registry: Snapshot, draft: Draft, first_day: str, codes: Set[str]) -> Iterator[Fault]:
    """What stands in a draft's cells from a day on and cannot be: it was fine when it was written."""
    at = place(first_day)
    for row in draft.rows:
        texts = row.texts(days_of(draft.month))[at:]
        if not any(texts):
            continue
        person = registry.people.get(row.person_id)
        if person is None or registry.gone(person):
            yield Fault(f"rows.{row.id}.person_id", "retired", {"id": row.person_id})
        elif person.agency_id != draft.agency_id:
            yield Fault(f"rows.{row.id}.person_id", "other_agency")
        for number, text in enumerate(texts, start=at + 1):
            path = f"rows.{row.id}.{draft.month}-{number:02d}"
            yield from _cell(registry, draft.agency_id, row, path, text, codes)


def _cell(
    registry: Snapshot, agency_id: str, row: Row, path: str, text: str, codes: Set[str]
) -> Iterator[Fault]:
    if not text:
        return
    cell = Cell.of(text, row.unit_id)
    if cell.code not in codes:
        yield Fault(path, "unknown_code", {"code": cell.code})
    unit = registry.units.get(cell.unit_id or "")
    if cell.unit_id and (unit is None or registry.gone(unit)):
        yield Fault(path, "retired", {"id": cell.unit_id})
    elif unit and unit.agency_id != agency_id:
        yield Fault(path, "other_agency")


def _today(world: World) -> str:
    return times.local_day(world.clock.now(), world.settings.utc_offset_hours)
