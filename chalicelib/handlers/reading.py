"""Reading requests: JSON bodies and queries as types, with every fault named by field and code."""

from __future__ import annotations

import json
from datetime import datetime
from ipaddress import ip_address, ip_network
from typing import Any, TypeVar

import msgspec
from chalice.app import MultiDict, Request

from ..domain import times
from ..errors import Invalid, TooLarge, UnsupportedMediaType
from ..faults import Fault
from .fitting import decoded, invalid, misfits
from .honest import refused_texts

MAX_BODY = 64 * 1024
T = TypeVar("T")


def raw_body(request: Request, largest: int = MAX_BODY) -> bytes:
    """The body as bytes; TooLarge above 64 KB, or what else a route takes, which no honest client sends."""
    try:
        raw = request.raw_body
    except UnicodeEncodeError:
        raise Invalid("the body is not UTF-8", Fault("body", "not_utf8")) from None
    raw = raw if isinstance(raw, bytes) else raw.encode()
    if len(raw) > largest:
        raise TooLarge(
            f"a body may have {largest} bytes", Fault("body", "too_many_bytes", {"most": str(largest)})
        )
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
        raise UnsupportedMediaType(
            "send application/json", Fault("Content-Type", "media_type", {"wanted": "application/json"})
        )
    try:
        value = decoded(raw or b"{}", type_)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Invalid("the body is not JSON", Fault("body", "not_json")) from None
    # msgspec takes the last of two keys alike, another reader the first: what was meant is not ours to guess.
    json.loads(raw or b"{}", object_pairs_hook=_without_repeats)
    if refused := refused_texts(value, type_):
        raise invalid(refused)
    return value


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read: dict[str, Any] = {}
    for name, value in pairs:
        if name in read:
            raise Invalid("a key is given twice", Fault(name, "twice"))
        read[name] = value
    return read


def read_query(given: MultiDict | None, type_: type[T]) -> T:
    """The query as a type; Invalid names a parameter that does not fit, is unknown or is given twice."""
    given = given or MultiDict({})
    if twice := [name for name in given if len(given.getlist(name)) > 1]:
        raise Invalid("a parameter is given twice", *(Fault(name, "twice") for name in twice))
    try:
        value = msgspec.convert(dict(given), type_, strict=False)
    except msgspec.ValidationError:
        raise invalid(misfits(dict(given), type_, strict=False)) from None
    if refused := refused_texts(value, type_):
        raise invalid(refused)
    return value


def instant(moment: datetime, path: str) -> str:
    """A moment of a request as our instant; Invalid when it cannot be told in UTC."""
    try:
        return times.render(moment)
    except (OverflowError, ValueError):
        raise Invalid("a time is out of range", Fault(path, "out_of_range")) from None


def exactly_one(**given: Any) -> None:
    """Invalid unless one of the fields is given, and no more."""
    if sum(value is not None for value in given.values()) != 1:
        raise Invalid(f"give either {' or '.join(given)}", *(Fault(name, "one_of_these") for name in given))


def unlike(ids: list[str], path: str) -> list[str]:
    """The ids; Invalid where one is given twice."""
    if twice := [n for n, each in enumerate(ids) if each in ids[:n]]:
        raise Invalid("one is given twice", *(Fault(f"{path}[{n}]", "twice") for n in twice))
    return ids


def coordinates(lat: float | None, lng: float | None, at: str = "") -> None:
    """Invalid unless both are given or none."""
    if (lat is None) != (lng is None):
        raise Invalid(
            "coordinates come in pairs", Fault(f"{at}{'lat' if lat is None else 'lng'}", "required")
        )
