"""Whether SMS leave: told by who watches over them, never by whether anybody asked for one."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from .times import between, plus

# So many sweeps may be missed, and a hiccup more, before somebody must ring.
MISSED = 3
HICCUP_S = 30
# A page is late when it has not left so long after it was asked for (services/watch/sweeping.py).
LATE_S = 60


class Silence(Struct, frozen=True, kw_only=True):
    """Why the crews must be rung, and since when at the latest.

    `unwatched`: nobody looks after the SMS. `barred`: the provider takes none of ours, so many `pages` wait. `unsent`: so many
    have not left for a minute or more.
    """

    code: Literal["unwatched", "barred", "unsent"]
    since: str
    pages: int = 0


class Swept(Struct, frozen=True, kw_only=True):
    """What the last sweep found: pages that have not left for long, and pages that wait as the provider takes none of ours."""

    at: str
    late: int = 0
    barred: int = 0
    unsent_s: int = 0
    """For how long the oldest of these has waited; 0 where an older release swept."""


def silence(swept: Swept | None, every_s: int, now: str) -> Silence | None:
    """What the last sweep says of the SMS; None while they leave, or before the first sweep of a new stage."""
    if swept is None:
        return None
    if abs(between(swept.at, now) or 0.0) > MISSED * every_s + HICCUP_S:
        return Silence(code="unwatched", since=swept.at)
    if swept.barred:
        # What has not been tried yet waits for the same.
        since = plus(swept.at, -swept.unsent_s)
        return Silence(code="barred", since=since, pages=max(swept.barred, swept.late))
    since = plus(swept.at, -max(swept.unsent_s, LATE_S))
    return Silence(code="unsent", since=since, pages=swept.late) if swept.late else None
