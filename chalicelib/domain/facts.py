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
    reason: str = ""
    late: tuple[str, ...] = ()
    claimed: tuple[str, ...] = ()
    corrected: tuple[str, ...] = ()


class Facts(Struct, frozen=True, kw_only=True):
    """One ended incident as it stood at its end, `amended` so many times before.

    `day` is the local day on which it was opened, `answered_s` follows the call's receipt. `corrected` names what of the
    incident itself was put right, such as `received_at`. Facts of an older release have no `opened_at`, `priority` and `terrain`.
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
    opened_at: str = ""
    priority: int = 0
    terrain: str = ""


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
                reason=each.reason,
                at={step: between(incident.received_at, at) or 0.0 for step, at in each.milestones.items()},
                late=each.late_entry,
                claimed=each.claimed,
                corrected=each.corrected,
            )
            for each in sorted(assignments, key=lambda each: each.id)
        ),
        corrected=incident.corrected,
        amended=incident.amended,
        opened_at=incident.opened_at,
        priority=incident.priority,
        terrain=incident.terrain,
    )


def agree(counted: Facts | None, expected: Facts | None) -> bool:
    """Whether what is counted follows from the incident, perhaps as an older release counted it (ADR 21)."""
    return counted == expected or (
        expected is not None and counted in (_plainer(expected), _unmarked(expected))
    )


def _plainer(facts: Facts) -> Facts:
    """As it was counted when nobody asked yet for reasons, hours, priorities and terrains."""
    crews = tuple(replace(each, reason="") for each in facts.crews)
    return replace(facts, crews=crews, opened_at="", priority=0, terrain="")


def _unmarked(facts: Facts) -> Facts:
    """As it was counted before marks."""
    plainer = _plainer(facts)
    crews = tuple(replace(each, claimed=(), corrected=()) for each in plainer.crews)
    return replace(plainer, crews=crews, corrected=(), amended=0)
