"""Figures of response times over some days, and the cases behind each of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from ...bootstrap import World
from ...domain import cases
from ...domain.cases import AnyClock, Case, Chosen
from ...domain.facts import Facts
from ...domain.references import references
from ...errors import Unprocessable
from ...faults import Fault
from ...models import facts
from ...models.registry import Snapshot

DAYS_MOST = 366


class Days(NamedTuple):
    """From one local day to another, both included."""

    first: date
    last: date


def facts_of(days: Days) -> Iterator[Facts]:
    """What ended of the incidents opened on some days; Unprocessable for more than a year, or none."""
    if not 1 <= (days.last - days.first).days + 1 <= DAYS_MOST:
        raise Unprocessable(
            "those days cannot be reported", Fault("to", "report_days", {"days": str(DAYS_MOST)})
        )
    return facts.of_days(days.first.isoformat(), days.last.isoformat())


def cases_of(world: World, registry: Snapshot, days: Days, clock: AnyClock, chosen: Chosen) -> Iterator[Case]:
    """The cases that are chosen; Unprocessable names all that the registry does not know."""
    named = [
        *references(chosen),
        ("type", "incident-types", chosen.type),
        ("district", "districts", chosen.district),
    ]
    unknown = [
        Fault(name, "unknown", {"noun": noun, "id": id_})
        for name, noun, id_ in named
        if id_ and id_ not in registry.of(noun)
    ]
    if unknown:
        raise Unprocessable("the registry does not know this", *unknown)
    targets = list(registry.of("targets").values())
    return cases.cases(facts_of(days), clock, targets, chosen, world.settings.utc_offset_hours)
