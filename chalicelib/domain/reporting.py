"""Response times over ended incidents: fractiles by nearest rank, the share within target, and what was left out and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence, Set
from statistics import fmean
from typing import Literal, NamedTuple, get_args

from msgspec import Struct

from .drills import nearest_rank
from .facts import CrewFacts, Facts
from .registry import Target

By = Literal["agency", "type", "district"]
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
# The group of what happened nobody knew where.
UNKNOWN = "unknown"
# What is said of a milestone: fields of CrewFacts that name steps.
MARKS = ("late", "claimed", "corrected")


class Measure(Struct, frozen=True, kw_only=True):
    """One clock: `n` of `total` were measured, the others left out by reason; seconds by nearest rank, and their mean.

    `late_entry` of `n` rest on a milestone that was entered late, `claimed` on one whose time a person told, `corrected` on a
    time that was put right. `within_target` is of `with_target`, the measured
    ones that have a target.
    """

    total: int
    n: int
    mean_s: float | None
    p50_s: float | None
    p90_s: float | None
    p95_s: float | None
    late_entry: int
    claimed: int
    corrected: int
    with_target: int
    within_target: int
    share_within_target: float | None
    left_out: dict[str, int]


class Group(Struct, frozen=True, kw_only=True):
    """The clocks of every unit that was sent, and those of each incident, which end with the first unit on scene.

    `amended` of the `incidents` were: what is counted is how they stood at their end.
    """

    key: str
    incidents: int
    amended: int
    units: dict[str, Measure]
    firsts: dict[str, Measure]


class Report(Struct, frozen=True, kw_only=True):
    """Groups by key, and all of them together, in which an incident with two agencies counts once."""

    groups: list[Group]
    all: Group


class _Reading(Struct, frozen=True):
    """One clock read once: its seconds, or why it has none."""

    seconds: float | None
    reason: str = ""
    marks: frozenset[str] = frozenset()
    target_s: int | None = None


class _Tally:
    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.left_out: Counter[str] = Counter()
        self.marks: Counter[str] = Counter()
        self.with_target = self.within = 0

    def add(self, reading: _Reading) -> None:
        if reading.seconds is None:
            self.left_out[reading.reason] += 1
            return
        self.seconds.append(reading.seconds)
        self.marks.update(reading.marks)
        if reading.target_s is not None:
            self.with_target += 1
            self.within += reading.seconds <= reading.target_s

    def measure(self) -> Measure:
        return Measure(
            total=len(self.seconds) + self.left_out.total(),
            n=len(self.seconds),
            mean_s=round(fmean(self.seconds), 3) if self.seconds else None,
            p50_s=nearest_rank(self.seconds, 50),
            p90_s=nearest_rank(self.seconds, 90),
            p95_s=nearest_rank(self.seconds, 95),
            late_entry=self.marks["late"],
            claimed=self.marks["claimed"],
            corrected=self.marks["corrected"],
            with_target=self.with_target,
            within_target=self.within,
            share_within_target=round(self.within / self.with_target, 4) if self.with_target else None,
            left_out=dict(sorted(self.left_out.items())),
        )


def report(facts: Iterable[Facts], by: By, targets: Sequence[Target], own: str | None) -> Report:
    """Count what ended; `own` leaves only one agency's crews, and the incidents that it was sent to."""
    groups: dict[str, _GroupTally] = {}
    whole, aims = _GroupTally(), _Targets(targets)
    for each in facts:
        crews = [
            _Crew(crew, {clock: _of_unit(each, crew, clock, aims) for clock in UNIT_CLOCKS})
            for crew in each.crews
            if own in (None, crew.agency_id)
        ]
        if own is not None and not crews:
            continue
        firsts = _firsts(each, crews, aims)
        whole.add(each, crews, firsts)
        if by == "agency":
            for key in {crew.facts.agency_id for crew in crews}:
                part = [crew for crew in crews if crew.facts.agency_id == key]
                group = groups.setdefault(key, _GroupTally())
                group.add(each, part, firsts if len(part) == len(crews) else _firsts(each, part, aims))
        else:
            key = each.type if by == "type" else each.district or UNKNOWN
            groups.setdefault(key, _GroupTally()).add(each, crews, firsts)
    return Report(groups=[groups[key].group(key) for key in sorted(groups)], all=whole.group("all"))


