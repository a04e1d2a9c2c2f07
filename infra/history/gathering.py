"""Rows gathered into incidents on disk, since the rows of one incident need not stand together, and memory is bounded."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Self

from .rows import Part


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """One incident as the interface takes it, with the lines of its rows; `unit_lines` are those of its units."""

    key: str
    row: dict[str, Any]
    lines: list[int]
    unit_lines: list[int]


class Gathering:
    """A temporary file of parts, and of what was left out; deleted when it is closed."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="kentongan-import-")
        self._base = sqlite3.connect(Path(self._folder.name) / "rows.sqlite")
        self._base.execute("PRAGMA journal_mode=OFF")
        self._base.execute("PRAGMA synchronous=OFF")
        self._base.execute("CREATE TABLE part (key TEXT, line INTEGER, incident TEXT, unit TEXT)")
        self._base.execute("CREATE TABLE left_out (whole INTEGER, reason TEXT, line INTEGER)")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._base.close()
        self._folder.cleanup()

    def add(self, line: int, part: Part) -> None:
        """Keep a row's part, and what of it was left out."""
        self._base.execute(
            "INSERT INTO part VALUES (?, ?, ?, ?)",
            (part.key, line, json.dumps(part.incident), json.dumps(part.unit)),
        )
        for reason in part.notes:
            self.left_out(line, reason, whole=False)

    def left_out(self, line: int, reason: str, *, whole: bool) -> None:
        """Remember that a whole row, or something of it, was left out."""
        self._base.execute("INSERT INTO left_out VALUES (?, ?, ?)", (whole, reason, line))

    @property
    def rows(self) -> int:
        """How many rows are to be sent."""
        return int(self._base.execute("SELECT count(*) FROM part").fetchone()[0])

    def incidents(self) -> Iterator[Gathered]:
        """Each incident by its first row, with the units of all its rows; a row that stands there twice counts once."""
        self._base.execute("CREATE INDEX IF NOT EXISTS by_key ON part (key, line)")
        found = self._base.execute("SELECT key, line, incident, unit FROM part ORDER BY key, line")
        for key, parts in groupby(found, key=lambda each: each[0]):
            lines: list[int] = []
            units: dict[str, int] = {}
            row: dict[str, Any] = {}
            for _, line, incident, unit in parts:
                row = row or json.loads(incident)
                if unit in units or (lines and unit == "null"):
                    self.left_out(line, "says nothing that an earlier row does not say", whole=True)
                    continue
                lines.append(line)
                if unit != "null":
                    units[unit] = line
            row = {"key": key, **row, "units": [json.loads(unit) for unit in units]}
            yield Gathered(key=key, row=row, lines=lines, unit_lines=list(units.values()))

    def reasons(self, *, whole: bool) -> Iterator[tuple[str, list[int]]]:
        """Each reason with the lines that it left out, the most frequent first."""
        counted = self._base.execute(
            "SELECT reason FROM left_out WHERE whole = ? GROUP BY reason ORDER BY count(*) DESC, reason",
            (whole,),
        ).fetchall()
        for (reason,) in counted:
            lines = self._base.execute(
                "SELECT line FROM left_out WHERE whole = ? AND reason = ? ORDER BY line", (whole, reason)
            )
            yield reason, [line for (line,) in lines]
