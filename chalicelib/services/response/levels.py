"""What a level of the response plan asks for: sent as far as one transaction takes, the rest being ordered from then on."""

from __future__ import annotations

from msgspec import to_builtins
from msgspec.structs import replace

from ...bootstrap import World
from ...domain import callout, dispatch, plans, portions
from ...domain.callout import Sending
from ...domain.decision import Decision
from ...domain.dispatch import Attendance, Duty, Shortfall
from ...domain.incident import PageOrder, PlanAnswer
from ...models.registry import Snapshot
from ..changes.ordering import items_a_page, order, room_in
from .dispatching import duty_of, had, scene_of_incident, seen_by, take_on_call


def send_level(world: World, registry: Snapshot, decision: Decision, level: int, now: str) -> None:
    """Add to a decision what the plan's level asks for."""
    incident = decision.incident
    scene = scene_of_incident(world, registry, incident, now)
    kept_plan = incident.plan.get("plan_id")
    plan = registry.plans.get(kept_plan) if kept_plan else plans.choose_plan(registry.plans.values(), scene)
    if plan is None:
        missing = dispatch.Shortfall(need_id="plan", missing=1, reason="no_plan", considered=())
        nobody = Sending(level=level, because="plan", shortfalls=(missing,))
        callout.send(decision, nobody, now, world.mint)
        return
    duty = duty_of(world, registry, plans.agencies_of(plan), now)
    attendance = dispatch.attendance(
        plan, level, scene, seen_by(duty, drill=incident.drill), sent=had(incident)
    )
    attendance = portions.bounded(attendance, len(incident.crews))
    kept = {
        **incident.plan,
        "plan_id": plan.id,
        "policy_id": plan.policy_id,
        "policy": incident.plan.get("policy") or to_builtins(registry.policies.get(plan.policy_id)),
    }
    decision.answers.append(PlanAnswer(level=level, answer=to_builtins(attendance)))
    decision.incident = replace(incident, plan=kept, level=level)
    owed = decision.incident.owed
    orders = _send(world, decision, attendance, duty, now)
    if decision.incident.owed != owed:
        decision.drafts.append(portions.told(decision.incident.owed))
    order(world, registry, decision, orders, now)


def send_owed(world: World, registry: Snapshot, decision: Decision, now: str) -> None:
    """Add to a decision the next units of those that are being ordered: who is fit now, or that nobody is."""
    incident = decision.incident
    level = incident.owed[0].level
    ours = [each for each in incident.owed if each.level == level]
    decision.incident = replace(incident, owed=tuple(each for each in incident.owed if each.level != level))
    plan = registry.plans.get(str(incident.plan.get("plan_id", "")))
    by_id = {need.id: need for need in plans.needs_at(plan, level)} if plan else {}
    needs = [replace(by_id[each.need_id], units=each.units) for each in ours if each.need_id in by_id]
    # An officer may have changed the plan meanwhile.
    gone = [
        Shortfall(need_id=each.need_id, missing=each.units, reason="not_in_plan", considered=())
        for each in ours
        if each.need_id not in by_id
    ]
    duty = duty_of(world, registry, plans.agencies_of(plan) if plan else set(), now)
    scene = scene_of_incident(world, registry, incident, now)
    seen = dispatch.as_planned(plan, seen_by(duty, drill=incident.drill))
    picks, shortfalls = dispatch.meet_needs(needs, scene, seen, sent=had(incident))
    attendance = Attendance(
        plan_id="", policy_id="", level=level, picks=picks, shortfalls=(*gone, *shortfalls)
    )
    attendance = portions.bounded(attendance, len(incident.crews))
    orders = _send(world, decision, attendance, duty, now)
    decision.drafts.append(portions.told(decision.incident.owed))
    order(world, registry, decision, orders, now, continued=True)


def _send(world: World, decision: Decision, attendance: Attendance, duty: Duty, now: str) -> list[PageOrder]:
    """Send of an attendance what the transaction takes, and owe the rest; the pages that must follow."""
    # One item for the event that says what is owed.
    room = room_in(world, decision) - 1
    portion = portions.portion(
        attendance.picks, attendance.shortfalls, attendance.level, room, items_a_page(world)
    )
    now_sent = Sending(
        level=attendance.level, because="plan", picks=portion.picks, shortfalls=portion.shortfalls
    )
    orders = callout.send(decision, now_sent, now, world.mint, duty.states)
    decision.incident = replace(decision.incident, owed=(*decision.incident.owed, *portion.owed))
    take_on_call(decision, duty)
    return orders
