"""Legal hold: a supervisor orders that nothing of an incident is erased, and lifts it again, each time with a reason."""

from __future__ import annotations

from msgspec.structs import replace

from ...bootstrap import World
from ...domain import bounds
from ...domain.decision import Decision
from ...domain.events import Draft, LegalHoldLifted, LegalHoldPlaced, digest
from ...domain.incident import LegalHold
from ...domain.retention import noted
from ...errors import Conflict
from ...faults import Fault
from ...models import incidents
from ...models.change import Change
from ..changes.writing import Actor, Written, must_dispatch, write
from ..response.ending import new_note


def place(world: World, actor: Actor, incident_id: str, reason: str) -> Written:
    """Keep everything of an incident until the hold is lifted; one that stands already stays as it is."""
    return _change(world, actor, incident_id, reason, held=True)


def lift(world: World, actor: Actor, incident_id: str, reason: str) -> Written:
    """Let retention erase what is due again; an incident without a hold stays as it is."""
    return _change(world, actor, incident_id, reason, held=False)


def _change(world: World, actor: Actor, incident_id: str, reason: str, *, held: bool) -> Written:
    event = LegalHoldPlaced if held else LegalHoldLifted

    def prepare(now: str) -> Change:
        loaded = must_dispatch(incidents.load(incident_id), incident_id)
        decision = Decision(incident=loaded.incident)
        if bool(loaded.incident.hold) == held:
            return Change(loaded, decision)
        if bounds.holds_full(loaded.incident):
            raise Conflict("this incident is full of notes", Fault("reason", "notes_full"))
        note = new_note(world, actor, reason, now)
        hold = LegalHold(by=actor.id, at=now, note=note.id) if held else None
        decision.incident = replace(noted(loaded.incident), hold=hold)
        decision.notes.append(note)
        decision.drafts.append(Draft(event(note=note.id, reason=digest(note.salt, reason))))
        return Change(loaded, decision)

    return write(world, actor, prepare)
