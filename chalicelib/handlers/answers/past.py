"""What is over, in brief: incidents, and calls that opened none with what came of ringing back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from msgspec import field

from ...domain import ids
from ...domain.call import Call, CallClass, Channel
from ...domain.incident import AssignmentStatus, Incident, IncidentStatus
from ...domain.registry import Account
from ...models.registry import Snapshot
from ...models.ring_backs import Result, RingBack
from ..access import bound_agency
from .shown import Shown, mask, name_of, taken_from


class PastCrew(Shown, frozen=True, kw_only=True):
    """A crew that was asked."""

    id: str
    agency_id: str
    callsign: str
    status: AssignmentStatus
    reason: str


class PastIncident(Shown, frozen=True, kw_only=True):
    """An incident in a line; an agency sees its own crews alone."""

    id: str
    label: str
    type: str
    category: str
    priority: int
    status: IncidentStatus
    drill: bool
    district: str
    village: str
    landmark: str
    received_at: str
    opened_at: str
    closed_at: str | None
    disposition: str | None
    calls: int
    crews: list[PastCrew]

    @classmethod
    def of(cls, incident: Incident, account: Account) -> Self:
        own, place = bound_agency(account), incident.location
        crews = [taken_from(PastCrew, crew) for crew in incident.crews if own in (None, crew.agency_id)]
        return taken_from(
            cls,
            incident,
            label=ids.label(incident.id),
            district=place.district,
            village=place.village,
            landmark=place.landmark,
            crews=crews,
        )


class RingBackAnswer(Shown, frozen=True, kw_only=True):
    """That somebody rang back, and what came of it; `incident` is the one that the call became."""

    at: str
    by: str
    by_name: str
    result: Result
    incident: str

    @classmethod
    def of(cls, made: RingBack, registry: Snapshot) -> Self:
        return taken_from(cls, made, by_name=name_of(made.by, registry))


class PastCall(Shown, frozen=True, kw_only=True):
    """A call that opened no incident, in its local day's list; its number is whole for the desk for a day."""

    id: str
    day: str
    number: str
    channel: Channel
    kind: CallClass = field(name="class")
    received_at: str
    taken_by: str
    taken_by_name: str
    note: str
    blocked: bool
    erased: bool
    rung_back: list[RingBackAnswer]

    @classmethod
    def of(
        cls,
        call: Call,
        made: Iterable[RingBack],
        day: str,
        account: Account,
        registry: Snapshot,
        *,
        needed: bool,
    ) -> Self:
        return taken_from(
            cls,
            call,
            day=day,
            number=mask(call.number, account, needed=needed),
            taken_by_name=name_of(call.taken_by, registry),
            erased=not call.salt,
            rung_back=[RingBackAnswer.of(each, registry) for each in made if each.call == call.id],
        )


class PastIncidents(Shown, frozen=True, kw_only=True):
    """Incidents that were found, the last opened first, down to the local day `searched_to`; go on with `after` until `next` is null."""

    incidents: list[PastIncident]
    searched_to: str
    next: str | None


class PastCalls(Shown, frozen=True, kw_only=True):
    """Calls without an incident, the last first; as `PastIncidents`."""

    calls: list[PastCall]
    searched_to: str
    next: str | None


class PastOfNumber(Shown, frozen=True, kw_only=True):
    """Incidents and calls from a number; as `PastIncidents`."""

    incidents: list[PastIncident]
    calls: list[PastCall]
    searched_to: str
    next: str | None


class RungBack(Shown, frozen=True, kw_only=True):
    """All that came of ringing a call's caller back, in order."""

    rung_back: list[RingBackAnswer]
