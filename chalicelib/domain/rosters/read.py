"""Reads a roster's file: its layout, its month, its people, its codes; nothing that is doubtful is decided."""

from __future__ import annotations

from ..sheets.cells import letter
from ..sheets.grid import Grid, place_of
from .comparing import compared
from .grids import read_grids
from .layout import Layout, layout_of
from .lists import read_list
from .month import signs_against
from .reading import Against, Answers, CellTold, Found, Question, Reading


def read(grid: Grid, against: Against, answers: Answers) -> Reading:
    """What a sheet would do to the draft of the month that is open."""
    grid = grid.with_cells(answers.cells)
    layout = layout_of(grid, against.codes.meant)
    if layout.refused:
        return Reading(refused=layout.refused)
    if layout.listing:
        found = read_list(grid, layout.listing, against, answers)
    else:
        found = read_grids(grid, layout.blocks, against, answers)
    rows = {each.row for each in found.entries} | {each.row for each in found.refusals}
    told = compared(found, grid, against, answers)
    return Reading(
        asked=_asked(grid, layout, told.cells, (found, against, answers)),
        refusals=sorted(found.refusals, key=lambda each: each.row),
        add=told.add,
        cells=told.cells,
        left=found.left,
        # Of colours in heads and legends nobody expects anything.
        coloured=[at for at in grid.coloured if (place := place_of(at)) and place[0] in rows],
    )


def _asked(
    grid: Grid, layout: Layout, cells: list[CellTold], by: tuple[Found, Against, Answers]
) -> list[Question]:
    found, against, answers = by
    asked: list[Question] = []
    signs = signs_against(grid, layout, against.month)
    if signs and answers.month != against.month:
        asked.append(Question(kind="month", signs=signs))
    rows = {each.row for each in found.entries} | {each.row for each in found.refusals}
    if "hidden_rows" not in answers.unseen and (hidden := sorted(rows & set(grid.hidden_rows))):
        asked.append(Question(kind="hidden_rows", rows=hidden))
    if "struck_rows" not in answers.unseen and (struck := sorted(rows & set(grid.struck_rows))):
        asked.append(Question(kind="struck_rows", rows=struck))
    days = {n for block in layout.blocks for n in block.days}
    if "hidden_columns" not in answers.unseen and (columns := sorted(days & set(grid.hidden_columns))):
        asked.append(Question(kind="hidden_columns", columns=[letter(n) for n in columns]))
    cleared = sum(each.bin == "cleared" for each in cells)
    if cleared and answers.blanks is None:
        asked.append(Question(kind="blanks", number=cleared))
    return asked
