"""A person's own data, by their number: all that is held of it, its erasure on request, and who looked at it, recorded.

Everything is found by going through the whole table, part by part: seldom asked for, it must cost nobody's call anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from msgspec import Struct

from ...bootstrap import World
from ...domain import bounds, chain, duty, ids, times
from ...domain import retention as rules
from ...domain.blocking import Block, stands
from ...domain.call import Call
from ...domain.decision import Decision
from ...domain.duty import Stretch
from ...domain.events import Draft, NumbersRevealed, digest, sealed_statement
from ...domain.note import Note
from ...domain.registry import Person
from ...errors import Busy, Conflict, Invalid, Unanswered
from ...faults import Fault
from ...models import erasing, incidents, privacy, registry_writes, ring_backs
from ...models.change import Change
from ...models.conflicts import ConditionFailed
from ...models.incidents import Loaded
from ...models.privacy import BlockStep, Kept, Part, Record
from ...models.registry import BLOCKS, Snapshot
from ...models.ring_backs import RingBack
from ..abuse import limits
from ..changes.retrying import REGISTRY_CONTENDED, UNANSWERED, Try, retried
from ..changes.writing import Actor, must, must_dispatch, write
from . import erasing_versions
from .erasing_versions import OfNumber

# API Gateway waits 29 s for an answer; where the table is not at its end by then, the asker goes on from there.
LOOKING_S = 10.0
ROSTERED_AHEAD_DAYS = 60
LEGAL_HOLD = "legal_hold"
OPEN = "open"
BLOCKED = "blocked"
MENTIONED = "mentioned"


class Found(Struct, kw_only=True):
    """What is held of a number in the part of the table that was looked through, and where to go on, None at its end.

    Shifts, versions of the registry and the block's history are there with the first part alone.
    """

    incidents: list[Loaded]
    other_calls: list[Call]
    ring_backs: list[RingBack]
    people: list[Person]
    shifts: list[Stretch]
    versions: list[OfNumber]
    block: Block | None
    block_history: list[BlockStep]
    records: list[Kept]
    next: str | None


class Refusal(Struct, frozen=True, kw_only=True):
    """What was not erased: an incident under a legal hold, still open or whose texts by others mention the number, or a block
    that stands ('' for its incident).
    """

    incident_id: str
    label: str
    reason: str


class Erasure(Struct, kw_only=True):
    """What was erased of a number in one part of the table, and what was not and why; `versions` are the registry's earlier ones."""

    record: int
    incidents: list[str]
    other_calls: int
    versions: int
    block: bool
    kept: list[Refusal]
    next: str | None


def look_up(
    world: World, registry: Snapshot, actor: Actor, number: str, reason: str, after: str | None
) -> Found:
    """Everything that is held of a number, once it stands recorded that somebody asked, and why."""
    _record(world, actor, "looked_up", subject_of(world, number), reason)
    began = world.clock.monotonic()
    people = [each for each in registry.people.values() if each.phone == number]
    # Rosters are a request a day and person, a year and more of them: what they take the table does not get.
    shifts = [] if after else [shift for each in people for shift in _shifts(world, registry, each)]
    part = _search(world, number, after, began)
    loaded = [each for id_ in sorted(part.incidents) if (each := incidents.load_all(id_))]
    loaded = [each for each in loaded if _concerns(each, number)]
    days, subject = sorted(part.days), subject_of(world, number)
    others = [call for day in days for call, _ in erasing.other_calls(day) if call.number == number]
    ids_of_others = {call.id for call in others}
    return Found(
        incidents=loaded,
        other_calls=others,
        ring_backs=[made for day in days for made in ring_backs.of_day(day) if made.call in ids_of_others],
        people=people,
        shifts=shifts,
        versions=[] if after else erasing_versions.with_number(number),
        block=registry.blocks.get(subject),
        block_history=[] if after else privacy.block_history(subject),
        records=[kept for kept in privacy.records() if kept.record.subject == subject],
        next=part.next,
    )


def erase(
    world: World, registry: Snapshot, actor: Actor, number: str, reason: str, after: str | None
) -> Erasure:
    """Erase a caller's own data; Conflict if all that was found in a table of one part must be kept."""
    record = _record(world, actor, "erased", subject_of(world, number), reason)
    try:
        return _erase(world, registry, actor, number, record, after)
    except Busy as busy:
        # The record stands, and more may be done.
        raise Unanswered(busy.message) from busy


