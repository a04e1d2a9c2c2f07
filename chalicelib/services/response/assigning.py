"""Sending more: a unit of the dispatcher's choice, one in place of another, the plan's next level."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from ...bootstrap import World
from ...domain import attention, bounds, callout, dispatch
from ...domain.assignment import Step, active
from ...domain.callout import Sending
from ...domain.decision import Decision
from ...domain.dispatch import Duty, Pick
from ...domain.events import AlarmRaised, Draft
from ...domain.incident import Incident, PageOrder
from ...domain.portions import UNITS_MOST
from ...domain.registry import Unit
from ...domain.units import UnitState
from ...errors import Conflict, Unprocessable
from ...faults import Fault
from ...models import incidents
from ...models.change import Change
from ...models.incidents import Loaded
from ...models.registry import Snapshot
from ..changes.ordering import order
from ..changes.writing import Actor, Written, must_dispatch, write
from .dispatching import as_decided, duty_of, seen_by, take_on_call
from .following import apply, must_open, stand_down
from .levels import send_level


class Choice(Struct, frozen=True, kw_only=True):
    """A unit of the dispatcher's choice, `instead_of` an assignment or '', and whether they insist although it is not free."""

    unit_id: str
    insist: bool = False
    instead_of: str = ""


def assign(world: World, registry: Snapshot, actor: Actor, incident_id: str, choice: Choice) -> Written:
    """Send one unit of the dispatcher's choice, in place of another assignment if one is named.

    Conflict if the unit is busy or out of service and the dispatcher does not insist.
    """
    must_unit(registry, choice.unit_id)

    def prepare(now: str) -> Change:
        loaded = must_dispatch(incidents.load_state(incident_id), incident_id)
        return Change(loaded, assigned(world, registry, loaded, choice, now))

    return write(world, actor, prepare)


def must_unit(registry: Snapshot, unit_id: str) -> Unit:
    """A unit that may be sent somewhere; Unprocessable for one that is not there."""
    if unit_id not in registry.units or registry.gone(registry.units[unit_id]):
        raise Unprocessable("unknown unit", Fault("unit_id", "unknown_unit"))
    return registry.units[unit_id]


def assigned(world: World, registry: Snapshot, loaded: Loaded, choice: Choice, now: str) -> Decision:
    """What a dispatcher's choice comes to on what was read; nothing is written."""
    unit, incident = must_unit(registry, choice.unit_id), must_open(loaded.incident)
    decision = Decision(incident=incident)
    duty = duty_of(world, registry, {unit.agency_id}, now)
    if bounds.sent_too_often(loaded.assignments.values(), unit.id, now):
        raise Conflict(
            f"the unit was sent here {bounds.SENT_AN_HOUR} times in an hour: ring it",
            Fault("unit_id", "unit_sent_too_often"),
        )
    seen = seen_by(duty, drill=incident.drill)
    may_go(incident, None if unit.id in seen.loose else seen.states.get(unit.id), choice)
    need_id, level = "dispatcher", incident.level
    if choice.instead_of:
        old = loaded.assignments.get(choice.instead_of)
        if old is None:
            raise Unprocessable("no such assignment", Fault("instead_of", "no_assignment"))
        if not active(old.status):
            raise Conflict(
                "that unit is no longer expected",
                Fault("instead_of", "assignment_over", {"status": old.status}),
            )
        need_id, level = old.need_id, old.level
        apply(registry, decision, old, Step("cancelled", "", now), now)
    else:
        decision.incident = attention.dealt_with(decision.incident, shortfall=True)
    because = f"instead_of:{choice.instead_of}" if choice.instead_of else "dispatcher"
    chosen = by_hand(decision, unit, duty, Sending(level=level, because=because), need_id)
    orders = callout.send(decision, chosen, now, world.mint, duty.states)
    orders = behind_cancellations(loaded, orders)
    if choice.instead_of:
        orders = stand_down(loaded, {choice.instead_of}) + orders
    take_on_call(decision, duty)
    order(world, registry, decision, orders, now)
    return decision


def by_hand(decision: Decision, unit: Unit, duty: Duty, what: Sending, need_id: str) -> Sending:
    """A unit of the dispatcher's choice with whoever is on duty with it; that nobody is, is a shortfall."""
    seen = seen_by(as_decided(duty, decision), drill=decision.incident.drill)
    crew = dispatch.crew_sent(unit, duty, seen)
    pick = Pick(
        need_id=need_id,
        agency_id=unit.agency_id,
        unit_id=unit.id,
        callsign=unit.callsign,
        people=tuple(crew),
        distance_km=0,
        reasons=("dispatcher",),
    )
    missing = dispatch.Shortfall(need_id=need_id, missing=1, reason="no_crew", considered=())
    return replace(what, picks=(pick,), shortfalls=() if crew else (missing,))


def behind_cancellations(loaded: Loaded, orders: list[PageOrder]) -> list[PageOrder]:
    """Call-outs that wait for a cancellation in the provider's hands: it must not arrive after them."""
    leaving = {
        person: page.id
        for page in loaded.pages.values()
        for person in page.people
        if page.kind == "cancelled" and page.status == "sending"
    }
    return [replace(each, after=leaving.get(each.person_id, "")) for each in orders]


def may_go(incident: Incident, state: UnitState | None, choice: Choice) -> None:
    """Conflict where a unit may not be sent; `state` is what it is out on and may not be taken from."""
    if len(incident.crews) >= UNITS_MOST:
        raise Conflict(f"an incident takes {UNITS_MOST} units", Fault("unit_id", "units_full"))
    if any(crew.unit_id == choice.unit_id and active(crew.status) for crew in incident.crews):
        raise Conflict("the unit is already sent to this incident", Fault("unit_id", "unit_sent_already"))
    if state and not choice.insist and (state.busy or state.primary == "NotAvailable"):
        raise Conflict(
            "the unit is not free", Fault("unit_id", "unit_busy" if state.busy else "unit_out_of_service")
        )


def raise_alarm(world: World, registry: Snapshot, actor: Actor, incident_id: str, level: int) -> Written:
    """Send what the plan's next level asks for; Conflict unless it is the next one."""

    def prepare(now: str) -> Change:
        loaded = must_dispatch(incidents.load(incident_id), incident_id)
        incident = must_open(loaded.incident)
        plan = registry.plans.get(str(incident.plan.get("plan_id", "")))
        if plan is None or not 1 < level <= len(plan.levels):
            raise Unprocessable("the plan has no such level", Fault("alarm", "no_level"))
        if level != incident.level + 1:
            raise Conflict(f"the incident is at level {incident.level}", Fault("alarm", "not_next_level"))
        decision = Decision(incident=incident, drafts=[Draft(AlarmRaised(level=level))])
        send_level(world, registry, decision, level, now)
        return Change(loaded, decision)

    return write(world, actor, prepare)
