"""What an incident's events say, against what is kept beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from chalicelib.domain import ids
from chalicelib.domain.assignment import EVENT
from chalicelib.domain.events import Event, digest, sealed_statement
from chalicelib.domain.incident import Assignment, Call, Importing, Incident, Note, Page, PlanAnswer

REPORTED = {"PageAcknowledged": "acknowledged", **{type_: status for status, type_ in EVENT.items()}}
ENDED = {
    "IncidentClosed": "closed",
    "DrillEnded": "closed",
    "IncidentCancelled": "cancelled",
    "IncidentReopened": "open",
}
CALLS = {"CallJoined": 1, "CallSplitOff": -1}
STATED = {"disposition": "disposition", "calls": "number of calls", "level": "alarm level"}
HELD = {"LegalHoldPlaced": True, "LegalHoldLifted": False}
# Which fields of what is kept must be what an event says, under which name there.
OPENED = ("type", "category", "priority", "terrain", "drill", "received_at", "answered_at")
CALL = {"channel": "channel", "received_at": "received_at"}
ASSIGNED = {"agency_id": "agency", "unit_id": "unit", "need_id": "need", "level": "level"}
PAGE = {"kind": "kind", "assignment_id": "assignment", "person_id": "person"}
T = TypeVar("T")


class Finding(Struct, frozen=True, kw_only=True):
    """What does not hold: in which incident, at which event (seq 0: at none), and why."""

    incident_id: str
    seq: int
    type: str
    why: str

    def __str__(self) -> str:
        at = f" seq {self.seq} {self.type}".rstrip() if self.seq else ""
        return f"{self.incident_id} ({ids.label(self.incident_id)}){at}: {self.why}"


class Kept(Struct, kw_only=True):
    """An incident as it stands in the table; events by their place in the sort key."""

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
    events: dict[str, Event] = field(default_factory=dict)
    unreadable: list[Finding] = field(default_factory=list)


class _Said(Struct, frozen=True, kw_only=True):
    """What the events up to `event` say of one assignment."""

    event: Event
    status: str
    milestones: dict[str, str]
    people: list[str]
    reason: str = ""
    late: tuple[str, ...] = ()


def _erased_by(event: Event) -> list[str]:
    names = event.data.get("erased") if event.type == "PersonalDataErased" else None
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


class Trail:
    """Goes along an incident's events, and gathers what they say and what beside them contradicts it."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._status = "open"
        self._held = False
        self._owed: list[Any] = []
        self._closed_at: str | None = None
        self._disposition: str | None = None
        self._calls = 1
        self._level = 1
        self._units: dict[str, _Said] = {}
        self._left: dict[str, str] = {}
        self._named: dict[str, set[str]] = {"call": set(), "note": set(), "page": set()}
        # Before anything is compared: whatever was erased stands in earlier events.
        self._erased = {name for event in kept.events.values() for name in _erased_by(event)}
        self.findings: list[Finding] = []

    def follow(self, event: Event) -> None:
        """Take one event in; its digests are compared with what they were made of."""
        try:
            self._follow(event)
        except (KeyError, TypeError, AttributeError):
            self._say(event, "its data lack what such an event holds")

    def _follow(self, event: Event) -> None:
        data, type_ = event.data, event.type
        if type_ in ENDED:
            self._status = ENDED[type_]
            self._closed_at = None if self._status == "open" else event.occurred_at
            self._disposition = data.get("disposition")
            self._owed = []
        self._calls += CALLS.get(type_, 0)
        if type_ == "CallSplitOff":
            self._left[data["call"]] = data["to"]
        if type_ == "AlarmRaised":
            self._level = data["level"]
        self._held = HELD.get(type_, self._held)
        if type_ == "IncidentOpened":
            self._opened(event)
        if type_ == "UnitsBeingOrdered":
            self._owed = data["owed"]
        if "caller" in data:
            call = self._find("call", self._kept.calls, data["call"], event)
            if call:
                self._same(event, f"call {call.id}", call, CALL, data)
                self._compare(event, f"the number of call {call.id}", call, call.number, data["caller"])
                self._compare(event, f"the note of call {call.id}", call, call.note, data["call_note"])
                words = sealed_statement(call.said)
                self._compare(event, f"what was said in call {call.id}", call, words, data.get("said", ""))
                self._doubts(event, f"call {call.id}", call.doubts, data.get("call_doubts", ()))
                if type_ == "IncidentOpened":
                    self._same(event, f"call {call.id}", call, {"answered_at": "answered_at"}, data)
                # Who splits a call off need not have taken it.
                if not data.get("split_from") and call.taken_by != event.actor:
                    self._say(event, f"call {call.id}: who took it is not who the event says")
        if "note" in data:
            note = self._find("note", self._kept.notes, data["note"], event)
            if note:
                sealed = data["text"] if type_ in ("NoteAdded", "SmsReplyReceived") else data["reason"]
                self._compare(event, f"the text of note {note.id}", note, note.text, sealed)
                if "sender" in data:
                    self._compare(event, f"the sender of note {note.id}", note, note.number, data["sender"])
                if (note.by, note.at) != (event.actor, event.recorded_at):
                    self._say(event, f"note {note.id}: its author or time is not what the event says")
        if "reply" in data:
            self._find("note", self._kept.notes, data["reply"], event)
        if type_ == "UnitAssigned":
            # A logbook may not say when a unit was sent.
            milestones = {} if data.get("untimed") else {"requested": event.occurred_at}
            self._units[data["assignment"]] = _Said(
                event=event, status="requested", milestones=milestones, people=data["people"]
            )
            if assignment := self._kept.assignments.get(data["assignment"]):
                self._same(event, f"assignment {assignment.id}", assignment, ASSIGNED, data)
        elif type_ == "DrillStarted":
            self._calls = 0
            self._units[data["assignment"]] = _Said(
                event=event,
                status="requested",
                milestones={"requested": event.occurred_at},
                people=[each["person"] for each in data["people"]],
            )
        elif type_ == "DrillEnded":
            self._moved(data["assignment"], "cleared", event)
        elif type_ == "DrillAnswered":
            page = self._find("page", self._kept.pages, data["page"], event)
            if page and page.acknowledged_at != event.recorded_at:
                self._say(event, f"page {page.id}: its answer is not of the time that the event says")
        elif type_ in REPORTED and "from" in data:
            self._moved(data["assignment"], REPORTED[type_], event)
        elif type_ == "AssignmentEscalated":
            said = self._units[data["assignment"]]
            self._units[data["assignment"]] = replace(said, status=data["status"], event=event)
        elif type_ == "IncidentClosed":
            for assignment_id in data.get("cleared_untimed", ()):
                said = self._units[assignment_id]
                self._units[assignment_id] = replace(said, status="cleared", event=event)
        elif type_ == "IncidentCancelled":
            for assignment_id in data["assignments"]:
                self._moved(assignment_id, "cancelled", event)
        for entry in data.get("pages", ()):
            page = self._find("page", self._kept.pages, entry["page"], event)
            if page and "to" in entry:
                self._same(event, f"page {page.id}", page, PAGE, entry)
                if page.also != tuple(entry.get("also", ())):
                    self._say(event, f"page {page.id}: its others are not who the event says")
                self._compare(event, f"the number of page {page.id}", page, page.number, entry["to"])
            if page and "body" in entry:
                self._compare(event, f"the text of page {page.id}", page, page.body, entry["body"])

    def _opened(self, event: Event) -> None:
        incident = self._kept.incident
        assert incident is not None
        place = incident.location
        self._same(event, "the incident", incident, dict(zip(OPENED, OPENED, strict=True)), event.data)
        self._same(event, "the incident", place, {"district": "district"}, event.data)
        if incident.opened_at != event.occurred_at:
            self._say(event, "it was opened at another time than the incident says")
        where = f"{place.village}|{place.landmark}|{place.lat}|{place.lng}"
        exactly = "" if (place.landmark, place.lat, place.lng) == ("", None, None) else where
        gone = "narrative" in self._erased
        self._doubts(event, "the incident", incident.doubts, event.data.get("doubts", ()))
        self._compare(event, "the narrative", incident, incident.narrative, event.data["narrative"])
        self._compare(event, "the place", incident, exactly if gone else where, event.data["place"])

    def _doubts(self, event: Event, what: str, kept: Sequence[str], said: Sequence[str]) -> None:
        # A release that does not know them drops them when it writes the record again (ADR 21); it adds none.
        if kept and list(kept) != list(said):
            self._say(event, f"{what}: its doubts are not what the event says")

    def _moved(self, assignment_id: str, status: str, event: Event) -> None:
        said = self._units[assignment_id]
        late = (*said.late, status) if event.data.get("late_entry") else said.late
        self._units[assignment_id] = replace(
            said,
            event=event,
            status=status,
            milestones={**said.milestones, status: event.occurred_at},
            reason=event.data.get("reason", "") if status in EVENT and "from" in event.data else "",
            late=late,
        )

    def _find(self, noun: str, kept: dict[str, T], id_: str, event: Event) -> T | None:
        self._named[noun].add(id_)
        if id_ not in kept:
            self._say(event, f"{noun} {id_} is missing")
        return kept.get(id_)

    def _same(
        self, event: Event, what: str, kept: Struct, names: Mapping[str, str], data: Mapping[str, Any]
    ) -> None:
        for name, said in names.items():
            if getattr(kept, name) != data[said]:
                self._say(event, f"{what}: its {name} is not what the event says")

    def _compare(
        self, event: Event, what: str, part: Call | Note | Page | Incident, value: str, sealed: str
    ) -> None:
        """Compare a value with what was sealed, unless an event says that it was erased: then it must be gone."""
        name = "narrative" if isinstance(part, Incident) else f"{type(part).__name__.lower()}:{part.id}"
        if name in self._erased:
            if value or part.salt:
                self._say(event, f"{what} stands there, although its erasure is in the trail")
        elif not part.salt:
            self._say(event, f"{what} is gone, and no event says that it was erased")
        elif digest(part.salt, value) != sealed:
            self._say(event, f"{what} is not what the event sealed")

    def _say(self, event: Event | None, why: str) -> None:
        seq, type_ = (event.seq, event.type) if event else (0, "")
        self.findings.append(Finding(incident_id=self._kept.id, seq=seq, type=type_, why=why))

    def compare(self, incident: Incident) -> None:
        """Find what stands in the state and does not follow from the events, once all of them were followed."""
        if incident.status != self._status:
            self._say(None, f"the incident is {incident.status}, its events say {self._status}")
        if (incident.hold is not None) != self._held:
            self._say(None, "its legal hold does not follow from the events")
        if incident.closed_at != self._closed_at:
            self._say(None, "it ended at another time than its events say")
        for name, said in (
            ("disposition", self._disposition),
            ("calls", self._calls),
            ("level", self._level),
        ):
            if getattr(incident, name) != said:
                self._say(None, f"its {STATED[name]} is not what its events say")
        owed = [{"need": each.need_id, "level": each.level, "units": each.units} for each in incident.owed]
        if owed != self._owed:
            self._say(None, "what is being ordered does not follow from the events")
        for call in self._kept.calls.values():
            if call.incident_id != self._left.get(call.id, self._kept.id):
                self._say(
                    None, f"call {call.id} says that it belongs to {call.incident_id}, its events do not"
                )
        for id_, unit in self._units.items():
            self._crew(id_, unit)
        crews = {crew.id: crew.status for crew in incident.crews}
        if crews != {id_: unit.status for id_, unit in self._units.items()}:
            self._say(None, "the crews on the board do not follow from the events")
        for noun, ids_ in (
            ("assignment", self._kept.assignments.keys() - self._units.keys()),
            ("call", self._kept.calls.keys() - self._named["call"]),
            ("note", self._kept.notes.keys() - self._named["note"]),
            ("page", self._kept.pages.keys() - self._named["page"]),
        ):
            for id_ in sorted(ids_):
                self._say(None, f"no event speaks of {noun} {id_}")

    def _crew(self, id_: str, unit: _Said) -> None:
        kept = self._kept.assignments.get(id_)
        if kept is None:
            self._say(unit.event, f"assignment {id_} is missing")
        elif kept.status != unit.status:
            self._say(unit.event, f"assignment {id_} is {kept.status}, its events say {unit.status}")
        elif kept.milestones != unit.milestones:
            differing = sorted(
                name
                for name in kept.milestones.keys() | unit.milestones.keys()
                if kept.milestones.get(name) != unit.milestones.get(name)
            )
            self._say(
                unit.event, f"assignment {id_}: its events do not say when it was {', '.join(differing)}"
            )
        elif kept.reason != unit.reason:
            self._say(unit.event, f"assignment {id_}: its reason is not what its events say")
        elif list(kept.people) != unit.people:
            self._say(unit.event, f"assignment {id_}: its people are not what its events say")
        elif kept.late_entry != unit.late:
            self._say(unit.event, f"assignment {id_}: what was entered late is not what its events say")