def _erase(
    world: World, registry: Snapshot, actor: Actor, number: str, record: Record, after: str | None
) -> Erasure:
    part = _search(world, number, after, world.clock.monotonic())
    result = Erasure(
        record=record.seq, incidents=[], other_calls=0, versions=0, block=False, kept=[], next=part.next
    )
    for incident_id in sorted(part.incidents):
        loaded = incidents.load_state(incident_id)
        if loaded is None:
            continue  # It is being brought in, and what stands of it yet has no number.
        # A crew's phone is personnel's data, which the registry and the pages' period govern.
        own = _of(loaded, number)
        why = _kept_for(loaded) if own else ""
        if own and not why and _erase_incident(world, actor, incident_id, number, record):
            result.incidents.append(incident_id)
            loaded = must(incidents.load_state(incident_id), incident_id)
        if not why and mentioned(loaded, number):
            why = MENTIONED
        if why:
            result.kept.append(Refusal(incident_id=incident_id, label=ids.label(incident_id), reason=why))
    for day in sorted(part.days):
        result.other_calls += _erase_other_calls(day, number)
    if after is None:
        result.versions = erasing_versions.erase_number(world, registry, actor.id, number, record.seq)
    _erase_block(world, registry, number, result)
    in_one_part = after is None and part.next is None
    erased = result.incidents or result.other_calls or result.versions or result.block
    if in_one_part and result.kept and not erased:
        kept = [
            Fault("number", "kept", {"label": each.label or "block", "reason": each.reason})
            for each in result.kept
        ]
        held = ", ".join(fault.sentence for fault in kept)
        raise Conflict(f"nothing was erased; kept are {held}", *kept)
    return result


def looked_for(world: World, actor: Actor, number: str, reason: str) -> int:
    """Record that somebody looks for the calls of a number, before it is looked for; the record's seq."""
    return _record(world, actor, "looked_up", subject_of(world, number), reason).seq


def show_day(world: World, actor: Actor, day: str, reason: str) -> list[Call]:
    """A local day's calls without an incident that still have a number, once it stands recorded that somebody looked at them."""
    _record(world, actor, "day_shown", day, reason)
    return [call for call, _ in erasing.other_calls(day) if call.number]


def reveal(world: World, actor: Actor, incident_id: str) -> tuple[list[Call], list[Note]]:
    """The calls and SMS of an incident with their numbers, once it stands in its trail that somebody looked at them.

    As long as it is open the desk sees them anyway, and nothing is recorded.
    """

    @cache
    def count_once() -> None:
        what = f"reveals:{actor.id}:{incident_id}"
        limits.hourly(world, what, bounds.REVEALED_AN_HOUR, "numbers are shown no more often")

    def prepare(now: str) -> Change:
        loaded = must_dispatch(incidents.load_state(incident_id), incident_id)
        calls, notes = _with_numbers(loaded)
        decision = Decision(incident=loaded.incident)
        if loaded.incident.status != "open" and (calls or notes):
            count_once()
            names = (*(f"call:{each.id}" for each in calls), *(f"note:{each.id}" for each in notes))
            decision.drafts.append(Draft(NumbersRevealed(seen=names)))
        return Change(loaded, decision)

    written = write(world, actor, prepare)
    # Of the same again, which its first try has recorded, nothing is read along.
    return _with_numbers(must(written.loaded or incidents.load_state(incident_id), incident_id))


def _with_numbers(loaded: Loaded) -> tuple[list[Call], list[Note]]:
    """An incident's own calls and SMS of which the number, or what was typed in its place, still stands."""
    own = [each for each in loaded.calls.values() if each.incident_id == loaded.incident.id]
    return [each for each in own if number_or_typed(each)], [each for each in loaded.notes if each.number]


def number_or_typed(call: Call) -> str:
    """A call's number, or what was typed in its place."""
    return call.number or (call.said.typed.get("number", "") if call.said else "")


def _shifts(world: World, registry: Snapshot, person: Person) -> list[Stretch]:
    """When somebody was on duty for their agency, as far back as rosters are kept, and will be; by patterns as they are now."""
    now, hours = world.clock.now(), world.settings.utc_offset_hours
    days = range(-world.settings.retention_days["rosters"] - 1, ROSTERED_AHEAD_DAYS)
    found: list[Stretch] = []
    for day in (times.local_day(now, hours, by) for by in days):
        roster = registry.roster(person.agency_id, day, hours)
        # A change has to do with others: then the day is reckoned with all.
        own = roster if roster.changes else duty.of_person(roster, person.id)
        found += [each for each in duty.of_day(own, day) if each.person_id == person.id]
    return found


def subject_of(world: World, number: str) -> str:
    """By what a number is known in records and blocks."""
    return ids.keyed(world.settings.link_secret, "number", number)


