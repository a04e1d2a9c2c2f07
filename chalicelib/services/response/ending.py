"""Ending an incident, and notes."""

from __future__ import annotations

from msgspec.structs import replace

from ...bootstrap import World
from ...domain import bounds, standing_down
from ...domain.assignment import active
from ...domain.decision import Decision
from ...domain.events import (
    Draft,
    IncidentCancelled,
    IncidentClosed,
    NoteAdded,
    digest,
)
from ...domain.facts import derive
from ...domain.incident import Incident, PageOrder
from ...domain.note import Note
from ...domain.retention import noted
from ...errors import Conflict, Unprocessable
from ...faults import Fault
from ...models import incidents
from ...models.change import Change
from ...models.incidents import Loaded
from ...models.registry import Snapshot
from ..changes.ordering import order
from ..changes.writing import Actor, Written, must_dispatch, write
from .calling_off import call_off
from .following import must_open


def close(world: World, registry: Snapshot, actor: Actor, incident_id: str, disposition: str) -> Written:
    """Close an incident with its disposition; Conflict names the units that are still assigned."""
    if disposition not in registry.dispositions:
        raise Unprocessable("unknown disposition", Fault("disposition", "unknown_disposition"))

    def prepare(now: str) -> Change:
        loaded = whole(incident_id)
        incident = must_open(loaded.incident)
        out = [crew.callsign for crew in incident.crews if active(crew.status)]
        if out:
            raise Conflict(
                f"still assigned: {', '.join(out)}",
                Fault("assignments", "still_assigned", {"units": ", ".join(out)}),
            )
        if incident.owed:
            raise Conflict("units are still being ordered", Fault("assignments", "ordering"))
        closed = replace(
            incident,
            status="closed",
            closed_at=now,
            disposition=disposition,
            attention=(),
            late=(),
            aside=None,
            unpaged=_told_later(incident),
        )
        decision = Decision(
            incident=closed,
            drafts=[Draft(IncidentClosed(disposition=disposition))],
            facts=derive(closed, loaded.assignments.values(), world.settings.utc_offset_hours),
        )
        orders = standing_down.at_end(closed, loaded.assignments, loaded.pages.values(), now)
        order(world, registry, decision, orders, now)
        return Change(loaded, decision)

    return write(world, actor, prepare)


def cancel(world: World, registry: Snapshot, actor: Actor, incident_id: str, reason: str) -> Written:
    """Cancel an incident: its units are free, whoever was paged is told, and what was being ordered is not sent."""

    def prepare(now: str) -> Change:
        loaded = whole(incident_id)
        return Change(loaded, cancelled(world, registry, actor, loaded, reason, now))

    return write(world, actor, prepare)


def cancelled(
    world: World, registry: Snapshot, actor: Actor, loaded: Loaded, reason: str, now: str
) -> Decision:
    """What cancelling comes to on what was read; nothing is written."""
    incident = must_open(loaded.incident)
    note = new_note(world, actor, reason, now)
    decision = Decision(incident=ended_without_crews(incident, now), notes=[note])
    told = IncidentCancelled(note=note.id, reason=digest(note.salt, reason), assignments=())
    decision.drafts.append(Draft(told))
    called_off = call_off(world, registry, loaded, decision, now)
    decision.drafts[0] = Draft(replace(told, assignments=tuple(called_off)))
    orders = standing_down.at_end(decision.incident, loaded.assignments, loaded.pages.values(), now)
    order(world, registry, decision, orders, now)
    return decision


def ended_without_crews(incident: Incident, now: str) -> Incident:
    """The incident as it is cancelled: its crews are yet to be called off."""
    return replace(
        incident,
        status="cancelled",
        closed_at=now,
        attention=(),
        late=(),
        unpaged=_told_later(incident),
        owed=(),
        aside=None,
    )


def _told_later(incident: Incident) -> tuple[PageOrder, ...]:
    """Of the orders that are not written yet those that an ended incident keeps: who was told to come must hear that it is over."""
    return tuple(each for each in incident.unpaged if each.kind == "cancelled")


def whole(incident_id: str) -> Loaded:
    """An incident with all its assignments as its own item has them, since its facts are derived from both."""
    loaded = must_dispatch(incidents.load_state(incident_id), incident_id)
    seen = {each.id: each.status for each in loaded.assignments.values()}
    if seen == {crew.id: crew.status for crew in loaded.incident.crews}:
        return loaded
    # A query may see one half of a transaction that is just being written.
    return must_dispatch(incidents.load_state(incident_id), incident_id)


def add_note(world: World, actor: Actor, incident_id: str, text: str, *, supervises: bool = False) -> Written:
    """Add free text to an incident, open or not; Conflict once it has as many as can be read, a supervisor's some more."""

    def prepare(now: str) -> Change:
        loaded = must_dispatch(incidents.load(incident_id), incident_id)
        if bounds.notes_full(loaded.incident, supervises=supervises) or bounds.full(loaded.incident):
            who = "no more" if supervises else "more from a supervisor alone"
            raise Conflict(f"this incident is full of notes: it takes {who}", Fault("text", "notes_full"))
        note = new_note(world, actor, text, now)
        draft = Draft(NoteAdded(note=note.id, text=digest(note.salt, text)))
        return Change(loaded, Decision(incident=noted(loaded.incident), notes=[note], drafts=[draft]))

    return write(world, actor, prepare)


def new_note(world: World, actor: Actor, text: str, now: str) -> Note:
    """A note that is not yet written."""
    return Note(id=world.mint.id(), text=text, at=now, by=actor.id, salt=world.mint.salt())
