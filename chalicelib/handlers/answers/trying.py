"""Rules tried, in names that officers know; nobody's number is in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from ...domain.dispatch import Pick
from ...domain.plans import Broader
from ...domain.registry import (
    Account,
    Category,
    EscalationPolicy,
    Label,
    Need,
    ResponsePlan,
    SilentCrew,
    Terrain,
)
from ...domain.trying import NeedAnswered, NotChosen, NotSent
from ...domain.unanswered import Turn, TurnKind
from ...models.registry import Snapshot
from ...services.registry.trying import Trial
from ..access import bound_agency
from .shown import Shown


class Names:
    """What one account may read of who would be sent: an agency its own people and units alone, of others how many."""

    def __init__(self, registry: Snapshot, account: Account) -> None:
        self._registry, self._own = registry, bound_agency(account)

    def people(self, ids: tuple[str, ...]) -> list[NamedPerson]:
        known = self._registry.people
        return [
            NamedPerson(id=each, name=known[each].name, agency=self.agency(known[each].agency_id))
            for each in ids
            if each in known and self._own in (None, known[each].agency_id)
        ]

    def agency(self, id_: str) -> str:
        agency = self._registry.agencies.get(id_)
        return agency.short_name if agency else id_

    def unit(self, each: Pick | NotChosen) -> dict[str, str]:
        """A unit as its answer names it: another agency's is '' but for the agency itself."""
        agency = {"agency_id": each.agency_id, "agency": self.agency(each.agency_id)}
        if self._own not in (None, each.agency_id):
            return {**agency, "unit_id": "", "callsign": "", "unit": ""}
        unit = self._registry.units.get(each.unit_id)
        return {
            **agency,
            "unit_id": each.unit_id,
            "callsign": each.callsign,
            "unit": unit.name if unit else "",
        }

    def warnings(self, pick: Pick) -> list[str]:
        """What is to be said of a unit that goes; of another agency's people that a certificate is missing, and not whose ran out."""
        if self._own in (None, pick.agency_id):
            return list(pick.warnings)
        lacking = (each.split(":") for each in pick.warnings)
        return list(dict.fromkeys(f"certification_missing:{each[1]}" for each in lacking))

    def capability(self, id_: str | None) -> Label | None:
        capability = self._registry.of("capabilities").get(id_ or "")
        return capability.label if capability else None


class NamedPerson(Shown, frozen=True, kw_only=True):
    """Somebody who would be paged."""

    id: str
    name: str
    agency: str


class TriedRule(Shown, frozen=True, kw_only=True):
    """A response plan or escalation policy by its name."""

    id: str
    label: Label

    @classmethod
    def of(cls, rule: ResponsePlan | EscalationPolicy) -> Self:
        return cls(id=rule.id, label=rule.label)


class PassedOverPlan(Shown, frozen=True, kw_only=True):
    """A plan that fits too, and the first thing in which it is less specific."""

    id: str
    label: Label
    why: Broader


class TurnAnswer(Shown, frozen=True, kw_only=True):
    """Whom the silence of one unit has paged `after_s` seconds after the first SMS; `others` are people whom the reader may not see.

    `empty` are steps for which there is nobody, `told` those whose people were all paged already, `again` tells of a repeated
    round. `beside` is the silent unit beside which this one is asked, '' where the reader may not know it.
    """

    after_s: int
    kind: TurnKind
    unit_id: str
    callsign: str
    agency: str
    to: str
    people: list[NamedPerson]
    others: int
    empty: list[str]
    told: list[str]
    again: bool
    beside: str

    @classmethod
    def of(cls, turn: Turn, callsigns: Mapping[str, str], names: Names) -> Self:
        people, unit = names.people(turn.people), names.unit(turn.pick)
        return cls(
            after_s=turn.after_s,
            kind=turn.kind,
            unit_id=unit["unit_id"],
            callsign=unit["callsign"],
            agency=unit["agency"],
            to=turn.to,
            people=people,
            others=len(turn.people) - len(people),
            empty=list(turn.empty),
            told=list(turn.told),
            again=turn.again,
            beside=callsigns.get(turn.beside, ""),
        )


class TriedPick(Shown, frozen=True, kw_only=True):
    """A unit that would be sent, why, and whom it would page."""

    unit_id: str
    callsign: str
    unit: str
    agency_id: str
    agency: str
    distance_km: float | None
    reasons: list[str]
    warnings: list[str]
    people: list[NamedPerson]
    others: int

    @classmethod
    def of(cls, pick: Pick, names: Names) -> Self:
        people = names.people(pick.people)
        return cls(
            **names.unit(pick),
            distance_km=pick.distance_km,
            reasons=list(pick.reasons),
            warnings=names.warnings(pick),
            people=people,
            others=len(pick.people) - len(people),
        )


class NotChosenAnswer(Shown, frozen=True, kw_only=True):
    """A unit that is not sent for a need, and why."""

    unit_id: str
    callsign: str
    unit: str
    agency_id: str
    agency: str
    why: NotSent

    @classmethod
    def of(cls, each: NotChosen, names: Names) -> Self:
        return cls(**names.unit(each), why=each.why)


class TriedNeed(Shown, frozen=True, kw_only=True):
    """One need of the plan, what it asks for, and how it is answered; `missing` units, `why` they are."""

    level: int
    need: Need
    capability: Label | None
    picks: list[TriedPick]
    missing: int
    why: str
    others: list[NotChosenAnswer]

    @classmethod
    def of(cls, each: NeedAnswered, names: Names) -> Self:
        return cls(
            level=each.level,
            need=each.need,
            capability=names.capability(each.need.capability),
            picks=[TriedPick.of(pick, names) for pick in each.picks],
            missing=each.shortfall.missing if each.shortfall else 0,
            why=each.shortfall.reason if each.shortfall else "",
            others=[NotChosenAnswer.of(other, names) for other in each.others],
        )


class TrialAnswer(Shown, frozen=True, kw_only=True):
    """Who would be sent and paged, by which rule, and why not the others.

    `by_states`: with what the units are doing now; otherwise all are taken to be free. `silence` is after how many seconds
    of silence another unit is asked beside a crew, by priority; `turns` are what happens while nobody answers what is sent at
    once, heads and supervisors being paged once an incident.
    """

    type: str
    category: Category
    district: str
    terrain: Terrain
    at: str
    by_states: bool
    plan: TriedRule | None
    policy: TriedRule | None
    silence: list[SilentCrew]
    passed_over: list[PassedOverPlan]
    needs: list[TriedNeed]
    turns: list[TurnAnswer]

    @classmethod
    def of(cls, trial: Trial, registry: Snapshot, account: Account) -> Self:
        tried, scene, names = trial.tried, trial.scene, Names(registry, account)
        callsigns = {each.pick.unit_id: names.unit(each.pick)["callsign"] for each in trial.turns}
        return cls(
            type=scene.type_id,
            category=scene.category,  # type: ignore[arg-type]
            district=scene.district,
            terrain=scene.terrain,
            at=scene.now,
            by_states=trial.by_states,
            plan=TriedRule.of(tried.plan) if tried.plan else None,
            policy=TriedRule.of(trial.policy) if trial.policy else None,
            silence=list(trial.policy.silence) if trial.policy else [],
            passed_over=[
                PassedOverPlan(id=each.plan.id, label=each.plan.label, why=each.why)
                for each in tried.passed_over
            ],
            needs=[TriedNeed.of(each, names) for each in tried.needs],
            turns=[TurnAnswer.of(each, callsigns, names) for each in trial.turns],
        )
