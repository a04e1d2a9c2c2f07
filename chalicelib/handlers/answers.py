"""What the main routes answer, as types: they describe the OpenAPI document, and a test holds every answer to them."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct, field

from ..domain.coming import Coming
from ..domain.dispatch import Pick, Shortfall
from ..domain.incident import (
    Assignment,
    Attempt,
    Attention,
    CallClass,
    Channel,
    Crew,
    IncidentStatus,
    PageKind,
    PageStatus,
    Source,
    Statement,
    Tally,
)
from ..domain.places import Away
from ..domain.registry import Label, Language, Role, Shift, Terrain
from ..domain.reporting import By, Report
from ..domain.silence import Silence
from ..domain.units import UnitState
from ..services.abuse.blocking import Counts
from ..services.evidence.privacy import Erasure
from ..services.response.importing import Batch


class _Answer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class CallAnswer(_Answer, frozen=True, kw_only=True):
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


class AssignmentAnswer(Assignment, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One unit asked to one incident, with its clocks in seconds."""

    clocks: dict[str, float | None]


class PageAnswer(_Answer, frozen=True, kw_only=True):
    """One message to one phone; `also` are the others whose phone it is, `name` has them all."""

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
    erased: bool


class NoteAnswer(_Answer, frozen=True, kw_only=True):
    """Free text and who wrote it, or an SMS that somebody must read."""

    id: str
    text: str
    at: str
    by: str
    by_name: str
    number: str
    assignment_id: str
    erased: bool


class HoldAnswer(_Answer, frozen=True, kw_only=True):
    """A legal hold; `note` names the note with its reason."""

    by: str
    by_name: str
    at: str
    note: str


class EventAnswer(_Answer, frozen=True, kw_only=True):
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


class BeingOrdered(_Answer, frozen=True, kw_only=True):
    """What is decided and on its way into the incident: units to send, messages to write, crews to call off."""

    units: int
    pages: int
    crews_to_call_off: int


class IncidentSummary(_Answer, frozen=True, kw_only=True):
    """An incident as the board shows it; `label` is its short name on the radio, `district` '' while nobody knows it.

    `doubts` are codes of what must be asked again, such as `place_unknown` and `place_far`.
    `coming` is null for an agency, which sees its own crews alone, and for what nobody is to come to.
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
    doubts: list[str]
    attention: list[Attention]
    large: int
    crews: list[Crew]
    coming: Coming | None
    being_ordered: BeingOrdered


class IncidentDetail(IncidentSummary, frozen=True, kw_only=True):
    """One incident with everything about it that the reader may see."""

    version: int
    plan: dict[str, Any]
    hold: HoldAnswer | None
    erased: list[str]
    calls_list: list[CallAnswer]
    assignments: list[AssignmentAnswer]
    pages: list[PageAnswer]
    notes: list[NoteAnswer]
    timeline: list[EventAnswer]
    clocks: dict[str, float | None]
    chain: dict[str, Any]


class NearbyAnswer(_Answer, frozen=True, kw_only=True):
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


class Taken(_Answer, frozen=True, kw_only=True):
    """A logged call, and for an emergency its incident."""

    call: CallAnswer
    incident: IncidentDetail | None
    assignments: list[AssignmentAnswer]
    pages: list[PageAnswer]
    nearby: list[NearbyAnswer]


class Board(_Answer, frozen=True, kw_only=True):
    """Incidents by opening; `silence` says that SMS do not leave, or that nobody watches whether they do."""

    incidents: list[IncidentSummary]
    now: str
    silence: Silence | None


class LooseSms(_Answer, frozen=True, kw_only=True):
    """SMS that belong to no incident, or of which there were too many: `more` says for how many one stands."""

    sms: list[CallAnswer]


class Calls(_Answer, frozen=True, kw_only=True):
    """A day's calls that opened no incident."""

    calls: list[CallAnswer]


class BlockAnswer(_Answer, frozen=True, kw_only=True):
    """A blocked number, whole for the desk alone; `calls` are what came from it since."""

    id: str
    number: str
    reason: str
    by: str
    by_name: str
    at: str
    until: str
    times: int
    active: bool
    lifted_at: str | None
    lifted_by: str
    lifted_by_name: str
    calls: Counts


class Blocks(_Answer, frozen=True, kw_only=True):
    """Blocks that stand, and those that ended in the last 30 days."""

    blocked_numbers: list[BlockAnswer]


