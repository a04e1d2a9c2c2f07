"""What a draft would change in dispatch, and what has to do with the thing; nobody's name or number is in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from ...domain import ids
from ...domain.dispatch import Pick, Shortfall
from ...domain.effects import Difference, Kind, Side
from ...domain.incident import Incident
from ...domain.registry import Account
from ...domain.times import local_day
from ...domain.trying import Stage
from ...faults import Fault
from ...models.registry import Snapshot
from ...services.registry.effects import Effect
from .board import may_see
from .shown import Shown
from .trying import Names


class EffectUnit(Shown, frozen=True, kw_only=True):
    """A unit that goes, by the callsign if the reader may know it, and with how many people."""

    callsign: str
    agency: str
    distance_km: float | None
    people: int

    @classmethod
    def of(cls, pick: Pick, names: Names) -> Self:
        return cls(
            callsign=names.unit(pick)["callsign"],
            agency=names.agency(pick.agency_id),
            distance_km=pick.distance_km,
            people=len(pick.people),
        )


class Missing(Shown, frozen=True, kw_only=True):
    """What a need lacks."""

    need_id: str
    missing: int
    reason: str

    @classmethod
    def of(cls, each: Shortfall) -> Self:
        return cls(need_id=each.need_id, missing=each.missing, reason=each.reason)


class EffectStage(Shown, frozen=True, kw_only=True):
    """How many people of what kind are paged `after_s` seconds after a silent crew was; `skipped` stages would page nobody."""

    after_s: int
    to: str
    people: int
    skipped: list[str]

    @classmethod
    def of(cls, each: Stage) -> Self:
        return cls(after_s=each.after_s, to=each.to, people=len(each.people), skipped=list(each.skipped))


class EffectSide(Shown, frozen=True, kw_only=True):
    """How one scene is answered; no plan: nobody is sent. `stages` are of the one unit that is named, where these differ."""

    plan_id: str | None
    units: list[EffectUnit]
    missing: list[Missing]
    stages: list[EffectStage]

    @classmethod
    def of(cls, side: Side, names: Names, at: int | None) -> Self:
        """`at`: of which pick the stages are told, None where they are not what differs."""
        picks: Sequence[Pick] = side.picks if at is None else [side.picks[at]]
        return cls(
            plan_id=side.plan_id,
            units=[EffectUnit.of(pick, names) for pick in picks],
            missing=[Missing.of(each) for each in side.shortfalls] if at is None else [],
            stages=[EffectStage.of(each) for each in side.stages[at]] if at is not None else [],
        )


class EffectRow(Shown, frozen=True, kw_only=True):
    """One scene that would be answered differently; `today` is the day by which certificates are judged if not that of `at`."""

    kind: Kind
    plan_id: str
    type: str
    district: str
    at: str
    today: str
    before: EffectSide
    after: EffectSide

    @classmethod
    def of(cls, each: Difference, names: Names, hours: int) -> Self:
        scene, differs = each.scene, None
        if each.kind in ("unasked", "stages"):
            pairs = zip(each.before.stages, each.after.stages, strict=True)
            differs = next(n for n, (old, new) in enumerate(pairs) if old != new)
        return cls(
            kind=each.kind,
            plan_id=each.plan_id,
            type=scene.type_id,
            district=scene.district,
            at=scene.now,
            today="" if scene.today == local_day(scene.now, hours) else scene.today,
            before=EffectSide.of(each.before, names, differs),
            after=EffectSide.of(each.after, names, differs),
        )


class DependingAnswer(Shown, frozen=True, kw_only=True):
    """Something that names the thing."""

    noun: str
    id: str


class EffectIncident(Shown, frozen=True, kw_only=True):
    """An open incident in which the thing has a part."""

    id: str
    label: str
    type: str
    district: str

    @classmethod
    def of(cls, incident: Incident) -> Self:
        return cls(
            id=incident.id,
            label=ids.label(incident.id),
            type=incident.type,
            district=incident.location.district,
        )


class EffectAnswer(Shown, frozen=True, kw_only=True):
    """What a draft changes: of `scenes` answers at these `moments` the `rows`, the worst first, and what has to do with the thing.

    `depending` names it, in `incidents` (open, that the reader may see) it has a part, `duties` are its own on rosters until
    `duties_until`, and for `hindering` it will be refused to save; all of it is told where no district was asked for.
    """

    district: str
    scenes: int
    moments: list[str]
    rows: list[EffectRow]
    depending: list[DependingAnswer]
    incidents: list[EffectIncident]
    duties: int
    duties_until: str
    hindering: list[Fault]

    @classmethod
    def of(cls, effect: Effect, registry: Snapshot, account: Account, hours: int) -> Self:
        names = Names(registry, account)
        return cls(
            district=effect.district,
            scenes=effect.scenes,
            moments=effect.moments,
            rows=[EffectRow.of(each, names, hours) for each in effect.differences],
            depending=[DependingAnswer(noun=each.noun, id=each.id) for each in effect.depending],
            incidents=[EffectIncident.of(each) for each in effect.incidents if may_see(each, account)],
            duties=effect.duties,
            duties_until=effect.duties_until,
            hindering=effect.hindering,
        )
