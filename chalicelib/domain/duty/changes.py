"""Changes to who is on duty: somebody stands in, two swap, somebody is on leave, somebody does more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from ..times import local_day
from .stretch import Readiness, Stretch, Turn

Kind = Literal["substitute", "swap", "leave", "extra"]


class Change(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One change; it counts from `agreed_at` on, '' until it is accepted or approved, and no more once it was `withdrawn_at`.

    What `person_id` has to do on the local `day`, that is all shifts that start then, or between two instants: somebody stands in
    (`substitute`), or is on `leave`, then to `last_day` if there is one. In a `swap` each takes what the other has on his day; it
    dies where either has nothing on it. Whoever does more (`extra`) does it between two instants, at a unit or in the pool.
    """

    id: str
    agency_id: str
    kind: Kind
    person_id: str
    other_id: str = ""
    day: str = ""
    last_day: str = ""
    other_day: str = ""
    starts_at: str = ""
    ends_at: str = ""
    unit_id: str | None = None
    readiness: Readiness = "stationed"
    turn: Turn = "primary"
    why: str = ""
    by: str = ""
    recorded_at: str = ""
    agreed_at: str = ""
    withdrawn_at: str = ""

    def has(self, stretch: Stretch, person_id: str, day: str) -> bool:
        """Whether a stretch is what somebody has to do on a day of this change."""
        return stretch.person_id == person_id and day <= stretch.day <= (self.last_day or day)


def counting(changes: Iterable[Change], known_at: str = "~") -> list[Change]:
    """The changes that count, in the order in which they were agreed; of those alone that were known at an instant."""
    found = [
        each
        for each in changes
        if each.agreed_at and each.agreed_at <= known_at and not "" < each.withdrawn_at <= known_at
    ]
    return sorted(found, key=lambda each: (each.agreed_at, each.id))


def linked(changes: Sequence[Change], day: str) -> frozenset[str]:
    """The days that must be known to know one: a swap holds two together."""
    days = {day}
    pairs = [{each.day, each.other_day} for each in changes if each.kind == "swap"]
    while more := [pair for pair in pairs if pair & days and not pair <= days]:
        days.update(*more)
    return frozenset(days)


def changed(
    stretches: Iterable[Stretch], changes: Iterable[Change], days: Set[str], utc_offset_hours: int
) -> list[Stretch]:
    """The shifts that start on some days once changes, of which each builds on those before, are made."""
    found = list(stretches)
    for change in changes:
        found = _after(found, change, days, utc_offset_hours)
    return found


def _after(found: list[Stretch], change: Change, days: Set[str], utc_offset_hours: int) -> list[Stretch]:
    if change.kind == "swap":
        return _swapped(found, change)
    if change.kind == "extra":
        day = local_day(change.starts_at, utc_offset_hours)
        return [*found, _extra(change, day)] if day in days else found
    taker = change.other_id if change.kind == "substitute" else ""
    return [each for stretch in found for each in _taken(stretch, change, taker)]


def _taken(stretch: Stretch, change: Change, taker: str) -> list[Stretch]:
    """What a stretch becomes when somebody takes it, or nobody does."""
    if change.day:
        left, part = ([], stretch) if change.has(stretch, change.person_id, change.day) else ([stretch], None)
    elif stretch.person_id == change.person_id:
        left, part = stretch.cut(change.starts_at, change.ends_at)
    else:
        left, part = [stretch], None
    if part is None or not taker:
        return left
    return [*left, replace(part, person_id=taker, by="change")]


def _swapped(found: list[Stretch], change: Change) -> list[Stretch]:
    one = [change.has(each, change.person_id, change.day) for each in found]
    other = [change.has(each, change.other_id, change.other_day) for each in found]
    if not any(one) or not any(other):
        return found
    return [
        replace(each, person_id=change.other_id if his else change.person_id, by="change")
        if his or others
        else each
        for each, his, others in zip(found, one, other, strict=True)
    ]


def _extra(change: Change, day: str) -> Stretch:
    return Stretch(
        agency_id=change.agency_id,
        person_id=change.person_id,
        unit_id=change.unit_id,
        starts_at=change.starts_at,
        ends_at=change.ends_at,
        day=day,
        by="change",
        readiness=change.readiness,
        turn=change.turn,
    )
