"""What an incident consists of: calls, assignments, pages; plain values without behaviour."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct, field

from .registry import Language, Terrain

CallClass = Literal["emergency", "information", "prank", "ghost", "abandoned", "out_of_area"]
Channel = Literal["phone", "app", "radio", "walk_in", "province", "sms", "other"]
IncidentStatus = Literal["open", "closed", "cancelled"]
AssignmentStatus = Literal[
    "requested",
    "acknowledged",
    "en_route",
    "on_scene",
    "ready",
    "cleared",
    "unable",
    "cancelled",
    "unanswered",
]
PageStatus = Literal["pending", "sending", "sent", "delivered", "failed", "expired"]
AttentionCode = Literal[
    "shortfall",
    "page_failed",
    "page_expired",
    "no_acknowledgement",
    "no_movement",
    "audit",
    "reply",
    "reply_unread",
]
PageKind = Literal["page", "cancelled"]
Reach = Literal["", "nobody", "ordered", "sent", "lost"]
AsideReason = Literal["no_unit", "help", "conditions", "can_wait"]
Source = Literal["web", "sms", "link", "radio_entry", "timer", "webhook", "import"]


class Location(Struct, frozen=True, kw_only=True):
    """Where it happens; `landmark` and the coordinates are personal data. The district is '' while nobody knows it."""

    district: str
    village: str = ""
    landmark: str = ""
    lat: float | None = None
    lng: float | None = None


class Was(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an amendment took the place of; None where a field stayed. Personal data, erased with its note."""

    type: str | None = None
    priority: int | None = None
    terrain: str | None = None
    district: str | None = None
    village: str | None = None
    landmark: str | None = None
    lat: float | None = None
    lng: float | None = None
    narrative: str | None = None


class Told(Struct, frozen=True, kw_only=True):
    """What the words of a page were made of: the incident as it stood at `seq`."""

    seq: int
    type: str
    priority: int
    terrain: Terrain
    location: Location


class Tells(Struct, frozen=True, kw_only=True):
    """The last amendment that crews are told of: its event, and when."""

    seq: int
    at: str


class Statement(Struct, frozen=True, kw_only=True):
    """What one caller said, where the incident does not go by it: all of a call that joined, and texts that were read otherwise.

    `typed` holds those texts by field: `number`, `district`, `point`, `priority`, … It is erased with the call.
    """

    type: str = ""
    location: Location | None = None
    narrative: str = ""
    priority: int | None = None
    terrain: Terrain | None = None
    drill: bool = False
    typed: dict[str, str] = field(default_factory=dict)


class Reclassed(Struct, frozen=True, kw_only=True):
    """Of which class a call outside incidents was said to be, until somebody put it right, and why."""

    kind: CallClass
    until: str
    by: str
    why: str


class Call(Struct, frozen=True, kw_only=True):
    """One call taken; `salt` seals the number and what was said in the events' digests and is erased with them.

    `doubts` are codes of what must be asked again, such as `number_unread` and `place_far` (handlers/hearing.py). `blocked` says that its number was blocked, and that whoever took an emergency from it insisted;
    `claimed_at` is what the caller of the interface gave for `received_at` where that could not be right; `more` counts the
    SMS of its sender in that hour of which it is the last. `reclassed` has the classes that one outside incidents was said
    to be of before; of those within, the trail tells.
    """

    id: str
    number: str
    channel: Channel
    kind: CallClass
    received_at: str
    answered_at: str | None
    taken_by: str
    incident_id: str | None = None
    note: str = ""
    salt: str = ""
    blocked: bool = False
    claimed_at: str = ""
    said: Statement | None = None
    doubts: tuple[str, ...] = ()
    more: int = 0
    reclassed: tuple[Reclassed, ...] = ()


class Crew(Struct, frozen=True, kw_only=True):
    """An assignment in brief, kept with the incident so that the board is one query.

    `reach` is how far its call-outs got, as domain/coming.py has it; '' for a crew of an earlier version.
    """

    id: str
    agency_id: str
    unit_id: str
    callsign: str
    status: AssignmentStatus
    at: str
    reason: str = ""
    reach: Reach = ""


class Attention(Struct, frozen=True, kw_only=True):
    """Something that the desk must look at, until the incident ends.

    A `reply` names its note, what it may mean, and in `said_at` when the SMS was received; `counted` stands for more SMS of
    one sender than are kept, of which its note names what stands in the day's calls. A `strange` one is not the crew's own.
    """

    code: AttentionCode
    detail: str
    at: str
    note: str = ""
    proposal: str = ""
    reason: str = ""
    said_at: str = ""
    counted: bool = False
    strange: bool = False


class Rung(Struct, frozen=True, kw_only=True):
    """How often an account rang a person of a crew, '' for its agency, and nobody picked up."""

    person: str
    by: str
    times: int
    last_at: str


class LateAnswer(Struct, frozen=True, kw_only=True):
    """Somebody reports for a crew although another goes, or the crew is not expected any more: the desk must know."""

    assignment_id: str
    person_id: str
    said: str
    at: str


