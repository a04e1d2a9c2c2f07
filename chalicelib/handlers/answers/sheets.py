"""What an import of a sheet would do, did, or took back."""

from __future__ import annotations

from typing import Any, Self

from ...domain.registry import Label
from ...domain.sheets.plan import Asked, Change, Plan, Row
from ...domain.sheets.refusals import Choice, Refusal
from ...domain.sheets.stage import Import, Stage, State
from ...domain.sheets.table import Placed
from ...faults import Fault
from ...models.registry import Snapshot
from .shown import Shown, name_of, taken_from

# Nobody reads more, and an answer must stay one that a phone can show; the rest is counted.
TOLD_MOST = 300
# A row's bin in a letter, so that 2,000 rows are as many letters.
LETTERS = {
    "new": "n",
    "changed": "c",
    "same": "s",
    "refused": "r",
    "skipped": "k",
    "repeat": "p",
    "not_read": "t",
}


class SheetColumn(Shown, frozen=True, kw_only=True):
    """A field that a column may be, and in which column it was found, counted from 0; null for none."""

    field: str
    title: Label
    needed: bool
    place: int | None


class SheetRow(Shown, frozen=True, kw_only=True):
    """What becomes of a row that is not plainly new: what changes, or why it is not read."""

    row: int
    bin: str
    kind: str
    id: str
    label: str
    changes: list[Change]
    notes: list[str]


class SheetRefusal(Shown, frozen=True, kw_only=True):
    """Why a row is refused, see `Refusal`, with the name that stands in that row."""

    row: int
    at: str
    field: str
    label: str
    written: str
    code: str
    ask: str
    values: dict[str, str]
    choices: list[Choice]
    proposed: str


class SheetPreview(Shown, frozen=True, kw_only=True):
    """What an import would do, each row in one bin; `bins` has a letter a row, lists are cut at 300 and `counts` are whole.

    `coloured` are cells of a workbook that have colour without text, `sheet` is its sheet's name. `digest` names this very
    preview, `rows` are the sheet's texts where they are asked for.
    """

    id: str
    noun: str
    agency_id: str
    state: State
    asked: list[Asked]
    columns: list[SheetColumn]
    heads: list[Placed]
    unread_columns: list[Placed]
    head: list[int]
    bins: str
    counts: dict[str, int]
    refusals: list[SheetRefusal]
    refused_things: int
    changed: list[SheetRow]
    new: list[SheetRow]
    not_read: list[SheetRow]
    notes: list[SheetRow]
    sheet: str
    coloured: list[str]
    digest: str
    rows: list[list[str]] | None

    @classmethod
    def of(cls, stage: Stage, plan: Plan, state: State, *, rows: bool) -> Self:
        refusals = [_refusal(each, row) for row in plan.rows if row.bin == "refused" for each in row.refusals]
        return cls(
            id=stage.id,
            noun=stage.noun,
            agency_id=stage.agency_id,
            state=state,
            asked=plan.asked,
            columns=[
                SheetColumn(field=name, title=each.title, needed=each.needed, place=plan.places.get(name))
                for name, each in plan.columns.items()
            ],
            heads=plan.table.columns,
            unread_columns=plan.unread_columns,
            head=[plan.table.first, plan.table.last],
            bins="".join(LETTERS[each.bin] for each in plan.rows),
            counts=plan.counts,
            refusals=refusals[:TOLD_MOST],
            refused_things=len(refusals),
            changed=_rows(plan, lambda row: row.bin == "changed"),
            new=_rows(plan, lambda row: row.bin == "new"),
            not_read=_rows(plan, _left_out),
            notes=_rows(plan, lambda row: "shared_phone" in row.notes),
            sheet=stage.grid.name,
            coloured=stage.grid.coloured,
            digest=plan.digest,
            rows=stage.grid.rows if rows else None,
        )


def _refusal(refusal: Refusal, row: Row) -> SheetRefusal:
    return taken_from(SheetRefusal, refusal, label=row.label)


def _left_out(row: Row) -> bool:
    """Whether it is named among what is not read; what waits for an answer about columns is not."""
    return row.bin in ("repeat", "skipped") or (row.bin == "not_read" and row.kind not in ("empty", "data"))


def _rows(plan: Plan, wanted: Any) -> list[SheetRow]:
    found = [each for each in plan.rows if wanted(each)]
    return [taken_from(SheetRow, each) for each in found[:TOLD_MOST]]


class LeftThing(Shown, frozen=True, kw_only=True):
    """A thing that was left as it is, by what people call it, and why."""

    id: str
    label: str
    faults: list[Fault]


class SheetImport(Shown, frozen=True, kw_only=True):
    """An import that was begun: who brought what, and how far it came; `by` is a name."""

    id: str
    noun: str
    agency_id: str
    by: str
    at: str
    state: State
    new: int
    changed: int
    left_out: int
    undone_at: str
    left_at_undo: int

    @classmethod
    def of(cls, told: Import, registry: Snapshot) -> Self:
        return taken_from(cls, told, by=name_of(told.by, registry))


class SheetImports(Shown, frozen=True, kw_only=True):
    """The latest imports, newest first."""

    imports: list[SheetImport]


class SheetOutcome(Shown, frozen=True, kw_only=True):
    """What a commit, or taking back, has come to; with `more` the same request goes on."""

    made: SheetImport
    left: list[LeftThing]
    more: bool


class SheetFile(Shown, frozen=True, kw_only=True):
    """A file by its name, as text."""

    name: str
    text: str
