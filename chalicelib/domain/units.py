"""What a unit is doing, in EIDO codes (NENA-STA-021.1b-2022), and how reports change it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

PrimaryStatus = Literal["Available", "ConditionallyAvailable", "NotAvailable"]

SECONDARY = {
    "requested": "Dispatched",
    "acknowledged": "AcknowledgedTransmission",
    "en_route": "EnRoute",
    "on_scene": "OnScene",
    "ready": "OnScene",
}


class UnitState(Struct, frozen=True, kw_only=True):
    """A unit's present state; `assignment_id` and `people` are empty unless it is sent somewhere."""

    unit_id: str
    agency_id: str
    primary: PrimaryStatus = "Available"
    secondary: str = ""
    reason: str = ""
    incident_id: str = ""
    assignment_id: str = ""
    people: tuple[str, ...] = ()
    since: str = ""

    @property
    def busy(self) -> bool:
        return bool(self.assignment_id)


def follow(
    state: UnitState, assignment_id: str, status: str, reason: str, secondary: str, now: str
) -> UnitState | None:
    """The unit's state after its assignment changed; None when the unit is by now held by another assignment."""
    if state.assignment_id != assignment_id:
        return None
    if status in SECONDARY:
        primary: PrimaryStatus = "NotAvailable"
        return UnitState(
            unit_id=state.unit_id,
            agency_id=state.agency_id,
            primary=primary,
            secondary=SECONDARY[status],
            incident_id=state.incident_id,
            assignment_id=assignment_id,
            people=state.people,
            since=now,
        )
    out_of_service = status == "unable" and bool(secondary)
    return UnitState(
        unit_id=state.unit_id,
        agency_id=state.agency_id,
        primary="NotAvailable" if out_of_service else "Available",
        secondary=secondary if out_of_service else "",
        reason=reason if out_of_service else "",
        since=now,
    )


def engage(
    unit_id: str, agency_id: str, incident_id: str, assignment_id: str, people: tuple[str, ...], now: str
) -> UnitState:
    """The unit's state once it is asked to an incident with these people."""
    return UnitState(
        unit_id=unit_id,
        agency_id=agency_id,
        primary="NotAvailable",
        secondary=SECONDARY["requested"],
        incident_id=incident_id,
        assignment_id=assignment_id,
        people=people,
        since=now,
    )
