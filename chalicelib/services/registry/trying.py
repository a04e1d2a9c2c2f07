"""Rules tried by officers: who would be paged for something somewhere at some time, and what a draft would change in that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ...bootstrap import World
from ...domain import dispatch, effects, escalation, plans, registry_rules, times, trying
from ...domain.effects import Depending, Difference, Nouns
from ...domain.registry import NOUNS, EscalationPolicy, Person, Shift, Station, Terrain, Unit
from ...domain.registry_rules import Book
from ...domain.scene import Scene, placed
from ...domain.times import local_day, plus
from ...domain.trying import Stage, Tried
from ...errors import Unprocessable
from ...faults import Fault
from ...models.registry import Snapshot
from ..response.dispatching import duty_of, must_type, roster_of, seen_by

# A change is tried now and at each change of shifts of a day, and a day rarely has more of them.
MOMENTS_MOST = 4
DAY_S = 24 * 3600
# Rosters are kept so far back and written so far ahead.
FAR_S = 400 * DAY_S


class Asked(Struct, frozen=True, kw_only=True):
    """What is supposed to happen: `at` None is now, with what the units are doing; at another time all are free."""

    type_id: str
    district: str
    terrain: Terrain | None = None
    at: str | None = None


class Trial(Struct, frozen=True, kw_only=True):
    """What the rules answer, and by unit whom escalation would page."""

    scene: Scene
    tried: Tried
    policy: EscalationPolicy | None
    stages: Mapping[str, Sequence[Stage]]
    by_states: bool


class Effect(Struct, frozen=True, kw_only=True):
    """What a draft changes: of `scenes` answers those that differ, at these moments, and what names the thing."""

    scenes: int
    moments: list[str]
    differences: list[Difference]
    depending: list[Depending]
    district: str


def try_rules(world: World, registry: Snapshot, asked: Asked) -> Trial:
    """Who would be sent and paged, why, and why not the others; Unprocessable for what is not known."""
    now = asked.at or world.clock.now()
    type_ = must_type(registry, asked.type_id, "type")
    _must_district(registry, asked.district)
    away_s = times.between(world.clock.now(), now)
    if away_s is None or abs(away_s) > FAR_S:
        raise Unprocessable("a time is out of range", Fault("at", "out_of_range"))
    scene = Scene(
        type_id=type_.id,
        category=type_.category,
        terrain=asked.terrain or type_.terrain,
        district=asked.district,
        lat=None,
        lng=None,
        now=now,
        today=local_day(now, world.settings.utc_offset_hours),
    )
    scene = placed(scene, registry.districts)
    plan, others = trying.choose(registry.plans.values(), scene)
    if plan is None:
        tried = Tried(plan=None, passed_over=others, needs=())
        return Trial(scene=scene, tried=tried, policy=None, stages={}, by_states=asked.at is None)
    duty = duty_of(world, registry, plans.agencies_of(plan), now)
    duty = replace(duty, states={}) if asked.at else seen_by(duty, drill=False)
    needs = trying.answered(plan, scene, duty)
    policy = registry.policies.get(plan.policy_id)
    phones = {person.id: person.phone for person in registry.people.values()}
    out = [person for each in needs for pick in each.picks for person in pick.people]
    stages = {}
    for pick in (pick for each in needs for pick in each.picks):
        # Whoever goes with another unit is out by then.
        away = {*out, *dispatch.people_out(duty)} - {*pick.people}
        people = escalation.candidates(
            duty.agencies[pick.agency_id], duty.shifts, registry.people, registry.accounts.values(), away
        )
        stages[pick.unit_id] = trying.timeline(pick, policy, people, phones, now)
    tried = Tried(plan=plan, passed_over=others, needs=needs)
    return Trial(scene=scene, tried=tried, policy=policy, stages=stages, by_states=asked.at is None)


def effect_of(world: World, registry: Snapshot, noun: str, value: Any, district: str | None) -> Effect:
    """What dispatch would do differently with one thing as a draft has it; nothing is written.

    Without a district each plan is tried in one: in the district of what is changed, or in the first of the plan's own. With
    one the plans that it may ask are. Unprocessable has every fault of the draft.
    """
    if district is not None:
        _must_district(registry, district)
    now, hours = world.clock.now(), world.settings.utc_offset_hours
    before: Nouns = {each: registry.of(each) for each in NOUNS}
    after = effects.with_(before, noun, value.id, value)
    book = Book(nouns=after, now=now, utc_offset_hours=hours)
    if wrong := registry_rules.faults(value, book):
        raise Unprocessable("the registry does not fit together", *wrong)
    where = district or _district_of(before, after, value)
    shifts = _roster(world, registry, now)
    moments = _moments(shifts, now)
    tried = []
    for moment in moments:
        today = local_day(moment, hours)
        tried += list(
            dict.fromkeys(
                pair
                for nouns in (before, after)
                for pair in effects.scenes(nouns, where, moment, today, every=district is None)
            )
        )
    return Effect(
        scenes=len(tried),
        moments=moments,
        differences=effects.compared(before, after, tried, shifts),
        depending=effects.depending(before, noun, value.id),
        district=where,
    )


def _must_district(registry: Snapshot, district: str) -> None:
    if district not in registry.districts:
        raise Unprocessable(
            "unknown district", Fault("district", "unknown", {"noun": "districts", "id": district})
        )


def _roster(world: World, registry: Snapshot, now: str) -> list[Shift]:
    """Everybody's shifts of a day from now on."""
    agencies = set(registry.agencies)
    found = [
        shift for moment in (now, plus(now, DAY_S)) for shift in roster_of(world, registry, agencies, moment)
    ]
    return list({(shift.agency_id, shift.id): shift for shift in found}.values())


def _moments(shifts: Sequence[Shift], now: str) -> list[str]:
    """Now, and when shifts begin within a day."""
    begins = {dispatch.instant_of(shift.starts_at) for shift in shifts}
    return [now, *sorted(each for each in begins if now < each < plus(now, DAY_S))][:MOMENTS_MOST]


def _district_of(before: Nouns, after: Nouns, value: Any) -> str:
    """Where a change is tried first: where the thing stands, else where most stations do."""
    if isinstance(value, Station):
        return value.district_id
    stations = after["stations"]
    if isinstance(value, Unit) and value.station_id in stations:
        return str(stations[value.station_id].district_id)
    own = value.agency_id if isinstance(value, Person) else None
    there = [each.district_id for each in before["stations"].values() if own in (None, each.agency_id)]
    known = there or list(before["districts"])
    return max(sorted(set(known)), key=known.count, default="")
