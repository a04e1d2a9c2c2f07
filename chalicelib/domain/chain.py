"""Chains of records: each holds the hash of the one before it, and its own over its JSON as it is stored.

The stored JSON is the truth, never a struct made of it: what a later release has added is under the hash as well, and what
this release would add by a default is not. Incidents' events and the records of who looked at whose data are such chains;
each seal holds the digest of the whole seal before it, whose content is in the canonical form.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct

# Beyond it neighbours are one number to JavaScript, and RFC 8785 has no form for them.
LARGEST = 2**53 - 1


def canonical(value: Any) -> bytes:
    """The RFC 8785 form of a JSON value; ValueError where it has none, and for fractions that only an exponent can write."""
    text = json.dumps(_ordered(value), separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        # By UTF-16: Python would put 🚒 behind U+FFFF, and every other language before it.
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return {name: _ordered(value[name]) for name in names}
    if isinstance(value, list | tuple):
        return [_ordered(each) for each in value]
    return _number(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _number(value: float) -> float:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if abs(value) > LARGEST or "e" in repr(value):
        raise ValueError(f"{value} has no canonical form here")
    return value


def digest(content: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(content).hexdigest()


def hash_of(stored: str | bytes) -> str:
    """The hash that a link must have: over its stored JSON without `hash`; ValueError where it has no canonical form."""
    fields = msgspec.json.decode(stored, type=dict[str, Any])
    fields.pop("hash", None)
    return digest(canonical(fields))


class _Link(Struct, frozen=True):
    """What of a link makes the chain; what somebody took out of it is missing to the chain, and no reason to stop reading."""

    seq: int = 0
    prev: str = ""
    hash: str = ""


@lru_cache(maxsize=4096)
def _link(stored: str) -> tuple[_Link, bool]:
    """A link, and whether its hash holds; whoever opens an incident walks its chain again, and the same JSON has the same hash."""
    link = msgspec.json.decode(stored, type=_Link)
    try:
        return link, hash_of(stored) == link.hash
    except ValueError:  # it has no canonical form, so no honest link held it
        return link, False


def first_broken(stored: Iterable[str], head: str, seq: int) -> tuple[int, str] | None:
    """(seq, why) of the first link that does not hold, None if the chain is whole up to `head` and `seq`."""
    previous, position = "", 0
    for position, each in enumerate(stored, start=1):
        link, holds = _link(each)
        if link.seq != position:
            return position, "missing"
        if link.prev != previous:
            return position, "does not follow the event before it"
        if not holds:
            return position, "was changed"
        previous = link.hash
    if position != seq or previous != head:
        return position + 1, "missing at the end"
    return None
