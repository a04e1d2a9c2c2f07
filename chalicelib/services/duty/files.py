"""A month sheet as a file: what one would write into the draft, and the draft handed out; written is what the officer then saves."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from ...bootstrap import World
from ...domain.duty import Row
from ...domain.duty.editing import CellEdit, Edits, GoneRow
from ...domain.duty.history import KeptRecord
from ...domain.registry import Language
from ...domain.rosters import export
from ...domain.rosters.codes import codes_of
from ...domain.rosters.layout import layout_of
from ...domain.rosters.people import people_of
from ...domain.rosters.read import read
from ...domain.rosters.reading import Against, Answers, Reading
from ...domain.sheets.grid import COLUMNS_MOST, ROWS_MOST, Grid, grids_of
from ...domain.sheets.words import words_of
from ...errors import Invalid, NotFound, Unprocessable
from ...faults import Fault
from ...models import duty_sheets as store
from ...models.registry import Snapshot
from ..registry import workbooks
from ..registry.keeping import Hand
from .sheets import Month, Saved, save


class Workbook(NamedTuple):
    """One sheet, counted from 0, of a workbook that an account has brought."""

    account_id: str
    id: str
    sheet: int


def grid_of(world: World, registry: Snapshot, which: Month, source: str | Workbook) -> Grid:
    """The cells of what was brought: a workbook's, or a text's by the delimiter by which it is laid out like a roster.

    Invalid for one that is empty or too large.
    """
    if isinstance(source, Workbook):
        return workbooks.grid(world, *source)
    codes = against(registry, which, ()).codes
    found = [each for each in grids_of(source) if len(each.rows) <= ROWS_MOST and each.width <= COLUMNS_MOST]
    if not found:
        raise Invalid("the sheet is too large", Fault("text", "too_many", {"most": str(ROWS_MOST)}))
    best = max(found, key=lambda each: (not layout_of(each, codes.meant).refused, each.width))
    if not any(any(cells) for cells in best.rows):
        raise Invalid("the sheet is empty", Fault("text", "empty"))
    return best


def tried(registry: Snapshot, which: Month, grid: Grid, answers: Answers) -> tuple[int, Reading]:
    """The draft's version, and what a file would write into it as it stands; nothing is written."""
    kept, _ = store.read(*which)
    return kept.version, read(grid, against(registry, which, kept.draft.rows), answers)


def against(registry: Snapshot, which: Month, rows: tuple[Row, ...]) -> Against:
    """What a file of an agency's month is read against."""
    own = which.agency_id
    return Against(
        month=which.month,
        rows=rows,
        codes=codes_of(each for each in registry.of("shift-codes").values() if each.agency_id == own),
        people=people_of(registry.people, own),
        crews=[each for each in registry.of("crews").values() if each.agency_id == own and not each.retired],
        units=words_of(
            each for each in registry.units.values() if each.agency_id == own and not registry.gone(each)
        ),
    )


def text(registry: Snapshot, which: Month, language: Language) -> str:
    """The draft as a text, with tabs between its cells."""
    kept, _ = store.read(*which)
    agency = registry.agencies[which.agency_id]
    return export.text_of(against(registry, which, kept.draft.rows), agency.name, language)


def order(world: World, registry: Snapshot, which: Month, account_id: str, language: Language) -> str:
    """Have the draft written as a workbook; its id."""
    kept, _ = store.read(*which)
    agency = registry.agencies[which.agency_id]
    book = export.book_of(against(registry, which, kept.draft.rows), agency.name, language)
    return workbooks.order(world, account_id, book)


def take_back(world: World, registry: Snapshot, which: Month, number: int, hand: Hand) -> Saved:
    """Undo what was once saved wherever nothing has changed since; the rest is told, and stays. Again it changes nothing.

    NotFound where nothing was saved under that number; Unprocessable where it is erased, or took rows out, which are added anew by hand.
    """
    kept = next(store.records(*which, number + 1, 1), None)
    if kept is None or kept.record.seq != number or kept.record.change != "saved":
        raise NotFound("nothing was saved then", Fault("v", "not_found"))
    return save(world, registry, which, _inverse(kept), hand)


def _inverse(kept: KeptRecord) -> Edits:
    if not kept.edits:
        raise Unprocessable("it is erased", Fault("v", "version_erased"))
    done = msgspec.json.decode(kept.edits, type=Edits)
    if done.drop:
        raise Unprocessable("rows were taken out", Fault("v", "rows_taken_out"))
    return Edits(
        cells=[CellEdit(row=each.row, day=each.day, was=each.now, now=each.was) for each in done.cells],
        drop=[GoneRow(row=each.id, was="") for each in done.add],
    )
