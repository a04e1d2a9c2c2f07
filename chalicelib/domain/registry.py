"""The registry's nouns: what officers keep up to date. These types check the HTTP bodies and make forms and OpenAPI."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from .texts import LINE, TEXT

Id = Annotated[
    str, Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$(?!\n)", description="lower-case letters, digits, - and _")
]
Name = Annotated[str, Meta(min_length=1, max_length=120, pattern=LINE)]
Phone = Annotated[
    str,
    Meta(
        pattern=r"^\+[1-9][0-9]{6,14}$(?!\n)",
        description="E.164, such as +6281234567890",
        extra={"kind": "phone"},
    ),
]
ServiceNumber = Annotated[
    str, Meta(pattern=r"^([0-9]{5,20})?$(?!\n)", description="NIP or NRP by its digits, '' if none is known")
]
Spoken = Annotated[
    str,
    Meta(min_length=2, max_length=60, pattern=LINE, description="a word or phrase that callers use"),
]
Latitude = Annotated[float, Meta(ge=-90, le=90)]
Longitude = Annotated[float, Meta(ge=-180, le=180)]
_DAY = r"20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?"
LocalDate = Annotated[
    str, Meta(pattern=rf"^{_DAY}$(?!\n)", description="a day in the regency's zone", extra={"kind": "day"})
]
Instant = Annotated[str, Meta(pattern=rf"^{_DAY}T{_TIME}Z$(?!\n)", description="UTC")]

# The zones of Indonesia in IANA's database with their hours from UTC, in no season other ones.
ZONE_HOURS = {"Asia/Jakarta": 7, "Asia/Pontianak": 7, "Asia/Makassar": 8, "Asia/Jayapura": 9}
Zone = Literal["Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura"]
Country = Annotated[str, Meta(pattern=r"^[A-Z]{2}$(?!\n)", description="ISO 3166-1, such as ID")]
Terrain = Literal["land", "water"]
Language = Literal["id", "en"]
Role = Literal["operator", "supervisor", "agency_admin", "leader", "auditor", "admin"]
# Who takes calls and sends help.
DESK: frozenset[Role] = frozenset({"operator", "supervisor", "admin"})
# The seven categories of the national 112 service.
Category = Literal["fire", "riot", "accident", "disaster", "health", "security", "other"]


class Label(Struct, frozen=True, forbid_unknown_fields=True):
    """A name shown to users in both languages."""

    id: Annotated[Name, Meta(title="Indonesian")]
    en: Annotated[Name, Meta(title="English")]


class Regency(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The one regency (kabupaten) that this deployment serves.

    `area_code` is what a number without one means, `countries` (ISO 3166-1) are those to whose numbers SMS are sent.
    """

    id: Id
    name: Annotated[Name, Meta(title="Name")]
    zone: Annotated[Zone, Meta(title="Time zone")]
    area_code: Annotated[
        str,
        Meta(
            pattern=r"^(0[1-9][0-9]{1,2})?$(?!\n)",
            title="Area code",
            description="A phone number written without one is of this area, such as 0531.",
        ),
    ]
    countries: Annotated[
        list[Country],
        Meta(
            min_length=1,
            title="Countries that SMS are sent to",
            description="The two letters of each, one a line, such as ID.",
        ),
    ]


# What a database of a release before knows of its regency. No area code is guessed.
UNSAID = Regency(id="regency", name="Kabupaten", zone="Asia/Jakarta", area_code="", countries=["ID"])


