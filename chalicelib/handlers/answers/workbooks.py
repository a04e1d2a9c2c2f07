"""Workbooks: what was read of one, or the one that was written."""

from __future__ import annotations

from typing import Literal, Self

from ...domain.sheets import configuring, table
from ...domain.sheets.columns import SHEETS, columns_of, fields_by_head
from ...domain.sheets.grid import Grid
from ...domain.sheets.workbooks import ReadBook
from ...models.registry import Snapshot
from .shown import Shown


class Workbook(Shown, frozen=True, kw_only=True):
    """A workbook that is being read or written, by its id."""

    id: str


class WorkbookFile(Shown, frozen=True, kw_only=True):
    """The workbook in base64, null while it is being written."""

    file: bytes | None


class ReadSheet(Shown, frozen=True, kw_only=True):
    """A sheet: how many rows it has, whether it is hidden, and by noun how many columns are known by their heads."""

    name: str
    rows: int
    hidden: bool
    known: dict[str, int]

    @classmethod
    def of(cls, grid: Grid, registry: Snapshot) -> Self:
        if grid.configuration:
            return cls(name=grid.name, rows=len(grid.rows), hidden=False, known={configuring.NOUN: 3})
        known = {
            noun: len(
                table.find(
                    grid,
                    fields_by_head(columns_of(sheet, registry.of("certifications"))),
                    sheet.label,
                    sheet.proofs,
                ).found
            )
            for noun, sheet in SHEETS.items()
        }
        return cls(name=grid.name, rows=len(grid.rows), hidden=grid.hidden, known=known)


class WorkbookRead(Shown, frozen=True, kw_only=True):
    """What was read: its sheets in their order, those that hold nothing, or the code of why it cannot be read and what it is."""

    id: str
    state: Literal["reading", "read", "refused"]
    sheets: list[ReadSheet]
    empty: list[str]
    refused: str
    what: str

    @classmethod
    def of(cls, workbook_id: str, book: ReadBook | None, registry: Snapshot) -> Self:
        if book is None:
            return cls(id=workbook_id, state="reading", sheets=[], empty=[], refused="", what="")
        return cls(
            id=workbook_id,
            state="refused" if book.refused else "read",
            sheets=[ReadSheet.of(each, registry) for each in book.sheets],
            empty=book.unread,
            refused=book.refused or "",
            what=book.what,
        )
