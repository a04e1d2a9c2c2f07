"""Kinds of field that several nouns have."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from ..texts import LINE

Id = Annotated[
    str, Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$(?!\n)", description="lower-case letters, digits, - and _")
]
Name = Annotated[str, Meta(min_length=1, max_length=120, pattern=LINE)]
Phone = Annotated[
    str,
    Meta(
        pattern=r"^\+[1-9][0-9]{6,14}$(?!\n)",
        description="E.164, such as +6281234567890",
        extra={"kind": "phone"},
    ),
]
ServiceNumber = Annotated[
    str, Meta(pattern=r"^([0-9]{5,20})?$(?!\n)", description="NIP or NRP by its digits, '' if none is known")
]
Spoken = Annotated[
    str,
    Meta(min_length=2, max_length=60, pattern=LINE, description="a word or phrase that callers use"),
]
OutlineRing = Annotated[
    str,
    Meta(
        max_length=6000,
        pattern=r"^[?-~]{6,}$(?!\n)",
        description="a ring of points as an encoded polyline of precision 5, its first point not repeated",
    ),
]
Latitude = Annotated[float, Meta(ge=-90, le=90)]
Longitude = Annotated[float, Meta(ge=-180, le=180)]
_DAY = r"20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?"
LocalDate = Annotated[
    str, Meta(pattern=rf"^{_DAY}$(?!\n)", description="a day in the regency's zone", extra={"kind": "day"})
]
Instant = Annotated[str, Meta(pattern=rf"^{_DAY}T{_TIME}Z$(?!\n)", description="UTC")]
# The zones of Indonesia in IANA's database with their hours from UTC, in no season other ones.
ZONE_HOURS = {"Asia/Jakarta": 7, "Asia/Pontianak": 7, "Asia/Makassar": 8, "Asia/Jayapura": 9}
Zone = Literal["Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura"]
Country = Annotated[str, Meta(pattern=r"^[A-Z]{2}$(?!\n)", description="ISO 3166-1, such as ID")]
Terrain = Literal["land", "water"]
Language = Literal["id", "en"]
# The seven categories of the national 112 service.
Category = Literal["fire", "riot", "accident", "disaster", "health", "security", "other"]


class Label(Struct, frozen=True, forbid_unknown_fields=True):
    """A name shown to users in both languages."""

    id: Annotated[Name, Meta(title="Indonesian")]
    en: Annotated[Name, Meta(title="English")]
