"""Changes of duty: every word about each from the first, and that what counts is what was agreed, in each month that it concerns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from chalicelib.domain import chain
from chalicelib.domain.duty import Change
from chalicelib.domain.duty.change_history import KeptChangeRecord, bare
from chalicelib.domain.events import digest
from chalicelib.domain.versions import End
from chalicelib.models import duty_changes as store
from chalicelib.models.duty_sheets import BESIDE, PUBLISHED
from chalicelib.models.tables import RegistryItem
from chalicelib.models.versions import FIRST
from infra.verify.table import HOURS

# An agency and a change's id.
Key = tuple[str, str]


@dataclass
class Changes:
    """The changes as a scan met them; `beside` are those that count, by month."""

    standing: dict[Key, RegistryItem] = field(default_factory=dict)
    records: dict[Key, list[RegistryItem]] = field(default_factory=dict)
    beside: dict[Key, dict[str, RegistryItem]] = field(default_factory=dict)

    def take(self, item: RegistryItem) -> bool:
        """Take an item in, if it is of a change."""
        if item.pk.startswith(store.CHANGES):
            self.standing[item.pk.removeprefix(store.CHANGES), item.sk] = item
        elif item.pk.startswith(store.RECORDS):
            id_ = item.sk.rpartition(FIRST)[0]
            self.records.setdefault((item.pk.removeprefix(store.RECORDS), id_), []).append(item)
        elif item.pk.startswith(PUBLISHED) and BESIDE in item.sk:
            agency_id, _, id_ = item.sk.partition(BESIDE)
            self.beside.setdefault((agency_id, id_), {})[item.pk.removeprefix(PUBLISHED)] = item
        else:
            return False
        return True

    def counting(self, agency_id: str) -> list[Change]:
        """An agency's changes that count, each once."""
        return [
            msgspec.json.decode(next(iter(months.values())).doc, type=Change)
            for (own, _), months in sorted(self.beside.items())
            if own == agency_id
        ]


def check(changes: Changes, erased: set[str]) -> tuple[list[str], set[str]]:
    """Walk the chain of every change: what does not hold, and the hashes of all records, which a log must name.

    `erased` are the partitions, by agency and month, whose records retention has taken away.
    """
    findings: list[str] = []
    hashes: set[str] = set()
    for key in sorted(changes.standing.keys() | changes.records.keys() | changes.beside.keys()):
        if f"{store.RECORDS}{key[0]}#{store.month_of(key[1])}" in erased:
            continue
        items = sorted(changes.records.get(key, ()), key=lambda item: item.sk)
        try:
            links = [store.read_link(item) for item in items]
            item = changes.standing.get(key)
            stands = msgspec.json.decode(item.doc, type=Change) if item is not None else None
        except ValueError as error:
            findings.append(f"the change {key[1]} of {key[0]} cannot be read: {error}")
            continue
        kept = [each for each, _ in links]
        hashes.update(each.record.hash for each in kept)
        end = End.of(item.head if item is not None else "")
        problems = [
            *_told(key, kept),
            *_standing(stands, kept),
            *_beside(stands, changes.beside.get(key, {})),
        ]
        if broken := chain.first_broken([link for _, link in links], end.hash, end.seq):
            problems.insert(0, f"record {broken[0]} {broken[1]}")
        findings += [f"the change {key[1]} of {key[0]}: {why}" for why in problems]
    return findings, hashes


def _told(key: Key, kept: list[KeptChangeRecord]) -> Iterator[str]:
    forgotten = max((each.record.seq for each in kept if each.record.act == "forgot_why"), default=0)
    for each in kept:
        record = each.record
        if (record.agency_id, record.id) != key:
            yield f"record {record.seq} tells of {record.agency_id} {record.id}"
        if not each.holds:
            yield f"what stands beside record {record.seq} is not what it was"
        if record.why and not each.why_salt and record.seq > forgotten:
            yield f"the reason of record {record.seq} is gone, and nobody erased it"


def _standing(stands: Change | None, kept: list[KeptChangeRecord]) -> Iterator[str]:
    if stands is None:
        yield "it is gone"
        return
    if not kept:
        yield "it has no records"
        return
    if digest(kept[-1].salt, bare(stands)) != kept[-1].record.change:
        yield f"it is not what record {kept[-1].record.seq} says: it was changed by hand"
    first = kept[0]
    if stands.why != first.why:
        yield "its reason is not the one that was given"


def _beside(stands: Change | None, beside: dict[str, RegistryItem]) -> Iterator[str]:
    wanted = store.months(stands, HOURS) if stands else set()
    for month in sorted(wanted - beside.keys()):
        yield f"it was agreed, and does not count in {month}"
    for month in sorted(beside.keys() - wanted):
        yield f"it counts in {month}, and nobody agreed to it"
    for month in sorted(wanted & beside.keys()):
        if stands and beside[month].doc != bare(stands):
            yield f"what counts in {month} is not what was agreed: it was changed by hand"
