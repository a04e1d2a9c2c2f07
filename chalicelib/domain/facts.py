"""What reports count of an ended incident: derived once, when it ends, and kept by its local day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from .assignment import Assignment
from .incident import AssignmentStatus, Incident, IncidentStatus
from .times import between, local_day


class CrewFacts(Struct, frozen=True, kw_only=True):
    """One assignment: `at` has each milestone in seconds after the call was received.

    `late` are those entered late, `claimed` those whose time a person told, `corrected` those that were put right.
    """

    agency_id: str
    unit_id: str
    status: AssignmentStatus
    at: Mapping[str, float]
    late: tuple[str, ...] = ()
    claimed: tuple[str, ...] = ()
    corrected: tuple[str, ...] = ()


class Facts(Struct, frozen=True, kw_only=True):
    """One ended incident as it stood at its end, `amended` so many times before.

    `day` is the local day on which it was opened, `answered_s` follows the call's receipt. `corrected` names what of the
    incident itself was put right, such as `received_at`.
    """

    incident_id: str
    day: str
    status: IncidentStatus
    type: str
    category: str
    district: str
    answered_s: float | None
    crews: tuple[CrewFacts, ...]
    corrected: tuple[str, ...] = ()
    amended: int = 0


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
                claimed=each.claimed,
                corrected=each.corrected,
            )
            for each in sorted(assignments, key=lambda each: each.id)
        ),
        corrected=incident.corrected,
        amended=incident.amended,
    )


def agree(counted: Facts | None, expected: Facts | None) -> bool:
    """Whether what is counted follows from the incident, perhaps as the release before counted it (ADR 21): without marks."""
    return counted == expected or (expected is not None and counted == _unmarked(expected))


def _unmarked(facts: Facts) -> Facts:
    crews = tuple(replace(each, claimed=(), corrected=()) for each in facts.crews)
    return replace(facts, crews=crews, corrected=(), amended=0)
