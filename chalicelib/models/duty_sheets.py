"""Month sheets in DynamoDB: a draft that dispatch never reads, what was published, and the chain of what became of both.

`DP#<month>` holds the published sheets of all agencies with the changes that count (models/duty_changes.py), so that one query knows a month; `DD#<agency>` the drafts, `VD#<agency>` the
records. A draft's item carries the chain's end. Saving a draft raises no counter: nobody's copy of the registry is older for it.
Publishing raises the agency's duty, and its log names the record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec
from msgspec import Raw, Struct

from ..domain.duty import Change, Sheet
from ..domain.duty.history import Draft, KeptRecord, SheetRecord, rows_text, sealed
from ..domain.notice import Notice
from ..domain.versions import End, Entry
from . import counters, notices
from .counters import Counters, Touched
from .tables import IncidentItem, RegistryItem, as_known
from .transactions import Transaction
from .versions import FIRST, Stamp

PUBLISHED = "DP#"
# Beside an agency's sheet stand its changes; no id of an agency has it, and it sorts before all that an id has.
BESIDE = "#"
DRAFTS = "DD#"
RECORDS = counters.SHEET_RECORDS
# Of the 400 KB that an item has; keys and the chain's end stand beside the text.
MOST_BYTES = 390_000


class KeptDraft(NamedTuple):
    """A draft as it was read: its item's version, 0 where there is none, and the end of its chain."""

    draft: Draft
    version: int
    end: End


class KeptSheet(NamedTuple):
    """A published sheet as it was read, None where there is none, and its item's version."""

    sheet: Sheet | None
    version: int


class Publishing(NamedTuple):
    """What is published from a day on: the sheet, the version of the one that it replaces, the counters it was decided on, and what
    its people are to be told, None if nothing changes for anybody.
    """

    sheet: Sheet
    known: int
    at: Counters
    telling: Notice | None = None


class OfMonth(NamedTuple):
    """What is known of a month, by agency: the published sheets, and the changes that count."""

    sheets: dict[str, Sheet]
    changes: dict[str, list[Change]]


def of_month(month: str, agency_id: str = "") -> OfMonth:
    """The published sheets of a month with the changes to them, of one agency if it is named, strongly consistent."""
    # Everything that begins with the agency's id and the mark behind it.
    end = f"{agency_id}{chr(ord(BESIDE) + 1)}"
    within = RegistryItem.sk.between(agency_id, end) if agency_id else None
    found = OfMonth({}, {})
    for item in RegistryItem.query(f"{PUBLISHED}{month}", within, consistent_read=True):
        own, beside, _ = item.sk.partition(BESIDE)
        if beside:
            found.changes.setdefault(own, []).append(msgspec.json.decode(item.doc, type=Change))
        else:
            found.sheets[own] = msgspec.json.decode(item.doc, type=Sheet)
    return found


def read(agency_id: str, month: str) -> tuple[KeptDraft, KeptSheet]:
    """An agency's draft of a month and what is published of it; a draft that nobody has begun is what is published."""
    keys = [(f"{DRAFTS}{agency_id}", month), (f"{PUBLISHED}{month}", agency_id)]
    found = {item.pk: item for item in RegistryItem.batch_get(keys, consistent_read=True)}
    shown = found.get(keys[1][0])
    sheet = msgspec.json.decode(shown.doc, type=Sheet) if shown else None
    kept = found.get(keys[0][0])
    if kept is None:
        draft = Draft(agency_id=agency_id, month=month)
        return KeptDraft(draft, 0, End()), KeptSheet(sheet, int(shown.v) if shown else 0)
    draft = msgspec.json.decode(kept.doc, type=Draft)
    return KeptDraft(draft, int(kept.v), End.of(kept.head)), KeptSheet(sheet, int(shown.v) if shown else 0)


