"""A person's own duty by the standing link: GET shows, only POST acts, since previewers fetch links."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import parse_qs

import msgspec
from chalice.app import Request, Response

from ..domain import times
from ..domain.duty import Change
from ..domain.registry import Language
from ..errors import Conflict, Forbidden, Invalid, KentonganError, NotFound, TooMany, Unprocessable
from ..faults import Fault
from ..models.registry import Snapshot
from ..observability import logger
from ..services.duty import own as service
from ..services.duty import own_calendar, own_changes, own_link, testing_phone
from ..services.duty.own_changes import Wish
from ..services.duty.own_link import Own, path_of
from .bodies.responder import AnswerBody, CannotBody, TestBody, WishBody
from .http import Api, Context, Takes, status_of
from .own_duty_page import (
    Asked,
    Reader,
    Shown,
    Waiting,
    cannot_page,
    dead,
    long_day,
    page,
    page_headers,
    swap_page,
    told,
)
from .own_duty_words import TEXTS
from .reading import raw_body, source_of
from .responder_page import choose_language

api = Api(__name__)
T = TypeVar("T", AnswerBody, CannotBody, TestBody, WishBody)
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
        reader = _reader(context, own, code)
        return _html(page(reader, _shown(context, own, registry, reader), context.world.clock.now()))

    return _guarded(context, code, shown)


@api.on("GET", "/r/{code}/duty/cannot", takes=Takes(query=None))
def show_cannot(context: Context, code: str) -> Response:
    """The page on which somebody says that they cannot, for duties or from a day to another."""

    def shown(own: Own, registry: Snapshot) -> Response:
        reader = _reader(context, own, code)
        return _html(cannot_page(reader, _shown(context, own, registry, reader), _query(context, "day")))

    return _guarded(context, code, shown)


@api.on("GET", "/r/{code}/duty/swap", takes=Takes(query=None))
def show_swap(context: Context, code: str) -> Response:
    """The page on which somebody asks who is free on a day of theirs to swap or to stand in."""

    def shown(own: Own, registry: Snapshot) -> Response:
        reader, day = _reader(context, own, code), _query(context, "day")
        if not times.on_calendar(day):
            return _back(context, own, code, "changed")
        found = own_changes.offers(context.world, registry, own.person, day)
        return _html(swap_page(reader, _shown(context, own, registry, reader), day, found))

    return _guarded(context, code, shown)


@api.on("POST", "/api/r/{code}/duty/answer", takes=Takes(query=None))
def answer(context: Context, code: str) -> Response:
    """Answer what a colleague asked, or take back what one asked for oneself; answered by 303 to the page."""

    def answered(own: Own, registry: Snapshot) -> Response:
        body = _form(context.request, AnswerBody)
        if body.answer == "back":
            own_changes.withdraw(context.world, registry, own.person, body.change)
            return _back(context, own, code, "taken_back")
        yes = body.answer == "yes"
        own_changes.answer(context.world, registry, own.person, body.change, yes=yes)
        return _back(context, own, code, "answered_yes" if yes else "answered_no")

    return _guarded(context, code, answered)


@api.on("POST", "/api/r/{code}/duty/cannot", takes=Takes(query=None))
def cannot(context: Context, code: str) -> Response:
    """Say that one cannot; answered by 303 to the page, and counts as the agency has it."""

    def said(own: Own, registry: Snapshot) -> Response:
        try:
            body = _form(context.request, CannotBody)
        except Invalid:
            return _back(context, own, code, "choose_duty", "/cannot")
        spans = [(day, "") for day in body.days.split() if times.on_calendar(day)]
        if times.on_calendar(body.first):
            spans.append((body.first, body.last if times.on_calendar(body.last) else ""))
        if not spans:
            return _back(context, own, code, "choose_duty", "/cannot")
        why = ": ".join(filter(None, (TEXTS[own.person.language][body.reason], body.why)))
        own_changes.cannot(context.world, registry, own.person, spans, body.key, why)
        return _back(context, own, code, "cannot_done")

    return _guarded(context, code, said)


@api.on("POST", "/api/r/{code}/duty/swap", takes=Takes(query=None))
def swap(context: Context, code: str) -> Response:
    """Ask a colleague to swap or to stand in; answered by 303 to the page."""

    def asked(own: Own, registry: Snapshot) -> Response:
        body = _form(context.request, WishBody)
        other, _, day = body.offer.partition(":")
        wish = Wish(body.day, other, day)
        own_changes.ask(context.world, registry, own.person, wish, body.key, body.why)
        return _back(context, own, code, "wish_sent")

    return _guarded(context, code, asked)


@api.on("POST", "/api/r/{code}/duty/test", takes=Takes(query=None))
def test(context: Context, code: str) -> Response:
    """Send a test SMS to the phone of whoever has the link, three a day at most; answered by 303 to the page."""

    def ordered(own: Own, registry: Snapshot) -> Response:
        body = _form(context.request, TestBody)
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
    except KentonganError as error:
        logger.warning("what was sent from the page of own duty cannot be done", extra={"code": error.code})
        stands = isinstance(error, Conflict | Unprocessable | Forbidden | NotFound)
        return _back(context, own, code, "changed" if stands else "not_recorded")
    except Exception:
        logger.exception("own duty not shown")
        return _failed(context, code)


def _failed(context: Context, code: str) -> Response:
    """The page of which nothing is known now; 503, so that nobody keeps it."""
    return Response(dead(_language(context), "failed", code), status_code=503, headers={**page_headers()})


def _back(context: Context, own: Own, code: str, message: str, part: str = "") -> Response:
    where = f"{path_of(code)}{part}?m={message}&lang={_language(context, own)}"
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


def _form(request: Request, type_: type[T]) -> T:
    """A form's values as a type; several of one name are one, parted by blanks."""
    try:
        values = parse_qs(raw_body(request).decode("utf-8", "replace"), max_num_fields=60)
        return msgspec.convert({name: " ".join(each) for name, each in values.items()}, type_)
    except (msgspec.ValidationError, ValueError):
        raise Invalid("the form cannot be read", Fault("key", "required")) from None


