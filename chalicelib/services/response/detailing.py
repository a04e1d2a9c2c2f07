"""What is said to the questions of an incident's type, after it was opened: each time a note of its own, so that what was said before stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from ...bootstrap import World
from ...domain import bounds, details
from ...domain.decision import Decision
from ...domain.details import Detail
from ...domain.events import DetailsRecorded, Draft, details_recorded
from ...domain.incident import Incident
from ...domain.note import Note
from ...domain.retention import noted
from ...errors import Conflict, Unprocessable
from ...faults import Fault
from ...models import incidents
from ...models.change import Change
from ...models.registry import Snapshot
from ..changes.writing import Actor, Written, must_dispatch, write
from .ending import new_note
from .following import must_open

# What was said to which question, '' to take it back.
Said = Sequence[tuple[str, str]]


def record(
    world: World, registry: Snapshot, actor: Actor, incident_id: str, version: int, said: Said
) -> Written:
    """Keep what was said to some questions; nothing is written of what stands so already.

    Unprocessable for a question that is neither the type's nor was asked before. Conflict where somebody else has recorded
    another to one of them since the `version` that was read.
    """

    def prepare(now: str) -> Change:
        loaded = must_dispatch(incidents.load_state(incident_id), incident_id)
        incident = must_open(loaded.incident)
        stands = details.standing(note.details for note in loaded.notes)
        fresh = details.changed(stands, _wanted(registry, incident, loaded.notes, said))
        if not fresh:
            return Change(loaded, Decision(incident=incident))
        _must_be_current(incident, version, stands, fresh)
        if bounds.notes_full(incident, supervises=False) or bounds.full(incident):
            raise Conflict("this incident is full of notes", Fault("details", "notes_full"))
        note = note_of(world, actor, fresh, now)
        drafts = [Draft(details_recorded(note))]
        return Change(loaded, Decision(incident=noted(incident), notes=[note], drafts=drafts))

    return write(world, actor, prepare)


def note_of(world: World, actor: Actor, said: Sequence[Detail], now: str) -> Note:
    """The note that keeps it, not yet written."""
    return replace(new_note(world, actor, "", now), details=tuple(said))


def _wanted(registry: Snapshot, incident: Incident, notes: Sequence[Note], said: Said) -> list[Detail]:
    """What was said, by the type's questions as they are now; of one that is asked no more by what it was called."""
    type_ = registry.types.get(incident.type)
    asked = {each.id: each for each in type_.questions} if type_ else {}
    before = {each.question: each for note in notes for each in note.details}
    unknown = [
        Fault(f"details[{number}].question", "unknown", {"noun": "questions", "id": id_})
        for number, (id_, _) in enumerate(said)
        if id_ not in asked and id_ not in before
    ]
    if unknown:
        raise Unprocessable("nobody asks that of this incident", *unknown)
    return [
        details.read(asked[id_], typed) if id_ in asked else details.as_words(before[id_], typed)
        for id_, typed in said
    ]


def _must_be_current(
    incident: Incident, version: int, stands: Mapping[str, Detail], fresh: Sequence[Detail]
) -> None:
    if version > incident.seq:
        raise Unprocessable("that version is yet to come", Fault("version", "never_given"))
    if version == incident.seq:
        return
    contents = [event.content for event in incidents.events(incident.id, after=version)]
    since = {id_ for each in contents if isinstance(each, DetailsRecorded) for id_ in each.questions}
    overtaken = [
        Fault(
            f"details[{number}].value",
            "amended_meanwhile",
            {"now": details.value_of(stands, each.question), "yours": each.value},
        )
        for number, each in enumerate(fresh)
        if each.question in since
    ]
    if overtaken:
        raise Conflict("somebody recorded the same meanwhile", *overtaken)
