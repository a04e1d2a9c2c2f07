"""A call that goes from one operator to another."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from .fields import AsTyped, Body, Word


class HandoverBody(Body, frozen=True, kw_only=True):
    """To whom a call goes, and the desk's form as it is, as JSON that its page alone reads."""

    to: Word
    draft: AsTyped


class HandoversQuery(Body, frozen=True, kw_only=True):
    """Those handed `to` an account, '' for those that wait for you."""

    to: Annotated[str, Meta(max_length=64, pattern=r"^[A-Za-z0-9_-]*$(?!\n)")] = ""