def _record(world: World, actor: Actor, action: str, subject: str, reason: str) -> Record:
    """Record who does what with whose data before it is done, so that nothing is done unseen."""
    salt = world.mint.salt()

    def attempt(each: Try) -> Record:
        record = Record(
            seq=0,
            at=each.now,
            by=actor.id,
            action=action,
            subject=subject,
            reason=digest(salt, reason),
            prev="",
        )
        known, version = privacy.head()
        return privacy.add(known, version, Kept(record=record, reason=reason, salt=salt))

    # A lost answer leaves a second record of the same, which is no harm.
    return retried(world, attempt, UNANSWERED)


def _search(world: World, number: str, after: str | None, began: float) -> Part:
    """Go through the table until its end or the time since then is over, one part at least."""
    whole = Part(incidents=set(), days=set(), next=after)
    while True:
        try:
            part = privacy.part_with(_digits(number), whole.next)
        except ValueError:
            raise Invalid("that is no place to go on from", Fault("after", "never_given")) from None
        whole.incidents |= part.incidents
        whole.days |= part.days
        whole.next = part.next
        if part.next is None or world.clock.monotonic() - began > LOOKING_S:
            return whole


def _digits(number: str) -> str:
    """What a number has in common with how people write it down: +62812… and 0812… alike."""
    return number.removeprefix("+62").removeprefix("+")


def mentioned(loaded: Loaded, number: str) -> bool:
    """Whether a text about an incident names a number; one broken up by blanks or hyphens is not found."""
    incident = loaded.incident
    texts = [incident.narrative, incident.location.landmark, *(note.text for note in loaded.notes)]
    texts += [wording.text for note in loaded.notes for wording in note.earlier]
    for was in (note.was for note in loaded.notes if note.was):
        texts += [was.narrative or "", was.landmark or "", was.village or ""]
    texts += [each.value for note in loaded.notes for each in note.details]
    for call in loaded.calls.values():
        texts += [call.note, sealed_statement(call.said)]
    return any(_digits(number) in text for text in texts)


def _concerns(loaded: Loaded, number: str) -> bool:
    """Whether an incident has anything of a number; digits of a hash may have looked like it."""
    paged = any(page.number == number for page in loaded.pages.values())
    return paged or _of(loaded, number) or mentioned(loaded, number)


def _of(loaded: Loaded, number: str) -> bool:
    numbers = {*(call.number for call in loaded.calls.values()), *(note.number for note in loaded.notes)}
    return number in numbers


def _kept_for(loaded: Loaded) -> str:
    if loaded.incident.hold:
        return LEGAL_HOLD
    return OPEN if loaded.incident.status == "open" else ""


def _erase_incident(world: World, actor: Actor, incident_id: str, number: str, record: Record) -> bool:
    """Erase a caller's data of one incident, in as many transactions as it takes; whether there was any."""

    def prepare(now: str) -> Change:
        loaded = must(incidents.load_state(incident_id), incident_id)
        decision = Decision(incident=loaded.incident)
        # It may have been opened again, or held, since it was found.
        if not _kept_for(loaded):
            calls = list(loaded.calls.values())
            decision = rules.of_caller(loaded.incident, calls, loaded.notes, number, record.seq)
        return Change(loaded, decision)

    erased = False
    while write(world, Actor(id=actor.id), prepare).events:
        erased = True
    return erased


def _erase_other_calls(day: str, number: str) -> int:
    erased = 0
    for call, version in erasing.other_calls(day):
        if call.number != number:
            continue
        try:
            erasing.save_other_call(day, rules.blank_call(call), version)
        except ConditionFailed:
            continue  # Retention was first.
        erased += 1
    return erased


def _erase_block(world: World, registry: Snapshot, number: str, result: Erasure) -> None:
    """Forget that a number was blocked; a block that stands protects the line for a day, and is kept until it ends."""
    id_ = subject_of(world, number)

    def attempt(each: Try) -> None:
        present = world.registry.current() if each.failed else registry
        block = present.blocks.get(id_)
        if block is None:
            return
        if stands(block, each.now):
            result.kept.append(Refusal(incident_id="", label="", reason=BLOCKED))
            return
        erasing.forget_block_history(id_)
        registry_writes.write(
            [],
            [(registry_writes.block_item(block), present.versions[BLOCKS, id_])],
            at=present.at,
            stamp=None,
        )
        result.block = True

    retried(world, attempt, REGISTRY_CONTENDED)


def first_broken(kept: Sequence[tuple[Kept, str]]) -> int | None:
    """The first record that does not hold, None if all do up to the end that is kept beside them."""
    end, _ = privacy.head()
    broken = chain.first_broken([link for _, link in kept], end.hash, end.seq)
    untold = (
        seq
        for seq, (each, _) in enumerate(kept, start=1)
        if digest(each.salt, each.reason) != each.record.reason
    )
    return min([*untold, *([broken[0]] if broken else ())], default=None)
