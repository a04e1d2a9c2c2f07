"""A change of an incident, written in one transaction: a writer an item kind, each with what it puts and on which condition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from msgspec import Struct, to_builtins
from msgspec.structs import replace
from pynamodb.expressions.condition import Condition

from ..domain import portions
from ..domain.chain import hash_of
from ..domain.decision import Decision
from ..domain.events import Event
from ..domain.incident import Incident, Source
from ..domain.times import local_day
from ..errors import Busy
from . import drills, notices, off_board, page_codes
from .facts import facts_item, facts_key
from .incidents import Loaded, as_json, event_key, incident_item, note_item, page_item, part_item
from .tables import IncidentItem, as_known
from .transactions import Put, Transaction
from .unit_states import pool_key, pool_put, unit_put

# DynamoDB takes 400 KB an item, its keys and indexes' attributes among them.
LARGEST = 390_000


class Stamp(Struct, frozen=True, kw_only=True):
    """Who does what when: the part of each event that its cause decides."""

    now: str
    actor: str
    source: Source
    command: str


class Change(NamedTuple):
    """What was read of an incident, and what was decided on that; None was read of one that is written as new."""

    loaded: Loaded | None
    decision: Decision

    def add_to(self, transaction: Transaction, stamp: Stamp, utc_offset_hours: int) -> Sealed:
        """Put it into a transaction; as it will then stand."""
        events, incident = seal(self.decision, stamp)
        loaded = self.loaded
        sealed = Sealed(
            before=loaded.incident if loaded and loaded.versions else None,
            versions=loaded.versions if loaded else {},
            decision=self.decision,
            incident=incident,
            events=events,
            now=stamp.now,
            utc_offset_hours=utc_offset_hours,
        )
        for writer in WRITERS:
            for label, item, condition in writer(sealed):
                transaction.put(label, item, condition)
        if sealed.reopened:
            day = local_day(incident.opened_at, utc_offset_hours)
            transaction.delete("facts", facts_key(day, incident.id), None)
        return sealed


class Sealed(Struct, frozen=True, kw_only=True):
    """A change as it is written: the incident as it stood, None for a new one, and will stand, with the events in their chain."""

    before: Incident | None
    versions: dict[str, int]
    decision: Decision
    incident: Incident
    events: list[Event]
    now: str
    utc_offset_hours: int

    @property
    def off_board(self) -> bool:
        """Whether the board's index does not tell all of it: the incident is not there, or was not before."""
        return self.incident.status != "open" or (self.before is not None and self.before.status != "open")

    @property
    def reopened(self) -> bool:
        return self.before is not None and self.before.status != "open" and self.incident.status == "open"

    @property
    def orders(self) -> bool:
        """Whether somebody must carry on with what this transaction could not hold."""
        return portions.orders(self.before, self.incident)

    def version(self, sk: str) -> int:
        """The version in which a part is written."""
        return self.versions.get(sk, 0) + 1

    def known(self, sk: str) -> Condition:
        """That a part still is as it was read."""
        return as_known(self.versions.get(sk, 0))


def seal(decision: Decision, stamp: Stamp) -> tuple[list[Event], Incident]:
    """Chain a decision's drafts behind the incident's head."""
    incident = portions.since(decision.incident, stamp.now)
    seq, head, sealed = incident.seq, incident.head, []
    for draft in decision.drafts:
        seq += 1
        event = Event(
            incident_id=incident.id,
            seq=seq,
            type=draft.type,
            occurred_at=draft.occurred_at or stamp.now,
            recorded_at=stamp.now,
            source=stamp.source,
            actor=stamp.actor,
            command=stamp.command,
            data=to_builtins(draft.content),
            prev=head,
        )
        head = hash_of(as_json(event))
        sealed.append(replace(event, hash=head))
    return sealed, replace(incident, seq=seq, head=head)


def _drill(sealed: Sealed) -> Iterator[Put]:
    """One paging drill an agency: its start fails while another runs, and one that is ended early makes way."""
    drill, incident = sealed.incident.paging_drill, sealed.incident
    if drill and sealed.before is None:
        yield drills.claim(drill, incident.id, sealed.now)
    elif drill and sealed.before and sealed.before.status == "open" and incident.status != "open":
        yield from drills.make_way(drill, incident.id, sealed.now)


def _incident(sealed: Sealed) -> Iterator[Put]:
    item = incident_item(sealed.incident, sealed.version("#"), sealed.now, sealed.utc_offset_hours)
    if len(item.doc) > LARGEST:
        raise Busy("too much is still being written for this incident; send it again")
    yield "#", item, sealed.known("#")


def _assignments(sealed: Sealed) -> Iterator[Put]:
    for each in sealed.decision.assignments:
        sk = f"A#{each.id}"
        yield sk, part_item(sealed.incident.id, sk, each, sealed.version(sk), each.look_at), sealed.known(sk)


def _papers(sealed: Sealed) -> Iterator[Put]:
    """What was said and found: calls, the plan's answers."""
    decision = sealed.decision
    for value, sk in [
        *((each, f"C#{each.id}") for each in decision.calls),
        *((each, f"R#{each.level}") for each in decision.answers),
    ]:
        yield sk, part_item(sealed.incident.id, sk, value, sealed.version(sk)), sealed.known(sk)


def _notes(sealed: Sealed) -> Iterator[Put]:
    for note in sealed.decision.notes:
        sk = f"N#{note.id}"
        yield sk, note_item(sealed.incident.id, note, sealed.version(sk)), sealed.known(sk)


def _pages(sealed: Sealed) -> Iterator[Put]:
    """Pages, each with its reply code when it is new."""
    for page in sealed.decision.pages:
        sk = f"P#{page.id}"
        yield sk, page_item(page, sealed.version(sk)), sealed.known(sk)
        if page.reply and sk not in sealed.versions:
            yield page_codes.claim(page, sealed.now)


def _told(sealed: Sealed) -> Iterator[Put]:
    """SMS that are no page, each in a collection of its own."""
    for each in sealed.decision.notices:
        name = notices.label(each.id)
        yield name, notices.item(each, sealed.version(name)), sealed.known(name)


def _events(sealed: Sealed) -> Iterator[Put]:
    for event in sealed.events:
        sk = event_key(event.seq)
        item = part_item(sealed.incident.id, sk, event, 1)
        if sealed.off_board and event is sealed.events[-1]:
            off_board.mark(item, sealed.now)
        yield sk, item, IncidentItem.pk.does_not_exist()


def _facts(sealed: Sealed) -> Iterator[Put]:
    if sealed.decision.facts:
        yield "facts", facts_item(sealed.decision.facts), None


def _units(sealed: Sealed) -> Iterator[Put]:
    for unit in sealed.decision.units:
        yield f"unit:{unit.unit_id}", *unit_put(unit)


def _pools(sealed: Sealed) -> Iterator[Put]:
    for agency_id, known in sealed.decision.pools.items():
        yield pool_key(agency_id), *pool_put(agency_id, known)


# In the order in which their items stand in the transaction.
WRITERS = (
    _drill,
    _incident,
    _assignments,
    _papers,
    _notes,
    _pages,
    _told,
    _events,
    _facts,
    _units,
    _pools,
)
