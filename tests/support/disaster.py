"""A disaster's fleet beside the small regency: dozens of units with a crew each, and the plan that sends them all."""

from __future__ import annotations

from chalicelib.domain import times
from chalicelib.domain.registry import (
    Capability,
    EscalationPolicy,
    EscalationStep,
    IncidentType,
    Label,
    Level,
    Person,
    ResponsePlan,
    Shift,
    Station,
    Unit,
)
from tests.support import regency

TYPE = "wildfire"
NEEDS = 3


def unit_id(number: int) -> str:
    return f"armada_{number:02d}"


def person_id(unit: int, number: int) -> str:
    return f"regu_{unit:02d}_{number}"


def number_of(unit: int, person: int) -> str:
    return f"+628130{unit:03d}{person:03d}"


def muster(units: int, crew: int, now: str, more: int = 0, after_s: int = 7200) -> list[str]:
    """Put so many crews on duty, and a plan that sends all units at level 1 and `more` of them at level 2; their numbers.

    Who does not acknowledge within `after_s` has the head of the agency asked, and then everybody on call.
    """
    stations = [
        Station(
            id=f"pos_armada_{u:02d}",
            agency_id="damkar",
            name=f"Pos {u}",
            district_id="baamang",
            lat=-2.53,
            lng=112.95 + u / 1000,
        )
        for u in range(units)
    ]
    fleet = [
        Unit(
            id=unit_id(u),
            agency_id="damkar",
            station_id=f"pos_armada_{u:02d}",
            callsign=f"ARMADA-{u:02d}",
            name=f"Armada {u}",
            terrains=["land"],
            capabilities=[f"sector_{u % NEEDS}"],
            demo=True,
        )
        for u in range(units)
    ]
    people = [
        Person(
            id=person_id(u, n),
            agency_id="damkar",
            name=f"Regu {u} {n}",
            phone=number_of(u, n),
            demo=True,
        )
        for u in range(units)
        for n in range(crew)
    ]
    shifts = [
        Shift(
            id=f"{person.id}-disaster",
            agency_id="damkar",
            person_id=person.id,
            unit_id=unit_id(int(person.id[5:7])),
            starts_at=times.plus(now, -3600),
            ends_at=times.plus(now, 20 * 3600),
        )
        for person in people
    ]

    def level(count: int, prefix: str) -> Level:
        return Level(
            [
                regency.need(
                    f"{prefix}{n}", ["damkar"], f"sector_{n}", units=(count - n + NEEDS - 1) // NEEDS
                )
                for n in range(min(NEEDS, count))
            ]
        )

    levels = [level(units - more, "sector")] + ([level(more, "reserve")] if more else [])
    regency.load(
        {
            "capabilities": [
                Capability(id=f"sector_{n}", label=regency.label(f"sector_{n}")) for n in range(NEEDS)
            ],
            "stations": stations,
            "units": fleet,
            "personnel": people,
            "incident-types": [
                IncidentType(id=TYPE, category="fire", label=Label(id="Karhutla", en="Wildfire"), priority=1)
            ],
            "escalation-policies": [
                EscalationPolicy(
                    id="disaster",
                    label=regency.label("Bencana"),
                    steps=[
                        EscalationStep(after_s=after_s, to="on_duty"),
                        EscalationStep(after_s=after_s, to="backup"),
                    ],
                    silence=regency.SILENCE,
                )
            ],
            "response-plans": [
                ResponsePlan(
                    id=TYPE,
                    label=regency.label("Karhutla"),
                    type_id=TYPE,
                    policy_id="disaster",
                    levels=levels,
                )
            ],
            "shifts": shifts,
        }
    )
    return [person.phone for person in people]
