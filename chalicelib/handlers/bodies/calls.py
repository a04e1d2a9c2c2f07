"""What the desk takes down of a call."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, field

from ...domain.call import CallClass
from ...domain.registry import Terrain
from .fields import AnyNumber, AsTyped, Body, Lat, Lng, Moment, Word


class PlaceBody(Body, frozen=True, kw_only=True):
    """Where it happens, as far as it is known; `point` is a position as it was typed, which gave no coordinates."""

    district: AsTyped = ""
    village: AsTyped = ""
    landmark: AsTyped = ""
    point: AsTyped = ""
    lat: AnyNumber | None = None
    lng: AnyNumber | None = None


class SaidBody(Body, frozen=True, kw_only=True):
    """What one caller says of what happened and where; nothing of it is needed."""

    type: AsTyped = ""
    location: PlaceBody | None = None
    priority: AnyNumber | None = None
    terrain: AsTyped | None = None
    narrative: AsTyped = ""
    drill: bool = False


class DetailBody(Body, frozen=True, kw_only=True):
    """What was said to one question of the type: a text, a number, `yes` or `no`, or a choice's id; '' for nothing."""

    question: AsTyped
    value: AsTyped


class IncidentBody(SaidBody, frozen=True, kw_only=True):
    """A new incident: what happened is needed, all else can be asked later."""

    type: Word
    details: Annotated[list[DetailBody], Meta(description="what was said to the type's questions")] = field(
        default_factory=list
    )


class CallBody(Body, frozen=True, kw_only=True):
    """A call taken; an emergency brings either `incident` or `incident_id`.

    `said` is what this caller says where it opens nothing: kept with a call that joins an incident or is no emergency.
    """

    channel: AsTyped
    kind: CallClass = field(name="class")
    received_at: Moment
    number: AsTyped = ""
    answered_at: AsTyped | None = None
    note: AsTyped = ""
    incident: IncidentBody | None = None
    incident_id: Word | None = None
    said: SaidBody | None = None
    insist: Annotated[bool, Meta(description="an emergency though its number is blocked")] = False


class SplitBody(Body, frozen=True, kw_only=True):
    """The incident that a call was really about; without it, what this caller said."""

    incident: IncidentBody | None = None


class PreviewQuery(Body, frozen=True, kw_only=True):
    """An incident that might be opened; without a district that is known, its place is unknown."""

    type: Word
    district: AsTyped = ""
    terrain: Terrain | None = None
    lat: Lat | None = None
    lng: Lng | None = None
