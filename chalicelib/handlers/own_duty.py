"""A person's own duty by the standing link: GET shows, only POST acts, since previewers fetch links."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs

import msgspec
from chalice.app import Request, Response

from ..domain.registry import Language
from ..errors import Invalid, KentonganError, NotFound, TooMany
from ..faults import Fault
from ..models.registry import Snapshot
from ..observability import logger
from ..services.duty import own as service
from ..services.duty import own_calendar, own_link, testing_phone
from ..services.duty.own_link import Own, path_of
from .bodies.responder import TestBody
from .http import Api, Context, Takes, status_of
from .own_duty_page import Reader, Shown, dead, page, page_headers
from .reading import raw_body, source_of
from .responder_page import choose_language

api = Api(__name__)
CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{16}")
PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
CALENDAR = {
    **PRIVATE,
    "Content-Type": "text/calendar; charset=utf-8",
    "Content-Disposition": 'inline; filename="dinas.ics"',
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


@api.on("GET", "/r/{code}/duty", takes=Takes(query=None))
def show(context: Context, code: str) -> Response:
    """The page of a person's own duty: when, where and with whom in the next four weeks."""

    def shown(own: Own, registry: Snapshot) -> Response:
        world = context.world
        found = Shown(
            registry,
            own.person,
            service.coming(world, registry, own.person),
            testing_phone.last_test(own),
            f"{world.settings.public_url}{own.calendar_path(world)}",
            world.mint.id(),
        )
        reader = Reader(code, _language(context, own), _query(context, "m"), world.settings.utc_offset_hours)
        return Response(page(reader, found, world.clock.now()), status_code=200, headers={**page_headers()})

    return _guarded(context, code, shown)


@api.on("POST", "/api/r/{code}/duty/test", takes=Takes(query=None))
def test(context: Context, code: str) -> Response:
    """Send a test SMS to the phone of whoever has the link, three a day at most; answered by 303 to the page."""

    def ordered(own: Own, registry: Snapshot) -> Response:
        body = _form(context.request)
        try:
            testing_phone.test_phone(context.world, own, body.key)
        except TooMany:
            return _back(context, own, code, "tests_spent")
        return _back(context, own, code, "test_ordered")

    return _guarded(context, code, ordered)


@api.on("GET", "/r/{code}/duty.ics", takes=Takes(query=None))
def calendar(context: Context, code: str) -> Response:
    """A person's duties of six weeks as a calendar (RFC 5545), by a code that shows nothing else."""
    own = own_link.follow_calendar(
        context.world, context.registry, _must_be_code(code), source_of(context.request)
    )
    text = own_calendar.calendar_of(context.world, context.registry, own.person)
    return Response(text, status_code=200, headers={**CALENDAR})


def _guarded(context: Context, code: str, answer: Callable[[Own, Snapshot], Response]) -> Response:
    """The answer to whoever has the link; whatever goes wrong is told to a person, who would take raw JSON for nothing."""
    try:
        registry, source = context.registry, source_of(context.request)
        own = own_link.follow(context.world, registry, _must_be_code(code), source)
    except (NotFound, TooMany) as error:
        state = "many" if isinstance(error, TooMany) else "dead"
        later = {"Retry-After": str(error.retry_after_s)} if isinstance(error, TooMany) else {}
        html = dead(_language(context), state)  # type: ignore[arg-type]
        return Response(html, status_code=status_of(error), headers={**page_headers(), **later})
    except Exception:
        logger.exception("own duty not shown")
        return _failed(context, code)
    try:
        return answer(own, registry)
    except KentonganError:
        logger.warning("what was sent from the page of own duty cannot be done", exc_info=True)
        return _back(context, own, code, "not_recorded")
    except Exception:
        logger.exception("own duty not shown")
        return _failed(context, code)


def _failed(context: Context, code: str) -> Response:
    """The page of which nothing is known now; 503, so that nobody keeps it."""
    return Response(dead(_language(context), "failed", code), status_code=503, headers={**page_headers()})


def _back(context: Context, own: Own, code: str, message: str) -> Response:
    where = f"{path_of(code)}?m={message}&lang={_language(context, own)}"
    return Response("", status_code=303, headers={**PRIVATE, "Location": where})


def _language(context: Context, own: Own | None = None) -> Language:
    """The one that was pressed, that of the person's SMS, or what the browser wants."""
    pressed = _query(context, "lang")
    if pressed == "id" or pressed == "en":
        return "id" if pressed == "id" else "en"
    if own:
        return own.person.language
    return choose_language(context.request.headers.get("accept-language", ""))


def _query(context: Context, name: str) -> str:
    return str(dict(context.request.query_params or {}).get(name, ""))


def _must_be_code(code: str) -> str:
    if not CODE.fullmatch(code):
        raise NotFound("this link leads nowhere")
    return code


def _form(request: Request) -> TestBody:
    try:
        values = parse_qs(raw_body(request).decode("utf-8", "replace"), max_num_fields=10)
        return msgspec.convert({name: each[0] for name, each in values.items()}, TestBody)
    except (msgspec.ValidationError, ValueError):
        raise Invalid("the form cannot be read", Fault("key", "required")) from None
