"""What the auditor looks for in one incident: work that nobody would ever do, and crews that nobody hears of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from . import escalation, standing_down, times, unheard, units
from .assignment import Assignment, active
from .coming import Coming, coming, reach_of, reached
from .decision import Decision
from .events import AuditMarked, AuditRepaired, Draft, Event, PagesSettled
from .incident import Attention, Incident
from .notice import Notice, forgotten
from .outcomes import TOLD_BY
from .page import LONGEST_RETRY_S, Page
from .portions import being_called_off, unfinished
from .units import UnitState

AUDITOR = "system:audit"
# The sweep runs each minute on AWS: three of them have passed this by.
OVERDUE_S = 180
# How long a crew may stay at a step before the desk is asked to ring it. The fire service has 15 minutes from the report
# until it is ready to act (ADR 5): a crew that has not even left by then is asked. The others are ours, as no rule
# names any: an hour on the road or river, four hours at work.
STILL_S = {"acknowledged": 900, "en_route": 3600, "on_scene": 14400, "ready": 14400}
# The board shows at once that nobody is coming; for so long nobody has done anything about it.
UNCOVERED_S = 180
# What lies further ahead than any rule sets was written before the clock was set back, and would wait as long.
PAGE_AHEAD_S = LONGEST_RETRY_S + 60
SKEW_S = 60
# How long an SMS that a person must read may stand on the desk before it is pointed out once more.
UNREAD_S = 300
# What the auditor puts on the desk, and takes away again.
OWN = ("no_movement", "audit", "reply_unread")
# A transaction takes a hundred items; what is left over is found again by the next audit.
AT_ONCE = 25

Mark = tuple[str, str]


class Audited(Struct, frozen=True, kw_only=True):
    """An incident as it stands in the table; `due` is what the index says, by sort key, `held` the units it is said to hold."""

    incident: Incident
    assignments: Mapping[str, Assignment]
    pages: Mapping[str, Page]
    events: tuple[Event, ...]
    due: Mapping[str, str]
    on_board: bool
    chain_holds: bool
    held: tuple[UnitState, ...] = ()
    notices: Mapping[str, Notice] = field(default_factory=dict)
    notices_due: Mapping[str, str | None] = field(default_factory=dict)


def examine(kept: Audited, now: str) -> Decision:
    """What must change: repairs with `AuditRepaired`, marks raised or taken away with `AuditMarked`; no draft if all is well."""
    decision = Decision(incident=kept.incident)
    repaired = [
        *_pages(kept, decision, now),
        *_notices(kept, decision, now),
        *_assignments(kept, decision, now),
        *_held(kept, decision, now),
        *_incident(kept, decision, now),
    ]
    if repaired:
        decision.drafts.append(Draft(AuditRepaired(repaired=tuple(repaired))))
    if kept.incident.status == "open":
        _mark(kept, decision, now)
    return decision


def overdue(kept: Audited, now: str) -> bool:
    """Whether the sweep should have driven something on long ago."""
    return any(due_at < times.plus(now, -OVERDUE_S) for due_at in kept.due.values())


def unanswered(kept: Audited) -> int:
    """How many call-outs nobody answers any more, so that the desk must ring; none of a drill or of an ended incident."""
    if kept.incident.drill or kept.incident.status != "open":
        return 0
    return sum(1 for each in kept.assignments.values() if each.status == "unanswered")


def uncovered(incident: Incident, now: str) -> bool:
    """Whether nobody has been asked, on the way or there for long, drills aside: the desk must act."""
    return not incident.drill and _long_nobody(coming(incident, now), now)


def _long_nobody(found: Coming | None, now: str) -> bool:
    return found is not None and found.alarm and (times.between(found.since, now) or 0) > UNCOVERED_S


def _unsent(kept: Audited, now: str) -> bool:
    """Whether a crew that has not answered still waits for its page, whatever keeps it."""
    latest = times.plus(now, -OVERDUE_S)
    return any(
        page.status in ("pending", "sending") and page.requested_at < latest
        for page in kept.pages.values()
        if page.assignment_id in kept.assignments
        and kept.assignments[page.assignment_id].status == "requested"
    )


def _notices(kept: Audited, decision: Decision, now: str) -> Iterator[str]:
    """Notices of whose end nothing is known, and which nobody would look at again; one that only waits is no finding."""
    for id_ in forgotten(kept.events, now)[:AT_ONCE]:
        notice = kept.notices.get(id_)
        if notice and kept.notices_due.get(id_) is None:
            decision.notices.append(replace(notice, due_at=now))
            yield f"notice_due:{id_}"


def _pages(kept: Audited, decision: Decision, now: str) -> Iterator[str]:
    told = {
        entry.page: type(content)
        for content in (event.content for event in kept.events)
        if isinstance(content, PagesSettled)
        for entry in content.pages
    }
    for page in kept.pages.values():
        unsent = page.status in ("pending", "sending")
        untold = not unsent and told.get(page.id) != TOLD_BY[page.status]
        due_at = page.due_at or (now if unsent or untold else None)
        if due_at and due_at > times.plus(now, PAGE_AHEAD_S):
            due_at = now
        if due_at != kept.due.get(f"P#{page.id}") and len(decision.pages) < AT_ONCE:
            decision.pages.append(replace(page, due_at=due_at))
            yield f"page_due:{page.id}:{page.assignment_id}"


def _assignments(kept: Audited, decision: Decision, now: str) -> Iterator[str]:
    if being_called_off(kept.incident):
        return
    for assignment in kept.assignments.values():
        right = _due_of(kept, assignment, now)
        right = replace(right, recall_at=standing_down.in_reach(assignment, now))
        if right.look_at != kept.due.get(f"A#{assignment.id}") and len(decision.assignments) < AT_ONCE:
            decision.assignments.append(right)
            yield f"assignment_due:{assignment.id}"


def _due_of(kept: Audited, assignment: Assignment, now: str) -> Assignment:
    """The assignment with when it must be looked at: at once if it has no stage and too few acknowledged, or if its unit was
    taken for another incident; never once nobody is looked for.

    A paging drill has no stage but its end.
    """
    incident = kept.incident
    if incident.paging_drill:
        ends_at = incident.paging_drill.ends_at if incident.status == "open" else None
        return replace(assignment, due_at=ends_at, silent_at=None)
    if incident.status == "open" and any(
        unheard.taken(state, assignment, drill=incident.drill) for state in kept.held
    ):
        return replace(assignment, due_at=min(now, assignment.due_at or now))
    return clocks(incident, assignment, now)


def clocks(incident: Incident, assignment: Assignment, now: str) -> Assignment:
    """The assignment with its clocks as the incident's policy has them at the latest."""
    due_at = _stage_at(incident, assignment, now)
    silent_at = assignment.silent_at
    if incident.status != "open" or assignment.status not in unheard.SILENT:
        silent_at = None
    longest = times.plus(max(now, due_at or now), unheard.after_s(incident) or 0)
    if silent_at and silent_at > times.plus(longest, SKEW_S):
        silent_at = longest
    return replace(assignment, due_at=due_at, silent_at=silent_at)


