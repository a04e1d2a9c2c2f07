"""What became of a month's sheet: a chain of records, each with what was written or published, sealed by salted digests.

A record holds what changed, not the sheet: of 560 people a whole sheet is 57 KB. What it says in words stands beside it and can be
erased. The digest of what stood afterwards lets a checker go through all changes from an empty sheet to the one that stands.
"""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from ..chain import hash_of
from ..events.digests import digest
from ..versions import End
from .sheet import Row


class SheetRecord(Struct, frozen=True, kw_only=True):
    """One link: `edits`, `rows` and `sheet` are salted digests of the stored JSON of what was written, of the draft's rows after it,
    and of the sheet as it was published, '' where nothing was. `first_day` is from when on it counts.
    """

    seq: int
    at: str
    by: str
    agency_id: str
    month: str
    change: Literal["saved", "published"]
    first_day: str = ""
    edits: str = ""
    rows: str
    sheet: str = ""
    why: str = ""
    prev: str
    hash: str = ""


class KeptRecord(Struct, frozen=True, kw_only=True):
    """A record with what it says in words and the salt that seals it, all '' once they are erased."""

    record: SheetRecord
    edits: str = ""
    why: str = ""
    salt: str = ""


class Draft(Struct, frozen=True, kw_only=True):
    """An agency's month as officers fill it in; dispatch never reads it."""

    agency_id: str
    month: str
    rows: tuple[Row, ...] = ()


def rows_text(rows: tuple[Row, ...]) -> str:
    """The JSON of rows as it is digested."""
    return msgspec.json.encode(rows).decode()


def sealed(record: SheetRecord, end: End, told: KeptRecord, texts: tuple[str, str]) -> KeptRecord:
    """A record as the next link of a chain; `texts` are the rows' JSON and the published sheet's, '' for none."""
    rows, sheet = texts
    record = replace(
        record,
        seq=end.seq + 1,
        prev=end.hash,
        edits=digest(told.salt, told.edits) if told.edits else "",
        rows=digest(told.salt, rows),
        sheet=digest(told.salt, sheet) if sheet else "",
        why=digest(told.salt, told.why) if told.why else "",
    )
    record = replace(record, hash=hash_of(msgspec.json.encode(record).decode()))
    return replace(told, record=record)
