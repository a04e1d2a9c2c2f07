"""The timeline: the events of an incident, without what the reader may not see."""

from __future__ import annotations

from collections.abc import Set
from typing import Any, Self

from ...domain.events import (
    CallerNoticeRequested,
    CallerNoticeSettled,
    DispatchShortfall,
    DuplicateLinked,
    DuplicateParted,
    Event,
    IncidentSetAside,
    IncidentTakenUp,
    OfAssignment,
    PagesRequested,
    PagesSettled,
    PersonalDataErased,
    UnitsBeingOrdered,
    Unknown,
)
from ...domain.incident import Source
from ...models.registry import Snapshot
from .shown import Shown, name_of, taken_from

# What names parts of other agencies, may do so, or is not an agency's business.
REGENCY_EVENTS = (
    CallerNoticeRequested,
    CallerNoticeSettled,
    DispatchShortfall,
    DuplicateLinked,
    DuplicateParted,
    IncidentSetAside,
    IncidentTakenUp,
    PagesRequested,
    PagesSettled,
    PersonalDataErased,
    UnitsBeingOrdered,
    Unknown,
)


class EventAnswer(Shown, frozen=True, kw_only=True):
    """One line of the timeline; `data` as they are stored, by `type`."""

    seq: int
    type: str
    occurred_at: str
    recorded_at: str
    source: Source
    actor: str
    actor_name: str
    data: dict[str, Any]
    hash: str

    @classmethod
    def of(cls, event: Event, registry: Snapshot, foreign: Set[str]) -> Self:
        """An event without the ids of assignments that are `foreign` to the reader."""
        # As it is stored, with what only a later release knows.
        data = {name: _without(value, foreign) for name, value in event.data.items()}
        return taken_from(cls, event, data=data, actor_name=name_of(event.actor, registry))


def _without(value: Any, foreign: Set[str]) -> Any:
    """A value of an event without ids that the reader may not see, alone, in a list, or behind a colon."""
    if isinstance(value, list):
        return [each for each in value if _without(each, foreign) == each]
    return "" if isinstance(value, str) and value.rpartition(":")[2] in foreign else value


def concerns(event: Event, foreign: Set[str], *, whole_regency: bool) -> bool:
    """Whether the reader may see an event: not those about other agencies' assignments."""
    content = event.content
    if isinstance(content, OfAssignment) and content.assignment in foreign:
        return False
    return whole_regency or not isinstance(content, REGENCY_EVENTS)
