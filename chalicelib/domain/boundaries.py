"""A district's boundary: rings of points in whole 1e-5 degrees, kept as text, and whether a point lies within.

A point lies within where a line from it meets the rings an odd number of times: a hole is a ring like any other, and an island too.
Each ring is kept as an encoded polyline of precision 5 (developers.google.com/maps/documentation/utilities/polylinealgorithm), latitude
first, its first point not repeated at its end: some four letters a point, and no float in the registry's history.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import cos, radians

# Longitude and latitude, as x and y.
Point = tuple[int, int]
Ring = tuple[Point, ...]
UNITS = 100_000
METRES = 1.11195
FEWEST = 3
# Of all rings together: a dozen kilobytes for seventeen districts, which every process has in memory.
POINTS_MOST = 400
RINGS_MOST = 40
LINES = 64


class NoRing(ValueError):
    """A text that is no ring of points on earth."""


def encode(ring: Ring) -> str:
    """A ring as text."""
    written: list[str] = []
    before_x = before_y = 0
    for x, y in ring:
        written += (_number(y - before_y), _number(x - before_x))
        before_x, before_y = x, y
    return "".join(written)


def _number(value: int) -> str:
    left = ~(value << 1) if value < 0 else value << 1
    letters = ""
    while left >= 0x20:
        letters += chr((0x20 | (left & 0x1F)) + 63)
        left >>= 5
    return letters + chr(left + 63)


def decode(text: str) -> Ring:
    """A ring of its text; NoRing."""
    numbers: list[int] = []
    value = shift = 0
    for letter in text:
        part = ord(letter) - 63
        if not 0 <= part < 0x40 or shift > 30:
            raise NoRing(text[:20])
        value |= (part & 0x1F) << shift
        shift += 5
        if part < 0x20:
            numbers.append(~(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    if shift or len(numbers) % 2:
        raise NoRing(text[:20])
    ring: list[Point] = []
    x = y = 0
    for dy, dx in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = x + dx, y + dy
        if abs(x) > 180 * UNITS or abs(y) > 90 * UNITS:
            raise NoRing(text[:20])
        ring.append((x, y))
    return tuple(ring)


def within(rings: Iterable[Ring], lat: float, lng: float) -> bool:
    """Whether a point lies within."""
    x, y = round(lng * UNITS), round(lat * UNITS)
    inside = False
    for ring in rings:
        for (x1, y1), (x2, y2) in sides(ring):
            # A corner counts for one of its sides alone, so that a line through it meets the ring once.
            if (y1 > y) == (y2 > y):
                continue
            left = (x - x1) * (y2 - y1) < (y - y1) * (x2 - x1)
            if left == (y2 > y1):
                inside = not inside
    return inside


def sides(ring: Ring) -> Iterable[tuple[Point, Point]]:
    """The sides of a ring, the last one back to its first point."""
    return zip(ring, (*ring[1:], ring[0]), strict=True)


def metres_to(rings: Iterable[Ring], lat: float, lng: float) -> float:
    """How far a point lies from the nearest side."""
    x, y = round(lng * UNITS), round(lat * UNITS)
    shrunk = cos(radians(lat))
    return min(_apart((x, y), a, b, shrunk) for ring in rings for a, b in sides(ring)) * METRES


def _apart(point: Point, a: Point, b: Point, shrunk: float) -> float:
    """How far a point lies from a side, in units of latitude; degrees of longitude are `shrunk`."""
    ax, ay = (a[0] - point[0]) * shrunk, float(a[1] - point[1])
    dx, dy = (b[0] - a[0]) * shrunk, float(b[1] - a[1])
    length = dx * dx + dy * dy
    along = max(0.0, min(1.0, -(ax * dx + ay * dy) / length)) if length else 0.0
    return float(((ax + along * dx) ** 2 + (ay + along * dy) ** 2) ** 0.5)


def crossing(rings: Sequence[Ring]) -> Point | None:
    """Where two sides meet that are no neighbours, None where none do."""
    found: list[tuple[int, int, int, int, Point, Point]] = []
    for number, ring in enumerate(rings):
        for place, (a, b) in enumerate(sides(ring)):
            found.append((min(a[0], b[0]), max(a[0], b[0]), number, place, a, b))
    found.sort(key=lambda each: each[0])
    for n, (_, right, number, place, a, b) in enumerate(found):
        for left, _, other, there, c, d in found[n + 1 :]:
            if left > right:
                break
            if other == number and _neighbours(place, there, len(rings[number])):
                if _folds_back(a, b, c, d):
                    return b
                continue
            if _meet(a, b, c, d):
                return c
    return None


def _neighbours(one: int, other: int, count: int) -> bool:
    return abs(one - other) in (1, count - 1)


def _folds_back(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether two sides that share a corner run over each other."""
    shared = {a, b} & {c, d}
    if len(shared) != 1:
        return True
    (corner,) = shared
    (one,), (other,) = {a, b} - shared, {c, d} - shared
    if _turn(one, corner, other):
        return False
    return (one[0] - corner[0]) * (other[0] - corner[0]) + (one[1] - corner[1]) * (other[1] - corner[1]) > 0


