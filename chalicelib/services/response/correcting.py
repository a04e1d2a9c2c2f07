"""Putting right what was recorded wrongly: by a supervisor with a reason, or asked for by an agency; both values stay."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from msgspec import Struct, field
from msgspec.structs import replace

from ...bootstrap import World
from ...domain import bounds, callout
from ...domain import correcting as rules
from ...domain.decision import Decision
from ...domain.events import (
    CallClassCorrected,
    CallTimeCorrected,
    CorrectionDeclined,
    CorrectionRequested,
    DispositionCorrected,
    Draft,
    NoteCorrected,
    ReasonCorrected,
    StepTimeCorrected,
    digest,
)
from ...domain.facts import derive
from ...domain.incident import Ask, Assignment, Call, CallClass, Incident, Note, Reclassed
from ...domain.retention import noted
from ...domain.trail import once_more
from ...errors import Conflict, Forbidden, NotFound, Unprocessable
from ...faults import Fault
from ...models import erasing, incidents
from ...models.change import Change
from ...models.incidents import Loaded
from ...models.registry import Snapshot
from ..changes.retrying import UNANSWERED, Try, retried
from ..changes.writing import Actor, Written, must, write
from .ending import new_note, whole
from .following import crew_of

WRONG = "that cannot be put right so"
# Each is a read of its incident.
SHOWN_MOST = 50


class Crew(Struct, frozen=True, kw_only=True):
    """What of a crew was wrong: `times` by step, `unable` the reason why it could not come, '' for right as it is.

    `insist`: the steps are in another order now, and that is meant. `request` is the note of who asked for it.
    """

    assignment_id: str
    times: Mapping[str, str] = field(default_factory=dict)
    unable: str = ""
    insist: bool = False
    request: str = ""


class OfCall(Struct, frozen=True, kw_only=True):
    """What of a call was wrong: `times` by name, its class, None for right as it is; `insist` as with a crew."""

    call_id: str
    times: Mapping[str, str] = field(default_factory=dict)
    kind: CallClass | None = None
    insist: bool = False


class Answer(Struct, frozen=True, kw_only=True):
    """What a supervisor says to the request of a note; `insist` as with a crew."""

    request_id: str
    word: str
    insist: bool = False


class Words(Struct, frozen=True, kw_only=True):
    """What a note should say; `supervises`: whoever says so may put right anybody's."""

    note_id: str
    text: str
    supervises: bool


class _Why(Struct, frozen=True):
    """Why something is put right, and the digest of it."""

    note: Note

    @property
    def digest(self) -> str:
        return digest(self.note.salt, self.note.text)


def correct_crew(
    world: World, registry: Snapshot, actor: Actor, incident_id: str, wrong: Crew, why: str
) -> Written:
    """Put right when a crew did what, or why it could not come; Unprocessable names every time that cannot be, Conflict
    those that are out of order.
    """

    def prepare(now: str) -> Change:
        loaded = _of(incident_id)
        decision = _begun(world, actor, loaded, why, now)
        before = crew_of(actor, loaded, wrong.assignment_id)
        _correct(registry, decision, before, wrong, now)
        return _ready(world, loaded, decision)

    return write(world, actor, prepare)


def _correct(registry: Snapshot, decision: Decision, before: Assignment, wrong: Crew, now: str) -> None:
    """Add to a decision what was wrong of one crew, its first note saying why."""
    impossible = list(rules.step_faults(before, wrong.times, now))
    if wrong.unable:
        impossible += _reason_faults(registry, before, wrong.unable)
    order = list(rules.order_faults(before, wrong.times))
    if impossible:
        raise Unprocessable(WRONG, *impossible, *order)
    if order and not wrong.insist:
        raise Conflict("the steps would be in another order: insist if that is meant", *order)
    why, after = _Why(decision.notes[0]), rules.with_times(before, wrong.times)
    about = {"assignment": before.id, "unit": before.unit_id, "note": why.note.id, "why": why.digest}
    about["request"] = wrong.request
    moved = {fault.path.removeprefix("times.") for fault in order}
    for step, at in wrong.times.items():
        content = StepTimeCorrected(
            step=step,
            was=before.milestones.get(step, ""),
            now=at,
            out_of_order=step in moved,
            **about,
        )
        decision.drafts.append(Draft(content))
    if wrong.unable:
        decision.drafts.append(Draft(ReasonCorrected(was=before.reason, now=wrong.unable, **about)))
        after = replace(after, reason=wrong.unable, corrected=once_more(after.corrected, "reason"))
    decision.assignments.append(after)
    crew = next(crew for crew in decision.incident.crews if crew.id == before.id)
    at = wrong.times.get(after.status, crew.at)
    decision.incident = callout.with_crew(decision.incident, after, at)


def _reason_faults(registry: Snapshot, before: Assignment, reason: str) -> list[Fault]:
    if reason not in registry.reasons:
        return [Fault("unable", "unknown_reason")]
    if before.status != "unable":
        return [Fault("unable", "not_unable")]
    return [Fault("unable", "unchanged")] if before.reason == reason else []


