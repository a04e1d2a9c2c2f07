"""What stands in the incidents' table beside incidents, found by the one scan that finds them, and held against them."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator

import msgspec
from msgspec import Struct, field

from chalicelib.domain.call import Call
from chalicelib.domain.facts import Facts, agree, derive
from chalicelib.domain.incident import Incident
from chalicelib.domain.times import local_day
from chalicelib.models.facts import facts_key
from chalicelib.models.incidents import decode, load_state
from chalicelib.models.notices import CALLERS
from chalicelib.models.tables import IncidentItem

HOURS = int(os.environ.get("UTC_OFFSET_HOURS", "7"))
# Reply codes, whose drill runs in an agency, the provider's ids, standing links: none says anything of what happened.
NO_EVIDENCE = frozenset({"K", "G", "M", "Y"})
CHECKED_BY_ITSELF = frozenset({"PRIVACY"})
# The keys of an item: where it stands.
Place = tuple[str, str]


class Table(Struct, kw_only=True):
    """What the scan met: the places of facts, the notices by id, the days with calls outside incidents, kinds of items that nobody knows.

    `rung_back` are the days with calls outside incidents whose callers somebody rang back.
    `listed` are items in the lists of incidents, such as the board, that are none.
    """

    facts: list[Place] = field(default_factory=list)
    notices: set[str] = field(default_factory=set)
    listed: list[Place] = field(default_factory=list)
    days: set[str] = field(default_factory=set)
    rung_back: set[str] = field(default_factory=set)
    unknown: Counter[str] = field(default_factory=Counter)

    def incident_ids(self) -> Iterator[str]:
        """Every incident that has any item, once, page by page of a scan; one whose own item is gone is not passed over."""
        previous, whole = "", False
        # A collection's items follow each other in a scan; should one be torn apart, its parts are looked at by themselves.
        read = ["pk", "sk", "day_key", "open_key"]
        for item in IncidentItem.scan(attributes_to_get=read, consistent_read=True):
            if item.sk != "#" and (item.day_key or item.open_key):
                self.listed.append((item.pk, item.sk))
            if not item.pk.startswith("I#"):
                self._beside(item)
                continue
            if item.pk != previous:
                if previous and not whole and not _exists(previous):
                    yield previous[2:]
                previous, whole = item.pk, False
            if item.sk == "#":
                whole = True
                yield item.pk[2:]
        if previous and not whole and not _exists(previous):
            yield previous[2:]

    def _beside(self, item: IncidentItem) -> None:
        kind, _, rest = item.pk.partition("#")
        if kind == "F":
            self.facts.append((item.pk, item.sk))
        elif kind == "W":
            # What is sent to people of the registry is told by no event.
            if item.sk == CALLERS:
                self.notices.add(rest)
        elif kind == "D":
            self.days.add(rest)
        elif kind == "B":
            self.rung_back.add(rest)
        elif kind not in NO_EVIDENCE | CHECKED_BY_ITSELF:
            self.unknown[kind] += 1


def _exists(pk: str) -> bool:
    return IncidentItem.count(pk, IncidentItem.sk == "#", consistent_read=True) > 0


def stray_facts(places: list[Place], compared: dict[str, Place | None]) -> Iterator[str]:
    """What reports count and no incident says; `compared` has the place of each incident's facts that was looked at already."""
    for place in sorted(places):
        incident_id = place[1].partition("#")[2]
        if compared.get(incident_id) != place and (why := _stray(place, incident_id)):
            yield f"reports count {place[0]} {place[1]}: {why}"


def _stray(place: Place, incident_id: str) -> str:
    """Why facts must not stand where they do, '' if they may: what changed while the table was walked is read again."""
    try:
        item = IncidentItem.get(*place, consistent_read=True)
    except IncidentItem.DoesNotExist:
        return ""
    try:
        counted = msgspec.json.decode(item.doc, type=Facts)
    except ValueError as error:
        return f"it cannot be read: {error}"
    try:
        loaded = load_state(incident_id)
    except (ValueError, KeyError):
        return "the incident that it names cannot be read"
    if loaded is None:
        return "there is no such incident"
    return _unlike(
        place, counted, loaded.incident, derive(loaded.incident, loaded.assignments.values(), HOURS)
    )


def _unlike(place: Place, counted: Facts, incident: Incident, expected: Facts | None) -> str:
    if expected is None:
        return "the incident is a drill"
    if incident.status == "open":
        return "the incident is open"
    right = facts_key(expected.day, incident.id)
    if place != (right.pk, right.sk):
        return f"the incident is of {expected.day}"
    return "" if agree(counted, expected) else "it is not what the incident says"


class LooseCalls(Struct, kw_only=True):
    """The calls outside incidents, which stand in no chain: how many there are, and what does not hold of their places."""

    count: int = 0
    findings: list[str] = field(default_factory=list)


def loose_calls(days: set[str]) -> LooseCalls:
    """Read the lists of some days."""
    found = LooseCalls()
    for day in sorted(days):
        for item in IncidentItem.query(f"D#{day}", consistent_read=True):
            found.count += 1
            if why := _misplaced(day, item):
                found.findings.append(f"{day}: call {item.sk.partition('#')[2]} {why}")
    return found


def _misplaced(day: str, item: IncidentItem) -> str:
    try:
        call = decode(item)
    except (ValueError, KeyError) as error:
        return f"cannot be read: {error}"
    if not isinstance(call, Call) or item.sk != f"C#{call.id}":
        return "stands under another's key"
    if call.incident_id is not None:
        return f"belongs to incident {call.incident_id}"
    return "" if local_day(call.received_at, HOURS) == day else "is of another day"


def listed(incident: Incident, item: IncidentItem, expected: IncidentItem) -> str:
    """Why an incident cannot be found where it belongs, '' if it can; `expected` is its item as its state makes it."""
    if item.day_key != expected.day_key:
        return "is not in the list of the day on which it was opened"
    if item.open_key != expected.open_key:
        return (
            "is open and not on the board" if incident.status == "open" else "has ended and is on the board"
        )
    return ""
