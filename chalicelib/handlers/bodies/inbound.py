"""What SMS providers and modems bring."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from ...services.pages.delivery import Outcome
from .fields import Body, Moment, Word


class InboundBody(Body, frozen=True, kw_only=True):
    """An SMS that reached us; `from` is E.164, or whatever name the sender bears; `at` is when it was received.

    None of them is too long: whatever an SMS says is kept.
    """

    id: Annotated[str, Meta(min_length=1)]
    from_: str = field(name="from")
    text: str
    at: Moment | None = None


class InboundQuery(Body, frozen=True, kw_only=True):
    """Whose form the message has."""

    provider: Literal["generic", "gammu"] = "generic"


class DeliveryBody(Body, frozen=True, kw_only=True):
    """What became of an SMS of ours: `reference` is the page's id that it was sent with, `message_id` the provider's own.

    `to` is the phone it went to, which tells apart what two modems count alike.
    """

    outcome: Outcome
    reference: Word | None = None
    message_id: Annotated[str, Meta(min_length=1, max_length=200)] | None = None
    to: Annotated[str, Meta(min_length=1, max_length=40)] | None = None
    at: Moment | None = None
    detail: Annotated[str, Meta(max_length=200)] = ""
