"""Heartbeats: when each scheduled function last came to its end, and what it had done."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec import Struct, field

from .counters import LIVE
from .tables import RegistryItem

PREFIX = "!heartbeat#"


class Heartbeat(Struct, frozen=True, kw_only=True):
    """One function's last run; `resume` is where the next one goes on if the time was too short for all."""

    at: str
    counts: dict[str, int] = field(default_factory=dict)
    resume: str = ""


class Spoilt(Exception):
    """A heartbeat that cannot be read: somebody changed it."""


def beat(name: str, heartbeat: Heartbeat) -> None:
    """Write a function's heartbeat over its last one."""
    doc = msgspec.json.encode(heartbeat).decode()
    RegistryItem(pk=LIVE, sk=PREFIX + name, doc=doc).save()


def heartbeats(names: Iterable[str]) -> dict[str, Heartbeat]:
    """The last heartbeats by name, in one request; a function that never ran has none. Spoilt."""
    found = RegistryItem.batch_get([(LIVE, PREFIX + name) for name in names], consistent_read=True)
    try:
        return {item.sk.removeprefix(PREFIX): msgspec.json.decode(item.doc, type=Heartbeat) for item in found}
    except msgspec.DecodeError as error:
        raise Spoilt(f"a heartbeat cannot be read ({error})") from error


class Recent:
    """Some heartbeats, read together again when they were read some seconds ago: every open page asks for them again and again."""

    def __init__(self, *names: str, fresh_s: float = 5.0) -> None:
        self._names = names
        self._fresh_s = fresh_s
        self._read_at = float("-inf")
        self._found: dict[str, Heartbeat] = {}

    def get(self, monotonic: float, name: str = "") -> Heartbeat | None:
        """The heartbeat of a name, or the first, as it stood at most `fresh_s` ago, by a clock that nobody sets."""
        if not 0 <= monotonic - self._read_at < self._fresh_s:
            self._found = heartbeats(self._names)
            self._read_at = monotonic
        return self._found.get(name or self._names[0])


def probe() -> None:
    """Write one item that means nothing, beside everything else, to see whether the database takes writes."""
    RegistryItem(pk="PROBE", sk="PROBE").save()
