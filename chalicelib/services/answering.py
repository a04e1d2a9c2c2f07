"""A responder's answer by the link in the message: no sign-in, for that one page, dead a day after the end."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from ..bootstrap import World
from ..domain import ids, times
from ..domain.incident import Assignment, Incident, Page
from ..errors import NotFound
from ..models import incidents, page_codes
from ..models.registry import Snapshot
from . import drilling, limits
from .following import report
from .writing import Actor, Written

DEAD_AFTER_S = 24 * 3600
LinkStatus = Literal["acknowledged", "en_route", "on_scene", "cleared", "unable"]


class Linked(Struct, frozen=True, kw_only=True):
    """What a link leads to."""

    page: Page
    incident: Incident
    assignment: Assignment


def follow_link(world: World, code: str, source: str) -> Linked:
    """What a link's code leads to; see `_page`."""
    incident, page = _page(world, code, source)
    loaded = incidents.load(incident.id, assignments=[page.assignment_id])
    if loaded is None or page.assignment_id not in loaded.assignments:
        raise NotFound("this link leads nowhere")
    return Linked(page=page, incident=incident, assignment=loaded.assignments[page.assignment_id])


def _page(world: World, code: str, source: str) -> tuple[Incident, Page]:
    """The page of a link's code; NotFound for a wrong code and, alike, for one that is dead, TooMany for many wrong ones."""
    found = page_codes.by_link(ids.fingerprint(code))
    if found is None:
        limits.wrong_link(world, source)
        raise NotFound("this link leads nowhere")
    incident_id, page_id = found
    loaded = incidents.load(incident_id, pages=[page_id])
    if loaded is None or page_id not in loaded.pages:
        raise NotFound("this link leads nowhere")
    incident, page = loaded.incident, loaded.pages[page_id]
    if incident.closed_at and world.clock.now() > times.plus(incident.closed_at, DEAD_AFTER_S):
        raise NotFound("this link leads nowhere")
    return incident, page


def meaning(written: Written) -> Literal["applied", "repeated", "late"]:
    """What became of a report."""
    late = next((event for event in written.events if event.type == "LateReportReceived"), None)
    if not written.events:
        return "repeated"
    if written.events[0].type == "DrillAnswered":
        return "late" if written.events[0].data["late"] else "applied"
    if late is None:
        return "applied"
    return "repeated" if late.data["repeated"] else "late"


def answer(
    world: World, registry: Snapshot, code: str, status: LinkStatus, reason: str, source: str
) -> Written:
    """Record what the holder of a link says; the same rules as for any report."""
    incident, page = _page(world, code, source)
    if incident.paging_drill:
        return drilling.answer(world, page, "link", status)
    actor = Actor(id=f"person:{page.person_id}", source="link")
    return report(
        world, registry, actor, incident.id, page.assignment_id, status, reason=reason, page_id=page.id
    )
