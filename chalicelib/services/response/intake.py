"""Taking a call: log it, and open an incident for it, join it to an open one, or split it off again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ...bootstrap import World
from ...domain import times
from ...domain.call import Call, CallClass, Channel, Statement
from ...domain.decision import Decision
from ...domain.details import Detail
from ...domain.events import CallSplitOff, Draft, call_joined, details_recorded, incident_opened
from ...domain.incident import Incident, Location
from ...domain.nearby import Nearby
from ...domain.note import Note
from ...domain.portions import unfinished
from ...domain.registry import Terrain
from ...errors import Conflict, NotFound, Unprocessable
from ...faults import Fault
from ...models import incidents, keys
from ...models.change import Change
from ...models.conflicts import ConditionFailed
from ...models.incidents import Loaded
from ...models.keys import Count
from ...models.registry import Snapshot
from ...models.transactions import Transaction
from ...observability import count, logger
from ..abuse import blocking, limits
from ..changes.retrying import UNANSWERED, Try, retried
from ..changes.writing import Actor, Written, must, must_dispatch, write
from .detailing import note_of
from .dispatching import (
    must_type,
    near,
)
from .levels import send_level

CLOCK_SKEW_S = 60
OLDEST_S = 24 * 3600
# Doubts about the call itself, which an incident made of it does not share.
OF_CALL_ALONE = {"number_unread", "number_short", "channel_unread", "time_unread"}


class NewIncident(Struct, frozen=True, kw_only=True):
    """What the call taker says of an emergency; priority and terrain default to the type's, `doubts` are those of it, `details` what
    was said to the type's questions.
    """

    type: str
    location: Location
    priority: int | None = None
    terrain: Terrain | None = None
    narrative: str = ""
    drill: bool = False
    doubts: tuple[str, ...] = ()
    details: tuple[Detail, ...] = ()


class NewCall(Struct, frozen=True, kw_only=True):
    """A call as taken; `number` is E.164 or empty when it was withheld; `insist`: an emergency though it is blocked.

    `said` and `doubts` are what this caller said beside the incident, and what of it all must be asked again.
    """

    number: str
    channel: Channel
    kind: CallClass
    received_at: str
    answered_at: str | None
    note: str = ""
    incident: NewIncident | None = None
    incident_id: str | None = None
    insist: bool = False
    said: Statement | None = None
    doubts: tuple[str, ...] = ()


class Taken(Struct, kw_only=True):
    """The call as logged, the whole incident it belongs to, and open incidents that may be the same."""

    call: Call
    loaded: Loaded | None
    nearby: list[Nearby]


def log_call(world: World, registry: Snapshot, actor: Actor, new: NewCall) -> Taken:
    """Log a call; an emergency opens an incident and sends whom the plan says, or joins an open incident.

    NumberBlocked for an emergency from a blocked number, until somebody insists.
    """
    new, claimed = _with_possible_times(new, world.clock.now())
    block = blocking.find(world, registry, new.number)
    if block and new.kind == "emergency" and not new.insist:
        blocking.refuse(world, actor, block)
    counts = blocking.counts_for(world, new.number, new.received_at, block)
    call = Call(
        id=world.mint.id(),
        number=new.number,
        channel=new.channel,
        kind=new.kind,
        received_at=new.received_at,
        answered_at=new.answered_at,
        taken_by=actor.id,
        note=new.note,
        salt=world.mint.salt(),
        blocked=block is not None,
        claimed_at=claimed,
        said=new.said,
        doubts=new.doubts,
    )
    taken = _take(world, registry, actor, call, new, counts)
    # A repeat is answered with the call that was logged before.
    if block and taken.call.id == call.id:
        count("BlockedCallsTaken")
    return taken


def _take(
    world: World, registry: Snapshot, actor: Actor, call: Call, new: NewCall, counts: Iterable[Count]
) -> Taken:
    if new.incident:
        return open_incident(world, registry, actor, call, new.incident, counts=counts)
    if new.incident_id:
        return _join(world, registry, actor, call, new.incident_id, counts)
    return log_only(world, actor, call, counts)


def _with_possible_times(new: NewCall, now: str) -> tuple[NewCall, str]:
    """The call, and '' if its times can be right; if not, an emergency as received now, with the time it claimed.

    Our clock may just have been set right: nobody who calls for help is turned away for that. Unprocessable for the others.
    """
    faults = []
    latest = times.plus(now, CLOCK_SKEW_S)
    if new.received_at > latest:
        faults.append(Fault("received_at", "in_future"))
    elif new.received_at < times.plus(now, -OLDEST_S):
        faults.append(Fault("received_at", "too_old"))
    if new.answered_at and new.answered_at > latest:
        faults.append(Fault("answered_at", "in_future"))
    elif new.answered_at and new.answered_at < new.received_at:
        faults.append(Fault("answered_at", "before_received"))
    if faults and new.kind != "emergency":
        raise Unprocessable("a time cannot be right", *faults)
    if faults:
        answered_at = now if new.answered_at else None
        return replace(new, received_at=now, answered_at=answered_at), new.received_at
    return new, ""


def open_incident(
    world: World,
    registry: Snapshot,
    actor: Actor,
    call: Call,
    new: NewIncident,
    counts: Iterable[Count] = (),
) -> Taken:
    """Open an incident for a call, answer its response plan and page whom it picks, all in one transaction."""
    new_one = begun(world, registry, actor, call, new)
    call = replace(call, incident_id=new_one.id)

    def prepare(now: str) -> Change:
        note = asked_of(world, actor, new, now)
        return opened(world, registry, replace(new_one, opened_at=now), call, note=note)

    made = {"call": call.id, "incident": new_one.id}
    return _taken(world, registry, write(world, actor, prepare, result=made, counts=counts), call)


def begun(world: World, registry: Snapshot, actor: Actor, call: Call, new: NewIncident) -> Incident:
    """The incident of a call before it is opened."""
    type_ = must_type(registry, new.type, "incident.type")
    if new.drill:
        limits.drill_incident(world, actor.id, actor.key)
    return Incident(
        id=world.mint.id(),
        type=type_.id,
        category=type_.category,
        priority=new.priority or type_.priority,
        terrain=new.terrain or type_.terrain,
        location=new.location,
        narrative=new.narrative,
        status="open",
        drill=new.drill,
        received_at=call.received_at,
        answered_at=call.answered_at,
        opened_at="",
        salt=world.mint.salt(),
        doubts=new.doubts,
    )


def asked_of(world: World, actor: Actor, new: NewIncident, now: str) -> Note | None:
    """The note of what was said to the type's questions, None where nothing was."""
    return note_of(world, actor, new.details, now) if new.details else None


