"""What is erased of an ended incident, and when: values go with their salt, the events stay, and one more says what went."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from .call import Call
from .decision import Decision
from .events import Draft, PersonalDataErased
from .incident import Incident
from .note import Note
from .page import Page
from .times import plus

DAY_S = 24 * 3600
# How long each kind is kept: of an incident and a drill after its end, of all else after its own time. docs/privacy.md says why.
DAYS: dict[str, int] = {
    "pages": 90,
    "calls": 365,
    "notes": 365,
    "narrative": 730,
    "drills": 365,
    "other_calls": 90,
    "blocks": 30,
    "unit_history": 365,
    "rosters": 365,
    "versions": 730,
}
# A week: by then no page's reply code, link or delivery report leads to an ended incident any more.
LEAST_DAYS = 7
OF_INCIDENT = ("pages", "calls", "notes", "narrative")
OF_DRILL = ("drills",)
# A transaction takes a hundred items.
AT_ONCE = 80


def next_kind(incident: Incident) -> str | None:
    """The first kind that still stands of an ended incident; None if none does, it is open, or a legal hold keeps all."""
    if incident.status == "open" or incident.hold:
        return None
    return next((kind for kind in _kinds(incident) if kind not in incident.erased), None)


def ended_before(kind: str, days: Mapping[str, int], now: str) -> str:
    """How early an incident whose first standing kind is this one must have ended, so that any of its data is due."""
    order = OF_DRILL if kind in OF_DRILL else OF_INCIDENT
    return plus(now, -DAY_S * min(days[each] for each in order[order.index(kind) :]))


def due(incident: Incident, days: Mapping[str, int], now: str) -> list[str]:
    """The kinds that still stand of an incident although their period has passed."""
    if next_kind(incident) is None:
        return []
    return [
        kind
        for kind in _kinds(incident)
        if kind not in incident.erased and plus(incident.closed_at or now, days[kind] * DAY_S) <= now
    ]


def by_age(
    incident: Incident,
    calls: Iterable[Call],
    notes: Iterable[Note],
    pages: Iterable[Page],
    days: Mapping[str, int],
    now: str,
) -> Decision:
    """Erase what is due, as much of it as one transaction takes; no draft if nothing is."""
    parts: dict[str, list[Any]] = {"calls": list(calls), "notes": list(notes)}
    parts["pages"] = parts["drills"] = list(pages)
    chosen: list[Any] = []
    gone = []
    kinds = due(incident, days, now)
    for kind in kinds:
        standing = [each for each in parts.get(kind, ()) if each.salt]
        ready = [each for each in standing if _ready(each, days[kind], now)][: AT_ONCE - len(chosen)]
        chosen += ready
        if len(ready) == len(standing):
            gone.append(kind)
    if not chosen and not gone:
        return Decision(incident=incident)
    erased = replace(incident, erased=(*incident.erased, *gone))
    rule = PersonalDataErased(because="retention", days={kind: days[kind] for kind in kinds}, erased=())
    return _erase(erased, chosen, narrative="narrative" in gone, rule=rule)


def of_caller(
    incident: Incident, calls: Sequence[Call], notes: Iterable[Note], number: str, record: int
) -> Decision:
    """Erase a caller's own data: calls and SMS; where nobody else has called, all that was written down of it too."""
    callers = {call.number for call in calls if call.incident_id == incident.id and call.salt}
    alone = callers == {number}
    chosen: list[Any] = [call for call in calls if call.salt and call.number == number]
    chosen += [note for note in notes if note.salt and (alone or note.number == number)]
    # Calls last: as long as one stands, the rest is found again by its number.
    chosen.sort(key=lambda each: isinstance(each, Call))
    if not chosen:
        return Decision(incident=incident)
    rule = PersonalDataErased(because="request", record=record, erased=())
    return _erase(incident, chosen[:AT_ONCE], narrative=alone and bool(incident.salt), rule=rule)


def noted(incident: Incident) -> Incident:
    """An incident that gets another note, whose period is its own."""
    erased = tuple(kind for kind in incident.erased if kind != "notes")
    return replace(incident, note_count=incident.note_count + 1, erased=erased)


def _kinds(incident: Incident) -> tuple[str, ...]:
    return OF_DRILL if incident.paging_drill else OF_INCIDENT


def _ready(part: Call | Note | Page, days: int, now: str) -> bool:
    """Whether nothing needs it any more: a note may be young, and a page's outcome not yet told."""
    if isinstance(part, Note):
        return plus(part.at, days * DAY_S) <= now
    return not isinstance(part, Page) or part.due_at is None


def _erase(
    incident: Incident, parts: Iterable[Any], *, narrative: bool, rule: PersonalDataErased
) -> Decision:
    decision = Decision(incident=blank_incident(incident) if narrative else incident)
    names = ["narrative"] if narrative else []
    for part in parts:
        if isinstance(part, Call):
            decision.calls.append(blank_call(part))
            names.append(f"call:{part.id}")
        elif isinstance(part, Note):
            decision.notes.append(
                replace(part, text="", number="", salt="", earlier=(), asks=None, was=None, details=())
            )
            names.append(f"note:{part.id}")
        else:
            decision.pages.append(_blank_page(part))
            names.append(f"page:{part.id}")
    decision.drafts.append(Draft(replace(rule, erased=tuple(names))))
    return decision


def blank_incident(incident: Incident) -> Incident:
    """Without what was said and the exact place; district and village stay, as statistics need them."""
    place = replace(incident.location, landmark="", lat=None, lng=None)
    return replace(incident, location=place, narrative="", salt="")


def blank_call(call: Call) -> Call:
    """That somebody called, and when, without who it was and what was said and noted."""
    reclassed = tuple(replace(each, why="") for each in call.reclassed)
    return replace(call, number="", note="", said=None, salt="", reclassed=reclassed)


def _blank_page(page: Page) -> Page:
    attempts = tuple(replace(each, detail="", message_id="") for each in page.attempts)
    return replace(
        page,
        name="",
        number="",
        body="",
        salt="",
        link="",
        reply="",
        undelivered=None,
        told=None,
        amends=None,
        attempts=attempts,
    )
