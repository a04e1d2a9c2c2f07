"""A page, and its state machine, which a notice shares: pending, sending, sent; delivered, failed or expired; a repeat beats a loss."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from . import times
from .incident import PageKind, Told
from .registry import Language

if TYPE_CHECKING:
    from .notice import Notice

CLAIM_S = 30
RETRY_S = (2, 5, 10, 20, 30, 60)
LONGEST_RETRY_S = 120
EVIDENCE_S = 15

Step = Literal["send", "expire", "wait", "arrived", "evidence", "nothing"]
PageStatus = Literal["pending", "sending", "sent", "delivered", "failed", "expired"]
Handed = Literal["sent", "retry", "failed"]


class Attempt(Struct, frozen=True, kw_only=True):
    """One try to hand a page to the provider; `may_be_taken`: nobody knows whether it took the message.

    `sent` says that the provider took it over, not that it arrived. `barred`: it takes no message of ours, to whomever.
    """

    at: str
    provider: str
    outcome: Handed
    detail: str = ""
    message_id: str = ""
    maybe_repeat: bool = False
    may_be_taken: bool = False
    barred: bool = False


class Page(Struct, frozen=True, kw_only=True):
    """One message to one person; `due_at` is when somebody must look at it again, None when nothing is left to do.

    `delivered_at` is when it reached the phone, `undelivered` what a delivery report said of a message that the provider's
    answer was not yet written down of.

    A `bulk` one waits for its turn within the provider's rate, so that the first pages of other incidents overtake it.
    `also` are the others of its crew whose phone it is too: `name` has them all, and its answer is the phone's, not one's own.
    `again` is as in its order. `opened_at` is when its link was last opened, as far as that matters.

    `told` is what its words are made of, since it was taken for sending, `amends` what that phone was told before, where it
    says what has changed. Both are personal data; a release that does not know them sends an ordinary page.

    `backup` is a call-out to somebody who is asked because the crew has not answered. A cancellation with a `because` tells
    that somebody is not needed any more: its crew is `answered` for, said `unable`, or the incident has `ended`; without one
    the desk has called the crew off. A kind of its own would be read by no older release (ADR 21).
    """

    id: str
    incident_id: str
    assignment_id: str
    kind: PageKind
    person_id: str
    agency_id: str
    name: str
    number: str
    language: Language
    demo: bool
    status: PageStatus
    requested_at: str
    expires_at: str
    due_at: str | None
    link: str = ""
    reply: str = ""
    after: str = ""
    claimed_at: str | None = None
    claim_id: str = ""
    sent_at: str | None = None
    delivered_at: str | None = None
    undelivered: Attempt | None = None
    acknowledged_at: str | None = None
    attempts: tuple[Attempt, ...] = ()
    body: str = ""
    salt: str = ""
    reports: int = 0
    bulk: bool = False
    also: tuple[str, ...] = ()
    again: bool = False
    opened_at: str | None = None
    told: Told | None = None
    amends: Told | None = None
    because: str = ""
    backup: bool = False

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody whom it is for: more than one where they share a phone."""
        return (self.person_id, *self.also)


# A notice lives as a page does, and is made of the same attempts.
M = TypeVar("M", Page, "Notice")


def next_step(page: Page | Notice, now: str, *, wanted: bool, earlier_done: bool = True) -> Step:
    """What a worker that was woken for this page must do now.

    `wanted` is False once the incident or assignment no longer needs the page; `earlier_done` is False while an
    earlier message to the same phone is still on its way.
    """
    if page.status in ("pending", "sending"):
        if page.status == "sending" and _within(page.claimed_at or now, now, CLAIM_S):
            return "wait"
        if page.delivered_at:
            return "arrived"
        if not wanted or now >= page.expires_at:
            return "expire"
        # Until it is tried, `due_at` only says when the sweep must have a look.
        if page.status == "pending" and page.attempts and page.due_at and now < page.due_at:
            # No pause is longer: the clock was set back.
            return "wait" if _within(page.due_at, now, LONGEST_RETRY_S + 1) else "send"
        return "send" if earlier_done else "wait"
    return "evidence" if page.due_at else "nothing"


def _within(claimed_at: str, now: str, longest_s: float) -> bool:
    """Whether an instant is that recent; one as far in the future was written before the clock was set back."""
    return abs(times.between(claimed_at, now) or 0) < longest_s


def maybe_repeat(page: Page | Notice) -> bool:
    """Whether the next message may be a repeat: nobody knows what became of an earlier one."""
    return page.status == "sending" or _one_is_lost_sight_of(page)


