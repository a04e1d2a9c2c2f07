"""Workbooks that officers bring in, and those that they have written."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from .fields import Body, Word


class WorkbookBody(Body, frozen=True, kw_only=True):
    """A file as it is, in base64."""

    file: Annotated[bytes, Meta(description="base64, of at most 3 MB")]


class WorkbookSheet(Body, frozen=True, kw_only=True):
    """One sheet, counted from 0, of a workbook that was read."""

    id: Word
    sheet: Annotated[int, Meta(ge=0, le=100)]
