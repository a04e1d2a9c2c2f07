"""Personal data: who may see numbers of what is over, what must be kept, and what a person may ask for."""

from __future__ import annotations

from ..models import privacy as store
from ..services.evidence import legal_hold, privacy
from ..services.evidence.privacy import Erasure
from ..services.registry.phone_numbers import kept_number
from .answers.incidents import IncidentDetail
from .answers.privacy import OwnData, Records, Revealed, ShownCall, ShownDay
from .bodies.fields import EndBody, ReasonBody
from .bodies.privacy import CallsBody, SubjectBody
from .http import Answers, Api, Context, Takes
from .incidents import show

api = Api(__name__)


@api.on("POST", "/api/incidents/{incident_id}/reveal", takes=Takes(EndBody), answers=Answers(Revealed))
def reveal(context: Context, incident_id: str) -> Revealed:
    """The numbers of an incident's calls and SMS; who asked for them stands in its trail."""
    calls, notes = privacy.reveal(context.world, context.actor, incident_id)
    return Revealed.of(calls, notes)


@api.on(
    "POST",
    "/api/incidents/{incident_id}/legal-hold",
    takes=Takes(ReasonBody),
    answers=Answers(IncidentDetail),
)
def hold(context: Context, incident_id: str) -> IncidentDetail:
    """Put an incident under a legal hold: nothing of it is erased until it is lifted."""
    legal_hold.place(context.world, context.actor, incident_id, context.body.reason)
    return show(context, incident_id)


@api.on(
    "POST",
    "/api/incidents/{incident_id}/legal-hold/lift",
    takes=Takes(ReasonBody),
    answers=Answers(IncidentDetail),
)
def lift(context: Context, incident_id: str) -> IncidentDetail:
    """Lift a legal hold."""
    legal_hold.lift(context.world, context.actor, incident_id, context.body.reason)
    return show(context, incident_id)


@api.on("POST", "/api/privacy/access", takes=Takes(SubjectBody), answers=Answers(OwnData))
def access(context: Context) -> OwnData:
    """Everything that is held of a phone number; that it was looked up, by whom and why, is recorded."""
    body: SubjectBody = context.body
    number = kept_number(body.number, "number", context.registry.regency)
    found = privacy.look_up(context.world, context.registry, context.actor, number, body.reason, body.after)
    return OwnData.of(found, number, context.registry)


@api.on("POST", "/api/privacy/erasure", takes=Takes(SubjectBody), answers=Answers(Erasure))
def erase(context: Context) -> Erasure:
    """Erase a caller's own data; what is under a legal hold or still open is kept, and the answer says so."""
    body: SubjectBody = context.body
    number = kept_number(body.number, "number", context.registry.regency)
    return privacy.erase(context.world, context.registry, context.actor, number, body.reason, body.after)


@api.on("POST", "/api/privacy/calls", takes=Takes(CallsBody), answers=Answers(ShownDay))
def calls(context: Context) -> ShownDay:
    """The numbers of a local day's calls without an incident; that somebody looked at them is recorded."""
    body: CallsBody = context.body
    found = privacy.show_day(context.world, context.actor, body.date.isoformat(), body.reason)
    return ShownDay(calls=[ShownCall.of(each) for each in found])


@api.on("GET", "/api/privacy/records", answers=Answers(Records))
def records(context: Context) -> Records:
    """Who looked up or erased whose data, and whether the chain of these records is whole."""
    return Records.of(list(store.links()), context.registry)