def ask(world: World, registry: Snapshot, actor: Actor, incident_id: str, wrong: Crew, why: str) -> Written:
    """Ask that one time, or the reason, of a crew be put right; it waits until a supervisor grants or declines it."""

    def prepare(now: str) -> Change:
        loaded = _of(incident_id)
        before = crew_of(actor, loaded, wrong.assignment_id)
        # What could never be granted is said at once.
        _correct(registry, _begun(world, actor, loaded, why, now), before, replace(wrong, insist=True), now)
        if rules.waiting(loaded.notes) >= bounds.ASKED_MOST:
            raise Conflict("too much waits to be put right here", Fault("reason", "asked_too_often"))
        decision = _begun(world, actor, loaded, why, now)
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


def grant(world: World, registry: Snapshot, actor: Actor, incident_id: str, answer: Answer) -> Written:
    """Put right what somebody asked for; Conflict if it was answered, or is no longer what it was."""

    def prepare(now: str) -> Change:
        loaded = _of(incident_id)
        request, asks, before = _request(loaded, answer.request_id)
        stands = before.reason if asks.what == "reason" else before.milestones.get(asks.what, "")
        if stands != asks.was:
            raise Conflict("it was changed meanwhile", Fault("request_id", "changed_meanwhile"))
        decision = _begun(world, actor, loaded, answer.word, now)
        asked = {"unable": asks.now} if asks.what == "reason" else {"times": {asks.what: asks.now}}
        wrong = Crew(
            assignment_id=before.id,
            insist=answer.insist,
            request=request.id,
            **asked,
        )
        _correct(registry, decision, before, wrong, now)
        decision.notes.append(replace(request, asks=replace(asks, status="granted")))
        return _ready(world, loaded, decision)

    return write(world, actor, prepare)


def decline(world: World, actor: Actor, incident_id: str, answer: Answer) -> Written:
    """Leave as it was what somebody asked to be put right, and say why."""

    def prepare(now: str) -> Change:
        loaded = _of(incident_id)
        request, asks, before = _request(loaded, answer.request_id)
        decision = _begun(world, actor, loaded, answer.word, now)
        why = _Why(decision.notes[0])
        content = CorrectionDeclined(
            assignment=before.id,
            unit=before.unit_id,
            request=request.id,
            note=why.note.id,
            why=why.digest,
        )
        decision.drafts.append(Draft(content))
        # The agency that asked reads the answer.
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


def correct_call(world: World, actor: Actor, incident_id: str, wrong: OfCall, why: str) -> Written:
    """Put right when a call was received and answered, or of which class it was; refused as with a crew."""

    def prepare(now: str) -> Change:
        loaded = _of(incident_id)
        call = loaded.calls.get(wrong.call_id)
        if call is None or call.incident_id != incident_id:
            raise NotFound("no such call in this incident", Fault("call_id", "no_call"))
        decision = _begun(world, actor, loaded, why, now)
        _correct_call(loaded, decision, call, wrong, now)
        return _ready(world, loaded, decision)

    return write(world, actor, prepare)


def _correct_call(loaded: Loaded, decision: Decision, call: Call, wrong: OfCall, now: str) -> None:
    incident = decision.incident
    opened_it = opening_call(loaded) == call.id
    impossible = list(rules.call_faults(call, wrong.times, now))
    if wrong.kind == call.kind:
        impossible.append(Fault("class", "unchanged"))
    order = list(rules.call_order_faults(call, wrong.times, incident.opened_at if opened_it else ""))
    if impossible:
        raise Unprocessable(WRONG, *impossible, *order)
    if order and not wrong.insist:
        raise Conflict("the times would be in another order: insist if that is meant", *order)
    why, moved = _Why(decision.notes[0]), {fault.path for fault in order}
    for what, at in wrong.times.items():
        content = CallTimeCorrected(
            call=call.id,
            what=what,
            was=getattr(call, what) or "",
            now=at,
            note=why.note.id,
            why=why.digest,
            out_of_order=what in moved,
        )
        decision.drafts.append(Draft(content))
    after = replace(call, **wrong.times)
    if wrong.kind:
        content_ = CallClassCorrected(
            call=call.id, was=call.kind, now=wrong.kind, note=why.note.id, why=why.digest
        )
        decision.drafts.append(Draft(content_))
        after = replace(after, kind=wrong.kind)
    decision.calls.append(after)
    if opened_it and wrong.times:
        decision.incident = rules.with_call_times(incident, wrong.times)


def opening_call(loaded: Loaded) -> str:
    """The call that opened an incident: of its first event, since a call that joined later may have come earlier."""
    first = next(incidents.events(loaded.incident.id), None)
    return str(first.data.get("call", "")) if first else ""


