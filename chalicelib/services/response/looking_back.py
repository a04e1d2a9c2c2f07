"""Finding what is over: a search goes back day by day and stops after so many reads, with the place where to go on."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from ...bootstrap import World
from ...domain import bounds, cursor, times
from ...domain.call import Call
from ...domain.incident import Incident
from ...domain.looking_back import TO_RING_BACK, Place, Search, day_before, matches, order
from ...errors import Invalid
from ...faults import Fault
from ...models import past
from ...models.registry import Snapshot
from ..abuse import limits
from ..changes.writing import Actor
from ..evidence import privacy

# What one request reads at most, whatever is kept: stretches of eight queries, incidents in batches of a hundred.
STRETCHES_MOST = 8
READ_MOST = 800
SHOWN_MOST = 100
# Of a search by number, which asks for each incident's calls: a second or two of queries, one after the other.
ASKED_MOST = 250
# Of calls without an incident.
CALLS_MOST = 1000
# So long one search by number may go on under one record.
RECORD_HOLDS_S = 3600


class Found(Struct, kw_only=True):
    """What was found down to a local day, and where to go on; None once all days were looked through."""

    incidents: list[Incident]
    calls: list[Call]
    searched_to: str
    next: str | None


def search(world: World, registry: Snapshot, wanted: Search, after: str | None) -> Found:
    """The incidents of some days that are looked for, the last first."""
    question = msgspec.json.encode(wanted)
    walk = _Walk(wanted, _place(world, question, after, wanted))
    district = partial(_district, registry)
    found: list[Incident] = []
    for incident in walk:
        if matches(incident, wanted, district):
            found.append(incident)
            if len(found) == SHOWN_MOST:
                break
    return _found(world, question, walk, found, [])


def search_number(
    world: World, actor: Actor, wanted: Search, number: str, reason: str, after: str | None
) -> Found:
    """The incidents and calls of some days from a number, once it stands recorded that somebody looked for it, and why."""
    subject = privacy.subject_of(world, number)
    question = msgspec.json.encode((wanted, actor.id, subject, reason))
    place = _place(world, question, after, wanted)
    now = world.clock.now()
    if place.at < times.plus(now, -RECORD_HOLDS_S):
        limits.hourly(
            world,
            f"numbers:{actor.id}",
            bounds.NUMBERS_SOUGHT_AN_HOUR,
            "numbers are looked for no more often",
        )
        place = replace(place, record=privacy.looked_for(world, actor, number, reason), at=now)
    walk = _Walk(wanted, place)
    found: list[Incident] = []
    for asked, incident in enumerate(walk, start=1):
        calls = past.calls_of([incident.id])
        if any(each.number == number and each.incident_id == incident.id for each in calls):
            found.append(incident)
        if asked == ASKED_MOST:
            break
    loose = [call for day in walk.begun for call in past.loose_calls_from(number, day)]
    return _found(world, question, walk, found, loose)


class _Walk:
    """The incidents of a search's days, the last first, until so much was read; `place` is behind the last one."""

    def __init__(self, wanted: Search, place: Place) -> None:
        self._from = wanted.from_
        self.place: Place | None = place
        self.searched_to = place.day
        # The days that it came to the beginning of.
        self.begun: list[str] = []

    def __iter__(self) -> Iterator[Incident]:
        stretches = read = 0
        while self.place is not None and stretches < STRETCHES_MOST and read < READ_MOST:
            place = self.place
            self.searched_to = place.day
            if not place.below and place.after == ("", ""):
                self.begun.append(place.day)
            incidents, below = past.stretch(place.day, place.below)
            stretches += 1
            read += len(incidents)
            for incident in sorted(incidents, key=order, reverse=True):
                if place.after == ("", "") or order(incident) < place.after:
                    self.place = replace(place, after=order(incident))
                    yield incident
            self.place = self._next(place, below)

    def _next(self, place: Place, below: str) -> Place | None:
        if below:
            return replace(place, below=below, after=("", ""))
        if place.day <= self._from:
            return None
        return replace(place, day=day_before(place.day), below="", after=("", ""))


def _place(world: World, question: bytes, after: str | None, wanted: Search) -> Place:
    if after is None:
        return Place(day=wanted.to)
    try:
        return cursor.read(world.settings.link_secret, question, after, Place)
    except ValueError:
        raise Invalid("that is no place to go on from", Fault("after", "never_given")) from None


def _found(world: World, question: bytes, walk: _Walk, found: list[Incident], calls: list[Call]) -> Found:
    rest = cursor.written(world.settings.link_secret, question, walk.place) if walk.place else None
    return Found(incidents=found, calls=calls, searched_to=walk.searched_to, next=rest)


def _district(registry: Snapshot, id_: str) -> str:
    """All names by which people know a district."""
    known = registry.districts.get(id_)
    return " ".join((known.name, known.capital, *known.aliases)) if known else id_


def loose_calls(world: World, wanted: Search, to_ring_back: bool, after: str | None) -> Found:
    """The calls of some days that belong to no incident, the last first; of silent and dropped ones alone if asked."""
    question = msgspec.json.encode((wanted, to_ring_back, "calls"))
    place: Place | None = _place(world, question, after, wanted)
    found: list[Call] = []
    read, day = 0, wanted.to
    while place is not None and len(found) < SHOWN_MOST and read < CALLS_MOST:
        day = place.day
        calls = past.loose_calls(day, place.below, SHOWN_MOST)
        read += len(calls)
        for call in calls:
            place = replace(place, below=call.id)
            if not to_ring_back or call.kind in TO_RING_BACK:
                found.append(call)
                if len(found) == SHOWN_MOST:
                    break
        else:
            if len(calls) < SHOWN_MOST:
                place = Place(day=day_before(day)) if day > wanted.from_ else None
    rest = cursor.written(world.settings.link_secret, question, place) if place else None
    return Found(incidents=[], calls=found, searched_to=day, next=rest)
