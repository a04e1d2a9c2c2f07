"""Following a response: reports from crews and desk, and what they change in units and pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import asdict, replace

from ...bootstrap import World
from ...domain import assignment as machine
from ...domain import bounds, coming, dispatch, escalation, sending, units
from ...domain.assignment import ReportStatus, active
from ...domain.decision import Decision
from ...domain.dispatch import Duty
from ...domain.events import (
    CallNotAnswered,
    Draft,
    LateReportReceived,
    PageAcknowledged,
    PageDeclined,
    Reported,
    UnitAcknowledged,
)
from ...domain.incident import Assignment, Incident, Page, PageOrder
from ...domain.page import may_have_left
from ...domain.portions import UNITS_MOST, being_called_off
from ...domain.units import UnitState
from ...errors import Conflict, Forbidden, NotFound, Unprocessable
from ...gateways.clock import new_id
from ...models import incidents
from ...models.change import Change
from ...models.incidents import Loaded
from ...models.registry import Snapshot, all_unit_states
from ..changes.ordering import order
from ..changes.writing import Actor, Written, must, must_dispatch, write
from ..registry.keeping import must_reason
from .dispatching import agencies_of, duty_of, scene_of_incident, seen_by, take_on_call


def report(
    world: World,
    registry: Snapshot,
    actor: Actor,
    incident_id: str,
    assignment_id: str,
    status: ReportStatus,
    *,
    reason: str = "",
    occurred_at: str | None = None,
    page_id: str = "",
    read: Loaded | None = None,
) -> Written:
    """Record what a crew says it does, by its link or through the desk; *unable* sends the next fit unit at once.

    A late or repeated report is recorded and changes nothing. Unprocessable names `reason` or `occurred_at`. With
    `page_id` the actor answers that page, perhaps on another's behalf: the page says which crew is meant, the actor who
    has spoken, and a time that contradicts what is known is left out, since the words must not be lost for it. `read` is
    what the caller has just read of all this, for the first try.
    """
    just_read = [read] if read else []
    speaker_id = actor.id.removeprefix("person:")
    must_reason(registry, reason, needed=status == "unable")
    if occurred_at:
        machine.check_past(occurred_at, world.clock.now())

    def prepare(now: str) -> Change:
        if just_read:
            found: Loaded | None = just_read.pop()
        elif status == "cancelled":
            found = incidents.load_state(incident_id)
        else:
            pages = [page_id] if page_id else []
            found = incidents.load(incident_id, assignments=[assignment_id], pages=pages)
        loaded = must_dispatch(found, incident_id)
        if assignment_id not in loaded.assignments:
            raise NotFound("no such assignment", {"assignment_id": "no such assignment"})
        before = loaded.assignments[assignment_id]
        if actor.agency not in (None, before.agency_id):
            raise Forbidden("this belongs to another agency")
        decision = Decision(incident=loaded.incident)
        page = loaded.pages.get(page_id)
        by = _voice(registry, before, speaker_id) if page else ""
        latest = max(before.milestones.values())
        claimed = occurred_at if occurred_at and (not page or occurred_at >= latest) else None
        # A cancelled incident's crews that are not called off yet are about to be.
        if being_called_off(loaded.incident) or machine.outcome(before.status, status) != "applied":
            _not_applied(decision, before, status, reason, claimed, page, by, now)
            _read_by_desk(decision, before, page)
            return Change(loaded, decision)
        if page and status == "unable" and page.person_id not in before.people:
            _decline(decision, before, page, by, reason, now)
            return Change(loaded, decision)
        # The desk may have entered a step some seconds ahead; a tap that follows it is not to be refused.
        happened = claimed or max(now, latest)
        machine.check_order(before, happened)
        # Whoever is on the way has acknowledged as well.
        speaker = by if status == "acknowledged" or (page and status != "unable") else None
        apply(world, registry, decision, before, status, reason, happened, now, speaker)
        if page:
            decision.drafts[0] = _by_page(decision.drafts[0], page, by)
            # Steps that move the crew are bounded by themselves: the page need not count them.
            if not page.acknowledged_at:
                decision.pages.append(_answered(page, now))
        if status == "unable":
            _send_next(world, registry, decision, before, now)
        if status == "cancelled":
            order(world, registry, decision, stand_down(loaded, {assignment_id}), now)
        _read_by_desk(decision, before, page)
        return Change(loaded, decision)

    return write(world, actor, prepare)


def call_not_answered(
    world: World, registry: Snapshot, actor: Actor, incident_id: str, assignment_id: str, person_id: str
) -> Written:
    """Record that a person of a crew, or for '' its agency, was rung and did not pick up; it ends no search.

    Unprocessable names `person_id`.
    """
    if person_id and person_id not in registry.people:
        raise Unprocessable("unknown person", {"person_id": "unknown person"})

    def prepare(now: str) -> Change:
        loaded = must_dispatch(incidents.load(incident_id, assignments=[assignment_id]), incident_id)
        assignment = loaded.assignments.get(assignment_id)
        if assignment is None:
            raise NotFound("no such assignment", {"assignment_id": "no such assignment"})
        if actor.agency not in (None, assignment.agency_id):
            raise Forbidden("this belongs to another agency")
        # Nobody records of another agency's head that they did not pick up.
        if actor.agency and person_id and registry.people[person_id].agency_id != actor.agency:
            raise Forbidden("this person belongs to another agency", {"person_id": "another agency's"})
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


def _read_by_desk(decision: Decision, before: Assignment, page: Page | None) -> None:
    # What a crew says for itself does not read the SMS that waits for a person's eyes.
    if page is None:
        decision.incident = sending.replies_read(decision.incident, before.id)


def apply(
    world: World,
    registry: Snapshot,
    decision: Decision,
    before: Assignment,
    status: ReportStatus,
    reason: str,
    happened: str,
    now: str,
    speaker: str | None,
) -> None:
    """Add to a decision what a report that applies changes: assignment, incident, event, the unit's state."""
    after = machine.report(before, status, reason, happened, now)
    if speaker is not None:
        after = escalation.acknowledged(after, speaker)
    decision.assignments.append(after)
    decision.incident = sending.with_crew(decision.incident, after, happened)
    if status != "acknowledged" or escalation.enough(after):
        decision.incident = sending.heeded(decision.incident, assignment_id=before.id)
    decision.drafts.append(machine.event(before, status, reason, happened, status in after.late_entry))
    states = states_for(registry, [before])
    follow_unit(registry, states, decision, before, status, reason, now)


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
    status: str,
    reason: str,
    now: str,
) -> None:
    """Let the unit's state follow its assignment, unless another assignment holds the unit by now."""
    secondary = registry.reasons[reason].unit_status if reason in registry.reasons else ""
    state = states.get(before.unit_id)
    after = units.follow(state, before.id, status, reason, secondary, now) if state else None
    if after:
        decision.units.append(after)


