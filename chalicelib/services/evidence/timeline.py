"""The audit trail read back: is the chain whole."""

from __future__ import annotations

from typing import Any

from ...domain.chain import first_broken
from ...models.incidents import Loaded


def broken_link(whole: Loaded) -> tuple[int, str] | None:
    """(seq, why) of the first link of an incident's chain that does not hold, None if it is whole."""
    return first_broken(whole.links, whole.incident.head, whole.incident.seq)


def chain_of(whole: Loaded) -> dict[str, Any]:
    """Whether an incident's chain is whole, for whoever reads it."""
    incident = whole.incident
    found = broken_link(whole)
    answer: dict[str, Any] = {"ok": found is None, "head": incident.head, "length": len(whole.events)}
    if found:
        answer |= {"broken_at": found[0], "why": found[1]}
    return answer
