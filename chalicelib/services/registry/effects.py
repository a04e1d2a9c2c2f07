"""What a draft would change in dispatch before it is saved, and what depends on the thing; nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from ...bootstrap import World
from ...domain import effects, registry_rules
from ...domain.duty import Stretch, from_nouns, of_day
from ...domain.effects import Depending, Difference, Nouns, Rules
from ...domain.incident import Incident
from ...domain.registry import NOUNS, Agency, District, Person, Shift, Station, Unit
from ...domain.registry_rules import SHIFT_DAYS_AHEAD, Book
from ...domain.scene import Scene
from ...domain.times import instant_of, local_day, plus
from ...errors import Unprocessable
from ...faults import Fault
from ...models.registry import Snapshot
from .keeping import NAMED_MOST, book_of
from .trying import must_district

# A change is tried now and at each change of shifts of a day, and a day rarely has more of them.
MOMENTS_MOST = 4
# What duty follows from.
DUTY = ("crews", "shift-codes", "duty-patterns")
DAY_S = 24 * 3600


class Draft(NamedTuple):
    """One thing of the registry as it would be; None: removed."""

    noun: str
    id: str
    value: Any


class Effect(Struct, frozen=True, kw_only=True):
    """What a draft changes: of `scenes` answers those that differ, at these moments, and what has to do with the thing.

    What has is told for the first question alone, not for each district: `incidents` are open ones in which it has a part,
    `duties` how often it stands on a roster from now on, the last of them until `duties_until`, `hindering` what depends on
    it and for which saving will be refused.
    """

    scenes: int
    moments: list[str]
    differences: list[Difference]
    district: str
    depending: list[Depending]
    incidents: list[Incident]
    duties: int
    duties_until: str
    hindering: list[Fault]


class Concerned(NamedTuple):
    """What has to do with a thing as it stands, and what a change of it would break."""

    incidents: list[Incident]
    duties: list[Stretch]
    hindering: list[Fault]


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
    days = _days(now, value, hours)
    stretches = _on_days(registry, days, hours)
    before = Rules(nouns, stretches)
    after = Rules(changed, _drafted(registry, draft, changed, days, hours) or stretches)
    where = district or _district_of(nouns, changed, value)
    moments = _moments(stretches, now, value)
    tried = _tried(before, after, where, moments, hours, every=district is None)
    if noun == "personnel":
        days = effects.lapses(nouns[noun].get(id_, value), value, local_day(now, hours))
        tried += [(plan_id, replace(scene, today=day)) for day in days for plan_id, scene in tried]
    first = district is None
    found = _concerned(world, registry, draft) if first else Concerned([], [], [])
    return Effect(
        scenes=len(tried),
        moments=moments,
        differences=effects.compared(before, after, tried),
        district=where,
        depending=effects.depending(nouns, noun, id_) if first else [],
        incidents=found.incidents,
        duties=len(found.duties),
        duties_until=max((each.ends_at for each in found.duties), default=""),
        hindering=found.hindering,
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


def _days(now: str, value: Any, hours: int) -> list[str]:
    """The local days of a day from now on, and of the beginning of a shift that is tried, each with the one before."""
    moments = (now, plus(now, DAY_S), *_begin(value))
    return sorted({local_day(moment, hours, by) for moment in moments for by in (-1, 0)})


def _on_days(registry: Snapshot, days: Sequence[str], hours: int) -> list[Stretch]:
    """Everybody's duty that starts on some days."""
    agencies = sorted(each.id for each in registry.agencies.values() if not each.retired)
    return [each for day in days for agency_id in agencies for each in registry.duty(agency_id, day, hours)]


def _drafted(
    registry: Snapshot, draft: Draft, nouns: Nouns, days: Sequence[str], hours: int
) -> list[Stretch] | None:
    """Everybody's duty with a draft of what duty follows from; None for other drafts."""
    if draft.noun not in (*DUTY, "shifts"):
        return None
    concerned = (draft.value, registry.of(draft.noun).get(draft.id))
    agencies = {each.agency_id for each in concerned if each is not None}
    found = [each for each in _on_days(registry, days, hours) if each.agency_id not in agencies]
    for agency_id in sorted(agencies):
        for day in days:
            older = [each for each in registry.shifts(agency_id, day) if each.id != draft.id]
            if draft.noun == "shifts" and local_day(draft.value.starts_at, hours) == day:
                older.append(draft.value)
            found += of_day(replace(from_nouns(nouns, agency_id, hours), older={day: older}), day)
    return sorted(found, key=lambda each: each.day)


def _begin(value: Any) -> list[str]:
    return [instant_of(value.starts_at)] if isinstance(value, Shift) else []


def _moments(stretches: Sequence[Stretch], now: str, value: Any) -> list[str]:
    """Now, and when shifts begin within a day; of a shift that is tried its own beginning before all others."""
    if begin := [each for each in _begin(value) if each > now]:
        return begin
    begins = {each.starts_at for each in stretches}
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
    return effects.usual_district(before, own)


def _concerned(world: World, registry: Snapshot, draft: Draft) -> Concerned:
    """The open incidents in which a thing has a part, its duties from now on, and for what its change will be refused."""
    noun, id_, value = draft
    thing = registry.of(noun).get(id_)
    if thing is None:
        return Concerned([], [], [])
    on_rosters = isinstance(thing, Agency | Unit | Person)
    agency_id = thing.id if isinstance(thing, Agency) else thing.agency_id if on_rosters else ""
    now, hours = world.clock.now(), world.settings.utc_offset_hours
    book = book_of(world, registry, (agency_id,) if on_rosters else (), now)
    own = {"agencies": "agency_id", "units": "unit_id", "personnel": "person_id"}.get(noun)
    duties = [
        each
        for by in range(-1, SHIFT_DAYS_AHEAD + 1)
        if own
        for each in registry.duty(agency_id, local_day(now, hours, by), hours)
        if getattr(each, own) == id_ and each.ends_at > now
    ]
    incidents = effects.taking_part(noun, id_, book.nouns, book.incidents, book.states)
    broken = registry_rules.introduced(book, book.with_(noun, id_, value), noun, id_)
    return Concerned(incidents, duties, broken[:NAMED_MOST])
