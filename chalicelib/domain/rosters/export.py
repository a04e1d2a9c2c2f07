"""A month sheet as a file in the form in which one is read: people down with their ids, days across, what the codes mean below."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from io import StringIO

from ..duty import Row
from ..duty.sheet import AT, Cell, days_of
from ..registry import Language, ShiftCode
from ..sheets.grid import guarded
from ..sheets.words import word_for
from ..sheets.workbooks import Choices, OrderedBook
from .reading import Against

TITLES = {"id": "JADWAL PIKET", "en": "DUTY SHEET"}
HEADS = {"id": ["ID", "Regu", "Nama", "Unit"], "en": ["ID", "Crew", "Name", "Unit"]}
WEEKDAYS = {
    "id": ["Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min"],
    "en": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
}
MONTHS = {
    "id": [
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
NAME = 2
TITLE_ROWS = 1


def text_of(against: Against, agency: str, language: Language) -> str:
    """The sheet with tabs between its cells; what of it is brought in again is the same."""
    out = StringIO(newline="")
    writer = csv.writer(out, delimiter="\t", lineterminator="\r\n")
    for cells in _table(against, agency, language):
        writer.writerow([guarded(each) for each in cells])
    return out.getvalue()


def book_of(against: Against, agency: str, language: Language) -> OrderedBook:
    """The same as a workbook, in whose days a code is chosen or typed."""
    left = len(HEADS[language])
    codes = sorted(against.codes.codes)
    return OrderedBook(
        title=against.month,
        rows=list(_table(against, agency, language)),
        choices=[Choices(column=left + n, texts=codes) for n in range(days_of(against.month))],
        spare=20,
        title_rows=TITLE_ROWS,
        heads=TITLE_ROWS + 2,
        staying=left,
    )


def _table(against: Against, agency: str, language: Language) -> Iterator[list[str]]:
    month, days = against.month, days_of(against.month)
    left = len(HEADS[language])
    year, number = int(month[:4]), int(month[5:])
    yield [f"{TITLES[language]} {agency.upper()} · {MONTHS[language][number - 1]} {year}"]
    yield [*HEADS[language], *map(str, range(1, days + 1))]
    yield [
        *[""] * left,
        *(WEEKDAYS[language][date(year, number, day).weekday()] for day in range(1, days + 1)),
    ]
    crews = {each.id: each.name for each in against.crews}
    for row in against.rows or _everybody(against):
        person = against.people.people.get(row.person_id)
        yield [
            row.id,
            crews.get(row.crew_id or "", ""),
            person.name if person else row.person_id,
            word_for(against.units, row.unit_id) if row.unit_id else "",
            *(_cell(each, row, against) for each in row.texts(days)),
        ]
    yield []
    for _, code in sorted(against.codes.codes.items()):
        yield [*[""] * NAME, _legend(code)]


def _cell(text: str, row: Row, against: Against) -> str:
    cell = Cell.of(text, row.unit_id)
    if AT not in text or not cell.unit_id:
        return text
    return f"{cell.code}{AT}{word_for(against.units, cell.unit_id)}"


def _legend(code: ShiftCode) -> str:
    hours = f" {code.starts}–{code.ends}" if code.starts else ""
    return f"{code.code} = {code.name}{hours}"


def _everybody(against: Against) -> Iterator[Row]:
    """A row for each of the agency's people where nobody has any yet: crew by crew, then those in none."""
    first, last = f"{against.month}-01", f"{against.month}-{days_of(against.month):02d}"
    seen = set[str]()
    for crew in against.crews:
        for member in crew.members:
            inside = member.since <= last and (member.until or "~") >= first
            if inside and member.person_id in against.people.people and member.person_id not in seen:
                seen.add(member.person_id)
                unit_id = member.unit_id or crew.unit_id
                yield Row(id=member.person_id, person_id=member.person_id, unit_id=unit_id, crew_id=crew.id)
    for person_id in against.people.people:
        if person_id not in seen:
            yield Row(id=person_id, person_id=person_id)
