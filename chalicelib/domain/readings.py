"""One clock of one incident or crew, read from its facts: its seconds, or why it has none."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Literal, get_args

from msgspec import Struct

from .facts import CrewFacts, Facts
from .registry import Target

UnitClock = Literal["handling", "turnout", "travel", "response", "ready"]
Clock = Literal["answering", "processing", "handling", "turnout", "travel", "response", "ready"]
UNIT_CLOCKS: tuple[UnitClock, ...] = get_args(UnitClock)
CLOCKS: tuple[Clock, ...] = get_args(Clock)
# From which milestone to which each clock of a unit runs; None is the receipt of the call.
ENDS: dict[str, tuple[str | None, str]] = {
    "handling": (None, "requested"),
    "turnout": ("requested", "en_route"),
    "travel": ("en_route", "on_scene"),
    "response": (None, "on_scene"),
    # The fire service's legal time (ADR 5).
    "ready": (None, "ready"),
}
# Which unit is the first of an incident, by clock: the first sent, on scene, or ready to act.
FIRST_BY = {"processing": "requested", "handling": "requested", "ready": "ready"}
# What is said of a milestone: fields of CrewFacts that name steps.
MARKS = ("late", "claimed", "corrected")


class Reading(Struct, frozen=True):
    """One clock read once: its seconds, or why it has none."""

    seconds: float | None
    reason: str = ""
    marks: frozenset[str] = frozenset()
    target_s: int | None = None


class Targets:
    """The seconds of the most specific target: by type, then by agency, then by category."""

    def __init__(self, targets: Sequence[Target]) -> None:
        self._targets = targets
        self._found: dict[tuple[str, str | None, str, str], int | None] = {}

    def of(self, facts: Facts, agency_id: str | None, clock: str) -> int | None:
        key = (clock, agency_id, facts.type, facts.category)
        if key not in self._found:
            fitting = [
                each
                for each in self._targets
                if each.measures == clock and each.concerns(agency_id, facts.type, facts.category)
            ]
            best = max(
                fitting,
                key=lambda each: (bool(each.type_id), bool(each.agency_id), bool(each.category)),
                default=None,
            )
            self._found[key] = best.seconds if best else None
        return self._found[key]


def of_unit(facts: Facts, crew: CrewFacts, clock: str, aims: Targets) -> Reading:
    """One unit's clock."""
    if facts.status == "cancelled":
        return Reading(None, "incident_cancelled")
    start, end = ENDS[clock]
    missing = start if start and start not in crew.at else end if end not in crew.at else None
    if missing:
        return Reading(None, crew.status if crew.status in ("unable", "cancelled") else f"no_{missing}")
    seconds = crew.at[end] - (crew.at[start] if start else 0)
    marks = {name for name in MARKS if {start, end} & {*getattr(crew, name)}}
    if start is None and "received_at" in facts.corrected:
        marks.add("corrected")
    return _measured(seconds, marks, aims.of(facts, crew.agency_id, clock))


def first_by(crews: Sequence[CrewFacts], clock: str) -> CrewFacts | None:
    """The crew whose a clock of the incident is: the first sent, from then on the first on scene, and the first ready to act."""
    step = FIRST_BY.get(clock, "on_scene")
    return min((crew for crew in crews if step in crew.at), key=lambda crew: crew.at[step], default=None)


def of_incident(facts: Facts, crews: Sequence[CrewFacts], clock: str, aims: Targets) -> Reading:
    """The incident's clock, of these of its crews."""
    if facts.status == "cancelled":
        return Reading(None, "incident_cancelled")
    if clock in ("answering", "processing") and facts.answered_s is None:
        return Reading(None, "no_answered")
    if clock == "answering":
        return _measured(facts.answered_s or 0.0, _of_call(facts), aims.of(facts, None, clock))
    if not crews:
        return Reading(None, "no_unit")
    first = first_by(crews, clock)
    if first is None:
        return Reading(None, f"no_{FIRST_BY.get(clock, 'on_scene')}")
    if clock != "processing":
        return of_unit(facts, first, clock, aims)
    seconds = first.at["requested"] - (facts.answered_s or 0.0)
    return _measured(seconds, _of_call(facts), aims.of(facts, first.agency_id, clock))


def _of_call(facts: Facts) -> set[str]:
    """What must be said of a clock that rests on when the call was received and answered."""
    return {"corrected"} if {"received_at", "answered_at"} & {*facts.corrected} else set()


def _measured(seconds: float, marks: Set[str], target_s: int | None) -> Reading:
    # A slow clock may have stamped the call after what followed it.
    if seconds < 0:
        return Reading(None, "negative")
    return Reading(round(seconds, 3), marks=frozenset(marks), target_s=target_s)
