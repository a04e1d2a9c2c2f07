"""Calls: take one, preview whom it would send, list a day's, split one off."""

from __future__ import annotations

from typing import Any

from ..domain import times
from ..domain.incident import Location
from ..errors import Invalid
from ..models import incidents
from ..services.abuse import limits
from ..services.response import dispatching, intake
from . import views
from .bodies import CallBody, DayQuery, PreviewQuery, SplitBody
from .hearing import Hearing
from .http import Api, Context
from .reading import coordinates, exactly_one, instant

api = Api(__name__)
# As long as a supervisor may want to block the number of a prank.
CALLED_LATELY_S = 24 * 3600
# How long an SMS that belongs to no incident stands on the board.
SMS_SHOWN_S = 2 * 3600


@api.on("POST", "/api/calls", body=CallBody, creates=True, status=201, decides=True)
def log_call(context: Context) -> dict[str, Any]:
    """Log a call of any class; an emergency opens an incident or joins an open one."""
    body: CallBody = context.body
    limits.call(context.world, context.user.id)
    if body.kind == "emergency":
        exactly_one(incident=body.incident, incident_id=body.incident_id)
    if body.kind != "emergency" and (body.incident or body.incident_id):
        raise Invalid("only an emergency has an incident", {"class": f"{body.kind} cannot have an incident"})
    heard = Hearing(context.registry)
    new = intake.NewCall(
        number=heard.number(body.number),
        channel=heard.channel(body.channel),
        kind=body.kind,
        received_at=instant(body.received_at, "received_at"),
        answered_at=heard.moment("answered_at", body.answered_at, needed=body.kind != "emergency"),
        note=heard.text("note", body.note),
        incident=heard.incident(body.incident) if body.incident else None,
        incident_id=body.incident_id,
        insist=body.insist,
        said=heard.statement(body.said),
        doubts=tuple(heard.doubts),
    )
    taken = intake.log_call(context.world, context.registry, context.actor, new)
    return views.taken(taken, context.registry, context.user, context.world.clock.now())


@api.on("GET", "/api/calls", query=DayQuery)
def list_calls(context: Context) -> dict[str, Any]:
    """A local day's calls that opened no incident; their numbers are whole for the desk for a day."""
    lately = times.plus(context.world.clock.now(), -CALLED_LATELY_S)
    return {
        "calls": [
            views.call(call, context.user, needed=call.received_at >= lately)
            for call in incidents.calls_of_day(context.query.date.isoformat())
        ]
    }


@api.on("GET", "/api/loose-sms")
def list_loose_sms(context: Context) -> dict[str, Any]:
    """The SMS of the last two hours that belong to no incident, or were too many for theirs; the newest first."""
    now, hours = context.world.clock.now(), context.world.settings.utc_offset_hours
    since = times.plus(now, -SMS_SHOWN_S)
    days = dict.fromkeys(times.local_day(each, hours) for each in (since, now))
    found = [call for day in days for call in incidents.calls_since(day, since)]
    lately = [call for call in found if call.channel == "sms" and call.received_at >= since and call.salt]
    lately.sort(key=lambda call: call.received_at, reverse=True)
    return {"sms": [views.call(call, context.user, needed=True) for call in lately]}


@api.on(
    "POST", "/api/incidents/{incident_id}/calls/{call_id}/split", body=SplitBody, creates=True, status=201
)
def split_off(context: Context, incident_id: str, call_id: str) -> dict[str, Any]:
    """Take a wrongly joined call out and open an incident of its own for it."""
    body: SplitBody = context.body
    new = Hearing(context.registry).incident(body.incident) if body.incident else None
    taken = intake.split_off(context.world, context.registry, context.actor, incident_id, call_id, new)
    return views.taken(taken, context.registry, context.user, context.world.clock.now())


@api.on("GET", "/api/dispatch/preview", query=PreviewQuery, decides=True)
def preview(context: Context) -> dict[str, Any]:
    """Who would be sent and paged now and why, and which open incidents may be the same; nothing is written."""
    query: PreviewQuery = context.query
    coordinates(query.lat, query.lng)
    place = Location(district=query.district, lat=query.lat, lng=query.lng)
    found = dispatching.preview(context.world, context.registry, query.type, query.terrain, place)
    plan = {"id": found.plan.id, "label": found.plan.label} if found.plan else None
    return {
        "plan": plan,
        **views.answer(found.answer, context.registry),
        "doubts": found.doubts,
        "away": found.away,
        "nearby": [views.nearby(each) for each in found.nearby],
    }
