"""What every event's content is: a struct by whose name the event is stored, and whose fields are its data."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct

Digest = Annotated[str, Meta(description="salted SHA-256 in hex, '' for no text")]
Instant = Annotated[str, Meta(description="RFC 3339 in UTC")]
Reason = Annotated[str, Meta(description="a reason's id in the registry")]


class Content(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an event says; a field at its default is not stored.

    Fields are stored in their order, without floats (`DrillEnded` alone has some). A type only gains fields, each with a
    default: older releases wrote none, and read past them. A value of a set is a plain text, as a later release may know more.
    """


class Unknown(Content, frozen=True, kw_only=True):
    """An event that this release cannot read: of a later release's type, or spoilt."""

    type: str
    data: dict[str, Any]


class OfAssignment(Content, frozen=True, kw_only=True):
    """What concerns one assignment."""

    assignment: str
