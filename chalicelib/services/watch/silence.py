"""What every signed-in page must know: whether SMS leave."""

from __future__ import annotations

from ...bootstrap import World
from ...domain.silence import Silence, Swept, silence


def now_silent(world: World, now: str) -> Silence | None:
    """Why the crews must be rung, None while SMS leave; costs a request each five seconds a process."""
    if since := world.unsupervised_since():
        return Silence(code="unwatched", since=since)
    last = world.swept.get(world.clock.monotonic())
    counts = last.counts if last else {}
    late, barred = counts.get("late_pages", 0), counts.get("barred_pages", 0)
    waits = counts.get("unsent_s", 0)
    swept = Swept(at=last.at, late=late, barred=barred, unsent_s=waits) if last else None
    return silence(swept, world.settings.sweep_every_s, now)


def watched(world: World) -> bool:
    """Whether anybody has ever looked whether SMS leave: of a new stage nobody knows."""
    return world.swept.get(world.clock.monotonic()) is not None
