"""Who is coming to an open incident now: by its crews and their call-outs as they stand, whatever happened before."""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import Literal, get_args

from msgspec import Struct
from msgspec.structs import replace

from . import aside
from .incident import Crew, Incident, PageOrder, Reach
from .page import Page
from .times import between

# The best that can be said of any crew comes first.
State = Literal[
    "on_scene",
    "en_route",
    "acknowledged",
    "asked",
    "asking",
    "unsent",
    "unreached",
    "unanswered",
    "done",
    "gone",
    "nobody",
]
ORDER: tuple[State, ...] = get_args(State)
# Nobody is there, on the way or asked: somebody at the desk must act now.
NOBODY = frozenset(ORDER[ORDER.index("unsent") :])
# The first SMS leave within seconds; the sweep finds within a minute what did not.
UNSENT_S = 60
BY_STATUS: dict[str, State] = {
    "acknowledged": "acknowledged",
    "en_route": "en_route",
    "on_scene": "on_scene",
    "ready": "on_scene",
    "unanswered": "unanswered",
    "cleared": "done",
    "unable": "gone",
    "cancelled": "gone",
}


class Coming(Struct, frozen=True, kw_only=True):
    """What is true of the crew that is furthest; `alarm`: nobody is asked, on the way or there, and nobody has set it aside.

    `since` when at the latest; of a setting aside that has passed, since then.

    `asked`: an SMS has left and can still be answered. `asking`: none has left yet; `unsent` after a minute of that.
    `unreached`: each SMS failed, or there is nobody to send one to. `unanswered`: the search has ended without an answer.
    `done`: who was there is done. `gone`: all are unable or called off. `nobody`: no unit was ever found.
    """

    state: State
    alarm: bool
    since: str


def coming(incident: Incident, now: str) -> Coming | None:
    """Who is coming; None for what nobody is to come to: ended, a paging drill, brought in from a logbook."""
    if incident.status != "open" or incident.paging_drill or incident.imported:
        return None
    states = [_of(crew, now) for crew in incident.crews]
    state: State = min(states, key=ORDER.index) if states else "nobody"
    since = max(incident.opened_at, incident.reopened_at, *(crew.at for crew in incident.crews))
    if aside.resting(incident, state, now):
        return Coming(state=state, alarm=False, since=since)
    if incident.aside and aside.passed(incident, now):
        since = max(since, incident.aside.until)
    return Coming(state=state, alarm=state in NOBODY, since=since)


def _of(crew: Crew, now: str) -> State:
    if crew.status != "requested":
        return BY_STATUS[crew.status]
    if crew.reach in ("nobody", "lost"):
        return "unreached"
    if crew.reach == "ordered":
        return "asking" if abs(between(crew.at, now) or 0) < UNSENT_S else "unsent"
    return "asked"


def reach_of(assignment_id: str, pages: Iterable[Page], unpaged: Iterable[PageOrder]) -> Reach:
    """How far the call-outs of a crew got, by all pages and orders of its incident.

    One that failed or expired may have left all the same: nobody relies on that. Who declined is asked no more.
    """
    own = [page for page in pages if page.kind == "page" and page.assignment_id == assignment_id]
    if any(page.status in ("sent", "delivered") and not page.acknowledged_at for page in own):
        return "sent"
    waiting = any(order.kind == "page" and order.assignment_id == assignment_id for order in unpaged)
    if waiting or any(page.status in ("pending", "sending") for page in own):
        return "ordered"
    return "lost" if own else "nobody"


def ordered(incident: Incident, assignment_ids: Set[str]) -> Incident:
    """The incident once more call-outs of these crews are ordered; one that has reached somebody stays so."""
    return _with(incident, dict.fromkeys(assignment_ids, "ordered"), but="sent")


def reached(incident: Incident, reaches: dict[str, Reach]) -> Incident:
    """The incident with how far each crew's call-outs got, by assignment."""
    return _with(incident, reaches)


def _with(incident: Incident, reaches: dict[str, Reach], but: Reach | None = None) -> Incident:
    crews = tuple(
        replace(crew, reach=reaches[crew.id]) if crew.id in reaches and crew.reach != but else crew
        for crew in incident.crews
    )
    return replace(incident, crews=crews) if crews != incident.crews else incident
