"""A stretch of duty: one person in one place from an instant until before another."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from ..times import render, zone

# Ready at the station, or at home and called in.
Readiness = Literal["stationed", "on_call"]
# Whom a call-out asks first, and whom it asks when those do not answer.
Turn = Literal["primary", "backup"]
# `shift`: a single shift as releases before wrote them.
By = Literal["sheet", "change", "pattern", "shift"]


class Stretch(Struct, frozen=True, kw_only=True):
    """Somebody's duty from `starts_at` until before `ends_at`, with a unit or, for None, in the agency's pool.

    `day` is the local day on which the shift starts, to which all of it belongs, over midnight and the month's end; a part of it
    keeps it. `code` is the shift code, '' for what has none.
    """

    agency_id: str
    person_id: str
    unit_id: str | None
    starts_at: str
    ends_at: str
    day: str
    by: By
    code: str = ""
    readiness: Readiness = "stationed"
    turn: Turn = "primary"

    def covers(self, at: str) -> bool:
        return self.starts_at <= at < self.ends_at

    def cut(self, since: str, until: str) -> tuple[list[Stretch], Stretch | None]:
        """What is left of it before and after two instants, and the part between them, if there is any."""
        if since >= until or until <= self.starts_at or since >= self.ends_at:
            return [self], None
        left = []
        if self.starts_at < since:
            left.append(replace(self, ends_at=since))
        if until < self.ends_at:
            left.append(replace(self, starts_at=until))
        return left, replace(self, starts_at=max(self.starts_at, since), ends_at=min(self.ends_at, until))


@lru_cache(maxsize=4096)
def span(day: str, starts: str, ends: str, utc_offset_hours: int) -> tuple[str, str]:
    """When a shift of these local times of day, as HH:MM, that starts on a local day begins and ends; alike: it lasts a day."""
    begins = datetime.combine(date.fromisoformat(day), time.fromisoformat(starts), zone(utc_offset_hours))
    over = datetime.combine(date.fromisoformat(day), time.fromisoformat(ends), zone(utc_offset_hours))
    return render(begins), render(over if over > begins else over + timedelta(days=1))


def goes_along(stretch: Stretch) -> bool:
    """Whether somebody goes whenever the unit goes; all others make up a crew, or are asked later."""
    return stretch.unit_id is not None and stretch.turn == "primary"
