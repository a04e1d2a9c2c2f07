"""What a change of the registry does to dispatch: the same scenes answered with what is and with what would be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any, Literal, get_args

from msgspec import Struct
from msgspec.structs import replace

from .assignment import active
from .dispatch import Duty, Pick, Shortfall, as_planned, meet_needs, standing, still_theirs
from .duty import Stretch, on_duty
from .incident import Incident
from .plans import agencies_of, choose_plan, needs_at
from .references import references
from .registry import District, IncidentType, Person, ResponsePlan
from .scene import Scene, placed
from .times import day_after
from .trying import Reachable, Stage, stages_of
from .units import UnitState

Nouns = Mapping[str, Mapping[str, Any]]
# `unanswered`: nobody goes any more. `fewer`, `more`: units are missing that were not, or the reverse. `unasked`: fewer are asked
# after a crew that stays silent. `units`: others go. `people`: the same units with other people. `stages`: after a silent crew
# others are asked, or at other times.
Kind = Literal["unanswered", "fewer", "unasked", "units", "people", "stages", "more"]
# Worst first.
KINDS: tuple[Kind, ...] = get_args(Kind)


class Side(Struct, frozen=True, kw_only=True):
    """What the first level answers, and whom escalation pages after each pick; no plan: nobody is sent."""

    plan_id: str | None
    picks: tuple[Pick, ...]
    shortfalls: tuple[Shortfall, ...]
    stages: tuple[tuple[Stage, ...], ...] = ()

    @property
    def missing(self) -> int:
        return sum(each.missing for each in self.shortfalls)

    @property
    def asked(self) -> int:
        """How many stages page somebody."""
        return sum(bool(stage.people) for each in self.stages for stage in each)


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


def usual_district(nouns: Nouns, agency_id: str | None = None) -> str:
    """Where most stations are, of an agency if it is named."""
    there = [each.district_id for each in nouns["stations"].values() if agency_id in (None, each.agency_id)]
    known = there or list(nouns["districts"])
    return max(sorted(set(known)), key=known.count, default="")


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


class Rules:
    """The nouns and a roster as they answer scenes, with all units free; who is on duty at a moment is found once."""

    def __init__(self, nouns: Nouns, stretches: Sequence[Stretch]) -> None:
        self.nouns = nouns
        self._reachable = Reachable.of(nouns["personnel"], nouns["accounts"].values())
        self._stretches = still_theirs(stretches, self._reachable.people, nouns["units"])
        self._on: dict[str, list[Stretch]] = {}
        self._duties: dict[tuple[str, frozenset[str]], Duty] = {}

    def _duty(self, agencies: frozenset[str], now: str) -> Duty:
        if now not in self._on:
            self._on[now] = on_duty(self._stretches, now)
        if (now, agencies) not in self._duties:
            own = [each for each in self._on[now] if each.agency_id in agencies]
            self._duties[now, agencies] = standing(self.nouns, agencies, own, now)
        return self._duties[now, agencies]

    def answer(self, scene: Scene) -> Side:
        """How a scene is answered, placed by these very nouns."""
        scene = _again(scene, self.nouns)
        plan = choose_plan(self.nouns["response-plans"].values(), scene)
        if plan is None:
            return Side(plan_id=None, picks=(), shortfalls=())
        duty = self._duty(frozenset(agencies_of(plan)), scene.now)
        picks, shortfalls = meet_needs(needs_at(plan, 1), scene, as_planned(plan, duty))
        policy = self.nouns["escalation-policies"].get(plan.policy_id)
        stages = stages_of(picks, duty, self._reachable, policy, scene.now)
        return Side(plan_id=plan.id, picks=picks, shortfalls=shortfalls, stages=stages)


def with_(nouns: Nouns, noun: str, id_: str, value: Any) -> Nouns:
    """The nouns with one thing as it would be, without it for None."""
    others = {each: kept for each, kept in nouns[noun].items() if each != id_}
    return {**nouns, noun: others if value is None else {**others, id_: value}}


def compared(before: Rules, after: Rules, tried: Iterable[tuple[str, Scene]]) -> list[Difference]:
    """The scenes that the two would answer differently, each placed by its own side, the worst first."""
    found = []
    for plan_id, scene in tried:
        old, new = before.answer(scene), after.answer(scene)
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
    if new.asked < old.asked:
        return "unasked"
    return "stages" if old.stages != new.stages else None


def lapses(before: Any, after: Any, today: str) -> list[str]:
    """The days still to come on which a certificate has just ended by one of two accounts of a person, and not by the other."""
    held = [
        {(each.certification_id, each.expires_on) for each in value.certifications}
        if isinstance(value, Person)
        else set()
        for value in (before, after)
    ]
    if not isinstance(before, Person):
        return []
    return sorted({day_after(day) for _, day in held[0] ^ held[1] if day >= today})


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


def taking_part(
    noun: str, id_: str, nouns: Nouns, incidents: Iterable[Incident], states: Iterable[UnitState]
) -> list[Incident]:
    """The incidents in which a thing has a part: a crew that is out, where or what it is, the rules by which it is answered."""
    out = {held.incident_id for state in states for held in state.holding if id_ in held.people}
    stands = {unit.id for unit in nouns["units"].values() if (noun, id_) in _is_or_stands(unit)}
    return [
        each
        for each in incidents
        if _has_part(noun, id_, each, stands) or (noun == "personnel" and each.id in out)
    ]


def _is_or_stands(unit: Any) -> tuple[tuple[str, str], ...]:
    return ("units", unit.id), ("stations", unit.station_id), ("agencies", unit.agency_id)


def _has_part(noun: str, id_: str, incident: Incident, units: Set[str]) -> bool:
    if noun in ("districts", "incident-types"):
        return id_ == (incident.location.district if noun == "districts" else incident.type)
    if noun == "response-plans":
        return bool(incident.plan.get("plan_id") == id_)
    if noun == "escalation-policies":
        return bool((incident.plan.get("policy") or {}).get("id") == id_)
    return any(active(crew.status) and crew.unit_id in units for crew in incident.crews)
