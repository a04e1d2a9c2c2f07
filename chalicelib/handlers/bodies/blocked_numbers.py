"""Numbers that are blocked, or that call."""

from __future__ import annotations

from .fields import Body, SomeLine, SomeNumber


class BlockBody(Body, frozen=True, kw_only=True):
    """A number to block for 24 hours, and why."""

    number: SomeNumber
    reason: SomeLine


class CallerBody(Body, frozen=True, kw_only=True):
    """The number that is calling."""

    number: SomeNumber
