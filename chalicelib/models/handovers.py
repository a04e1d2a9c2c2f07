"""Drafts that wait at a desk: one item an account, erased with idempotency keys once the last one's hour has passed."""

from __future__ import annotations

import msgspec
from pynamodb.expressions.condition import Condition

from ..domain.handover import Handover
from ..domain.ids import fingerprint
from ..domain.times import parse
from .tables import KeyItem


def of_desk(account_id: str) -> tuple[list[Handover], str]:
    """What was handed to an account, the oldest first, and the state in which that was read: '' for nothing."""
    try:
        item = KeyItem.get(_pk(account_id), consistent_read=True)
    except KeyItem.DoesNotExist:
        return [], ""
    return msgspec.json.decode(item.result, type=list[Handover]), item.body


def save(account_id: str, handovers: list[Handover], known: str) -> None:
    """Write an account's handovers, of which there is one at least; ConditionFailed when they are no longer as they were read."""
    result = msgspec.json.encode(handovers).decode()
    last = max(each.until for each in handovers)
    item = KeyItem(
        pk=_pk(account_id),
        body=fingerprint(result),
        result=result,
        expires_at=int(parse(last).timestamp()) + 1,
    )
    unchanged: Condition = KeyItem.body == known if known else KeyItem.pk.does_not_exist()
    item.save(condition=unchanged)


def _pk(account_id: str) -> str:
    return fingerprint(f"handovers\n{account_id}")
