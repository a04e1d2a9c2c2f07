"""Rows and columns that nobody sees, rows that are crossed out, and those of people gone: whether they are read is asked, never guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .clarifications import Clarifications, Unseen
from .grid import Grid
from .plan import Asked
from .table import Kind, Table

_GONE = re.compile(
    r"\b(?:pensiun(?:an)?|purna ?tugas|purnawirawan|mutasi|pindah|keluar|non[- ]?aktif|tidak aktif|meninggal|almarhum|mantan|"
    r"berhenti|diberhentikan|retired|inactive|former|left)\b",
    re.IGNORECASE,
)


def left_out(grid: Grid, kinds: list[Kind], clarified: Clarifications) -> tuple[list[Kind], frozenset[int]]:
    """The rows' kinds and the columns to pass over, once somebody said that what is unseen is not read."""
    skipped = {
        row
        for what, rows in _rows(grid, kinds).items()
        if clarified.unseen.get(what) == "skip"
        for row in rows
    }
    columns = (
        frozenset(grid.hidden_columns) if clarified.unseen.get("hidden_columns") == "skip" else frozenset()
    )
    found: list[Kind] = [
        "skipped" if kind == "data" and row in skipped else kind for row, kind in enumerate(kinds, 1)
    ]
    return found, columns


def asked(
    grid: Grid, kinds: list[Kind], places: Mapping[str, int], found: Table, clarified: Clarifications
) -> list[Asked]:
    """What is asked of rows of data, and of columns that hold a field."""
    questions = []
    for what, rows in _rows(grid, kinds).items():
        data = [row for row in rows if kinds[row - 1] == "data"]
        if data and what not in clarified.unseen:
            questions.append(Asked(kind=what, rows=data))
    hidden = [
        each for each in found.columns if each.index in grid.hidden_columns and each.index in places.values()
    ]
    if hidden and "hidden_columns" not in clarified.unseen:
        questions.append(Asked(kind="hidden_columns", columns=hidden))
    return questions


def _rows(grid: Grid, kinds: list[Kind]) -> dict[Unseen, list[int]]:
    return {
        "hidden_rows": grid.hidden_rows,
        "struck_rows": grid.struck_rows,
        "gone_rows": _gone(grid, kinds),
    }


def _gone(grid: Grid, kinds: list[Kind]) -> list[int]:
    """The rows below a heading that says of its people that they are there no more, until the next heading."""
    found, gone = [], False
    for row, kind in enumerate(kinds, 1):
        if kind == "section":
            gone = any(_GONE.search(text) for text in grid.rows[row - 1])
        elif gone and kind in ("data", "skipped"):
            found.append(row)
    return found
