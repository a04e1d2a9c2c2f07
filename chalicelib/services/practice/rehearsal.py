"""The loop around every change of a practice run: read, let its crews move, decide, write one item that is nobody else's.

What is decided comes from the same functions as for a real call; what they decided is never handed to whoever writes and
wakes for real.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import msgspec
from msgspec.structs import replace

from ...bootstrap import World
from ...domain import outcomes, practice, practice_stories, times
from ...domain import page as machine
from ...domain.assignment import Assignment, ReportStatus, active, outcome
from ...domain.decision import Decision
from ...domain.events import Event
from ...domain.page import Attempt, Page
from ...domain.practice import Run, Step
from ...domain.registry import Account, Person
from ...domain.units import record_of
from ...errors import NotFound
from ...faults import Fault
from ...models import practices
from ...models.change import Stamp, seal
from ...models.incidents import Loaded, as_json
from ...models.registry import Snapshot
from ...models.sandbox import Sandbox
from ..changes.retrying import Try, retried
from ..changes.writing import Actor
from ..pages.composing import compose
from ..response.following import CrewReport, reported

# Whoever has no person of their own in the registry is one for as long as they practise.
NOBODY = "practice"
PLAYER = Actor(id="system:practice", source="timer")
PROVIDER = "practice"
SMS_S = 2
# More never happens in an hour; a slip in a story must not turn for ever.
PLAYED_MOST = 200


class Rehearsal:
    """A run under one's hands, with the registry as it finds it."""

    def __init__(self, world: World, registry: Snapshot, account: Account, run: Run) -> None:
        self.world, self.account, self.run = world, account, run
        self._real = registry
        # What the last decision came to, for whoever tells of it.
        self.decision: Decision | None = None
        self.events: list[Event] = []

    @property
    def registry(self) -> Sandbox:
        """The registry, with the units that this run has out and no others."""
        return Sandbox(self._real, self.run.units, self.own)

    @cached_property
    def own(self) -> Person:
        """Who practises, as somebody of a crew."""
        found = self._real.people.get(self.account.person_id or "")
        if found is None:
            found = Person(
                id=NOBODY, agency_id=self.account.agency_id or "", name=self.account.name, phone=""
            )
        return replace(found, language=self.account.language)

    @property
    def loaded(self) -> Loaded:
        """The run's incident as if it had been read; NotFound before a call has opened one."""
        run = self.run
        if run.incident is None:
            raise NotFound("this round has no incident yet", Fault("id", "no_incident"))
        return Loaded(
            incident=run.incident,
            assignments=dict(run.assignments),
            calls=dict(run.calls),
            pages=dict(run.pages),
            notes=list(run.notes.values()),
            answers=list(run.answers),
            events=[msgspec.json.decode(each, type=Event) for each in run.links],
            links=list(run.links),
        )

    def take(self, decision: Decision, actor: Actor, now: str) -> None:
        """Put a decision into the run, its events sealed as they would be."""
        stamp = Stamp(now=now, actor=actor.id, source=actor.source, command=self.run.id)  # type: ignore[arg-type]
        events, incident = seal(decision, stamp)
        run = self.run
        self.run = replace(
            run,
            incident=incident,
            assignments={**run.assignments, **{each.id: each for each in decision.assignments}},
            calls={**run.calls, **{each.id: each for each in decision.calls}},
            # No code of ours may be answered by SMS: it could be that of somebody's real page.
            pages={**run.pages, **{each.id: replace(each, reply="") for each in decision.pages}},
            notes={**run.notes, **{each.id: each for each in decision.notes}},
            answers=[*run.answers, *decision.answers],
            units={**run.units, **{each.unit_id: record_of(each) for each in decision.units}},
            links=[*run.links, *(as_json(each) for each in events)],
        )
        self.decision, self.events = decision, events

    @property
    def types(self) -> list[str]:
        """The types that fit its story."""
        story = practice_stories.named(self.run.story)
        return practice_stories.fitting(story, self._real.types) if story else []

    @property
    def steps(self) -> list[Step]:
        """What was asked for, and what came of it."""
        return practice.steps(self.run, self.types, until_ready=self._until_ready)

    @property
    def _until_ready(self) -> bool:
        """Whether its crew's time runs until it begins to act: only then does its page ask for that."""
        incident, crew = self.run.incident, next(iter(self.run.assignments.values()), None)
        return (
            incident is not None
            and crew is not None
            and any(
                each.until_ready and each.concerns(crew.agency_id, incident.type, incident.category)
                for each in self._real.of("targets").values()
            )
        )


