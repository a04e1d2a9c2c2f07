"""Paging drills: who would be paged, start one, watch the answers, end it."""

from __future__ import annotations

from typing import Any

from msgspec import to_builtins

from ..domain import drills as rules
from ..domain import ids
from ..domain.drills import OnDuty
from ..domain.events import DrillAnswered, DrillStarted
from ..domain.incident import Incident, Page
from ..domain.registry import Account
from ..errors import NotFound, Unprocessable
from ..models import incidents
from ..models.incidents import Loaded
from ..models.registry import Snapshot
from ..services.evidence.timeline import chain_of
from ..services.response import drilling
from .access import bound_agency, must_own
from .bodies import AgencyQuery, DrillBody, DrillsQuery, EndBody
from .http import Api, Context
from .views import name_of

api = Api(__name__)
AT_ONCE = 20


@api.on("GET", "/api/drills", query=DrillsQuery)
def list_drills(context: Context) -> dict[str, Any]:
    """Paging drills, newest first, twenty at a time."""
    query: DrillsQuery = context.query
    own = bound_agency(context.user)
    wanted = query.agency_id or own
    if wanted:
        must_own(context.user, wanted)
        if wanted not in context.registry.agencies:
            raise Unprocessable("unknown agency", {"agency_id": "unknown agency"})
    now = context.world.clock.now()
    agencies = [wanted] if wanted else list(context.registry.agencies)
    found = drilling.listed(agencies, query.before, AT_ONCE + 1)
    return {
        "drills": [_summary(each, context.registry, now) for each in found[:AT_ONCE]],
        "next": found[AT_ONCE - 1].id if len(found) > AT_ONCE else None,
        "now": now,
    }


@api.on("GET", "/api/drills/on-duty", query=AgencyQuery)
def on_duty(context: Context) -> dict[str, Any]:
    """Whom a paging drill of an agency would page now; nothing is written."""
    must_own(context.user, context.query.agency_id)
    now = context.world.clock.now()
    present = drilling.present(context.world, context.registry, context.query.agency_id, now)

    def named(each: OnDuty) -> dict[str, Any]:
        return {**to_builtins(each), "name": context.registry.people[each.person_id].name}

    return {"people": [named(each) for each in present.to_page], "out": [named(each) for each in present.out]}


@api.on("POST", "/api/drills", body=DrillBody, creates=True, status=201)
def start(context: Context) -> dict[str, Any]:
    """Page everybody on duty in an agency for nothing but an answer; 409 while another drill runs there."""
    body: DrillBody = context.body
    must_own(context.user, body.agency_id)
    started = drilling.start(context.world, context.registry, context.actor, body.agency_id, body.minutes)
    return show(context, started)


@api.on("GET", "/api/drills/{drill_id}")
def show(context: Context, drill_id: str) -> dict[str, Any]:
    """One paging drill: who was paged, who answered and how fast, and what that comes to."""
    whole = drilling.must_drill(incidents.load_all(drill_id), drill_id)
    _must_see(whole.incident, context.user)
    return _detail(whole, context.registry, context.world.clock.now())


@api.on("POST", "/api/drills/{drill_id}/end", body=EndBody)
def end(context: Context, drill_id: str) -> dict[str, Any]:
    """End a paging drill before its time; later answers are kept as late."""
    loaded = drilling.must_drill(incidents.load(drill_id), drill_id)
    _must_see(loaded.incident, context.user)
    drilling.end(context.world, context.actor, drill_id)
    return show(context, drill_id)


def _must_see(incident: Incident, account: Account) -> None:
    own = bound_agency(account)
    if incident.paging_drill is None or own not in (None, incident.paging_drill.agency_id):
        raise NotFound("no such drill", {"id": "not found"})


def _summary(incident: Incident, registry: Snapshot, now: str) -> dict[str, Any]:
    drill = incident.paging_drill
    assert drill
    over = rules.over(incident, now)
    return {
        "id": incident.id,
        "label": ids.label(incident.id),
        "agency_id": drill.agency_id,
        "status": "ended" if over else "running",
        "minutes": drill.minutes,
        "started_at": incident.opened_at,
        "ends_at": drill.ends_at,
        "ended_at": incident.closed_at or (drill.ends_at if over else None),
        "by": name_of(drill.by, registry),
        "tally": to_builtins(drill.tally),
    }


def _detail(whole: Loaded, registry: Snapshot, now: str) -> dict[str, Any]:
    incident, drill = whole.incident, whole.incident.paging_drill
    assert drill
    (assignment,) = whole.assignments.values()
    told = [event.content for event in whole.events]
    units = {each.person: each.unit for one in told if isinstance(one, DrillStarted) for each in one.people}
    late = {one.page for one in told if isinstance(one, DrillAnswered) and one.late}
    pages = {person_id: page for page in whole.pages.values() for person_id in page.people}

    def row(person_id: str) -> dict[str, Any]:
        page: Page | None = pages.get(person_id)
        return {
            "person_id": person_id,
            "name": (page.name if page and not page.also else "") or _name(person_id, registry),
            "unit_id": units.get(person_id) or None,
            "status": page.status if page else "pending",
            "sent_at": page.sent_at if page else None,
            "answered_at": page.acknowledged_at if page else None,
            "seconds": rules.seconds_to_answer(page) if page else None,
            "late": page is not None and page.id in late,
        }

    asked = rules.phones(incident, assignment, whole.pages.values())
    tally = rules.tally(asked, whole.pages.values(), late)
    return {
        **_summary(incident, registry, now),
        "tally": to_builtins(tally),
        "people": [row(person_id) for person_id in assignment.people],
        "out": [{"person_id": each, "name": _name(each, registry)} for each in drill.out],
        "now": now,
        "chain": chain_of(whole),
    }


def _name(person_id: str, registry: Snapshot) -> str:
    return name_of(f"person:{person_id}", registry)
