"""Amending an open incident: what it is, who is sent for that, who is called off, and whom the news must reach, at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, to_builtins
from msgspec.structs import replace

from ...bootstrap import World
from ...domain import (
    amending,
    attention,
    audit,
    bounds,
    callout,
    dispatch,
    places,
    plans,
    portions,
    replanning,
    retelling,
)
from ...domain.assignment import Step, active
from ...domain.callout import Sending
from ...domain.decision import Decision
from ...domain.dispatch import Duty
from ...domain.events import Draft, IncidentTakenUp
from ...domain.incident import Incident, PageOrder, Tells
from ...domain.registry import ResponsePlan
from ...domain.replanning import Replan
from ...errors import Conflict, Unprocessable
from ...faults import Fault
from ...models import incidents
from ...models.change import Change
from ...models.incidents import Loaded
from ...models.registry import Snapshot
from ..changes.ordering import order, room_in
from ..changes.writing import Actor, Written, must_dispatch, write
from .assigning import Choice, behind_cancellations, by_hand, may_go
from .dispatching import as_decided, duty_of, scene_of_incident, seen_by, take_on_call
from .ending import new_note
from .following import apply, must_open, stand_down

# What the transaction must still hold beside clocks that are set anew: the first pages.
PAGES = 20


class Amendment(Struct, frozen=True, kw_only=True):
    """What the desk wants, on the `version` that it has read: new `values` by field, units to send, assignments to call off.

    `tell` None: crews hear of what concerns them.
    """

    version: int
    values: Mapping[str, Any]
    tell: bool | None = None
    send: tuple[str, ...] = ()
    insist: bool = False
    recall: tuple[str, ...] = ()


class Draught(Struct, frozen=True, kw_only=True):
    """An incident as it would be amended: `plan` is what answers it, `moved` whether that is another than before."""

    loaded: Loaded
    after: Incident
    fields: tuple[str, ...]
    tells: bool
    plan: ResponsePlan | None
    moved: bool
    away: places.Away | None


def amend(world: World, registry: Snapshot, actor: Actor, incident_id: str, wanted: Amendment) -> Written:
    """Put an incident right, send and call off with it, and tell the crews, all in one transaction or nothing of it.

    Conflict names the fields that somebody amended since the version that was read, with both values.
    """
    _must_be_known(registry, wanted)

    def prepare(now: str) -> Change:
        draught = draw(world, registry, incident_id, wanted, now)
        loaded = draught.loaded
        decision = Decision(incident=loaded.incident)
        if draught.fields:
            _put(world, registry, actor, decision, draught, now)
        calls_off = _recall(registry, decision, loaded, wanted, now)
        goes_out = _send(world, registry, decision, draught, wanted, now)
        if draught.moved:
            _clocks(world, decision, loaded, now)
        orders = [*stand_down(loaded, set(wanted.recall)), *goes_out] if calls_off else goes_out
        phones = {person.id: person.phone for person in registry.people.values()}
        if draught.tells:
            orders += retelling.behind(
                decision.incident, loaded.assignments, loaded.pages.values(), phones, orders
            )
        if decision.drafts:
            order(world, registry, decision, orders, now)
        return Change(loaded, decision)

    return write(world, actor, prepare)


def draw(world: World, registry: Snapshot, incident_id: str, wanted: Amendment, now: str) -> Draught:
    """The incident as it would be amended now; Conflict, Unprocessable, NotFound."""
    loaded = must_dispatch(incidents.load_state(incident_id), incident_id)
    before = must_open(loaded.incident)
    _must_be_possible(registry, before, wanted)
    _must_be_current(before, wanted)
    fields = amending.changes(before, wanted.values)
    if fields and before.amended >= bounds.AMENDED_MOST:
        raise Conflict("this incident was amended too often", Fault("id", "amended_too_often"))
    type_id = wanted.values.get("type", before.type)
    category = registry.types[type_id].category if "type" in fields else before.category
    place = replace(
        before.location, **{name: wanted.values[name] for name in amending.PLACE if name in fields}
    )
    district = registry.districts.get(place.district)
    found, away = places.sense(place.lat, place.lng, district, registry.districts.values())
    if district is None and place.lat is None:
        found = ["place_unknown"]
    doubts = amending.doubts_left(before, fields, found)
    after = amending.put(before, wanted.values, category, doubts) if fields else before
    plan = registry.plans.get(str(before.plan.get("plan_id", "")))
    if amending.SCENE & set(fields):
        scene = scene_of_incident(world, registry, after, now)
        plan = plans.choose_plan(registry.plans.values(), scene)
    moved = (plan.id if plan else "") != str(before.plan.get("plan_id", ""))
    if moved:
        after = replace(after, level=1)
    tell = wanted.tell if wanted.tell is not None else amending.tells(before, after, fields)
    return Draught(
        loaded=loaded,
        after=after,
        fields=fields,
        tells=tell and bool(fields),
        plan=plan,
        moved=moved,
        away=away,
    )


def replanned(world: World, registry: Snapshot, draught: Draught, now: str) -> tuple[Replan, Duty]:
    """What the plan asks for now, beside the crews that are there, and the duty that it was answered from."""
    agencies = plans.agencies_of(draught.plan) if draught.plan else set()
    duty = duty_of(world, registry, agencies, now)
    scene = scene_of_incident(world, registry, draught.after, now)
    there = list(draught.loaded.assignments.values())
    seen = seen_by(duty, drill=draught.after.drill)
    return replanning.replan(draught.plan, draught.after, there, registry.units, scene, seen), duty


def _must_be_known(registry: Snapshot, wanted: Amendment) -> None:
    """Unprocessable for units that are named and not there; all at once."""
    faults = [
        Fault(f"send[{number}]", "unknown_unit")
        for number, unit_id in enumerate(wanted.send)
        if unit_id not in registry.units or registry.gone(registry.units[unit_id])
    ]
    for name, given in (("send", wanted.send), ("recall", wanted.recall)):
        faults += [
            Fault(f"{name}[{number}]", "twice") for number, id_ in enumerate(given) if id_ in given[:number]
        ]
    if faults:
        raise Unprocessable("some units cannot be sent or called off", *faults)


def _must_be_possible(registry: Snapshot, before: Incident, wanted: Amendment) -> None:
    """Unprocessable for values that cannot be; all at once. What stands already is not asked about."""
    fields = set(amending.changes(before, wanted.values))
    values = {**amending.values(before), **wanted.values}
    faults = []
    if "type" in fields and values["type"] not in registry.types:
        faults.append(Fault("type", "unknown_type"))
    district = values["district"]
    if "district" in fields and district and district not in registry.districts:
        faults.append(Fault("district", "unknown", {"noun": "districts", "id": district}))
    elif fields & {"district", "village"} and (
        elsewhere := _elsewhere(registry, district, values["village"])
    ):
        faults.append(Fault("village", "village_elsewhere", {"district": elsewhere}))
    lat, lng = values["lat"], values["lng"]
    given = fields & {"lat", "lng"} and lat is not None
    if given and places.gone_by(lat, lng, registry.districts.values()) is None:
        faults += [Fault("lat", "out_of_range"), Fault("lng", "out_of_range")]
    if wanted.version > before.seq:
        faults.append(Fault("version", "never_given"))
    if faults:
        raise Unprocessable("some of that cannot be", *faults)


def _elsewhere(registry: Snapshot, district: str, village: str) -> str:
    """The name of another district that a village stands in, '' for one that may be here: many a hamlet is in no list."""
    if not village or district not in registry.districts:
        return ""
    name = village.casefold()
    there = [
        each for each in registry.districts.values() if name in (known.casefold() for known in each.villages)
    ]
    return "" if not there or district in (each.id for each in there) else there[0].name


def _must_be_current(before: Incident, wanted: Amendment) -> None:
    """Conflict where one of the wanted fields was amended since it was read; whatever crews did meanwhile is none."""
    if not before.amended and before.seq == wanted.version:
        return
    since = incidents.events(before.id, after=wanted.version)
    faults = amending.overtaken(before, wanted.values, since)
    if faults:
        raise Conflict("somebody amended the same meanwhile", *faults)


def _put(
    world: World, registry: Snapshot, actor: Actor, decision: Decision, draught: Draught, now: str
) -> None:
    """The new values with their event, and the note that keeps the old ones."""
    before, after = draught.loaded.incident, draught.after
    note = amending.old_values(new_note(world, actor, "", now), before, draught.fields)
    plan = draught.plan if draught.moved else None
    told = Tells(seq=before.seq + 1, at=now) if draught.tells else before.tells
    decision.incident = replace(after, tells=told)
    if draught.moved:
        kept = {name: each for name, each in before.plan.items() if name != "plan_id"}
        if plan:
            policy = to_builtins(registry.policies.get(plan.policy_id))
            kept |= {"plan_id": plan.id, "policy_id": plan.policy_id, "policy": policy}
        # What the old plan lacks nobody asks for any more.
        marks = tuple(mark for mark in before.attention if mark.code != "shortfall")
        decision.incident = replace(decision.incident, plan=kept, owed=(), attention=marks)
    decision.notes.append(note)
    new_plan = (plan.id if plan else "") if draught.moved else None
    decision.drafts.append(Draft(amending.event(before, after, note, plan=new_plan, tells=draught.tells)))
    if before.owed and not decision.incident.owed:
        decision.drafts.append(portions.told(()))
    if before.aside and after.priority == 1:
        # It may not wait, nor wait on should the priority fall again: whoever chose the time knew less.
        decision.incident = replace(decision.incident, aside=None)
        decision.drafts.append(Draft(IncidentTakenUp()))


def _recall(registry: Snapshot, decision: Decision, loaded: Loaded, wanted: Amendment, now: str) -> bool:
    """Call off the assignments that are named; Unprocessable, Conflict for those that are not there or over."""
    unknown = [
        Fault(f"recall[{number}]", "no_assignment")
        for number, each in enumerate(wanted.recall)
        if each not in loaded.assignments
    ]
    if unknown:
        raise Unprocessable("no such assignment", *unknown)
    chosen = [loaded.assignments[each] for each in wanted.recall]
    over = [
        Fault(f"recall[{number}]", "assignment_over", {"status": each.status})
        for number, each in enumerate(chosen)
        if not active(each.status)
    ]
    if over:
        raise Conflict("some units are no longer expected", *over)
    for each in chosen:
        step = Step("cancelled", "", max(now, *each.milestones.values()))
        apply(registry, decision, each, step, now)
    return bool(chosen)


def _send(
    world: World,
    registry: Snapshot,
    decision: Decision,
    draught: Draught,
    wanted: Amendment,
    now: str,
) -> list[PageOrder]:
    """Send the units that are named: for the plan's need where it would send them now, else as the dispatcher's own choice."""
    if not wanted.send and not draught.moved:
        return []
    replan, _ = replanned(world, registry, draught, now)
    agencies = {registry.units[each].agency_id for each in wanted.send}
    duty = duty_of(world, registry, agencies, now)
    _must_go(decision, draught.loaded, seen_by(duty, drill=draught.after.drill), wanted, now)
    picked = {pick.unit_id: pick for pick in replan.picks if pick.unit_id in wanted.send}
    orders: list[PageOrder] = []
    for level in sorted({replan.levels[pick.need_id] for pick in picked.values()}):
        picks = tuple(pick for pick in picked.values() if replan.levels[pick.need_id] == level)
        what = Sending(level=level, because="amended", picks=picks)
        orders += _call_out(world, decision, what, duty, now)
    for unit_id in (each for each in wanted.send if each not in picked):
        own = Sending(level=decision.incident.level, because="dispatcher")
        what = by_hand(decision, registry.units[unit_id], duty, own, "dispatcher")
        orders += _call_out(world, decision, what, duty, now)
    if draught.moved:
        none = () if draught.plan else (_no_plan(),)
        missing = Sending(
            level=draught.after.level, because="amended", shortfalls=(*replan.shortfalls, *none)
        )
        callout.send(decision, missing, now, world.mint)
    else:
        for _ in wanted.send:
            decision.incident = attention.dealt_with(decision.incident, shortfall=True)
    take_on_call(decision, duty)
    return behind_cancellations(draught.loaded, orders)


def _call_out(world: World, decision: Decision, what: Sending, duty: Duty, now: str) -> list[PageOrder]:
    return callout.send(decision, what, now, world.mint, as_decided(duty, decision).states)


def _no_plan() -> dispatch.Shortfall:
    return dispatch.Shortfall(need_id="plan", missing=1, reason="no_plan", considered=())


def _must_go(decision: Decision, loaded: Loaded, seen: Duty, wanted: Amendment, now: str) -> None:
    """Conflict for units that cannot be sent now; all at once."""
    faults: list[Fault] = []
    for number, unit_id in enumerate(wanted.send):
        path = f"send[{number}]"
        if bounds.sent_too_often(loaded.assignments.values(), unit_id, now):
            faults.append(Fault(path, "unit_sent_too_often"))
            continue
        choice = Choice(unit_id=unit_id, insist=wanted.insist)
        try:
            may_go(decision.incident, None if unit_id in seen.loose else seen.states.get(unit_id), choice)
        except Conflict as conflict:
            faults += [replace(each, path=path) for each in conflict.faults]
    if faults:
        raise Conflict("some units cannot be sent now", *faults)


def _clocks(world: World, decision: Decision, loaded: Loaded, now: str) -> None:
    """Set the next stage of crews that are still looked for by the new plan's policy: none must wait longer than it says."""
    done = {each.id for each in decision.assignments}
    for each in loaded.assignments.values():
        right = audit.clocks(decision.incident, each, now)
        if each.id not in done and right != each and room_in(world, decision) > PAGES:
            decision.assignments.append(right)
