"""Which response plan answers a scene: the most specific one that fits, and in what the others are less so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

from .registry import Need, ResponsePlan
from .scene import Scene

# In what a plan is less specific than the one that was chosen, in the order of `weight`.
Broader = Literal[
    "place_unknown", "whole_category", "any_category", "all_districts", "any_terrain", "later_id"
]
BROADER: tuple[Broader, ...] = get_args(Broader)


def choose_plan(plans: Iterable[ResponsePlan], scene: Scene) -> ResponsePlan | None:
    """The most specific plan that fits: type before category, then district, then terrain; ties by id.

    Where the place is unknown, a plan for certain districts is better than none, and worse than any other.
    """
    return min(fitting(plans, scene), key=lambda plan: weight(plan, scene), default=None)


def fitting(plans: Iterable[ResponsePlan], scene: Scene) -> list[ResponsePlan]:
    """Every plan that could answer a scene, in no order."""
    return [
        plan
        for plan in plans
        if plan.type_id in (None, scene.type_id)
        and plan.category in (None, scene.category)
        and plan.terrain in (None, scene.terrain)
        and (not plan.districts or scene.district in plan.districts or scene.place_unknown)
    ]


def weight(plan: ResponsePlan, scene: Scene) -> tuple[bool, bool, bool, bool, bool, str]:
    """How little specific a plan is to a scene, from what counts most to what counts least; see `BROADER`."""
    return (
        scene.place_unknown and bool(plan.districts),
        plan.type_id is None,
        plan.category is None,
        not plan.districts,
        plan.terrain is None,
        plan.id,
    )


def passed_over(chosen: ResponsePlan, other: ResponsePlan, scene: Scene) -> Broader:
    """Why a plan that fits was not chosen: the first thing in which it is less specific."""
    pairs = zip(BROADER, weight(chosen, scene), weight(other, scene), strict=True)
    return next(why for why, ours, theirs in pairs if ours != theirs)


def needs_at(plan: ResponsePlan, level: int) -> list[Need]:
    """What the plan adds at an alarm level, 1 being the first."""
    return list(plan.levels[level - 1].needs) if 1 <= level <= len(plan.levels) else []


def agencies_of(plan: ResponsePlan) -> set[str]:
    """Every agency that a plan may ask, at any level."""
    return {agency for level in plan.levels for need in level.needs for agency in need.agencies}
