"""Who is on duty."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from .fields import Id, Instant, LocalDate, Name

CodeText = Annotated[
    str,
    Meta(pattern=r"^[A-Z0-9]{1,3}$(?!\n)", description="one to three capital letters or digits, such as P"),
]
LocalClock = Annotated[
    str,
    Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$(?!\n)", description="local time of day, such as 07:00"),
]


class CrewMember(Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody of a crew, from a day to another or for good."""

    person_id: Annotated[Id, Meta(title="Person")]
    since: Annotated[LocalDate, Meta(title="From")]
    until: Annotated[
        LocalDate | None, Meta(title="Until", description="Empty: for good.", extra={"kind": "day"})
    ] = None
    unit_id: Annotated[Id | None, Meta(title="Unit", description="None: that of the crew.")] = None


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


class ShiftCode(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A shift code (kode dinas) of an agency: what a cell of its sheet means. Without hours it says why somebody is off."""

    id: Id
    agency_id: Annotated[Id, Meta(title="Agency")]
    code: Annotated[CodeText, Meta(title="Code", description="What stands in a cell, such as P.")]
    name: Annotated[Name, Meta(title="Name")]
    starts: Annotated[LocalClock | None, Meta(title="Starts at", description="None: not on duty.")] = None
    ends: Annotated[
        LocalClock | None,
        Meta(title="Ends at", description="At or before the start: on the next day. Alike: after 24 hours."),
    ] = None
    readiness: Annotated[
        Literal["stationed", "on_call"],
        Meta(title="Readiness", description="At the station, or at home and called in."),
    ] = "stationed"
    turn: Annotated[
        Literal["primary", "backup"],
        Meta(title="Turn", description="Called out first, or when those do not answer."),
    ] = "primary"
    off: Annotated[
        Literal["rest", "leave", "sick", "training", "excused"] | None,
        Meta(title="Off because", description="Only of a code without hours."),
    ] = None


class PatternCrew(Struct, frozen=True, forbid_unknown_fields=True):
    """A crew of a pattern, and a day on which it begins with the cycle's first code."""

    crew_id: Annotated[Id, Meta(title="Crew")]
    anchor: Annotated[LocalDate, Meta(title="Begins on")]


class DutyPattern(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A pattern (pola): crews that go through a cycle of codes, a code a day; it counts where no sheet is published."""

    id: Id
    agency_id: Annotated[Id, Meta(title="Agency")]
    name: Annotated[Name, Meta(title="Name")]
    cycle: Annotated[
        list[CodeText], Meta(min_length=1, max_length=62, title="Codes", description="One a day, in turn.")
    ]
    crews: Annotated[list[PatternCrew], Meta(min_length=1, max_length=40, title="Crews")]
    since: Annotated[LocalDate, Meta(title="From")]
    until: Annotated[
        LocalDate | None, Meta(title="Until", description="Empty: for good.", extra={"kind": "day"})
    ] = None
    retired: Annotated[bool, Meta(title="Retired", description="It is kept for what has been.")] = False


class Shift(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person on duty, with a unit or for the whole agency, from `starts_at` until before `ends_at`."""

    id: Id
    agency_id: Annotated[Id, Meta(title="Agency")]
    person_id: Annotated[Id, Meta(title="Person")]
    unit_id: Annotated[Id | None, Meta(title="Unit")] = None
    starts_at: Annotated[Instant, Meta(title="From")]
    ends_at: Annotated[Instant, Meta(title="Until")]
