"""An assignment, and its state machine: forward only, steps may be skipped, nothing is back-stamped."""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

from msgspec import Struct, field
from msgspec.structs import replace

from ..errors import Unprocessable
from ..faults import Fault
from . import times
from .events import (
    Draft,
    Reported,
    UnitAcknowledged,
    UnitCancelled,
    UnitCleared,
    UnitEnRoute,
    UnitOnScene,
    UnitReady,
    UnitUnable,
)
from .incident import AssignmentStatus

ORDER: tuple[AssignmentStatus, ...] = (
    "requested",
    "acknowledged",
    "en_route",
    "on_scene",
    "ready",
    "cleared",
)
FINAL = frozenset({"cleared", "unable", "cancelled"})
ReportStatus = Literal["acknowledged", "en_route", "on_scene", "ready", "cleared", "unable", "cancelled"]
REPORTS: tuple[str, ...] = get_args(ReportStatus)
Outcome = Literal["applied", "repeated", "late"]

EVENT: dict[str, type[Reported]] = {
    "acknowledged": UnitAcknowledged,
    "en_route": UnitEnRoute,
    "on_scene": UnitOnScene,
    "ready": UnitReady,
    "cleared": UnitCleared,
    "unable": UnitUnable,
    "cancelled": UnitCancelled,
}

LATE_ENTRY_S = 120
CLOCK_SKEW_S = 60


class Rung(Struct, frozen=True, kw_only=True):
    """How often an account rang a person of a crew, '' for its agency, and nobody picked up."""

    person: str
    by: str
    times: int
    last_at: str


class Assignment(Struct, frozen=True, kw_only=True):
    """One unit asked to one incident, with the instants of its milestones.

    `due_at` is when the next stage of its escalation is due, None when nobody more is to be found; `step` counts the
    stages done, `paged` whom they paged besides the crew, `asked` whom the last of them paged, `acknowledgements` how many
    are needed. `paused_at` is when an unclear reply held up its escalation, which happens once. `repeats`
    counts what the desk reported and what moved nothing, `rung` the calls that nobody picked up. `claimed` are the steps
    whose time a person told, `corrected` those whose time was put right, and `reason`.

    `silent_at` is when somebody must look whether the crew is silent, None when nobody more is asked for that. `because` is
    `silence` where the unit was asked `beside` an assignment whose crew was silent.

    `late` are those of `acknowledged_by` whose answer came when another went already; at `recall_at` whoever else was asked
    is told that they are not needed (domain/standing_down.py). `officers` are
    those of `paged` who are asked once an incident.
    """

    id: str
    incident_id: str
    agency_id: str
    unit_id: str
    callsign: str
    need_id: str
    level: int
    status: AssignmentStatus
    people: tuple[str, ...] = ()
    reason: str = ""
    picked_for: tuple[str, ...] = ()
    milestones: dict[str, str] = field(default_factory=dict)
    late_entry: tuple[str, ...] = ()
    acknowledged_by: tuple[str, ...] = ()
    acknowledgements: int = 1
    step: int = 0
    paged: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    due_at: str | None = None
    paused_at: str | None = None
    repeats: int = 0
    rung: tuple[Rung, ...] = ()
    claimed: tuple[str, ...] = ()
    corrected: tuple[str, ...] = ()
    silent_at: str | None = None
    because: str = ""
    beside: str = ""
    late: tuple[str, ...] = ()
    recall_at: str | None = None
    officers: tuple[str, ...] = ()

    @property
    def look_at(self) -> str | None:
        """When somebody must look at it: its next stage, whether its crew is silent, who is not needed; None when nothing is to come."""
        return min(filter(None, (self.due_at, self.silent_at, self.recall_at)), default=None)


def active(status: str) -> bool:
    """Whether the unit is still expected to do something."""
    return status not in FINAL


def _rank(status: str) -> int:
    return ORDER.index(status) if status in ORDER else 0


def outcome(current: str, reported: str) -> Outcome:
    """What a report means in the present state: it moves the assignment, repeats it, or comes too late."""
    if current == reported:
        return "repeated"
    if current in FINAL:
        return "late"
    if reported in ("unable", "cancelled"):
        return "applied"
    return "applied" if _rank(reported) > _rank(current) else "late"


def check_past(occurred_at: str, now: str) -> None:
    """Refuse a claimed time in the future, a slow clock's skew aside."""
    if occurred_at > times.plus(now, CLOCK_SKEW_S):
        raise Unprocessable("the time lies in the future", Fault("occurred_at", "in_future"))


def check_order(assignment: Assignment, occurred_at: str) -> None:
    """Refuse a claimed time before what is already known of this assignment."""
    latest = max(assignment.milestones.values(), default="")
    if occurred_at < latest:
        raise Unprocessable(
            "the time lies before an earlier step", Fault("occurred_at", "before_step", {"time": latest})
        )


class Step(NamedTuple):
    """A step that a crew takes, when it happened, and whether a person told that time (`claimed`)."""

    status: ReportStatus
    reason: str
    at: str
    claimed: bool = False


def report(assignment: Assignment, step: Step, now: str) -> Assignment:
    """The assignment after a report that `outcome` calls applied."""
    status = step.status
    late = (times.between(step.at, now) or 0) > LATE_ENTRY_S
    return replace(
        assignment,
        status=status,
        reason=step.reason,
        milestones={**assignment.milestones, status: step.at},
        late_entry=(*assignment.late_entry, status) if late else assignment.late_entry,
        claimed=(*assignment.claimed, status) if step.claimed else assignment.claimed,
        # Whoever is on the way or cannot come is not looked for; an acknowledgement is counted by its caller.
        due_at=assignment.due_at if status == "acknowledged" else None,
        silent_at=None,
    )


def event(before: Assignment, after: Assignment, step: Step) -> Draft:
    """The event of an applied report."""
    content = EVENT[step.status](
        assignment=before.id,
        unit=before.unit_id,
        before=before.status,
        reason=step.reason,
        late_entry=step.status in after.late_entry,
        claimed=step.claimed,
    )
    return Draft(content, step.at)
