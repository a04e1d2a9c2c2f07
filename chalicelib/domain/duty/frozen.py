"""An agency's day as its duty was known when it began, kept as evidence; what changes later stands beside it and changes nothing in it."""

from __future__ import annotations

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from ..chain import hash_of
from ..events.digests import digest
from .stretch import Stretch


class FrozenRecord(Struct, frozen=True, kw_only=True):
    """That a day was frozen at an instant, as it was known at another, its own beginning; `stretches` is their salted digest."""

    agency_id: str
    day: str
    at: str
    known_at: str
    stretches: str
    hash: str = ""


class FrozenDay(Struct, frozen=True, kw_only=True):
    """The record with the day's duty and the salt beside it."""

    record: FrozenRecord
    stretches: tuple[Stretch, ...]
    salt: str

    @property
    def holds(self) -> bool:
        """Whether the duty is what the record says, and the record what it was."""
        same = digest(self.salt, _text(self.stretches)) == self.record.stretches
        return same and self.record.hash == _hashed(self.record).hash


def frozen(record: FrozenRecord, stretches: tuple[Stretch, ...], salt: str) -> FrozenDay:
    """A day as it is kept."""
    record = _hashed(replace(record, stretches=digest(salt, _text(stretches))))
    return FrozenDay(record=record, stretches=stretches, salt=salt)


def _hashed(record: FrozenRecord) -> FrozenRecord:
    bare = replace(record, hash="")
    return replace(bare, hash=hash_of(msgspec.json.encode(bare)))


def _text(stretches: tuple[Stretch, ...]) -> str:
    return msgspec.json.encode(stretches).decode()
