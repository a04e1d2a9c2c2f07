"""Rules tried: what a response plan answers to a scene that nobody has reported, why, and why not the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple, Self

from msgspec import Struct

from . import escalation
from .assignment import Assignment
from .dispatch import (
    Duty,
    Pick,
    RejectReason,
    Shortfall,
    Taken,
    as_planned,
    looked_at,
    meet_needs,
    people_out,
)
from .plans import Broader, choose_plan, fitting, needs_at, passed_over, weight
from .registry import Account, EscalationPolicy, Need, Person, ResponsePlan
from .scene import Scene
from .times import between

# `farther`: fit, and others that are nearer were enough.
NotSent = RejectReason | Literal["farther"]


class PassedOver(Struct, frozen=True, kw_only=True):
    """A plan that fits as well, and the first thing in which it is less specific."""

    plan: ResponsePlan
    why: Broader


class NotChosen(Struct, frozen=True, kw_only=True):
    """A unit of an agency that a need asks, and why it is not sent for it."""

    unit_id: str
    callsign: str
    agency_id: str
    why: NotSent


class NeedAnswered(Struct, frozen=True, kw_only=True):
    """One need of a plan: who is sent for it, what is missing, and who else was looked at, in the order of asking."""

    level: int
    need: Need
    picks: tuple[Pick, ...]
    shortfall: Shortfall | None
    others: tuple[NotChosen, ...]


class Tried(Struct, frozen=True, kw_only=True):
    """What a plan answers at all of its levels; no plan: nobody is sent."""

    plan: ResponsePlan | None
    passed_over: tuple[PassedOver, ...]
    needs: tuple[NeedAnswered, ...]


class Stage(Struct, frozen=True, kw_only=True):
    """Whom escalation pages if nobody has acknowledged `after_s` seconds after the crew was paged; `skipped` would page nobody."""

    after_s: int
    to: str
    people: tuple[str, ...]
    skipped: tuple[str, ...]


def choose(plans: Iterable[ResponsePlan], scene: Scene) -> tuple[ResponsePlan | None, tuple[PassedOver, ...]]:
    """The plan that answers a scene, and the others that fit, the next best first."""
    fit = fitting(plans, scene)
    plan = choose_plan(fit, scene)
    others = sorted((each for each in fit if each is not plan), key=lambda each: weight(each, scene))
    return plan, tuple(
        PassedOver(plan=each, why=passed_over(plan, each, scene)) for each in others if plan is not None
    )


def answered(plan: ResponsePlan, scene: Scene, duty: Duty) -> tuple[NeedAnswered, ...]:
    """Every need of a plan's levels, as if each level were asked for right after the one before."""
    asked = [(level, need) for level in range(1, len(plan.levels) + 1) for need in needs_at(plan, level)]
    duty = as_planned(plan, duty)
    picks, shortfalls = meet_needs([need for _, need in asked], scene, duty)
    missing = {each.need_id: each for each in shortfalls}
    taken = Taken(units=set(), people=people_out(duty))
    found = []
    for level, need in asked:
        own = tuple(pick for pick in picks if pick.need_id == need.id)
        taken.people.update(person for pick in own for person in pick.people)
        others = tuple(_not_chosen(need, scene, duty, taken, own))
        taken.units.update(pick.unit_id for pick in own)
        shortfall = missing.get(need.id)
        found.append(NeedAnswered(level=level, need=need, picks=own, shortfall=shortfall, others=others))
    return tuple(found)


def _not_chosen(
    need: Need, scene: Scene, duty: Duty, taken: Taken, own: Sequence[Pick]
) -> Iterator[NotChosen]:
    sent = {pick.unit_id for pick in own}
    for agency_id in need.agencies:
        if agency_id in duty.agencies:
            for unit, reason, _, _ in looked_at(need, agency_id, scene, duty, taken):
                if unit.id not in sent:
                    yield NotChosen(
                        unit_id=unit.id,
                        callsign=unit.callsign,
                        agency_id=agency_id,
                        why=reason or "farther",
                    )


class Reachable(NamedTuple):
    """Everybody whom escalation could page, with their phones, and the accounts that say who is a supervisor."""

    people: Mapping[str, Person]
    phones: Mapping[str, str]
    accounts: Sequence[Account]

    @classmethod
    def of(cls, people: Mapping[str, Person], accounts: Iterable[Account]) -> Self:
        return cls(people, {person.id: person.phone for person in people.values()}, list(accounts))


def stages_of(
    picks: Sequence[Pick], duty: Duty, reachable: Reachable, policy: EscalationPolicy | None, now: str
) -> tuple[tuple[Stage, ...], ...]:
    """Of each pick, whom escalation pages while its crew stays silent; whoever goes with another unit is out by then."""
    out = {person for pick in picks for person in pick.people} | people_out(duty)
    found = []
    for pick in picks:
        agency = duty.agencies[pick.agency_id]
        asked = escalation.candidates(
            agency, duty.on_duty, reachable.people, reachable.accounts, out - set(pick.people)
        )
        found.append(timeline(pick, policy, asked, reachable.phones, now))
    return tuple(found)


def timeline(
    pick: Pick,
    policy: EscalationPolicy | None,
    people: Mapping[str, tuple[str, ...]],
    phones: Mapping[str, str],
    now: str,
) -> tuple[Stage, ...]:
    """Each stage that would page somebody while the crew stays silent, the desk's turn last; `people` by kind of step."""
    crew = Assignment(
        id="tried",
        incident_id="tried",
        agency_id=pick.agency_id,
        unit_id=pick.unit_id,
        callsign=pick.callsign,
        need_id=pick.need_id,
        level=1,
        status="requested",
        people=pick.people,
    )
    crew = escalation.begin(crew, policy, now)
    stages: list[Stage] = []
    while crew.due_at:
        at = crew.due_at
        crew, stage = escalation.advance(crew, policy, people, phones, at)
        after_s = round(between(now, at) or 0)
        stages.append(Stage(after_s=after_s, to=stage.to, people=stage.people, skipped=stage.skipped))
    return tuple(stages)
