"""The responder's link: GET shows, only POST acts, since previewers fetch links."""

from __future__ import annotations

import re
from operator import itemgetter
from typing import Literal, NamedTuple
from urllib.parse import parse_qs

import msgspec
from chalice.app import Request, Response

from ..domain import amending, drills, ids, places, standing_down
from ..domain.assignment import FINAL, outcome
from ..domain.details import in_words
from ..domain.practice import MARK
from ..domain.registry import Language
from ..errors import Invalid, KentonganError, NotFound, TooMany, Unprocessable, UnsupportedMediaType
from ..faults import Fault
from ..models.registry import Snapshot
from ..observability import logger
from ..services.pages import answering
from ..services.pages.answering import Linked
from ..services.practice import link
from .answers.shown import Shown
from .bodies.responder import LinkBody
from .http import Answers, Api, Context, Takes, json_response, status_of
from .reading import media_type, raw_body, read_json, source_of
from .responder_page import STEPS, ResponderView, Role, Status, choose_language, headers, render

api = Api(__name__)

# One of practice begins with a letter that no other has.
CODE = re.compile(rf"[0-9A-HJKMNP-TV-Z{MARK}][0-9A-HJKMNP-TV-Z]{{15}}")
PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


class Reported(Shown, frozen=True, kw_only=True):
    """What became of a responder's answer."""

    status: str
    applied: bool
    result: str


@api.on("GET", "/r/{code}", takes=Takes(query=None))
def show(context: Context, code: str) -> Response:
    """The responder's page; one that cannot be read says so to a person, who would take raw JSON for nothing."""
    try:
        return _shown(context, code)
    except Exception:
        logger.exception("responder's page not shown")
        return _failed(context, code)


def _shown(context: Context, code: str) -> Response:
    try:
        now = context.world.clock.now()
        registry = context.world.registry.lately(now)
        linked = _linked(context, registry, _must_be_code(code), source_of(context.request))
    except (NotFound, TooMany) as error:
        return _dead(context, error)
    language = choose_language(context.request.headers.get("accept-language", ""))
    hours = context.world.settings.utc_offset_hours
    message = dict(context.request.query_params or {}).get("m", "")
    asked = Asked(code, language, message, hours)
    view = _view(registry, linked, asked, now)
    return Response(render(view), status_code=200, headers={**headers()})


def _linked(context: Context, registry: Snapshot, code: str, source: str) -> Linked:
    if link.is_practice(code):
        return link.follow_link(context.world, context.registry, code, source)
    return answering.follow_link(context.world, registry, code, source)


@api.on(
    "POST", "/api/r/{code}", takes=Takes(query=None), answers=Answers(Reported, fails=(429,)), decides=True
)
def answer(context: Context, code: str) -> Response:
    """A responder's answer; a form is answered by 303 to the page, JSON by JSON."""
    request, is_form = context.request, media_type(context.request) == "application/x-www-form-urlencoded"
    _must_be_code(code)
    try:
        body = _form(request) if is_form else read_json(request, raw_body(request), LinkBody)
        answered = link.answer if link.is_practice(code) else answering.answer
        written = answered(
            context.world, context.registry, code, body.status, body.reason, source_of(request)
        )
        message: str = answering.meaning(written)
    except KentonganError as error:
        if not is_form or isinstance(error, UnsupportedMediaType):
            raise
        if isinstance(error, TooMany):
            return _dead(context, error)
        reason_lacks = isinstance(error, Unprocessable) and "reason" in error.fields
        message = "choose_reason" if reason_lacks else "not_recorded"
    except Exception:
        if not is_form:
            raise
        logger.exception("responder's answer not finished")
        return _failed(context, code)
    if is_form:
        return Response("", status_code=303, headers={**PRIVATE, "Location": f"/r/{code}?m={message}"})
    response = json_response({"status": body.status, "applied": message == "applied", "result": message})
    response.headers.update(PRIVATE)
    return response


def _dead(context: Context, error: NotFound | TooMany) -> Response:
    """The page of a link that leads nowhere."""
    language = choose_language(context.request.headers.get("accept-language", ""))
    hours = context.world.settings.utc_offset_hours
    page = render(ResponderView(language=language, state="dead", utc_offset_hours=hours))
    later = {"Retry-After": str(error.retry_after_s)} if isinstance(error, TooMany) else {}
    return Response(page, status_code=status_of(error), headers={**headers(), **later})


def _failed(context: Context, code: str) -> Response:
    """The page of which nothing is known now; 503, so that nobody keeps it."""
    language = choose_language(context.request.headers.get("accept-language", ""))
    hours = context.world.settings.utc_offset_hours
    page = render(ResponderView(language=language, state="failed", code=code, utc_offset_hours=hours))
    return Response(page, status_code=503, headers={**headers()})


