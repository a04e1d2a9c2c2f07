"""Letting an incident wait to which nobody can come, and taking it up again before its time."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from ...bootstrap import World
from ...domain import aside, bounds, times
from ...domain.coming import coming
from ...domain.decision import Decision
from ...domain.events import Draft, IncidentSetAside, IncidentTakenUp
from ...domain.incident import AsideReason, Incident, SetAside
from ...errors import Conflict, Unprocessable
from ...faults import Fault
from ...models import incidents
from ...models.change import Change
from ...models.registry import Snapshot
from ..changes.writing import Actor, Written, must_dispatch, write
from .following import must_open


class Waiting(Struct, frozen=True, kw_only=True):
    """Why an incident waits, for how many minutes, and for which unit, '' for none in particular."""

    reason: AsideReason
    minutes: int
    awaits: str = ""


def set_aside(world: World, registry: Snapshot, actor: Actor, incident_id: str, waiting: Waiting) -> Written:
    """Let an incident wait without an alarm; one that waits already waits anew.

    Conflict while somebody is asked, on the way or there, or is being asked, and at priority 1.
    """
    awaited = registry.units.get(waiting.awaits)
    if waiting.awaits and (awaited is None or registry.gone(awaited)):
        raise Unprocessable("unknown unit", Fault("awaits", "unknown_unit"))

    def prepare(now: str) -> Change:
        loaded = must_dispatch(incidents.load(incident_id), incident_id)
        incident = must_open(loaded.incident)
        _must_wait(incident, now)
        until = times.plus(now, waiting.minutes * 60)
        kept = SetAside(reason=waiting.reason, by=actor.id, at=now, until=until, awaits=waiting.awaits)
        said = IncidentSetAside(reason=kept.reason, until=until, awaits=kept.awaits)
        return Change(loaded, Decision(incident=replace(incident, aside=kept), drafts=[Draft(said)]))

    return write(world, actor, prepare)


def _must_wait(incident: Incident, now: str) -> None:
    if incident.priority == 1:
        raise Conflict("an incident of priority 1 is never set aside", Fault("id", "priority_one"))
    if incident.owed or incident.unpaged:
        raise Conflict("units are still being ordered", Fault("id", "ordering"))
    found = coming(incident, now)
    if found is None or found.state not in aside.MAY_WAIT:
        raise Conflict(
            "a crew is asked, on the way or there: ring it or call it off first", Fault("id", "crew_asked")
        )
    if bounds.full(incident):
        raise Conflict("too much has happened in this incident", Fault("id", "too_much_happened"))


def take_up(world: World, actor: Actor, incident_id: str) -> Written:
    """End a setting aside before its time; nothing where none stands."""

    def prepare(now: str) -> Change:
        loaded = must_dispatch(incidents.load(incident_id), incident_id)
        if loaded.incident.aside is None:
            return Change(loaded, Decision(incident=loaded.incident))
        taken_up = replace(loaded.incident, aside=None)
        return Change(loaded, Decision(incident=taken_up, drafts=[Draft(IncidentTakenUp())]))

    return write(world, actor, prepare)
