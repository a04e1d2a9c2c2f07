"""The loop around every change of an incident: read, decide, write in one transaction, and again on a conflict."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from msgspec import Struct

from ...bootstrap import World
from ...domain import times
from ...domain.assignment import Assignment
from ...domain.decision import Decision
from ...domain.events import Event
from ...domain.incident import Incident
from ...domain.page import Page
from ...domain.portions import unfinished
from ...domain.wakeup import REST, Queue, Wakeup
from ...errors import KentonganError, NotFound
from ...faults import Fault
from ...models import incidents, keys
from ...models.change import Change, Sealed, Stamp
from ...models.conflicts import ConditionFailed, Contention, Unconfirmed
from ...models.incidents import Loaded
from ...models.keys import Count, Key
from ...models.transactions import Transaction
from ...observability import logger
from .retrying import GAVE_UP, Try, retried

SQS_LONGEST_S = 900


# What is decided at an instant: a change of one incident, or with it one of another that the same transaction writes.
Prepare = Callable[[str], Change | tuple[Change, Change]]


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
    prepare: Prepare,
    *,
    result: dict[str, Any] | None = None,
    counts: Iterable[Count] = (),
    goes_on: bool = False,
) -> Written:
    """Carry out `prepare(now)` until its decision is written, the deadline of 5 s passes (Busy, Unanswered) or it raises.

    An answer that was lost after the commit is found by the command's id in the events, and not decided twice. Whatever was
    ordered is woken: pages, timers, and whoever writes what the transaction could not hold, unless the caller `goes_on`.
    """
    command = _Command(world, actor, prepare, result, list(counts), goes_on)
    try:
        return retried(world, command.attempt)
    except GAVE_UP:
        if own := command.written_before():
            return own
        raise


class _Command:
    """One use case's write over its tries."""

    def __init__(
        self,
        world: World,
        actor: Actor,
        prepare: Prepare,
        result: dict[str, Any] | None,
        counts: list[Count],
        goes_on: bool,
    ) -> None:
        self._world, self._actor, self._prepare = world, actor, prepare
        self._result, self._counts, self._goes_on = result, counts, goes_on
        self._id = world.mint.id()
        self._first_seq = 0
        # The incident that an earlier try may have written although its answer was lost.
        self._tried = ""

    def attempt(self, each: Try) -> Written:
        """Decide and write once."""
        now = each.now
        try:
            if own := self.written_before():
                return own
            prepared = self._prepare(now)
        except KentonganError:
            # A repeat is refused by what its first try did; it must get the first try's answer instead.
            if earlier := self._earlier(now):
                return earlier
            raise
        changes = [prepared] if isinstance(prepared, Change) else prepared
        loaded, decision = changes[0]
        if not self._tried:
            self._first_seq = loaded.incident.seq if loaded else 0
        if not decision.drafts and not decision.quiet:
            return Written(incident=decision.incident, loaded=loaded)
        return self._commit(changes, now)

    def _commit(self, changes: Sequence[Change], now: str) -> Written:
        actor, transaction = self._actor, Transaction()
        stamp = Stamp(now=now, actor=actor.id, source=actor.source, command=self._id)  # type: ignore[arg-type]
        hours = self._world.settings.utc_offset_hours
        sealed = [each.add_to(transaction, stamp, hours) for each in changes]
        incident = sealed[0].incident
        if actor.key:
            keys.add_to(transaction, actor.key, self._result or {"incident": incident.id}, now)
        for count in self._counts:
            keys.add_count(transaction, count, now)
        try:
            transaction.commit()
        except ConditionFailed as conflict:
            # Without a change of the incident itself no earlier try can have got through.
            if "#" in conflict.labels:
                self._tried = incident.id
            elif keys.LABEL in conflict.labels and (earlier := self._earlier(now)):
                return earlier
            raise
        except (Contention, Unconfirmed):
            self._tried = incident.id
            raise
        for each in sealed:
            self._wake(each)
        return Written(
            incident=incident,
            decision=changes[0].decision,
            events=sealed[0].events,
            loaded=changes[0].loaded,
        )

    def _wake(self, sealed: Sealed) -> None:
        self._world.open_incidents.remember(sealed.incident, sealed.version("#"))
        wake(self._world, sealed.decision.pages)
        set_timers(self._world, sealed.decision.assignments)
        # Whom this change took from another incident: it ends its own request there.
        taken = [each for unit in sealed.decision.units for each in unit.under if each.loose]
        send_wakeups(self._world, "timers", [Wakeup(each.incident_id, each.assignment_id) for each in taken])
        if sealed.orders and not self._goes_on:
            wake_for_rest(self._world, sealed.incident)

    def written_before(self) -> Written | None:
        """What an earlier try left, if it got through although its answer was lost."""
        if not self._tried:
            return None
        found = incidents.events(self._tried, after=self._first_seq)
        own = [event for event in found if event.command == self._id]
        if not own:
            return None
        loaded = _woken(self._world, self._tried)
        return Written(incident=loaded.incident, events=own, loaded=loaded)

    def _earlier(self, now: str) -> Written | None:
        """The stored result of an earlier request with the same key, whose process may have died before it woke anybody."""
        found = keys.find(self._actor.key, now) if self._actor.key else None
        if found is None:
            return None
        _woken(self._world, found["incident"])
        return Written(incident=None, replayed=found)


