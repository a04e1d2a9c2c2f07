"""Practice: the desk's own routes once more, over a round that is the account's alone (ADR 54).

No route here names an incident: there is one a round, and no real one can be meant.
"""

from __future__ import annotations

from ..domain.incident import Location
from ..services.abuse import limits
from ..services.practice import desk, rounds
from ..services.practice.rehearsal import Rehearsal, current
from ..services.response import assigning, following
from .answers.candidates import Candidates
from .answers.dispatching import Preview, Taken
from .answers.incidents import IncidentDetail
from .answers.practice import Practice
from .bodies.calls import CallBody, PreviewQuery
from .bodies.fields import EndBody, ReasonBody
from .bodies.incidents import CandidatesQuery, StatusBody
from .bodies.practice import PracticeBody, SendBody
from .hearing import heard_call
from .http import Answers, Api, Context, Takes
from .reading import coordinates, instant

api = Api(__name__)


def _told(context: Context, found: Rehearsal | None) -> Practice:
    return Practice.of(found, context.registry, context.user)


def _incident(context: Context, found: Rehearsal) -> IncidentDetail:
    return IncidentDetail.whole(found.loaded, found.registry, context.user, context.world.clock.now())


@api.on("GET", "/api/practice", answers=Answers(Practice))
def show(context: Context) -> Practice:
    """What the account may practise, and how its own last round stands; nobody else reads it."""
    return _told(context, current(context.world, context.registry, context.user))


@api.on("POST", "/api/practice", takes=Takes(PracticeBody), answers=Answers(Practice, fails=(429,)))
def start(context: Context) -> Practice:
    """Begin a round in place of the last one: nobody else is asked, and nothing is counted."""
    body: PracticeBody = context.body
    begun = rounds.start(
        context.world, context.registry, context.user, body.round, story_id=body.story, sms=body.sms
    )
    return _told(context, begun)


@api.on("POST", "/api/practice/end", takes=Takes(EndBody), answers=Answers(Practice, fails=(404,)))
def end(context: Context) -> Practice:
    """End the account's round before its hour has passed."""
    return _told(context, rounds.end(context.world, context.registry, context.user))


@api.on(
    "GET", "/api/practice/preview", takes=Takes(query=PreviewQuery), answers=Answers(Preview, fails=(404,))
)
def preview(context: Context) -> Preview:
    """Who would be sent if every unit were free, with no real incident beside it; nothing is written."""
    query: PreviewQuery = context.query
    coordinates(query.lat, query.lng)
    place = Location(district=query.district, lat=query.lat, lng=query.lng)
    rehearsal, found = desk.preview(
        context.world, context.registry, context.user, query.type, query.terrain, place
    )
    return Preview.of(found, rehearsal.registry)


@api.on(
    "POST", "/api/practice/calls", takes=Takes(CallBody), answers=Answers(Taken, status=201, fails=(404, 429))
)
def log_call(context: Context) -> Taken:
    """Take the call of the round's story; an emergency opens its one incident, which nobody else sees."""
    limits.call(context.world, context.user.id)
    new = heard_call(context.registry, context.body)
    rehearsal, taken = desk.take_call(context.world, context.registry, context.user, new)
    return Taken.of(taken, rehearsal.registry, context.user, context.world.clock.now())


@api.on("GET", "/api/practice/incident", answers=Answers(IncidentDetail, fails=(404,)))
def show_incident(context: Context) -> IncidentDetail:
    """The round's one incident as a real one is shown, marked as a drill."""
    return _incident(context, desk.seen(context.world, context.registry, context.user))


@api.on(
    "GET",
    "/api/practice/candidates",
    takes=Takes(query=CandidatesQuery),
    answers=Answers(Candidates, fails=(404,)),
)
def candidates(context: Context) -> Candidates:
    """Every unit that could be sent to the round's incident, as the planner ranks them."""
    query: CandidatesQuery = context.query
    found = desk.candidates(
        context.world, context.registry, context.user, query.need or "", query.instead_of or ""
    )
    return Candidates.of(found, context.registry)


@api.on(
    "POST",
    "/api/practice/assignments",
    takes=Takes(SendBody),
    answers=Answers(IncidentDetail, status=201, fails=(404,)),
)
def assign(context: Context) -> IncidentDetail:
    """Send one unit more to the round's incident: nobody is asked."""
    body: SendBody = context.body
    choice = assigning.Choice(unit_id=body.unit_id, insist=body.insist, instead_of=body.instead_of or "")
    return _incident(context, desk.assign(context.world, context.registry, context.user, choice))


@api.on(
    "POST",
    "/api/practice/assignments/{assignment_id}/status",
    takes=Takes(StatusBody),
    answers=Answers(IncidentDetail),
)
def report(context: Context, assignment_id: str) -> IncidentDetail:
    """Record what a crew of the round says by radio, or call it off."""
    body: StatusBody = context.body
    said = following.CrewReport(
        assignment_id=assignment_id,
        status=body.status,
        reason=body.reason,
        occurred_at=instant(body.occurred_at, "occurred_at") if body.occurred_at else None,
    )
    return _incident(context, desk.report(context.world, context.registry, context.user, said))


@api.on(
    "POST", "/api/practice/cancel", takes=Takes(ReasonBody), answers=Answers(IncidentDetail, fails=(404,))
)
def cancel(context: Context) -> IncidentDetail:
    """Cancel the round's incident."""
    return _incident(context, desk.cancel(context.world, context.registry, context.user, context.body.reason))
