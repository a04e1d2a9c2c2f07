"""The units' states, and the versions of agencies' on-call pools."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import msgspec
from msgspec.structs import asdict
from pynamodb.expressions.condition import Condition

from ..domain.units import UnitRead, UnitState, record_of
from .counters import LIVE
from .tables import RegistryItem, as_known
from .transactions import Transaction


class States(NamedTuple):
    """Every unit's state by unit, and by agency the version of its on-call pool."""

    units: dict[str, UnitRead]
    pools: dict[str, int]


def unit_key(unit_id: str) -> str:
    return f"unit#{unit_id}"


def pool_key(agency_id: str) -> str:
    """The item whose version each taking of an agency's on-call people raises."""
    return f"unitpool#{agency_id}"


def unit_states(unit_ids: Iterable[str]) -> States:
    """The states of these units, strongly consistent; one that was never sent has none yet."""
    keys = [(LIVE, unit_key(unit_id)) for unit_id in unit_ids]
    found = list(RegistryItem.batch_get(keys, consistent_read=True)) if keys else []
    return states_of(found)


def all_unit_states() -> States:
    """Every unit's state, and every pool's version, in one query."""
    return states_of(RegistryItem.query(LIVE, RegistryItem.sk.startswith("unit"), consistent_read=True))


def states_of(items: Iterable[RegistryItem]) -> States:
    states = States({}, {})
    for item in items:
        if item.sk.startswith(pool_key("")):
            states.pools[item.sk.removeprefix(pool_key(""))] = int(item.v)
            continue
        state = msgspec.json.decode(item.doc, type=UnitState)
        states.units[state.unit_id] = UnitRead(**asdict(state), version=int(item.v))
    return states


def unit_put(state: UnitState) -> tuple[RegistryItem, Condition]:
    """The item of a unit's new state, on condition that the one it was made of still stands."""
    known = state.version if isinstance(state, UnitRead) else 0
    doc = msgspec.json.encode(record_of(state)).decode()
    return RegistryItem(pk=LIVE, sk=unit_key(state.unit_id), v=known + 1, doc=doc), as_known(known)


def pool_put(agency_id: str, known: int) -> tuple[RegistryItem, Condition]:
    """The item that says that on-call people of an agency are taken, on condition that nobody took some meanwhile."""
    return RegistryItem(pk=LIVE, sk=pool_key(agency_id), v=known + 1), as_known(known)


def add_unit_state(transaction: Transaction, state: UnitState, by: str) -> None:
    """Put a unit's new state and the record of who set it into a transaction."""
    item, condition = unit_put(state)
    transaction.put("unit", item, condition)
    history = msgspec.json.encode({"by": by, "state": msgspec.to_builtins(record_of(state))}).decode()
    place = RegistryItem(pk=f"H#unit#{state.unit_id}", sk=f"{state.since}#{item.v}", v=1, doc=history)
    transaction.put("history", place, None)
