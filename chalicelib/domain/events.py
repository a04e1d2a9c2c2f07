"""The audit trail's links: an event holds no personal data, only digests of it, and the hash of the event before."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Literal

from msgspec import Struct, field, to_builtins

from .incident import Call, Incident, Source, Statement

EventType = Literal[
    "IncidentOpened",
    "CallJoined",
    "CallSplitOff",
    "UnitAssigned",
    "DispatchShortfall",
    "UnitsBeingOrdered",
    "PagesRequested",
    "PagesSent",
    "PagesFailed",
    "PagesExpired",
    "PageAcknowledged",
    "PageDeclined",
    "UnitAcknowledged",
    "UnitEnRoute",
    "UnitOnScene",
    "UnitReady",
    "UnitCleared",
    "UnitUnable",
    "UnitCancelled",
    "AssignmentEscalated",
    "LateReportReceived",
    "SmsReplyReceived",
    "SmsReplyDismissed",
    "CallNotAnswered",
    "NoteAdded",
    "AlarmRaised",
    "IncidentClosed",
    "IncidentCancelled",
    "IncidentReopened",
    "AuditRepaired",
    "AuditMarked",
    "DrillStarted",
    "DrillAnswered",
    "DrillEnded",
    "LegalHoldPlaced",
    "LegalHoldLifted",
    "NumbersRevealed",
    "PersonalDataErased",
]


class Draft(Struct, frozen=True, kw_only=True):
    """An event that is decided and not yet part of a chain; `occurred_at` None means now."""

    type: EventType
    data: dict[str, Any] = field(default_factory=dict)
    occurred_at: str | None = None


class Event(Struct, frozen=True, kw_only=True):
    """One link: `hash` is the SHA-256 of the RFC 8785 form of all other fields."""

    incident_id: str
    seq: int
    type: str
    occurred_at: str
    recorded_at: str
    source: Source
    actor: str
    command: str
    data: dict[str, Any]
    prev: str
    hash: str = ""


def digest(salt: str, value: str) -> str:
    """What an event holds of personal data: SHA-256 over the salt's hex text and the value; '' for no value."""
    return hashlib.sha256(f"{salt}:{value}".encode()).hexdigest() if value else ""


def sealed_statement(said: Statement | None) -> str:
    """The text whose digest seals what a caller said: JSON of what is not empty, so that a later field changes no old one."""

    def filled(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {name: filled(each) for name, each in value.items() if each not in ("", None, False, {})}

    if said is None:
        return ""
    return json.dumps(filled(to_builtins(said)), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def incident_opened(incident: Incident, call: Call, split_from: str = "") -> Draft:
    """The first event of a chain: what the incident is, and digests of what was said."""
    place = incident.location
    data: dict[str, Any] = {
        "type": incident.type,
        "category": incident.category,
        "priority": incident.priority,
        "terrain": incident.terrain,
        "district": place.district,
        "drill": incident.drill,
        **_of_call(call),
        "answered_at": call.answered_at,
        "narrative": digest(incident.salt, incident.narrative),
        "place": digest(incident.salt, f"{place.village}|{place.landmark}|{place.lat}|{place.lng}"),
    }
    if call.claimed_at:
        data["claimed_received_at"] = call.claimed_at
    if split_from:
        data["split_from"] = split_from
    elif call.blocked:
        data["insisted"] = True
    if incident.doubts:
        data["doubts"] = list(incident.doubts)
    return Draft(type="IncidentOpened", data=data)


def call_joined(call: Call) -> Draft:
    """Another call about the same incident."""
    data = _of_call(call)
    if call.blocked:
        data["insisted"] = True
    if call.claimed_at:
        data["claimed_received_at"] = call.claimed_at
    return Draft(type="CallJoined", data=data)


def _of_call(call: Call) -> dict[str, Any]:
    said = {"said": digest(call.salt, sealed_statement(call.said))} if call.said else {}
    doubts = {"call_doubts": list(call.doubts)} if call.doubts else {}
    return {
        **said,
        **doubts,
        "call": call.id,
        "channel": call.channel,
        "received_at": call.received_at,
        "caller": digest(call.salt, call.number),
        "call_note": digest(call.salt, call.note),
    }
