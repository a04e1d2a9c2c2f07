"""Events of notices: SMS that are no page."""

from __future__ import annotations

from .content import Content, Digest, Instant


class CallerNoticeRequested(Content, frozen=True, kw_only=True):
    """Whoever made a call is to be told that help is being sent; `to` is the call's own number."""

    call: str
    to: Digest


class CallerNoticeSettled(Content, frozen=True, kw_only=True):
    """What became of it: `sent`, `failed` for good, or `expired` unsent; `body` is a digest of its text without a salt, as the text
    holds nothing personal. Told once more where the provider's report says otherwise later.
    """

    call: str
    outcome: str
    attempts: int = 0
    body: Digest = ""
    at: Instant = ""
    may_have_left: bool = False
