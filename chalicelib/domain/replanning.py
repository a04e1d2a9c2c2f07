"""What a plan asks for once an incident was amended: who must still be sent, who stays, whom it does not ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from . import dispatch, plans
from .assignment import Assignment, active
from .dispatch import Duty, Pick, Shortfall
from .incident import Incident
from .registry import Need, ResponsePlan, Unit
from .scene import Scene


class Standing(Struct, frozen=True, kw_only=True):
    """A crew that is there or asked, and the need it answers: '' and level 0 if the plan asks for it nowhere."""

    assignment: Assignment
    need_id: str = ""
    level: int = 0


class Replan(Struct, frozen=True, kw_only=True):
    """What the plan would now send beside who is there, and what it says of those."""

    plan: ResponsePlan | None
    level: int
    picks: tuple[Pick, ...] = ()
    shortfalls: tuple[Shortfall, ...] = ()
    standing: tuple[Standing, ...] = ()
    levels: Mapping[str, int] = {}


class _Open:
    """A need with how many units it still lacks."""

    def __init__(self, need: Need, level: int) -> None:
        self.need, self.level, self.lacks = need, level, need.units


def meets(need: Need, unit: Unit, scene: Scene) -> bool:
    """Whether a unit is of those that a need asks for, whoever is on duty with it."""
    return (
        unit.agency_id in need.agencies
        and (need.terrain or scene.terrain) in unit.terrains
        and (not need.capability or need.capability in unit.capabilities)
    )


def need_of(plan: ResponsePlan, level: int, unit: Unit | None, scene: Scene) -> tuple[str, int] | None:
    """The first need up to a level that asks for such a unit: what it was sent for may stand in another plan."""
    needs = ((need, each) for each in range(1, level + 1) for need in plans.needs_at(plan, each))
    return next(((need.id, each) for need, each in needs if unit and meets(need, unit, scene)), None)


def replan(
    plan: ResponsePlan | None,
    incident: Incident,
    assignments: Sequence[Assignment],
    units: Mapping[str, Unit],
    scene: Scene,
    duty: Duty,
) -> Replan:
    """Answer the levels of a plan up to the incident's own with the crews that are there, and with new units for the rest."""
    there = [each for each in assignments if active(each.status)]
    if plan is None:
        return Replan(plan=None, level=incident.level, standing=tuple(Standing(assignment=a) for a in there))
    needs = [_Open(n, lvl) for lvl in range(1, len(plan.levels) + 1) for n in plans.needs_at(plan, lvl)]
    now, later = (
        [n for n in needs if n.level <= incident.level],
        [n for n in needs if n.level > incident.level],
    )
    found: dict[str, Standing] = {}
    same_plan = incident.plan.get("plan_id") == plan.id

    def take(assignment: Assignment, among: Sequence[_Open], *, own: bool = False) -> None:
        unit = units.get(assignment.unit_id)
        for each in among if unit and assignment.id not in found else ():
            its_own = (each.need.id, each.level) == (assignment.need_id, assignment.level)
            if each.lacks and meets(each.need, unit, scene) and (its_own or not own):  # type: ignore[arg-type]
                each.lacks -= 1
                found[assignment.id] = Standing(assignment=assignment, need_id=each.need.id, level=each.level)
                return

    # Each keeps the need that it was sent for, if it can; a need is not taken from who was sent for it.
    for assignment in there if same_plan else ():
        take(assignment, needs, own=True)
    for among in (now, later):
        for assignment in there:
            take(assignment, among)
    open_ = [each for each in now if each.lacks]
    had = frozenset(crew.unit_id for crew in incident.crews if crew.status not in ("cleared", "cancelled"))
    picks, shortfalls = dispatch.meet_needs(
        [replace(each.need, units=each.lacks) for each in open_],
        scene,
        dispatch.as_planned(plan, duty),
        sent=had,
    )
    levels: dict[str, int] = {}
    for each in open_:
        # Two levels may name a need alike: the lower one lacks more urgently.
        levels.setdefault(each.need.id, each.level)
    return Replan(
        plan=plan,
        level=incident.level,
        picks=picks,
        shortfalls=shortfalls,
        standing=tuple(found.get(each.id, Standing(assignment=each)) for each in there),
        levels=levels,
    )
