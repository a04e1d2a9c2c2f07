"""Writes to the registry: what is written, its record and the counters of what changed, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from ..domain.blocking import Block
from ..domain.versions import Entry
from . import counters, versions
from .conflicts import ConditionFailed
from .counters import Counters, Touched
from .registry import BLOCKS, NOUN_PK, shift_pk
from .tables import RegistryItem, as_known
from .transactions import Transaction
from .versions import Held, Stamp, Thing

# What of the nouns' counter an erasure of their history touches: nothing that anybody keeps in memory.
HISTORY = "history"

Item = RegistryItem
# What is put or deleted, with the version that it replaces; None for what is new.
ToPut = tuple[Item, int | None]
ToDelete = tuple[Item, int]


def item_of(noun: str, value: Any, day: str = "") -> RegistryItem:
    """The item of a noun; a shift stands under its agency and the local day on which it begins."""
    doc = msgspec.json.encode(value).decode()
    if noun == "shifts":
        return RegistryItem(pk=shift_pk(value.agency_id, day), sk=value.id, v=1, doc=doc)
    return RegistryItem(pk=NOUN_PK, sk=f"{noun}#{value.id}", v=1, doc=doc)


def block_item(block: Block) -> RegistryItem:
    """The item of a blocked number."""
    return RegistryItem(pk=NOUN_PK, sk=f"{BLOCKS}#{block.id}", v=1, doc=msgspec.json.encode(block).decode())


def block_history_item(block: Block, by: str, place: str) -> RegistryItem:
    """Who blocked or unblocked a number, when and how, without the number: the block's id is its keyed hash."""
    record = {"by": by, "lifted": block.lifted_at is not None, "until": block.until, "times": block.times}
    return RegistryItem(pk=f"H#block#{block.id}", sk=place, doc=msgspec.json.encode(record).decode())


def write(
    items: Iterable[ToPut],
    deletes: Iterable[ToDelete] = (),
    at: Counters | None = None,
    relies_on: Iterable[str] = (),
    *,
    stamp: Stamp | None,
) -> Counters:
    """Write registry items with the record of each, and raise the counters of what they are, all in one transaction.

    Each item comes with the version that it replaces; `stamp` says who writes and why, None for blocked numbers, whose history is
    their own. `at` are the counters of the registry that they were checked against, None for things that need no check;
    `relies_on` the agencies whose duty was looked at besides. Returns the counters as they stand then. ConditionFailed names
    `item` when somebody else changed it, `counter` when what it was checked against moved meanwhile.
    """
    puts, gone = list(items), list(deletes)
    known = counters.read() if at is None else at
    try:
        return _write(puts, gone, known, relies_on, stamp)
    except ConditionFailed as failed:
        if failed.labels != {versions.LABEL}:
            raise
    # What is new was there before and was removed: its history goes on.
    return _write(puts, gone, known, relies_on, stamp, past=True)


def _write(
    puts: list[ToPut],
    gone: list[ToDelete],
    known: Counters,
    relies_on: Iterable[str],
    stamp: Stamp | None,
    *,
    past: bool = False,
) -> Counters:
    transaction = Transaction()
    touched = Touched(set(), {}, {})
    things = [*(_things(puts)), *(each._replace(gone=True) for each in _things(gone))]
    if things and stamp is None:
        raise ValueError("who writes the registry must be said")
    for item, version in puts:
        item.v = (version or 0) + 1
        _touch(touched, item)
    for item, _ in gone:
        _touch(touched, item)
    if stamp:
        hashes = versions.record_things(transaction, stamp, things, past=past)
        touched.logged.update(_entries(stamp, hashes))
    for item, version in puts:
        transaction.put("item", item, as_known(version or 0))
    for item, version in gone:
        transaction.delete("item", item, RegistryItem.v == version)
    after = counters.raise_all(transaction, known, touched, relies_on)
    transaction.commit()
    return after


def erase_values(found: Sequence[Held], stamp: Stamp, request: int | None) -> None:
    """Erase what stands beside some nouns' records, and say so in their log; ConditionFailed if one was erased meanwhile."""
    transaction = Transaction()
    for held in found:
        versions.blank(transaction, held)
    hashes = [held.kept.record.hash for held in found]
    entry = Entry(seq=0, at=stamp.now, by=stamp.by, erased=hashes, request=request)
    counters.raise_all(transaction, counters.read(), Touched({HISTORY}, {}, {"nouns": entry}), ())
    transaction.commit()


def forget_roster(agency_id: str, day: str, stamp: Stamp) -> None:
    """Say in an agency's log that a day's shifts and their records go, before they do."""
    pk = shift_pk(agency_id, day)
    entry = Entry(seq=0, at=stamp.now, by=stamp.by, day=pk)
    touched = Touched(set(), {agency_id: {day}}, {counters.log_of(pk): entry})
    transaction = Transaction()
    counters.raise_all(transaction, counters.read(), touched, ())
    transaction.commit()


def _things(items: Iterable[tuple[Item, int | None]]) -> Iterator[Thing]:
    """Of what is written, the things of which each version is recorded."""
    for item, known in items:
        if item.pk.startswith(counters.SHIFTS):
            yield Thing("shifts", item.sk, item, known)
        elif item.pk == NOUN_PK:
            noun, _, id_ = item.sk.partition("#")
            if noun != BLOCKS:
                yield Thing(noun, id_, item, known)


def _entries(stamp: Stamp, hashes: Mapping[str, list[str]]) -> dict[str, Entry]:
    """What each log says of the records that a transaction writes."""
    found: dict[str, Entry] = {}
    for pk, those in hashes.items():
        entry = found.setdefault(counters.log_of(pk), Entry(seq=0, at=stamp.now, by=stamp.by))
        entry.records[pk] = those
    return found


def _touch(touched: Touched, item: RegistryItem) -> None:
    if item.pk == NOUN_PK:
        touched.nouns.add(item.sk.partition("#")[0])
    elif item.pk.startswith(counters.SHIFTS):
        agency_id, _, day = item.pk.removeprefix(counters.SHIFTS).rpartition("#")
        touched.duty.setdefault(agency_id, set()).add(day)


def stands(items: Iterable[ToPut], deletes: Iterable[ToDelete] = ()) -> bool:
    """Whether the table already holds exactly what `write` was to leave there."""
    keys = [(item.pk, item.sk) for item, _ in [*items, *deletes]]
    found = {
        (item.pk, item.sk): (int(item.v), item.doc)
        for item in RegistryItem.batch_get(keys, consistent_read=True)
    }
    written = {(item.pk, item.sk): ((known or 0) + 1, item.doc) for item, known in items}
    return found == written
