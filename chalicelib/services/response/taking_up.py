"""Taking an ended incident back up: crews that were called off are told once that it stands again, or units are sent anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from ...bootstrap import World
from ...domain import bounds, callout, dispatch
from ...domain.assignment import Assignment, active
from ...domain.callout import Sending
from ...domain.decision import Decision
from ...domain.dispatch import Duty, Pick
from ...domain.events import Draft, DuplicateParted, IncidentReopened, digest
from ...domain.incident import PageOrder
from ...domain.portions import UNITS_MOST, being_called_off
from ...errors import Conflict
from ...faults import Fault
from ...models import incidents
from ...models.change import Change
from ...models.incidents import Loaded
from ...models.registry import Snapshot
from ..changes.ordering import order
from ..changes.writing import Actor, Written, must, write
from .dispatching import duty_of, seen_by, take_on_call
from .ending import new_note, whole
from .levels import send_level


class Again(Struct, frozen=True, kw_only=True):
    """Why an incident is taken back up, which of its crews that were called off come again, or whether the plan is asked anew."""

    reason: str
    crews: Sequence[str] = ()
    plan: bool = False


def reopen(world: World, registry: Snapshot, actor: Actor, incident_id: str, again: Again) -> Written:
    """Open a closed or cancelled incident again; Conflict names every crew that cannot come again.

    One that had ended as a duplicate is one no longer.
    """

    def prepare(now: str) -> Change | tuple[Change, Change]:
        loaded = whole(incident_id)
        _may_open(loaded)
        incident, note = loaded.incident, new_note(world, actor, again.reason, now)
        decision = Decision(
            incident=replace(
                incident,
                status="open",
                reopened_at=now,
                reopened=incident.reopened + 1,
                closed_at=None,
                disposition=None,
                erased=(),
                duplicate_of="",
            ),
            notes=[note],
        )
        why = digest(note.salt, again.reason)
        decision.drafts.append(Draft(IncidentReopened(note=note.id, reason=why, before=incident.status)))
        parted = _parted(incident.duplicate_of, incident_id)
        decision.beside = 2 if parted else 0
        if again.crews:
            _call_again(world, registry, loaded, decision, again.crews, now)
        if again.plan:
            for level in range(1, incident.level + 1):
                send_level(world, registry, decision, level, now)
        change = Change(loaded, decision)
        return (change, parted) if parted else change

    return write(world, actor, prepare)


def _may_open(loaded: Loaded) -> None:
    if loaded.incident.status == "open":
        raise Conflict("the incident is open", Fault("id", "open"))
    if being_called_off(loaded.incident):
        raise Conflict("its crews are still being called off", Fault("id", "calling_off"))
    if loaded.incident.reopened >= bounds.REOPENED_MOST:
        raise Conflict(
            f"opened again {bounds.REOPENED_MOST} times: take a call for a new one",
            Fault("id", "opened_too_often"),
        )


def _parted(of: str, incident_id: str) -> Change | None:
    """The incident that another was a duplicate of, which it is no longer."""
    if not of:
        return None
    loaded = must(incidents.load(of), of)
    left = tuple(each for each in loaded.incident.duplicates if each != incident_id)
    draft = Draft(DuplicateParted(incident=incident_id))
    return Change(loaded, Decision(incident=replace(loaded.incident, duplicates=left), drafts=[draft]))


def _call_again(
    world: World, registry: Snapshot, loaded: Loaded, decision: Decision, ids: Sequence[str], now: str
) -> None:
    """Add to a decision the crews that come again, each with one message, which says that the call-off does not count."""
    before = [loaded.assignments.get(each) for each in ids]
    duty = duty_of(world, registry, {each.agency_id for each in before if each}, now)
    seen = seen_by(duty, drill=decision.incident.drill)
    faults = [
        Fault(f"crews[{n}]", code)
        for n, each in enumerate(before)
        if (code := _why_not(registry, loaded, seen, each, now))
    ]
    if faults:
        raise Conflict("not all of these can come again", *faults)
    called_off = [each for each in before if each]
    picks = tuple(_picks(registry, duty, seen, called_off))
    nobody = tuple(
        dispatch.Shortfall(need_id=pick.need_id, missing=1, reason="no_crew", considered=())
        for pick in picks
        if not pick.people
    )
    orders = []
    for pick, old in zip(picks, called_off, strict=True):
        what = Sending(level=decision.incident.level, because=f"again:{old.id}", picks=(pick,))
        orders += callout.send(decision, what, now, world.mint, duty.states)
    if nobody:
        missing = Sending(level=decision.incident.level, because="again", shortfalls=nobody)
        callout.send(decision, missing, now, world.mint)
    take_on_call(decision, duty)
    order(world, registry, decision, behind_calling_off(loaded, orders), now)


def _why_not(registry: Snapshot, loaded: Loaded, seen: Duty, old: Assignment | None, now: str) -> str:
    """Why a crew cannot come again, as a fault's code; '' if it can."""
    if old is None:
        return "no_assignment"
    if old.status != "cancelled":
        return "not_called_off"
    unit = registry.units.get(old.unit_id)
    if unit is None or registry.gone(unit):
        return "unknown_unit"
    if any(crew.unit_id == old.unit_id and active(crew.status) for crew in loaded.incident.crews):
        return "unit_sent_already"
    if len(loaded.incident.crews) + 1 > UNITS_MOST:
        return "units_full"
    if bounds.sent_too_often(loaded.assignments.values(), old.unit_id, now):
        return "unit_sent_too_often"
    state = seen.states.get(old.unit_id)
    if state and state.busy:
        return "unit_busy"
    return "unit_out_of_service" if state and state.primary == "NotAvailable" else ""


def _picks(registry: Snapshot, duty: Duty, seen: Duty, called_off: Iterable[Assignment]) -> Iterable[Pick]:
    """Who goes with each unit now; nobody goes with two."""
    out = set(dispatch.people_out(seen))
    for old in called_off:
        unit = registry.units[old.unit_id]
        people = tuple(dispatch.crew_of(unit, duty, out, unit.min_crew))
        out |= set(people)
        yield Pick(
            need_id=old.need_id,
            agency_id=old.agency_id,
            unit_id=old.unit_id,
            callsign=unit.callsign,
            people=people,
            distance_km=0,
            reasons=("dispatcher",),
        )


def behind_calling_off(loaded: Loaded, orders: Iterable[PageOrder]) -> list[PageOrder]:
    """Call-outs that say *it stands again*, each behind a call-off to the same phone that is in the provider's hands."""
    leaving = {
        person: page.id
        for page in loaded.pages.values()
        for person in page.people
        if page.kind == "cancelled" and page.status == "sending"
    }
    return [replace(each, again=True, after=leaving.get(each.person_id, "")) for each in orders]
