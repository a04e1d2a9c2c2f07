"""Calling off the crews of a cancelled incident: as many as a transaction takes, the others by those that follow it."""

from __future__ import annotations

from ...bootstrap import World
from ...domain import assignment as machine
from ...domain import callout
from ...domain.assignment import Assignment, Step, active
from ...domain.decision import Decision
from ...domain.facts import derive
from ...domain.portions import WAITING_MOST
from ...models.incidents import Loaded
from ...models.registry import Snapshot
from ..changes.ordering import items_a_page, order, room_in
from .following import follow_unit, stand_down, states_for

# Cancellations that leave with the same transaction.
PAGES = 10


def call_off(world: World, registry: Snapshot, loaded: Loaded, decision: Decision, now: str) -> list[str]:
    """Add to the decision of a cancelled incident the next of its crews, free their units and tell them; the crews' ids.

    Who is called off with the incident is named by its event, who follows has one of their own.
    """
    at, first = decision.incident.closed_at or now, bool(decision.drafts)
    chosen = _part(world, loaded, decision, 2 if first else 3)
    states = states_for(registry, chosen) if chosen else {}
    for before in chosen:
        step = Step("cancelled", "", at)
        after = machine.report(before, step, now)
        decision.assignments.append(after)
        decision.incident = callout.with_crew(decision.incident, after, at)
        if not first:
            decision.drafts.append(machine.event(before, after, step))
        follow_unit(registry, states, decision, before, step, now)
    ids = [each.id for each in chosen]
    order(world, registry, decision, stand_down(loaded, set(ids)), now)
    ended = {**loaded.assignments, **{each.id: each for each in decision.assignments}}
    decision.facts = derive(decision.incident, ended.values(), world.settings.utc_offset_hours)
    return ids


def _part(world: World, loaded: Loaded, decision: Decision, items: int) -> list[Assignment]:
    """Which crews the transaction takes: no more than the incident can keep cancellations for, at first those that wait."""
    room = room_in(world, decision) - PAGES * items_a_page(world)
    waiting = len(decision.incident.unpaged)
    chosen: list[Assignment] = []
    for each in (each for each in loaded.assignments.values() if active(each.status)):
        waiting += len(stand_down(loaded, {each.id}))
        alone = not chosen and not decision.incident.unpaged
        if len(chosen) * items + items > room or (waiting > WAITING_MOST and not alone):
            break
        chosen.append(each)
    return chosen
