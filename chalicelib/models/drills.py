"""Paging drills in the incidents' table: which one an agency has or had last, `G#<agency>`, and all it ever had."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from msgspec import Struct
from pynamodb.expressions.condition import Condition

from ..domain.incident import Incident, PagingDrill
from .incidents import DRILLS, decode, pk_of
from .tables import IncidentItem
from .transactions import Put


class DrillOf(Struct, frozen=True, kw_only=True):
    """Which paging drill an agency has or had last."""

    incident: str


def drill_of(agency_id: str, now: str) -> str | None:
    """The id of the paging drill that runs in an agency."""
    try:
        item = IncidentItem.get(_key(agency_id), "G", consistent_read=True)
    except IncidentItem.DoesNotExist:
        return None
    return msgspec.json.decode(item.doc, type=DrillOf).incident if now < (item.due_at or "") else None


def of_agency(agency_id: str, before: str | None, most: int) -> list[Incident]:
    """An agency's paging drills, newest first: at most so many, older than the one with the id `before`."""
    older = IncidentItem.pk < pk_of(before) if before else None
    index = IncidentItem.day_index
    found = index.query(f"{DRILLS}#{agency_id}", older, scan_index_forward=False, limit=most)
    keys = [(item.pk, item.sk) for item in found]
    values = (decode(item) for item in IncidentItem.batch_get(keys, consistent_read=True)) if keys else ()
    return sorted(values, key=lambda incident: incident.id, reverse=True)


def claim(drill: PagingDrill, incident_id: str, now: str) -> Put:
    """What a drill that starts puts, unless another runs."""
    item = _item(drill, incident_id)
    item.due_at = drill.ends_at
    free: Condition = IncidentItem.pk.does_not_exist() | (IncidentItem.due_at <= now)
    return item.pk, item, free


def make_way(drill: PagingDrill, incident_id: str, now: str) -> Iterator[Put]:
    """What a drill that ends puts: nothing when its time is over, as the next may then start anyway."""
    if now < drill.ends_at:
        item = _item(drill, incident_id)
        item.due_at = now
        yield item.pk, item, IncidentItem.doc == item.doc


def _item(drill: PagingDrill, incident_id: str) -> IncidentItem:
    doc = msgspec.json.encode(DrillOf(incident=incident_id)).decode()
    return IncidentItem(pk=_key(drill.agency_id), sk="G", v=1, doc=doc)


def _key(agency_id: str) -> str:
    return f"G#{agency_id}"
