"""Duty: who is on duty in an agency at an instant, where, and by what: a published sheet, a change to it, or a pattern."""

from __future__ import annotations

from .changes import Change, Kind, State, changed, counting, linked
from .roster import Roster, covered, from_nouns, of_day, of_person, on_duty
from .sheet import CodesFrom, Hours, Row, Sheet, Source, published
from .stretch import By, Readiness, Stretch, Turn, goes_along, span

__all__ = [
    "By",
    "Change",
    "CodesFrom",
    "Hours",
    "Kind",
    "Readiness",
    "Roster",
    "Row",
    "Sheet",
    "Source",
    "State",
    "Stretch",
    "Turn",
    "changed",
    "counting",
    "covered",
    "from_nouns",
    "goes_along",
    "linked",
    "of_day",
    "of_person",
    "on_duty",
    "published",
    "span",
]
