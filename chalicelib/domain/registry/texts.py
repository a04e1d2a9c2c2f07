"""The texts of the SMS that the system sends."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from ..texts import LINE, TEXT
from .fields import Id, Language


class SmsTemplate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The text of a message in one language, with {placeholders}; it is folded to one GSM-7 segment."""

    id: Id
    kind: Annotated[Literal["page", "cancelled"], Meta(title="Kind")]
    language: Annotated[Language, Meta(title="Language")]
    body: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=320,
            pattern=TEXT,
            title="Text",
            description="What stands in braces is filled in, such as the link.",
            extra={"kind": "long"},
        ),
    ]


# A kind more than `sms-templates` have could be read by no older release, one more here by each (ADR 47).
TEXT_KINDS = (
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
)
TextKind = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=40,
        pattern=LINE,
        title="Kind",
        extra={"choices": TEXT_KINDS},
        extra_json_schema={"enum": list(TEXT_KINDS)},
    ),
]


class SmsText(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The text of an SMS other than a call-out and its cancellation, in one language, with {placeholders}; without one the
    program's own is sent.
    """

    id: Id
    kind: TextKind
    language: Annotated[Language, Meta(title="Language")]
    body: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=320,
            pattern=TEXT,
            title="Text",
            description="What stands in braces is filled in, such as the link.",
            extra={"kind": "long"},
        ),
    ]
