"""What a change of the registry does to dispatch: the same scenes answered with what is and with what would be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from .dispatch import Pick, Shortfall, meet_needs, standing
from .plans import agencies_of, choose_plan, needs_at
from .references import references
from .registry import District, IncidentType, ResponsePlan, Shift
from .scene import Scene, placed

Nouns = Mapping[str, Mapping[str, Any]]
# `unanswered`: nobody goes any more. `fewer`, `more`: units are missing that were not, or the reverse. `units`: others go.
# `people`: the same units with other people.
Kind = Literal["unanswered", "fewer", "units", "people", "more"]
# Worst first.
KINDS: tuple[Kind, ...] = ("unanswered", "fewer", "units", "people", "more")


class Side(Struct, frozen=True, kw_only=True):
    """What the first level answers; no plan: nobody is sent."""

    plan_id: str | None
    picks: tuple[Pick, ...]
    shortfalls: tuple[Shortfall, ...]

    @property
    def missing(self) -> int:
        return sum(each.missing for each in self.shortfalls)


class Difference(Struct, frozen=True, kw_only=True):
    """One scene that would be answered in another way; `plan_id` is the plan for whose sake it was tried."""

    kind: Kind
    plan_id: str
    scene: Scene
    before: Side
    after: Side


class Depending(Struct, frozen=True, kw_only=True, order=True):
    """Something that names the thing."""

    noun: str
    id: str


def scenes(nouns: Nouns, district: str, now: str, today: str, *, every: bool) -> list[tuple[str, Scene]]:
    """A scene for each plan that the district may ask, by plan: its own type, or the first of its category that it answers.

    `every` plan at least once: one for other districts is tried in the first of its own.
    """
    districts: Mapping[str, District] = nouns["districts"]
    plans: Mapping[str, ResponsePlan] = nouns["response-plans"]
    types: Iterable[IncidentType] = nouns["incident-types"].values()
    found = []
    for plan in sorted(plans.values(), key=lambda each: each.id):
        where = district
        if plan.districts and district not in plan.districts:
            if not every:
                continue
            where = plan.districts[0]
        own = [
            _scene(each, plan, where, now, today)
            for each in sorted(types, key=lambda each: (each.priority, each.id))
            if plan.type_id in (None, each.id) and plan.category in (None, each.category)
        ]
        chosen = (each for each in own if choose_plan(plans.values(), placed(each, districts)) == plan)
        first = next(chosen, None)
        if first:
            found.append((plan.id, placed(first, districts)))
    return found


def _scene(type_: IncidentType, plan: ResponsePlan, district: str, now: str, today: str) -> Scene:
    terrain = plan.terrain or type_.terrain
    return Scene(
        type_id=type_.id,
        category=type_.category,
        terrain=terrain,
        district=district,
        lat=None,
        lng=None,
        now=now,
        today=today,
    )


def side(nouns: Nouns, scene: Scene, shifts: Sequence[Shift]) -> Side:
    """How the nouns answer a scene, with all units free."""
    plan = choose_plan(nouns["response-plans"].values(), scene)
    if plan is None:
        return Side(plan_id=None, picks=(), shortfalls=())
    duty = standing(nouns, agencies_of(plan), shifts, scene.now)
    picks, shortfalls = meet_needs(needs_at(plan, 1), scene, duty)
    return Side(plan_id=plan.id, picks=picks, shortfalls=shortfalls)


def with_(nouns: Nouns, noun: str, id_: str, value: Any) -> Nouns:
    """The nouns with one thing as it would be."""
    return {**nouns, noun: {**nouns[noun], id_: value}}


def compared(
    before: Nouns, after: Nouns, tried: Iterable[tuple[str, Scene]], shifts: Sequence[Shift]
) -> list[Difference]:
    """The scenes that the two would answer differently, each placed by its own side, the worst first."""
    found = []
    for plan_id, scene in tried:
        old = side(before, scene, shifts)
        new = side(after, _again(scene, after), shifts)
        if kind := _kind(old, new):
            found.append(Difference(kind=kind, plan_id=plan_id, scene=scene, before=old, after=new))
    return sorted(found, key=lambda each: KINDS.index(each.kind))


def _again(scene: Scene, nouns: Nouns) -> Scene:
    """The scene as the other nouns have its type and district."""
    type_ = nouns["incident-types"].get(scene.type_id)
    category = type_.category if type_ else scene.category
    return placed(replace(scene, category=category, lat=None, lng=None), nouns["districts"])


def _kind(old: Side, new: Side) -> Kind | None:
    if old.picks and not new.picks:
        return "unanswered"
    if new.missing > old.missing or len(new.picks) < len(old.picks):
        return "fewer"
    if new.missing < old.missing or len(new.picks) > len(old.picks):
        return "more"
    if [each.unit_id for each in old.picks] != [each.unit_id for each in new.picks]:
        return "units"
    if [each.people for each in old.picks] != [each.people for each in new.picks]:
        return "people"
    return None


def depending(nouns: Nouns, noun: str, id_: str) -> list[Depending]:
    """What of the registry names a thing."""
    return sorted(
        {
            Depending(noun=each, id=value.id)
            for each, values in nouns.items()
            for value in values.values()
            for _, named, other in references(value)
            if (named, other) == (noun, id_)
        }
    )