def _stage_at(incident: Incident, assignment: Assignment, now: str) -> str | None:
    requested = assignment.status == "requested"
    if incident.status != "open" or not (requested or _few(assignment)):
        return None
    due_at = assignment.due_at or (now if requested or _left(incident, assignment) else None)
    latest = times.plus(now, escalation.wait_s(assignment, escalation.policy_of(incident)))
    return latest if due_at and due_at > times.plus(latest, SKEW_S) else due_at


def _held(kept: Audited, decision: Decision, now: str) -> Iterator[str]:
    """Free the units that are said to be held by what no longer holds them."""
    if being_called_off(kept.incident):
        return
    for state in kept.held[:AT_ONCE]:
        freed = state
        for held in state.holding:
            assignment = kept.assignments.get(held.assignment_id)
            over = kept.incident.status != "open" or assignment is None or not active(assignment.status)
            if over and held.incident_id == kept.incident.id:
                freed = units.follow(freed, held.assignment_id, "cleared", "", "", now) or freed
                yield f"unit_freed:{state.unit_id}:{held.assignment_id}"
        if freed is not state:
            decision.units.append(freed)


def _incident(kept: Audited, decision: Decision, now: str) -> Iterator[str]:
    """Whatever is wrong with the incident's own item is put right by writing it again."""
    incident = kept.incident
    due_at = kept.due.get("#", now)
    if unfinished(incident) != ("#" in kept.due) or due_at > times.plus(now, PAGE_AHEAD_S):
        decision.incident = replace(incident, unfinished_since="")
        yield "orders_due"
    if (incident.status == "open") != kept.on_board:
        yield "board"
    yield from _reaches(kept, decision)
    known = {mark.detail for mark in incident.attention if mark.code == "no_acknowledgement"}
    for assignment in kept.assignments.values():
        if incident.status == "open" and _given_up(incident, assignment) and assignment.id not in known:
            mark = Attention(code="no_acknowledgement", detail=assignment.id, at=now)
            decision.incident = replace(decision.incident, attention=(*decision.incident.attention, mark))
            yield f"call_now:{assignment.id}"


