"""What stands beside an incident's events, against what they imply and against the digests in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import singledispatchmethod
from typing import TypeVar

from msgspec import UNSET, Struct, UnsetType, field

from . import ids
from .assignment import Assignment
from .call import Call
from .events import (
    TYPES,
    CallClassCorrected,
    CallJoined,
    CallTakenBack,
    CallTimeCorrected,
    Content,
    CorrectionDeclined,
    CorrectionRequested,
    DispositionCorrected,
    DrillAnswered,
    Event,
    IncidentAmended,
    IncidentCancelled,
    IncidentOpened,
    IncidentReopened,
    IncidentSetAside,
    LegalHoldLifted,
    LegalHoldPlaced,
    NoteAdded,
    NoteCorrected,
    OrderedPage,
    OwedUnits,
    PagesRequested,
    PagesSettled,
    PersonalDataErased,
    ReasonCorrected,
    SmsReplyDismissed,
    SmsReplyReceived,
    StepTimeCorrected,
    UnitAssigned,
    Unknown,
    digest,
    sealed_statement,
)
from .incident import Importing, Incident, PlanAnswer, SetAside
from .note import Note
from .page import Page
from .trail import Said, Trail

STATED = {"disposition": "disposition", "calls": "number of calls", "level": "alarm level"}
# Which fields of what is kept must be what an event says, under which name there.
OPENED = ("drill", "received_at", "answered_at")
SUBJECT = ("type", "category", "priority", "terrain")
CALL = {"channel": "channel", "received_at": "received_at"}
ASSIGNED = {"agency_id": "agency", "unit_id": "unit", "need_id": "need", "level": "level"}
PAGE = {"kind": "kind", "assignment_id": "assignment", "person_id": "person"}
# Which thing, and which field of it.
Place = tuple[str, str]
LACKING = "its data lack what such an event holds"
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
    events: dict[str, Event] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    unreadable: list[Finding] = field(default_factory=list)


class Comparison:
    """Goes along an incident's events, and gathers what beside them contradicts what they say."""

    def __init__(self, kept: Whole) -> None:
        self._kept = kept
        self._trail = Trail()
        self._named: dict[str, set[str]] = {"call": set(), "note": set(), "page": set()}
        # Before anything is compared: whatever was erased or put right stands in earlier events.
        contents = [event.content for event in kept.events.values()]
        self._put_right = _put_right(contents)
        self._erased = {
            name for each in contents if isinstance(each, PersonalDataErased) for name in each.erased
        }
        self._reworded: Counter[str] = Counter()
        self.findings: list[Finding] = []

    def follow(self, event: Event) -> None:
        """Take one event in; its digests are compared with what they were made of."""
        try:
            self._trail.follow(event)
        except KeyError:
            self._say(event, LACKING)
        self._take(event.content, event)

    @singledispatchmethod
    def _take(self, content: Content, event: Event) -> None:
        """An event that holds nothing which stands beside it."""

    @_take.register
    def _(self, content: Unknown, event: Event) -> None:
        if event.type in TYPES:
            self._say(event, LACKING)
        # What a later release says of something cannot be told; that something said it can.
        for noun, names in self._named.items():
            if isinstance(name := content.data.get(noun), str):
                names.add(name)

    @_take.register
    def _(self, content: IncidentOpened, event: Event) -> None:
        incident = self._kept.incident
        assert incident is not None
        self._same(event, "the incident", incident, dict(zip(OPENED, OPENED, strict=True)), content)
        if incident.opened_at != event.occurred_at:
            self._say(event, "it was opened at another time than the incident says")
        call = self._call(content, event)
        if call:
            self._same(event, f"call {call.id}", call, {"answered_at": "answered_at"}, content)
        # Who splits a call off need not have taken it.
        if call and not content.split_from:
            self._taken(event, call)

    @_take.register
    def _(self, content: IncidentAmended, event: Event) -> None:
        note = self._find("note", self._kept.notes, content.note, event)
        if note:
            was = sealed_statement(note.was)
            self._compare(event, f"what was amended by note {note.id}", note, was, content.old)
            if (note.by, note.at) != (event.actor, event.recorded_at):
                self._say(event, f"note {note.id}: its author or time is not what the event says")
            if note.text:
                self._say(event, f"note {note.id}: its text is no part of an amendment")

    @_take.register
    def _(self, content: CallJoined, event: Event) -> None:
        if call := self._call(content, event):
            self._taken(event, call)

    @_take.register
    def _(self, content: CallTakenBack, event: Event) -> None:
        self._find("call", self._kept.calls, content.call, event)

    @_take.register
    def _(
        self, content: LegalHoldPlaced | LegalHoldLifted | IncidentCancelled | IncidentReopened, event: Event
    ) -> None:
        self._note(event, content.note, content.reason)

    @_take.register
    def _(
        self,
        content: StepTimeCorrected
        | ReasonCorrected
        | CallTimeCorrected
        | CallClassCorrected
        | DispositionCorrected
        | CorrectionDeclined,
        event: Event,
    ) -> None:
        self._note(event, content.note, content.why)

    @_take.register
    def _(self, content: CorrectionRequested, event: Event) -> None:
        self._note(event, content.note, content.why)
        note = self._kept.notes.get(content.note)
        if note and note.asks and (note.asks.what, note.asks.was, note.asks.now) != _asked(content):
            self._say(event, f"note {note.id}: it asks for something else than the event says")

    @_take.register
    def _(self, content: NoteCorrected, event: Event) -> None:
        note = self._find("note", self._kept.notes, content.note, event)
        place = self._reworded[content.note]
        self._reworded[content.note] += 1
        if note:
            self._compare(event, f"the text of note {note.id}", note, _wording(note, place), content.was)
            self._compare(event, f"the text of note {note.id}", note, _wording(note, place + 1), content.text)
            told = [(each.by, each.until) for each in note.earlier[place : place + 1]]
            if told and told != [(event.actor, event.recorded_at)]:
                self._say(event, f"note {note.id}: who put it right, or when, is not what the event says")

    @_take.register
    def _(self, content: NoteAdded, event: Event) -> None:
        self._note(event, content.note, content.text)

    @_take.register
    def _(self, content: SmsReplyReceived, event: Event) -> None:
        if content.note:
            self._note(event, content.note, content.text, content.sender)

    @_take.register
    def _(self, content: SmsReplyDismissed, event: Event) -> None:
        if content.reply:
            self._find("note", self._kept.notes, content.reply, event)

    @_take.register
    def _(self, content: UnitAssigned, event: Event) -> None:
        if assignment := self._kept.assignments.get(content.assignment):
            what = f"assignment {assignment.id}"
            self._same(event, what, assignment, ASSIGNED, content)
            silence = (content.because, content.beside) if content.beside else ("", "")
            # A release that does not know of it drops it when it writes the record again (ADR 21); it adds none.
            if assignment.beside and (assignment.because, assignment.beside) != silence:
                self._say(event, f"{what}: beside whom it was asked is not what the event says")

    @_take.register
    def _(self, content: PagesRequested, event: Event) -> None:
        for entry in content.pages:
            if page := self._find("page", self._kept.pages, entry.page, event):
                self._same(event, f"page {page.id}", page, PAGE, entry)
                # A release that does not know it drops it when it writes the page again (ADR 21); it adds none.
                if page.amends and not entry.amends:
                    self._say(event, f"page {page.id}: that it amends is not what the event says")
                if page.also != entry.also:
                    self._say(event, f"page {page.id}: its others are not who the event says")
                self._purpose(event, page, entry)
                self._compare(event, f"the number of page {page.id}", page, page.number, entry.to)

    @_take.register
    def _(self, content: PagesSettled, event: Event) -> None:
        for entry in content.pages:
            page = self._find("page", self._kept.pages, entry.page, event)
            if page and entry.body:
                self._compare(event, f"the text of page {page.id}", page, page.body, entry.body)

    @_take.register
    def _(self, content: DrillAnswered, event: Event) -> None:
        page = self._find("page", self._kept.pages, content.page, event)
        if page and page.acknowledged_at != event.recorded_at:
            self._say(event, f"page {page.id}: its answer is not of the time that the event says")

    def _call(self, content: IncidentOpened | CallJoined, event: Event) -> Call | None:
        call = self._find("call", self._kept.calls, content.call, event)
        if call:
            self._same(event, f"call {call.id}", call, CALL, content)
            self._compare(event, f"the number of call {call.id}", call, call.number, content.caller)
            self._compare(event, f"the note of call {call.id}", call, call.note, content.call_note)
            words = sealed_statement(call.said)
            self._compare(event, f"what was said in call {call.id}", call, words, content.said)
            self._doubts(event, f"call {call.id}", call.doubts, content.call_doubts)
        return call

    def _taken(self, event: Event, call: Call) -> None:
        if call.taken_by != event.actor:
            self._say(event, f"call {call.id}: who took it is not who the event says")

    def _note(self, event: Event, id_: str, text: str | UnsetType, sender: str | UnsetType = UNSET) -> None:
        note = self._find("note", self._kept.notes, id_, event)
        if note:
            self._compare(event, f"the text of note {note.id}", note, _wording(note, 0), text or "")
            if sender is not UNSET:
                self._compare(event, f"the sender of note {note.id}", note, note.number, sender)
            if (note.by, note.at) != (event.actor, event.recorded_at):
                self._say(event, f"note {note.id}: its author or time is not what the event says")

    def _purpose(self, event: Event, page: Page, entry: OrderedPage) -> None:
        # A release that does not know it drops it when it writes the page again; it adds none.
        if (page.because or page.backup) and (page.because, page.backup) != (entry.because, entry.backup):
            self._say(event, f"page {page.id}: what it is for is not what the event says")

    def _doubts(self, event: Event, what: str, kept: Sequence[str], said: Sequence[str]) -> None:
        # A release that does not know them drops them when it writes the record again (ADR 21); it adds none.
        if kept and list(kept) != list(said):
            self._say(event, f"{what}: its doubts are not what the event says")

    def _find(self, noun: str, kept: dict[str, T], id_: str, event: Event) -> T | None:
        self._named[noun].add(id_)
        if id_ not in kept:
            self._say(event, f"{noun} {id_} is missing")
        return kept.get(id_)

    def _same(self, event: Event, what: str, kept: Struct, names: Mapping[str, str], said: Struct) -> None:
        for name, there in names.items():
            stands = getattr(said, there)
            # What was put right later must go on from here, and end at what is kept.
            for was, now in self._put_right.get((what, name), ()):
                if was != (stands or ""):
                    self._say(event, f"{what}: its {name} was put right from what it never was")
                stands = now
            if getattr(kept, name) != stands:
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
        self._subject(incident)
        if incident.status != self._trail.status:
            self._say(None, f"the incident is {incident.status}, its events say {self._trail.status}")
        self._stayed(incident)
        if incident.closed_at != self._trail.closed_at:
            self._say(None, "it ended at another time than its events say")
        for name, called in STATED.items():
            if getattr(incident, name) != getattr(self._trail, name):
                self._say(None, f"its {called} is not what its events say")
        self._corrections(incident)
        self._links(incident)
        owed = [OwedUnits(need=each.need_id, level=each.level, units=each.units) for each in incident.owed]
        if owed != list(self._trail.owed):
            self._say(None, "what is being ordered does not follow from the events")
        for call in self._kept.calls.values():
            if call.incident_id != self._trail.left.get(call.id, self._kept.id):
                self._say(
                    None, f"call {call.id} says that it belongs to {call.incident_id}, its events do not"
                )
        for id_, unit in self._trail.units.items():
            self._crew(id_, unit)
        crews = {crew.id: crew.status for crew in incident.crews}
        if crews != {id_: unit.status for id_, unit in self._trail.units.items()}:
            self._say(None, "the crews on the board do not follow from the events")
        for noun, ids_ in (
            ("assignment", self._kept.assignments.keys() - self._trail.units.keys()),
            ("call", self._kept.calls.keys() - self._named["call"]),
            ("note", self._kept.notes.keys() - self._named["note"]),
            ("page", self._kept.pages.keys() - self._named["page"]),
        ):
            for id_ in sorted(ids_):
                self._say(None, f"no event speaks of {noun} {id_}")

    def _stayed(self, incident: Incident) -> None:
        """Hold what somebody has ordered of it, and has not taken back, against the events."""
        if (incident.hold is not None) != self._trail.held:
            self._say(None, "its legal hold does not follow from the events")
        if incident.aside and not _follows(incident.aside, self._trail.aside):
            self._say(None, "that it is set aside does not follow from the events")

    def _links(self, incident: Incident) -> None:
        """Compare which other incidents it is the same as."""
        self._marks(None, "which others are the same", incident.duplicates, self._trail.duplicates)
        of = (incident.duplicate_of,) if incident.duplicate_of else ()
        self._marks(None, "of which other it is a duplicate", of, (self._trail.duplicate_of,))

    def _corrections(self, incident: Incident) -> None:
        """Compare what was put right, and what is asked for."""
        self._marks(None, "what was put right of it", incident.corrected, self._trail.corrected)
        for call in self._kept.calls.values():
            if call.kind != self._trail.kinds.get(call.id, "emergency"):
                self._say(None, f"call {call.id}: its class is not what its events say")
        for note in self._kept.notes.values():
            asks = note.asks.status if note.asks else None
            if asks and asks != self._trail.asked.get(note.id):
                self._say(None, f"note {note.id}: what it asks for is {asks}, its events do not say so")
            if note.salt and len(note.earlier) != self._reworded[note.id]:
                self._say(None, f"note {note.id}: what it said before is not what its events say")

    def _subject(self, incident: Incident) -> None:
        """What the incident is: as it was opened and amended, each against the event that said so last."""
        said = self._trail.subject
        if not said:
            return
        place = incident.location
        stands = {**{name: getattr(incident, name) for name in SUBJECT}, "district": place.district}
        for name, value in stands.items():
            claimed, event = said[name]
            if value != claimed:
                self._say(event, f"the incident: its {name} is not what the event says")
        doubts, event = said["doubts"]
        self._doubts(event, "the incident", incident.doubts, doubts)
        where = f"{place.village}|{place.landmark}|{place.lat}|{place.lng}"
        exactly = "" if (place.landmark, place.lat, place.lng) == ("", None, None) else where
        gone = "narrative" in self._erased
        sealed, event = said["narrative"]
        self._compare(event, "the narrative", incident, incident.narrative, sealed)
        sealed, event = said["place"]
        self._compare(event, "the place", incident, exactly if gone else where, sealed)
        # Bounds go by it alone: a release that does not know it drops it.
        if incident.amended > self._trail.amended:
            self._say(None, "how often it was amended is not what its events say")

    def _crew(self, id_: str, unit: Said) -> None:
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
        elif kept.people != unit.people:
            self._say(unit.event, f"assignment {id_}: its people are not what its events say")
        elif kept.late_entry != unit.late:
            self._say(unit.event, f"assignment {id_}: what was entered late is not what its events say")
        elif kept.late and kept.late != unit.answered_late:
            self._say(unit.event, f"assignment {id_}: who answered late is not who its events say")
        else:
            self._marks(unit.event, f"assignment {id_}: what a person told", kept.claimed, unit.claimed)
            self._marks(unit.event, f"assignment {id_}: what was put right", kept.corrected, unit.corrected)

    def _marks(self, event: Event | None, what: str, kept: Sequence[str], said: Sequence[str]) -> None:
        # As with doubts: a release that does not know them drops them, and adds none.
        if not {*kept} <= {*said}:
            self._say(event, f"{what} is not what its events say")


