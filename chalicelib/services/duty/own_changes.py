"""What a person may say of their own duty: yes or no to a colleague, that they cannot, that they want to swap, and taking it back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ...bootstrap import World
from ...domain import ids, times
from ...domain.duty import Change, Stretch
from ...domain.registry import Person
from ...models.registry import Snapshot
from . import changing
from .changing import Which, Who
from .own import WEEKS

# More than these nobody reads on a phone.
OFFERS_MOST = 20


class OwnChanges(NamedTuple):
    """What is asked of a person, and what they asked for that waits or may still be taken back."""

    asked: list[Change]
    own: list[Change]


class Offer(NamedTuple):
    """Who could take a duty, and for which duty of theirs, None for none in exchange."""

    person: Person
    takes: Stretch | None


def standing(world: World, registry: Snapshot, person: Person) -> OwnChanges:
    """The changes that concern a person in the coming weeks and are not over. One query a month."""
    today, last_day = _days(world)
    found = changing.between(world, registry, person.agency_id, today, last_day)
    asked = [each for each in found if each.other_id == person.id and each.state == "asked"]
    own = [each for each in found if each.person_id == person.id and _open(each, today)]
    return OwnChanges(asked, own)


def _open(change: Change, today: str) -> bool:
    if change.state in ("asked", "accepted"):
        return True
    return change.state == "agreed" and change.kind == "leave" and (change.day or "") > today


def concerned(world: World, registry: Snapshot, change: Change, person_id: str, day: str) -> list[Stretch]:
    """What somebody has to do by a change's day, as the duty stands."""
    hours = world.settings.utc_offset_hours
    days = [day] if day else change.days(hours)
    found = [each for one in days for each in registry.duty(change.agency_id, one, hours)]
    return [
        each
        for each in found
        if each.person_id == person_id
        and (day or (each.starts_at < change.ends_at and change.starts_at < each.ends_at))
    ]


def answer(world: World, registry: Snapshot, person: Person, change_id: str, *, yes: bool) -> Change:
    """A person's word to what a colleague asked of them; Forbidden for what was asked of somebody else, Conflict once it is over."""
    said = changing.accept if yes else changing.decline
    return said(world, registry, Which(person.agency_id, change_id), Who.person(person.id))


def withdraw(world: World, registry: Snapshot, person: Person, change_id: str) -> Change:
    """Take back what a person asked for."""
    return changing.withdraw(world, registry, Which(person.agency_id, change_id), Who.person(person.id))


def cannot(
    world: World, registry: Snapshot, person: Person, spans: Iterable[tuple[str, str]], key: str, why: str
) -> None:
    """Say that a person cannot on some days, or from one to another; each is a leave of its own, and the same key is said once."""
    for day, last_day in spans:
        wanted = Change(
            id="", agency_id=person.agency_id, kind="leave", person_id=person.id, day=day, last_day=last_day
        )
        changing.ask(world, registry, wanted, ids.named(key, day), Who.person(person.id, why))


class Wish(NamedTuple):
    """Whom a person asks to take a day of theirs, and which day of the other they take for it, '' for none."""

    day: str
    other_id: str
    other_day: str


def ask(world: World, registry: Snapshot, person: Person, wish: Wish, key: str, why: str) -> Change:
    """Ask a colleague to swap, or to stand in."""
    wanted = Change(
        id="",
        agency_id=person.agency_id,
        kind="swap" if wish.other_day else "substitute",
        person_id=person.id,
        other_id=wish.other_id,
        day=wish.day,
        other_day=wish.other_day,
    )
    return changing.ask(world, registry, wanted, key, Who.person(person.id, why))


def offers(world: World, registry: Snapshot, person: Person, day: str) -> list[Offer]:
    """Who of the agency is free on a day, those first who hold what the person holds; each with the first duty to take in exchange
    on a day on which the person is free.
    """
    hours, (_, last_day) = world.settings.utc_offset_hours, _days(world)
    tomorrow = times.local_day(world.clock.now(), hours, 1)
    by_day: dict[str, list[Stretch]] = {}
    one = tomorrow
    while one <= last_day:
        by_day[one] = registry.duty(person.agency_id, one, hours)
        one = times.day_after(one)
    busy = {each.person_id for each in by_day.get(day, registry.duty(person.agency_id, day, hours))}
    held = {each.certification_id for each in person.certifications}
    found = []
    for other in registry.people.values():
        if other.agency_id != person.agency_id or other.id in busy or registry.gone(other):
            continue
        takes = next((each for each in _swappable(by_day, person.id, other.id, day)), None)
        lacks = len(held - {each.certification_id for each in other.certifications})
        found.append((lacks, takes is None, other.name, Offer(other, takes)))
    return [offer for *_, offer in sorted(found, key=lambda each: each[:3])][:OFFERS_MOST]


def _swappable(by_day: dict[str, list[Stretch]], own: str, other: str, day: str) -> Iterable[Stretch]:
    for each, stretches in by_day.items():
        if each != day and not any(one.person_id == own for one in stretches):
            yield from (one for one in stretches if one.person_id == other)


def _days(world: World) -> tuple[str, str]:
    hours, now = world.settings.utc_offset_hours, world.clock.now()
    return times.local_day(now, hours), times.local_day(now, hours, WEEKS * 7)
