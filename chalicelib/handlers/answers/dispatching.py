"""Who would be sent, and what became of a call that was taken."""

from __future__ import annotations

from typing import Self

from msgspec.structs import asdict

from ...domain.dispatch import Pick, Shortfall
from ...domain.places import Away, Lies
from ...domain.registry import Account, Label
from ...models.registry import Snapshot
from ...services.response import dispatching, intake
from .calls import CallAnswer, NearbyAnswer
from .incidents import AssignmentAnswer, IncidentDetail, PageAnswer
from .shown import Shown


class Taken(Shown, frozen=True, kw_only=True):
    """A logged call, and for an emergency its incident."""

    call: CallAnswer
    incident: IncidentDetail | None
    assignments: list[AssignmentAnswer]
    pages: list[PageAnswer]
    nearby: list[NearbyAnswer]

    @classmethod
    def of(cls, value: intake.Taken, registry: Snapshot, account: Account, now: str) -> Self:
        incident = IncidentDetail.whole(value.loaded, registry, account, now) if value.loaded else None
        return cls(
            call=CallAnswer.of(value.call, account, needed=True),
            incident=incident,
            assignments=incident.assignments if incident else [],
            pages=incident.pages if incident else [],
            nearby=[NearbyAnswer.of(each) for each in value.nearby],
        )


class PickedPerson(Shown, frozen=True, kw_only=True):
    """Somebody who would be paged."""

    id: str
    name: str
    phone: str


class PickAnswer(Pick, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One unit that would be sent, and why."""

    agency: str
    unit: str
    people: list[PickedPerson]  # type: ignore[assignment]

    @classmethod
    def of(cls, pick: Pick, registry: Snapshot) -> Self:
        """A pick in names that a dispatcher knows."""
        people = [registry.people[person] for person in pick.people]
        named = [PickedPerson(id=each.id, name=each.name, phone=each.phone) for each in people]
        agency, unit = registry.agencies[pick.agency_id].short_name, registry.units[pick.unit_id].name
        return cls(**{**asdict(pick), "people": named}, agency=agency, unit=unit)


class PlanName(Shown, frozen=True, kw_only=True):
    """Which plan answers."""

    id: str
    label: Label


class Preview(Shown, frozen=True, kw_only=True):
    """Who would be sent and paged now; `doubts` about the place, `away` how far a doubtful point lies from its district.

    `lies`: in which district's boundary the point lies; where none is named, that one is the incident's.
    """

    plan: PlanName | None
    level: int
    picks: list[PickAnswer]
    shortfalls: list[Shortfall]
    nearby: list[NearbyAnswer]
    doubts: list[str]
    away: Away | None
    lies: Lies | None

    @classmethod
    def of(cls, found: dispatching.Preview, registry: Snapshot) -> Self:
        plan, attendance = found.plan, found.attendance
        return cls(
            plan=PlanName(id=plan.id, label=plan.label) if plan else None,
            level=attendance.level if attendance else 1,
            picks=[PickAnswer.of(pick, registry) for pick in attendance.picks] if attendance else [],
            shortfalls=list(attendance.shortfalls) if attendance else [],
            nearby=[NearbyAnswer.of(each) for each in found.nearby],
            doubts=list(found.doubts),
            away=found.away,
            lies=found.lies,
        )
