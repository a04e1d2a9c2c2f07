"""Incidents in DynamoDB: one item collection each, read in parts and written whole with its events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from msgspec import Struct, field

from ..domain.assignment import Assignment
from ..domain.call import Call
from ..domain.events import Event
from ..domain.ids import first_ulid_at, shard
from ..domain.incident import Importing, Incident, PlanAnswer
from ..domain.note import Note
from ..domain.notice import Notice, requested
from ..domain.page import Page
from ..domain.portions import unfinished
from ..domain.retention import next_kind
from ..domain.times import local_day, plus
from . import notices as told
from .tables import IncidentItem, as_known

TYPES: dict[str, type[Struct]] = {
    "#": Incident,
    "A": Assignment,
    "C": Call,
    "N": Note,
    "P": Page,
    "R": PlanAnswer,
    "S": Importing,
    "~": Event,
}
DUE_SHARDS = 8
DRILLS = "drills"
REDRIVE_S = 10
# Where the `due` index has what somebody asks to be put right.
ASKED = "asked"


class Loaded(Struct, kw_only=True):
    """What was read of an incident, with the version of each item; what is not here is written as new.

    `links` are the events as they are stored, of which the chain is made; `notices` are read where events say that there are
    some, with when the index says that each is due.
    """

    incident: Incident
    versions: dict[str, int] = field(default_factory=dict)
    assignments: dict[str, Assignment] = field(default_factory=dict)
    calls: dict[str, Call] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    answers: list[PlanAnswer] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    notices: dict[str, Notice] = field(default_factory=dict)
    notices_due: dict[str, str | None] = field(default_factory=dict)


def pk_of(incident_id: str) -> str:
    return f"I#{incident_id}"


def decode(item: IncidentItem) -> Any:
    """The domain's value of an item, by the first character of its sort key."""
    return msgspec.json.decode(item.doc, type=TYPES[item.sk[0]])


def incident_of(stood: dict[str, Any]) -> Incident:
    """The incident whose own item is this, in DynamoDB's own form."""
    item = IncidentItem()
    item.deserialize(stood)
    incident: Incident = decode(item)
    return incident


def load(
    incident_id: str, *, assignments: Iterable[str] = (), pages: Iterable[str] = (), calls: Iterable[str] = ()
) -> Loaded | None:
    """Read the incident and the parts named, strongly consistent and in one request; None if it does not exist."""
    wanted = ["#", *(f"A#{a}" for a in assignments), *(f"P#{p}" for p in pages), *(f"C#{c}" for c in calls)]
    pk = pk_of(incident_id)
    if len(wanted) == 1:
        try:
            return _loaded([IncidentItem.get(pk, "#", consistent_read=True)])
        except IncidentItem.DoesNotExist:
            return None
    return _loaded(IncidentItem.batch_get([(pk, sk) for sk in wanted], consistent_read=True))


def notes(incident_id: str) -> list[Note]:
    """The notes of an incident in the order of their writing."""
    found = IncidentItem.query(pk_of(incident_id), IncidentItem.sk.startswith("N#"), consistent_read=True)
    return sorted(map(decode, found), key=lambda note: (note.at, note.id))


def load_state(incident_id: str) -> Loaded | None:
    """Read all state of an incident without its events."""
    return _loaded(IncidentItem.query(pk_of(incident_id), IncidentItem.sk < "~", consistent_read=True))


def load_all(incident_id: str) -> Loaded | None:
    """Read an incident whole, with its events."""
    return _with_notices(_loaded(IncidentItem.query(pk_of(incident_id), consistent_read=True)))


def _with_notices(loaded: Loaded | None) -> Loaded | None:
    """What was read whole, with the notices of which its events tell: one request more where there are any."""
    if loaded is not None:
        for id_, found in told.several(requested(loaded.events)).items():
            loaded.notices[id_], loaded.notices_due[id_] = found.notice, found.due_at
            loaded.versions[told.label(id_)] = found.version
    return loaded