def opened(
    world: World,
    registry: Snapshot,
    incident: Incident,
    call: Call,
    split_from: str = "",
    note: Note | None = None,
) -> Change:
    """An incident that a call opens, with whom its plan sends, and the note of what its questions brought; nothing is written."""
    told = Draft(incident_opened(incident, call, split_from))
    decision = Decision(incident=incident, calls=[call], drafts=[told])
    if note:
        decision.notes.append(note)
        decision.drafts.append(Draft(details_recorded(note)))
    send_level(world, registry, decision, 1, incident.opened_at)
    return Change(Loaded(incident=incident), decision)


def _join(
    world: World, registry: Snapshot, actor: Actor, call: Call, incident_id: str, counts: Iterable[Count]
) -> Taken:
    joined = replace(call, incident_id=incident_id)

    def prepare(now: str) -> Change:
        loaded = incidents.load(incident_id)
        if loaded is None or loaded.incident.paging_drill:
            raise Unprocessable("no such incident", Fault("incident_id", "no_incident"))
        if loaded.incident.status != "open":
            raise Conflict(
                "the incident is no longer open",
                Fault("incident_id", "ended", {"status": loaded.incident.status}),
            )
        # Whoever let it wait knew less than this caller.
        incident = replace(loaded.incident, calls=loaded.incident.calls + 1, aside=None)
        return Change(loaded, Decision(incident=incident, calls=[joined], drafts=[Draft(call_joined(call))]))

    made = {"call": call.id, "incident": incident_id}
    return _taken(world, registry, write(world, actor, prepare, result=made, counts=counts), joined)


def log_only(world: World, actor: Actor, call: Call, counts: Iterable[Count] = ()) -> Taken:
    """Write a call into its day's list; it opens nothing."""
    counts = list(counts)

    def attempt(each: Try) -> Taken:
        transaction = Transaction()
        transaction.put("call", incidents.put_call(call, world.settings.utc_offset_hours), None)
        if actor.key:
            keys.add_to(transaction, actor.key, {"call": call.id, "received_at": call.received_at}, each.now)
        for raised in counts:
            keys.add_count(transaction, raised, each.now)
        try:
            transaction.commit()
        except ConditionFailed:
            if actor.key and (found := keys.find(actor.key, each.now)) is not None:
                return _only_logged(world, found)
            raise
        return Taken(call=call, loaded=None, nearby=[])

    return retried(world, attempt, UNANSWERED)


