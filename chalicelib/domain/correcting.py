"""Putting right what was recorded: which times fit, and what an assignment, a call and a note are after it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from ..faults import Fault
from . import times
from .assignment import ORDER, Assignment
from .call import Call
from .incident import Incident
from .note import Note, Wording
from .trail import once_more

# Nothing was a day before what is known of it.
DAY_S = 24 * 3600
# What a person reports; when a unit was asked is the system's own.
STEPS = ORDER[1:]
# What ends a crew's way stands behind all of its steps.
WAY = (*ORDER, "unable", "cancelled")
# Of a call, what its times follow each other in.
CALL_TIMES = ("received_at", "answered_at")


def step_faults(assignment: Assignment, given: Mapping[str, str], now: str) -> Iterator[Fault]:
    """Why these times cannot be those of a crew's steps, whoever insists."""
    for step, at in given.items():
        if step not in assignment.milestones and not _passed(assignment, step):
            yield Fault(f"times.{step}", "step_not_reached")
        elif assignment.milestones.get(step) == at:
            yield Fault(f"times.{step}", "unchanged")
        if at > now:
            yield Fault(f"times.{step}", "in_future")
        elif at < times.plus(min(assignment.milestones.values(), default=now), -DAY_S):
            yield Fault(f"times.{step}", "too_old")


def _passed(assignment: Assignment, step: str) -> bool:
    """Whether a crew went past a step that nobody reported."""
    return assignment.status not in ORDER or ORDER.index(step) < ORDER.index(assignment.status)


def order_faults(assignment: Assignment, given: Mapping[str, str]) -> Iterator[Fault]:
    """Where a crew's steps would follow each other otherwise than in their order, which somebody may insist on."""
    whole = {**assignment.milestones, **given}
    way = [step for step in WAY if step in whole]
    for step in (step for step in way if step in given):
        place = way.index(step)
        for other in way[:place]:
            if whole[other] > whole[step]:
                yield _out_of_order(f"times.{step}", other, whole[other])
        for other in way[place + 1 :]:
            if whole[other] < whole[step]:
                yield _out_of_order(f"times.{step}", other, whole[other])


def _out_of_order(path: str, other: str, at: str) -> Fault:
    return Fault(path, "out_of_order", {"step": other, "time": at})


def with_times(assignment: Assignment, given: Mapping[str, str]) -> Assignment:
    """The assignment with its steps at other times."""
    corrected = assignment.corrected
    for step in given:
        corrected = once_more(corrected, step)
    return replace(assignment, milestones={**assignment.milestones, **given}, corrected=corrected)


def call_faults(call: Call, given: Mapping[str, str], now: str) -> Iterator[Fault]:
    """Why these cannot be when a call was received and answered, whoever insists."""
    for what, at in given.items():
        if getattr(call, what) == at:
            yield Fault(what, "unchanged")
        if at > now:
            yield Fault(what, "in_future")
        elif at < times.plus(call.received_at, -DAY_S):
            yield Fault(what, "too_old")


def call_order_faults(call: Call, given: Mapping[str, str], opened_at: str) -> Iterator[Fault]:
    """Where a call would be answered before it was received, or an incident opened ('' for none by it) before its call."""
    received, answered = (given.get(what) or getattr(call, what) for what in CALL_TIMES)
    if answered and answered < received:
        yield from (Fault(what, "answered_before_received") for what in given)
    for what, at in given.items():
        if opened_at and at > opened_at:
            yield _out_of_order(what, "opened", opened_at)


def with_call_times(incident: Incident, given: Mapping[str, str]) -> Incident:
    """The incident whose opening call was received or answered at other times."""
    corrected = incident.corrected
    for what in given:
        corrected = once_more(corrected, what)
    return replace(incident, **given, corrected=corrected)


def reworded(note: Note, text: str, by: str, now: str) -> Note:
    """The note with another text; what it said stays beside it."""
    return replace(note, text=text, earlier=(*note.earlier, Wording(text=note.text, until=now, by=by)))


def waiting(notes: Sequence[Note]) -> int:
    """How much somebody asks to be put right that waits for an answer."""
    return sum(note.asks is not None and note.asks.status == "waiting" for note in notes)
