"""Facts of ended incidents in the incidents' table, `F#<month>` and `<day>#<incident>`: a report is a query a month."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ..domain.facts import Facts
from .tables import IncidentItem


def facts_key(day: str, incident_id: str) -> IncidentItem:
    """The place of an incident's facts; it never moves, as the day of opening does not."""
    return IncidentItem(pk=f"F#{day[:7]}", sk=f"{day}#{incident_id}")


def facts_item(facts: Facts) -> IncidentItem:
    """The item of facts; every ending writes it anew."""
    item = facts_key(facts.day, facts.incident_id)
    item.doc = msgspec.json.encode(facts).decode()
    return item


def of_incident(day: str, incident_id: str) -> Facts | None:
    """The facts of one incident, None if it has none."""
    place = facts_key(day, incident_id)
    try:
        item = IncidentItem.get(place.pk, place.sk, consistent_read=True)
    except IncidentItem.DoesNotExist:
        return None
    return msgspec.json.decode(item.doc, type=Facts)


def of_days(first: str, last: str) -> Iterator[Facts]:
    """The facts of the incidents opened from one local day to another, both included, in their order."""
    year, month = int(first[:4]), int(first[5:7])
    while f"{year:04d}-{month:02d}" <= last[:7]:
        # "~" sorts behind every incident's id.
        days = IncidentItem.sk.between(first, f"{last}#~")
        for item in IncidentItem.query(f"F#{year:04d}-{month:02d}", days, consistent_read=True):
            yield msgspec.json.decode(item.doc, type=Facts)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
