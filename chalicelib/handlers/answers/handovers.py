"""Calls that change desks before they are logged."""

from __future__ import annotations

from typing import Self

from ...domain.handover import Handover
from ...domain.registry import Account
from ...models.registry import Snapshot
from .shown import Shown, name_of, taken_from


class HandoverAnswer(Shown, frozen=True, kw_only=True):
    """A draft on its way; what stands in it is for whom it waits, or for who took it, alone."""

    id: str
    to: str
    to_name: str
    by_name: str
    at: str
    until: str
    taken_at: str | None
    taken_by_name: str
    draft: str | None

    @classmethod
    def of(cls, value: Handover, registry: Snapshot, account: Account) -> Self:
        holder = value.taken_by or value.to
        return taken_from(
            cls,
            value,
            to_name=name_of(value.to, registry),
            by_name=name_of(value.by, registry),
            taken_by_name=name_of(value.taken_by, registry),
            draft=value.draft if holder == account.id else None,
        )


class Handovers(Shown, frozen=True, kw_only=True):
    """Drafts of calls, the oldest first."""

    handovers: list[HandoverAnswer]


class Colleague(Shown, frozen=True, kw_only=True):
    """Somebody who takes calls."""

    id: str
    name: str


class Colleagues(Shown, frozen=True, kw_only=True):
    """Who else takes calls."""

    colleagues: list[Colleague]
