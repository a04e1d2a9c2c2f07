"""The regency, its districts with their boundaries, its holidays."""

from __future__ import annotations

from collections.abc import Iterator

from ...faults import Fault
from .. import boundaries, places, times
from ..registry import ZONE_HOURS, District, Holiday, IncidentType, Regency
from ..spoken import given_twice
from .book import Book


def regency(regency: Regency, book: Book) -> Iterator[Fault]:
    # Rosters and days are kept by the deployment's hours, which no form changes.
    if ZONE_HOURS[regency.zone] != book.utc_offset_hours:
        yield Fault("zone", "zone", {"hours": f"{book.utc_offset_hours:+d}"})


def district(district: District, book: Book) -> Iterator[Fault]:
    yield from spoken(district, book)
    rings: list[boundaries.Ring] = []
    for number, text in enumerate(district.boundary):
        try:
            rings.append(boundaries.decode(text))
        except boundaries.NoRing:
            yield Fault(f"boundary[{number}]", "wrong_form")
            return
        if len(rings[-1]) < boundaries.FEWEST:
            yield Fault(f"boundary[{number}]", "ring_open")
            return
    if sum(map(len, rings)) > boundaries.POINTS_MOST:
        yield Fault("boundary", "too_many_points")
    elif boundaries.crossing(rings):
        yield Fault("boundary", "crosses_itself")
    elif not places.reached(rings, [district]):
        yield Fault("boundary", "elsewhere")


def spoken(thing: District | IncidentType, book: Book) -> Iterator[Fault]:
    for path, word in given_twice(thing):
        yield Fault(path, "word_twice", {"word": word})


def holiday(holiday: Holiday, book: Book) -> Iterator[Fault]:
    if not times.on_calendar(holiday.day):
        yield Fault("day", "no_day")
