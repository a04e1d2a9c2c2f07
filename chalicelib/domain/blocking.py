"""Blocked numbers: for a day, taken back at any time, and never in the way of an emergency that somebody insists on."""

from __future__ import annotations

from msgspec import Struct

from .times import plus

BLOCKED_S = 24 * 3600
# How long an ended block is still shown, so that a number that comes back is known; retention deletes it.
SHOWN_S = 30 * 24 * 3600


class Block(Struct, frozen=True, kw_only=True):
    """A number that a supervisor blocked; `id` is its keyed hash, `times` counts how often it was blocked."""

    id: str
    number: str
    reason: str
    by: str
    at: str
    until: str
    times: int = 1
    lifted_at: str | None = None
    lifted_by: str = ""


def stands(block: Block, now: str) -> bool:
    """Whether it counts at an instant."""
    return now < ended_at(block)


def ended_at(block: Block) -> str:
    """When it ends or was lifted."""
    return block.lifted_at or block.until


def outdated(block: Block, now: str) -> bool:
    """Whether it ended so long ago that nobody is shown it any more."""
    return plus(ended_at(block), SHOWN_S) < now
