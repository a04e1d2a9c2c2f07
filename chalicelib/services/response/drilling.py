"""Paging drills: who would be paged, start one, take answers, end it; whatever is sent goes the way of every page."""

from __future__ import annotations

import math

from ...bootstrap import World
from ...domain import bounds, times
from ...domain import drills as rules
from ...domain.decision import Decision
from ...domain.dispatch import people_out
from ...domain.drills import NewDrill, Present
from ...domain.incident import Incident
from ...domain.page import Page
from ...errors import Conflict, TooMany, Unprocessable
from ...faults import Fault
from ...models import drills, incidents
from ...models.change import Change
from ...models.incidents import Loaded
from ...models.keys import Key
from ...models.registry import Snapshot
from ..changes.ordering import order
from ..changes.writing import Actor, Written, must, write
from .dispatching import duty_of

DAY_S = 24 * 3600


def present(world: World, registry: Snapshot, agency_id: str, now: str) -> Present:
    """Everybody on duty in an agency; Unprocessable for an agency that is not there."""
    agency = registry.agencies.get(agency_id)
    if agency is None or agency.retired:
        raise Unprocessable("unknown agency", Fault("agency_id", "unknown_agency"))
    duty = duty_of(world, registry, {agency_id}, now)
    return rules.on_duty(duty.on_duty, duty.people, people_out(duty))


def start(world: World, registry: Snapshot, actor: Actor, agency_id: str, minutes: int) -> str:
    """Page everybody on duty in an agency; the drill's id. Conflict while another runs there."""
    new = NewDrill(id=world.mint.id(), agency_id=agency_id, minutes=minutes, by=actor.id)

    def prepare(now: str) -> Change:
        found = present(world, registry, agency_id, now)
        if drills.drill_of(agency_id, now):
            raise Conflict("a paging drill runs in this agency", Fault("agency_id", "drill_runs"))
        _not_too_often(world, agency_id, now)
        if not found.to_page:
            reason = "everybody_out" if found.out else "nobody_on_duty"
            raise Unprocessable("there is nobody to page", Fault("agency_id", reason))
        decision, orders = rules.start(new, found, now, world.mint)
        order(world, registry, decision, orders, now)
        return Change(Loaded(incident=decision.incident), decision)

    written = write(world, actor, prepare, result={"incident": new.id})
    if written.replayed is not None:
        return str(written.replayed["incident"])
    return new.id


def _not_too_often(world: World, agency_id: str, now: str) -> None:
    """TooMany after a day's worth, or too soon after the last: who is paged for nothing stops answering."""
    latest = drills.of_agency(agency_id, None, bounds.DRILLS_A_DAY)
    waits = [(latest[-1].opened_at, DAY_S)] if len(latest) == bounds.DRILLS_A_DAY else []
    waits += [(each.closed_at, bounds.DRILL_PAUSE_S) for each in latest[:1] if each.closed_at]
    free_at = max((times.plus(since, span_s) for since, span_s in waits), default=now)
    if free_at > now:
        at = times.local_clock(free_at, world.settings.utc_offset_hours)
        wait_s = math.ceil(times.between(now, free_at) or 0)
        fault = Fault("agency_id", "drill_free_at", {"at": free_at})
        raise TooMany(f"the next drill of this agency may start at {at}", fault, retry_after_s=wait_s)


def ending(incident_id: str, because: str, now: str) -> Change:
    """What ends a drill: nothing if it has ended, or if its time alone should end it and has not come."""
    loaded = must_drill(incidents.load_state(incident_id), incident_id)
    incident = loaded.incident
    if incident.status != "open" or (because == "time" and not rules.over(incident, now)):
        return Change(loaded, Decision(incident=incident))
    (assignment,) = loaded.assignments.values()
    return Change(loaded, rules.end(incident, assignment, loaded.pages.values(), because, now))


def end(world: World, actor: Actor, incident_id: str) -> None:
    """End a drill before its time; one that has ended stays as it is."""
    write(world, actor, lambda now: ending(incident_id, "ended", now))


def page_of(incident_id: str, person_id: str) -> Page | None:
    """Somebody's own page in a drill: whoever answers with a colleague's code says that they themselves were reached."""
    loaded = must_drill(incidents.load_state(incident_id), incident_id)
    return next((page for page in loaded.pages.values() if person_id in page.people), None)


def answer(world: World, page: Page, source: str, said: str, key: Key | None = None) -> Written:
    """Record the answer to a drill's page: any step that its person reports says that it arrived."""

    def prepare(now: str) -> Change:
        loaded = must_drill(incidents.load(page.incident_id, pages=[page.id]), page.incident_id)
        return Change(loaded, rules.answer(loaded.incident, loaded.pages[page.id], said, now))

    return write(world, Actor(id=f"person:{page.person_id}", source=source, key=key), prepare)


def listed(agency_ids: list[str], before: str | None, most: int) -> list[Incident]:
    """The newest drills of these agencies, at most so many, older than `before`."""
    found = [each for agency_id in agency_ids for each in drills.of_agency(agency_id, before, most)]
    return sorted(found, key=lambda incident: incident.id, reverse=True)[:most]


def must_drill(loaded: Loaded | None, incident_id: str) -> Loaded:
    """The drill that was read, or NotFound."""
    return must(loaded if loaded and loaded.incident.paging_drill else None, incident_id)