def _turn(a: Point, b: Point, c: Point) -> int:
    area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (area > 0) - (area < 0)


def _meet(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether two sides have a point in common."""
    turns = _turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)
    if turns[0] != turns[1] and turns[2] != turns[3]:
        return True
    return any(
        turn == 0 and _between(one, point, other)
        for turn, one, point, other in zip(turns, (a, a, c, c), (c, d, a, b), (b, b, d, d), strict=True)
    )


def _between(a: Point, point: Point, b: Point) -> bool:
    across = min(a[0], b[0]) <= point[0] <= max(a[0], b[0])
    return across and min(a[1], b[1]) <= point[1] <= max(a[1], b[1])


def simplified(ring: Ring, tolerance_m: float, most: int) -> Ring | None:
    """The ring without points that lie no farther than the tolerance from what is left (Douglas and Peucker 1973); None for more than `most`."""
    if tolerance_m <= 0 or len(ring) <= FEWEST:
        return ring if len(ring) <= most else None
    shrunk = cos(radians(ring[0][1] / UNITS))
    # Two points that surely stay: the first, and whichever is farthest from it.
    far = max(range(len(ring)), key=lambda n: _apart(ring[0], ring[n], ring[n], shrunk))
    whole = [*ring, ring[0]]
    kept = {0, far}
    waiting = [(0, far), (far, len(ring))]
    while waiting:
        first, last = waiting.pop()
        if last - first < 2:
            continue
        apart, place = max(
            (_apart(whole[n], whole[first], whole[last], shrunk), n) for n in range(first + 1, last)
        )
        if apart * METRES > tolerance_m:
            kept.add(place)
            if len(kept) > most:
                return None
            waiting += [(first, place), (place, last)]
    return tuple(whole[n] for n in sorted(kept))


def km2(rings: Sequence[Ring]) -> float:
    """How much the rings enclose, holes left out; good to some percent."""
    return overlap_km2(rings, rings)


def overlap_km2(one: Sequence[Ring], other: Sequence[Ring]) -> float:
    """How much two boundaries have in common, by lines drawn through both; good to some percent."""
    low = max(_lowest(one), _lowest(other))
    high = min(-_lowest(one, -1), -_lowest(other, -1))
    if low >= high:
        return 0.0
    step = (high - low) / LINES
    shared = 0.0
    for line in range(LINES):
        y = low + (line + 0.5) * step
        shared += _shared(_spans(one, y), _spans(other, y)) * cos(radians(y / UNITS))
    return shared * step * (METRES / 1000) ** 2


def _lowest(rings: Sequence[Ring], sign: int = 1) -> int:
    return min(sign * y for ring in rings for _, y in ring)


def _spans(rings: Iterable[Ring], y: float) -> list[tuple[float, float]]:
    """From where to where a line of latitude lies within."""
    met = sorted(
        x1 + (y - y1) * (x2 - x1) / (y2 - y1)
        for ring in rings
        for (x1, y1), (x2, y2) in sides(ring)
        if (y1 > y) != (y2 > y)
    )
    return list(zip(met[::2], met[1::2], strict=True))


def _shared(one: list[tuple[float, float]], other: list[tuple[float, float]]) -> float:
    return sum(max(0.0, min(right, far) - max(left, near)) for left, right in one for near, far in other)