def load_audited(incident_id: str) -> tuple[Loaded, dict[str, str], bool] | None:
    """An incident whole, when its index says that each of its items is due, by sort key, and whether it is on the board."""
    items = list(IncidentItem.query(pk_of(incident_id), consistent_read=True))
    loaded = _with_notices(_loaded(items))
    if loaded is None:
        return None
    due_at = {
        item.sk: item.due_at for item in items if item.due_at and (item.due_key or "").startswith("due#")
    }
    return loaded, due_at, any(item.open_key for item in items)


def events(incident_id: str, after: int = 0) -> Iterator[Event]:
    """The incident's events in their order."""
    found = IncidentItem.query(pk_of(incident_id), IncidentItem.sk > event_key(after), consistent_read=True)
    return (decode(item) for item in found)


def event_key(seq: int) -> str:
    return f"~{seq:08d}"


def _loaded(items: Iterable[IncidentItem]) -> Loaded | None:
    loaded = Loaded(incident=None)  # type: ignore[arg-type]
    for item in items:
        value = decode(item)
        loaded.versions[item.sk] = int(item.v)
        if isinstance(value, Incident):
            loaded.incident = value
        elif isinstance(value, Assignment):
            loaded.assignments[value.id] = value
        elif isinstance(value, Call):
            loaded.calls[value.id] = value
        elif isinstance(value, Page):
            loaded.pages[value.id] = value
        elif isinstance(value, Note):
            loaded.notes.append(value)
        elif isinstance(value, PlanAnswer):
            loaded.answers.append(value)
        elif isinstance(value, Event):
            loaded.events.append(value)
            loaded.links.append(item.doc)
    return loaded if loaded.incident is not None else None


def open_ids() -> list[str]:
    """The ids of all open incidents, paging drills too, from the index, without reading what they hold."""
    return [
        item.pk[2:]
        for key in ("open", DRILLS)
        for item in IncidentItem.open_index.query(key, attributes_to_get=["pk", "sk"])
    ]


def of_day(day: str) -> list[Incident]:
    """The incidents opened on a local day, by opening."""
    keys = sorted(
        (item.pk, "#")
        for part in range(DUE_SHARDS)
        for item in IncidentItem.day_index.query(f"day#{day}#{part}")
        if item.sk == "#"
    )
    found = IncidentItem.batch_get(keys, consistent_read=True) if keys else ()
    return sorted((decode(item) for item in found), key=lambda incident: (incident.opened_at, incident.id))


def several(incident_ids: Iterable[str]) -> dict[str, Incident]:
    """Those of some incidents that are there, by id; what is being written may be missing."""
    found = IncidentItem.batch_get([(pk_of(each), "#") for each in incident_ids])
    return {item.pk[2:]: decode(item) for item in found}


def due(now: str, part: int) -> Iterator[tuple[str, str, bool, str]]:
    """(incident id, sort key, bulk, since when) of whatever is due, from one part of the index.

    The reader looks at the item again.
    """
    for item in IncidentItem.due_index.query(f"due#{part}", IncidentItem.due_at <= now):
        yield item.pk[2:], item.sk, bool(item.bulk), item.due_at


def sms_wait(until: str) -> bool:
    """Whether any page, or an order of some, waits or is due by then; what was just ordered may be missing for an instant."""
    return any(
        item.sk[0] in "#P"
        for part in range(DUE_SHARDS)
        for item in IncidentItem.due_index.query(f"due#{part}", IncidentItem.due_at <= until)
    )


def unsent(places: Iterable[tuple[str, str]]) -> list[Page]:
    """Those of these pages, each by its incident's id and its own, that have not left."""
    keys = [(pk_of(incident_id), f"P#{page_id}") for incident_id, page_id in places]
    found = map(decode, IncidentItem.batch_get(keys)) if keys else ()
    return [page for page in found if page.status in ("pending", "sending")]


def read_page(incident_id: str, page_id: str) -> tuple[Page, int]:
    """One page alone, which must exist, with its item's version."""
    item = IncidentItem.get(pk_of(incident_id), f"P#{page_id}", consistent_read=True)
    return decode(item), int(item.v)


