"""How much one source may cost: wrong links by address and hour, calls by account and minute."""

from __future__ import annotations

import math

from ...bootstrap import World
from ...domain import ids, times
from ...errors import TooMany
from ...models import keys
from ...models.keys import Key
from ...observability import count, logger

WRONG_LINKS_AN_HOUR = 30
HOUR_S = 3600


def wrong_link(world: World, source: str) -> None:
    """Count a code that no page has; TooMany once its source has had an hour's worth.

    It is called when the code has been looked up, so that no count ever keeps a right link from working: a whole
    town's crews may stand behind one address of their carrier.
    """
    now = world.clock.now()
    hour, second = divmod(int(times.parse(now).timestamp()), HOUR_S)
    known_as = ids.keyed(world.settings.link_secret, "source", source)
    if not world.limits.spent(known_as, hour):
        number = keys.count(f"links:{known_as}", now)
        count("WrongLinks")
        if number <= WRONG_LINKS_AN_HOUR:
            return
        # From here on neither the table nor the log grows with what this source sends.
        world.limits.spend(known_as, hour)
        count("WrongLinkSources")
        logger.warning("wrong links from one source", extra={"in_this_hour": number})
    raise TooMany("too many wrong links from this address", retry_after_s=HOUR_S - second)


def hourly(world: World, what: str, most: int, message: str) -> None:
    """Count one of what somebody does; TooMany after an hour's worth."""
    now = world.clock.now()
    if keys.count(what, now) > most:
        second = int(times.parse(now).timestamp()) % HOUR_S
        raise TooMany(f"{message}: {most} an hour", retry_after_s=HOUR_S - second)


def drill_incident(world: World, account_id: str, key: Key | None) -> None:
    """Count an incident that an account opens for training, which pages crews; TooMany after an hour's worth."""
    if key and keys.find(key, world.clock.now()) is not None:
        return
    hourly(
        world,
        f"drill-incidents:{account_id}",
        world.settings.drill_incidents_an_hour,
        "drills are opened no faster, and a real emergency at any time",
    )


def call(world: World, account_id: str) -> None:
    """Count a call that an account takes; TooMany when nobody could take so many, so that others are still served."""
    most = world.settings.calls_a_minute
    wait_s = world.limits.take(f"calls:{account_id}", most, world.clock.monotonic())
    if wait_s:
        count("CallsRefused")
        raise TooMany(f"an account takes {most} calls a minute", retry_after_s=math.ceil(wait_s))
