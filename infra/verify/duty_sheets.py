"""Month sheets: every change of a draft from an empty sheet to the one that stands, and that what counts is what was published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec

from chalicelib.domain import chain, duty
from chalicelib.domain.duty import Stretch
from chalicelib.domain.duty.editing import Edits, edited
from chalicelib.domain.duty.frozen import FrozenDay
from chalicelib.domain.duty.history import Draft, KeptRecord, rows_text
from chalicelib.domain.duty.sheet import Row, Sheet
from chalicelib.domain.events import digest
from chalicelib.domain.versions import End
from chalicelib.models import duty_sheets as store
from chalicelib.models.counters import FROZEN
from chalicelib.models.tables import RegistryItem
from chalicelib.models.versions import FIRST
from infra.verify.duty_changes import Changes
from infra.verify.table import HOURS

# An agency and a month.
Key = tuple[str, str]


@dataclass
class Sheets:
    """The sheets as a scan met them."""

    drafts: dict[Key, RegistryItem] = field(default_factory=dict)
    published: dict[Key, RegistryItem] = field(default_factory=dict)
    records: dict[Key, list[RegistryItem]] = field(default_factory=dict)
    days: dict[Key, RegistryItem] = field(default_factory=dict)
    changes: Changes = field(default_factory=Changes)

    def take(self, item: RegistryItem) -> bool:
        """Take an item in, if it is of a sheet or of a change to one."""
        if self.changes.take(item):
            return True
        if item.pk.startswith(store.DRAFTS):
            self.drafts[item.pk.removeprefix(store.DRAFTS), item.sk] = item
        elif item.pk.startswith(store.PUBLISHED):
            self.published[item.sk, item.pk.removeprefix(store.PUBLISHED)] = item
        elif item.pk.startswith(store.RECORDS):
            month = item.sk.partition(FIRST)[0]
            self.records.setdefault((item.pk.removeprefix(store.RECORDS), month), []).append(item)
        elif item.pk.startswith(FROZEN):
            self.days[item.pk.removeprefix(FROZEN), item.sk] = item
        else:
            return False
        return True


class Found(NamedTuple):
    """What does not hold, the hashes of all records, and of those that a log must name."""

    findings: list[str]
    hashes: set[str]
    logged: set[str]


def check(sheets: Sheets) -> Found:
    """Walk the chain of every sheet."""
    found = Found([], set(), set())
    for key in sorted(sheets.drafts.keys() | sheets.published.keys() | sheets.records.keys()):
        name = f"the sheet of {key[0]} for {key[1]}"
        items = sorted(sheets.records.get(key, ()), key=lambda item: item.sk)
        try:
            links = [store.read_link(item) for item in items]
        except ValueError as error:
            found.findings.append(f"{name}: its records cannot be read: {error}")
            continue
        kept = [each for each, _ in links]
        found.hashes.update(each.record.hash for each in kept)
        found.logged.update(each.record.hash for each in kept if each.record.change == "published")
        draft = sheets.drafts.get(key)
        end = End.of(draft.head if draft is not None else "")
        if broken := chain.first_broken([link for _, link in links], end.hash, end.seq):
            found.findings.append(f"{name}: record {broken[0]} {broken[1]}")
        problems = (*_told(key, kept), *_draft(draft, kept), *_published(sheets.published.get(key), kept))
        found.findings.extend(f"{name}: {why}" for why in problems)
    for key, item in sorted(sheets.days.items()):
        _day(key, item, sheets, found)
    return found


def _day(key: Key, item: RegistryItem, sheets: Sheets, found: Found) -> None:
    """Whether a day stands as it was frozen, and what was published for it has not changed since."""
    name = f"the duty of {key[0]} on {key[1]}"
    try:
        kept = msgspec.json.decode(item.doc, type=FrozenDay)
    except ValueError as error:
        found.findings.append(f"{name} cannot be read: {error}")
        return
    found.hashes.add(kept.record.hash)
    found.logged.add(kept.record.hash)
    if not kept.holds or (kept.record.agency_id, kept.record.day) != key:
        found.findings.append(f"{name} is not what was frozen when it began")
        return
    if _published_for(key, sheets, kept.record.known_at) not in (None, list(kept.stretches)):
        found.findings.append(f"{name} was published otherwise after it had begun, or changed so")


def _published_for(key: Key, sheets: Sheets, known_at: str) -> list[Stretch] | None:
    """A day's duty by what is published of it and the changes that were agreed when it began; None where a pattern has a part in it,
    or another day that has not begun, of which another sheet may be published yet.
    """
    agency_id, day = key
    changes = duty.counting(sheets.changes.counting(agency_id), known_at)
    days = duty.linked(changes, day)
    shown = {each[:7]: sheets.published.get((agency_id, each[:7])) for each in days}
    read = {
        month: msgspec.json.decode(item.doc, type=Sheet) for month, item in shown.items() if item is not None
    }
    if not all(each[:7] in read and read[each[:7]].covers(each) for each in days):
        return None
    if any(each > day and (agency_id, each) not in sheets.days for each in days):
        return None
    roster = duty.Roster(
        agency_id=agency_id,
        utc_offset_hours=HOURS,
        codes={},
        crews={},
        patterns=(),
        sheets=read,
        changes=changes,
    )
    return duty.of_day(roster, day, known_at)


def _told(key: Key, kept: list[KeptRecord]) -> Iterator[str]:
    """Whether each record tells of this sheet, and what is written beside it leads to what stood after it."""
    rows: list[Row] | None = []
    for each in kept:
        record = each.record
        if (record.agency_id, record.month) != key:
            yield f"record {record.seq} tells of {record.agency_id} {record.month}"
        if not each.salt:
            # A sheet goes whole, with the last day of its month: nothing of it is erased before.
            yield f"what stood beside record {record.seq} is gone, and nothing erases it"
            rows = None
            continue
        beside = ((each.edits, record.edits), (each.why, record.why))
        if any((digest(each.salt, text) if text else "") != told for text, told in beside):
            yield f"what stands beside record {record.seq} is not what it was"
            rows = None
        if rows is None:
            continue
        edits = msgspec.json.decode(each.edits, type=Edits) if each.edits else Edits()
        rows = edited(rows, edits, record.month).rows
        if digest(each.salt, rows_text(tuple(rows))) != record.rows:
            yield f"what record {record.seq} wrote does not make what stood after it"
            rows = None


def _draft(item: RegistryItem | None, kept: list[KeptRecord]) -> Iterator[str]:
    if item is None:
        yield "its draft is gone"
        return
    if not kept:
        yield "it has no records"
        return
    last = kept[-1]
    rows = msgspec.json.decode(item.doc, type=Draft).rows
    if digest(last.salt, rows_text(rows)) != last.record.rows:
        yield f"its draft is not what record {last.record.seq} says: it was changed by hand"


def _published(item: RegistryItem | None, kept: list[KeptRecord]) -> Iterator[str]:
    told = [each for each in kept if each.record.change == "published"]
    if item is None:
        if told:
            yield "what was published is gone"
        return
    if not told:
        yield "it counts, and nobody published it"
    elif int(item.v) != len(told):
        yield f"it was published {len(told)} times, and is version {item.v}"
    elif digest(told[-1].salt, item.doc) != told[-1].record.sheet:
        yield f"what counts is not what record {told[-1].record.seq} published: it was changed by hand"
