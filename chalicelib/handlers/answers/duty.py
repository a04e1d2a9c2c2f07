"""Who is on duty, and sheets."""

from __future__ import annotations

from typing import Self

from ...domain.duty import By, Readiness, Stretch, Turn
from ...models.registry import Snapshot
from .shown import Shown


class OnDutyPerson(Shown, frozen=True, kw_only=True):
    """Somebody on duty, with a unit or in the agency's pool: since when, until when, and by what."""

    person_id: str
    name: str
    unit_id: str | None
    starts_at: str
    ends_at: str
    code: str
    readiness: Readiness
    turn: Turn
    by: By

    @classmethod
    def of(cls, found: Stretch, registry: Snapshot) -> Self:
        return cls(
            person_id=found.person_id,
            name=registry.people[found.person_id].name,
            unit_id=found.unit_id,
            starts_at=found.starts_at,
            ends_at=found.ends_at,
            code=found.code,
            readiness=found.readiness,
            turn=found.turn,
            by=found.by,
        )


class OnDuty(Shown, frozen=True, kw_only=True):
    """Who is on duty in an agency at an instant."""

    agency_id: str
    at: str
    people: list[OnDutyPerson]
