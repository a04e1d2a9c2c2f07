"""An incident as it stands in the table, and what does not hold of it."""

from __future__ import annotations

from collections.abc import Sequence, Set

from msgspec import Struct, field

from . import ids
from .assignment import Assignment
from .call import Call
from .events import Event, digest
from .incident import Importing, Incident, PlanAnswer
from .note import Note
from .notice import Notice
from .page import Page


class Finding(Struct, frozen=True, kw_only=True):
    """What does not hold: in which incident, at which event (seq 0: at none), and why."""

    incident_id: str
    seq: int
    type: str
    why: str

    def __str__(self) -> str:
        at = f" seq {self.seq} {self.type}".rstrip() if self.seq else ""
        return f"{self.incident_id} ({ids.label(self.incident_id)}){at}: {self.why}"


class Whole(Struct, kw_only=True):
    """An incident as it stands in the table; events, and their JSON as it is stored, by their place in the sort key."""

    id: str
    version: int = 0
    unlisted: str = ""
    incident: Incident | None = None
    importing: Importing | None = None
    assignments: dict[str, Assignment] = field(default_factory=dict)
    calls: dict[str, Call] = field(default_factory=dict)
    notes: dict[str, Note] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    answers: dict[str, PlanAnswer] = field(default_factory=dict)
    notices: dict[str, Notice] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    unreadable: list[Finding] = field(default_factory=list)


class Findings:
    """Gathers what does not hold; `erased` names what an event says was erased, as domain/retention.py has it."""

    def __init__(self, incident_id: str, erased: Set[str]) -> None:
        self._incident_id = incident_id
        self.erased = erased
        self.all: list[Finding] = []

    def say(self, event: Event | None, why: str) -> None:
        """What does not hold, at an event or at none."""
        seq, type_ = (event.seq, event.type) if event else (0, "")
        self.all.append(Finding(incident_id=self._incident_id, seq=seq, type=type_, why=why))

    def sealed(
        self, event: Event, what: str, part: Call | Note | Page | Incident, value: str, sealed: str
    ) -> None:
        """Compare a value with what was sealed, unless an event says that it was erased: then it must be gone."""
        name = "narrative" if isinstance(part, Incident) else f"{type(part).__name__.lower()}:{part.id}"
        if name in self.erased:
            if value or part.salt:
                self.say(event, f"{what} stands there, although its erasure is in the trail")
        elif not part.salt:
            self.say(event, f"{what} is gone, and no event says that it was erased")
        elif digest(part.salt, value) != sealed:
            self.say(event, f"{what} is not what the event sealed")

    def doubts(self, event: Event, what: str, kept: Sequence[str], said: Sequence[str]) -> None:
        """Compare doubts; a release that does not know them drops them when it writes the record again (ADR 21), and adds none."""
        if kept and list(kept) != list(said):
            self.say(event, f"{what}: its doubts are not what the event says")

    def marks(self, event: Event | None, what: str, kept: Sequence[str], said: Sequence[str]) -> None:
        """Compare names that only become more: as with doubts, one that is not kept is no finding."""
        if not {*kept} <= {*said}:
            self.say(event, f"{what} is not what its events say")
