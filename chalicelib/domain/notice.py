"""Notices: SMS that are no page. They wait for every page, have a budget of their own, and are dropped rather than sent late.

Word back to a caller belongs to an incident, whose trail tells it; a notice to a person of the registry belongs to nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from . import ids, times
from .assignment import active
from .call import Call
from .events import CallerNoticeRequested, CallerNoticeSettled, Event
from .incident import Incident
from .page import Attempt, PageStatus

# Later than this the word that help is being sent helps nobody.
KEPT_S = 900
# What concerns somebody's duty is of use for days, and what became of it may be asked about for a month.
PERSONAL_KEPT_S = 2 * 24 * 3600
SETTLED_KEPT_S = 30 * 24 * 3600
# The sender comes each minute: three of its turns have passed by what is over for so long.
OVERDUE_S = 180
TOLD_AS: dict[str, str] = {"sent": "sent", "delivered": "sent", "failed": "failed", "expired": "expired"}


class Notice(Struct, frozen=True, kw_only=True):
    """One SMS that is no page; `due_at` is when somebody must look at it again, None when nothing is left to do.

    `caller` is the word back to whoever called: its `id` is the call's, so that there is one a call. Its number is the call's
    and stands nowhere else; its text holds nothing personal. One to a person of the registry has a `person_id` and no incident:
    its number and language are the person's when it leaves, `values` fill the text of its kind and go once it is settled, and
    `due_at` then is when its item goes. The rest is as in a page.
    """

    id: str
    incident_id: str
    kind: str
    by: str
    status: PageStatus
    requested_at: str
    expires_at: str
    due_at: str | None
    claimed_at: str | None = None
    claim_id: str = ""
    sent_at: str | None = None
    delivered_at: str | None = None
    undelivered: Attempt | None = None
    attempts: tuple[Attempt, ...] = ()
    body: str = ""
    salt: str = ""
    person_id: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def acknowledged_at(self) -> str | None:
        """Nobody answers a notice."""
        return None


def word_back(call: Call, incident: Incident, by: str, now: str) -> Notice:
    """The word back to a caller, as it is ordered."""
    return Notice(
        id=call.id,
        incident_id=incident.id,
        kind="caller",
        by=by,
        status="pending",
        requested_at=now,
        expires_at=times.plus(now, KEPT_S),
        due_at=now,
    )


class Word(NamedTuple):
    """What is to be told to a person: a kind of text, about what, so that it is told once, what fills it, and how long it is of use."""

    kind: str
    about: str
    values: Mapping[str, str]
    kept_s: int = PERSONAL_KEPT_S


def to_person(person_id: str, word: Word, by: str, now: str) -> Notice:
    """An SMS to a person of the registry, as it is ordered; the same word has the same id."""
    return Notice(
        id=ids.named("notice", person_id, word.kind, word.about),
        incident_id="",
        kind=word.kind,
        by=by,
        status="pending",
        requested_at=now,
        expires_at=times.plus(now, word.kept_s),
        due_at=now,
        person_id=person_id,
        values=word.values,
    )


SHEET = "duty_sheet"


def of_sheet(about: str, words: Mapping[str, str], by: str, now: str) -> Notice:
    """What the publishing of a month sheet has to tell, by person, as one item until each has a word of their own."""
    return to_person(SHEET, Word(SHEET, about, words), by, now)


def settled(notice: Notice) -> Notice:
    """A person's notice of which nothing is left to do but to forget it, without what it said."""
    due_at = times.plus(notice.requested_at, SETTLED_KEPT_S)
    return replace(without_ids(notice), values={}, body="", salt="", due_at=due_at)


def over(notice: Notice, now: str) -> bool:
    """Whether nobody will ask any more what became of a person's notice."""
    return now >= times.plus(notice.requested_at, SETTLED_KEPT_S)


def help_comes(incident: Incident) -> bool:
    """Whether it is true that help is being sent: in earnest, and some crew is asked or comes."""
    return (
        incident.status == "open"
        and not incident.drill
        and any(active(each.status) for each in incident.crews)
    )


def without_ids(notice: Notice) -> Notice:
    """A notice without the provider's ids of its message, by which its provider knows the number: reports name it by its own."""
    return replace(notice, attempts=tuple(replace(each, message_id="") for each in notice.attempts))


def requested(events: Iterable[Event]) -> list[str]:
    """The calls whose callers were to be told, by what an incident's events say."""
    contents = (event.content for event in events)
    return [each.call for each in contents if isinstance(each, CallerNoticeRequested)]


def forgotten(events: Iterable[Event], now: str) -> list[str]:
    """The notices of which an incident's events do not say what became of them, long after they were of any use."""
    waiting: list[str] = []
    latest = times.plus(now, -(KEPT_S + OVERDUE_S))
    for event in events:
        content = event.content
        if isinstance(content, CallerNoticeRequested) and event.recorded_at < latest:
            waiting.append(content.call)
        elif isinstance(content, CallerNoticeSettled) and content.call in waiting:
            waiting.remove(content.call)
    return waiting
