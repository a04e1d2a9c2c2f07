"""Who is on duty in an agency at an instant, as dispatch would find it."""

from __future__ import annotations

from ...bootstrap import World
from ...domain import duty, times
from ...domain.dispatch import still_theirs
from ...domain.duty import Stretch, on_duty
from ...errors import Unprocessable
from ...faults import Fault
from ...models import duty_days
from ...models.registry import Snapshot
from ..response.dispatching import roster_of

# As far as rules are tried.
FAR_S = 401 * 24 * 3600


def at(world: World, registry: Snapshot, agency_id: str, instant: str | None) -> tuple[str, list[Stretch]]:
    """The instant, which is now if none is given, and who is on duty then by what; Unprocessable for one too far away."""
    now = world.clock.now()
    instant = instant or now
    if agency_id not in registry.agencies:
        raise Unprocessable("unknown agency", Fault("agency_id", "unknown_agency"))
    if abs(times.between(now, instant) or 0) > FAR_S:
        raise Unprocessable("a time is out of range", Fault("at", "out_of_range"))
    hours = world.settings.utc_offset_hours
    if times.local_day(instant, hours) < times.local_day(now, hours):
        return instant, _as_known_then(registry, agency_id, instant, hours)
    people = {each.id: each for each in registry.people.values() if not each.retired}
    found = still_theirs(roster_of(world, registry, {agency_id}, instant), people, registry.units)
    return instant, _ordered(on_duty(found, instant), registry)


def _as_known_then(registry: Snapshot, agency_id: str, instant: str, hours: int) -> list[Stretch]:
    """Who was on duty by what was known when the day began, as far as it was frozen, and by what was agreed from then on."""
    days = [times.local_day(instant, hours, by) for by in (-1, 0)]
    kept = duty_days.read((agency_id, day) for day in days)
    found: list[Stretch] = []
    for day in days:
        frozen = kept.get((agency_id, day))
        if frozen is None:
            found += registry.duty(agency_id, day, hours)
            continue
        roster = registry.roster(agency_id, day, hours)
        known_at = frozen.record.known_at
        since = [each for each in duty.counting(roster.changes) if known_at < each.agreed_at <= instant]
        others = [
            each
            for other in duty.linked(since, day) - {day}
            for each in duty.of_day(registry.roster(agency_id, other, hours), other, known_at)
        ]
        after = duty.changed([*frozen.stretches, *others], since, {day}, hours)
        found += [each for each in after if each.day == day]
    return _ordered(on_duty(found, instant), registry)


def _ordered(found: list[Stretch], registry: Snapshot) -> list[Stretch]:
    def place(each: Stretch) -> tuple[str, bool, str]:
        person = registry.people.get(each.person_id)
        return each.unit_id or "~", each.turn != "primary", person.name if person else each.person_id

    return sorted(found, key=place)
