"""Changes of duty in DynamoDB: each an item of its agency's, and the chain of what was said about it.

`DC#<agency>` holds the changes, whose ids begin with the month of their first day; `VC#<agency>` the records. What is agreed stands once
more, without its reason, beside the sheets of each month that it concerns (`DP#<month>`): the query that knows these knows it too, so
that dispatch asks nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import msgspec
from msgspec import Raw, Struct
from msgspec.structs import replace

from ..domain.duty import Change
from ..domain.duty.change_history import Act, ChangeRecord, KeptChangeRecord, bare, sealed
from ..domain.versions import End, Entry
from . import counters
from .counters import CHANGE_RECORDS, Counters, Touched
from .duty_sheets import BESIDE, PUBLISHED
from .tables import RegistryItem, as_known
from .transactions import Transaction
from .versions import FIRST, Stamp

CHANGES = "DC#"
RECORDS = CHANGE_RECORDS
LABEL = "change"
# What of an agency's duty a word about a change touches that moves nobody: nothing that a process keeps in memory.
PART = "changes"


class KeptChange(NamedTuple):
    """A change as it was read: its item's version, 0 where there is none, and the end of its chain."""

    change: Change
    version: int = 0
    end: End = End()


class Writing(NamedTuple):
    """What is written of a change: what was said, by whom and why, and the counters that it was decided on."""

    act: Act
    stamp: Stamp
    at: Counters
    utc_offset_hours: int


def month_of(id_: str) -> str:
    """The month of a change's first day, with which its id begins."""
    return id_[:7]


def read(agency_id: str, id_: str) -> KeptChange | None:
    """A change as it stands, None if there is none."""
    found = RegistryItem.batch_get([(f"{CHANGES}{agency_id}", id_)], consistent_read=True)
    return next((_kept(item) for item in found), None)


def between(agency_id: str, first_month: str, last_month: str) -> list[Change]:
    """An agency's changes whose first day lies in some months, in the order of these."""
    within = RegistryItem.sk.between(first_month, f"{last_month}{FIRST}")
    found = RegistryItem.query(f"{CHANGES}{agency_id}", within, consistent_read=True)
    return [_kept(item).change for item in found]


def _kept(item: RegistryItem) -> KeptChange:
    return KeptChange(msgspec.json.decode(item.doc, type=Change), int(item.v), End.of(item.head))


def write(
    kept: KeptChange | None,
    change: Change,
    writing: Writing,
    more: Callable[[Transaction], None] | None = None,
) -> None:
    """Write a change with the record of what was said, the agency's counter and its log; `more` puts along what goes with it.

    ConditionFailed names `change` if somebody said something else meanwhile, `counter` if the registry or the agency's duty moved.
    """
    stamp, hours = writing.stamp, writing.utc_offset_hours
    version = kept.version if kept else 0
    transaction = Transaction()
    told = _told(change, writing, kept.end if kept else End())
    record = told.record
    head = End(record.seq, record.hash).text
    doc = msgspec.json.encode(change).decode()
    item = RegistryItem(pk=f"{CHANGES}{change.agency_id}", sk=change.id, v=version + 1, doc=doc, head=head)
    transaction.put(LABEL, item, as_known(version))
    link = msgspec.json.encode(told).decode()
    place = f"{change.id}{FIRST}{record.seq:08d}"
    transaction.put(
        "record",
        RegistryItem(pk=f"{RECORDS}{change.agency_id}", sk=place, doc=link),
        RegistryItem.pk.does_not_exist(),
    )
    before = months(kept.change, hours) if kept else set()
    after = months(change, hours)
    for month in sorted(after):
        transaction.put("counts", _beside(change, month, version + 1), None)
    for month in sorted(before - after):
        transaction.delete("counts", _beside(change, month, version), None)
    pk = f"{RECORDS}{change.agency_id}#{month_of(change.id)}"
    entry = Entry(seq=0, at=stamp.now, by=stamp.by, records={pk: [record.hash]})
    touched = Touched(set(), {change.agency_id: {PART, *before, *after}}, {counters.log_of(pk): entry})
    counters.raise_all(transaction, writing.at, touched, ())
    if more:
        more(transaction)
    transaction.commit()


def months(change: Change, utc_offset_hours: int) -> set[str]:
    """Beside the sheets of which months a change stands: of those that it concerns, while it counts."""
    return {day[:7] for day in change.days(utc_offset_hours)} if change.state == "agreed" else set()


def _beside(change: Change, month: str, version: int) -> RegistryItem:
    sk = f"{change.agency_id}{BESIDE}{change.id}"
    return RegistryItem(pk=f"{PUBLISHED}{month}", sk=sk, v=version, doc=bare(change))


def _told(change: Change, writing: Writing, end: End) -> KeptChangeRecord:
    stamp = writing.stamp
    record = ChangeRecord(
        seq=0,
        at=stamp.now,
        by=stamp.by,
        agency_id=change.agency_id,
        id=change.id,
        act=writing.act,
        change="",
        prev="",
    )
    why_salt = stamp.salt() if stamp.why else ""
    told = KeptChangeRecord(
        record=record, change=bare(change), salt=stamp.salt(), why=stamp.why, why_salt=why_salt
    )
    return sealed(record, end, told)


class _Stored(Struct):
    record: Raw


def read_link(item: RegistryItem) -> tuple[KeptChangeRecord, str]:
    """A record, and the JSON in which it is a link of its chain."""
    link = bytes(msgspec.json.decode(item.doc, type=_Stored).record).decode()
    return msgspec.json.decode(item.doc, type=KeptChangeRecord), link


def records(agency_id: str, id_: str) -> list[KeptChangeRecord]:
    """What was said about a change, in its order."""
    return [read_link(item)[0] for item in _records(agency_id, id_)]


def _records(agency_id: str, id_: str) -> Iterable[RegistryItem]:
    start = RegistryItem.sk.startswith(f"{id_}{FIRST}")
    return RegistryItem.query(f"{RECORDS}{agency_id}", start, consistent_read=True)


def forget_why(kept: KeptChange, writing: Writing) -> None:
    """Erase why a change was asked for, and all that was said about it in words; that it was is one more record."""

    def blank(transaction: Transaction) -> None:
        for item in _records(kept.change.agency_id, kept.change.id):
            told, link = read_link(item)
            if told.why_salt:
                # The record stays as it is stored: its hash is over that.
                left = {
                    **msgspec.to_builtins(told),
                    "record": Raw(link.encode()),
                    "why": "",
                    "why_salt": "",
                }
                doc = msgspec.json.encode(left).decode()
                transaction.put(
                    "erased",
                    RegistryItem(pk=item.pk, sk=item.sk, v=int(item.v) + 1, doc=doc),
                    RegistryItem.v == item.v,
                )

    write(kept, replace(kept.change, why=""), writing, blank)
