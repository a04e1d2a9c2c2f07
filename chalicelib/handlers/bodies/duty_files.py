"""Month sheets as files."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from ...domain.rosters.reading import Answers
from .fields import AsTyped, Body
from .sheets import Why
from .workbooks import WorkbookSheet


class FileBody(Body, frozen=True, kw_only=True):
    """A roster as it was pasted from a spreadsheet, or the text of a CSV, or one sheet of a workbook; with all answers so far."""

    text: AsTyped | None = None
    workbook: WorkbookSheet | None = None
    answers: Answers = field(default_factory=Answers)


class FileQuery(Body, frozen=True, kw_only=True):
    """In which language the heads are."""

    language: Literal["id", "en"] = "id"


class FileOrder(Body, frozen=True, kw_only=True):
    """A workbook to be written, with its heads in this language."""

    language: Literal["id", "en"]


class TakeBackBody(Body, frozen=True, kw_only=True):
    """Undo what was saved under number `v`."""

    v: Annotated[int, Meta(ge=1, le=10_000_000)]
    why: Why = ""
