"""Handing a call over before it is logged, and taking it."""

from __future__ import annotations

from ...bootstrap import World
from ...domain import handover as rules
from ...domain.handover import Handover
from ...domain.registry import Account
from ...errors import Conflict, KeyReused, NotFound, Unprocessable
from ...faults import Fault
from ...models import handovers
from ...models.keys import Key
from ...models.registry import Snapshot
from ..changes.retrying import Try, retried


def colleagues(registry: Snapshot, account: Account) -> list[Account]:
    """Who else takes calls, by name."""
    others = (each for each in registry.accounts.values() if rules.may_take(each) and each.id != account.id)
    return sorted(others, key=lambda each: each.name)


def hand_over(world: World, registry: Snapshot, by: Account, key: Key, to: str, draft: str) -> Handover:
    """Lay a draft at another desk; the same key again finds the same one."""
    if to not in {each.id for each in colleagues(registry, by)}:
        raise Unprocessable("nobody there takes calls", Fault("to", "unknown_desk"))

    def attempt(each: Try) -> Handover:
        found, known = handovers.of_desk(to)
        found = rules.standing(found, each.now)
        new = rules.handed(key.pk[:32], by.id, to, draft, each.now)
        stood = next((one for one in found if one.id == new.id), None)
        if stood is not None:
            if stood.draft != draft:
                raise KeyReused(
                    "this key was used for another request", Fault("Idempotency-Key", "key_reused")
                )
            return stood
        if len(rules.waiting(found)) >= rules.WAITING_MOST:
            raise Conflict("too many calls wait there", Fault("to", "desk_full"))
        handovers.save(to, [*found, new], known)
        return new

    return retried(world, attempt)


def take(world: World, account: Account, to: str, id_: str) -> Handover:
    """Take what was handed to this account, or back what it handed over; Conflict if the other one was first."""

    def attempt(each: Try) -> Handover:
        found, known = handovers.of_desk(to)
        found = rules.standing(found, each.now)
        stood = next((one for one in found if one.id == id_ and account.id in (one.by, one.to)), None)
        if stood is None:
            raise NotFound("no such call waits", Fault("handover_id", "not_found"))
        after = rules.taken(stood, account.id, each.now)
        if after.taken_by != account.id:
            raise Conflict("it was taken", Fault("handover_id", "handover_taken"))
        if after != stood:
            handovers.save(to, [after if one is stood else one for one in found], known)
        return after

    return retried(world, attempt)


def at_desk(world: World, account: Account, to: str) -> list[Handover]:
    """What waits for this account, or what became of that which it handed `to` another."""
    found = rules.standing(handovers.of_desk(to or account.id)[0], world.clock.now())
    return [each for each in found if each.by == account.id] if to else rules.waiting(found)
