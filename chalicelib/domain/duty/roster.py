"""An agency's roster: all that its duty follows from, and who is on duty by it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ..registry import DutyCrew, DutyPattern, Shift, ShiftCode
from ..times import instant_of
from . import sheet as sheets
from .changes import Change, changed, counting, linked
from .sheet import Sheet
from .stretch import Stretch, span


class Roster(Struct, frozen=True, kw_only=True):
    """What an agency's duty follows from: codes by what is written in a cell, published sheets by month.

    `older` are single shifts as releases before wrote them, by the local day on which they start.
    """

    agency_id: str
    utc_offset_hours: int
    codes: Mapping[str, ShiftCode]
    crews: Mapping[str, DutyCrew]
    patterns: Sequence[DutyPattern]
    sheets: Mapping[str, Sheet] = {}
    changes: Sequence[Change] = ()
    older: Mapping[str, Sequence[Shift]] = {}


def from_nouns(nouns: Mapping[str, Mapping[str, Any]], agency_id: str, utc_offset_hours: int) -> Roster:
    """What of an agency's duty the registry's nouns say."""

    def own(noun: str) -> list[Any]:
        return [each for each in nouns[noun].values() if each.agency_id == agency_id]

    return Roster(
        agency_id=agency_id,
        utc_offset_hours=utc_offset_hours,
        codes={each.code: each for each in own("shift-codes")},
        crews={each.id: each for each in own("crews")},
        patterns=own("duty-patterns"),
    )


def of_person(roster: Roster, person_id: str) -> Roster:
    """What of a roster one person's duty follows from; it has no changes, which others may have a part in."""
    crews = {
        id_: replace(crew, members=[each for each in crew.members if each.person_id == person_id])
        for id_, crew in roster.crews.items()
    }
    rows = {
        month: replace(sheet, rows=tuple(row for row in sheet.rows if row.person_id == person_id))
        for month, sheet in roster.sheets.items()
    }
    older = {
        day: [each for each in shifts if each.person_id == person_id] for day, shifts in roster.older.items()
    }
    return replace(roster, crews=crews, sheets=rows, older=older, changes=())


def of_day(roster: Roster, day: str, known_at: str = "~") -> list[Stretch]:
    """The shifts that start on a local day, with all changes, or with those alone that were known at an instant."""
    changes = counting(roster.changes, known_at)
    days = linked(changes, day)
    base = [each for known in sorted(days) for each in covered(roster, known)]
    found = changed(base, changes, days, roster.utc_offset_hours) if changes else base
    return [each for each in found if each.day == day]


def on_duty(stretches: Iterable[Stretch], at: str) -> list[Stretch]:
    """Who is on duty at an instant, each person in one place: a unit before the pool, a change before what it changes, then what
    comes first. The stretches are those of the day before and of the day itself, in this order.
    """
    found: dict[str, Stretch] = {}
    for each in stretches:
        if each.covers(at):
            known = found.get(each.person_id)
            if known is None or _rank(each) < _rank(known):
                found[each.person_id] = each
    return list(found.values())


def _rank(stretch: Stretch) -> tuple[bool, bool]:
    return stretch.unit_id is None, stretch.by != "change"


def covered(roster: Roster, day: str) -> list[Stretch]:
    """The shifts that start on a day before any change: of its sheet, where none is published, of single shifts and patterns.

    Whoever has a single shift on a day is not in a pattern on it.
    """
    sheet = roster.sheets.get(day[:7])
    if sheet and sheet.covers(day):
        return list(sheets.on_day(sheet, day, roster.utc_offset_hours))
    single = [_single(each, day) for each in roster.older.get(day, ())]
    theirs = {each.person_id for each in single}
    return single + [each for each in by_pattern(roster, day) if each.person_id not in theirs]


def by_pattern(roster: Roster, day: str) -> Iterator[Stretch]:
    """The shifts of a day as the patterns that hold then have them, of those who are in their crews then."""
    ordinal = date.fromisoformat(day).toordinal()
    for pattern in sorted(roster.patterns, key=lambda each: each.id):
        if pattern.retired or not pattern.since <= day <= (pattern.until or "~"):
            continue
        for turn in pattern.crews:
            begun = date.fromisoformat(turn.anchor).toordinal()
            code = roster.codes.get(pattern.cycle[(ordinal - begun) % len(pattern.cycle)])
            crew = roster.crews.get(turn.crew_id)
            if code and crew and not crew.retired:
                yield from _of_crew(crew, code, day, roster.utc_offset_hours)


def _of_crew(crew: DutyCrew, code: ShiftCode, day: str, utc_offset_hours: int) -> Iterator[Stretch]:
    if not code.starts or not code.ends:
        return
    starts_at, ends_at = span(day, code.starts, code.ends, utc_offset_hours)
    for member in crew.members:
        if member.since <= day <= (member.until or "~"):
            yield Stretch(
                agency_id=crew.agency_id,
                person_id=member.person_id,
                unit_id=member.unit_id or crew.unit_id,
                starts_at=starts_at,
                ends_at=ends_at,
                day=day,
                by="pattern",
                code=code.code,
                readiness=code.readiness,
                turn=code.turn,
            )


def _single(shift: Shift, day: str) -> Stretch:
    return Stretch(
        agency_id=shift.agency_id,
        person_id=shift.person_id,
        unit_id=shift.unit_id,
        starts_at=instant_of(shift.starts_at),
        ends_at=instant_of(shift.ends_at),
        day=day,
        by="shift",
    )
