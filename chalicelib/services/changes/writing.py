"""The loop around every change of an incident: read, decide, write in one transaction, and again on a conflict."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from msgspec import Struct
from pynamodb.exceptions import PynamoDBException

from ...bootstrap import World
from ...domain import times
from ...domain.decision import Decision
from ...domain.events import Event
from ...domain.incident import Assignment, Incident, Page
from ...domain.portions import unfinished
from ...errors import Busy, KentonganError, NotFound, Unanswered
from ...gateways.clock import new_id
from ...gateways.wakeups import Queue
from ...models import incidents, keys
from ...models.incidents import Loaded, Stamp
from ...models.keys import Count, Key
from ...models.transactions import ConditionFailed, Contention, Transaction, Unconfirmed, code_of, passing
from ...observability import logger

DEADLINE_S = 5.0
SHORTEST_PAUSE_S = 0.004
LONGEST_PAUSE_S = 0.06
CONTENDED = "others are changing the same; send it again"
UNANSWERED = "the database takes no writes now; send it again"
SQS_LONGEST_S = 900
# Where a wake-up names a page: what of the incident no transaction holds yet.
REST = "#"


class Written(Struct, kw_only=True):
    """What a change left behind; `replayed` holds the stored result when an earlier request had done it."""

    incident: Incident | None
    decision: Decision | None = None
    events: list[Event] = []
    loaded: Loaded | None = None
    replayed: dict[str, Any] | None = None


class Actor(Struct, frozen=True, kw_only=True):
    """Who acts, by which way the command came, the one `agency` they are bound to; `key` makes a POST safe to repeat."""

    id: str
    source: str = "web"
    agency: str | None = None
    key: Key | None = None


def write(
    world: World,
    actor: Actor,
    prepare: Callable[[str], tuple[Loaded | None, Decision]],
    *,
    result: dict[str, Any] | None = None,
    beside: Callable[[], tuple[Loaded, Decision]] | None = None,
    counts: Iterable[Count] = (),
) -> Written:
    """Carry out `prepare(now)` until its decision is written, the deadline of 5 s passes (`gave_up`) or it raises.

    An answer that was lost after the commit is found by the command's id in the events, and not decided twice.
    `beside` decides what the same transaction changes in another incident.
    """
    command = new_id(world.clock)
    first_seq, tried, trouble, lost = 0, "", CONTENDED, False
    for now in tries(world):
        try:
            if tried and (own := _written_before(world, tried, command, first_seq)):
                return own
            other = beside() if beside else None
            loaded, decision = prepare(now)
        except KentonganError:
            # A repeat is refused by what its first try did; it must get the first try's answer instead.
            if actor.key and (found := keys.find(actor.key, now)) is not None:
                return _replayed(world, found)
            raise
        except PynamoDBException as error:
            if not passing(error):
                raise
            logger.warning("read not answered", extra={"cause": code_of(error)})
            trouble = UNANSWERED
            continue
        if not tried:
            first_seq = loaded.incident.seq if loaded else 0
        if not decision.drafts and not decision.quiet:
            return Written(incident=decision.incident, loaded=loaded)
        transaction = Transaction()
        stamp = Stamp(now=now, actor=actor.id, source=actor.source, command=command)  # type: ignore[arg-type]
        incident, events = incidents.add_to(
            transaction, loaded, decision, stamp, world.settings.utc_offset_hours
        )
        if other:
            incidents.add_to(transaction, *other, stamp, world.settings.utc_offset_hours)
        if actor.key:
            keys.add_to(transaction, actor.key, result or {"incident": incident.id}, now)
        for count in counts:
            keys.add_count(transaction, count, now)
        try:
            transaction.commit()
        except ConditionFailed as conflict:
            trouble = CONTENDED
            # Without a change of the incident itself no earlier try can have got through.
            if "#" in conflict.labels:
                tried = incident.id
            elif (
                actor.key
                and keys.LABEL in conflict.labels
                and (found := keys.find(actor.key, now)) is not None
            ):
                return _replayed(world, found)
        except (Contention, Unconfirmed) as error:
            logger.warning(
                "write not confirmed", extra={"incident": incident.id, "cause": type(error).__name__}
            )
            tried = incident.id
            lost = lost or isinstance(error, Unconfirmed)
            trouble = UNANSWERED if lost else CONTENDED
        else:
            world.open_incidents.remember(incident, 1 + (loaded.versions.get("#", 0) if loaded else 0))
            wake(world, decision.pages)
            set_timers(world, decision.assignments)
            return Written(incident=incident, decision=decision, events=events, loaded=loaded)
    if tried and (own := _written_before(world, tried, command, first_seq)):
        return own
    raise gave_up(lost, trouble)


def gave_up(lost: bool, why: str) -> KentonganError:
    """What to raise after the last try: Busy if nothing can have been written, Unanswered if a try's answer was `lost`."""
    return Unanswered(why) if lost else Busy(why)


