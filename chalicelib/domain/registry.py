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
    str, Meta(pattern=r"^\+[1-9][0-9]{6,14}$(?!\n)", description="E.164, such as +6281234567890")
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
LocalDate = Annotated[str, Meta(pattern=rf"^{_DAY}$(?!\n)", description="a day in the regency's zone")]
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

    id: Name
    en: Name


class Regency(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The one regency (kabupaten) that this deployment serves.

    `area_code` is what a number without one means, `countries` (ISO 3166-1) are those to whose numbers SMS are sent.
    """

    id: Id
    name: Name
    zone: Zone
    area_code: Annotated[str, Meta(pattern=r"^(0[1-9][0-9]{1,2})?$(?!\n)", description="such as 0531")]
    countries: Annotated[list[Country], Meta(min_length=1)]


# What a database of a release before knows of its regency. No area code is guessed.
UNSAID = Regency(id="regency", name="Kabupaten", zone="Asia/Jakarta", area_code="", countries=["ID"])


class District(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sub-district (kecamatan), with the centroid used when a call gives no coordinates.

    `aliases` are other names that people use for it, `villages` those of its desa and kelurahan; the desk finds it by all of them.
    """

    id: Id
    code: Annotated[str, Meta(max_length=20, pattern=LINE)]
    name: Name
    capital: Annotated[str, Meta(max_length=120, pattern=LINE)] = ""
    lat: Latitude
    lng: Longitude
    area_km2: Annotated[float, Meta(ge=0, le=1_000_000)] = 0.0
    aliases: Annotated[list[Spoken], Meta(max_length=20)] = field(default_factory=list)
    villages: Annotated[list[Spoken], Meta(max_length=200)] = field(default_factory=list)


class Agency(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An agency (SOPD or vertical body) that answers calls; `phone` is rung when nobody acknowledges."""

    id: Id
    name: Name
    short_name: Annotated[str, Meta(min_length=1, max_length=24, pattern=LINE)]
    phone: Phone
    head_id: Id | None = None
    demo: bool = False
    retired: bool = False


class Station(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place where units of an agency stand."""

    id: Id
    agency_id: Id
    name: Name
    district_id: Id
    lat: Latitude
    lng: Longitude


class Unit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A vehicle, boat or team that can be sent."""

    id: Id
    agency_id: Id
    station_id: Id
    callsign: Annotated[str, Meta(min_length=1, max_length=24, pattern=LINE)]
    name: Name
    terrains: Annotated[list[Terrain], Meta(min_length=1)]
    capabilities: list[Id] = field(default_factory=list)
    min_crew: Annotated[int, Meta(ge=1, le=50)] = 1
    demo: bool = False
    retired: bool = False


class HeldCertification(Struct, frozen=True, forbid_unknown_fields=True):
    """A certification that a person holds, to its last valid day."""

    certification_id: Id
    expires_on: LocalDate


class Person(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of an agency's personnel; a real provider refuses to send to a `demo` number."""

    id: Id
    agency_id: Id
    name: Name
    phone: Phone
    language: Language = "id"
    certifications: list[HeldCertification] = field(default_factory=list)
    nip: ServiceNumber = ""
    demo: bool = False
    retired: bool = False


class Certification(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A kind of certification, such as water rescue."""

    id: Id
    label: Label


class Capability(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a unit can do, such as fire suppression; needs ask for it."""

    id: Id
    label: Label


class IncidentType(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What happened, below one of the seven national categories.

    By `words` callers name it, in any language. `like` are types by which others may report the same event; it holds both ways.
    A `catch_all` is offered when no other fits, and may be the same as anything.
    """

    id: Id
    category: Category
    label: Label
    priority: Annotated[int, Meta(ge=1, le=5)] = 2
    terrain: Terrain = "land"
    eido_code: Annotated[str, Meta(max_length=16, pattern=LINE)] = ""
    words: Annotated[list[Spoken], Meta(max_length=150)] = field(default_factory=list)
    like: Annotated[list[Id], Meta(max_length=50)] = field(default_factory=list)
    catch_all: bool = False


class NeededCertification(Struct, frozen=True, forbid_unknown_fields=True):
    """A certification the crew must hold among them; `expired` says whether a lapsed one warns or blocks."""

    certification_id: Id
    expired: Literal["warn", "block"] = "warn"


class Need(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of a run card: `units` units, from the first agency of the list that has a fit one.

    `terrain` is where those units work if not where the incident is: an ambulance waits ashore for a boat accident.
    """

    id: Id
    agencies: Annotated[list[Id], Meta(min_length=1)]
    capability: Id | None = None
    terrain: Terrain | None = None
    units: Annotated[int, Meta(ge=1, le=20)] = 1
    people: Annotated[int, Meta(ge=1, le=50)] = 1
    certifications: list[NeededCertification] = field(default_factory=list)


class Level(Struct, frozen=True, forbid_unknown_fields=True):
    """What one alarm level adds to the levels before it."""

    needs: Annotated[list[Need], Meta(min_length=1)]


class ResponsePlan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A run card; the most specific one that matches type or category, terrain and district is used."""

    id: Id
    label: Label
    type_id: Id | None = None
    category: Category | None = None
    terrain: Terrain | None = None
    districts: list[Id] = field(default_factory=list)
    levels: Annotated[list[Level], Meta(min_length=1)]
    policy_id: Id


class EscalationStep(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom to page when nobody has acknowledged `after_s` seconds after the step before."""

    after_s: Annotated[int, Meta(ge=10, le=86400)]
    to: Literal["on_duty", "backup", "head", "supervisor"]


class SilentCrew(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long after a crew's first SMS left its silence has the next fit unit asked beside it, at one priority."""

    priority: Annotated[int, Meta(ge=1, le=5)]
    after_s: Annotated[int, Meta(ge=10, le=86400)]


def _silence() -> list[SilentCrew]:
    """What a policy that says nothing of silence means, as all did before it could be said."""
    return [SilentCrew(priority=1, after_s=60), SilentCrew(priority=2, after_s=180)]


class EscalationPolicy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long to wait for an acknowledgement, and for how many; `silence` names the priorities at which one unit a need is
    asked beside a silent crew, none: never; `stand_down`: whoever is not needed any more is told.
    """

    id: Id
    label: Label
    acknowledgements: Annotated[int, Meta(ge=1, le=50)] = 1
    page_expires_s: Annotated[int, Meta(ge=60, le=86400)] = 1800
    repeat: Annotated[int, Meta(ge=0, le=10)] = 0
    steps: list[EscalationStep] = field(default_factory=list)
    silence: Annotated[list[SilentCrew], Meta(max_length=5)] = field(default_factory=_silence)
    stand_down: bool = True


ReplyWord = Annotated[
    str,
    Meta(pattern=r"^[a-z]{2,20}$(?!\n)", description="a word by which crews name it in an SMS, such as bbm"),
]


class Reason(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a unit could not come; `unit_status` is the secondary status the unit takes, none if it stays available.

    Offered to units of these `terrains` and `agencies`, to all where there is none; who gives another is heard all the same.
    """

    id: Id
    label: Label
    terrains: list[Terrain] = field(default_factory=list)
    agencies: list[Id] = field(default_factory=list)
    unit_status: Annotated[str, Meta(max_length=40, pattern=LINE)] = ""
    words: Annotated[list[ReplyWord], Meta(max_length=40)] = field(default_factory=list)

    def concerns(self, unit: Unit | None) -> bool:
        """Whether it may keep this unit from coming; one that is not known may have any."""
        if unit is None:
            return True
        on = not self.terrains or any(each in self.terrains for each in unit.terrains)
        return on and (not self.agencies or unit.agency_id in self.agencies)


class Disposition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How an incident ended (APCO ANS 1.111.2-2018); offered first for incidents of these `categories`, for all where there is none."""

    id: Id
    code: Annotated[str, Meta(max_length=8, pattern=LINE)] = ""
    label: Label
    categories: list[Category] = field(default_factory=list)


class SmsTemplate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The text of a message in one language, with {placeholders}; it is folded to one GSM-7 segment."""

    id: Id
    kind: Literal["page", "cancelled"]
    language: Language
    body: Annotated[str, Meta(min_length=1, max_length=320, pattern=TEXT)]


class Target(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A response-time target with its legal source."""

    id: Id
    label: Label
    agency_id: Id | None = None
    type_id: Id | None = None
    category: Category | None = None
    clock: Literal["answering", "processing", "handling", "turnout", "travel", "response"] = "response"
    seconds: Annotated[int, Meta(ge=1, le=86400)]
    source: Annotated[str, Meta(max_length=200, pattern=LINE)]


class Account(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who a sign-in is: its id is the token's `sub`; role and agency stand here, never in the token.

    `person_id` is whose phone rings when an escalation reaches this account, a supervisor's say.
    """

    id: Annotated[str, Meta(pattern=r"^[A-Za-z0-9-]{1,64}$(?!\n)")]
    name: Name
    role: Role
    agency_id: Id | None = None
    person_id: Id | None = None
    language: Language = "id"
    disabled: bool = False


class Shift(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person on duty, with a unit or for the whole agency, from `starts_at` until before `ends_at`."""

    id: Id
    agency_id: Id
    person_id: Id
    unit_id: Id | None = None
    starts_at: Instant
    ends_at: Instant


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
    "targets": Target,
    "accounts": Account,
    "shifts": Shift,
}
