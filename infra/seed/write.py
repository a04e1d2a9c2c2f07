"""Writes a seed into the registry's table, each part once: what somebody deletes later stays deleted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from chalicelib.domain.mint import Mint
from chalicelib.domain.registry import UNSAID, Regency
from chalicelib.gateways.clock import SystemClock
from chalicelib.models import registry, registry_writes
from chalicelib.models.conflicts import ConditionFailed
from chalicelib.models.tables import RegistryItem
from chalicelib.models.transactions import LIMIT
from chalicelib.models.versions import Stamp
from infra.seed.load import Seed

MARKS = "SEED"
# What duty follows from; releases before knew single shifts, which were made for two weeks.
DUTY, DUTY_MARK = ("shift-codes", "crews", "duty-patterns"), "duty"
# A transaction also records each item, and raises the registry's counters: the total, and that of the nouns with its log.
CHUNK = (LIMIT - 3) // 4
SEEDED = "system:seed"


def stamped(by: str) -> Stamp:
    """That a script writes the registry now."""
    clock = SystemClock()
    return Stamp(clock.now(), by, Mint(clock, "", replies=False).salt)


def write_nouns(seed: Seed) -> int:
    """Write the seed's nouns, once in the life of the tables; how many. Its regency also where a release before knew none."""
    if "nouns" in marks():
        if registry.RegistryCache().current().regency is not UNSAID:
            return 0
        return write_missing(
            [registry_writes.item_of("regency", each) for each in seed.of(Regency)], "regency"
        )
    return write_missing(_items(seed, [noun for noun in seed.nouns if noun not in DUTY]), "nouns")


def write_duty(seed: Seed) -> int:
    """Write what duty follows from, once, also where a release before has made single shifts of it; how many."""
    if DUTY_MARK in marks():
        return 0
    return write_missing(_items(seed, DUTY), DUTY_MARK)


def _items(seed: Seed, nouns: Iterable[str]) -> list[RegistryItem]:
    return [registry_writes.item_of(noun, value) for noun in nouns for value in seed.nouns.get(noun, ())]


def marks() -> set[str]:
    """Which parts have been written."""
    return {item.sk for item in RegistryItem.query(MARKS, consistent_read=True)}


def write_missing(items: Sequence[RegistryItem], mark: str) -> int:
    """Write the items that are not there, and then the mark; how many."""
    partitions = {item.pk for item in items}
    known = {(item.pk, item.sk) for pk in partitions for item in RegistryItem.query(pk, consistent_read=True)}
    missing = [item for item in items if (item.pk, item.sk) not in known]
    # The mark comes with the last transaction, so that a crash on the way leaves it out.
    everything = [*missing, RegistryItem(pk=MARKS, sk=mark)]
    for start in range(0, len(everything), CHUNK):
        _write_chunk(everything[start : start + CHUNK])
    return len(missing)


def _write_chunk(items: Iterable[RegistryItem]) -> None:
    for _ in range(20):
        try:
            registry_writes.write([(item, None) for item in items], stamp=stamped(SEEDED))
            return
        except ConditionFailed as failed:
            # Somebody edits the registry at this moment; its counter has moved on.
            if failed.labels != {"counter"}:
                raise
    raise TimeoutError("the registry changes all the time")
