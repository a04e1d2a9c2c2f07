"""An agency's day as its duty was known when it began, kept as evidence; what changes later stands beside it and changes nothing in it."""

from __future__ import annotations

import msgspec
from msgspec import Raw, Struct, field
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
    """The record with the day's duty as it was stored, and the salt beside it."""

    record: FrozenRecord
    # A release that knows more of a stretch would write it in more words: what is digested is what was stored.
    stored: Raw = field(name="stretches")
    salt: str

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        return msgspec.json.decode(self.stored, type=tuple[Stretch, ...])

    @property
    def holds(self) -> bool:
        """Whether the duty is what the record says, and the record what it was."""
        same = digest(self.salt, bytes(self.stored).decode()) == self.record.stretches
        return same and self.record.hash == _hashed(self.record).hash


def frozen(record: FrozenRecord, stretches: tuple[Stretch, ...], salt: str) -> FrozenDay:
    """A day as it is kept."""
    text = msgspec.json.encode(stretches)
    record = _hashed(replace(record, stretches=digest(salt, text.decode())))
    return FrozenDay(record=record, stored=Raw(text), salt=salt)


def _hashed(record: FrozenRecord) -> FrozenRecord:
    bare = replace(record, hash="")
    return replace(bare, hash=hash_of(msgspec.json.encode(bare)))
