"""The audit trail's links: an event holds no personal data, only digests of it, and the hash of the event before."""

from __future__ import annotations

import hashlib
from typing import Any, Literal

from msgspec import Struct, field

from .incident import Source

EventType = Literal[
    "IncidentOpened",
    "CallJoined",
    "CallSplitOff",
    "UnitAssigned",
    "DispatchShortfall",
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
