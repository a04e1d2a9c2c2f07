"""What of the registry changed: a counter for the nouns, which knows each noun's last change, and one for each agency's duty.

All stand together and are read by one small query. `!version` counts every change besides: releases before 0.5.0 know it alone,
and what raised it without raising another was written by one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec
from msgspec import Struct, field

from .tables import RegistryItem, as_known
from .transactions import Transaction

LIVE = "LIVE"
TOTAL = "!version"
NOUNS = f"{TOTAL}#nouns"
DUTY = f"{TOTAL}#duty#"
# Of how many parts, a noun or a day, a counter remembers when each changed; what it forgot counts as changed since.
PARTS_MOST = 60
LABEL = "counter"


class Counter(Struct, frozen=True, kw_only=True):
    """How often something changed, and at which of these times each of its parts did, as far as it remembers."""

    v: int = 0
    parts: Mapping[str, int] = field(default_factory=dict)

    def changed_since(self, part: str, v: int) -> bool:
        """Whether a part may have changed after the counter stood at `v`."""
        forgotten = min(self.parts.values()) if len(self.parts) >= PARTS_MOST else 0
        return self.parts.get(part, forgotten) > v

    def raised(self, parts: Iterable[str]) -> Counter:
        """The counter after one more change, of these parts."""
        known = {**self.parts, **dict.fromkeys(parts, self.v + 1)}
        newest = sorted(known, key=lambda part: -known[part])[:PARTS_MOST]
        return Counter(v=self.v + 1, parts={part: known[part] for part in newest})


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
    """What a change touches: nouns by name, and agencies with the local days on which shifts begin."""

    nouns: set[str]
    duty: dict[str, set[str]]


def read() -> Counters:
    """The counters as they stand now, strongly consistent, by one query."""
    return of_items(RegistryItem.query(LIVE, RegistryItem.sk.startswith(TOTAL), consistent_read=True))


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


def raise_all(transaction: Transaction, known: Counters, touched: Touched, relies_on: Iterable[str]) -> None:
    """Raise the counters of what a change touches, each from what it was known to be.

    The change was decided on the nouns, and on the duty of the agencies that it `relies_on`: it fails if those moved meanwhile.
    """
    raised = 0
    if touched.nouns:
        _raise(transaction, NOUNS, known.nouns, touched.nouns)
        raised += 1
    elif touched.duty:
        _check(transaction, NOUNS, known.nouns)
    for agency_id, days in touched.duty.items():
        _raise(transaction, DUTY + agency_id, known.of_agency(agency_id), days)
        raised += 1
    for agency_id in set(relies_on) - touched.duty.keys():
        _check(transaction, DUTY + agency_id, known.of_agency(agency_id))
    if raised:
        total = RegistryItem(pk=LIVE, sk=TOTAL)
        # No condition: changes that have nothing to do with each other must not be decided anew for it.
        transaction.update("total", total, [RegistryItem.v.add(raised)])


def _raise(transaction: Transaction, sk: str, known: Counter, parts: Iterable[str]) -> None:
    after = known.raised(parts)
    doc = msgspec.json.encode(after.parts).decode()
    transaction.put(LABEL, RegistryItem(pk=LIVE, sk=sk, v=after.v, doc=doc), as_known(known.v))


def _check(transaction: Transaction, sk: str, known: Counter) -> None:
    transaction.check(LABEL, RegistryItem, (LIVE, sk), as_known(known.v))


def _decode(item: RegistryItem) -> Counter:
    return Counter(v=int(item.v), parts=msgspec.json.decode(item.doc or "{}", type=dict[str, int]))
