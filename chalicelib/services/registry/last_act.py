"""What somebody did last, read back from our own trail: the registry's logs, incidents' events, and calls without an incident.

No item says so by itself: it would be one more write, and one more thing to meet at, in each dispatch. So it is looked for when an
officer opens one account, from now backwards and no further than so much; what was looked at is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Literal

from msgspec import Struct

from ...bootstrap import World
from ...domain import times
from ...models import incidents, past, versions
from ...models.registry import Snapshot

DAYS = 14
# Once so many incidents were looked at, no further day is begun.
ENOUGH = 200
# Of each log of the registry and of each day's calls without an incident, so many of the newest.
ENTRIES_MOST, CALLS_MOST = 200, 200
AT_ONCE = 8


class Act(Struct, frozen=True, kw_only=True):
    """One thing that somebody did, by the instant at which it was recorded; `type` is an event's, '' for others."""

    at: str
    where: Literal["registry", "incident", "call"]
    type: str = ""
    incident_id: str = ""


class LastAct(Struct, frozen=True, kw_only=True):
    """The last act that was found, looking back to the beginning of a local day; the registry's logs reach as far as they do."""

    act: Act | None
    searched_to: str


def last_act(world: World, registry: Snapshot, account_id: str) -> LastAct:
    """What an account did last. Of incidents those that are open, and those of each day back to the one before the act's.

    Costs a query for each log of the registry, ten for each day, and one for each incident: 0.4 s for 200. What somebody did on its third day
    or later to an incident that has ended since may be passed over for something older.
    """
    found = list(_in_registry(registry, account_id))
    looked_at = set(incidents.open_ids())
    found += _in_incidents(looked_at, account_id)
    hours, now = world.settings.utc_offset_hours, world.clock.now()
    day = times.local_day(now, hours)
    for back in range(DAYS):
        day = times.local_day(now, hours, -back)
        fresh = set(_of_day(day)) - looked_at
        looked_at |= fresh
        found += _in_incidents(fresh, account_id)
        calls = past.loose_calls(day, "", CALLS_MOST)
        found += [Act(at=each.received_at, where="call") for each in calls if each.taken_by == account_id]
        # An incident of the day before may have been open when it was done.
        if any(times.local_day(each.at, hours) > day for each in found) or len(looked_at) >= ENOUGH:
            break
    return LastAct(act=max(found, key=lambda each: each.at, default=None), searched_to=day)


def _of_day(day: str) -> Iterator[str]:
    """The incidents of a whole day: it is said to have been looked through."""
    below = ""
    while True:
        stretch, below = past.stretch(day, below)
        yield from (each.id for each in stretch)
        if not below:
            return


def _in_registry(registry: Snapshot, account_id: str) -> Iterator[Act]:
    names = ["nouns", *(f"duty#{agency_id}" for agency_id in registry.at.duty)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for at in pool.map(lambda name: versions.last_entry_by(name, account_id, ENTRIES_MOST), names):
            if at:
                yield Act(at=at, where="registry")


def _in_incidents(ids: Iterable[str], account_id: str) -> list[Act]:
    def last(incident_id: str) -> Act | None:
        own = [each for each in incidents.events(incident_id) if each.actor == account_id]
        if not own:
            return None
        return Act(at=own[-1].recorded_at, where="incident", type=own[-1].type, incident_id=incident_id)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [each for each in pool.map(last, ids) if each]
