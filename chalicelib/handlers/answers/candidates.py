"""The units that a dispatcher may choose from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Self

from ...domain import ids
from ...domain.candidates import NotFit
from ...domain.incident import AssignmentStatus, Incident
from ...models.registry import Snapshot
from ...services.response.choosing import Choices, Choosable
from .shown import Shown


class CrewMember(Shown, frozen=True, kw_only=True):
    """Somebody who would be paged."""

    id: str
    name: str


class Leaving(Shown, frozen=True, kw_only=True):
    """What a busy unit would leave; the type is '' where the incident could not be read."""

    incident_id: str
    assignment_id: str
    label: str
    type: str
    priority: int | None
    district: str
    village: str
    drill: bool
    status: AssignmentStatus | None

    @classmethod
    def of(cls, each: Choosable, incident: Incident | None) -> Self:
        state = each.state
        crews = incident.crews if incident else ()
        status = next((crew.status for crew in crews if crew.id == state.assignment_id), None)
        return cls(
            incident_id=state.incident_id,
            assignment_id=state.assignment_id,
            label=ids.label(state.incident_id),
            type=incident.type if incident else "",
            priority=incident.priority if incident else None,
            district=incident.location.district if incident else "",
            village=incident.location.village if incident else "",
            drill=state.drill,
            status=status,
        )


class Here(Shown, frozen=True, kw_only=True):
    """What a unit is to this incident, or was: the `reason` is that of one that could not come."""

    assignment_id: str
    status: AssignmentStatus
    at: str
    reason: str


class CandidateAnswer(Shown, frozen=True, kw_only=True):
    """A unit, by the need that it was judged for, '' for none.

    `reason` is why it is not fit, '' if it is: the planner's own codes, and `agency_not_asked`. `out_of_service` is the reason for that,
    '' if it is in service or nobody said why; `since` is when it came to do what it does. `people` would be paged.
    """

    unit_id: str
    callsign: str
    unit: str
    agency_id: str
    agency: str
    need_id: str
    reason: NotFit
    warnings: list[str]
    distance_km: float | None
    people: list[CrewMember]
    since: str
    out_of_service: str
    leaving: Leaving | None
    here: Here | None

    @classmethod
    def of(cls, each: Choosable, registry: Snapshot, leaving: Mapping[str, Incident]) -> Self:
        found, unit, state, here = each.candidate, each.candidate.unit, each.state, each.here
        return cls(
            unit_id=unit.id,
            callsign=unit.callsign,
            unit=unit.name,
            agency_id=unit.agency_id,
            agency=registry.agencies[unit.agency_id].short_name,
            need_id=found.need_id,
            reason=found.reason,
            warnings=list(found.warnings),
            distance_km=found.distance_km,
            people=[CrewMember(id=person, name=registry.people[person].name) for person in each.people],
            since=state.since,
            out_of_service=state.reason,
            leaving=Leaving.of(each, leaving.get(state.incident_id)) if state.busy else None,
            here=Here(assignment_id=here.id, status=here.status, at=here.at, reason=here.reason)
            if here
            else None,
        )


class Candidates(Shown, frozen=True, kw_only=True):
    """The best first: `free` are those that are fit, behind them those that would be taken from elsewhere, being only asked beside a
    silent crew, and those that are not fit, each with its reason.

    `not_free` go only if a dispatcher insists, `here` are sent already; a unit to be replaced is in none of them. `needs` are what they were
    judged by, in the plan's order.
    """

    needs: list[str]
    place_unknown: bool
    free: list[CandidateAnswer]
    not_free: list[CandidateAnswer]
    here: list[CandidateAnswer]

    @classmethod
    def of(cls, found: Choices, registry: Snapshot) -> Self:
        def shown(units: Iterable[Choosable]) -> list[CandidateAnswer]:
            return [CandidateAnswer.of(each, registry, found.leaving) for each in units]

        return cls(
            needs=[need.id for need in found.needs],
            place_unknown=found.place_unknown,
            free=shown(found.free),
            not_free=shown(found.not_free),
            here=shown(found.here),
        )
