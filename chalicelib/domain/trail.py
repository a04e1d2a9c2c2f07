"""The state that an incident's events imply, folded from them alone."""

from __future__ import annotations

from functools import singledispatchmethod

from msgspec import Struct
from msgspec.structs import replace

from .assignment import EVENT
from .events import (
    AlarmRaised,
    AssignmentEscalated,
    CallJoined,
    CallSplitOff,
    Content,
    DrillEnded,
    DrillStarted,
    Event,
    IncidentCancelled,
    IncidentClosed,
    IncidentReopened,
    IncidentSetAside,
    IncidentTakenUp,
    LegalHoldLifted,
    LegalHoldPlaced,
    OwedUnits,
    PageAcknowledged,
    Reported,
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


class Trail:
    """Goes along an incident's events; its fields are what they imply so far. `left` names to where calls were split off."""

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

    def follow(self, event: Event) -> None:
        """Take one event in; KeyError where it speaks of an assignment of which no earlier one does."""
        self._take(event.content, event)

    @singledispatchmethod
    def _take(self, content: Content, event: Event) -> None:
        """An event that moves nothing of this."""

    @_take.register
    def _(self, content: CallJoined, event: Event) -> None:
        self.calls += 1
        self.aside = None

    @_take.register
    def _(self, content: CallSplitOff, event: Event) -> None:
        self.calls -= 1
        self.left[content.call] = content.to

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
        if content.before:
            status = STATUS[type(content)]
            self._move(content.assignment, status, event, reason=content.reason, late=content.late_entry)

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
        for assignment_id in content.assignments:
            self._move(assignment_id, "cancelled", event)

    @_take.register
    def _(self, content: IncidentReopened, event: Event) -> None:
        self._end("open", event)
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

    def _move(
        self, assignment_id: str, status: str, event: Event, *, reason: str = "", late: bool = False
    ) -> None:
        said = self.units[assignment_id]
        self.units[assignment_id] = replace(
            said,
            event=event,
            status=status,
            milestones={**said.milestones, status: event.occurred_at},
            reason=reason,
            late=(*said.late, status) if late else said.late,
        )
