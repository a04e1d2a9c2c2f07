"""The registry's nouns: what officers keep up to date. These types check the HTTP bodies and make forms and OpenAPI."""

from __future__ import annotations

from msgspec import Struct

from .accounts import DESK, Account, Role
from .duty import CrewMember, DutyCrew, Shift
from .escalation import EscalationPolicy, EscalationStep, SilentCrew
from .fields import (
    ZONE_HOURS,
    Category,
    Country,
    Id,
    Instant,
    Label,
    Language,
    Latitude,
    LocalDate,
    Longitude,
    Name,
    Phone,
    ServiceNumber,
    Spoken,
    Terrain,
    Zone,
)
from .forces import Agency, Capability, Certification, HeldCertification, Person, Unit
from .outcomes import Disposition, Reason, ReplyWord
from .places import UNSAID, District, Holiday, Regency, Station
from .plans import IncidentType, Level, Need, NeededCertification, ResponsePlan, Target
from .texts import TEXT_KINDS, SmsTemplate, SmsText, TextKind

__all__ = [
    "DESK",
    "NOUNS",
    "TEXT_KINDS",
    "UNSAID",
    "ZONE_HOURS",
    "Account",
    "Agency",
    "Capability",
    "Category",
    "Certification",
    "Country",
    "CrewMember",
    "Disposition",
    "District",
    "DutyCrew",
    "EscalationPolicy",
    "EscalationStep",
    "HeldCertification",
    "Holiday",
    "Id",
    "IncidentType",
    "Instant",
    "Label",
    "Language",
    "Latitude",
    "Level",
    "LocalDate",
    "Longitude",
    "Name",
    "Need",
    "NeededCertification",
    "Person",
    "Phone",
    "Reason",
    "Regency",
    "ReplyWord",
    "ResponsePlan",
    "Role",
    "ServiceNumber",
    "Shift",
    "SilentCrew",
    "SmsTemplate",
    "SmsText",
    "Spoken",
    "Station",
    "Target",
    "Terrain",
    "TextKind",
    "Unit",
    "Zone",
]

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
