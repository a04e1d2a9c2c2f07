"""Changes of duty over HTTP: entered by officers, approved, refused, taken back; what people ask for comes by their own page."""

from __future__ import annotations

from datetime import datetime

from ..domain import ids, times
from ..domain.duty import Change
from ..errors import Invalid
from ..faults import Fault
from ..models import duty_changes as store
from ..services.duty import changing as service
from ..services.duty.changing import Which, Who
from ..services.duty.present import FAR_S
from .access import must_own
from .answers.duty import ChangeWord, DutyChange, DutyChangeHistory, DutyChanges
from .bodies.duty import ChangeBody, ChangesQuery, ChangeWordBody
from .http import Answers, Api, Context, Takes
from .reading import instant

api = Api(__name__)
CHANGES = "/api/duty/changes"
CHANGE = f"{CHANGES}/{{agency_id}}/{{change_id}}"
DAYS_SHOWN = 62
KEY_DIGITS = 26


@api.on("GET", CHANGES, takes=Takes(query=ChangesQuery), answers=Answers(DutyChanges))
def between(context: Context) -> DutyChanges:
    """The changes of an agency's duty that concern any of some days, whatever became of them."""
    query: ChangesQuery = context.query
    must_own(context.user, query.agency_id)
    hours = context.world.settings.utc_offset_hours
    today = times.local_day(context.world.clock.now(), hours)
    since = query.since.isoformat() if query.since else today
    until = query.until.isoformat() if query.until else times.local_day(f"{since}T12:00:00Z", 0, DAYS_SHOWN)
    found = service.between(context.world, context.registry, query.agency_id, since, until)
    return DutyChanges(changes=[DutyChange.of(each, context.registry) for each in found])


@api.on("POST", CHANGES, takes=Takes(ChangeBody, creates=True), answers=Answers(DutyChange, 201))
def enter(context: Context) -> DutyChange:
    """Change who is on duty, as an officer: it counts at once, of a shift that runs from now on."""
    body: ChangeBody = context.body
    must_own(context.user, body.agency_id)
    wanted = Change(
        id="",
        agency_id=body.agency_id,
        kind=body.kind,
        person_id=body.person_id,
        other_id=body.other_id or "",
        day=body.day or "",
        last_day=body.last_day or "",
        other_day=body.other_day or "",
        starts_at=_instant(context, body.starts_at, "starts_at"),
        ends_at=_instant(context, body.ends_at, "ends_at"),
        unit_id=body.unit_id,
        readiness=body.readiness,
        turn=body.turn,
    )
    key = ids.fingerprint(f"{context.actor.id}\n{context.actor.key.key if context.actor.key else ''}")
    who = Who(context.actor.id, body.why)
    found = service.ask(context.world, context.registry, wanted, key[:KEY_DIGITS], who)
    return DutyChange.of(found, context.registry)


@api.on("GET", CHANGE, answers=Answers(DutyChangeHistory))
def show(context: Context, agency_id: str, change_id: str) -> DutyChangeHistory:
    """A change, and all that was said about it."""
    found = service.find(context.registry, _which(context, agency_id, change_id))
    words = [ChangeWord.of(each, context.registry) for each in store.records(agency_id, change_id)]
    return DutyChangeHistory(change=DutyChange.of(found, context.registry), words=words)


@api.on("POST", f"{CHANGE}/approve", takes=Takes(ChangeWordBody), answers=Answers(DutyChange))
def approve(context: Context, agency_id: str, change_id: str) -> DutyChange:
    """Approve what was asked: from now on it counts."""
    which = _which(context, agency_id, change_id)
    return DutyChange.of(
        service.approve(context.world, context.registry, which, _who(context)), context.registry
    )


@api.on("POST", f"{CHANGE}/refuse", takes=Takes(ChangeWordBody), answers=Answers(DutyChange))
def refuse(context: Context, agency_id: str, change_id: str) -> DutyChange:
    """Refuse what was asked: everything stays as it is."""
    which = _which(context, agency_id, change_id)
    return DutyChange.of(
        service.refuse(context.world, context.registry, which, _who(context)), context.registry
    )


@api.on("POST", f"{CHANGE}/withdraw", takes=Takes(ChangeWordBody), answers=Answers(DutyChange))
def withdraw(context: Context, agency_id: str, change_id: str) -> DutyChange:
    """Take a change back before its first day begins; a leave that has begun ends with today."""
    which = _which(context, agency_id, change_id)
    return DutyChange.of(
        service.withdraw(context.world, context.registry, which, _who(context)), context.registry
    )


@api.on("POST", f"{CHANGE}/forget-why", takes=Takes(ChangeWordBody), answers=Answers(DutyChange))
def forget_why(context: Context, agency_id: str, change_id: str) -> DutyChange:
    """Erase why a change was asked for and answered, as it may be personal; what was changed stays."""
    which = _which(context, agency_id, change_id)
    return DutyChange.of(
        service.forget_why(context.world, context.registry, which, _who(context)), context.registry
    )


def _instant(context: Context, moment: datetime | None, path: str) -> str:
    """A moment of a request, '' for none; Invalid for one that nobody can mean."""
    if moment is None:
        return ""
    found = instant(moment, path)
    if abs(times.between(context.world.clock.now(), found) or 0) > FAR_S:
        raise Invalid("a time is out of range", Fault(path, "out_of_range"))
    return found


def _which(context: Context, agency_id: str, change_id: str) -> Which:
    must_own(context.user, agency_id)
    return Which(agency_id, change_id)


def _who(context: Context) -> Who:
    return Who(context.actor.id, context.body.why)
