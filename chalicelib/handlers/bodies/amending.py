"""What is put right of an incident while it runs."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType, field

from ...domain.details import LONGEST
from ...domain.registry import QUESTIONS_MOST, Id, Terrain
from ...domain.texts import LINE
from .fields import Body, Lat, Line, Lng, Priority, Text, Word


class RecordedDetail(Body, frozen=True, kw_only=True):
    """What was said to one question: a text, a number, `yes` or `no`, or a choice's id; '' takes it back."""

    question: Id
    value: Annotated[str, Meta(max_length=LONGEST, pattern=LINE)] = ""


class DetailsBody(Body, frozen=True, kw_only=True):
    """What was said to some questions of an incident's type, on the `version` that was read."""

    version: Annotated[int, Meta(ge=1, le=1_000_000)]
    details: Annotated[list[RecordedDetail], Meta(min_length=1, max_length=QUESTIONS_MOST)]


class AmendBody(Body, frozen=True, kw_only=True):
    """What is put right of an incident, on the `version` that was read; a field that is left out stays as it is.

    `send` and `recall` name units and assignments. `tell` null: crews hear of another type, place or terrain, or of a
    priority that rises.
    """

    version: Annotated[int, Meta(ge=1, le=1_000_000)]
    type: Word | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    terrain: Terrain | UnsetType = UNSET
    district: Annotated[str, Meta(max_length=64, pattern=r"^[A-Za-z0-9_-]*$(?!\n)")] | UnsetType = UNSET
    village: Line | UnsetType = UNSET
    landmark: Line | UnsetType = UNSET
    lat: Lat | UnsetType | None = UNSET
    lng: Lng | UnsetType | None = UNSET
    narrative: Text | UnsetType = UNSET
    tell: bool | None = None
    send: Annotated[list[Word], Meta(max_length=10)] = field(default_factory=list)
    insist: bool = False
    recall: Annotated[list[Word], Meta(max_length=10)] = field(default_factory=list)
