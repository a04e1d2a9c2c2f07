"""A person's duties as a calendar, of which each entry keeps its name and rises in its sequence when what it follows from changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ...bootstrap import World
from ...domain import times
from ...domain.duty import Change, Stretch
from ...domain.duty.calendar import Calendar, Entry, render
from ...domain.registry import Person
from ...models.registry import Snapshot
from . import changing
from .own import CALENDAR_DAYS, OwnDuty, coming

NOTES = {
    "id": "Kalender dapat terlambat. Yang berlaku: SMS dan halaman dinas.",
    "en": "Calendars may lag. What counts: the SMS and the duty page.",
}
NAMES = {"id": "Dinas saya (112)", "en": "My duty (112)"}
DUTY = {"id": "Dinas", "en": "Duty"}
ON_CALL = {"id": "siaga di rumah", "en": "on call at home"}
# From which a sheet's publishing is counted in minutes: more than versions of nouns ever reach.
SINCE = "2020-01-01T00:00:00.000Z"


def calendar_of(world: World, registry: Snapshot, person: Person) -> str:
    """The calendar of the six weeks ahead, in the person's language."""
    found = coming(world, registry, person, CALENDAR_DAYS)
    hours = world.settings.utc_offset_hours
    said = [
        each
        for each in changing.between(world, registry, person.agency_id, found.today, found.last_day)
        if person.id in (each.person_id, each.other_id)
    ]
    numbers: Counter[str] = Counter()
    entries = []
    for duty in found.duties:
        day = duty.stretch.day
        entries.append(
            Entry(
                person_id=person.id,
                day=day,
                number=numbers[day],
                sequence=_sequence(
                    registry, duty.stretch, (each for each in said if day in each.days(hours))
                ),
                starts_at=duty.stretch.starts_at,
                ends_at=duty.stretch.ends_at,
                summary=_summary(registry, person, duty),
                location=_location(registry, duty.stretch),
            )
        )
        numbers[day] += 1
    return render(Calendar(NAMES[person.language], NOTES[person.language], world.clock.now()), entries)


def _summary(registry: Snapshot, person: Person, duty: OwnDuty) -> str:
    unit = registry.units.get(duty.stretch.unit_id or "")
    what = " ".join(filter(None, (DUTY[person.language], duty.name.lower())))
    how = ON_CALL[person.language] if duty.stretch.readiness == "on_call" else ""
    return ", ".join(filter(None, (what, unit.name if unit else "", how)))


def _location(registry: Snapshot, stretch: Stretch) -> str:
    unit = registry.units.get(stretch.unit_id or "")
    station = registry.stations.get(unit.station_id) if unit else None
    return station.name if station else ""


def _sequence(registry: Snapshot, stretch: Stretch, changes: Iterable[Change]) -> int:
    """What rises with each change of what a duty follows from: the sheet's publishing and what was changed since, also what was taken
    back; where there is neither, the versions of all that patterns use.
    """
    sheet = registry.sheet(stretch.agency_id, stretch.day[:7])
    moments = [sheet.published_at] if sheet and sheet.covers(stretch.day) else []
    moments += [max(each.agreed_at, each.withdrawn_at) for each in changes]
    if latest := max(moments, default=""):
        return int((times.between(SINCE, latest) or 0) // 60)
    used = (
        (noun, each.id)
        for noun in ("shift-codes", "crews", "duty-patterns")
        for each in registry.of(noun).values()
        if each.agency_id == stretch.agency_id
    )
    return sum(registry.versions[key] for key in used)
