"""Boundaries of districts: rings as text, points within, lines with fewer points, and files as people have them."""

from __future__ import annotations

import json
from math import cos, pi, radians, sin
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import boundaries, geojson
from chalicelib.domain.boundaries import UNITS, Ring
from chalicelib.domain.registry import District

SQUARE: Ring = (
    (11_290_000, -254_000),
    (11_300_000, -254_000),
    (11_300_000, -244_000),
    (11_290_000, -244_000),
)
HOLE: Ring = ((11_294_000, -250_000), (11_296_000, -250_000), (11_296_000, -248_000), (11_294_000, -248_000))
points = st.tuples(st.integers(-180 * UNITS, 180 * UNITS), st.integers(-90 * UNITS, 90 * UNITS))
TOWN = District(id="town", code="62.02.05", name="Baamang", lat=-2.49, lng=112.95, area_km2=120)
NEXT = District(id="next", code="62.02.12", name="Seranau", lat=-2.49, lng=113.05, area_km2=120)
BOTH = {each.id: each for each in (TOWN, NEXT)}


def star(corners: int, wobble: float = 0.0, at: tuple[float, float] = (112.95, -2.49)) -> list[list[float]]:
    """A closed line around a point whose corners are as far as 10 km, every other one nearer by `wobble`."""
    made = []
    for n in range(corners):
        far = 0.09 * (1 - wobble * (n % 2))
        angle = 2 * pi * n / corners
        made.append([at[0] + far * cos(angle), at[1] + far * sin(angle)])
    return [*made, made[0]]


def feature(line: list[list[float]], **properties: str) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": properties or {"nama": "Baamang"},
        "geometry": {"type": "Polygon", "coordinates": [line]},
    }


def brought(*features: dict[str, Any]) -> list[geojson.Outline]:
    return geojson.outlines(json.dumps({"type": "FeatureCollection", "features": features}), BOTH)


@given(st.lists(points, min_size=1, max_size=60))
def test_a_ring_comes_back_from_its_text_as_it_was(ring: list[tuple[int, int]]) -> None:
    assert boundaries.decode(boundaries.encode(tuple(ring))) == tuple(ring)


def test_the_text_is_the_one_that_its_authors_publish() -> None:
    ring = ((-12_020_000, 3_850_000), (-12_095_000, 4_070_000), (-12_645_300, 4_325_200))
    assert boundaries.encode(ring) == "_p~iF~ps|U_ulLnnqC_mqNvxq`@"


@given(st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=130), max_size=40))
def test_any_other_text_is_a_ring_or_refused(text: str) -> None:
    try:
        ring = boundaries.decode(text)
    except boundaries.NoRing:
        return
    assert all(abs(x) <= 180 * UNITS and abs(y) <= 90 * UNITS for x, y in ring)


@given(st.integers(-20_000, 30_000), st.integers(-20_000, 30_000))
def test_a_point_lies_within_a_square_where_both_its_numbers_do(dx: int, dy: int) -> None:
    x, y = SQUARE[0][0] + dx, SQUARE[0][1] + dy
    if dx in (0, 10_000) or dy in (0, 10_000):
        return  # On the line itself it is of either side.
    assert boundaries.within([SQUARE], y / UNITS, x / UNITS) == (0 < dx < 10_000 and 0 < dy < 10_000)


def test_a_hole_is_no_part_of_it_and_an_island_is() -> None:
    assert not boundaries.within([SQUARE, HOLE], -2.49, 112.95)
    assert boundaries.within([SQUARE, HOLE], -2.45, 112.91)
    island = tuple((x + 20_000, y) for x, y in SQUARE)
    assert boundaries.within([SQUARE, HOLE, island], -2.49, 113.15)
    assert boundaries.km2([SQUARE]) - boundaries.km2([SQUARE, HOLE]) == pytest.approx(4.9, rel=0.1)