def tries(world: World) -> Iterator[str]:
    """The instants at which to try a write, for 5 s, with jittered pauses between them.

    Short ones first: most often it was one other writer, such as the page function with what it has just sent.
    """
    clock = world.clock
    deadline = clock.monotonic() + DEADLINE_S
    pause = SHORTEST_PAUSE_S
    while True:
        yield clock.now()
        if clock.monotonic() >= deadline:
            return
        clock.sleep(pause * (0.5 + clock.random(1)[0] / 510))
        pause = min(LONGEST_PAUSE_S, 2 * pause)


def _written_before(world: World, incident_id: str, command: str, first_seq: int) -> Written | None:
    """What an earlier try of this command left, if it got through although its answer was lost."""
    own = [event for event in incidents.events(incident_id, after=first_seq) if event.command == command]
    if not own:
        return None
    loaded = _woken(world, incident_id)
    return Written(incident=loaded.incident, events=own, loaded=loaded)


def _replayed(world: World, result: dict[str, Any]) -> Written:
    """The stored result of a request whose process may have died before it woke anybody."""
    _woken(world, result["incident"])
    return Written(incident=None, replayed=result)


def _woken(world: World, incident_id: str) -> Loaded:
    loaded = must(incidents.load_state(incident_id), incident_id)
    wake(world, loaded.pages.values())
    set_timers(world, loaded.assignments.values())
    wake_for_rest(world, loaded.incident)
    return loaded


def wake_for_rest(world: World, incident: Incident) -> None:
    """Wake whoever writes what one transaction could not hold of an incident."""
    if unfinished(incident):
        send_wakeups(world, "pages", [{"incident": incident.id, "page": REST}])


def wake(world: World, pages: Iterable[Page], delay_s: int = 0) -> None:
    """Wake the page function for what is pending."""
    waiting: dict[Queue, list[dict[str, str]]] = {"pages": [], "bulk": []}
    for page in pages:
        if page.status == "pending":
            waiting["bulk" if page.bulk else "pages"].append({"incident": page.incident_id, "page": page.id})
    for queue, bodies in waiting.items():
        send_wakeups(world, queue, bodies, delay_s)


def set_timers(world: World, assignments: Iterable[Assignment]) -> None:
    """Wake the escalation when it is due; SQS waits 15 minutes at most, and the sweep sees to the rest."""
    now = world.clock.now()
    # One request for all that are due together: a queue that is down must not hold up the answer once a unit.
    by_delay: dict[int, list[dict[str, str]]] = {}
    for each in assignments:
        if each.due_at:
            delay = min(SQS_LONGEST_S, max(0, math.ceil(times.between(now, each.due_at) or 0)))
            by_delay.setdefault(delay, []).append({"incident": each.incident_id, "assignment": each.id})
    for delay, bodies in by_delay.items():
        send_wakeups(world, "timers", bodies, delay)


def send_wakeups(world: World, queue: Queue, bodies: list[dict[str, str]], delay_s: int = 0) -> bool:
    """Send wake-ups; whether all were taken: what was not is found by the sweep."""
    if not bodies:
        return True
    try:
        world.wakeups.send(queue, bodies, delay_s)
    except Exception:
        logger.exception("wake-up not sent", extra={"queue": queue, "count": len(bodies)})
        return False
    return True


def must_dispatch(loaded: Loaded | None, incident_id: str) -> Loaded:
    """The incident that was read, or NotFound, also for a paging drill: nothing is dispatched to one."""
    found = must(loaded, incident_id)
    return must(None if found.incident.paging_drill else found, incident_id)


def must(loaded: Loaded | None, incident_id: str) -> Loaded:
    """The incident that was read, or NotFound."""
    if loaded is None:
        raise NotFound("no such incident", {"id": "no such incident"})
    return loaded
