"""One incident, and the board: an agency sees its own crews and what concerns them, and not who else comes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from typing import Any, Literal, NamedTuple, Self

from msgspec.structs import asdict

from ...domain import bounds, clocks, ids
from ...domain.alarmed import Alarm, alarm
from ...domain.assignment import Assignment, active
from ...domain.coming import Coming, coming
from ...domain.events import (
    DispatchShortfall,
    DuplicateLinked,
    DuplicateParted,
    Event,
    IncidentSetAside,
    IncidentTakenUp,
    OfAssignment,
    PagesRequested,
    PagesSettled,
    PersonalDataErased,
    UnitsBeingOrdered,
    Unknown,
)
from ...domain.incident import (
    AsideReason,
    AttentionCode,
    Crew,
    Incident,
    IncidentStatus,
    LegalHold,
    PageKind,
    SetAside,
    Source,
)
from ...domain.note import Ask, Note
from ...domain.page import Attempt, Page, PageStatus
from ...domain.portions import being_called_off
from ...domain.registry import Account, Terrain
from ...domain.silence import Silence
from ...domain.units import is_free
from ...models.incidents import Loaded
from ...models.registry import Snapshot
from ...services.evidence.timeline import chain_of
from ..access import bound_agency
from .calls import CallAnswer
from .shown import Shown, mask, name_of, taken_from

PLACE = ("district", "village", "landmark", "lat", "lng")
# A code more in the record itself would be read by no older release (ADR 21).
MarkCode = Literal[AttentionCode, "late_answer"]
# What names parts of other agencies, may do so, or is not an agency's business.
REGENCY_EVENTS = (
    DispatchShortfall,
    DuplicateLinked,
    DuplicateParted,
    IncidentSetAside,
    IncidentTakenUp,
    PagesRequested,
    PagesSettled,
    PersonalDataErased,
    UnitsBeingOrdered,
    Unknown,
)


def may_see(incident: Incident, account: Account) -> bool:
    """An agency sees the incidents that it is or was sent to."""
    own = bound_agency(account)
    return own is None or any(crew.agency_id == own for crew in incident.crews)


class AssignmentAnswer(Assignment, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One unit asked to one incident, with its clocks in seconds."""

    clocks: dict[str, float | None]

    @classmethod
    def of(cls, value: Assignment, incident: Incident, foreign: Set[str]) -> Self:
        """An assignment without the id of another that is `foreign` to the reader."""
        own = {**asdict(value), "beside": "" if value.beside in foreign else value.beside}
        return cls(**own, clocks=clocks.assignment_clocks(incident, value))


class PageAnswer(Shown, frozen=True, kw_only=True):
    """One message to one phone; `also` are the others whose phone it is, `name` has them all; `amends`: it says what has changed.

    `backup`: the person was asked because the crew had not answered. `because` is why somebody is told that they are not
    needed: others have `answered`, the crew is `unable`, the incident has `ended`; '' for any other message.
    """

    id: str
    incident_id: str
    assignment_id: str
    kind: PageKind
    person_id: str
    also: list[str]
    agency_id: str
    name: str
    number: str
    status: PageStatus
    requested_at: str
    expires_at: str
    sent_at: str | None
    delivered_at: str | None
    acknowledged_at: str | None
    attempts: list[Attempt]
    body: str
    after: str
    reply: str
    amends: bool
    because: str
    backup: bool
    erased: bool

    @classmethod
    def of(cls, value: Page, account: Account) -> Self:
        number, amends = mask(value.number, account), value.amends is not None
        return taken_from(cls, value, number=number, amends=amends, erased=not value.salt)


class WasAnswer(Shown, frozen=True, kw_only=True):
    """What stood before an amendment; null where a field stayed, or where there was nothing."""

    type: str | None
    priority: int | None
    terrain: str | None
    district: str | None
    village: str | None
    landmark: str | None
    lat: float | None
    lng: float | None
    narrative: str | None


class WordingAnswer(Shown, frozen=True, kw_only=True):
    """What a note said until somebody put it right."""

    text: str
    until: str
    by: str
    by_name: str


class NoteAnswer(Shown, frozen=True, kw_only=True):
    """Free text and who wrote it, or an SMS that somebody must read; what it `asks` to be put right, and what came of that.

    Of an amendment it has what `was`, and which fields were `amended`.
    """

    id: str
    text: str
    at: str
    by: str
    by_name: str
    number: str
    assignment_id: str
    earlier: list[WordingAnswer]
    asks: Ask | None
    was: WasAnswer | None
    amended: list[str]
    erased: bool

    @classmethod
    def of(cls, value: Note, account: Account, registry: Snapshot, *, needed: bool) -> Self:
        number = mask(value.number, account, needed=needed)
        return taken_from(
            cls,
            value,
            number=number,
            by_name=name_of(value.by, registry),
            was=taken_from(WasAnswer, value.was) if value.was else None,
            earlier=[
                taken_from(WordingAnswer, each, by_name=name_of(each.by, registry)) for each in value.earlier
            ],
            erased=not value.salt,
        )


class HoldAnswer(Shown, frozen=True, kw_only=True):
    """A legal hold; `note` names the note with its reason."""

    by: str
    by_name: str
    at: str
    note: str

    @classmethod
    def of(cls, value: LegalHold, registry: Snapshot) -> Self:
        return taken_from(cls, value, by_name=name_of(value.by, registry))