class PageOrder(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A page that is decided and not yet written; a `bulk` one yields to every other, `also` have the same phone.

    `again`: its crew was called off, or asked to another incident, and is told that this one counts.
    `amends` is what that phone was told before: the page says what has changed.
    `because` and `backup` are as the page will have them.
    """

    assignment_id: str
    person_id: str
    kind: PageKind = "page"
    after: str = ""
    bulk: bool = False
    also: tuple[str, ...] = ()
    again: bool = False
    amends: Told | None = None
    because: str = ""
    backup: bool = False


class Owed(Struct, frozen=True, kw_only=True):
    """Units of a need that are being ordered: asked for by the plan, not yet in any transaction."""

    need_id: str
    level: int
    units: int


class Tally(Struct, frozen=True, kw_only=True):
    """What a paging drill came to: of `people`, to how many a page left, who answered in time and who too late.

    People who share a phone count as one.
    `share` is of answers in time, 0 to 1; the seconds run from a page's sending to its answer in time, by nearest rank.
    """

    people: int
    sent: int
    answered: int
    late: int
    share: float
    median_s: float | None
    p90_s: float | None


class PagingDrill(Struct, frozen=True, kw_only=True):
    """What makes an incident a paging drill; `out` were on duty and out with a unit, and are left in peace."""

    agency_id: str
    minutes: int
    ends_at: str
    by: str
    out: tuple[str, ...] = ()
    tally: Tally | None = None


class Imported(Struct, frozen=True, kw_only=True):
    """Which row of which logbook an incident comes from, and the salted digest of that row."""

    source: str
    key: str
    digest: str


class Importing(Struct, frozen=True, kw_only=True):
    """That a row too large for one transaction is being brought in, and who is at it: `command` is its writer's alone.

    It goes with the transaction that writes the incident's own item, until when nobody sees any of it.
    """

    source: str
    command: str
    at: str


class SetAside(Struct, frozen=True, kw_only=True):
    """That somebody let an incident to which nobody can come wait `until` then; `awaits` the unit that it waits for, or ''."""

    reason: AsideReason
    by: str
    at: str
    until: str
    awaits: str = ""


class LegalHold(Struct, frozen=True, kw_only=True):
    """Who ordered that nothing of an incident may be erased; `note` names the note that says why."""

    by: str
    at: str
    note: str


class Incident(Struct, frozen=True, kw_only=True):
    """The incident itself; `seq` and `head` end its chain of events.

    What one transaction could not take: `unpaged` holds pages still to be written, `owed` units still to be sent, and
    `unfinished_since` is when the oldest of it was decided.

    `plan` says which response plan and escalation policy answer it; what the plan answered stands beside it.

    `erased` names the kinds of personal data that retention has erased, as domain/retention.py has them. `doubts` are
    those of the call that opened it about what it goes by, as handlers/hearing.py has them. `corrected` names what of
    `received_at`, `answered_at` and `disposition` was put right; `duplicate_of` is the incident that goes on in its place,
    `duplicates` those in whose place it goes on.

    `amended` counts how often it was amended, `tells` is the last of it that crews are told.
    `late` are answers that the desk must know of, until somebody deals with their crew.
    """

    id: str
    type: str
    category: str
    priority: int
    terrain: Terrain
    location: Location
    narrative: str
    status: IncidentStatus
    drill: bool
    received_at: str
    answered_at: str | None
    opened_at: str
    reopened_at: str = ""
    closed_at: str | None = None
    disposition: str | None = None
    level: int = 1
    calls: int = 1
    note_count: int = 0
    crews: tuple[Crew, ...] = ()
    attention: tuple[Attention, ...] = ()
    plan: dict[str, Any] = field(default_factory=dict)
    unpaged: tuple[PageOrder, ...] = ()
    owed: tuple[Owed, ...] = ()
    unfinished_since: str = ""
    paging_drill: PagingDrill | None = None
    salt: str = ""
    seq: int = 0
    head: str = ""
    imported: Imported | None = None
    hold: LegalHold | None = None
    erased: tuple[str, ...] = ()
    reopened: int = 0
    doubts: tuple[str, ...] = ()
    aside: SetAside | None = None
    corrected: tuple[str, ...] = ()
    duplicate_of: str = ""
    duplicates: tuple[str, ...] = ()
    amended: int = 0
    tells: Tells | None = None
    late: tuple[LateAnswer, ...] = ()


class PlanAnswer(Struct, frozen=True, kw_only=True):
    """What the response plan answered at a level, with every unit that was looked at and why: dispatch.Answer as a dict.

    Written once, beside the incident, which is written anew with every step.
    """

    level: int
    answer: dict[str, Any]


class Assignment(Struct, frozen=True, kw_only=True):
    """One unit asked to one incident, with the instants of its milestones.

    `due_at` is when the next stage of its escalation is due, None when nobody more is to be found; `step` counts the
    stages done, `paged` whom they paged besides the crew, `asked` whom the last of them paged, `acknowledgements` how many
    are needed. `paused_at` is when an unclear reply held up its escalation, which happens once. `repeats`
    counts what the desk reported and what moved nothing, `rung` the calls that nobody picked up. `claimed` are the steps
    whose time a person told, `corrected` those whose time was put right, and `reason`.

    `silent_at` is when somebody must look whether the crew is silent, None when nobody more is asked for that. `because` is
    `silence` where the unit was asked `beside` an assignment whose crew was silent.

    `late` are those of `acknowledged_by` whose answer came when another went already; at `recall_at` whoever else was asked
    is told that they are not needed (domain/standing_down.py). `officers` are
    those of `paged` who are asked once an incident.
    """

    id: str
    incident_id: str
    agency_id: str
    unit_id: str
    callsign: str
    need_id: str
    level: int
    status: AssignmentStatus
    people: tuple[str, ...] = ()
    reason: str = ""
    picked_for: tuple[str, ...] = ()
    milestones: dict[str, str] = field(default_factory=dict)
    late_entry: tuple[str, ...] = ()
    acknowledged_by: tuple[str, ...] = ()
    acknowledgements: int = 1
    step: int = 0
    paged: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    due_at: str | None = None
    paused_at: str | None = None
    repeats: int = 0
    rung: tuple[Rung, ...] = ()
    claimed: tuple[str, ...] = ()
    corrected: tuple[str, ...] = ()
    silent_at: str | None = None
    because: str = ""
    beside: str = ""
    late: tuple[str, ...] = ()
    recall_at: str | None = None
    officers: tuple[str, ...] = ()

    @property
    def look_at(self) -> str | None:
        """When somebody must look at it: its next stage, whether its crew is silent, who is not needed; None when nothing is to come."""
        return min(filter(None, (self.due_at, self.silent_at, self.recall_at)), default=None)


Handed = Literal["sent", "retry", "failed"]


class Attempt(Struct, frozen=True, kw_only=True):
    """One try to hand a page to the provider; `may_be_taken`: nobody knows whether it took the message.

    `sent` says that the provider took it over, not that it arrived. `barred`: it takes no message of ours, to whomever.
    """

    at: str
    provider: str
    outcome: Handed
    detail: str = ""
    message_id: str = ""
    maybe_repeat: bool = False
    may_be_taken: bool = False
    barred: bool = False


class Page(Struct, frozen=True, kw_only=True):
    """One message to one person; `due_at` is when somebody must look at it again, None when nothing is left to do.

    `delivered_at` is when it reached the phone, `undelivered` what a delivery report said of a message that the provider's
    answer was not yet written down of.

    A `bulk` one waits for its turn within the provider's rate, so that the first pages of other incidents overtake it.
    `also` are the others of its crew whose phone it is too: `name` has them all, and its answer is the phone's, not one's own.
    `again` is as in its order. `opened_at` is when its link was last opened, as far as that matters.

    `told` is what its words are made of, since it was taken for sending, `amends` what that phone was told before, where it
    says what has changed. Both are personal data; a release that does not know them sends an ordinary page.

    `backup` is a call-out to somebody who is asked because the crew has not answered. A cancellation with a `because` tells
    that somebody is not needed any more: its crew is `answered` for, said `unable`, or the incident has `ended`; without one
    the desk has called the crew off. A kind of its own would be read by no older release (ADR 21).
    """

    id: str
    incident_id: str
    assignment_id: str
    kind: PageKind
    person_id: str
    agency_id: str
    name: str
    number: str
    language: Language
    demo: bool
    status: PageStatus
    requested_at: str
    expires_at: str
    due_at: str | None
    link: str = ""
    reply: str = ""
    after: str = ""
    claimed_at: str | None = None
    claim_id: str = ""
    sent_at: str | None = None
    delivered_at: str | None = None
    undelivered: Attempt | None = None
    acknowledged_at: str | None = None
    attempts: tuple[Attempt, ...] = ()
    body: str = ""
    salt: str = ""
    reports: int = 0
    bulk: bool = False
    also: tuple[str, ...] = ()
    again: bool = False
    opened_at: str | None = None
    told: Told | None = None
    amends: Told | None = None
    because: str = ""
    backup: bool = False

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody whom it is for: more than one where they share a phone."""
        return (self.person_id, *self.also)


class Wording(Struct, frozen=True, kw_only=True):
    """What a note said until somebody put it right."""

    text: str
    until: str
    by: str


class Ask(Struct, frozen=True, kw_only=True):
    """That a step's time, or with `what` = `reason` why a crew could not come, be put right, and what came of it."""

    what: str
    was: str
    now: str
    status: Literal["waiting", "granted", "declined"] = "waiting"


class Note(Struct, frozen=True, kw_only=True):
    """Free text that somebody added, or an SMS from `number` about an assignment; the event holds its digest.

    `earlier` is what it said before, oldest first; a note that `asks` says why something should be put right.
    Of an amendment it holds what `was`, and which fields were `amended`.
    """

    id: str
    text: str
    at: str
    by: str
    salt: str
    number: str = ""
    assignment_id: str = ""
    earlier: tuple[Wording, ...] = ()
    asks: Ask | None = None
    was: Was | None = None
    amended: tuple[str, ...] = ()
