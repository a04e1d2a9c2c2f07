"""What of the registry changed: a counter for the nouns, which knows each noun's last change, and one for each agency's duty.

All stand together and are read by one small query. `!version` counts every change besides: releases before 0.5.0 know it alone,
and what raised it without raising another was written by one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from ..domain.versions import End, Entry
from . import versions
from .tables import RegistryItem, as_known
from .transactions import Transaction

LIVE = "LIVE"
TOTAL = "!version"
NOUNS = f"{TOTAL}#nouns"
DUTY = f"{TOTAL}#duty#"
# Of how many parts, a noun or a day, a counter remembers when each changed; what it forgot counts as changed since.
PARTS_MOST = 60
LABEL = "counter"
# How the partitions of shifts begin.
SHIFTS = "S#"
# How those of the records of sheets begin.
SHEET_RECORDS = "VD#"
# How those of the records of changes of duty.
CHANGE_RECORDS = "VC#"
# How those of days of duty as they were known when they began.
FROZEN = "DF#"


class Counter(Struct, frozen=True, kw_only=True):
    """How often something changed, and at which of these times each of its parts did, as far as it remembers.

    `head` is the end of the log of all records of it (models/versions.py), '' where an older release wrote it.
    """

    v: int = 0
    parts: Mapping[str, int] = field(default_factory=dict)
    head: str = ""

    def changed_since(self, part: str, v: int) -> bool:
        """Whether a part may have changed after the counter stood at `v`."""
        forgotten = min(self.parts.values()) if len(self.parts) >= PARTS_MOST else 0
        return self.parts.get(part, forgotten) > v

    def raised(self, parts: Iterable[str]) -> Counter:
        """The counter after one more change, of these parts."""
        known = {**self.parts, **dict.fromkeys(parts, self.v + 1)}
        newest = sorted(known, key=lambda part: -known[part])[:PARTS_MOST]
        return replace(self, v=self.v + 1, parts={part: known[part] for part in newest})


class Counters(Struct, frozen=True, kw_only=True):
    """All counters as they were read together."""

    total: int = 0
    nouns: Counter = Counter()
    duty: Mapping[str, Counter] = field(default_factory=dict)

    @property
    def unexplained(self) -> int:
        """How often an older release changed something; it does not say what."""
        return self.total - self.nouns.v - sum(each.v for each in self.duty.values())

    def of_agency(self, agency_id: str) -> Counter:
        return self.duty.get(agency_id, Counter())


class Touched(NamedTuple):
    """What a change touches: nouns by name, and agencies with the local days on which shifts begin; `logged`: what logs say of it."""

    nouns: set[str]
    duty: dict[str, set[str]]
    logged: dict[str, Entry]


def read() -> Counters:
    """The counters as they stand now, strongly consistent, by one query."""
    return of_items(RegistryItem.query(LIVE, RegistryItem.sk.startswith(TOTAL), consistent_read=True))


def logs() -> dict[str, End]:
    """Where the logs of the registry's records end, by name: however much was changed, there is one a counter."""
    known = read()
    found = {"nouns": known.nouns, **{f"duty#{id_}": each for id_, each in sorted(known.duty.items())}}
    return {name: End.of(each.head) for name, each in found.items() if each.head}


def of_items(items: Iterable[RegistryItem]) -> Counters:
    """The counters among what stands with them."""
    total, nouns, duty = 0, Counter(), {}
    for item in items:
        if item.sk == TOTAL:
            total = int(item.v)
        elif item.sk == NOUNS:
            nouns = _decode(item)
        elif item.sk.startswith(DUTY):
            duty[item.sk.removeprefix(DUTY)] = _decode(item)
    return Counters(total=total, nouns=nouns, duty=duty)


def raise_all(
    transaction: Transaction, known: Counters, touched: Touched, relies_on: Iterable[str]
) -> Counters:
    """Raise the counters of what a change touches, each from what it was known to be; the counters as they stand then.

    The change was decided on the nouns, and on the duty of the agencies that it `relies_on`: it fails if those moved meanwhile.
    """
    nouns, duty = known.nouns, dict(known.duty)
    logged = {name: replace(each, unexplained=known.unexplained) for name, each in touched.logged.items()}
    if touched.nouns:
        nouns = _raise(transaction, NOUNS, nouns, touched.nouns, logged)
    elif touched.duty:
        _check(transaction, NOUNS, nouns)
    for agency_id, days in touched.duty.items():
        before = known.of_agency(agency_id)
        duty[agency_id] = _raise(transaction, DUTY + agency_id, before, days, logged)
    for agency_id in set(relies_on) - touched.duty.keys():
        _check(transaction, DUTY + agency_id, known.of_agency(agency_id))
    raised = bool(touched.nouns) + len(touched.duty)
    if raised:
        total = RegistryItem(pk=LIVE, sk=TOTAL)
        # No condition: changes that have nothing to do with each other must not be decided anew for it.
        transaction.update("total", total, [RegistryItem.v.add(raised)])
    return Counters(total=known.total + raised, nouns=nouns, duty=duty)


def log_of(pk: str) -> str:
    """The log that names the records of what stands in a partition of the registry."""
    for prefix in (SHIFTS, SHEET_RECORDS, CHANGE_RECORDS, FROZEN):
        if pk.startswith(prefix):
            return f"duty#{pk.removeprefix(prefix).rpartition('#')[0]}"
    return "nouns"


def _raise(
    transaction: Transaction, sk: str, known: Counter, parts: Iterable[str], logged: Mapping[str, Entry]
) -> Counter:
    after = known.raised(parts)
    name = sk.removeprefix(f"{TOTAL}#")
    if entry := logged.get(name):
        after = replace(after, head=versions.log(transaction, name, known.head, entry))
    doc = msgspec.json.encode(after.parts).decode()
    item = RegistryItem(pk=LIVE, sk=sk, v=after.v, doc=doc, head=after.head or None)
    transaction.put(LABEL, item, as_known(known.v))
    return after


def _check(transaction: Transaction, sk: str, known: Counter) -> None:
    transaction.check(LABEL, RegistryItem, (LIVE, sk), as_known(known.v))


def _decode(item: RegistryItem) -> Counter:
    parts = msgspec.json.decode(item.doc or "{}", type=dict[str, int])
    return Counter(v=int(item.v), parts=parts, head=item.head or "")
