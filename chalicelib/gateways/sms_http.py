"""SMS by any provider's HTTPS API, described by one setting; neither number nor text is logged."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import msgspec

from ..errors import Invalid, SmsBarred, SmsRefused, SmsUnavailable
from ..faults import Fault
from . import https
from .sms import Sms, refuse_demo

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_TRY_AGAIN = frozenset({408, 425, 429})
_LONGEST_PAUSE_S = 3600.0
_FORM = "application/x-www-form-urlencoded"
_OURS = frozenset({"host", "content-length", "transfer-encoding", "connection", "accept-encoding", "expect"})


class HttpSmsSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to call a provider.

    `body` is JSON, or a form if a Content-Type header says so; it and the query of `url` may hold {number}
    (+62…), {digits} (62…), {text} and {id} (the page's id, the same at each try; headers may hold it too). An
    answer of 2xx is success; `id_pointer` (RFC 6901, into JSON) or `id_pattern` (a regular expression of one
    group) finds the provider's message id in it, and an answer without it is no success. What is no success concerns this
    number alone, and ends the page, only where `number_pattern` (a regular expression) is found in the answer: by its status
    nobody can tell a wrong number from a sender that was blocked.
    """

    url: str
    method: Literal["POST", "PUT", "GET"] = "POST"
    headers: dict[str, str] = msgspec.field(default_factory=dict)
    body: str = ""
    id_pointer: str = ""
    id_pattern: str = ""
    number_pattern: str = ""

    def __repr__(self) -> str:
        return "HttpSmsSettings()"  # url, headers and body hold the provider's secrets


def parse_settings(text: str) -> HttpSmsSettings:
    """Read the settings from JSON; Invalid names what cannot be read, without repeating it."""
    try:
        return msgspec.json.decode(text, type=HttpSmsSettings)
    except msgspec.DecodeError as error:
        raise Invalid(f"the settings of the HTTP provider cannot be read: {error}") from None


class HttpSms:
    """A provider described by settings; Invalid at once if they could never send."""

    name = "http"

    def __init__(
        self, settings: HttpSmsSettings, *, allow_demo: bool = False, client: https.Https | None = None
    ) -> None:
        self._allow_demo = allow_demo
        self._https = client or https.Https()
        self._settings = settings
        self._headers = {name.lower(): value for name, value in settings.headers.items()}
        self._body, self._content_type = _read_body(settings.body, self._headers.get("content-type", ""))
        self._pattern = _read_pattern("id_pattern", settings.id_pattern, groups=1)
        self._of_number = _read_pattern("number_pattern", settings.number_pattern)
        _check(settings)

    def send(self, sms: Sms) -> str:
        """Make the one request that hands the message over; see SmsProvider."""
        refuse_demo(sms, self._allow_demo)
        values = {"number": sms.number, "digits": sms.number.lstrip("+"), "text": sms.text, "id": sms.page_id}
        headers = {name: _fill(value, values) for name, value in self._headers.items()}
        body = None
        if self._body is not None:
            headers["content-type"] = self._content_type
            filled = _fill_all(self._body, values)
            body = (
                _encode_form(filled) if self._content_type.startswith(_FORM) else json.dumps(filled)
            ).encode()
        try:
            answer = self._https.request(
                self._settings.method, _fill_query(self._settings.url, values), headers, body
            )
        except https.AddressRefused as error:
            raise SmsBarred(f"the provider's address is refused: {error}") from None
        except https.Unreachable as error:
            raise SmsUnavailable(f"the provider cannot be reached: {error}") from None
        try:
            _judge(answer)
            return self._message_id(answer.body)
        except SmsUnavailable:
            if self._of_number and self._of_number.search(answer.body.decode("utf-8", "replace")):
                raise SmsRefused(f"the provider refuses this number: {answer.status}") from None
            raise

    def _message_id(self, body: bytes) -> str:
        found: object = ""
        if self._settings.id_pointer:
            found = _at_pointer(body, self._settings.id_pointer)
        elif self._pattern:
            match = self._pattern.search(body.decode("utf-8", "replace"))
            found = match[1] if match else None
        else:
            return ""
        if isinstance(found, bool) or not isinstance(found, str | int) or found == "":
            # It may have been sent all the same: a repeated page beats a lost one.
            raise SmsUnavailable("the provider's answer names no message id")
        return str(found)[:128]


def _judge(answer: https.Answer) -> None:
    """Raise unless 2xx: SmsUnavailable for 408, 425, 429 and 5xx, SmsBarred for all else.

    A password that is wrong, a balance that is spent, a template that the provider cannot read concern every message.
    """
    if 200 <= answer.status < 300:
        return
    said, pause = (
        f"the provider answered {answer.status}",
        _retry_after(answer.headers.get("retry-after", "")),
    )
    if answer.status in _TRY_AGAIN or answer.status >= 500:
        raise SmsUnavailable(said, retry_after_s=pause, may_be_taken=answer.status >= 500)
    if 300 <= answer.status < 400:
        said += ": a redirect is not followed"
    raise SmsBarred(said, retry_after_s=pause)


