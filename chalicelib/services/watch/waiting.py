"""What waits for a person and alarms nobody: counted once a minute for all, since every open page asks for it every few seconds."""

from __future__ import annotations

from msgspec import Struct

from ...bootstrap import World
from ...domain import times
from ...models import heartbeats, incidents
from ...models.heartbeats import Heartbeat
from ...observability import logger
from ..pages import leaving

NAME = "waiting"
# As long as an SMS that belongs to no incident stands on the board.
SMS_SHOWN_S = 2 * 3600
# Older counts say nothing: whoever counts has stopped.
FRESH_S = 600


class Waiting(Struct, frozen=True, kw_only=True):
    """How many corrections somebody asks for, and how many SMS of strangers stand on the board."""

    corrections: int
    sms: int


def count_waiting(world: World) -> None:
    """Count what waits and keep it: three queries a minute. What fails here fails nothing else."""
    try:
        now, hours = world.clock.now(), world.settings.utc_offset_hours
        since = times.plus(now, -SMS_SHOWN_S)
        days = dict.fromkeys(times.local_day(each, hours) for each in (since, now))
        calls = [call for day in days for call in incidents.calls_since(day, since)]
        sms = sum(call.channel == "sms" and call.received_at >= since and bool(call.salt) for call in calls)
        counts = {"corrections": sum(1 for _ in incidents.asked()), "sms": sms}
        heartbeats.beat(NAME, Heartbeat(at=now, counts=counts))
    except Exception:
        logger.exception("what waits was not counted")


def now_waiting(world: World, now: str) -> Waiting | None:
    """What waits as it was counted last, None where nobody counts; it is read along with the sweep's heartbeat."""
    last = world.swept.get(world.clock.monotonic(), NAME)
    if last is None or not -FRESH_S < (times.between(last.at, now) or 0.0) < FRESH_S:
        return None
    return Waiting(corrections=last.counts.get("corrections", 0), sms=last.counts.get("sms", 0))


def last_left(world: World) -> str | None:
    """When an SMS last left for a crew, None where none has since anybody wrote it down."""
    last = world.swept.get(world.clock.monotonic(), leaving.NAME)
    return last.at if last else None
