"""Workbooks (.xlsx) on their way in and out: what the function that knows their format is given, and what it gives back.

It has a bucket and nothing else: whoever made the file gets no nearer to the registry than these texts.
"""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import Struct, field

from .grid import Grid

# What is brought, base64 in a body of 4.2 MB: Lambda takes 6.
BYTES_MOST = 3 * 1024 * 1024
# Of what it unpacks to, and of its parts; 2,000 people with everything are 2 MB.
UNPACKED_MOST = 48 * 1024 * 1024
PARTS_MOST = 1000
SHEETS_MOST = 40
# Of all texts together, each cell's counted: a process that serves the desk reads them.
LETTERS_MOST = 16 * 1024 * 1024
# Where each stands in the bucket; the first two of them wake the function.
BROUGHT, ORDERED, READ, WRITTEN = "brought/", "ordered/", "read/", "written/"
# A sheet of our own making, that holds what may be chosen.
CHOICES_SHEET = "_pilihan"

Refused = Literal[
    "file_damaged",
    "file_empty",
    "file_large",
    "file_macros",
    "file_old_excel",
    "file_other",
    "file_password",
    "file_other_book",
    "file_yaml",
]


class ReadBook(Struct, frozen=True, kw_only=True):
    """A workbook as it was read: its sheets that hold anything, in their order, or why it cannot be read.

    `unread`: sheets that hold no cells, such as charts. `what`: what the file is instead.
    """

    sheets: list[Grid] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    refused: Refused | None = None
    what: str = ""


class Choices(Struct, frozen=True, kw_only=True):
    """What the cells of a column, counted from 0, may be chosen from."""

    column: int
    texts: list[str]


class OrderedBook(Struct, frozen=True, kw_only=True):
    """A workbook to be written: one sheet of texts, its head, and what some columns are chosen from.

    `heads` rows are the head, of which `title_rows` are no part of any column; so many columns at the left stay in view.
    """

    title: str
    rows: list[list[str]]
    choices: list[Choices] = field(default_factory=list)
    # Rows below the last that take new things.
    spare: int = 200
    title_rows: int = 0
    heads: int = 1
    staying: int = 0


def packed(value: ReadBook | OrderedBook) -> bytes:
    """As it stands in the bucket."""
    return msgspec.json.encode(value)


def read_book(content: bytes) -> ReadBook:
    return msgspec.json.decode(content, type=ReadBook)


def ordered_book(content: bytes) -> OrderedBook:
    return msgspec.json.decode(content, type=OrderedBook)
