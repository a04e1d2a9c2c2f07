"""Coverage: of each stretch of the coming days, what each response plan would be answered, by the function that dispatches.

A stretch lasts from one change of who is on duty to the next. Every plan is tried in one scene, with all units free; what it is answered
with the same people and the same valid certificates is found once.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from .dispatch import Duty, Pick, Shortfall, as_planned, crew_of, meet_needs, standing, still_theirs
from .duty import Stretch, on_duty, span
from .effects import Nouns, scenes, usual_district
from .plans import agencies_of, needs_at
from .registry import Label, Need, ResponsePlan, Unit
from .scene import Scene
from .times import day_after, local_day

# How a plan's first level is met, as far as it asks an agency. `unanswered`: nobody goes. `short`: units are missing. `uncertified`:
# whoever goes lacks a certificate that the plan only warns of. `fallback`: another goes for the agency, or it for another.
Kind = Literal["unanswered", "short", "uncertified", "fallback", "answered"]
GAPS: frozenset[Kind] = frozenset({"unanswered", "short"})
# These say that a unit is not meant for it, or goes for another need, and are no news where one was meant and could not.
NOT_MEANT = frozenset({"wrong_terrain", "lacks_capability", "already_sent"})
NAMED_MOST = 8


class Cause(Struct, frozen=True, kw_only=True):
    """Why units of an agency do not go, how many they are, and of the reader's own their callsigns."""

    agency_id: str
    reason: str
    number: int
    callsigns: tuple[str, ...] = ()


class Missing(Struct, frozen=True, kw_only=True):
    """A need of a plan in which something is missing: so many `units`, and which certificates it asks for or nobody of the crew has."""

    need_id: str
    capability: str | None
    units: int
    reason: str
    certifications: tuple[str, ...] = ()
    causes: tuple[Cause, ...] = ()


class Answer(Struct, frozen=True, kw_only=True):
    """What a plan is answered, as far as it asks an agency; `agencies` are those that go."""

    kind: Kind
    agencies: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()


class UnitCover(Struct, frozen=True, kw_only=True):
    """How many people would go with a unit in each stretch, if it alone were sent, and with how many it goes."""

    unit_id: str
    callsign: str
    least: int
    people: tuple[int, ...]


class CertificationCover(Struct, frozen=True, kw_only=True):
    """How many people on duty hold a valid certificate in each stretch; `least` is what plans ask of this agency before others."""

    certification_id: str
    label: Label
    least: int
    people: tuple[int, ...]


class PlanCover(Struct, frozen=True, kw_only=True):
    """Which of the answers a plan has in each stretch, by its place among them."""

    plan_id: str
    label: Label
    answers: tuple[int, ...]


class Coverage(Struct, frozen=True, kw_only=True):
    """An agency's coverage from a local day to another, both included; `starts` are the stretches, the last of which ends at `ends_at`.

    `until_day` lies before the day that was asked for if the time was too short for all.
    """

    agency_id: str
    from_day: str
    until_day: str
    ends_at: str
    starts: tuple[str, ...]
    units: tuple[UnitCover, ...]
    certifications: tuple[CertificationCover, ...]
    plans: tuple[PlanCover, ...]
    answers: tuple[Answer, ...]

    def ended(self, at: int) -> str:
        """When a stretch ends."""
        return self.starts[at + 1] if at + 1 < len(self.starts) else self.ends_at

    def within(self, since: str, until: str) -> range:
        """The stretches that have a part of a time."""
        return range(
            bisect_right([self.ended(at) for at in range(len(self.starts))], since),
            bisect_left(self.starts, until),
        )

    def gaps(self, since: str, until: str) -> Iterator[tuple[PlanCover, int, Answer]]:
        """The plans that have no full answer in a stretch that has a part of a time, with its place and what is missing."""
        for plan in self.plans:
            for at in self.within(since, until):
                answer = self.answers[plan.answers[at]]
                if answer.kind in GAPS:
                    yield plan, at, answer


class Rosters(NamedTuple):
    """Everybody's duty by the local day on which it starts, from the day before the first of `days` on."""

    by_day: Mapping[str, Sequence[Stretch]]
    days: Sequence[str]
    utc_offset_hours: int


class _Part(NamedTuple):
    """What one need is met with."""

    need: Need
    picks: tuple[Pick, ...]
    shortfall: Shortfall | None


