"""The auditor: looks at every open incident again, repairs what it may, and raises the rest on the desk."""

from __future__ import annotations

from ...bootstrap import World
from ...domain import audit as rules
from ...domain.audit import Audited
from ...domain.events import AuditMarked, AuditRepaired
from ...domain.units import UnitState, follow
from ...errors import NotFound
from ...models import heartbeats, incidents
from ...models.change import Change
from ...models.heartbeats import Heartbeat
from ...models.transactions import Transaction
from ...models.unit_states import States, add_unit_state, all_unit_states, unit_states
from ...observability import logger
from ..changes.writing import Actor, write
from ..evidence.timeline import broken_link
from .sweeping import sweep

AUDITOR = Actor(id=rules.AUDITOR, source="timer")
# Lambda gives the function a minute, half of which a sweep may need; what is left over comes first the next time.
LONGEST_S = 25.0

COUNTED = ("incidents", "repaired", "marked", "overdue", "unanswered", "uncovered", "broken", "failed")


def audit(world: World) -> dict[str, int]:
    """Check every open incident and every unit that is out, and write the heartbeat; the counts of what was found.

    `unanswered` call-outs are what the desk must ring up itself, `uncovered` incidents those to which nobody has been
    coming for long, drills aside; `broken` are trails that do not hold.

    Costs one query of the board, one of the units and one for each incident; a transaction only where something is wrong.
    """
    began = world.clock.monotonic()
    last = heartbeats.heartbeats(("audit", "sweep"))
    states = all_unit_states()
    held: dict[str, list[str]] = {}
    for state in states.units.values():
        for incident_id in {each.incident_id for each in state.holding}:
            held.setdefault(incident_id, []).append(state.unit_id)
    # What is missing from the board may still hold a unit.
    ids = sorted({*incidents.open_ids(), *held})
    counts = dict.fromkeys(COUNTED, 0)
    resume = last["audit"].resume if "audit" in last else ""
    left = ""
    for incident_id in [*(each for each in ids if each >= resume), *(each for each in ids if each < resume)]:
        if world.clock.monotonic() - began > LONGEST_S:
            left = incident_id
            break
        try:
            _check(world, incident_id, held.get(incident_id, []), states, counts)
        except Exception:
            # The others must be looked at all the same.
            logger.exception("not audited", extra={"incident": incident_id})
            counts["failed"] += 1
        counts["incidents"] += 1
    swept = last["sweep"].at if "sweep" in last else None
    now = world.clock.now()
    if counts["overdue"] or rules.silent(swept, world.settings.sweep_every_s, now):
        sweep(world)
    heartbeats.beat("audit", Heartbeat(at=now, counts=counts, resume=left))
    return counts


def _check(
    world: World, incident_id: str, unit_ids: list[str], states: States, counts: dict[str, int]
) -> None:
    """Examine one incident and write what follows; the units' states as first read, and again after a conflict."""
    just_read, seen = [states], dict[str, int]()

    def prepare(now: str) -> Change:
        units = (just_read.pop() if just_read else unit_states(unit_ids)).units
        found = incidents.load_audited(incident_id)
        if found is None:
            raise NotFound("no such incident")
        loaded, due, on_board = found
        incident = loaded.incident
        kept = Audited(
            incident=incident,
            assignments=loaded.assignments,
            pages=loaded.pages,
            events=tuple(loaded.events),
            due=due,
            on_board=on_board,
            chain_holds=broken_link(loaded) is None,
            held=tuple(units[each] for each in unit_ids),
            notices=loaded.notices,
            notices_due=loaded.notices_due,
        )
        seen.update(
            overdue=rules.overdue(kept, now),
            unanswered=rules.unanswered(kept),
            uncovered=rules.uncovered(incident, now),
            broken=not kept.chain_holds,
        )
        return Change(loaded, rules.examine(kept, now))

    try:
        written = write(world, AUDITOR, prepare)
    except NotFound:
        counts["repaired"] += _free(world, incident_id, unit_ids, states)
        return
    for what, number in seen.items():
        counts[what] += number
    for event in written.events:
        match event.content:
            case AuditRepaired(repaired=repaired):
                counts["repaired"] += len(repaired)
            case AuditMarked(raised=raised):
                counts["marked"] += len(raised)


def _free(world: World, incident_id: str, unit_ids: list[str], states: States) -> int:
    """Free units that are said to be at an incident that does not exist; who did so stands in the units' history."""
    for unit_id in unit_ids:
        state = states.units[unit_id]
        freed: UnitState | None = None
        for held in state.holding:
            if held.incident_id == incident_id:
                freed = follow(freed or state, held.assignment_id, "cleared", "", "", world.clock.now())
        if freed:
            transaction = Transaction()
            add_unit_state(transaction, freed, rules.AUDITOR)
            transaction.commit()
    return len(unit_ids)
