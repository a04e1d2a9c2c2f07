"""What a unit is doing, in EIDO codes (NENA-STA-021.1b-2022), and how reports change it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

PrimaryStatus = Literal["Available", "ConditionallyAvailable", "NotAvailable"]

SECONDARY = {
    "requested": "Dispatched",
    "acknowledged": "AcknowledgedTransmission",
    "en_route": "EnRoute",
    "on_scene": "OnScene",
    "ready": "OnScene",
}


class Held(Struct, frozen=True, kw_only=True):
    """An assignment that a unit is out on, with the people it took; `silence`: it was asked beside a silent crew."""

    incident_id: str
    assignment_id: str
    secondary: str
    people: tuple[str, ...] = ()
    drill: bool = False
    silence: bool = False

    @property
    def loose(self) -> bool:
        """Whether another incident may take the unit: it was asked beside a silent crew and has not answered itself."""
        return self.silence and self.secondary == SECONDARY["requested"]


class UnitState(Struct, frozen=True, kw_only=True):
    """A unit's present state; `assignment_id` and `people` are empty unless it is sent somewhere.

    `under` holds the assignments that wait while a dispatcher insisted on another, or a real call took the unit from a
    drill, the newest of them first; `drill` says that the present one is a drill's, `silence` that it was asked for beside a
    silent crew.
    """

    unit_id: str
    agency_id: str
    primary: PrimaryStatus = "Available"
    secondary: str = ""
    reason: str = ""
    incident_id: str = ""
    assignment_id: str = ""
    people: tuple[str, ...] = ()
    since: str = ""
    under: tuple[Held, ...] = ()
    drill: bool = False
    silence: bool = False

    @property
    def busy(self) -> bool:
        return bool(self.assignment_id)

    @property
    def holding(self) -> tuple[Held, ...]:
        """Every assignment that the unit is out on, the present one first."""
        if not self.busy:
            return ()
        top = Held(
            incident_id=self.incident_id,
            assignment_id=self.assignment_id,
            secondary=self.secondary,
            people=self.people,
            drill=self.drill,
            silence=self.silence,
        )
        return (top, *self.under)

    @property
    def loose(self) -> bool:
        """Whether nothing that the unit is out on keeps another incident from it."""
        return self.busy and all(each.loose for each in self.holding)


def is_free(state: UnitState | None) -> bool:
    """Whether a unit could be sent; one that was never sent anywhere has no state."""
    return state is None or not (state.busy or state.primary == "NotAvailable")


class UnitRead(UnitState, frozen=True, kw_only=True):
    """A unit's state with the version of the item it was read from: what is made of it is written on that condition alone."""

    version: int


def record_of(state: UnitState) -> UnitState:
    """What is kept and shown of a state: all but the version it was read with."""
    return UnitState(**{name: getattr(state, name) for name in UnitState.__struct_fields__})


def follow(
    state: UnitState, assignment_id: str, status: str, reason: str, secondary: str, now: str
) -> UnitState | None:
    """The unit's state after its assignment changed; None when that assignment does not hold the unit."""
    if assignment_id not in {each.assignment_id for each in state.holding}:
        return None
    if state.assignment_id != assignment_id:
        kept = (
            replace(each, secondary=SECONDARY.get(status, ""))
            if each.assignment_id == assignment_id
            else each
            for each in state.under
        )
        return replace(state, under=tuple(each for each in kept if each.secondary))
    if status in SECONDARY:
        return replace(state, primary="NotAvailable", secondary=SECONDARY[status], reason="", since=now)
    # A unit without fuel has none for the assignment that waits either, until it moves or somebody says otherwise.
    broken = (reason, secondary) if status == "unable" and secondary else None
    if state.reason and not broken:
        broken = (state.reason, state.secondary)
    below = state.under[0] if state.under else Held(incident_id="", assignment_id="", secondary="")
    return replace(
        state,
        primary="NotAvailable" if broken or state.under else "Available",
        secondary=broken[1] if broken else below.secondary,
        reason=broken[0] if broken else "",
        incident_id=below.incident_id,
        assignment_id=below.assignment_id,
        people=below.people,
        since=now,
        under=state.under[1:],
        drill=below.drill,
        silence=below.silence,
    )


def for_real(state: UnitState) -> UnitState:
    """The state as a real call finds it: being out for a drill keeps nobody from it."""
    real = [each for each in state.holding if not each.drill]
    if len(real) == len(state.holding):
        return state
    top = real[0] if real else Held(incident_id="", assignment_id="", secondary="")
    return replace(
        state,
        primary="NotAvailable" if real or state.reason else "Available",
        secondary=state.secondary if state.reason else top.secondary,
        incident_id=top.incident_id,
        assignment_id=top.assignment_id,
        people=top.people,
        under=tuple(real[1:]),
        drill=False,
        silence=top.silence,
    )


def engage(before: UnitState, asked: Held, now: str) -> UnitState:
    """The unit's state once it is asked to an incident; what it was out on before waits under it."""
    return replace(
        before,
        primary="NotAvailable",
        secondary=asked.secondary,
        reason="",
        incident_id=asked.incident_id,
        assignment_id=asked.assignment_id,
        people=asked.people,
        since=now,
        under=before.holding,
        drill=asked.drill,
        silence=asked.silence,
    )
