"""How often one thing may be done: every route that adds an event, a note or an SMS is bounded here.

None of these refuses what saves: a call, a step that a crew takes, a unit that was not sent yet, a cancellation.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from . import times
from .assignment import Assignment, Rung
from .incident import Incident

# An incident is answered whole, and Lambda answers with 6 MB at most.
NOTES_MOST = 500
# Beyond it the supervisor still writes, and legal hold still says why, whoever has filled the rest.
NOTES_RESERVED = 100
HOLDS_RESERVED = 50
# Of 0.4 KB each as they are answered. A disaster of 60 units and 480 people has some 400 and, its pages with them, 0.8 MB.
EVENTS_LARGE = 3000
EVENTS_MOST = 9000
REOPENED_MOST = 20
# What may wait in one incident to be put right, and how often a note may be.
ASKED_MOST = 20
REWORDED_MOST = 20
# An ambulance that carries people from a flood all day is sent there more often in all.
SENT_AN_HOUR = 10
# Of reports that move nothing: a link's, and the desk's of one crew.
REPEATS_KEPT = 20
RUNG_MOST = 100
HOUR_S = 3600
REVEALED_AN_HOUR = 20
# Searches for a caller's number by one account.
NUMBERS_SOUGHT_AN_HOUR = 60
# How often one call is rung back.
RUNG_BACK_AN_HOUR = 20
# Each keeps what stood before: some KB, of an incident that is answered whole.
AMENDED_MOST = 100
OUT_OF_SERVICE_AN_HOUR = 20
BLOCKED_AN_HOUR = 60
# Paging drills of one agency.
DRILLS_A_DAY = 12
DRILL_PAUSE_S = 600


def notes_full(incident: Incident, *, supervises: bool) -> bool:
    """Whether somebody may write no more notes into an incident."""
    return incident.note_count >= NOTES_MOST + (NOTES_RESERVED if supervises else 0)


def holds_full(incident: Incident) -> bool:
    """Whether a legal hold can no longer say why."""
    return incident.note_count >= NOTES_MOST + NOTES_RESERVED + HOLDS_RESERVED


def full(incident: Incident) -> bool:
    """Whether an incident takes nothing more that is not needed to save or to end it."""
    return incident.seq >= EVENTS_MOST


def sent_too_often(assignments: Iterable[Assignment], unit_id: str, now: str) -> bool:
    """Whether a unit was sent to one incident more often within an hour than anybody does who means it."""
    since = times.plus(now, -HOUR_S)
    asked = (each.milestones.get("requested", "") for each in assignments if each.unit_id == unit_id)
    return sum(at > since for at in asked) >= SENT_AN_HOUR


def rang(assignment: Assignment, person: str, by: str, now: str) -> tuple[Assignment, int]:
    """The assignment with one more call that nobody picked up, and how many there were by this account to this person."""
    same = [each for each in assignment.rung if (each.person, each.by) == (person, by)]
    times = same[0].times + 1 if same else 1
    others = [each for each in assignment.rung if each not in same][-(RUNG_MOST - 1) :]
    rung = (*others, Rung(person=person, by=by, times=times, last_at=now))
    return replace(assignment, rung=rung), times


def told(times: int) -> bool:
    """Whether the trail tells of the so-manieth time: of the first three, and then of each 5, 10, 20, 50, 100 and so on."""
    if times <= 3:
        return True
    while times % 10 == 0:
        times //= 10
    return times in (1, 2, 5)


def large(incident: Incident) -> bool:
    """Whether an incident has grown so much that soon it cannot be read at once."""
    return incident.seq >= EVENTS_LARGE