class Caller(_Answer, frozen=True, kw_only=True):
    """How a number is read and what is known of it before its call is logged; `number` is '' for what nobody can read."""

    number: str
    kind: Literal["number", "short", "withheld", "unread"]
    calls_today: int
    block: BlockAnswer | None


class PickedPerson(_Answer, frozen=True, kw_only=True):
    """Somebody who would be paged."""

    id: str
    name: str
    phone: str


class PickAnswer(Pick, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One unit that would be sent, and why."""

    agency: str
    unit: str
    people: list[PickedPerson]  # type: ignore[assignment]


class PlanName(_Answer, frozen=True, kw_only=True):
    """Which plan answers."""

    id: str
    label: Label


class Preview(_Answer, frozen=True, kw_only=True):
    """Who would be sent and paged now; `doubts` about the place, `away` how far a doubtful point lies from its district."""

    plan: PlanName | None
    level: int
    picks: list[PickAnswer]
    shortfalls: list[Shortfall]
    nearby: list[NearbyAnswer]
    doubts: list[str]
    away: Away | None


class DrillSummary(_Answer, frozen=True, kw_only=True):
    """A paging drill; `tally` stands once it was ended, `by` is the name of whoever started it."""

    id: str
    label: str
    agency_id: str
    status: Literal["running", "ended"]
    minutes: int
    started_at: str
    ends_at: str
    ended_at: str | None
    by: str
    tally: Tally | None


class DrillPerson(_Answer, frozen=True, kw_only=True):
    """Somebody paged in a drill, by name; without a page yet, its `status` is pending.

    `seconds` run from the page's sending to the answer.
    """

    person_id: str
    name: str
    unit_id: str | None
    status: PageStatus
    sent_at: str | None
    answered_at: str | None
    seconds: float | None
    late: bool


class PersonName(_Answer, frozen=True, kw_only=True):
    """Somebody by name."""

    person_id: str
    name: str


class DrillDetail(DrillSummary, frozen=True, kw_only=True):
    """A paging drill with everybody it pages; `out` were out with a unit and left in peace. `tally` is of this moment."""

    people: list[DrillPerson]
    out: list[PersonName]
    now: str
    chain: dict[str, Any]


class Drills(_Answer, frozen=True, kw_only=True):
    """Paging drills, newest first; `next` is to be asked for as `before`, null at the end."""

    drills: list[DrillSummary]
    next: str | None
    now: str


class PresentPerson(PersonName, frozen=True, kw_only=True):
    """Somebody on duty; without a unit they are on call."""

    unit_id: str | None


class PresentAnswer(_Answer, frozen=True, kw_only=True):
    """Whom a paging drill would page now, and who is out with a unit and left in peace."""

    people: list[PresentPerson]
    out: list[PresentPerson]


class UnitStatuses(_Answer, frozen=True, kw_only=True):
    """What every unit is doing."""

    units: list[UnitState]


class Me(_Answer, frozen=True, kw_only=True):
    """Who is signed in."""

    sub: str
    name: str
    role: Role
    agency_id: str | None
    language: Language


class Check(_Answer, frozen=True, kw_only=True):
    """One thing that must work."""

    ok: bool
    detail: str


class Health(_Answer, frozen=True, kw_only=True):
    """What works and what does not."""

    status: str
    version: str
    checks: dict[str, Check]


class Reported(_Answer, frozen=True, kw_only=True):
    """What became of a responder's answer."""

    status: str
    applied: bool
    result: str


class SeenNumber(_Answer, frozen=True, kw_only=True):
    """The number of a call or note."""

    id: str
    number: str


class Revealed(_Answer, frozen=True, kw_only=True):
    """The numbers of an incident's calls and SMS."""

    calls: list[SeenNumber]
    notes: list[SeenNumber]


class OwnCall(_Answer, frozen=True, kw_only=True):
    """A call of somebody's with what they said; the incident's place and narrative only where nobody else called about it."""

    id: str
    incident_id: str | None
    channel: Channel
    kind: CallClass = field(name="class")
    received_at: str
    answered_at: str | None
    note: str
    type: str
    district: str
    village: str
    landmark: str
    lat: float | None
    lng: float | None
    narrative: str
    said: Statement | None
    under_legal_hold: bool


class OwnMessage(_Answer, frozen=True, kw_only=True):
    """An SMS of somebody's."""

    incident_id: str
    at: str
    text: str


class OwnPage(_Answer, frozen=True, kw_only=True):
    """A message that was sent to somebody."""

    incident_id: str
    kind: PageKind
    name: str
    requested_at: str
    sent_at: str | None
    status: PageStatus
    text: str


class OwnBlock(_Answer, frozen=True, kw_only=True):
    """That a number was blocked."""

    reason: str
    at: str
    until: str
    times: int
    lifted_at: str | None


class Processed(_Answer, frozen=True, kw_only=True):
    """What was done in an incident, or beside all, that concerns somebody's data, when, and by whom ('' for the system)."""

    incident_id: str | None
    at: str
    what: str
    by: str


class RecordAnswer(_Answer, frozen=True, kw_only=True):
    """That somebody looked up or erased the data of a number, known here by its keyed hash alone, or saw those of a day."""

    seq: int
    at: str
    by: str
    by_name: str
    action: str
    subject: str
    reason: str
    hash: str


class OwnData(_Answer, frozen=True, kw_only=True):
    """All that is held of a number, as far as the table was looked through: go on with `after` until `next` is null.

    `mentioned_in` are incidents whose texts name it; they are other people's words, and somebody must read them.
    """

    number: str
    calls: list[OwnCall]
    messages: list[OwnMessage]
    pages: list[OwnPage]
    mentioned_in: list[str]
    personnel: list[dict[str, Any]]
    shifts: list[Shift]
    block: OwnBlock | None
    processing: list[Processed]
    records: list[RecordAnswer]
    next: str | None


class ShownCall(_Answer, frozen=True, kw_only=True):
    """A call without an incident, with its number."""

    id: str
    number: str
    kind: CallClass = field(name="class")
    received_at: str
    note: str


class ShownDay(_Answer, frozen=True, kw_only=True):
    """A day's calls without an incident that still have a number."""

    calls: list[ShownCall]


class Records(_Answer, frozen=True, kw_only=True):
    """Who looked up or erased whose data, and whether the chain of these records is whole."""

    records: list[RecordAnswer]
    chain: dict[str, Any]


class ResponseTimes(Report, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Response times of the incidents opened from one local day to another that have ended."""

    from_: str = field(name="from")
    to: str
    by: By


ANSWERS: dict[str, type[Struct]] = {
    "GET /api/health": Health,
    "GET /api/me": Me,
    "GET /api/incidents": Board,
    "GET /api/incidents/{incident_id}": IncidentDetail,
    "GET /api/calls": Calls,
    "GET /api/loose-sms": LooseSms,
    "POST /api/callers": Caller,
    "GET /api/blocked-numbers": Blocks,
    "POST /api/blocked-numbers": BlockAnswer,
    "DELETE /api/blocked-numbers/{block_id}": BlockAnswer,
    "POST /api/calls": Taken,
    "GET /api/dispatch/preview": Preview,
    "POST /api/incidents/{incident_id}/assignments": IncidentDetail,
    "POST /api/incidents/{incident_id}/assignments/{assignment_id}/status": IncidentDetail,
    "POST /api/incidents/{incident_id}/assignments/{assignment_id}/unanswered-calls": IncidentDetail,
    "POST /api/incidents/{incident_id}/calls/{call_id}/split": Taken,
    "POST /api/incidents/{incident_id}/close": IncidentDetail,
    "POST /api/incidents/{incident_id}/cancel": IncidentDetail,
    "POST /api/incidents/{incident_id}/reopen": IncidentDetail,
    "POST /api/incidents/{incident_id}/notes": IncidentDetail,
    "POST /api/incidents/{incident_id}/replies/dismiss": IncidentDetail,
    "POST /api/incidents/{incident_id}/reveal": Revealed,
    "POST /api/incidents/{incident_id}/legal-hold": IncidentDetail,
    "POST /api/incidents/{incident_id}/legal-hold/lift": IncidentDetail,
    "POST /api/privacy/access": OwnData,
    "POST /api/privacy/erasure": Erasure,
    "POST /api/privacy/calls": ShownDay,
    "GET /api/privacy/records": Records,
    "GET /api/drills": Drills,
    "POST /api/drills": DrillDetail,
    "GET /api/drills/on-duty": PresentAnswer,
    "GET /api/drills/{drill_id}": DrillDetail,
    "POST /api/drills/{drill_id}/end": DrillDetail,
    "GET /api/units/status": UnitStatuses,
    "POST /api/units/{unit_id}/status": UnitState,
    "POST /api/r/{code}": Reported,
    "POST /api/import/incidents": Batch,
    "GET /api/reports/response-times": ResponseTimes,
}
