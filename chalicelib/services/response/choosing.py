"""Whom a dispatcher may choose: the units as the planner sees them, with what each is doing and whom it would take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from ...bootstrap import World
from ...domain import candidates, dispatch, units
from ...domain.assignment import Assignment, active
from ...domain.candidates import Candidate
from ...domain.dispatch import Duty
from ...domain.incident import Crew, Incident
from ...domain.registry import Need
from ...domain.units import UnitState
from ...errors import Unprocessable
from ...faults import Fault
from ...models import incidents
from ...models.incidents import Loaded
from ...models.registry import Snapshot
from ..changes.writing import must_dispatch
from .dispatching import duty_of, scene_of_incident, seen_by


class Choosable(Struct, frozen=True, kw_only=True):
    """A unit that may be sent: whom that would take, what it is doing, and what it is or was to this incident."""

    candidate: Candidate
    people: tuple[str, ...]
    state: UnitState
    here: Crew | None


class Choices(Struct, frozen=True, kw_only=True):
    """The units that are `free` or may be taken, those that go only if a dispatcher insists, and those that are `here` already.

    `needs` are what they were judged by, `leaving` the incidents that the busy ones are out on, by id.
    """

    needs: Sequence[Need]
    place_unknown: bool
    free: Sequence[Choosable]
    not_free: Sequence[Choosable]
    here: Sequence[Choosable]
    leaving: Mapping[str, Incident]


def choices(world: World, registry: Snapshot, incident_id: str, need_id: str, instead_of: str) -> Choices:
    """Every unit that could be sent to an incident: for a need of its plan, in place of an assignment, or at all.

    A need that the plan does not have, or has no longer, is none. Unprocessable names `instead_of`.
    """
    named = [instead_of] if instead_of else []
    loaded = must_dispatch(incidents.load(incident_id, assignments=named), incident_id)
    return choices_for(world, registry, loaded, need_id, instead_of)


def choices_for(world: World, registry: Snapshot, loaded: Loaded, need_id: str, instead_of: str) -> Choices:
    """The choices of an incident that was read."""
    incident, now = loaded.incident, world.clock.now()
    lost = loaded.assignments.get(instead_of)
    if instead_of and lost is None:
        raise Unprocessable("no such assignment", Fault("instead_of", "no_assignment"))
    needs = _needs(registry, incident, need_id, lost)
    scene = scene_of_incident(world, registry, incident, now)
    duty = duty_of(world, registry, set(registry.agencies), now)
    plan = registry.plans.get(str(incident.plan.get("plan_id", "")))
    seen = dispatch.as_planned(plan, seen_by(_without(duty, lost), drill=incident.drill))
    crews = {crew.unit_id: crew for crew in incident.crews if crew.status not in ("cleared", "cancelled")}
    own = [
        _choosable(each, duty, seen, crews)
        for each in candidates.ranked(needs, scene, seen, crews.keys())
        if lost is None or each.unit.id != lost.unit_id
    ]
    here = [each for each in own if each.here and active(each.here.status)]
    others = [each for each in own if each not in here]
    not_free = [each for each in others if _held(each, seen)]
    free = [each for each in others if each not in not_free]
    return Choices(
        needs=needs,
        place_unknown=scene.place_unknown,
        # What must be taken from elsewhere comes behind all that is free and fit.
        free=sorted(free, key=lambda each: bool(each.candidate.reason) or each.state.busy),
        not_free=not_free,
        here=here,
        leaving=_incidents_of(others),
    )


def _held(each: Choosable, seen: Duty) -> bool:
    """Whether a unit goes only if a dispatcher insists."""
    out = each.state.busy or each.state.primary == "NotAvailable"
    return out and each.candidate.unit.id not in seen.loose


def _needs(registry: Snapshot, incident: Incident, need_id: str, lost: Assignment | None) -> list[Need]:
    plan = registry.plans.get(str(incident.plan.get("plan_id", "")))
    if plan is None:
        return []
    wanted, level = (lost.need_id, lost.level) if lost else (need_id, incident.level)
    need = candidates.need_named(plan, wanted, level) if wanted else None
    return [need] if need else candidates.needs_of(plan, incident)


def _without(duty: Duty, lost: Assignment | None) -> Duty:
    """The duty as it stands once an assignment is called off: whoever it has may go with another unit."""
    state = duty.states.get(lost.unit_id) if lost else None
    after = units.follow(state, lost.id, "cancelled", "", "", state.since) if lost and state else None
    return replace(duty, states={**duty.states, after.unit_id: after}) if after else duty


def _choosable(candidate: Candidate, duty: Duty, seen: Duty, crews: Mapping[str, Crew]) -> Choosable:
    unit = candidate.unit
    return Choosable(
        candidate=candidate,
        people=tuple(dispatch.crew_sent(unit, duty, seen)),
        state=seen.states.get(unit.id, UnitState(unit_id=unit.id, agency_id=unit.agency_id)),
        here=crews.get(unit.id),
    )


def _incidents_of(busy: Iterable[Choosable]) -> dict[str, Incident]:
    ids = sorted({each.state.incident_id for each in busy if each.state.busy})
    return incidents.several(ids) if ids else {}
