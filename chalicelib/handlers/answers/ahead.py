"""What was found ahead of each agency's duty this morning, and who was told."""

from __future__ import annotations

from typing import Self

from ...domain.ahead import Finding, Kind, Morning, Told
from ...domain.registry import Label
from ...models.registry import Snapshot
from .shown import Shown


class FindingAnswer(Shown, frozen=True, kw_only=True):
    """One thing to see to and the local day on which it begins: of a plan its id and name, of a month YYYY-MM, of a person the name.

    `told_admin` and `told_head` are the local days on which they were told last, '' for never.
    """

    kind: Kind
    day: str
    plan_id: str
    plan: Label | None
    month: str
    person_id: str
    person: str
    certification: Label | None
    told_admin: str
    told_head: str

    @classmethod
    def of(cls, found: Finding, told: Told, registry: Snapshot) -> Self:
        first, _, second = found.about.partition(" ")
        plan = registry.plans.get(first) if found.kind == "unanswered" else None
        person = registry.people.get(first) if found.kind in ("too_long", "certificate") else None
        certification = registry.of("certifications").get(second)
        return cls(
            kind=found.kind,
            day=found.day,
            plan_id=first if found.kind == "unanswered" else "",
            plan=plan.label if plan else None,
            month=first if found.kind == "unpublished" else "",
            person_id=first if person else "",
            person=person.name if person else "",
            certification=certification.label if certification else None,
            told_admin=told.admin,
            told_head=told.head,
        )


class AgencyAhead(Shown, frozen=True, kw_only=True):
    """An agency as it was looked at on a local day; `unheard`: there is nobody whom the system could tell."""

    agency_id: str
    day: str
    unheard: bool
    findings: list[FindingAnswer]

    @classmethod
    def of(cls, morning: Morning, registry: Snapshot) -> Self:
        findings = [
            FindingAnswer.of(each, morning.told.get(each.key, Told()), registry) for each in morning.findings
        ]
        return cls(agency_id=morning.agency_id, day=morning.day, unheard=morning.unheard, findings=findings)


class DutyAhead(Shown, frozen=True, kw_only=True):
    """What lies ahead in duty, by agency; one that was never looked at is not in it."""

    agencies: list[AgencyAhead]
