"""Reading requests: JSON bodies and queries as types, with every fault named by field in a few stable phrases."""

from __future__ import annotations

import json
import re
from datetime import datetime
from ipaddress import ip_address, ip_network
from typing import Any, TypeVar

import msgspec
from chalice.app import MultiDict, Request

from ..domain import times
from ..domain.texts import HIDES
from ..errors import Invalid, TooLarge, UnsupportedMediaType
from .honest import refused_texts

MAX_BODY = 64 * 1024
T = TypeVar("T")

# What msgspec says, and what clients read instead: phrases that a site can translate and no pattern of ours shows in.
PHRASES: tuple[tuple[str, str], ...] = (
    (r"Object missing required field.*", "is required"),
    (r"Object contains unknown field.*", "is unknown"),
    (r"Invalid enum value.*", "is not one of the choices"),
    (r"Expected `str` of length <= (\d+)", r"has more than \1 characters"),
    (r"Expected `str` of length >= 1", "is empty"),
    (r"Expected `str` matching regex .*\\u2060-.*", HIDES),
    (r"Expected `str` matching regex.*", "has a wrong form"),
    (r"Expected `array` of length >= (\d+)", r"has fewer than \1 elements"),
    (r"Expected `\w+` >= (\S+)", r"is less than \1"),
    (r"Expected `\w+` <= (\S+)", r"is more than \1"),
    (r"Expected `datetime` with a timezone component", "has no zone"),
    (r"Expected `([^`]*)`, got.*", r"is not \1"),
    (r"Invalid RFC3339 encoded date.*", "is no time"),
    (r".*out of range", "is out of range"),
)
TYPE_NAMES = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "datetime": "a time",
    "date": "a day",
}
_AT = re.compile(r"^(?P<what>.*?)(?: - at `\$(?P<path>.*)`)?$", re.DOTALL)
_FIELD = re.compile(r"field `(?P<name>[^`]*)`$")


def raw_body(request: Request, largest: int = MAX_BODY) -> bytes:
    """The body as bytes; TooLarge above 64 KB, or what else a route takes, which no honest client sends."""
    try:
        raw = request.raw_body
    except UnicodeEncodeError:
        raise Invalid("the body is not UTF-8", {"body": "is not UTF-8"}) from None
    raw = raw if isinstance(raw, bytes) else raw.encode()
    if len(raw) > largest:
        raise TooLarge(f"a body may have {largest} bytes", {"body": f"has more than {largest} bytes"})
    return raw


def source_of(request: Request) -> str:
    """The address that the connection came from, of IPv6 the network that one customer gets; '' when none is told.

    Only this cannot be made up: `X-Forwarded-For` holds whatever a client put before what proxies add.
    """
    text = str(request.context.get("identity", {}).get("sourceIp", ""))
    try:
        address = ip_address(text)
    except ValueError:
        return ""
    return str(ip_network((address, 64), strict=False)) if address.version == 6 else text


def media_type(request: Request) -> str:
    """The body's media type without parameters, '' when none is given."""
    return str(request.headers.get("content-type", "")).partition(";")[0].strip().lower()


def read_json(request: Request, raw: bytes, type_: type[T]) -> T:
    """A JSON body as a type; Invalid names the field that does not fit."""
    if media_type(request) != "application/json":
        raise UnsupportedMediaType("send application/json", {"Content-Type": "is not application/json"})
    try:
        value = msgspec.json.decode(raw or b"{}", type=type_)
    except msgspec.ValidationError as error:
        raise invalid(error) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Invalid("the body is not JSON", {"body": "is not JSON"}) from None
    # msgspec takes the last of two keys alike, another reader the first: what was meant is not ours to guess.
    json.loads(raw or b"{}", object_pairs_hook=_without_repeats)
    if refused := refused_texts(value, type_):
        raise Invalid(", ".join(f"{field} {why}" for field, why in refused.items()), refused)
    return value


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read: dict[str, Any] = {}
    for name, value in pairs:
        if name in read:
            raise Invalid("a key is given twice", {name: "is given twice"})
        read[name] = value
    return read


def read_query(given: MultiDict | None, type_: type[T]) -> T:
    """The query as a type; Invalid names a parameter that does not fit, is unknown or is given twice."""
    given = given or MultiDict({})
    for name in given:
        if len(given.getlist(name)) > 1:
            raise Invalid("a parameter is given twice", {name: "is given twice"})
    try:
        return msgspec.convert(dict(given), type_, strict=False)
    except msgspec.ValidationError as error:
        raise invalid(error) from None


def invalid(error: msgspec.ValidationError) -> Invalid:
    """msgspec's error with the field's path as clients write it, such as incident.location.lat."""
    match = _AT.match(str(error))
    what, path = (match["what"], match["path"] or "") if match else (str(error), "")
    named = _FIELD.search(what)
    field = f"{path}.{named['name']}" if named else path
    field = field.strip(".") or "body"
    phrase = _phrase(what)
    return Invalid(f"{field} {phrase}", {field: phrase})


def _phrase(what: str) -> str:
    for pattern, phrase in PHRASES:
        found = re.fullmatch(pattern, what, re.DOTALL)
        if found:
            expanded = found.expand(phrase)
            kind = expanded.removeprefix("is not ").partition(" ")[0]
            return (
                f"is not {TYPE_NAMES[kind]}"
                if kind in TYPE_NAMES and what.startswith("Expected")
                else expanded
            )
    return "is wrong"


def instant(moment: datetime, path: str) -> str:
    """A moment of a request as our instant; Invalid when it cannot be told in UTC."""
    try:
        return times.render(moment)
    except (OverflowError, ValueError):
        raise Invalid("a time is out of range", {path: "is out of range"}) from None


def exactly_one(**given: Any) -> None:
    """Invalid unless one of the fields is given, and no more."""
    if sum(value is not None for value in given.values()) != 1:
        raise Invalid(f"give either {' or '.join(given)}", dict.fromkeys(given, "give exactly one of these"))


def coordinates(lat: float | None, lng: float | None, at: str = "") -> None:
    """Invalid unless both are given or none."""
    if (lat is None) != (lng is None):
        raise Invalid("coordinates come in pairs", {f"{at}{'lat' if lat is None else 'lng'}": "is required"})
