"""What a person has clarified about a sheet: which column is which, what a word means, who a row is about, what a cell should say."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from ..texts import LINE

At = Annotated[str, Meta(pattern=r"^[A-Z]{1,3}[1-9][0-9]{0,6}$(?!\n)")]
RowKey = Annotated[str, Meta(pattern=r"^[1-9][0-9]{0,6}$(?!\n)")]
FieldName = Annotated[str, Meta(pattern=r"^[a-z0-9_:-]{1,80}$(?!\n)")]
Given = Annotated[str, Meta(max_length=400, pattern=LINE)]
Unseen = Literal["hidden_rows", "struck_rows", "gone_rows", "hidden_columns"]
# A row that is about somebody new, or that is left out.
NEW, SKIP = "+", "-"


class Clarifications(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that a sheet was asked about; what is not clarified stays asked.

    `head`: in which row the head begins, 0 for none. `columns`: by field its column, counted from 0, -1 for none.
    `for_all`: by field what holds for every row. `words`: by noun what a word means, '' for nothing.
    `unseen`: whether rows and columns that nobody sees, rows that are crossed out, and those of people gone are read.
    `who`: by row an id, '+' for a new one, '-' to leave it out. `rows`: what a row is in spite of how it looks.
    """

    head: Annotated[int, Meta(ge=0, le=5000)] | None = None
    columns: dict[FieldName, Annotated[int, Meta(ge=-1, le=200)]] = field(default_factory=dict)
    for_all: dict[FieldName, Given] = field(default_factory=dict)
    words: dict[FieldName, dict[Given, Given]] = field(default_factory=dict)
    who: dict[RowKey, Given] = field(default_factory=dict)
    cells: dict[At, Given] = field(default_factory=dict)
    rows: dict[RowKey, Literal["data", "skip"]] = field(default_factory=dict)
    unseen: dict[Unseen, Literal["read", "skip"]] = field(default_factory=dict)