def _reaches(kept: Audited, decision: Decision) -> Iterator[str]:
    """How far the call-outs of a crew that is still asked got, unless the page function is just about to say so."""
    if kept.incident.paging_drill:
        return  # Whom it reached stands in its result.
    unsettled = {page.assignment_id for page in kept.pages.values() if page.due_at}
    for crew in kept.incident.crews:
        reach = reach_of(crew.id, kept.pages.values(), kept.incident.unpaged)
        if crew.status == "requested" and crew.id not in unsettled and reach != crew.reach:
            decision.incident = reached(decision.incident, {crew.id: reach})
            yield f"reach:{crew.id}"


def _given_up(incident: Incident, assignment: Assignment) -> bool:
    """Whether nobody more is looked for although too few have acknowledged: the desk must call."""
    if assignment.status == "unanswered":
        return True
    return _few(assignment) and assignment.due_at is None and not _left(incident, assignment)


def _few(assignment: Assignment) -> bool:
    """Whether some have acknowledged, and not enough."""
    return assignment.status == "acknowledged" and not escalation.enough(assignment)


def _left(incident: Incident, assignment: Assignment) -> bool:
    """Whether the policy still knows somebody to ask."""
    return assignment.step < len(escalation.stages_of(assignment, escalation.policy_of(incident)))


def _mark(kept: Audited, decision: Decision, now: str) -> None:
    """Bring the auditor's own marks up to date, each once."""
    wanted = dict.fromkeys(_marks(kept, now))
    attention = decision.incident.attention
    standing = {(mark.code, mark.detail) for mark in attention if mark.code in OWN}
    raised, settled = [mark for mark in wanted if mark not in standing], standing - wanted.keys()
    if not raised and not settled:
        return
    kept_marks = [mark for mark in attention if (mark.code, mark.detail) not in settled]
    kept_marks += [Attention(code=code, detail=detail, at=now) for code, detail in raised]  # type: ignore[arg-type]
    decision.incident = replace(decision.incident, attention=tuple(kept_marks))
    marked = AuditMarked(
        raised=tuple(":".join(mark) for mark in raised),
        settled=tuple(":".join(mark) for mark in sorted(settled)),
    )
    decision.drafts.append(Draft(marked))


def _marks(kept: Audited, now: str) -> Iterator[Mark]:
    if not kept.chain_holds:
        yield "audit", "chain"
    if kept.incident.paging_drill:
        # No life hangs on it: what is late is driven on, and nobody at the desk is disturbed.
        return
    for assignment in kept.assignments.values():
        longest = STILL_S.get(assignment.status)
        since = assignment.milestones.get(assignment.status)
        if longest and (times.between(since, now) or 0) > longest:
            yield "no_movement", assignment.id
    for mark in kept.incident.attention:
        if mark.code == "reply" and (times.between(mark.at, now) or 0) > UNREAD_S:
            yield "reply_unread", mark.detail
    if overdue(kept, now) or _unsent(kept, now):
        yield "audit", "overdue"
    if _long_nobody(coming(kept.incident, now), now):
        yield "audit", "nobody"


def silent(last: str | None, every_s: int, now: str) -> bool:
    """Whether a heartbeat is missing: three of them in a row, or one said to come from the future."""
    age = times.between(last, now)
    return age is None or abs(age) > 3 * every_s