class Measuring:
    """Measures day by day, so that whoever has too little time stops in between; `only`: the plans that ask one agency."""

    def __init__(self, nouns: Nouns, rosters: Rosters, only: str = "") -> None:
        self._nouns, self._rosters = nouns, rosters
        self.agencies = sorted(each.id for each in nouns["agencies"].values() if not each.retired)
        self._units: dict[str, list[Unit]] = {
            agency_id: sorted(
                (u for u in nouns["units"].values() if u.agency_id == agency_id and not u.retired),
                key=lambda unit: unit.callsign,
            )
            for agency_id in self.agencies
        }
        first = rosters.days[0]
        asked = scenes(nouns, usual_district(nouns), f"{first}T00:00:00.000Z", first, every=True)
        plans: Mapping[str, ResponsePlan] = nouns["response-plans"]
        self._tried: list[tuple[ResponsePlan, Scene]] = [
            (plans[plan_id], scene)
            for plan_id, scene in asked
            if not only or only in agencies_of(plans[plan_id])
        ]
        self._people = {each.id: each for each in nouns["personnel"].values() if not each.retired}
        held = (each.expires_on for person in self._people.values() for each in person.certifications)
        self._expiries = sorted(held)
        # Who is on duty in an agency, by a number; and what was found with these.
        self._crews: dict[tuple[object, ...], int] = {}
        self._duties: dict[str, Duty] = {}
        self._parts: dict[tuple[object, ...], tuple[_Part, ...]] = {}
        self._filled: dict[tuple[str, int], tuple[int, ...]] = {}
        self._starts: list[str] = []
        self._rows: list[_Row] = []

    def days(self) -> Iterator[str]:
        """Measure day after day; each is named once it is."""
        for day in self._rosters.days:
            hours = self._rosters.utc_offset_hours
            begins, ends = _midnights(day, hours)
            known = [
                *self._rosters.by_day.get(local_day(begins, hours, -1), ()),
                *self._rosters.by_day.get(day, ()),
            ]
            theirs = still_theirs(known, self._people, self._nouns["units"])
            edges = {edge for each in theirs for edge in (each.starts_at, each.ends_at)}
            for moment in (begins, *sorted(edge for edge in edges if begins < edge < ends)):
                self._starts.append(moment)
                self._rows.append(self._measured(theirs, moment, day))
            yield day

    def _measured(self, stretches: Sequence[Stretch], moment: str, day: str) -> _Row:
        own: dict[str, list[Stretch]] = {agency_id: [] for agency_id in self.agencies}
        for each in on_duty(stretches, moment):
            if each.agency_id in own:
                own[each.agency_id].append(each)
        crews = {agency_id: self._crew(found) for agency_id, found in own.items()}
        lapsed = bisect_left(self._expiries, day)
        parts = tuple(
            self._answered(plan, scene, own, crews, (moment, day, lapsed)) for plan, scene in self._tried
        )
        edges = {each.agency_id for each in stretches if moment in (each.starts_at, each.ends_at)}
        return _Row(moment, day, crews, own, parts, edges)

    def _crew(self, found: Sequence[Stretch]) -> int:
        key = tuple((each.person_id, each.unit_id, each.readiness, each.turn) for each in found)
        return self._crews.setdefault(key, len(self._crews))

    def _answered(
        self,
        plan: ResponsePlan,
        scene: Scene,
        own: Mapping[str, Sequence[Stretch]],
        crews: Mapping[str, int],
        when: tuple[str, str, int],
    ) -> tuple[_Part, ...]:
        moment, day, lapsed = when
        asked = [agency_id for agency_id in self.agencies if agency_id in agencies_of(plan)]
        key = (plan.id, lapsed, *(crews[agency_id] for agency_id in asked))
        found = self._parts.get(key)
        if found is None:
            base = self._duties.get(plan.id)
            if base is None:
                base = as_planned(plan, standing(self._nouns, set(asked), (), moment))
                self._duties[plan.id] = base
            duty = replace(base, on_duty=[each for agency_id in asked for each in own[agency_id]])
            needs = needs_at(plan, 1)
            picks, shortfalls = meet_needs(needs, replace(scene, now=moment, today=day), duty)
            missing = {each.need_id: each for each in shortfalls}
            found = tuple(
                _Part(need, tuple(pick for pick in picks if pick.need_id == need.id), missing.get(need.id))
                for need in needs
            )
            self._parts[key] = found
        return found

    def of(self, agency_id: str) -> Coverage:
        """What was measured so far, as an agency sees it: neighbours are one where none of its own duty changes and all is alike."""
        asked = [
            (place, plan, needs)
            for place, (plan, _) in enumerate(self._tried)
            if (needs := [need for need in needs_at(plan, 1) if agency_id in need.agencies])
        ]
        certifications = _certifications(agency_id, [needs for _, _, needs in asked])
        answers: dict[Answer, int] = {}
        starts: list[str] = []
        kept: list[tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]] = []
        for row in self._rows:
            crew = row.own[agency_id]
            units = self._units_of(agency_id, row.crews[agency_id], crew)
            held = tuple(self._holders(crew, each, row.day) for each in certifications)
            numbers = tuple(
                answers.setdefault(_view(row.parts[place], agency_id), len(answers)) for place, _, _ in asked
            )
            alike = bool(kept) and kept[-1] == (units, held, numbers)
            if not alike or agency_id in row.edges:
                starts.append(row.moment)
                kept.append((units, held, numbers))
        last = self._rows[-1].day
        known = self._nouns["certifications"]
        return Coverage(
            agency_id=agency_id,
            from_day=self._rosters.days[0],
            until_day=last,
            ends_at=_midnights(last, self._rosters.utc_offset_hours)[1],
            starts=tuple(starts),
            units=tuple(
                UnitCover(
                    unit_id=unit.id,
                    callsign=unit.callsign,
                    least=unit.min_crew,
                    people=tuple(each[0][at] for each in kept),
                )
                for at, unit in enumerate(self._units[agency_id])
            ),
            certifications=tuple(
                CertificationCover(
                    certification_id=id_,
                    label=known[id_].label if id_ in known else Label(id=id_, en=id_),
                    least=least,
                    people=tuple(each[1][at] for each in kept),
                )
                for at, (id_, least) in enumerate(certifications.items())
            ),
            plans=tuple(
                PlanCover(plan_id=plan.id, label=plan.label, answers=tuple(each[2][at] for each in kept))
                for at, (_, plan, _) in enumerate(asked)
            ),
            answers=tuple(answers),
        )

    def _units_of(self, agency_id: str, crew: int, stretches: Sequence[Stretch]) -> tuple[int, ...]:
        found = self._filled.get((agency_id, crew))
        if found is None:
            duty = replace(standing(self._nouns, {agency_id}, (), ""), on_duty=stretches)
            units = self._units[agency_id]
            found = tuple(len(crew_of(unit, duty, frozenset(), unit.min_crew)) for unit in units)
            self._filled[agency_id, crew] = found
        return found

    def _holders(self, crew: Sequence[Stretch], certification_id: str, day: str) -> int:
        return sum(
            any(
                held.certification_id == certification_id and held.expires_on >= day
                for held in self._people[each.person_id].certifications
            )
            for each in crew
        )


