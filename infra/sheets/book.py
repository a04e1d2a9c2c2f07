"""A file of tables, whatever it was written by: its sheets, each with the ways in which it may be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

from chalicelib.domain.sheets.cells import TableError
from chalicelib.domain.sheets.header import HEAD, Header, find

from . import text, workbook
from .kinds import kind_of


class Sheet(Protocol):
    """Rows with their numbers as a spreadsheet counts them; `name` is empty where the file has but one sheet.

    `delimiter` is what parts the cells of a text file, else empty; `notes` are what to tell of the sheet.
    """

    @property
    def name(self) -> str: ...
    @property
    def hidden(self) -> bool: ...
    @property
    def delimiter(self) -> str: ...
    @property
    def notes(self) -> tuple[str, ...]: ...
    def head(self, rows: int) -> list[tuple[int, list[object]]]: ...
    def rows(self) -> Iterator[tuple[int, list[object]]]: ...


@dataclass(frozen=True)
class Reading:
    """A sheet read in the way in which its header names most of the wanted columns; no header if it names none."""

    sheet: Sheet
    header: Header | None


class Book:
    """An opened file; closed by `with`."""

    def __init__(
        self, file: Path, sheets: list[tuple[str, list[Sheet]]], close: Callable[[], object] = lambda: None
    ) -> None:
        self.file = file
        self._sheets = sheets
        self._close = close

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    @property
    def titles(self) -> list[str]:
        """The names of its sheets; one without a name for a text file."""
        return [title for title, _ in self._sheets]

    def readings(self, wanted: Iterable[str]) -> list[Reading]:
        """Each sheet with the header that names most of the wanted columns; TableError."""
        names = list(wanted)
        return [_best(ways, names) for _, ways in self._sheets]


def open_book(file: Path) -> Book:
    """Open a CSV, a gzip of one, or an XLSX; TableError says what else it is, and what to do."""
    kind = kind_of(file)
    if kind == "workbook":
        sheets, close = workbook.opened(file)
        return Book(file, [(each.title, [each]) for each in sheets], close)
    return Book(file, [("", [*text.readings(file, packed=kind == "packed text")])])


def _best(ways: list[Sheet], wanted: list[str]) -> Reading:
    best: Reading | None = None
    refused: TableError | None = None
    for sheet in ways:
        try:
            header = find(sheet.head(HEAD), wanted)
        except TableError as error:
            # By a delimiter that is not the file's, its quotes may not match.
            refused = refused or error
            continue
        if best is None or (header and header.matched > (best.header.matched if best.header else 0)):
            best = Reading(sheet, header)
    if refused and (best is None or best.header is None):
        raise refused
    assert best is not None
    return best