class District(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sub-district (kecamatan), with the centroid used when a call gives no coordinates.

    `aliases` are other names that people use for it, `villages` those of its desa and kelurahan; the desk finds it by all of them.
    """

    id: Id
    code: Annotated[
        str,
        Meta(
            max_length=20,
            pattern=LINE,
            title="Code",
            description="Of the interior ministry, such as 62.02.05.",
        ),
    ]
    name: Annotated[Name, Meta(title="Name")]
    capital: Annotated[str, Meta(max_length=120, pattern=LINE, title="Seat")] = ""
    lat: Annotated[
        Latitude, Meta(title="Centre", description="Latitude and longitude; used when a call gives no point.")
    ]
    lng: Annotated[Longitude, Meta(title="Longitude")]
    area_km2: Annotated[float, Meta(ge=0, le=1_000_000, title="Area in km²")] = 0.0
    aliases: Annotated[
        list[Spoken],
        Meta(
            max_length=20,
            title="Other names",
            description="One a line, as people say them; the desk finds the district by them.",
        ),
    ] = field(default_factory=list)
    villages: Annotated[list[Spoken], Meta(max_length=200, title="Villages", description="One a line.")] = (
        field(default_factory=list)
    )


class Agency(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An agency (SOPD or vertical body) that answers calls; `phone` is rung when nobody acknowledges."""

    id: Id
    name: Annotated[Name, Meta(title="Name")]
    short_name: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=24,
            pattern=LINE,
            title="Short name",
            description="Used on the board and in SMS.",
        ),
    ]
    phone: Annotated[Phone, Meta(title="Phone", description="Rung when nobody acknowledges.")]
    head_id: Annotated[
        Id | None, Meta(title="Head", description="Paged when an escalation reaches the head of the agency.")
    ] = None
    demo: Annotated[bool, Meta(title="Only an example", description="A real provider sends it nothing.")] = (
        False
    )
    retired: Annotated[
        bool,
        Meta(
            title="Retired",
            description="It is sent no more, with all that it has; old incidents still name it.",
        ),
    ] = False


class Station(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place where units of an agency stand."""

    id: Id
    agency_id: Annotated[Id, Meta(title="Agency")]
    name: Annotated[Name, Meta(title="Name")]
    district_id: Annotated[Id, Meta(title="District")]
    lat: Annotated[
        Latitude, Meta(title="Position", description="Latitude and longitude, or a link of a map.")
    ]
    lng: Annotated[Longitude, Meta(title="Longitude")]


class Unit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A vehicle, boat or team that can be sent."""

    id: Id
    agency_id: Annotated[Id, Meta(title="Agency")]
    station_id: Annotated[Id, Meta(title="Station")]
    callsign: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=24,
            pattern=LINE,
            title="Callsign",
            description="Used by radio, on the board and in SMS.",
        ),
    ]
    name: Annotated[
        Name,
        Meta(title="Name", description="The vehicle or the crew, for people who do not know the callsign."),
    ]
    terrains: Annotated[list[Terrain], Meta(min_length=1, title="Terrain")]
    capabilities: Annotated[list[Id], Meta(title="Capabilities")] = field(default_factory=list)
    min_crew: Annotated[
        int, Meta(ge=1, le=50, title="Smallest crew", description="With fewer the unit is not sent.")
    ] = 1
    demo: Annotated[bool, Meta(title="Only an example", description="A real provider sends it nothing.")] = (
        False
    )
    retired: Annotated[
        bool, Meta(title="Retired", description="It is sent no more; old incidents still name it.")
    ] = False


class HeldCertification(Struct, frozen=True, forbid_unknown_fields=True):
    """A certification that a person holds, to its last valid day."""

    certification_id: Annotated[Id, Meta(title="Certificate")]
    expires_on: Annotated[LocalDate, Meta(title="Valid until")]


