"""Response times: the nearest rank, which target counts, and every reason for which something was left out."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.domain.drills import nearest_rank
from chalicelib.domain.facts import CrewFacts, Facts, derive
from chalicelib.domain.registry import Label, Target
from chalicelib.domain.reporting import Measure, report
from chalicelib.domain.times import plus
from tests.support.things import NOW, assignment, incident


def crew(
    agency_id: str = "damkar", status: str = "cleared", late: tuple[str, ...] = (), **at: float
) -> CrewFacts:
    return CrewFacts(agency_id=agency_id, unit_id="u", status=status, at=at, late=late)  # type: ignore[arg-type]


def ended(*crews: CrewFacts, **more: Any) -> Facts:
    usual: dict[str, Any] = {
        "incident_id": "I",
        "day": "2026-11-23",
        "status": "closed",
        "type": "house_fire",
        "category": "fire",
        "district": "baamang",
        "answered_s": 5.0,
    }
    return Facts(**{**usual, **more}, crews=crews)


def target(seconds: int, clock: str = "response", **more: Any) -> Target:
    id_ = f"t{seconds}"
    return Target(id=id_, label=Label(id="-", en="-"), clock=clock, seconds=seconds, source="-", **more)  # type: ignore[arg-type]


def units(*facts: Facts, clock: str = "response", targets: tuple[Target, ...] = ()) -> Measure:
    return report(facts, "agency", targets, None).all.units[clock]


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [
        ([], 50, None),
        ([7], 1, 7),
        ([7], 90, 7),
        ([1, 2, 3, 4], 50, 2),
        ([1, 2, 3, 4, 5], 50, 3),
        # 0.9 * 10 and 0.07 * 100 are not whole in floats; the rank must be.
        (list(range(1, 11)), 90, 9),
        (list(range(1, 101)), 7, 7),
        ([15, 20, 35, 40, 50], 30, 20),
        ([15, 20, 35, 40, 50], 100, 50),
    ],
)
def test_nearest_rank(values: list[float], percent: int, expected: float | None) -> None:
    assert nearest_rank(values, percent) == expected


def test_facts_are_seconds_after_the_call_was_received() -> None:
    one = assignment(
        status="cleared",
        milestones={"requested": plus(NOW, 60), "on_scene": plus(NOW, 600.5)},
        late_entry=("on_scene",),
    )
    facts = derive(incident(status="closed", received_at=NOW, answered_at=plus(NOW, 4)), [one], 7)
    assert facts is not None and (facts.day, facts.answered_s) == ("2026-11-23", 4)
    assert facts.crews[0].at == {"requested": 60, "on_scene": 600.5}
    assert facts.crews[0].late == ("on_scene",)


def test_a_drill_has_no_facts() -> None:
    assert derive(incident(status="closed", drill=True), [assignment()], 7) is None


def test_what_is_measured_and_what_is_left_out_are_together_all() -> None:
    facts = [
        ended(crew(requested=60, en_route=90, on_scene=600), crew(requested=60)),
        ended(crew(status="unable", requested=60), crew(status="cancelled", requested=60, on_scene=300)),
        ended(crew(requested=60, on_scene=900), status="cancelled"),
        ended(crew(requested=60, on_scene=-1)),
        ended(),
    ]
    found = units(*facts)
    assert (found.n, found.total, found.p50_s, found.p90_s) == (2, 6, 300, 600)
    assert found.left_out == {"incident_cancelled": 1, "negative": 1, "no_on_scene": 1, "unable": 1}
    turnout = units(*facts, clock="turnout")
    assert (turnout.n, turnout.p50_s) == (1, 30)
    assert turnout.left_out == {"cancelled": 1, "incident_cancelled": 1, "no_en_route": 2, "unable": 1}
    for group in (report(facts, "type", (), None).all.units, report(facts, "type", (), None).all.firsts):
        assert all(each.n + sum(each.left_out.values()) == each.total for each in group.values())


def test_an_incident_is_measured_by_its_first_unit_on_scene() -> None:
    first = report(
        [
            ended(
                crew(requested=60, en_route=100, on_scene=900),
                crew("psc", requested=70, en_route=80, on_scene=500),
            ),
            ended(crew(requested=60), answered_s=None),
            ended(),
        ],
        "type",
        (),
        None,
    ).all.firsts
    measured = {clock: (each.n, each.p50_s, each.left_out) for clock, each in first.items()}
    assert measured == {
        "answering": (2, 5, {"no_answered": 1}),
        "processing": (1, 55, {"no_answered": 1, "no_unit": 1}),
        "handling": (2, 60, {"no_unit": 1}),
        "turnout": (1, 10, {"no_on_scene": 1, "no_unit": 1}),
        "travel": (1, 420, {"no_on_scene": 1, "no_unit": 1}),
        "response": (1, 500, {"no_on_scene": 1, "no_unit": 1}),
        "ready": (0, None, {"no_ready": 2, "no_unit": 1}),
    }


def test_the_legal_time_is_that_of_the_first_unit_ready_to_act_whoever_came_first() -> None:
    facts = [
        ended(crew(on_scene=500, ready=900), crew("psc", on_scene=600, ready=700)),
        ended(crew(on_scene=500)),
    ]
    whole = report(facts, "type", (), None).all
    found = whole.firsts["ready"]
    assert (found.n, found.p50_s, found.left_out) == (1, 700, {"no_ready": 1})
    assert (whole.firsts["response"].p50_s, whole.units["ready"].n) == (500, 2)


def test_a_target_until_ready_is_the_legal_clocks_and_leaves_the_arrival_to_others() -> None:
    targets = (target(900, agency_id="damkar", until_ready=True), target(600, agency_id="psc"))
    facts = [
        ended(
            crew(on_scene=800, ready=950), crew(on_scene=300, ready=850), crew("psc", on_scene=590, ready=990)
        )
    ]
    ready, response = (units(*facts, clock=clock, targets=targets) for clock in ("ready", "response"))
    assert (ready.with_target, ready.within_target) == (2, 1)
    assert (response.with_target, response.within_target) == (1, 1)


def test_the_mean_stands_beside_the_fractiles_and_shows_what_they_do_not() -> None:
    found = units(*(ended(crew(on_scene=seconds)) for seconds in [*[300] * 18, 301, 9000]))
    assert (found.p50_s, found.p90_s, found.p95_s, found.mean_s) == (300, 300, 301, 735.05)


def test_the_most_specific_target_counts_and_what_has_none_is_not_in_the_share() -> None:
    targets = (
        target(100),
        target(200, category="fire"),
        target(300, agency_id="damkar", category="fire"),
        target(400, type_id="drowning"),
        target(1, clock="turnout"),
    )
    assert units(ended(crew("psc", on_scene=250)), targets=targets).within_target == 0
    assert units(ended(crew(on_scene=250)), targets=targets).within_target == 1
    drowning = ended(crew(on_scene=400), type="drowning", category="accident")
    assert units(drowning, targets=targets).within_target == 1
    without = units(
        ended(crew(on_scene=250)),
        ended(crew("psc", on_scene=250)),
        targets=(target(300, agency_id="damkar"),),
    )
    assert (without.n, without.with_target, without.within_target) == (2, 1, 1)
    assert without.share_within_target == 1
    assert units(ended(crew(on_scene=250))).share_within_target is None


@pytest.mark.parametrize(
    ("counts", "yields"),
    [
        ({"type_id": "house_fire"}, {"agency_id": "damkar", "category": "fire"}),
        ({"type_id": "house_fire", "agency_id": "damkar"}, {"type_id": "house_fire", "category": "fire"}),
        ({"agency_id": "damkar"}, {"category": "fire"}),
        ({"agency_id": "damkar", "category": "fire"}, {"agency_id": "damkar"}),
        ({"category": "fire"}, {}),
    ],
)
def test_a_target_of_the_type_goes_before_one_of_the_agency_and_that_before_one_of_the_category(
    counts: dict[str, str], yields: dict[str, str]
) -> None:
    strict, lax = target(200, **counts), target(300, **yields)
    for targets in ((strict, lax), (lax, strict)):
        found = units(ended(crew(on_scene=250)), targets=targets)
        assert (found.with_target, found.within_target) == (1, 0)


def test_late_entries_are_counted_and_their_number_is_said() -> None:
    facts = ended(crew(late=("on_scene",), requested=1, en_route=2, on_scene=3), crew(on_scene=9))
    assert (units(facts).n, units(facts).late_entry) == (2, 1)
    assert units(facts, clock="turnout").late_entry == 0


def test_a_clock_says_how_much_of_it_was_told_by_people_and_put_right() -> None:
    told = replace(crew(requested=1, en_route=2, on_scene=3), claimed=("on_scene",), corrected=("en_route",))
    facts = ended(told, crew(on_scene=9))
    assert (units(facts).claimed, units(facts).corrected) == (1, 0)
    assert (units(facts, clock="turnout").claimed, units(facts, clock="turnout").corrected) == (0, 1)
    of_call = replace(facts, corrected=("received_at",))
    assert units(of_call).corrected == 2
    assert units(of_call, clock="travel").corrected == 1


def test_groups_are_by_agency_type_or_district() -> None:
    facts = [
        ended(crew(on_scene=100), crew("psc", on_scene=50)),
        ended(crew(on_scene=300), type="theft", district="ketapang"),
    ]
    by_agency = report(facts, "agency", (), None)
    assert [(g.key, g.incidents, g.firsts["response"].p50_s) for g in by_agency.groups] == [
        ("damkar", 2, 100),
        ("psc", 1, 50),
    ]
    assert (by_agency.all.incidents, by_agency.all.firsts["response"].p50_s) == (2, 50)
    assert [g.key for g in report(facts, "type", (), None).groups] == ["house_fire", "theft"]
    assert [g.key for g in report(facts, "district", (), None).groups] == ["baamang", "ketapang"]


def test_an_agency_sees_its_own_crews_and_incidents_alone() -> None:
    facts = [ended(crew(on_scene=100), crew("psc", on_scene=50)), ended(crew("psc", on_scene=70)), ended()]
    own = report(facts, "type", (), "damkar")
    assert (own.all.incidents, own.all.units["response"].total) == (1, 1)
    assert own.all.firsts["response"].p50_s == 100
