"""A sheet as people see it: texts by row and column, whether pasted, uploaded as CSV or read from a workbook."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from msgspec import Struct, field
from msgspec.structs import replace

from .cells import letter, plain

# Spreadsheets set to Indonesian write semicolons; what is pasted has tabs.
DELIMITERS = "\t;,|"
ROWS_MOST = 5000
COLUMNS_MOST = 100
_SEP = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
# What keeps a spreadsheet from reading a text as a formula; it was put there, by us as well, and is no part of the text.
_GUARDED = re.compile(r"'(?=[=+\-@\t\r])")


class Grid(Struct, frozen=True, kw_only=True):
    """Rows and columns from the spreadsheet's own first on; `broken` cells have no value, by what a refusal calls it.

    Of a workbook alone: `coloured` cells have colour without text, `hidden_rows` nobody sees, `struck_rows` are crossed out;
    `hidden_columns` are counted from 0. `cut`: it has more rows or columns than are read.
    """

    rows: list[list[str]]
    name: str = ""
    hidden: bool = False
    broken: dict[str, str] = field(default_factory=dict)
    coloured: list[str] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    struck_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    cut: bool = False
    # A regency's whole configuration: a row a thing, with its section, its id and its fields.
    configuration: bool = False

    def cell(self, row: int, column: int) -> str:
        """The text of a cell, its row counted from 1 and its column from 0; '' beyond the edge."""
        cells = self.rows[row - 1]
        return cells[column] if column < len(cells) else ""

    @property
    def width(self) -> int:
        return max((len(cells) for cells in self.rows), default=0)

    def numbered(self) -> list[tuple[int, list[str]]]:
        return list(enumerate(self.rows, 1))

    def with_cells(self, texts: dict[str, str]) -> Grid:
        """The same with other texts at some addresses, as a person put them right; an address beyond the edge is nothing."""
        rows = [[*cells] for cells in self.rows]
        broken = {at: why for at, why in self.broken.items() if at not in texts}
        for at, text in texts.items():
            place = place_of(at)
            if place is None or not 1 <= place[0] <= len(rows) or place[1] >= COLUMNS_MOST:
                continue
            cells = rows[place[0] - 1]
            cells += [""] * (place[1] + 1 - len(cells))
            cells[place[1]] = text
        return replace(self, rows=rows, broken=broken)


def address(row: int, column: int) -> str:
    """A cell as the spreadsheet names it: B15."""
    return f"{letter(column)}{row}"


def place_of(at: str) -> tuple[int, int] | None:
    """The row, from 1, and the column, from 0, of an address; None for what is none."""
    found = re.fullmatch(r"([A-Z]{1,3})([1-9]\d{0,6})", at)
    if not found:
        return None
    column = 0
    for each in found[1]:
        column = column * 26 + ord(each) - ord("A") + 1
    return int(found[2]), column - 1


def grids_of(text: str) -> Iterator[Grid]:
    """Text that was pasted, or a CSV's, by each delimiter that it may have been written with."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    named = _SEP.fullmatch(text.partition("\n")[0])
    if named:
        text = text.partition("\n")[2]
    for delimiter in named[1] if named else DELIMITERS:
        yield Grid(rows=[[shown(cell) for cell in cells] for cells in _rows(text, delimiter)])


def _rows(text: str, delimiter: str) -> list[list[str]]:
    try:
        # A spreadsheet quotes what holds a line break, a quotation mark or the delimiter.
        return list(csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True))
    except csv.Error:
        # Another program wrote them as they stand: 5" hose.
        return [line.split(delimiter) for line in text.split("\n")]


def shown(cell: str) -> str:
    """A text as a person sees it, without what keeps a spreadsheet from reading it as a formula."""
    guarded = _GUARDED.match(cell.strip())
    return cell.strip()[1:] if guarded else plain(cell)


def guarded(text: str) -> str:
    """A text for a file that spreadsheets open, so that none takes it for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
