"""Events of an incident to which nobody can come yet: somebody lets it wait, and takes it up again."""

from __future__ import annotations

from .content import Content, Instant


class IncidentSetAside(Content, frozen=True, kw_only=True):
    """Nobody can come yet: it waits `until` then, for the unit `awaits` or ''. A unit that is sent, a call that joins and its end
    end that by themselves.
    """

    reason: str
    until: Instant
    awaits: str = ""


class IncidentTakenUp(Content, frozen=True, kw_only=True):
    """Somebody took it up again before its time."""
