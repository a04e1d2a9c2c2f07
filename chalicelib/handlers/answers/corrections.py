"""What somebody asks to be put right."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from ...domain import ids
from ...domain.note import Note
from ...models.incidents import Loaded
from ...models.registry import Snapshot
from .shown import Shown, name_of, taken_from


class CorrectionRequest(Shown, frozen=True, kw_only=True):
    """One request: which step (`what`), or `reason`, of which crew it is about, what it was and what it should be."""

    id: str
    incident_id: str
    label: str
    type: str
    district: str
    assignment_id: str
    callsign: str
    what: str
    was: str
    now: str
    text: str
    at: str
    by: str
    by_name: str

    @classmethod
    def of(cls, loaded: Loaded, note: Note, registry: Snapshot) -> Self:
        incident, asks = loaded.incident, note.asks
        assert asks is not None
        callsign = next((crew.callsign for crew in incident.crews if crew.id == note.assignment_id), "")
        return taken_from(
            cls,
            note,
            incident_id=incident.id,
            label=ids.label(incident.id),
            type=incident.type,
            district=incident.location.district,
            callsign=callsign,
            what=asks.what,
            was=asks.was,
            now=asks.now,
            by_name=name_of(note.by, registry),
        )


class CorrectionRequests(Shown, frozen=True, kw_only=True):
    """What waits for an answer, the oldest first; `more`: others wait besides."""

    requests: list[CorrectionRequest]
    more: bool

    @classmethod
    def of(cls, found: Iterable[tuple[Loaded, Note]], registry: Snapshot, *, more: bool) -> Self:
        shown = [CorrectionRequest.of(loaded, note, registry) for loaded, note in found]
        return cls(requests=shown, more=more)
