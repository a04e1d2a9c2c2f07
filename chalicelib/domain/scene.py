"""A scene: what the choice of a response plan and of units depends on besides the registry."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from .places import gone_by
from .registry import District, Terrain


class Scene(Struct, frozen=True, kw_only=True):
    """What the choice depends on besides the plan: type, place and local day.

    The coordinates are filled in from the district; without both, nobody knows where it is.
    """

    type_id: str
    category: str
    terrain: Terrain
    district: str
    lat: float | None
    lng: float | None
    now: str
    today: str

    @property
    def place_unknown(self) -> bool:
        """Whether no distance can be told."""
        return self.lat is None or self.lng is None


def placed(scene: Scene, districts: Mapping[str, District]) -> Scene:
    """The scene where a crew goes: without coordinates to go by the district's centroid stands in, without both nobody knows."""
    district = districts.get(scene.district)
    centroid = (district.lat, district.lng) if district else (None, None)
    lat, lng = gone_by(scene.lat, scene.lng, districts.values()) or centroid
    return replace(scene, lat=lat, lng=lng)
