"""Walks the audit trail of every incident and names the first broken link: `python -m infra.verify`.

Checked are each chain (RFC 8785 hashes, order, end), what stands beside it against the digests in it, or that it is gone
where an event says that it was erased and nowhere else, the incident, its assignments and its pages against what the events say, and what reports count
against the incident.

A chain shows tampering by whoever cannot also write all of it anew: somebody who recomputes every hash and the head, or
deletes an incident with all its items, leaves no trace here. With `--seals` each chain is also held against the heads that
were sealed each hour where they cannot reach, and the seals against each other.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from botocore.exceptions import BotoCoreError
from pynamodb.exceptions import PynamoDBException
from tqdm import tqdm

from chalicelib.domain.events import Event
from chalicelib.domain.facts import derive
from chalicelib.domain.incident import Assignment, Call, Incident, Note, Page, PlanAnswer
from chalicelib.domain.times import local_day
from chalicelib.models import facts, heartbeats
from chalicelib.models.incidents import decode, event_key, pk_of
from chalicelib.models.privacy import records
from chalicelib.models.tables import IncidentItem
from chalicelib.services import privacy, sealing
from chalicelib.services.timeline import first_broken
from infra import seals
from infra.local.stack import Stack, StackError
from infra.seals import Seals
from infra.trail import Finding, Kept, Trail

TRIES = 5
NONE = (0, "")
HOURS = int(os.environ.get("UTC_OFFSET_HOURS", "7"))
SEQ = re.compile(r"~[0-9]{8}")


def main(arguments: list[str] | None = None) -> int:
    """Print what is broken and the counts; 0 if all holds, 1 if something is broken, 2 if it could not be looked at."""
    parser = argparse.ArgumentParser(prog="python -m infra.verify", description=__doc__)
    parser.add_argument("--incident", metavar="ID", help="look at this incident alone")
    parser.add_argument(
        "--all", action="store_true", help="name everything that is broken, not the first alone"
    )
    parser.add_argument(
        "--embedded", action="store_true", help="look into the embedded stack that runs on DATA"
    )
    parser.add_argument(
        "--seals", metavar="PLACE", help="hold it against the seals in s3://BUCKET/seals or in a folder"
    )
    chosen = parser.parse_args(arguments)
    place = chosen.seals
    try:
        if chosen.embedded:
            stack = _find_embedded()
            if stack.seals.is_dir() or _remembered() != NONE:
                place = place or str(stack.seals)
        return _walk(chosen.incident, chosen.all, _sealed(place) if place else None)
    except (StackError, seals.PlaceError) as error:
        print(error, file=sys.stderr)
    except (PynamoDBException, BotoCoreError) as error:
        reason = " ".join(str(error).split())
        print(f"The table {IncidentItem.Meta.table_name} cannot be read: {reason}", file=sys.stderr)
    return 2


def _find_embedded() -> Stack:
    stack = Stack.from_env()
    if not stack.state_file.exists():
        raise StackError(f"No stack runs with the data in {stack.data}. Start it: make run")
    port: int = msgspec.json.decode(stack.state_file.read_bytes())["port"]
    stack.clean_environment()
    os.environ["AWS_ENDPOINT_URL_DYNAMODB"] = Stack(stack.data, port).database_url
    return stack


def _remembered() -> tuple[int, str]:
    """The last seal as the database has it."""
    last = heartbeats.heartbeats((sealing.NAME,)).get(sealing.NAME)
    return sealing.remembered(last.resume) if last else NONE


def _sealed(place: str) -> Seals:
    """The seals, read after the database's word of the last one and before the trails, as each only grows meanwhile."""
    remembered = _remembered()
    found = seals.read(place)
    found.check_last(*remembered)
    return found


def _walk(one: str | None, name_all: bool, sealed: Seals | None) -> int:
    began = time.monotonic()
    incidents = events = broken = 0
    found = incident_ids() if one is None else iter([one])
    if sealed:
        found = _with_sealed(found, sealed, one is None)
        broken += _name(sealed.findings, True)
    for incident_id in tqdm(found, desc="verify", unit=" incidents", disable=None, leave=False):
        count, findings = verify(incident_id, sealed)
        incidents, events = incidents + 1, events + count
        if findings:
            _name(findings if name_all else findings[:1], name_all or not broken)
        broken += bool(findings)
    if one is None:
        broken += _name(list(_records(sealed))[:1], True)
    seconds = time.monotonic() - began
    against = f", {sealed.count} seals" if sealed else ""
    print(f"{incidents} incidents, {events} events{against}, {broken} broken ({seconds:.1f} s)")
    return 1 if broken else 0


def _name(findings: Sequence[object], aloud: bool) -> int:
    for finding in findings if aloud else ():
        tqdm.write(f"! {finding}")
    return len(findings)


def _with_sealed(found: Iterator[str], sealed: Seals, every: bool) -> Iterator[str]:
    """The incidents in the table, then those that only seals still know."""
    seen = set()
    for incident_id in found:
        seen.add(incident_id)
        yield incident_id
    if every:
        yield from sorted(sealed.ends.keys() - seen)