class LinkedIncident(Shown, frozen=True, kw_only=True):
    """Another incident that is the same."""

    id: str
    label: str

    @classmethod
    def of(cls, incident_id: str) -> Self:
        return cls(id=incident_id, label=ids.label(incident_id))


class EventAnswer(Shown, frozen=True, kw_only=True):
    """One line of the timeline; `data` as they are stored, by `type`."""

    seq: int
    type: str
    occurred_at: str
    recorded_at: str
    source: Source
    actor: str
    actor_name: str
    data: dict[str, Any]
    hash: str

    @classmethod
    def of(cls, event: Event, registry: Snapshot, foreign: Set[str]) -> Self:
        """An event without the ids of assignments that are `foreign` to the reader."""
        # As it is stored, with what only a later release knows.
        data = {name: _without(value, foreign) for name, value in event.data.items()}
        return taken_from(cls, event, data=data, actor_name=name_of(event.actor, registry))


def _without(value: Any, foreign: Set[str]) -> Any:
    """A value of an event without ids that the reader may not see, alone, in a list, or behind a colon."""
    if isinstance(value, list):
        return [each for each in value if _without(each, foreign) == each]
    return "" if isinstance(value, str) and value.rpartition(":")[2] in foreign else value


class Mark(Shown, frozen=True, kw_only=True):
    """Something that the desk must look at; `person` is who answered late, `said` what."""

    code: MarkCode
    detail: str
    at: str
    note: str = ""
    proposal: str = ""
    reason: str = ""
    said_at: str = ""
    counted: bool = False
    strange: bool = False
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
        return taken_from(cls, incident, **_summed_up(incident, account, at))


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


def _summed_up(incident: Incident, account: Account, at: Moment) -> dict[str, Any]:
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


class IncidentDetail(IncidentSummary, frozen=True, kw_only=True):
    """One incident with everything about it that the reader may see."""

    version: int
    plan: dict[str, Any]
    hold: HoldAnswer | None
    erased: list[str]
    corrected: list[str]
    duplicate_of: LinkedIncident | None
    duplicates: list[LinkedIncident]
    calls_list: list[CallAnswer]
    assignments: list[AssignmentAnswer]
    pages: list[PageAnswer]
    notes: list[NoteAnswer]
    timeline: list[EventAnswer]
    clocks: dict[str, float | None]
    chain: dict[str, Any]

    @classmethod
    def whole(cls, whole: Loaded, registry: Snapshot, account: Account, now: str) -> Self:
        """One incident as the account may see it."""
        incident, own = whole.incident, bound_agency(account)
        assignments = [each for each in whole.assignments.values() if own in (None, each.agency_id)]
        foreign = whole.assignments.keys() - {each.id for each in assignments}
        under_way = incident.status == "open"
        calls = [each for each in whole.calls.values() if each.incident_id == incident.id]
        notes = [each for each in whole.notes if each.assignment_id not in foreign]
        pages = [each for each in whole.pages.values() if own in (None, each.agency_id)]
        return taken_from(
            cls,
            incident,
            **_summed_up(incident, account, Moment.of([incident], registry, now)),
            version=incident.seq,
            plan=_plan(whole) if own is None else {},
            hold=HoldAnswer.of(incident.hold, registry) if incident.hold else None,
            duplicate_of=LinkedIncident.of(incident.duplicate_of)
            if incident.duplicate_of and own is None
            else None,
            duplicates=[LinkedIncident.of(each) for each in incident.duplicates if own is None],
            calls_list=[CallAnswer.of(each, account, needed=under_way) for each in calls],
            assignments=[AssignmentAnswer.of(each, incident, foreign) for each in assignments],
            pages=[PageAnswer.of(each, account) for each in pages],
            notes=[NoteAnswer.of(each, account, registry, needed=under_way) for each in notes],
            timeline=[
                EventAnswer.of(event, registry, foreign)
                for event in whole.events
                if _concerns(event, foreign, whole_regency=own is None)
            ],
            clocks=clocks.incident_clocks(incident, assignments),
            chain=chain_of(whole),
        )


def _plan(whole: Loaded) -> dict[str, Any]:
    """Plan and policy with what the plan answered, level by level."""
    answers = sorted(whole.answers, key=lambda each: each.level)
    # Incidents of earlier versions hold their answers themselves.
    earlier = whole.incident.plan.get("answers", [])
    return {**whole.incident.plan, "answers": [*earlier, *(each.answer for each in answers)]}


def _concerns(event: Event, foreign: Set[str], *, whole_regency: bool) -> bool:
    """Whether the reader may see an event: not those about other agencies' assignments."""
    content = event.content
    if isinstance(content, OfAssignment) and content.assignment in foreign:
        return False
    return whole_regency or not isinstance(content, REGENCY_EVENTS)


class Board(Shown, frozen=True, kw_only=True):
    """Incidents by opening; `silence` says that SMS do not leave, or that nobody watches whether they do."""

    incidents: list[IncidentSummary]
    now: str
    silence: Silence | None

    @classmethod
    def of(
        cls,
        incidents: Iterable[Incident],
        account: Account,
        registry: Snapshot,
        now: str,
        silence: Silence | None,
    ) -> Self:
        seen = [each for each in incidents if may_see(each, account)]
        at = Moment.of(seen, registry, now)
        shown = [IncidentSummary.of(each, account, at) for each in seen]
        return cls(incidents=shown, now=now, silence=silence)
