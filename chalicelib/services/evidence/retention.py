"""Retention: erases personal data whose period has passed, some at a time, and goes on the next day where it was stopped.

Each step can be cut off anywhere and done again: what is erased is known by its salt being gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ...bootstrap import World
from ...domain import retention as rules
from ...domain import times
from ...domain.blocking import ended_at
from ...models import erasing, heartbeats, incidents, page_codes, registry_writes
from ...models.change import Change
from ...models.conflicts import ConditionFailed, Passing
from ...models.heartbeats import Heartbeat
from ...models.registry import BLOCKS
from ...models.staging import unfinished
from ...models.versions import Stamp
from ...observability import logger
from ..changes.retrying import REGISTRY_CONTENDED, retried
from ..changes.writing import Actor, must, write
from ..response import staging
from . import erasing_versions

RETENTION = Actor(id="system:retention", source="timer")
NAME = "retention"
EVERY_S = rules.DAY_S
# Lambda gives the function a minute: the first for incidents, so that a backlog of them keeps nothing else waiting.
INCIDENTS_S = 25.0
LONGEST_S = 45.0
# A run looks at most so far beyond the one before: a clock that jumped years ahead must not erase what has years left.
STEP_S = 7 * rules.DAY_S
# No call without an incident is older than the first deployment.
FIRST_DAY = "2026-01-01"
READ_AT_ONCE = 100
BLOCKS_AT_ONCE = 20
KEYS_MOST = 20_000
VERSIONS_MOST = 900

# An import that nobody went on with for a week is taken back; the file can be run again at any time.
UNFINISHED_S = 7 * rules.DAY_S

COUNTED = (
    "incidents",
    "calls",
    "shifts",
    "sheets",
    "blocks",
    "history",
    "versions",
    "keys",
    "imports",
    "found",
    "failed",
    "unfinished",
)


class Run:
    """One run's clock and counts; `as_of` is the instant as of which it erases."""

    def __init__(self, world: World, as_of: str) -> None:
        self.world = world
        self.as_of = as_of
        self.days = world.settings.retention_days
        self.counts = dict.fromkeys(COUNTED, 0)
        self._began = world.clock.monotonic()

    def over(self, longest_s: float = LONGEST_S) -> bool:
        return self.world.clock.monotonic() - self._began > longest_s

    def cutoff(self, kind: str) -> str:
        return times.plus(self.as_of, -rules.DAY_S * self.days[kind])


def erase(world: World) -> dict[str, int]:
    """Erase what is due and write the heartbeat; how much of each was erased, `unfinished` if the time was too short.

    The heartbeat is of the instant as of which it was erased: after a long pause, or with a clock that is wrong, it lies
    behind and health says so.
    """
    last = heartbeats.heartbeats((NAME,)).get(NAME)
    now = world.clock.now()
    run = Run(world, min(now, times.plus(last.at, STEP_S)) if last else now)
    reached = dict(zip(WALKS, last.resume.split() if last else (), strict=False))
    _attempt(run, lambda: _incidents(run))
    for step in (_blocks, _history, _versions, _keys, _imports):
        _attempt(run, lambda step=step: step(run))  # type: ignore[misc]
    for kind in WALKS:
        reached.setdefault(kind, FIRST_DAY)
        _attempt(run, lambda kind=kind: _walk(run, kind, reached))  # type: ignore[misc]
    resume = " ".join(reached[kind] for kind in WALKS)
    heartbeats.beat(NAME, Heartbeat(at=run.as_of, counts=run.counts, resume=resume))
    return run.counts


def _attempt(run: Run, step: Callable[[], None]) -> None:
    try:
        step()
    except Exception:
        # The other kinds must be erased all the same.
        logger.exception("retention failed")
        run.counts["failed"] += 1


def _incidents(run: Run) -> None:
    for incident_id in _due(run):
        if run.over(INCIDENTS_S):
            run.counts["unfinished"] = 1
            return
        try:
            erase_incident(run.world, incident_id, run.as_of)
        except Exception:
            logger.exception("not erased", extra={"incident": incident_id})
            run.counts["failed"] += 1
        else:
            run.counts["incidents"] += 1


def _due(run: Run) -> Iterator[str]:
    for kind in (*rules.OF_INCIDENT, *rules.OF_DRILL):
        # Read whole before anything is written, as erasing moves incidents within the index.
        ids = list(erasing.ended(kind, rules.ended_before(kind, run.days, run.as_of)))
        for start in range(0, len(ids), READ_AT_ONCE):
            found = incidents.several(ids[start : start + READ_AT_ONCE])
            yield from (each.id for each in found.values() if rules.due(each, run.days, run.as_of))


