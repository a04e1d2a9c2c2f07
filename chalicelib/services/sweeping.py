"""The sweep: drives on whatever is due and not done, because its wake-up was lost or its worker died."""

from __future__ import annotations

from ..bootstrap import World
from ..gateways.wakeups import Queue
from ..models import incidents
from ..observability import logger
from .ordering import continue_orders
from .writing import send_wakeups

# Escalations before the pages of a burst.
QUEUES: tuple[tuple[Queue, str, str, bool], ...] = (
    ("pages", "page", "P", False),
    ("timers", "assignment", "A", False),
    ("bulk", "page", "P", True),
)


def sweep(world: World) -> int:
    """Drive on whatever is due and not done; the number of things found."""
    # A phone that waited for several gets the newest incident first.
    found = sorted(incidents.due(world.clock.now()), key=lambda each: each[0], reverse=True)
    for queue, part, kind, bulk in QUEUES:
        due = [{"incident": i, part: sk[2:]} for i, sk, late in found if sk[0] == kind and late == bulk]
        send_wakeups(world, queue, due)
    for incident_id in sorted({incident_id for incident_id, sk, _ in found if sk == "#"}):
        try:
            continue_orders(world, incident_id)
        except Exception:
            logger.exception("orders not finished", extra={"incident": incident_id})
    return len(found)
