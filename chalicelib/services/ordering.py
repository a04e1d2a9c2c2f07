"""Pages as ordered: written with the decision that wants them, and chunk by chunk what one transaction cannot hold."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from ..bootstrap import World
from ..domain import coming, ids, paging, times
from ..domain.decision import Decision
from ..domain.escalation import policy_of
from ..domain.incident import Incident, PageOrder
from ..domain.reply_codes import make_code
from ..gateways.clock import new_id
from ..models import incidents
from ..models.incidents import Loaded
from ..models.registry import Snapshot
from ..models.transactions import LIMIT
from .writing import Actor, Written, must, send_wakeups, write

DEFAULT_EXPIRES_S = 1800
WORKER = Actor(id="system:pages", source="timer")
# Where a wake-up names a page: the orders that are not yet pages.
ORDERS = "#"


def order(world: World, registry: Snapshot, decision: Decision, orders: list[PageOrder], now: str) -> None:
    """Write pages into a decision, at most 40 a transaction; the rest waits with the incident for the next."""
    waiting = paging.in_turn(decision.incident.unpaged, paging.one_a_phone(orders, registry.people))
    taken = 2 + len(decision.assignments) + len(decision.calls) + len(decision.units) + len(decision.drafts)
    taken += len(decision.pools)
    # A page that can be answered by SMS brings the item of its code; a call that is split off, three of its old incident.
    room = max(0, min(paging.CHUNK, (LIMIT - taken - 5) // (2 if world.settings.sms_replies else 1)))
    now_due, rest = waiting[:room], waiting[room:]
    followed = [each.after for each in now_due if each.kind == "cancelled"]
    earlier = incidents.load(decision.incident.id, pages=followed) if followed else None
    pages = paging.write_pages(
        now_due,
        registry.people,
        earlier.pages if earlier else {},
        decision.incident,
        _expires_s(decision.incident, now),
        now,
        lambda: new_id(world.clock),
        lambda: world.clock.random(16).hex(),
        lambda page_id: ids.fingerprint(ids.link_code(world.settings.link_secret, page_id)),
        _reply_codes(world),
    )
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


def _reply_codes(world: World) -> Callable[[], str]:
    """Codes that differ from each other; one that an open page holds already is found when it is written."""
    used = {""}

    def next_code() -> str:
        code = ""
        while world.settings.sms_replies and code in used:
            code = make_code(world.clock.random(8))
        used.add(code)
        return code

    return next_code


def continue_orders(world: World, incident_id: str) -> None:
    """Write what an incident's orders still lack, chunk by chunk, as long as there is any."""
    while True:
        registry = world.registry.current()

        def prepare(now: str, registry: Snapshot = registry) -> tuple[Loaded, Decision]:
            loaded = must(incidents.load(incident_id), incident_id)
            decision = Decision(incident=loaded.incident)
            if loaded.incident.unpaged:
                order(world, registry, decision, [], now)
            return loaded, decision

        written = write(world, WORKER, prepare)
        if written.incident is None or not written.incident.unpaged:
            return


def finish(world: World, written: Written) -> None:
    """Have somebody else carry on with what one transaction could not hold, so that the desk need not wait for it."""
    if written.incident is not None and written.incident.unpaged:
        send_wakeups(world, "pages", [{"incident": written.incident.id, "page": ORDERS}])
