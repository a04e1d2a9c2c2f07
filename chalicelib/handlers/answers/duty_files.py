"""What a roster's file would write into a draft."""

from __future__ import annotations

from collections import Counter
from typing import Literal, Self

from ...domain.rosters.reading import LeftRow, Question, Reading
from ...domain.sheets.grid import Grid
from ...domain.sheets.refusals import Choice, Refusal
from ...models.registry import Snapshot
from .shown import Shown, taken_from

# Nobody reads more; the rest is counted, and a phone must be able to show it.
TOLD_MOST = 500
ROWS_MOST = 600


class ReadCell(Shown, frozen=True, kw_only=True):
    """A cell of the draft that the file writes, and where in the file it stands."""

    row: str
    person_id: str
    day: str
    was: str
    now: str
    at: str
    bin: Literal["new", "changed", "cleared"]


class ReadRow(Shown, frozen=True, kw_only=True):
    """A row that the file adds, as saving takes it."""

    id: str
    person_id: str
    unit_id: str | None
    crew_id: str | None


class RefusedCell(Shown, frozen=True, kw_only=True):
    """Why a cell, or a row with all of its cells, is not taken; see `Refusal`. `ask` is `none` where nothing here puts it right."""

    row: int
    at: str
    field: str
    written: str
    code: str
    ask: str
    values: dict[str, str]
    choices: list[Choice]
    proposed: str

    @classmethod
    def of(cls, refusal: Refusal) -> Self:
        return taken_from(cls, refusal)


class RosterRead(Shown, frozen=True, kw_only=True):
    """What a file would write into the draft of version `v`: `add` and `cells`, to be saved as they stand once nothing is `asked`.

    `refused` is why the sheet cannot be read at all. `counts` are whole, `refusals` cut at 500; `names` are those of `cells` by person.
    """

    v: int
    sheet: str
    refused: Literal["", "no_days", "no_names", "two_months", "weekly"]
    asked: list[Question]
    refusals: list[RefusedCell]
    counts: dict[str, int]
    add: list[ReadRow]
    cells: list[ReadCell]
    names: dict[str, str]
    left: list[LeftRow]
    coloured: list[str]
    rows: list[list[str]]

    @classmethod
    def of(cls, found: Reading, grid: Grid, version: int, registry: Snapshot) -> Self:
        cells = [taken_from(ReadCell, each) for each in found.cells if each.bin not in ("same", "kept")]
        counts: Counter[str] = Counter(each.bin for each in found.cells)
        people = {each.person_id for each in cells} | {each.person_id for each in found.add}
        names = {each: registry.people[each].name for each in sorted(people)}
        return cls(
            v=version,
            sheet=grid.name,
            refused=found.refused,
            asked=found.asked,
            refusals=[RefusedCell.of(each) for each in found.refusals[:TOLD_MOST]],
            counts={**counts, "refused": len(found.refusals), "left": len(found.left)},
            add=[taken_from(ReadRow, each) for each in found.add],
            cells=cells,
            names=names,
            left=found.left[:TOLD_MOST],
            coloured=found.coloured,
            rows=grid.rows[:ROWS_MOST],
        )
