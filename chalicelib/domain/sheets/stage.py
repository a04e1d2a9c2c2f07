"""A sheet that waits to be imported: what was brought, what was answered, and, once it is written, exactly what is written."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from msgspec import Struct

from .clarifications import Clarifications
from .grid import Grid

# `open`: nothing is written yet; `writing`: what `rows` says is written, or a part of it.
State = Literal["open", "writing", "done", "undoing", "undone"]


class ToWrite(Struct, frozen=True, kw_only=True):
    """A thing as the import leaves it, and the version it replaces, None for a new one."""

    id: str
    value: Any
    known: int | None


class Stage(Struct, frozen=True, kw_only=True):
    """A sheet on its way into the registry; personal data stand in it, and it is kept for a day."""

    id: str
    noun: str
    agency_id: str
    bound: bool
    grid: Grid
    # Under the name that it is stored by.
    clarified: Clarifications = msgspec.field(default_factory=Clarifications, name="answers")
    rows: list[ToWrite] = msgspec.field(default_factory=list)


class Import(Struct, frozen=True, kw_only=True):
    """What is remembered of an import that was begun: who brought what into which noun, and how far it came.

    `bound`: an agency's admin brought it, so that all of it is that agency's; of what was kept before that was said nobody knows.
    """

    id: str
    noun: str
    agency_id: str
    by: str
    at: str
    state: State
    new: int = 0
    changed: int = 0
    left_out: int = 0
    undone_at: str = ""
    left_at_undo: int = 0
    bound: bool = False
