"""One incident: its chain, and all that stands beside it, against what its events say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from chalicelib.domain.assignment import Assignment
from chalicelib.domain.beside import Comparison
from chalicelib.domain.call import Call
from chalicelib.domain.chain import first_broken
from chalicelib.domain.events import Event
from chalicelib.domain.facts import agree, derive
from chalicelib.domain.incident import Importing, Incident, PlanAnswer
from chalicelib.domain.note import Note
from chalicelib.domain.notice import requested
from chalicelib.domain.page import Page
from chalicelib.domain.times import local_day
from chalicelib.domain.whole import Finding, Whole
from chalicelib.models import facts, notices
from chalicelib.models.incidents import decode, event_key, incident_item, pk_of
from chalicelib.models.tables import IncidentItem
from infra.verify.seals import Seals
from infra.verify.table import HOURS, listed

TRIES = 5
SEQ = re.compile(r"~[0-9]{8}")


def verify(incident_id: str, sealed: Seals | None = None) -> tuple[int, list[Finding]]:
    """The number of an incident's events, and what does not hold."""
    kept, findings = examine(incident_id, sealed)
    return len(kept.events), findings


def examine(incident_id: str, sealed: Seals | None) -> tuple[Whole, list[Finding]]:
    """An incident as it was read, and what does not hold: the links first, then what may follow from them."""
    for _ in range(TRIES):
        kept = read(incident_id)
        findings = [*_check(kept, sealed), *(_against(kept, sealed) if sealed else ())]
        # A long incident is read in several pages: what changed meanwhile would look broken.
        if not findings or _version(incident_id) == kept.version:
            break
    return kept, findings


def _against(kept: Whole, sealed: Seals) -> Iterator[Finding]:
    by_seq = {int(sk[1:]): event for sk, event in kept.events.items()}
    links = {seq: (event.recorded_at, event.hash) for seq, event in by_seq.items()}
    for seq, why in sealed.against(kept.id, links):
        type_ = by_seq[seq].type if seq in by_seq else ""
        yield Finding(incident_id=kept.id, seq=seq, type=type_, why=why)


def _version(incident_id: str) -> int:
    found = IncidentItem.query(pk_of(incident_id), IncidentItem.sk == "#", consistent_read=True)
    return next((int(item.v) for item in found), 0)


def read(incident_id: str) -> Whole:
    """An incident's items, each read by itself so that a spoilt one does not hide the others."""
    kept = Whole(id=incident_id)
    own = IncidentItem()
    for item in IncidentItem.query(pk_of(incident_id), consistent_read=True):
        if item.sk == "#":
            kept.version, own = int(item.v), item
        seq = int(item.sk[1:]) if SEQ.fullmatch(item.sk) else 0
        try:
            value = decode(item)
            if isinstance(value, Event) and not seq:
                raise ValueError("its key is no place in a chain")
            _check_place(incident_id, item.sk, value)
        except (ValueError, KeyError) as error:
            why = f"{item.sk} cannot be read: {error}"
            kept.unreadable.append(Finding(incident_id=incident_id, seq=seq, type="", why=why))
            continue
        if isinstance(value, Incident):
            kept.incident = value
        elif isinstance(value, Event):
            kept.events[item.sk] = value
            kept.links[item.sk] = item.doc
        elif isinstance(value, Importing):
            kept.importing = value
        else:
            kept_of(kept, value)[item.sk.partition("#")[2]] = value
    _read_notices(kept)
    if kept.incident:
        expected = incident_item(kept.incident, kept.version, kept.incident.opened_at, HOURS)
        kept.unlisted = listed(kept.incident, own, expected)
    return kept


def _read_notices(kept: Whole) -> None:
    """The SMS that are no page, of which its events tell: each stands in a collection of its own."""
    for call_id in requested(kept.events.values()):
        try:
            found = notices.read(call_id)
        except ValueError as error:
            why = f"notice {call_id} cannot be read: {error}"
            kept.unreadable.append(Finding(incident_id=kept.id, seq=0, type="", why=why))
            continue
        if found is not None:
            kept.notices[call_id] = found[0]


