"""An SMS that came in: what its provider tells of it, which page it is about, and whether it came before."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from ...bootstrap import World
from ...domain import times
from ...domain.page import Page
from ...domain.registry import Person
from ...models import keys
from ...models.incidents import Loaded
from ...models.keys import Key

ROUTE = "POST /api/inbound/sms"
# Who gives no time of receipt tries again for so long; later the same may be another message.
REPEAT_S = 900
STRANGER = "sms:stranger"
Result = Literal["applied", "late", "repeated", "desk", "logged", "counted", "ignored"]


class Message(Struct, frozen=True, kw_only=True):
    """An SMS as a provider hands it in; `number` is the sender's in E.164, '' when the sender has only a name."""

    provider: str
    id: str
    number: str
    sender: str
    text: str
    at: str | None = None


class Meant(Struct, frozen=True, kw_only=True):
    """Which page a message is about; `sure` unless it is the likeliest only; `person` None: not of the page's agency."""

    page: Page
    loaded: Loaded
    person: Person | None
    sure: bool


def said_at(world: World, message: Message) -> str:
    """When an SMS was received; now, where the modem's clock cannot be right."""
    now = world.clock.now()
    return message.at if message.at and message.at <= now else now


def key_of(world: World, message: Message) -> tuple[Key | None, bool]:
    """(key, whether this is surely a message of its own); no key for one that was acted on already.

    An id alone says nothing: a modem that was replaced, or whose table was emptied, counts from 1 again.
    """
    now = world.clock.now()
    parts = (message.id, message.sender, message.at or "", message.text)
    key = _key(message, parts)
    used = keys.used_at(key, now)
    if used is None or message.at or (times.between(used, now) or 0) < REPEAT_S:
        return (key if used is None else None), True
    # Without a time it may be a late repeat or the same again: a person reads it, once in a while.
    period = int(times.parse(now).timestamp()) // REPEAT_S
    key = _key(message, (*parts, str(period)))
    return (key if keys.used_at(key, now) is None else None), False


def _key(message: Message, parts: tuple[str, ...]) -> Key:
    return Key(caller=f"sms:{message.provider}", route=ROUTE, key=ascii(parts), body=b"")
