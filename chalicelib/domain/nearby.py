"""Open incidents that a new call may be about: many callers report one fire, and not all by the same word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from .geo import distance_km
from .incident import Incident, Location
from .registry import IncidentType

WINDOW_S = 3 * 3600
RADIUS_KM = 3.0
MOST = 10


class Nearby(Struct, frozen=True, kw_only=True):
    """An open incident that may be the same, with its distance where both places have coordinates."""

    incident: Incident
    distance_km: float | None


def alike(types: Mapping[str, IncidentType], one: str, other: str) -> bool:
    """Whether incidents of two types may be one event: the same type, one that names the other, or one that fits no other."""
    if one == other:
        return True
    pair = [types[each] for each in (one, other) if each in types]
    return any(each.catch_all or {one, other} & set(each.like) for each in pair)


def nearby(
    candidates: Iterable[Incident], types: Mapping[str, IncidentType], type_id: str, at: Location
) -> list[Nearby]:
    """Incidents of a like type, within 3 km or, without coordinates, in the same district; the ten nearest first.

    What happens nobody knows where may be any of them.
    """
    found = []
    for incident in candidates:
        place = incident.location
        away = None
        if None not in (at.lat, at.lng, place.lat, place.lng):
            away = round(distance_km(at.lat, at.lng, place.lat, place.lng), 2)  # type: ignore[arg-type]
        unknown = any((each.district, each.lat) == ("", None) for each in (at, place))
        close = away <= RADIUS_KM if away is not None else unknown or place.district == at.district
        if close and incident.status == "open" and alike(types, type_id, incident.type):
            found.append(Nearby(incident=incident, distance_km=away))
    return sorted(
        found, key=lambda each: (each.distance_km is None, each.distance_km or 0, each.incident.id)
    )[:MOST]
