"""Heartbeats: when each scheduled function last came to its end, and what it had done."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec import Struct, field

from .registry import LIVE
from .tables import RegistryItem

PREFIX = "!heartbeat#"


class Heartbeat(Struct, frozen=True, kw_only=True):
    """One function's last run; `resume` is where the next one goes on if the time was too short for all."""

    at: str
    counts: dict[str, int] = field(default_factory=dict)
    resume: str = ""


def beat(name: str, heartbeat: Heartbeat) -> None:
    """Write a function's heartbeat over its last one."""
    doc = msgspec.json.encode(heartbeat).decode()
    RegistryItem(pk=LIVE, sk=PREFIX + name, doc=doc).save()


def heartbeats(names: Iterable[str]) -> dict[str, Heartbeat]:
    """The last heartbeats by name, in one request; a function that never ran has none."""
    found = RegistryItem.batch_get([(LIVE, PREFIX + name) for name in names], consistent_read=True)
    return {item.sk.removeprefix(PREFIX): msgspec.json.decode(item.doc, type=Heartbeat) for item in found}


def probe() -> None:
    """Write one item that means nothing, beside everything else, to see whether the database takes writes."""
    RegistryItem(pk="PROBE", sk="PROBE").save()
