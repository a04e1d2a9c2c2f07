"""Coverage in names that officers know; nobody's name is in it, and of other agencies no unit."""

from __future__ import annotations

from typing import Self

from msgspec.structs import replace

from ...domain.coverage import Answer, Coverage, Kind, Missing
from ...domain.registry import Label
from ...models.registry import Snapshot
from ...services.duty.covering import Shown as Known
from .shown import Shown


class StretchAnswer(Shown, frozen=True, kw_only=True):
    """A stretch between two changes of who is on duty."""

    starts_at: str
    ends_at: str


class UnitCoverage(Shown, frozen=True, kw_only=True):
    """How many people would go with a unit in each stretch; with fewer than `least` it is not sent."""

    unit_id: str
    callsign: str
    least: int
    people: list[int]


class CertificationCoverage(Shown, frozen=True, kw_only=True):
    """How many people on duty hold a valid certificate in each stretch; `least` is what plans ask of this agency first."""

    certification_id: str
    label: Label
    least: int
    people: list[int]


class CauseAnswer(Shown, frozen=True, kw_only=True):
    """Why units of an agency do not go: so many, of one's own the callsigns too."""

    agency_id: str
    agency: str
    reason: str
    number: int
    callsigns: list[str]


class MissingAnswer(Shown, frozen=True, kw_only=True):
    """A need in which `units` units are missing, or if it is 0 certificates; why, and which certificates it asks for."""

    capability: Label | None
    units: int
    reason: str
    certifications: list[Label]
    causes: list[CauseAnswer]

    @classmethod
    def of(cls, missing: Missing, registry: Snapshot) -> Self:
        capability = registry.of("capabilities").get(missing.capability or "")
        known = registry.of("certifications")
        return cls(
            capability=capability.label if capability else None,
            units=missing.units,
            reason=missing.reason,
            certifications=[
                known[each].label if each in known else Label(id=each, en=each)
                for each in missing.certifications
            ],
            causes=[
                CauseAnswer(
                    agency_id=each.agency_id,
                    agency=_agency(each.agency_id, registry),
                    reason=each.reason,
                    number=each.number,
                    callsigns=list(each.callsigns),
                )
                for each in missing.causes
            ],
        )


class PlanAnswer(Shown, frozen=True, kw_only=True):
    """How a plan is answered, as far as it asks the agency; `agencies` are those that go."""

    kind: Kind
    agencies: list[str]
    missing: list[MissingAnswer]

    @classmethod
    def of(cls, answer: Answer, registry: Snapshot) -> Self:
        return cls(
            kind=answer.kind,
            agencies=[_agency(each, registry) for each in answer.agencies],
            missing=[MissingAnswer.of(each, registry) for each in answer.missing],
        )


class PlanCoverage(Shown, frozen=True, kw_only=True):
    """Which of the answers a plan has in each stretch, by its place among them."""

    plan_id: str
    label: Label
    answers: list[int]


class CoverageAnswer(Shown, frozen=True, kw_only=True):
    """An agency's coverage, stretch by stretch; of what is kept `at` says when it was measured, null if it was not yet.

    `renewing`: something has changed since, or nothing is kept yet, and it is being computed. `until_day` is the last day that was measured.
    """

    agency_id: str
    at: str | None
    renewing: bool
    until_day: str | None
    stretches: list[StretchAnswer]
    units: list[UnitCoverage]
    certifications: list[CertificationCoverage]
    plans: list[PlanCoverage]
    answers: list[PlanAnswer]

    @classmethod
    def kept(cls, agency_id: str, found: Known, registry: Snapshot) -> Self:
        """What is kept of an agency, as far as it was asked for."""
        if found.measured is None:
            return cls(
                agency_id=agency_id,
                at=None,
                renewing=True,
                until_day=None,
                stretches=[],
                units=[],
                certifications=[],
                plans=[],
                answers=[],
            )
        answer = cls.of(found.measured.coverage, found.places, registry)
        return replace(answer, at=found.measured.at, renewing=found.renewing)

    @classmethod
    def of(cls, coverage: Coverage, places: range, registry: Snapshot) -> Self:
        """What was measured just now."""
        return cls(
            agency_id=coverage.agency_id,
            at=None,
            renewing=False,
            until_day=coverage.until_day,
            stretches=[
                StretchAnswer(starts_at=coverage.starts[each], ends_at=coverage.ended(each))
                for each in places
            ],
            units=[
                UnitCoverage(
                    unit_id=each.unit_id,
                    callsign=each.callsign,
                    least=each.least,
                    people=[each.people[place] for place in places],
                )
                for each in coverage.units
            ],
            certifications=[
                CertificationCoverage(
                    certification_id=each.certification_id,
                    label=each.label,
                    least=each.least,
                    people=[each.people[place] for place in places],
                )
                for each in coverage.certifications
            ],
            plans=[
                PlanCoverage(
                    plan_id=each.plan_id,
                    label=each.label,
                    answers=[each.answers[place] for place in places],
                )
                for each in coverage.plans
            ],
            answers=[PlanAnswer.of(each, registry) for each in coverage.answers],
        )


def _agency(id_: str, registry: Snapshot) -> str:
    agency = registry.agencies.get(id_)
    return agency.short_name if agency else id_
