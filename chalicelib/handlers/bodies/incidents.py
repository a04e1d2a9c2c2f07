"""What is done to an incident, and what is asked of it."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from ...domain import aside
from ...domain.assignment import ReportStatus
from ...domain.incident import AsideReason
from .fields import Body, Day, Moment, ReasonId, SomeText, Word


class AssignBody(Body, frozen=True, kw_only=True):
    """One unit of the dispatcher's choice, perhaps instead of an assignment; or the plan's next alarm level."""

    unit_id: Word | None = None
    insist: bool = False
    instead_of: Word | None = None
    alarm: Annotated[int, Meta(ge=2, le=9)] | None = None


class StatusBody(Body, frozen=True, kw_only=True):
    """What a crew reported to the desk by radio or phone."""

    status: ReportStatus
    reason: ReasonId = ""
    occurred_at: Moment | None = None


class UnansweredCallBody(Body, frozen=True, kw_only=True):
    """Whose phone rang, '' for the agency's own."""

    person_id: Annotated[str, Meta(max_length=64, pattern=r"^[a-z0-9_-]*$(?!\n)")]


class DismissBody(Body, frozen=True, kw_only=True):
    """The reply that needs no step."""

    note_id: Word


class CloseBody(Body, frozen=True, kw_only=True):
    """How it ended."""

    disposition: Word


class SetAsideBody(Body, frozen=True, kw_only=True):
    """Why an incident waits, for how long, and for which unit, '' for none in particular."""

    reason: AsideReason
    minutes: Annotated[int, Meta(ge=aside.SHORTEST_MIN, le=aside.LONGEST_MIN)]
    awaits: Annotated[str, Meta(max_length=64, pattern=r"^[a-z0-9_-]*$(?!\n)")] = ""


class ReopenBody(Body, frozen=True, kw_only=True):
    """Why it goes on, and who is told that it stands again: crews that were called off, or whom the plan asks now."""

    reason: SomeText
    crews: Annotated[list[Word], Meta(max_length=10)] = field(default_factory=list)
    plan: bool = False


class DuplicateBody(Body, frozen=True, kw_only=True):
    """The incident that goes on, why the two are the same, and which crews of this one come to it."""

    of: Word
    reason: SomeText
    keep: Annotated[list[Word], Meta(max_length=5)] = field(default_factory=list)


class NoteBody(Body, frozen=True, kw_only=True):
    """A note."""

    text: SomeText


class BoardQuery(Body, frozen=True, kw_only=True):
    """Open incidents, or those opened on a local day."""

    state: Literal["open"] | None = None
    date: Day | None = None


class CandidatesQuery(Body, frozen=True, kw_only=True):
    """What a unit is wanted for: a need of the plan, or the place of an assignment; without either, for whatever is missing."""

    need: Word | None = None
    instead_of: Word | None = None
