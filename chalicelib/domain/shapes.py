"""Values that another release wrote: fields that this one does not know are left out, at any depth (ADR 21)."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from msgspec import Struct

S = TypeVar("S", bound=Struct)


def from_json(text: str, type_: type[S]) -> S:
    """A value of a type that takes no unknown fields from outside, from a record; ValidationError if it is no such value."""
    try:
        return msgspec.json.decode(text, type=type_)
    except msgspec.ValidationError:
        return from_plain(msgspec.json.decode(text), type_)


def from_plain(value: Any, type_: type[S]) -> S:
    """The same from what JSON was decoded to."""
    try:
        return msgspec.convert(value, type_)
    except msgspec.ValidationError:
        # Only after another release has run: nobody pays for the import before.
        from msgspec import inspect

        return msgspec.convert(_known(value, inspect.type_info(type_)), type_)


def _known(value: Any, info: Any) -> Any:
    if isinstance(value, dict) and hasattr(info, "fields"):
        types = {field.encode_name: field.type for field in info.fields}
        return {name: _known(each, types[name]) for name, each in value.items() if name in types}
    if isinstance(value, list) and hasattr(info, "item_type"):
        return [_known(each, info.item_type) for each in value]
    if hasattr(info, "types"):
        for each in info.types:
            value = _known(value, each)
    return _known(value, info.type) if hasattr(info, "type") else value
