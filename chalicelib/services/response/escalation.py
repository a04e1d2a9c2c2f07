"""Carrying out escalation: woken by a timer, redriven by the sweep, each stage decided once."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from ...bootstrap import World
from ...domain import callout, dispatch, escalation
from ...domain.decision import Decision
from ...domain.events import AssignmentEscalated, Draft
from ...domain.incident import Assignment, Attention, Incident, PageOrder
from ...domain.portions import WAITING_MOST
from ...domain.times import local_day
from ...domain.wakeup import Wakeup
from ...models import incidents
from ...models.change import Change
from ...models.registry import Snapshot, all_unit_states
from ...observability import logger
from ..changes.ordering import order
from ..changes.writing import Actor, must, write
from .drilling import ending

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
    """Page the next stage of one assignment if it is due; at the end the desk is told to call."""

    def prepare(now: str) -> Change:
        loaded = must(incidents.load(incident_id, assignments=[assignment_id]), incident_id)
        decision = Decision(incident=loaded.incident)
        if loaded.incident.paging_drill:
            return ending(incident_id, "time", now)
        before = loaded.assignments[assignment_id]
        if not before.due_at or now < before.due_at:
            return Change(loaded, decision)
        if not escalation.wanted(loaded.incident, before):
            # What ends the search also takes away `due_at`; this is for a timer that overtook it.
            return Change(loaded, decision)
        if len(loaded.incident.unpaged) >= WAITING_MOST:
            # It stays due: who is being paged comes first, and the incident's item has an end.
            return Change(loaded, decision)
        policy = escalation.policy_of(loaded.incident)
        people = _people(world, registry, loaded.incident, before, now)
        phones = {person.id: person.phone for person in registry.people.values()}
        after, stage = escalation.advance(before, policy, people, phones, now)
        decision.assignments.append(after)
        # The board's clock goes on from when the crew was asked.
        decision.incident = callout.with_crew(decision.incident, after, before.milestones["requested"])
        decision.drafts.append(
            Draft(
                AssignmentEscalated(
                    assignment=before.id,
                    unit=before.unit_id,
                    to=stage.to,
                    people=stage.people,
                    skipped=stage.skipped,
                    status=after.status,
                )
            )
        )
        if stage.to == "desk":
            mark = Attention(code="no_acknowledgement", detail=before.id, at=now)
            decision.incident = replace(decision.incident, attention=(*decision.incident.attention, mark))
        orders = [PageOrder(assignment_id=before.id, person_id=person) for person in stage.people]
        order(world, registry, decision, orders, now)
        return Change(loaded, decision)

    write(world, CLOCK, prepare)


def _people(
    world: World, registry: Snapshot, incident: Incident, assignment: Assignment, now: str
) -> dict[str, tuple[str, ...]]:
    hours = world.settings.utc_offset_hours
    shifts = [
        shift
        for day in (local_day(now, hours, -1), local_day(now, hours))
        for shift in registry.shifts(assignment.agency_id, day)
    ]
    out = (
        person
        for state in all_unit_states().units.values()
        for held in state.holding
        if held.assignment_id != assignment.id and (incident.drill or not held.drill)
        for person in held.people
    )
    agency = registry.agencies.get(assignment.agency_id)
    on_duty = dispatch.on_duty(dispatch.still_theirs(shifts, registry.people), now)
    return escalation.candidates(agency, on_duty, registry.people, registry.accounts.values(), out)
