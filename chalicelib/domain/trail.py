"""The state that an incident's events imply, folded from them alone."""

from __future__ import annotations

from functools import singledispatchmethod
from typing import Any

from msgspec import UNSET, Struct, to_builtins
from msgspec.structs import replace

from .assignment import EVENT
from .events import (
    AlarmRaised,
    AssignmentEscalated,
    CallClassCorrected,
    CallerNoticeRequested,
    CallerNoticeSettled,
    CallJoined,
    CallSplitOff,
    CallTakenBack,
    CallTimeCorrected,
    Content,
    CorrectionDeclined,
    CorrectionRequested,
    DispositionCorrected,
    DrillEnded,
    DrillStarted,
    DuplicateLinked,
    DuplicateParted,
    Event,
    IncidentAmended,
    IncidentCancelled,
    IncidentClosed,
    IncidentOpened,
    IncidentReopened,
    IncidentSetAside,
    IncidentTakenUp,
    LegalHoldLifted,
    LegalHoldPlaced,
    OwedUnits,
    PageAcknowledged,
    ReasonCorrected,
    Reported,
    StepTimeCorrected,
    UnitAssigned,
    UnitsBeingOrdered,
)

STATUS: dict[type[Reported], str] = {
    PageAcknowledged: "acknowledged",
    **{type_: status for status, type_ in EVENT.items()},
}


class Said(Struct, frozen=True, kw_only=True):
    """What the events up to `event` say of one assignment."""

    event: Event
    status: str
    milestones: dict[str, str]
    people: tuple[str, ...]
    reason: str = ""
    late: tuple[str, ...] = ()
    claimed: tuple[str, ...] = ()
    corrected: tuple[str, ...] = ()
    answered_late: tuple[str, ...] = ()


# What an incident is, as its first event says, until it is amended; of personal data the digests.
SUBJECT = ("type", "category", "priority", "terrain", "district", "doubts", "place", "narrative")


