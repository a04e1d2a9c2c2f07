"""An incident's own item, and what stands in it of its crews and pages; plain values without behaviour."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct, field

from .registry import Terrain

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
    """What the response plan answered at a level, with every unit that was looked at and why: dispatch.Attendance as a dict.

    Written once, beside the incident, which is written anew with every step.
    """

    level: int
    answer: dict[str, Any]
