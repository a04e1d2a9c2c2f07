"""Idempotency keys: the answer to a repeated POST is found again, and never decided twice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import msgspec
from msgspec import Struct
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from ..domain.ids import fingerprint
from ..domain.times import EPOCH, parse, render
from ..errors import KeyReused
from ..faults import Fault
from .tables import KeyItem
from .transactions import Transaction

KEPT = timedelta(hours=24)
LABEL = "key"


class Key(Struct, frozen=True, kw_only=True):
    """One caller's key for one route, with the hash of the body it came with."""

    caller: str
    route: str
    key: str
    body: bytes

    @property
    def pk(self) -> str:
        return fingerprint(f"{self.caller}\n{self.route}\n{self.key}")

    @property
    def body_hash(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


def add_to(transaction: Transaction, key: Key, result: dict[str, Any], now: str) -> None:
    """Put the key into the use case's transaction; it fails under the label `key` if the key was used."""
    seconds = int(parse(now).timestamp())
    item = KeyItem(
        pk=key.pk,
        body=key.body_hash,
        result=msgspec.json.encode(result).decode(),
        expires_at=seconds + int(KEPT.total_seconds()),
    )
    free: Condition = KeyItem.pk.does_not_exist() | (KeyItem.expires_at < seconds)
    transaction.put(LABEL, item, free)


class Count(Struct, frozen=True, kw_only=True):
    """Something that is counted, and for how long after the last time its number is kept."""

    what: str
    kept_s: int

    @property
    def item(self) -> KeyItem:
        return KeyItem(pk=fingerprint(f"count\n{self.what}"))

    def raised(self, now: str) -> list[Action]:
        """What raises it by one."""
        return [
            KeyItem.times.add(1),
            KeyItem.body.set("-"),
            KeyItem.result.set("{}"),
            KeyItem.expires_at.set(int(parse(now).timestamp()) + self.kept_s),
        ]


def add(count: Count, now: str) -> int:
    """Count one; how many there are with it."""
    item = count.item
    item.update(actions=count.raised(now))
    return int(item.times or 0)


def add_count(transaction: Transaction, count: Count, now: str) -> None:
    """Count one in the use case's transaction: neither lost nor counted twice."""
    transaction.update("count", count.item, count.raised(now))


def read(whats: Iterable[str]) -> dict[str, int]:
    """What was counted of each, in one request for a hundred."""
    by_pk = {Count(what=what, kept_s=0).item.pk: what for what in whats}
    found = {item.pk: int(item.times or 0) for item in KeyItem.batch_get(by_pk, consistent_read=True)}
    return {what: found.get(pk, 0) for pk, what in by_pk.items()}


def count(what: str, now: str) -> int:
    """How often this was counted within the present hour, this time included."""
    hour = int(parse(now).timestamp()) // 3600
    return add(Count(what=f"{what}\n{hour}", kept_s=2 * 3600), now)


def used_at(key: Key, now: str) -> str | None:
    """When a key was used, whatever came with it; None if it is free."""
    try:
        item = KeyItem.get(key.pk, consistent_read=True)
    except KeyItem.DoesNotExist:
        return None
    if int(item.expires_at) < int(parse(now).timestamp()):
        return None
    return render(EPOCH + timedelta(seconds=int(item.expires_at)) - KEPT)


def find(key: Key, now: str) -> dict[str, Any] | None:
    """The ids of the result that the key stands for, None if it is free; KeyReused if it came with another body."""
    try:
        item = KeyItem.get(key.pk, consistent_read=True)
    except KeyItem.DoesNotExist:
        return None
    if int(item.expires_at) < int(parse(now).timestamp()):
        return None
    if item.body != key.body_hash:
        raise KeyReused("this key was used for another request", Fault("Idempotency-Key", "key_reused"))
    return dict(msgspec.json.decode(item.result))
