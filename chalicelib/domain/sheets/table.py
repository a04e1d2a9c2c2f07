"""Where a sheet's table is: titles, heads over several rows and repeated, sections, counts, legends and signatures are no data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct

from . import header
from .cells import folded
from .columns import NUMBER_HEADS
from .grid import Grid

Kind = Literal[
    "title",
    "head",
    "head_again",
    "numbering",
    "section",
    "count",
    "legend",
    "empty",
    "data",
    "skipped",
    "not_taken",
]
NOT_READ: tuple[Kind, ...] = (
    "title",
    "head",
    "head_again",
    "numbering",
    "section",
    "count",
    "legend",
    "empty",
    "skipped",
)
HEAD_STOREYS = header.STOREYS

_COUNT = re.compile(
    r"^(?:jumlah|jml|total|sub ?-?total|grand total|rekap(?:itulasi)?|rata-rata|sum|count)\b", re.I
)
_SECTION = re.compile(
    r"^(?:(?:[ivxlc]{1,5}|[a-z]|\d{1,2})[.)] ?)?(?:regu|pleton|peleton|kelompok|tim|pos|sektor|seksi|bidang|bagian|sub ?bagian|"
    r"subbag|kecamatan|kec\.?|shift|piket|unit|upt|upr|desa|kelurahan|wilayah|pejabat|jabatan|staf|tenaga|pns|pppk|honorer|"
    r"kontrak|thl|relawan|asn|non asn|satgas|team|squad|section)\b",
    re.I,
)
_TAIL = re.compile(
    r"^(?:ket(?:erangan)?\b|catatan|note|legend|sumber|mengetahui|menyetujui|disetujui|diketahui|dibuat|disusun|diperiksa|"
    r"yang membuat|pembuat daftar|penanggung ?jawab|kepala\b|plt\.?\b|plh\.?\b|a\.?n\.? |an\. |demikian|nip\b|\*)",
    re.I,
)
_PLACE_AND_DAY = re.compile(
    r"^[a-z .']{3,40}, ?(?:\d{1,2} )?[a-z .…_]* ?\d{0,2} ?[a-z]* ?(?:20\d\d|…+|\.{3,})$", re.I
)


class Placed(Struct, frozen=True, kw_only=True):
    """A column that a field was found in, or may be: counted from 0, named by its head."""

    index: int
    name: str


class Table(Struct, frozen=True, kw_only=True):
    """Which rows hold what, and in which columns each field was found; `number` is the column of running numbers."""

    kinds: list[Kind]
    columns: list[Placed]
    found: dict[str, list[Placed]]
    first: int = 0
    last: int = 0
    number: int | None = None


def find(
    grid: Grid, heads: Mapping[str, str], key: str, proofs: Sequence[str], head: int | None = None
) -> Table:
    """The table of a sheet by the heads of a noun's fields; `key` is the field that no row of data lacks.

    `head`: in which row a person says that the head begins, 0 for a sheet without one.
    """
    top = _top(grid, heads, head)
    if top is None:
        columns = [Placed(index=n, name="") for n in range(grid.width)]
        kinds: list[Kind] = ["empty" if not any(cells) else "data" for cells in grid.rows]
        return Table(kinds=kinds, columns=columns, found={})
    columns = [Placed(index=each.index, name=each.name) for each in top.columns]
    found = _fields(top, heads)
    number = next(
        (each.index for each in top.columns if folded(each.name) in NUMBER_HEADS and each.index < 3), None
    )
    table = Table(kinds=[], columns=columns, found=found, first=top.first, last=top.last, number=number)
    return _sorted(grid, table, key, proofs)


def _top(grid: Grid, heads: Mapping[str, str], head: int | None) -> header.Header | None:
    if head == 0 or not grid.rows:
        return None
    rows = grid.numbered()
    if head is None:
        top = header.find(rows[: header.HEAD], heads)
        # One word alone may stand in a title as well.
        if top is None or (top.matched < 2 and grid.width > 1 and len(_filled(grid, top.first)) < 2):
            return None
    else:
        top = max(
            (header.named(rows[head - 1 : head - 1 + n], heads) for n in range(1, HEAD_STOREYS + 1)),
            key=lambda each: (each.matched, -each.last),
        )
    # A storey below whose words nobody looks for, such as the days under a month.
    while top.last - top.first + 1 < HEAD_STOREYS and _goes_on(grid, top, heads):
        top = header.named(rows[top.first - 1 : top.last + 1], heads)
    return top


def _goes_on(grid: Grid, top: header.Header, heads: Mapping[str, str]) -> bool:
    """Whether the row below the head names parts of its columns and nothing else."""
    if top.last >= len(grid.rows):
        return False
    below = grid.rows[top.last]
    own = [bool(grid.cell(top.last, n)) for n in range(grid.width)]
    filled = [n for n, cell in enumerate(below) if cell]
    first = next((n for n, there in enumerate(own) if there), 0)
    if not filled or filled[0] <= first + 1 or any(char.isdigit() for n in filled for char in below[n]):
        return False
    parts = len(filled) >= 2 and any(not own[n] for n in filled)
    return parts or any(folded(below[n]) in heads for n in filled)


def _filled(grid: Grid, row: int) -> list[str]:
    return [each for each in grid.rows[row - 1] if each]


def _fields(top: header.Header, heads: Mapping[str, str]) -> dict[str, list[Placed]]:
    """By field its columns: of a head that names two, the longer counts."""
    by_column: dict[int, tuple[str, header.Column]] = {}
    for alias, columns in top.found.items():
        for column in columns:
            known = by_column.get(column.index)
            if known is None or len(known[0]) < len(alias):
                by_column[column.index] = (alias, column)
    found: dict[str, list[Placed]] = {}
    for index in sorted(by_column):
        alias, column = by_column[index]
        found.setdefault(heads[alias], []).append(Placed(index=index, name=column.name))
    return found


def no_data(text: str) -> bool:
    """Whether a text counts rows up, explains a sheet, or signs it."""
    return bool(_COUNT.match(text)) or _ends(text)


def _sorted(grid: Grid, table: Table, key: str, proofs: Sequence[str]) -> Table:
    keys = [each.index for each in table.found.get(key, [])]
    proving = [each.index for field in proofs for each in table.found.get(field, [])]
    head = [tuple(folded(each) for each in grid.rows[n - 1]) for n in range(table.first, table.last + 1)]
    kinds: list[Kind] = []
    tail = False
    for row, cells in grid.numbered():
        kind = _kind(row, cells, table, head)
        if kind == "data":
            numbered = table.number is not None and _is_number(grid.cell(row, table.number))
            has_key = any(grid.cell(row, n) for n in keys)
            proved = any(_proves(grid.cell(row, n)) for n in proving)
            tail = not (has_key and (numbered or proved)) and (tail or any(_ends(each) for each in cells))
            if tail:
                kind = "legend"
            elif not (has_key and (numbered or proved)):
                kind = _unsure([each for each in cells if each], numbered, has_key, table.number is not None)
        kinds.append(kind)
    return Table(
        kinds=kinds,
        columns=table.columns,
        found=table.found,
        first=table.first,
        last=table.last,
        number=table.number,
    )


def _unsure(filled: list[str], numbered: bool, has_key: bool, has_numbers: bool) -> Kind:
    """What a row is that lacks its key, or its number and all that proves it to be data."""
    alone = len(set(filled)) == 1
    if numbered and alone:
        return "empty"  # Numbered beforehand, and never filled in.
    section = any(_SECTION.match(each) for each in filled)
    if (alone and (section or has_numbers or not has_key)) or (section and not has_key):
        return "section"
    return "data"


def _kind(row: int, cells: list[str], table: Table, head: list[tuple[str, ...]]) -> Kind:
    filled = [each for each in cells if each]
    if not filled:
        return "empty"
    if row < table.first:
        return "title"
    if row <= table.last:
        return "head"
    if tuple(folded(each) for each in cells) in head:
        return "head_again"
    if len(filled) >= 3 and row == table.last + 1 and _counts_columns(filled):
        return "numbering"
    if _COUNT.match(filled[0]):
        return "count"
    return "data"


def _counts_columns(filled: list[str]) -> bool:
    numbers = [re.fullmatch(r"\(?(\d{1,2})\)?\.?", each) for each in filled]
    return all(each and int(each[1]) == n for n, each in enumerate(numbers, 1))


def _is_number(cell: str) -> bool:
    return bool(re.fullmatch(r"\d{1,5}[.)]?", cell))


def _proves(cell: str) -> bool:
    return sum(each.isdigit() for each in cell) >= 3 and not re.match(r"\s*(?:nip|nrp)\b", cell, re.I)


def _ends(cell: str) -> bool:
    return bool(_TAIL.match(cell) or _PLACE_AND_DAY.match(cell))
