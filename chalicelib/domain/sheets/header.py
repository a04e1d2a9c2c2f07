"""Finds a table's header: under titles, over one to three rows, by the columns that are looked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from .cells import folded, letter, plain

HEAD = 40
STOREYS = 3
# Below this nothing is like enough to be named.
ALIKE = 0.55

Grid = Sequence[tuple[int, Sequence[object]]]


@dataclass(frozen=True)
class Column:
    """A column, counted from 0, with the name that its header gives it."""

    index: int
    name: str

    def __str__(self) -> str:
        return f"column {letter(self.index)} {self.name!r}" if self.name else f"column {letter(self.index)}"


@dataclass(frozen=True, kw_only=True)
class Header:
    """The rows `first` to `last`, and which of its columns bear each name that was looked for, folded."""

    first: int
    last: int
    columns: list[Column]
    found: dict[str, list[Column]]

    @property
    def matched(self) -> int:
        return len(self.found)

    def missing(self, wanted: Iterable[str]) -> list[str]:
        return sorted(name for name in wanted if folded(name) not in self.found)

    @property
    def unused(self) -> list[Column]:
        """Columns that nothing was looked for in."""
        used = {each.index for columns in self.found.values() for each in columns}
        return [each for each in self.columns if each.index not in used]

    def nearest(self, name: str) -> Column | None:
        """The unused column whose name is most like one that is missing."""
        likely = [(_likeness(folded(name), folded(each.name)), each) for each in self.unused if each.name]
        best = max(likely, key=lambda each: each[0], default=None)
        return best[1] if best and best[0] >= ALIKE else None


def find(grid: Grid, wanted: Iterable[str]) -> Header | None:
    """The rows that name most of the wanted columns: the fewest, and the topmost of them; None if none names any."""
    names = {folded(each) for each in wanted}
    best: Header | None = None
    for storeys in range(1, STOREYS + 1):
        for at in range(len(grid) - storeys + 1):
            header = named(grid[at : at + storeys], names)
            if header.matched > (best.matched if best else 0):
                best = header
    return best


def named(rows: Grid, wanted: Collection[str]) -> Header:
    """Rows taken for a header, whatever they name; `wanted` names are folded."""
    width = max(len(cells) for _, cells in rows)
    storeys = [[plain(cells[n]) if n < len(cells) else "" for n in range(width)] for _, cells in rows]
    for above, below in pairwise(storeys):
        for n in range(1, width):
            # A name centred over several columns without being merged stands in the first of them.
            if not above[n] and below[n] and above[n - 1]:
                above[n] = above[n - 1]
    columns, full, short = [], dict[str, list[Column]](), dict[str, list[Column]]()
    for n in range(width):
        parts = [each for each in (storey[n] for storey in storeys) if each]
        parts = [each for k, each in enumerate(parts) if k == 0 or each != parts[k - 1]]
        column = Column(n, " ".join(parts))
        columns.append(column)
        full.setdefault(folded(column.name), []).append(column)
        for k in range(1, len(parts)):
            short.setdefault(folded(" ".join(parts[k:])), []).append(column)
    found = {
        name: full.get(name) or short[name] for name in wanted if name and (name in full or name in short)
    }
    return Header(first=rows[0][0], last=rows[-1][0], columns=columns, found=found)


def _likeness(wanted: str, other: str) -> float:
    likely = SequenceMatcher(None, wanted, other).ratio()
    words = [word.strip(".:()/*") for word in other.split()]
    if any(_shortens(word, wanted) for word in words if len(word) >= 3):
        likely = max(likely, ALIKE + 0.05)
    return likely


def _shortens(short: str, long: str) -> bool:
    """Whether a word is a shorter writing of another: kec, telp, tgl."""
    letters = iter(long)
    return short[0] == long[:1] and all(each in letters for each in short)
