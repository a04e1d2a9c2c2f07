"""Sending SMS: the one interface of all providers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from ..errors import SmsBarred, SmsRefused


@dataclass(frozen=True)
class Sms:
    """One message: `number` in E.164, `text` of one segment, its page, whether the number is a demo's."""

    number: str = field(repr=False)
    text: str = field(repr=False)
    page_id: str
    demo: bool


class SmsProvider(Protocol):
    """Whoever carries our messages."""

    @property
    def name(self) -> str:
        """The name that a page's attempt is recorded under."""

    def send(self, sms: Sms) -> str:
        """Hand the message over and return the provider's id of it, which may be empty.

        Raises SmsRefused for what concerns this number alone, which ends the page; SmsBarred for what concerns every
        message, which somebody must put right; SmsUnavailable for what passes, or is not known. None says anything personal.
        """


class Unusable:
    """A provider whose settings cannot be used: pages wait and say why, while calls are taken all the same."""

    def __init__(self, name: str, why: str) -> None:
        self.name = name
        self.why = why

    def send(self, sms: Sms) -> str:
        """Send nothing; see SmsProvider."""
        raise SmsBarred(self.why)


def refuse_demo(sms: Sms, allow_demo: bool) -> None:
    """Raise SmsRefused for a demo number, which belongs to a stranger, unless the phones are simulated."""
    if sms.demo and not allow_demo:
        raise SmsRefused("a demo number gets no real SMS")
