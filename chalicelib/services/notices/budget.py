"""What notices may cost a day, counted by the local day: each try to hand one over is one."""

from __future__ import annotations

from ...bootstrap import World
from ...domain.times import local_day
from ...models import keys
from ...models.keys import Count

KEPT_S = 2 * 86400
CALLERS, PEOPLE = "notices", "notices to people"


def spent(world: World, now: str, of: str = CALLERS) -> bool:
    """Whether nothing is left of today's budget; people of the registry have one of their own, so that they take no caller's."""
    what = _what(world, now, of)
    return keys.read([what])[what] >= world.settings.notices_a_day


def spend(world: World, now: str, of: str = CALLERS) -> None:
    """Take one message from today's budget, before it is tried."""
    keys.add(Count(what=_what(world, now, of), kept_s=KEPT_S), now)


def _what(world: World, now: str, of: str) -> str:
    return f"{of}\n{local_day(now, world.settings.utc_offset_hours)}"
