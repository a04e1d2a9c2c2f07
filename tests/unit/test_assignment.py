"""An assignment goes forward only, whatever is reported in whatever order and however often."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import assignment as machine
from chalicelib.domain import times
from chalicelib.domain.assignment import FINAL, LATE_ENTRY_S, ORDER, REPORTS, Assignment, Step, outcome
from chalicelib.domain.events import Reported
from chalicelib.errors import Unprocessable
from tests.support.things import NOW, assignment

statuses = st.sampled_from(REPORTS)
# What is said, how long after the report before, and how long before that it is claimed to have happened.
said = st.lists(st.tuples(statuses, st.integers(0, 3600), st.integers(0, 600)), max_size=12)


def told(reports: list[tuple[str, int, int]]) -> list[Assignment]:
    """The assignment after each report that `outcome` lets through, as the service does it."""
    states, now = [assignment()], NOW
    for status, pause, ago in reports:
        now = times.plus(now, pause)
        current = states[-1]
        if outcome(current.status, status) != "applied":
            states.append(current)
            continue
        happened = times.plus(now, -ago)
        try:
            machine.check_past(happened, now)
            machine.check_order(current, happened)
        except Unprocessable:
            states.append(current)
            continue
        states.append(machine.report(current, Step(status, "", happened), now))  # type: ignore[arg-type]
    return states


def rank(state: Assignment) -> int:
    return ORDER.index(state.status) if state.status in ORDER else len(ORDER)


@given(said)
def test_it_never_goes_back(reports: list[tuple[str, int, int]]) -> None:
    ranks = [rank(state) for state in told(reports)]
    assert ranks == sorted(ranks)


@given(said)
def test_final_stays_final(reports: list[tuple[str, int, int]]) -> None:
    states = told(reports)
    ended = next((state for state in states if state.status in FINAL), None)
    if ended:
        assert all(state == ended for state in states[states.index(ended) :])


@given(said)
def test_a_milestone_once_set_is_never_rewritten(reports: list[tuple[str, int, int]]) -> None:
    states = told(reports)
    for before, after in pairwise(states):
        assert before.milestones.items() <= after.milestones.items()


@given(said)
def test_only_what_was_reported_has_a_milestone(reports: list[tuple[str, int, int]]) -> None:
    states = told(reports)
    reached = [states[0].status] + [after.status for before, after in pairwise(states) if before != after]
    assert list(states[-1].milestones) == reached


@given(said)
def test_milestones_follow_each_other_in_time(reports: list[tuple[str, int, int]]) -> None:
    instants = list(told(reports)[-1].milestones.values())
    assert instants == sorted(instants)


@given(said)
def test_a_repeat_of_all_that_was_said_changes_nothing(reports: list[tuple[str, int, int]]) -> None:
    once = told(reports)[-1]
    said_again = [(status, pause, 0) for status, pause, _ in reports if status in once.milestones]
    for status, *_ in said_again:
        assert outcome(once.status, status) in ("repeated", "late")


@given(statuses, statuses)
def test_every_report_has_one_meaning(current: str, reported: str) -> None:
    meaning = outcome(current, reported)
    assert (meaning == "repeated") == (current == reported)
    if current in FINAL:
        assert meaning != "applied"


@pytest.mark.parametrize("step", ["unable", "cancelled"])
@pytest.mark.parametrize("current", ["requested", "acknowledged", "en_route", "on_scene", "ready"])
def test_a_crew_that_is_still_expected_can_be_lost_at_any_step(current: str, step: str) -> None:
    assert outcome(current, step) == "applied"


@given(statuses.filter(lambda status: status not in FINAL))
def test_steps_may_be_skipped_and_the_skipped_stay_empty(status: str) -> None:
    after = machine.report(assignment(), Step(status, "", NOW), NOW)  # type: ignore[arg-type]
    assert set(after.milestones) == {"requested", status}


@given(statuses, st.integers(0, 7200))
def test_an_entry_is_late_when_it_comes_more_than_two_minutes_after_the_fact(status: str, ago: int) -> None:
    now = times.plus(NOW, 7200)
    after = machine.report(assignment(), Step(status, "", times.plus(now, -ago)), now)  # type: ignore[arg-type]
    assert (status in after.late_entry) == (ago > LATE_ENTRY_S)
    assert after.milestones[status] == times.plus(now, -ago)


def test_a_time_in_the_future_is_refused() -> None:
    with pytest.raises(Unprocessable) as refusal:
        machine.check_past(times.plus(NOW, 61), NOW)
    assert "occurred_at" in refusal.value.fields


def test_a_time_before_the_step_before_is_refused() -> None:
    with pytest.raises(Unprocessable) as refusal:
        machine.check_order(assignment(), times.plus(NOW, -1))
    assert "occurred_at" in refusal.value.fields


@given(statuses)
def test_the_event_says_from_where_it_went_where_and_why(status: str) -> None:
    before = assignment(status="acknowledged")
    step = Step(status, "no_fuel", NOW, claimed=True)  # type: ignore[arg-type]
    event = machine.event(before, machine.report(before, step, times.plus(NOW, 121)), step)
    content = event.content
    assert isinstance(content, Reported)
    assert type(content) is machine.EVENT[status]
    assert (content.before, content.reason) == ("acknowledged", "no_fuel")
    assert content.late_entry and content.claimed
    assert event.occurred_at == NOW
