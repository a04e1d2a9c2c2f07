"""What somebody wants to practise."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from ...domain.practice import Round
from .fields import Body, Word


class SendBody(Body, frozen=True, kw_only=True):
    """One unit of the dispatcher's choice, perhaps instead of an assignment."""

    unit_id: Word
    insist: bool = False
    instead_of: Word | None = None


class PracticeBody(Body, frozen=True, kw_only=True):
    """A round with its story; `sms`: whether the account's own phone gets the SMS of a crew's round."""

    round: Round
    story: Word
    sms: Annotated[bool, Meta(description="to the phone of the account's own person, and to no other")] = (
        False
    )
