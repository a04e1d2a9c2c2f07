"""Crews from a list of their people: each row is somebody's membership, under the crew's name or in a column beside it.

A crew's value stands in the first of its rows that changes anything; nobody is taken out of a crew by a list that lacks them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from .. import times
from ..ids import id_of_row
from ..registry import CrewMember, DutyCrew
from . import matching, names
from .cells import folded
from .clarifications import SKIP, Clarifications
from .plan import Change, Plan, Row, Scope
from .reading import Read
from .refusals import Choice, Refusal

NOUN = "crews"


class _Crew(Struct, kw_only=True):
    """A crew on its way: as it is, as the rows so far make it, those rows by whom they are about, and which names the chief."""

    before: DutyCrew | None
    after: DutyCrew
    rows: dict[str, Row] = field(default_factory=dict)
    chief: int = 0


def fill(
    whole: Plan,
    reads: Mapping[int, Read],
    agencies: Mapping[int, str],
    clarified: Clarifications,
    scope: Scope,
) -> None:
    """Each row of data in its bin, and each crew that changes with its value."""
    people = matching.known_of(scope.book.of("personnel"), "name")
    crews: dict[tuple[str, str], _Crew] = {}
    named = _named_above(whole)
    for row in whole.rows:
        if row.kind != "data":
            row.bin = "skipped" if row.kind == "skipped" else "not_read"
            continue
        read, agency_id = reads[row.row], agencies[row.row]
        row.label = str(read.given.get("name", ""))
        if clarified.who.get(str(row.row)) == SKIP:
            row.bin = "skipped"
            continue
        name = str(read.given.get("crew") or named.get(row.row, ""))
        row.label = f"{row.label} ({name})" if row.label and name else row.label
        row.refusals = [*read.refusals, *_lacking(row, read, name, whole)]
        person_id = _person(row, read, agency_id, people, clarified, whole)
        if row.refusals:
            row.bin = "refused"
            continue
        crew = crews.setdefault((agency_id, folded(name)), _begun(row, agency_id, name, scope))
        _take_in(row, read, person_id, crew, whole, scope)
    for crew in crews.values():
        _settle(crew)
    _by_the_rules(whole, crews, scope)


def _named_above(whole: Plan) -> dict[int, str]:
    found, name = {}, ""
    for row in whole.rows:
        if row.kind == "section":
            name = whole.sections.get(row.row, name)
        found[row.row] = name
    return found


def _lacking(row: Row, read: Read, name: str, whole: Plan) -> list[Refusal]:
    there = {"crew": name, **read.given}
    refused = {each.field for each in read.refusals}
    return [
        Refusal(
            row=row.row, at=whole.address(row.row, each), field=each, written="", code="required", ask="cell"
        )
        for each in ("crew", "name")
        if not there.get(each) and each not in refused
    ]


def _person(
    row: Row, read: Read, agency_id: str, people: matching.Known, clarified: Clarifications, whole: Plan
) -> str:
    """Who is meant, '' with a refusal where it must be asked: people come by a list of their own."""
    answer, at = clarified.who.get(str(row.row), ""), whole.address(row.row, "name")
    name = read.given.get("name", "")
    bearers = people.by_core.get((agency_id, names.core(name)), []) if name else []
    if len(bearers) == 1 and not answer and not read.given.get("phone") and not read.given.get("nip"):
        # Nothing of the person is written, and nobody else is called so.
        return bearers[0]
    about = matching.person(read, agency_id, people, answer, at)
    if about.id:
        return about.id
    if about.refusal is not None:
        row.refusals.append(_without_new(about.refusal))
    elif name:
        alike = [
            each
            for each in people.things.values()
            if each.agency_id == agency_id and not each.retired and names.alike(name, each.name)
        ][: matching.ALIKE_MOST]
        row.refusals.append(
            Refusal(
                row=row.row,
                at=at,
                field="name",
                written=name,
                code="person_unknown",
                ask="who",
                choices=[
                    *(Choice(value=each.id, label=each.name, detail=each.phone) for each in alike),
                    Choice(value=SKIP),
                ],
                proposed=alike[0].id if len(alike) == 1 else "",
            )
        )
    return ""


def _without_new(refusal: Refusal) -> Refusal:
    return replace(refusal, choices=[each for each in refusal.choices if each.value != "+"])


def _begun(row: Row, agency_id: str, name: str, scope: Scope) -> _Crew:
    same = [
        each
        for each in scope.book.of(NOUN).values()
        if each.agency_id == agency_id and not each.retired and folded(each.name) == folded(name)
    ]
    if same:
        return _Crew(before=same[0], after=same[0])
    id_ = f"c-{id_of_row(scope.import_id, NOUN, str(row.row))[-12:].lower()}"
    return _Crew(before=None, after=DutyCrew(id=id_, agency_id=agency_id, name=name))


def _take_in(row: Row, read: Read, person_id: str, crew: _Crew, whole: Plan, scope: Scope) -> None:
    """Somebody's membership as the row says it; a known one stays as it is where the row says nothing."""
    members = list(crew.after.members)
    today = times.local_day(scope.book.now, scope.book.utc_offset_hours) if scope.book.now else ""
    at = next(
        (n for n, each in enumerate(members) if each.person_id == person_id and _lasts(each, today)), None
    )
    if person_id in crew.rows:
        _refuse(row, whole, "who_twice", {"row": str(crew.rows[person_id].row)})
        return
    elsewhere = _elsewhere(person_id, crew, scope, today)
    if at is None and elsewhere:
        _refuse(row, whole, "in_other_crew", {"names": elsewhere})
        return
    # What was said for all rows is said of those who come new.
    own = {each: read.given.get(each) for each in ("since", "until") if each in whole.places}
    if at is None:
        since = str(read.given.get("since") or "")
        if not since:
            row.bin = "refused"
            row.refusals.append(
                Refusal(
                    row=row.row,
                    at=whole.address(row.row, "since"),
                    field="since",
                    written="",
                    code="required",
                    ask="cell",
                )
            )
            return
        members.append(CrewMember(person_id=person_id, since=since, until=read.given.get("until")))
        row.bin = "new"
    else:
        known = members[at]
        members[at] = CrewMember(
            person_id=person_id,
            since=str(own.get("since") or known.since),
            until=own.get("until") or known.until,
            unit_id=known.unit_id,
        )
        row.changes = _changes(known, members[at])
        row.bin = "changed" if row.changes else "same"
    chief_id = crew.after.chief_id
    if read.given.get("chief") and chief_id != person_id:
        if crew.chief:
            _refuse(row, whole, "chief_twice", {"row": str(crew.chief)})
            return
        crew.chief = row.row
        row.changes.append(Change(field="chief_id", before=chief_id, after=person_id))
        row.bin = "changed" if row.bin == "same" else row.bin
        chief_id = person_id
    row.id = crew.after.id
    crew.after = replace(crew.after, members=members, chief_id=chief_id)
    crew.rows[person_id] = row