def correct_class(world: World, actor: Actor, place: tuple[str, str], kind: CallClass, why: str) -> Call:
    """Put right of which class a call outside incidents was, by its local day and id; what it was stays with it."""
    day, call_id = place

    def attempt(each: Try) -> Call:
        found = next(((call, v) for call, v in erasing.other_calls(day) if call.id == call_id), None)
        if found is None or not found[0].salt:
            raise NotFound("no such call on that day", Fault("call_id", "no_call"))
        call, version = found
        if call.kind == kind:
            if call.reclassed and call.reclassed[-1].by == actor.id:
                return call  # Its first try has done it.
            raise Unprocessable(WRONG, Fault("class", "unchanged"))
        if len(call.reclassed) >= bounds.REWORDED_MOST:
            raise Conflict("this call was put right often enough", Fault("class", "notes_full"))
        was = Reclassed(kind=call.kind, until=each.now, by=actor.id, why=why)
        after = replace(call, kind=kind, reclassed=(*call.reclassed, was))
        erasing.save_other_call(day, after, version)
        return after

    return retried(world, attempt, UNANSWERED)


def correct_disposition(
    world: World, registry: Snapshot, actor: Actor, incident_id: str, disposition: str, why: str
) -> Written:
    """Put right how a closed incident had ended; Conflict while it is open, or was cancelled."""
    if disposition not in registry.dispositions:
        raise Unprocessable("unknown disposition", Fault("disposition", "unknown_disposition"))

    def prepare(now: str) -> Change:
        loaded = _of(incident_id)
        incident = loaded.incident
        if incident.status != "closed":
            raise Conflict(
                "it is not closed", Fault("disposition", "not_closed", {"status": incident.status})
            )
        if incident.disposition == disposition:
            raise Unprocessable(WRONG, Fault("disposition", "unchanged"))
        decision = _begun(world, actor, loaded, why, now)
        note = _Why(decision.notes[0])
        content = DispositionCorrected(
            was=incident.disposition or "", now=disposition, note=note.note.id, why=note.digest
        )
        decision.drafts.append(Draft(content))
        corrected = once_more(incident.corrected, "disposition")
        decision.incident = replace(decision.incident, disposition=disposition, corrected=corrected)
        return _ready(world, loaded, decision)

    return write(world, actor, prepare)


def correct_note(world: World, actor: Actor, incident_id: str, words: Words) -> Written:
    """Give a note of one's own, or for a supervisor of anybody's, another text; what a phone sent stays as it came."""

    def prepare(now: str) -> Change:
        loaded = must(incidents.with_notes(incident_id, [words.note_id]), incident_id)
        note = next(iter(loaded.notes), None)
        if note is None or not note.salt:
            raise NotFound("no such note", Fault("note_id", "not_found"))
        if note.amended:
            raise NotFound("no such note", Fault("note_id", "not_found"))
        if note.number:
            raise Conflict("an SMS stays as it came", Fault("note_id", "came_by_sms"))
        if note.by != actor.id and not words.supervises:
            raise Forbidden("another's note is put right by a supervisor")
        if note.text == words.text:
            raise Unprocessable(WRONG, Fault("text", "unchanged"))
        if len(note.earlier) >= bounds.REWORDED_MOST or bounds.full(loaded.incident):
            raise Conflict("this note was put right often enough: write another", Fault("text", "notes_full"))
        after = rules.reworded(note, words.text, actor.id, now)
        content = NoteCorrected(
            note=note.id, was=digest(note.salt, note.text), text=digest(note.salt, words.text)
        )
        return Change(loaded, Decision(incident=loaded.incident, notes=[after], drafts=[Draft(content)]))

    return write(world, actor, prepare)


def _of(incident_id: str) -> Loaded:
    """An incident whole, as its facts are derived from all of it."""
    return whole(incident_id)


def _begun(world: World, actor: Actor, loaded: Loaded, why: str, now: str) -> Decision:
    """A decision that begins with the note which says why."""
    incident: Incident = loaded.incident
    if bounds.notes_full(incident, supervises=actor.agency is None) or bounds.full(incident):
        raise Conflict("this incident is full of notes", Fault("reason", "notes_full"))
    return Decision(incident=noted(incident), notes=[new_note(world, actor, why, now)])


def _ready(world: World, loaded: Loaded, decision: Decision) -> Change:
    """The change; what reports count of an ended incident follows."""
    if decision.incident.status != "open":
        after = {**loaded.assignments, **{each.id: each for each in decision.assignments}}
        decision.facts = derive(decision.incident, after.values(), world.settings.utc_offset_hours)
    return Change(loaded, decision)


def _request(loaded: Loaded, request_id: str) -> tuple[Note, Ask, Assignment]:
    note = next((each for each in loaded.notes if each.id == request_id), None)
    if note is None or note.asks is None:
        raise NotFound("nobody asked for that", Fault("request_id", "not_found"))
    if note.asks.status != "waiting":
        raise Conflict("it was answered already", Fault("request_id", "answered"))
    return note, note.asks, loaded.assignments[note.assignment_id]