def _retry_after(value: str) -> float | None:
    if not value:
        return None
    try:
        pause = float(value) if value.strip().isdigit() else _until(value)
    except ValueError:
        return None
    return min(max(pause, 0.0), _LONGEST_PAUSE_S)


def _until(date: str) -> float:
    return (parsedate_to_datetime(date).astimezone(UTC) - datetime.now(UTC)).total_seconds()


def _read_body(body: str, content_type: str) -> tuple[Any, str]:
    """Take the template apart before anything is filled in, so that no text can break out of its place."""
    if not body:
        return None, ""
    kind = content_type.partition(";")[0].strip().lower() or "application/json"
    if kind == _FORM:
        return parse_qsl(body, keep_blank_values=True), content_type
    if kind != "application/json" and not kind.endswith("+json"):
        raise Invalid(
            "the provider's body must be JSON or a form",
            Fault("headers", "sms_setting", {"why": "unknown Content-Type"}),
        )
    try:
        return json.loads(body), content_type or kind
    except ValueError:
        raise Invalid(
            "the provider's body is not JSON",
            Fault("body", "sms_setting", {"why": "not JSON; placeholders go inside strings"}),
        ) from None


def _read_pattern(field: str, pattern: str, groups: int | None = None) -> re.Pattern[str] | None:
    if not pattern:
        return None
    try:
        compiled = re.compile(pattern)
    except re.error:
        raise Invalid(
            "not a regular expression", Fault(field, "sms_setting", {"why": "not a regular expression"})
        ) from None
    if groups is not None and compiled.groups != groups:
        raise Invalid("one group must hold the id", Fault(field, "sms_setting", {"why": "needs one group"}))
    return compiled


def _check(settings: HttpSmsSettings) -> None:
    try:
        https.split_url(settings.url)
    except ValueError as error:
        raise Invalid(
            "the provider's url cannot be used", Fault("url", "sms_setting", {"why": str(error)})
        ) from None
    parts = urlsplit(settings.url)
    if _PLACEHOLDER.search(parts._replace(query="").geturl()):
        raise Invalid(
            "placeholders stand in the url's query only",
            Fault("url", "sms_setting", {"why": "placeholder outside the query"}),
        )
    for name, value in settings.headers.items():
        if not re.fullmatch(r"[A-Za-z0-9-]+", name) or name.lower() in _OURS:
            raise Invalid(
                "this header cannot be set",
                Fault("headers", "sms_setting", {"why": f"{name[:40]!r} cannot be set"}),
            )
        if not value.isascii() or not value.isprintable() or set(_PLACEHOLDER.findall(value)) - {"id"}:
            raise Invalid(
                "this header's value cannot be sent",
                Fault("headers", "sms_setting", {"why": f"the value of {name} cannot be sent"}),
            )
    used = set(_PLACEHOLDER.findall(parts.query)) | set(_PLACEHOLDER.findall(settings.body))
    if unknown := used - {"number", "digits", "text", "id"}:
        raise Invalid(
            "unknown placeholder",
            Fault("body", "sms_setting", {"why": f"unknown placeholder {{{min(unknown)}}}"}),
        )
    if "text" not in used or not used & {"number", "digits"}:
        raise Invalid(
            "the message would be empty",
            Fault("body", "sms_setting", {"why": "{number} or {digits}, and {text}, must stand somewhere"}),
        )


def _fill(template: str, values: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda found: values[found[1]], template)


def _fill_all(template: Any, values: Mapping[str, str]) -> Any:
    if isinstance(template, str):
        return _fill(template, values)
    if isinstance(template, dict):
        return {name: _fill_all(value, values) for name, value in template.items()}
    if isinstance(template, list | tuple):
        return [_fill_all(value, values) for value in template]
    return template


def _encode_form(pairs: list[list[str]]) -> str:
    return urlencode([(name, value) for name, value in pairs])


def _fill_query(url: str, values: Mapping[str, str]) -> str:
    parts = urlsplit(url)
    pairs = [(name, _fill(value, values)) for name, value in parse_qsl(parts.query, keep_blank_values=True)]
    return urlunsplit(parts._replace(query=urlencode(pairs, quote_via=quote)))


def _at_pointer(body: bytes, pointer: str) -> object:
    """The value at an RFC 6901 pointer, None where there is none."""
    try:
        value = json.loads(body)
        for part in pointer.split("/")[1:]:
            key = part.replace("~1", "/").replace("~0", "~")
            value = value[int(key)] if isinstance(value, list) else value[key]
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    return value
