"""A workbook's sheets as grids of texts, with what only a workbook shows: merged, hidden, struck, coloured, uncalculated cells."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from chalicelib.domain.sheets.cells import Broken, TableError, plain
from chalicelib.domain.sheets.grid import COLUMNS_MOST, ROWS_MOST, Grid, address, shown
from chalicelib.domain.sheets.workbooks import (
    BYTES_MOST,
    CHOICES_SHEET,
    LETTERS_MOST,
    PARTS_MOST,
    SHEETS_MOST,
    UNPACKED_MOST,
    ReadBook,
)
from infra.sheets.kinds import ZIP_DAMAGED, kind_of
from infra.sheets.workbook import UNCALCULATED, Merge, WorkbookSheet, opened
from infra.workbooks import configuration

# Of numbers a spreadsheet keeps so many digits, and noughts in place of the others.
DIGITS_KEPT = 15
# Of more nobody is told.
COLOURED_MOST = 50
CHUNK = 1 << 20
_WHITE = {"FFFFFFFF", "00FFFFFF"}


def read_workbook(content: bytes) -> ReadBook:
    """Read a file that was brought as a workbook; whatever it is instead is said, and never raised."""
    try:
        _must_be_bounded(content)
        with TemporaryDirectory() as folder:
            file = Path(folder) / "brought"
            file.write_bytes(content)
            if kind_of(file) == "text" and configuration.seems(content):
                return configuration.read_configuration(content)
            if kind_of(file) != "workbook":
                return ReadBook(refused="file_other", what="no workbook")
            return _read(file)
    except TableError as error:
        refused: Any = error.code
        return ReadBook(refused=refused, what=_what(error))


def _what(error: TableError) -> str:
    """What the file is instead, without its place here: a zip that holds …, a Word document."""
    return str(error).partition("/brought ")[2].partition(":")[0].removeprefix("is ")[:160]


def _must_be_bounded(content: bytes) -> None:
    """Before anything is unpacked. What a zip says of its sizes is true: no more of it is unpacked than it says."""
    if len(content) > BYTES_MOST:
        raise TableError("too many bytes", "file_large")
    if not content.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            names = {each.filename for each in parts}
            if len(parts) > PARTS_MOST or sum(each.file_size for each in parts) > UNPACKED_MOST:
                raise TableError("unpacks to too much", "file_large")
            kinds = archive.read("[Content_Types].xml") if "[Content_Types].xml" in names else b""
            if any(_declares(archive, each) for each in parts):
                raise TableError("damaged: declares entities", "file_damaged")
    except ZIP_DAMAGED as error:
        raise TableError(f"damaged: {error}", "file_damaged") from error
    if b"macroEnabled" in kinds or "xl/vbaProject.bin" in names:
        raise TableError("holds macros", "file_macros")


def _declares(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether a part has a DTD, by which XML grows or fetches; no spreadsheet program writes one. Not every parser here is hardened."""
    if not part.filename.lower().endswith((".xml", ".rels", ".vml")):
        return False
    tail = b""
    with archive.open(part) as opened_part:
        while chunk := opened_part.read(CHUNK):
            # UTF-16 has a zero beside each letter.
            letters = tail + chunk.replace(b"\0", b"")
            if b"<!DOCTYPE" in letters:
                return True
            tail = letters[-8:]
    return False


def _read(file: Path) -> ReadBook:
    sheets, close = opened(file)
    try:
        if len(sheets) > SHEETS_MOST:
            raise TableError("too many sheets", "file_large")
        grids = _grids([each for each in sheets if each.title != CHOICES_SHEET])
    finally:
        close()
    found = [grid for _, grid in grids if any(any(cells) for cells in grid.rows)]
    if not found:
        return ReadBook(refused="file_empty")
    return ReadBook(sheets=found, unread=[title for title, grid in grids if grid not in found])


def _grids(sheets: Iterable[WorkbookSheet]) -> list[tuple[str, Grid]]:
    """Each sheet by its name. A text that stands in many cells is kept once in a workbook, and written out once a cell after it."""
    found: list[tuple[str, Grid]] = []
    letters = 0
    for sheet in sheets:
        try:
            grid = _grid(sheet)
        except TableError:
            raise
        except Exception as error:
            # Looks that are named and not there, and whatever else a cell is only asked for here.
            raise TableError(f"damaged: {error}", "file_damaged") from error
        letters += sum(len(text) + 3 for cells in grid.rows for text in cells)
        if letters > LETTERS_MOST:
            raise TableError("holds too much text", "file_large")
        found.append((sheet.title, grid))
    return found


