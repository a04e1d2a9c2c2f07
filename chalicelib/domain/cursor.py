"""Where to go on: a place in an answer that was too long for one, which nobody can make up or take to another question."""

from __future__ import annotations

import base64
import binascii
import hmac
from typing import TypeVar

import msgspec
from msgspec import Struct

from .ids import keyed

KIND = "cursor"
T = TypeVar("T", bound=Struct)


def written(secret: str, question: bytes, place: Struct) -> str:
    """The place as whoever asked gets it."""
    content = base64.urlsafe_b64encode(msgspec.json.encode(place)).decode()
    return f"{content}.{_mark(secret, question, content)}"


def read(secret: str, question: bytes, text: str, type_: type[T]) -> T:
    """The place that was given for a question; ValueError for one that never was."""
    content, _, mark = text.partition(".")
    if not hmac.compare_digest(mark.encode(), _mark(secret, question, content).encode()):
        raise ValueError("this was never given for that question")
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(content), type=type_)
    except (binascii.Error, msgspec.DecodeError) as error:
        raise ValueError("another release gave this") from error


def _mark(secret: str, question: bytes, content: str) -> str:
    return keyed(secret, KIND, f"{question.decode()}\n{content}")
