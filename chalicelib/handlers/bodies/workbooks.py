"""Workbooks that officers bring in, and those that they have written."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from ...domain.registry import Id
from ...domain.sheets.workbooks import BYTES_MOST
from .fields import Body, Word


class WorkbookBody(Body, frozen=True, kw_only=True):
    """A file as it is, in base64."""

    file: Annotated[
        str,
        Meta(
            max_length=4 * -(-BYTES_MOST // 3),
            pattern=r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$(?!\n)",
            description="base64, of at most 3 MB",
        ),
    ]


class OrderBody(Body, frozen=True, kw_only=True):
    """Whose things are to be written, in which language the heads are."""

    language: Literal["id", "en"]
    agency_id: Id | None = None


class WorkbookSheet(Body, frozen=True, kw_only=True):
    """One sheet, counted from 0, of a workbook that was read."""

    id: Word
    sheet: Annotated[int, Meta(ge=0, le=100)]
