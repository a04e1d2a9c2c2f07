"""Who is sent: the response plan's needs answered from who is fit, on duty and available, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any, Literal, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from .duty import By, Stretch, goes_along, on_duty
from .geo import distance_km
from .plans import needs_at
from .registry import Agency, Need, Person, ResponsePlan, Station, Unit
from .scene import Scene
from .units import UnitState

RejectReason = Literal[
    "busy",
    "not_available",
    "wrong_terrain",
    "lacks_capability",
    "no_crew",
    "certification_blocked",
    "already_sent",
]


# Of a unit without a station: behind all others.
FAR_KM = 1e4
# Units that are named as looked at, in all shortfalls of an attendance together: it is one item of 400 KB at most.
CONSIDERED_MOST = 1000


class Duty(Struct, frozen=True, kw_only=True):
    """The agencies of a plan as they stand now: units, stations, people, and who of them is on duty at the moment."""

    agencies: Mapping[str, Agency]
    units: Sequence[Unit]
    stations: Mapping[str, Station]
    people: Mapping[str, Person]
    on_duty: Sequence[Stretch]
    states: Mapping[str, UnitState]
    # Of each agency whose on-call people were ever taken, the version of the item that says so.
    pools: Mapping[str, int] = {}
    # Units that are asked elsewhere and may be taken from there, behind all that are free.
    loose: frozenset[str] = frozenset()
    # By how much farther a crew on call counts than it is.
    on_call_km: int = 0

    def of_unit(self, unit: Unit) -> Iterator[Stretch]:
        """Who is on duty with a unit, or in its agency's pool."""
        return (
            each
            for each in self.on_duty
            if each.agency_id == unit.agency_id and each.unit_id in (None, unit.id)
        )

    def by_what(self, unit: Unit, crew: Iterable[str]) -> dict[str, By]:
        """By what each of a unit's crew is on duty: a sheet, a change, a pattern."""
        found = {each.person_id: each.by for each in self.of_unit(unit)}
        return {person: found[person] for person in crew if person in found}


class Pick(Struct, frozen=True, kw_only=True):
    """One unit to send, whom to page, and why it was chosen; no distance where the place is unknown."""

    need_id: str
    agency_id: str
    unit_id: str
    callsign: str
    people: tuple[str, ...]
    distance_km: float | None
    reasons: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    # By what each of the people is on duty.
    on_duty_by: Mapping[str, By] = {}


class Considered(Struct, frozen=True, kw_only=True):
    """A unit that was looked at and not chosen."""

    unit_id: str
    callsign: str
    agency_id: str
    reason: str


