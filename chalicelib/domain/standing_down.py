"""Standing down: whoever was called and is not needed any more is told so once, and nobody who goes or may have to.

Never told are a crew's own people once it has acknowledged, nor anybody who acknowledged in time or moves: the desk alone may
call those off. Others who were asked for a crew are told a while after its answer, since it may still become *unable*.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Literal

from msgspec.structs import replace

from . import times
from .assignment import Assignment, active
from .escalation import enough, policy_of
from .incident import Incident, LateAnswer, PageOrder
from .page import Page, may_have_left

WAIT_S = 60
# A clock that was set back left a time further ahead than any rule sets.
SKEW_S = 60
# Marks of one incident: hundreds who answer late say no more than the newest of them.
LATE_MOST = 30
# What one transaction takes beside the rest.
HANDED_MOST = 30
Because = Literal["answered", "unable", "ended"]
GOES = frozenset({"acknowledged", "en_route", "on_scene", "ready", "cleared"})
COMES = frozenset({"acknowledged", "en_route", "on_scene", "ready"})


def told_of(incident: Incident) -> bool:
    """Whether people who are not needed any more are told: unless the policy, as it was when the incident opened, says no."""
    policy = policy_of(incident)
    return not incident.paging_drill and not incident.imported and (policy is None or policy.stand_down)


def answered(assignment: Assignment) -> bool:
    """Whether nobody more is asked for a crew, since somebody goes: enough have acknowledged, or it moves."""
    return assignment.status in GOES and (assignment.status != "acknowledged" or enough(assignment))


def going(assignment: Assignment) -> frozenset[str]:
    """Who acknowledged in time or moves, in whatever status their crew is by now, and a crew that goes."""
    counted = frozenset(assignment.acknowledged_by) - frozenset(assignment.late)
    return counted | frozenset(assignment.people) if assignment.status in GOES else counted


def reported(incident: Incident, before: Assignment, after: Assignment, by: str, now: str) -> Assignment:
    """The assignment after somebody's report, '' for the desk's, with when the others who were asked must be told."""
    if not told_of(incident) or after.status == "cancelled":
        return replace(after, recall_at=None)
    if after.status == "unable":
        asked = {*after.people, *after.paged, *after.officers}
        return replace(after, recall_at=now) if len(asked) > 1 and asked - {by} else after
    if not answered(after) or not {*after.paged, *after.officers} - {*after.people}:
        return after
    if not answered(before):
        return replace(after, recall_at=times.plus(now, WAIT_S))
    # A late answer: who has been told by now is not told again.
    return replace(after, recall_at=after.recall_at or now) if after.late != before.late else after


def is_late(assignment: Assignment, by: Sequence[str]) -> bool:
    """Whether who now says that they come is not needed: another goes for the crew, or it is not expected any more."""
    return (
        bool(by) and (answered(assignment) or not active(assignment.status)) and not going(assignment) & {*by}
    )


def marked(incident: Incident, answer: LateAnswer) -> Incident:
    """The incident with an answer that came late, once a person and crew, for the desk to see."""
    if incident.status != "open" or answer.said not in COMES:
        return incident
    about = (answer.assignment_id, answer.person_id)
    others = [each for each in incident.late if (each.assignment_id, each.person_id) != about]
    return replace(incident, late=(*others, answer)[-LATE_MOST:])


def due(assignment: Assignment, now: str) -> bool:
    """Whether the others who were asked for a crew must be told now."""
    return assignment.recall_at is not None and now >= assignment.recall_at


def in_reach(assignment: Assignment, now: str) -> str | None:
    """When they must be told, which lies no further ahead than any rule sets it."""
    latest = times.plus(now, WAIT_S)
    far = assignment.recall_at and assignment.recall_at > times.plus(latest, SKEW_S)
    return latest if far else assignment.recall_at


def held(assignment: Assignment, now: str) -> bool:
    """Whether the others who were asked for a crew that was answered for still stand by, lest it become unable."""
    return answered(assignment) and assignment.recall_at is not None and now < assignment.recall_at


def needed(incident: Incident, assignments: Iterable[Assignment], now: str) -> frozenset[str]:
    """Everybody who is not to be told: they go, or are still asked for some crew."""
    all_ = list(assignments)
    found = {person for each in all_ for person in going(each)}
    waiting = _waiting(incident, all_, now)
    if waiting:
        found |= {person for each in waiting for person in (*each.people, *each.paged)}
        # Asked once an incident, they are asked for each of its crews.
        found |= {person for each in all_ for person in each.officers}
    return frozenset(found)


def _waiting(incident: Incident, assignments: Iterable[Assignment], now: str) -> list[Assignment]:
    waits = (each for each in assignments if active(each.status) and (not answered(each) or held(each, now)))
    return list(waits) if incident.status == "open" else []


def handed_on(incident: Incident, assignments: Iterable[Assignment], now: str) -> list[Assignment]:
    """The crews that still wait, once whoever is asked once an incident is asked for them too: their answer tells those then."""
    all_ = list(assignments)
    officers = tuple(dict.fromkeys(person for each in all_ for person in each.officers))
    waiting = _waiting(incident, all_, now)
    changed = (each for each in waiting if {*officers} - {*each.officers})
    return [replace(each, officers=officers) for each in changed][:HANDED_MOST]


def spared(assignment: Assignment, people: Sequence[str], now: str) -> bool:
    """Whether these people, who were asked for a crew, are not needed since somebody else goes for it."""
    return answered(assignment) and not held(assignment, now) and not going(assignment) & {*people}


def to_tell(
    incident: Incident, assignments: Mapping[str, Assignment], pages: Iterable[Page], now: str
) -> list[PageOrder]:
    """Who is to be stood down now: once a phone, behind the newest page that it takes back.

    By phone and over the whole incident, since whoever is asked for two crews and still needed for one must not go home.
    """
    if not told_of(incident):
        return []
    ordered = sorted(pages, key=lambda page: page.id)
    people = needed(incident, assignments.values(), now)
    kept = {page.number for page in ordered if people & {*page.people}}
    alone = _alone(assignments, ordered)
    waiting = {order.after for order in incident.unpaged if order.kind == "cancelled"}
    # Whoever answers one of several call-outs for a crew has answered all of them.
    answers = {asked for page in ordered if _answered(page, assignments) for asked in _asked(page)}
    newest: dict[str, Page] = {}
    for page in ordered:
        if page.kind == "cancelled":
            # One that was dropped unsent has told nobody anything.
            if page.status != "expired" or may_have_left(page):
                newest.pop(page.number, None)
        elif _makes_wait(page, assignments, alone) and not _asked(page) <= answers:
            newest[page.number] = page
        if page.id in waiting:
            newest.pop(page.number, None)
    return [
        PageOrder(
            assignment_id=page.assignment_id,
            person_id=page.person_id,
            kind="cancelled",
            after=page.id,
            bulk=True,
            because=_because(incident, assignments[page.assignment_id]),
        )
        for number, page in newest.items()
        if number not in kept
    ]


def taken_back(pages: Iterable[Page]) -> frozenset[str]:
    """The call-outs, by id, whose phone has been told since that it is not needed."""
    told: dict[str, str] = {}
    ordered = sorted(pages, key=lambda page: page.id)
    for page in ordered:
        if page.because and page.status not in ("failed", "expired"):
            told[page.number] = page.id
    return frozenset(each.id for each in ordered if each.id < told.get(each.number, ""))


def at_end(
    incident: Incident, assignments: Mapping[str, Assignment], pages: Iterable[Page], now: str
) -> list[PageOrder]:
    """Who is to be stood down with the incident's end; `assignments` as they were: whose crew is called off hears that."""
    all_ = list(pages)
    expected = {each.id for each in assignments.values() if active(each.status)}
    called_off = {page.number for page in all_ if page.kind == "page" and page.assignment_id in expected}
    return to_tell(incident, assignments, [page for page in all_ if page.number not in called_off], now)


