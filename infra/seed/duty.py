"""Duty in a seed's short form: who takes turns, and the shift codes, crews and patterns of the registry that follow from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from math import gcd
from typing import Annotated, NamedTuple

from msgspec import Meta, Struct
from msgspec.structs import replace

from chalicelib.domain.registry import (
    CrewMember,
    DutyCrew,
    DutyPattern,
    Id,
    LocalClock,
    PatternCrew,
    ShiftCode,
)

# Turns are counted from a fixed day, so that they do not depend on when a regency is seeded.
BEGINNING = date(2026, 1, 5)
OFF = "L"
# Codes that are known under their letters; hours that have none are numbered. Whoever is on call has codes of their own.
KNOWN = {
    ("07:00", "19:00", False): ("P", "Pagi"),
    ("19:00", "07:00", False): ("M", "Malam"),
    ("07:00", "07:00", False): ("H", "24 jam"),
    ("07:00", "07:00", True): ("S", "Siaga dari rumah"),
}


class DutyTurns(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Crews that take turns, with a unit or for the whole agency.

    A turn lasts from one of `starts` (ascending) to the next, the day's last to the first of the next day.
    Each turn belongs to the next of `crews`, an empty crew meaning that nobody is on duty. A crew that never ends its turn, and
    whoever stands by for the whole agency, is on call.
    """

    id: Id
    agency_id: Id
    unit_id: Id | None = None
    starts: Annotated[list[LocalClock], Meta(min_length=1, max_length=8)]
    crews: Annotated[list[list[Id]], Meta(min_length=1)]


class Hours(NamedTuple):
    """The hours of a code, and whether it is on call."""

    starts: str
    ends: str
    on_call: bool


class Duties(NamedTuple):
    """What of the registry follows from the short form."""

    codes: list[ShiftCode]
    crews: list[DutyCrew]
    patterns: list[DutyPattern]


def duties_of(duty: Iterable[DutyTurns], callsigns: dict[str, str]) -> Duties:
    """The shift codes, crews and patterns of a seed; ValueError for turns that no code a day can say."""
    found = Duties([], [], [])
    letters: dict[str, dict[Hours, str]] = {}
    for line in duty:
        own = letters.setdefault(line.agency_id, {})
        called = callsigns.get(line.unit_id or "", "Siaga")
        own_patterns: list[DutyPattern] = []
        for number, people in enumerate(line.crews, start=1):
            if not people:
                continue
            crew_id = f"{line.id}-{number}"
            cycle = [OFF if each is None else _letter(own, each) for each in _cycle(line, number - 1)]
            found.crews.append(
                DutyCrew(
                    id=crew_id,
                    agency_id=line.agency_id,
                    name=called if len(line.crews) == 1 else f"{called} regu {number}",
                    members=[CrewMember(each, BEGINNING.isoformat()) for each in people],
                    chief_id=people[0],
                    unit_id=line.unit_id,
                )
            )
            _turn(own_patterns, line, cycle, crew_id, called)
        found.patterns.extend(own_patterns)
    for agency_id, own in letters.items():
        found.codes.extend(_codes(agency_id, own))
    return found


def _turn(patterns: list[DutyPattern], line: DutyTurns, cycle: list[str], crew_id: str, called: str) -> None:
    """Put a crew into the pattern that has its cycle, begun on another day, or into one of its own."""
    for number, pattern in enumerate(patterns):
        for days in range(len(cycle)):
            if cycle == [pattern.cycle[(day - days) % len(cycle)] for day in range(len(cycle))]:
                turn = PatternCrew(crew_id, (BEGINNING + timedelta(days=days)).isoformat())
                patterns[number] = replace(pattern, crews=[*pattern.crews, turn])
                return
    patterns.append(
        DutyPattern(
            id=crew_id,
            agency_id=line.agency_id,
            name=f"{called} {' '.join(cycle)}",
            cycle=cycle,
            crews=[PatternCrew(crew_id, BEGINNING.isoformat())],
            since=BEGINNING.isoformat(),
        )
    )


def _cycle(line: DutyTurns, crew: int) -> list[Hours | None]:
    """A crew's hours on each day until its turns begin again."""
    starts, crews = len(line.starts), len(line.crews)
    days = crews // gcd(starts, crews)
    found = []
    for day in range(days):
        first = (BEGINNING + timedelta(days=day)).toordinal() * starts
        found.append(_hours(line, [n for n in range(starts) if (first + n) % crews == crew]))
    return found


def _hours(line: DutyTurns, turns: Sequence[int]) -> Hours | None:
    """The hours of a crew's turns of one day, which must follow each other."""
    if not turns:
        return None
    if turns[-1] - turns[0] != len(turns) - 1:
        raise ValueError(f"crews: a crew takes two turns of a day with a pause between them: {line.starts}")
    ends = line.starts[(turns[-1] + 1) % len(line.starts)]
    always = len(line.crews) == 1 and len(turns) == len(line.starts)
    return Hours(line.starts[turns[0]], ends, always or line.unit_id is None)


def _letter(own: dict[Hours, str], hours: Hours) -> str:
    if hours not in own:
        own[hours] = KNOWN[hours][0] if hours in KNOWN else f"{'S' if hours.on_call else 'X'}{len(own) + 1}"
    return own[hours]


def _codes(agency_id: str, own: dict[Hours, str]) -> Iterable[ShiftCode]:
    for hours, letter in own.items():
        called = KNOWN[hours][1] if hours in KNOWN else f"{hours.starts}–{hours.ends}"
        yield ShiftCode(
            id=f"{agency_id}-{letter.lower()}",
            agency_id=agency_id,
            code=letter,
            name=called,
            starts=hours.starts,
            ends=hours.ends,
            readiness="on_call" if hours.on_call else "stationed",
        )
    yield ShiftCode(id=f"{agency_id}-{OFF.lower()}", agency_id=agency_id, code=OFF, name="Lepas", off="rest")