def _shown(context: Context, own: Own, registry: Snapshot, reader: Reader) -> Shown:
    world, person = context.world, own.person
    found = own_changes.standing(world, registry, person)

    def duties(change: Change, person_id: str, day: str) -> list[str]:
        stretches = own_changes.concerned(world, registry, change, person_id, day)
        return [told(reader, registry, each) for each in stretches]

    def name(person_id: str) -> str:
        other = registry.people.get(person_id)
        return other.name if other else ""

    def asked(change: Change) -> Asked:
        words, theirs = reader.words, duties(change, change.person_id, change.day)
        if change.kind != "swap":
            return Asked(change.id, words["asked_substitute"].format(name(change.person_id)), theirs)
        lines = [f"{words['you_take']} {each}" for each in theirs]
        lines += [f"{words['they_take']} {each}" for each in duties(change, person.id, change.other_day)]
        return Asked(change.id, words["asked_swap"].format(name(change.person_id)), lines)

    def waiting(change: Change) -> Waiting:
        days = dict.fromkeys((change.day, change.last_day or change.day)) if change.day else {}
        when = "–".join(long_day(reader, each) for each in days)
        what = reader.words[f"own_{change.kind}"].format(name(change.other_id))
        return Waiting(
            change.id, ", ".join(filter(None, (what, when))), reader.words[f"state_{change.state}"]
        )

    return Shown(
        registry,
        person,
        service.coming(world, registry, person),
        testing_phone.last_test(own),
        f"{world.settings.public_url}{own.calendar_path(world)}",
        world.mint.id(),
        [asked(each) for each in found.asked],
        [waiting(each) for each in found.own],
    )


def _reader(context: Context, own: Own, code: str) -> Reader:
    hours = context.world.settings.utc_offset_hours
    return Reader(code, _language(context, own), _query(context, "m"), hours)


def _html(html: str) -> Response:
    return Response(html, status_code=200, headers={**page_headers()})
