"""Sheets of an XLSX, a row at a time, with what openpyxl's streaming mode leaves out: merged, hidden and uncalculated cells."""

from __future__ import annotations

import re
import warnings
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from chalicelib.domain.sheets.cells import EPOCH, Broken, TableError, empty, letter, plain

UNCALCULATED = Broken("holds a formula without its value: open the file in a spreadsheet program and save it")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_DECIMALS = re.compile(r"[#,]*0\.(0+)(?:_\))?")
_REF = re.compile(r"([A-Z]{1,3})(\d+)")
# As ECMA-376 writes control characters in texts (22.9.2.19): a line break of Windows, of which openpyxl reads half.
_CONTROLS = re.compile(r"_x00[01][0-9A-Fa-f]_")


@dataclass(frozen=True)
class Merge:
    """Merged cells; rows and columns counted from 1, both ends included."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


@dataclass
class Facts:
    """What a sheet's XML says beside its cells' values; `uncalculated` are rows and columns as row << 15 | column, in order."""

    merges: list[Merge] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    uncalculated: array[int] = field(default_factory=lambda: array("Q"))


class WorkbookSheet:
    """One sheet of a workbook."""

    delimiter = ""

    def __init__(self, file: Path, sheet: Any, several: bool) -> None:
        self._file = file
        self._sheet = sheet
        self.title: str = sheet.title
        self.name = self.title if several else ""
        self.hidden: bool = sheet.sheet_state != "visible"
        # What a file claims of its size is wrong in some writers' files.
        sheet.reset_dimensions()

    @cached_property
    def facts(self) -> Facts:
        """Read once, when first asked for; TableError."""
        try:
            with self._sheet.parent._archive.open(self._sheet._worksheet_path) as source:
                return _facts(source)
        except Exception as error:
            raise _damaged(self._file, error) from error

    @property
    def notes(self) -> tuple[str, ...]:
        """What to tell of it."""
        found = []
        if rows := self.facts.hidden_rows:
            shown = ", ".join(str(row) for row in rows[:20]) + (
                f" and {len(rows) - 20} more" if len(rows) > 20 else ""
            )
            found.append(f"Hidden or filtered rows were read as well: {shown}")
        if columns := self.facts.hidden_columns:
            found.append(
                f"Hidden columns were read as well: {', '.join(letter(each - 1) for each in columns[:20])}"
            )
        return tuple(found)

    def head(self, rows: int) -> list[tuple[int, list[object]]]:
        """The first rows, what is merged standing in each of its cells."""
        grid = [(number, [*cells]) for number, cells in islice(self._plain_rows(), rows)]
        for merge in self.facts.merges:
            if merge.first_row > len(grid):
                continue
            above = grid[merge.first_row - 1][1]
            value = above[merge.first_column - 1] if merge.first_column <= len(above) else None
            for _, cells in grid[merge.first_row - 1 : merge.last_row]:
                cells += [None] * (min(merge.last_column, 1000) - len(cells))
                for column in range(merge.first_column, min(merge.last_column, 1000) + 1):
                    cells[column - 1] = value
        return grid

    def rows(self) -> Iterator[tuple[int, list[object]]]:
        """Each row with its number; what is merged downwards stands in each of its rows that holds anything else."""
        merges = sorted(
            (each for each in self.facts.merges if each.last_row > each.first_row),
            key=lambda each: each.first_row,
            reverse=True,
        )
        standing: list[tuple[Merge, object]] = []
        for number, cells in self._plain_rows():
            standing = [each for each in standing if each[0].last_row >= number]
            if standing and not empty(cells):
                cells = cells + [None] * (max(each.first_column for each, _ in standing) - len(cells))
                for merge, value in standing:
                    cells[merge.first_column - 1] = value
            while merges and merges[-1].first_row <= number:
                merge = merges.pop()
                at = merge.first_column - 1
                standing.append((merge, cells[at] if at < len(cells) else None))
            yield number, cells

    def _plain_rows(self) -> Iterator[tuple[int, list[object]]]:
        for number, cells in self.cell_rows():
            yield number, self.values(number, cells)

    def cell_rows(self) -> Iterator[tuple[int, tuple[Any, ...]]]:
        """Each row with its number and openpyxl's cells, which know their looks; TableError."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                yield from enumerate(self._sheet.iter_rows(min_row=1, min_col=1), 1)
        except Exception as error:
            raise _damaged(self._file, error) from error

    def values(self, number: int, cells: tuple[Any, ...]) -> list[object]:
        """A row's cells as a person sees them; TableError."""
        try:
            values = [_value(cell) for cell in cells]
        except Exception as error:
            raise _damaged(self._file, error) from error
        uncalculated = self.facts.uncalculated
        if uncalculated:
            at = bisect_left(uncalculated, number << 15)
            while at < len(uncalculated) and uncalculated[at] >> 15 == number:
                values[(uncalculated[at] & 0x7FFF) - 1] = UNCALCULATED
                at += 1
        return values


