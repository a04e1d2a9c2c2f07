"""From a logbook's row to a part of an incident as the HTTP interface takes it, with what of it was left out and why."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chalicelib.domain.sheets.cells import folded, plain
from chalicelib.domain.sheets.header import Column
from chalicelib.domain.texts import says_something

from .mapping import STEPS, From, Mapping, slug
from .row import Row, Unusable
from .times import Times

LONGEST = {"village": 160, "landmark": 160, "narrative": 2000, "note": 2000, "number": 200}
NOUNS = {
    "type": "incident_types",
    "district": "districts",
    "disposition": "dispositions",
    "agency": "agencies",
    "unit": "units",
}
_SEVERAL = re.compile(r"\s*[,;/+&]\s*|\s+(?:dan|and|serta)\s+", re.IGNORECASE)
_DIGITS = re.compile(r"(\D*?)0*(\d+?)(?:\.0+)?")
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_LOST_DIGITS = re.compile(r"\d[.,]?\d*E\+?\d+", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Part:
    """What one row says: of its incident, and of the one unit in it; `notes` are what was left out, with its value.

    `sense` is the key without what people write differently: 7/4/2020 and 7 April 2020, M-07 and M-7, MB KETAPANG and MB Ketapang.
    """

    key: str
    sense: str
    incident: dict[str, Any]
    unit: dict[str, Any] | None
    notes: list[tuple[str, str]]


class Reader:
    """Reads rows by a mapping, against the ids and names that the registry has."""

    def __init__(self, mapping: Mapping, registry: Dictionary[str, Any]) -> None:
        self._mapping = mapping
        self._values = {
            name: {folded(word): id_ for word, id_ in each.values.items()}
            for name, each in mapping.fields.items()
        }
        self._known = {name: _names(registry[noun]) for name, noun in NOUNS.items()}
        self._agency_of = {each["id"]: each["agency_id"] for each in registry["units"]}
        self._named = {each["id"]: each for each in registry["agencies"]}
        self._times = Times(mapping)
        self.habits = self._times.habits

    def part(self, row: Row) -> Part:
        """What a row says; Unusable."""
        if row.fault:
            raise Unusable(row.fault)
        self._holds_an_incident(row)
        key = self._key(row)
        try:
            return self._part(row, key)
        except Unusable as unusable:
            unusable.key = key
            raise

    def _part(self, row: Row, key: str) -> Part:
        times, notes = self._times.of(row)
        if row.note:
            notes.append((row.note, ""))
        call: dict[str, Any] = {
            **{name: times[name] for name in ("received_at", "answered_at") if name in times},
            **self._texts(row, notes, "number", "note"),
        }
        incident: dict[str, Any] = {
            "type": self._id("type", row),
            "location": {
                "district": self._id("district", row),
                **self._texts(row, notes, "village", "landmark"),
            },
            **self._texts(row, notes, "narrative"),
            **{name: times[name] for name in ("opened_at", "closed_at") if name in times},
            "calls": [call],
        }
        if "disposition" in self._mapping.fields and (disposition := self._id("disposition", row)):
            incident["disposition"] = disposition
        sense = self._sense(row, times["received_at"])
        return Part(key=key, sense=sense, incident=incident, unit=self._unit(row, times), notes=notes)

    def label(self, name: str, columns: Dictionary[str, Column]) -> str:
        """A field's columns as a person finds them, or the key's: column B 'tanggal' with column C 'jam lapor'."""
        where = self._mapping.fields.get(name.rpartition(".")[2])
        names = [*where.columns] if where else self._mapping.key
        return " with ".join(str(columns.get(folded(each), repr(each))) for each in names) or name

    def _holds_an_incident(self, row: Row) -> None:
        """A total, a note or a signature below the table has neither time nor type nor district."""
        needed = [self._mapping.fields[name] for name in ("received_at", "type", "district")]
        columns = {column for each in needed for column in each.columns}
        if any(plain(row.cells.get(folded(each))) for each in columns):
            return
        first = next((text for each in row.cells.values() if (text := plain(each))), "")
        where = self._mapping.fields.get("agency")
        named = folded(plain(row.cells.get(folded(where.column)))) if where and where.column else ""
        if named and (named in self._values["agency"] or named in self._known["agency"]):
            raise Unusable(
                "names an agency, but no time, type or district: if it belongs to the incident above, "
                "write them in this row too",
                first,
                continues=True,
            )
        raise Unusable("holds no time, type or district: a heading, a total or a note", first)

    def _key(self, row: Row) -> str:
        parts = []
        for column in self._mapping.key:
            cell = row.cell(column)
            # A day alone is written as it always was: the key makes the incident's id.
            day_alone = isinstance(cell, date) and not isinstance(cell, datetime)
            parts.append(f"{cell} 00:00:00" if day_alone else plain(cell))
        if not any(map(says_something, parts)):
            raise Unusable(f"{' and '.join(row.label(each) for each in self._mapping.key)} empty")
        key = " | ".join(parts)
        return key if len(key) <= 200 else hashlib.sha256(key.encode()).hexdigest()

    def _sense(self, row: Row, received_at: str) -> str:
        of_time = {folded(each) for each in self._mapping.fields["received_at"].columns}
        columns = [folded(each) for each in self._mapping.key]
        texts = [
            _same(folded(plain(row.cells.get(each))).replace(" ", ""))
            for each in columns
            if each not in of_time
        ]
        return "|".join([*texts, received_at] if of_time & {*columns} else texts)

    def _text(self, where: From, row: Row) -> str:
        """What a field's cell says; Unusable if it holds an error."""
        return where.always or row.text(where.column)

    def _id(self, name: str, row: Row) -> str:
        """The id that a cell stands for; '' for an empty disposition or agency."""
        where = self._mapping.fields[name]
        if where.always:
            return where.always
        text = self._text(where, row)
        word = folded(text)
        known = self._known[name].get(word, ())
        if word not in self._values[name] and len(known) > 1:
            ids = " and ".join(sorted(known))
            raise Unusable(
                f"{row.label(where.column)}: {text[:40]!r} is a name of {ids}; say which under `values`"
            )
        found = self._values[name].get(word) or next(iter(known), "")
        if not found and name == "agency":
            self._one_alone(name, where, row, text)
        found = found or where.otherwise
        if found or (not text and name in ("disposition", "agency")):
            return found
        if name == "agency" and slug(text):
            return slug(text)
        column = row.label(where.column)
        if not text:
            raise Unusable(f"{column} is empty")
        raise Unusable(f"{column}: {text[:40]!r} stands for no {name}; add it under `values` of {name}")

    def _one_alone(self, name: str, where: From, row: Row, text: str) -> None:
        """Unusable if a cell names several, one of which at least is known: reports would count one that is none of them."""
        parts = [folded(each) for each in _SEVERAL.split(text) if each]
        if len(parts) > 1 and any(each in self._values[name] or each in self._known[name] for each in parts):
            label = row.label(where.column)
            raise Unusable(
                f"{label}: {text[:40]!r} names several: a row for each, or say under `values` which one it is"
            )

    def _texts(self, row: Row, notes: list[tuple[str, str]], *names: str) -> dict[str, str]:
        found = {}
        for name in names:
            if name not in self._mapping.fields:
                continue
            where = self._mapping.fields[name]
            try:
                text = self._text(where, row)
            except Unusable as unusable:
                notes.append((str(unusable), ""))
                continue
            if name == "number" and _LOST_DIGITS.fullmatch(text):
                label = row.label(where.column)
                notes.append((f"{label} lost its digits in a spreadsheet: format it as text there", ""))
                continue
            if len(text) > LONGEST[name]:
                label = row.label(where.column)
                notes.append((f"{label} has more than {LONGEST[name]} characters: cut", ""))
                text = text[: LONGEST[name] - 1] + "…"
            if text:
                found[name] = text
        return found

    def _unit(self, row: Row, times: dict[str, str]) -> dict[str, Any] | None:
        agency_id = self._id("agency", row) if "agency" in self._mapping.fields else ""
        where = self._mapping.fields.get("unit")
        callsign = self._text(where, row) if where else ""
        if not agency_id:
            came = [name for name in ("unit", *STEPS) if name in times or (name == "unit" and callsign)]
            if came:
                label = row.label(self._mapping.fields["agency"].column)
                raise Unusable(f"{label} is empty, though there is {' and '.join(came)}: whose?")
            return None
        known = self._named.get(agency_id, {})
        agency = self._mapping.fields["agency"]
        spelled = self._mapping.agencies.get(agency_id) or plain(row.cells.get(folded(agency.column)))
        name = known.get("name") or spelled or agency_id
        unit_id = self._values["unit"].get(folded(callsign)) if where else None
        named_so = self._known["unit"].get(folded(callsign), set())
        unit_id = unit_id or next((each for each in named_so if self._agency_of[each] == agency_id), "")
        if where and not unit_id and not named_so:
            self._one_alone("unit", where, row, callsign)
        if where and named_so and not unit_id:
            others = " and ".join(sorted(self._agency_of[each] for each in named_so))
            label = row.label(where.column)
            raise Unusable(f"{label}: {callsign[:40]!r} is a unit of {others}, not of {agency_id}")
        unit: dict[str, Any] = {
            "agency_id": agency_id,
            # A logbook that names no units still says that the agency came.
            "unit_id": unit_id or slug(f"{agency_id} {callsign or 'log'}"),
            "agency": name[:120],
            "callsign": (callsign or known.get("short_name") or name)[:24],
        }
        milestones = {step: times[step] for step in STEPS if step in times}
        return {**unit, "milestones": milestones}


def _same(text: str) -> str:
    """A key without what a program adds or takes: M-07, M–7, M-7; 7.0, 7."""
    text = _DASHES.sub("-", text)
    found = _DIGITS.fullmatch(text)
    return f"{found[1]}{found[2]}" if found else text


def _names(things: list[dict[str, Any]]) -> dict[str, set[str]]:
    """Every way in which the registry itself names its things, with the ids that bear it; an id is its own thing's alone."""
    found: dict[str, set[str]] = {}
    for thing in things:
        label = thing.get("label", {})
        names = [thing.get(each) for each in ("name", "short_name", "callsign")]
        for name in (*names, label.get("id"), label.get("en")):
            if name:
                found.setdefault(folded(name), set()).add(thing["id"])
    return found | {folded(thing["id"]): {thing["id"]} for thing in things}
