"""What officers write into the registry, and of a unit."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, defstruct

from ...domain.registry import NOUNS, Agency, Person
from ...domain.texts import LINE
from .fields import Body, Day, ReasonId, SomeNumber, Word


class TypedAgency(Agency, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An agency as an officer writes it, its number as it is dialled."""

    phone: SomeNumber


class TypedPerson(Person, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person as an officer writes them, the number as it is dialled."""

    phone: SomeNumber


# The registry's nouns as somebody types them; a phone number becomes E.164.
TYPED: dict[str, type[Struct]] = {**NOUNS, "agencies": TypedAgency, "personnel": TypedPerson}
Why = Annotated[
    str,
    Meta(
        max_length=200,
        pattern=LINE,
        description="why it is written so, for its history; '' for no reason given",
    ),
]
VersionNumber = Annotated[int, Meta(ge=1, le=1_000_000_000)]


def _written(noun: str) -> type[Struct]:
    """A noun as it comes in: with the reason for its history beside its fields."""
    made = defstruct(
        f"Written{NOUNS[noun].__name__}",
        [("why", Why, "")],
        bases=(TYPED[noun],),
        module=__name__,
        frozen=True,
        kw_only=True,
        forbid_unknown_fields=True,
    )
    made.__doc__ = TYPED[noun].__doc__
    return made


WRITTEN = {noun: _written(noun) for noun in NOUNS}


class HistoryQuery(Body, frozen=True, kw_only=True):
    """Versions `before` a number; a shift's are those of one agency and one local day."""

    before: VersionNumber | None = None
    agency_id: Word | None = None
    date: Day | None = None


class RestoreBody(Body, frozen=True, kw_only=True):
    """The version whose value is put back, and why."""

    v: VersionNumber
    why: Why = ""


class RemoveBody(Body, frozen=True, kw_only=True):
    """Why something is removed; no body at all says nothing of it."""

    why: Why = ""


# Lambda takes 6 MB, in which every quotation mark of the file is written with more letters; a regency's outlines have some hundred kilobytes.
LARGEST_FILE = 3_000_000
LARGEST_BODY = 4_000_000


class BoundariesBody(Body, frozen=True, kw_only=True):
    """A GeoJSON file."""

    text: Annotated[str, Meta(min_length=1, max_length=LARGEST_FILE)]


class UnitStatusBody(Body, frozen=True, kw_only=True):
    """A unit in or out of service."""

    status: Literal["Available", "NotAvailable"]
    reason: ReasonId = ""
