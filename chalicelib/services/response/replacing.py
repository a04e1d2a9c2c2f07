"""One more unit for a need of the plan: in place of one that is lost, or beside one that nobody has heard of."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from ...bootstrap import World
from ...domain import callout, dispatch, plans, replanning, unheard
from ...domain.assignment import Assignment, active
from ...domain.callout import Sending
from ...domain.decision import Decision
from ...domain.dispatch import Shortfall
from ...domain.incident import Incident
from ...domain.portions import UNITS_MOST
from ...domain.registry import Need, ResponsePlan
from ...models import incidents
from ...models.registry import Snapshot
from ..changes.ordering import order
from .dispatching import as_decided, duty_of, had, scene_of_incident, seen_by, take_on_call


class Vacancy(Struct, frozen=True, kw_only=True):
    """A need of a level that takes one unit more, because of what, and beside which silent crew, if any."""

    need_id: str
    level: int
    because: str
    beside: str = ""


def send_next(world: World, registry: Snapshot, decision: Decision, lost: Assignment, now: str) -> None:
    """Answer the need again that a lost unit leaves open, unless those who were asked beside it are enough."""
    incident = decision.incident
    others = [crew.id for crew in incident.crews if crew.id != lost.id and active(crew.status)]
    loaded = incidents.load(incident.id, assignments=others) if others else None
    assignments = (lost, *loaded.assignments.values()) if loaded else (lost,)
    lost = in_the_plan(world, registry, incident, lost, now)
    _, need = need_of(registry, incident, lost.need_id, lost.level)
    crews = unheard.of_need(incident, assignments, lost.need_id, lost.level)
    if need and unheard.met(incident, need, lost, crews):
        return
    beside = unheard.beside(lost, crews)
    because = unheard.BECAUSE if beside else lost.id
    vacancy = Vacancy(need_id=lost.need_id, level=lost.level, because=because, beside=beside)
    fill(world, registry, decision, vacancy, now)


def in_the_plan(
    world: World, registry: Snapshot, incident: Incident, assignment: Assignment, now: str
) -> Assignment:
    """An assignment with the need that it answers in the plan as it is now.

    What was sent for a need of the plan that answered before an amendment answers the first that asks for such a unit, if any does.
    """
    plan, need = need_of(registry, incident, assignment.need_id, assignment.level)
    if need or plan is None or not incident.amended:
        return assignment
    scene = scene_of_incident(world, registry, incident, now)
    unit = registry.units.get(assignment.unit_id)
    own = (assignment.need_id, assignment.level)
    need_id, level = replanning.need_of(plan, incident.level, unit, scene) or own
    return replace(assignment, need_id=need_id, level=level)


def need_of(
    registry: Snapshot, incident: Incident, need_id: str, level: int
) -> tuple[ResponsePlan | None, Need | None]:
    """An incident's plan with one of its needs as they stand now; two levels may name a need alike."""
    plan = registry.plans.get(str(incident.plan.get("plan_id", "")))
    needs = plans.needs_at(plan, level) if plan else []
    return plan, next((need for need in needs if need.id == need_id), None)


def fill(world: World, registry: Snapshot, decision: Decision, vacancy: Vacancy, now: str) -> None:
    """Send the next fit unit for a need, without any that this incident has or has lost, or say that there is none."""
    incident = decision.incident
    plan, need = need_of(registry, incident, vacancy.need_id, vacancy.level)
    level, because, beside = vacancy.level, vacancy.because, vacancy.beside
    full = len(incident.crews) >= UNITS_MOST
    if plan is None or need is None or full:
        reason = "too_many_units" if full else "not_in_plan"
        missing = Shortfall(need_id=vacancy.need_id, missing=1, reason=reason, considered=())
        nobody = Sending(level=level, because=because, beside=beside, shortfalls=(missing,))
        callout.send(decision, nobody, now, world.mint)
        return
    duty = as_decided(duty_of(world, registry, plans.agencies_of(plan), now), decision)
    scene = scene_of_incident(world, registry, incident, now)
    seen = dispatch.as_planned(plan, seen_by(duty, drill=incident.drill))
    if beside:
        # Two silent crews' needs would ask one unit away from each other.
        seen = replace(seen, loose=frozenset())
    picks, shortfalls = dispatch.meet_needs([replace(need, units=1)], scene, seen, sent=had(incident))
    what = Sending(level=level, because=because, beside=beside, picks=picks, shortfalls=shortfalls)
    orders = callout.send(decision, what, now, world.mint, duty.states)
    take_on_call(decision, duty)
    order(world, registry, decision, orders, now)
