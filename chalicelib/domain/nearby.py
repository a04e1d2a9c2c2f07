"""Open incidents that a new call may be about: many callers report one fire."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from .geo import distance_km
from .incident import Incident

WINDOW_S = 3 * 3600
RADIUS_KM = 3.0
MOST = 10


class Nearby(Struct, frozen=True, kw_only=True):
    """An open incident that may be the same, with its distance where both places have coordinates."""

    incident: Incident
    distance_km: float | None


def nearby(
    candidates: Iterable[Incident], category: str, district: str, lat: float | None, lng: float | None
) -> list[Nearby]:
    """Incidents of the same category, within 3 km or, without coordinates, in the same district; the ten nearest first.

    What happens nobody knows where may be any of them.
    """
    found = []
    for incident in candidates:
        place = incident.location
        away = None
        if None not in (lat, lng, place.lat, place.lng):
            away = round(distance_km(lat, lng, place.lat, place.lng), 2)  # type: ignore[arg-type]
        unknown = (district, lat) == ("", None) or (place.district, place.lat) == ("", None)
        close = away <= RADIUS_KM if away is not None else unknown or place.district == district
        if close and incident.category == category and incident.status == "open":
            found.append(Nearby(incident=incident, distance_km=away))
    return sorted(
        found, key=lambda each: (each.distance_km is None, each.distance_km or 0, each.incident.id)
    )[:MOST]
