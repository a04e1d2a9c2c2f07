"""A call handed over before it was logged: its draft waits at another desk, by name, for an hour."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from . import times
from .registry import DESK, Account

KEPT_S = 3600
WAITING_MOST = 3


class Handover(Struct, frozen=True, kw_only=True):
    """A half-taken call on its way `by` an account `to` another; `draft` is the desk's form as JSON, personal data and all."""

    id: str
    by: str
    to: str
    at: str
    until: str
    draft: str
    taken_at: str | None = None
    taken_by: str = ""


def may_take(account: Account) -> bool:
    """Whether an account sits at a desk that takes calls."""
    return account.role in DESK and not account.disabled


def standing(handovers: list[Handover], now: str) -> list[Handover]:
    """Those whose hour has not passed."""
    return [each for each in handovers if now < each.until]


def waiting(handovers: list[Handover]) -> list[Handover]:
    """Those that nobody has taken."""
    return [each for each in handovers if each.taken_at is None]


def taken(handover: Handover, by: str, now: str) -> Handover:
    """Taken by whom it was meant for, or taken back; whoever took it first has it."""
    return handover if handover.taken_at else replace(handover, taken_at=now, taken_by=by)


def handed(id_: str, by: str, to: str, draft: str, now: str) -> Handover:
    """A draft that leaves one desk for another."""
    return Handover(id=id_, by=by, to=to, at=now, until=times.plus(now, KEPT_S), draft=draft)
