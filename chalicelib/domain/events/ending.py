"""Events of the incident's end, of notes, and of its opening again."""

from __future__ import annotations

from msgspec import UNSET, UnsetType, field

from .content import Content, Digest


class NoteAdded(Content, frozen=True, kw_only=True):
    """Somebody wrote something down."""

    note: str
    text: Digest


class IncidentClosed(Content, frozen=True, kw_only=True):
    """It is over. Of an import `cleared_untimed` are crews of whom nobody wrote when they were done, `untimed` that nobody wrote
    when it ended.
    """

    disposition: str | None
    cleared_untimed: tuple[str, ...] | UnsetType = UNSET
    untimed: bool = False


class IncidentCancelled(Content, frozen=True, kw_only=True):
    """It was none, or the same as `duplicate_of`; the `assignments` are called off with it, and more may follow one by one."""

    note: str
    reason: Digest
    assignments: tuple[str, ...]
    duplicate_of: str = ""


class DuplicateLinked(Content, frozen=True, kw_only=True):
    """Another `incident` has ended as a duplicate of this one."""

    incident: str


class DuplicateParted(Content, frozen=True, kw_only=True):
    """Another `incident` was opened again, and is a duplicate of this one no longer."""

    incident: str


class IncidentReopened(Content, frozen=True, kw_only=True):
    """It goes on; `before` is how it had ended."""

    note: str
    reason: Digest
    before: str = field(name="from")
