"""Boundaries of districts in a GeoJSON file (RFC 7946): which is whose, what is wrong with each, and each with as few points as are needed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from . import boundaries, places
from .boundaries import POINTS_MOST, RINGS_MOST, UNITS, Ring
from .registry import District
from .sheets.cells import folded

FEATURES_MOST = 60
# Of one feature: the work of leaving points out may grow with their square.
READ_MOST = 20_000
TOLERANCES_M = (0, 5, 10, 20, 50, 100, 200, 500)
# Of less nobody needs to hear: the same border, drawn twice.
OVERLAP_KM2 = 1.0


class Unreadable(ValueError):
    """A text that is no GeoJSON of boundaries; its code is one of faults.py."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Overlap(Struct, frozen=True, kw_only=True):
    """How much of a boundary another district has as well."""

    district: str
    km2: float


class Outline(Struct, kw_only=True):
    """One feature of a file: whose it is, `boundary` as a district keeps it, and why it cannot be kept (`faults`, codes of faults.py).

    `points` of the `read` ones are left, none farther than `tolerance_m` from where the file has it.
    """

    name: str
    district: str = ""
    boundary: list[str] = field(default_factory=list)
    read: int = 0
    points: int = 0
    tolerance_m: int = 0
    km2: float = 0.0
    overlaps: list[Overlap] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def outlines(text: str, districts: Mapping[str, District]) -> list[Outline]:
    """Every boundary of a file; Unreadable."""
    found = [_outline(each, districts) for each in _features(text)]
    for one in found:
        if one.boundary:
            one.overlaps = _overlaps(one, found, districts)
    return found


def _features(text: str) -> list[dict[str, Any]]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable("not_geojson") from None
    kind = document.get("type") if isinstance(document, dict) else None
    if kind == "FeatureCollection" and isinstance(document.get("features"), list):
        features = [each for each in document["features"] if isinstance(each, dict)]
    elif kind == "Feature":
        features = [document]
    elif kind in ("Polygon", "MultiPolygon"):
        features = [{"geometry": document}]
    else:
        raise Unreadable("not_geojson")
    if len(features) > FEATURES_MOST:
        raise Unreadable("too_many_outlines")
    return features


def _outline(feature: Mapping[str, Any], districts: Mapping[str, District]) -> Outline:
    properties = feature.get("properties")
    said = (
        [each for each in properties.values() if isinstance(each, str)]
        if isinstance(properties, dict)
        else []
    )
    district = _meant(said, districts.values())
    outline = Outline(
        name=district.name if district else " ".join(said)[:120], district=district.id if district else ""
    )
    try:
        raw = _rings(feature.get("geometry"))
    except Unreadable as fault:
        outline.faults.append(fault.code)
        return outline
    outline.read = sum(len(ring) for ring in raw)
    outline.faults += _misplaced(raw, district, districts.values())
    rings: list[Ring] = []
    if not outline.faults:
        rings, outline.tolerance_m, crosses = _few(raw)
        if not rings:
            outline.faults.append("crosses_itself" if crosses else "too_many_points")
    if rings:
        outline.boundary = [boundaries.encode(ring) for ring in rings]
        outline.points = sum(len(ring) for ring in rings)
        outline.km2 = round(boundaries.km2(rings), 1)
    return outline


def _meant(said: Iterable[str], districts: Iterable[District]) -> District | None:
    """The district whose code, else whose name stands among a feature's properties."""
    said, districts = list(said), list(districts)
    for each in districts:
        if each.code and each.code in said:
            return each
    names = {folded(each) for each in said}
    found = [each for each in districts if folded(each.name) in names]
    return found[0] if len(found) == 1 else None


def _rings(geometry: Any) -> list[Ring]:
    kind, held = (
        (geometry.get("type"), geometry.get("coordinates")) if isinstance(geometry, dict) else ("", None)
    )
    if kind not in ("Polygon", "MultiPolygon"):
        raise Unreadable("not_polygon")
    polygons: Any = held if kind == "MultiPolygon" else [held]
    try:
        lines = [[(each[0], each[1]) for each in line] for polygon in polygons for line in polygon]
        total = sum(len(line) for line in lines)
        numbers = all(type(number) in (int, float) for line in lines for point in line for number in point)
    except (TypeError, IndexError, KeyError):
        raise Unreadable("not_geojson") from None
    if not lines or not numbers:
        raise Unreadable("not_geojson")
    if total > READ_MOST:
        raise Unreadable("too_many_points")
    if any(not (abs(x) <= 180 and abs(y) <= 180) for line in lines for x, y in line):
        raise Unreadable("not_wgs84")
    if any(len(line) < 4 or line[0] != line[-1] for line in lines):
        raise Unreadable("ring_open")
    return [ring for line in lines if len(ring := _whole(line)) >= boundaries.FEWEST]


def _whole(line: Sequence[tuple[float, float]]) -> Ring:
    """The ring in whole units, points that fall together once."""
    points = [(round(x * UNITS), round(y * UNITS)) for x, y in line[:-1]]
    kept = [each for n, each in enumerate(points) if each != points[n - 1]]
    return tuple(kept)


def _misplaced(rings: Sequence[Ring], district: District | None, districts: Iterable[District]) -> list[str]:
    """Whether it lies elsewhere than its district, or its numbers are the other way round."""
    near = [district] if district else list(districts)
    if not rings:
        return ["ring_open"]
    if not near or places.reached(rings, near):
        return []
    if places.reached([tuple((y, x) for x, y in ring) for ring in rings], near):
        return ["swapped"]
    return ["elsewhere"]


def _few(raw: Sequence[Ring]) -> tuple[list[Ring], int, bool]:
    """The rings with at most as many points as a district keeps, by the smallest tolerance at which they do not cross.

    None, and whether it is because they cross.
    """
    best: list[Ring] = []
    within, crosses = 0, False
    # The coarsest first: what has too many points there has more at each finer one.
    for tolerance in reversed(TOLERANCES_M):
        rings: list[Ring] = []
        for ring in raw:
            left = boundaries.simplified(ring, tolerance, POINTS_MOST - sum(map(len, rings)))
            if left is None:
                return best, within, crosses
            # What is smaller than the tolerance is no more than a line.
            rings += [left] if len(left) >= boundaries.FEWEST else []
        if not rings or len(rings) > RINGS_MOST:
            continue
        if boundaries.crossing(rings):
            crosses = True
        else:
            best, within = rings, tolerance
    return best, within, crosses


def _overlaps(one: Outline, others: Iterable[Outline], districts: Mapping[str, District]) -> list[Overlap]:
    """The neighbours that have some of it as well: as the file has them, else as they are kept."""
    given = {each.district: each.boundary for each in others if each.district and each.boundary}
    kept = {each.id: each.boundary for each in districts.values() if each.boundary}
    mine = read(one.boundary)
    found = []
    for id_, boundary in {**kept, **given}.items():
        if id_ == one.district or boundary is one.boundary:
            continue
        shared = boundaries.overlap_km2(mine, read(boundary))
        if shared >= OVERLAP_KM2:
            found.append(Overlap(district=id_, km2=round(shared, 1)))
    return found


def read(boundary: Iterable[str]) -> list[Ring]:
    """The rings of a boundary that is kept; NoRing."""
    return [boundaries.decode(each) for each in boundary]
