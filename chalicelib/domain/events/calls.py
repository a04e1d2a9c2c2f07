"""Events of calls, the first of which opens the incident."""

from __future__ import annotations

from typing import Any

from ..call import Call
from ..incident import Incident
from .content import Content, Digest, Instant
from .digests import digest, sealed_statement


class IncidentOpened(Content, frozen=True, kw_only=True):
    """What the incident is, and digests of what was said; `call` opened it.

    `said` is what the call said otherwise, `call_doubts` and `doubts` what must be asked again of it and of the incident,
    `claimed_received_at` what was given for `received_at`, `split_from` the incident that the call left, `insisted` that its
    number is blocked, `imported_from` the logbook that it comes from.
    """

    type: str
    category: str
    priority: int
    terrain: str
    district: str
    drill: bool
    said: Digest = ""
    call_doubts: tuple[str, ...] = ()
    call: str
    channel: str
    received_at: Instant
    caller: Digest
    call_note: Digest
    answered_at: Instant | None
    narrative: Digest
    place: Digest
    claimed_received_at: str = ""
    split_from: str = ""
    insisted: bool = False
    doubts: tuple[str, ...] = ()
    imported_from: str = ""


class CallJoined(Content, frozen=True, kw_only=True):
    """Another call about the same incident; its fields are as in `IncidentOpened`."""

    said: Digest = ""
    call_doubts: tuple[str, ...] = ()
    call: str
    channel: str
    received_at: Instant
    caller: Digest
    call_note: Digest
    insisted: bool = False
    claimed_received_at: str = ""


class CallSplitOff(Content, frozen=True, kw_only=True):
    """A call was about something else: it belongs to the incident `to` from now on."""

    call: str
    to: str


class CallTakenBack(Content, frozen=True, kw_only=True):
    """A call that was split off belongs here again: its incident `origin` was a duplicate of this one."""

    call: str
    origin: str


def incident_opened(
    incident: Incident, call: Call, split_from: str = "", imported_from: str = ""
) -> IncidentOpened:
    """The first event of a chain."""
    place = incident.location
    return IncidentOpened(
        type=incident.type,
        category=incident.category,
        priority=incident.priority,
        terrain=incident.terrain,
        district=place.district,
        drill=incident.drill,
        **_of_call(call),
        answered_at=call.answered_at,
        narrative=digest(incident.salt, incident.narrative),
        place=place_digest(incident),
        split_from=split_from,
        # Whoever splits a call off insists on nothing: it was taken already.
        insisted=call.blocked and not split_from,
        doubts=incident.doubts,
        imported_from=imported_from,
    )


def place_digest(incident: Incident) -> str:
    """What events hold of the exact place."""
    place = incident.location
    return digest(incident.salt, f"{place.village}|{place.landmark}|{place.lat}|{place.lng}")


def call_joined(call: Call) -> CallJoined:
    """Another call about the same incident."""
    return CallJoined(**_of_call(call), insisted=call.blocked)


def _of_call(call: Call) -> dict[str, Any]:
    return {
        "said": digest(call.salt, sealed_statement(call.said)),
        "call_doubts": call.doubts,
        "call": call.id,
        "channel": call.channel,
        "received_at": call.received_at,
        "caller": digest(call.salt, call.number),
        "call_note": digest(call.salt, call.note),
        "claimed_received_at": call.claimed_at,
    }
