"""What came of ringing somebody back whose call opened no incident: a chain of records for each day of such calls.

They stand apart from the day's calls, in which an older release that reads them would take a record for a call.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from ..domain.chain import hash_of
from . import keys
from .keys import Key
from .tables import IncidentItem, as_known
from .transactions import Transaction

Result = Literal["reached", "not_reached", "incident"]


class RingBacksEnd(Struct, frozen=True, kw_only=True):
    """The end of a day's chain, and when it was written."""

    seq: int = 0
    hash: str = ""
    at: str = ""


class RingBack(Struct, frozen=True, kw_only=True):
    """One link: who rang the caller of a call back and what came of it; `incident` is the one that it became.

    `hash` is over its stored JSON (domain/chain.py).
    """

    seq: int
    at: str
    by: str
    call: str
    result: Result
    incident: str = ""
    prev: str = ""
    hash: str = ""


def pk_of(day: str) -> str:
    return f"B#{day}"


def head(day: str) -> tuple[RingBacksEnd, int]:
    """The end of a day's chain and its item's version, 0 before anybody was rung back."""
    try:
        item = IncidentItem.get(pk_of(day), "#", consistent_read=True)
    except IncidentItem.DoesNotExist:
        return RingBacksEnd(), 0
    return msgspec.json.decode(item.doc, type=RingBacksEnd), int(item.v)


def heads(days: Iterable[str]) -> dict[str, RingBacksEnd]:
    """The ends of those of some days' chains that there are, by day; one read for a hundred."""
    found = IncidentItem.batch_get([(pk_of(day), "#") for day in days], consistent_read=True)
    return {item.pk[2:]: msgspec.json.decode(item.doc, type=RingBacksEnd) for item in found}


def add(day: str, known: RingBacksEnd, version: int, made: RingBack, key: Key | None) -> None:
    """Chain a record behind the head that was read; ConditionFailed if somebody else was first."""
    made = replace(made, seq=known.seq + 1, prev=known.hash)
    made = replace(made, hash=hash_of(_json(made)))
    transaction = Transaction()
    last = RingBacksEnd(seq=made.seq, hash=made.hash, at=made.at)
    end = IncidentItem(pk=pk_of(day), sk="#", v=version + 1, doc=_json(last))
    transaction.put("#", end, as_known(version))
    item = IncidentItem(pk=pk_of(day), sk=f"~{made.seq:08d}", v=1, doc=_json(made))
    transaction.put("record", item, IncidentItem.pk.does_not_exist())
    if key:
        keys.add_to(transaction, key, {"call": made.call, "day": day}, made.at)
    transaction.commit()


def links(day: str) -> Iterator[tuple[RingBack, str]]:
    """A day's records in their order, each with the JSON in which it is a link of the chain."""
    for item in IncidentItem.query(pk_of(day), IncidentItem.sk > "~", consistent_read=True):
        yield msgspec.json.decode(item.doc, type=RingBack), item.doc


def of_day(day: str) -> list[RingBack]:
    """Whom of a day's calls somebody rang back, in order."""
    return [made for made, _ in links(day)]


def _json(value: Struct) -> str:
    return msgspec.json.encode(value).decode()
