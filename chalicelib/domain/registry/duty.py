"""Who is on duty."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct, field

from .fields import Id, Instant, LocalDate, Name


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


class Shift(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person on duty, with a unit or for the whole agency, from `starts_at` until before `ends_at`."""

    id: Id
    agency_id: Annotated[Id, Meta(title="Agency")]
    person_id: Annotated[Id, Meta(title="Person")]
    unit_id: Annotated[Id | None, Meta(title="Unit")] = None
    starts_at: Annotated[Instant, Meta(title="From")]
    ends_at: Annotated[Instant, Meta(title="Until")]
