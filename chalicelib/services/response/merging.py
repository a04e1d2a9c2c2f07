"""Two incidents that are the same: one ends as a duplicate of the other, and each leads to the other."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from ...bootstrap import World
from ...domain import assignment as machine
from ...domain import callout
from ...domain.assignment import Assignment, Step, active
from ...domain.callout import Sending
from ...domain.decision import Decision
from ...domain.dispatch import Pick
from ...domain.events import (
    CallSplitOff,
    CallTakenBack,
    Draft,
    DuplicateLinked,
    IncidentCancelled,
    digest,
)
from ...domain.facts import derive
from ...domain.units import UnitState
from ...errors import Conflict
from ...faults import Fault
from ...models import incidents
from ...models.change import Change
from ...models.incidents import Loaded
from ...models.registry import Snapshot
from ..changes.ordering import order
from ..changes.writing import Actor, Written, must_dispatch, write
from .ending import ended_without_crews, new_note, whole
from .following import follow_unit, must_open, states_for
from .taking_up import behind_calling_off

# Calls that go back in one transaction; more of one that was split off come as others to the incident that stays.
CALLS_BACK = 5


class Into(Struct, frozen=True, kw_only=True):
    """Which incident stays (`of`), why, and which crews of the other come to it (`keep`); whoever else is out is called off."""

    of: str
    reason: str
    keep: Sequence[str] = ()


def merge(world: World, registry: Snapshot, actor: Actor, incident_id: str, into: Into) -> Written:
    """End an incident as a duplicate of another; a call that was split off from that one goes back to it.

    A crew that is kept gets one message, with the link that counts from now on; one that is called off gets the usual one.
    """

    def prepare(now: str) -> tuple[Change, Change]:
        loaded = whole(incident_id)
        must_open(loaded.incident)
        other = must_dispatch(incidents.load_state(into.of), into.of)
        kept = _may_merge(loaded, other, into)
        ending = _ending(world, actor, loaded, into, now)
        staying = Decision(
            incident=replace(other.incident, duplicates=(*other.incident.duplicates, incident_id)),
            drafts=[Draft(DuplicateLinked(incident=incident_id))],
        )
        _give_back(loaded, other, ending, staying)
        freed = _leave(registry, ending, kept, now)
        cancelled = ending.drafts[0].content
        assert isinstance(cancelled, IncidentCancelled)
        ending.drafts[0] = Draft(replace(cancelled, assignments=tuple(each.id for each in kept)))
        after = {**loaded.assignments, **{each.id: each for each in ending.assignments}}
        ending.facts = derive(ending.incident, after.values(), world.settings.utc_offset_hours)
        # What the other change puts into the same transaction.
        staying.beside = 3 + len(ending.assignments) + len(ending.calls) + len(ending.drafts)
        orders = []
        for old in kept:
            what = Sending(level=other.incident.level, because=f"merged:{old.id}", picks=(_pick(old),))
            orders += callout.send(staying, what, now, world.mint, freed)
        if orders:
            order(world, registry, staying, behind_calling_off(other, orders), now)
        return Change(loaded, ending), Change(other, staying)

    return write(world, actor, prepare)


def _may_merge(loaded: Loaded, other: Loaded, into: Into) -> list[Assignment]:
    """The crews that are kept; Conflict with all that speaks against it."""
    faults = []
    if other.incident.id == loaded.incident.id:
        faults.append(Fault("of", "same_incident"))
    if other.incident.duplicate_of:
        faults.append(Fault("of", "is_duplicate"))
    if other.incident.drill != loaded.incident.drill:
        faults.append(Fault("of", "drill_differs"))
    if into.keep and other.incident.status != "open":
        faults.append(Fault("of", "ended", {"status": other.incident.status}))
    there = {crew.unit_id for crew in other.incident.crews if active(crew.status)}
    kept = []
    for n, id_ in enumerate(into.keep):
        old = loaded.assignments.get(id_)
        if old is None:
            faults.append(Fault(f"keep[{n}]", "no_assignment"))
        elif not active(old.status):
            faults.append(Fault(f"keep[{n}]", "assignment_over", {"status": old.status}))
        elif old.unit_id in there:
            faults.append(Fault(f"keep[{n}]", "unit_sent_already"))
        else:
            kept.append(old)
    if faults:
        raise Conflict("these two cannot be made one so", *faults)
    return kept


def _ending(world: World, actor: Actor, loaded: Loaded, into: Into, now: str) -> Decision:
    note = new_note(world, actor, into.reason, now)
    content = IncidentCancelled(
        note=note.id, reason=digest(note.salt, into.reason), assignments=(), duplicate_of=into.of
    )
    incident = replace(ended_without_crews(loaded.incident, now), duplicate_of=into.of)
    return Decision(incident=incident, notes=[note], drafts=[Draft(content)])


def _give_back(loaded: Loaded, other: Loaded, ending: Decision, staying: Decision) -> None:
    """Give the calls back that were split off from the incident which stays."""
    own = [
        call
        for call in other.calls.values()
        if call.incident_id == loaded.incident.id and call.id in loaded.calls
    ][:CALLS_BACK]
    for call in own:
        ending.calls.append(replace(loaded.calls[call.id], incident_id=other.incident.id))
        ending.drafts.append(Draft(CallSplitOff(call=call.id, to=other.incident.id)))
        staying.calls.append(replace(call, incident_id=other.incident.id))
        staying.drafts.append(Draft(CallTakenBack(call=call.id, origin=loaded.incident.id)))
    ending.incident = replace(ending.incident, calls=ending.incident.calls - len(own))
    staying.incident = replace(staying.incident, calls=staying.incident.calls + len(own))


def _leave(
    registry: Snapshot, ending: Decision, kept: Sequence[Assignment], now: str
) -> dict[str, UnitState]:
    """End what the kept crews were asked to; nobody tells them, as they are asked to the incident that stays. The units' states."""
    states = dict(states_for(registry, kept)) if kept else {}
    step = Step("cancelled", "", now)
    for before in kept:
        after = machine.report(before, step, now)
        ending.assignments.append(after)
        ending.incident = callout.with_crew(ending.incident, after, now)
        follow_unit(registry, states, ending, before, step, now)
        states |= {unit.unit_id: unit for unit in ending.units}
    # A unit's state is written once: with the incident that it goes to.
    ending.units = []
    return states


def _pick(old: Assignment) -> Pick:
    return Pick(
        need_id="dispatcher",
        agency_id=old.agency_id,
        unit_id=old.unit_id,
        callsign=old.callsign,
        people=old.people,
        distance_km=0,
        reasons=("dispatcher",),
    )
