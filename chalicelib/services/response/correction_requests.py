"""What somebody asks to be put right, and what a supervisor says to it: it waits beside its note until then."""

from __future__ import annotations

from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from ...bootstrap import World
from ...domain import bounds
from ...domain import correcting as rules
from ...domain.assignment import Assignment
from ...domain.events import CorrectionDeclined, CorrectionRequested, Draft, digest
from ...domain.note import Ask, Note
from ...errors import Conflict, NotFound
from ...faults import Fault
from ...models import incidents
from ...models.change import Change
from ...models.incidents import Loaded
from ...models.registry import Snapshot
from ..changes.writing import Actor, Written, write
from .correcting import Crew, Why, begun, correct, ready
from .ending import whole
from .following import crew_of

# Each is a read of its incident.
SHOWN_MOST = 50


class Ruling(Struct, frozen=True, kw_only=True):
    """What a supervisor says to the request of a note; `insist` as with a crew."""

    request_id: str
    word: str
    insist: bool = False


def ask(world: World, registry: Snapshot, actor: Actor, incident_id: str, wrong: Crew, why: str) -> Written:
    """Ask that one time, or the reason, of a crew be put right; it waits until a supervisor grants or declines it."""

    def prepare(now: str) -> Change:
        loaded = whole(incident_id)
        before = crew_of(actor, loaded, wrong.assignment_id)
        # What could never be granted is said at once.
        correct(registry, begun(world, actor, loaded, why, now), before, replace(wrong, insist=True), now)
        if rules.waiting(loaded.notes) >= bounds.ASKED_MOST:
            raise Conflict("too much waits to be put right here", Fault("reason", "asked_too_often"))
        decision = begun(world, actor, loaded, why, now)
        what, at = next(iter(wrong.times.items()), ("reason", wrong.unable))
        was = before.reason if wrong.unable else before.milestones.get(what, "")
        note = replace(decision.notes[0], assignment_id=before.id, asks=Ask(what=what, was=was, now=at))
        content = CorrectionRequested(
            assignment=before.id,
            unit=before.unit_id,
            what=what,
            was=was,
            now=at,
            note=note.id,
            why=digest(note.salt, why),
        )
        decision.notes = [note]
        decision.drafts.append(Draft(content))
        return Change(loaded, decision)

    return write(world, actor, prepare)


def grant(world: World, registry: Snapshot, actor: Actor, incident_id: str, ruling: Ruling) -> Written:
    """Put right what somebody asked for; Conflict if it was answered, or is no longer what it was."""

    def prepare(now: str) -> Change:
        loaded = whole(incident_id)
        request, asks, before = _request(loaded, ruling.request_id)
        stands = before.reason if asks.what == "reason" else before.milestones.get(asks.what, "")
        if stands != asks.was:
            raise Conflict("it was changed meanwhile", Fault("request_id", "changed_meanwhile"))
        decision = begun(world, actor, loaded, ruling.word, now)
        asked = {"unable": asks.now} if asks.what == "reason" else {"times": {asks.what: asks.now}}
        wrong = Crew(
            assignment_id=before.id,
            insist=ruling.insist,
            request=request.id,
            **asked,
        )
        correct(registry, decision, before, wrong, now)
        decision.notes.append(replace(request, asks=replace(asks, status="granted")))
        return ready(world, loaded, decision)

    return write(world, actor, prepare)


def decline(world: World, actor: Actor, incident_id: str, ruling: Ruling) -> Written:
    """Leave as it was what somebody asked to be put right, and say why."""

    def prepare(now: str) -> Change:
        loaded = whole(incident_id)
        request, asks, before = _request(loaded, ruling.request_id)
        decision = begun(world, actor, loaded, ruling.word, now)
        why = Why(decision.notes[0])
        content = CorrectionDeclined(
            assignment=before.id,
            unit=before.unit_id,
            request=request.id,
            note=why.note.id,
            why=why.digest,
        )
        decision.drafts.append(Draft(content))
        # The agency that asked reads the ruling.
        decision.notes = [
            replace(why.note, assignment_id=before.id),
            replace(request, asks=replace(asks, status="declined")),
        ]
        return Change(loaded, decision)

    return write(world, actor, prepare)


def waiting() -> tuple[list[tuple[Loaded, Note]], bool]:
    """What is asked to be put right and waits for an answer, the oldest so many, each with its incident; whether more waits."""
    found = []
    asked = list(islice(incidents.asked(), SHOWN_MOST + 1))
    for incident_id, note_id in asked[:SHOWN_MOST]:
        loaded = incidents.with_notes(incident_id, [note_id])
        note = next((each for each in loaded.notes if each.asks), None) if loaded else None
        if loaded and note and note.asks and note.asks.status == "waiting":
            found.append((loaded, note))
    return found, len(asked) > SHOWN_MOST


def _request(loaded: Loaded, request_id: str) -> tuple[Note, Ask, Assignment]:
    note = next((each for each in loaded.notes if each.id == request_id), None)
    if note is None or note.asks is None:
        raise NotFound("nobody asked for that", Fault("request_id", "not_found"))
    if note.asks.status != "waiting":
        raise Conflict("it was answered already", Fault("request_id", "answered"))
    return note, note.asks, loaded.assignments[note.assignment_id]
