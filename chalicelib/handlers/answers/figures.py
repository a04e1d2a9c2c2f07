"""Figures of response times, and the cases behind each of them."""

from __future__ import annotations

from typing import Self

from ...domain import cases, ids
from ...domain.cases import Case
from ...domain.incident import AssignmentStatus
from ...domain.readings import Clock
from .shown import Shown


class Figures(Shown, frozen=True, kw_only=True):
    """What was counted, by the method of this number; below `few` cases a percentile says nothing.

    `gazettes_read`: whether anybody of the project has read the laws behind the targets themselves.
    """

    method: int
    few: int
    gazettes_read: bool
    utc_offset_hours: int
    groups: list[cases.Clocked]
    all: cases.Clocked


class ShownCase(Shown, frozen=True, kw_only=True):
    """One agency at one incident; `out` is why it has no figure, `reason` what its crew gave for not coming."""

    incident_id: str
    label: str
    day: str
    opened_at: str
    type: str
    district: str
    agency_id: str
    unit_id: str
    status: AssignmentStatus
    reason: str
    clock: Clock
    seconds: float | None
    target_s: int | None
    late: bool
    out: str
    marks: list[str]

    @classmethod
    def of(cls, case: Case) -> Self:
        facts, reading = case.facts, case.reading
        return cls(
            incident_id=facts.incident_id,
            label=ids.label(facts.incident_id),
            day=facts.day,
            opened_at=facts.opened_at,
            type=facts.type,
            district=facts.district,
            agency_id=case.agency_id,
            unit_id=case.crew.unit_id,
            status=case.crew.status,
            reason=case.crew.reason,
            clock=case.clock,
            seconds=reading.seconds,
            target_s=reading.target_s,
            late=case.late,
            out=case.out,
            marks=sorted(reading.marks),
        )


class ShownCases(Shown, frozen=True, kw_only=True):
    """The cases behind one number, the latest first, and how many more there are than are shown."""

    cases: list[ShownCase]
    more: int
