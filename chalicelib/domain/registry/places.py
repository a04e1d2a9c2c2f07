"""Where: the regency, its districts and stations, and its holidays."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct, field

from ..texts import LINE
from .fields import Country, Id, Label, Latitude, LocalDate, Longitude, Name, OutlineRing, Spoken, Zone


class Regency(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The one regency (kabupaten) that this deployment serves.

    `area_code` is what a number without one means, `countries` (ISO 3166-1) are those to whose numbers SMS are sent.
    """

    id: Id
    name: Annotated[Name, Meta(title="Name")]
    zone: Annotated[Zone, Meta(title="Time zone")]
    area_code: Annotated[
        str,
        Meta(
            pattern=r"^(0[1-9][0-9]{1,2})?$(?!\n)",
            title="Area code",
            description="A phone number written without one is of this area, such as 0531.",
        ),
    ]
    countries: Annotated[
        list[Country],
        Meta(
            min_length=1,
            title="Countries that SMS are sent to",
            description="The two letters of each, one a line, such as ID.",
        ),
    ]
    duty_hour: Annotated[
        int,
        Meta(
            ge=0,
            le=23,
            title="Agencies are told of gaps in their duty at",
            description="The local hour from which each morning's SMS leaves.",
        ),
    ] = 7
    duty_hours_most: Annotated[
        int,
        Meta(
            ge=4,
            le=168,
            title="Longest duty at the station, in hours",
            description="Who stands by for longer without a break is named to the agency each week.",
        ),
    ] = 24
    rest_hours: Annotated[
        int,
        Meta(
            ge=0,
            le=48,
            title="Rest between two duties, in hours",
            description="A month sheet names the cell before which somebody rests less.",
        ),
    ] = 8


# What a database of a release before knows of its regency. No area code is guessed.
UNSAID = Regency(id="regency", name="Kabupaten", zone="Asia/Jakarta", area_code="", countries=["ID"])


class District(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sub-district (kecamatan), with the centroid used when a call gives no coordinates.

    `boundary` are its outline's rings (domain/boundaries.py), none where nobody has brought one: then its centre and area stand for it.
    `aliases` are other names that people use for it, `villages` those of its desa and kelurahan; the desk finds it by all of them.
    """

    id: Id
    code: Annotated[
        str,
        Meta(
            max_length=20,
            pattern=LINE,
            title="Code",
            description="Of the interior ministry, such as 62.02.05.",
        ),
    ]
    name: Annotated[Name, Meta(title="Name")]
    capital: Annotated[str, Meta(max_length=120, pattern=LINE, title="Seat")] = ""
    lat: Annotated[
        Latitude, Meta(title="Centre", description="Latitude and longitude; used when a call gives no point.")
    ]
    lng: Annotated[Longitude, Meta(title="Longitude")]
    area_km2: Annotated[float, Meta(ge=0, le=1_000_000, title="Area in km²")] = 0.0
    aliases: Annotated[
        list[Spoken],
        Meta(
            max_length=20,
            title="Other names",
            description="One a line, as people say them; the desk finds the district by them.",
        ),
    ] = field(default_factory=list)
    villages: Annotated[list[Spoken], Meta(max_length=200, title="Villages", description="One a line.")] = (
        field(default_factory=list)
    )
    boundary: Annotated[
        list[OutlineRing],
        Meta(
            max_length=40,
            title="Boundary",
            description="A map point that lies within is of this district. From a GeoJSON file, in WGS 84.",
            extra={"kind": "boundary"},
        ),
    ] = field(default_factory=list)


class Station(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place where units of an agency stand."""

    id: Id
    agency_id: Annotated[Id, Meta(title="Agency")]
    name: Annotated[Name, Meta(title="Name")]
    district_id: Annotated[Id, Meta(title="District")]
    lat: Annotated[
        Latitude, Meta(title="Position", description="Latitude and longitude, or a link of a map.")
    ]
    lng: Annotated[Longitude, Meta(title="Longitude")]


class Holiday(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A public holiday, or a day of collective leave, in the regency."""

    id: Id
    day: Annotated[LocalDate, Meta(title="Day")]
    label: Annotated[Label, Meta(title="Name")]
