"""Each agency's day of duty is frozen as evidence when it begins, as it was known then; late, it is reckoned from what was known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from ...bootstrap import World
from ...domain import duty, times
from ...domain.duty.frozen import FrozenRecord, frozen
from ...domain.registry import NOUNS
from ...domain.shapes import from_json
from ...models import duty_days, versions
from ...models.conflicts import ConditionFailed
from ...models.registry import Snapshot
from ..changes.retrying import REGISTRY_CONTENDED, Try, retried

BY = "system:duty"
# What patterns say follows from these.
PATTERNS = ("crews", "shift-codes", "duty-patterns")
# So many days are made up for, if nobody looked for so long.
DAYS_BACK = 7

Nouns = Mapping[str, Mapping[str, Any]]


def freeze(world: World) -> int:
    """Freeze what has begun and is not frozen; how many agencies' days. Nothing is asked of a day that this process has seen to."""
    hours = world.settings.utc_offset_hours
    today = times.local_day(world.clock.now(), hours)
    if world.frozen.day == today:
        return 0
    registry = world.registry.current()
    agencies = sorted(each.id for each in registry.agencies.values() if not each.retired)
    days = [times.local_day(world.clock.now(), hours, by) for by in range(-DAYS_BACK, 1)]
    known = duty_days.read((agency_id, day) for agency_id in agencies for day in days)
    nouns: dict[str, Nouns] = {}
    number = 0
    for agency_id in agencies:
        own = [day for day in days if (agency_id, day) in known]
        # The first of an agency is today; from then on none is left out.
        for day in [each for each in days if own and each > own[0] and each not in own] or (
            [] if own else [today]
        ):
            began, _ = duty.span(day, "00:00", "00:00", hours)
            if began not in nouns:
                nouns[began] = _known_at(registry, began)
            number += _freeze(
                world,
                registry,
                nouns[began],
                FrozenRecord(agency_id=agency_id, day=day, at="", known_at=began, stretches=""),
            )
    world.frozen.day = today
    return number


def _freeze(world: World, registry: Snapshot, nouns: Nouns, record: FrozenRecord) -> bool:
    hours = world.settings.utc_offset_hours
    # A sheet is published for days that have not begun: as it stands it is what was known when this one did.
    roster = registry.roster(record.agency_id, record.day, hours)
    then = duty.from_nouns(nouns, record.agency_id, hours)
    roster = replace(then, sheets=roster.sheets, older=roster.older, changes=roster.changes)
    stretches = tuple(duty.of_day(roster, record.day, record.known_at))

    def attempt(each: Try) -> bool:
        kept = frozen(replace(record, at=each.now), stretches, world.mint.salt())
        try:
            duty_days.write(kept, BY)
        except ConditionFailed as failed:
            if duty_days.LABEL in failed.labels:
                return False
            raise
        return True

    return retried(world, attempt, REGISTRY_CONTENDED)


def _known_at(registry: Snapshot, instant: str) -> Nouns:
    """Crews, codes and patterns as they stood at an instant; a thing of which no record tells stands as it does now."""
    found: dict[str, dict[str, Any]] = {}
    for noun in PATTERNS:
        now = dict(registry.of(noun))
        then: dict[str, Any] = {}
        for held in versions.of_noun(noun):
            record = held.kept.record
            if record.change == "found" and record.id not in then:
                # What a release before wrote, as it stood when it was first recorded.
                then[record.id] = from_json(held.kept.value, NOUNS[noun])
            elif record.at > instant:
                # It is younger than that, unless an older record says otherwise.
                if record.id not in then:
                    now.pop(record.id, None)
            elif record.change == "removed":
                then.pop(record.id, None)
                now.pop(record.id, None)
            elif held.kept.value:
                then[record.id] = from_json(held.kept.value, NOUNS[noun])
        found[noun] = {**now, **then}
    return found
