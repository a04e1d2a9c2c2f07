"""What one person has to do in the coming weeks, with whom and under whom: the same duty that dispatch would find."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ...bootstrap import World
from ...domain import times
from ...domain.dispatch import still_theirs
from ...domain.duty import Stretch
from ...domain.duty.sheet import Cell, days_of, place
from ...domain.registry import DutyCrew, Person, ShiftCode
from ...models.registry import Snapshot

WEEKS = 4
# As far as a calendar looks ahead.
CALENDAR_DAYS = 42


class OwnDuty(NamedTuple):
    """One of a person's duties, with whom it is in the same place, who is the crew's chief, and what its code is called."""

    stretch: Stretch
    mates: list[Person]
    chief: Person | None
    name: str


class OwnDays(NamedTuple):
    """The duties that are not over, in their order; and of days without any why that is so, as far as a sheet says it."""

    duties: list[OwnDuty]
    off: dict[str, str]
    today: str
    last_day: str


def coming(world: World, registry: Snapshot, person: Person, days: int = WEEKS * 7) -> OwnDays:
    """A person's duties from now on, of shifts that start within so many days. Costs what dispatch knows already, or a query a month."""
    hours, now = world.settings.utc_offset_hours, world.clock.now()
    people = {each.id: each for each in registry.people.values() if not registry.gone(each)}
    listed = [times.local_day(now, hours, by) for by in range(-1, days + 1)]
    by_day = {
        day: still_theirs(registry.duty(person.agency_id, day, hours), people, registry.units)
        for day in listed
    }
    own = [
        (day, each)
        for day in listed[:-1]
        for each in by_day[day]
        if each.person_id == person.id and each.ends_at > now
    ]
    codes = {
        each.code: each for each in registry.of("shift-codes").values() if each.agency_id == person.agency_id
    }
    duties = [
        OwnDuty(
            stretch=each,
            mates=_mates(each, (mate for near in _around(listed, day) for mate in by_day[near]), people),
            chief=_chief(registry, each, people),
            name=codes[each.code].name if each.code in codes else "",
        )
        for day, each in sorted(own, key=lambda found: found[1].starts_at)
    ]
    off = _off(registry, person, listed[1:-1], codes)
    return OwnDays(duties, off, listed[1], listed[-2])


def _around(listed: list[str], day: str) -> list[str]:
    at = listed.index(day)
    return listed[max(0, at - 1) : at + 2]


def _mates(own: Stretch, others: Iterable[Stretch], people: dict[str, Person]) -> list[Person]:
    """Who is with the same unit meanwhile; of the pool nobody, as it has no place."""
    if own.unit_id is None:
        return []
    found = [
        each.person_id
        for each in others
        if each.unit_id == own.unit_id
        and each.person_id != own.person_id
        and each.starts_at < own.ends_at
        and own.starts_at < each.ends_at
    ]
    return sorted((people[each] for each in dict.fromkeys(found)), key=lambda each: each.name)


def _chief(registry: Snapshot, own: Stretch, people: dict[str, Person]) -> Person | None:
    crews: list[DutyCrew] = [
        crew
        for crew in registry.of("crews").values()
        if crew.agency_id == own.agency_id and not crew.retired and _in(crew, own)
    ]
    best = sorted(crews, key=lambda crew: (crew.unit_id != own.unit_id, crew.id))
    chief_id = best[0].chief_id if best else None
    return people.get(chief_id or "")


def _in(crew: DutyCrew, own: Stretch) -> bool:
    return any(
        each.person_id == own.person_id and each.since <= own.day <= (each.until or "~")
        for each in crew.members
    )


def _off(
    registry: Snapshot, person: Person, days: Iterable[str], codes: dict[str, ShiftCode]
) -> dict[str, str]:
    """What a published sheet says of a day on which somebody has nothing to do: the name of a code without hours."""
    found: dict[str, str] = {}
    for day in days:
        sheet = registry.sheet(person.agency_id, day[:7])
        if sheet is None or not sheet.covers(day):
            continue
        for row in sheet.rows:
            if row.person_id == person.id:
                code = codes.get(Cell.of(row.texts(days_of(day[:7]))[place(day)], None).code)
                if code and not code.starts:
                    found[day] = code.name
    return found
