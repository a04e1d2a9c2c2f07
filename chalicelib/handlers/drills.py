"""Paging drills: who would be paged, start one, watch the answers, end it."""

from __future__ import annotations

from ..domain.incident import Incident
from ..domain.registry import Account
from ..errors import NotFound, Unprocessable
from ..faults import Fault
from ..models import incidents
from ..services.response import drilling
from .access import bound_agency, must_own
from .answers.drills import DrillDetail, Drills, DrillSummary, PresentAnswer, PresentPerson
from .bodies.drills import DrillBody, DrillsQuery
from .bodies.fields import AgencyQuery, EndBody
from .http import Answers, Api, Context, Takes

api = Api(__name__)
AT_ONCE = 20


@api.on("GET", "/api/drills", takes=Takes(query=DrillsQuery), answers=Answers(Drills))
def list_drills(context: Context) -> Drills:
    """Paging drills, newest first, twenty at a time."""
    query: DrillsQuery = context.query
    own = bound_agency(context.user)
    wanted = query.agency_id or own
    if wanted:
        must_own(context.user, wanted)
        if wanted not in context.registry.agencies:
            raise Unprocessable("unknown agency", Fault("agency_id", "unknown_agency"))
    now = context.world.clock.now()
    agencies = [wanted] if wanted else list(context.registry.agencies)
    found = drilling.listed(agencies, query.before, AT_ONCE + 1)
    return Drills(
        drills=[DrillSummary.of(each, context.registry, now) for each in found[:AT_ONCE]],
        next=found[AT_ONCE - 1].id if len(found) > AT_ONCE else None,
        now=now,
    )


@api.on("GET", "/api/drills/on-duty", takes=Takes(query=AgencyQuery), answers=Answers(PresentAnswer))
def on_duty(context: Context) -> PresentAnswer:
    """Whom a paging drill of an agency would page now; nothing is written."""
    must_own(context.user, context.query.agency_id)
    now = context.world.clock.now()
    present = drilling.present(context.world, context.registry, context.query.agency_id, now)
    return PresentAnswer(
        people=[PresentPerson.of(each, context.registry) for each in present.to_page],
        out=[PresentPerson.of(each, context.registry) for each in present.out],
    )


@api.on(
    "POST",
    "/api/drills",
    takes=Takes(DrillBody, creates=True),
    answers=Answers(DrillDetail, status=201, fails=(429,)),
)
def start(context: Context) -> DrillDetail:
    """Page everybody on duty in an agency for nothing but an answer; 409 while another drill runs there."""
    body: DrillBody = context.body
    must_own(context.user, body.agency_id)
    started = drilling.start(context.world, context.registry, context.actor, body.agency_id, body.minutes)
    return show(context, started)


@api.on("GET", "/api/drills/{drill_id}", answers=Answers(DrillDetail))
def show(context: Context, drill_id: str) -> DrillDetail:
    """One paging drill: who was paged, who answered and how fast, and what that comes to."""
    whole = drilling.must_drill(incidents.load_all(drill_id), drill_id)
    _must_see(whole.incident, context.user)
    return DrillDetail.whole(whole, context.registry, context.world.clock.now())


@api.on("POST", "/api/drills/{drill_id}/end", takes=Takes(EndBody), answers=Answers(DrillDetail))
def end(context: Context, drill_id: str) -> DrillDetail:
    """End a paging drill before its time; later answers are kept as late."""
    loaded = drilling.must_drill(incidents.load(drill_id), drill_id)
    _must_see(loaded.incident, context.user)
    drilling.end(context.world, context.actor, drill_id)
    return show(context, drill_id)


def _must_see(incident: Incident, account: Account) -> None:
    own = bound_agency(account)
    if incident.paging_drill is None or own not in (None, incident.paging_drill.agency_id):
        raise NotFound("no such drill", Fault("id", "not_found"))
