"""Which open incidents need a person now, why, and what is to be done next: the one rule, which every screen words alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from typing import Literal

from msgspec import Struct

from . import aside
from .coming import Coming, State
from .incident import Attention, Incident

Why = Literal[
    "nobody",
    "gone",
    "done",
    "unanswered",
    "unreached",
    "unsent",
    "review",
    "unit_free",
    "no_acknowledgement",
    "reply_unread",
    "reply",
    "page_failed",
    "page_expired",
    "no_movement",
    "late_answer",
    "shortfall",
    "audit",
]
Act = Literal["send", "close", "ring", "read", "review", "look"]
ACTS: dict[Why, Act] = {
    "nobody": "send",
    "gone": "send",
    "done": "close",
    "unanswered": "ring",
    "unreached": "ring",
    "unsent": "ring",
    "review": "review",
    "unit_free": "send",
    "no_acknowledgement": "ring",
    "reply_unread": "read",
    "reply": "read",
    "page_failed": "ring",
    "page_expired": "ring",
    "no_movement": "ring",
    "late_answer": "look",
    "shortfall": "send",
    "audit": "look",
}
# Of several, what is asked for first.
ORDER: tuple[Why, ...] = tuple(ACTS)
# Red: nobody is coming, or a crew must be rung up before anybody does.
URGENT: frozenset[Why] = frozenset(
    {"nobody", "gone", "done", "unanswered", "unreached", "unsent", "no_acknowledgement"}
)
# What whoever sets an incident aside has seen; an SMS must be read all the same.
SEEN_WITH_IT: frozenset[Why] = frozenset(
    {"no_acknowledgement", "page_failed", "page_expired", "no_movement", "shortfall"}
)
# What the auditor wrote down of who is coming is older than what `coming` says now.
SAID_NOW = frozenset({"nobody", "idle"})
THERE: State = "on_scene"


class Alarm(Struct, frozen=True, kw_only=True):
    """What an incident asks for first; `detail` is the mark's, an assignment's id mostly, or the unit that came free."""

    why: Why
    act: Act
    urgent: bool
    since: str
    detail: str = ""


def alarm(
    incident: Incident,
    found: Coming | None,
    marks: Iterable[Attention],
    now: str,
    free: Set[str] = frozenset(),
) -> Alarm | None:
    """What needs a person, by who is coming and the marks that the reader may see; None while nothing does.

    `free` are the units that could be sent now: what waits for one of them is worth a look before its time.
    """
    asked = _asked(incident, found, marks, now, free)
    return min(asked, key=lambda each: ORDER.index(each.why), default=None)


def _asked(
    incident: Incident, found: Coming | None, marks: Iterable[Attention], now: str, free: Set[str]
) -> Iterator[Alarm]:
    set_aside = incident.aside if found and aside.resting(incident, found.state, now) else None
    if found and found.alarm:
        review = found.state in aside.MAY_WAIT and aside.passed(incident, now)
        yield _of("review" if review else found.state, found.since)  # type: ignore[arg-type]
    if set_aside and set_aside.awaits in free:
        yield _of("unit_free", set_aside.at, set_aside.awaits)
    # An agency sees who of its own answered late on the incident's page.
    for late in incident.late if found else ():
        yield _of("late_answer", late.at, late.assignment_id)
    for mark in marks:
        if mark.code == "audit" and mark.detail in SAID_NOW:
            continue
        if set_aside and mark.code in SEEN_WITH_IT and mark.at <= set_aside.at:
            continue
        # Whoever is there says what is lacking: until then the desk must find the rest.
        if mark.code == "shortfall" and found and found.state == THERE:
            continue
        yield _of(mark.code, mark.at, mark.detail)


def _of(why: Why, since: str, detail: str = "") -> Alarm:
    return Alarm(why=why, act=ACTS[why], urgent=why in URGENT, since=since, detail=detail)
