"""What is asked of the past, and what came of ringing back."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from ...domain.texts import LINE
from .fields import Body, Day, Onward, ReasonId, SomeNumber, SomeText, Word


class PastQuery(Body, frozen=True, kw_only=True):
    """Incidents opened from one local day to another, both included; `text` are words of the place, or the code.

    No number may stand here: see `PastNumberBody`.
    """

    from_: Day = field(name="from")
    to: Day
    text: Annotated[str, Meta(max_length=80, pattern=LINE)] = ""
    type: ReasonId = ""
    agency: ReasonId = ""
    after: Onward | None = None


class PastCallsQuery(Body, frozen=True, kw_only=True):
    """Calls without an incident from one local day to another; of `ring_back` silent and dropped ones alone."""

    from_: Day = field(name="from")
    to: Day
    which: Literal["all", "ring_back"] = "all"
    after: Onward | None = None


class PastNumberBody(Body, frozen=True, kw_only=True):
    """Whose calls from one local day to another, and why they must be known."""

    number: SomeNumber
    reason: SomeText
    from_: Day = field(name="from")
    to: Day
    after: Onward | None = None


class RingBackBody(Body, frozen=True, kw_only=True):
    """In which local day's list the call stands, what came of ringing back, and the incident that it became."""

    day: Day
    result: Literal["reached", "not_reached", "incident"]
    incident_id: Word | None = None
