"""A regency small enough to hold in mind: three agencies on land, one on water, one person a unit."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from chalicelib.domain.registry import (
    Account,
    Agency,
    Capability,
    Certification,
    Disposition,
    District,
    EscalationPolicy,
    EscalationStep,
    HeldCertification,
    IncidentType,
    Label,
    Level,
    Need,
    NeededCertification,
    Person,
    Reason,
    Regency,
    ResponsePlan,
    Shift,
    SilentCrew,
    SmsTemplate,
    Station,
    Unit,
)
from chalicelib.domain.times import local_day
from chalicelib.models import registry_writes
from chalicelib.models.versions import Stamp
from chalicelib.services.registry.keeping import Hand

# Long enough that only the stories that wait for it see an escalation.
STEPS = [EscalationStep(after_s=7200, to="on_duty")]
# Nor is anybody asked beside a silent crew but in the stories of that.
SILENCE: list[SilentCrew] = []


def label(text: str) -> Label:
    return Label(id=text, en=text)


PEOPLE = {
    "andi": ("damkar", "damkar_1"),
    "budi": ("damkar", "damkar_2"),
    "citra": ("psc", "ambulans_1"),
    "dewi": ("psc", "ambulans_2"),
    "eko": ("polres", "polres_1"),
    "fajar": ("airud", "perahu_1"),
}
UNITS = {
    "damkar_1": ("damkar", -2.53, ["land"], ["fire"]),
    "damkar_2": ("damkar", -2.60, ["land"], ["fire"]),
    "ambulans_1": ("psc", -2.54, ["land"], ["ambulance"]),
    "ambulans_2": ("psc", -2.70, ["land"], ["ambulance"]),
    "polres_1": ("polres", -2.55, ["land"], ["patrol"]),
    "perahu_1": ("airud", -2.54, ["water"], ["boat"]),
}
ACCOUNTS = {
    "operator": (None, "operator"),
    "operator2": (None, "operator"),
    "supervisor": (None, "supervisor"),
    "leader": (None, "leader"),
    "auditor": (None, "auditor"),
    "admin": (None, "admin"),
    "damkar_admin": ("damkar", "agency_admin"),
    "psc_admin": ("psc", "agency_admin"),
}


# On no shift and with no unit, as heads of agencies are.
OFFICERS = {"gita": "psc"}


def number_of(person: str) -> str:
    return f"+62811000{100 + [*PEOPLE, *OFFICERS].index(person)}"


def need(id_: str, agencies: list[str], capability: str, units: int = 1, **more: object) -> Need:
    return Need(id=id_, agencies=agencies, capability=capability, units=units, **more)  # type: ignore[arg-type]


def nouns() -> dict[str, list[Struct]]:
    """The registry but for shifts, by noun."""
    agencies = ("damkar", "psc", "polres", "airud")
    plans = [
        ResponsePlan(
            id="house_fire",
            label=label("Kebakaran rumah"),
            type_id="house_fire",
            policy_id="normal",
            levels=[
                Level(
                    [
                        need("pump", ["damkar"], "fire"),
                        need("medic", ["psc"], "ambulance"),
                        need("police", ["polres"], "patrol"),
                    ]
                ),
                Level([need("pump2", ["damkar"], "fire"), need("medic2", ["psc"], "ambulance")]),
            ],
        ),
        ResponsePlan(
            id="water",
            label=label("Di air"),
            category="accident",
            terrain="water",
            policy_id="normal",
            levels=[
                Level(
                    [
                        need(
                            "boat",
                            ["airud"],
                            "boat",
                            certifications=[NeededCertification("water_rescue", "warn")],
                        )
                    ]
                )
            ],
        ),
        ResponsePlan(
            id="health",
            label=label("Kesehatan"),
            category="health",
            policy_id="normal",
            levels=[Level([need("medic", ["psc"], "ambulance")])],
        ),
    ]
    return {
        "regency": [
            Regency(
                id="kotim",
                name="Kotawaringin Timur",
                zone="Asia/Jakarta",
                area_code="0531",
                countries=["ID"],
            )
        ],
        "districts": [
            District(id="baamang", code="62.02.05", name="Baamang", lat=-2.53, lng=112.95),
            District(id="ketapang", code="62.02.06", name="Mentawa Baru Ketapang", lat=-2.57, lng=112.94),
        ],
        "agencies": [
            Agency(id=id_, name=id_.title(), short_name=id_.title(), phone="+62811000999", demo=True)
            for id_ in agencies
        ],
        "stations": [
            Station(id=f"pos_{id_}", agency_id=agency, name=id_, district_id="baamang", lat=lat, lng=112.95)
            for id_, (agency, lat, _, _) in UNITS.items()
        ],
        "units": [
            Unit(
                id=id_,
                agency_id=agency,
                station_id=f"pos_{id_}",
                callsign=id_.upper().replace("_", "-"),
                name=id_,
                terrains=terrains,  # type: ignore[arg-type]
                capabilities=capabilities,
                demo=True,
            )
            for id_, (agency, _, terrains, capabilities) in UNITS.items()
        ],
        "capabilities": [
            Capability(id=each, label=label(each)) for each in ("fire", "ambulance", "patrol", "boat")
        ],
        "certifications": [Certification(id="water_rescue", label=label("Penyelamatan air"))],
        "personnel": [
            Person(
                id=id_,
                agency_id=agency,
                name=id_.title(),
                phone=number_of(id_),
                demo=True,
                certifications=[HeldCertification("water_rescue", "2026-01-01")] if id_ == "fajar" else [],
            )
            for id_, agency in {**{id_: agency for id_, (agency, _) in PEOPLE.items()}, **OFFICERS}.items()
        ],
        "incident-types": [
            IncidentType(
                id="house_fire",
                category="fire",
                label=Label(id="Kebakaran rumah", en="House fire"),
                priority=1,
            ),
            IncidentType(
                id="drowning",
                category="accident",
                label=Label(id="Tenggelam", en="Drowning"),
                priority=1,
                terrain="water",
            ),
            IncidentType(id="childbirth", category="health", label=Label(id="Melahirkan", en="Childbirth")),
            IncidentType(
                id="theft", category="security", label=Label(id="Pencurian", en="Theft"), priority=4
            ),
        ],
        "response-plans": list(plans),
        "escalation-policies": [
            EscalationPolicy(id="normal", label=label("Biasa"), steps=STEPS, silence=SILENCE)
        ],
        "reasons": [
            Reason(
                id="no_fuel",
                label=Label(id="BBM habis", en="No fuel"),
                unit_status="NoFuel",
                words=["bbm", "solar"],
            ),
            Reason(id="other_duty", label=Label(id="Tugas lain", en="Other duty"), words=["tugas"]),
        ],
        "dispositions": [
            Disposition(id="done", code="18", label=label("Selesai")),
            Disposition(id="false_alarm", code="19", label=label("Laporan palsu")),
        ],
        "sms-templates": [
            SmsTemplate(
                id="page_id",
                kind="page",
                language="id",
                body="{drill}112 {type} {place}. {unit} {time} {link} {reply}",
            ),
            SmsTemplate(
                id="cancelled_id",
                kind="cancelled",
                language="id",
                body="{drill}BATAL {label}: {type} {place}",
            ),
        ],
        "accounts": [
            Account(id=f"sub-{id_.replace('_', '-')}", name=id_.title(), role=role, agency_id=agency)  # type: ignore[arg-type]
            for id_, (agency, role) in ACCOUNTS.items()
        ],
    }


def shifts(day: str) -> list[Struct]:
    """Everybody on duty with the own unit, from 00:00 to 24:00 WIB of a local day."""
    from datetime import date, timedelta

    before = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
    return [
        Shift(
            id=f"{person}-{day}",
            agency_id=agency,
            person_id=person,
            unit_id=unit,
            starts_at=f"{before}T17:00:00Z",
            ends_at=f"{day}T17:00:00Z",
        )
        for person, (agency, unit) in PEOPLE.items()
    ]


HAND = Hand("sub-admin")


def stamped(by: str = HAND.by) -> Stamp:
    """That somebody writes the registry past all use cases, a minute before the stories begin."""
    return Stamp("2026-11-23T02:59:00.000Z", by, lambda: secrets.token_hex(16))


def load(nouns: Mapping[str, Iterable[Any]]) -> None:
    """Write things that are not there yet, some at a time, as the seeding does."""
    items = [
        registry_writes.item_of(noun, value, local_day(value.starts_at, 7) if noun == "shifts" else "")
        for noun, values in nouns.items()
        for value in values
    ]
    for start in range(0, len(items), 24):
        registry_writes.write([(item, None) for item in items[start : start + 24]], stamp=stamped())
