"""What the outcomes of pages change: the events that tell them, the desk's marks, and an escalation that need not wait."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from .assignment import Assignment, active
from .coming import reach_of, reached
from .decision import Decision
from .escalation import sooner
from .events import Draft, PagesExpired, PagesFailed, PagesSent, PagesSettled, SettledPage, digest
from .incident import Attention, Incident, Reach
from .page import Page, evidenced, may_have_left

# A page that reached the phone after the trail said that it failed is told as sent after all.
TOLD_BY: dict[str, type[PagesSettled]] = {
    "sent": PagesSent,
    "delivered": PagesSent,
    "failed": PagesFailed,
    "expired": PagesExpired,
}
LOST = ("failed", "expired")
MARKS = ("page_failed", "page_expired")
# Of one kind, for one crew and for all: hundreds of people, called again and again, would fill the incident's item.
MARKS_MOST = 20
MARKS_OF_ALL = 150
# A crew that is on its way needs no page any more.
UNMOVED = ("requested", "acknowledged", "unanswered")


def concerns_others(incident: Incident, settled: Iterable[Page]) -> bool:
    """Whether these outcomes can be judged only together with the other pages of their crews."""
    marked = {mark.detail for mark in incident.attention if mark.code in MARKS}
    return any(
        page.kind == "page"
        and (
            (page.status in LOST and _unmoved(incident, page))
            or (page.status == "delivered" and page.assignment_id in marked)
        )
        for page in settled
    )


def settle(
    incident: Incident,
    assignments: Mapping[str, Assignment],
    pages: Sequence[Page],
    settled: Sequence[Page],
    now: str,
) -> Decision:
    """Tell the outcomes of pages; `assignments` and `pages` are all of the incident if the outcomes concern others."""
    decision = Decision(incident=incident, pages=[evidenced(page) for page in settled], drafts=told(settled))
    ours = [page for page in settled if page.kind == "page"]
    lost = [page for page in ours if page.status in LOST]
    marks = _marks(incident, [page for page in lost if _matters(incident, page, now)], now)
    still_lost = {page.assignment_id for page in pages if page.kind == "page" and page.status in LOST}
    arrived = {page.assignment_id for page in ours if page.status == "delivered"} - still_lost
    kept = tuple(mark for mark in incident.attention if mark.code not in MARKS or mark.detail not in arrived)
    decision.incident = reached(replace(incident, attention=kept + marks), _reaches(incident, pages, ours))
    for assignment_id in sorted({page.assignment_id for page in lost} & assignments.keys()):
        after = sooner(incident, assignments[assignment_id], pages, now)
        if after != assignments[assignment_id]:
            decision.assignments.append(after)
    if decision.assignments:
        early = tuple(each.id for each in decision.assignments)
        decision.drafts[-1] = Draft(replace(decision.drafts[-1].content, nobody_left=early))
    return decision


def _reaches(incident: Incident, pages: Sequence[Page], settled: Iterable[Page]) -> dict[str, Reach]:
    """How far the call-outs got of crews that are still asked; one that is not lost says all that is to be said."""
    asked = {crew.id for crew in incident.crews if crew.status == "requested"}
    left = {page.assignment_id for page in settled if page.status not in LOST}
    about = {page.assignment_id for page in settled if _unmoved(incident, page)} & asked
    return {each: "sent" if each in left else reach_of(each, pages, incident.unpaged) for each in about}


def _marks(incident: Incident, pages: Iterable[Page], now: str) -> tuple[Attention, ...]:
    """A mark for each page, which the desk counts, up to what it would count."""
    standing = Counter((mark.code, mark.detail) for mark in incident.attention)
    most = min(MARKS_MOST, max(1, MARKS_OF_ALL // max(1, len(incident.crews))))
    marks = []
    for page in pages:
        mark = Attention(code=f"page_{page.status}", detail=page.assignment_id, at=now)  # type: ignore[arg-type]
        standing[mark.code, mark.detail] += 1
        if standing[mark.code, mark.detail] <= most:
            marks.append(mark)
    return tuple(marks)


def _matters(incident: Incident, page: Page, now: str) -> bool:
    """Whether the desk must hear that a crew was not reached: not once it has moved by itself."""
    # One that expired before its time was dropped because it no longer helped.
    dropped = page.status == "expired" and now < page.expires_at
    return _unmoved(incident, page) and not dropped


def _unmoved(incident: Incident, page: Page) -> bool:
    crew = next((crew for crew in incident.crews if crew.id == page.assignment_id), None)
    # Nobody is sent to a paging drill: whom it did not reach stands in its result.
    matters = incident.status == "open" and not incident.paging_drill
    # One that is on the way, or there, does not know what has changed.
    unmoved = crew is not None and (
        crew.status in UNMOVED or (page.amends is not None and active(crew.status))
    )
    return matters and unmoved


def told(pages: Sequence[Page]) -> list[Draft]:
    """The events of pages whose outcome is not yet in the trail, one for each kind of outcome."""
    drafts = []
    for type_ in dict.fromkeys(TOLD_BY.values()):
        chosen = [page for page in pages if TOLD_BY.get(page.status) == type_]
        if chosen:
            drafts.append(Draft(type_(pages=tuple(_entry(page) for page in chosen))))
    return drafts


def _entry(page: Page) -> SettledPage:
    return SettledPage(
        page=page.id,
        person=page.person_id,
        attempts=len(page.attempts),
        body=digest(page.salt, page.body),
        at=page.sent_at or "",
        maybe_repeat=any(attempt.maybe_repeat for attempt in page.attempts),
        may_have_left=page.status in LOST and may_have_left(page),
    )
