"""Where a roster's days and people stand on a sheet: a grid of people by days, perhaps several below each other, or a list of dates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise

from msgspec import Struct, field

from ..sheets.cells import folded
from ..sheets.grid import Grid
from .days import DayHead, day_head, weekdays
from .reading import WholeRefusal

# Fewer days in a row are no head: a week has five or more.
DAYS_LEAST = 5
ABOVE, BELOW = 3, 1
HEAD_ROWS = 60
Field = str
_HEADS: Mapping[Field, str] = {
    "id": "id",
    "name": "nama|nama petugas|nama personil|nama personel|nama pegawai|nama anggota|nama lengkap|nama/nip|nama / nip|nama dan nip|"
    "petugas|personil|personel|pegawai|anggota|nama petugas piket|petugas piket|personil piket|name|names|staff|nama-nama",
    "nip": "nip|nrp|nip/nrp|nip / nrp|nrp/nip|service number",
    "unit": "unit|armada|kendaraan|ambulans|mobil|mobil unit",
    "crew": "regu|regu/tim|peleton|pleton|tim|kelompok|grup|group|crew|team",
    "day": "tanggal|tgl|hari/tanggal|hari / tanggal|hari, tanggal|hari tanggal|hari/tgl|hari / tgl|hari dan tanggal|date|tanggal piket",
    "code": "shift|sif|dinas|kode|kode dinas|kode piket|piket|waktu|jam|jam dinas|jam piket|giliran|code",
}
HEADS: Mapping[str, Field] = {word: name for name, words in _HEADS.items() for word in words.split("|")}


class Block(Struct, frozen=True, kw_only=True):
    """A grid of people by days: the row that names the days, its rows of people, its columns counted from 0."""

    head: int
    first: int
    last: int
    days: dict[int, DayHead]
    columns: dict[Field, int]


class Listing(Struct, frozen=True, kw_only=True):
    """A list of dates: with a column of shifts beside the names, or with a column of names for each shift, by its code."""

    head: int
    day: int
    code: int | None
    names: list[tuple[int, str]]
    unit: int | None = None


class Layout(Struct, frozen=True, kw_only=True):
    """What was found: grids, or else a list; or by which code the sheet cannot be read."""

    blocks: list[Block] = field(default_factory=list)
    listing: Listing | None = None
    refused: WholeRefusal = ""


def layout_of(grid: Grid, meant: Callable[[str], str]) -> Layout:
    """How a sheet is laid out; `meant` says which shift code a word stands for, '' for none."""
    found: list[Block] = []
    for row, cells in grid.numbered():
        run = _run(cells)
        if run is None:
            continue
        if not run:
            return Layout(refused="two_months")
        if found and row <= found[-1].head + 2 and run.keys() == found[-1].days.keys():
            continue
        columns = _columns(grid, row, run)
        if any(at in run for at in columns.values()):
            # The columns themselves are numbered there.
            continue
        if "name" not in columns and "id" not in columns and found:
            columns = found[-1].columns
        found.append(Block(head=row, first=row + 1, last=len(grid.rows), days=run, columns=columns))
    if found:
        return _of_blocks(found)
    listing = next(
        (
            each
            for row in range(1, min(HEAD_ROWS, len(grid.rows)) + 1)
            if (each := _listing(grid, row, meant))
        ),
        None,
    )
    if listing:
        return Layout(listing=listing)
    weekly = any(sum(bool(weekdays(text)) for text in cells) >= DAYS_LEAST for cells in grid.rows)
    return Layout(refused="weekly" if weekly else "no_days")


def _of_blocks(found: list[Block]) -> Layout:
    named = [each for each in found if "name" in each.columns or "id" in each.columns]
    if not named:
        return Layout(refused="no_names")
    lasts = [each.head - 1 for each in found[1:]] + [found[-1].last]
    return Layout(
        blocks=[
            Block(
                head=each.head,
                first=each.first,
                last=last,
                days=each.days,
                columns=each.columns if each in named else named[0].columns,
            )
            for each, last in zip(found, lasts, strict=True)
        ]
    )


def _run(cells: list[str]) -> dict[int, DayHead] | None:
    """The columns of a row that name days one after another; None where none do, an empty one where days go over two months unsaid."""
    heads = [(n, head) for n, text in enumerate(cells) if (head := day_head(text))]
    runs: list[dict[int, DayHead]] = []
    for at, (n, head) in enumerate(heads):
        if at and n - heads[at - 1][0] <= 2 and _after(heads[at - 1][1], head):
            runs[-1][n] = head
        else:
            runs.append({n: head})
    runs = [each for each in runs if len(each) >= 2]
    best = max(runs, key=len, default={})
    if len(best) < DAYS_LEAST:
        return None
    if any(_wraps(one, other) for one, other in pairwise(runs)):
        return {}
    return best


def _after(one: DayHead, other: DayHead) -> bool:
    if one.month and other.month and (one.year, one.month) != (other.year, other.month):
        return one.day >= 28 and other.day == 1
    return other.day > one.day


def _wraps(one: dict[int, DayHead], other: dict[int, DayHead]) -> bool:
    """Whether the days of a month stand right after those of another, and no head says which."""
    last, first = max(one), min(other)
    return first - last <= 2 and one[last].day >= 28 and other[first].day == 1 and not one[last].month


def _columns(grid: Grid, row: int, run: Mapping[int, DayHead]) -> dict[Field, int]:
    """Which columns hold names and what else people are told by, from the heads about the days."""
    found: dict[Field, int] = {}
    for at in range(min(row + BELOW, len(grid.rows)), max(0, row - ABOVE - 1), -1):
        for n, text in enumerate(grid.rows[at - 1]):
            name = HEADS.get(folded(text))
            if name and name not in ("day", "code") and name not in found:
                found[name] = n
    if "name" not in found and "crew" in found and found["crew"] not in run:
        # Crews alone: each stands for its people.
        found["name"] = found.pop("crew")
    return found


def _listing(grid: Grid, row: int, meant: Callable[[str], str]) -> Listing | None:
    heads = [HEADS.get(folded(text), "") for text in grid.rows[row - 1]]
    if "day" not in heads:
        return None
    day = heads.index("day")
    unit = heads.index("unit") if "unit" in heads else None
    names = [n for n, name in enumerate(heads) if name == "name"] or [
        n for n, name in enumerate(heads) if name == "crew"
    ]
    if "code" in heads and names:
        return Listing(head=row, day=day, code=heads.index("code"), names=[(n, "") for n in names], unit=unit)
    by_code = [
        (n, code) for n, text in enumerate(grid.rows[row - 1]) if n != day and text and (code := meant(text))
    ]
    return Listing(head=row, day=day, code=None, names=by_code, unit=unit) if by_code else None
