"""Paging drills."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from .fields import Body, Word


class DrillBody(Body, frozen=True, kw_only=True):
    """A paging drill over everybody on duty in one agency."""

    agency_id: Word
    minutes: Annotated[int, Meta(ge=1, le=60, description="how long answers count")] = 15


class DrillsQuery(Body, frozen=True, kw_only=True):
    """Paging drills, newest first; `before` is the id of the last one known."""

    agency_id: Word | None = None
    before: Annotated[str, Meta(pattern=r"^[0-9A-HJKMNP-TV-Z]{26}$(?!\n)")] | None = None
