"""What the preview of a text takes."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from ...domain.registry import Language
from ...domain.texts import TEXT
from .fields import Body

# Those of `sms-templates` and of `sms-texts`.
PreviewKind = Literal[
    "page",
    "cancelled",
    "amended",
    "not_needed_answered",
    "not_needed_unable",
    "not_needed_ended",
    "caller",
    "duty_link",
    "duty_changed",
    "duty_asked",
    "duty_agreed",
    "duty_refused",
    "duty_withdrawn",
    "duty_to_approve",
    "duty_left",
    "duty_ahead",
]


class TextPreviewBody(Body, frozen=True, kw_only=True):
    """A text as it is being written."""

    kind: PreviewKind
    language: Language
    body: Annotated[str, Meta(min_length=1, max_length=320, pattern=TEXT)]
