"""What reports count of an ended incident: derived once, when it ends, and kept by its local day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from .incident import Assignment, AssignmentStatus, Incident, IncidentStatus
from .times import between, local_day


class CrewFacts(Struct, frozen=True, kw_only=True):
    """One assignment: `at` has each milestone in seconds after the call was received, `late` those entered late."""

    agency_id: str
    unit_id: str
    status: AssignmentStatus
    at: Mapping[str, float]
    late: tuple[str, ...] = ()


class Facts(Struct, frozen=True, kw_only=True):
    """One ended incident; `day` is the local day on which it was opened, `answered_s` follows the call's receipt."""

    incident_id: str
    day: str
    status: IncidentStatus
    type: str
    category: str
    district: str
    answered_s: float | None
    crews: tuple[CrewFacts, ...]


def derive(incident: Incident, assignments: Iterable[Assignment], utc_offset_hours: int) -> Facts | None:
    """The facts of an ended incident; None for a drill, which no statistic counts."""
    if incident.drill:
        return None
    return Facts(
        incident_id=incident.id,
        day=local_day(incident.opened_at, utc_offset_hours),
        status=incident.status,
        type=incident.type,
        category=incident.category,
        district=incident.location.district,
        answered_s=between(incident.received_at, incident.answered_at),
        crews=tuple(
            CrewFacts(
                agency_id=each.agency_id,
                unit_id=each.unit_id,
                status=each.status,
                at={step: between(incident.received_at, at) or 0.0 for step, at in each.milestones.items()},
                late=each.late_entry,
            )
            for each in sorted(assignments, key=lambda each: each.id)
        ),
    )
