"""Whose data somebody must know, and why."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from .fields import Body, Day, SomeNumber, SomeText


class SubjectBody(Body, frozen=True, kw_only=True):
    """Whose data, on whose request and by which right, and `next` of the answer before if the table had not ended."""

    number: SomeNumber
    reason: SomeText
    after: Annotated[str, Meta(max_length=400, pattern=r"^[A-Za-z0-9_=-]+$(?!\n)")] | None = None


class CallsBody(Body, frozen=True, kw_only=True):
    """Which day's callers, and why they must be known."""

    date: Day
    reason: SomeText
