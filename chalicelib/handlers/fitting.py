"""What of a request does not fit its type: all of it at once, by field, where msgspec stops at the first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec import Struct

from ..errors import Invalid
from ..faults import Fault
from .honest import refused_texts

T = TypeVar("T")
# More are counted: nobody reads them, and an answer must not outgrow its request.
TOLD_MOST = 100
# What msgspec says of a value, the code that it is told by, and which value of the code the group holds.
CODES: tuple[tuple[str, str, str], ...] = (
    (r"Object missing required field.*", "required", ""),
    (r"Object contains unknown field.*", "unknown_field", ""),
    (r"Invalid enum value.*", "not_a_choice", ""),
    (r"Expected `str` of length <= (\d+)", "too_long", "most"),
    (r"Expected `str` of length >= 1", "empty", ""),
    (r"Expected `str` of length >= (\d+)", "too_short", "least"),
    (r"Expected `str` matching regex .*\\u2060-.*", "hidden", ""),
    (r"Expected `str` matching regex.*", "wrong_form", ""),
    (r"Expected `array` of length >= (\d+)", "too_few", "least"),
    (r"Expected `array` of length <= (\d+)", "too_many", "most"),
    (r"Expected `\w+` >= (\S+)", "too_small", "least"),
    (r"Expected `\w+` <= (\S+)", "too_large", "most"),
    (r"Expected `datetime` with a timezone component", "no_zone", ""),
    (r"Expected `str\b[^`]*`, got.*", "not_text", ""),
    (r"Expected `int\b[^`]*`, got.*", "not_whole", ""),
    (r"Expected `float\b[^`]*`, got.*", "not_number", ""),
    (r"Expected `bool\b[^`]*`, got.*", "not_boolean", ""),
    (r"Expected `array\b[^`]*`, got.*", "not_list", ""),
    (r"Expected `object\b[^`]*`, got.*", "not_object", ""),
    (r"Expected `datetime\b[^`]*`, got.*", "not_time", ""),
    (r"Expected `date\b[^`]*`, got.*", "not_day", ""),
    (r"Invalid RFC3339 encoded date.*", "no_time", ""),
    (r".*out of range", "out_of_range", ""),
)
_AT = re.compile(r"^(?P<what>.*?)(?: - at `\$(?P<path>.*)`)?$", re.DOTALL)
_FIELD = re.compile(r"field `(?P<name>[^`]*)`$")


def decoded(raw: bytes, type_: type[T]) -> T:
    """JSON as a type; Invalid has all that does not fit, DecodeError what is no JSON."""
    try:
        return msgspec.json.decode(raw, type=type_)
    except msgspec.ValidationError as error:
        raise invalid(_misfits_of(raw, type_) or [first(error)]) from None


def _misfits_of(raw: bytes, type_: Any) -> list[Fault]:
    try:
        return misfits(msgspec.json.decode(raw), type_)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return []  # It is no JSON after the first misfit, or nested deeper than anything honest.


def misfits(
    value: Any, type_: Any, at: str = "", *, needed: bool = False, strict: bool = True
) -> list[Fault]:
    """Why a decoded value is none of a type, each with its path as clients write it: `incident.location.lat`.

    `needed`: of a text, that it must say something; not `strict`: what is written as text is read, as in a query.
    """
    try:
        read = msgspec.convert(value, type_, strict=strict)
    except msgspec.ValidationError as error:
        return list(_inside(value, type_, at, strict)) or [first(error, at)]
    return refused_texts(read, type_, at, needed=needed)


def _inside(value: Any, type_: Any, at: str, strict: bool) -> Iterator[Fault]:
    """The faults of what a value holds, none if itself is wrong."""
    while get_origin(type_) is Annotated:
        type_ = get_args(type_)[0]
    if get_origin(type_) in (Union, UnionType):
        for each in get_args(type_):
            yield from _inside(value, each, at, strict)
    elif isinstance(value, list) and get_origin(type_) is list:
        for number, each in enumerate(value):
            yield from misfits(each, get_args(type_)[0], f"{at}[{number}]", strict=strict)
    elif isinstance(value, dict) and isinstance(type_, type) and issubclass(type_, Struct):
        fields = {each.encode_name: each for each in msgspec.structs.fields(type_)}
        for name, field in fields.items():
            path = _below(at, name)
            if name in value:
                yield from misfits(value[name], field.type, path, needed=field.required, strict=strict)
            elif field.required:
                yield Fault(path, "required")
        if type_.__struct_config__.forbid_unknown_fields:
            yield from (Fault(_below(at, name), "unknown_field") for name in value if name not in fields)


def _below(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name


def first(error: msgspec.ValidationError, at: str = "") -> Fault:
    """What msgspec says, as the fault of a field below `at`."""
    match = _AT.match(str(error))
    what, path = (match["what"], match["path"] or "") if match else (str(error), "")
    named = _FIELD.search(what)
    field = f"{at}{path}.{named['name']}" if named else f"{at}{path}"
    field = field.strip(".") or "body"
    for pattern, code, value in CODES:
        found = re.fullmatch(pattern, what, re.DOTALL)
        if found:
            return Fault(field, code, {value: found[1]} if value else {})
    return Fault(field, "wrong")


def invalid(faults: list[Fault]) -> Invalid:
    """The error that tells all faults of a request, of very many the first hundred."""
    told = faults[:TOLD_MOST]
    message = ", ".join(f"{fault.where} {fault.sentence}" for fault in told)
    more = len(faults) - len(told)
    return Invalid(f"{message} and {more} more" if more else message, *told)
