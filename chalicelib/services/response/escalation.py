"""Carrying out escalation: woken by a timer, redriven by the sweep, each stage decided once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from msgspec.structs import replace

from ...bootstrap import World
from ...domain import callout, dispatch, escalation, standing_down, unheard
from ...domain.assignment import Assignment
from ...domain.decision import Decision
from ...domain.duty import on_duty
from ...domain.events import AssignmentEscalated, Draft
from ...domain.incident import Attention, Incident, PageOrder
from ...domain.portions import WAITING_MOST
from ...domain.times import plus
from ...domain.wakeup import Wakeup
from ...models import incidents
from ...models.change import Change
from ...models.incidents import Loaded
from ...models.registry import Snapshot
from ...models.unit_states import all_unit_states
from ...observability import logger
from ..changes.ordering import order
from ..changes.writing import Actor, must, write
from . import silent_crews
from .dispatching import roster_of
from .drilling import ending
from .replacing import need_of
from .standing_down import stand_down

CLOCK = Actor(id="system:escalation", source="timer")


def run_timers(world: World, due: Iterable[Wakeup]) -> set[Wakeup]:
    """Escalate each assignment that is due; returns those that failed."""
    failed = set()
    registry = world.registry.current()
    for incident_id, assignment_id in dict.fromkeys(due):
        try:
            escalate(world, registry, incident_id, assignment_id)
        except Exception:
            logger.exception("not escalated", extra={"incident": incident_id, "assignment": assignment_id})
            failed.add(Wakeup(incident_id, assignment_id))
    return failed


def escalate(world: World, registry: Snapshot, incident_id: str, assignment_id: str) -> None:
    """Do what is due of one assignment, a transaction each: page its next stage or tell the desk, ask another unit
    beside it, stand down who is not needed for it.
    """
    while write(world, CLOCK, partial(_next, world, registry, incident_id, assignment_id)).decision:
        pass


def _next(world: World, registry: Snapshot, incident_id: str, assignment_id: str, now: str) -> Change:
    loaded = must(incidents.load(incident_id, assignments=[assignment_id]), incident_id)
    incident = loaded.incident
    if incident.paging_drill:
        return ending(incident_id, "time", now)
    before = loaded.assignments[assignment_id]
    if incident.status == "open" and silent_crews.taken(before, drill=incident.drill):
        return silent_crews.end_taken(world, registry, loaded, before, now)
    if standing_down.due(before, now) and len(incident.unpaged) < WAITING_MOST:
        return stand_down(world, registry, incident_id, assignment_id, now)
    if unheard.due(incident, before, now):
        looked = silent_crews.look(world, registry, loaded, before, now)
        if looked.decision.quiet:
            return looked
    return _stage(world, registry, loaded, before, now)


def _stage(world: World, registry: Snapshot, loaded: Loaded, before: Assignment, now: str) -> Change:
    """Page the next stage if it is due; at the end the desk is told to call."""
    decision = Decision(incident=loaded.incident)
    if not before.due_at or now < before.due_at:
        return Change(loaded, decision)
    if not escalation.wanted(loaded.incident, before):
        # What ends the search also takes away `due_at`; this is for a timer that overtook it.
        return Change(loaded, decision)
    if len(loaded.incident.unpaged) >= WAITING_MOST:
        # It stays due: who is being paged comes first, and the incident's item has an end.
        return Change(loaded, decision)
    policy = escalation.policy_of(loaded.incident)
    crews = unheard.of_life(loaded.incident, _crews(loaded.incident))
    _, need = need_of(registry, loaded.incident, before.need_id, before.level)
    if need and unheard.answered(need, before, crews):
        # Others come for its need: it is asked still, and nobody else for it while they do.
        resting = replace(before, due_at=plus(now, escalation.wait_s(before, policy)))
        return Change(loaded, replace(decision, assignments=[resting], quiet=True))
    people = _people(world, registry, loaded.incident, before, now)
    phones = {person.id: person.phone for person in registry.people.values()}
    told = {phones[person] for each in crews for person in each.paged if person in phones}
    after, stage = escalation.next_stage(before, policy, people, phones, told, now)
    decision.assignments.append(after)
    # The board's clock goes on from when the crew was asked.
    decision.incident = callout.with_crew(decision.incident, after, before.milestones["requested"])
    escalated = AssignmentEscalated(
        assignment=before.id,
        unit=before.unit_id,
        to=stage.to,
        people=stage.people,
        skipped=stage.skipped,
        status=after.status,
    )
    decision.drafts.append(Draft(escalated))
    known = {(mark.code, mark.detail) for mark in decision.incident.attention}
    if stage.to == "desk" and ("no_acknowledgement", before.id) not in known:
        mark = Attention(code="no_acknowledgement", detail=before.id, at=now)
        decision.incident = replace(decision.incident, attention=(*decision.incident.attention, mark))
    orders = [
        PageOrder(assignment_id=before.id, person_id=person, backup=person not in before.people)
        for person in stage.people
    ]
    order(world, registry, decision, orders, now)
    return Change(loaded, decision)


def _crews(incident: Incident) -> Iterable[Assignment]:
    ids = [crew.id for crew in incident.crews]
    return must(incidents.load(incident.id, assignments=ids), incident.id).assignments.values()


def _people(
    world: World, registry: Snapshot, incident: Incident, assignment: Assignment, now: str
) -> dict[str, tuple[str, ...]]:
    out = (
        person
        for state in all_unit_states().units.values()
        for held in state.holding
        if held.assignment_id != assignment.id and (incident.drill or not held.drill)
        for person in held.people
    )
    agency = registry.agencies.get(assignment.agency_id)
    stretches = roster_of(world, registry, {assignment.agency_id}, now)
    found = on_duty(dispatch.still_theirs(stretches, registry.people, registry.units), now)
    return escalation.candidates(agency, found, registry.people, registry.accounts.values(), out)
