"""Boundaries of districts from a GeoJSON file; nothing is written here, but with the district itself."""

from __future__ import annotations

from ..domain import geojson
from ..errors import Invalid
from ..faults import Fault
from .answers.boundaries import Outlines
from .bodies.registry import LARGEST_BODY, BoundariesBody
from .http import Answers, Api, Context, Takes

api = Api(__name__)


@api.on(
    "POST",
    "/api/districts/boundaries",
    takes=Takes(BoundariesBody, largest=LARGEST_BODY),
    answers=Answers(Outlines),
)
def read_boundaries(context: Context) -> Outlines:
    """What stands in a GeoJSON file, district by district, as it could be kept, and what is wrong with it; nothing is written."""
    try:
        found = geojson.outlines(context.body.text, context.registry.districts)
    except geojson.Unreadable as error:
        raise Invalid("that holds no boundaries", Fault("text", error.code)) from None
    return Outlines.of(found)