def _check_place(incident_id: str, sk: str, value: Any) -> None:
    """ValueError where something stands under another's key: readers find it by what it says of itself."""
    own = incident_id if isinstance(value, Incident) else sk.partition("#")[2]
    # A call that was split off tells which incident it went to, an event which chain it belongs to.
    others = isinstance(value, (Assignment, Page)) and value.incident_id != incident_id
    if others or getattr(value, "id", own) != own:
        raise ValueError("it stands under another's key")


def kept_of(kept: Whole, value: Any) -> dict[str, Any]:
    """Where an item of this type is kept."""
    places: dict[type, dict[str, Any]] = {
        Assignment: kept.assignments,
        Call: kept.calls,
        Note: kept.notes,
        Page: kept.pages,
        PlanAnswer: kept.answers,
    }
    return places[type(value)]


def unfinished_import(kept: Whole, sealed: Seals | None) -> bool:
    """Whether a row of a logbook was only partly written, so that no reader has ever seen it.

    Nothing else may hide so: a seal that knows of it, or an event that no import made, speaks of a whole incident.
    """
    others = any((kept.incident, kept.calls, kept.notes, kept.pages, kept.unreadable))
    seen = sealed is not None and kept.id in sealed.ends
    imported = all(event.source == "import" for event in kept.events.values())
    return kept.importing is not None and imported and not others and not seen


def _check(kept: Whole, sealed: Seals | None) -> Iterator[Finding]:
    if unfinished_import(kept, sealed):
        return
    links = [*kept.unreadable, *_chain(kept, kept.incident)] if kept.incident else kept.unreadable
    yield from sorted(links, key=_by_seq)
    if kept.incident is None:
        if not any(not finding.seq for finding in kept.unreadable):
            there = any((kept.assignments, kept.calls, kept.notes, kept.pages, kept.events))
            why = "its own item is missing, others are there" if there else "there is no such incident"
            yield Finding(incident_id=kept.id, seq=0, type="", why=why)
        return
    comparison = Comparison(kept)
    for event in kept.events.values():
        comparison.follow(event)
    comparison.compare(kept.incident)
    yield from sorted(comparison.findings, key=_by_seq)
    if kept.unlisted:
        yield Finding(incident_id=kept.id, seq=0, type="", why=kept.unlisted)
    if not links and not comparison.findings and not _counted(kept):
        yield Finding(incident_id=kept.id, seq=0, type="", why="what reports count of it is not what it says")


def _counted(kept: Whole) -> bool:
    """Whether reports count what stands in an ended incident, and nothing of an open one."""
    incident = kept.incident
    assert incident is not None
    expected = derive(incident, kept.assignments.values(), HOURS) if incident.status != "open" else None
    try:
        return agree(facts.of_incident(local_day(incident.opened_at, HOURS), incident.id), expected)
    except ValueError:
        return False


def _by_seq(finding: Finding) -> tuple[bool, int]:
    return finding.seq == 0, finding.seq


def _chain(kept: Whole, incident: Incident) -> Iterator[Finding]:
    inside = [link for sk, link in kept.links.items() if sk <= event_key(incident.seq)]
    by_place = {int(sk[1:]): event for sk, event in kept.events.items()}
    broken = first_broken(inside, incident.head, incident.seq)
    if broken:
        seq, why = broken
        at = by_place.get(seq)
        if at and at.seq != seq:
            why = f"event {at.seq} stands in its place"
        elif len(inside) == incident.seq < seq:
            seq, why = incident.seq, "is not the head that the incident names"
            at = by_place.get(seq)
        yield Finding(incident_id=kept.id, seq=seq, type=at.type if at else "", why=why)
    for sk, event in kept.events.items():
        if sk > event_key(incident.seq):
            why = f"was added: the incident ends at seq {incident.seq}"
            yield Finding(incident_id=kept.id, seq=int(sk[1:]), type=event.type, why=why)
        elif event.incident_id != kept.id:
            why = "belongs to another incident"
            yield Finding(incident_id=kept.id, seq=int(sk[1:]), type=event.type, why=why)
