"""A note of an incident: what somebody wrote, what it said before, and what it asks to be put right; plain values."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from .details import Detail


class Was(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an amendment took the place of; None where a field stayed. Personal data, erased with its note."""

    type: str | None = None
    priority: int | None = None
    terrain: str | None = None
    district: str | None = None
    village: str | None = None
    landmark: str | None = None
    lat: float | None = None
    lng: float | None = None
    narrative: str | None = None


class Wording(Struct, frozen=True, kw_only=True):
    """What a note said until somebody put it right."""

    text: str
    until: str
    by: str


class Ask(Struct, frozen=True, kw_only=True):
    """That a step's time, or with `what` = `reason` why a crew could not come, be put right, and what came of it."""

    what: str
    was: str
    now: str
    status: Literal["waiting", "granted", "declined"] = "waiting"


class Note(Struct, frozen=True, kw_only=True):
    """Free text that somebody added, or an SMS from `number` about an assignment; the event holds its digest.

    `earlier` is what it said before, oldest first; a note that `asks` says why something should be put right.
    Of an amendment it holds what `was`, and which fields were `amended`; `details` are what was said to the type's questions.
    """

    id: str
    text: str
    at: str
    by: str
    salt: str
    number: str = ""
    assignment_id: str = ""
    earlier: tuple[Wording, ...] = ()
    asks: Ask | None = None
    was: Was | None = None
    amended: tuple[str, ...] = ()
    details: tuple[Detail, ...] = ()
