"""What an import would do: each row of a sheet in one bin, with what changes, what is refused and what is asked.

The import writes what this says and nothing else: a trial is the import without its writes.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import asdict

from ...faults import Fault
from ..ids import id_of_row
from ..registry import NOUNS, HeldCertification
from ..registry_rules import Book
from . import matching, names, reading, table
from .answers import NEW, SKIP, Answers
from .columns import SHEETS, Column, NounSheet, columns_of, fields_by_head
from .grid import Grid, address
from .reading import Read, ReadPhone, Sheet
from .refusals import Choice, Refusal
from .table import Kind, Placed, Table
from .values import shows_month_first
from .words import Words, words_of

Bin = Literal["new", "changed", "same", "refused", "skipped", "repeat", "not_read"]
# What stands in a thing that the sheets do not say: whoever is retired or a demo stays so.
_PREFIX = {"personnel": "p", "units": "u", "stations": "s"}


class Change(Struct, frozen=True, kw_only=True):
    """A field of a known thing before and after."""

    field: str
    before: Any
    after: Any


class Row(Struct, kw_only=True):
    """What becomes of a row: its bin, the thing it is about, what changes in it, what is wrong; `kind` says why it is not read."""

    row: int
    bin: Bin
    kind: Kind = "data"
    id: str = ""
    label: str = ""
    changes: list[Change] = msgspec.field(default_factory=list)
    refusals: list[Refusal] = msgspec.field(default_factory=list)
    notes: list[str] = msgspec.field(default_factory=list)
    value: Any = None


class Asked(Struct, frozen=True, kw_only=True):
    """A question about a column: `missing`, or several that may be the field (`twice`)."""

    kind: Literal["missing", "twice"]
    field: str
    columns: list[Placed] = msgspec.field(default_factory=list)
    for_all: bool = False


class Plan(Struct, kw_only=True):
    """All of it: where the table is, what is asked of its columns, and every row in one bin."""

    table: Table
    places: dict[str, int]
    asked: list[Asked]
    rows: list[Row]
    unread_columns: list[Placed]
    columns: dict[str, Column]

    @property
    def counts(self) -> dict[str, int]:
        return dict(Counter(each.bin for each in self.rows))

    @property
    def writes(self) -> list[Row]:
        return [each for each in self.rows if each.bin in ("new", "changed")]

    @property
    def digest(self) -> str:
        """What somebody has seen: the same plan has the same digest."""
        seen = [(each.row, each.bin, each.id, msgspec.to_builtins(each.value)) for each in self.rows]
        asked = [(each.kind, each.field) for each in self.asked]
        return hashlib.sha256(msgspec.json.encode([seen, asked])).hexdigest()[:32]


class Scope(Struct, frozen=True, kw_only=True):
    """For whom and into what: the noun, the registry, the agency of rows that name none; `bound` to it, its admin imports.

    `faults` is what the writing itself asks before it writes: by id what is wrong once all of them are written.
    """

    noun: str
    book: Book
    import_id: str
    read_phone: ReadPhone
    faults: Callable[[list[Row]], dict[str, list[Fault]]]
    agency_id: str = ""
    bound: bool = False

    @property
    def sheet(self) -> NounSheet:
        return SHEETS[self.noun]


def plan(grid: Grid, answers: Answers, scope: Scope) -> Plan:
    """What an import of this sheet would do, as far as it is answered."""
    grid = grid.with_cells(answers.cells)
    columns = {each.field: each for each in columns_of(scope.sheet, scope.book.of("certifications"))}
    found = table.find(
        grid, fields_by_head(tuple(columns.values())), scope.sheet.label, scope.sheet.proofs, answers.head
    )
    kinds = [_as_answered(kind, answers.rows.get(str(row), "")) for row, kind in enumerate(found.kinds, 1)]
    places, asked = _places(found, columns, answers, scope)
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
    )
    if not asked:
        _read_rows(whole, grid, answers, scope)
    return whole


def _as_answered(kind: Kind, answer: str) -> Kind:
    if answer == "skip" and kind == "data":
        return "skipped"
    return "data" if answer == "data" and kind not in ("head", "empty") else kind


def _has_words(grid: Grid, index: int, kinds: list[Kind]) -> bool:
    return any(kind == "data" and grid.cell(row, index) for row, kind in enumerate(kinds, 1))


def _places(
    found: Table, columns: Mapping[str, Column], answers: Answers, scope: Scope
) -> tuple[dict[str, int], list[Asked]]:
    """Where each field stands, and what is asked: nothing is chosen where two columns may be one field."""
    places: dict[str, int] = {}
    asked: list[Asked] = []
    for name in columns:
        answer = answers.columns.get(name)
        several = found.found.get(name, [])
        if answer is not None:
            if answer >= 0:
                places[name] = answer
        elif len(several) > 1:
            asked.append(Asked(kind="twice", field=name, columns=several))
        elif several:
            places[name] = several[0].index
    twice = {each.field for each in asked}
    for name, column in columns.items():
        has = name in places or name in answers.for_all or name in twice
        if column.needed and not has and not _otherwise(name, places, scope):
            asked.append(Asked(kind="missing", field=name, for_all=column.for_all))
    return places, asked


def _otherwise(name: str, places: Mapping[str, int], scope: Scope) -> bool:
    if name == "agency_id":
        return bool(scope.agency_id)
    return name in ("lat", "lng") and "point" in places


def _read_rows(whole: Plan, grid: Grid, answers: Answers, scope: Scope) -> None:
    sheet = _sheet_of(whole, grid, answers, scope)
    data = [each for each in whole.rows if each.kind == "data"]
    known = matching.known_of(scope.book.of(scope.noun), scope.sheet.label)
    reads = {each.row: reading.read(sheet, each.row) for each in data}
    agencies = {row: _agency(read, scope, whole) for row, read in reads.items()}
    about = {
        row: _about(read, agencies[row], known, answers.who.get(str(row), ""), whole, scope)
        for row, read in reads.items()
    }
    taken = {each.id for each in about.values() if each.id}
    if scope.noun == "personnel":
        for row, each in about.items():
            if each.new and answers.who.get(str(row)) != NEW:
                at = _address(whole, row, scope.sheet.label)
                each.refusal = matching.resembling(reads[row], agencies[row], known, taken, at)
    _fill(whole, reads, agencies, about, scope)
    _within_the_sheet(whole, reads, answers, scope)
    _by_the_rules(whole, scope)


def _sheet_of(whole: Plan, grid: Grid, answers: Answers, scope: Scope) -> Sheet:
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
            if name in whole.places or name in answers.for_all
        },
        places=whole.places,
        answers=answers,
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
        at = _address(whole, read.row, "agency_id")
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


def _address(whole: Plan, row: int, name: str) -> str:
    place = whole.places.get(name)
    return address(row, place) if place is not None else ""


def _about(
    read: Read, agency_id: str, known: matching.Known, answer: str, whole: Plan, scope: Scope
) -> matching.About:
    if answer == SKIP:
        return matching.About(skipped=True)
    at = _address(whole, read.row, "id" if read.given.get("id") else scope.sheet.label)
    if scope.noun == "personnel":
        return matching.person(read, agency_id, known, answer, at)
    return matching.thing(read, agency_id, scope.sheet.label, known, answer, at)


def _fill(
    whole: Plan,
    reads: Mapping[int, Read],
    agencies: Mapping[int, str],
    about: Mapping[int, matching.About],
    scope: Scope,
) -> None:
    """Each row of data with the value that it would leave in the registry."""
    for row in whole.rows:
        if row.kind != "data":
            row.bin = "skipped" if row.kind == "skipped" else "not_read"
            continue
        read, one = reads[row.row], about[row.row]
        row.label = str(read.given.get(scope.sheet.label, ""))
        if one.skipped:
            row.bin = "skipped"
            continue
        row.refusals = [*read.refusals, *([one.refusal] if one.refusal else [])]
        before = scope.book.of(scope.noun).get(one.id) if one.id else None
        for name, column in whole.columns.items():
            there = read.given.get(name) is not None or any(each.field == name for each in row.refusals)
            if before is None and one.new and column.needed and not there:
                row.refusals.append(
                    Refusal(
                        row=row.row,
                        at=_address(whole, row.row, name),
                        field=name,
                        written="",
                        code="required",
                        ask="cell",
                    )
                )
        if row.refusals:
            row.bin, row.id = "refused", one.id
            continue
        row.id = one.id or _new_id(row.row, scope)
        _value(row, before, read, whole, scope)


def _new_id(row: int, scope: Scope) -> str:
    """An id that says nothing of whom it names, since events and logs hold it; the same each time the row is read."""
    return f"{_PREFIX[scope.noun]}-{id_of_row(scope.import_id, scope.noun, str(row))[-12:].lower()}"


def _value(row: Row, before: Any, read: Read, whole: Plan, scope: Scope) -> None:
    known = asdict(before) if before is not None else dict(scope.sheet.empty)
    given = {name: value for name, value in read.given.items() if name != "id" and value is not None}
    if "certifications" in given:
        given["certifications"] = _held(known["certifications"], given["certifications"])
    fields = {**known, **given, "id": row.id}
    type_ = NOUNS[scope.noun]
    try:
        value = msgspec.convert(msgspec.to_builtins(fields), type_)
    except msgspec.ValidationError as error:
        _misfit(row, str(error), whole)
        return
    row.value = value
    if before is None:
        row.bin = "new"
        return
    row.changes = [
        Change(
            field=name,
            before=msgspec.to_builtins(getattr(before, name)),
            after=msgspec.to_builtins(getattr(value, name)),
        )
        for name in type_.__struct_fields__
        if getattr(before, name) != getattr(value, name)
    ]
    row.bin = "changed" if row.changes else "same"


def _held(known: list[HeldCertification], given: dict[str, str]) -> list[HeldCertification]:
    """The certificates held: an empty cell takes none away."""
    found = {each.certification_id: each.expires_on for each in known} | given
    return [HeldCertification(certification_id=id_, expires_on=day) for id_, day in found.items()]


def _misfit(row: Row, error: str, whole: Plan) -> None:
    name = (
        error.rpartition("`$.")[2].partition("`")[0].partition("[")[0].partition(".")[0]
        if "`$." in error
        else ""
    )
    code = "too_long" if "length <=" in error else "wrong_form"
    row.bin = "refused"
    row.refusals.append(
        Refusal(row=row.row, at=_address(whole, row.row, name), field=name, written="", code=code, ask="cell")
    )


def _within_the_sheet(whole: Plan, reads: Mapping[int, Read], answers: Answers, scope: Scope) -> None:
    """Rows that are about one thing, or say twice the same: the first stands, and of each other it is asked."""
    first: dict[str, Row] = {}
    by_name: dict[tuple[str, Any], list[Row]] = {}
    for row in whole.rows:
        if row.bin not in ("new", "changed", "same"):
            continue
        given = reads[row.row].given
        name = str(given.get(scope.sheet.label, ""))
        agency_id = row.value.agency_id
        folded_name = names.core(name) if scope.noun == "personnel" else name.casefold()
        namesakes = by_name.setdefault((agency_id, folded_name), [])
        again = next((each for each in namesakes if _told(reads[each.row]) == _told(reads[row.row])), None)
        if again is not None:
            row.bin, row.changes, row.notes = "repeat", [], [str(again.row)]
            continue
        if row.id in first:
            _ask_within(row, whole, "who_twice", first[row.id], scope, [Choice(value=SKIP)])
            continue
        told_apart = [each for each in namesakes if _same_person(given, reads[each.row].given, scope)]
        if row.bin == "new" and told_apart and answers.who.get(str(row.row)) != NEW:
            choices = (
                [Choice(value=NEW), Choice(value=SKIP)] if scope.noun == "personnel" else [Choice(value=SKIP)]
            )
            _ask_within(row, whole, "namesake_in_sheet", told_apart[0], scope, choices)
            continue
        first[row.id] = row
        namesakes.append(row)
    _shared_phones(whole, scope)


def _told(read: Read) -> Any:
    return {name: value for name, value in read.given.items() if value not in ("", None)}


def _same_person(given: Mapping[str, Any], other: Mapping[str, Any], scope: Scope) -> bool:
    """Whether nothing tells two rows of one name apart."""
    one, two = given.get("nip", ""), other.get("nip", "")
    return not (scope.noun == "personnel" and one and two and one != two)


def _ask_within(row: Row, whole: Plan, code: str, other: Row, scope: Scope, choices: list[Choice]) -> None:
    row.bin, row.changes = "refused", []
    row.refusals.append(
        Refusal(
            row=row.row,
            at=_address(whole, row.row, scope.sheet.label),
            field=scope.sheet.label,
            written=row.label,
            code=code,
            ask="who",
            values={"row": str(other.row)},
            choices=choices,
        )
    )


def _shared_phones(whole: Plan, scope: Scope) -> None:
    """Whose phone is another's as well is told: one phone gets one SMS for both."""
    if scope.noun != "personnel":
        return
    after = {**scope.book.of("personnel"), **{each.id: each.value for each in whole.writes}}
    counted = Counter(each.phone for each in after.values() if not each.retired)
    for row in whole.writes:
        phone_is_new = row.bin == "new" or any(each.field == "phone" for each in row.changes)
        if phone_is_new and counted[row.value.phone] > 1:
            row.notes.append("shared_phone")


def _by_the_rules(whole: Plan, scope: Scope) -> None:
    """What the registry's own rules say of each row and of what depends on it; whatever leans on a refused row is refused in its turn."""
    while found := scope.faults(whole.writes):
        for row in whole.writes:
            if row.id in found:
                _refuse_by_rule(row, found[row.id], whole)


def _refuse_by_rule(row: Row, found: list[Fault], whole: Plan) -> None:
    row.bin, row.changes = "refused", []
    for fault in found:
        name = fault.path.partition("[")[0].partition(".")[0]
        phone = fault.code.startswith("phone_")
        row.refusals.append(
            Refusal(
                row=row.row,
                at=_address(whole, row.row, name),
                field=name,
                written="",
                code=fault.code if phone else "rule",
                ask="cell",
                values={} if phone else {"code": fault.code, "about": fault.about, **fault.values},
            )
        )
