"""Nobody is silently on nobody's roster: each morning every agency's coming weeks are looked at, and who must see to them is told."""

from __future__ import annotations

from msgspec.structs import replace

from ...bootstrap import World
from ...domain import ahead, times
from ...domain.ahead import Finding, Morning, Reader
from ...domain.duty import Sheet
from ...domain.notice import Word
from ...domain.registry import Agency, Person
from ...models import coverages, mornings
from ...models.registry import Snapshot
from ...observability import logger
from ..notices.people import tell_person

# Its heartbeat's.
NAME = "duty"
BY = "system:duty"
KIND = "duty_ahead"
# An SMS of this morning is of no use on the next.
KEPT_S = 20 * 3600
COUNTED = ("told", "unheard", "failed")


def look(world: World) -> dict[str, int]:
    """Look at every agency once a local day, from the regency's hour on; how many SMS were ordered, and of how many agencies nobody
    could be told or the look failed, which is tried again the next minute.

    At any other time it costs one read. Two at once, or one that dies in between, order no SMS twice: it is one a person and day.
    """
    counts = dict.fromkeys(COUNTED, 0)
    now, hours = world.clock.now(), world.settings.utc_offset_hours
    today = times.local_day(now, hours)
    if mornings.day() == today:
        return counts
    registry = world.registry.current()
    if times.local_clock(now, hours) < f"{registry.regency.duty_hour:02d}:00":
        return counts
    agencies = sorted(
        (each for each in registry.agencies.values() if not each.retired), key=lambda each: each.id
    )
    before = mornings.read(each.id for each in agencies)
    for agency in agencies:
        known = before.get(agency.id)
        if known and known.day == today:
            counts["unheard"] += known.unheard
            continue
        try:
            morning, told = _morning(world, registry, agency, known, today)
        except Exception:
            # The others must be looked at all the same.
            logger.exception("duty ahead not looked at", extra={"agency": agency.id})
            counts["failed"] += 1
            continue
        counts["told"] += told
        counts["unheard"] += morning.unheard
    if not counts["failed"]:
        mornings.put_day(today, now)
    return counts


def _morning(
    world: World, registry: Snapshot, agency: Agency, before: Morning | None, today: str
) -> tuple[Morning, int]:
    """Look at an agency, tell whom it concerns, and keep both; how many were told."""
    morning = ahead.next_morning(before, today, _found(world, registry, agency, today), agency.id)
    told, admins, head = 0, _admins(registry, agency), _person(registry, agency.head_id)
    readers: list[tuple[Reader, list[Person], list[Finding]]] = [
        ("admin", admins, ahead.for_admin(morning)),
        ("head", [head] if head else [], ahead.for_head(morning, no_admin=not admins)),
    ]
    for reader, people, findings in readers:
        if findings and people:
            for person in people:
                told += _tell(world, agency, person, findings, today)
            morning = ahead.having_told(morning, reader, findings)
    if morning.findings and not admins and not head:
        logger.warning("nobody to tell of duty ahead", extra={"agency": agency.id})
        morning = replace(morning, unheard=True)
    mornings.save(morning, world.clock.now())
    return morning, told


def _found(world: World, registry: Snapshot, agency: Agency, today: str) -> tuple[Finding, ...]:
    hours = world.settings.utc_offset_hours
    days = [times.local_day(f"{today}T12:00:00Z", 0, by) for by in range(-1, ahead.DAYS + 1)]
    last = times.local_day(f"{today[:7]}-01T12:00:00Z", 0, -1)
    months = dict.fromkeys(day[:7] for day in (last, *days))
    sheets: dict[str, Sheet] = {
        month: sheet for month in months if (sheet := registry.sheet(agency.id, month))
    }
    people = {
        each.id: each for each in registry.people.values() if each.agency_id == agency.id and not each.retired
    }
    by_day = {
        day: [each for each in registry.duty(agency.id, day, hours) if each.person_id in people]
        for day in days
    }
    measured = coverages.of_agency(agency.id)
    current = measured.coverage if measured and measured.coverage.from_day == today else None
    units = any(each.agency_id == agency.id and not each.retired for each in registry.units.values())
    roster = ahead.Roster(units, by_day, sheets, hours)
    return ahead.found(world.clock.now(), roster, people.values(), current, registry.regency.duty_hours_most)


def _admins(registry: Snapshot, agency: Agency) -> list[Person]:
    """The people behind the accounts that keep an agency's duty."""
    accounts = (
        each
        for each in registry.accounts.values()
        if each.role == "agency_admin" and each.agency_id == agency.id and not each.disabled
    )
    found = (_person(registry, each.person_id) for each in accounts)
    return sorted({each.id: each for each in found if each}.values(), key=lambda each: each.id)


def _person(registry: Snapshot, id_: str | None) -> Person | None:
    person = registry.people.get(id_ or "")
    return person if person and not registry.gone(person) else None


def _tell(world: World, agency: Agency, person: Person, findings: list[Finding], today: str) -> bool:
    said = {"agency": agency.short_name, "what": ahead.in_words(findings, person.language)}
    return tell_person(world, person.id, Word(KIND, f"{agency.id} {today}", said, KEPT_S), BY)
