"""A seal: the ends of all chains that changed, as they stood at an instant, and the hash of the seal before."""

from __future__ import annotations

import msgspec
from msgspec import Struct, field, to_builtins

from . import chain

FOLDER = "seals/"


class Head(Struct, frozen=True, kw_only=True):
    """How far an incident's chain went: its last event's seq and hash."""

    id: str
    seq: int
    head: str


class RecordsHead(Struct, frozen=True, kw_only=True):
    """How far the chain of who looked up or erased whose data went; seq 0 when there was no record."""

    seq: int = 0
    head: str = ""


class Seal(Struct, frozen=True, kw_only=True):
    """One seal, without any personal data; `prev` is the SHA-256 of the whole content of the seal before, '' in the first.

    Whatever was recorded from `since` to `until` stands in it or in an earlier one; what came between `until` and `at` may.
    `ring_backs` are the days whose calls without an incident were rung back since, `registry` the ends of the registry's logs, each at
    its counter; None in a seal of a release that knew none.
    `release` is the version that made it, '' of one older than 0.5.0.
    `doubted` is what the database remembered as the last seal (`sealing.remembered`) where the store had another or none.
    """

    number: int
    prev: str
    at: str
    since: str
    until: str
    records: RecordsHead
    incidents: list[Head] = field(default_factory=list)
    doubted: str = ""
    release: str = ""
    ring_backs: list[Head] | None = None
    registry: list[Head] | None = None


def encode(seal: Seal) -> bytes:
    """A seal's content, in the canonical form."""
    return chain.canonical(to_builtins(seal))


def decode(content: bytes) -> Seal:
    """A seal by its content; ValueError if it is none."""
    return msgspec.json.decode(content, type=Seal)


def name(number: int) -> str:
    """A seal's file: its number alone, so that of two that follow the same one only the first can be written."""
    return f"{number:08d}.json"


def number_of(name: str) -> int:
    """The number of a seal's file, 0 if it is none."""
    digits = name.removesuffix(".json")
    return int(digits) if name.endswith(".json") and len(digits) == 8 and digits.isdecimal() else 0
