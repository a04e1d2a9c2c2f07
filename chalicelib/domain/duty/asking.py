"""Asking for a change of duty: what may be asked, and whose word it waits for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from ...faults import Fault
from .. import times
from ..registry import Person, Unit
from .changes import Change
from .stretch import Stretch

DAYS_AHEAD = 400
LEAVE_DAYS_MOST = 62
PART_S = 24 * 3600
# Which of the fields each kind has besides its own.
_FIELDS = {
    "substitute": {"other_id", "day", "starts_at", "ends_at"},
    "swap": {"other_id", "day", "other_day"},
    "leave": {"day", "last_day", "starts_at", "ends_at"},
    "extra": {"starts_at", "ends_at", "unit_id"},
}
_ALL = ("other_id", "day", "last_day", "other_day", "starts_at", "ends_at", "unit_id")


class Known(NamedTuple):
    """What a change may name: an agency's people and units that are not retired, and how far the zone is from UTC."""

    people: Mapping[str, Person]
    units: Mapping[str, Unit]
    utc_offset_hours: int


def faults(change: Change, known: Known, now: str) -> list[Fault]:
    """Why a change cannot be asked for, whoever is on duty: all of it at once."""
    return [*_shape(change), *_people(change, known), *_when(change, known.utc_offset_hours, now)]


def _shape(change: Change) -> Iterator[Fault]:
    own = _FIELDS[change.kind]
    given = {name for name in _ALL if getattr(change, name)}
    for name in _ALL:
        if name in given - own:
            yield Fault(name, "not_of_kind")
    if "other_id" in own - given:
        yield Fault("other_id", "required")
    part = given & {"starts_at", "ends_at"}
    if change.kind == "swap":
        yield from (Fault(name, "required") for name in ("day", "other_day") if name not in given)
    elif "day" in own and ("day" in given) == bool(part):
        yield Fault("day", "one_of_these")
        yield Fault("starts_at", "one_of_these")
    elif part or change.kind == "extra":
        yield from (Fault(name, "required") for name in ("starts_at", "ends_at") if name not in given)


def _people(change: Change, known: Known) -> Iterator[Fault]:
    for name in ("person_id", "other_id"):
        id_ = getattr(change, name)
        if id_ and id_ not in known.people:
            yield Fault(name, "unknown", {"noun": "personnel", "id": id_})
    if change.other_id == change.person_id:
        yield Fault("other_id", "same_person")
    if change.unit_id and change.unit_id not in known.units:
        yield Fault("unit_id", "unknown", {"noun": "units", "id": change.unit_id})


def _when(change: Change, hours: int, now: str) -> Iterator[Fault]:
    last = times.local_day(now, hours, DAYS_AHEAD)
    wrong = False
    for name in ("day", "last_day", "other_day"):
        day = getattr(change, name)
        if day and not times.on_calendar(day):
            wrong = True
            yield Fault(name, "no_day")
        elif day > last:
            yield Fault(name, "duty_far", {"days": str(DAYS_AHEAD)})
    if change.starts_at and times.local_day(change.starts_at, hours) > last:
        yield Fault("starts_at", "duty_far", {"days": str(DAYS_AHEAD)})
    if change.last_day and change.day and not wrong:
        if change.last_day < change.day:
            yield Fault("last_day", "before_since")
        elif len(change.days(hours)) > LEAVE_DAYS_MOST:
            yield Fault("last_day", "leave_long", {"days": str(LEAVE_DAYS_MOST)})
    if change.starts_at and change.ends_at:
        length = times.between(change.starts_at, change.ends_at) or 0
        if not 0 < length <= PART_S:
            yield Fault("ends_at", "shift_length")
        elif change.ends_at <= now:
            yield Fault("ends_at", "shift_over")


class Duties(NamedTuple):
    """The duty of the days around a change, without it and with it."""

    before: Sequence[Stretch]
    after: Sequence[Stretch]


def unfit(change: Change, duties: Duties, now: str) -> list[Fault]:
    """Why it cannot be done by the duty as it is: nothing is there, it is over, or somebody would stand in two places."""
    found = [*_taken(change, duties, now)]
    return found or [*_twice(change, duties)]


def _taken(change: Change, duties: Duties, now: str) -> Iterator[Fault]:
    if change.kind == "extra":
        return
    sides = [("person_id", change.person_id)]
    if change.kind == "swap":
        sides.append(("other_id", change.other_id))
    concerned = [each for each in duties.before if change.concerns(each)]
    for name, person_id in sides:
        own = [each for each in concerned if each.person_id == person_id]
        if not own:
            yield Fault(name, "no_duty")
        elif all(each.ends_at <= now for each in own):
            yield Fault(name, "shift_over")
        elif change.kind == "swap" and any(each.starts_at <= now for each in own):
            yield Fault(name, "swap_begun")


def _twice(change: Change, duties: Duties) -> Iterator[Fault]:
    """Who would be with two units at once: one of them would be left alone, and nothing would say so."""
    takers = {"substitute": ("other_id",), "swap": ("other_id", "person_id"), "extra": ("person_id",)}
    for name in takers.get(change.kind, ()):
        own = [each for each in duties.after if each.person_id == getattr(change, name) and each.unit_id]
        new = [each for each in own if each.by == "change" and each not in duties.before]
        if any(_meet(each, other) for each in new for other in own if other is not each):
            yield Fault(name, "on_duty_then")


def _meet(one: Stretch, other: Stretch) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def begun(change: Change, stretches: Iterable[Stretch], today: str) -> bool:
    """Whether a day on which something starts that it concerns, among the duty without it, has begun."""
    days = [each.day for each in stretches if change.concerns(each)]
    return min(days or [change.day or change.starts_at[:10]]) <= today


def asked(change: Change, *, officer: bool, approves: bool) -> Change:
    """A change as it is asked for at its `recorded_at`: an officer's counts at once, anybody else's once all have said yes.

    `approves`: the agency wants to be asked. Whoever offers to do more always waits for it.
    """
    if officer:
        return agreed(change, change.recorded_at)
    if change.other_id:
        return replace(change, state="asked")
    if approves or change.kind == "extra":
        return replace(change, state="accepted")
    return agreed(change, change.recorded_at)


def accepted(change: Change, *, approves: bool, now: str) -> Change:
    """A change once the other person has said yes."""
    return replace(change, state="accepted") if approves else agreed(change, now)


def agreed(change: Change, now: str) -> Change:
    return replace(change, state="agreed", agreed_at=now)
