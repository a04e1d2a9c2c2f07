"""Events of paging drills."""

from __future__ import annotations

from msgspec import Struct

from .content import Content, Instant, OfAssignment


class DrillPerson(Struct, frozen=True, kw_only=True):
    """Somebody whom a drill pages; `unit` is '' for whoever is on call."""

    person: str
    unit: str


class DrillStarted(OfAssignment, frozen=True, kw_only=True):
    """Everybody on duty in an agency is paged; those in `out` are out with a unit and left in peace."""

    agency: str
    minutes: int
    ends_at: Instant
    people: tuple[DrillPerson, ...]
    out: tuple[str, ...]


class DrillAnswered(Content, frozen=True, kw_only=True):
    """Somebody answered their page, whatever they `said`; `also` have the same phone."""

    page: str
    person: str
    said: str
    late: bool
    also: tuple[str, ...] = ()


class DrillEnded(OfAssignment, frozen=True, kw_only=True):
    """What it came to, as incident.Tally has it: the one event with fractions, which stay as they were first written."""

    because: str
    people: int
    sent: int
    answered: int
    late: int
    share: float
    median_s: float | None
    p90_s: float | None
