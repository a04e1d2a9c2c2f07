"""Duty over HTTP: who is on duty at an instant and by what, and what the coming weeks leave without an answer."""

from __future__ import annotations

from ..models import mornings
from ..services.duty import covering, present
from ..services.duty.covering import Days
from .access import bound_agency, must_own
from .answers.ahead import AgencyAhead, DutyAhead
from .answers.coverage import CoverageAnswer
from .answers.duty import OnDuty, OnDutyPerson
from .bodies.duty import CoverageQuery, DutyQuery
from .http import Answers, Api, Context, Takes
from .reading import instant

api = Api(__name__)


@api.on("GET", "/api/duty", takes=Takes(query=DutyQuery), answers=Answers(OnDuty))
def on_duty(context: Context) -> OnDuty:
    """Who is on duty in an agency now or at an instant up to 400 days away, as dispatch would find it, and by what."""
    query: DutyQuery = context.query
    must_own(context.user, query.agency_id)
    wanted = instant(query.at, "at") if query.at else None
    at, found = present.at(context.world, context.registry, query.agency_id, wanted)
    people = [OnDutyPerson.of(each, context.registry) for each in found]
    return OnDuty(agency_id=query.agency_id, at=at, people=people)


@api.on("GET", "/api/duty/ahead", answers=Answers(DutyAhead))
def ahead(context: Context) -> DutyAhead:
    """What was found ahead of each agency's duty on its last morning, and who was told; an agency sees its own."""
    own = bound_agency(context.user)
    ids = [
        each.id for each in context.registry.agencies.values() if own in (None, each.id) and not each.retired
    ]
    found = mornings.read(sorted(ids))
    return DutyAhead(agencies=[AgencyAhead.of(found[id_], context.registry) for id_ in sorted(found)])


@api.on("GET", "/api/duty/coverage", takes=Takes(query=CoverageQuery), answers=Answers(CoverageAnswer))
def coverage(context: Context) -> CoverageAnswer:
    """What each response plan is answered in the coming four weeks as far as it asks an agency, as it was measured last."""
    query: CoverageQuery = context.query
    must_own(context.user, query.agency_id)
    days = Days(query.from_.isoformat() if query.from_ else None, query.days)
    found = covering.shown(context.world, context.registry, query.agency_id, days)
    return CoverageAnswer.kept(query.agency_id, found, context.registry)
