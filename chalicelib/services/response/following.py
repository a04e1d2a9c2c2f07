"""Following a response: reports from crews and desk, and what they change in units and pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import asdict, replace

from ...bootstrap import World
from ...domain import assignment as machine
from ...domain import attention, bounds, callout, coming, escalation, standing_down, units
from ...domain.assignment import Assignment, ReportStatus, Step, active
from ...domain.decision import Decision
from ...domain.events import (
    CallNotAnswered,
    Draft,
    LateReportReceived,
    PageAcknowledged,
    PageDeclined,
    Reported,
    UnitAcknowledged,
)
from ...domain.incident import Incident, LateAnswer, PageOrder
from ...domain.page import Page, may_have_left
from ...domain.portions import being_called_off
from ...domain.units import UnitState
from ...errors import Conflict, Forbidden, NotFound, Unprocessable
from ...faults import Fault
from ...models import incidents
from ...models.change import Change
from ...models.incidents import Loaded
from ...models.registry import Snapshot
from ...models.unit_states import all_unit_states
from ..changes.ordering import order
from ..changes.writing import Actor, Written, must, must_dispatch, write
from ..registry.units import must_reason
from .replacing import send_next


class CrewReport(Struct, frozen=True, kw_only=True):
    """What a crew is said to do: `page_id` where somebody answers that page, `occurred_at` None for now.

    `claimed`: a person told that time, and it is not when the message came.
    """

    assignment_id: str
    status: ReportStatus
    reason: str = ""
    occurred_at: str | None = None
    page_id: str = ""
    claimed: bool = False


class Spoken(NamedTuple):
    """Which page is answered, and by whom."""

    page: Page
    by: str


def report(
    world: World,
    registry: Snapshot,
    actor: Actor,
    incident_id: str,
    said: CrewReport,
    read: Loaded | None = None,
) -> Written:
    """Record what a crew says it does, by its link or through the desk; *unable* sends the next fit unit at once.

    A late or repeated report is recorded and changes nothing. Unprocessable names `reason` or `occurred_at`. Who answers a
    page does so perhaps on another's behalf: the page says which crew is meant, the actor who has spoken, and a time that
    contradicts what is known is left out, since the words must not be lost for it. `read` is what the caller has just read
    of all this, for the first try.
    """
    just_read = [read] if read else []
    must_reason(registry, said.reason, needed=said.status == "unable")
    if said.occurred_at:
        machine.check_past(said.occurred_at, world.clock.now())

    def prepare(now: str) -> Change:
        loaded = must_dispatch(just_read.pop() if just_read else _read(incident_id, said), incident_id)
        return Change(loaded, reported(world, registry, actor, loaded, said, now))

    return write(world, actor, prepare)


def reported(
    world: World, registry: Snapshot, actor: Actor, loaded: Loaded, said: CrewReport, now: str
) -> Decision:
    """What a report comes to on what was read; nothing is written."""
    before = crew_of(actor, loaded, said.assignment_id)
    decision = Decision(incident=loaded.incident)
    page = loaded.pages.get(said.page_id)
    spoken = Spoken(page, _voice(registry, before, actor.id.removeprefix("person:"))) if page else None
    latest = max(before.milestones.values())
    known = said.occurred_at and (not page or said.occurred_at >= latest)
    claimed = said.occurred_at if known else None
    told = actor.source == "radio_entry" and claimed is not None and not _heard(loaded, before, claimed)
    # A cancelled incident's crews that are not called off yet are about to be.
    over = being_called_off(loaded.incident) or (page is not None and page.because)
    if over or machine.outcome(before.status, said.status) != "applied":
        _not_applied(decision, before, replace(said, occurred_at=claimed, claimed=told), spoken, now)
    elif spoken and said.status == "unable" and spoken.page.person_id not in before.people:
        _decline(decision, before, spoken, said.reason, now)
    else:
        # The desk may have entered a step some seconds ahead; a tap that follows it is not to be refused.
        step = Step(said.status, said.reason, claimed or max(now, latest), told)
        machine.check_order(before, step.at)
        apply(registry, decision, before, step, now, spoken)
        if step.status == "unable":
            send_next(world, registry, decision, before, now)
        if step.status == "cancelled":
            order(world, registry, decision, stand_down(loaded, {before.id}), now)
    if not spoken:
        # What a crew says for itself does not read the SMS that waits for a person's eyes.
        decision.incident = attention.replies_read(decision.incident, before.id)
    return decision


def _heard(loaded: Loaded, before: Assignment, at: str) -> bool:
    """Whether an SMS of the crew that waits to be read came at that instant: nobody told it, the message did."""
    return any(mark.detail == before.id and mark.said_at == at for mark in loaded.incident.attention)


def _read(incident_id: str, said: CrewReport) -> Loaded | None:
    if said.status == "cancelled":
        return incidents.load_state(incident_id)
    pages = [said.page_id] if said.page_id else []
    return incidents.load(incident_id, assignments=[said.assignment_id], pages=pages)


def crew_of(actor: Actor, loaded: Loaded, assignment_id: str) -> Assignment:
    """The assignment that the actor may report on; NotFound, Forbidden."""
    assignment = loaded.assignments.get(assignment_id)
    if assignment is None:
        raise NotFound("no such assignment", Fault("assignment_id", "no_assignment"))
    if actor.agency not in (None, assignment.agency_id):
        raise Forbidden("this belongs to another agency")
    return assignment


def call_not_answered(
    world: World, registry: Snapshot, actor: Actor, incident_id: str, assignment_id: str, person_id: str
) -> Written:
    """Record that a person of a crew, or for '' its agency, was rung and did not pick up; it ends no search.

    Unprocessable names `person_id`.
    """
    if person_id and person_id not in registry.people:
        raise Unprocessable("unknown person", Fault("person_id", "unknown_person"))

    def prepare(now: str) -> Change:
        loaded = must_dispatch(incidents.load(incident_id, assignments=[assignment_id]), incident_id)
        assignment = crew_of(actor, loaded, assignment_id)
        # Nobody records of another agency's head that they did not pick up.
        if actor.agency and person_id and registry.people[person_id].agency_id != actor.agency:
            raise Forbidden("this person belongs to another agency", Fault("person_id", "person_of_another"))
        after, times = bounds.rang(assignment, person_id, actor.id, now)
        rang = CallNotAnswered(
            assignment=assignment.id, unit=assignment.unit_id, person=person_id, times=times
        )
        tell = bounds.told(times) and not bounds.full(loaded.incident)
        return Change(
            loaded,
            Decision(
                incident=loaded.incident,
                assignments=[after],
                drafts=[Draft(rang)] if tell else [],
                quiet=True,
            ),
        )

    return write(world, actor, prepare)


def _voice(registry: Snapshot, before: Assignment, person_id: str) -> str:
    """Who speaks: whoever has answered from the same phone before, since one phone is one answer whoever holds it."""
    phones = {each: registry.people[each].phone for each in before.acknowledged_by if each in registry.people}
    own = registry.people[person_id].phone if person_id in registry.people else ""
    return next((each for each, phone in phones.items() if phone == own), person_id)


def apply(
    registry: Snapshot,
    decision: Decision,
    before: Assignment,
    step: Step,
    now: str,
    spoken: Spoken | None = None,
) -> None:
    """Add to a decision what a report that applies changes: assignment, incident, event, the unit's state, the page answered."""
    after = machine.report(before, step, now)
    # Whoever is on the way has acknowledged as well.
    if step.status == "acknowledged" or (spoken and step.status != "unable"):
        after = escalation.acknowledged(after, spoken.by if spoken else "")
    after = standing_down.reported(decision.incident, before, after, spoken.by if spoken else "", now)
    decision.assignments.append(after)
    decision.incident = callout.with_crew(decision.incident, after, step.at)
    if step.status != "acknowledged" or escalation.enough(after):
        decision.incident = attention.dealt_with(decision.incident, assignment_id=before.id)
    if spoken:
        _mark_late(decision, before, spoken, step.status, now)
    draft = machine.event(before, after, step)
    decision.drafts.append(_by_page(draft, spoken) if spoken else draft)
    follow_unit(registry, states_for(registry, [before]), decision, before, step, now)
    # Steps that move the crew are bounded by themselves: the page need not count them.
    if spoken and not spoken.page.acknowledged_at:
        decision.pages.append(_answered(spoken.page, now))


