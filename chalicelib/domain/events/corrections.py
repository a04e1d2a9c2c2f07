"""Events of what was put right: both values stand in them, so that the old one stays; personal text as digests."""

from __future__ import annotations

from .content import Content, Digest, OfAssignment, Reason


class StepTimeCorrected(OfAssignment, frozen=True, kw_only=True):
    """A step of a crew was at another time: at `now`, not at `was` ('' where nobody had reported it).

    `out_of_order`: whoever put it right insisted although the steps are in another order now. `request` is the note of who
    asked for it, `note` the one that says why.
    """

    unit: str
    step: str
    was: str
    now: str
    note: str
    why: Digest
    out_of_order: bool = False
    request: str = ""


class ReasonCorrected(OfAssignment, frozen=True, kw_only=True):
    """A crew could not come for another reason; the other fields are as in `StepTimeCorrected`."""

    unit: str
    was: Reason
    now: Reason
    note: str
    why: Digest
    request: str = ""


class CorrectionRequested(OfAssignment, frozen=True, kw_only=True):
    """Somebody asks that a step's time, or with `what` = `reason` the reason, be put right; `note` says why, and names it."""

    unit: str
    what: str
    was: str
    now: str
    note: str
    why: Digest


class CorrectionDeclined(OfAssignment, frozen=True, kw_only=True):
    """What was asked for by the note `request` stays as it was."""

    unit: str
    request: str
    note: str
    why: Digest


class CallTimeCorrected(Content, frozen=True, kw_only=True):
    """A call was received or answered (`what`) at another time; of the call that opened it, the incident as well."""

    call: str
    what: str
    was: str
    now: str
    note: str
    why: Digest
    out_of_order: bool = False


class CallClassCorrected(Content, frozen=True, kw_only=True):
    """A call was of another class."""

    call: str
    was: str
    now: str
    note: str
    why: Digest


class DispositionCorrected(Content, frozen=True, kw_only=True):
    """It had ended otherwise."""

    was: str
    now: str
    note: str
    why: Digest


class NoteCorrected(Content, frozen=True, kw_only=True):
    """A note says something else; what it said stays beside it."""

    note: str
    was: Digest
    text: Digest
