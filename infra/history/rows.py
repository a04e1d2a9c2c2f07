"""From a logbook's row to a part of an incident as the HTTP interface takes it, with what of it was left out and why."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from .mapping import TIMES, Mapping, folded, slug
from .moments import clock_of, day_of, plain
from .table import Cells

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


class Unusable(Exception):
    """A row that cannot become part of an incident; the message is the reason."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """What one row says: of its incident, and of the one unit in it; `notes` are what was left out."""

    key: str
    incident: dict[str, Any]
    unit: dict[str, Any] | None
    notes: list[str]


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

    def part(self, cells: Cells) -> Part:
        """What a row says; Unusable."""
        notes: list[str] = []
        times = self._times(cells, notes)
        if "received_at" not in times:
            raise Unusable(notes[0] if notes else "received_at is empty")
        call: dict[str, Any] = {
            **{name: times[name] for name in ("received_at", "answered_at") if name in times},
            **self._texts(cells, notes, "number", "note"),
        }
        incident: dict[str, Any] = {
            "type": self._id("type", cells),
            "location": {
                "district": self._id("district", cells),
                **self._texts(cells, notes, "village", "landmark"),
            },
            **self._texts(cells, notes, "narrative"),
            **{name: times[name] for name in ("opened_at", "closed_at") if name in times},
            "calls": [call],
        }
        if "disposition" in self._mapping.fields and (disposition := self._id("disposition", cells)):
            incident["disposition"] = disposition
        return Part(key=self._key(cells), incident=incident, unit=self._unit(cells, times), notes=notes)

    def _key(self, cells: Cells) -> str:
        parts = [plain(cells.get(folded(column))) for column in self._mapping.key]
        if not any(parts):
            raise Unusable(f"{' and '.join(self._mapping.key)} empty")
        key = " | ".join(parts)
        return key if len(key) <= 200 else hashlib.sha256(key.encode()).hexdigest()

    def _id(self, name: str, cells: Cells) -> str:
        """The id that a cell stands for; '' for an empty disposition or agency."""
        where = self._mapping.fields[name]
        if where.always:
            return where.always
        text = plain(cells.get(folded(where.column)))
        word = folded(text)
        found = self._values[name].get(word) or self._known[name].get(word) or where.otherwise
        if found or (not text and name in ("disposition", "agency")):
            return found
        if name == "agency" and slug(text):
            return slug(text)
        raise Unusable(
            f"{where.column} {text[:40]!r} stands for no {name}" if text else f"{where.column} is empty"
        )

    def _texts(self, cells: Cells, notes: list[str], *names: str) -> dict[str, str]:
        found = {}
        for name in names:
            if name not in self._mapping.fields:
                continue
            where = self._mapping.fields[name]
            text = where.always or plain(cells.get(folded(where.column)))
            if len(text) > LONGEST[name]:
                notes.append(f"{name} has more than {LONGEST[name]} characters: cut")
                text = text[: LONGEST[name] - 1] + "…"
            if text:
                found[name] = text
        return found

    def _unit(self, cells: Cells, times: dict[str, str]) -> dict[str, Any] | None:
        agency_id = self._id("agency", cells) if "agency" in self._mapping.fields else ""
        if not agency_id:
            return None
        where = self._mapping.fields.get("unit")
        callsign = (where.always or plain(cells.get(folded(where.column)))) if where else ""
        known = self._named.get(agency_id, {})
        spelled = self._mapping.agencies.get(agency_id) or plain(
            cells.get(folded(self._mapping.fields["agency"].column))
        )
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

    def _times(self, cells: Cells, notes: list[str]) -> dict[str, str]:
        moments: dict[str, datetime] = {}
        for name in sorted((name for name in TIMES if name in self._mapping.fields), key=self._depth):
            try:
                moment = self._moment(name, cells, moments)
            except Unusable as unusable:
                notes.append(str(unusable))
                continue
            if moment:
                moments[name] = moment
        return {name: moment.isoformat() for name, moment in moments.items()}

    def _depth(self, name: str) -> int:
        after = self._mapping.fields[name].after
        return 1 + self._depth(after) if after else 0

    def _moment(self, name: str, cells: Cells, moments: dict[str, datetime]) -> datetime | None:
        where = self._mapping.fields[name]
        if where.column:
            return self._stamp(name, cells.get(folded(where.column)))
        day, clock = cells.get(folded(where.date)), cells.get(folded(where.time))
        if not plain(clock):
            return None
        on, since = day_of(day), clock_of(clock, self._mapping.zone)
        if on is None:
            raise Unusable(f"{name}: {where.date} {'is no date' if plain(day) else 'is empty'}")
        if since is None:
            raise Unusable(f"{name}: {where.time} is no time of day")
        moment = datetime(on.year, on.month, on.day, tzinfo=self._zone) + since
        after = self._latest(where.after, moments)
        if after and moment < after:
            moment += timedelta(days=1)
            if moment - after > AFTER_MIDNIGHT:
                raise Unusable(f"{name}: lies before {where.after}")
        return self._in_range(name, moment)

    def _latest(self, name: str, moments: dict[str, datetime]) -> datetime | None:
        """The moment of a field, or of that which it follows if it was not recorded."""
        while name and name not in moments:
            name = self._mapping.fields[name].after
        return moments.get(name)

    def _stamp(self, name: str, cell: object) -> datetime | None:
        text = plain(cell)
        if not text:
            return None
        try:
            if isinstance(cell, datetime):
                moment = cell
            elif self._mapping.times:
                moment = datetime.strptime(text, self._mapping.times)
            else:
                moment = datetime.fromisoformat(text)
        except ValueError:
            raise Unusable(f"{name}: is no time") from None
        return self._in_range(name, moment if moment.tzinfo else moment.replace(tzinfo=self._zone))

    def _in_range(self, name: str, moment: datetime) -> datetime:
        if not 1970 < moment.year < 2099:
            raise Unusable(f"{name}: the year {moment.year} cannot be right")
        return moment


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
