"""Duty and its sheets."""

from __future__ import annotations

from .fields import Body, Moment, Word


class DutyQuery(Body, frozen=True, kw_only=True):
    """Duty in an agency at an instant, now if none is given."""

    agency_id: Word
    at: Moment | None = None
