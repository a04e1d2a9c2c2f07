"""Rows gathered into incidents on disk, since the rows of one incident need not stand together, and memory is bounded."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Literal, Self

from chalicelib.domain.portions import UNITS_MOST
from chalicelib.domain.sheets.cells import Where

from .merging import Merged, merge
from .rows import Part

# What a finding is about: it stops the import, it leaves out a whole row, or something of a row.
Kind = Literal["stop", "row", "part"]


class Gathering:
    """A temporary file of parts, and of what was found; deleted when it is closed."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="kentongan-import-")
        self._base = sqlite3.connect(Path(self._folder.name) / "rows.sqlite")
        self._base.execute("PRAGMA journal_mode=OFF")
        self._base.execute("PRAGMA synchronous=OFF")
        self._base.execute(
            "CREATE TABLE part (key TEXT, sense TEXT, sheet TEXT, row INTEGER, incident TEXT, unit TEXT)"
        )
        self._base.execute("CREATE TABLE held (key TEXT PRIMARY KEY, why TEXT)")
        self._base.execute(
            "CREATE TABLE finding (kind TEXT, reason TEXT, sheet TEXT, row INTEGER, value TEXT)"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._base.close()
        self._folder.cleanup()

    def add(self, where: Where, part: Part) -> None:
        """Keep a row's part, and what of it was left out."""
        self._base.execute(
            "INSERT INTO part VALUES (?, ?, ?, ?, ?, ?)",
            (part.key, part.sense, where.sheet, where.row, json.dumps(part.incident), json.dumps(part.unit)),
        )
        for reason, value in part.notes:
            self.tell("part", reason, where, value)

    def tell(self, kind: Kind, reason: str, where: Where, value: str = "") -> None:
        """Remember a finding, with the row and what stands there."""
        self._base.execute(
            "INSERT INTO finding VALUES (?, ?, ?, ?, ?)", (kind, reason, where.sheet, where.row, value)
        )

    def hold(self, key: str, where: Where) -> None:
        """Leave out all of an incident, one of whose rows cannot be used: what came in of it could never be completed."""
        why = (
            f"belongs to the incident of {where}, which cannot be used: once that is put right, both come in"
        )
        self._base.execute("INSERT OR IGNORE INTO held VALUES (?, ?)", (key, why))

    def check(self, label: Callable[[str, Where], str]) -> None:
        """Find which rows contradict each other, repeat each other, or cannot come in without another; `label` names fields."""
        self._base.execute("CREATE INDEX by_key ON part (key)")
        self._check_alike(label)
        held = dict(self._base.execute("SELECT key, why FROM held"))
        for merged in self._merged("SELECT key, sheet, row, incident, unit FROM part ORDER BY key, rowid"):
            first = merged.lines[0]
            for where in merged.repeated:
                self.tell("row", "says nothing that an earlier row does not say", where)
            for name, said in merged.contradictions:
                reason = (
                    f"Rows of one key ({label('key', first)}) say different things of {label(name, first)}"
                )
                self.tell("stop", f"{reason}: put them right, or add a column to the key", first, said)
            if merged.contradictions:
                continue
            if merged.key in held:
                for where in merged.lines:
                    self.tell("row", held[merged.key], where)
                continue
            for name, where, kept in merged.differing:
                self.tell("part", f"{label(name, where)} differs from {kept}, which was kept", where)
            if why := self._unsendable(merged, label):
                for where in merged.lines:
                    self.tell("row", why, where)
                self._base.execute("INSERT OR IGNORE INTO held VALUES (?, ?)", (merged.key, why))

    def _unsendable(self, merged: Merged, label: Callable[[str, Where], str]) -> str:
        """Why an incident whose rows can all be used cannot come in."""
        first = merged.lines[0]
        for name, said in merged.unit_contradictions:
            reason = f"Rows of one incident and unit say different things of {label(name, first)}"
            self.tell("row", f"{reason}: put them right, or map a column `unit`", first, said)
        if merged.unit_contradictions:
            return f"belongs to the incident of {first}, whose rows contradict each other"
        if len(merged.row["units"]) > UNITS_MOST:
            return f"belongs to the incident of {first}, of more than {UNITS_MOST} units: give its rows several keys"
        return ""

    def _check_alike(self, label: Callable[[str, Where], str]) -> None:
        """Keys that differ in their writing alone would make two incidents of one."""
        self._base.execute("CREATE INDEX by_sense ON part (sense, key)")
        alike = self._base.execute(
            "SELECT sense, key, sheet, row FROM part WHERE rowid IN "
            "(SELECT min(rowid) FROM part GROUP BY sense HAVING count(DISTINCT key) > 1) ORDER BY rowid"
        ).fetchall()
        for sense, key, sheet, row in alike:
            query = "SELECT sheet, row FROM part WHERE sense = ? AND key != ? ORDER BY rowid LIMIT 1"
            where, other = Where(sheet, row), Where(*self._base.execute(query, (sense, key)).fetchone())
            reason = (
                f"Keys ({label('key', where)}) mean the same and are written differently: write them alike"
            )
            self.tell("stop", reason, where, f"and {other}")

    @property
    def rows(self) -> int:
        """How many rows are to be sent."""
        return int(
            self._base.execute(
                "SELECT count(*) FROM part WHERE key NOT IN (SELECT key FROM held)"
            ).fetchone()[0]
        )

    def incidents(self) -> Iterator[Merged]:
        """Each incident with the units of all its rows, but those that are held."""
        yield from self._merged(
            "SELECT key, sheet, row, incident, unit FROM part "
            "WHERE key NOT IN (SELECT key FROM held) ORDER BY key, rowid"
        )

    def _merged(self, query: str) -> Iterator[Merged]:
        for key, parts in groupby(self._base.execute(query), key=lambda each: each[0]):
            yield merge(key, ((Where(sheet, row), incident, unit) for _, sheet, row, incident, unit in parts))

    def count(self, kind: Kind) -> int:
        """How many findings there are of a kind; of whole rows, how many rows."""
        what = "DISTINCT sheet || '/' || row" if kind == "row" else "*"
        found = self._base.execute(f"SELECT count({what}) FROM finding WHERE kind = ?", (kind,))
        return int(found.fetchone()[0])

    def findings(self, kind: Kind, most: int) -> Iterator[tuple[str, int, list[tuple[Where, str]]]]:
        """Each reason with its count and its first places, the most frequent first."""
        counted = self._base.execute(
            "SELECT reason, count(*) FROM finding WHERE kind = ? GROUP BY reason ORDER BY count(*) DESC, min(rowid)",
            (kind,),
        ).fetchall()
        for reason, count in counted:
            places = self._base.execute(
                "SELECT sheet, row, value FROM finding WHERE kind = ? AND reason = ? ORDER BY rowid LIMIT ?",
                (kind, reason, most),
            )
            yield reason, count, [(Where(sheet, row), value) for sheet, row, value in places]
