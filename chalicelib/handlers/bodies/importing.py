"""Rows of a logbook."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, field

from ...domain.call import Channel
from ...domain.registry import Id, Name, Terrain
from ...domain.texts import LINE
from .fields import Body, DialledNumber, Lat, Line, Lng, Moment, Priority, Text, Word

# Room is left for what is made of it.
ImportId = Annotated[Id, Meta(max_length=40)]


class LocationBody(Body, frozen=True, kw_only=True):
    """Where it happens; the district is needed, coordinates come in pairs."""

    district: Word
    village: Line = ""
    landmark: Line = ""
    lat: Lat | None = None
    lng: Lng | None = None


class PastCallBody(Body, frozen=True, kw_only=True):
    """A call about a past incident, as recorded."""

    received_at: Moment
    answered_at: Moment | None = None
    number: DialledNumber = ""
    channel: Channel = "phone"
    note: Text = ""


class MilestonesBody(Body, frozen=True, kw_only=True):
    """When a unit did what; what was not recorded is left out."""

    requested: Moment | None = None
    acknowledged: Moment | None = None
    en_route: Moment | None = None
    on_scene: Moment | None = None
    ready: Moment | None = None
    cleared: Moment | None = None


class PastUnitBody(Body, frozen=True, kw_only=True):
    """A unit that was sent; what the registry does not know is added as retired, under these names."""

    agency_id: ImportId
    unit_id: ImportId
    agency: Name | None = None
    callsign: Annotated[str, Meta(max_length=24, pattern=LINE)] = ""
    milestones: MilestonesBody = MilestonesBody()


class PastIncidentBody(Body, frozen=True, kw_only=True):
    """One row of a logbook: an incident that is over; `key` names it within its source."""

    key: Annotated[str, Meta(min_length=1, max_length=200, pattern=LINE)]
    type: Word
    location: LocationBody
    calls: Annotated[list[PastCallBody], Meta(min_length=1, description="20 at most")]
    units: Annotated[list[PastUnitBody], Meta(description="150 at most")] = field(default_factory=list)
    priority: Priority | None = None
    terrain: Terrain | None = None
    narrative: Text = ""
    opened_at: Moment | None = None
    closed_at: Moment | None = None
    disposition: Word | None = None


class ImportBody(Body, frozen=True, kw_only=True):
    """A batch of a source's rows; the same source and key is the same incident for ever."""

    source: ImportId
    rows: Annotated[list[PastIncidentBody], Meta(min_length=1, description="50 at most")]
