"""What was recorded wrongly, and what somebody asks to be put right."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from ...domain.call import CallClass
from .fields import Body, Day, Moment, ReasonId, SomeText, Word


class StepTimes(Body, frozen=True, kw_only=True):
    """When a crew took its steps, where that was wrong."""

    acknowledged: Moment | None = None
    en_route: Moment | None = None
    on_scene: Moment | None = None
    ready: Moment | None = None
    cleared: Moment | None = None


class CrewCorrectionBody(Body, frozen=True, kw_only=True):
    """What of a crew was wrong, and why it is put right; `unable` is the right reason of one that could not come."""

    reason: SomeText
    times: StepTimes = StepTimes()
    unable: ReasonId = ""
    insist: Annotated[bool, Meta(description="the steps are in another order now, and that is meant")] = False


class AskBody(Body, frozen=True, kw_only=True):
    """One time of a crew that was wrong, or the reason why it could not come, and why it should be put right."""

    reason: SomeText
    times: StepTimes = StepTimes()
    unable: ReasonId = ""


class GrantBody(Body, frozen=True, kw_only=True):
    """A word on why it is put right as somebody asked."""

    reason: SomeText
    insist: Annotated[bool, Meta(description="the steps are in another order now, and that is meant")] = False


class CallCorrectionBody(Body, frozen=True, kw_only=True):
    """When a call was received and answered, or its class, where that was wrong, and why it is put right."""

    reason: SomeText
    received_at: Moment | None = None
    answered_at: Moment | None = None
    kind: CallClass | None = field(name="class", default=None)
    insist: Annotated[bool, Meta(description="the times are in another order now, and that is meant")] = False


class ClassBody(Body, frozen=True, kw_only=True):
    """Of which class a call outside incidents really was, the local day on which it was received, and why it is put right."""

    date: Day
    kind: Literal["information", "prank", "ghost", "abandoned", "out_of_area"] = field(name="class")
    reason: SomeText


class DispositionBody(Body, frozen=True, kw_only=True):
    """How it had really ended, and why that is put right."""

    disposition: Word
    reason: SomeText
