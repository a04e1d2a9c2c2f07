"""Incidents: the board, one incident, and what the desk does with it."""

from __future__ import annotations

from ..errors import Forbidden, Invalid, NotFound
from ..faults import Fault
from ..models import incidents
from ..services.changes.writing import Actor, must
from ..services.pages import unread
from ..services.response import assigning, choosing, ending, following, merging, setting_aside, taking_up
from ..services.watch.silence import now_silent, watched
from ..services.watch.waiting import last_left, now_waiting
from .access import SUPERVISORS, bound_agency
from .answers.board import Board, Line, may_see
from .answers.candidates import Candidates
from .answers.incidents import IncidentDetail
from .bodies.fields import EndBody, ReasonBody
from .bodies.incidents import (
    AssignBody,
    BoardQuery,
    CandidatesQuery,
    CloseBody,
    DismissBody,
    DuplicateBody,
    NoteBody,
    ReopenBody,
    SetAsideBody,
    StatusBody,
    UnansweredCallBody,
)
from .http import Answers, Api, Context, Takes
from .reading import exactly_one, instant, unlike

api = Api(__name__)


@api.on("GET", "/api/incidents", takes=Takes(query=BoardQuery), answers=Answers(Board))
def board(context: Context) -> Board:
    """The open incidents, or all that were opened on a local day."""
    query: BoardQuery = context.query
    found = incidents.of_day(query.date.isoformat()) if query.date else context.world.open_incidents.board()
    if query.state:
        found = [incident for incident in found if incident.status == query.state]
    world, now = context.world, context.world.clock.now()
    line = Line(now_silent(world, now), watched(world), last_left(world), now_waiting(world, now))
    return Board.of(found, context.user, context.registry, now, line)


@api.on("GET", "/api/incidents/{incident_id}", answers=Answers(IncidentDetail))
def show(context: Context, incident_id: str) -> IncidentDetail:
    """One incident with calls, assignments, pages, timeline and clocks."""
    whole = must(incidents.load_all(incident_id), incident_id)
    if not may_see(whole.incident, context.user):
        raise NotFound("no such incident", Fault("id", "no_incident"))
    return IncidentDetail.whole(whole, context.registry, context.user, context.world.clock.now())


@api.on(
    "GET",
    "/api/incidents/{incident_id}/candidates",
    takes=Takes(query=CandidatesQuery),
    answers=Answers(Candidates),
    decides=True,
)
def candidates(context: Context, incident_id: str) -> Candidates:
    """Every unit that could be sent, as the planner ranks them: what it is doing, whom it would take, why it is not fit."""
    query: CandidatesQuery = context.query
    found = choosing.choices(
        context.world, context.registry, incident_id, query.need or "", query.instead_of or ""
    )
    return Candidates.of(found, context.registry)


@api.on(
    "POST",
    "/api/incidents/{incident_id}/assignments",
    takes=Takes(AssignBody, creates=True),
    answers=Answers(IncidentDetail, status=201),
    decides=True,
)
def assign(context: Context, incident_id: str) -> IncidentDetail:
    """Send a unit, swap one for another, or raise the alarm to the plan's next level."""
    body: AssignBody = context.body
    exactly_one(unit_id=body.unit_id, alarm=body.alarm)
    if body.alarm is not None and body.instead_of is not None:
        raise Invalid("an alarm replaces no unit", Fault("instead_of", "not_with_alarm"))
    if body.alarm is not None:
        assigning.raise_alarm(context.world, context.registry, context.actor, incident_id, body.alarm)
    else:
        assigning.assign(
            context.world,
            context.registry,
            context.actor,
            incident_id,
            assigning.Choice(
                unit_id=body.unit_id or "", insist=body.insist, instead_of=body.instead_of or ""
            ),
        )
    return show(context, incident_id)


@api.on(
    "POST",
    "/api/incidents/{incident_id}/assignments/{assignment_id}/status",
    takes=Takes(StatusBody),
    answers=Answers(IncidentDetail),
    decides=True,
)
def report(context: Context, incident_id: str, assignment_id: str) -> IncidentDetail:
    """Record what a crew reported by radio or phone, or cancel it."""
    body: StatusBody = context.body
    own = bound_agency(context.user)
    if own is not None and body.status == "cancelled":
        raise Forbidden("only the desk cancels; a crew is unable")
    following.report(
        context.world,
        context.registry,
        Actor(id=context.actor.id, source="radio_entry", agency=own),
        incident_id,
        following.CrewReport(
            assignment_id=assignment_id,
            status=body.status,
            reason=body.reason,
            occurred_at=instant(body.occurred_at, "occurred_at") if body.occurred_at else None,
        ),
    )
    return show(context, incident_id)


