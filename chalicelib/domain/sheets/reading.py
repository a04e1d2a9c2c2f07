"""A row's cells as values of its noun's fields, and what of them cannot be taken."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct, field

from ..texts import refusal, says_something
from . import values
from .cells import broken, folded
from .clarifications import Clarifications
from .columns import Column
from .grid import Grid, address
from .refusals import Choice, Refusal
from .values import Unread
from .words import Words, meant, nearest

_LAND = frozenset("darat land jalan road".split())  # noqa: SIM905
_WATER = frozenset("air water sungai laut perairan river sea".split())  # noqa: SIM905
_LANGUAGES = {
    **dict.fromkeys(("id", "indonesia", "bahasa indonesia", "indonesian", "ind"), "id"),
    **dict.fromkeys(("en", "inggris", "bahasa inggris", "english", "ing"), "en"),
}
_HELD = re.compile(
    r"(.+?)\s*(?:\(([^()]+)\)|[:=]\s*(.+)|\b(?:s\.?/?d\.?|sampai|hingga|until)\b\s*(.+))\s*", re.I
)

# Who leads a crew, as its list says it beside other posts, or by a tick in a column of that name.
_CHIEF = re.compile(
    r"(?:kepala|ketua|komandan|pimpinan|chief|leader|head)(?: (?:regu|tim|pleton|crew|team).*)?$|dan(?:ru|ton)\b|karu\b|(?:v|x|√|✓|✔|ya|yes|y)$"
)


class Phone(Struct, frozen=True):
    """A text read as a number: its `e164`, and the code of why no SMS is sent there."""

    e164: str = ""
    code: str = ""


ReadPhone = Callable[[str], Phone]


class Sheet(Struct, frozen=True, kw_only=True):
    """What is needed to read rows: the grid with its repairs, where each field stands, and what words mean."""

    grid: Grid
    columns: Mapping[str, Column]
    places: Mapping[str, int]
    clarified: Clarifications
    words: Mapping[str, Words]
    read_phone: ReadPhone
    month_first: frozenset[str] = frozenset()


class Read(Struct, kw_only=True):
    """A row as read: the fields that it gives values to, and its refusals; an empty cell gives none."""

    row: int
    given: dict[str, Any] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)


def read(sheet: Sheet, row: int) -> Read:
    """Read a row, all that is wrong with it at once."""
    found = Read(row=row)
    held: dict[str, str] = {}
    for name, column in sheet.columns.items():
        place = sheet.places.get(name)
        text = sheet.clarified.for_all.get(name, "") if place is None else sheet.grid.cell(row, place)
        at = address(row, place) if place is not None else ""
        why = sheet.grid.broken.get(at, "") or (_broken(text) if text else "")
        if why == "rounded":
            why = "nip_rounded" if column.reads == "nip" else "phone_rounded"
        if why:
            found.refusals.append(_refused(found, at, column, text, Unread(why)))
            continue
        if not text:
            continue
        try:
            value = _value(sheet, column, text)
        except Unread as unread:
            found.refusals.append(_refused(found, at, column, text, unread, sheet.words.get(column.noun)))
            continue
        if column.reads in ("held", "held_until"):
            held |= value
        elif column.reads == "point":
            found.given["lat"], found.given["lng"] = value
        elif value is not None:
            found.given[name] = value
    if held:
        found.given["certifications"] = held
    return found


def _refused(
    found: Read, at: str, column: Column, text: str, why: Unread, words: Words | None = None
) -> Refusal:
    ask, choices, proposed = "cell", [Choice(value=each) for each in why.choices], ""
    if why.code in ("word_unknown", "word_several") and words is not None:
        ask, choices, proposed = "word", words.choices, nearest(words, why.values["word"])
    values_ = {**why.values, **({"noun": column.noun} if column.noun else {})}
    return Refusal(
        row=found.row,
        at=at,
        field=column.field,
        written=text,
        code=why.code,
        ask=ask,
        values=values_,
        choices=choices,
        proposed=proposed,
    )


def _broken(text: str) -> str:
    if text.startswith("="):
        return "formula"
    return "error_value" if broken(text) else ""


def _value(sheet: Sheet, column: Column, text: str) -> Any:
    reader = _READERS[column.reads]
    return reader(sheet, column, text)


def _text(sheet: Sheet, column: Column, text: str) -> str:
    if refusal(text, needed=True):
        raise Unread("hidden" if says_something(text) else "name_no_name")
    return text


def _name(sheet: Sheet, column: Column, text: str) -> str:
    said = _text(sheet, column, text)
    # A name is as people write it; a number, a date or a heading in its place is none.
    if sum(each.isalpha() for each in said) < 2 or sum(each.isdigit() for each in said) > 2:
        raise Unread("name_no_name")
    return said


def _phone(sheet: Sheet, column: Column, text: str) -> str:
    if values.ROUNDED.fullmatch(text.replace(" ", "")):
        raise Unread("phone_rounded")
    read_as = sheet.read_phone(text)
    if not read_as.code:
        return read_as.e164
    parts = [
        each for each in re.split(r"\s*(?:[/;,|&\n]|\bdan\b|\batau\b|\bor\b|\band\b|\s{2,})\s*", text) if each
    ]
    good = list(dict.fromkeys(each.e164 for each in map(sheet.read_phone, parts) if not each.code))
    if len(parts) > 1 and good:
        raise Unread("phone_two", choices=good)
    raise Unread(read_as.code)


def _nip(sheet: Sheet, column: Column, text: str) -> str:
    return values.service_number(text)


def _reference(sheet: Sheet, column: Column, text: str) -> str | None:
    return meant(sheet.words[column.noun], text, _answered(sheet, column)) or None


def _references(sheet: Sheet, column: Column, text: str) -> list[str]:
    words = sheet.words[column.noun]
    whole = words.by_word.get(folded(text), ())
    parts = [text] if len(whole) == 1 or folded(text) in _answered(sheet, column) else values.listed(text)
    found = [meant(words, part, _answered(sheet, column)) for part in parts]
    return list(dict.fromkeys(each for each in found if each))


def _answered(sheet: Sheet, column: Column) -> Mapping[str, str]:
    return sheet.clarified.words.get(column.noun, {})


def _terrains(sheet: Sheet, column: Column, text: str) -> list[str]:
    words = {folded(part) for part in re.split(r"[,;/+&\s]+|\bdan\b|\band\b", text)} - {"", "dan", "and"}
    if not words or words - _LAND - _WATER:
        raise Unread("not_terrain")
    return [name for name, those in (("land", _LAND), ("water", _WATER)) if words & those]


def _language(sheet: Sheet, column: Column, text: str) -> str:
    if folded(text) not in _LANGUAGES:
        raise Unread("not_language")
    return _LANGUAGES[folded(text)]


def _held_until(sheet: Sheet, column: Column, text: str) -> dict[str, str]:
    return {column.of: values.last_day(text, month_before_day=column.field in sheet.month_first)}


def _held(sheet: Sheet, column: Column, text: str) -> dict[str, str]:
    """Several certificates in one cell, each with its last day: Water rescue (2027-12-31); BLS: seumur hidup."""
    found = {}
    for part in re.split(r"\s*[;\n|]\s*|,\s*(?=[A-Za-z])", text):
        if not part.strip():
            continue
        named = _HELD.fullmatch(part.strip())
        word = (named[1] if named else part).strip(" -–:")
        id_ = meant(sheet.words[column.noun], word, _answered(sheet, column))
        if not id_:
            continue
        if not named:
            raise Unread("day_missing", {"word": word})
        found[id_] = values.last_day(next(each for each in named.groups()[1:] if each))
    return found


def _id(sheet: Sheet, column: Column, text: str) -> str:
    return text


_READERS: Mapping[str, Callable[[Sheet, Column, str], Any]] = {
    "id": _id,
    "name": _name,
    "text": _text,
    "phone": _phone,
    "nip": _nip,
    "whole": lambda sheet, column, text: values.whole(text),
    "latitude": lambda sheet, column, text: values.coordinate(text, 90),
    "longitude": lambda sheet, column, text: values.coordinate(text, 180),
    "point": lambda sheet, column, text: values.point(text),
    "reference": _reference,
    "references": _references,
    "terrains": _terrains,
    "language": _language,
    "held": _held,
    "held_until": _held_until,
    "day_from": lambda sheet, column, text: values.first_day(text),
    "day_until": lambda sheet, column, text: values.last_day(text),
    "chief": lambda sheet, column, text: bool(_CHIEF.match(folded(text))) or None,
}