def _put_right(contents: Iterable[Content]) -> dict[Place, list[tuple[str, str]]]:
    """What was and what is of each time of a call that was put right, in the order in which it was."""
    found: dict[Place, list[tuple[str, str]]] = {}
    opened_by = ""
    for content in contents:
        if isinstance(content, IncidentOpened):
            opened_by = content.call
        if isinstance(content, CallTimeCorrected):
            things = [f"call {content.call}", *(["the incident"] if content.call == opened_by else [])]
            for thing in things:
                found.setdefault((thing, content.what), []).append((content.was, content.now))
    return found


def _asked(content: CorrectionRequested) -> tuple[str, str, str]:
    return content.what, content.was, content.now


def _wording(note: Note, place: int) -> str:
    """What a note said after it was put right so often."""
    return note.earlier[place].text if place < len(note.earlier) else note.text


def _follows(kept: SetAside, event: Event | None) -> bool:
    """Whether an event says it. One that is not kept is no finding: a release that does not know it drops it, and it is alarmed."""
    said = event.content if event else None
    if event is None or not isinstance(said, IncidentSetAside):
        return False
    return kept == SetAside(
        reason=said.reason,  # type: ignore[arg-type]
        by=event.actor,
        at=event.occurred_at,
        until=said.until,
        awaits=said.awaits,
    )
