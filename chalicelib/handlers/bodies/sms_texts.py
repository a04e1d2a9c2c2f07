"""What the preview of a text takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from msgspec import Meta

from ...domain.registry import TEXT_KINDS, Language
from ...domain.texts import TEXT
from .fields import Body

# Those of `sms-templates` and of `sms-texts`.
if TYPE_CHECKING:
    PreviewKind = str
else:
    PreviewKind = Literal[("page", "cancelled", *TEXT_KINDS)]


class TextPreviewBody(Body, frozen=True, kw_only=True):
    """A text as it is being written."""

    kind: PreviewKind
    language: Language
    body: Annotated[str, Meta(min_length=1, max_length=320, pattern=TEXT)]
