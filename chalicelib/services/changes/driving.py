"""Driving to its end what one transaction could not hold: units to send, crews to call off, pages to write."""

from __future__ import annotations

from functools import partial

from ...bootstrap import World
from ...domain import portions
from ...domain.decision import Decision
from ...models import incidents
from ...models.change import Change
from ...models.registry import Snapshot
from ..response.calling_off import call_off
from ..response.levels import send_owed
from .ordering import order
from .writing import Actor, must, write

WORKER = Actor(id="system:pages", source="timer")


def drive(world: World, incident_id: str) -> None:
    """Write what an incident still lacks, transaction by transaction, as long as there is any."""
    while True:
        registry = world.registry.current()
        written = write(world, WORKER, partial(_next, world, registry, incident_id), goes_on=True)
        if not written.events or written.incident is None or not portions.unfinished(written.incident):
            return


def _next(world: World, registry: Snapshot, incident_id: str, now: str) -> Change:
    """The next part: crews before the second person of any, unless too many pages wait already."""
    loaded = must(incidents.load(incident_id), incident_id)
    incident = loaded.incident
    decision = Decision(incident=incident)
    if len(incident.unpaged) < portions.WAITING_MOST:
        if portions.being_called_off(incident):
            loaded = must(incidents.load_state(incident_id), incident_id)
            decision = Decision(incident=loaded.incident)
            call_off(world, registry, loaded, decision, now)
            return Change(loaded, decision)
        if incident.owed:
            send_owed(world, registry, decision, now)
            return Change(loaded, decision)
    if incident.unpaged:
        order(world, registry, decision, [], now)
    return Change(loaded, decision)
