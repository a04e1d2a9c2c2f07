"""Duty over HTTP: who is on duty at an instant, and by what."""

from __future__ import annotations

from ..services.duty import present
from .access import must_own
from .answers.duty import OnDuty, OnDutyPerson
from .bodies.duty import DutyQuery
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
