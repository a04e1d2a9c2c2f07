"""The registry as its rules see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ..incident import Incident
from ..registry import Person, Shift, Unit
from ..units import UnitState


class Book(Struct, frozen=True, kw_only=True):
    """The registry as the rules see it; of shifts, units' states and open incidents whatever a change may concern."""

    nouns: Mapping[str, Mapping[str, Any]]
    now: str
    utc_offset_hours: int = 7
    shifts: Sequence[Shift] = ()
    states: Sequence[UnitState] = ()
    incidents: Sequence[Incident] = ()

    def of(self, noun: str) -> Mapping[str, Any]:
        return self.nouns.get(noun, {})

    def with_(self, noun: str, id_: str, value: Any) -> Book:
        """The book once a thing is written, or, for None, is gone."""
        others = {each: thing for each, thing in self.of(noun).items() if each != id_}
        return replace(self, nouns={**self.nouns, noun: others if value is None else {**others, id_: value}})

    def agency_gone(self, agency_id: str | None) -> bool:
        agency = self.of("agencies").get(agency_id or "")
        return agency is not None and agency.retired

    def gone(self, thing: Unit | Person) -> bool:
        """Whether a unit or person is no longer sent: an agency retires with all that it has."""
        return thing.retired or self.agency_gone(thing.agency_id)