class Trail:
    """Goes along an incident's events; its fields are what they imply so far. `left` names to where calls were split off.

    `opened_by` is the call that opened it, `corrected` what of the incident was put right, `kinds` the classes of calls that
    were, `asked` what became of what was asked for, `subject` what the incident is, each with the event that said so last.
    """

    def __init__(self) -> None:
        self.status = "open"
        self.held = False
        self.owed: tuple[OwedUnits, ...] = ()
        self.closed_at: str | None = None
        self.disposition: str | None = None
        self.calls = 1
        self.level = 1
        self.units: dict[str, Said] = {}
        self.left: dict[str, str] = {}
        # Which event it was last set aside by; a unit that is sent, a call that joins and its end end that.
        self.aside: Event | None = None
        self.opened_by = self.duplicate_of = ""
        self.duplicates: tuple[str, ...] = ()
        self.corrected: tuple[str, ...] = ()
        self.kinds: dict[str, str] = {}
        self.asked: dict[str, str] = {}
        self.subject: dict[str, tuple[Any, Event]] = {}
        self.amended = 0
        # What became of the word back to each caller, by call: '' while nothing did.
        self.word_back: dict[str, str] = {}

    def follow(self, event: Event) -> None:
        """Take one event in; KeyError where it speaks of an assignment of which no earlier one does."""
        self._take(event.content, event)

    @singledispatchmethod
    def _take(self, content: Content, event: Event) -> None:
        """An event that moves nothing of this."""

    @_take.register
    def _(self, content: IncidentOpened, event: Event) -> None:
        self.opened_by = content.call
        self.subject = {name: (getattr(content, name), event) for name in SUBJECT}

    @_take.register
    def _(self, content: CallJoined, event: Event) -> None:
        self.calls += 1
        self.aside = None

    @_take.register
    def _(self, content: CallSplitOff, event: Event) -> None:
        self.calls -= 1
        self.left[content.call] = content.to

    @_take.register
    def _(self, content: CallTakenBack, event: Event) -> None:
        self.calls += 1
        self.left.pop(content.call, None)

    @_take.register
    def _(self, content: DuplicateLinked, event: Event) -> None:
        self.duplicates = (*self.duplicates, content.incident)

    @_take.register
    def _(self, content: DuplicateParted, event: Event) -> None:
        self.duplicates = tuple(each for each in self.duplicates if each != content.incident)

    @_take.register
    def _(self, content: IncidentAmended, event: Event) -> None:
        self.amended += 1
        said = {**to_builtins(content.now), "doubts": content.doubts}
        digests = {"place": content.place, "narrative": content.narrative}
        said |= {name: each for name, each in digests.items() if each is not UNSET}
        self.subject |= {name: (each, event) for name, each in said.items()}
        if content.plan or content.no_plan:
            # Another plan is asked from its first level on.
            self.level = 1

    @_take.register
    def _(self, content: AlarmRaised, event: Event) -> None:
        self.level = content.level

    @_take.register
    def _(self, content: UnitsBeingOrdered, event: Event) -> None:
        self.owed = content.owed

    @_take.register
    def _(self, content: IncidentSetAside, event: Event) -> None:
        self.aside = event

    @_take.register
    def _(self, content: IncidentTakenUp, event: Event) -> None:
        self.aside = None

    @_take.register
    def _(self, content: LegalHoldPlaced, event: Event) -> None:
        self.held = True

    @_take.register
    def _(self, content: LegalHoldLifted, event: Event) -> None:
        self.held = False

    @_take.register
    def _(self, content: UnitAssigned, event: Event) -> None:
        # A logbook may not say when a unit was sent.
        milestones = {} if content.untimed else {"requested": event.occurred_at}
        self.units[content.assignment] = Said(
            event=event, status="requested", milestones=milestones, people=content.people
        )
        self.aside = None

    @_take.register
    def _(self, content: Reported, event: Event) -> None:
        # One more acknowledgement moves nothing.
        if isinstance(content, PageAcknowledged) and content.late:
            said = self.units[content.assignment]
            self.units[content.assignment] = replace(
                said, event=event, answered_late=(*said.answered_late, content.person)
            )
        if content.before:
            status = STATUS[type(content)]
            self._move(content.assignment, status, event, content)

    @_take.register
    def _(self, content: StepTimeCorrected, event: Event) -> None:
        said = self._put_right(content.assignment, content.step, event)
        milestones = {**said.milestones, content.step: content.now}
        self.units[content.assignment] = replace(said, milestones=milestones)
        self._granted(content.request)

    @_take.register
    def _(self, content: ReasonCorrected, event: Event) -> None:
        said = self._put_right(content.assignment, "reason", event)
        self.units[content.assignment] = replace(said, reason=content.now)
        self._granted(content.request)

    @_take.register
    def _(self, content: CorrectionRequested, event: Event) -> None:
        self.asked[content.note] = "waiting"

    @_take.register
    def _(self, content: CorrectionDeclined, event: Event) -> None:
        self.asked[content.request] = "declined"

    @_take.register
    def _(self, content: CallTimeCorrected, event: Event) -> None:
        if content.call == self.opened_by:
            self.corrected = once_more(self.corrected, content.what)

    @_take.register
    def _(self, content: CallClassCorrected, event: Event) -> None:
        self.kinds[content.call] = content.now

    @_take.register
    def _(self, content: CallerNoticeRequested, event: Event) -> None:
        self.word_back[content.call] = ""

    @_take.register
    def _(self, content: CallerNoticeSettled, event: Event) -> None:
        self.word_back[content.call] = content.outcome

    @_take.register
    def _(self, content: DispositionCorrected, event: Event) -> None:
        self.disposition = content.now
        self.corrected = once_more(self.corrected, "disposition")

    @_take.register
    def _(self, content: AssignmentEscalated, event: Event) -> None:
        self._put(content.assignment, content.status, event)

    @_take.register
    def _(self, content: IncidentClosed, event: Event) -> None:
        self._end("closed", event, content.disposition)
        for assignment_id in content.cleared_untimed or ():
            self._put(assignment_id, "cleared", event)

    @_take.register
    def _(self, content: IncidentCancelled, event: Event) -> None:
        self._end("cancelled", event)
        self.duplicate_of = content.duplicate_of
        for assignment_id in content.assignments:
            self._move(assignment_id, "cancelled", event)

    @_take.register
    def _(self, content: IncidentReopened, event: Event) -> None:
        self._end("open", event)
        self.duplicate_of = ""
        self.closed_at = None

    @_take.register
    def _(self, content: DrillStarted, event: Event) -> None:
        self.calls = 0
        self.units[content.assignment] = Said(
            event=event,
            status="requested",
            milestones={"requested": event.occurred_at},
            people=tuple(each.person for each in content.people),
        )

    @_take.register
    def _(self, content: DrillEnded, event: Event) -> None:
        self._end("closed", event)
        self._move(content.assignment, "cleared", event)

    def _end(self, status: str, event: Event, disposition: str | None = None) -> None:
        self.status, self.closed_at, self.disposition = status, event.occurred_at, disposition
        self.owed = ()
        self.aside = None

    def _put(self, assignment_id: str, status: str, event: Event) -> None:
        self.units[assignment_id] = replace(self.units[assignment_id], status=status, event=event)

    def _put_right(self, assignment_id: str, what: str, event: Event) -> Said:
        said = self.units[assignment_id]
        return replace(said, corrected=once_more(said.corrected, what), event=event)

    def _granted(self, request: str) -> None:
        if request:
            self.asked[request] = "granted"

    def _move(self, assignment_id: str, status: str, event: Event, content: Reported | None = None) -> None:
        said = self.units[assignment_id]
        late, claimed = (content.late_entry, content.claimed) if content else (False, False)
        self.units[assignment_id] = replace(
            said,
            event=event,
            status=status,
            milestones={**said.milestones, status: event.occurred_at},
            reason=content.reason if content else "",
            late=(*said.late, status) if late else said.late,
            claimed=(*said.claimed, status) if claimed else said.claimed,
        )


def once_more(corrected: tuple[str, ...], what: str) -> tuple[str, ...]:
    """What was put right, with one thing more: what was twice is named once."""
    return corrected if what in corrected else (*corrected, what)
