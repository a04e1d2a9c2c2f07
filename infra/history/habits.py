"""What no single cell shows: a whole column whose month stands first, or whose every clock is midnight."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time

from chalicelib.domain.sheets.cells import folded, plain
from chalicelib.domain.sheets.moments import month_first

from .row import Row

_DAY_IN_DIGITS = re.compile(r"(\d{1,2})[/.-]\d{1,2}[/.-]\d{2,4}")


@dataclass
class _Column:
    label: str
    counts: Counter[str] = field(default_factory=Counter)
    month_first: str = ""
    text_day: str = ""
    midnight: str = ""


class Habits:
    """Counts how each column's dates and clocks are written, so that one that deceives can stop the import."""

    def __init__(self) -> None:
        self._columns: dict[tuple[str, str], _Column] = {}

    def day(self, row: Row, column: str, cell: object) -> None:
        """See a date."""
        seen = self._seen(row, column)
        if isinstance(cell, date):
            seen.counts["real above 12" if cell.day > 12 else "real to 12"] += 1
        elif month_first(cell):
            seen.month_first = seen.month_first or f"{row.where} ({plain(cell)})"
        elif isinstance(cell, str) and (found := _DAY_IN_DIGITS.match(plain(cell))):
            seen.counts["text above 12" if int(found[1]) > 12 else "text to 12"] += 1
            seen.text_day = seen.text_day or f"{row.where} ({plain(cell)})"

    def clock(self, row: Row, column: str, moment: datetime) -> None:
        """See a clock that a spreadsheet may have filled in: one beside its date in one cell, or a cell of type time."""
        seen = self._seen(row, column)
        seen.counts["midnight" if moment.time() == time(0) else "other clock"] += 1
        if moment.time() == time(0):
            seen.midnight = seen.midnight or str(row.where)

    def stops(self) -> Iterator[str]:
        """Why what was read cannot be trusted."""
        for seen in self._columns.values():
            counts = seen.counts
            if seen.month_first:
                yield (
                    f"{seen.label}: {seen.month_first} has the month first, so every other date there may too: "
                    "write all with the day first, or give `times`"
                )
            swapped = counts["text above 12"] and counts["real to 12"]
            if swapped and not counts["text to 12"] and not counts["real above 12"]:
                yield (
                    f"{seen.label}: dates up to the 12th are real dates, later ones are text as in {seen.text_day}: "
                    "the spreadsheet took days for months; format the column as text, and fill it in again"
                )
            if counts["midnight"] and not counts["other clock"]:
                yield (
                    f"{seen.label}: every clock is midnight ({counts['midnight']} rows, first {seen.midnight}), as if there "
                    "were days alone: map the column of the clock too, as {date: …, time: …}, or write 00.00 as text"
                )

    def notes(self) -> Iterator[str]:
        """What was taken as it stands, though it may mean something else."""
        for seen in self._columns.values():
            if (count := seen.counts["midnight"]) and seen.counts["other clock"]:
                yield f"{seen.label}: {count} clocks are midnight to the second, the first in {seen.midnight}: taken as such"

    def _seen(self, row: Row, column: str) -> _Column:
        key = (row.where.sheet, folded(column))
        if key not in self._columns:
            label = str(row.columns.get(key[1], column))
            if row.where.sheet:
                label = f"Sheet {row.where.sheet!r}: {label}"
            self._columns[key] = _Column(label)
        return self._columns[key]