def _by_page(draft: Draft, page: Page, by: str) -> Draft:
    content = draft.content
    assert isinstance(content, Reported)
    type_ = PageAcknowledged if isinstance(content, UnitAcknowledged) else type(content)
    return replace(draft, content=type_(**{**asdict(content), **_from(page, by)}))


def _from(page: Page, by: str) -> dict[str, Any]:
    """Whose answer it is by what is known: of a shared phone nobody knows who held it."""
    others = tuple(each for each in page.people if each != by) if by in page.people else ()
    return {"page": page.id, "person": by, "also": others}


def _answered(page: Page, now: str) -> Page:
    return replace(page, acknowledged_at=page.acknowledged_at or now, reports=page.reports + 1)


def _decline(decision: Decision, before: Assignment, page: Page, by: str, reason: str, now: str) -> None:
    """Somebody whom the escalation asked cannot help; that says nothing of the crew, for whom others still look."""
    answered = _answered(page, now)
    decision.pages.append(answered)
    if before.status == "requested":
        state = must(incidents.load_state(page.incident_id), page.incident_id)
        pages = {**state.pages, page.id: answered}
        reach = coming.reach_of(before.id, pages.values(), decision.incident.unpaged)
        decision.incident = coming.reached(decision.incident, {before.id: reach})
    if page.reports < bounds.REPEATS_KEPT:
        declined = PageDeclined(assignment=before.id, unit=before.unit_id, reason=reason, **_from(page, by))
        decision.drafts.append(Draft(declined))


