"""The records of the registry's versions in DynamoDB, beside the things that they tell of, and the logs that name them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import msgspec
from msgspec import Raw, Struct
from msgspec.structs import replace

from ..domain.versions import End, Entry, KeptVersion, VersionRecord, change_of, linked, sealed
from .conflicts import ConditionFailed
from .tables import RegistryItem
from .transactions import Transaction

LABEL = "record"
LOGS = "L#"
FIRST = "~"


class Stamp(NamedTuple):
    """By whom, when and why the registry is written; `salt` makes a new one.

    `put_back`: of which version a thing gets the value again, by its item's sort key. `about`: the one whose reason it is, where
    other things are written along; '' for all.
    """

    now: str
    by: str
    salt: Callable[[], str]
    why: str = ""
    import_id: str = ""
    put_back: Mapping[str, int] = MappingProxyType({})
    about: str = ""


class Thing(NamedTuple):
    """One thing's item as it is to be written or, if it is `gone`, deleted, and the version it replaces."""

    noun: str
    id: str
    item: RegistryItem
    known: int | None
    gone: bool = False


class Place(NamedTuple):
    """Where the chain of an item's thing stands: a partition, and how its records' keys begin."""

    pk: str
    prefix: str


def place_of(pk: str, sk: str) -> Place:
    return Place(f"V#{pk}", f"{sk}{FIRST}")


def record_things(
    transaction: Transaction, stamp: Stamp, things: Iterable[Thing], *, past: bool
) -> dict[str, list[str]]:
    """Put each thing's record into the transaction, set its item's version and head; the records' hashes by partition.

    `past`: also what is new may have a history, of a thing that was removed; without it that is met as ConditionFailed of the
    record alone. ConditionFailed of the item where it is not the version that is to be replaced.
    """
    things = list(things)
    keys = [(thing.item.pk, thing.item.sk) for thing in things]
    found = RegistryItem.batch_get(keys, consistent_read=True) if keys else ()
    standing = {(item.pk, item.sk): item for item in found}
    hashes: dict[str, list[str]] = {}
    for thing in things:
        stood = standing.get((thing.item.pk, thing.item.sk))
        if (int(stood.v) if stood else None) != thing.known:
            raise ConditionFailed(frozenset({"item"}))
        for kept in _links(stamp, thing, stood, past=past):
            hashes.setdefault(thing.item.pk, []).append(kept.record.hash)
            transaction.put(
                LABEL, _item(thing.item.pk, thing.item.sk, kept), RegistryItem.pk.does_not_exist()
            )
            thing.item.v = kept.record.version
            thing.item.head = End(kept.record.seq, kept.record.hash).text
    return hashes


def _links(stamp: Stamp, thing: Thing, stood: RegistryItem | None, *, past: bool) -> Iterator[KeptVersion]:
    before = stood.doc if stood else ""
    end, version = End.of(stood.head if stood else ""), int(stood.v) if stood else 0
    if (stood and not end.seq) or (stood is None and past):
        last = last_of(thing.item.pk, thing.item.sk)
        if last:
            end = End(last.seq, last.hash)
        if stood and (last is None or last.version != version):
            found = VersionRecord(
                seq=0,
                at=stamp.now,
                by="",
                noun=thing.noun,
                id=thing.id,
                version=version,
                change="found",
                value="",
                why="",
                prev="",
            )
            kept = sealed(found, end, before, "", stamp.salt())
            end = End(kept.record.seq, kept.record.hash)
            yield kept
        version = version or (last.version if last else 0)
    after, of = "" if thing.gone else thing.item.doc, stamp.put_back.get(thing.item.sk)
    told = VersionRecord(
        seq=0,
        at=stamp.now,
        by=stamp.by,
        noun=thing.noun,
        id=thing.id,
        version=version + 1,
        change="put_back" if of else change_of(before, after),
        of=of,
        import_id=stamp.import_id,
        value="",
        why="",
        prev="",
    )
    why = stamp.why if stamp.about in ("", thing.item.sk) else ""
    yield sealed(told, end, after, why, stamp.salt())


