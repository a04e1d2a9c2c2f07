"""Word of a change of duty to whom it concerns: ordered with what was said in one transaction, so that each is told once and nobody is forgotten."""

from __future__ import annotations

from collections.abc import Iterator

from ...bootstrap import World
from ...domain import notice as rules
from ...domain.duty.telling import Names, Said, Side, tellings, wording
from ...domain.notice import Notice, Word
from ...domain.registry import Person
from ...models.registry import Snapshot


def words(world: World, registry: Snapshot, said: Said, names: Names, now: str) -> list[Notice]:
    """The notices that a word about a change orders."""
    change, by = said.after, said.by or "officer"
    found = {}
    for telling in tellings(said):
        for person in _readers(registry, said, telling.to):
            text = wording(change, telling.to, names, person.language)
            about = f"{change.agency_id}/{change.id}/{said.act}"
            made = rules.to_person(person.id, Word(telling.kind, about, {"change": text}), by, now)
            found[made.id] = made
    return list(found.values())


def _readers(registry: Snapshot, said: Said, side: Side) -> Iterator[Person]:
    change = said.after
    if side == "officer":
        yield from _officers(registry, change.agency_id)
        return
    person = registry.people.get(change.person_id if side == "person" else change.other_id)
    if person:
        yield person


def _officers(registry: Snapshot, agency_id: str) -> Iterator[Person]:
    """The people of an agency's admins, where none has a phone its head."""
    ids = [
        each.person_id
        for each in registry.accounts.values()
        if each.role == "agency_admin" and each.agency_id == agency_id and not each.disabled
    ]
    known = [registry.people[id_] for id_ in ids if id_ and id_ in registry.people]
    head = registry.people.get(registry.agencies[agency_id].head_id or "")
    yield from known or ([head] if head else [])
