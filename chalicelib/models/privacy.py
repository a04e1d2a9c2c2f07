"""Who looked up or erased whose data: a chain of records of its own, beside the incidents'; and where a number stands."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Raw, Struct
from msgspec.structs import replace

from ..domain.chain import hash_of
from .tables import IncidentItem, RegistryItem, as_known
from .transactions import Transaction

PK = "PRIVACY"
# Read on the way to one answer: a request must be answered within API Gateway's 29 s.
PAGE_ITEMS = 1000


class Record(Struct, frozen=True, kw_only=True):
    """One link: `subject` is the number's keyed hash or the day that was shown, `reason` the salted digest of the text that stands beside it.

    `hash` is over its stored JSON (domain/chain.py).
    """

    seq: int
    at: str
    by: str
    action: str
    subject: str
    reason: str
    prev: str
    hash: str = ""


class Kept(Struct, frozen=True, kw_only=True):
    """A record with its reason in words, and the salt that seals it."""

    record: Record
    reason: str
    salt: str


class Head(Struct, frozen=True, kw_only=True):
    """The end of the chain."""

    seq: int = 0
    hash: str = ""


def head() -> tuple[Head, int]:
    """The end of the chain and its item's version, 0 before there is any record."""
    try:
        item = IncidentItem.get(PK, "#", consistent_read=True)
    except IncidentItem.DoesNotExist:
        return Head(), 0
    return msgspec.json.decode(item.doc, type=Head), int(item.v)


def add(known: Head, version: int, kept: Kept) -> Record:
    """Chain a record behind the head that was read; ConditionFailed if somebody else was first."""
    record = replace(kept.record, seq=known.seq + 1, prev=known.hash)
    record = replace(record, hash=hash_of(_json(record)))
    transaction = Transaction()
    end = IncidentItem(pk=PK, sk="#", v=version + 1, doc=_json(Head(seq=record.seq, hash=record.hash)))
    transaction.put("#", end, as_known(version))
    item = IncidentItem(pk=PK, sk=f"~{record.seq:08d}", v=1, doc=_json(replace(kept, record=record)))
    transaction.put("record", item, IncidentItem.pk.does_not_exist())
    transaction.commit()
    return record


class _Stored(Struct):
    record: Raw


def records() -> Iterator[Kept]:
    """All records in their order."""
    return (kept for kept, _ in links())


def links() -> Iterator[tuple[Kept, str]]:
    """All records in their order, each with the JSON in which it is a link of the chain."""
    for item in IncidentItem.query(PK, IncidentItem.sk > "~", consistent_read=True):
        link = bytes(msgspec.json.decode(item.doc, type=_Stored).record).decode()
        yield msgspec.json.decode(item.doc, type=Kept), link


class Part(Struct, kw_only=True):
    """Where a part of the table holds a text: incidents, and days whose loose calls do; `next` is None at the end."""

    incidents: set[str]
    days: set[str]
    next: str | None


def part_with(text: str, after: str | None) -> Part:
    """Look for a text in the next thousand or so items after a place; ValueError for a place that was never given."""
    key = _place(after) if after else None
    found = IncidentItem.scan(
        IncidentItem.doc.contains(text),
        page_size=PAGE_ITEMS,
        last_evaluated_key=key,
        attributes_to_get=["pk"],
        consistent_read=True,
    )
    page: dict[str, Any] = next(found.page_iter, {"Items": []})
    part = Part(incidents=set(), days=set(), next=None)
    for raw in page["Items"]:
        kind, _, id_ = raw["pk"]["S"].partition("#")
        if kind in ("I", "D"):
            (part.incidents if kind == "I" else part.days).add(id_)
    last = found.page_iter.last_evaluated_key
    if last:
        part.next = base64.urlsafe_b64encode(f"{last['pk']['S']}\n{last['sk']['S']}".encode()).decode()
    return part


class BlockStep(Struct, frozen=True, kw_only=True):
    """Somebody blocked or unblocked a number."""

    at: str
    by: str
    lifted: bool


def block_history(block_id: str) -> list[BlockStep]:
    """Who blocked and unblocked a number and when, oldest first."""
    found = RegistryItem.query(f"H#block#{block_id}", consistent_read=True)
    return [_block_step(item.sk.partition("#")[0], msgspec.json.decode(item.doc)) for item in found]


def _block_step(at: str, doc: dict[str, Any]) -> BlockStep:
    return BlockStep(at=at, by=doc["by"], lifted=doc["lifted"])


def _place(after: str) -> dict[str, dict[str, Any]]:
    try:
        pk, _, sk = base64.urlsafe_b64decode(after).decode().partition("\n")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ValueError("no place") from error
    if not pk or not sk:
        raise ValueError("no place")
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def _json(value: Struct) -> str:
    return msgspec.json.encode(value).decode()
