"""Personal values in the registry's history: found by a number, erased on request or by age; what stands is the registry's to change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
from msgspec import Struct

from ...bootstrap import World
from ...domain.versions import KeptVersion
from ...models import registry_writes, versions
from ...models.registry import Snapshot
from ...models.versions import Held, Stamp
from ..changes.retrying import REGISTRY_CONTENDED, Try, retried

# The nouns whose values name somebody; the first two hold numbers.
PERSONAL = ("personnel", "agencies", "accounts")
WITH_NUMBERS = PERSONAL[:2]
# With the log's entry, its counter and the one of all.
AT_ONCE = 90


class OfNumber(Struct, frozen=True, kw_only=True):
    """A version that holds a number, as it stands in the history."""

    noun: str
    id: str
    v: int
    at: str
    name: str


def with_number(number: str) -> list[OfNumber]:
    """Every version in the history that holds a number."""
    return [
        _of_number(held.kept)
        for noun in WITH_NUMBERS
        for records in _chains(noun)
        for held in records
        if _holds(held, number)
    ]


def _of_number(kept: KeptVersion) -> OfNumber:
    record = kept.record
    name = msgspec.json.decode(kept.value, type=_Named).name
    return OfNumber(noun=record.noun, id=record.id, v=record.version, at=record.at, name=name)


class _Named(Struct):
    name: str = ""


def erase_number(world: World, registry: Snapshot, by: str, number: str, request: int) -> int:
    """Erase every earlier version of what once had a number and has it no more, removed or written over; how many."""
    erased = 0
    for noun in WITH_NUMBERS:
        for records in list(_chains(noun)):
            if not any(_holds(held, number) for held in records):
                continue
            stands = registry.of(noun).get(records[0].kept.record.id)
            if stands is not None and stands.phone == number:
                continue
            gone = [held for held in records[: -1 if stands else None] if not held.kept.erased]
            # Last what holds the number: as long as one does, the rest is found again.
            gone.sort(key=lambda held: _holds(held, number))
            erased += _erase(world, by, gone, request)
    return erased


def erase_old(world: World, by: str, before: str, most: int) -> int:
    """Erase versions of people, accounts and agencies that others took the place of before an instant; how many."""
    due = [held for noun in PERSONAL for records in _chains(noun) for held in _outdated(records, before)]
    return _erase(world, by, due[:most], None)


def _outdated(records: list[Held], before: str) -> Iterator[Held]:
    """Which versions stood for the last time before an instant; what still stands is none."""
    for held, after in zip(records, [*records[1:], None], strict=True):
        gone = held.kept.record.change == "removed"
        until = after.kept.record.at if after else held.kept.record.at if gone else ""
        if until and until < before and not held.kept.erased:
            yield held


def _erase(world: World, by: str, found: list[Held], request: int | None) -> int:
    for start in range(0, len(found), AT_ONCE):
        _erase_some(world, by, found[start : start + AT_ONCE], request)
    return len(found)


def _erase_some(world: World, by: str, found: list[Held], request: int | None) -> None:
    def attempt(each: Try) -> None:
        # The answer to the try before may have been lost, or somebody else was first.
        if left := versions.again(found) if each.failed else found:
            registry_writes.erase_values(left, Stamp(each.now, by, world.mint.salt), request)

    retried(world, attempt, REGISTRY_CONTENDED)


def _holds(held: Held, number: str) -> bool:
    return number in held.kept.value


def _chains(noun: str) -> Iterable[list[Held]]:
    """The records of each thing of a noun, in their order."""
    chains: dict[str, list[Held]] = {}
    for held in versions.of_noun(noun):
        chains.setdefault(held.kept.record.id, []).append(held)
    return chains.values()