def may_have_left(page: Page | Notice) -> bool:
    """Whether the message is or may be on the person's phone."""
    sent_once = any(attempt.outcome == "sent" for attempt in page.attempts)
    arrived = sent_once or page.delivered_at is not None
    return arrived or page.claimed_at is not None or _one_is_lost_sight_of(page)


def barred(page: Page | Notice) -> bool:
    """Whether at the last try the provider took no message of ours, to whomever."""
    return bool(page.attempts) and page.attempts[-1].barred


def _one_is_lost_sight_of(page: Page | Notice) -> bool:
    return any(attempt.maybe_repeat or attempt.may_be_taken for attempt in page.attempts)


def claim(page: M, now: str, claim_id: str) -> M:
    """Taken for sending; whoever's conditional write succeeds sends it, and knows it again by the claim's id."""
    due_at = times.plus(now, CLAIM_S)
    return replace(page, status="sending", claimed_at=now, claim_id=claim_id, due_at=due_at, undelivered=None)


def sent(page: M, attempt: Attempt, body: str, salt: str) -> M:
    """Accepted by the provider; due again until an event says so. A delivery report may have come before."""
    after = replace(
        page,
        status="delivered" if page.delivered_at else "sent",
        sent_at=page.sent_at or attempt.at,
        attempts=(*page.attempts, attempt),
        body=body,
        salt=salt,
        due_at=times.plus(attempt.at, EVIDENCE_S),
        undelivered=None,
    )
    return undelivered(after, page.undelivered) if page.undelivered else after


def retry(page: M, attempt: Attempt, asked_s: float = 0) -> M:
    """Not accepted this time; pending again after a pause that grows with the attempts, or the one asked for."""
    # A provider that asks for an hour is asked again before the page is too old to help.
    pause = min(max(RETRY_S[min(len(page.attempts), len(RETRY_S) - 1)], asked_s), LONGEST_RETRY_S)
    return replace(
        page,
        status="pending",
        claimed_at=None,
        attempts=(*page.attempts, attempt),
        due_at=times.plus(attempt.at, pause),
        undelivered=None,
    )


def failed(page: M, attempt: Attempt) -> M:
    """Refused for good, which takes back no earlier message that arrived; due until an event and the desk say so."""
    return replace(
        page,
        status="delivered" if page.delivered_at else "failed",
        claimed_at=None,
        attempts=(*page.attempts, attempt),
        due_at=times.plus(attempt.at, EVIDENCE_S),
        undelivered=None,
    )


def expired(page: M, now: str) -> M:
    """Too old to help, or no longer wanted; due until an event says so."""
    reported: tuple[Attempt, ...] = (page.undelivered,) if page.undelivered else ()
    return replace(
        page,
        status="expired",
        attempts=(*page.attempts, *reported),
        undelivered=None,
        due_at=times.plus(now, EVIDENCE_S),
    )


def arrived(page: M) -> M:
    """On the phone by its delivery report alone, as nobody wrote down that it left; due until an event says so."""
    provider = page.attempts[-1].provider if page.attempts else ""
    at = page.delivered_at or page.requested_at
    known = Attempt(at=at, provider=provider, outcome="sent", detail="known by its delivery report")
    return sent(page, known, page.body, page.salt)


def delivered(page: M, at: str, now: str) -> M:
    """The provider says that the phone has it, which nothing takes back and which says nothing of the person.

    A page that never left is not delivered, whoever says so. `at` is brought between the sending and now.
    """
    if page.delivered_at or not may_have_left(page):
        return page
    after = replace(page, delivered_at=min(max(at, page.sent_at or page.requested_at), now))
    if page.status in ("pending", "sending"):
        return after  # Whoever has it in hand writes it down, or `next_step` says that it has arrived.
    if page.status == "sent":
        return replace(after, status="delivered")
    # The trail says that it failed or expired, and must say otherwise.
    known = after if after.sent_at else arrived(after)
    return replace(known, status="delivered", due_at=times.plus(now, EVIDENCE_S))


def undelivered(page: M, attempt: Attempt) -> M:
    """The provider says that it will not reach the phone: failed, unless it is known there or is sent again anyway."""
    last = page.attempts[-1].message_id if page.attempts else ""
    another = attempt.message_id and last and attempt.message_id != last
    if page.delivered_at or page.acknowledged_at or another:
        return page
    if page.status == "sending":
        return page if page.undelivered else replace(page, undelivered=attempt)
    return failed(page, attempt) if page.status == "sent" else page


def evidenced(page: M) -> M:
    """Its outcome stands in an event; nothing is left to do."""
    return replace(page, due_at=None)
