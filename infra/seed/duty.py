"""Duty patterns: who is on duty in a regular turn, and the roster shifts that follow from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Annotated

from msgspec import Meta, Struct

from chalicelib.domain.registry import Id, Shift
from chalicelib.domain.times import render, zone

Clock = Annotated[
    str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="local time of day, such as 07:00")
]


class DutyPattern(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Crews that take turns, with a unit or on call for the whole agency.

    A turn lasts from one of `starts` (ascending) to the next, the day's last to the first of the next day.
    Each turn belongs to the next of `crews`, an empty crew meaning that nobody is on duty.
    """

    id: Id
    agency_id: Id
    unit_id: Id | None = None
    starts: Annotated[list[Clock], Meta(min_length=1, max_length=8)]
    crews: Annotated[list[list[Id]], Meta(min_length=1)]


def shifts_of(
    patterns: Iterable[DutyPattern], first_day: date, days: int, utc_offset_hours: int
) -> list[Shift]:
    """The shifts that begin on `days` local days from `first_day`.

    A shift's id follows from pattern, start and person: the same day made again gives the same shifts.
    """
    return [
        Shift(
            id=f"{pattern.id}-{starts_at:%Y%m%d-%H%M}-{person_id}",
            agency_id=pattern.agency_id,
            person_id=person_id,
            unit_id=pattern.unit_id,
            starts_at=render(starts_at),
            ends_at=render(ends_at),
        )
        for pattern in patterns
        for n in range(days)
        for starts_at, ends_at, crew in _turns(pattern, first_day + timedelta(days=n), utc_offset_hours)
        for person_id in crew
    ]


def _turns(
    pattern: DutyPattern, day: date, utc_offset_hours: int
) -> Iterator[tuple[datetime, datetime, list[str]]]:
    local = zone(utc_offset_hours)
    starts = [datetime.combine(day, time.fromisoformat(clock), local) for clock in pattern.starts]
    ends = [*starts[1:], starts[0] + timedelta(days=1)]
    # Counted from a fixed day, so that the turns do not depend on where a range begins.
    turn = day.toordinal() * len(starts)
    for n, (starts_at, ends_at) in enumerate(zip(starts, ends, strict=True)):
        yield starts_at, ends_at, pattern.crews[(turn + n) % len(pattern.crews)]
