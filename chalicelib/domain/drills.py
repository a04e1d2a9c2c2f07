"""A paging drill: everybody on duty in one agency is paged for nothing but an answer; no unit is taken, nobody escalates."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Set
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import asdict, replace

from . import callout, times
from .assignment import Assignment
from .decision import Decision
from .duty import Stretch
from .events import Draft, DrillAnswered, DrillEnded, DrillPerson, DrillStarted
from .incident import Incident, Location, PageOrder, PagingDrill, Tally
from .mint import Mint
from .page import Page
from .registry import Person

# No noun of the registry, so that no officer's edit of an incident type reaches a drill.
TYPE = "paging_drill"


class OnDuty(Struct, frozen=True, kw_only=True):
    """Somebody on duty; `unit_id` is None for whoever is on call."""

    person_id: str
    unit_id: str | None


class Present(NamedTuple):
    """Whom a drill would page now, and whom it would leave in peace because they are out with a unit."""

    to_page: list[OnDuty]
    out: list[OnDuty]


def on_duty(stretches: Iterable[Stretch], people: Mapping[str, Person], out: Set[str]) -> Present:
    """Whom a drill pages and whom it leaves in peace because they are out with a unit; each person once, by name."""
    found: dict[str, OnDuty] = {}
    for each in stretches:
        known = found.get(each.person_id)
        # Who is on call beside their own unit's shift counts with the unit.
        if each.person_id in people and (known is None or known.unit_id is None):
            found[each.person_id] = OnDuty(person_id=each.person_id, unit_id=each.unit_id)
    ordered = sorted(found.values(), key=lambda each: (people[each.person_id].name, each.person_id))
    return Present(
        to_page=[each for each in ordered if each.person_id not in out],
        out=[each for each in ordered if each.person_id in out],
    )


class NewDrill(Struct, frozen=True, kw_only=True):
    """A drill that somebody starts."""

    id: str
    agency_id: str
    minutes: int
    by: str


def start(new: NewDrill, present: Present, now: str, mint: Mint) -> tuple[Decision, list[PageOrder]]:
    """Open a drill, and the pages that must follow; its one assignment has no unit and is due when the drill ends."""
    ends_at = times.plus(now, new.minutes * 60)
    drill = PagingDrill(
        agency_id=new.agency_id,
        minutes=new.minutes,
        ends_at=ends_at,
        by=new.by,
        out=tuple(each.person_id for each in present.out),
    )
    assignment = Assignment(
        id=mint.id(),
        incident_id=new.id,
        agency_id=new.agency_id,
        unit_id="",
        callsign="",
        need_id=TYPE,
        level=1,
        status="requested",
        people=tuple(each.person_id for each in present.to_page),
        milestones={"requested": now},
        due_at=ends_at,
    )
    incident = Incident(
        id=new.id,
        type=TYPE,
        category="other",
        priority=5,
        terrain="land",
        location=Location(district=""),
        narrative="",
        status="open",
        drill=True,
        received_at=now,
        answered_at=None,
        opened_at=now,
        calls=0,
        paging_drill=drill,
    )
    started = DrillStarted(
        assignment=assignment.id,
        agency=new.agency_id,
        minutes=new.minutes,
        ends_at=ends_at,
        people=tuple(DrillPerson(person=each.person_id, unit=each.unit_id or "") for each in present.to_page),
        out=drill.out,
    )
    decision = Decision(
        incident=callout.with_crew(incident, assignment, now),
        assignments=[assignment],
        drafts=[Draft(started)],
    )
    # They yield to every real page.
    orders = [
        PageOrder(assignment_id=assignment.id, person_id=each.person_id, bulk=True)
        for each in present.to_page
    ]
    return decision, orders


def over(incident: Incident, now: str) -> bool:
    """Whether answers now come too late, also when nobody has ended the drill yet."""
    assert incident.paging_drill
    return incident.status != "open" or now >= incident.paging_drill.ends_at


def answered_late(incident: Incident, page: Page) -> bool:
    """Whether a page was answered after the drill's end."""
    assert incident.paging_drill
    ends_at = incident.paging_drill.ends_at
    return bool(page.acknowledged_at and page.acknowledged_at >= min(incident.closed_at or ends_at, ends_at))


def answer(incident: Incident, page: Page, said: str, now: str) -> Decision:
    """Record that somebody answered their page, whatever they said, in time or late; the first answer alone counts."""
    decision = Decision(incident=incident)
    if page.acknowledged_at:
        return decision
    late = over(incident, now)
    drill = incident.paging_drill
    if drill and drill.tally:
        tally = replace(drill.tally, late=drill.tally.late + 1)
        decision.incident = replace(incident, paging_drill=replace(drill, tally=tally))
    decision.pages.append(replace(page, acknowledged_at=now, reports=page.reports + 1))
    answered = DrillAnswered(page=page.id, person=page.person_id, said=said, late=late, also=page.also)
    decision.drafts.append(Draft(answered))
    return decision


def end(
    incident: Incident, assignment: Assignment, pages: Iterable[Page], because: str, now: str
) -> Decision:
    """End a drill that runs, and keep with it what it came to; pages that have not left by now never do."""
    drill = incident.paging_drill
    assert drill
    pages = list(pages)
    late = {page.id for page in pages if answered_late(incident, page)}
    result = tally(phones(incident, assignment, pages), pages, late)
    ended = replace(
        assignment,
        status="cleared",
        milestones={**assignment.milestones, "cleared": now},
        due_at=None,
    )
    closed = replace(
        incident,
        status="closed",
        closed_at=now,
        unpaged=(),
        paging_drill=replace(drill, tally=result),
    )
    told = DrillEnded(assignment=assignment.id, because=because, **asdict(result))
    return Decision(
        incident=callout.with_crew(closed, ended, now),
        assignments=[ended],
        drafts=[Draft(told)],
    )


def phones(incident: Incident, assignment: Assignment, pages: Iterable[Page]) -> int:
    """How many phones a drill is for: people who share one are reached, and answer, as one."""
    if incident.paging_drill and incident.paging_drill.tally:
        return incident.paging_drill.tally.people
    sharing = [len(page.also) for page in pages] + [len(order.also) for order in incident.unpaged]
    return len(assignment.people) - sum(sharing)


def seconds_to_answer(page: Page) -> float | None:
    """From a page's sending to its answer; None without an answer, or when it came before we knew of the sending."""
    seconds = times.between(page.sent_at, page.acknowledged_at)
    return seconds if seconds is not None and seconds >= 0 else None


def tally(people: int, pages: Iterable[Page], late: Set[str]) -> Tally:
    """What the pages of a drill come to; `late` holds the ids of those that were answered after its end."""
    pages = list(pages)
    in_time = [page for page in pages if page.acknowledged_at and page.id not in late]
    seconds = [taken for page in in_time if (taken := seconds_to_answer(page)) is not None]
    return Tally(
        people=people,
        sent=sum(page.sent_at is not None for page in pages),
        answered=len(in_time),
        late=len(late),
        share=round(len(in_time) / people, 4) if people else 0.0,
        median_s=nearest_rank(seconds, 50),
        p90_s=nearest_rank(seconds, 90),
    )


def nearest_rank(values: Iterable[float], percent: int) -> float | None:
    """The smallest value that so many percent of all do not exceed; None of none."""
    ordered = sorted(values)
    # Whole numbers: 0.9 times 10 is not quite 9 in floats.
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)] if ordered else None
