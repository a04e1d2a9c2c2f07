"""What reaches us from a provider: SMS, with one adapter each, and delivery reports; signed with the deployment's secret.

`X-Kentongan-Signature: t=<unix seconds>,v1=<hex>` holds HMAC-SHA256 of `<t>.<body>`, for a modem's script as for a
provider: a modem speaks to us over the same internet as everybody.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, unquote_plus

from chalice.app import Request
from msgspec.structs import replace

from ..domain import times
from ..domain.replies import printable
from ..errors import Forbidden, Invalid, NotFound, UnsupportedMediaType
from ..faults import Fault
from ..services.pages import delivery, replying, unread
from ..services.pages.delivery import Report
from ..services.pages.messages import Message
from ..services.registry.phone_numbers import sender_number
from .bodies.inbound import DeliveryBody, InboundBody, InboundQuery
from .http import Api, Context, Takes
from .openapi import FORM, SIGNATURE
from .reading import instant, media_type, raw_body, read_json

TOLERANCE_S = 300
SECONDS = re.compile(r"[1-9][0-9]{8,9}")
SIGNED = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})")
# Half of an emoji, where a long message was cut into parts: no JSON reader of ours takes it.
HALF = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])"
    rb"|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)
# A long message comes in parts, of which it has as many at most (3GPP TS 23.040), each with some ten variables of Gammu's.
MOST_PARTS = 255
MOST_FIELDS = 12 * MOST_PARTS
LARGEST = 256 * 1024
# What Gammu makes of the network's delivery reports, which it hands in as if the phone had written them.
GAMMUS_REPORTS = frozenset({"Delivered", "Failed", "Pending", "Unknown"})

api = Api(__name__)


@api.on("POST", "/api/inbound/sms", takes=Takes(query=InboundQuery, largest=LARGEST))
def receive(context: Context) -> dict[str, Any]:
    """Take in an SMS: a crew's answer is recorded, anything unclear goes to the desk."""
    provider = context.query.provider
    raw = raw_body(context.request, LARGEST)
    read, wanted_type = ADAPTERS[provider]
    if media_type(context.request) != wanted_type:
        raise UnsupportedMediaType(
            f"send {wanted_type}", Fault("Content-Type", "media_type", {"wanted": wanted_type})
        )
    _must_be_signed(context, raw)
    try:
        message = read(context.request, raw)
    except Invalid:
        # It is refused by name, and kept: it may be a crew's words, and its sender may take our answer for final.
        if raw.strip():
            unread.keep_unreadable(context.world, _unread(provider, raw))
        raise
    if message is None:
        return {"result": "ignored"}
    # '' of a name or a short number, which has no phone that we know.
    message = replace(message, number=sender_number(message.sender, context.registry.regency))
    return {"result": replying.receive(context.world, context.registry, message)}


@api.on("POST", "/api/inbound/reports")
def report(context: Context) -> dict[str, Any]:
    """Take in what became of an SMS of ours on its way to the phone."""
    raw = raw_body(context.request)
    if media_type(context.request) != "application/json":
        raise UnsupportedMediaType(
            "send application/json", Fault("Content-Type", "media_type", {"wanted": "application/json"})
        )
    _must_be_signed(context, raw)
    body = read_json(context.request, HALF.sub(rb"\\ufffd", raw), DeliveryBody)
    if not body.reference and not body.message_id:
        raise Invalid(
            "say which message", *(Fault(name, "any_of_these") for name in ("reference", "message_id"))
        )
    taken = Report(
        outcome=body.outcome,
        page_id=body.reference or "",
        message_id=body.message_id or "",
        at=instant(body.at, "at") if body.at else None,
        detail=body.detail,
        number=sender_number(body.to, context.registry.regency) if body.to else "",
    )
    return {"result": delivery.take_in(context.world, taken)}


def signature(secret: str, seconds: int, raw: bytes) -> str:
    """The header's value for a body at an instant."""
    signed = hmac.digest(secret.encode(), f"{seconds}.".encode() + raw, hashlib.sha256)
    return f"t={seconds},v1={signed.hex()}"


def _must_be_signed(context: Context, raw: bytes) -> None:
    secret = context.world.settings.inbound_secret
    if not secret:
        raise NotFound("nothing is taken in here")
    given = context.request.headers.get(SIGNATURE.lower(), "")
    found = SIGNED.fullmatch(given)
    seconds = int(found[1]) if found else 0
    # Compared in every case and in constant time, so that the answer's delay tells nothing.
    right = hmac.compare_digest(signature(secret, seconds, raw).encode(), given.encode("utf-8", "replace"))
    now = times.milliseconds(context.world.clock.now()) / 1000
    if not right or abs(now - seconds) > TOLERANCE_S:
        raise Forbidden("the signature is wrong or too old", Fault(SIGNATURE, "signature"))


def _generic(request: Request, raw: bytes) -> Message:
    body = read_json(request, HALF.sub(rb"\\ufffd", raw), InboundBody)
    return _message("generic", body.id, body.from_, body.text, instant(body.at, "at") if body.at else None)


def _gammu(request: Request, raw: bytes) -> Message | None:
    """The variables that Gammu's SMS daemon gives its RunOnReceive program, as a form, with the message's id.

    None for a delivery report, which names a message by one of 256 numbers of the modem's and says nothing of a page.
    """
    try:
        # Gammu's variables: https://docs.gammu.org/smsd/run.html
        form = {name: each[0] for name, each in parse_qs(raw.decode(), max_num_fields=MOST_FIELDS).items()}
    except ValueError:
        raise Invalid("the form cannot be read", Fault("body", "not_a_form")) from None
    # Whatever the form says of how many parts there are: what a person wrote is in those that came.
    parts = range(1, MOST_PARTS + 1)
    text = "".join(form.get(f"DECODED_{n}_TEXT", "") for n in parts)
    text = text or "".join(form.get(f"SMS_{n}_TEXT", "") for n in parts)
    of_network = form.get("SMS_1_REFERENCE", "0") != "0" or form.get("SMS_1_SMSC_TIMESTAMP")
    if of_network and text in GAMMUS_REPORTS:
        return None
    missing = [name for name in ("MESSAGE_ID", "SMS_1_NUMBER") if not form.get(name)]
    if missing:
        raise Invalid("the form lacks a part", *(Fault(name, "required") for name in missing))
    # Two daemons number their messages alike.
    id_ = "\n".join(filter(None, (form.get("PHONE_ID"), form["MESSAGE_ID"])))
    return _message("gammu", id_, form["SMS_1_NUMBER"], text, _received(form))


def _received(form: dict[str, str]) -> str | None:
    """When the service centre took a message in, or else the modem: Gammu tells the first from its version 1.44 on."""
    for name in ("SMS_1_TIMESTAMP", "RECEIVED_AT"):
        if SECONDS.fullmatch(form.get(name, "")):
            return times.plus(times.render(times.EPOCH), int(form[name]))
    return None


def _unread(provider: str, raw: bytes) -> Message:
    text = (
        unquote_plus(raw.decode("utf-8", "replace"))
        if provider == "gammu"
        else raw.decode("utf-8", "replace")
    )
    return Message(provider=provider, id=hashlib.sha256(raw).hexdigest(), number="", sender="?", text=text)


def _message(provider: str, id_: str, sender: str, text: str, at: str | None) -> Message:
    return Message(provider=provider, id=id_, number="", sender=printable(sender, 80), text=text, at=at)


ADAPTERS: dict[str, tuple[Callable[[Request, bytes], Message | None], str]] = {
    "generic": (_generic, "application/json"),
    "gammu": (_gammu, FORM),
}
