"""Whether a point makes sense: one beside the river does, one of another district or another continent does not."""

from __future__ import annotations

from math import cos, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.places import Away, gone_by, reach_km, sense
from chalicelib.domain.registry import District

BAAMANG = District(id="baamang", code="1", name="Baamang", lat=-2.4663, lng=112.9472, area_km2=202)
ANTANG = District(id="antang", code="2", name="Antang Kalang", lat=-1.4199, lng=112.5991, area_km2=1605)
BOTH = [BAAMANG, ANTANG]


@pytest.mark.parametrize(
    ("what", "lat", "lng", "named", "doubts"),
    [
        ("no point", None, None, BAAMANG, []),
        ("its middle", -2.4663, 112.9472, BAAMANG, []),
        ("its farthest corner, 23 km off", -2.30, 112.83, BAAMANG, []),
        ("the middle of another district", -1.4199, 112.5991, BAAMANG, ["place_far"]),
        ("the capital of the country", -6.1754, 106.8272, BAAMANG, ["place_far", "place_outside"]),
        ("the northern half, its sign lost", 2.4663, 112.9472, BAAMANG, ["place_far", "place_outside"]),
        ("two numbers changed places", 48.8566, 2.3522, BAAMANG, ["place_far", "place_outside"]),
        ("a phone without a fix", 0.0, 0.0, BAAMANG, ["place_far", "place_outside"]),
        ("no district, in the regency", -2.5, 112.95, None, []),
        ("no district, abroad", 51.5, -0.12, None, ["place_outside"]),
    ],
)
def test_a_point_is_doubtful_where_it_cannot_be_what_was_said(
    what: str, lat: float | None, lng: float | None, named: District | None, doubts: list[str]
) -> None:
    found, _ = sense(lat, lng, named, BOTH)
    assert found == doubts, what


def test_how_far_off_is_told_from_the_district_named_or_from_the_nearest() -> None:
    _, away = sense(51.5, -0.12, BAAMANG, BOTH)
    assert away is not None
    assert away.district == "baamang"
    assert away.km == pytest.approx(11_760, abs=150)
    _, nearest = sense(-0.5, 112.6, None, BOTH)
    assert nearest == Away(district="antang", km=102.3)


def test_crews_are_chosen_by_no_point_where_none_could_be_sent() -> None:
    assert gone_by(51.5, -0.12, BOTH) is None
    assert gone_by(None, None, BOTH) is None
    palangka_raya = (-2.2096, 113.9136)
    assert gone_by(*palangka_raya, BOTH) == palangka_raya
    assert gone_by(51.5, -0.12, []) == (51.5, -0.12)


def test_a_district_without_an_area_is_taken_for_a_large_one() -> None:
    bare = District(id="bare", code="3", name="Bare", lat=-2.5, lng=112.9)
    assert reach_km(bare) == 50
    assert sense(-2.9, 112.9, bare, [bare]) == ([], None)
    assert sense(-3.0, 112.9, bare, [bare])[0] == ["place_far", "place_outside"]


def test_a_regency_without_districts_doubts_nothing() -> None:
    assert sense(51.5, -0.12, None, []) == ([], None)


@given(st.floats(0, 0.99), st.floats(-1, 1), st.floats(-1, 1))
def test_no_point_within_reach_is_doubtful(share: float, north: float, east: float) -> None:
    length = max((north**2 + east**2) ** 0.5, 1e-6)
    km = reach_km(ANTANG) * share / length
    lat = ANTANG.lat + north * km / 111.2
    lng = ANTANG.lng + east * km / (111.2 * cos(radians(ANTANG.lat)))
    assert sense(lat, lng, ANTANG, BOTH)[0] == []