def _item(pk: str, sk: str, kept: KeptVersion) -> RegistryItem:
    place = place_of(pk, sk)
    doc = msgspec.json.encode(kept).decode()
    return RegistryItem(pk=place.pk, sk=f"{place.prefix}{kept.record.seq:08d}", v=1, doc=doc)


def standing(key: tuple[str, str]) -> RegistryItem | None:
    """A thing's item as it stands, None if there is none."""
    return next(iter(RegistryItem.batch_get([key], consistent_read=True)), None)


def last_of(pk: str, sk: str) -> VersionRecord | None:
    """A thing's last record, None if it has none."""
    place = place_of(pk, sk)
    found = RegistryItem.query(
        place.pk,
        RegistryItem.sk.startswith(place.prefix),
        scan_index_forward=False,
        limit=1,
        consistent_read=True,
    )
    return next((msgspec.json.decode(item.doc, type=KeptVersion).record for item in found), None)


class _Stored(Struct):
    record: Raw


def read_link(item: RegistryItem) -> tuple[KeptVersion, str]:
    """A record, and the JSON in which it is a link of its chain."""
    link = bytes(msgspec.json.decode(item.doc, type=_Stored).record).decode()
    return msgspec.json.decode(item.doc, type=KeptVersion), link


def links(pk: str, sk: str) -> list[tuple[KeptVersion, str]]:
    """A thing's records in their order, each with the JSON in which it is a link of the chain."""
    place = place_of(pk, sk)
    found = RegistryItem.query(place.pk, RegistryItem.sk.startswith(place.prefix), consistent_read=True)
    return [read_link(item) for item in found]


class Held(NamedTuple):
    """A record as it stands in the table, and the JSON in which it is a link of its chain."""

    item: RegistryItem
    kept: KeptVersion
    link: str


def of_noun(noun: str) -> Iterator[Held]:
    """All records of a noun, each thing's in their order."""
    for item in RegistryItem.query("V#R", RegistryItem.sk.startswith(f"{noun}#")):
        yield Held(item, *read_link(item))


def again(found: Sequence[Held]) -> list[Held]:
    """Those of some records that are not erased by now, as they stand."""
    keys = [(held.item.pk, held.item.sk) for held in found]
    read = [Held(item, *read_link(item)) for item in RegistryItem.batch_get(keys, consistent_read=True)]
    return [held for held in read if not held.kept.erased]


def blank(transaction: Transaction, held: Held) -> None:
    """Put a record without what stands beside it into the transaction."""
    erased = {"record": Raw(held.link.encode()), **dict.fromkeys(("value", "why", "salt"), "")}
    doc = msgspec.json.encode(erased).decode()
    item = RegistryItem(pk=held.item.pk, sk=held.item.sk, v=int(held.item.v) + 1, doc=doc)
    transaction.put("erased", item, RegistryItem.v == held.item.v)


def log_pk(name: str) -> str:
    return LOGS + name


def log(transaction: Transaction, name: str, head: str, entry: Entry) -> str:
    """Put an entry at the end of a log into the transaction; the log's new head, for the counter at which it stands."""
    end = End.of(head) if head else _log_end(name)
    entry = linked(replace(entry, unrecorded=not head and end.seq > 0), end)
    doc = msgspec.json.encode(entry).decode()
    item = RegistryItem(pk=log_pk(name), sk=f"{FIRST}{entry.seq:08d}", v=1, doc=doc)
    transaction.put("log", item, RegistryItem.pk.does_not_exist())
    return End(entry.seq, entry.hash).text


def _log_end(name: str) -> End:
    """The end of a log by itself: an older release that raised the counter has dropped what it said of it."""
    found = RegistryItem.query(log_pk(name), scan_index_forward=False, limit=1, consistent_read=True)
    last = next((msgspec.json.decode(item.doc, type=Entry) for item in found), None)
    return End(last.seq, last.hash) if last else End()


def last_entry_by(name: str, by: str, most: int) -> str | None:
    """When somebody last wrote into a log, of its last so many entries."""
    found = RegistryItem.query(log_pk(name), scan_index_forward=False, limit=most, consistent_read=True)
    entries = (msgspec.json.decode(item.doc, type=Entry) for item in found)
    return next((entry.at for entry in entries if entry.by == by), None)
