"""When an SMS last left, for every page's header."""

from __future__ import annotations

from ...bootstrap import World
from ...models import heartbeats
from ...models.heartbeats import Heartbeat
from ...observability import logger

NAME = "left"


def mark_left(world: World) -> None:
    """Keep that messages have just left, once their outcomes stand in the trail; nothing depends on it."""
    try:
        heartbeats.beat(NAME, Heartbeat(at=world.clock.now()))
    except Exception:
        logger.warning("not kept that messages left")
