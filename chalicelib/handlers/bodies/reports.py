"""What a report is asked for."""

from __future__ import annotations

from typing import Literal

from msgspec import field

from .fields import Body, Day


class ReportQuery(Body, frozen=True, kw_only=True):
    """Incidents opened from one local day to another, both included."""

    from_: Day = field(name="from")
    to: Day
    by: Literal["agency", "type", "district"]
