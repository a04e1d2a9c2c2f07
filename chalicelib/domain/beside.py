"""What stands beside an incident's events, against each of them and the digests in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import singledispatchmethod
from typing import TypeVar

from msgspec import UNSET, Struct, UnsetType

from .call import Call
from .events import (
    TYPES,
    CallClassCorrected,
    CallerNoticeRequested,
    CallerNoticeSettled,
    CallJoined,
    CallTakenBack,
    CallTimeCorrected,
    Content,
    CorrectionDeclined,
    CorrectionRequested,
    DetailsRecorded,
    DispositionCorrected,
    DrillAnswered,
    Event,
    IncidentAmended,
    IncidentCancelled,
    IncidentOpened,
    IncidentReopened,
    LegalHoldLifted,
    LegalHoldPlaced,
    NoteAdded,
    NoteCorrected,
    OrderedPage,
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
    sealed_details,
    sealed_statement,
)
from .implied import Implied
from .incident import Incident
from .note import Note
from .page import Page
from .trail import Trail
from .whole import Finding, Findings, Whole

# Which fields of what is kept must be what an event says, under which name there.
OPENED = ("drill", "received_at", "answered_at")
CALL = {"channel": "channel", "received_at": "received_at"}
ASSIGNED = {"agency_id": "agency", "unit_id": "unit", "need_id": "need", "level": "level"}
PAGE = {"kind": "kind", "assignment_id": "assignment", "person_id": "person"}
# Which thing, and which field of it.
Place = tuple[str, str]
LACKING = "its data lack what such an event holds"
T = TypeVar("T")


class Comparison:
    """Goes along an incident's events, and gathers what beside them contradicts what they say."""

    def __init__(self, kept: Whole) -> None:
        self._kept = kept
        self._trail = Trail()
        self._named: dict[str, set[str]] = {"call": set(), "note": set(), "page": set()}
        # Before anything is compared: whatever was erased or put right stands in earlier events.
        contents = [event.content for event in kept.events.values()]
        self._put_right = _put_right(contents)
        erased = {name for each in contents if isinstance(each, PersonalDataErased) for name in each.erased}
        self._found = Findings(kept.id, erased)
        self._reworded: Counter[str] = Counter()

    @property
    def findings(self) -> list[Finding]:
        """What does not hold, so far."""
        return self._found.all

    def follow(self, event: Event) -> None:
        """Take one event in; its digests are compared with what they were made of."""
        try:
            self._trail.follow(event)
        except KeyError:
            self._found.say(event, LACKING)
        self._take(event.content, event)

    def compare(self, incident: Incident) -> None:
        """Find what stands in the state and does not follow from the events, once all of them were followed."""
        Implied(self._kept, self._trail, self._found, self._named, self._reworded).compare(incident)

    @singledispatchmethod
    def _take(self, content: Content, event: Event) -> None:
        """An event that holds nothing which stands beside it."""

    @_take.register
    def _(self, content: Unknown, event: Event) -> None:
        if event.type in TYPES:
            self._found.say(event, LACKING)
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
            self._found.say(event, "it was opened at another time than the incident says")
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
            self._found.sealed(event, f"what was amended by note {note.id}", note, was, content.old)
            if (note.by, note.at) != (event.actor, event.recorded_at):
                self._found.say(event, f"note {note.id}: its author or time is not what the event says")
            if note.text:
                self._found.say(event, f"note {note.id}: its text is no part of an amendment")

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
            self._found.say(event, f"note {note.id}: it asks for something else than the event says")

    @_take.register
    def _(self, content: NoteCorrected, event: Event) -> None:
        note = self._find("note", self._kept.notes, content.note, event)
        place = self._reworded[content.note]
        self._reworded[content.note] += 1
        if note:
            self._found.sealed(event, f"the text of note {note.id}", note, _wording(note, place), content.was)
            self._found.sealed(
                event, f"the text of note {note.id}", note, _wording(note, place + 1), content.text
            )
            told = [(each.by, each.until) for each in note.earlier[place : place + 1]]
            if told and told != [(event.actor, event.recorded_at)]:
                self._found.say(
                    event, f"note {note.id}: who put it right, or when, is not what the event says"
                )

    @_take.register
    def _(self, content: NoteAdded, event: Event) -> None:
        self._note(event, content.note, content.text)

    @_take.register
    def _(self, content: DetailsRecorded, event: Event) -> None:
        note = self._find("note", self._kept.notes, content.note, event)
        if note:
            self._found.sealed(
                event, f"the details of note {note.id}", note, sealed_details(note), content.said
            )
            asked = tuple(each.question for each in note.details)
            if note.salt and asked != content.questions:
                self._found.say(event, f"note {note.id}: what was asked is not what the event says")
            if (note.by, note.at) != (event.actor, event.recorded_at):
                self._found.say(event, f"note {note.id}: its author or time is not what the event says")
            if note.text:
                self._found.say(event, f"note {note.id}: its text is no part of its details")

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
                self._found.say(event, f"{what}: beside whom it was asked is not what the event says")

    @_take.register
    def _(self, content: PagesRequested, event: Event) -> None:
        for entry in content.pages:
            if page := self._find("page", self._kept.pages, entry.page, event):
                self._same(event, f"page {page.id}", page, PAGE, entry)
                # A release that does not know it drops it when it writes the page again (ADR 21); it adds none.
                if page.amends and not entry.amends:
                    self._found.say(event, f"page {page.id}: that it amends is not what the event says")
                if page.also != entry.also:
                    self._found.say(event, f"page {page.id}: its others are not who the event says")
                self._purpose(event, page, entry)
                self._found.sealed(event, f"the number of page {page.id}", page, page.number, entry.to)

    @_take.register
    def _(self, content: PagesSettled, event: Event) -> None:
        for entry in content.pages:
            page = self._find("page", self._kept.pages, entry.page, event)
            if page and entry.body:
                self._found.sealed(event, f"the text of page {page.id}", page, page.body, entry.body)

    @_take.register
    def _(self, content: CallerNoticeRequested, event: Event) -> None:
        call = self._find("call", self._kept.calls, content.call, event)
        # Of a call that was split off nothing is kept here but that it was.
        if call:
            self._found.sealed(event, f"the number of call {call.id}", call, call.number, content.to)
        notice = self._kept.notices.get(content.call)
        if notice is None:
            self._found.say(event, f"notice {content.call} is missing")
        elif (notice.by, notice.requested_at) != (event.actor, event.recorded_at):
            self._found.say(event, f"notice {notice.id}: who ordered it, or when, is not what the event says")

    @_take.register
    def _(self, content: CallerNoticeSettled, event: Event) -> None:
        notice = self._kept.notices.get(content.call)
        # Of several outcomes the last one counts, and a message that left has one text.
        if notice and content.body and digest("", notice.body) != content.body:
            self._found.say(event, f"the text of notice {notice.id} is not what the event sealed")

    @_take.register
    def _(self, content: DrillAnswered, event: Event) -> None:
        page = self._find("page", self._kept.pages, content.page, event)
        if page and page.acknowledged_at != event.recorded_at:
            self._found.say(event, f"page {page.id}: its answer is not of the time that the event says")

    def _call(self, content: IncidentOpened | CallJoined, event: Event) -> Call | None:
        call = self._find("call", self._kept.calls, content.call, event)
        if call:
            self._same(event, f"call {call.id}", call, CALL, content)
            self._found.sealed(event, f"the number of call {call.id}", call, call.number, content.caller)
            self._found.sealed(event, f"the note of call {call.id}", call, call.note, content.call_note)
            words = sealed_statement(call.said)
            self._found.sealed(event, f"what was said in call {call.id}", call, words, content.said)
            self._found.doubts(event, f"call {call.id}", call.doubts, content.call_doubts)
        return call

    def _taken(self, event: Event, call: Call) -> None:
        if call.taken_by != event.actor:
            self._found.say(event, f"call {call.id}: who took it is not who the event says")

    def _note(self, event: Event, id_: str, text: str | UnsetType, sender: str | UnsetType = UNSET) -> None:
        note = self._find("note", self._kept.notes, id_, event)
        if note:
            self._found.sealed(event, f"the text of note {note.id}", note, _wording(note, 0), text or "")
            if sender is not UNSET:
                self._found.sealed(event, f"the sender of note {note.id}", note, note.number, sender)
            if (note.by, note.at) != (event.actor, event.recorded_at):
                self._found.say(event, f"note {note.id}: its author or time is not what the event says")

    def _purpose(self, event: Event, page: Page, entry: OrderedPage) -> None:
        # A release that does not know it drops it when it writes the page again; it adds none.
        if (page.because or page.backup) and (page.because, page.backup) != (entry.because, entry.backup):
            self._found.say(event, f"page {page.id}: what it is for is not what the event says")

    def _find(self, noun: str, kept: dict[str, T], id_: str, event: Event) -> T | None:
        self._named[noun].add(id_)
        if id_ not in kept:
            self._found.say(event, f"{noun} {id_} is missing")
        return kept.get(id_)

    def _same(self, event: Event, what: str, kept: Struct, names: Mapping[str, str], said: Struct) -> None:
        for name, there in names.items():
            stands = getattr(said, there)
            # What was put right later must go on from here, and end at what is kept.
            for was, now in self._put_right.get((what, name), ()):
                if was != (stands or ""):
                    self._found.say(event, f"{what}: its {name} was put right from what it never was")
                stands = now
            if getattr(kept, name) != stands:
                self._found.say(event, f"{what}: its {name} is not what the event says")


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
