"""Changes of who is on duty: asked for by people or entered by an officer, answered, approved, taken back.

Each word is written with the counters of the nouns and of the agency's duty that it was decided on, and with the version of the change:
of two that come at once the second is decided anew, and the same said again is answered like the first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from msgspec.structs import replace

from ...bootstrap import World
from ...domain import duty, times
from ...domain.duty import Change, Stretch
from ...domain.duty import asking as rules
from ...domain.duty.asking import Duties, Known
from ...domain.duty.change_history import Act
from ...domain.duty.telling import Names, Said
from ...errors import Conflict, Forbidden, KeyReused, NotFound, Unprocessable
from ...faults import Fault
from ...models import duty_changes as store
from ...models import notices
from ...models.duty_changes import KeptChange, Writing
from ...models.registry import Snapshot
from ...models.transactions import Transaction
from ...models.versions import Stamp
from ..changes.retrying import REGISTRY_CONTENDED, Try, retried
from .telling import words

# So many months before those asked for a change may have begun that lasts into them.
MONTHS_BEFORE = 3


class Who(NamedTuple):
    """Who says something about a change and why: an officer of the agency, or one of its people, `person_id`, for himself."""

    by: str
    why: str = ""
    person_id: str = ""

    @classmethod
    def person(cls, person_id: str, why: str = "") -> Who:
        return cls(f"person:{person_id}", why, person_id)

    @property
    def officer(self) -> bool:
        return not self.person_id


class Which(NamedTuple):
    """A change by its names."""

    agency_id: str
    id: str


class Step(NamedTuple):
    """What is to be written of a change: what was said, and the change after it; None if it stands so already."""

    act: Act
    after: Change | None


def ask(world: World, registry: Snapshot, wanted: Change, key: str, who: Who) -> Change:
    """Ask for a change, or enter it as an officer; the same `key`, a ULID of the asker's, is answered like the first.

    `wanted` says what; its id, state and times are made here. Forbidden for what is another person's, Unprocessable with all that is
    wrong, by field.
    """
    _named_agency(registry, wanted.agency_id)
    if not who.officer and who.person_id != wanted.person_id:
        raise Forbidden("this is another person's duty")

    def attempt(each: Try) -> Change:
        present = world.registry.current() if each.failed else registry
        change = replace(wanted, why=who.why, by=who.by, recorded_at=each.now)
        if wrong := rules.faults(change, _known(world, present, change.agency_id), each.now):
            raise Unprocessable("the change does not fit together", *wrong)
        change = replace(change, id=f"{_first_day(world, change)[:7]}-{key}")
        if kept := store.read(change.agency_id, change.id):
            if _said(kept.change) != _said(change):
                raise KeyReused("another change has this key", Fault("Idempotency-Key", "key_reused"))
            return kept.change
        change = rules.asked(
            change, officer=who.officer, approves=present.agencies[change.agency_id].approves_changes
        )
        _must_fit(world, present, change, each.now)
        _write(world, present, None, change, Told("entered" if who.officer else "asked", each.now, who))
        return change

    return retried(world, attempt, REGISTRY_CONTENDED)


def accept(world: World, registry: Snapshot, which: Which, who: Who) -> Change:
    """The other person's yes; Conflict if it was answered otherwise, or cannot be done any more."""

    def step(present: Snapshot, change: Change, now: str) -> Step:
        _must_be(who, change.other_id)
        if change.state in ("accepted", "agreed"):
            return Step("accepted", None)
        _must_wait(change, "asked")
        approves = present.agencies[change.agency_id].approves_changes
        return Step("accepted", rules.accepted(change, approves=approves, now=now))

    return _said_about(world, registry, which, who, step)


def decline(world: World, registry: Snapshot, which: Which, who: Who) -> Change:
    """The other person's no; Conflict if it was answered otherwise."""

    def step(present: Snapshot, change: Change, now: str) -> Step:
        _must_be(who, change.other_id)
        return _ending("declined", change, "asked")

    return _said_about(world, registry, which, who, step)