def states_for(registry: Snapshot, assignments: Iterable[Assignment]) -> Mapping[str, UnitState]:
    """The units' states: read anew where they do not hold these assignments.

    What was read along is older than the incident, and a unit may have been sent in between.
    """
    states = registry.unit_states().units
    held = {each.assignment_id for state in states.values() for each in state.holding}
    if any(each.id not in held for each in assignments):
        states = all_unit_states().units
    return states


def follow_unit(
    registry: Snapshot,
    states: Mapping[str, UnitState],
    decision: Decision,
    before: Assignment,
    step: Step,
    now: str,
) -> None:
    """Let the unit's state follow its assignment, unless another assignment holds the unit by now."""
    reason = registry.reasons.get(step.reason)
    secondary = reason.unit_status if reason else ""
    state = states.get(before.unit_id)
    after = units.follow(state, before.id, step.status, step.reason, secondary, now) if state else None
    if after:
        decision.units.append(after)


def _by_page(draft: Draft, spoken: Spoken) -> Draft:
    content = draft.content
    assert isinstance(content, Reported)
    type_ = PageAcknowledged if isinstance(content, UnitAcknowledged) else type(content)
    return replace(draft, content=type_(**{**asdict(content), **_from(spoken)}))


def _from(spoken: Spoken) -> dict[str, Any]:
    """Whose answer it is by what is known: of a shared phone nobody knows who held it."""
    page, by = spoken
    others = tuple(each for each in page.people if each != by) if by in page.people else ()
    return {"page": page.id, "person": by, "also": others}


