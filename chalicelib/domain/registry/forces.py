"""Who can be sent: agencies, units, people, and what they are able to do."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct, field

from ..texts import LINE
from .fields import Id, Label, Language, LocalDate, Name, Phone, ServiceNumber, Terrain


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
    approves_changes: Annotated[
        bool,
        Meta(
            title="Approves changes of duty",
            description="Who stands in or swaps counts once an officer of the agency approves it, too.",
        ),
    ] = False
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
    """A certification that a person holds, to its last valid day; by whom it was issued, and its number, as far as they are known."""

    certification_id: Annotated[Id, Meta(title="Certificate")]
    expires_on: Annotated[LocalDate, Meta(title="Valid until")]
    issuer_id: Annotated[Id | None, Meta(title="Issued by")] = None
    number: Annotated[str, Meta(max_length=60, pattern=LINE, title="Number")] = ""


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
