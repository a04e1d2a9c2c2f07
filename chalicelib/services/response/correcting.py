"""Putting right what was recorded wrongly, by a supervisor with a reason; both values stay."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from ...bootstrap import World
from ...domain import bounds, callout
from ...domain import correcting as rules
from ...domain.assignment import Assignment
from ...domain.call import Call, CallClass, Reclassed
from ...domain.decision import Decision
from ...domain.events import (
    CallClassCorrected,
    CallTimeCorrected,
    DispositionCorrected,
    Draft,
    NoteCorrected,
    ReasonCorrected,
    StepTimeCorrected,
    digest,
)
from ...domain.facts import derive
from ...domain.incident import Incident
from ...domain.note import Note
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


class Words(Struct, frozen=True, kw_only=True):
    """What a note should say; `supervises`: whoever says so may put right anybody's."""

    note_id: str
    text: str
    supervises: bool


class Why(Struct, frozen=True):
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
        loaded = whole(incident_id)
        decision = begun(world, actor, loaded, why, now)
        before = crew_of(actor, loaded, wrong.assignment_id)
        correct(registry, decision, before, wrong, now)
        return ready(world, loaded, decision)

    return write(world, actor, prepare)


def correct(registry: Snapshot, decision: Decision, before: Assignment, wrong: Crew, now: str) -> None:
    """Add to a decision what was wrong of one crew, its first note saying why."""
    impossible = list(rules.step_faults(before, wrong.times, now))
    if wrong.unable:
        impossible += _reason_faults(registry, before, wrong.unable)
    order = list(rules.order_faults(before, wrong.times))
    if impossible:
        raise Unprocessable(WRONG, *impossible, *order)
    if order and not wrong.insist:
        raise Conflict("the steps would be in another order: insist if that is meant", *order)
    why, after = Why(decision.notes[0]), rules.with_times(before, wrong.times)
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


def correct_call(world: World, actor: Actor, incident_id: str, wrong: OfCall, why: str) -> Written:
    """Put right when a call was received and answered, or of which class it was; refused as with a crew."""

    def prepare(now: str) -> Change:
        loaded = whole(incident_id)
        call = loaded.calls.get(wrong.call_id)
        if call is None or call.incident_id != incident_id:
            raise NotFound("no such call in this incident", Fault("call_id", "no_call"))
        decision = begun(world, actor, loaded, why, now)
        _correct_call(loaded, decision, call, wrong, now)
        return ready(world, loaded, decision)

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
    why, moved = Why(decision.notes[0]), {fault.path for fault in order}
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
        loaded = whole(incident_id)
        incident = loaded.incident
        if incident.status != "closed":
            raise Conflict(
                "it is not closed", Fault("disposition", "not_closed", {"status": incident.status})
            )
        if incident.disposition == disposition:
            raise Unprocessable(WRONG, Fault("disposition", "unchanged"))
        decision = begun(world, actor, loaded, why, now)
        note = Why(decision.notes[0])
        content = DispositionCorrected(
            was=incident.disposition or "", now=disposition, note=note.note.id, why=note.digest
        )
        decision.drafts.append(Draft(content))
        corrected = once_more(incident.corrected, "disposition")
        decision.incident = replace(decision.incident, disposition=disposition, corrected=corrected)
        return ready(world, loaded, decision)

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


def begun(world: World, actor: Actor, loaded: Loaded, why: str, now: str) -> Decision:
    """A decision that begins with the note which says why."""
    incident: Incident = loaded.incident
    if bounds.notes_full(incident, supervises=actor.agency is None) or bounds.full(incident):
        raise Conflict("this incident is full of notes", Fault("reason", "notes_full"))
    return Decision(incident=noted(incident), notes=[new_note(world, actor, why, now)])


def ready(world: World, loaded: Loaded, decision: Decision) -> Change:
    """The change; what reports count of an ended incident follows."""
    if decision.incident.status != "open":
        after = {**loaded.assignments, **{each.id: each for each in decision.assignments}}
        decision.facts = derive(decision.incident, after.values(), world.settings.utc_offset_hours)
    return Change(loaded, decision)
