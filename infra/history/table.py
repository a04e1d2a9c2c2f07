"""A sheet's rows below its header, by the columns that a mapping names; a row whose cells cannot be told apart is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from chalicelib.domain.sheets.cells import Where, empty, folded, letter, plain
from chalicelib.domain.sheets.header import HEAD, Column, Header
from infra.sheets.book import Sheet

from .row import Row


@dataclass
class Stray:
    """Cells of a column that has no name."""

    first: int
    count: int = 0


@dataclass(kw_only=True)
class Table:
    """A sheet that is read, and the columns that the mapping names; `strays` are cells under no name, by column."""

    sheet: Sheet
    header: Header
    columns: dict[str, Column]
    needed: list[Column]
    count: int = 0
    strays: dict[int, Stray] = field(default_factory=dict)

    def rows(self) -> Iterator[Row]:
        """Each row below the header in which anything stands."""
        named = [folded(each.name) for each in self.header.columns]
        unnamed = {each.index for each in self.header.columns if not each.name}
        widest = self._widest()
        for number, cells in self.sheet.rows():
            if number <= self.header.last or empty(cells):
                continue
            self.count += 1
            fault, note = self._no_row_of_it(number, cells, named), ""
            if self.sheet.delimiter and not fault:
                fault = self._shifted(cells, widest)
                note = self._ends_early(cells)
            if not fault:
                for n, cell in enumerate(cells):
                    if (n in unnamed or n >= len(named)) and plain(cell):
                        self.strays.setdefault(n, Stray(number)).count += 1
            yield Row(
                where=Where(self.sheet.name, number),
                cells={
                    name: cells[each.index] for name, each in self.columns.items() if each.index < len(cells)
                },
                columns=self.columns,
                fault=fault,
                note=note,
            )

    def _widest(self) -> int:
        """How many cells a row may have: as the header, or as most rows if those end in delimiters alone."""
        first = [
            cells for number, cells in self.sheet.head(HEAD) if number > self.header.last and not empty(cells)
        ]
        width, rows = next(iter(Counter(len(cells) for cells in first).most_common(1)), (0, 0))
        padded = rows * 2 > len(first) > 1 and all(empty(each[len(self.header.columns) :]) for each in first)
        return max(len(self.header.columns), width if padded else 0)

    def _shifted(self, cells: list[object], widest: int) -> str:
        """Why a text file's row cannot be told apart into its columns."""
        if len(cells) > widest:
            return (
                f"has {len(cells)} cells, the header {len(self.header.columns)}: a text that holds the delimiter "
                f"{self.sheet.delimiter!r} needs quotation marks around it"
            )
        absent = [each for each in self.needed if each.index >= len(cells)]
        if absent:
            return (
                f"ends before {min(absent, key=lambda each: each.index)}: a text with a line break in it needs "
                "quotation marks, and an empty cell its delimiter"
            )
        return ""

    def _ends_early(self, cells: list[object]) -> str:
        absent = [each for each in self.columns.values() if each.index >= len(cells)]
        return f"ends before {absent[0]}, which was taken as empty" if absent else ""

    def _no_row_of_it(self, number: int, cells: list[object], named: list[str]) -> str:
        n = next(n for n, name in enumerate(named) if name)
        if n < len(cells) and folded(plain(cells[n])) == named[n]:
            words = [folded(plain(each)) for each in cells]
            if [each for each in words if each] == [each for each in named if each]:
                return "repeats the header"
        if number != self.header.last + 1:
            return ""
        numbers = [word.strip("()") for each in cells if (word := plain(each))]
        counted = [str(n) for n in range(1, len(numbers) + 1)]
        return "numbers the columns" if len(numbers) > 2 and numbers == counted else ""

    def unused(self) -> list[str]:
        """Columns that nothing was read of, as they are told."""
        found = [str(each) for each in self.header.unused if each.name]
        for n, stray in sorted(self.strays.items()):
            found.append(f"column {letter(n)} (no name, {stray.count} cells, first in row {stray.first})")
        return found