def _woken(world: World, incident_id: str) -> Loaded:
    loaded = must(incidents.load_state(incident_id), incident_id)
    wake(world, loaded.pages.values())
    set_timers(world, loaded.assignments.values())
    wake_for_rest(world, loaded.incident)
    return loaded


def wake_for_rest(world: World, incident: Incident) -> None:
    """Wake whoever writes what one transaction could not hold of an incident."""
    if unfinished(incident):
        send_wakeups(world, "pages", [Wakeup(incident.id, REST)])


def wake(world: World, pages: Iterable[Page], delay_s: int = 0) -> None:
    """Wake the page function for what is pending."""
    waiting: dict[Queue, list[Wakeup]] = {"pages": [], "bulk": []}
    for page in pages:
        if page.status == "pending":
            waiting["bulk" if page.bulk else "pages"].append(Wakeup(page.incident_id, page.id))
    for queue, wakeups in waiting.items():
        send_wakeups(world, queue, wakeups, delay_s)


def set_timers(world: World, assignments: Iterable[Assignment]) -> None:
    """Wake the escalation when it is due; SQS waits 15 minutes at most, and the sweep sees to the rest."""
    now = world.clock.now()
    # One request for all that are due together: a queue that is down must not hold up the answer once a unit.
    by_delay: dict[int, list[Wakeup]] = {}
    for each in assignments:
        if each.look_at:
            delay = min(SQS_LONGEST_S, max(0, math.ceil(times.between(now, each.look_at) or 0)))
            by_delay.setdefault(delay, []).append(Wakeup(each.incident_id, each.id))
    for delay, wakeups in by_delay.items():
        send_wakeups(world, "timers", wakeups, delay)


def send_wakeups(world: World, queue: Queue, wakeups: Sequence[Wakeup], delay_s: int = 0) -> bool:
    """Send wake-ups; whether all were taken: what was not is found by the sweep."""
    if not wakeups:
        return True
    try:
        world.wakeups.send(queue, [each.message(queue) for each in wakeups], delay_s)
    except Exception:
        logger.exception("wake-up not sent", extra={"queue": queue, "count": len(wakeups)})
        return False
    return True


def must_dispatch(loaded: Loaded | None, incident_id: str) -> Loaded:
    """The incident that was read, or NotFound, also for a paging drill: nothing is dispatched to one."""
    found = must(loaded, incident_id)
    return must(None if found.incident.paging_drill else found, incident_id)


def must(loaded: Loaded | None, incident_id: str) -> Loaded:
    """The incident that was read, or NotFound."""
    if loaded is None:
        raise NotFound("no such incident", Fault("id", "no_incident"))
    return loaded
