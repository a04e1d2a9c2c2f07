"""Cells as text, words compared as people mean them, and places named as a spreadsheet names them."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from ..texts import honest_line

# What spreadsheets write into a cell whose formula failed, or that is too narrow for its value.
_ERROR = re.compile(r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|#+)")
# The day from which spreadsheets count, but those that count from 1904.
EPOCH = datetime(1899, 12, 30)
_DASHES = frozenset("-–—")


class TableError(Exception):
    """The file cannot be read; the message is one line that says what to do, `code` what is wrong in a word."""

    def __init__(self, message: str, code: str = "file_other") -> None:
        super().__init__(message)
        self.code = code


class Broken(str):
    """A cell without a value that a person could have meant; the text says what stands there, and the remedy."""


class Where(NamedTuple):
    """A row as the spreadsheet counts it; `sheet` is empty where the file has but one."""

    sheet: str
    row: int

    def __str__(self) -> str:
        return f"sheet {self.sheet!r} row {self.row}" if self.sheet else f"row {self.row}"


def letter(index: int) -> str:
    """A column's letter, counted from 0: A, B, … Z, AA."""
    found = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def broken(cell: object) -> Broken | None:
    """What is wrong with a cell that holds an error instead of a value."""
    if isinstance(cell, Broken):
        return cell
    if isinstance(cell, str) and _ERROR.fullmatch(cell.strip()):
        return Broken(f"holds {cell.strip()}, no value: put it right in the spreadsheet")
    return None


def plain(cell: object) -> str:
    """A cell as text with single blanks; '' for an empty one, or a dash in its place."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = " ".join(_visible(str(cell)).split())
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1]
    # An apostrophe in front keeps a spreadsheet from reading a number; it is no part of the text.
    if text.startswith("'") and text.count("'") == 1:
        text = text[1:].lstrip()
    return "" if text in _DASHES else text


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """A word without what people write differently: case, blanks, underscores, line breaks, full-width forms."""
    text = unicodedata.normalize("NFKC", _visible(text)).replace("_", " ")
    return " ".join(text.casefold().split()).rstrip(" :*")


def empty(cells: list[object]) -> bool:
    """Whether nothing stands in a row."""
    return all(cell is None or cell == "" or (isinstance(cell, str) and not plain(cell)) for cell in cells)


def _visible(text: str) -> str:
    """Without what nobody sees: a BOM inside, blanks without width, soft hyphens."""
    return text if text.isascii() and text.isprintable() else honest_line(text)
