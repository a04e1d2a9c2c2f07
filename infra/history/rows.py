"""From a logbook's row to a part of an incident as the HTTP interface takes it, with what of it was left out and why."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any

from infra.sheets.cells import broken, folded, plain
from infra.sheets.header import Column

from .columns import Row
from .habits import Habits
from .mapping import TIMES, From, Mapping, slug
from .moments import clock_of, day_of, stamp_of

# Earlier than what it follows by the clock means after midnight, unless that would be more than half a day later.
AFTER_MIDNIGHT = timedelta(hours=12)
LONGEST = {"village": 160, "landmark": 160, "narrative": 2000, "note": 2000, "number": 32}
STEPS = ("requested", "acknowledged", "en_route", "on_scene", "ready", "cleared")
NOUNS = {
    "type": "incident_types",
    "district": "districts",
    "disposition": "dispositions",
    "agency": "agencies",
    "unit": "units",
}
_LOST_DIGITS = re.compile(r"\d[.,]?\d*E\+?\d+", re.IGNORECASE)
_ABOUT = re.compile(r"(?:±|\+/-|~|≈|kl\b|k\.?l\.|kira|kurang lebih|sekitar|lk\b|l\.?k\.|\?)", re.IGNORECASE)
_ONE_DIGIT = re.compile(r"(\d{1,2})[.,](\d)")


class Unusable(Exception):
    """A row that cannot become part of an incident; the message is the reason, `value` what stands in the cell.

    `key` is the incident that it would have been a part of; `continues` that it may belong to the row above it.
    """

    def __init__(self, reason: str, value: str = "", key: str = "", *, continues: bool = False) -> None:
        super().__init__(reason)
        self.value = repr(value[:40]) if value else ""
        self.key = key
        self.continues = continues


@dataclass(frozen=True, kw_only=True)
class Part:
    """What one row says: of its incident, and of the one unit in it; `notes` are what was left out, with its value."""

    key: str
    incident: dict[str, Any]
    unit: dict[str, Any] | None
    notes: list[tuple[str, str]]


class Reader:
    """Reads rows by a mapping, against the ids and names that the registry has."""

    def __init__(self, mapping: Mapping, registry: Dictionary[str, Any]) -> None:
        self._mapping = mapping
        self._zone = timezone(timedelta(hours=mapping.zone))
        self._values = {
            name: {folded(word): id_ for word, id_ in each.values.items()}
            for name, each in mapping.fields.items()
        }
        self._known = {name: _names(registry[noun]) for name, noun in NOUNS.items()}
        self._named = {each["id"]: each for each in registry["agencies"]}
        self.habits = Habits()

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
        notes = [(row.note, "")] if row.note else []
        times, unread = self._times(row, notes)
        if "received_at" not in times:
            raise unread or Unusable(f"{self._clocks_column('received_at', row)} is empty")
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
        return Part(key=key, incident=incident, unit=self._unit(row, times), notes=notes)

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
            cell = row.cells.get(folded(column))
            if fault := broken(cell):
                raise Unusable(f"{_column(row, column)} {fault}")
            parts.append(plain(cell.date() if isinstance(cell, datetime) and _midnight(cell) else cell))
        if not any(parts):
            raise Unusable(f"{' and '.join(_column(row, each) for each in self._mapping.key)} empty")
        key = " | ".join(parts)
        return key if len(key) <= 200 else hashlib.sha256(key.encode()).hexdigest()

    def _text(self, where: From, row: Row) -> str:
        """What a field's cell says; Unusable if it holds an error."""
        if where.always:
            return where.always
        cell = row.cells.get(folded(where.column))
        if fault := broken(cell):
            raise Unusable(f"{_column(row, where.column)} {fault}")
        return plain(cell)

    def _id(self, name: str, row: Row) -> str:
        """The id that a cell stands for; '' for an empty disposition or agency."""
        where = self._mapping.fields[name]
        if where.always:
            return where.always
        text = self._text(where, row)
        word = folded(text)
        found = self._values[name].get(word) or self._known[name].get(word) or where.otherwise
        if found or (not text and name in ("disposition", "agency")):
            return found
        if name == "agency" and slug(text):
            return slug(text)
        column = _column(row, where.column)
        if not text:
            raise Unusable(f"{column} is empty")
        raise Unusable(f"{column}: {text[:40]!r} stands for no {name}; add it under `values` of {name}")

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
                notes.append(
                    (
                        f"{self.label(name, row.columns)} lost its digits in a spreadsheet: format it as text there",
                        "",
                    )
                )
                continue
            if len(text) > LONGEST[name]:
                notes.append(
                    (f"{self.label(name, row.columns)} has more than {LONGEST[name]} characters: cut", "")
                )
                text = text[: LONGEST[name] - 1] + "…"
            if text:
                found[name] = text
        return found

    def _unit(self, row: Row, times: dict[str, str]) -> dict[str, Any] | None:
        agency_id = self._id("agency", row) if "agency" in self._mapping.fields else ""
        if not agency_id:
            return None
        where = self._mapping.fields.get("unit")
        callsign = self._text(where, row) if where else ""
        known = self._named.get(agency_id, {})
        agency = self._mapping.fields["agency"]
        spelled = self._mapping.agencies.get(agency_id) or plain(row.cells.get(folded(agency.column)))
        name = known.get("name") or spelled or agency_id
        unit_id = self._values["unit"].get(folded(callsign)) if where else None
        unit_id = unit_id or self._known["unit"].get(folded(callsign))
        unit: dict[str, Any] = {
            "agency_id": agency_id,
            # A logbook that names no units still says that the agency came.
            "unit_id": unit_id or slug(f"{agency_id} {callsign or 'log'}"),
            "agency": name[:120],
            "callsign": (callsign or known.get("short_name") or name)[:24],
        }
        milestones = {step: times[step] for step in STEPS if step in times}
        return {**unit, "milestones": milestones}

    # -- times ---------------------------------------------------------------------------------------------------------

    def _times(self, row: Row, notes: list[tuple[str, str]]) -> tuple[dict[str, str], Unusable | None]:
        """Each moment that the row tells, and why the report's could not be read."""
        moments: dict[str, datetime] = {}
        unread = None
        for name in sorted((name for name in TIMES if name in self._mapping.fields), key=self._depth):
            try:
                moment = self._moment(name, row, moments)
            except Unusable as unusable:
                if name == "received_at":
                    unread = unusable
                else:
                    notes.append((f"{name}: {unusable}", unusable.value))
                continue
            if moment:
                moments[name] = moment
        return {name: moment.isoformat() for name, moment in moments.items()}, unread

    def _depth(self, name: str) -> int:
        after = self._mapping.fields[name].after
        return 1 + self._depth(after) if after else 0

    def _clocks_column(self, name: str, row: Row) -> str:
        where = self._mapping.fields[name]
        return _column(row, where.column or where.time)

    def _moment(self, name: str, row: Row, moments: dict[str, datetime]) -> datetime | None:
        where = self._mapping.fields[name]
        if where.column:
            return self._stamp(where.column, row)
        day, clock = row.cells.get(folded(where.date)), row.cells.get(folded(where.time))
        if not plain(clock):
            return None
        for column, cell in ((where.date, day), (where.time, clock)):
            if fault := broken(cell):
                raise Unusable(f"{_column(row, column)} {fault}")
        self.habits.day(row, where.date, day)
        on = day_of(day)
        if on is None:
            label = _column(row, where.date)
            if not plain(day):
                raise Unusable(f"{label} is empty")
            raise Unusable(f"{label} is no date: write it as 7/4/2020", plain(day))
        if isinstance(clock, datetime) and clock.year > 1900 and not _midnight(clock):
            if timedelta(0) <= clock.date() - on <= timedelta(days=1):
                return self._in_range(where.time, row, clock.replace(tzinfo=self._zone))
            label = _column(row, where.time)
            raise Unusable(f"{label} names another day than {_column(row, where.date)}", str(clock))
        since = clock_of(clock, self._mapping.zone)
        if since is None:
            raise Unusable(f"{_column(row, where.time)} {_no_clock(clock)}", plain(clock))
        moment = datetime(on.year, on.month, on.day, tzinfo=self._zone) + since
        after = self._latest(where.after, moments)
        if after and moment < after:
            moment += timedelta(days=1)
            if moment - after > AFTER_MIDNIGHT:
                raise Unusable(f"{_column(row, where.time)} lies before {where.after}", plain(clock))
        return self._in_range(where.date, row, moment)

    def _latest(self, name: str, moments: dict[str, datetime]) -> datetime | None:
        """The moment of a field, or of that which it follows if it was not recorded."""
        while name and name not in moments:
            name = self._mapping.fields[name].after
        return moments.get(name)

    def _stamp(self, column: str, row: Row) -> datetime | None:
        cell = row.cells.get(folded(column))
        text = plain(cell)
        if not text:
            return None
        label = _column(row, column)
        if fault := broken(cell):
            raise Unusable(f"{label} {fault}")
        self.habits.day(row, column, cell)
        moment = self._written(cell, text)
        if moment is None:
            if isinstance(cell, date) or day_of(cell):
                raise Unusable(
                    f"{label} is a day without a clock: map the column of the clock too, as {{date: …, time: …}}",
                    text,
                )
            wanted = (
                f"is not written as `times` says ({self._mapping.times})"
                if self._mapping.times
                else "is no date with a clock: write it as 7/4/2020 08.15, or give `times`"
            )
            raise Unusable(f"{label} {wanted}", text)
        self.habits.clock(row, column, moment)
        return self._in_range(column, row, moment if moment.tzinfo else moment.replace(tzinfo=self._zone))

    def _written(self, cell: object, text: str) -> datetime | None:
        if isinstance(cell, datetime) or not self._mapping.times:
            return stamp_of(cell, self._mapping.zone)
        try:
            return datetime.strptime(text, self._mapping.times)
        except ValueError:
            return None

    def _in_range(self, column: str, row: Row, moment: datetime) -> datetime:
        if not 1970 < moment.year < 2099:
            raise Unusable(f"{_column(row, column)}: the year {moment.year} cannot be right")
        return moment


def _column(row: Row, name: str) -> str:
    """A column as a person finds it."""
    found = row.columns.get(folded(name))
    return str(found) if found else repr(name)


def _midnight(cell: datetime) -> bool:
    return cell.time() == datetime.min.time()


def _no_clock(cell: object) -> str:
    """Why a cell is no time of day, with what to write instead."""
    text = plain(cell)
    if isinstance(cell, date):
        return "is a day, no time: type it again in a column formatted as text"
    if _ABOUT.match(text):
        return "says about when: write the time that counts"
    if found := _ONE_DIGIT.fullmatch(text):
        return f"may be {found[1]}.0{found[2]} or {found[1]}.{found[2]}0: write both digits, in a column formatted as text"
    return "is no time of day: write it as 08.15, in the mapping's zone"


def _names(things: list[dict[str, Any]]) -> dict[str, str]:
    """Every way in which the registry itself names its things, by id."""
    found: dict[str, str] = {}
    for thing in things:
        label = thing.get("label", {})
        names = [thing.get(each) for each in ("id", "name", "short_name", "callsign")]
        for name in (*names, label.get("id"), label.get("en")):
            if name:
                found.setdefault(folded(name), thing["id"])
    return found