def _must_be_code(code: str) -> str:
    if not CODE.fullmatch(code):
        raise NotFound("this link leads nowhere")
    return code


def _form(request: Request) -> LinkBody:
    try:
        values = parse_qs(raw_body(request).decode("utf-8", "replace"), max_num_fields=10)
        return msgspec.convert({name: each[0] for name, each in values.items()}, LinkBody)
    except (msgspec.ValidationError, ValueError):
        raise Invalid("the form cannot be read", Fault("status", "no_button")) from None


class Asked(NamedTuple):
    """How a page is asked for: by which code, in which language, with what to say, in which zone."""

    code: str
    language: Language
    message: str
    utc_offset_hours: int


def _view(registry: Snapshot, linked: Linked, asked: Asked, now: str) -> ResponderView:
    incident, assignment = linked.incident, linked.assignment
    if incident.paging_drill:
        return _drill(registry, linked, asked, now)
    place = incident.location
    type_ = registry.types.get(incident.type)
    lat, lng = places.gone_by(place.lat, place.lng, registry.districts.values()) or (None, None)
    unit = registry.units.get(assignment.unit_id)
    given = registry.reasons.get(assignment.reason)
    until_ready = _until_ready(registry, linked)
    allowed: tuple[Status, ...] = ()
    role: Role = ""
    if incident.status == "open" and assignment.status not in FINAL:
        steps: tuple[Status, ...] = tuple(
            step
            for step in STEPS
            if outcome(assignment.status, step) == "applied" and (step != "ready" or until_ready)
        )
        role = _role(linked, now)
        allowed = () if role == "not_needed" else (*steps, "unable")
    before = amending.before(incident, linked.amendments)
    was_type = registry.types.get(before.type or "")
    return ResponderView(
        **asked._asdict(),
        state="open" if incident.status == "open" else "late",
        label=ids.label(incident.id),
        type_label=getattr(type_.label, asked.language) if type_ else incident.type,
        priority=incident.priority,
        place=places.in_words(place, registry.districts, asked.language),
        lat=lat,
        lng=lng,
        narrative=incident.narrative,
        details=tuple(
            (getattr(each.label, asked.language), in_words(each, asked.language))
            for each in linked.details
            if each.for_crew
        ),
        received_at=incident.received_at,
        unit=assignment.callsign,
        status=assignment.status,
        reason=getattr(given.label, asked.language) if given else "",
        milestones=assignment.milestones,
        answered=linked.page.acknowledged_at is not None,
        buttons=allowed,
        until_ready=until_ready,
        reasons=tuple(
            sorted(
                (
                    (each.id, getattr(each.label, asked.language))
                    for each in registry.reasons.values()
                    if each.concerns(unit)
                ),
                key=itemgetter(1),
            )
        ),
        drill=incident.drill,
        amended_at=before.at,
        was_type=getattr(was_type.label, asked.language) if was_type else before.type or "",
        was_priority=before.priority or 0,
        was_place=places.in_words(before.location, registry.districts, asked.language)
        if before.location
        else "",
        new_story=before.narrative,
        role=role,
        practice=link.is_practice(asked.code),
    )


def _until_ready(registry: Snapshot, linked: Linked) -> bool:
    """Whether a crew's time runs until it is ready to act; nobody else is asked for a step that no clock of theirs needs (ADR 5)."""
    incident, agency_id = linked.incident, linked.assignment.agency_id
    return any(
        each.until_ready and each.concerns(agency_id, incident.type, incident.category)
        for each in registry.of("targets").values()
    )


def _role(linked: Linked, now: str) -> Role:
    page, assignment = linked.page, linked.assignment
    if standing_down.spared(assignment, page.people, now):
        return "not_needed"
    if {*page.people} & standing_down.going(assignment) or not page.backup:
        return ""
    return "others_answered" if standing_down.answered(assignment) else "backup"


def _drill(registry: Snapshot, linked: Linked, asked: Asked, now: str) -> ResponderView:
    incident, page = linked.incident, linked.page
    agency = registry.agencies.get(page.agency_id)
    over = drills.over(incident, now)
    state: Literal["running", "over", "answered", "late"] = "over" if over else "running"
    if page.acknowledged_at:
        state = "late" if drills.answered_late(incident, page) else "answered"
    return ResponderView(
        **asked._asdict(),
        state="late" if over else "open",
        label=ids.label(incident.id),
        place=agency.name if agency else page.agency_id,
        received_at=incident.opened_at,
        drill=True,
        paging_drill=state,
    )
