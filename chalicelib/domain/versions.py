"""What became of each thing of the registry: a chain of records, one for each version, and a log of all records.

A record holds no value but its salted digest: the value stands beside it and can be erased, and the chain holds all the same.
A log stands at each of the registry's counters and names every record by its hash, so that no record, and no whole chain,
is taken away unseen; it says too which values were erased.
"""

from __future__ import annotations

from typing import Literal, Self

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from .chain import hash_of
from .events.digests import digest

# `found`: a version that nobody recorded, as it stood when the next one was written.
Change = Literal["created", "changed", "retired", "reinstated", "put_back", "removed", "found"]

# A thing by its noun and id.
Named = tuple[str, str]


class End(Struct, frozen=True):
    """The last link of a chain."""

    seq: int = 0
    hash: str = ""

    @property
    def text(self) -> str:
        """As it stands beside a thing's item; '' before there is any link."""
        return f"{self.seq} {self.hash}" if self.seq else ""

    @classmethod
    def of(cls, text: str | None) -> Self:
        seq, _, hash_ = (text or "").partition(" ")
        return cls(int(seq), hash_) if seq.isdecimal() else cls()


class VersionRecord(Struct, frozen=True, kw_only=True):
    """One link of a thing's chain; `of` is the version that was put back, `by` '' where nobody knows who it was.

    `value` is the salted digest of the JSON as it was stored, '' for what is gone; `why` that of the reason, '' for none.
    `hash` is over its stored JSON (domain/chain.py).
    """

    seq: int
    at: str
    by: str
    noun: str
    id: str
    version: int
    change: Change
    of: int | None = None
    import_id: str = ""
    value: str
    why: str
    prev: str
    hash: str = ""


class KeptVersion(Struct, frozen=True, kw_only=True):
    """A record with what it says in words, and the salt that seals it; all three are '' once they are erased."""

    record: VersionRecord
    value: str = ""
    why: str = ""
    salt: str = ""

    @property
    def erased(self) -> bool:
        return not self.salt

    @property
    def holds(self) -> bool:
        """Whether what stands beside the record is what its digests say, as far as it stands."""
        if self.erased:
            return not (self.value or self.why)
        told = (digest(self.salt, self.value), digest(self.salt, self.why))
        return told == (self.record.value, self.record.why)


class Entry(Struct, frozen=True, kw_only=True):
    """One link of a log: the hashes of the records that one transaction wrote, by their partition.

    `erased` are those of records whose values were erased, for the request with this number among the records of looking; `day`
    is a roster whose records are gone, since retention's time was over. `unrecorded`: since the entry before a release that makes
    none has raised this log's counter; `unexplained` is how often one older than that has changed anything at all.
    """

    seq: int
    at: str
    by: str
    records: dict[str, list[str]] = field(default_factory=dict)
    erased: list[str] = field(default_factory=list)
    request: int | None = None
    day: str = ""
    unrecorded: bool = False
    unexplained: int = 0
    prev: str = ""
    hash: str = ""


class Brought(Struct, frozen=True, kw_only=True):
    """What one transaction of an import wrote, when, and by whom; `undone`: what was taken back."""

    at: str
    by: str
    things: list[Named]
    undone: bool = False


def sealed(record: VersionRecord, end: End, value: str, why: str, salt: str) -> KeptVersion:
    """A record as the next link of a chain, with its value and reason beside it."""
    record = replace(
        record,
        seq=end.seq + 1,
        prev=end.hash,
        value=digest(salt, value),
        why=digest(salt, why),
    )
    return KeptVersion(record=replace(record, hash=hash_of(_json(record))), value=value, why=why, salt=salt)


def linked(entry: Entry, end: End) -> Entry:
    """An entry as the next link of a log."""
    entry = replace(entry, seq=end.seq + 1, prev=end.hash)
    return replace(entry, hash=hash_of(_json(entry)))


def change_of(before: str, after: str) -> Change:
    """What kind of change made one stored JSON of another; '' for none."""
    if not before or not after:
        return "created" if after else "removed"
    was, is_ = _retired(before), _retired(after)
    if was == is_:
        return "changed"
    return "retired" if is_ else "reinstated"


class _Retired(Struct):
    retired: bool = False


def _retired(stored: str) -> bool:
    return msgspec.json.decode(stored, type=_Retired).retired


def _json(value: Struct) -> str:
    return msgspec.json.encode(value).decode()
