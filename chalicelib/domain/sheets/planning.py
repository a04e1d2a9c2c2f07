"""Makes the plan of an import: where the columns are, what each row says, whom it is about, what the registry says of it.

The import writes what the plan says and nothing else: a trial is the import without its writes.
"""

from __future__ import annotations

from collections.abc import Mapping

from . import configuring, crews, matching, reading, table, together, unseen
from .clarifications import NEW, SKIP, Clarifications
from .columns import Column, columns_of, fields_by_head
from .filling import fill
from .grid import Grid
from .plan import Asked, Plan, Row, Scope
from .reading import Read, Sheet
from .refusals import Choice, Refusal
from .table import Kind, Table
from .values import shows_month_first
from .words import Words, words_of


def plan(grid: Grid, clarified: Clarifications, scope: Scope) -> Plan:
    """What an import of this sheet would do, as far as it is clarified."""
    if scope.noun == configuring.NOUN:
        return configuring.plan(grid, clarified, scope)
    grid = grid.with_cells(clarified.cells)
    columns = {each.field: each for each in columns_of(scope.sheet, scope.book.of("certifications"))}
    found = table.find(
        grid, fields_by_head(tuple(columns.values())), scope.sheet.label, scope.sheet.proofs, clarified.head
    )
    kinds = [_as_clarified(kind, clarified.rows.get(str(row), "")) for row, kind in enumerate(found.kinds, 1)]
    kinds, hidden = unseen.left_out(grid, kinds, clarified)
    sections = {
        row: next(text for text in grid.rows[row - 1] if text)
        for row, kind in enumerate(kinds, 1)
        if kind == "section"
    }
    places, asked = _places(found, columns, clarified, scope, hidden)
    if sections:
        asked = [each for each in asked if (each.kind, each.field) != ("missing", "crew")]
    asked += unseen.asked(grid, kinds, places, found, clarified)
    # A running number says nothing of whom it counts.
    used = {*places.values(), found.number}
    whole = Plan(
        table=found,
        places=places,
        asked=asked,
        rows=[Row(row=row, bin="not_read", kind=kind) for row, kind in enumerate(kinds, 1)],
        unread_columns=[
            each for each in found.columns if each.index not in used and _has_words(grid, each.index, kinds)
        ],
        columns=columns,
        sections=sections,
    )
    if not asked:
        _read_rows(whole, grid, clarified, scope)
    return whole


def _as_clarified(kind: Kind, answer: str) -> Kind:
    if answer == "skip" and kind == "data":
        return "skipped"
    return "data" if answer == "data" and kind not in ("head", "empty") else kind


def _has_words(grid: Grid, index: int, kinds: list[Kind]) -> bool:
    return any(kind == "data" and grid.cell(row, index) for row, kind in enumerate(kinds, 1))


def _places(
    found: Table,
    columns: Mapping[str, Column],
    clarified: Clarifications,
    scope: Scope,
    hidden: frozenset[int],
) -> tuple[dict[str, int], list[Asked]]:
    """Where each field stands, and what is asked: nothing is chosen where two columns may be one field."""
    places: dict[str, int] = {}
    asked: list[Asked] = []
    for name in columns:
        answer = clarified.columns.get(name)
        several = [each for each in found.found.get(name, []) if each.index not in hidden]
        if answer is not None:
            if answer >= 0:
                places[name] = answer
        elif len(several) > 1:
            asked.append(Asked(kind="twice", field=name, columns=several))
        elif several:
            places[name] = several[0].index
    twice = {each.field for each in asked}
    for name, column in columns.items():
        has = name in places or name in clarified.for_all or name in twice
        if column.needed and not has and not _otherwise(name, places, scope):
            asked.append(Asked(kind="missing", field=name, for_all=column.for_all))
    return places, asked


def _otherwise(name: str, places: Mapping[str, int], scope: Scope) -> bool:
    if name == "agency_id":
        return bool(scope.agency_id)
    return name in ("lat", "lng") and "point" in places


def _read_rows(whole: Plan, grid: Grid, clarified: Clarifications, scope: Scope) -> None:
    sheet = _sheet_of(whole, grid, clarified, scope)
    data = [each for each in whole.rows if each.kind == "data"]
    reads = {each.row: reading.read(sheet, each.row) for each in data}
    agencies = {row: _agency(read, scope, whole) for row, read in reads.items()}
    if scope.noun == crews.NOUN:
        crews.fill(whole, reads, agencies, clarified, scope)
        return
    known = matching.known_of(scope.book.of(scope.noun), scope.sheet.label)
    about = {
        row: _about(read, agencies[row], known, clarified.who.get(str(row), ""), whole, scope)
        for row, read in reads.items()
    }
    taken = {each.id for each in about.values() if each.id}
    if scope.noun == "personnel":
        for row, each in about.items():
            if each.new and clarified.who.get(str(row)) != NEW:
                at = whole.address(row, scope.sheet.label)
                each.refusal = matching.resembling(reads[row], agencies[row], known, taken, at)
    fill(whole, reads, agencies, about, scope)
    together.within_the_sheet(whole, reads, clarified, scope)
    together.by_the_rules(whole, scope)


def _sheet_of(whole: Plan, grid: Grid, clarified: Clarifications, scope: Scope) -> Sheet:
    month_first = {
        name
        for name, place in whole.places.items()
        if whole.columns[name].reads == "held_until"
        and shows_month_first([grid.cell(each.row, place) for each in whole.rows if each.kind == "data"])
    }
    return Sheet(
        grid=grid,
        columns={
            name: each
            for name, each in whole.columns.items()
            if name in whole.places or name in clarified.for_all
        },
        places=whole.places,
        clarified=clarified,
        words={
            noun: _words(noun, scope) for noun in {each.noun for each in whole.columns.values() if each.noun}
        },
        read_phone=scope.read_phone,
        month_first=frozenset(month_first),
    )


def _words(noun: str, scope: Scope) -> Words:
    things = [each for each in scope.book.of(noun).values() if not getattr(each, "retired", False)]
    if noun == "stations" and scope.agency_id:
        things = [each for each in things if each.agency_id == scope.agency_id]
    return words_of(things)


def _agency(read: Read, scope: Scope, whole: Plan) -> str:
    """The agency of a row: what it says, or the one that was chosen; whoever is bound to one brings in no other's."""
    agency_id = str(read.given.get("agency_id") or scope.agency_id)
    if scope.bound and agency_id != scope.agency_id:
        at = whole.address(read.row, "agency_id")
        read.refusals.append(
            Refusal(
                row=read.row,
                at=at,
                field="agency_id",
                written=agency_id,
                code="other_agency",
                ask="who",
                choices=[Choice(value=SKIP)],
            )
        )
    if agency_id:
        read.given["agency_id"] = agency_id
    return agency_id


def _about(
    read: Read, agency_id: str, known: matching.Known, answer: str, whole: Plan, scope: Scope
) -> matching.About:
    if answer == SKIP:
        return matching.About(skipped=True)
    at = whole.address(read.row, "id" if read.given.get("id") else scope.sheet.label)
    if scope.noun == "personnel":
        return matching.person(read, agency_id, known, answer, at)
    return matching.thing(read, agency_id, scope.sheet.label, known, answer, at)
