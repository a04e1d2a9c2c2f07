"""Places: whether a point makes sense, against the district that was named with it and the whole regency; and in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from math import pi, sqrt

from msgspec import Struct

from . import boundaries
from .geo import distance_km
from .incident import Location
from .registry import District, Language

# Held against the boundaries of Kotim's 17 districts: no point of any lies outside of its own circle, the nearest 3 km within.
RADII = 2.0
MARGIN_KM = 10.0
# Of a district whose area nobody has entered.
UNKNOWN_RADIUS_KM = 20.0
# No crew of a regency is sent farther than this from all of it: such a point is a slip, and nobody is chosen by it.
SENT_KM = 200.0
UNKNOWN = {"id": "tempat belum diketahui", "en": "place not known yet"}


class Away(Struct, frozen=True, kw_only=True):
    """How far a point lies from the middle of a district: the one that was named, else the nearest."""

    district: str
    km: float


def reach_km(district: District) -> float:
    """How far from its middle a point may lie and still be taken for one of the district."""
    radius = sqrt(district.area_km2 / pi) if district.area_km2 else UNKNOWN_RADIUS_KM
    return RADII * radius + MARGIN_KM


def gone_by(
    lat: float | None, lng: float | None, districts: Iterable[District]
) -> tuple[float, float] | None:
    """The point by which crews are chosen and shown the way; None for none, or one where no crew could be sent."""
    if lat is None or lng is None:
        return None
    known = [distance_km(lat, lng, each.lat, each.lng) for each in districts]
    return None if known and min(known) > SENT_KM else (lat, lng)


def sense(
    lat: float | None, lng: float | None, named: District | None, districts: Iterable[District]
) -> tuple[list[str], Away | None]:
    """What is doubtful about a point, and how far it lies off; nothing for no point, or one that fits.

    `place_far`: far from the district that was named. `place_outside`: far from every district. Both may hold.
    """
    if lat is None or lng is None:
        return [], None
    away = {each.id: (distance_km(lat, lng, each.lat, each.lng), each) for each in districts}
    if named:
        away[named.id] = (distance_km(lat, lng, named.lat, named.lng), named)
    beyond = [id_ for id_, (km, each) in away.items() if km > reach_km(each)]
    found = ["place_far"] if named and named.id in beyond else []
    if away and len(beyond) == len(away):
        found.append("place_outside")
    if not found:
        return [], None
    id_ = named.id if named else min(away, key=lambda each: away[each][0])
    return found, Away(district=id_, km=round(away[id_][0], 1))


def reached(rings: Iterable[boundaries.Ring], districts: Collection[District]) -> bool:
    """Whether every point of some rings may be one of these districts', by how far each reaches; where nobody knows that, as far as crews go."""
    return all(
        abs(y) <= 90 * boundaries.UNITS
        and any(
            distance_km(y / boundaries.UNITS, x / boundaries.UNITS, each.lat, each.lng)
            <= (reach_km(each) if each.area_km2 else SENT_KM)
            for each in districts
        )
        for ring in rings
        for x, y in ring
    )


class Lies(Struct, frozen=True, kw_only=True):
    """The district in whose boundary a point lies, and how far it is from the border."""

    district: str
    border_m: int


def lies_in(lat: float | None, lng: float | None, districts: Iterable[District]) -> Lies | None:
    """Where a point lies by the districts' boundaries; None where none has it, or two do: that is nobody's to guess."""
    if lat is None or lng is None:
        return None
    found = [each for each in districts if each.boundary and boundaries.within(_rings(each), lat, lng)]
    if len(found) != 1:
        return None
    return Lies(district=found[0].id, border_m=round(boundaries.metres_to(_rings(found[0]), lat, lng)))


def _rings(district: District) -> tuple[boundaries.Ring, ...]:
    return _decoded(tuple(district.boundary))


@lru_cache(maxsize=128)
def _decoded(boundary: tuple[str, ...]) -> tuple[boundaries.Ring, ...]:
    try:
        return tuple(boundaries.decode(each) for each in boundary)
    except boundaries.NoRing:
        return ()


def in_words(place: Location, districts: Mapping[str, District], language: Language) -> str:
    """A place as crews read it, the nearest thing first; one whose district nobody knows by its point, or as unknown."""
    district = districts.get(place.district)
    whole = district.name if district else place.district
    point = gone_by(place.lat, place.lng, districts.values())
    if not whole and point:
        whole = f"{point[0]:.5f},{point[1]:.5f}"
    return ", ".join(filter(None, (place.landmark, place.village, whole or UNKNOWN[language])))
