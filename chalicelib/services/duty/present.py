"""Who is on duty in an agency at an instant, as dispatch would find it."""

from __future__ import annotations

from ...bootstrap import World
from ...domain import times
from ...domain.dispatch import still_theirs
from ...domain.duty import Stretch, on_duty
from ...errors import Unprocessable
from ...faults import Fault
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
    people = {each.id: each for each in registry.people.values() if not each.retired}
    found = still_theirs(roster_of(world, registry, {agency_id}, instant), people)
    return instant, sorted(
        on_duty(found, instant),
        key=lambda each: (each.unit_id or "~", each.turn != "primary", people[each.person_id].name),
    )
