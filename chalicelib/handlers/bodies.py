"""What the routes take: request bodies and queries, checked field by field before anything is looked at."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from ..domain import aside
from ..domain.assignment import ReportStatus
from ..domain.incident import AsideReason, CallClass, Channel
from ..domain.registry import NOUNS, Agency, Id, Name, Person, Terrain
from ..domain.texts import LINE, TEXT
from ..services.pages.answering import LinkStatus
from ..services.pages.delivery import Outcome

Word = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$(?!\n)")]
ReasonId = Annotated[str, Meta(max_length=64, pattern=r"^[a-z0-9_-]*$(?!\n)", description="'' for none")]
# Room is left for what is made of it.
ImportId = Annotated[Id, Meta(max_length=40)]
Line = Annotated[str, Meta(max_length=160, pattern=LINE)]
SomeLine = Annotated[str, Meta(min_length=1, max_length=160, pattern=LINE)]
Text = Annotated[str, Meta(max_length=2000, pattern=TEXT)]
SomeText = Annotated[str, Meta(min_length=1, max_length=2000, pattern=TEXT)]
# Nothing optional refuses an emergency (ADR 24): what a person typed is checked by handlers/hearing.py, not here.
_TAKEN = {"taken_as_typed": True}
AsTyped = Annotated[
    str, Meta(extra=_TAKEN, description="as a person typed it; what cannot be read is kept and marked")
]
AnyNumber = Annotated[
    float, Meta(extra=_TAKEN, description="one that cannot be right is kept as it came and marked")
]
Moment = Annotated[datetime, Meta(tz=True, description="RFC 3339 with a zone")]
Day = Annotated[date, Meta(description="a day in the regency's zone")]
# Read by services/registry/phone_numbers.py, whatever it is.
DialledNumber = Annotated[str, Meta(max_length=200, description="as it was typed, '' if withheld")]
SomeNumber = Annotated[str, Meta(min_length=1, max_length=200, description="as it was typed")]
Lat = Annotated[float, Meta(ge=-90, le=90)]
Lng = Annotated[float, Meta(ge=-180, le=180)]
Priority = Annotated[int, Meta(ge=1, le=5)]


class WrittenAgency(Agency, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An agency as an officer writes it."""

    phone: SomeNumber