@api.on(
    "POST",
    "/api/incidents/{incident_id}/assignments/{assignment_id}/unanswered-calls",
    takes=Takes(UnansweredCallBody, creates=True),
    answers=Answers(IncidentDetail, status=201),
)
def call_not_answered(context: Context, incident_id: str, assignment_id: str) -> IncidentDetail:
    """Record that somebody of a crew was rung and did not pick up; everything else goes on."""
    body: UnansweredCallBody = context.body
    actor = Actor(
        id=context.actor.id, source="radio_entry", agency=bound_agency(context.user), key=context.actor.key
    )
    following.call_not_answered(
        context.world, context.registry, actor, incident_id, assignment_id, body.person_id
    )
    return show(context, incident_id)


@api.on("POST", "/api/incidents/{incident_id}/close", takes=Takes(CloseBody), answers=Answers(IncidentDetail))
def close(context: Context, incident_id: str) -> IncidentDetail:
    """Close an incident with its disposition; 409 while a unit is still assigned."""
    ending.close(context.world, context.registry, context.actor, incident_id, context.body.disposition)
    return show(context, incident_id)


@api.on(
    "POST",
    "/api/incidents/{incident_id}/cancel",
    takes=Takes(ReasonBody),
    answers=Answers(IncidentDetail),
    decides=True,
)
def cancel(context: Context, incident_id: str) -> IncidentDetail:
    """Cancel an incident; whoever was paged is told."""
    ending.cancel(context.world, context.registry, context.actor, incident_id, context.body.reason)
    return show(context, incident_id)


@api.on(
    "POST",
    "/api/incidents/{incident_id}/reopen",
    takes=Takes(ReopenBody),
    answers=Answers(IncidentDetail),
    decides=True,
)
def reopen(context: Context, incident_id: str) -> IncidentDetail:
    """Open an ended incident again, and tell crews that were called off that it stands, or send units anew."""
    body: ReopenBody = context.body
    if body.crews and body.plan:
        raise Invalid(
            "either the same crews or the plan", Fault("crews", "one_of_these"), Fault("plan", "one_of_these")
        )
    again = taking_up.Again(reason=body.reason, crews=unlike(body.crews, "crews"), plan=body.plan)
    taking_up.reopen(context.world, context.registry, context.actor, incident_id, again)
    return show(context, incident_id)


@api.on(
    "POST",
    "/api/incidents/{incident_id}/duplicate",
    takes=Takes(DuplicateBody),
    answers=Answers(IncidentDetail),
    decides=True,
)
def merge(context: Context, incident_id: str) -> IncidentDetail:
    """End an incident as a duplicate of another; its crews come to that one or are called off."""
    body: DuplicateBody = context.body
    into = merging.Into(of=body.of, reason=body.reason, keep=unlike(body.keep, "keep"))
    merging.merge(context.world, context.registry, context.actor, incident_id, into)
    return show(context, incident_id)


@api.on(
    "POST",
    "/api/incidents/{incident_id}/set-aside",
    takes=Takes(SetAsideBody, creates=True),
    answers=Answers(IncidentDetail, status=201),
)
def set_aside(context: Context, incident_id: str) -> IncidentDetail:
    """Let an incident to which nobody can come wait without an alarm; 409 at priority 1 or while a crew is asked."""
    body: SetAsideBody = context.body
    waiting = setting_aside.Waiting(reason=body.reason, minutes=body.minutes, awaits=body.awaits)
    setting_aside.set_aside(context.world, context.registry, context.actor, incident_id, waiting)
    return show(context, incident_id)


@api.on(
    "POST",
    "/api/incidents/{incident_id}/take-up",
    takes=Takes(EndBody),
    answers=Answers(IncidentDetail),
)
def take_up(context: Context, incident_id: str) -> IncidentDetail:
    """Take an incident up again that was set aside, before its time."""
    setting_aside.take_up(context.world, context.actor, incident_id)
    return show(context, incident_id)


@api.on(
    "POST",
    "/api/incidents/{incident_id}/replies/dismiss",
    takes=Takes(DismissBody),
    answers=Answers(IncidentDetail),
)
def dismiss_reply(context: Context, incident_id: str) -> IncidentDetail:
    """Take a reply's mark away without a step: somebody has read it."""
    body: DismissBody = context.body
    unread.dismiss(context.world, context.actor, incident_id, body.note_id)
    return show(context, incident_id)


@api.on(
    "POST",
    "/api/incidents/{incident_id}/notes",
    takes=Takes(NoteBody, creates=True),
    answers=Answers(IncidentDetail, status=201),
)
def add_note(context: Context, incident_id: str) -> IncidentDetail:
    """Add a note."""
    supervises = context.user.role in SUPERVISORS
    ending.add_note(context.world, context.actor, incident_id, context.body.text, supervises=supervises)
    return show(context, incident_id)
