"""Idempotency keys: the answer to a repeated POST is found again, and never decided twice."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import msgspec
from msgspec import Struct
from pynamodb.expressions.condition import Condition

from ..domain.ids import fingerprint
from ..domain.times import parse
from ..errors import KeyReused
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


def count(what: str, now: str) -> int:
    """How often this was counted within the present hour, this time included."""
    seconds = int(parse(now).timestamp())
    item = KeyItem(pk=fingerprint(f"count\n{what}\n{seconds // 3600}"))
    item.update(
        actions=[
            KeyItem.times.add(1),
            KeyItem.body.set("-"),
            KeyItem.result.set("{}"),
            KeyItem.expires_at.set(seconds + 2 * 3600),
        ]
    )
    return int(item.times or 0)


def find(key: Key, now: str) -> dict[str, Any] | None:
    """The ids of the result that the key stands for, None if it is free; KeyReused if it came with another body."""
    try:
        item = KeyItem.get(key.pk, consistent_read=True)
    except KeyItem.DoesNotExist:
        return None
    if int(item.expires_at) < int(parse(now).timestamp()):
        return None
    if item.body != key.body_hash:
        raise KeyReused(
            "this key was used for another request", {"Idempotency-Key": "used with another body"}
        )
    return dict(msgspec.json.decode(item.result))
