"""A crew that nobody has heard of: since when, and when the next fit unit is asked beside it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from msgspec.structs import replace

from .assignment import Assignment, active
from .escalation import enough, policy_of
from .incident import Incident
from .note import Note
from .page import Page
from .registry import Need
from .times import plus
from .units import UnitState

BECAUSE = "silence"
SILENT = ("requested", "unanswered")
# A phone that shows what a link leads to fetches it as the SMS arrives, before anybody can have read it.
FETCHED_S = 10


class Sign(NamedTuple):
    """Something that was heard of a crew which has not answered: a `link` was opened, or a `reply` came that a person must read."""

    at: str
    kind: str


def after_s(incident: Incident) -> int | None:
    """How long a crew of this incident may be silent by the policy kept with it; None where nobody is asked for that."""
    policy = policy_of(incident)
    steps = policy.silence if policy else ()
    return next((each.after_s for each in steps if each.priority == incident.priority), None)


def begin(assignment: Assignment, incident: Incident, now: str) -> Assignment:
    """The assignment with when its silence is looked at, if somebody may be asked for it.

    Nobody is asked beside whom silence has called, nor beside the dispatcher's own choice, which no need of the plan names.
    """
    waits = after_s(incident)
    if waits is None or assignment.because == BECAUSE or assignment.need_id == "dispatcher":
        return assignment
    return replace(assignment, silent_at=plus(now, waits))


def due(incident: Incident, assignment: Assignment, now: str) -> bool:
    """Whether a crew's silence is to be looked at now."""
    waiting = incident.status == "open" and assignment.status in SILENT
    return waiting and assignment.silent_at is not None and assignment.silent_at <= now


def last_sign(assignment: Assignment, pages: Iterable[Page], notes: Iterable[Note]) -> Sign | None:
    """The last that was heard of a crew from a phone that was asked for it."""
    own = [page for page in pages if page.kind == "page" and page.assignment_id == assignment.id]
    numbers = {page.number for page in own}
    opened = [
        Sign(page.opened_at, "link")
        for page in own
        if page.opened_at and page.opened_at >= plus(page.sent_at or page.requested_at, FETCHED_S)
    ]
    said = [
        Sign(note.at, "reply")
        for note in notes
        if note.assignment_id == assignment.id and note.number in numbers
    ]
    return max((*opened, *said), default=None)


def silent_since(
    incident: Incident, assignment: Assignment, pages: Iterable[Page], sign: Sign | None, now: str
) -> str | None:
    """Since when a crew is silent: the first call-out that left and was followed by no sign; None if a sign came after all.

    A call-out that has not left yet is nobody's silence; a crew that none can reach has been silent since it was asked.
    """
    own = [page for page in pages if page.kind == "page" and page.assignment_id == assignment.id]
    heard_at = sign.at if sign else ""
    left = sorted(
        page.sent_at for page in own if page.sent_at and page.status in ("sent", "delivered", "sending")
    )
    unheard = [at for at in left if at > heard_at]
    if unheard:
        return unheard[0]
    if sign:
        return None
    unwritten = any(
        order.kind == "page" and order.assignment_id == assignment.id for order in incident.unpaged
    )
    if unwritten or any(page.status in ("pending", "sending") for page in own):
        return now
    return assignment.milestones["requested"]


def again_at(assignment: Assignment, waits: int, now: str) -> str | None:
    """When to look once more at a crew that was heard of: so long after its next stage is paged, if there is one."""
    return plus(max(assignment.due_at, now), waits) if assignment.due_at else None


def of_life(incident: Incident, assignments: Iterable[Assignment]) -> list[Assignment]:
    """The crews that were asked since the incident was last opened."""
    return [each for each in assignments if each.milestones.get("requested", "") >= incident.reopened_at]


def of_need(
    incident: Incident, assignments: Iterable[Assignment], need_id: str, level: int
) -> list[Assignment]:
    """The crews that were ever asked for a need of the plan since then."""
    crews = of_life(incident, assignments)
    return [each for each in crews if (each.need_id, each.level) == (need_id, level)]


def asked_already(crews: Iterable[Assignment]) -> bool:
    """Whether somebody was asked because of silence among the crews of a need: one a need, then the desk."""
    return any(each.because == BECAUSE for each in crews)


def met(incident: Incident, need: Need, lost: Assignment, crews: Collection[Assignment]) -> bool:
    """Whether the others of a need are enough without a crew that is lost.

    Who never answered is not among them, nor a crew whose silence was looked at and found long enough.
    """
    looks = after_s(incident) is not None
    standing = [
        each
        for each in crews
        if each.id != lost.id
        and active(each.status)
        and each.status != "unanswered"
        and not (looks and each.status == "requested" and not (each.silent_at or each.because == BECAUSE))
    ]
    owed = sum(
        each.units for each in incident.owed if (each.need_id, each.level) == (lost.need_id, lost.level)
    )
    return len(standing) + owed >= need.units


def answered(need: Need, assignment: Assignment, crews: Iterable[Assignment]) -> bool:
    """Whether so many others of a need have acknowledged, are on the way or there that nobody more need be found for it."""
    of = (assignment.need_id, assignment.level)
    coming = [
        each
        for each in crews
        if (each.need_id, each.level) == of
        and each.id != assignment.id
        and active(each.status)
        and each.status not in SILENT
        and (each.status != "acknowledged" or enough(each))
    ]
    return len(coming) >= need.units


def beside(lost: Assignment, crews: Iterable[Assignment]) -> str:
    """The crew beside which somebody is asked in place of a lost one that was asked so: '' once it is silent no more."""
    return next((each.id for each in crews if each.id == lost.beside and each.status in SILENT), "")


def taken(state: UnitState | None, assignment: Assignment, *, drill: bool) -> bool:
    """Whether a unit that was asked because of silence, and has not answered, was taken for another incident since."""
    waiting = assignment.because == BECAUSE and assignment.status in SILENT
    if state is None or not waiting:
        return False
    ids = [each.assignment_id for each in state.holding]
    above = state.holding[: ids.index(assignment.id)] if assignment.id in ids else ()
    return any(drill or not each.drill for each in above)
