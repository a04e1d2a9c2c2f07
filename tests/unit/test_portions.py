"""A large attendance in portions: nothing is lost, every need has its first unit early, and the incident's item has an end."""

from __future__ import annotations

from collections import Counter

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain import attention, dispatch, outcomes, paging, portions
from chalicelib.domain.dispatch import Attendance, Considered, Pick, Shortfall
from chalicelib.domain.incident import Attention, Crew, Owed, PageOrder
from chalicelib.models.change import LARGEST
from tests.support.things import NOW, incident

ULID = "01KAQW0000000000000000TEST"


def pick(need: str, number: int, agency: str = "damkar") -> Pick:
    return Pick(
        need_id=need,
        agency_id=agency,
        unit_id=f"{need}_{number}",
        callsign=f"{need}-{number}".upper(),
        people=("a", "b"),
        distance_km=1.0,
        reasons=("nearest_fit",),
    )


def short(need: str, missing: int) -> Shortfall:
    return Shortfall(need_id=need, missing=missing, reason="busy", considered=())


def wanted(picks: tuple[Pick, ...], shortfalls: tuple[Shortfall, ...]) -> Counter[str]:
    counted = Counter(each.need_id for each in picks)
    for each in shortfalls:
        counted[each.need_id] += each.missing
    return counted


@given(
    units=st.lists(st.integers(1, 20), min_size=1, max_size=8),
    missing=st.lists(st.integers(1, 5), max_size=5),
    room=st.integers(0, 100),
    items_a_page=st.sampled_from([1, 2]),
)
def test_what_is_not_sent_now_is_owed_and_no_more_is_sent_than_fits(
    units: list[int], missing: list[int], room: int, items_a_page: int
) -> None:
    picks = tuple(pick(f"n{need}", n) for need, count in enumerate(units) for n in range(count))
    shortfalls = tuple(short(f"n{need}", count) for need, count in enumerate(missing))
    found = portions.portion(picks, shortfalls, 1, room, items_a_page)
    owed = Counter({each.need_id: each.units for each in found.owed})
    assert wanted(found.picks, found.shortfalls) + owed == wanted(picks, shortfalls)
    agencies = len({each.agency_id for each in found.picks})
    assert len(found.picks) * (3 + items_a_page) + len(found.shortfalls) + agencies <= room
    if owed and room >= 4 + items_a_page:
        assert found.picks or found.shortfalls, "each transaction brings it on"


def test_every_need_has_its_first_unit_before_any_has_its_second() -> None:
    picks = [pick(need, n) for need in ("pump", "medic", "police") for n in range(20)]
    found = portions.portion(picks, [], 1, 24, 1)
    assert [each.unit_id for each in found.picks] == ["pump_0", "medic_0", "police_0", "pump_1", "medic_1"]
    assert found.owed == tuple(
        Owed(need_id=need, level=1, units=units)
        for need, units in (("police", 19), ("pump", 18), ("medic", 18))
    )


def test_units_beyond_the_largest_incident_are_a_shortfall() -> None:
    attendance = Attendance(
        plan_id="p", policy_id="", level=1, picks=tuple(pick("pump", n) for n in range(5)), shortfalls=()
    )
    found = portions.bounded(attendance, portions.UNITS_MOST - 2)
    assert len(found.picks) == 2
    assert found.shortfalls == (replace(short("pump", 3), reason="too_many_units"),)


def test_what_waits_to_be_written_counts_from_when_it_was_decided() -> None:
    one = incident(owed=(Owed(need_id="pump", level=1, units=3),))
    begun = portions.since(one, NOW)
    assert begun.unfinished_since == NOW
    assert portions.since(begun, "2026-11-23T09:00:00.000Z") is begun
    assert portions.since(replace(begun, owed=()), NOW).unfinished_since == ""


def order(crew: int, person: int, **more: object) -> PageOrder:
    return PageOrder(assignment_id=f"A{crew}", person_id=f"p{person}", **more)  # type: ignore[arg-type]


def test_crews_that_follow_are_asked_before_the_second_person_of_those_before_them() -> None:
    waiting = [order(1, 2, bulk=True), order(1, 3, bulk=True)]
    new = [order(2, 1), order(2, 2), order(3, 1), order(3, 2)]
    found = paging.in_turn(waiting, new, continued=True)
    assert [(each.assignment_id, each.person_id) for each in found] == [
        ("A2", "p1"),
        ("A3", "p1"),
        ("A1", "p2"),
        ("A1", "p3"),
        ("A2", "p2"),
        ("A3", "p2"),
    ]
    assert all(each.bulk for each in found), "what leaves at once is the first decision's alone"


def test_whole_fleets_looked_at_for_many_needs_are_named_in_part_and_counted() -> None:
    seen = tuple(
        Considered(unit_id=f"unit_{n}", callsign=f"UNIT-{n}", agency_id="damkar", reason="busy")
        for n in range(300)
    )
    given_ = [replace(short(f"n{n}", 1), considered=seen) for n in range(60)]
    found = list(dispatch._brief(given_))
    assert all(len(each.considered) + each.more == 300 for each in found)
    attendance = Attendance(plan_id="p", policy_id="", level=1, picks=(), shortfalls=tuple(found))
    assert len(msgspec.json.encode(attendance)) < LARGEST / 2
    assert list(dispatch._brief(given_[:3])) == given_[:3], "a usual attendance names them all"


def test_the_largest_incident_with_all_that_may_be_told_of_it_fits_its_item() -> None:
    crews = tuple(
        Crew(
            id=f"{n:026d}",
            agency_id="satpolairud",
            unit_id=f"perahu_karet_sampit_{n}",
            callsign=f"PERAHU-KARET-{n}",
            status="unanswered",
            at=NOW,
            reason="other_duty",
            reach="ordered",
        )
        for n in range(portions.UNITS_MOST)
    )
    one = incident(crews=crews, narrative="A" * 2000, plan={"policy": "B" * 2000})
    marks = [
        Attention(code=code, detail=crew.id, at=NOW)
        for crew in crews
        for code in ("no_acknowledgement", "page_failed", "page_expired", "reply_unread")
    ]
    marks += [Attention(code="shortfall", detail=f"perahu_{n}:no_fit_unit", at=NOW) for n in range(150)]
    one = replace(one, attention=tuple(marks))
    for crew in crews:
        for counted, strange in ((False, False), (False, True), (True, True)) * 3:
            reply = Attention(
                code="reply",
                detail=crew.id,
                at=NOW,
                note=ULID,
                proposal="acknowledged",
                reason="other_duty",
                said_at=NOW,
                counted=counted,
                strange=strange,
            )
            one = attention.replied(one, reply)
    waiting = tuple(
        PageOrder(assignment_id=ULID, person_id=f"relawan_{n:04d}", kind="cancelled", after=ULID, bulk=True)
        for n in range(portions.WAITING_MOST + 500)
    )
    assert outcomes.MARKS_OF_ALL <= portions.UNITS_MOST
    size = len(msgspec.json.encode(replace(one, unpaged=waiting)))
    assert size < LARGEST