class Person(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of an agency's personnel; a real provider refuses to send to a `demo` number."""

    id: Id
    agency_id: Annotated[Id, Meta(title="Agency")]
    name: Annotated[Name, Meta(title="Name")]
    phone: Annotated[
        Phone,
        Meta(
            title="Mobile number", description="Pages go to it. Type it as you like, such as 0812 3456 7890."
        ),
    ]
    language: Annotated[Language, Meta(title="Language of SMS")] = "id"
    certifications: Annotated[list[HeldCertification], Meta(title="Certificates")] = field(
        default_factory=list
    )
    nip: Annotated[
        ServiceNumber,
        Meta(title="NIP or NRP", description="Its digits alone; it tells people of one name apart."),
    ] = ""
    demo: Annotated[bool, Meta(title="Only an example", description="A real provider sends it nothing.")] = (
        False
    )
    retired: Annotated[
        bool, Meta(title="Retired", description="Is paged no more; old incidents still name this person.")
    ] = False


class Certification(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A kind of certification, such as water rescue."""

    id: Id
    label: Annotated[Label, Meta(title="Name")]


class Capability(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a unit can do, such as fire suppression; needs ask for it."""

    id: Id
    label: Annotated[Label, Meta(title="Name")]


class IncidentType(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What happened, below one of the seven national categories.

    By `words` callers name it, in any language. `like` are types by which others may report the same event; it holds both ways.
    A `catch_all` is offered when no other fits, and may be the same as anything. `tell_caller`: the desk may send whoever called
    an SMS that help is being sent; not where a message on that phone may endanger somebody.
    """

    id: Id
    category: Annotated[Category, Meta(title="Category")]
    label: Annotated[Label, Meta(title="Name")]
    priority: Annotated[
        int, Meta(ge=1, le=5, title="Priority", description="1 is the most urgent, 5 the least.")
    ] = 2
    terrain: Annotated[Terrain, Meta(title="Terrain")] = "land"
    eido_code: Annotated[str, Meta(max_length=16, pattern=LINE, title="EIDO code")] = ""
    words: Annotated[
        list[Spoken],
        Meta(
            max_length=150,
            title="Callers' words",
            description="One a line, in any language; the desk finds the type by them.",
        ),
    ] = field(default_factory=list)
    like: Annotated[
        list[Id],
        Meta(
            max_length=50,
            title="May be the same as",
            description="Types by which others may report the same event.",
        ),
    ] = field(default_factory=list)
    catch_all: Annotated[bool, Meta(title="Offered when no other fits")] = False
    tell_caller: Annotated[
        bool,
        Meta(
            title="Callers may be told by SMS",
            description="The desk may then send word that help is being sent; not where a message on that phone may endanger somebody.",
        ),
    ] = False


class NeededCertification(Struct, frozen=True, forbid_unknown_fields=True):
    """A certification the crew must hold among them; `expired` says whether a lapsed one warns or blocks."""

    certification_id: Annotated[Id, Meta(title="Certificate")]
    expired: Annotated[Literal["warn", "block"], Meta(title="If it has lapsed")] = "warn"


class Need(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of a run card: `units` units, from the first agency of the list that has a fit one.

    `terrain` is where those units work if not where the incident is: an ambulance waits ashore for a boat accident.
    """

    id: Id
    agencies: Annotated[
        list[Id],
        Meta(
            min_length=1,
            title="Agencies, in this order",
            description="The first of them that has a fit unit sends it.",
            extra={"kind": "ordered"},
        ),
    ]
    capability: Annotated[Id | None, Meta(title="Capability")] = None
    terrain: Annotated[
        Terrain | None,
        Meta(
            title="Terrain",
            description="Only if it is another one than the incident's: an ambulance waits ashore.",
        ),
    ] = None
    units: Annotated[int, Meta(ge=1, le=20, title="Units")] = 1
    people: Annotated[int, Meta(ge=1, le=50, title="People")] = 1
    certifications: Annotated[list[NeededCertification], Meta(title="Certificates among the crew")] = field(
        default_factory=list
    )


class Level(Struct, frozen=True, forbid_unknown_fields=True):
    """What one alarm level adds to the levels before it."""

    needs: Annotated[list[Need], Meta(min_length=1, title="Needs")]


class ResponsePlan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A run card; the most specific one that matches type or category, terrain and district is used."""

    id: Id
    label: Annotated[Label, Meta(title="Name")]
    type_id: Annotated[Id | None, Meta(title="Incident type", description="Either a type or a category.")] = (
        None
    )
    category: Annotated[Category | None, Meta(title="Category")] = None
    terrain: Annotated[Terrain | None, Meta(title="Terrain", description="None: both.")] = None
    districts: Annotated[list[Id], Meta(title="Districts", description="None: everywhere.")] = field(
        default_factory=list
    )
    levels: Annotated[
        list[Level], Meta(min_length=1, title="Alarm levels", description="Each adds to those before it.")
    ]
    policy_id: Annotated[Id, Meta(title="Escalation policy")]


class EscalationStep(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom to page when nobody has acknowledged `after_s` seconds after the step before."""

    after_s: Annotated[int, Meta(ge=10, le=86400, title="Seconds after the step before")]
    to: Annotated[Literal["on_duty", "backup", "head", "supervisor"], Meta(title="Who is paged")]


class SilentCrew(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long after a crew's first SMS left its silence has the next fit unit asked beside it, at one priority."""

    priority: Annotated[int, Meta(ge=1, le=5, title="Priority")]
    after_s: Annotated[int, Meta(ge=10, le=86400, title="Seconds of silence")]


def _silence() -> list[SilentCrew]:
    """What a policy that says nothing of silence means, as all did before it could be said."""
    return [SilentCrew(priority=1, after_s=60), SilentCrew(priority=2, after_s=180)]


class EscalationPolicy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long to wait for an acknowledgement, and for how many; `silence` names the priorities at which one unit a need is
    asked beside a silent crew, none: never; `stand_down`: whoever is not needed any more is told.
    """

    id: Id
    label: Annotated[Label, Meta(title="Name")]
    acknowledgements: Annotated[
        int, Meta(ge=1, le=50, title="Answers needed", description="So many people of a crew must answer.")
    ] = 1
    page_expires_s: Annotated[
        int,
        Meta(
            ge=60,
            le=86400,
            title="Seconds until a page expires",
            description="One that could not be sent until then is not sent any more.",
        ),
    ] = 1800
    repeat: Annotated[int, Meta(ge=0, le=10, title="How often all steps are repeated")] = 0
    steps: Annotated[list[EscalationStep], Meta(title="Steps")] = field(default_factory=list)
    silence: Annotated[
        list[SilentCrew],
        Meta(
            max_length=5,
            title="When a crew is silent",
            description="The next fit unit is asked beside it, at these priorities; none: never.",
        ),
    ] = field(default_factory=_silence)
    stand_down: Annotated[bool, Meta(title="Tell those who are not needed any more")] = True


ReplyWord = Annotated[
    str,
    Meta(pattern=r"^[a-z]{2,20}$(?!\n)", description="a word by which crews name it in an SMS, such as bbm"),
]


class Reason(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a unit could not come; `unit_status` is the secondary status the unit takes, none if it stays available.

    Offered to units of these `terrains` and `agencies`, to all where there is none; who gives another is heard all the same.
    """

    id: Id
    label: Annotated[Label, Meta(title="Name")]
    terrains: Annotated[
        list[Terrain], Meta(title="For units of this terrain", description="None: for all.")
    ] = field(default_factory=list)
    agencies: Annotated[list[Id], Meta(title="For these agencies", description="None: for all.")] = field(
        default_factory=list
    )
    unit_status: Annotated[
        str,
        Meta(
            max_length=40,
            pattern=LINE,
            title="Status that the unit takes",
            description="Empty: it stays available.",
        ),
    ] = ""
    words: Annotated[
        list[ReplyWord],
        Meta(
            max_length=40,
            title="Words in an SMS",
            description="One a line, by which crews name it, such as bbm.",
        ),
    ] = field(default_factory=list)

    def concerns(self, unit: Unit | None) -> bool:
        """Whether it may keep this unit from coming; one that is not known may have any."""
        if unit is None:
            return True
        on = not self.terrains or any(each in self.terrains for each in unit.terrains)
        return on and (not self.agencies or unit.agency_id in self.agencies)


class Disposition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How an incident ended (APCO ANS 1.111.2-2018); offered first for incidents of these `categories`, for all where there is none."""

    id: Id
    code: Annotated[str, Meta(max_length=8, pattern=LINE, title="Code")] = ""
    label: Annotated[Label, Meta(title="Name")]
    categories: Annotated[list[Category], Meta(title="Offered first for", description="None: for all.")] = (
        field(default_factory=list)
    )


class SmsTemplate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The text of a message in one language, with {placeholders}; it is folded to one GSM-7 segment."""

    id: Id
    kind: Annotated[Literal["page", "cancelled"], Meta(title="Kind")]
    language: Annotated[Language, Meta(title="Language")]
    body: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=320,
            pattern=TEXT,
            title="Text",
            description="What stands in braces is filled in, such as the link.",
            extra={"kind": "long"},
        ),
    ]


# A kind more than `sms-templates` have could be read by no older release, one more here by each (ADR 47).
TEXT_KINDS = ("amended", "not_needed_answered", "not_needed_unable", "not_needed_ended", "caller")
TextKind = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=40,
        pattern=LINE,
        title="Kind",
        extra={"choices": TEXT_KINDS},
        extra_json_schema={"enum": list(TEXT_KINDS)},
    ),
]


