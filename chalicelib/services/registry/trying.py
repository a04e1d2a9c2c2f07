"""Rules tried by officers: who would be paged for something somewhere at some time."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from ...bootstrap import World
from ...domain import dispatch, plans, times, trying, unanswered
from ...domain.registry import EscalationPolicy, Terrain
from ...domain.scene import Scene, placed
from ...domain.times import local_day
from ...domain.trying import Reachable, Tried
from ...domain.unanswered import Turn
from ...errors import Unprocessable
from ...faults import Fault
from ...models.registry import Snapshot
from ..response.dispatching import duty_of, must_type, seen_by

DAY_S = 24 * 3600
# Rosters are kept so far back and written so far ahead.
FAR_S = 400 * DAY_S


class Asked(Struct, frozen=True, kw_only=True):
    """What is supposed to happen: `at` None is now, with what the units are doing; at another time all are free."""

    type_id: str
    district: str
    terrain: Terrain | None = None
    at: str | None = None


class Trial(Struct, frozen=True, kw_only=True):
    """What the rules answer, and what happens at which minute while nobody answers what is sent at once."""

    scene: Scene
    tried: Tried
    policy: EscalationPolicy | None
    turns: Sequence[Turn]
    by_states: bool


def try_rules(world: World, registry: Snapshot, asked: Asked) -> Trial:
    """Who would be sent and paged, why, and why not the others; Unprocessable for what is not known."""
    now = asked.at or world.clock.now()
    type_ = must_type(registry, asked.type_id, "type")
    must_district(registry, asked.district)
    away_s = times.between(world.clock.now(), now)
    if away_s is None or abs(away_s) > FAR_S:
        raise Unprocessable("a time is out of range", Fault("at", "out_of_range"))
    scene = Scene(
        type_id=type_.id,
        category=type_.category,
        terrain=asked.terrain or type_.terrain,
        district=asked.district,
        lat=None,
        lng=None,
        now=now,
        today=local_day(now, world.settings.utc_offset_hours),
    )
    scene = placed(scene, registry.districts)
    plan, others = trying.choose(registry.plans.values(), scene)
    if plan is None:
        tried = Tried(plan=None, passed_over=others, needs=())
        return Trial(scene=scene, tried=tried, policy=None, turns=(), by_states=asked.at is None)
    duty = duty_of(world, registry, plans.agencies_of(plan), now)
    duty = replace(duty, states={}) if asked.at else seen_by(duty, drill=False)
    needs = trying.answered(plan, scene, duty)
    policy = registry.policies.get(plan.policy_id)
    silence_s = (
        next((each.after_s for each in policy.silence if each.priority == type_.priority), None)
        if policy
        else None
    )
    first = [each for each in needs if each.level == 1]
    reachable = Reachable.of(registry.people, registry.accounts.values())
    turns = unanswered.turns(first, scene, dispatch.as_planned(plan, duty), reachable, policy, silence_s)
    tried = Tried(plan=plan, passed_over=others, needs=needs)
    return Trial(scene=scene, tried=tried, policy=policy, turns=turns, by_states=asked.at is None)


def must_district(registry: Snapshot, district: str) -> None:
    if district not in registry.districts:
        raise Unprocessable(
            "unknown district", Fault("district", "unknown", {"noun": "districts", "id": district})
        )
