"""Rows beside one another: two about one thing, namesakes, shared phones, and what the registry's rules say of all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from ...faults import Fault
from . import names
from .clarifications import NEW, SKIP, Clarifications
from .plan import Plan, Row, Scope
from .reading import Read
from .refusals import Choice, Refusal


def within_the_sheet(whole: Plan, reads: Mapping[int, Read], clarified: Clarifications, scope: Scope) -> None:
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
        if row.bin == "new" and told_apart and clarified.who.get(str(row.row)) != NEW:
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
            at=whole.address(row.row, scope.sheet.label),
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


def by_the_rules(whole: Plan, scope: Scope) -> None:
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
                at=whole.address(row.row, name),
                field=name,
                written="",
                code=fault.code if phone else "rule",
                ask="cell",
                values={} if phone else {"code": fault.code, "about": fault.about, **fault.values},
            )
        )