def changed(
    world: World, registry: Snapshot, account: Account, decide: Callable[[Rehearsal, str], None]
) -> Rehearsal:
    """Let an account's run move, let `decide` put its decisions into it, and write it; NotFound without one that goes on."""

    def attempt(each: Try) -> Rehearsal:
        run, known = practices.of_account(account.id)
        if run is None or run.over(each.now):
            raise NotFound("no practice goes on", Fault("id", "no_practice"))
        rehearsal = Rehearsal(world, registry, account, run)
        move(rehearsal, each.now)
        decide(rehearsal, each.now)
        if rehearsal.run is not run:
            practices.save(rehearsal.run, known, each.now)
        return rehearsal

    return retried(world, attempt)


def current(world: World, registry: Snapshot, account: Account) -> Rehearsal | None:
    """The account's last run as it stands now, over or not; nothing is written."""
    run, _ = practices.of_account(account.id)
    if run is None:
        return None
    rehearsal, now = Rehearsal(world, registry, account, run), world.clock.now()
    move(rehearsal, now if not run.over(now) else run.ended_at or run.ends_at)
    return rehearsal


def move(rehearsal: Rehearsal, now: str) -> None:
    """Let what is played happen up to an instant: SMS that arrive, crews that answer and drive.

    It follows from the run alone, so that two who look see the same, and whoever writes next writes it down.
    """
    if rehearsal.run.incident is None or rehearsal.run.round in practice.OF_CREWS:
        return
    for _ in range(PLAYED_MOST):
        found = [each for each in (_arriving(rehearsal.run), _moving(rehearsal.run)) if each]
        ahead = min(found, key=lambda each: each[0], default=None)
        if ahead is None or ahead[0] > now:
            return
        at, thing, status = ahead
        if isinstance(thing, Page):
            _arrive(rehearsal, thing, at)
        else:
            _report(rehearsal, thing, status, at)


# What comes next of something: when, of what, and which step.
Ahead = tuple[str, Page | Assignment, ReportStatus]


def _arriving(run: Run) -> Ahead | None:
    waiting = [each for each in run.pages.values() if each.status == "pending"]
    first = min(waiting, key=lambda each: each.requested_at, default=None)
    return (times.plus(first.requested_at, SMS_S), first, "acknowledged") if first else None


def _moving(run: Run) -> Ahead | None:
    found: list[Ahead] = []
    open_ = run.incident is not None and run.incident.status == "open"
    for place, crew in enumerate(run.assignments.values() if open_ else ()):
        if not active(crew.status):
            continue
        for turn in practice_stories.turns(run.round, place):
            if outcome(crew.status, turn.status) == "applied":
                at = times.plus(crew.milestones["requested"], turn.after_s)
                # Never before what it did last, which the desk may have entered.
                found.append((max(at, *crew.milestones.values()), crew, turn.status))  # type: ignore[arg-type]
                break
    return min(found, key=lambda each: each[0], default=None)


def _arrive(rehearsal: Rehearsal, page: Page, at: str) -> None:
    """The phone of a crew that is played has its SMS: nothing was sent, and its text is what would have been."""
    loaded = rehearsal.loaded
    _, kept = compose(rehearsal.world, rehearsal.registry, loaded.incident, page)
    there = machine.sent(page, Attempt(at=at, provider=PROVIDER, outcome="sent"), kept, page.salt)
    there = machine.delivered(there, at, at)
    decision = outcomes.settle(loaded.incident, loaded.assignments, list(loaded.pages.values()), [there], at)
    rehearsal.take(decision, PLAYER, at)


def _report(rehearsal: Rehearsal, crew: Assignment, status: ReportStatus, at: str) -> None:
    page = next((each for each in rehearsal.run.pages.values() if each.assignment_id == crew.id), None)
    by = Actor(id=f"person:{page.person_id}", source="link") if page else PLAYER
    said = CrewReport(assignment_id=crew.id, status=status, page_id=page.id if page else "")
    world, registry = rehearsal.world, rehearsal.registry
    rehearsal.take(reported(world, registry, by, rehearsal.loaded, said, at), by, at)
