"""Amending an incident: which fields change, whether somebody changed one of them meanwhile, and whether crews are told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ..faults import Fault
from .events import (
    Event,
    IncidentAmended,
    Plain,
    digest,
    place_digest,
    sealed_statement,
)
from .incident import Incident, Location, Told
from .note import Note, Was

PLACE = ("district", "village", "landmark", "lat", "lng")
FIELDS = ("type", "priority", "terrain", *PLACE, "narrative")
# What the response plan goes by.
SCENE = frozenset({"type", "terrain", "district", "lat", "lng"})
# A crew must hear of these; a priority only when it rises, and of new words alone when the desk says so.
TOLD_OF = frozenset({"type", "terrain", *PLACE})
# The doubts that an amended field settles.
_DOUBTS = {
    "priority": {"priority_unread"},
    "terrain": {"terrain_unread"},
    "district": {"district_unread"},
    "lat": {"point_unread"},
    "lng": {"point_unread"},
}
OF_PLACE = frozenset({"place_unknown", "place_far", "place_outside"})


def values(incident: Incident) -> dict[str, Any]:
    """What can be amended of an incident, by field."""
    place = {name: getattr(incident.location, name) for name in PLACE}
    return {
        "type": incident.type,
        "priority": incident.priority,
        "terrain": incident.terrain,
        **place,
        "narrative": incident.narrative,
    }


def changes(incident: Incident, wanted: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields in which what is wanted differs from what stands, in their order."""
    stands = values(incident)
    return tuple(name for name in FIELDS if name in wanted and wanted[name] != stands[name])


def overtaken(incident: Incident, wanted: Mapping[str, Any], since: Iterable[Event]) -> list[Fault]:
    """The fields that somebody amended `since` the version that was read, each with both values; one with the same is none."""
    amended = {
        field
        for content in (event.content for event in since)
        if isinstance(content, IncidentAmended)
        for field in content.fields
    }
    stands = values(incident)
    return [
        Fault(name, "amended_meanwhile", {"now": _text(stands[name]), "yours": _text(wanted[name])})
        for name in changes(incident, wanted)
        if name in amended
    ]


def _text(value: Any) -> str:
    return "" if value is None else f"{value:.15g}" if isinstance(value, float) else str(value)


def put(incident: Incident, wanted: Mapping[str, Any], category: str, doubts: Sequence[str]) -> Incident:
    """The incident with what is wanted, with the type's category, and the doubts that are left."""
    place = {name: wanted[name] for name in PLACE if name in wanted}
    own = {name: each for name, each in wanted.items() if name in FIELDS and name not in PLACE}
    return replace(
        incident,
        **own,
        category=category,
        location=replace(incident.location, **place),
        doubts=tuple(doubts),
        amended=incident.amended + 1,
    )


def doubts_left(incident: Incident, fields: Iterable[str], of_place: Sequence[str]) -> list[str]:
    """What must still be asked once these fields were amended; `of_place` is what is doubtful of the place as it is now."""
    fields = set(fields)
    settled = {code for name in fields for code in _DOUBTS.get(name, ())}
    if fields & {"district", "lat", "lng"}:
        settled |= OF_PLACE
        return [*(code for code in incident.doubts if code not in settled), *of_place]
    return [code for code in incident.doubts if code not in settled]


def tells(before: Incident, after: Incident, fields: Iterable[str]) -> bool:
    """Whether crews hear of it unless the desk says otherwise."""
    return bool(TOLD_OF & set(fields)) or after.priority < before.priority


def told(incident: Incident) -> Told:
    """What the words of a page are made of."""
    return Told(
        seq=incident.seq,
        type=incident.type,
        priority=incident.priority,
        terrain=incident.terrain,
        location=incident.location,
    )


def old_values(note: Note, before: Incident, fields: Sequence[str]) -> Note:
    """The note that keeps what was."""
    stood = values(before)
    return replace(note, was=Was(**{name: stood[name] for name in fields}), amended=tuple(fields))


def event(before: Incident, after: Incident, note: Note, *, plan: str | None, tells: bool) -> IncidentAmended:
    """What the trail says of it; `plan` is another plan that answers from now on, '' none, None that it stays."""
    fields = note.amended
    return IncidentAmended(
        fields=fields,
        was=_plain(before, fields),
        now=_plain(after, fields),
        note=note.id,
        old=digest(note.salt, sealed_statement(note.was)),
        doubts=after.doubts,
        tells=tells,
        plan=plan or "",
        no_plan=plan == "",
        # Left out where nothing changed: a digest says nothing once its salt is gone.
        **({"place": place_digest(after)} if set(fields) & set(PLACE[1:]) else {}),
        **({"narrative": digest(after.salt, after.narrative)} if "narrative" in fields else {}),
    )


def _plain(incident: Incident, fields: Iterable[str]) -> Plain:
    stands = {**values(incident), "category": incident.category}
    names = [name for name in ("type", "priority", "terrain", "district") if name in fields]
    return Plain(**{name: stands[name] for name in (*names, *(["category"] if "type" in names else []))})


class Before(Struct, frozen=True, kw_only=True):
    """What stood before the last amendment of each; None of what was never amended, `at` when it last was."""

    type: str | None = None
    priority: int | None = None
    location: Location | None = None
    narrative: bool = False
    at: str = ""


def before(incident: Incident, notes: Sequence[Note]) -> Before:
    """What the incident was before it was amended; `notes` hold it, oldest first."""
    found = Before()
    for note in notes:
        was = note.was or Was()
        place = {name: getattr(was, name) for name in PLACE if name in note.amended}
        found = Before(
            type=was.type if "type" in note.amended else found.type,
            priority=was.priority if "priority" in note.amended else found.priority,
            # Whatever was amended later is not of the place, or it stood here.
            location=replace(incident.location, **place) if place else found.location,
            narrative=found.narrative or "narrative" in note.amended,
            at=note.at,
        )
    return found
