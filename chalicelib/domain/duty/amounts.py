"""What somebody's duty amounts to: hours, nights, duties on days that others have off."""

from __future__ import annotations

from collections.abc import Iterable, Set
from datetime import date, timedelta
from typing import NamedTuple

from ..times import between
from .stretch import Stretch, span

# A night is a shift that covers this hour: nobody argues about when a night begins.
NIGHT_AT = "02:00"
WEEKS = 12


class Amount(NamedTuple):
    """A person's duty over some days: minutes, nights, shifts that start on a weekend or a holiday; when the last of them ends.

    Time at home on call counts like time at the station; only the latter is followed by rest, so that `ended_at` is that of it, None
    where there is none.
    """

    minutes: int = 0
    nights: int = 0
    off: int = 0
    ended_at: str | None = None


def first_day(last: str) -> str:
    """The first of the twelve weeks that end with a day."""
    return (date.fromisoformat(last) - timedelta(days=WEEKS * 7 - 1)).isoformat()


def of_people(stretches: Iterable[Stretch], holidays: Set[str], utc_offset_hours: int) -> dict[str, Amount]:
    """What stretches of duty amount to, by person."""
    found: dict[str, Amount] = {}
    for each in stretches:
        known = found.get(each.person_id, Amount())
        ended_at = known.ended_at
        if each.readiness == "stationed":
            ended_at = max(each.ends_at, ended_at or "")
        found[each.person_id] = Amount(
            minutes=known.minutes + round((between(each.starts_at, each.ends_at) or 0) / 60),
            nights=known.nights + _is_night(each, utc_offset_hours),
            off=known.off + (each.day in holidays or date.fromisoformat(each.day).weekday() >= 5),
            ended_at=ended_at,
        )
    return found


def _is_night(stretch: Stretch, utc_offset_hours: int) -> bool:
    return any(stretch.covers(at) for at in span(stretch.day, NIGHT_AT, NIGHT_AT, utc_offset_hours))
