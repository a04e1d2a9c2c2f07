"""Escalation: whom to page when nobody has acknowledged, by the policy as it was when the incident opened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set

from msgspec import Struct
from msgspec.structs import replace

from .assignment import Assignment
from .duty import Stretch, goes_along
from .incident import Incident
from .page import Page
from .registry import Account, Agency, EscalationPolicy, EscalationStep, Person
from .shapes import from_plain
from .times import plus

# An incident without a usable policy still reaches the desk when nobody answers.
DESK_AFTER_S = 180
# Who answers for an agency or for the desk is asked once an incident, not once a crew.
OFFICERS = ("head", "supervisor")
# How long an unclear reply holds up the next stage, so that a person can read it first.
PAUSE_S = 60


class Stage(Struct, frozen=True, kw_only=True):
    """One stage that was reached: whom it pages, none for the desk's turn, and the stages skipped as empty."""

    to: str
    people: tuple[str, ...]
    skipped: tuple[str, ...]


def policy_of(incident: Incident) -> EscalationPolicy | None:
    """The policy kept with the incident: what officers change later counts for later incidents."""
    kept = incident.plan.get("policy")
    return from_plain(kept, EscalationPolicy) if kept else None


def stages(policy: EscalationPolicy | None) -> list[EscalationStep]:
    """Every step in its order, as often as the policy repeats them."""
    return list(policy.steps) * (1 + policy.repeat) if policy else []


def stages_of(assignment: Assignment, policy: EscalationPolicy | None) -> list[EscalationStep]:
    """The stages that a crew has: one that was asked beside a silent crew has none, after it comes the desk."""
    return [] if assignment.beside else stages(policy)


def begin(assignment: Assignment, policy: EscalationPolicy | None, now: str) -> Assignment:
    """The assignment with its first stage due, if it pages anybody at all."""
    needed = policy.acknowledgements if policy else 1
    return replace(assignment, due_at=plus(now, wait_s(assignment, policy)), acknowledgements=needed)


def wait_s(assignment: Assignment, policy: EscalationPolicy | None) -> float:
    """How long after the last stage the next one is due; after the last, as long again before it is the desk's turn."""
    planned = stages(policy)[:1] if assignment.beside else stages(policy)
    return planned[min(assignment.step, len(planned) - 1)].after_s if planned else DESK_AFTER_S


def acknowledged(assignment: Assignment, person: str) -> Assignment:
    """One more person has acknowledged; enough of them end the escalation. '' speaks for the whole crew."""
    by = tuple(dict.fromkeys((*assignment.acknowledged_by, person)))
    after = replace(assignment, acknowledged_by=by)
    return replace(after, due_at=None) if enough(after) else after


def enough(assignment: Assignment) -> bool:
    """Whether as many have acknowledged as are needed."""
    by = assignment.acknowledged_by
    return "" in by or len(by) >= assignment.acknowledgements


def still_asked(assignment: Assignment, person: str) -> bool:
    """Whether a call-out still helps its person: the crew's own always, anybody else until enough have answered."""
    few = assignment.status == "acknowledged" and not enough(assignment)
    return person in assignment.people or few or assignment.status in ("requested", "unanswered")


def wanted(incident: Incident, assignment: Assignment) -> bool:
    """Whether somebody still has to be found."""
    waiting = assignment.status in ("requested", "acknowledged")
    return incident.status == "open" and waiting and assignment.due_at is not None


def may_pause(incident: Incident, assignment: Assignment) -> bool:
    """Whether an unclear reply may still hold up this crew's escalation: once, while somebody is looked for."""
    return wanted(incident, assignment) and assignment.paused_at is None


def paused(assignment: Assignment, now: str) -> Assignment:
    """The assignment with its next stage held up once, by a minute."""
    return replace(assignment, due_at=plus(max(assignment.due_at or now, now), PAUSE_S), paused_at=now)


