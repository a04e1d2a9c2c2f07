"""Paging drills: whom they page, whose answers count, and what they come to."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import drills, times
from chalicelib.domain.decision import Decision
from chalicelib.domain.duty import Stretch
from chalicelib.domain.events import DrillAnswered
from chalicelib.domain.mint import Mint
from chalicelib.domain.page import Page
from chalicelib.domain.registry import Agency, Person
from chalicelib.gateways.clock import SystemClock
from tests.support.things import NOW, page

MINT = Mint(SystemClock(), "a secret of this test", replies=False)
DAMKAR = Agency(id="damkar", name="Pemadam Kebakaran", short_name="Damkar", phone="+62811000999")
PEOPLE = {
    id_: Person(id=id_, agency_id="damkar", name=id_.title(), phone="+62811000100")
    for id_ in ("andi", "budi", "citra")
}


def shift(person: str, unit: str | None = None) -> Stretch:
    return Stretch(
        agency_id="damkar",
        person_id=person,
        unit_id=unit,
        starts_at=NOW,
        ends_at=times.plus(NOW, 3600),
        day=NOW[:10],
        by="pattern",
    )


def started(people: int = 2) -> Decision:
    to_page = [drills.OnDuty(person_id=f"p{number}", unit_id=None) for number in range(people)]
    new = drills.NewDrill(id="D1", agency_id=DAMKAR.id, minutes=15, by="sub-1")
    decision, orders = drills.start(new, drills.Present(to_page, []), NOW, MINT)
    assert [each.person_id for each in orders] == [each.person_id for each in to_page]
    return decision


def answered(after_s: float | None, sent_s: float | None = 0, **more: Any) -> Page:
    return page(
        sent_at=None if sent_s is None else times.plus(NOW, sent_s),
        acknowledged_at=None if after_s is None else times.plus(NOW, after_s),
        **more,
    )


def test_each_person_on_duty_is_paged_once_by_name_with_the_unit_of_any_shift() -> None:
    shifts = [shift("budi"), shift("andi"), shift("andi", "damkar_1"), shift("andi"), shift("gone")]
    to_page, out = drills.on_duty(shifts, PEOPLE, set())
    assert [(each.person_id, each.unit_id) for each in to_page] == [("andi", "damkar_1"), ("budi", None)]
    assert out == []


def test_whoever_is_out_is_not_paged() -> None:
    to_page, out = drills.on_duty([shift("andi", "damkar_1"), shift("budi")], PEOPLE, {"andi", "citra"})
    assert [each.person_id for each in to_page] == ["budi"]
    assert [each.person_id for each in out] == ["andi"]


def test_a_drill_takes_no_unit_and_is_due_at_its_end() -> None:
    decision = started()
    assert decision.units == []
    assert decision.assignments[0].unit_id == ""
    assert decision.assignments[0].due_at == times.plus(NOW, 900)
    assert decision.incident.drill


def told_late(decision: Decision) -> bool:
    content = decision.drafts[0].content
    assert isinstance(content, DrillAnswered)
    return content.late


def test_the_first_answer_counts_and_no_other() -> None:
    incident = started().incident
    first = drills.answer(incident, answered(None), "acknowledged", times.plus(NOW, 60))
    assert first.pages[0].acknowledged_at == times.plus(NOW, 60)
    assert told_late(first) is False
    assert drills.answer(incident, first.pages[0], "acknowledged", times.plus(NOW, 90)).drafts == []


@pytest.mark.parametrize(("after_s", "late"), [(899.999, False), (900, True), (5000, True)])
def test_an_answer_is_late_from_the_end_on_also_while_nobody_has_ended_the_drill(
    after_s: float, late: bool
) -> None:
    incident = started().incident
    decision = drills.answer(incident, answered(None), "acknowledged", times.plus(NOW, after_s))
    assert told_late(decision) is late
    assert drills.answered_late(incident, decision.pages[0]) is late


def test_an_answer_after_an_early_end_is_late_and_is_added_to_what_is_kept() -> None:
    decision = started()
    ended = drills.end(decision.incident, decision.assignments[0], [], "ended", times.plus(NOW, 60))
    after = drills.answer(ended.incident, answered(None), "acknowledged", times.plus(NOW, 61))
    assert told_late(after) is True
    assert after.incident.paging_drill and after.incident.paging_drill.tally
    assert after.incident.paging_drill.tally.late == 1
    assert after.incident.paging_drill.tally.answered == 0


def test_the_tally_counts_people_without_a_page_too() -> None:
    pages = [answered(30, id="P1"), answered(None, id="P2"), answered(None, None, id="P3", status="failed")]
    tally = drills.tally(4, pages, set())
    assert (tally.people, tally.sent, tally.answered, tally.share) == (4, 2, 1, 0.25)
    assert (tally.median_s, tally.p90_s) == (30, 30)


def test_late_answers_count_apart_and_in_no_time() -> None:
    tally = drills.tally(2, [answered(30, id="P1"), answered(2000, id="P2")], {"P2"})
    assert (tally.answered, tally.late, tally.share, tally.p90_s) == (1, 1, 0.5, 30)


def test_an_answer_before_its_page_is_known_to_have_left_counts_without_a_time() -> None:
    tally = drills.tally(2, [answered(10, 20, id="P1"), answered(10, None, id="P2")], set())
    assert (tally.answered, tally.median_s) == (2, None)


@pytest.mark.parametrize(
    ("count", "median", "p90"), [(1, 1, 1), (2, 1, 2), (3, 2, 3), (10, 5, 9), (11, 6, 10), (20, 10, 18)]
)
def test_median_and_ninetieth_percentile_are_by_nearest_rank(count: int, median: int, p90: int) -> None:
    values = [float(each) for each in range(count, 0, -1)]
    assert (drills.nearest_rank(values, 50), drills.nearest_rank(values, 90)) == (median, p90)


@given(st.lists(st.floats(0, 1e6), min_size=1), st.integers(1, 100))
def test_a_nearest_rank_is_one_of_the_values_that_so_many_do_not_exceed(
    values: list[float], percent: int
) -> None:
    rank = drills.nearest_rank(values, percent)
    assert rank in values
    assert sum(each <= rank for each in values) * 100 >= percent * len(values)
    assert sum(each < rank for each in values) * 100 < percent * len(values)


def test_of_no_values_there_is_no_rank() -> None:
    assert drills.nearest_rank([], 50) is None
