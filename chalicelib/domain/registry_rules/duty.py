"""Crews, shift codes, patterns and single shifts."""

from __future__ import annotations

from collections.abc import Iterator

from ...faults import Fault
from .. import times
from ..registry import CrewMember, DutyCrew, DutyPattern, Shift, ShiftCode
from ..times import on_calendar
from .book import Book
from .forces import of_agency, person, usual_unit

LONGEST_SHIFT_S = 24 * 3600
SHIFT_DAYS_AHEAD = 92


def crew(crew: DutyCrew, book: Book) -> Iterator[Fault]:
    """Whoever is in a crew now or later must be of its agency and not gone; who was is history."""
    if crew.retired:
        return
    yield from of_agency(crew, book)
    for number, member in enumerate(crew.members):
        yield from _member(crew, number, member, book)
    present = [each.person_id for each in crew.members if _stays(each, book)]
    if crew.chief_id is not None and crew.chief_id not in present:
        yield Fault("chief_id", "not_member")
    yield from usual_unit(crew, crew.agency_id, book)


def _member(crew: DutyCrew, number: int, member: CrewMember, book: Book) -> Iterator[Fault]:
    path = f"members[{number}]"
    days = {"since": member.since, "until": member.until}
    impossible = [name for name, day in days.items() if day and not times.on_calendar(day)]
    yield from (Fault(f"{path}.{name}", "no_day") for name in impossible)
    if member.until and member.until < member.since:
        yield Fault(f"{path}.until", "before_since")
    if _stays(member, book):
        yield from person(member.person_id, f"{path}.person_id", crew.agency_id, book)
        yield from usual_unit(member, crew.agency_id, book, f"{path}.unit_id")
    for other in crew.members[:number]:
        alike = other.person_id == member.person_id
        if alike and other.since <= (member.until or "~") and member.since <= (other.until or "~"):
            yield Fault(f"{path}.person_id", "twice")
            break


def _stays(member: CrewMember, book: Book) -> bool:
    """Whether somebody is in a crew today or later."""
    if member.until is None or not book.now:
        return True
    return member.until >= times.local_day(book.now, book.utc_offset_hours)


def shift(shift: Shift, book: Book) -> Iterator[Fault]:
    impossible = [
        name for name in ("starts_at", "ends_at") if not times.on_calendar(getattr(shift, name)[:10])
    ]
    yield from (Fault(name, "no_day") for name in impossible)
    if not impossible:
        starts_at, ends_at = _span(shift)
        if not 0 < (times.between(starts_at, ends_at) or 0) <= LONGEST_SHIFT_S:
            yield Fault("ends_at", "shift_length")
        elif ends_at <= book.now:
            yield Fault("ends_at", "shift_over")
        elif starts_at > times.plus(book.now, SHIFT_DAYS_AHEAD * 24 * 3600):
            yield Fault("starts_at", "shift_far", {"days": str(SHIFT_DAYS_AHEAD)})
        for other in book.shifts:
            theirs = _span(other)
            if (
                other.id != shift.id
                and other.person_id == shift.person_id
                and starts_at < theirs[1]
                and theirs[0] < ends_at
            ):
                yield Fault("starts_at", "shift_overlaps", {"id": other.id})
                break
    yield from manned(shift, book)


def _span(shift: Shift) -> tuple[str, str]:
    return times.instant_of(shift.starts_at), times.instant_of(shift.ends_at)


def manned(shift: Shift, book: Book) -> Iterator[Fault]:
    """Whether a shift still has its agency, its person and its unit."""
    yield from of_agency(shift, book)
    yield from person(shift.person_id, "person_id", shift.agency_id, book)
    yield from usual_unit(shift, shift.agency_id, book)


def shift_code(code: ShiftCode, book: Book) -> Iterator[Fault]:
    """A code has hours or says why somebody is off, and stands for one thing in its agency."""
    if book.agency_gone(code.agency_id):
        yield Fault("agency_id", "retired", {"id": code.agency_id})
    if (code.starts is None) != (code.ends is None):
        yield Fault("ends" if code.ends is None else "starts", "hours_half")
    elif (code.starts is None) != bool(code.off):
        yield Fault("off", "off_or_hours")
    for other in book.of("shift-codes").values():
        if other.id != code.id and (other.agency_id, other.code) == (code.agency_id, code.code):
            yield Fault("code", "code_twice", {"id": other.id})


def pattern(pattern: DutyPattern, book: Book) -> Iterator[Fault]:
    """A pattern that goes on has crews and codes of its agency, each crew once."""
    if pattern.retired:
        return
    if book.agency_gone(pattern.agency_id):
        yield Fault("agency_id", "retired", {"id": pattern.agency_id})
    days = {"since": pattern.since, "until": pattern.until}
    yield from (Fault(name, "no_day") for name, day in days.items() if day and not on_calendar(day))
    if pattern.until and pattern.until < pattern.since:
        yield Fault("until", "before_since")
    known = {each.code for each in book.of("shift-codes").values() if each.agency_id == pattern.agency_id}
    for number, text in enumerate(pattern.cycle):
        if text not in known:
            yield Fault(f"cycle[{number}]", "unknown_code", {"code": text})
    yield from _crews(pattern, book)


def _crews(pattern: DutyPattern, book: Book) -> Iterator[Fault]:
    seen = set[str]()
    for number, turn in enumerate(pattern.crews):
        path = f"crews[{number}]"
        if not on_calendar(turn.anchor):
            yield Fault(f"{path}.anchor", "no_day")
        crew = book.of("crews").get(turn.crew_id)
        if crew and crew.agency_id != pattern.agency_id:
            yield Fault(f"{path}.crew_id", "other_agency")
        elif crew and crew.retired:
            yield Fault(f"{path}.crew_id", "retired", {"id": crew.id})
        if turn.crew_id in seen:
            yield Fault(f"{path}.crew_id", "twice")
        seen.add(turn.crew_id)