class Shortfall(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A need that could not be met in full, with the units that were looked at; `more` were, beyond those named."""

    need_id: str
    missing: int
    reason: str
    considered: tuple[Considered, ...]
    more: int = 0


class Attendance(Struct, frozen=True, kw_only=True):
    """Whom a plan sends at one alarm level, and what is missing; kept with the incident."""

    plan_id: str
    policy_id: str
    level: int
    picks: tuple[Pick, ...]
    shortfalls: tuple[Shortfall, ...]


def as_planned(plan: ResponsePlan | None, duty: Duty) -> Duty:
    """The duty as a plan looks at it."""
    return replace(duty, on_call_km=plan.on_call_km) if plan else duty


def attendance(
    plan: ResponsePlan, level: int, scene: Scene, duty: Duty, *, sent: frozenset[str] = frozenset()
) -> Attendance:
    """Whom a plan sends at one of its alarm levels; `sent` holds units that this incident already has or has lost."""
    picks, shortfalls = meet_needs(needs_at(plan, level), scene, as_planned(plan, duty), sent=sent)
    return Attendance(
        plan_id=plan.id, policy_id=plan.policy_id, level=level, picks=picks, shortfalls=shortfalls
    )


def meet_needs(
    needs: Iterable[Need], scene: Scene, duty: Duty, *, sent: frozenset[str] = frozenset()
) -> tuple[tuple[Pick, ...], tuple[Shortfall, ...]]:
    """Answer needs in their order; a unit or person chosen for one need, or out with a unit, is gone for the next."""
    picks: list[Pick] = []
    shortfalls: list[Shortfall] = []
    taken = Taken(units=set(sent), people=people_out(duty))
    # Whoever may be taken from elsewhere comes behind all that are free, of whatever agency.
    last = replace(duty, units=[unit for unit in duty.units if unit.id in duty.loose])
    for need in needs:
        missing, considered, before = need.units, list[Considered](), len(picks)
        for seen in (replace(duty, loose=frozenset()), last) if duty.loose else (duty,):
            for agency_id in need.agencies:
                if missing and agency_id in duty.agencies:
                    own = replace(need, units=missing)
                    chosen, passed_over = _from_agency(own, agency_id, scene, seen, taken)
                    picks += chosen
                    considered += passed_over
                    missing -= len(chosen)
        if missing:
            # Of a unit that was looked at twice the last word counts, and none of one that goes.
            gone = {pick.unit_id for pick in picks[before:]}
            considered = list(
                {each.unit_id: each for each in considered if each.unit_id not in gone}.values()
            )
            reasons = {each.reason for each in considered}
            why = "no_unit" if not considered else reasons.pop() if len(reasons) == 1 else "no_fit_unit"
            shortfalls.append(
                Shortfall(need_id=need.id, missing=missing, reason=why, considered=tuple(considered))
            )
    return tuple(picks), tuple(_brief(shortfalls))


def _brief(shortfalls: Sequence[Shortfall]) -> Iterable[Shortfall]:
    """Each with its part of what may be named: whole fleets, looked at for each of many needs, would fill no item."""
    most = max(1, CONSIDERED_MOST // max(1, len(shortfalls)))
    for each in shortfalls:
        named = each.considered[:most]
        yield replace(each, considered=named, more=len(each.considered) - len(named))


class Taken(NamedTuple):
    """Units and people that an attendance can no longer choose."""

    units: set[str]
    people: set[str]


def _from_agency(
    need: Need, agency_id: str, scene: Scene, duty: Duty, taken: Taken
) -> tuple[list[Pick], list[Considered]]:
    picks: list[Pick] = []
    considered: list[Considered] = []

    for unit, reason, crew, warnings in looked_at(need, agency_id, scene, duty, taken):
        if reason:
            considered.append(
                Considered(unit_id=unit.id, callsign=unit.callsign, agency_id=agency_id, reason=reason)
            )
            continue
        taken.units.add(unit.id)
        taken.people.update(crew)
        if scene.place_unknown:
            reasons = ["place_unknown"]
        else:
            reasons = ["nearest_fit" if not considered else "next_nearest_fit"]
        if on_call_only(unit, duty):
            reasons.append("on_call")
        elif reasons == ["nearest_fit"] and _on_call_nearer(unit, scene, duty):
            reasons = ["nearest_stationed"]
        if unit.id in duty.loose:
            reasons = ["taken"]
        if agency_id != need.agencies[0]:
            reasons.append("fallback_agency")
        picks.append(
            Pick(
                need_id=need.id,
                agency_id=agency_id,
                unit_id=unit.id,
                callsign=unit.callsign,
                people=tuple(crew),
                distance_km=None if scene.place_unknown else round(away_km(unit, scene, duty), 1),
                reasons=tuple(reasons),
                warnings=tuple(warnings),
                on_duty_by=duty.by_what(unit, crew),
            )
        )
        if len(picks) == need.units:
            break
    return picks, considered


class Looked(NamedTuple):
    """A unit that was looked at for a need: why it may not go, or whom it would take and what to warn of."""

    unit: Unit
    reason: RejectReason | None
    crew: list[str]
    warnings: list[str]


def looked_at(need: Need, agency_id: str, scene: Scene, duty: Duty, taken: Taken) -> Iterator[Looked]:
    """An agency's units in the order in which they are asked for a need, each judged as it comes up: the nearest first.

    One whose crew is on call counts as so many km farther as the plan says: of two at like distance the stationed one goes.
    """
    own = [unit for unit in duty.units if unit.agency_id == agency_id and not unit.retired]
    on_call = {unit.id for unit in own if on_call_only(unit, duty)}
    later = duty.on_call_km

    def farness(unit: Unit) -> tuple[float, bool, str]:
        waits = unit.id in on_call
        return away_km(unit, scene, duty) + (later if waits else 0), waits, unit.id

    for unit in sorted(own, key=farness):
        yield Looked(unit, *_fitness(need, unit, scene, duty, taken))


def away_km(unit: Unit, scene: Scene, duty: Duty) -> float:
    """How far a unit's station is from the scene, in km; where nobody knows the place, from where most stations are.

    The mean distance to all stations: a unit in their midst is likelier near than one upriver.
    """
    station = duty.stations.get(unit.station_id)
    if station is None:
        return FAR_KM
    if scene.lat is not None and scene.lng is not None:
        return distance_km(station.lat, station.lng, scene.lat, scene.lng)
    others = duty.stations.values()
    return sum(distance_km(station.lat, station.lng, each.lat, each.lng) for each in others) / len(others)


def _fitness(
    need: Need, unit: Unit, scene: Scene, duty: Duty, taken: Taken
) -> tuple[RejectReason | None, list[str], list[str]]:
    """Why the unit may not go, or whom it would take and what to warn of."""
    if unit.id in taken.units:
        return "already_sent", [], []
    if (need.terrain or scene.terrain) not in unit.terrains:
        return "wrong_terrain", [], []
    if need.capability and need.capability not in unit.capabilities:
        return "lacks_capability", [], []
    state = duty.states.get(unit.id)
    theirs = set[str]()
    if state and unit.id in duty.loose:
        theirs = {person for held in state.holding for person in held.people}
    elif state and state.busy:
        return "busy", [], []
    elif state and state.primary == "NotAvailable":
        return "not_available", [], []
    least = max(unit.min_crew, need.people)
    crew = crew_of(unit, duty, taken.people - theirs if theirs else taken.people, least)
    if len(crew) < least:
        return "no_crew", [], []
    blocked, warnings = _certified(need, crew, duty, scene.today)
    return ("certification_blocked" if blocked else None), crew, warnings


def people_out(duty: Duty) -> set[str]:
    """Whoever is out with a unit, wherever that is."""
    return {person for state in duty.states.values() for held in state.holding for person in held.people}


def crew_of(unit: Unit, duty: Duty, taken_people: Set[str], least: int) -> list[str]:
    """Who would go with a unit: its own people on duty, made up to `least` from its backup and then from the agency's pool.

    docs/duty.md has the table.
    """
    free = [
        each
        for each in duty.of_unit(unit)
        if each.person_id in duty.people and each.person_id not in taken_people
    ]
    own = sorted({each.person_id for each in free if goes_along(each)})
    others = sorted((each for each in free if not goes_along(each)), key=_made_up_by)
    more = list(dict.fromkeys(each.person_id for each in others if each.person_id not in own))
    return own + more[: max(0, least - len(own))]


def on_call_only(unit: Unit, duty: Duty) -> bool:
    """Whether a unit has people on duty, and too few of them at the station to leave with them alone."""
    there = [each.readiness for each in duty.of_unit(unit) if goes_along(each)]
    return bool(there) and there.count("stationed") < unit.min_crew


def _on_call_nearer(unit: Unit, scene: Scene, duty: Duty) -> bool:
    """Whether a crew of that agency that is on call has a shorter way."""
    km = away_km(unit, scene, duty)
    return any(
        each.agency_id == unit.agency_id and away_km(each, scene, duty) < km and on_call_only(each, duty)
        for each in duty.units
    )


def _made_up_by(stretch: Stretch) -> tuple[bool, bool, bool, str]:
    """In which order crews are made up: a unit's own backup, then the pool; there its primary turn, and whoever is stationed, first."""
    return (
        stretch.unit_id is None,
        stretch.turn == "backup",
        stretch.readiness == "on_call",
        stretch.person_id,
    )


def crew_sent(unit: Unit, duty: Duty, seen: Duty) -> list[str]:
    """Who is paged when a dispatcher sends this unit: its people come along from where it is, `seen` being all others'."""
    own = duty.states.get(unit.id)
    with_it = {person for held in own.holding for person in held.people} if own else set()
    return crew_of(unit, duty, people_out(seen) - with_it, unit.min_crew)


def _certified(need: Need, crew: list[str], duty: Duty, today: str) -> tuple[bool, list[str]]:
    blocked, warnings = False, []
    for wanted in need.certifications:
        held = [
            (person_id, each.expires_on)
            for person_id in crew
            for each in duty.people[person_id].certifications
            if each.certification_id == wanted.certification_id
        ]
        if any(expires_on >= today for _, expires_on in held):
            continue
        blocked |= wanted.expired == "block"
        lapsed = [f"certification_expired:{wanted.certification_id}:{person_id}" for person_id, _ in held]
        warnings += lapsed or [f"certification_missing:{wanted.certification_id}"]
    return blocked, warnings


def standing(
    nouns: Mapping[str, Mapping[str, Any]], agency_ids: Set[str], stretches: Iterable[Stretch], now: str
) -> Duty:
    """Some agencies as the registry's nouns and their rosters have them at a moment, all of their units free.

    The stretches are those of the day before and of the day itself, in this order.
    """
    known = nouns["agencies"]
    agencies = {each: known[each] for each in sorted(agency_ids & known.keys()) if not known[each].retired}
    people = {person.id: person for person in nouns["personnel"].values() if not person.retired}
    return Duty(
        agencies=agencies,
        units=[unit for unit in nouns["units"].values() if unit.agency_id in agencies],
        stations=nouns["stations"],
        people=people,
        on_duty=on_duty(still_theirs(stretches, people, nouns["units"]), now),
        states={},
    )


def still_theirs(
    stretches: Iterable[Stretch], people: Mapping[str, Person], units: Mapping[str, Unit]
) -> list[Stretch]:
    """The duty of people who are of that agency: who has gone to another answers for no roster that still has them.

    Whose unit is retired, or of another agency by now, stands in the pool: a published sheet has them there until its month ends.
    """
    return [
        each if each.unit_id is None or _has(units, each) else replace(each, unit_id=None)
        for each in stretches
        if each.person_id in people and people[each.person_id].agency_id == each.agency_id
    ]


def _has(units: Mapping[str, Unit], stretch: Stretch) -> bool:
    unit = units.get(stretch.unit_id or "")
    return unit is not None and not unit.retired and unit.agency_id == stretch.agency_id
