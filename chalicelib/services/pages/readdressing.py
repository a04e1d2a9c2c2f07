"""A page that has not left when its person's number is put right: it goes to the phone that the person has now."""

from __future__ import annotations

from functools import partial

from ...bootstrap import World
from ...domain import page as machine
from ...domain.decision import Decision
from ...domain.incident import PageOrder
from ...domain.page import Page
from ...models import incidents
from ...models.change import Change
from ...models.registry import Snapshot
from ..changes.driving import WORKER
from ..changes.ordering import order
from ..changes.writing import must, write


def astray(registry: Snapshot, page: Page) -> bool:
    """Whether a call-out would go to a phone that none of those whom it calls has any more.

    Whom the registry no longer knows keeps the number that was theirs when they were called.
    """
    known = [registry.people[person] for person in page.people if person in registry.people]
    return page.kind == "page" and bool(known) and all(person.phone != page.number for person in known)


def readdress(world: World, incident_id: str, page_id: str) -> None:
    """Drop a page that has not left, and order it anew, in one transaction; nothing if somebody has it in hand.

    The number's digest is in the trail, so the page keeps the number that it was ordered with.
    """
    write(world, WORKER, partial(_anew, world, incident_id, page_id))


def _anew(world: World, incident_id: str, page_id: str, now: str) -> Change:
    loaded = must(incidents.load(incident_id, pages=[page_id]), incident_id)
    # Read after the page: a registry older than its order would send it back to the wrong phone.
    registry = world.registry.current()
    page, decision = loaded.pages[page_id], Decision(incident=loaded.incident)
    if page.status == "pending" and astray(registry, page):
        decision.pages.append(machine.expired(page, now))
        orders = [
            PageOrder(
                assignment_id=page.assignment_id,
                person_id=person,
                bulk=page.bulk,
                amends=page.amends,
                backup=page.backup,
            )
            for person in page.people
        ]
        order(world, registry, decision, orders, now)
    return Change(loaded, decision)
