"""Units out of service and back, and the reasons for it."""

from __future__ import annotations

from msgspec.structs import replace

from ...bootstrap import World
from ...domain import bounds
from ...domain.units import PrimaryStatus, UnitState
from ...errors import Conflict, NotFound, Unprocessable
from ...faults import Fault
from ...models import unit_states
from ...models.registry import Snapshot
from ...models.transactions import Transaction
from ..abuse import limits
from ..changes.retrying import retried


def must_reason(registry: Snapshot, reason: str, *, needed: bool) -> None:
    """Unprocessable for a reason that the registry does not know, or for none where one is needed."""
    if reason and reason not in registry.reasons:
        raise Unprocessable("unknown reason", Fault("reason", "unknown_reason"))
    if needed and not reason:
        raise Unprocessable("a reason is needed", Fault("reason", "required"))


def set_unit_status(
    world: World, registry: Snapshot, unit_id: str, primary: PrimaryStatus, reason: str, by: str
) -> UnitState:
    """Take a unit out of service with a reason, or bring it back; Conflict while it is on an assignment."""
    if unit_id not in registry.units or registry.gone(registry.units[unit_id]):
        raise NotFound("no such unit", Fault("unit_id", "not_found"))
    must_reason(registry, reason, needed=primary == "NotAvailable")
    if primary == "NotAvailable":
        # Bringing it back is never refused.
        most = bounds.OUT_OF_SERVICE_AN_HOUR
        limits.hourly(world, f"out-of-service:{unit_id}", most, "a unit goes out of service no more often")
    contended = "the unit's state is being changed; send it again"
    return retried(
        world, lambda _: _set_unit_status(world, registry, unit_id, primary, reason, by), contended
    )


def _set_unit_status(
    world: World, registry: Snapshot, unit_id: str, primary: PrimaryStatus, reason: str, by: str
) -> UnitState:
    free = UnitState(unit_id=unit_id, agency_id="")
    before = unit_states.unit_states([unit_id]).units.get(unit_id, free)
    if before.busy:
        raise Conflict("the unit is on an assignment", Fault("unit_id", "unit_assigned"))
    out = primary == "NotAvailable"
    state = replace(
        before,
        agency_id=registry.units[unit_id].agency_id,
        primary=primary,
        secondary=registry.reasons[reason].unit_status if out else "",
        reason=reason if out else "",
        since=world.clock.now(),
    )
    transaction = Transaction()
    unit_states.add_unit_state(transaction, state, by)
    transaction.commit()
    return state
