"""A month sheet: people down, days across, a shift code in each cell; and what publishing it makes of the one before."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from .stretch import Readiness, Stretch, Turn, span

AT = "@"
BETWEEN = ","


class Cell(NamedTuple):
    """What stands in a cell: `code`, or `code@unit` where it is not the row's place, `code@` for the pool; '' for nothing."""

    code: str
    unit_id: str | None

    @classmethod
    def of(cls, text: str, row_unit: str | None) -> Cell:
        code, at, unit = text.partition(AT)
        return cls(code, (unit or None) if at else row_unit)

    def text(self, row_unit: str | None) -> str:
        """As it is written in a row of this unit."""
        if not self.code or self.unit_id == row_unit:
            return self.code
        return f"{self.code}{AT}{self.unit_id or ''}"


class Row(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of a sheet: a person, who may stand in several, at a unit or in the pool; the cells of all days in one string."""

    id: str
    person_id: str
    unit_id: str | None = None
    crew_id: str | None = None
    cells: str = ""

    def texts(self, days: int) -> list[str]:
        """What is written in the cells of a month of so many days."""
        found = self.cells.split(BETWEEN)[:days]
        return found + [""] * (days - len(found))

    def with_texts(self, texts: Sequence[str]) -> Row:
        return replace(self, cells=BETWEEN.join(texts).rstrip(BETWEEN))


class Hours(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a code meant when the sheet was published; without hours it says that somebody is off."""

    starts: str | None = None
    ends: str | None = None
    readiness: Readiness = "stationed"
    turn: Turn = "primary"


class CodesFrom(Struct, frozen=True, kw_only=True):
    """What the codes mean from a day on."""

    day: str
    codes: Mapping[str, Hours]


class Sheet(Struct, frozen=True, kw_only=True):
    """An agency's month as it was published: it alone says who is on duty from `first_day` to the month's end.

    `codes` are those of each publishing that still counts for a day, in the order of their days, the last of them from when on it was
    published last; `draft_v` is the version of the draft that was.
    """

    agency_id: str
    month: str
    first_day: str
    rows: tuple[Row, ...]
    codes: tuple[CodesFrom, ...]
    published_at: str
    published_by: str
    draft_v: int = 0

    @property
    def first_day_now(self) -> str:
        """From when on it was published last."""
        return self.codes[-1].day if self.codes else self.first_day

    def covers(self, day: str) -> bool:
        return day[:7] == self.month and day >= self.first_day


class Source(NamedTuple):
    """What a sheet is published from: the rows of a draft, and the codes as they are now."""

    rows: Sequence[Row]
    codes: Mapping[str, Hours]


def days_of(month: str) -> int:
    """How many days a month, written as YYYY-MM, has."""
    return monthrange(int(month[:4]), int(month[5:]))[1]


def place(day: str) -> int:
    """At which place of a row a day's cell stands."""
    return int(day[8:]) - 1


def on_day(sheet: Sheet, day: str, utc_offset_hours: int) -> Iterator[Stretch]:
    """The shifts that start on a day that the sheet covers, in the order of its rows."""
    codes = next((each.codes for each in reversed(sheet.codes) if each.day <= day), {})
    at = place(day)
    for row in sheet.rows:
        texts = row.cells.split(BETWEEN, at + 1)
        if len(texts) <= at or not texts[at]:
            continue
        cell = Cell.of(texts[at], row.unit_id)
        hours = codes.get(cell.code)
        if hours is None or not hours.starts or not hours.ends:
            continue
        starts_at, ends_at = span(day, hours.starts, hours.ends, utc_offset_hours)
        yield Stretch(
            agency_id=sheet.agency_id,
            person_id=row.person_id,
            unit_id=cell.unit_id,
            starts_at=starts_at,
            ends_at=ends_at,
            day=day,
            by="sheet",
            code=cell.code,
            readiness=hours.readiness,
            turn=hours.turn,
        )


def published(before: Sheet | None, source: Source, head: Sheet) -> Sheet:
    """The sheet once a draft is published from `head.first_day` on; `head` says whose, which month, when and by whom.

    Of the days before that everything stays as it was published: cells, places and what the codes meant.
    """
    if before is None:
        return replace(
            head, rows=tuple(source.rows), codes=(CodesFrom(day=head.first_day, codes=source.codes),)
        )
    days, at = days_of(head.month), place(head.first_day)
    old = {row.id: row for row in before.rows}
    rows = [_joined(old.pop(row.id, None), row, days, at) for row in source.rows]
    # Whoever stands in no row any more still stood in one.
    gone = [row.with_texts(row.texts(days)[:at]) for row in old.values()]
    kept = tuple(each for each in before.codes if each.day < head.first_day)
    return replace(
        head,
        first_day=min(before.first_day, head.first_day),
        rows=(*rows, *(row for row in gone if row.cells)),
        codes=(*kept, CodesFrom(day=head.first_day, codes=source.codes)),
    )


def _joined(old: Row | None, new: Row, days: int, at: int) -> Row:
    """A row with its old cells before a place, and its new ones from there on."""
    before = [Cell.of(text, old.unit_id).text(new.unit_id) for text in old.texts(days)[:at]] if old else []
    return new.with_texts([*before, *[""] * (at - len(before)), *new.texts(days)[at:]])


def differing(before: Sequence[Row], after: Sequence[Row], month: str) -> Iterator[tuple[str, str, str, str]]:
    """Each cell that differs between two states of a sheet, as (row, day, was, now); what stands at another place differs."""
    old, new = ({row.id: row for row in rows} for rows in (before, after))
    days = days_of(month)
    for id_ in dict.fromkeys((*old, *new)):
        was, now = old.get(id_), new.get(id_)
        unit = now.unit_id if now else None
        texts = [Cell.of(each, was.unit_id).text(unit) for each in was.texts(days)] if was and now else None
        if texts is None:
            texts = was.texts(days) if was else []
        others = now.texts(days) if now else []
        for number, (one, other) in enumerate(zip_longest(texts, others, fillvalue=""), start=1):
            if one != other:
                yield id_, f"{month}-{number:02d}", one, other
