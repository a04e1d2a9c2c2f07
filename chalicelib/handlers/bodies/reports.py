"""What a report is asked for."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from ...domain import cases
from ...domain.registry import Category, Id, Terrain
from .fields import Body, Day


class ReportQuery(Body, frozen=True, kw_only=True):
    """Incidents opened from one local day to another, both included."""

    from_: Day = field(name="from")
    to: Day
    by: Literal["agency", "type", "district"]


class FiguresQuery(Body, frozen=True, kw_only=True):
    """Cases of the incidents opened from one local day to another, by one clock; the others narrow them."""

    from_: Day = field(name="from")
    to: Day
    by: cases.By = "agency"
    clock: cases.AnyClock = "target"
    agency_id: Id | None = None
    type: Id | None = None
    category: Category | None = None
    district: Id | None = None
    priority: Annotated[int, Meta(ge=1, le=5)] | None = None
    terrain: Terrain | None = None
    unit_id: Id | None = None
    hours: Literal["day", "night"] | None = None
    days: Literal["working", "weekend"] | None = None


class CasesQuery(FiguresQuery, frozen=True, kw_only=True):
    """The cases behind one number: of which group, '' for all of them, and which of its numbers."""

    key: Annotated[str, Meta(max_length=64, pattern=r"^[A-Za-z0-9_-]*$(?!\n)")] = ""
    number: Annotated[str, Meta(max_length=40, pattern=r"^[a-z_]+$(?!\n)")] = "called"