def split_off(
    world: World, registry: Snapshot, actor: Actor, incident_id: str, call_id: str, new: NewIncident | None
) -> Taken:
    """Take a wrongly joined call out of an incident and open one of its own for it, both in one transaction.

    Without `new`, what its caller said is opened. Conflict if it is the incident's only call, or was split off already by another request.
    """

    def leaving() -> tuple[Loaded, Call]:
        loaded = must_dispatch(incidents.load(incident_id, calls=[call_id]), incident_id)
        if call_id not in loaded.calls:
            raise NotFound("no such call in this incident", Fault("call_id", "no_call"))
        return loaded, loaded.calls[call_id]

    def may_leave() -> tuple[Loaded, Call]:
        loaded, call = leaving()
        if call.incident_id != incident_id:
            raise Conflict("this call was split off already", Fault("call_id", "split_already"))
        if loaded.incident.calls < 2:
            raise Conflict("the only call of an incident cannot be split off", Fault("call_id", "only_call"))
        return loaded, call

    call = leaving()[1]
    said = new or _as_said(call)
    new_one = begun(world, registry, actor, call, said)
    made = {"call": call.id, "incident": new_one.id}
    call = replace(call, incident_id=new_one.id)

    def prepare(now: str) -> tuple[Change, Change]:
        loaded, left = may_leave()
        decision = Decision(
            incident=replace(loaded.incident, calls=loaded.incident.calls - 1),
            calls=[replace(left, incident_id=new_one.id)],
            drafts=[Draft(CallSplitOff(call=call.id, to=new_one.id))],
        )
        note = asked_of(world, actor, said, now)
        first = opened(world, registry, replace(new_one, opened_at=now), call, incident_id, note)
        return first, Change(loaded, decision)

    return _taken(world, registry, write(world, actor, prepare, result=made), call)


def _as_said(call: Call) -> NewIncident:
    """What a caller said as an incident of its own."""
    said = call.said
    if said is None or not said.type:
        raise Unprocessable("nobody wrote down what this caller says happened", Fault("incident", "required"))
    return NewIncident(
        type=said.type,
        location=said.location or Location(district=""),
        priority=said.priority,
        terrain=said.terrain,
        narrative=said.narrative,
        drill=said.drill,
        doubts=tuple(each for each in call.doubts if each not in OF_CALL_ALONE),
    )


def _taken(world: World, registry: Snapshot, written: Written, call: Call) -> Taken:
    if written.replayed is not None:
        return replayed(world, registry, written.replayed)
    incident, decision = written.incident, written.decision
    joined = written.loaded is None or bool(written.loaded.versions)
    if joined or incident is None or decision is None or unfinished(incident):
        whole = incidents.load_all(call.incident_id or "")
    else:
        whole = Loaded(
            incident=incident,
            assignments={each.id: each for each in decision.assignments},
            calls={each.id: each for each in decision.calls},
            pages={each.id: each for each in decision.pages},
            answers=decision.answers,
            notes=list(decision.notes),
            events=written.events,
        )
    return Taken(call=call, loaded=whole, nearby=_others(world, registry, whole))


def replayed(world: World, registry: Snapshot, result: dict[str, Any]) -> Taken:
    """The answer to a repeated request, from the ids that its key stands for."""
    if "incident" not in result:
        return _only_logged(world, result)
    whole = must(incidents.load_all(result["incident"]), result["incident"])
    return Taken(call=whole.calls[result["call"]], loaded=whole, nearby=_others(world, registry, whole))


def _only_logged(world: World, result: dict[str, Any]) -> Taken:
    day = times.local_day(result["received_at"], world.settings.utc_offset_hours)
    call = next(call for call in incidents.calls_of_day(day) if call.id == result["call"])
    return Taken(call=call, loaded=None, nearby=[])


def _others(world: World, registry: Snapshot, whole: Loaded | None) -> list[Nearby]:
    if whole is None:
        return []
    incident = whole.incident
    try:
        return near(world, registry, incident.type, incident.location, without=incident.id)
    except Exception:
        # The call is taken and its crews are woken; what may be the same is no reason to answer with an error.
        logger.exception("nearby not read", extra={"incident": incident.id})
        return []