def _mark_late(decision: Decision, before: Assignment, spoken: Spoken, status: str, now: str) -> bool:
    """Mark for the desk that somebody says to come who is not needed; whether they are such a one."""
    late = standing_down.is_late(before, (spoken.by, *spoken.page.people))
    if late:
        answer = LateAnswer(assignment_id=before.id, person_id=spoken.by, said=status, at=now)
        decision.incident = standing_down.marked(decision.incident, answer)
    return late


def _answered(page: Page, now: str) -> Page:
    return replace(page, acknowledged_at=page.acknowledged_at or now, reports=page.reports + 1)


def _decline(decision: Decision, before: Assignment, spoken: Spoken, reason: str, now: str) -> None:
    """Somebody whom the escalation asked cannot help; that says nothing of the crew, for whom others still look."""
    page = spoken.page
    answered = _answered(page, now)
    decision.pages.append(answered)
    if before.status == "requested":
        state = must(incidents.load_state(page.incident_id), page.incident_id)
        pages = {**state.pages, page.id: answered}
        reach = coming.reach_of(before.id, pages.values(), decision.incident.unpaged)
        decision.incident = coming.reached(decision.incident, {before.id: reach})
    if page.reports < bounds.REPEATS_KEPT:
        declined = PageDeclined(assignment=before.id, unit=before.unit_id, reason=reason, **_from(spoken))
        decision.drafts.append(Draft(declined))


def _not_applied(
    decision: Decision, before: Assignment, said: CrewReport, spoken: Spoken | None, now: str
) -> None:
    """Record a report that moves nothing: another acknowledgement, a repeat, or one that came too late."""
    page, by = spoken or (None, "")
    # Who answers that they are not needed has read it, and comes for nobody.
    read = page is not None and bool(page.because)
    speaks = said.status == "acknowledged" and active(before.status) and by not in before.acknowledged_by
    speaks = speaks and not read
    if not page:
        # What the desk hears counts where one of the crew has acknowledged and more are needed.
        speaks = speaks and before.status == "acknowledged" and not escalation.enough(before)
    if page and page.reports >= bounds.REPEATS_KEPT and not speaks:
        return
    about: dict[str, Any] = {"assignment": before.id, "unit": before.unit_id, "status": before.status}
    late = False
    if spoken:
        decision.pages.append(_answered(spoken.page, now))
        about |= _from(spoken)
        late = not read and _mark_late(decision, before, spoken, said.status, now)
    if speaks:
        after = escalation.acknowledged(before, by)
        if late:
            after = replace(after, late=(*before.late, by))
        after = standing_down.reported(decision.incident, before, after, by, now)
        decision.assignments.append(after)
        told = PageAcknowledged(**about, late=late) if page else UnitAcknowledged(**about)
        decision.drafts.append(Draft(told))
        if escalation.enough(after) and not late:
            decision.incident = attention.dealt_with(decision.incident, assignment_id=before.id)
        return
    if not page:
        if before.repeats >= bounds.REPEATS_KEPT:
            return
        decision.assignments.append(replace(before, repeats=before.repeats + 1))
    repeated = machine.outcome(before.status, said.status) == "repeated"
    about |= {"reported": said.status, "repeated": repeated, "reason": said.reason, "claimed": said.claimed}
    received = LateReportReceived(**about, stood_down=read)
    decision.drafts.append(Draft(received, said.occurred_at))


def stand_down(loaded: Loaded, assignment_ids: set[str]) -> list[PageOrder]:
    """A cancellation for everybody whose call-out left, may have left or may still leave, behind the last that surely has,
    and who was not told yet that they are not needed; the page function drops needless ones.
    """
    told = standing_down.taken_back(loaded.pages.values())
    pages = [
        page
        for page in sorted(loaded.pages.values(), key=lambda each: each.id)
        if page.kind == "page" and page.assignment_id in assignment_ids
    ]
    # Who was told of a change has two SMS, and is called off once.
    newest = {(page.assignment_id, page.number): page.id for page in pages if page.sent_at}
    return [
        PageOrder(assignment_id=page.assignment_id, person_id=page.person_id, kind="cancelled", after=page.id)
        for page in pages
        if (page.status not in ("failed", "expired") or may_have_left(page))
        and page.id >= newest.get((page.assignment_id, page.number), "")
        and page.id not in told
    ]


def must_open(incident: Incident) -> Incident:
    if incident.status != "open":
        raise Conflict("the incident is no longer open", Fault("id", "ended", {"status": incident.status}))
    return incident
