"""The audit trail read back: is the chain whole, and does what is kept beside it still match its digests."""

from __future__ import annotations

from typing import Any

from ...domain.events import Event
from ...models.incidents import Loaded, hash_of


def first_broken(events: list[Event], head: str, seq: int) -> tuple[int, str] | None:
    """(seq, why) of the first link that does not hold, None if the chain is whole up to `head` and `seq`."""
    previous = ""
    for position, event in enumerate(events, start=1):
        if event.seq != position:
            return position, "missing"
        if event.prev != previous:
            return position, "does not follow the event before it"
        if not _sealed(event):
            return position, "was changed"
        previous = event.hash
    if len(events) != seq or previous != head:
        return len(events) + 1, "missing at the end"
    return None


def _sealed(event: Event) -> bool:
    try:
        return hash_of(event) == event.hash
    except ValueError:  # RFC 8785 has no form for it, so no honest event held it
        return False


def chain_of(whole: Loaded) -> dict[str, Any]:
    """Whether an incident's chain is whole, for whoever reads it."""
    incident = whole.incident
    broken = first_broken(whole.events, incident.head, incident.seq)
    answer: dict[str, Any] = {"ok": broken is None, "head": incident.head, "length": len(whole.events)}
    if broken:
        answer |= {"broken_at": broken[0], "why": broken[1]}
    return answer
