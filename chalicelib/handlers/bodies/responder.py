"""What a responder's page sends."""

from __future__ import annotations

from ...services.pages.answering import LinkStatus
from .fields import Body, ReasonId, Word


class LinkBody(Body, frozen=True, kw_only=True):
    """A responder's answer."""

    status: LinkStatus
    reason: ReasonId = ""


class TestBody(Body, frozen=True, kw_only=True):
    """That a phone is to be tested: `key` is of the page on which it was pressed, so that it is sent once."""

    key: Word
