"""Response times over ended incidents: fractiles by nearest rank, the share within target, and what was left out and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import fmean
from typing import Literal, NamedTuple

from msgspec import Struct

from .drills import nearest_rank
from .facts import CrewFacts, Facts
from .readings import CLOCKS, UNIT_CLOCKS, Reading, Targets, of_incident, of_unit
from .registry import Target

By = Literal["agency", "type", "district"]
# The group of what happened nobody knew where.
UNKNOWN = "unknown"


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


class _Tally:
    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.left_out: Counter[str] = Counter()
        self.marks: Counter[str] = Counter()
        self.with_target = self.within = 0

    def add(self, reading: Reading) -> None:
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
    whole, aims = _GroupTally(), Targets(targets)
    for each in facts:
        crews = [
            _Crew(crew, {clock: of_unit(each, crew, clock, aims) for clock in UNIT_CLOCKS})
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
    readings: dict[str, Reading]


def _firsts(facts: Facts, crews: Sequence[_Crew], aims: Targets) -> dict[str, Reading]:
    own = [crew.facts for crew in crews]
    return {clock: of_incident(facts, own, clock, aims) for clock in CLOCKS}


class _GroupTally:
    def __init__(self) -> None:
        self._incidents = self._amended = 0
        self._units: dict[str, _Tally] = {clock: _Tally() for clock in UNIT_CLOCKS}
        self._firsts: dict[str, _Tally] = {clock: _Tally() for clock in CLOCKS}

    def add(self, facts: Facts, crews: list[_Crew], firsts: dict[str, Reading]) -> None:
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