def put_call(call: Call, utc_offset_hours: int) -> IncidentItem:
    """The item of a call without an incident, which stands in its own day's collection."""
    day = local_day(call.received_at, utc_offset_hours)
    return IncidentItem(pk=f"D#{day}", sk=f"C#{call.id}", v=1, doc=as_json(call))


def calls_of_day(day: str) -> list[Call]:
    """A local day's calls that belong to no incident."""
    return [decode(item) for item in IncidentItem.query(f"D#{day}", consistent_read=True)]


def calls_since(day: str, since: str) -> list[Call]:
    """A local day's calls that belong to no incident and came since an instant, with what is counted of all its hours."""
    later = IncidentItem.sk >= f"C#{first_ulid_at(since)}"
    return [decode(item) for item in IncidentItem.query(f"D#{day}", later, consistent_read=True)]


def save_page(page: Page, version: int) -> None:
    """Write a page's own life; ConditionFailed when somebody else wrote it meanwhile."""
    page_item(page, version + 1).save(condition=as_known(version))


def as_json(value: Struct) -> str:
    return msgspec.json.encode(value).decode()


def incident_item(incident: Incident, v: int, now: str, utc_offset_hours: int) -> IncidentItem:
    """The incident's own item with the indexes that its state puts it into."""
    item = IncidentItem(pk=pk_of(incident.id), sk="#", v=v, doc=as_json(incident))
    part = shard(incident.id, DUE_SHARDS)
    drill = incident.paging_drill
    # Neither the board nor a day's list of incidents ever meets a paging drill.
    item.day_key = (
        f"{DRILLS}#{drill.agency_id}"
        if drill
        else f"day#{local_day(incident.opened_at, utc_offset_hours)}#{part}"
    )
    if incident.status == "open":
        item.open_key = DRILLS if drill else "open"
    kind, rest = next_kind(incident), unfinished(incident)
    if kind and not rest:
        item.due_key, item.due_at = erase_key(kind), incident.closed_at
        return item
    # From when it was decided, not from the last write: a busy incident is written several times a second.
    return _due(item, incident.id, plus(incident.unfinished_since or now, REDRIVE_S) if rest else None)


def erase_key(kind: str) -> str:
    """Where the `due` index has the ended incidents of which this is the first kind of personal data that stands."""
    return f"erase#{kind}"


def page_item(page: Page, v: int) -> IncidentItem:
    """The item of a page with the indexes that lead to it."""
    item = part_item(page.incident_id, f"P#{page.id}", page, v, page.due_at)
    item.link = page.link or None
    item.assignment = page.assignment_id if page.link else None
    item.bulk = page.bulk or None
    return item


def part_item(incident_id: str, sk: str, value: Struct, v: int, due_at: str | None = None) -> IncidentItem:
    """The item of any other part, in the index of what is due if it is."""
    return _due(IncidentItem(pk=pk_of(incident_id), sk=sk, v=v, doc=as_json(value)), incident_id, due_at)


def note_item(incident_id: str, note: Note, v: int) -> IncidentItem:
    """The item of a note, in the index of what is asked for as long as that waits for an answer."""
    item = part_item(incident_id, f"N#{note.id}", note, v)
    if note.asks and note.asks.status == "waiting":
        item.due_key, item.due_at = ASKED, note.at
    return item


def asked() -> Iterator[tuple[str, str]]:
    """(incident id, note id) of each request to put something right that waits for an answer, oldest first."""
    for item in IncidentItem.due_index.query(ASKED):
        yield item.pk[2:], item.sk[2:]


def with_notes(incident_id: str, note_ids: Iterable[str]) -> Loaded | None:
    """The incident with some of its notes."""
    pk = pk_of(incident_id)
    keys = [(pk, sk) for sk in ("#", *(f"N#{each}" for each in note_ids))]
    return _loaded(IncidentItem.batch_get(keys, consistent_read=True))


def _due(item: IncidentItem, incident_id: str, due_at: str | None) -> IncidentItem:
    if due_at:
        item.due_key, item.due_at = f"due#{shard(incident_id, DUE_SHARDS)}", due_at
    return item
