"""Blocked numbers, and what is known of a number that calls."""

from __future__ import annotations

from typing import Literal, Self

from ...domain.blocking import Block, stands
from ...domain.registry import Account
from ...models.registry import Snapshot
from ...services.abuse.blocking import Counts
from .shown import Shown, mask, name_of, taken_from


class BlockAnswer(Shown, frozen=True, kw_only=True):
    """A blocked number, whole for the desk alone; `calls` are what came from it since."""

    id: str
    number: str
    reason: str
    by: str
    by_name: str
    at: str
    until: str
    times: int
    active: bool
    lifted_at: str | None
    lifted_by: str
    lifted_by_name: str
    calls: Counts

    @classmethod
    def of(cls, value: Block, counts: Counts, registry: Snapshot, account: Account, now: str) -> Self:
        active = stands(value, now)
        return taken_from(
            cls,
            value,
            number=mask(value.number, account, needed=active),
            by_name=name_of(value.by, registry),
            lifted_by_name=name_of(value.lifted_by, registry),
            active=active,
            calls=counts,
        )


class Blocks(Shown, frozen=True, kw_only=True):
    """Blocks that stand, and those that ended in the last 30 days."""

    blocked_numbers: list[BlockAnswer]


class Caller(Shown, frozen=True, kw_only=True):
    """How a number is read and what is known of it before its call is logged; `number` is '' for what nobody can read."""

    number: str
    kind: Literal["number", "short", "withheld", "unread"]
    calls_today: int
    block: BlockAnswer | None
