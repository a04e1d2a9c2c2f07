"""The registry's things as a sheet that agencies fill in and send back: with their ids, and nothing that a spreadsheet spoils."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from io import StringIO
from typing import Any, NamedTuple

from msgspec import Struct

from ..registry import DutyCrew, Language
from .columns import SHEETS, Column, columns_of
from .grid import guarded
from .values import FOR_LIFE
from .words import Words, word_for, words_of
from .workbooks import Choices, OrderedBook

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "id": {
        "land": "darat",
        "water": "air",
        "id": "Indonesia",
        "en": "Inggris",
        FOR_LIFE: "seumur hidup",
        "chief": "kepala regu",
    },
    "en": {
        "land": "land",
        "water": "water",
        "id": "Indonesian",
        "en": "English",
        FOR_LIFE: "for life",
        "chief": "chief",
    },
}

_TITLES: Mapping[Language, Mapping[str, str]] = {
    "id": {"personnel": "Petugas", "units": "Unit", "stations": "Pos", "crews": "Regu"},
    "en": {"personnel": "People", "units": "Units", "stations": "Stations", "crews": "Crews"},
}


def sheet_of(
    noun: str, things: Iterable[Any], nouns: Mapping[str, Mapping[str, Any]], language: Language
) -> str:
    """A noun's things with tabs between their cells, one a row; whatever of it is brought in again is the same."""
    out = StringIO(newline="")
    writer = csv.writer(out, delimiter="\t", lineterminator="\r\n")
    for cells in _table(noun, nouns, language, _spelled).rows(_lines(noun, things, nouns)):
        writer.writerow([guarded(each) for each in cells])
    return out.getvalue()


def book_of(
    noun: str, things: Iterable[Any], nouns: Mapping[str, Mapping[str, Any]], language: Language
) -> OrderedBook:
    """The same as a workbook, whose cells are texts, with lists of what may be chosen."""
    table = _table(noun, nouns, language, str)
    return OrderedBook(
        title=_TITLES[language][noun],
        rows=list(table.rows(_lines(noun, things, nouns))),
        choices=[
            Choices(column=n, texts=texts)
            for n, each in enumerate(table.columns)
            if (texts := _choices(each, table.named, table.words))
        ],
    )


class _Table(NamedTuple):
    columns: list[Column]
    named: Mapping[str, Words]
    words: Mapping[str, str]
    language: Language
    spelled: Callable[[str], str]

    def rows(self, things: Iterable[Any]) -> Iterator[list[str]]:
        yield [each.title.id if self.language == "id" else each.title.en for each in self.columns]
        for thing in things:
            yield [self._cell(each, thing) for each in self.columns]

    def _cell(self, column: Column, thing: Any) -> str:
        if column.reads == "held_until":
            held = {each.certification_id: each.expires_on for each in thing.certifications}
            day = held.get(column.of, "")
            return self.words.get(day, day)
        value = getattr(thing, column.field)
        if column.reads == "reference":
            return word_for(self.named[column.noun], value)
        if column.reads == "references":
            return ", ".join(word_for(self.named[column.noun], each) for each in value)
        if column.reads == "terrains":
            return ", ".join(self.words[each] for each in value)
        if column.reads == "language":
            return self.words[value]
        if column.reads == "phone":
            return self.spelled("0" + value.removeprefix("+62") if value.startswith("+62") else value)
        if column.reads == "nip":
            return self.spelled(value)
        if column.reads == "chief":
            return self.words["chief"] if value else ""
        if column.reads in ("latitude", "longitude"):
            return f"{value:.6f}".rstrip("0")
        return str(value)


class _Membership(Struct, frozen=True, kw_only=True):
    """Somebody's place in a crew, as a row."""

    agency_id: str
    crew: str
    name: str
    nip: str
    phone: str
    since: str
    until: str
    chief: bool


def _lines(noun: str, things: Iterable[Any], nouns: Mapping[str, Mapping[str, Any]]) -> Iterable[Any]:
    """What a row each is: a thing, or of a crew each of its people."""
    return things if noun != "crews" else _memberships(things, nouns["personnel"])


def _memberships(crews: Iterable[DutyCrew], people: Mapping[str, Any]) -> Iterator[_Membership]:
    for crew in crews:
        for each in crew.members:
            person = people.get(each.person_id)
            if person is not None:
                yield _Membership(
                    agency_id=crew.agency_id,
                    crew=crew.name,
                    name=person.name,
                    nip=person.nip,
                    phone=person.phone,
                    since=each.since,
                    until=each.until or "",
                    chief=crew.chief_id == person.id,
                )


def _table(
    noun: str, nouns: Mapping[str, Mapping[str, Any]], language: Language, spelled: Callable[[str], str]
) -> _Table:
    columns = [
        each
        for each in columns_of(SHEETS[noun], nouns["certifications"])
        if each.reads not in ("held", "point")
    ]
    named = {each.noun: words_of(nouns[each.noun].values()) for each in columns if each.noun}
    return _Table(columns, named, _WORDS[language], language, spelled)


def _choices(column: Column, named: Mapping[str, Words], words: Mapping[str, str]) -> list[str]:
    """What one word of a column may be; a cell of several words has no list."""
    if column.reads == "reference":
        things = named[column.noun].things
        return sorted(word_for(named[column.noun], id_) for id_, each in things.items() if not _retired(each))
    if column.reads == "language":
        return [words["id"], words["en"]]
    if column.reads == "terrains":
        return [words["land"], words["water"], f"{words['land']}, {words['water']}"]
    return []


def _retired(thing: Any) -> bool:
    return bool(getattr(thing, "retired", False))


def _spelled(digits: str) -> str:
    """In groups, so that a spreadsheet takes it for a text and leaves its first 0."""
    if len(digits) == 18:
        return " ".join((digits[:8], digits[8:14], digits[14:15], digits[15:]))
    return (
        "-".join(digits[start : start + 4] for start in range(0, len(digits), 4))
        if digits[:1] == "0"
        else digits
    )
