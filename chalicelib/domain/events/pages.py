"""Events of pages and of SMS that came in."""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType

from .content import Content, Digest, Instant, OfAssignment


class OrderedPage(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A page that is written, and `to` which phone; `also` have the same. `amends`: it says what has changed; `because` and
    `backup` are the page's.
    """

    page: str
    kind: str
    assignment: str
    person: str
    to: Digest
    also: tuple[str, ...] = ()
    amends: bool = False
    because: str = ""
    backup: bool = False


class PagesRequested(Content, frozen=True, kw_only=True):
    """Pages that are written together; people in `left_out` have left the registry meanwhile."""

    pages: tuple[OrderedPage, ...]
    left_out: tuple[str, ...] = ()


class SettledPage(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of a page, and of its text a digest; `at` is when it was sent."""

    page: str
    person: str
    attempts: int
    body: Digest = ""
    at: Instant = ""
    maybe_repeat: bool = False
    may_have_left: bool = False


class PagesSettled(Content, frozen=True, kw_only=True):
    """What became of some pages; for assignments in `nobody_left` nobody is left to wait for."""

    pages: tuple[SettledPage, ...]
    nobody_left: tuple[str, ...] = ()


class PagesSent(PagesSettled, frozen=True, kw_only=True):
    """The provider took them, or they reached the phone."""


class PagesFailed(PagesSettled, frozen=True, kw_only=True):
    """The provider refused them for good."""


class PagesExpired(PagesSettled, frozen=True, kw_only=True):
    """They did not leave while they would have helped."""


class SmsReplyReceived(OfAssignment, frozen=True, kw_only=True):
    """An SMS that a person must read; of one that is only `counted` nothing is kept with the incident.

    `note` holds its text, `proposal` and `proposed_reason` what it may mean, '' where nothing can be told; for `paused_s`
    seconds nobody else is asked.
    """

    page: str
    note: str = ""
    text: Digest | UnsetType = UNSET
    sender: Digest | UnsetType = UNSET
    proposal: str
    proposed_reason: str | UnsetType = UNSET
    counted: bool = False
    paused_s: int = 0


class SmsReplyDismissed(OfAssignment, frozen=True, kw_only=True):
    """Somebody has read an SMS, the note `reply`, and it needed no step."""

    reply: str = ""
    counted: bool = False
