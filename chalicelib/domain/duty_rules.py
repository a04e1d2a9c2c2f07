"""The rule book's page on shift codes and patterns: what their types cannot say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..faults import Fault
from .registry import DutyPattern, ShiftCode
from .times import on_calendar

if TYPE_CHECKING:
    from .registry_rules import Book


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
