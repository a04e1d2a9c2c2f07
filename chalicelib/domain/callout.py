"""Calling units out: what an answer of the plan, or a dispatcher's own choice, adds to an incident."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import asdict, replace

from . import escalation, unheard, units
from .assignment import Assignment
from .decision import Decision
from .dispatch import Pick, Shortfall
from .events import DispatchShortfall, Draft, UnitAssigned
from .incident import Attention, Crew, Incident, PageOrder, Reach
from .mint import Mint
from .units import SECONDARY, Held, UnitState

NOBODY_OUT: Mapping[str, UnitState] = {}


def crew_of(assignment: Assignment, at: str, reach: Reach = "nobody") -> Crew:
    """An assignment in brief, as the board shows it; a new one has reached nobody yet."""
    return Crew(
        id=assignment.id,
        agency_id=assignment.agency_id,
        unit_id=assignment.unit_id,
        callsign=assignment.callsign,
        status=assignment.status,
        at=at,
        reason=assignment.reason,
        reach=reach,
    )


def with_crew(incident: Incident, assignment: Assignment, at: str) -> Incident:
    """The incident with an assignment's brief put in or brought up to date."""
    known = {crew.id: i for i, crew in enumerate(incident.crews)}
    if assignment.id not in known:
        return replace(incident, crews=(*incident.crews, crew_of(assignment, at)))
    crews = list(incident.crews)
    position = known[assignment.id]
    crews[position] = crew_of(assignment, at, crews[position].reach)
    return replace(incident, crews=tuple(crews))


class Sending(Struct, frozen=True, kw_only=True):
    """What is sent at a level of an incident, what is missing of it, and because of what; `beside` which silent crew, if any."""

    level: int
    because: str
    beside: str = ""
    picks: Sequence[Pick] = ()
    shortfalls: Sequence[Shortfall] = ()


def send(
    decision: Decision, what: Sending, now: str, mint: Mint, states: Mapping[str, UnitState] = NOBODY_OUT
) -> list[PageOrder]:
    """Add assignments for picks and marks for shortfalls to a decision; the pages that must follow.

    `states` are those of the units as they stand: what a picked unit is out on waits under the new assignment.
    """
    orders: list[PageOrder] = []
    for pick in what.picks:
        assignment = Assignment(
            id=mint.id(),
            incident_id=decision.incident.id,
            agency_id=pick.agency_id,
            unit_id=pick.unit_id,
            callsign=pick.callsign,
            need_id=pick.need_id,
            level=what.level,
            status="requested",
            people=pick.people,
            picked_for=(*pick.reasons, *pick.warnings),
            milestones={"requested": now},
            because=what.because if what.beside else "",
            beside=what.beside,
        )
        assignment = escalation.begin(assignment, escalation.policy_of(decision.incident), now)
        assignment = unheard.begin(assignment, decision.incident, now)
        decision.assignments.append(assignment)
        decision.incident = with_crew(decision.incident, assignment, now)
        free = UnitState(unit_id=pick.unit_id, agency_id=pick.agency_id)
        asked = Held(
            incident_id=decision.incident.id,
            assignment_id=assignment.id,
            secondary=SECONDARY["requested"],
            people=pick.people,
            drill=decision.incident.drill,
            silence=bool(what.beside),
        )
        before = replace(states.get(pick.unit_id, free), agency_id=pick.agency_id)
        engaged = units.engage(before, asked, now)
        decision.units = [unit for unit in decision.units if unit.unit_id != pick.unit_id] + [engaged]
        decision.drafts.append(
            Draft(
                UnitAssigned(
                    assignment=assignment.id,
                    agency=pick.agency_id,
                    unit=pick.unit_id,
                    need=pick.need_id,
                    level=what.level,
                    people=pick.people,
                    reasons=assignment.picked_for,
                    because=what.because,
                    beside=what.beside,
                )
            )
        )
        orders += [PageOrder(assignment_id=assignment.id, person_id=person) for person in pick.people]
    if what.picks:
        decision.incident = replace(decision.incident, aside=None)
    for shortfall in what.shortfalls:
        decision.drafts.append(
            Draft(DispatchShortfall(**asdict(shortfall), level=what.level, because=what.because))
        )
        # Nobody else for a silent crew's need: it must be rung, and its answer settles it.
        mark = (
            Attention(code="no_acknowledgement", detail=what.beside, at=now)
            if what.beside
            else Attention(code="shortfall", detail=f"{shortfall.need_id}:{shortfall.reason}", at=now)
        )
        decision.incident = replace(decision.incident, attention=(*decision.incident.attention, mark))
    return orders
