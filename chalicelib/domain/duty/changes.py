"""Changes to who is on duty: somebody stands in, two swap, somebody is on leave, somebody does more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from ..times import day_after, local_day
from .stretch import Readiness, Stretch, Turn

Kind = Literal["substitute", "swap", "leave", "extra"]
# `asked`: of the other person; `accepted`: waits for the agency's word. Only what is agreed counts.
State = Literal["asked", "accepted", "agreed", "declined", "refused", "withdrawn"]


class Change(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One change; it counts from `agreed_at` on, '' until it is accepted or approved, and no more once it was `withdrawn_at`.

    Of a shift that runs when it is agreed the part from then on alone changes: what has begun stays as it was.
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
    state: State = "asked"
    recorded_at: str = ""
    agreed_at: str = ""
    withdrawn_at: str = ""

    def has(self, stretch: Stretch, person_id: str, day: str) -> bool:
        """Whether a stretch is what somebody has to do on a day of this change."""
        return stretch.person_id == person_id and day <= stretch.day <= (self.last_day or day)

    def concerns(self, stretch: Stretch) -> bool:
        """Whether a stretch, before this change, is what it takes from somebody."""
        if self.kind == "swap":
            return self.has(stretch, self.person_id, self.day) or self.has(
                stretch, self.other_id, self.other_day
            )
        if self.kind == "extra":
            return False
        if self.day:
            return self.has(stretch, self.person_id, self.day)
        own = stretch.person_id == self.person_id
        return own and stretch.starts_at < self.ends_at and self.starts_at < stretch.ends_at

    def days(self, utc_offset_hours: int) -> list[str]:
        """The local days on which shifts start that it may concern, in their order; a part of a day may be of the shift of the
        day before.
        """
        if self.kind == "swap":
            return sorted({self.day, self.other_day})
        if self.day:
            return list(_days(self.day, self.last_day or self.day))
        first = local_day(self.starts_at, utc_offset_hours, 0 if self.kind == "extra" else -1)
        last = self.starts_at if self.kind == "extra" else self.ends_at
        return list(_days(first, local_day(last, utc_offset_hours)))


def _days(first: str, last: str) -> Iterator[str]:
    while first <= last:
        yield first
        first = day_after(first)


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
        over = change.agreed_at >= change.ends_at
        return found if over or day not in days else [*found, _extra(change, day)]
    taker = change.other_id if change.kind == "substitute" else ""
    return [each for stretch in found for each in _taken(stretch, change, taker)]


def _taken(stretch: Stretch, change: Change, taker: str) -> list[Stretch]:
    """What a stretch becomes when somebody takes it, or nobody does."""
    if not change.concerns(stretch):
        return [stretch]
    since, until = (change.agreed_at, "~") if change.day else (change.starts_at, change.ends_at)
    left, part = stretch.cut(max(since, change.agreed_at), until)
    if part is None or not taker:
        return left
    return [*left, replace(part, person_id=taker, by="change")]


def _swapped(found: list[Stretch], change: Change) -> list[Stretch]:
    one = [change.has(each, change.person_id, change.day) for each in found]
    other = [change.has(each, change.other_id, change.other_day) for each in found]
    if not any(one) or not any(other):
        return found
    after = []
    for each, his, others in zip(found, one, other, strict=True):
        left, part = each.cut(change.agreed_at, "~") if his or others else ([each], None)
        taker = change.other_id if his else change.person_id
        after += left if part is None else [*left, replace(part, person_id=taker, by="change")]
    return after


def _extra(change: Change, day: str) -> Stretch:
    return Stretch(
        agency_id=change.agency_id,
        person_id=change.person_id,
        unit_id=change.unit_id,
        starts_at=max(change.starts_at, change.agreed_at),
        ends_at=change.ends_at,
        day=day,
        by="change",
        readiness=change.readiness,
        turn=change.turn,
    )