class WrittenPerson(Person, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person as an officer writes them."""

    phone: SomeNumber


# The registry's nouns as they come in; a phone number becomes E.164.
WRITTEN: dict[str, type[Struct]] = {**NOUNS, "agencies": WrittenAgency, "personnel": WrittenPerson}


class _Body(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class NoQuery(_Body, frozen=True, kw_only=True):
    """No parameters at all."""


class LocationBody(_Body, frozen=True, kw_only=True):
    """Where it happens; the district is needed, coordinates come in pairs."""

    district: Word
    village: Line = ""
    landmark: Line = ""
    lat: Lat | None = None
    lng: Lng | None = None


class PlaceBody(_Body, frozen=True, kw_only=True):
    """Where it happens, as far as it is known; `point` is a position as it was typed, which gave no coordinates."""

    district: AsTyped = ""
    village: AsTyped = ""
    landmark: AsTyped = ""
    point: AsTyped = ""
    lat: AnyNumber | None = None
    lng: AnyNumber | None = None


class SaidBody(_Body, frozen=True, kw_only=True):
    """What one caller says of what happened and where; nothing of it is needed."""

    type: AsTyped = ""
    location: PlaceBody | None = None
    priority: AnyNumber | None = None
    terrain: AsTyped | None = None
    narrative: AsTyped = ""
    drill: bool = False


class IncidentBody(SaidBody, frozen=True, kw_only=True):
    """A new incident: what happened is needed, all else can be asked later."""

    type: Word


class CallBody(_Body, frozen=True, kw_only=True):
    """A call taken; an emergency brings either `incident` or `incident_id`.

    `said` is what this caller says where it opens nothing: kept with a call that joins an incident or is no emergency.
    """

    channel: AsTyped
    kind: CallClass = field(name="class")
    received_at: Moment
    number: AsTyped = ""
    answered_at: AsTyped | None = None
    note: AsTyped = ""
    incident: IncidentBody | None = None
    incident_id: Word | None = None
    said: SaidBody | None = None
    insist: Annotated[bool, Meta(description="an emergency though its number is blocked")] = False


class SplitBody(_Body, frozen=True, kw_only=True):
    """The incident that a call was really about; without it, what this caller said."""

    incident: IncidentBody | None = None


class AssignBody(_Body, frozen=True, kw_only=True):
    """One unit of the dispatcher's choice, perhaps instead of an assignment; or the plan's next alarm level."""

    unit_id: Word | None = None
    insist: bool = False
    instead_of: Word | None = None
    alarm: Annotated[int, Meta(ge=2, le=9)] | None = None


class AmendBody(_Body, frozen=True, kw_only=True):
    """What is put right of an incident, on the `version` that was read; a field that is left out stays as it is.

    `send` and `recall` name units and assignments. `tell` null: crews hear of another type, place or terrain, or of a
    priority that rises.
    """

    version: Annotated[int, Meta(ge=1, le=1_000_000)]
    type: Word | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    terrain: Terrain | UnsetType = UNSET
    district: Annotated[str, Meta(max_length=64, pattern=r"^[A-Za-z0-9_-]*$(?!\n)")] | UnsetType = UNSET
    village: Line | UnsetType = UNSET
    landmark: Line | UnsetType = UNSET
    lat: Lat | UnsetType | None = UNSET
    lng: Lng | UnsetType | None = UNSET
    narrative: Text | UnsetType = UNSET
    tell: bool | None = None
    send: Annotated[list[Word], Meta(max_length=10)] = field(default_factory=list)
    insist: bool = False
    recall: Annotated[list[Word], Meta(max_length=10)] = field(default_factory=list)


class StatusBody(_Body, frozen=True, kw_only=True):
    """What a crew reported to the desk by radio or phone."""

    status: ReportStatus
    reason: ReasonId = ""
    occurred_at: Moment | None = None


class StepTimes(_Body, frozen=True, kw_only=True):
    """When a crew took its steps, where that was wrong."""

    acknowledged: Moment | None = None
    en_route: Moment | None = None
    on_scene: Moment | None = None
    ready: Moment | None = None
    cleared: Moment | None = None


class CrewCorrectionBody(_Body, frozen=True, kw_only=True):
    """What of a crew was wrong, and why it is put right; `unable` is the right reason of one that could not come."""

    reason: SomeText
    times: StepTimes = StepTimes()
    unable: ReasonId = ""
    insist: Annotated[bool, Meta(description="the steps are in another order now, and that is meant")] = False


class AskBody(_Body, frozen=True, kw_only=True):
    """One time of a crew that was wrong, or the reason why it could not come, and why it should be put right."""

    reason: SomeText
    times: StepTimes = StepTimes()
    unable: ReasonId = ""


class GrantBody(_Body, frozen=True, kw_only=True):
    """A word on why it is put right as somebody asked."""

    reason: SomeText
    insist: Annotated[bool, Meta(description="the steps are in another order now, and that is meant")] = False


class CallCorrectionBody(_Body, frozen=True, kw_only=True):
    """When a call was received and answered, or its class, where that was wrong, and why it is put right."""

    reason: SomeText
    received_at: Moment | None = None
    answered_at: Moment | None = None
    kind: CallClass | None = field(name="class", default=None)
    insist: Annotated[bool, Meta(description="the times are in another order now, and that is meant")] = False


class ClassBody(_Body, frozen=True, kw_only=True):
    """Of which class a call outside incidents really was, the local day on which it was received, and why it is put right."""

    date: Day
    kind: Literal["information", "prank", "ghost", "abandoned", "out_of_area"] = field(name="class")
    reason: SomeText


class DispositionBody(_Body, frozen=True, kw_only=True):
    """How it had really ended, and why that is put right."""

    disposition: Word
    reason: SomeText


class UnansweredCallBody(_Body, frozen=True, kw_only=True):
    """Whose phone rang, '' for the agency's own."""

    person_id: Annotated[str, Meta(max_length=64, pattern=r"^[a-z0-9_-]*$(?!\n)")]


class DismissBody(_Body, frozen=True, kw_only=True):
    """The reply that needs no step."""

    note_id: Word


class CloseBody(_Body, frozen=True, kw_only=True):
    """How it ended."""

    disposition: Word


class ReasonBody(_Body, frozen=True, kw_only=True):
    """Why, in the dispatcher's words."""

    reason: SomeText


class SetAsideBody(_Body, frozen=True, kw_only=True):
    """Why an incident waits, for how long, and for which unit, '' for none in particular."""

    reason: AsideReason
    minutes: Annotated[int, Meta(ge=aside.SHORTEST_MIN, le=aside.LONGEST_MIN)]
    awaits: Annotated[str, Meta(max_length=64, pattern=r"^[a-z0-9_-]*$(?!\n)")] = ""


class ReopenBody(_Body, frozen=True, kw_only=True):
    """Why it goes on, and who is told that it stands again: crews that were called off, or whom the plan asks now."""

    reason: SomeText
    crews: Annotated[list[Word], Meta(max_length=10)] = field(default_factory=list)
    plan: bool = False


class DuplicateBody(_Body, frozen=True, kw_only=True):
    """The incident that goes on, why the two are the same, and which crews of this one come to it."""

    of: Word
    reason: SomeText
    keep: Annotated[list[Word], Meta(max_length=5)] = field(default_factory=list)


class NoteBody(_Body, frozen=True, kw_only=True):
    """A note."""

    text: SomeText


class UnitStatusBody(_Body, frozen=True, kw_only=True):
    """A unit in or out of service."""

    status: Literal["Available", "NotAvailable"]
    reason: ReasonId = ""


class BlockBody(_Body, frozen=True, kw_only=True):
    """A number to block for 24 hours, and why."""

    number: SomeNumber
    reason: SomeLine


class CallerBody(_Body, frozen=True, kw_only=True):
    """The number that is calling."""

    number: SomeNumber


class SubjectBody(_Body, frozen=True, kw_only=True):
    """Whose data, on whose request and by which right, and `next` of the answer before if the table had not ended."""

    number: SomeNumber
    reason: SomeText
    after: Annotated[str, Meta(max_length=400, pattern=r"^[A-Za-z0-9_=-]+$(?!\n)")] | None = None


class CallsBody(_Body, frozen=True, kw_only=True):
    """Which day's callers, and why they must be known."""

    date: Day
    reason: SomeText


class LinkBody(_Body, frozen=True, kw_only=True):
    """A responder's answer."""

    status: LinkStatus
    reason: ReasonId = ""


class PastCallBody(_Body, frozen=True, kw_only=True):
    """A call about a past incident, as recorded."""

    received_at: Moment
    answered_at: Moment | None = None
    number: DialledNumber = ""
    channel: Channel = "phone"
    note: Text = ""


class MilestonesBody(_Body, frozen=True, kw_only=True):
    """When a unit did what; what was not recorded is left out."""

    requested: Moment | None = None
    acknowledged: Moment | None = None
    en_route: Moment | None = None
    on_scene: Moment | None = None
    ready: Moment | None = None
    cleared: Moment | None = None


class PastUnitBody(_Body, frozen=True, kw_only=True):
    """A unit that was sent; what the registry does not know is added as retired, under these names."""

    agency_id: ImportId
    unit_id: ImportId
    agency: Name | None = None
    callsign: Annotated[str, Meta(max_length=24, pattern=LINE)] = ""
    milestones: MilestonesBody = MilestonesBody()


class PastIncidentBody(_Body, frozen=True, kw_only=True):
    """One row of a logbook: an incident that is over; `key` names it within its source."""

    key: Annotated[str, Meta(min_length=1, max_length=200, pattern=LINE)]
    type: Word
    location: LocationBody
    calls: Annotated[list[PastCallBody], Meta(min_length=1, description="20 at most")]
    units: Annotated[list[PastUnitBody], Meta(description="150 at most")] = field(default_factory=list)
    priority: Priority | None = None
    terrain: Terrain | None = None
    narrative: Text = ""
    opened_at: Moment | None = None
    closed_at: Moment | None = None
    disposition: Word | None = None


class ImportBody(_Body, frozen=True, kw_only=True):
    """A batch of a source's rows; the same source and key is the same incident for ever."""

    source: ImportId
    rows: Annotated[list[PastIncidentBody], Meta(min_length=1, description="50 at most")]


class InboundBody(_Body, frozen=True, kw_only=True):
    """An SMS that reached us; `from` is E.164, or whatever name the sender bears; `at` is when it was received.

    None of them is too long: whatever an SMS says is kept.
    """

    id: Annotated[str, Meta(min_length=1)]
    from_: str = field(name="from")
    text: str
    at: Moment | None = None


class InboundQuery(_Body, frozen=True, kw_only=True):
    """Whose form the message has."""

    provider: Literal["generic", "gammu"] = "generic"


class DeliveryBody(_Body, frozen=True, kw_only=True):
    """What became of an SMS of ours: `reference` is the page's id that it was sent with, `message_id` the provider's own.

    `to` is the phone it went to, which tells apart what two modems count alike.
    """

    outcome: Outcome
    reference: Word | None = None
    message_id: Annotated[str, Meta(min_length=1, max_length=200)] | None = None
    to: Annotated[str, Meta(min_length=1, max_length=40)] | None = None
    at: Moment | None = None
    detail: Annotated[str, Meta(max_length=200)] = ""


Onward = Annotated[
    str, Meta(max_length=600, pattern=r"^[A-Za-z0-9_=.-]+$(?!\n)", description="`next` of the answer before")
]


class PastQuery(_Body, frozen=True, kw_only=True):
    """Incidents opened from one local day to another, both included; `text` are words of the place, or the code.

    No number may stand here: see `PastNumberBody`.
    """

    from_: Day = field(name="from")
    to: Day
    text: Annotated[str, Meta(max_length=80, pattern=LINE)] = ""
    type: ReasonId = ""
    agency: ReasonId = ""
    after: Onward | None = None


class PastCallsQuery(_Body, frozen=True, kw_only=True):
    """Calls without an incident from one local day to another; of `ring_back` silent and dropped ones alone."""

    from_: Day = field(name="from")
    to: Day
    which: Literal["all", "ring_back"] = "all"
    after: Onward | None = None


class PastNumberBody(_Body, frozen=True, kw_only=True):
    """Whose calls from one local day to another, and why they must be known."""

    number: SomeNumber
    reason: SomeText
    from_: Day = field(name="from")
    to: Day
    after: Onward | None = None


class RingBackBody(_Body, frozen=True, kw_only=True):
    """In which local day's list the call stands, what came of ringing back, and the incident that it became."""

    day: Day
    result: Literal["reached", "not_reached", "incident"]
    incident_id: Word | None = None


class BoardQuery(_Body, frozen=True, kw_only=True):
    """Open incidents, or those opened on a local day."""

    state: Literal["open"] | None = None
    date: Day | None = None


class HandoverBody(_Body, frozen=True, kw_only=True):
    """To whom a call goes, and the desk's form as it is, as JSON that its page alone reads."""

    to: Word
    draft: AsTyped


class HandoversQuery(_Body, frozen=True, kw_only=True):
    """Those handed `to` an account, '' for those that wait for you."""

    to: Annotated[str, Meta(max_length=64, pattern=r"^[A-Za-z0-9_-]*$(?!\n)")] = ""


class DayQuery(_Body, frozen=True, kw_only=True):
    """A local day."""

    date: Day


class DrillBody(_Body, frozen=True, kw_only=True):
    """A paging drill over everybody on duty in one agency."""

    agency_id: Word
    minutes: Annotated[int, Meta(ge=1, le=60, description="how long answers count")] = 15


class DrillsQuery(_Body, frozen=True, kw_only=True):
    """Paging drills, newest first; `before` is the id of the last one known."""

    agency_id: Word | None = None
    before: Annotated[str, Meta(pattern=r"^[0-9A-HJKMNP-TV-Z]{26}$(?!\n)")] | None = None


class AgencyQuery(_Body, frozen=True, kw_only=True):
    """An agency."""

    agency_id: Word


class EndBody(_Body, frozen=True, kw_only=True):
    """Nothing more to say."""


class PreviewQuery(_Body, frozen=True, kw_only=True):
    """An incident that might be opened; without a district that is known, its place is unknown."""

    type: Word
    district: AsTyped = ""
    terrain: Terrain | None = None
    lat: Lat | None = None
    lng: Lng | None = None


class CandidatesQuery(_Body, frozen=True, kw_only=True):
    """What a unit is wanted for: a need of the plan, or the place of an assignment; without either, for whatever is missing."""

    need: Word | None = None
    instead_of: Word | None = None


class ReportQuery(_Body, frozen=True, kw_only=True):
    """Incidents opened from one local day to another, both included."""

    from_: Day = field(name="from")
    to: Day
    by: Literal["agency", "type", "district"]