def approve(world: World, registry: Snapshot, which: Which, who: Who) -> Change:
    """The agency's yes, which an officer also gives for the other person who said it to him; Conflict as for `accept`."""

    def step(present: Snapshot, change: Change, now: str) -> Step:
        _must_be_officer(who)
        if change.state == "agreed":
            return Step("approved", None)
        _must_wait(change, "asked", "accepted")
        return Step("approved", rules.agreed(change, now))

    return _said_about(world, registry, which, who, step)


def refuse(world: World, registry: Snapshot, which: Which, who: Who) -> Change:
    """The agency's no; Conflict if it was answered otherwise."""

    def step(present: Snapshot, change: Change, now: str) -> Step:
        _must_be_officer(who)
        return _ending("refused", change, "asked", "accepted")

    return _said_about(world, registry, which, who, step)


def withdraw(world: World, registry: Snapshot, which: Which, who: Who) -> Change:
    """Take a change back: what waits at any time, what counts until its first day begins; a leave then ends with today.

    Conflict for what has begun: another change is made upon it.
    """

    def step(present: Snapshot, change: Change, now: str) -> Step:
        if not who.officer:
            _must_be(who, change.person_id)
        if change.state == "withdrawn":
            return Step("withdrawn", None)
        _must_wait(change, "asked", "accepted", "agreed")
        today = times.local_day(now, world.settings.utc_offset_hours)
        if change.state == "agreed" and rules.begun(change, _duties(world, present, change).before, today):
            return _shortened(change, today)
        return Step("withdrawn", replace(change, state="withdrawn", withdrawn_at=now))

    return _said_about(world, registry, which, who, step)


def forget_why(world: World, registry: Snapshot, which: Which, who: Who) -> Change:
    """Erase why a change was asked for and answered; that it was stays."""

    def attempt(each: Try) -> Change:
        present = world.registry.current() if each.failed else registry
        kept = _must_find(which)
        stamp = Stamp(each.now, who.by, world.mint.salt)
        hours = world.settings.utc_offset_hours
        if kept.change.why or any(each.why for each in store.records(*which)):
            store.forget_why(kept, Writing("forgot_why", stamp, present.at, hours))
        return replace(kept.change, why="")

    return retried(world, attempt, REGISTRY_CONTENDED)


def between(world: World, registry: Snapshot, agency_id: str, first_day: str, last_day: str) -> list[Change]:
    """An agency's changes that concern any of some days, the one that comes first first; Unprocessable for no agency."""
    _named_agency(registry, agency_id)
    hours = world.settings.utc_offset_hours
    since = times.local_day(f"{first_day}T12:00:00Z", 0, -MONTHS_BEFORE * 31)
    found = store.between(agency_id, since[:7], last_day[:7])
    return [each for each in found if each.days(hours)[0] <= last_day and first_day <= each.days(hours)[-1]]


def find(registry: Snapshot, which: Which) -> Change:
    """A change as it stands; NotFound if there is none."""
    _agency(registry, which.agency_id)
    return _must_find(which).change


class Told(NamedTuple):
    """What was said of a change, when, and by whom."""

    act: Act
    now: str
    who: Who


def _said_about(
    world: World,
    registry: Snapshot,
    which: Which,
    who: Who,
    step: Callable[[Snapshot, Change, str], Step],
) -> Change:
    _agency(registry, which.agency_id)

    def attempt(each: Try) -> Change:
        present = world.registry.current() if each.failed else registry
        kept = _must_find(which)
        act, after = step(present, kept.change, each.now)
        if after is None:
            return kept.change
        if after.state in ("accepted", "agreed") and act != "shortened":
            _must_fit(world, present, after, each.now)
        _write(world, present, kept, after, Told(act, each.now, who))
        return after

    return retried(world, attempt, REGISTRY_CONTENDED)


def _write(world: World, registry: Snapshot, kept: KeptChange | None, after: Change, told: Told) -> None:
    hours = world.settings.utc_offset_hours
    stamp = Stamp(told.now, told.who.by, world.mint.salt, why=told.who.why)
    said = Said(told.act, kept.change if kept else None, after, told.who.person_id)
    people = {each.id: each.name for each in registry.people.values()}
    duties = _duties(world, registry, after).before
    ordered = words(world, registry, said, Names(people, duties, hours), told.now)

    def order(transaction: Transaction) -> None:
        for each in ordered:
            transaction.put("notice", notices.item(each, 1), None)

    store.write(kept, after, Writing(told.act, stamp, registry.at, hours), order)


