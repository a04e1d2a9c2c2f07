"""Calls: take one, preview whom it would send, list a day's, split one off."""

from __future__ import annotations

from ..domain import times
from ..domain.incident import Location
from ..models import incidents
from ..services.abuse import limits
from ..services.response import dispatching, intake
from .answers.calls import CallAnswer, Calls, LooseSms
from .answers.dispatching import Preview, Taken
from .bodies.calls import CallBody, PreviewQuery, SplitBody
from .bodies.fields import DayQuery
from .hearing import Hearing, heard_call
from .http import Answers, Api, Context, Takes
from .reading import coordinates

api = Api(__name__)
# As long as a supervisor may want to block the number of a prank.
CALLED_LATELY_S = 24 * 3600
# How long an SMS that belongs to no incident stands on the board.
SMS_SHOWN_S = 2 * 3600


@api.on(
    "POST",
    "/api/calls",
    takes=Takes(CallBody, creates=True),
    answers=Answers(Taken, status=201, fails=(429,)),
    decides=True,
)
def log_call(context: Context) -> Taken:
    """Log a call of any class; an emergency opens an incident or joins an open one."""
    body: CallBody = context.body
    limits.call(context.world, context.user.id)
    taken = intake.log_call(
        context.world, context.registry, context.actor, heard_call(context.registry, body)
    )
    return Taken.of(taken, context.registry, context.user, context.world.clock.now())


@api.on("GET", "/api/calls", takes=Takes(query=DayQuery), answers=Answers(Calls))
def list_calls(context: Context) -> Calls:
    """A local day's calls that opened no incident; their numbers are whole for the desk for a day."""
    lately = times.plus(context.world.clock.now(), -CALLED_LATELY_S)
    found = incidents.calls_of_day(context.query.date.isoformat())
    shown = [CallAnswer.of(call, context.user, needed=call.received_at >= lately) for call in found]
    return Calls(calls=shown)


@api.on("GET", "/api/loose-sms", answers=Answers(LooseSms))
def list_loose_sms(context: Context) -> LooseSms:
    """The SMS of the last two hours that belong to no incident, or were too many for theirs; the newest first."""
    now, hours = context.world.clock.now(), context.world.settings.utc_offset_hours
    since = times.plus(now, -SMS_SHOWN_S)
    days = dict.fromkeys(times.local_day(each, hours) for each in (since, now))
    found = [call for day in days for call in incidents.calls_since(day, since)]
    lately = [call for call in found if call.channel == "sms" and call.received_at >= since and call.salt]
    lately.sort(key=lambda call: call.received_at, reverse=True)
    return LooseSms(sms=[CallAnswer.of(call, context.user, needed=True) for call in lately])


@api.on(
    "POST",
    "/api/incidents/{incident_id}/calls/{call_id}/split",
    takes=Takes(SplitBody, creates=True),
    answers=Answers(Taken, status=201),
)
def split_off(context: Context, incident_id: str, call_id: str) -> Taken:
    """Take a wrongly joined call out and open an incident of its own for it."""
    body: SplitBody = context.body
    new = Hearing(context.registry).incident(body.incident) if body.incident else None
    taken = intake.split_off(context.world, context.registry, context.actor, incident_id, call_id, new)
    return Taken.of(taken, context.registry, context.user, context.world.clock.now())


@api.on(
    "GET", "/api/dispatch/preview", takes=Takes(query=PreviewQuery), answers=Answers(Preview), decides=True
)
def preview(context: Context) -> Preview:
    """Who would be sent and paged now and why, and which open incidents may be the same; nothing is written."""
    query: PreviewQuery = context.query
    coordinates(query.lat, query.lng)
    place = Location(district=query.district, lat=query.lat, lng=query.lng)
    found = dispatching.preview(context.world, context.registry, query.type, query.terrain, place)
    return Preview.of(found, context.registry)
