"""A call as it was taken: what was said in it, and of which class it is; plain values without behaviour."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

from .incident import Location
from .registry import Terrain

CallClass = Literal["emergency", "information", "prank", "ghost", "abandoned", "out_of_area"]
Channel = Literal["phone", "app", "radio", "walk_in", "province", "sms", "other"]


class Statement(Struct, frozen=True, kw_only=True):
    """What one caller said, where the incident does not go by it: all of a call that joined, and texts that were read otherwise.

    `typed` holds those texts by field: `number`, `district`, `point`, `priority`, … It is erased with the call.
    """

    type: str = ""
    location: Location | None = None
    narrative: str = ""
    priority: int | None = None
    terrain: Terrain | None = None
    drill: bool = False
    typed: dict[str, str] = field(default_factory=dict)


class Reclassed(Struct, frozen=True, kw_only=True):
    """Of which class a call outside incidents was said to be, until somebody put it right, and why."""

    kind: CallClass
    until: str
    by: str
    why: str


class Call(Struct, frozen=True, kw_only=True):
    """One call taken; `salt` seals the number and what was said in the events' digests and is erased with them.

    `doubts` are codes of what must be asked again, such as `number_unread` and `place_far` (handlers/hearing.py). `blocked` says that its number was blocked, and that whoever took an emergency from it insisted;
    `claimed_at` is what the caller of the interface gave for `received_at` where that could not be right; `more` counts the
    SMS of its sender in that hour of which it is the last. `reclassed` has the classes that one outside incidents was said
    to be of before; of those within, the trail tells.
    """

    id: str
    number: str
    channel: Channel
    kind: CallClass
    received_at: str
    answered_at: str | None
    taken_by: str
    incident_id: str | None = None
    note: str = ""
    salt: str = ""
    blocked: bool = False
    claimed_at: str = ""
    said: Statement | None = None
    doubts: tuple[str, ...] = ()
    more: int = 0
    reclassed: tuple[Reclassed, ...] = ()
