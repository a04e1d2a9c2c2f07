"""Pages as ordered: written with the decision that wants them, and chunk by chunk what one transaction cannot hold."""

from __future__ import annotations

from msgspec.structs import replace

from ...bootstrap import World
from ...domain import coming, paging, times
from ...domain.decision import Decision
from ...domain.escalation import policy_of
from ...domain.incident import Incident, PageOrder
from ...models import incidents
from ...models.registry import Snapshot
from ...models.transactions import LIMIT

DEFAULT_EXPIRES_S = 1800
# What a transaction may hold beside its decision's own parts: key, two counts, facts or a drill's claim, the event of the
# pages, and three of the incident that a call is split off from.
BESIDE = 8


def items_a_page(world: World) -> int:
    """A page that can be answered by SMS brings the item of its code."""
    return 2 if world.settings.sms_replies else 1


def room_in(world: World, decision: Decision) -> int:
    """How many items more the transaction of a decision takes."""
    parts = len(decision.assignments) + len(decision.calls) + len(decision.notes) + len(decision.answers)
    written = (
        1 + parts + len(decision.notices) + len(decision.units) + len(decision.drafts) + len(decision.pools)
    )
    return LIMIT - written - BESIDE - decision.beside - len(decision.pages) * items_a_page(world)


def order(
    world: World,
    registry: Snapshot,
    decision: Decision,
    orders: list[PageOrder],
    now: str,
    *,
    continued: bool = False,
) -> None:
    """Write pages into a decision, at most 40 a transaction; the rest waits with the incident for the next."""
    merged = paging.one_a_phone(orders, registry.people)
    waiting = paging.in_turn(decision.incident.unpaged, merged, continued=continued)
    room = max(0, min(paging.CHUNK, room_in(world, decision) // items_a_page(world)))
    now_due, rest = waiting[:room], waiting[room:]
    followed = [each.after for each in now_due if each.kind == "cancelled"]
    earlier = incidents.load(decision.incident.id, pages=followed) if followed else None
    letters = paging.addressed(now_due, registry.people, earlier.pages if earlier else {})
    expires_at = times.plus(now, _expires_s(decision.incident, now))
    pages = paging.write_pages(letters, decision.incident.id, now, expires_at, world.mint)
    decision.pages += pages
    written_to = {person for page in pages for person in page.people}
    ordered = [person for each in now_due for person in (each.person_id, *each.also)]
    left_out = [person for person in ordered if person not in written_to]
    decision.drafts += paging.requested(pages, left_out)
    called = {each.assignment_id for each in pages if each.kind == "page"}
    called |= {each.assignment_id for each in rest if each.kind == "page"}
    decision.incident = coming.ordered(replace(decision.incident, unpaged=tuple(rest)), called)


def _expires_s(incident: Incident, now: str) -> float:
    """How long a page helps: a drill's until the drill ends."""
    if incident.paging_drill:
        return times.between(now, incident.paging_drill.ends_at) or 0
    policy = policy_of(incident)
    return policy.page_expires_s if policy else DEFAULT_EXPIRES_S
