"""Which incidents changed when they were not on the board, or left it or came back: the rest the `open` index tells.

The last event of such a change stands in the `due` index under its UTC day, in the transaction that writes it, for good.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

from .tables import IncidentItem


def mark(event_item: IncidentItem, now: str) -> None:
    """Have a change be found by its instant."""
    event_item.due_key, event_item.due_at = f"changed#{now[:10]}", now


def since(instant: str, until: str, most: int) -> list[tuple[str, str]]:
    """The first so many changes from one instant to another, both included, as (instant, incident id), oldest first."""
    return list(islice(_between(instant, until), most))


def _between(instant: str, until: str) -> Iterator[tuple[str, str]]:
    day, last = date.fromisoformat(instant[:10]), date.fromisoformat(until[:10])
    while day <= last:
        within = IncidentItem.due_at.between(instant, until)
        for item in IncidentItem.due_index.query(f"changed#{day.isoformat()}", within):
            yield item.due_at, item.pk[2:]
        day += timedelta(days=1)
