"""Whom a dispatcher may send: every unit in the order in which the plan would ask it, and why one is not fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from .dispatch import FAR_KM, Duty, Looked, RejectReason, Taken, away_km, looked_at, people_out
from .incident import Incident
from .plans import needs_at
from .registry import Need, ResponsePlan, Unit
from .scene import Scene

NotFit = Literal["", RejectReason, "agency_not_asked"]
# Whom no need names is asked for nothing but the terrain and a crew.
ANYBODY = Need(id="", agencies=["any"])

# What may be sent without a second thought, what was not thought of, and the rest.
TIERS, LAST = {"": 0, "agency_not_asked": 1}, 2


class Candidate(Struct, frozen=True, kw_only=True):
    """A unit as judged by a need, '' for none; `reason` is '' where it is fit. No distance where nobody can tell one."""

    unit: Unit
    need_id: str
    reason: NotFit
    warnings: tuple[str, ...]
    distance_km: float | None


def needs_of(plan: ResponsePlan, incident: Incident) -> list[Need]:
    """What another unit may be for: what is missing first, then all that the plan asks for up to the next level."""
    named = [need for level in range(1, incident.level + 2) for need in needs_at(plan, level)]
    missing = {mark.detail.partition(":")[0] for mark in incident.attention if mark.code == "shortfall"}
    return sorted(named, key=lambda need: need.id not in missing)


def need_named(plan: ResponsePlan, need_id: str, level: int) -> Need | None:
    """A need of a plan by its name, the one of this level if two levels name one alike."""
    levels = [level, *range(1, len(plan.levels) + 1)]
    return next((need for each in levels for need in needs_at(plan, each) if need.id == need_id), None)


def ranked(needs: Sequence[Need], scene: Scene, duty: Duty, sent: Set[str]) -> list[Candidate]:
    """Every unit once, the fit ones first: each by the first need that it fits, else by the first that asks its agency.

    Behind those come the units that no need asks and that could go, the nearest first, and behind all those that could not.
    `sent` are units that the incident has or lost.
    """
    taken = Taken(units=set(sent), people=people_out(duty))
    found: dict[str, Candidate] = {}
    for need, looked in _asked(needs, scene, duty, taken):
        known = found.get(looked.unit.id)
        if known is None or (known.reason and not looked.reason):
            # Its place in the order is that of the need which it fits.
            found.pop(looked.unit.id, None)
            found[looked.unit.id] = _candidate(need, looked, scene, duty)
    others = [
        _candidate(ANYBODY, looked, scene, duty)
        for looked in sorted(
            (each for agency in duty.agencies for each in looked_at(ANYBODY, agency, scene, duty, taken)),
            key=lambda each: (away_km(each.unit, scene, duty), each.unit.id),
        )
        if looked.unit.id not in found
    ]
    if needs:
        others = [replace(each, reason=each.reason or "agency_not_asked") for each in others]
    return sorted([*found.values(), *others], key=lambda each: TIERS.get(each.reason, LAST))


def _asked(needs: Sequence[Need], scene: Scene, duty: Duty, taken: Taken) -> Iterator[tuple[Need, Looked]]:
    for need in needs:
        for agency_id in need.agencies:
            if agency_id in duty.agencies:
                yield from ((need, each) for each in looked_at(need, agency_id, scene, duty, taken))


def _candidate(need: Need, looked: Looked, scene: Scene, duty: Duty) -> Candidate:
    away = away_km(looked.unit, scene, duty)
    return Candidate(
        unit=looked.unit,
        need_id=need.id,
        reason=looked.reason or "",
        warnings=tuple(looked.warnings),
        distance_km=None if scene.place_unknown or away == FAR_KM else round(away, 1),
    )