def save(kept: KeptDraft, draft: Draft, stamp: Stamp, edits: str) -> int:
    """Write a draft with the record of what was written into it; its new version, ConditionFailed if somebody was first."""
    transaction = Transaction()
    told = KeptRecord(record=_record(draft, stamp, "saved"), edits=edits, why=stamp.why, salt=stamp.salt())
    _put_draft(transaction, kept, draft, sealed(told.record, kept.end, told, (rows_text(draft.rows), "")))
    transaction.commit()
    return kept.version + 1


def publish(kept: KeptDraft, draft: Draft, publishing: Publishing, stamp: Stamp) -> None:
    """Write what is published with its record, the agency's counter and its log; ConditionFailed names `draft`, `sheet`, `counter`."""
    transaction = Transaction()
    doc = msgspec.json.encode(publishing.sheet).decode()
    record = _record(draft, stamp, "published", publishing.sheet.first_day_now)
    told = KeptRecord(record=record, why=stamp.why, salt=stamp.salt())
    told = sealed(record, kept.end, told, (rows_text(draft.rows), doc))
    _put_draft(transaction, kept, draft, told)
    item = RegistryItem(pk=f"{PUBLISHED}{draft.month}", sk=draft.agency_id, v=publishing.known + 1, doc=doc)
    transaction.put("sheet", item, as_known(publishing.known))
    pk = f"{RECORDS}{draft.agency_id}#{draft.month}"
    entry = Entry(seq=0, at=stamp.now, by=stamp.by, records={pk: [told.record.hash]})
    touched = Touched(set(), {draft.agency_id: {draft.month}}, {counters.log_of(pk): entry})
    counters.raise_all(transaction, publishing.at, touched, ())
    if publishing.telling:
        transaction.put("telling", notices.item(publishing.telling, 1), IncidentItem.pk.does_not_exist())
    transaction.commit()


def _record(draft: Draft, stamp: Stamp, change: str, first_day: str = "") -> SheetRecord:
    return msgspec.convert(
        {
            "seq": 0,
            "at": stamp.now,
            "by": stamp.by,
            "agency_id": draft.agency_id,
            "month": draft.month,
            "change": change,
            "first_day": first_day,
            "rows": "",
            "prev": "",
        },
        SheetRecord,
    )


def _put_draft(transaction: Transaction, kept: KeptDraft, draft: Draft, told: KeptRecord) -> None:
    doc = msgspec.json.encode(draft).decode()
    head = End(told.record.seq, told.record.hash).text
    item = RegistryItem(
        pk=f"{DRAFTS}{draft.agency_id}", sk=draft.month, v=kept.version + 1, doc=doc, head=head
    )
    transaction.put("draft", item, as_known(kept.version))
    sk = f"{draft.month}{FIRST}{told.record.seq:08d}"
    link = RegistryItem(pk=f"{RECORDS}{draft.agency_id}", sk=sk, v=1, doc=msgspec.json.encode(told).decode())
    transaction.put("record", link, RegistryItem.pk.does_not_exist())


class _Stored(Struct):
    record: Raw


def read_link(item: RegistryItem) -> tuple[KeptRecord, str]:
    """A record, and the JSON in which it is a link of its chain."""
    link = bytes(msgspec.json.decode(item.doc, type=_Stored).record).decode()
    return msgspec.json.decode(item.doc, type=KeptRecord), link


def records(agency_id: str, month: str, before: int | None, most: int) -> Iterator[KeptRecord]:
    """The newest records of a month's sheet, older than one with this number."""
    end = f"{month}{FIRST}{before:08d}" if before else f"{month}{FIRST}~"
    found: Iterable[RegistryItem] = RegistryItem.query(
        f"{RECORDS}{agency_id}",
        RegistryItem.sk.between(f"{month}{FIRST}", end),
        scan_index_forward=False,
        limit=most + (before is not None),
        consistent_read=True,
    )
    for item in found:
        kept, _ = read_link(item)
        if before is None or kept.record.seq < before:
            yield kept
