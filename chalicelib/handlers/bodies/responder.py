"""What a responder's page sends."""

from __future__ import annotations

from ...services.pages.answering import LinkStatus
from .fields import Body, ReasonId


class LinkBody(Body, frozen=True, kw_only=True):
    """A responder's answer."""

    status: LinkStatus
    reason: ReasonId = ""