@given(st.integers(5, 80), st.floats(0, 0.6), st.sampled_from([5.0, 50.0, 500.0]))
def test_what_is_left_out_lies_no_farther_from_the_line_than_was_said(
    corners: int, wobble: float, tolerance: float
) -> None:
    ring = tuple((round(x * UNITS), round(y * UNITS)) for x, y in star(corners, wobble)[:-1])
    left = boundaries.simplified(ring, tolerance, len(ring))
    assert left
    assert set(left) <= set(ring)
    for x, y in ring:
        assert boundaries.metres_to([left], y / UNITS, x / UNITS) <= tolerance * 1.01 + 1


def test_sides_that_cross_are_found_and_neighbours_are_none() -> None:
    bow = (SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3])
    assert boundaries.crossing([SQUARE, HOLE]) is None
    assert boundaries.crossing([bow]) is not None
    assert boundaries.crossing([SQUARE, tuple((x + 5_000, y) for x, y in HOLE)]) is not None
    spike = (*SQUARE[:2], (11_310_000, -254_000), *SQUARE[1:])
    assert boundaries.crossing([spike]) is not None


def test_a_file_is_read_district_by_district_by_code_or_name() -> None:
    one, other, third = brought(
        feature(star(12), KODE="62.02.05"),
        feature(star(12, at=(113.05, -2.49)), NAMOBJ="SERANAU"),
        feature(star(12), NAMOBJ="Lain"),
    )
    assert [each.district for each in (one, other, third)] == ["town", "next", ""]
    assert (one.points, one.tolerance_m, one.faults) == (12, 0, [])
    assert geojson.read(one.boundary)[0][0] == (11_304_000, -249_000)
    shared = next(each.km2 for each in one.overlaps if each.district == "next")
    area = 2 * 0.09 * 111.2 * 0.09 * 111.2 * cos(radians(2.49))
    assert 0 < shared < area


def test_a_line_of_thousands_of_points_becomes_one_that_is_kept_and_says_how_near_it_stays() -> None:
    (outline,) = brought(feature(star(5_000)))
    assert outline.faults == []
    assert outline.read == 5_000 and outline.points <= boundaries.POINTS_MOST
    assert 0 < outline.tolerance_m <= 20
    assert outline.km2 == pytest.approx(314, rel=0.03)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (star(12)[:-1], "ring_open"),
        ([[y, x] for x, y in star(12)], "swapped"),
        (star(12, at=(106.8, -6.2)), "elsewhere"),
        ([[x * 111_320, y * 111_320] for x, y in star(12)], "not_wgs84"),
        ([star(12)[n] for n in (0, 3, 6, 9, 0)], ""),
        ([star(12)[n] for n in (0, 6, 9, 3, 0)], "crosses_itself"),
        (star(6_000, 0.9), "too_many_points"),
        ([["a", "b"]] * 4, "not_geojson"),
    ],
)
def test_what_is_wrong_with_a_line_is_said(line: list[Any], code: str) -> None:
    (outline,) = brought(feature(line))
    assert outline.faults == ([code] if code else [])
    assert bool(outline.boundary) == (not code)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("PK\x03\x04", "not_geojson"),
        ("[" * 100_000, "not_geojson"),
        ('{"type": "Topology"}', "not_geojson"),
        ("[]", "not_geojson"),
        (json.dumps({"type": "FeatureCollection", "features": [{}] * 61}), "too_many_outlines"),
    ],
)
def test_what_is_no_file_of_boundaries_is_said(text: str, code: str) -> None:
    with pytest.raises(geojson.Unreadable) as refused:
        geojson.outlines(text, BOTH)
    assert refused.value.code == code


def test_a_point_or_a_line_has_no_boundary() -> None:
    for kind in ("Point", "LineString", None):
        (outline,) = brought({"type": "Feature", "properties": None, "geometry": {"type": kind}})
        assert outline.faults == ["not_polygon"]
