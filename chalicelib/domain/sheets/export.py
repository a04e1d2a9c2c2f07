"""The registry's things as a sheet that agencies fill in and send back: with their ids, and nothing that a spreadsheet spoils."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from io import StringIO
from typing import Any

from ..registry import Language
from .cells import folded
from .columns import SHEETS, Column, columns_of
from .grid import guarded
from .values import FOR_LIFE
from .words import Words, name_of, words_of

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "id": {"land": "darat", "water": "air", "id": "Indonesia", "en": "Inggris", FOR_LIFE: "seumur hidup"},
    "en": {"land": "land", "water": "water", "id": "Indonesian", "en": "English", FOR_LIFE: "for life"},
}


def sheet_of(
    noun: str, things: Iterable[Any], nouns: Mapping[str, Mapping[str, Any]], language: Language
) -> str:
    """A noun's things with tabs between their cells, one a row; whatever of it is brought in again is the same."""
    columns = [
        each
        for each in columns_of(SHEETS[noun], nouns["certifications"])
        if each.reads not in ("held", "point")
    ]
    named = {each.noun: words_of(nouns[each.noun].values()) for each in columns if each.noun}
    out = StringIO(newline="")
    writer = csv.writer(out, delimiter="\t", lineterminator="\r\n")
    writer.writerow([guarded(each.title.id if language == "id" else each.title.en) for each in columns])
    for thing in things:
        writer.writerow([guarded(_cell(each, thing, named, _WORDS[language])) for each in columns])
    return out.getvalue()


def _cell(column: Column, thing: Any, named: Mapping[str, Words], words: Mapping[str, str]) -> str:
    if column.reads == "held_until":
        held = {each.certification_id: each.expires_on for each in thing.certifications}
        day = held.get(column.of, "")
        return words.get(day, day)
    value = getattr(thing, column.field)
    if column.reads == "reference":
        return _named(named[column.noun], value)
    if column.reads == "references":
        return ", ".join(_named(named[column.noun], each) for each in value)
    if column.reads == "terrains":
        return ", ".join(words[each] for each in value)
    if column.reads == "language":
        return words[value]
    if column.reads == "phone":
        return _grouped("0" + value.removeprefix("+62") if value.startswith("+62") else value)
    if column.reads == "nip":
        return " ".join((value[:8], value[8:14], value[14:15], value[15:])) if len(value) == 18 else value
    if column.reads in ("latitude", "longitude"):
        return f"{value:.6f}".rstrip("0")
    return str(value)


def _named(words: Words, id_: str) -> str:
    """By its name, or by its id where another has that name as well."""
    name = name_of(words.things[id_]) if id_ in words.things else id_
    return name if words.by_word.get(folded(name)) == (id_,) else id_


def _grouped(number: str) -> str:
    """In groups, so that a spreadsheet takes it for a text and leaves its first 0."""
    return "-".join(number[start : start + 4] for start in range(0, len(number), 4))
