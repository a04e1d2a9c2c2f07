"""Handing a message to the provider, page or notice, and what becomes of it by the provider's answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from ...bootstrap import World
from ...domain import page as machine
from ...domain.notice import Notice
from ...domain.page import Attempt, Handed, Page
from ...errors import SmsBarred, SmsRefused, SmsUnavailable
from ...gateways.sms import Sms
from ...observability import count

M = TypeVar("M", Page, Notice)


def hand_over(
    world: World, message: M, sms: Sms, *, kept: str, refused: str, maybe_repeat: bool
) -> Callable[[M], M]:
    """Give a claimed message to the provider, unless its number is `refused`; what it becomes, with the text that is `kept`."""

    def attempt(outcome: Handed, **more: Any) -> Attempt:
        return Attempt(
            at=world.clock.now(),
            provider=world.sms.name,
            outcome=outcome,
            maybe_repeat=maybe_repeat,
            **more,
        )

    # The alarms on these are of pages: nobody need rise for a notice.
    counted = isinstance(message, Page)
    try:
        if refused:
            raise SmsRefused(f"the number {refused}")
        message_id = world.sms.send(sms)
    except SmsRefused as refusal:
        if counted:
            count("PagesRefused")
        return partial(machine.failed, attempt=attempt("failed", detail=refusal.message))
    except SmsUnavailable as outage:
        barred = isinstance(outage, SmsBarred)
        if barred and counted:
            count("PagesBarred")
        tried = attempt("retry", detail=outage.message, may_be_taken=outage.may_be_taken, barred=barred)
        return partial(machine.retry, attempt=tried, asked_s=outage.retry_after_s or 0)
    handed = attempt("sent", message_id=message_id)
    return partial(machine.sent, attempt=handed, body=kept, salt=message.salt)
