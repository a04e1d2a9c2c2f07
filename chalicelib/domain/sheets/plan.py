"""What an import would do: each row of a sheet in one bin, with what changes, what is refused and what is asked."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from typing import Any, Literal

import msgspec
from msgspec import Struct

from ...faults import Fault
from ..registry_rules import Book
from .columns import SHEETS, Column, NounSheet
from .grid import address
from .reading import ReadPhone
from .refusals import Refusal
from .table import Kind, Placed, Table

Bin = Literal["new", "changed", "same", "refused", "skipped", "repeat", "not_read"]


class Change(Struct, frozen=True, kw_only=True):
    """A field of a known thing before and after."""

    field: str
    before: Any
    after: Any


class Row(Struct, kw_only=True):
    """What becomes of a row: its bin, the thing it is about, what changes in it, what is wrong; `kind` says why it is not read."""

    row: int
    bin: Bin
    kind: Kind = "data"
    id: str = ""
    label: str = ""
    changes: list[Change] = msgspec.field(default_factory=list)
    refusals: list[Refusal] = msgspec.field(default_factory=list)
    notes: list[str] = msgspec.field(default_factory=list)
    value: Any = None

    def becomes(self, value: Any, before: Any) -> None:
        """Take what the row makes of a thing that stood as `before`, None for a new one."""
        self.value = value
        if before is None:
            self.bin = "new"
            return
        self.changes = [
            Change(
                field=name,
                before=msgspec.to_builtins(getattr(before, name)),
                after=msgspec.to_builtins(getattr(value, name)),
            )
            for name in value.__struct_fields__
            if getattr(before, name) != getattr(value, name)
        ]
        self.bin = "changed" if self.changes else "same"


class Asked(Struct, frozen=True, kw_only=True):
    """A question about a column: `missing`, or several that may be the field (`twice`); or whether what nobody sees is read.

    `rows` are those that are hidden, crossed out, or below a heading that says that they are gone.
    """

    kind: Literal["missing", "twice", "hidden_rows", "struck_rows", "gone_rows", "hidden_columns"]
    field: str = ""
    columns: list[Placed] = msgspec.field(default_factory=list)
    for_all: bool = False
    rows: list[int] = msgspec.field(default_factory=list)


class Plan(Struct, kw_only=True):
    """All of it: where the table is, what is asked of its columns, and every row in one bin."""

    table: Table
    places: dict[str, int]
    asked: list[Asked]
    rows: list[Row]
    unread_columns: list[Placed]
    columns: dict[str, Column]
    # The headings of parts by their rows.
    sections: dict[int, str] = msgspec.field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        return dict(Counter(each.bin for each in self.rows))

    @property
    def writes(self) -> list[Row]:
        return [each for each in self.rows if each.bin in ("new", "changed") and each.value is not None]

    def address(self, row: int, name: str) -> str:
        """Where a row holds a field, as a spreadsheet names it; '' for a field without a column."""
        place = self.places.get(name)
        return address(row, place) if place is not None else ""

    @property
    def digest(self) -> str:
        """What somebody has seen: the same plan has the same digest."""
        seen = [(each.row, each.bin, each.id, msgspec.to_builtins(each.value)) for each in self.rows]
        asked = [(each.kind, each.field) for each in self.asked]
        return hashlib.sha256(msgspec.json.encode([seen, asked])).hexdigest()[:32]


class Scope(Struct, frozen=True, kw_only=True):
    """For whom and into what: the noun, the registry, the agency of rows that name none; `bound` to it, its admin imports.

    `faults` is what the writing itself asks before it writes: by id what is wrong once all of them are written.
    """

    noun: str
    book: Book
    import_id: str
    read_phone: ReadPhone
    faults: Callable[[list[Row]], dict[str, list[Fault]]]
    agency_id: str = ""
    bound: bool = False

    @property
    def sheet(self) -> NounSheet:
        return SHEETS[self.noun]