def opened(file: Path) -> tuple[list[WorkbookSheet], Callable[[], None]]:
    """The sheets of a workbook, in their order, and what closes it; TableError."""
    import openpyxl

    # Opened as a stream, as openpyxl refuses names that do not end in .xlsx.
    stream = file.open("rb")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
    except Exception as error:
        # A file that somebody else wrote brings openpyxl down in whatever way its fault leads to.
        stream.close()
        raise _damaged(file, error) from error
    found = book.worksheets
    return [WorkbookSheet(file, sheet, len(found) > 1) for sheet in found], stream.close


def _damaged(file: Path, error: Exception) -> TableError:
    reason = " ".join(str(error).split())[:120]
    return TableError(
        f"{file} is a damaged spreadsheet ({reason}): open it in a spreadsheet program and save it again",
        "file_damaged",
    )


def _value(cell: Any) -> object:
    """A cell's value as a person sees it: a day without a clock is a date, 8.5 shown as 8.50 is that text."""
    value = cell.value
    if value is None or isinstance(value, str):
        if value is not None and cell.data_type == "e":
            return Broken(f"holds {value}, no value: put it right in the spreadsheet")
        return _CONTROLS.sub(" ", value) if value else value
    if isinstance(value, datetime):
        return value.date() if value.time() == time(0) and not _shows_clock(cell.number_format) else value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    if places := _decimals(cell.number_format):
        return f"{value:.{places}f}"
    # A number counts days from 1900, or it is none.
    return value if cell.parent.parent.epoch == EPOCH else plain(value)


@lru_cache(maxsize=256)
def _shows_clock(number_format: str) -> bool:
    from openpyxl.styles.numbers import is_datetime

    return is_datetime(number_format) in ("datetime", "time")


@lru_cache(maxsize=256)
def _decimals(number_format: str) -> int:
    found = _DECIMALS.fullmatch(number_format)
    return len(found[1]) if found else 0


def _facts(source: Any) -> Facts:
    """By ECMA-376 part 1, 18.3.1: `row@hidden`, `row@ht`, `col@hidden`, `col@width`, `mergeCell@ref`, and a `c` with `f` but no `v`."""
    from openpyxl.xml.functions import iterparse

    facts = Facts()
    row = column = 0
    for event, element in iterparse(source, events=("start", "end")):
        tag = element.tag.removeprefix(_MAIN)
        if event == "start":
            if tag == "row":
                row, column = int(element.get("r") or row + 1), 0
                if element.get("hidden") in ("1", "true") or _nothing(element.get("ht")):
                    facts.hidden_rows.append(row)
            continue
        if tag == "c":
            ref = _REF.fullmatch(element.get("r") or "")
            column = _number(ref[1]) if ref else column + 1
            value = element.find(f"{_MAIN}v")
            without = value is None or value.text is None
            if without and element.find(f"{_MAIN}f") is not None and element.get("t") != "str":
                facts.uncalculated.append(row << 15 | column)
        elif tag == "col" and (element.get("hidden") in ("1", "true") or _nothing(element.get("width"))):
            first, last = int(element.get("min")), int(element.get("max"))
            facts.hidden_columns += range(first, min(last, first + 50) + 1)
        elif tag == "mergeCell":
            first, _, last = element.get("ref").partition(":")
            start, end = _REF.fullmatch(first), _REF.fullmatch(last or first)
            if start and end:
                facts.merges.append(Merge(int(start[2]), int(end[2]), _number(start[1]), _number(end[1])))
        if tag in ("row", "mergeCell", "sheetData"):
            element.clear()
    return facts


def _nothing(measure: str | None) -> bool:
    """Whether a height or width leaves nothing to be seen."""
    return measure is not None and float(measure) == 0


def _number(letters: str) -> int:
    found = 0
    for each in letters:
        found = found * 26 + ord(each) - ord("A") + 1
    return found
