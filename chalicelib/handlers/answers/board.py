"""The board: incidents in brief; an agency sees its own crews and what concerns them, and not who else comes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal, NamedTuple, Self

from ...domain import bounds, ids
from ...domain.alarmed import Alarm, alarm
from ...domain.assignment import active
from ...domain.coming import Coming, coming
from ...domain.incident import AsideReason, Attention, AttentionCode, Crew, Incident, IncidentStatus, SetAside
from ...domain.portions import being_called_off
from ...domain.registry import DESK, Account, Terrain
from ...domain.silence import Silence
from ...domain.units import is_free
from ...models.registry import Snapshot
from ...services.watch.waiting import Waiting
from ..access import SUPERVISORS, bound_agency
from .shown import Shown, name_of, taken_from

PLACE = ("district", "village", "landmark", "lat", "lng")
# A code more in the record itself would be read by no older release (ADR 21).
MarkCode = Literal[AttentionCode, "late_answer"]


def may_see(incident: Incident, account: Account) -> bool:
    """An agency sees the incidents that it is or was sent to."""
    own = bound_agency(account)
    return own is None or any(crew.agency_id == own for crew in incident.crews)


class Mark(Attention, Shown, frozen=True, kw_only=True):
    """Something that the desk must look at; `person` is who answered late, `said` what."""

    code: MarkCode  # type: ignore[assignment]
    person: str = ""
    said: str = ""


def _marks(incident: Incident) -> Iterator[Mark]:
    yield from (taken_from(Mark, mark, person="", said="") for mark in incident.attention)
    for late in incident.late:
        yield Mark(
            code="late_answer", detail=late.assignment_id, at=late.at, person=late.person_id, said=late.said
        )


class BeingOrdered(Shown, frozen=True, kw_only=True):
    """What is decided and on its way into the incident: units to send, messages to write, crews to call off."""

    units: int
    pages: int
    crews_to_call_off: int

    @classmethod
    def of(cls, incident: Incident) -> Self:
        """Figures alone, which are no agency's secret."""
        called_off = sum(active(crew.status) for crew in incident.crews) if being_called_off(incident) else 0
        units = sum(each.units for each in incident.owed)
        return cls(units=units, pages=len(incident.unpaged), crews_to_call_off=called_off)


class AsideAnswer(Shown, frozen=True, kw_only=True):
    """That an incident waits, why, until when, for which unit, and who says so."""

    reason: AsideReason
    until: str
    awaits: str
    at: str
    by: str
    by_name: str

    @classmethod
    def of(cls, value: SetAside, registry: Snapshot) -> Self:
        return taken_from(cls, value, by_name=name_of(value.by, registry))


class Moment(NamedTuple):
    """When something is answered, from which registry, and which units that incidents wait for are free then."""

    now: str
    registry: Snapshot
    free: frozenset[str]

    @classmethod
    def of(cls, incidents: Iterable[Incident], registry: Snapshot, now: str) -> Self:
        """The units are read only where an incident waits for one."""
        awaited = {each.aside.awaits for each in incidents if each.aside and each.aside.awaits}
        states = registry.unit_states().units if awaited else {}
        free = {
            each
            for each in awaited
            if (unit := registry.units.get(each)) and not registry.gone(unit) and is_free(states.get(each))
        }
        return cls(now, registry, frozenset(free))


class IncidentSummary(Shown, frozen=True, kw_only=True):
    """An incident as the board shows it; `label` is its short name on the radio, `district` '' while nobody knows it.

    `doubts` are codes of what must be asked again, such as `place_unknown` and `place_far`.
    `coming` is null for an agency, which sees its own crews alone, and for what nobody is to come to; so is `aside`.
    `alarm` is what it asks of a person first, null while nothing does.
    """

    id: str
    label: str
    type: str
    category: str
    priority: int
    terrain: Terrain
    status: IncidentStatus
    drill: bool
    district: str
    village: str
    landmark: str
    lat: float | None
    lng: float | None
    narrative: str
    received_at: str
    answered_at: str | None
    opened_at: str
    closed_at: str | None
    disposition: str | None
    level: int
    calls: int
    amended: int
    doubts: list[str]
    attention: list[Mark]
    large: int
    crews: list[Crew]
    coming: Coming | None
    alarm: Alarm | None
    aside: AsideAnswer | None
    being_ordered: BeingOrdered

    @classmethod
    def of(cls, incident: Incident, account: Account, at: Moment) -> Self:
        return taken_from(cls, incident, **summed_up(incident, account, at))


def summed_up(incident: Incident, account: Account, at: Moment) -> dict[str, Any]:
    """What a summary has besides the incident's own fields."""
    own = bound_agency(account)
    crews = [crew for crew in incident.crews if own in (None, crew.agency_id)]
    known = {crew.id for crew in crews}
    marks = [mark for mark in incident.attention if own is None or mark.detail in known]
    found = coming(incident, at.now) if own is None else None
    shown = incident.aside if own is None else None
    return {
        **{name: getattr(incident.location, name) for name in PLACE},
        "label": ids.label(incident.id),
        "crews": crews,
        "attention": [mark for mark in _marks(incident) if own is None or mark.detail in known],
        "large": incident.seq if incident.status == "open" and bounds.large(incident) else 0,
        "coming": found,
        "alarm": alarm(incident, found, marks, at.now, at.free) if incident.status == "open" else None,
        "aside": AsideAnswer.of(shown, at.registry) if shown else None,
        "being_ordered": BeingOrdered.of(incident),
    }


class WaitingAnswer(Shown, frozen=True, kw_only=True):
    """What waits for a person of this role, as it was counted within the last minute: corrections asked for, SMS of strangers."""

    corrections: int
    sms: int

    @classmethod
    def of(cls, value: Waiting, account: Account) -> Self:
        return cls(
            corrections=value.corrections if account.role in SUPERVISORS else 0,
            sms=value.sms if account.role in DESK else 0,
        )


class Line(NamedTuple):
    """What every page asks of the line to the crews and of what waits, beside the incidents."""

    silence: Silence | None
    watched: bool
    left_at: str | None
    waiting: Waiting | None


class Board(Shown, frozen=True, kw_only=True):
    """Incidents by opening; `silence` says that SMS do not leave, or that nobody watches whether they do.

    That it says nothing means that they leave only where `watched`: of a new stage nobody knows yet. `left_at` is when the last left.
    `waiting` is what waits for somebody of this role, null where nobody counts.
    """

    incidents: list[IncidentSummary]
    now: str
    silence: Silence | None
    watched: bool
    left_at: str | None
    waiting: WaitingAnswer | None

    @classmethod
    def of(
        cls,
        incidents: Iterable[Incident],
        account: Account,
        registry: Snapshot,
        now: str,
        line: Line,
    ) -> Self:
        seen = [each for each in incidents if may_see(each, account)]
        at = Moment.of(seen, registry, now)
        shown = [IncidentSummary.of(each, account, at) for each in seen]
        return cls(
            incidents=shown,
            now=now,
            silence=line.silence,
            watched=line.watched,
            left_at=line.left_at,
            waiting=WaitingAnswer.of(line.waiting, account) if line.waiting else None,
        )
