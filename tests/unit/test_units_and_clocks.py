"""A unit's state follows its assignment; clocks count what was reported and nothing else; one fire, many callers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.domain import times, units
from chalicelib.domain.assignment import FINAL, REPORTS
from chalicelib.domain.clocks import assignment_clocks, incident_clocks
from chalicelib.domain.geo import distance_km
from chalicelib.domain.incident import Location
from chalicelib.domain.nearby import RADIUS_KM, alike, nearby
from chalicelib.domain.registry import IncidentType, Label
from chalicelib.domain.units import Held, UnitRead, UnitState
from tests.support.things import NOW, assignment, incident

reports = st.sampled_from(REPORTS)
latitudes, longitudes = st.floats(-90, 90), st.floats(-180, 180)


def asked(number: int, *, drill: bool = False) -> Held:
    return Held(
        incident_id=f"I{number}",
        assignment_id=f"A{number}",
        secondary=units.SECONDARY["requested"],
        people=(f"p{number}",),
        drill=drill,
    )


def sent(number: int = 1) -> UnitState:
    return units.engage(UnitState(unit_id="damkar_1", agency_id="damkar"), asked(number), NOW)


def test_a_unit_that_is_asked_is_busy() -> None:
    assert sent().busy
    assert (sent().primary, sent().secondary) == ("NotAvailable", "Dispatched")


@given(st.lists(reports, max_size=8), st.sampled_from(["", "NoFuel"]))
def test_a_unit_is_busy_until_its_assignment_ends_and_free_after(said: list[str], secondary: str) -> None:
    state = sent()
    for status in said:
        after = units.follow(state, "A1", status, "no_fuel", secondary, NOW)
        if not state.busy:
            assert after is None
            continue
        assert after is not None
        state = after
        assert state.busy == (status not in FINAL)
        assert state.people == (("p1",) if state.busy else ())
        if status in units.SECONDARY:
            assert (state.primary, state.secondary) == ("NotAvailable", units.SECONDARY[status])


@given(reports, st.sampled_from(["", "NoFuel", "EquipmentIssues"]))
def test_a_report_of_another_assignment_leaves_the_unit_alone(status: str, secondary: str) -> None:
    assert units.follow(sent(2), "A1", status, "no_fuel", secondary, NOW) is None


def test_a_unit_without_fuel_stays_out_of_service_until_somebody_says_otherwise() -> None:
    after = units.follow(sent(), "A1", "unable", "no_fuel", "NoFuel", NOW)
    assert after is not None
    assert (after.primary, after.secondary, after.reason, after.busy) == (
        "NotAvailable",
        "NoFuel",
        "no_fuel",
        False,
    )


def test_a_unit_whose_crew_had_another_duty_is_free_at_once() -> None:
    after = units.follow(sent(), "A1", "unable", "other_duty", "", NOW)
    assert after is not None
    assert (after.primary, after.reason, after.busy) == ("Available", "", False)


def at(offsets: dict[str, int]) -> dict[str, str]:
    return {status: times.plus(NOW, offset) for status, offset in offsets.items()}


steps = st.dictionaries(
    st.sampled_from(["requested", "acknowledged", "en_route", "on_scene", "ready"]), st.integers(0, 7200)
)


@given(steps)
def test_a_step_that_was_not_reported_leaves_its_clock_empty(offsets: dict[str, int]) -> None:
    clocks = assignment_clocks(incident(), assignment(milestones=at(offsets)))
    wanted = {
        "acknowledge_s": ("requested", "acknowledged"),
        "turnout_s": ("requested", "en_route"),
        "travel_s": ("en_route", "on_scene"),
    }
    for clock, (start, end) in wanted.items():
        both = start in offsets and end in offsets
        assert clocks[clock] == (offsets[end] - offsets[start] if both else None)
    assert clocks["response_s"] == offsets.get("on_scene")


@given(st.lists(steps, max_size=4))
def test_the_incidents_clocks_are_those_of_whoever_came_first(crews: list[dict[str, int]]) -> None:
    clocks = incident_clocks(
        incident(), [assignment(id=str(n), milestones=at(each)) for n, each in enumerate(crews)]
    )
    assert tuple(clocks) == (
        "answering_s",
        "processing_s",
        "handling_s",
        "turnout_s",
        "travel_s",
        "response_s",
        "ready_s",
    )
    assert clocks["ready_s"] == min((each["ready"] for each in crews if "ready" in each), default=None)
    assert clocks["response_s"] == min(
        (each["on_scene"] for each in crews if "on_scene" in each), default=None
    )
    assert clocks["handling_s"] == min(
        (each["requested"] for each in crews if "requested" in each), default=None
    )


def test_a_call_that_rang_unanswered_counts_from_its_receipt() -> None:
    crew = assignment(milestones=at({"requested": 90}))
    assert incident_clocks(incident(answered_at=None), [crew])["processing_s"] == 90
    answered = incident(answered_at=times.plus(NOW, 20))
    assert incident_clocks(answered, [crew])["processing_s"] == 70
    assert incident_clocks(answered, [crew])["answering_s"] == 20


@given(latitudes, longitudes, latitudes, longitudes)
def test_distances_are_the_same_both_ways_and_never_longer_than_half_the_earth(
    lat1: float, lng1: float, lat2: float, lng2: float
) -> None:
    there = distance_km(lat1, lng1, lat2, lng2)
    assert abs(there - distance_km(lat2, lng2, lat1, lng1)) < 1e-6
    assert 0 <= there <= 20016
    assert distance_km(lat1, lng1, lat1, lng1) == 0


def test_sampit_lies_where_it_lies() -> None:
    palangka_raya = distance_km(-2.5333, 112.95, -2.2096, 113.9136)
    assert 110 < palangka_raya < 115


places = st.builds(
    Location,
    district=st.sampled_from(["baamang", "ketapang"]),
    lat=st.floats(-2.7, -2.4) | st.none(),
    lng=st.floats(112.8, 113.1) | st.none(),
)
TYPES = {
    each.id: each
    for each in (
        IncidentType(
            id="house_fire",
            category="fire",
            label=Label(id="Kebakaran rumah", en="House fire"),
            like=["haze"],
        ),
        IncidentType(id="haze", category="disaster", label=Label(id="Kabut asap", en="Haze")),
        IncidentType(id="snake_bite", category="health", label=Label(id="Gigitan ular", en="Snake bite")),
        IncidentType(
            id="cardiac_arrest", category="health", label=Label(id="Henti jantung", en="Cardiac arrest")
        ),
        IncidentType(
            id="other_emergency",
            category="other",
            label=Label(id="Darurat lainnya", en="Other"),
            catch_all=True,
        ),
    )
}
others = st.lists(
    st.fixed_dictionaries(
        {
            "location": places,
            "type": st.sampled_from([*TYPES, "no_longer_known"]),
            "status": st.sampled_from(["open", "closed", "cancelled"]),
        }
    ),
    max_size=8,
)


@given(others, places)
def test_what_is_offered_as_the_same_is_open_alike_and_near(
    many: list[dict[str, Any]], place: Location
) -> None:
    known = [incident(id=f"I{n}", **each) for n, each in enumerate(many)]
    found = nearby(known, TYPES, "house_fire", place)
    for each in found:
        assert each.incident.status == "open"
        assert each.incident.type in ("house_fire", "haze", "other_emergency")
        if each.distance_km is None:
            assert each.incident.location.district == place.district
        else:
            assert each.distance_km <= RADIUS_KM
    measured = [each.distance_km for each in found if each.distance_km is not None]
    assert measured == sorted(measured)
    assert [each.distance_km for each in found][: len(measured)] == measured


@given(others, places)
def test_the_same_place_is_always_offered(many: list[dict[str, Any]], place: Location) -> None:
    assume((place.lat is None) == (place.lng is None))
    same = incident(id="same", location=place)
    known = [incident(id=f"I{n}", **each) for n, each in enumerate(many)] + [same]
    assert "same" in {each.incident.id for each in nearby(known, TYPES, "house_fire", place)}


@given(st.lists(reports, max_size=8), st.booleans(), st.booleans())
def test_whatever_is_made_of_a_state_is_written_on_the_version_it_was_read_with(
    said: list[str], drill: bool, twice: bool
) -> None:
    state: UnitState = UnitRead(unit_id="damkar_1", agency_id="damkar", version=7)
    for number in range(1 + twice):
        state = units.engage(state, asked(number, drill=drill), NOW)
    for status in said:
        state = units.follow(units.for_real(state), "A0", status, "no_fuel", "NoFuel", NOW) or state
    assert isinstance(state, UnitRead)
    assert state.version == 7
    assert type(units.record_of(state)) is UnitState


@given(st.sampled_from([*TYPES, "no_longer_known"]), st.sampled_from([*TYPES, "no_longer_known"]))
def test_types_are_alike_both_ways(one: str, other: str) -> None:
    assert alike(TYPES, one, other) == alike(TYPES, other, one)
    assert alike(TYPES, one, one)


def test_smoke_and_a_house_fire_are_alike_a_snake_bite_and_a_stopped_heart_are_not() -> None:
    assert alike(TYPES, "haze", "house_fire")
    assert not alike(TYPES, "snake_bite", "cardiac_arrest")
    assert not alike(TYPES, "snake_bite", "no_longer_known")


def test_what_fits_no_type_may_be_the_same_as_anything() -> None:
    assert all(alike(TYPES, "other_emergency", other) for other in [*TYPES, "no_longer_known"])


@pytest.mark.parametrize("drills", [(True,), (False, True), (True, False), (True, True), (False, False), ()])
def test_a_real_call_finds_a_unit_as_if_there_were_no_drills(drills: tuple[bool, ...]) -> None:
    real = whole = UnitState(unit_id="u", agency_id="damkar", since=NOW)
    for number, drill in enumerate(drills):
        whole = units.engage(whole, asked(number, drill=drill), NOW)
        real = real if drill else units.engage(real, asked(number), NOW)
    assert units.for_real(whole) == real
