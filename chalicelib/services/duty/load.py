"""What people's duty amounts to in the weeks before a month, as what counted then says."""

from __future__ import annotations

from datetime import date, timedelta

from ...bootstrap import World
from ...domain.duty import amounts
from ...domain.duty.amounts import Amount
from ...models.registry import Snapshot
from .sheets import Month


def before(world: World, registry: Snapshot, which: Month) -> tuple[str, dict[str, Amount]]:
    """The first of the twelve weeks that end with a month, and what each person's duty from then to its beginning amounts to."""
    since = amounts.first_day(which.days[-1])
    hours = world.settings.utc_offset_hours
    begins = date.fromisoformat(which.days[0])
    days = [
        (begins - timedelta(days=back)).isoformat()
        for back in range((begins - date.fromisoformat(since)).days, 0, -1)
    ]
    stretches = [each for day in days for each in registry.duty(which.agency_id, day, hours)]
    holidays = {each.day for each in registry.of("holidays").values()}
    return since, amounts.of_people(stretches, holidays, hours)
