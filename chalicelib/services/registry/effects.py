"""What a draft would change in dispatch before it is saved, and what depends on the thing; nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from ...bootstrap import World
from ...domain import effects, registry_rules
from ...domain.dispatch import instant_of
from ...domain.effects import Depending, Difference, Nouns, Rules
from ...domain.incident import Incident
from ...domain.registry import NOUNS, Agency, District, Person, Shift, Station, Unit
from ...domain.registry_rules import Book
from ...domain.scene import Scene
from ...domain.times import local_day, plus
from ...errors import Unprocessable
from ...models.registry import Snapshot
from ..response.dispatching import roster_of
from .keeping import book_of
from .trying import must_district

# A change is tried now and at each change of shifts of a day, and a day rarely has more of them.
MOMENTS_MOST = 4
DAY_S = 24 * 3600


class Draft(NamedTuple):
    """One thing of the registry as it would be; None: removed."""

    noun: str
    id: str
    value: Any


class Effect(Struct, frozen=True, kw_only=True):
    """What a draft changes: of `scenes` answers those that differ, at these moments, and what has to do with the thing.

    What has is told for the first question alone, not for each district: `incidents` are open ones in which it has a part,
    `duties` how often it stands on a roster from now on, the last of them until `duties_until`.
    """

    scenes: int
    moments: list[str]
    differences: list[Difference]
    district: str
    depending: list[Depending]
    incidents: list[Incident]
    duties: int
    duties_until: str


def effect_of(world: World, registry: Snapshot, draft: Draft, district: str | None) -> Effect:
    """What dispatch would do differently with one thing as a draft has it; nothing is written.

    Without a district each plan is tried in one: in the district of what is changed, or in the first of the plan's own. With
    one the plans that it may ask are. Unprocessable has every fault of the draft.
    """
    if district is not None:
        must_district(registry, district)
    noun, id_, value = draft
    now, hours = world.clock.now(), world.settings.utc_offset_hours
    nouns: Nouns = {each: registry.of(each) for each in NOUNS}
    changed = nouns if noun == "shifts" else effects.with_(nouns, noun, id_, value)
    if value is not None:
        book = Book(nouns=changed, now=now, utc_offset_hours=hours)
        if wrong := registry_rules.faults(value, book):
            raise Unprocessable("the registry does not fit together", *wrong)
    shifts = _roster(world, registry, now, value)
    before = Rules(nouns, shifts)
    after = Rules(changed, effects.rostered(shifts, value))
    where = district or _district_of(nouns, changed, value)
    moments = _moments(shifts, now, value)
    tried = _tried(before, after, where, moments, hours, every=district is None)
    if noun == "personnel":
        days = effects.lapses(nouns[noun].get(id_, value), value, local_day(now, hours))
        tried += [(plan_id, replace(scene, today=day)) for day in days for plan_id, scene in tried]
    first = district is None
    incidents, duties = _concerned(world, registry, noun, id_) if first else ([], [])
    return Effect(
        scenes=len(tried),
        moments=moments,
        differences=effects.compared(before, after, tried),
        district=where,
        depending=effects.depending(nouns, noun, id_) if first else [],
        incidents=incidents,
        duties=len(duties),
        duties_until=max((instant_of(shift.ends_at) for shift in duties), default=""),
    )


def _tried(
    before: Rules, after: Rules, where: str, moments: Sequence[str], hours: int, *, every: bool
) -> list[tuple[str, Scene]]:
    """The scenes that either side has, once each."""
    return [
        pair
        for moment in moments
        for pair in dict.fromkeys(
            found
            for rules in (before, after)
            for found in effects.scenes(rules.nouns, where, moment, local_day(moment, hours), every=every)
        )
    ]


def _roster(world: World, registry: Snapshot, now: str, value: Any) -> list[Shift]:
    """Everybody's shifts of a day from now on, and those at the beginning of a shift that is tried."""
    agencies = set(registry.agencies)
    days = (now, plus(now, DAY_S), *_begin(value))
    found = [shift for moment in days for shift in roster_of(world, registry, agencies, moment)]
    return list({(shift.agency_id, shift.id): shift for shift in found}.values())


def _begin(value: Any) -> list[str]:
    return [instant_of(value.starts_at)] if isinstance(value, Shift) else []


def _moments(shifts: Sequence[Shift], now: str, value: Any) -> list[str]:
    """Now, and when shifts begin within a day; of a shift that is tried its own beginning before all others."""
    if begin := [each for each in _begin(value) if each > now]:
        return begin
    begins = {instant_of(shift.starts_at) for shift in shifts}
    return [now, *sorted(each for each in begins if now < each < plus(now, DAY_S))][:MOMENTS_MOST]


def _district_of(before: Nouns, after: Nouns, value: Any) -> str:
    """Where a change is tried first: where the thing stands, else where most stations do."""
    if isinstance(value, District):
        return value.id
    if isinstance(value, Station):
        return value.district_id
    stations = after["stations"]
    if isinstance(value, Unit) and value.station_id in stations:
        return str(stations[value.station_id].district_id)
    own = value.agency_id if isinstance(value, Person | Shift) else None
    there = [each.district_id for each in before["stations"].values() if own in (None, each.agency_id)]
    known = there or list(before["districts"])
    return max(sorted(set(known)), key=known.count, default="")


def _concerned(world: World, registry: Snapshot, noun: str, id_: str) -> tuple[list[Incident], list[Shift]]:
    """The open incidents in which a thing has a part, and its duties from now on."""
    thing = registry.of(noun).get(id_)
    if thing is None:
        return [], []
    on_rosters = isinstance(thing, Agency | Unit | Person)
    agency_id = thing.id if isinstance(thing, Agency) else thing.agency_id if on_rosters else ""
    book = book_of(world, registry, (agency_id,) if on_rosters else (), world.clock.now())
    own = {"agencies": "agency_id", "units": "unit_id", "personnel": "person_id"}.get(noun)
    duties = [shift for shift in book.shifts if own and getattr(shift, own) == id_]
    return effects.taking_part(noun, id_, book.nouns, book.incidents, book.states), duties
