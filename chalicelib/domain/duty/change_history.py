"""What became of a change of duty: a chain of records, one for each word that was said about it.

A record holds salted digests alone. The change as it stood stands beside it, and why something was said by a salt of its own: it may be
about somebody's health, and can be erased while everything else stays checkable.
"""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from ..chain import hash_of
from ..events.digests import digest
from ..versions import End
from .changes import Change

Act = Literal[
    "asked", "entered", "accepted", "declined", "approved", "refused", "withdrawn", "shortened", "forgot_why"
]


class ChangeRecord(Struct, frozen=True, kw_only=True):
    """One link: who said what; `change` and `why` are salted digests, '' for no reason."""

    seq: int
    at: str
    by: str
    agency_id: str
    id: str
    act: Act
    change: str
    why: str = ""
    prev: str
    hash: str = ""


class KeptChangeRecord(Struct, frozen=True, kw_only=True):
    """A record with the JSON of the change as it stood then, without its reason, and the reason, '' once it is erased."""

    record: ChangeRecord
    change: str
    salt: str
    why: str = ""
    why_salt: str = ""

    @property
    def holds(self) -> bool:
        """Whether what stands beside the record is what it says, as far as it stands."""
        if digest(self.salt, self.change) != self.record.change:
            return False
        if not self.why_salt:
            return not self.why
        return digest(self.why_salt, self.why) == self.record.why


def bare(change: Change) -> str:
    """The JSON of a change without its reason, as it is digested."""
    return msgspec.json.encode(replace(change, why="")).decode()


def sealed(record: ChangeRecord, end: End, told: KeptChangeRecord) -> KeptChangeRecord:
    """A record as the next link of a chain."""
    record = replace(
        record,
        seq=end.seq + 1,
        prev=end.hash,
        change=digest(told.salt, told.change),
        why=digest(told.why_salt, told.why) if told.why_salt else "",
    )
    record = replace(record, hash=hash_of(msgspec.json.encode(record).decode()))
    return replace(told, record=record)