class SmsText(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The text of an SMS other than a call-out and its cancellation, in one language, with {placeholders}; without one the
    program's own is sent.
    """

    id: Id
    kind: TextKind
    language: Annotated[Language, Meta(title="Language")]
    body: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=320,
            pattern=TEXT,
            title="Text",
            description="What stands in braces is filled in, such as the link.",
            extra={"kind": "long"},
        ),
    ]


class Target(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A response-time target with its legal source."""

    id: Id
    label: Annotated[Label, Meta(title="Name")]
    agency_id: Annotated[Id | None, Meta(title="Agency", description="None: all.")] = None
    type_id: Annotated[Id | None, Meta(title="Incident type", description="None: all.")] = None
    category: Annotated[Category | None, Meta(title="Category", description="None: all.")] = None
    clock: Annotated[
        Literal["answering", "processing", "handling", "turnout", "travel", "response"],
        Meta(title="Which time"),
    ] = "response"
    seconds: Annotated[int, Meta(ge=1, le=86400, title="Seconds")]
    source: Annotated[str, Meta(max_length=200, pattern=LINE, title="Legal source")]


class Account(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who a sign-in is: its id is the token's `sub`; role and agency stand here, never in the token.

    `person_id` is whose phone rings when an escalation reaches this account, a supervisor's say.
    """

    id: Annotated[str, Meta(pattern=r"^[A-Za-z0-9-]{1,64}$(?!\n)")]
    name: Annotated[Name, Meta(title="Name")]
    role: Annotated[Role, Meta(title="Role")]
    agency_id: Annotated[Id | None, Meta(title="Agency")] = None
    person_id: Annotated[
        Id | None,
        Meta(title="Person", description="Whose phone rings when an escalation reaches this account."),
    ] = None
    language: Annotated[Language, Meta(title="Language")] = "id"
    disabled: Annotated[bool, Meta(title="Disabled")] = False


class CrewMember(Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody of a crew, from a day to another or for good."""

    person_id: Annotated[Id, Meta(title="Person")]
    since: Annotated[LocalDate, Meta(title="From")]
    until: Annotated[
        LocalDate | None, Meta(title="Until", description="Empty: for good.", extra={"kind": "day"})
    ] = None


class DutyCrew(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A crew (regu) of an agency: who is in it from when to when, its chief, and the unit that it usually takes."""

    id: Id
    agency_id: Annotated[Id, Meta(title="Agency")]
    name: Annotated[Name, Meta(title="Name")]
    members: Annotated[list[CrewMember], Meta(max_length=100, title="Members")] = field(default_factory=list)
    chief_id: Annotated[Id | None, Meta(title="Chief", description="One of its members.")] = None
    unit_id: Annotated[
        Id | None, Meta(title="Usual unit", description="None: it stands by for the whole agency.")
    ] = None
    retired: Annotated[bool, Meta(title="Retired", description="It is kept for what has been.")] = False


class Holiday(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A public holiday, or a day of collective leave, in the regency."""

    id: Id
    day: Annotated[LocalDate, Meta(title="Day")]
    label: Annotated[Label, Meta(title="Name")]


class Shift(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person on duty, with a unit or for the whole agency, from `starts_at` until before `ends_at`."""

    id: Id
    agency_id: Annotated[Id, Meta(title="Agency")]
    person_id: Annotated[Id, Meta(title="Person")]
    unit_id: Annotated[Id | None, Meta(title="Unit")] = None
    starts_at: Annotated[Instant, Meta(title="From")]
    ends_at: Annotated[Instant, Meta(title="Until")]


NOUNS: dict[str, type[Struct]] = {
    "regency": Regency,
    "districts": District,
    "agencies": Agency,
    "stations": Station,
    "units": Unit,
    "personnel": Person,
    "certifications": Certification,
    "capabilities": Capability,
    "incident-types": IncidentType,
    "response-plans": ResponsePlan,
    "escalation-policies": EscalationPolicy,
    "reasons": Reason,
    "dispositions": Disposition,
    "sms-templates": SmsTemplate,
    "sms-texts": SmsText,
    "targets": Target,
    "accounts": Account,
    "crews": DutyCrew,
    "holidays": Holiday,
    "shifts": Shift,
}
