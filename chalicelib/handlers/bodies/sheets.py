"""Sheets that officers bring in, and what they answer about them."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from ...domain.registry import Id
from ...domain.sheets.clarifications import Clarifications
from ...domain.texts import LINE
from .fields import AsTyped, Body
from .workbooks import WorkbookSheet

SheetNoun = Literal["personnel", "units", "stations", "crews", "configuration"]
Why = Annotated[str, Meta(max_length=200, pattern=LINE)]


class SheetBody(Body, frozen=True, kw_only=True):
    """A sheet as it was pasted from a spreadsheet, or the text of a CSV, or one of a workbook.

    `agency_id` is whose the rows are that name none.
    """

    noun: SheetNoun
    text: AsTyped | None = None
    workbook: WorkbookSheet | None = None
    agency_id: Id | None = None


class ClarificationsBody(Body, frozen=True, kw_only=True):
    """All clarifications so far; what is not among them is asked."""

    clarified: Clarifications


class CommitBody(Body, frozen=True, kw_only=True):
    """Import what was seen: `seen` is the digest of that preview. With `without_refused` refused rows are left out."""

    seen: Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$(?!\n)")]
    without_refused: bool = False
    why: Why = ""


class UndoBody(Body, frozen=True, kw_only=True):
    """Take a whole import back."""

    why: Why = ""


class ExportQuery(Body, frozen=True, kw_only=True):
    """Whose things, in which language the heads are."""

    agency_id: Id | None = None
    language: Literal["id", "en"] = "id"
