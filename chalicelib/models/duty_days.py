"""Frozen days of duty: `DF#<agency>`, a local day each, named by the log at the agency's counter."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ..domain.duty.frozen import FrozenDay
from ..domain.versions import Entry
from . import counters
from .counters import FROZEN, Touched
from .tables import RegistryItem
from .transactions import Transaction

LABEL = "day"
# What of an agency's duty a frozen day touches: nothing that anybody keeps in memory.
PART = "frozen"


class LastFrozen:
    """The last local day of which this process knows that all agencies' duty is frozen."""

    def __init__(self) -> None:
        self.day = ""


def read(keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], FrozenDay]:
    """Those of some agencies' days that are frozen."""
    wanted = [(f"{FROZEN}{agency_id}", day) for agency_id, day in keys]
    found = RegistryItem.batch_get(wanted, consistent_read=True) if wanted else ()
    return {
        (item.pk.removeprefix(FROZEN), item.sk): msgspec.json.decode(item.doc, type=FrozenDay)
        for item in found
    }


def write(kept: FrozenDay, by: str) -> None:
    """Keep a frozen day, named by its agency's log; ConditionFailed names `day` if it was frozen before."""
    record = kept.record
    transaction = Transaction()
    doc = msgspec.json.encode(kept).decode()
    item = RegistryItem(pk=f"{FROZEN}{record.agency_id}", sk=record.day, v=1, doc=doc)
    transaction.put(LABEL, item, RegistryItem.pk.does_not_exist())
    pk = f"{FROZEN}{record.agency_id}#{record.day}"
    entry = Entry(seq=0, at=record.at, by=by, records={pk: [record.hash]})
    touched = Touched(set(), {record.agency_id: {PART}}, {counters.log_of(pk): entry})
    counters.raise_all(transaction, counters.read(), touched, ())
    transaction.commit()
