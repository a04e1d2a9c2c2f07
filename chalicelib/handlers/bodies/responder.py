"""What a responder's page sends."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from ...services.pages.answering import LinkStatus
from .fields import Body, Line, ReasonId, Word

DayText = Annotated[str, Meta(max_length=10, pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$(?!\n)")]


class LinkBody(Body, frozen=True, kw_only=True):
    """A responder's answer."""

    status: LinkStatus
    reason: ReasonId = ""


class TestBody(Body, frozen=True, kw_only=True):
    """That a phone is to be tested: `key` is of the page on which it was pressed, so that it is sent once."""

    key: Word


class AnswerBody(Body, frozen=True, kw_only=True):
    """Yes or no to what a colleague asked, or that what was asked for is taken back."""

    change: Word
    answer: Literal["yes", "no", "back"]


class CannotBody(Body, frozen=True, kw_only=True):
    """That somebody cannot: on `days` parted by blanks, or from `first` to `last`; why, in one word and their own."""

    key: Word
    reason: Literal["sick", "leave", "excused", "other"]
    days: Annotated[str, Meta(max_length=400, pattern=r"^[0-9 -]*$(?!\n)")] = ""
    first: DayText = ""
    last: DayText = ""
    why: Line = ""


class WishBody(Body, frozen=True, kw_only=True):
    """Whom somebody asks to take a `day`: `person`, or `person:day` for the day that they take in exchange."""

    key: Word
    day: DayText
    offer: Annotated[str, Meta(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9_:-]+$(?!\n)")]
    why: Line = ""
