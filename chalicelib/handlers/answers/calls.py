"""Calls, and the incidents that may be about the same."""

from __future__ import annotations

from typing import Self

from msgspec import field
from msgspec.structs import replace

from ...domain import ids
from ...domain.call import Call, CallClass, Channel, Reclassed, Statement
from ...domain.nearby import Nearby
from ...domain.registry import Account
from .shown import Shown, mask, taken_from


class CallAnswer(Shown, frozen=True, kw_only=True):
    """A call; its number is whole for the desk alone, and of an ended incident for nobody: see reveal.

    `said` is what this caller said beside what the incident goes by, and what was typed where something else is gone by (`typed`);
    `doubts` are codes of what must be asked again.
    """

    id: str
    number: str
    channel: Channel
    kind: CallClass = field(name="class")
    received_at: str
    answered_at: str | None
    taken_by: str
    incident_id: str | None
    note: str
    blocked: bool
    said: Statement | None
    doubts: list[str]
    erased: bool
    more: int
    reclassed: list[Reclassed]

    @classmethod
    def of(cls, value: Call, account: Account, *, needed: bool) -> Self:
        """A call; its number is whole for whom it is `needed`."""
        number, said = mask(value.number, account, needed=needed), value.said
        if said and "number" in said.typed:
            typed = mask(said.typed["number"], account, needed=needed)
            said = replace(said, typed={**said.typed, "number": typed})
        doubts = list(value.doubts)
        return taken_from(
            cls,
            value,
            number=number,
            said=said,
            doubts=doubts,
            erased=not value.salt,
            reclassed=list(value.reclassed),
        )


class NearbyAnswer(Shown, frozen=True, kw_only=True):
    """An open incident that may be the same."""

    id: str
    label: str
    type: str
    district: str
    village: str
    landmark: str
    opened_at: str
    distance_km: float | None
    calls: int
    drill: bool

    @classmethod
    def of(cls, value: Nearby) -> Self:
        incident, place = value.incident, value.incident.location
        return taken_from(
            cls,
            incident,
            label=ids.label(incident.id),
            district=place.district,
            village=place.village,
            landmark=place.landmark,
            distance_km=value.distance_km,
        )


class LooseSms(Shown, frozen=True, kw_only=True):
    """SMS that belong to no incident, or of which there were too many: `more` says for how many one stands."""

    sms: list[CallAnswer]


class Calls(Shown, frozen=True, kw_only=True):
    """A day's calls that opened no incident."""

    calls: list[CallAnswer]
