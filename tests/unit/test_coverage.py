"""Coverage says of each stretch of duty what dispatch would do in it, and an agency sees its own part of that alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.domain.coverage import Coverage, Measuring, Rosters, days_from
from chalicelib.domain.dispatch import attendance, standing
from chalicelib.domain.duty import Stretch
from chalicelib.domain.effects import scenes, usual_district
from chalicelib.domain.plans import agencies_of
from chalicelib.domain.registry import Certification, HeldCertification, NeededCertification
from chalicelib.domain.times import local_day, plus
from infra.seed.load import read
from tests.support import regency
from tests.support.duties import nouns_of, stretches_of

FIRST = "2026-12-01"
Nouns = dict[str, dict[str, Any]]


def by_day(stretches: list[Stretch]) -> dict[str, list[Stretch]]:
    found: dict[str, list[Stretch]] = {}
    for each in stretches:
        found.setdefault(each.day, []).append(each)
    return found


def measured(nouns: Nouns, stretches: list[Stretch], days: int) -> Measuring:
    measuring = Measuring(nouns, Rosters(by_day(stretches), days_from(FIRST, days), 7))
    assert list(measuring.days()) == days_from(FIRST, days)
    return measuring


@pytest.fixture(scope="module")
def kotim() -> tuple[Nouns, list[Stretch]]:
    nouns = nouns_of(read(Path(__file__).parents[2] / "infra/seed/kotim.yaml"))
    stretches = stretches_of(nouns, date(2026, 11, 30), 8)
    # One of three is missing now and then, and somebody's certificates end in the middle.
    left = [each for number, each in enumerate(stretches) if number % 7 and number % 11]
    for person in list(nouns["personnel"].values())[::3]:
        ended = [replace(held, expires_on="2026-12-03") for held in person.certifications]
        nouns["personnel"][person.id] = replace(person, certifications=ended)
    return nouns, left


def test_each_stretch_is_answered_as_dispatch_would(kotim: tuple[Nouns, list[Stretch]]) -> None:
    nouns, stretches = kotim
    measuring = measured(nouns, stretches, 6)
    seen = dict.fromkeys(("short", "unanswered", "uncertified", "fallback", "answered"), 0)
    for agency_id in measuring.agencies:
        coverage = measuring.of(agency_id)
        for at, moment in enumerate(coverage.starts):
            day = local_day(moment, 7)
            known = [each for each in stretches if each.day in (local_day(moment, 7, -1), day)]
            tried = dict(scenes(nouns, usual_district(nouns), moment, day, every=True))
            for cover in coverage.plans:
                plan = nouns["response-plans"][cover.plan_id]
                duty = standing(nouns, agencies_of(plan), known, moment)
                found = attendance(plan, 1, tried[plan.id], duty)
                asked = {need.id for need in plan.levels[0].needs if agency_id in need.agencies}
                missing = {each.need_id: each.missing for each in found.shortfalls if each.need_id in asked}
                answer = coverage.answers[cover.answers[at]]
                assert {each.need_id: each.units for each in answer.missing if each.units} == missing
                assert set(answer.agencies) == {
                    each.agency_id for each in found.picks if each.need_id in asked
                }
                seen[answer.kind] += 1
    assert all(seen.values()), seen


def small(**certified: str) -> Nouns:
    """The small regency where the boat must have a water rescuer, who is certified until a day."""
    nouns: Nouns = {noun: {each.id: each for each in values} for noun, values in regency.nouns().items()}  # type: ignore[attr-defined]
    for noun in ("crews", "shift-codes", "duty-patterns"):
        nouns[noun] = {}
    water = nouns["response-plans"]["water"]
    need = replace(water.levels[0].needs[0], certifications=[NeededCertification("water_rescue", "block")])
    nouns["response-plans"]["water"] = replace(water, levels=[replace(water.levels[0], needs=[need])])
    for person, until in certified.items():
        held = [HeldCertification("water_rescue", until)]
        nouns["personnel"][person] = replace(nouns["personnel"][person], certifications=held)
    return nouns


def on(person: str, agency: str, unit: str | None, day: str, hours: tuple[int, int] = (7, 19)) -> Stretch:
    midnight = plus(f"{day}T00:00:00.000Z", -7 * 3600)
    return Stretch(
        agency_id=agency,
        person_id=person,
        unit_id=unit,
        starts_at=plus(midnight, hours[0] * 3600),
        ends_at=plus(midnight, hours[1] * 3600),
        day=day,
        by="sheet",
    )


def water(coverage: Coverage) -> list[tuple[str, str, list[str]]]:
    """Of each stretch when it begins, how the plan for the water is answered, and why not."""
    plan = next(each for each in coverage.plans if each.plan_id == "water")
    answers = [coverage.answers[number] for number in plan.answers]
    return [
        (start, each.kind, [missing.reason for missing in each.missing])
        for start, each in zip(coverage.starts, answers, strict=True)
    ]


def test_a_certificate_that_ends_leaves_the_plan_without_an_answer_from_the_next_day_on() -> None:
    nouns = small(fajar="2026-12-01")
    duty = [on("fajar", "airud", "perahu_1", "2026-12-01", (7, 31))]
    coverage = measured(nouns, duty, 2).of("airud")
    assert water(coverage) == [
        ("2026-11-30T17:00:00.000Z", "unanswered", ["no_crew"]),
        ("2026-12-01T00:00:00.000Z", "answered", []),
        ("2026-12-01T17:00:00.000Z", "unanswered", ["certification_blocked"]),
        ("2026-12-02T00:00:00.000Z", "unanswered", ["no_crew"]),
    ]
    (held,) = coverage.certifications
    assert (held.least, held.people) == (1, (0, 1, 0, 0))
    (unit,) = coverage.units
    assert (unit.callsign, unit.least, unit.people) == ("PERAHU-1", 1, (0, 1, 1, 0))
    reason = coverage.answers[1 if water(coverage)[0][1] == "answered" else 2].missing[0]
    assert reason.certifications == ("water_rescue",)
    assert [(each.agency_id, each.reason, each.callsigns) for each in reason.causes] == [
        ("airud", "certification_blocked", ("PERAHU-1",))
    ]


def test_an_agency_sees_what_it_is_asked_for_and_of_others_how_many() -> None:
    nouns = small()
    fire = nouns["response-plans"]["house_fire"]
    first = fire.levels[0]
    shared = replace(first.needs[1], agencies=["psc", "damkar"])
    needs = [first.needs[0], shared, first.needs[2]]
    nouns["response-plans"]["house_fire"] = replace(fire, levels=[replace(first, needs=needs)])
    measuring = measured(nouns, [on("andi", "damkar", "damkar_1", FIRST)], 1)

    def fires(agency: str) -> Mapping[str, Any]:
        coverage = measuring.of(agency)
        plan = next(each for each in coverage.plans if each.plan_id == "house_fire")
        answer = coverage.answers[plan.answers[len(plan.answers) // 2]]
        return {
            each.need_id: {(c.agency_id, c.number, c.callsigns) for c in each.causes}
            for each in answer.missing
        }

    # The police's part of it is nothing to the fire service.
    assert fires("damkar") == {"medic": {("psc", 2, ())}}
    assert fires("psc") == {"medic": {("psc", 2, ("AMBULANS-1", "AMBULANS-2"))}}
    assert fires("polres") == {"police": {("polres", 1, ("POLRES-1",))}}
    assert [each.plan_id for each in measuring.of("airud").plans] == ["water"]


def test_neighbours_are_one_stretch_where_nothing_of_the_agency_changes() -> None:
    nouns = small(fajar="2027-12-01")
    duty = [on("fajar", "airud", "perahu_1", FIRST), on("andi", "damkar", "damkar_1", FIRST, (9, 17))]
    assert [start[11:16] for start in measured(nouns, duty, 1).of("airud").starts] == [
        "17:00",
        "00:00",
        "12:00",
    ]
    assert measured(nouns, duty, 1).of("airud").ends_at == "2026-12-01T17:00:00.000Z"


def test_whoever_only_ought_to_be_certified_goes_and_it_is_said() -> None:
    nouns = small()
    plan = nouns["response-plans"]["water"]
    need = replace(plan.levels[0].needs[0], certifications=[NeededCertification("water_rescue", "warn")])
    nouns["response-plans"]["water"] = replace(plan, levels=[replace(plan.levels[0], needs=[need])])
    found = measured(nouns, [on("fajar", "airud", "perahu_1", FIRST)], 1).of("airud")
    assert [kind for _, kind, _ in water(found)] == ["unanswered", "uncertified", "unanswered"]
    assert list(found.gaps("2026-12-01T01:00:00.000Z", "2026-12-01T02:00:00.000Z")) == []
    assert [at for _, at, _ in found.gaps("2026-12-01T01:00:00.000Z", "2026-12-01T13:00:00.000Z")] == [2]


def test_what_a_certificate_is_called_is_told_also_where_nobody_keeps_it() -> None:
    nouns = small()
    (held,) = measured(nouns, [], 1).of("airud").certifications
    assert held.label == nouns["certifications"]["water_rescue"].label
    nouns["certifications"] = {"other": Certification(id="other", label=regency.label("x"))}
    (held,) = measured(nouns, [], 1).of("airud").certifications
    assert held.label.en == "water_rescue"
