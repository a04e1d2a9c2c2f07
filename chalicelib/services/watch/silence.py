"""What every signed-in page must know: whether SMS leave."""

from __future__ import annotations

from ...bootstrap import World
from ...domain.silence import Silence, silence


def now_silent(world: World, now: str) -> Silence | None:
    """Why the crews must be rung, None while SMS leave; costs a request each five seconds a process."""
    last = world.swept.get(world.clock.monotonic())
    late = last.counts.get("late_pages", 0) if last else 0
    return silence(last.at if last else None, late, world.settings.sweep_every_s, now)
