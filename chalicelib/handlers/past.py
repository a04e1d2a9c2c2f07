"""What is over: search among a month's incidents and calls, and ringing back whose call opened none."""

from __future__ import annotations

from datetime import date

from ..domain import times
from ..domain.call import Call
from ..domain.looking_back import DAYS_MOST, Search
from ..errors import Invalid, Unprocessable
from ..faults import Fault
from ..models import ring_backs
from ..services.registry.phone_numbers import kept_number
from ..services.response import looking_back, ringing_back
from ..services.response.dispatching import must_type
from .access import bound_agency
from .answers.past import (
    PastCall,
    PastCalls,
    PastIncident,
    PastIncidents,
    PastOfNumber,
    RingBackAnswer,
    RungBack,
)
from .bodies.past import PastCallsQuery, PastNumberBody, PastQuery, RingBackBody
from .calls import CALLED_LATELY_S
from .http import Answers, Api, Context, Takes

api = Api(__name__)


@api.on("GET", "/api/past/incidents", takes=Takes(query=PastQuery), answers=Answers(PastIncidents))
def search_incidents(context: Context) -> PastIncidents:
    """Incidents of at most 31 local days by place or code, type and agency, a hundred at a time; an agency sees its own."""
    query: PastQuery = context.query
    if query.type:
        must_type(context.registry, query.type, "type")
    if query.agency and query.agency not in context.registry.agencies:
        raise Unprocessable("no such agency", Fault("agency", "unknown_agency"))
    wanted = Search(
        **_days(query.from_, query.to),
        text=query.text,
        type=query.type,
        agency=query.agency,
        own=bound_agency(context.user),
    )
    found = looking_back.search(context.world, context.registry, wanted, query.after)
    shown = [PastIncident.of(each, context.user) for each in found.incidents]
    return PastIncidents(incidents=shown, searched_to=found.searched_to, next=found.next)


@api.on("POST", "/api/past/numbers", takes=Takes(PastNumberBody), answers=Answers(PastOfNumber, fails=(429,)))
def search_number(context: Context) -> PastOfNumber:
    """Incidents and calls of at most 31 local days from a number; that it was looked for, by whom and why, is recorded."""
    body: PastNumberBody = context.body
    number = kept_number(body.number, "number", context.registry.regency)
    wanted = Search(**_days(body.from_, body.to))
    found = looking_back.search_number(context.world, context.actor, wanted, number, body.reason, body.after)
    return PastOfNumber(
        incidents=[PastIncident.of(each, context.user) for each in found.incidents],
        calls=_shown(context, found.calls),
        searched_to=found.searched_to,
        next=found.next,
    )


@api.on("GET", "/api/past/calls", takes=Takes(query=PastCallsQuery), answers=Answers(PastCalls))
def list_past_calls(context: Context) -> PastCalls:
    """Calls of at most 31 local days that opened no incident, with what came of ringing back; the last first."""
    query: PastCallsQuery = context.query
    wanted = Search(**_days(query.from_, query.to))
    found = looking_back.loose_calls(context.world, wanted, query.which == "ring_back", query.after)
    return PastCalls(calls=_shown(context, found.calls), searched_to=found.searched_to, next=found.next)


@api.on(
    "POST",
    "/api/calls/{call_id}/ring-backs",
    takes=Takes(RingBackBody, creates=True),
    answers=Answers(RungBack, status=201, fails=(429,)),
)
def ring_back(context: Context, call_id: str) -> RungBack:
    """Write down what came of ringing back whose call opened no incident."""
    body: RingBackBody = context.body
    if (body.result == "incident") != (body.incident_id is not None):
        why = "required" if body.result == "incident" else "unknown_field"
        raise Invalid("an incident is named where the call became one", Fault("incident_id", why))
    made = ringing_back.ring_back(
        context.world, context.actor, body.day.isoformat(), call_id, body.result, body.incident_id or ""
    )
    return RungBack(rung_back=[RingBackAnswer.of(each, context.registry) for each in made])


def _days(from_: date, to: date) -> dict[str, str]:
    if not 1 <= (to - from_).days + 1 <= DAYS_MOST:
        raise Unprocessable(
            "so many days are not searched at once", Fault("to", "report_days", {"days": str(DAYS_MOST)})
        )
    return {"from_": from_.isoformat(), "to": to.isoformat()}


def _shown(context: Context, calls: list[Call]) -> list[PastCall]:
    """The calls as the reader may see them, with what came of ringing back: a query for each of their days."""
    lately = times.plus(context.world.clock.now(), -CALLED_LATELY_S)
    hours = context.world.settings.utc_offset_hours
    days = {call.id: times.local_day(call.received_at, hours) for call in calls}
    made = {day: ring_backs.of_day(day) for day in set(days.values())}
    return [
        PastCall.of(
            call,
            made[days[call.id]],
            days[call.id],
            context.user,
            context.registry,
            needed=call.received_at >= lately,
        )
        for call in calls
    ]
