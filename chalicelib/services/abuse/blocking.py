"""Blocking numbers that play pranks, and what a block does to a call or an SMS."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from ...bootstrap import World
from ...domain import bounds, ids, times
from ...domain.blocking import BLOCKED_S, SHOWN_S, Block, outdated, stands
from ...domain.registry import Agency, Person
from ...errors import Conflict, NotFound, NumberBlocked, Unprocessable
from ...faults import Fault
from ...models import keys, registry_writes
from ...models.conflicts import ConditionFailed
from ...models.keys import Count, Key
from ...models.registry import BLOCKS, Snapshot
from ...models.transactions import Transaction
from ...observability import count
from ..changes.retrying import REGISTRY_CONTENDED, Try, retried
from ..changes.writing import Actor
from . import limits

# Every process keeps all of them, and a supervisor means each one.
MOST = 200
DAY_COUNT_KEPT_S = 2 * 24 * 3600


class Counts(Struct, frozen=True, kw_only=True):
    """What came from a number since it was blocked: calls refused, calls taken all the same, SMS ignored."""

    refused: int
    taken: int
    sms: int


def find(world: World, registry: Snapshot, number: str) -> Block | None:
    """The block that stands against a number; none ever does against somebody whom the registry knows."""
    block = registry.blocks.get(_id(world, number)) if number else None
    if block is None or not stands(block, world.clock.now()) or registered(registry, number):
        return None
    return block


def registered(registry: Snapshot, number: str) -> bool:
    """Whether a number is a responder's or an agency's."""
    return any(
        each.phone == number and not each.retired
        for each in chain[Person | Agency](registry.people.values(), registry.agencies.values())
    )


def block(world: World, registry: Snapshot, by: str, number: str, reason: str) -> tuple[Block, bool]:
    """Block a number for a day, and whether this is new: one that is blocked already stays as it is."""
    id_ = _id(world, number)
    known = registry.blocks.get(id_)
    if known is None or not stands(known, world.clock.now()):
        limits.hourly(world, f"blocks:{by}", bounds.BLOCKED_AN_HOUR, "an account blocks no faster")

    def decide(registry: Snapshot, now: str) -> Block | None:
        if registered(registry, number):
            raise Unprocessable(
                "a crew's or an agency's number is not blocked", Fault("number", "number_registered")
            )
        known = registry.blocks.get(id_)
        if known and stands(known, now):
            return None
        if sum(stands(each, now) for each in registry.blocks.values()) >= MOST:
            raise Conflict(f"{MOST} numbers are blocked; unblock one", Fault("number", "blocked_full"))
        times_ = known.times + 1 if known else 1
        until = times.plus(now, BLOCKED_S)
        return Block(id=id_, number=number, reason=reason, by=by, at=now, until=until, times=times_)

    return _write(world, registry, id_, by, decide)


def unblock(world: World, registry: Snapshot, by: str, id_: str) -> Block:
    """Lift a block at once; one that has ended stays as it is."""

    def decide(registry: Snapshot, now: str) -> Block | None:
        known = registry.blocks.get(id_)
        if known is None:
            raise NotFound("no such blocked number", Fault("block_id", "not_found"))
        return replace(known, lifted_at=now, lifted_by=by) if stands(known, now) else None

    return _write(world, registry, id_, by, decide)[0]


def _write(
    world: World, registry: Snapshot, id_: str, by: str, decide: Callable[[Snapshot, str], Block | None]
) -> tuple[Block, bool]:
    """Write what is decided on the present registry with the record of who did it; None: it stands so already."""

    def attempt(each: Try) -> tuple[Block, bool]:
        present = world.registry.current() if each.failed else registry
        fresh = decide(present, each.now)
        if fresh is None:
            # By somebody else, or by an earlier try of ours whose answer was lost.
            return present.blocks[id_], each.failed is not None and present.blocks[id_].by == by
        known = present.versions.get((BLOCKS, id_))
        history = registry_writes.block_history_item(fresh, by, f"{each.now}#{(known or 0) + 1}")
        registry_writes.write(
            [(registry_writes.block_item(fresh), known), (history, None)], at=present.at, stamp=None
        )
        if not fresh.lifted_at:
            count("BlockedNumbers")
        return fresh, True

    return retried(world, attempt, REGISTRY_CONTENDED)


def listed(world: World, registry: Snapshot) -> list[tuple[Block, Counts]]:
    """The blocks that stand, and then those that ended lately, each the newest first, with what came since."""
    now = world.clock.now()
    blocks = [each for each in registry.blocks.values() if not outdated(each, now)]
    blocks.sort(key=lambda each: (stands(each, now), each.at), reverse=True)
    return [(each, counts) for each, counts in zip(blocks, counts_of(blocks), strict=True)]


def counts_of(blocks: list[Block]) -> list[Counts]:
    """What came from each number since it was blocked, in as few requests as there are hundreds of blocks."""
    found = keys.read([_count(each, what).what for each in blocks for what in Counts.__struct_fields__])
    return [
        Counts(**{what: found[_count(each, what).what] for what in Counts.__struct_fields__})
        for each in blocks
    ]


def calls_today(world: World, number: str) -> int:
    """How many calls from a number were logged on this local day."""
    today = _today(world, number, world.clock.now()).what
    return keys.read([today])[today]


def refuse(world: World, actor: Actor, block: Block) -> None:
    """Refuse an emergency from a blocked number; NumberBlocked, unless it is a repeat of one that was taken."""
    now = world.clock.now()
    if actor.key and keys.find(actor.key, now) is not None:
        return
    keys.add(_count(block, "refused"), now)
    count("BlockedCallsRefused")
    raise NumberBlocked(
        "the number is blocked; insist if it is real",
        Fault("number", "number_blocked", {"until": block.until}),
    )


def ignore_sms(world: World, block: Block, key: Key) -> bool:
    """Count an SMS from a blocked number once, and whether this did; nothing else is kept of it."""

    def attempt(each: Try) -> bool:
        transaction = Transaction()
        keys.add_to(transaction, key, {}, each.now)
        keys.add_count(transaction, _count(block, "sms"), each.now)
        try:
            transaction.commit()
        except ConditionFailed:
            return False
        count("BlockedSmsIgnored")
        return True

    return retried(world, attempt)


def counts_for(world: World, number: str, received_at: str, block: Block | None) -> list[Count]:
    """What a logged call raises, in its own transaction: its number's count of the day, and that of a block."""
    day = [_today(world, number, received_at)] if number else []
    return [*day, _count(block, "taken")] if block else day


def _id(world: World, number: str) -> str:
    return ids.keyed(world.settings.link_secret, "number", number)


def _today(world: World, number: str, at: str) -> Count:
    day = times.local_day(at, world.settings.utc_offset_hours)
    return Count(what=f"calls:{_id(world, number)}:{day}", kept_s=DAY_COUNT_KEPT_S)


def _count(block: Block, what: str) -> Count:
    return Count(what=f"block:{block.id}:{block.at}:{what}", kept_s=BLOCKED_S + SHOWN_S)
