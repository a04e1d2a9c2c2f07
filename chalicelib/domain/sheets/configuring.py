"""The whole configuration as a sheet of its own: a row a thing, planned like a sheet's rows, with the registry's own rules.

Accounts are never taken from a file, nor is who is on duty when; what a file lacks stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from ..configuration import long_form
from ..registry import NOUNS
from ..texts import refusal
from .clarifications import SKIP, Clarifications
from .grid import Grid
from .plan import Plan, Row, Scope
from .refusals import Choice, Refusal
from .table import Table
from .words import name_of

NOUN = "configuration"
# Of sections that are known, those that no file brings.
NEVER = frozenset({"accounts", "duty", "shifts"})


def plan(grid: Grid, clarified: Clarifications, scope: Scope) -> Plan:
    """What an import of a configuration would do: its rows are section, id, and fields as JSON; those without a section are the file's own."""
    own = {cells[1]: cells[2] for cells in grid.rows if not cells[0]}
    demo = own.get("demo") == "true"
    whole = Plan(
        table=Table(kinds=["data"] * len(grid.rows), columns=[], found={}),
        places={},
        asked=[],
        rows=[Row(row=n, bin="not_read", kind="title") for n in range(1, len(grid.rows) + 1)],
        unread_columns=[],
        columns={},
    )
    for row in whole.rows:
        section, id_, fields = grid.rows[row.row - 1]
        row.label = f"{section} {id_}"
        if section in NEVER:
            row.kind = "not_taken"
        elif section and section not in NOUNS:
            row.kind = "data"
            _refuse(row, "section_unknown", {"word": section})
        elif section:
            row.kind = "data"
            _read(row, section, id_, msgspec.json.decode(fields), demo, scope)
        if clarified.who.get(str(row.row)) == SKIP and row.kind == "data":
            row.bin, row.value, row.changes, row.refusals = "skipped", None, [], []
    _by_the_rules(whole, scope)
    return whole


def _read(row: Row, noun: str, id_: str, fields: Any, demo: bool, scope: Scope) -> None:
    type_ = NOUNS[noun]
    row.id = f"{noun}/{id_}"
    try:
        value = msgspec.convert(_with_phone(long_form(id_, fields, type_, demo), noun, scope), type_)
    except msgspec.ValidationError as error:
        _refuse(row, "wrong_form", {"word": str(error)})
        return
    if hidden := next(_hidden(msgspec.to_builtins(value)), ""):
        _refuse(row, "hidden", {"word": hidden})
        return
    before = scope.book.of(noun).get(id_)
    row.label = f"{noun}: {name_of(value)}"
    row.becomes(value, before)


def _with_phone(fields: Any, noun: str, scope: Scope) -> Any:
    """A number as it is dialled in E.164; what cannot be read is told by the rules. An agency's may be a landline."""
    if noun not in ("personnel", "agencies") or not isinstance(fields, dict) or not fields.get("phone"):
        return fields
    read = scope.read_phone(str(fields["phone"]))
    return {**fields, "phone": read.e164} if read.e164 else fields


def _hidden(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if refusal(value, needed=False):
            yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _hidden(each)
    elif isinstance(value, list):
        for each in value:
            yield from _hidden(each)


def _by_the_rules(whole: Plan, scope: Scope) -> None:
    while found := scope.faults(whole.writes):
        for row in whole.writes:
            for fault in found.get(row.id, ()):
                _refuse(row, "rule", {"code": fault.code, "about": fault.about, **fault.values}, fault.where)
            if row.id in found:
                row.value = None


def _refuse(row: Row, code: str, values: dict[str, str], where: str = "") -> None:
    row.bin, row.changes = "refused", []
    row.refusals.append(
        Refusal(
            row=row.row,
            at="",
            field=where,
            written=row.label,
            code=code,
            ask="who",
            values=values,
            choices=[Choice(value=SKIP)],
        )
    )
