"""Ringing back whose call opened no incident, a silent or dropped one above all: what came of it is written down for good."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from ...bootstrap import World
from ...domain import bounds, times
from ...domain.looking_back import DAYS_MOST
from ...errors import NotFound, Unprocessable
from ...faults import Fault
from ...models import incidents, keys, past, ring_backs
from ...models.ring_backs import Result, RingBack
from ..abuse import limits
from ..changes.retrying import UNANSWERED, Try, retried
from ..changes.writing import Actor


def ring_back(
    world: World, actor: Actor, day: str, call_id: str, result: Result, incident_id: str
) -> list[RingBack]:
    """Write down what came of ringing a call's caller back; all that came of that call so far.

    NotFound for a call that no day's list has; Unprocessable for a day too long ago, and for no such incident.
    """
    now = world.clock.now()
    if actor.key is None or keys.find(actor.key, now) is None:
        _may(world, day, call_id, incident_id, now)
        _write(
            world,
            actor,
            day,
            RingBack(seq=0, at="", by=actor.id, call=call_id, result=result, incident=incident_id),
        )
    return [each for each in ring_backs.of_day(day) if each.call == call_id]


def _may(world: World, day: str, call_id: str, incident_id: str, now: str) -> None:
    ago = (
        date.fromisoformat(times.local_day(now, world.settings.utc_offset_hours)) - date.fromisoformat(day)
    ).days
    # Seals hold the ends of so many days' chains.
    if ago > DAYS_MOST:
        raise Unprocessable("that day is too long ago", Fault("day", "out_of_range"))
    if not past.has_loose_call(day, call_id):
        raise NotFound("no such call", Fault("call_id", "no_call"))
    if incident_id:
        loaded = incidents.load(incident_id)
        if loaded is None or loaded.incident.paging_drill:
            raise Unprocessable("no such incident", Fault("incident_id", "no_incident"))
    limits.hourly(
        world, f"ring-backs:{call_id}", bounds.RUNG_BACK_AN_HOUR, "a call is rung back no more often"
    )


def _write(world: World, actor: Actor, day: str, made: RingBack) -> None:
    def attempt(each: Try) -> None:
        if each.failed and actor.key and keys.find(actor.key, each.now) is not None:
            return
        known, version = ring_backs.head(day)
        ring_backs.add(day, known, version, replace(made, at=each.now), actor.key)

    retried(world, attempt, UNANSWERED)
