"""Free text of requests: every field whose type says LINE or TEXT is held to domain/texts.py, and all that fail are named."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec.inspect as mi
from msgspec import UNSET

from ..domain import texts
from ..faults import Fault

FREE = (texts.LINE, texts.TEXT)


def refused_texts(value: Any, type_: Any, at: str = "", *, needed: bool = False) -> list[Fault]:
    """Why texts of a value of a type cannot be taken, with their paths below `at`: `rows[0].location.village`.

    One that must be given (`needed`) must say something: its field has no default, or it may not be empty.
    """
    return list(_refused(value, _info(type_), at, needed=needed))


@cache
def _info(type_: Any) -> mi.Type:
    return mi.type_info(type_)


def _refused(value: Any, info: mi.Type, at: str, *, needed: bool) -> Iterator[Fault]:
    if isinstance(info, mi.Metadata):
        yield from _refused(value, info.type, at, needed=needed)
    elif isinstance(info, mi.UnionType):
        for each in info.types if value is not None else ():
            yield from _refused(value, each, at, needed=needed)
    elif isinstance(info, mi.StrType) and info.pattern in FREE:
        if code := texts.refusal(value, needed=needed or bool(info.min_length)):
            yield Fault(at, code)
    elif isinstance(info, mi.ListType):
        for number, each in enumerate(value):
            yield from _refused(each, info.item_type, f"{at}[{number}]", needed=False)
    elif isinstance(info, mi.StructType):
        for field in info.fields:
            path = f"{at}.{field.encode_name}" if at else field.encode_name
            given = getattr(value, field.name)
            # What was left out holds nothing.
            if given is not UNSET:
                yield from _refused(given, field.type, path, needed=field.required)
