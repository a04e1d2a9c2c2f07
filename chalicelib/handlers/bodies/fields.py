"""The fields that bodies and queries are made of, and those bodies and queries that several nouns share."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct

from ...domain.texts import LINE, TEXT

Word = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$(?!\n)")]
ReasonId = Annotated[str, Meta(max_length=64, pattern=r"^[a-z0-9_-]*$(?!\n)", description="'' for none")]
Line = Annotated[str, Meta(max_length=160, pattern=LINE)]
SomeLine = Annotated[str, Meta(min_length=1, max_length=160, pattern=LINE)]
Text = Annotated[str, Meta(max_length=2000, pattern=TEXT)]
SomeText = Annotated[str, Meta(min_length=1, max_length=2000, pattern=TEXT)]
# Nothing optional refuses an emergency (ADR 24): what a person typed is checked by handlers/hearing.py, not here.
_TAKEN = {"taken_as_typed": True}
AsTyped = Annotated[
    str, Meta(extra=_TAKEN, description="as a person typed it; what cannot be read is kept and marked")
]
AnyNumber = Annotated[
    float, Meta(extra=_TAKEN, description="one that cannot be right is kept as it came and marked")
]
Moment = Annotated[datetime, Meta(tz=True, description="RFC 3339 with a zone")]
Day = Annotated[date, Meta(description="a day in the regency's zone")]
# Read by services/registry/phone_numbers.py, whatever it is.
DialledNumber = Annotated[str, Meta(max_length=200, description="as it was typed, '' if withheld")]
SomeNumber = Annotated[str, Meta(min_length=1, max_length=200, description="as it was typed")]
Lat = Annotated[float, Meta(ge=-90, le=90)]
Lng = Annotated[float, Meta(ge=-180, le=180)]
Priority = Annotated[int, Meta(ge=1, le=5)]
Onward = Annotated[
    str, Meta(max_length=600, pattern=r"^[A-Za-z0-9_=.-]+$(?!\n)", description="`next` of the answer before")
]


class Body(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A body or a query: a field that nobody declared is refused."""


class NoQuery(Body, frozen=True, kw_only=True):
    """No parameters at all."""


class ReasonBody(Body, frozen=True, kw_only=True):
    """Why, in the dispatcher's words."""

    reason: SomeText


class DayQuery(Body, frozen=True, kw_only=True):
    """A local day."""

    date: Day


class AgencyQuery(Body, frozen=True, kw_only=True):
    """An agency."""

    agency_id: Word


class EndBody(Body, frozen=True, kw_only=True):
    """Nothing more to say."""
