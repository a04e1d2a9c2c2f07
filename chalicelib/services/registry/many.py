"""Many things of the registry written at once, as an import brings them, and all that an import did taken back.

Both go chunk by chunk, each whole with its records and with the list of what the import wrote: a run that dies anywhere is sent
again, and what stands already is not written twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, NamedTuple

from msgspec.structs import replace

from ...bootstrap import World
from ...domain import registry_rules
from ...domain.references import references
from ...domain.registry import NOUNS, Person, Unit
from ...domain.registry_rules import Book
from ...domain.shapes import from_json
from ...domain.versions import Brought
from ...domain.versions import Named as Thing
from ...faults import Fault
from ...models import brought, registry_writes, versions
from ...models.counters import Counters
from ...models.registry import NOUN_PK, Snapshot
from ...models.registry_writes import Item, ToDelete, ToPut
from ...models.transactions import LIMIT
from ...models.versions import Stamp
from ..changes.retrying import REGISTRY_CONTENDED, Try, retried
from . import keeping

# API Gateway waits 29 s for an answer.
LONGEST_S = 20.0
READ_AT_ONCE = 8
# The counters of all and of the nouns, the nouns' log, the list of what the import wrote.
BESIDES = 4


class Row(NamedTuple):
    """A thing as it is to be: `value` is None for one that is removed, `known` the version it replaces, None for a new one.

    `of` is the version that is put back so.
    """

    noun: str
    id: str
    value: Any
    known: int | None
    of: int | None = None

    @property
    def thing(self) -> Thing:
        return self.noun, self.id


class Import(NamedTuple):
    """Which import writes, by whose hand and why."""

    id: str
    by: str
    why: str = ""


class Left(NamedTuple):
    """A thing that was left as it is, and why."""

    noun: str
    id: str
    faults: list[Fault]


@dataclass
class Outcome:
    """What was written by this call, what was left as it is, and whether time ran out: the same call goes on."""

    written: list[Thing]
    left: list[Left]
    more: bool = False


def faults_of(world: World, registry: Snapshot, rows: Sequence[Row]) -> dict[Thing, list[Fault]]:
    """What is wrong with each of many things once all are written; what they would break in others is told of who breaks it.

    Nothing is written: this is the dry run of `write_many`.
    """
    now = world.clock.now()
    before = _before(registry, rows)
    book = keeping.book_of(world, registry, _rosters(before, rows), now)
    return {thing: found for thing, found in _faults(registry, book, before, rows).items() if found}


def write_many(
    world: World, rows: Sequence[Row], bringing: Import, stopped: Callable[[], bool] = lambda: False
) -> Outcome:
    """Write many things as an import brings them; what has faults, or was changed by others meanwhile, is left and named.

    What this import has written before is not written again, so that a call whose answer was lost is simply sent again.
    `stopped` is asked before each chunk. Shifts are not among them: a roster has rules of its own.
    """
    return _Run(world, bringing, undoes=False, stopped=stopped).write(list(rows))


def take_back(world: World, bringing: Import) -> Outcome:
    """Put everything back that an import did, each as a new version; what was changed since is left and named.

    What it made is removed, unless something refers to it by now. It looks once more when it is done: what a commit wrote while this
    began is taken back too.
    """
    outcome = _take_back(world, bringing)
    if outcome.more:
        return outcome
    again = _take_back(world, bringing)
    return Outcome(written=[*outcome.written, *again.written], left=again.left, more=again.more)


def _take_back(world: World, bringing: Import) -> Outcome:
    things = brought.things_of(brought.of_import(bringing.id))[::-1]
    rows: list[Row] = []
    left: list[Left] = []
    with ThreadPoolExecutor(READ_AT_ONCE) as pool:
        found = pool.map(lambda thing: _undoing(thing, bringing.id), things)
        for thing, row in zip(things, found, strict=True):
            if row is None:
                left.append(_changed_since(thing))
            else:
                rows.append(row)
    outcome = _Run(world, bringing, undoes=True).write(rows)
    outcome.left = [*left, *outcome.left]
    return outcome


def _changed_since(thing: Thing) -> Left:
    return Left(noun=thing[0], id=thing[1], faults=[Fault("id", "changed_meanwhile")])


def _undoing(thing: Thing, import_id: str) -> Row | None:
    """What puts a thing back as it was before an import; None where somebody else has changed it since."""
    noun, id_ = thing
    records = [kept for kept, _ in versions.links(NOUN_PK, f"{noun}#{id_}")]
    first = len(records)
    while first and records[first - 1].record.import_id == import_id:
        first -= 1
    if first == len(records):
        return None
    known = records[-1].record.version
    earlier = records[first - 1] if first else None
    if earlier is None or earlier.record.change == "removed":
        return Row(noun, id_, None, known)
    if not earlier.value:
        return None
    return Row(noun, id_, from_json(earlier.value, NOUNS[noun]), known, of=earlier.record.version)


class _Run:
    """One call that writes many things, and what it decides on."""

    def __init__(
        self, world: World, bringing: Import, *, undoes: bool, stopped: Callable[[], bool] = lambda: False
    ) -> None:
        self._world = world
        self._bringing = bringing
        self._undoes = undoes
        self._stopped = stopped
        self._began = world.clock.monotonic()
        self._outcome = Outcome(written=[], left=[])
        self._at = Counters()
        self._rosters: tuple[str, ...] = ()
        self._rows: list[Row] = []

    def write(self, rows: list[Row]) -> Outcome:
        self._rows = rows
        decided = False

        def attempt(each: Try) -> bool:
            nonlocal decided
            if self._stopped():
                return False
            if each.failed or not decided:
                self._decide(each.now)
                decided = True
            if self._rows:
                self._write_chunk(each.now)
            return bool(self._rows)

        while retried(self._world, attempt, REGISTRY_CONTENDED, begun=bool(self._outcome.written)):
            if self._world.clock.monotonic() - self._began > LONGEST_S:
                self._outcome.more = True
                break
        return self._outcome

    def _decide(self, now: str) -> None:
        """Leave out of what is still to be written whatever stands, has faults, or was changed by others, on the registry as it is now."""
        done = set(brought.things_of(brought.of_import(self._bringing.id)))
        self._rows = [row for row in self._rows if (row.thing in done) == self._undoes]
        registry = self._world.registry.current()
        stale = [row for row in self._rows if registry.versions.get(row.thing) != row.known]
        self._leave([_changed_since(row.thing) for row in stale])
        before = _before(registry, self._rows)
        self._rosters = _rosters(before, self._rows)
        book = keeping.book_of(self._world, registry, self._rosters, now)
        # What leans on a thing that is left out has faults in its turn.
        while found := {
            thing: each for thing, each in _faults(registry, book, before, self._rows).items() if each
        }:
            self._leave([Left(noun=thing[0], id=thing[1], faults=each) for thing, each in found.items()])
        self._at = registry.at

    def _leave(self, left: list[Left]) -> None:
        self._outcome.left += left
        gone = {(each.noun, each.id) for each in left}
        self._rows = [row for row in self._rows if row.thing not in gone]

    def _write_chunk(self, now: str) -> None:
        # What is new has one record, what had none has two.
        room, chunk = LIMIT - BESIDES - len(self._rosters), []
        for row in self._rows:
            room -= 2 if row.known is None else 3
            if room < 0:
                break
            chunk.append(row)
        puts: list[ToPut] = []
        deletes: list[ToDelete] = []
        for row in chunk:
            if row.value is not None:
                puts.append((registry_writes.item_of(row.noun, row.value), row.known))
            elif row.known is not None:
                deletes.append((Item(pk=NOUN_PK, sk=_sk(row)), row.known))
        things = [row.thing for row in chunk]
        told = Brought(at=now, by=self._bringing.by, things=things, undone=self._undoes)
        puts.append((brought.item_of(self._bringing.id, self._world.mint.id(), told), None))
        by, why = self._bringing.by, self._bringing.why
        id_ = "" if self._undoes else self._bringing.id
        back = {_sk(row): row.of for row in chunk if row.of}
        stamp = Stamp(now, by, self._world.mint.salt, why=why, import_id=id_, put_back=back)
        self._at = registry_writes.write(puts, deletes, self._at, self._rosters, stamp=stamp)
        self._outcome.written += things
        self._rows = self._rows[len(chunk) :]


def _sk(row: Row) -> str:
    return f"{row.noun}#{row.id}"


def _before(registry: Snapshot, rows: Iterable[Row]) -> dict[Thing, Any]:
    """What each thing is now, None for what is not there."""
    return {row.thing: registry.of(row.noun).get(row.id) for row in rows}


def _rosters(before: Mapping[Thing, Any], rows: Iterable[Row]) -> tuple[str, ...]:
    """The agencies from whose rosters somebody or something may be taken by what is written."""
    found: set[str] = set()
    for row in rows:
        was = before[row.thing]
        if row.value is None and isinstance(was, Person | Unit):
            found.add(was.agency_id)
        found.update(keeping.rosters_of(was, row.value))
    return tuple(sorted(found))


def _faults(
    registry: Snapshot, book: Book, before: Mapping[Thing, Any], rows: Sequence[Row]
) -> dict[Thing, list[Fault]]:
    """What is wrong with each thing in the book as all of them make it, and what it alone would break in others."""
    after = _with(book, rows)
    found = {row.thing: list(_own(registry, book, after, row)) for row in rows}
    written = {f"{row.noun}/{row.id}" for row in rows}
    others = [fault for fault in registry_rules.introduced(book, after, "", "") if fault.about not in written]
    for row, fault in _guilty(others, book, before, rows):
        found[row.thing].append(fault)
    return found


def _guilty(
    others: Sequence[Fault], book: Book, before: Mapping[Thing, Any], rows: Iterable[Row]
) -> Iterator[tuple[Row, Fault]]:
    """By which changes other things break: those that break one alone, or, where it takes several, all of them."""
    # What is new breaks nothing.
    changed = [row for row in rows if before[row.thing] is not None] if others else []
    alone: dict[int, list[Row]] = {}
    for row in changed:
        after = book.with_(row.noun, row.id, row.value)
        for number, fault in enumerate(others):
            if registry_rules.has(after, fault):
                alone.setdefault(number, []).append(row)
    for number, fault in enumerate(others):
        for row in alone.get(number, changed):
            yield row, fault


def _own(registry: Snapshot, book: Book, after: Book, row: Row) -> Iterator[Fault]:
    if row.value is not None:
        yield from registry_rules.faults(row.value, after)
        yield from keeping.unreachable(registry, row.value)
        return
    if row.noun == "units" and any(state.unit_id == row.id for state in book.states):
        # It was sent, or out of service: incidents and figures name it.
        yield Fault("id", "named_by_old")
    for shift in book.shifts:
        for path, noun, id_ in references(shift):
            if (noun, id_) == row.thing:
                yield Fault(path, "unknown", {"noun": noun, "id": id_}, about=f"shifts/{shift.id}")


def _with(book: Book, rows: Iterable[Row]) -> Book:
    nouns = {noun: dict(things) for noun, things in book.nouns.items()}
    for row in rows:
        if row.value is None:
            nouns[row.noun].pop(row.id, None)
        else:
            nouns[row.noun][row.id] = row.value
    return replace(book, nouns=nouns)
