"""Each row of data with the value that it would leave in the registry: what is known of it, with what the row gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec.structs import asdict, replace

from ..ids import id_of_row
from ..registry import NOUNS, HeldCertification
from . import matching
from .plan import Plan, Row, Scope
from .reading import Read
from .refusals import Refusal

# What ids of new things begin with.
_PREFIX = {"personnel": "p", "units": "u", "stations": "s"}


def fill(
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
                        at=whole.address(row.row, name),
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
    row.becomes(value, before)


def _held(known: list[HeldCertification], given: dict[str, str]) -> list[HeldCertification]:
    """The certificates held: an empty cell takes none away, and what a sheet does not say, by whom and its number, stays."""
    held = {each.certification_id: each for each in known}
    days = {id_: each.expires_on for id_, each in held.items()} | given
    return [
        replace(held[id_], expires_on=day)
        if id_ in held
        else HeldCertification(certification_id=id_, expires_on=day)
        for id_, day in days.items()
    ]


def _misfit(row: Row, error: str, whole: Plan) -> None:
    name = (
        error.rpartition("`$.")[2].partition("`")[0].partition("[")[0].partition(".")[0]
        if "`$." in error
        else ""
    )
    code = "too_long" if "length <=" in error else "wrong_form"
    row.bin = "refused"
    row.refusals.append(
        Refusal(row=row.row, at=whole.address(row.row, name), field=name, written="", code=code, ask="cell")
    )
