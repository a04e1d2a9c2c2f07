"""Figures that open: each agency that was called to an incident is one case, counted by a clock or left out for a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from statistics import fmean
from typing import Literal, NamedTuple

from msgspec import Struct

from . import times
from .drills import nearest_rank
from .facts import CrewFacts, Facts
from .readings import CLOCKS, Clock, Reading, Targets, first_by, of_incident
from .registry import Target

# What the figures follow from is another with each number; docs/figures.md says how they are counted.
METHOD = 1
# Below so many cases a percentile is one of them or the other: they are shown as cases.
FEW = 30
# The last minute holds all that took longer.
MINUTES = 60

# `target` is an agency's own clock: that of its target, which for the fire service runs until it is ready to act.
AnyClock = Literal["target", "answering", "processing", "handling", "turnout", "travel", "response", "ready"]
By = Literal[
    "agency", "type", "category", "priority", "district", "terrain", "unit", "hour", "weekday", "month"
]
# Why a case has no figure, the first that holds of any of its agency's crews.
REASONS = ("incident_cancelled", "unable", "unanswered", "cancelled")
UNKNOWN = "unknown"
# Of the day shift; the rest is night.
DAY_HOURS = range(7, 19)


class Chosen(Struct, frozen=True, kw_only=True):
    """Which cases; what is None is not asked for. Hours and days are local, of when the incident was opened."""

    agency_id: str | None = None
    type: str | None = None
    category: str | None = None
    district: str | None = None
    priority: int | None = None
    terrain: str | None = None
    unit_id: str | None = None
    hours: Literal["day", "night"] | None = None
    days: Literal["working", "weekend"] | None = None


class Case(NamedTuple):
    """An agency at an incident: the crew by which it is counted, or the first of those that were not; `out` is '' if it is counted."""

    facts: Facts
    agency_id: str
    crew: CrewFacts
    clock: Clock
    reading: Reading
    out: str

    @property
    def late(self) -> bool:
        """Whether it took longer than its target, if it has one."""
        seconds, target_s = self.reading.seconds, self.reading.target_s
        return seconds is not None and target_s is not None and seconds > target_s


class Clocked(Struct, frozen=True, kw_only=True):
    """So many cases: `called` = `counted` + all `left_out`. Seconds by nearest rank.

    `late` of `with_target` took longer than theirs; `target_s` is None where they have several, or none. `clocks` are those by
    which they were counted. `minutes` has, for each minute of the first hour and once for all beyond, how many were in time, or had no target, and how many late.
    `late_entry`, `claimed`, `corrected` and `amended` say on what they rest.
    """

    key: str
    called: int
    counted: int
    left_out: dict[str, int]
    mean_s: float | None
    p50_s: float | None
    p90_s: float | None
    p95_s: float | None
    longest_s: float | None
    clocks: list[Clock]
    target_s: int | None
    with_target: int
    late: int
    minutes: list[tuple[int, int]]
    late_entry: int
    claimed: int
    corrected: int
    amended: int


class Answer(Struct, frozen=True, kw_only=True):
    """Groups by key, and all of them together."""

    groups: list[Clocked]
    all: Clocked


def cases(
    facts: Iterable[Facts], clock: AnyClock, targets: Sequence[Target], chosen: Chosen, utc_offset_hours: int
) -> Iterator[Case]:
    """Each agency of each incident that is chosen, once, by its first unit."""
    aims = Targets(targets)
    for each in facts:
        if not _is_chosen(each, chosen, utc_offset_hours):
            continue
        by_agency: dict[str, list[CrewFacts]] = {}
        for crew in each.crews:
            if chosen.agency_id in (None, crew.agency_id) and chosen.unit_id in (None, crew.unit_id):
                by_agency.setdefault(crew.agency_id, []).append(crew)
        for agency_id, crews in by_agency.items():
            yield _case(each, agency_id, crews, clock, aims)


def key_of(case: Case, by: By, utc_offset_hours: int) -> str:
    """The group in which a case is counted."""
    return _KEYS[by](case, utc_offset_hours)


def counted(found: Iterable[Case], by: By, utc_offset_hours: int) -> Answer:
    """Count cases by group; each in one alone, so that the groups are together all."""
    groups: dict[str, _Tally] = {}
    whole = _Tally()
    for case in found:
        whole.add(case)
        groups.setdefault(key_of(case, by, utc_offset_hours), _Tally()).add(case)
    return Answer(groups=[groups[key].clocked(key) for key in sorted(groups)], all=whole.clocked("all"))


def in_bin(case: Case, bin_: str) -> bool:
    """Whether a case stands behind one number: `called`, `counted`, `late`, `within`, or the reason for which it was left out."""
    if bin_ in ("called", "counted"):
        return bin_ == "called" or not case.out
    if bin_ in ("late", "within"):
        return not case.out and case.reading.target_s is not None and case.late == (bin_ == "late")
    return case.out == bin_


def _case(facts: Facts, agency_id: str, crews: Sequence[CrewFacts], clock: AnyClock, aims: Targets) -> Case:
    own: Clock = _own(facts, agency_id, aims) if clock == "target" else clock
    reading, first = of_incident(facts, crews, own, aims), first_by(crews, own) or crews[0]
    if reading.seconds is not None:
        return Case(facts, agency_id, first, own, reading, "")
    for reason in REASONS:
        if reason == reading.reason:
            return Case(facts, agency_id, first, own, reading, reason)
        for crew in crews:
            if crew.status == reason:
                return Case(facts, agency_id, crew, own, reading, reason)
    return Case(facts, agency_id, first, own, reading, reading.reason)


def _own(facts: Facts, agency_id: str, aims: Targets) -> Clock:
    return "ready" if aims.of(facts, agency_id, "ready") is not None else "response"


def _is_chosen(facts: Facts, chosen: Chosen, utc_offset_hours: int) -> bool:
    own = {name: getattr(facts, name) for name in ("type", "category", "district", "priority", "terrain")}
    if any(getattr(chosen, name) not in (None, value) for name, value in own.items()):
        return False
    if chosen.hours and (_hour(facts, utc_offset_hours) in DAY_HOURS) != (chosen.hours == "day"):
        return False
    return not chosen.days or (_weekday(facts) >= 5) == (chosen.days == "weekend")


def _weekday(facts: Facts) -> int:
    return date.fromisoformat(facts.day).weekday()


def _hour(facts: Facts, utc_offset_hours: int) -> int | None:
    """The local hour in which it was opened, None for facts of releases that did not keep it."""
    return int(times.local_clock(facts.opened_at, utc_offset_hours)[:2]) if facts.opened_at else None


def _hour_key(case: Case, utc_offset_hours: int) -> str:
    hour = _hour(case.facts, utc_offset_hours)
    return UNKNOWN if hour is None else f"{hour:02d}"


_KEYS: dict[By, Callable[[Case, int], str]] = {
    "agency": lambda case, _: case.agency_id,
    "type": lambda case, _: case.facts.type,
    "category": lambda case, _: case.facts.category,
    "priority": lambda case, _: str(case.facts.priority or UNKNOWN),
    "district": lambda case, _: case.facts.district or UNKNOWN,
    "terrain": lambda case, _: case.facts.terrain or UNKNOWN,
    "unit": lambda case, _: case.crew.unit_id,
    "hour": _hour_key,
    "weekday": lambda case, _: str(_weekday(case.facts)),
    "month": lambda case, _: case.facts.day[:7],
}


class _Tally:
    def __init__(self) -> None:
        self._called = 0
        self._seconds: list[float] = []
        self._out: Counter[str] = Counter()
        self._marks: Counter[str] = Counter()
        self._targets: Counter[int | None] = Counter()
        self._clocks: set[Clock] = set()
        self._minutes = [[0, 0] for _ in range(MINUTES + 1)]
        self._late = self._amended = 0

    def add(self, case: Case) -> None:
        self._called += 1
        seconds = case.reading.seconds
        if seconds is None:
            self._out[case.out] += 1
            return
        self._seconds.append(seconds)
        self._clocks.add(case.clock)
        self._targets[case.reading.target_s] += 1
        self._marks.update(case.reading.marks)
        self._late += case.late
        self._amended += case.facts.amended > 0
        self._minutes[min(int(seconds // 60), MINUTES)][case.late] += 1

    def clocked(self, key: str) -> Clocked:
        seconds, one_target = self._seconds, len(self._targets) == 1
        return Clocked(
            key=key,
            called=self._called,
            counted=len(seconds),
            left_out=dict(sorted(self._out.items())),
            mean_s=round(fmean(seconds), 3) if seconds else None,
            p50_s=nearest_rank(seconds, 50),
            p90_s=nearest_rank(seconds, 90),
            p95_s=nearest_rank(seconds, 95),
            longest_s=max(seconds, default=None),
            clocks=sorted(self._clocks, key=CLOCKS.index),
            target_s=next(iter(self._targets)) if one_target else None,
            with_target=len(seconds) - self._targets[None],
            late=self._late,
            minutes=[(in_time, late) for in_time, late in self._minutes],
            late_entry=self._marks["late"],
            claimed=self._marks["claimed"],
            corrected=self._marks["corrected"],
            amended=self._amended,
        )
