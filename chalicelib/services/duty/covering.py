"""The coverage of the coming four weeks: measured beside all requests whenever anything of what it follows from has changed, and kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from msgspec.structs import replace

from ...bootstrap import World
from ...domain import times
from ...domain.coverage import Coverage, Measuring, Rosters, days_from
from ...domain.duty import Stretch, of_day, span
from ...domain.ids import fingerprint
from ...domain.registry import NOUNS
from ...errors import Unprocessable
from ...faults import Fault
from ...models import coverages, duty_changes, duty_days
from ...models import duty_sheets as store
from ...models.coverages import Measured
from ...models.registry import Snapshot
from ...observability import logger
from ...version import VERSION
from .sheets import Month, as_published

DAYS = 28
# Lambda gives the function a minute, and notices come before.
LONGEST_S = 20.0
# What decides how a plan is answered.
DECIDES = (
    "regency",
    "districts",
    "agencies",
    "stations",
    "units",
    "personnel",
    "certifications",
    "incident-types",
    "response-plans",
    "crews",
    "shift-codes",
    "duty-patterns",
)


class Shown(NamedTuple):
    """What is kept of an agency's coverage, and which stretches of it were asked for; `renewing` if something has changed since."""

    measured: Measured | None
    places: range
    renewing: bool


class Days(NamedTuple):
    """So many local days from one on, from today if it is None."""

    first: str | None
    number: int


def measure(world: World) -> dict[str, int]:
    """Measure all agencies' coverage anew if anything that decides it has changed; how many were, of how many it is too large to be kept."""
    registry = world.registry.current()
    today = _today(world)
    digest = digest_of(registry, today)
    if digest == coverages.known():
        return {}
    now, began = world.clock.now(), world.clock.monotonic()
    measuring = Measuring(_nouns(registry), _rosters(registry, days_from(today, DAYS), world))
    for day in measuring.days():
        if world.clock.monotonic() - began > LONGEST_S:
            logger.warning("coverage measured in part", extra={"until": day})
            break
    found = [Measured(digest=digest, at=now, coverage=measuring.of(each)) for each in measuring.agencies]
    too_large = coverages.save(found, digest, now)
    if too_large:
        logger.error("coverage too large to be kept", extra={"agencies": too_large})
    return {"measured": len(found), "failed": len(too_large)}


def shown(world: World, registry: Snapshot, agency_id: str, days: Days) -> Shown:
    """What is kept of an agency's coverage; Unprocessable for an agency that is not there."""
    if agency_id not in registry.agencies:
        raise Unprocessable("unknown agency", Fault("agency_id", "unknown_agency"))
    today, hours = _today(world), world.settings.utc_offset_hours
    measured = coverages.of_agency(agency_id)
    if measured is None:
        return Shown(None, range(0), renewing=True)
    places = measured.coverage.within(*_span(days_from(days.first or today, days.number), hours))
    return Shown(measured, places, measured.digest != digest_of(registry, today))


def digest_of(registry: Snapshot, today: str) -> str:
    """What stands for all that decides coverage: what is the same has the same."""
    at = registry.at
    nouns = [(noun, at.nouns.parts.get(noun, 0)) for noun in DECIDES]
    duty = [
        (agency_id, part, v)
        for agency_id, counter in sorted(at.duty.items())
        for part, v in sorted(counter.parts.items())
        # What moves nobody: that a day was frozen, that something was asked.
        if part not in (duty_days.PART, duty_changes.PART)
    ]
    return fingerprint(repr((VERSION, DAYS, today, nouns, duty, at.unexplained)))


def _nouns(registry: Snapshot) -> Mapping[str, Mapping[str, object]]:
    return {noun: registry.of(noun) for noun in NOUNS}


def _rosters(registry: Snapshot, days: list[str], world: World) -> Rosters:
    """Everybody's duty as it stands; a month of all agencies' sheets is one query."""
    hours = world.settings.utc_offset_hours
    before = times.local_day(f"{days[0]}T12:00:00Z", 0, -1)
    agencies = sorted(each.id for each in registry.agencies.values() if not each.retired)
    by_day: dict[str, list[Stretch]] = {
        day: [each for agency_id in agencies for each in registry.duty(agency_id, day, hours)]
        for day in (before, *days)
    }
    return Rosters(by_day, days, hours)


def of_draft(world: World, registry: Snapshot, which: Month, days: Days) -> tuple[Coverage, range]:
    """The coverage of a few days as it would be with a month's draft published from tomorrow on; nothing is written or kept.

    Unprocessable for a day of another month.
    """
    hours, first = world.settings.utc_offset_hours, days.first or max(which.days[0], _today(world))
    if first not in which.days:
        raise Unprocessable("no day of the month", Fault("from", "no_day"))
    wanted = [day for day in days_from(first, days.number) if day in which.days]
    kept, before = store.read(*which)
    by_day = dict(_rosters(registry, wanted, world).by_day)
    since = max(which.days[0], times.day_after(_today(world)))
    sheet = as_published(registry, which, (kept.draft, before.sheet), since)
    # Nobody publishes a blank month: until something is filled in, what stands counts.
    begun = before.sheet is not None or any(row.cells for row in kept.draft.rows)
    # Also of the day before, whose night is part of the first.
    for day in (each for each in list(by_day) if begun and each >= since and each in which.days):
        roster = replace(registry.roster(which.agency_id, day, hours), sheets={which.month: sheet})
        others = [each for each in by_day[day] if each.agency_id != which.agency_id]
        by_day[day] = [*others, *of_day(roster, day)]
    measuring = Measuring(_nouns(registry), Rosters(by_day, wanted, hours), only=which.agency_id)
    for _ in measuring.days():
        pass
    coverage = measuring.of(which.agency_id)
    return coverage, range(len(coverage.starts))


def _today(world: World) -> str:
    return times.local_day(world.clock.now(), world.settings.utc_offset_hours)


def _span(days: list[str], hours: int) -> tuple[str, str]:
    """When the first of some local days begins and the last ends."""
    return span(days[0], "00:00", "00:00", hours)[0], span(days[-1], "00:00", "00:00", hours)[1]