class _Row(NamedTuple):
    """A stretch of everybody: who is on duty in each agency, what each plan is answered, whose duty changes at its beginning."""

    moment: str
    day: str
    crews: Mapping[str, int]
    own: Mapping[str, Sequence[Stretch]]
    parts: tuple[tuple[_Part, ...], ...]
    edges: set[str]


def _midnights(day: str, hours: int) -> tuple[str, str]:
    """When a local day begins and ends."""
    return span(day, "00:00", "00:00", hours)


def _certifications(agency_id: str, plans: Iterable[Sequence[Need]]) -> dict[str, int]:
    """The certificates that plans ask of an agency, and of how many units at once those that ask it before others do."""
    found: dict[str, int] = {}
    for needs in plans:
        own: dict[str, int] = {}
        for need in needs:
            for each in need.certifications:
                first = need.units if need.agencies[0] == agency_id else 0
                own[each.certification_id] = own.get(each.certification_id, 0) + first
        for id_, least in own.items():
            found[id_] = max(found.get(id_, 0), least)
    return dict(sorted(found.items()))


def _view(parts: Iterable[_Part], agency_id: str) -> Answer:
    """What a plan is answered, as far as it asks an agency: of its own units the callsigns, of others how many."""
    asked = [part for part in parts if agency_id in part.need.agencies]
    picks = [pick for part in asked for pick in part.picks]
    short = [part for part in asked if part.shortfall]
    lacking = [part for part in asked if any(pick.warnings for pick in part.picks)]
    agencies = tuple(sorted({pick.agency_id for pick in picks}))
    missing = tuple(_short(part, part.shortfall, agency_id) for part in short if part.shortfall)
    if short:
        return Answer(kind="short" if picks else "unanswered", agencies=agencies, missing=missing)
    if lacking:
        return Answer(
            kind="uncertified", agencies=agencies, missing=tuple(_uncertified(each) for each in lacking)
        )
    # Whom those before it answer for is no news to an agency.
    owed = [(pick.agency_id, part.need.agencies[0]) for part in asked for pick in part.picks]
    others = any(agency_id in pair and pair[0] != pair[1] for pair in owed)
    return Answer(kind="fallback" if others else "answered", agencies=agencies)


def _short(part: _Part, shortfall: Shortfall, agency_id: str) -> Missing:
    meant = [each for each in shortfall.considered if each.reason not in NOT_MEANT]
    causes: dict[tuple[str, str], list[str]] = {}
    for each in meant or shortfall.considered:
        causes.setdefault((each.agency_id, each.reason), []).append(each.callsign)
    reasons = {reason for _, reason in causes}
    return Missing(
        need_id=part.need.id,
        capability=part.need.capability,
        units=shortfall.missing,
        reason=reasons.pop() if len(reasons) == 1 else shortfall.reason,
        certifications=tuple(
            each.certification_id for each in part.need.certifications if each.expired == "block"
        ),
        causes=tuple(
            Cause(
                agency_id=owner,
                reason=reason,
                number=len(callsigns),
                callsigns=tuple(callsigns[:NAMED_MOST]) if owner == agency_id else (),
            )
            for (owner, reason), callsigns in causes.items()
        ),
    )


def _uncertified(part: _Part) -> Missing:
    warned = {text.split(":")[1] for pick in part.picks for text in pick.warnings}
    return Missing(
        need_id=part.need.id,
        capability=part.need.capability,
        units=0,
        reason="certification_missing",
        certifications=tuple(sorted(warned)),
    )


def days_from(first: str, number: int) -> list[str]:
    """So many local days from one on."""
    found = [first]
    while len(found) < number:
        found.append(day_after(found[-1]))
    return found