def _not_applied(
    decision: Decision,
    before: Assignment,
    status: str,
    reason: str,
    occurred_at: str | None,
    page: Page | None,
    by: str,
    now: str,
) -> None:
    """Record a report that moves nothing: another acknowledgement, a repeat, or one that came too late."""
    speaks = status == "acknowledged" and active(before.status) and by not in before.acknowledged_by
    if not page:
        # What the desk hears counts where one of the crew has acknowledged and more are needed.
        speaks = speaks and before.status == "acknowledged" and not escalation.enough(before)
    if page and page.reports >= bounds.REPEATS_KEPT and not speaks:
        return
    about: dict[str, Any] = {"assignment": before.id, "unit": before.unit_id, "status": before.status}
    if page:
        decision.pages.append(_answered(page, now))
        about |= _from(page, by)
    if speaks:
        type_ = PageAcknowledged if page else UnitAcknowledged
        decision.drafts.append(Draft(type_(**about)))
        after = escalation.acknowledged(before, by)
        decision.assignments.append(after)
        if escalation.enough(after):
            decision.incident = sending.heeded(decision.incident, assignment_id=before.id)
        return
    if not page:
        if before.repeats >= bounds.REPEATS_KEPT:
            return
        decision.assignments.append(replace(before, repeats=before.repeats + 1))
    repeated = machine.outcome(before.status, status) == "repeated"
    late = LateReportReceived(reported=status, repeated=repeated, reason=reason, **about)
    decision.drafts.append(Draft(late, occurred_at))


def _send_next(world: World, registry: Snapshot, decision: Decision, lost: Assignment, now: str) -> None:
    """Answer the need again that a lost unit leaves open, without any unit this incident has or has lost."""
    incident = decision.incident
    plan = registry.plans.get(str(incident.plan.get("plan_id", "")))
    # Two levels may name a need alike.
    needs = dispatch.needs_at(plan, lost.level) if plan else []
    need = next((need for need in needs if need.id == lost.need_id), None)
    full = len(incident.crews) >= UNITS_MOST
    if plan is None or need is None or full:
        reason = "too_many_units" if full else "not_in_plan"
        missing = dispatch.Shortfall(need_id=lost.need_id, missing=1, reason=reason, considered=())
        sending.send(decision, [], [missing], lost.level, now, lambda: new_id(world.clock), because=lost.id)
        return
    duty = duty_of(world, registry, agencies_of(plan), now)
    scene = scene_of_incident(world, registry, incident, now)
    sent = frozenset(crew.unit_id for crew in incident.crews if crew.status not in ("cleared", "cancelled"))
    duty = as_decided(duty, decision)
    seen = seen_by(duty, drill=incident.drill)
    picks, shortfalls = dispatch.answer_needs([replace(need, units=1)], scene, seen, sent=sent)
    orders = sending.send(
        decision,
        picks,
        shortfalls,
        lost.level,
        now,
        lambda: new_id(world.clock),
        because=lost.id,
        states=duty.states,
    )
    take_on_call(decision, duty)
    order(world, registry, decision, orders, now)


def as_decided(duty: Duty, decision: Decision) -> Duty:
    """The duty as it stands once the decision is written: whom it frees may go with another unit."""
    return replace(duty, states={**duty.states, **{unit.unit_id: unit for unit in decision.units}})


def stand_down(loaded: Loaded, assignment_ids: set[str]) -> list[PageOrder]:
    """A cancellation for everybody whose call-out left, may have left or may still leave; the page function drops
    needless ones.
    """
    return [
        PageOrder(assignment_id=page.assignment_id, person_id=page.person_id, kind="cancelled", after=page.id)
        for page in loaded.pages.values()
        if page.kind == "page"
        and page.assignment_id in assignment_ids
        and (page.status not in ("failed", "expired") or may_have_left(page))
    ]


def must_open(incident: Incident) -> Incident:
    if incident.status != "open":
        raise Conflict("the incident is no longer open", {"id": incident.status})
    return incident
