"""A responder's answer by the link in the message: no sign-in, for that one page, dead a day after the end."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from ...bootstrap import World
from ...domain import ids, times, unheard
from ...domain.assignment import Assignment
from ...domain.details import Detail, standing
from ...domain.events import DrillAnswered, LateReportReceived
from ...domain.incident import Incident
from ...domain.note import Note
from ...domain.page import Page
from ...errors import NotFound
from ...models import incidents, page_codes
from ...models.incidents import Loaded
from ...models.registry import Snapshot
from ...observability import logger
from ..abuse import limits
from ..changes.writing import Actor, Written
from ..response import drilling
from ..response.following import CrewReport, report

DEAD_AFTER_S = 24 * 3600
# An opening is kept anew no sooner.
OPENED_AGAIN_S = 10
LinkStatus = Literal["acknowledged", "en_route", "on_scene", "ready", "cleared", "unable"]


class Linked(Struct, frozen=True, kw_only=True):
    """What a link leads to; `amendments` are the notes of what was, oldest first, `details` what its type's questions brought."""

    page: Page
    incident: Incident
    assignment: Assignment
    amendments: tuple[Note, ...] = ()
    details: tuple[Detail, ...] = ()


def follow_link(world: World, registry: Snapshot, code: str, source: str) -> Linked:
    """What a link's code leads to; see `_load`. That it was opened is kept while its crew has not answered."""
    loaded = _load(world, code, source)
    (page,), (assignment,) = loaded.pages.values(), loaded.assignments.values()
    incident = loaded.incident
    if incident.status == "open" and assignment.status in unheard.SILENT and assignment.silent_at:
        _opened(loaded, page, world.clock.now())
    type_ = registry.types.get(incident.type)
    asked = type_ is not None and any(each.for_crew for each in type_.questions)
    notes = incidents.notes(incident.id) if asked or incident.amended else []
    return Linked(
        page=page,
        incident=incident,
        assignment=assignment,
        amendments=tuple(note for note in notes if note.was),
        details=tuple(standing(note.details for note in notes).values()),
    )


def _opened(loaded: Loaded, page: Page, now: str) -> None:
    """Keep that a link was opened: whoever looks at it is not silent. The page is shown whether that succeeds or not."""
    if page.opened_at and now < times.plus(page.opened_at, OPENED_AGAIN_S):
        return
    try:
        incidents.save_page(replace(page, opened_at=now), loaded.versions[f"P#{page.id}"])
    except Exception:
        # Another opening, or the page function with the page in hand.
        logger.warning("opening not kept", extra={"incident": page.incident_id, "page": page.id})


def _load(world: World, code: str, source: str) -> Loaded:
    """The incident of a link's code with the one page and its assignment.

    NotFound for a wrong code and, alike, for one that is dead, TooMany for many wrong ones.
    """
    found = page_codes.by_link(ids.fingerprint(code))
    if found is None:
        limits.wrong_link(world, source)
        raise NotFound("this link leads nowhere")
    incident_id, page_id, assignment_id = found
    loaded = incidents.load(incident_id, pages=[page_id], assignments=[assignment_id])
    if loaded is None or page_id not in loaded.pages or assignment_id not in loaded.assignments:
        raise NotFound("this link leads nowhere")
    ended = loaded.incident.closed_at
    if ended and world.clock.now() > times.plus(ended, DEAD_AFTER_S):
        raise NotFound("this link leads nowhere")
    return loaded


def meaning(written: Written) -> Literal["applied", "repeated", "late"]:
    """What became of a report."""
    if not written.events:
        return "repeated"
    for event in written.events:
        match event.content:
            case DrillAnswered(late=late):
                return "late" if late else "applied"
            case LateReportReceived(repeated=repeated):
                return "repeated" if repeated else "late"
    return "applied"


def answer(
    world: World, registry: Snapshot, code: str, status: LinkStatus, reason: str, source: str
) -> Written:
    """Record what the holder of a link says; the same rules as for any report."""
    loaded = _load(world, code, source)
    (page,) = loaded.pages.values()
    if loaded.incident.paging_drill:
        return drilling.answer(world, page, "link", status)
    return report(
        world,
        registry,
        Actor(id=f"person:{page.person_id}", source="link"),
        loaded.incident.id,
        CrewReport(assignment_id=page.assignment_id, status=status, reason=reason, page_id=page.id),
        read=loaded,
    )
