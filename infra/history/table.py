"""Rows of a CSV, a gzip of it, or a spreadsheet, one at a time, by the folded names of their columns."""

from __future__ import annotations

import csv
import gzip
import zipfile
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, cast

from .mapping import folded

Cells = dict[str, object]


class TableError(Exception):
    """The file cannot be read; the message is one line."""


def columns(file: Path, sheet: str = "") -> set[str]:
    """The names of a file's columns."""
    _, header = next(_lines(file, sheet), (0, []))
    return {folded(str(name)) for name in header if name is not None}


def rows(file: Path, sheet: str = "") -> Iterator[tuple[int, Cells]]:
    """Each row that is not empty, with its line in the file."""
    lines = _lines(file, sheet)
    _, header = next(lines, (0, []))
    names = [folded(str(name)) if name is not None else "" for name in header]
    for number, cells in lines:
        if any(cell not in (None, "") for cell in cells):
            yield number, dict(zip(names, cells, strict=False))


def _lines(file: Path, sheet: str) -> Iterator[tuple[int, list[object]]]:
    try:
        with file.open("rb") as probe:
            start = probe.read(4)
        if start.startswith(b"PK"):
            yield from _spreadsheet(file, sheet)
        else:
            packed = start.startswith(b"\x1f\x8b")
            binary = cast(BinaryIO, gzip.GzipFile(file)) if packed else file.open("rb")
            with TextIOWrapper(binary, encoding="utf-8-sig", newline="") as text:
                yield from _csv(text)
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise TableError(f"{file} cannot be read: {error}") from error


def _csv(text: TextIOWrapper) -> Iterator[tuple[int, list[object]]]:
    # Spreadsheets set to Indonesian write semicolons.
    first = text.readline()
    delimiter = max(",;\t", key=first.count)
    yield 1, [*next(csv.reader([first], delimiter=delimiter), [])]
    reader = csv.reader(text, delimiter=delimiter)
    for cells in reader:
        yield reader.line_num + 1, [*cells]


def _spreadsheet(file: Path, sheet: str) -> Iterator[tuple[int, list[object]]]:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise TableError(f"{file} is no spreadsheet: {error}") from error
    try:
        if sheet and sheet not in book.sheetnames:
            raise TableError(f"{file} has no sheet {sheet}")
        page = book[sheet] if sheet else book[book.sheetnames[0]]
        for number, cells in enumerate(page.iter_rows(values_only=True), 1):
            yield number, [*cells]
    finally:
        book.close()