def advance(
    assignment: Assignment,
    policy: EscalationPolicy | None,
    people: Mapping[str, tuple[str, ...]],
    phones: Mapping[str, str],
    now: str,
) -> tuple[Assignment, Stage]:
    """The next stage that reaches somebody, empty ones being skipped at once; after the last it is the desk's turn.

    `people` holds whom each kind of step would page, `phones` everybody's. No phone is paged twice in the first round, nor
    again after an answer, whoever of those who share it is asked for.
    """
    planned = stages_of(assignment, policy)
    per_round = len(policy.steps) if policy else 0
    skipped: list[str] = []
    for position in range(assignment.step, len(planned)):
        step = planned[position]
        known = {*assignment.people, *assignment.paged} if position < per_round else set[str]()
        known.update(assignment.acknowledged_by)
        rung = {phones.get(person) for person in known} - {None}
        found = tuple(
            person
            for person in people.get(step.to, ())
            if person not in known and phones.get(person) not in rung
        )
        if not found:
            skipped.append(step.to)
            continue
        after = replace(
            assignment,
            step=position + 1,
            paged=tuple(dict.fromkeys((*assignment.paged, *found))),
            asked=found,
        )
        return replace(after, due_at=plus(now, wait_s(after, policy))), Stage(
            to=step.to, people=found, skipped=tuple(skipped)
        )
    status = "unanswered" if assignment.status == "requested" else assignment.status
    ended = replace(assignment, step=len(planned), due_at=None, status=status)
    return ended, Stage(to="desk", people=(), skipped=tuple(skipped))


def next_stage(
    assignment: Assignment,
    policy: EscalationPolicy | None,
    people: Mapping[str, tuple[str, ...]],
    phones: Mapping[str, str],
    told: Set[str],
    now: str,
) -> tuple[Assignment, Stage]:
    """The next stage as `advance` has it, without officers whose phones, `told`, were paged for the incident before."""
    after, stage = advance(assignment, policy, people, phones, now)
    if stage.to in OFFICERS:
        people = {to: untold(to, ids, phones, told) for to, ids in people.items()}
        after, stage = advance(assignment, policy, people, phones, now)
    if stage.to in OFFICERS:
        after = replace(after, officers=tuple(dict.fromkeys((*assignment.officers, *stage.people))))
    return after, stage


def sooner(incident: Incident, assignment: Assignment, pages: Iterable[Page], now: str) -> Assignment:
    """The assignment with its next stage due now once nobody whom the present one paged can answer any more.

    Somebody can as long as the newest page has not failed or expired and no answer to it has come. A repeated round keeps
    its time: the same phones, tried again at once, would fail again.
    """
    policy = policy_of(incident)
    repeats = policy is not None and len(policy.steps) <= assignment.step < len(stages_of(assignment, policy))
    asked = assignment.asked if assignment.step else assignment.people
    own = [
        page
        for page in pages
        # Whoever was asked was asked before: news of what has changed asks nobody.
        if page.kind == "page" and page.assignment_id == assignment.id and page.amends is None
    ]
    newest = {page.person_id: page for page in sorted(own, key=lambda page: page.id)}
    waiting = any(
        person in newest
        and newest[person].status not in ("failed", "expired")
        and not newest[person].acknowledged_at
        for person in asked
    )
    unwritten = any(
        order.kind == "page" and order.assignment_id == assignment.id and order.amends is None
        for order in incident.unpaged
    )
    if not asked or waiting or unwritten or repeats or not wanted(incident, assignment):
        return assignment
    return replace(assignment, due_at=min(now, assignment.due_at or now))


def untold(to: str, ids: tuple[str, ...], phones: Mapping[str, str], told: Set[str]) -> tuple[str, ...]:
    """Whom a kind of step would page without the officers whose phones were paged for the incident before."""
    return tuple(each for each in ids if to not in OFFICERS or phones.get(each) not in told)


def candidates(
    agency: Agency | None,
    on_duty: Iterable[Stretch],
    people: Mapping[str, Person],
    accounts: Iterable[Account],
    out: Iterable[str],
) -> dict[str, tuple[str, ...]]:
    """Whom each kind of step would page: on duty with a unit and not out, the others on duty, the agency's head, supervisors.

    docs/duty.md has the table.
    """
    away = set(out)
    own = [each for each in on_duty if agency and each.agency_id == agency.id and each.person_id not in away]

    def usable(ids: Iterable[str | None]) -> tuple[str, ...]:
        known = (people[each] for each in ids if each is not None and each in people)
        return tuple(dict.fromkeys(person.id for person in known if not person.retired))

    supervisors = (each.person_id for each in accounts if each.role == "supervisor" and not each.disabled)
    return {
        "on_duty": usable(each.person_id for each in own if goes_along(each)),
        "backup": usable(each.person_id for each in own if not goes_along(each)),
        "head": usable([agency.head_id] if agency else []),
        "supervisor": usable(supervisors),
    }
