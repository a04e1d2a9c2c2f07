"""What a file says of people against the rows of the draft: cell by cell what is new, changed, emptied or the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..duty import Row
from ..duty.editing import NewRow
from ..duty.sheet import Cell, days_of, place
from ..registry import CrewMember, DutyCrew
from ..sheets.grid import Grid
from ..sheets.refusals import Choice, Refusal
from ..sheets.words import nearest
from .codes import UNITS_NOUN, Said, said, unit_of
from .reading import ANOTHER, Against, Answers, Bin, CellTold, Entry, Found, twice


class Told(NamedTuple):
    """The rows that are added, and what becomes of each cell."""

    add: list[NewRow]
    cells: list[CellTold]


def compared(found: Found, grid: Grid, against: Against, answers: Answers) -> Told:
    """What the file makes of the draft; what cannot be read is added to what is refused, and its cell stays as it is."""
    rows = {row.id: row for row in against.rows}
    taken: dict[str, Entry] = {}
    # A month has thousands of cells and a handful of codes.
    heard: dict[str, Said] = {}
    add: list[NewRow] = []
    cells: list[CellTold] = []
    for entry in found.entries:
        unit = unit_of(entry.unit, against.units, answers.words) if entry.unit else ""
        if unit is None:
            found.refusals.append(_unknown_unit(entry, against))
            continue
        row = _row_of(entry, unit, rows, taken)
        if row is None:
            made = _made(entry, unit, against, {*rows, *taken})
            row = Row(id=made.id, person_id=made.person_id, unit_id=made.unit_id, crew_id=made.crew_id)
            add.append(made)
        elif row.id in taken:
            found.refusals.append(twice(entry, taken[row.id], against))
            continue
        taken[row.id] = entry
        cells += _cells(found, entry, (row, unit), (grid, against, answers, heard))
    return Told(add, cells)


def _row_of(entry: Entry, unit: str, rows: Mapping[str, Row], taken: Mapping[str, Entry]) -> Row | None:
    """The draft's row that an entry is about: by its id, else the person's at that unit, else his first that no entry has."""
    if entry.row_id:
        return rows.get(entry.row_id)
    own = [row for row in rows.values() if row.person_id == entry.person_id]
    free = [row for row in own if row.id not in taken]
    at_unit = [row for row in free if unit and row.unit_id == unit]
    if at_unit or free:
        return (at_unit or free)[0]
    return own[0] if own and not entry.another else None


def _made(entry: Entry, unit: str, against: Against, known: set[str]) -> NewRow:
    id_, number = entry.row_id or entry.person_id, 1
    while id_ in known and not entry.row_id:
        number += 1
        id_ = f"{entry.person_id}{ANOTHER}{number}"
    crew, member = _membership(entry, against)
    usual = (member.unit_id or crew.unit_id) if crew and member else None
    return NewRow(
        id=id_, person_id=entry.person_id, unit_id=unit or usual, crew_id=crew.id if crew else entry.crew_id
    )


def _membership(entry: Entry, against: Against) -> tuple[DutyCrew | None, CrewMember | None]:
    """The crew in which somebody is in that month; the one that the file names before another."""
    first, last = f"{against.month}-01", f"{against.month}-{days_of(against.month):02d}"
    found = [
        (crew, member)
        for crew in sorted(against.crews, key=lambda each: each.id != entry.crew_id)
        for member in crew.members
        if member.person_id == entry.person_id
        and member.since <= last
        and (member.until or "~") >= first
        and entry.crew_id in (None, crew.id)
    ]
    return found[0] if found else (None, None)


def _cells(
    found: Found,
    entry: Entry,
    to: tuple[Row, str],
    by: tuple[Grid, Against, Answers, dict[str, Said]],
) -> Iterator[CellTold]:
    row, unit = to
    grid, against, answers, heard = by
    texts = row.texts(days_of(against.month))
    for day, put in sorted(entry.days.items()):
        was = texts[place(day)]
        if refusal := _unreadable(entry, put.at, put.text, grid):
            found.refusals.append(refusal)
            continue
        now = ""
        if put.text:
            if put.text not in heard:
                heard[put.text] = said(put.text, against.codes, against.units, answers.words)
            read = heard[put.text]
            if read.unknown or read.two:
                found.refusals.append(_refused(entry, put.at, put.text, read, against))
                continue
            now = _text(read, unit, row)
        told = _bin(was, now, answers)
        yield CellTold(
            row=row.id,
            person_id=row.person_id,
            day=day,
            was=was,
            now=was if told == "kept" else now,
            at=put.at,
            bin=told,
        )


def _text(read: Said, unit: str, row: Row) -> str:
    """A cell as it is written into a row of the draft, which may be at another unit than the file has it."""
    if not read.code:
        return ""
    at = None if read.pool else (read.unit_id or unit or row.unit_id)
    return Cell(read.code, at).text(row.unit_id)


def _bin(was: str, now: str, answers: Answers) -> Bin:
    if was == now:
        return "same"
    if not was:
        return "new"
    if now:
        return "changed"
    return "kept" if answers.blanks == "keep" else "cleared"


def _unreadable(entry: Entry, at: str, text: str, grid: Grid) -> Refusal | None:
    """A cell without a value that a person could have meant."""
    code = grid.broken.get(at, "")
    if not code and text.startswith("="):
        code = "formula"
    if not code or code == "rounded":
        return None
    return Refusal(row=entry.row, at=at, field="code", written=text, code=code, ask="cell")


def _refused(entry: Entry, at: str, text: str, read: Said, against: Against) -> Refusal:
    names = {"name": against.people.people[entry.person_id].name}
    codes = [
        Choice(value=code, label=f"{code} · {each.name}")
        for code, each in sorted(against.codes.codes.items())
    ]
    if read.two:
        return Refusal(
            row=entry.row,
            at=at,
            field="code",
            written=text,
            code="two_codes",
            ask="cell",
            values=names,
            choices=codes,
        )
    unit = read.noun == UNITS_NOUN
    return Refusal(
        row=entry.row,
        at=at,
        field="code",
        written=text,
        code="word_unknown",
        ask="word",
        values={"noun": read.noun, "word": read.unknown, **names},
        # Of codes nothing is proposed: what only looks like one is another.
        choices=against.units.choices if unit else codes,
        proposed=nearest(against.units, read.unknown) if unit else "",
    )


def _unknown_unit(entry: Entry, against: Against) -> Refusal:
    return Refusal(
        row=entry.row,
        at=entry.at,
        field="unit_id",
        written=entry.unit,
        code="word_unknown",
        ask="word",
        values={"noun": UNITS_NOUN, "word": entry.unit},
        choices=against.units.choices,
        proposed=nearest(against.units, entry.unit),
    )
