"""A logbook's row, its cells by the columns that a mapping names, and why one cannot be used."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.domain.sheets.cells import Where, broken, folded, plain
from chalicelib.domain.sheets.header import Column


class Unusable(Exception):
    """Something of a row, or all of it, cannot be used; the message is the reason, `value` what stands in the cell.

    `key` is the incident that the row would have been a part of; `continues` that it may belong to the row above it.
    """

    def __init__(self, reason: str, value: str = "", *, continues: bool = False) -> None:
        super().__init__(reason)
        self.value = repr(value[:40]) if value else ""
        self.key = ""
        self.continues = continues


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row's cells by the folded names of their columns; `fault` is why none of them can be trusted, `note` what to tell."""

    where: Where
    cells: dict[str, object]
    columns: dict[str, Column]
    fault: str = ""
    note: str = ""

    def cell(self, column: str) -> object:
        """What stands in a column; Unusable if that is an error."""
        found = self.cells.get(folded(column))
        if fault := broken(found):
            raise Unusable(f"{self.label(column)} {fault}")
        return found

    def text(self, column: str) -> str:
        """A cell as text; Unusable if it holds an error."""
        return plain(self.cell(column))

    def label(self, column: str) -> str:
        """A column as a person finds it."""
        found = self.columns.get(folded(column))
        return str(found) if found else repr(column)
