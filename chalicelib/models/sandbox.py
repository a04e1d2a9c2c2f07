"""The registry as practice finds it: every unit free but for the practice's own, and nobody with a number that could be rung."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import asdict, replace

from ..domain.registry import Agency, Person
from ..domain.units import UnitRead, UnitState
from .registry import Snapshot
from .unit_states import States


class Sandbox(Snapshot):
    """A registry of its own for one request: who writes to it writes to nobody."""

    def __init__(self, real: Snapshot, states: Mapping[str, UnitState], own: Person) -> None:
        self.__dict__.update(real.__dict__)
        agencies: dict[str, Agency] = {id_: replace(each, phone="") for id_, each in real.agencies.items()}
        people: dict[str, Person] = {id_: replace(each, phone="") for id_, each in real.people.items()}
        people[own.id] = replace(own, phone="")
        nouns: dict[str, dict[str, Any]] = {**real._nouns, "agencies": agencies, "personnel": people}
        self._nouns = nouns
        self._name_nouns()
        self._states = States({id_: UnitRead(**asdict(each), version=0) for id_, each in states.items()}, {})

    def unit_states(self) -> States:
        """What the practice's own incident has out."""
        return self._states
