"""Who is coming, by the crews alone: the furthest of them says it, in any order."""

from __future__ import annotations

from itertools import permutations
from typing import get_args

import pytest

from chalicelib.domain.coming import BY_STATUS, NOBODY, ORDER, UNSENT_S, Coming, coming, reach_of
from chalicelib.domain.incident import AssignmentStatus, Crew, Imported, PageOrder, PagingDrill, Reach
from chalicelib.domain.times import plus
from tests.support.things import NOW, incident, page


def crew(status: str, reach: Reach = "sent", at: str = NOW) -> Crew:
    return Crew(
        id=f"{status}{reach}",
        agency_id="damkar",
        unit_id="damkar_1",
        callsign="D1",
        status=status,  # type: ignore[arg-type]
        at=at,
        reach=reach,
    )


def told(*crews: Crew, now: str = NOW) -> Coming:
    found = coming(incident(crews=crews), now)
    assert found
    return found


def test_every_status_of_a_crew_means_something() -> None:
    assert set(get_args(AssignmentStatus)) == {"requested", *BY_STATUS}
    assert set(BY_STATUS.values()) < set(ORDER)


def test_only_a_crew_that_is_asked_or_further_stills_the_alarm() -> None:
    quiet = [status for status in get_args(AssignmentStatus) if not told(crew(status)).alarm]
    assert quiet == ["requested", "acknowledged", "en_route", "on_scene", "ready"]
    assert {"asked", "asking"}.isdisjoint(NOBODY)


@pytest.mark.parametrize("further", ["requested", "acknowledged", "en_route", "on_scene"])
def test_the_furthest_crew_says_who_is_coming_whatever_stands_beside_it(further: str) -> None:
    others = [crew("cleared"), crew("unable"), crew("unanswered")]
    for order in permutations([crew(further), *others]):
        assert told(*order) == told(crew(further))


def test_of_those_that_do_not_come_the_one_that_can_still_be_rung_is_named() -> None:
    assert told(crew("cleared"), crew("unanswered"), crew("unable")).state == "unanswered"
    assert told(crew("unable"), crew("cleared")).state == "done"
    assert told().state == "nobody"


@pytest.mark.parametrize(
    ("reach", "age_s", "state"),
    [
        ("sent", 9999, "asked"),
        ("ordered", UNSENT_S - 1, "asking"),
        ("ordered", UNSENT_S, "unsent"),
        # The clock was set back by an hour: nobody waits that long for the alarm.
        ("ordered", -3600, "unsent"),
        ("lost", 0, "unreached"),
        ("nobody", 0, "unreached"),
        ("", 9999, "asked"),
    ],
)
def test_a_crew_is_asked_only_as_far_as_its_call_outs_got(reach: Reach, age_s: int, state: str) -> None:
    assert told(crew("requested", reach), now=plus(NOW, age_s)).state == state


def test_nobody_comes_to_what_is_over_a_paging_drill_or_out_of_a_logbook() -> None:
    drill = PagingDrill(agency_id="damkar", minutes=5, ends_at=NOW, by="x")
    past = Imported(source="buku", key="1", digest="")
    assert coming(incident(status="closed"), NOW) is None
    assert coming(incident(status="cancelled"), NOW) is None
    assert coming(incident(paging_drill=drill), NOW) is None
    assert coming(incident(imported=past), NOW) is None


@pytest.mark.parametrize(
    ("statuses", "reach"),
    [
        ([], "nobody"),
        (["pending"], "ordered"),
        (["sending", "failed"], "ordered"),
        (["failed", "expired"], "lost"),
        (["failed", "sent"], "sent"),
        (["delivered", "pending"], "sent"),
    ],
)
def test_how_far_the_call_outs_of_a_crew_got(statuses: list[str], reach: str) -> None:
    pages = [page(id=f"P{n}", status=status) for n, status in enumerate(statuses)]
    foreign = page(id="other", assignment_id="A2", status="sent")
    called_off = page(id="off", kind="cancelled", status="sent")
    assert reach_of("A1", [*pages, foreign, called_off], []) == reach


def test_an_order_that_is_not_yet_a_page_is_ordered_and_whoever_declined_is_asked_no_more() -> None:
    order = PageOrder(assignment_id="A1", person_id="andi")
    assert reach_of("A1", [], [order]) == "ordered"
    assert reach_of("A1", [page(status="sent", acknowledged_at=NOW)], []) == "lost"
