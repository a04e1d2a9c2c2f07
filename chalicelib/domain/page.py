"""The state machine of a page: pending, sending, sent; delivered, failed or expired; a repeat beats a loss."""

from __future__ import annotations

from typing import Literal

from msgspec.structs import replace

from . import times
from .incident import Attempt, Page

CLAIM_S = 30
RETRY_S = (2, 5, 10, 20, 30, 60)
LONGEST_RETRY_S = 120
EVIDENCE_S = 15

Step = Literal["send", "expire", "wait", "evidence", "nothing"]


def next_step(page: Page, now: str, *, wanted: bool, earlier_done: bool = True) -> Step:
    """What a worker that was woken for this page must do now.

    `wanted` is False once the incident or assignment no longer needs the page; `earlier_done` is False while an
    earlier message to the same phone is still on its way.
    """
    if page.status in ("pending", "sending"):
        if page.status == "sending" and _within(page.claimed_at or now, now, CLAIM_S):
            return "wait"
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


def maybe_repeat(page: Page) -> bool:
    """Whether the next message may be a repeat: nobody knows what became of an earlier one."""
    return page.status == "sending" or _one_is_lost_sight_of(page)


def may_have_left(page: Page) -> bool:
    """Whether the message is or may be on the person's phone."""
    sent_once = any(attempt.outcome == "sent" for attempt in page.attempts)
    return sent_once or page.claimed_at is not None or _one_is_lost_sight_of(page)


def _one_is_lost_sight_of(page: Page) -> bool:
    return any(attempt.maybe_repeat or attempt.may_be_taken for attempt in page.attempts)


def claim(page: Page, now: str, claim_id: str) -> Page:
    """Taken for sending; whoever's conditional write succeeds sends it, and knows it again by the claim's id."""
    due_at = times.plus(now, CLAIM_S)
    return replace(page, status="sending", claimed_at=now, claim_id=claim_id, due_at=due_at)


def sent(page: Page, attempt: Attempt, body: str, salt: str) -> Page:
    """Accepted by the provider; due again until an event says so."""
    return replace(
        page,
        status="sent",
        sent_at=page.sent_at or attempt.at,
        attempts=(*page.attempts, attempt),
        body=body,
        salt=salt,
        due_at=times.plus(attempt.at, EVIDENCE_S),
    )


def retry(page: Page, attempt: Attempt, asked_s: float = 0) -> Page:
    """Not accepted this time; pending again after a pause that grows with the attempts, or the one asked for."""
    # A provider that asks for an hour is asked again before the page is too old to help.
    pause = min(max(RETRY_S[min(len(page.attempts), len(RETRY_S) - 1)], asked_s), LONGEST_RETRY_S)
    return replace(
        page,
        status="pending",
        claimed_at=None,
        attempts=(*page.attempts, attempt),
        due_at=times.plus(attempt.at, pause),
    )


def failed(page: Page, attempt: Attempt) -> Page:
    """Refused for good; due until an event and the desk say so."""
    return replace(
        page,
        status="failed",
        claimed_at=None,
        attempts=(*page.attempts, attempt),
        due_at=times.plus(attempt.at, EVIDENCE_S),
    )


def expired(page: Page, now: str) -> Page:
    """Too old to help, or no longer wanted; due until an event says so."""
    return replace(page, status="expired", due_at=times.plus(now, EVIDENCE_S))


def evidenced(page: Page) -> Page:
    """Its outcome stands in an event; nothing is left to do."""
    return replace(page, due_at=None)
