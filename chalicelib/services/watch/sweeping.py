"""The sweep: drives on whatever is due and not done, because its wake-up was lost or its worker died.

It wakes the workers. While the queues for that cannot be reached it does their work itself: a broken queue costs delay
and nothing else.
"""

from __future__ import annotations

from ...bootstrap import World
from ...domain import ids, times
from ...domain.page import LONGEST_RETRY_S, barred
from ...domain.wakeup import Queue, Wakeup
from ...models import incidents
from ...observability import logger
from ..changes.driving import drive
from ..changes.writing import send_wakeups
from ..pages.sending import AT_ONCE, send_bulk, send_pages
from ..response.escalation import run_timers

Due = tuple[str, str, bool, str]
# Escalations before the pages of a burst.
QUEUES: tuple[tuple[Queue, str, bool], ...] = (
    ("pages", "P", False),
    ("timers", "A", False),
    ("bulk", "P", True),
)
# A page that was asked for within this has a wake-up under way.
LATE_S = 60
# Nobody needs to know of more; each is read.
COUNTED_MOST = 100
# Lambda gives the function a minute, and the last ten messages wait for the provider.
BY_HAND_S = 20.0


def sweep(world: World) -> dict[str, int]:
    """Drive on whatever is due and not done; how much was found, and how much of it was done without the queues.

    Also how many pages have not left a minute after they were asked for, also those that the provider does not take and
    that wait for their next try; how many it does not take as it takes none of ours; and for how many seconds the oldest
    of all has been due, and the oldest of those pages has waited (`unsent_s`).

    A part of the index that cannot be read keeps no other waiting, and is raised once those are done: then there is no
    heartbeat, and health says so.
    """
    reached, began = True, world.clock.now()
    coming, failure = _due(world, LONGEST_RETRY_S)
    # A phone that waited for several gets the newest incident first.
    found = sorted((each for each in coming if each[3] <= began), key=lambda each: each[0], reverse=True)
    for queue, kind, bulk in QUEUES:
        due = [Wakeup(i, sk[2:]) for i, sk, later, _ in found if sk[0] == kind and later == bulk]
        reached &= send_wakeups(world, queue, due)
    for incident_id in sorted({incident_id for incident_id, sk, _, _ in found if sk == "#"}):
        try:
            drive(world, incident_id)
        except Exception:
            logger.exception("orders not finished", extra={"incident": incident_id})
    by_hand = 0 if reached else _by_hand(world)
    if failure:
        raise failure
    latest = ids.first_ulid_at(times.plus(began, -LATE_S))
    oldest_first = sorted(((i, sk[2:]) for i, sk, _, _ in coming if sk[0] == "P"), key=lambda each: each[1])
    unsent = incidents.unsent(oldest_first[:COUNTED_MOST])
    waiting = [page for page in unsent if page.id < latest or barred(page)]
    return {
        "found": len(found),
        "by_hand": by_hand,
        "late_pages": sum(page.id < latest for page in unsent),
        "barred_pages": sum(barred(page) for page in unsent),
        "unsent_s": round(
            max((times.between(page.requested_at, began) or 0.0 for page in waiting), default=0.0)
        ),
        "oldest_s": round(max((times.between(since, began) or 0.0 for *_, since in found), default=0.0)),
    }


def _due(world: World, ahead_s: float = 0) -> tuple[list[Due], Exception | None]:
    """Whatever is due by then in the parts of the index that can be read, and why one could not."""
    found: list[Due] = []
    failure: Exception | None = None
    for part in range(incidents.DUE_SHARDS):
        try:
            found += incidents.due(times.plus(world.clock.now(), ahead_s), part)
        except Exception as error:
            logger.exception("due work not read", extra={"part": part})
            failure = error
    return found, failure


def _by_hand(world: World) -> int:
    """Do what is due in this process, each once and in the queues' order, also the pages that escalations order."""
    began = world.clock.monotonic()
    tried: set[tuple[str, str]] = set()
    while world.clock.monotonic() - began < BY_HAND_S:
        due = sorted(_due(world)[0], reverse=True)
        for _, kind, bulk in QUEUES:
            batch = [
                (i, sk) for i, sk, later, _ in due if sk[0] == kind and later == bulk and (i, sk) not in tried
            ]
            batch = batch[:AT_ONCE]
            if batch:
                break
        else:
            break
        tried.update(batch)
        wakeups = [Wakeup(incident_id, sk[2:]) for incident_id, sk in batch]
        if kind == "A":
            run_timers(world, wakeups)
        elif bulk:
            send_bulk(world, wakeups)
        else:
            send_pages(world, wakeups)
    return len(tried)