def _grid(sheet: WorkbookSheet) -> Grid:
    rows: list[list[str]] = []
    broken: dict[str, str] = {}
    coloured: list[tuple[int, int]] = []
    struck: list[int] = []
    cut = False
    for number, cells in sheet.cell_rows():
        values = sheet.values(number, cells)
        texts = [_text(value, cell) for value, cell in zip(values, cells, strict=True)]
        there = any(texts) or any(isinstance(each, Broken) for each in values)
        if number > ROWS_MOST:
            # Rows far below that have a format and nothing in them are no rows.
            cut = cut or there
            continue
        cut = cut or any(texts[COLUMNS_MOST:])
        rows.append(texts[:COLUMNS_MOST])
        for n, value in enumerate(values[:COLUMNS_MOST]):
            if why := _broken(value):
                broken[address(number, n)] = why
        if there and any(text and _struck(cell) for text, cell in zip(texts, cells, strict=True)):
            struck.append(number)
        coloured += [(number, n) for n, cell in enumerate(cells[:COLUMNS_MOST]) if _coloured(cell)]
    _hold_merged(rows, sheet.facts.merges)
    width = _trim(rows)
    return Grid(
        rows=rows,
        name=sheet.title,
        hidden=sheet.hidden,
        broken=broken,
        coloured=[
            address(row, n) for row, n in coloured if row <= len(rows) and n < width and not rows[row - 1][n]
        ][:COLOURED_MOST],
        hidden_rows=[each for each in sheet.facts.hidden_rows if each <= len(rows) and any(rows[each - 1])],
        struck_rows=[each for each in struck if each <= len(rows)],
        hidden_columns=sorted({each - 1 for each in sheet.facts.hidden_columns if each <= width}),
        cut=cut,
    )


def _text(value: object, cell: Any) -> str:
    if isinstance(value, Broken) or value is None:
        return "" if value is None or value is UNCALCULATED else str(cell.value)
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, date):
        return _day(value, cell.number_format)
    if isinstance(value, float) and abs(value) >= 10**DIGITS_KEPT:
        return f"{value:.{DIGITS_KEPT}g}".upper()
    return plain(value)


def _day(value: date, number_format: str) -> str:
    """A day as it is shown: of December 2027, kept as its first, nobody said a day."""
    shows = _shows(number_format)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if "d" in shows:
        return value.isoformat()
    return f"{value:%Y-%m}" if "m" in shows else f"{value:%Y}"


@lru_cache(maxsize=256)
def _shows(number_format: str) -> frozenset[str]:
    """The letters of a format for days, without its quoted and bracketed parts; one of the system's own shows all."""
    bare, quoted, skipped = [], False, False
    for each in number_format.lower():
        if each == '"':
            quoted = not quoted
        elif each in "[]":
            skipped = each == "["
        elif not quoted and not skipped:
            bare.append(each)
    found = frozenset(bare)
    return found if found & set("dmy") else frozenset("dmy")


def _broken(value: object) -> str:
    """By what a refusal calls a cell without a value, or with one that the spreadsheet has spoilt."""
    if isinstance(value, Broken):
        return "uncalculated" if value is UNCALCULATED else "error_value"
    if isinstance(value, bool) or not isinstance(value, (int, float)) or abs(value) < 10**DIGITS_KEPT:
        return ""
    # A program may have written all of its digits; Excel does not.
    digits = str(abs(int(value)))
    return "rounded" if isinstance(value, float) or set(digits[DIGITS_KEPT:]) == {"0"} else ""


def _struck(cell: Any) -> bool:
    return bool(getattr(cell, "has_style", False)) and bool(cell.font and cell.font.strike)


def _coloured(cell: Any) -> bool:
    """An empty cell with a colour that somebody chose."""
    if cell.value is not None or not getattr(cell, "has_style", False):
        return False
    fill = cell.fill
    if fill is None or fill.fill_type != "solid":
        return False
    colour = fill.fgColor
    # The theme's first colour is the paper's.
    return (
        colour.rgb not in _WHITE
        if colour.type == "rgb"
        else not (colour.type == "theme" and colour.theme == 0)
    )


def _hold_merged(rows: list[list[str]], merges: list[Merge]) -> None:
    """What is merged stands in each of its cells; downwards only in rows that hold anything else."""
    for merge in merges:
        if merge.first_row > len(rows):
            continue
        first, last = merge.first_column - 1, min(merge.last_column, COLUMNS_MOST)
        above = rows[merge.first_row - 1]
        text = above[first] if first < len(above) else ""
        if not text:
            continue
        for cells in _spanned(rows, merge, first, last):
            cells += [""] * (last - len(cells))
            cells[first:last] = [text] * (last - first)


def _spanned(rows: list[list[str]], merge: Merge, first: int, last: int) -> Iterator[list[str]]:
    yield rows[merge.first_row - 1]
    for cells in rows[merge.first_row : merge.last_row]:
        if any([*cells[:first], *cells[last:]]):
            yield cells


def _trim(rows: list[list[str]]) -> int:
    """Take away what is empty below and to the right; how many columns are left."""
    while rows and not any(rows[-1]):
        rows.pop()
    width = max((n + 1 for cells in rows for n, text in enumerate(cells) if text), default=0)
    for cells in rows:
        del cells[width:]
        cells += [""] * (width - len(cells))
    return width