def _lasts(member: CrewMember, today: str) -> bool:
    return member.until is None or member.until >= today


def _changes(known: CrewMember, told: CrewMember) -> list[Change]:
    return [
        Change(field=each, before=getattr(known, each), after=getattr(told, each))
        for each in ("since", "until")
        if getattr(known, each) != getattr(told, each)
    ]


def _elsewhere(person_id: str, crew: _Crew, scope: Scope, today: str) -> str:
    """The name of another crew in which somebody is now; who moves has an end there first, which a list does not say."""
    for each in scope.book.of(NOUN).values():
        inside = any(member.person_id == person_id and _lasts(member, today) for member in each.members)
        if each.id != crew.after.id and not each.retired and inside:
            return str(each.name)
    return ""


def _refuse(row: Row, whole: Plan, code: str, values: dict[str, str]) -> None:
    row.bin, row.changes = "refused", []
    row.refusals.append(
        Refusal(
            row=row.row,
            at=whole.address(row.row, "name"),
            field="name",
            written=row.label,
            code=code,
            ask="who",
            values=values,
            choices=[Choice(value=SKIP)],
        )
    )


def _settle(crew: _Crew) -> None:
    changing = [each for each in crew.rows.values() if each.bin in ("new", "changed")]
    if changing and crew.after != crew.before:
        changing[0].value = crew.after


def _by_the_rules(whole: Plan, crews: Mapping[Any, _Crew], scope: Scope) -> None:
    """What is wrong with a crew is wrong with each of its rows that changes anything."""
    faults: Callable[[list[Row]], Any] = scope.faults
    while found := faults(whole.writes):
        for crew in crews.values():
            for fault in found.get(crew.after.id, ()):
                for row in crew.rows.values():
                    if row.bin not in ("new", "changed"):
                        continue
                    row.refusals.append(
                        Refusal(
                            row=row.row,
                            at=whole.address(row.row, "name"),
                            field="name",
                            written=row.label,
                            code="rule",
                            ask="cell",
                            values={"code": fault.code, "about": fault.about, **fault.values},
                        )
                    )
            if crew.after.id in found:
                for row in crew.rows.values():
                    row.value = None
                    if row.refusals:
                        row.bin, row.changes = "refused", []