def _records(sealed: Seals | None) -> Iterator[str]:
    """What does not hold of who looked up or erased whose data."""
    what = "who looked up or erased whose data"
    kept = list(records())
    if seq := privacy.first_broken(kept):
        yield f"{what}: record {seq} does not hold"
    if sealed:
        links = {each.record.seq: (each.record.at, each.record.hash) for each in kept}
        for seq, why in sealed.against_records(links):
            yield f"{what}: record {seq} {why}"


def incident_ids() -> Iterator[str]:
    """Every incident that has any item, once, page by page of a scan; one whose own item is gone is not passed over."""
    previous, whole = "", False
    # A collection's items follow each other in a scan; should one be torn apart, its parts are looked at by themselves.
    for item in IncidentItem.scan(attributes_to_get=["pk", "sk"], consistent_read=True):
        if not item.pk.startswith("I#"):
            continue
        if item.pk != previous:
            if previous and not whole and not _exists(previous):
                yield previous[2:]
            previous, whole = item.pk, False
        if item.sk == "#":
            whole = True
            yield item.pk[2:]
    if previous and not whole and not _exists(previous):
        yield previous[2:]


def _exists(pk: str) -> bool:
    return IncidentItem.count(pk, IncidentItem.sk == "#", consistent_read=True) > 0


def verify(incident_id: str, sealed: Seals | None = None) -> tuple[int, list[Finding]]:
    """The number of an incident's events, and what does not hold: the links first, then what may follow from them."""
    for _ in range(TRIES):
        kept = read(incident_id)
        findings = [*_check(kept), *(_against(kept, sealed) if sealed else ())]
        # A long incident is read in several pages: what changed meanwhile would look broken.
        if not findings or _version(incident_id) == kept.version:
            break
    return len(kept.events), findings


def _against(kept: Kept, sealed: Seals) -> Iterator[Finding]:
    by_seq = {int(sk[1:]): event for sk, event in kept.events.items()}
    links = {seq: (event.recorded_at, event.hash) for seq, event in by_seq.items()}
    for seq, why in sealed.against(kept.id, links):
        type_ = by_seq[seq].type if seq in by_seq else ""
        yield Finding(incident_id=kept.id, seq=seq, type=type_, why=why)


def _version(incident_id: str) -> int:
    found = IncidentItem.query(pk_of(incident_id), IncidentItem.sk == "#", consistent_read=True)
    return next((int(item.v) for item in found), 0)


def read(incident_id: str) -> Kept:
    """An incident's items, each read by itself so that a spoilt one does not hide the others."""
    kept = Kept(id=incident_id)
    for item in IncidentItem.query(pk_of(incident_id), consistent_read=True):
        if item.sk == "#":
            kept.version = int(item.v)
        seq = int(item.sk[1:]) if SEQ.fullmatch(item.sk) else 0
        try:
            value = decode(item)
            if isinstance(value, Event) and not seq:
                raise ValueError("its key is no place in a chain")
        except (ValueError, KeyError) as error:
            why = f"{item.sk} cannot be read: {error}"
            kept.unreadable.append(Finding(incident_id=incident_id, seq=seq, type="", why=why))
            continue
        if isinstance(value, Incident):
            kept.incident = value
        elif isinstance(value, Event):
            kept.events[item.sk] = value
        else:
            kept_of(kept, value)[item.sk.partition("#")[2]] = value
    return kept


def kept_of(kept: Kept, value: Any) -> dict[str, Any]:
    """Where an item of this type is kept."""
    places: dict[type, dict[str, Any]] = {
        Assignment: kept.assignments,
        Call: kept.calls,
        Note: kept.notes,
        Page: kept.pages,
        PlanAnswer: kept.answers,
    }
    return places[type(value)]


def _check(kept: Kept) -> Iterator[Finding]:
    links = [*kept.unreadable, *_chain(kept, kept.incident)] if kept.incident else kept.unreadable
    yield from sorted(links, key=_by_seq)
    if kept.incident is None:
        if not any(not finding.seq for finding in kept.unreadable):
            there = any((kept.assignments, kept.calls, kept.notes, kept.pages, kept.events))
            why = "its own item is missing, others are there" if there else "there is no such incident"
            yield Finding(incident_id=kept.id, seq=0, type="", why=why)
        return
    trail = Trail(kept)
    for event in kept.events.values():
        trail.follow(event)
    trail.compare(kept.incident)
    yield from sorted(trail.findings, key=_by_seq)
    if not links and not trail.findings and not _counted(kept.incident, kept.assignments):
        yield Finding(incident_id=kept.id, seq=0, type="", why="what reports count of it is not what it says")


def _counted(incident: Incident, assignments: Mapping[str, Assignment]) -> bool:
    """Whether reports count what stands in an ended incident, and nothing of an open one."""
    expected = derive(incident, assignments.values(), HOURS) if incident.status != "open" else None
    try:
        return facts.of_incident(local_day(incident.opened_at, HOURS), incident.id) == expected
    except ValueError:
        return False


def _by_seq(finding: Finding) -> tuple[bool, int]:
    return finding.seq == 0, finding.seq


def _chain(kept: Kept, incident: Incident) -> Iterator[Finding]:
    inside = [event for sk, event in kept.events.items() if sk <= event_key(incident.seq)]
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


if __name__ == "__main__":
    sys.exit(main())
