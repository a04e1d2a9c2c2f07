"""What notices may cost a day, counted by the local day: each try to hand one over is one."""

from __future__ import annotations

from ...bootstrap import World
from ...domain.times import local_day
from ...models import keys
from ...models.keys import Count

KEPT_S = 2 * 86400


def spent(world: World, now: str) -> bool:
    """Whether nothing is left of today's budget."""
    what = _what(world, now)
    return keys.read([what])[what] >= world.settings.notices_a_day


def spend(world: World, now: str) -> None:
    """Take one message from today's budget, before it is tried."""
    keys.add(Count(what=_what(world, now), kept_s=KEPT_S), now)


def _what(world: World, now: str) -> str:
    return f"notices\n{local_day(now, world.settings.utc_offset_hours)}"