def _asked(page: Page) -> set[tuple[str, str]]:
    """Whom a call-out asks, each with the crew."""
    return {(page.assignment_id, person) for person in page.people}


def _answered(page: Page, assignments: Mapping[str, Assignment]) -> bool:
    """Whether a call-out was answered, and not by one whose answer came late: who goes is needed, and who cannot come knows."""
    assignment = assignments.get(page.assignment_id)
    late = {*assignment.late} if assignment else set()
    return page.kind == "page" and page.acknowledged_at is not None and not {*page.people} & late


def _makes_wait(page: Page, assignments: Mapping[str, Assignment], alone: Set[str]) -> bool:
    """Whether a call-out makes its people wait: it left or may still leave, and they did not say themselves that they cannot come."""
    if page.assignment_id not in assignments or page.assignment_id in alone:
        return False
    return page.status not in ("failed", "expired") or may_have_left(page)


def _alone(assignments: Mapping[str, Assignment], pages: Iterable[Page]) -> set[str]:
    """Crews that said *unable* of whom one phone alone was asked: whoever has it said so."""
    phones: dict[str, set[str]] = {}
    for page in pages:
        if page.kind == "page":
            phones.setdefault(page.assignment_id, set()).add(page.number)
    return {
        id_ for id_, each in assignments.items() if each.status == "unable" and len(phones.get(id_, ())) < 2
    }


def _because(incident: Incident, assignment: Assignment) -> Because:
    if incident.status != "open":
        return "ended"
    return "unable" if assignment.status == "unable" else "answered"
