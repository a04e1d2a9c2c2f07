"""What stands beside incidents or is found by its age, as those who erase it need it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ..domain.call import Call
from ..domain.incident import Incident
from ..domain.retention import next_kind
from ..domain.times import parse
from . import duty_changes
from .conflicts import ConditionFailed
from .counters import FROZEN
from .duty_sheets import BESIDE, DRAFTS, PUBLISHED, RECORDS
from .incidents import decode, erase_key, incident_item, of_day, pk_of
from .registry import shift_pk
from .tables import IncidentItem, KeyItem, RegistryItem
from .versions import place_of

HISTORY_MOST = 1000
# Sorts behind every key of a history or a roster.
END = "~"


def ended(kind: str, before: str) -> Iterator[str]:
    """The ids of incidents that ended before an instant and of which this is the first kind that stands, oldest first."""
    found = IncidentItem.due_index.query(erase_key(kind), IncidentItem.due_at <= before)
    return (item.pk[2:] for item in found)


def put_into_index(day: str, utc_offset_hours: int, now: str) -> int:
    """Bring ended incidents opened on a local day into the index where another release left them out; how many."""
    lost = 0
    for incident_id in [each.id for each in of_day(day) if next_kind(each)]:
        item = IncidentItem.get(pk_of(incident_id), "#", consistent_read=True)
        incident: Incident = decode(item)
        if next_kind(incident) and not item.due_key:
            found = incident_item(incident, int(item.v) + 1, now, utc_offset_hours)
            found.save(condition=IncidentItem.v == item.v)
            lost += 1
    return lost


def other_calls(day: str) -> Iterator[tuple[Call, int]]:
    """A local day's calls that belong to no incident, each with its item's version."""
    for item in IncidentItem.query(f"D#{day}", consistent_read=True):
        yield decode(item), int(item.v)


def save_other_call(day: str, call: Call, version: int) -> None:
    """Write such a call; ConditionFailed when somebody else wrote it meanwhile."""
    doc = msgspec.json.encode(call).decode()
    item = IncidentItem(pk=f"D#{day}", sk=f"C#{call.id}", v=version + 1, doc=doc)
    item.save(condition=IncidentItem.v == version)


def forget_unit_history(unit_id: str, before: str) -> int:
    """Delete what is known of a unit's states before an instant; how many."""
    return _delete(f"H#unit#{unit_id}", before)


def forget_block_history(block_id: str) -> int:
    """Delete who blocked and unblocked a number; how many entries."""
    return _delete(f"H#block#{block_id}", END)


def has_shifts(agency_id: str, day: str) -> bool:
    """Whether anything is known of who was on duty in an agency on a local day."""
    pk = shift_pk(agency_id, day)
    if any(True for _ in RegistryItem.batch_get([(f"{FROZEN}{agency_id}", day)])):
        return True
    return any(RegistryItem.count(each, limit=1) for each in (pk, place_of(pk, "").pk))


def has_sheet(agency_id: str, month: str) -> bool:
    """Whether anything is kept of an agency's sheet of a month."""
    places = ((f"{DRAFTS}{agency_id}", month), (f"{PUBLISHED}{month}", agency_id))
    if any(True for _ in RegistryItem.batch_get(places)) or any(_beside(agency_id, month)):
        return True
    return any(
        RegistryItem.count(pk, RegistryItem.sk.startswith(month), limit=1) for pk in _of_months(agency_id)
    )


def _beside(agency_id: str, month: str) -> list[tuple[str, str]]:
    """Where changes stand that count in a month; one from the month before may last into it."""
    within = RegistryItem.sk.startswith(f"{agency_id}{BESIDE}")
    found = RegistryItem.query(f"{PUBLISHED}{month}", within, attributes_to_get=["pk", "sk"])
    return [(item.pk, item.sk) for item in found]


def _of_months(agency_id: str) -> list[str]:
    """What is kept of an agency's sheets and changes by month, the records last, so that what is left is found again."""
    return [f"{each}{agency_id}" for each in (duty_changes.CHANGES, duty_changes.RECORDS, RECORDS)]


def forget_sheet(agency_id: str, month: str) -> int:
    """Delete an agency's sheet of a month with its draft, the changes, and what became of all; how many items."""
    keys = [(f"{PUBLISHED}{month}", agency_id), (f"{DRAFTS}{agency_id}", month), *_beside(agency_id, month)]
    keys += [
        (item.pk, item.sk)
        for pk in _of_months(agency_id)
        for item in RegistryItem.query(pk, RegistryItem.sk.startswith(month), attributes_to_get=["pk", "sk"])
    ]
    with RegistryItem.batch_write() as batch:
        for pk, sk in keys:
            batch.delete(RegistryItem(pk=pk, sk=sk))
    return len(keys)


def forget_shifts(agency_id: str, day: str) -> int:
    """Delete who was on duty in an agency on a local day, and what became of it; how many shifts."""
    pk = shift_pk(agency_id, day)
    shifts = _delete(pk, END)
    with RegistryItem.batch_write() as batch:
        batch.delete(RegistryItem(pk=f"{FROZEN}{agency_id}", sk=day))
    # Last, so that what is left of a day is found again.
    _delete(place_of(pk, "").pk, END)
    return shifts


def _delete(pk: str, before: str) -> int:
    found = list(
        RegistryItem.query(pk, RegistryItem.sk < before, attributes_to_get=["pk", "sk"], limit=HISTORY_MOST)
    )
    with RegistryItem.batch_write() as batch:
        for item in found:
            batch.delete(item)
    return len(found)


def forget_expired_keys(now: str, most: int) -> int:
    """Delete idempotency keys and counts whose time has passed, as DynamoDB's TTL does where there is one; how many."""
    seconds = int(parse(now).timestamp())
    expired = KeyItem.expires_at < seconds
    number = 0
    for item in KeyItem.scan(expired, attributes_to_get=["pk"], limit=most):
        try:
            item.delete(condition=expired)
        except ConditionFailed:
            continue  # It was used again meanwhile.
        number += 1
    return number
