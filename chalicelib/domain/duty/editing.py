"""Filling in a sheet: what officers write, what of it meets somebody else's, and the rows that come of it."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from typing import NamedTuple

from msgspec import Struct, field

from ...faults import Fault
from .sheet import AT, Row, days_of, place

CELL = re.compile(r"[A-Z0-9]{1,3}(@[a-z0-9_-]*)?")
# One item holds 400 KB.
ROWS_MOST = 2_500


class CellEdit(Struct, frozen=True, kw_only=True):
    """What is written into a row's cell of a day, and what stood there when it was written."""

    row: str
    day: str
    was: str
    now: str


class NewRow(Struct, frozen=True, kw_only=True):
    """A row that is added: a person, at a unit or in the pool, of a crew or of none.

    `id` is the person's, for another row of the same person with `~2`, `~3`; '' lets the next free one be taken, and added twice
    it is there twice.
    """

    person_id: str
    unit_id: str | None = None
    crew_id: str | None = None
    id: str = ""


class GoneRow(Struct, frozen=True, kw_only=True):
    """A row that is taken out, and what stood in its cells."""

    row: str
    was: str


class Edits(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is written into a sheet at once: rows that are new, cells, rows that go."""

    add: list[NewRow] = field(default_factory=list)
    cells: list[CellEdit] = field(default_factory=list)
    drop: list[GoneRow] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return not (self.add or self.cells or self.drop)


class Met(NamedTuple):
    """A cell, or with no day a row, in which something else stands than its writer saw."""

    row: str
    day: str
    was: str
    stands: str
    now: str


class Edited(NamedTuple):
    """The rows once what can be written is, what of the edits that was, and what met something else."""

    rows: list[Row]
    done: Edits
    conflicts: list[Met]


class Known(NamedTuple):
    """What cells and rows may name: the agency's codes, its crews, its units, its people."""

    codes: Set[str]
    crews: Set[str]
    units: Set[str]
    people: Set[str]


def edited(rows: Sequence[Row], edits: Edits, month: str) -> Edited:
    """What edits make of a sheet's rows; only what stands otherwise than its writer saw is left, and told.

    The same edit again changes nothing: a cell that already holds what is written is no conflict, and an added row that
    has its id is there.
    """
    found = {row.id: row for row in rows}
    done, conflicts = Edits(), list[Met]()
    for new in edits.add:
        if new.id and new.id in found:
            continue
        id_ = new.id or _free_id(new.person_id, found.keys())
        found[id_] = Row(id=id_, person_id=new.person_id, unit_id=new.unit_id, crew_id=new.crew_id)
        done.add.append(NewRow(person_id=new.person_id, unit_id=new.unit_id, crew_id=new.crew_id, id=id_))
    days = days_of(month)
    # Each row is taken apart once, however many of its cells are written.
    texts: dict[str, list[str]] = {}
    for cell in edits.cells:
        row = found.get(cell.row)
        if row is None:
            # Where no row is, nothing stands in its cells.
            if cell.now:
                conflicts.append(Met(cell.row, cell.day, cell.was, "", cell.now))
            continue
        own = texts.setdefault(row.id, row.texts(days))
        stands = own[place(cell.day)]
        if stands == cell.was and stands != cell.now:
            own[place(cell.day)] = cell.now
            done.cells.append(cell)
        elif stands != cell.now:
            conflicts.append(Met(cell.row, cell.day, cell.was, stands, cell.now))
    for id_, own in texts.items():
        found[id_] = found[id_].with_texts(own)
    for gone in edits.drop:
        row = found.get(gone.row)
        if row is None:
            continue
        if row.cells == gone.was:
            del found[gone.row]
            done.drop.append(gone)
        else:
            conflicts.append(Met(gone.row, "", gone.was, row.cells, ""))
    return Edited(list(found.values()), done, conflicts)


def _free_id(person_id: str, taken: Set[str]) -> str:
    """A person's first row is called as the person is, others are numbered."""
    number, id_ = 1, person_id
    while id_ in taken:
        number += 1
        id_ = f"{person_id}~{number}"
    return id_


def faults(edits: Edits, rows: Sequence[Row], month: str, known: Known) -> list[Fault]:
    """Why edits cannot be of this sheet, whatever stands in it: all of it at once."""
    found = []
    for number, new in enumerate(edits.add):
        if new.person_id not in known.people:
            told = {"noun": "personnel", "id": new.person_id}
            found.append(Fault(f"add[{number}].person_id", "unknown", told))
        if new.id and not re.fullmatch(rf"{re.escape(new.person_id)}(~[1-9][0-9]*)?", new.id):
            found.append(Fault(f"add[{number}].id", "wrong_form"))
        if new.unit_id is not None and new.unit_id not in known.units:
            found.append(Fault(f"add[{number}].unit_id", "unknown", {"noun": "units", "id": new.unit_id}))
        if new.crew_id is not None and new.crew_id not in known.crews:
            found.append(Fault(f"add[{number}].crew_id", "unknown", {"noun": "crews", "id": new.crew_id}))
    for number, cell in enumerate(edits.cells):
        path = f"cells[{number}]"
        if (
            cell.day[:7] != month
            or not cell.day[8:].isdecimal()
            or not 1 <= int(cell.day[8:]) <= days_of(month)
        ):
            found.append(Fault(f"{path}.day", "no_day"))
        if cell.now:
            found += [Fault(f"{path}.now", code, told) for code, told in _cell(cell.now, known)]
    if len(rows) + len(edits.add) > ROWS_MOST:
        found.append(Fault("add", "too_many", {"most": str(ROWS_MOST)}))
    return found


def _cell(text: str, known: Known) -> list[tuple[str, dict[str, str]]]:
    if not CELL.fullmatch(text):
        return [("wrong_form", {})]
    code, _, unit = text.partition(AT)
    found = [] if code in known.codes else [("unknown_code", {"code": code})]
    if unit and unit not in known.units:
        found.append(("unknown", {"noun": "units", "id": unit}))
    return found