def erase_incident(world: World, incident_id: str, as_of: str) -> None:
    """Erase what is due of one incident as of an instant, in as many transactions as it takes."""

    def prepare(now: str) -> Change:
        loaded = must(incidents.load_state(incident_id), incident_id)
        decision = rules.by_age(
            loaded.incident,
            loaded.calls.values(),
            loaded.notes,
            loaded.pages.values(),
            world.settings.retention_days,
            as_of,
        )
        for page in decision.pages:
            # First, since afterwards nobody knows its codes any more.
            page_codes.forget(loaded.pages[page.id])
        return Change(loaded, decision)

    while write(world, RETENTION, prepare).events:
        pass


def _walk(run: Run, kind: str, reached: dict[str, str]) -> None:
    """Go over the local days that lie a kind's period back, from the last one that was looked at."""
    hours = run.world.settings.utc_offset_hours
    last = times.local_day(run.cutoff(kind), hours, -1)
    while reached[kind] <= last:
        if run.over():
            run.counts["unfinished"] = 1
            return
        WALKS[kind](run, reached[kind])
        if reached[kind] == last:
            return
        reached[kind] = times.local_day(f"{reached[kind]}T12:00:00Z", 0, 1)


def _other_calls(run: Run, day: str) -> None:
    """Erase a day's calls, and have the next run find incidents that ended under a release that knew no retention."""
    offset = run.world.settings.utc_offset_hours
    run.counts["found"] += erasing.put_into_index(day, offset, run.world.clock.now())
    for call, version in erasing.other_calls(day):
        if not call.salt:
            continue
        try:
            erasing.save_other_call(day, rules.blank_call(call), version)
        except ConditionFailed:
            continue  # Another run is at it.
        run.counts["calls"] += 1


def _rosters(run: Run, day: str) -> None:
    for agency_id in run.world.registry.current().agencies:
        # A month's sheet goes with its last day.
        month = day[:7] if times.day_after(day)[:7] != day[:7] else ""
        sheet = month and erasing.has_sheet(agency_id, month)
        if sheet or erasing.has_shifts(agency_id, day):
            retried(
                run.world,
                lambda each, agency_id=agency_id: registry_writes.forget_roster(  # type: ignore[misc]
                    agency_id, day, Stamp(each.now, RETENTION.id, run.world.mint.salt)
                ),
                REGISTRY_CONTENDED,
            )
            run.counts["shifts"] += erasing.forget_shifts(agency_id, day)
            if sheet:
                run.counts["sheets"] += erasing.forget_sheet(agency_id, month)


WALKS: dict[str, Callable[[Run, str], None]] = {"other_calls": _other_calls, "rosters": _rosters}


def _blocks(run: Run) -> None:
    registry = run.world.registry.current()
    before = run.cutoff("blocks")
    old = [each for each in registry.blocks.values() if ended_at(each) < before][:BLOCKS_AT_ONCE]
    if not old:
        return
    for block in old:
        # First, since the block alone leads to it.
        erasing.forget_block_history(block.id)
    deletes = [(registry_writes.block_item(each), registry.versions[BLOCKS, each.id]) for each in old]
    try:
        registry_writes.write([], deletes, at=registry.at, stamp=None)
    except Passing:
        run.counts["unfinished"] = 1
    else:
        run.counts["blocks"] += len(old)


def _history(run: Run) -> None:
    before = run.cutoff("unit_history")
    for unit_id in run.world.registry.current().units:
        if run.over():
            run.counts["unfinished"] = 1
            return
        run.counts["history"] += erasing.forget_unit_history(unit_id, before)


def _versions(run: Run) -> None:
    cutoff = run.cutoff("versions")
    run.counts["versions"] = erasing_versions.erase_old(run.world, RETENTION.id, cutoff, VERSIONS_MOST)


def _keys(run: Run) -> None:
    run.counts["keys"] = erasing.forget_expired_keys(run.as_of, KEYS_MOST)


def _imports(run: Run) -> None:
    for incident_id in list(unfinished(times.plus(run.as_of, -UNFINISHED_S))):
        run.counts["imports"] += staging.forget(run.world, incident_id, run.world.mint.id())