def _must_fit(world: World, registry: Snapshot, change: Change, now: str) -> None:
    """Refuse what the duty as it is does not allow, now that it would count or be asked for."""
    known = _known(world, registry, change.agency_id)
    gone = [
        Fault(name, "retired", {"id": id_})
        for name, id_ in (("person_id", change.person_id), ("other_id", change.other_id))
        if id_ and id_ not in known.people
    ]
    wrong = gone or rules.unfit(change, _duties(world, registry, change, now), now)
    if wrong:
        raise Unprocessable("the duty is not such that this can be done", *wrong)


def _duties(world: World, registry: Snapshot, change: Change, now: str = "~") -> Duties:
    """The duty of the days around a change without it, and as if it counted from now on."""
    hours = world.settings.utc_offset_hours
    own = change.days(hours)
    # Who takes a duty may have one that reaches into it from the day before, or out of it.
    around = (
        own
        if change.kind == "leave"
        else sorted({*own, *(times.local_day(f"{day}T12:00:00Z", 0, by) for day in own for by in (-1, 1))})
    )

    def of(asked: Change) -> list[Stretch]:
        return [
            each
            for day in around
            for each in duty.of_day(registry.roster(change.agency_id, day, hours, asked), day)
        ]

    before = of(replace(change, agreed_at=""))
    # Nobody takes what somebody on leave leaves.
    return Duties(before, of(replace(change, agreed_at=now)) if change.kind != "leave" else ())


def _known(world: World, registry: Snapshot, agency_id: str) -> Known:
    return Known(
        people={
            each.id: each
            for each in registry.people.values()
            if each.agency_id == agency_id and not registry.gone(each)
        },
        units={
            each.id: each
            for each in registry.units.values()
            if each.agency_id == agency_id and not registry.gone(each)
        },
        utc_offset_hours=world.settings.utc_offset_hours,
    )


def _first_day(world: World, change: Change) -> str:
    return change.days(world.settings.utc_offset_hours)[0]


def _said(change: Change) -> Change:
    """What somebody asked for, without what became of it and when."""
    return replace(change, why="", state="asked", recorded_at="", agreed_at="", withdrawn_at="")


def _ending(state: duty.State, change: Change, *waits: duty.State) -> Step:
    act: Act = "declined" if state == "declined" else "refused"
    if change.state == state:
        return Step(act, None)
    _must_wait(change, *waits)
    return Step(act, replace(change, state=state))


def _shortened(change: Change, today: str) -> Step:
    """What is left of a change that has begun: a leave of several days, to the end of today."""
    if change.last_day == today:
        return Step("shortened", None)
    if change.day <= today < change.last_day:
        return Step("shortened", replace(change, last_day=today))
    raise Conflict("it has begun", Fault("state", "day_begun"))


def _must_wait(change: Change, *states: duty.State) -> None:
    if change.state not in states:
        raise Conflict("it was answered already", Fault("state", "change_state", {"state": change.state}))


def _must_be(who: Who, person_id: str) -> None:
    if who.person_id != person_id or not person_id:
        raise Forbidden("this is another person's to say")


def _must_be_officer(who: Who) -> None:
    if not who.officer:
        raise Forbidden("this is an officer's to say")


def _named_agency(registry: Snapshot, agency_id: str) -> None:
    if agency_id not in registry.agencies:
        raise Unprocessable("unknown agency", Fault("agency_id", "unknown_agency"))


def _agency(registry: Snapshot, agency_id: str) -> None:
    if agency_id not in registry.agencies:
        raise NotFound("no such agency", Fault("agency_id", "not_found"))


def _must_find(which: Which) -> KeptChange:
    found = store.read(*which)
    if found is None:
        raise NotFound("no such change", Fault("change_id", "not_found"))
    return found
