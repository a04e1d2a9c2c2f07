"""Who would be sent: the response plan answered from the registry, the roster and the units' present states."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from ...bootstrap import World
from ...domain import dispatch, places, plans
from ...domain.decision import Decision
from ...domain.dispatch import Attendance, Duty
from ...domain.duty import Stretch
from ...domain.incident import Incident, Location
from ...domain.nearby import WINDOW_S, Nearby, nearby
from ...domain.registry import IncidentType, ResponsePlan, Terrain
from ...domain.scene import Scene, placed
from ...domain.times import local_day, plus
from ...domain.units import for_real
from ...errors import Unprocessable
from ...faults import Fault
from ...models.registry import Snapshot


class Preview(Struct, frozen=True, kw_only=True):
    """What the plan would do now, without doing it; `doubts` about the place, and how far off a doubtful point lies.

    `lies`: in which district's boundary the point lies, which stands for a district that nobody has named.
    """

    plan: ResponsePlan | None
    attendance: Attendance | None
    nearby: list[Nearby]
    doubts: list[str]
    away: places.Away | None
    lies: places.Lies | None


def scene_of_incident(world: World, registry: Snapshot, incident: Incident, now: str) -> Scene:
    """The scene of an incident, by what was kept when it opened."""
    place = incident.location
    scene = Scene(
        type_id=incident.type,
        category=incident.category,
        terrain=incident.terrain,
        district=place.district,
        lat=place.lat,
        lng=place.lng,
        now=now,
        today=local_day(now, world.settings.utc_offset_hours),
    )
    return placed(scene, registry.districts)


def duty_of(world: World, registry: Snapshot, agency_ids: set[str], now: str) -> Duty:
    """The agencies as they stand at a moment."""
    stretches = roster_of(world, registry, agency_ids, now)
    nouns = {noun: registry.of(noun) for noun in ("agencies", "units", "stations", "personnel")}
    states = registry.unit_states()
    duty = dispatch.standing(nouns, agency_ids, stretches, now)
    return replace(duty, states=states.units, pools=states.pools)


def roster_of(world: World, registry: Snapshot, agency_ids: set[str], now: str) -> list[Stretch]:
    """The duty of some agencies among which is all that covers a moment."""
    hours = world.settings.utc_offset_hours
    return [
        each
        for agency_id in sorted(agency_ids & registry.agencies.keys())
        if not registry.agencies[agency_id].retired
        # A shift lasts a day at most: whoever is on duty began today or yesterday.
        for day in (local_day(now, hours, -1), local_day(now, hours))
        for each in registry.duty(agency_id, day, hours)
    ]


def seen_by(duty: Duty, *, drill: bool) -> Duty:
    """The duty as an incident finds it: a real one takes units and people that are out for a drill, and either those that have
    not answered to one of its own kind that asked them beside a silent crew.
    """
    states = duty.states
    if not drill:
        states = {unit_id: for_real(state) for unit_id, state in states.items()}
    loose = frozenset(
        unit_id
        for unit_id, state in states.items()
        if state.loose and all(each.drill == drill for each in state.holding)
    )
    return replace(duty, states=states, loose=loose)


def as_decided(duty: Duty, decision: Decision) -> Duty:
    """The duty as it stands once the decision is written: whom it frees may go with another unit."""
    return replace(duty, states={**duty.states, **{unit.unit_id: unit for unit in decision.units}})


def had(incident: Incident) -> frozenset[str]:
    """The units that an incident has or has lost."""
    return frozenset(crew.unit_id for crew in incident.crews if crew.status not in ("cleared", "cancelled"))


def take_on_call(decision: Decision, duty: Duty) -> None:
    """Name the agencies whose on-call people a decision sends: two units of theirs are no conflict, one person is."""
    sent = {person for each in decision.assignments for person in each.people}
    on_call = {each.agency_id for each in duty.on_duty if each.unit_id is None and each.person_id in sent}
    decision.pools = {agency_id: duty.pools.get(agency_id, 0) for agency_id in sorted(on_call)}


def preview(
    world: World, registry: Snapshot, type_id: str, terrain: Terrain | None, place: Location
) -> Preview:
    """Who would be sent and paged at this moment and why, and which open incidents may be the same."""
    now = world.clock.now()
    type_ = must_type(registry, type_id, "type")
    lies = places.lies_in(place.lat, place.lng, registry.districts.values())
    if lies and place.district not in registry.districts:
        place = replace(place, district=lies.district)
    scene = Scene(
        type_id=type_.id,
        category=type_.category,
        terrain=terrain or type_.terrain,
        district=place.district,
        lat=place.lat,
        lng=place.lng,
        now=now,
        today=local_day(now, world.settings.utc_offset_hours),
    )
    scene = placed(scene, registry.districts)
    plan = plans.choose_plan(registry.plans.values(), scene)
    attendance = None
    if plan:
        duty = duty_of(world, registry, plans.agencies_of(plan), now)
        attendance = dispatch.attendance(plan, 1, scene, seen_by(duty, drill=False))
    districts = registry.districts
    doubts, away = places.sense(place.lat, place.lng, districts.get(place.district), districts.values())
    if scene.place_unknown:
        doubts.append("place_unknown")
    lat, lng = places.gone_by(place.lat, place.lng, districts.values()) or (None, None)
    named = place.district if place.district in districts else ""
    nearby = near(world, registry, type_.id, Location(district=named, lat=lat, lng=lng))
    return Preview(plan=plan, attendance=attendance, nearby=nearby, doubts=doubts, away=away, lies=lies)


def near(world: World, registry: Snapshot, type_id: str, place: Location, without: str = "") -> list[Nearby]:
    """Open incidents of the last three hours near a place that may be the same, `without` one of them."""
    now = world.clock.now()
    recent = world.open_incidents.since(plus(now, -WINDOW_S), now, without)
    return nearby(recent, registry.types, type_id, place)


def must_type(registry: Snapshot, type_id: str, path: str) -> IncidentType:
    if type_id not in registry.types:
        raise Unprocessable("unknown incident type", Fault(path, "unknown_type"))
    return registry.types[type_id]
