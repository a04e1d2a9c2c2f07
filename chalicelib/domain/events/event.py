"""The audit trail's links: an event holds no personal data, only digests of it, and the hash of the event before."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from ..incident import Source
from . import amending, asides, calls, corrections, details, drills, ending, evidence, notices, pages, units
from .content import Content, Unknown

# By the name that is stored. Whoever adds a type says in admin_site/js/parts/timeline.js what people read of it.
TYPES: dict[str, type[Content]] = {
    each.__name__: each
    for each in (
        calls.IncidentOpened,
        calls.CallJoined,
        calls.CallSplitOff,
        amending.IncidentAmended,
        units.UnitAssigned,
        units.DispatchShortfall,
        units.UnitsBeingOrdered,
        pages.PagesRequested,
        pages.PagesSent,
        pages.PagesFailed,
        pages.PagesExpired,
        units.PageAcknowledged,
        units.PageDeclined,
        units.UnitAcknowledged,
        units.UnitEnRoute,
        units.UnitOnScene,
        units.UnitReady,
        units.UnitCleared,
        units.UnitUnable,
        units.UnitCancelled,
        units.AssignmentEscalated,
        units.CrewHeard,
        units.LateReportReceived,
        pages.SmsReplyReceived,
        pages.SmsReplyDismissed,
        units.CallNotAnswered,
        ending.NoteAdded,
        units.AlarmRaised,
        asides.IncidentSetAside,
        asides.IncidentTakenUp,
        ending.IncidentClosed,
        ending.IncidentCancelled,
        ending.IncidentReopened,
        evidence.AuditRepaired,
        evidence.AuditMarked,
        drills.DrillStarted,
        drills.DrillAnswered,
        drills.DrillEnded,
        evidence.LegalHoldPlaced,
        evidence.LegalHoldLifted,
        evidence.NumbersRevealed,
        evidence.PersonalDataErased,
        calls.CallTakenBack,
        ending.DuplicateLinked,
        ending.DuplicateParted,
        corrections.StepTimeCorrected,
        corrections.ReasonCorrected,
        corrections.CorrectionRequested,
        corrections.CorrectionDeclined,
        corrections.CallTimeCorrected,
        corrections.CallClassCorrected,
        corrections.DispositionCorrected,
        corrections.NoteCorrected,
        notices.CallerNoticeRequested,
        notices.CallerNoticeSettled,
        details.DetailsRecorded,
    )
}


class Draft(Struct, frozen=True):
    """An event that is decided and not yet part of a chain; `occurred_at` None means now."""

    content: Content
    occurred_at: str | None = None

    @property
    def type(self) -> str:
        """By which name it is stored."""
        return type(self.content).__name__


class Event(Struct, frozen=True, kw_only=True):
    """One link as it is stored; its `hash` is over its stored JSON (domain/chain.py), with whatever this release does not know."""

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

    @property
    def content(self) -> Content:
        """What it says; `Unknown` for what this release cannot read."""
        try:
            return msgspec.convert(self.data, TYPES[self.type])
        except (KeyError, msgspec.ValidationError):
            return Unknown(type=self.type, data=self.data)
