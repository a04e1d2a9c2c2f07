"""What is over by local day, read in stretches of bounded size: a day's incidents, and its calls without an incident."""

from __future__ import annotations

from collections.abc import Iterable

from ..domain.call import Call
from ..domain.incident import Incident
from .incidents import DUE_SHARDS, decode, pk_of
from .tables import IncidentItem

# Of each of the eight parts of a day's index: a day of up to some 700 incidents is one stretch.
OF_A_PART = 100


def stretch(day: str, below: str = "") -> tuple[list[Incident], str]:
    """Incidents opened on a local day, of those whose id lies below another's the greatest, and below which id to go on.

    '' at the day's end. Ids sort by time, but of incidents from logbooks, which come last: the reader sorts a stretch by itself.
    Costs eight queries, and one read for a hundred incidents.
    """
    lower = IncidentItem.pk < pk_of(below) if below else None
    parts = [
        [
            item.pk
            for item in IncidentItem.day_index.query(
                f"day#{day}#{part}", lower, scan_index_forward=False, limit=OF_A_PART
            )
        ]
        for part in range(DUE_SHARDS)
    ]
    # Below the end of a part that was cut, its rest and the others' are not whole.
    end = max((pks[-1] for pks in parts if len(pks) == OF_A_PART), default="")
    keys = sorted((pk, "#") for pks in parts for pk in pks if pk >= end)
    found = IncidentItem.batch_get(keys) if keys else ()
    return [decode(item) for item in found], end.removeprefix("I#")


def calls_of(incident_ids: Iterable[str]) -> list[Call]:
    """The calls of some incidents: a query each."""
    mine = IncidentItem.sk.startswith("C#")
    return [decode(item) for each in incident_ids for item in IncidentItem.query(pk_of(each), mine)]


def loose_calls(day: str, before: str, most: int) -> list[Call]:
    """A local day's calls that belong to no incident, the last that was taken first: so many of those before a call's id."""
    last = IncidentItem.sk < f"C#{before}" if before else None
    found = IncidentItem.query(f"D#{day}", last, scan_index_forward=False, limit=most)
    return [decode(item) for item in found]


def has_loose_call(day: str, call_id: str) -> bool:
    """Whether a call stands in a local day's list of calls that belong to no incident; it never leaves it."""
    return IncidentItem.count(f"D#{day}", IncidentItem.sk == f"C#{call_id}", consistent_read=True) > 0


def loose_calls_from(number: str, day: str) -> list[Call]:
    """A local day's calls from a number that belong to no incident: one query, one more for each megabyte of that day's."""
    found = IncidentItem.query(
        f"D#{day}", IncidentItem.sk.startswith("C#"), IncidentItem.doc.contains(number)
    )
    return [call for call in map(decode, found) if call.number == number]