class _Crew(NamedTuple):
    facts: CrewFacts
    readings: dict[str, _Reading]


class _GroupTally:
    def __init__(self) -> None:
        self._incidents = self._amended = 0
        self._units: dict[str, _Tally] = {clock: _Tally() for clock in UNIT_CLOCKS}
        self._firsts: dict[str, _Tally] = {clock: _Tally() for clock in CLOCKS}

    def add(self, facts: Facts, crews: list[_Crew], firsts: dict[str, _Reading]) -> None:
        self._incidents += 1
        self._amended += facts.amended > 0
        for crew in crews:
            for clock, reading in crew.readings.items():
                self._units[clock].add(reading)
        for clock, reading in firsts.items():
            self._firsts[clock].add(reading)

    def group(self, key: str) -> Group:
        return Group(
            key=key,
            incidents=self._incidents,
            amended=self._amended,
            units={clock: tally.measure() for clock, tally in self._units.items()},
            firsts={clock: tally.measure() for clock, tally in self._firsts.items()},
        )


class _Targets:
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


def _of_unit(facts: Facts, crew: CrewFacts, clock: str, aims: _Targets) -> _Reading:
    if facts.status == "cancelled":
        return _Reading(None, "incident_cancelled")
    start, end = ENDS[clock]
    missing = start if start and start not in crew.at else end if end not in crew.at else None
    if missing:
        return _Reading(None, crew.status if crew.status in ("unable", "cancelled") else f"no_{missing}")
    seconds = crew.at[end] - (crew.at[start] if start else 0)
    marks = {name for name in MARKS if {start, end} & {*getattr(crew, name)}}
    if start is None and "received_at" in facts.corrected:
        marks.add("corrected")
    return _measured(seconds, marks, aims.of(facts, crew.agency_id, clock))


def _firsts(facts: Facts, crews: list[_Crew], aims: _Targets) -> dict[str, _Reading]:
    """The incident's clocks: up to the first unit that was sent, from then those of the first one on scene, and the first one ready."""
    return {clock: _of_incident(facts, crews, clock, aims) for clock in CLOCKS}


def _of_incident(facts: Facts, crews: list[_Crew], clock: str, aims: _Targets) -> _Reading:
    if facts.status == "cancelled":
        return _Reading(None, "incident_cancelled")
    if clock in ("answering", "processing") and facts.answered_s is None:
        return _Reading(None, "no_answered")
    if clock == "answering":
        return _measured(facts.answered_s or 0.0, _of_call(facts), aims.of(facts, None, clock))
    if not crews:
        return _Reading(None, "no_unit")
    step = FIRST_BY.get(clock, "on_scene")
    reached = [crew for crew in crews if step in crew.facts.at]
    if not reached:
        return _Reading(None, f"no_{step}")
    first = min(reached, key=lambda crew: crew.facts.at[step])
    if clock != "processing":
        return first.readings[clock]
    seconds = first.facts.at[step] - (facts.answered_s or 0.0)
    return _measured(seconds, _of_call(facts), aims.of(facts, first.facts.agency_id, clock))


def _of_call(facts: Facts) -> set[str]:
    """What must be said of a clock that rests on when the call was received and answered."""
    return {"corrected"} if {"received_at", "answered_at"} & {*facts.corrected} else set()


def _measured(seconds: float, marks: Set[str], target_s: int | None) -> _Reading:
    # A slow clock may have stamped the call after what followed it.
    if seconds < 0:
        return _Reading(None, "negative")
    return _Reading(round(seconds, 3), marks=frozenset(marks), target_s=target_s)
