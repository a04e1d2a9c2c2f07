"""Figures that open: each agency of an incident is one case, counted or left out for one reason, and the parts are the whole."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.cases import MINUTES, By, Chosen, cases, counted, in_bin, key_of
from chalicelib.domain.facts import CrewFacts, Facts
from tests.unit.test_reporting import crew, ended, target

LEGAL = target(900, agency_id="damkar", category="fire", until_ready=True)
ARRIVAL = target(600, agency_id="psc")
ALL = Chosen()


def found(facts: list[Facts], clock: str = "response", chosen: Chosen = ALL, targets: Any = ()) -> list[Any]:
    return list(cases(facts, clock, targets, chosen, 7))  # type: ignore[arg-type]


def answer(facts: list[Facts], by: By = "agency", **more: Any) -> Any:
    return counted(found(facts, **more), by, 7)


def test_an_agency_counts_once_an_incident_by_its_first_unit() -> None:
    whole = answer([ended(crew(on_scene=500), crew(on_scene=300), crew("psc", on_scene=400))])
    assert {each.key: (each.called, each.p50_s) for each in whole.groups} == {
        "damkar": (1, 300),
        "psc": (1, 400),
    }
    assert (whole.all.called, whole.all.counted) == (2, 2)


def test_each_agencys_own_clock_is_that_of_its_target() -> None:
    facts = [ended(crew(on_scene=500, ready=950), crew("psc", on_scene=590))]
    whole = answer(facts, clock="target", targets=(LEGAL, ARRIVAL))
    fire, ambulance = whole.groups
    assert (fire.clocks, fire.p50_s, fire.target_s, fire.late) == (["ready"], 950, 900, 1)
    assert (ambulance.clocks, ambulance.p50_s, ambulance.target_s, ambulance.late) == (
        ["response"],
        590,
        600,
        0,
    )
    assert (whole.all.clocks, whole.all.target_s) == (["response", "ready"], None)


@pytest.mark.parametrize(
    ("crews", "status", "reason"),
    [
        ((crew(status="unable"), crew()), "closed", "unable"),
        ((crew(status="unanswered"), crew(status="unable")), "closed", "unable"),
        ((crew(status="unanswered"), crew(status="cancelled")), "closed", "unanswered"),
        ((crew(status="cancelled"),), "closed", "cancelled"),
        ((crew(en_route=60),), "closed", "no_on_scene"),
        ((crew(status="unable"), crew(on_scene=-5)), "closed", "unable"),
        ((crew(on_scene=-5),), "closed", "negative"),
        ((crew(on_scene=300),), "cancelled", "incident_cancelled"),
    ],
)
def test_what_has_no_figure_has_one_reason_the_gravest_of_its_crews(
    crews: tuple[CrewFacts, ...], status: str, reason: str
) -> None:
    assert answer([ended(*crews, status=status)]).all.left_out == {reason: 1}


def test_a_colleague_who_came_makes_up_for_one_who_could_not() -> None:
    whole = answer([ended(crew(status="unable"), crew(on_scene=700))]).all
    assert (whole.counted, whole.left_out, whole.p50_s) == (1, {}, 700)


def test_cases_are_chosen_by_what_they_were_at_the_end_and_when_they_began() -> None:
    night = ended(crew(on_scene=1), opened_at="2026-11-23T15:00:00Z", priority=1, terrain="water")
    noon = ended(crew("psc", on_scene=2), opened_at="2026-11-23T05:00:00Z", priority=2, terrain="land")
    sunday = ended(crew(on_scene=3), day="2026-11-22", type="flood", opened_at="2026-11-22T05:00:00Z")

    def called(**chosen: Any) -> list[float | None]:
        return [case.reading.seconds for case in found([night, noon, sunday], chosen=Chosen(**chosen))]

    assert called() == [1, 2, 3]
    assert called(hours="night") == [1]
    assert called(hours="day") == [2, 3]
    assert called(days="weekend") == [3]
    assert called(agency_id="psc") == [2]
    assert called(priority=1) == called(terrain="water") == [1]
    assert called(type="flood") == [3]


def test_facts_of_an_older_release_are_counted_and_said_to_be_unknown() -> None:
    old = [ended(crew(on_scene=60))]
    for by in ("hour", "priority", "terrain"):
        assert [each.key for each in answer(old, by=by).groups] == ["unknown"]
    assert found(old, chosen=Chosen(hours="day")) == []


def test_the_minutes_hold_every_counted_case_and_the_late_apart() -> None:
    facts = [ended(crew("psc", on_scene=seconds)) for seconds in (0, 59.9, 60, 599, 600, 601, 99_999)]
    whole = answer(facts, targets=(ARRIVAL,)).all
    assert whole.minutes[0] == (2, 0) and whole.minutes[9] == (1, 0)
    assert whole.minutes[10] == (1, 1), "at its target it is in time, a second after it is late"
    assert whole.minutes[MINUTES] == (0, 1) and len(whole.minutes) == MINUTES + 1
    assert sum(map(sum, whole.minutes)) == whole.counted == 7


crews = st.builds(
    lambda agency, status, at: crew(agency, status, **at),
    st.sampled_from(["damkar", "psc"]),
    st.sampled_from(["cleared", "unable", "unanswered", "cancelled"]),
    st.dictionaries(
        st.sampled_from(["requested", "en_route", "on_scene", "ready"]), st.integers(-60, 5000), max_size=4
    ),
)
incidents = st.builds(
    lambda some, status, priority: ended(*some, status=status, priority=priority),
    st.lists(crews, max_size=4),
    st.sampled_from(["closed", "cancelled"]),
    st.integers(0, 5),
)


@given(
    st.lists(incidents, max_size=6),
    st.sampled_from(["target", "answering", "handling", "turnout", "response", "ready"]),
    st.sampled_from(get_args(By)),
)
def test_every_number_opens_into_its_cases_and_the_parts_are_the_whole(
    facts: list[Facts], clock: str, by: By
) -> None:
    all_cases = found(facts, clock=clock, targets=(LEGAL, ARRIVAL))
    whole = counted(all_cases, by, 7)
    assert sum(each.called for each in whole.groups) == whole.all.called == len(all_cases)
    for group in whole.groups:
        own = [case for case in all_cases if key_of(case, by, 7) == group.key]
        assert group.called == group.counted + sum(group.left_out.values()) == len(own)
        numbers = {"counted": group.counted, "late": group.late, **group.left_out}
        numbers["within"] = group.with_target - group.late
        for bin_, number in numbers.items():
            assert sum(in_bin(case, bin_) for case in own) == number
