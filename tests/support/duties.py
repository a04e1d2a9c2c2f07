"""Rosters in a test: codes, crews, patterns, sheets and changes of one fire service, written in a line each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from msgspec.structs import replace

from chalicelib.domain.duty import (
    Change,
    Hours,
    Roster,
    Row,
    Sheet,
    Source,
    Stretch,
    from_nouns,
    of_day,
    published,
)
from chalicelib.domain.registry import CrewMember, DutyCrew, DutyPattern, PatternCrew, ShiftCode
from infra.seed.load import Seed

WIB = 7


def code(text: str, starts: str | None = None, ends: str | None = None, **more: Any) -> ShiftCode:
    return ShiftCode(
        id=text.lower(), agency_id="damkar", code=text, name=text, starts=starts, ends=ends, **more
    )


CODES = {
    each.code: each
    for each in (
        code("P", "07:00", "19:00"),
        code("M", "19:00", "07:00"),
        code("H", "07:00", "07:00", readiness="on_call"),
        code("S", "23:30", "00:30", turn="backup"),
        code("L"),
    )
}


def hours_of(codes: Mapping[str, ShiftCode]) -> dict[str, Hours]:
    return {
        text: Hours(starts=each.starts, ends=each.ends, readiness=each.readiness, turn=each.turn)
        for text, each in codes.items()
    }


def row(person: str, cells: str, unit: str | None = None, id_: str = "") -> Row:
    return Row(id=id_ or person, person_id=person, unit_id=unit, cells=cells)


class Published(NamedTuple):
    """One publishing of a month: from which day on, what stood in the rows, what the codes meant."""

    first_day: str
    rows: tuple[Row, ...]
    hours: dict[str, Hours]


def sheet_of(month: str, publishings: Sequence[Published]) -> Sheet | None:
    found = None
    for each in publishings:
        head = Sheet(
            agency_id="damkar",
            month=month,
            first_day=each.first_day,
            rows=(),
            codes=(),
            published_at="",
            published_by="",
        )
        found = published(found, Source(each.rows, each.hours), head)
    return found


def roster(**more: Any) -> Roster:
    base = Roster(agency_id="damkar", utc_offset_hours=WIB, codes=CODES, crews={}, patterns=[])
    return replace(base, **more)


def crew(id_: str, *members: CrewMember, unit: str | None = None) -> DutyCrew:
    return DutyCrew(id=id_, agency_id="damkar", name=id_, members=list(members), unit_id=unit)


def pattern(cycle: str, *crews: tuple[str, str], **more: Any) -> DutyPattern:
    turns = [PatternCrew(crew_id=id_, anchor=anchor) for id_, anchor in crews]
    fields = {"id": "pola", "since": "2026-01-01", **more}
    return DutyPattern(agency_id="damkar", name="Pola", cycle=list(cycle), crews=turns, **fields)


def agreed(kind: Any, person: str, at: str = "2026-10-20T00:00:00.000Z", **more: Any) -> Change:
    fields = {"id": f"{kind}-{person}", **more}
    return Change(agency_id="damkar", kind=kind, person_id=person, agreed_at=at, **fields)


def stretches_of(
    nouns: Mapping[str, Mapping[str, Any]], first_day: date, days: int, hours: int = WIB
) -> list[Stretch]:
    """Everybody's duty that starts on so many local days, as a regency's nouns say."""
    return [
        each
        for number in range(days)
        for agency_id in nouns["agencies"]
        for each in of_day(
            from_nouns(nouns, agency_id, hours), (first_day + timedelta(days=number)).isoformat()
        )
    ]


def nouns_of(seed: Seed) -> dict[str, dict[str, Any]]:
    """A seed's nouns by id."""
    return {noun: {each.id: each for each in values} for noun, values in seed.nouns.items()}  # type: ignore[attr-defined]
