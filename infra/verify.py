"""Walks the audit trail of every incident and names the first broken link: `python -m infra.verify`.

Checked are each chain (RFC 8785 hashes, order, end), what stands beside it against the digests in it, or that it is gone
where an event says that it was erased and nowhere else, the incident, its assignments and its pages against what the events say, what reports count
against the incidents and the incidents against the lists in which they must stand. What could not be checked is named.

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
from chalicelib.domain.times import local_day, plus
from chalicelib.models import facts, heartbeats
from chalicelib.models.incidents import decode, event_key, incident_item, pk_of
from chalicelib.models.privacy import records
from chalicelib.models.tables import IncidentItem
from chalicelib.services import privacy, sealing
from chalicelib.services.timeline import first_broken
from infra import seals
from infra.local.stack import Stack, StackError
from infra.seals import Seals
from infra.table import Place, Table, listed, loose_calls, stray_facts
from infra.trail import Finding, Kept, Trail

TRIES = 5
NONE = (0, "")
# Sealing is hourly, ten minutes behind the clock; three hours are what the alarm waits as well.
SEALED_WITHIN_S = 3 * 3600
HOURS = int(os.environ.get("UTC_OFFSET_HOURS", "7"))
SEQ = re.compile(r"~[0-9]{8}")


def main(arguments: list[str] | None = None) -> int:
    """Print what is broken, what could not be checked, and the counts.

    0 if all holds, 1 if something is broken, 2 if it could not be looked at or there was nothing to look at.
    """
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
        return walk(chosen.incident, chosen.all, place, seals_expected=chosen.embedded)
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


def walk(one: str | None, name_all: bool, place: str | None, *, seals_expected: bool = False) -> int:
    """Walk one incident, or the whole table, against the seals in a place; the exit code, as `main` has it.

    `seals_expected`: the stack seals by itself, so that having no seal at all after some hours is a break.
    """
    began = time.monotonic()
    walked = _Walk(name_all, _sealed(place) if place else None, seals_expected or place is not None)
    if one is None:
        walked.everything()
    else:
        walked.incident(one)
    return walked.end(time.monotonic() - began)


class _Walk:
    """What was looked at so far, what of it is broken, and what could not be checked."""

    def __init__(self, name_all: bool, sealed: Seals | None, seals_expected: bool) -> None:
        self._name_all = name_all
        self._sealed = sealed
        self._seals_expected = seals_expected
        self._incidents = self._events = self._records = self._facts = self._broken = 0
        self._calls = 0
        self._unchecked: list[str] = []
        # Where the facts stand that were compared with their incident.
        self._compared: dict[str, Place | None] = {}
        # Named already: their facts need not be named too.
        self._lost: set[str] = set()
        self._in_no_seal = 0
        self._oldest = self._newest = ""
        self._unsealed_since = ""

    def everything(self) -> None:
        table = Table()
        ids: Iterator[str] = table.incident_ids()
        if self._sealed:
            self._name(self._sealed.findings)
            ids = _with_sealed(ids, self._sealed)
        for incident_id in tqdm(ids, desc="verify", unit=" incidents", disable=None, leave=False):
            self.incident(incident_id)
        self._records_of_looking()
        self._facts = len(table.facts)
        places = [place for place in table.facts if place[1].partition("#")[2] not in self._lost]
        self._name(list(stray_facts(places, self._compared, HOURS)))
        calls = loose_calls(table.days, HOURS)
        self._name(calls.findings)
        self._calls = calls.count
        self._seals_end()
        self._say_unchecked(table)

    def incident(self, incident_id: str) -> None:
        kept, findings = _examine(incident_id, self._sealed)
        self._incidents, self._events = self._incidents + 1, self._events + len(kept.events)
        self._broken += bool(findings)
        if findings and (self._name_all or self._broken == 1):
            _print(findings if self._name_all else findings[:1])
        if kept.incident is None:
            self._lost.add(incident_id)
        self._compared[incident_id] = _place_of_facts(kept)
        self._follow_seals(kept)

    def _follow_seals(self, kept: Kept) -> None:
        """What stands in no seal: behind the last one it must be young, before the first one it is said."""
        last = max(self._sealed.ends.get(kept.id, {}), default=0) if self._sealed else 0
        since = [event.recorded_at for sk, event in kept.events.items() if int(sk[1:]) > last]
        every = [event.recorded_at for event in kept.events.values()]
        self._newest = max([self._newest, *every])
        self._oldest = min([self._oldest or every[0], *every]) if every else self._oldest
        until = self._sealed.until if self._sealed else ""
        late = [at for at in since if at >= until]
        if late:
            self._unsealed_since = min([self._unsealed_since or late[0], *late])
        self._in_no_seal += bool(self._sealed and not last and len(late) < len(since))

    def _seals_end(self) -> None:
        """Silence of the seals is a break: whoever removes them, and what remembers them, would leave no other trace."""
        if not self._seals_expected:
            return
        if self._sealed and plus(self._oldest or self._sealed.began, SEALED_WITHIN_S) < self._sealed.began:
            self._name(
                [
                    f"events were recorded since {self._oldest}, and the first seal is of {self._sealed.began}: seals before it"
                    " were removed, or nothing was sealed then"
                ]
            )
        if not self._unsealed_since:
            return
        beats = heartbeats.heartbeats(("sweep", "audit", sealing.NAME)).values()
        # Not this machine's clock: a stack that was off for a week could not seal.
        now = max([self._newest, *(each.at for each in beats)])
        if self._unsealed_since < plus(now, -SEALED_WITHIN_S):
            last = f"the last one is of {self._sealed.until}" if self._sealed else "there is none at all"
            self._name(
                [
                    f"what was recorded at {self._unsealed_since} stands in no seal, and {last}: seals were removed, or the"
                    " function that seals has not run (it runs a minute after a start)"
                ]
            )

    def _records_of_looking(self) -> None:
        """Who looked up or erased whose data."""
        what = "who looked up or erased whose data"
        kept = list(records())
        self._records = len(kept)
        found = []
        if seq := privacy.first_broken(kept):
            found.append(f"{what}: record {seq} does not hold")
        if self._sealed:
            links = {each.record.seq: (each.record.at, each.record.hash) for each in kept}
            found += [f"{what}: record {seq} {why}" for seq, why in self._sealed.against_records(links)]
        self._name(found[:1])

    def _say_unchecked(self, table: Table) -> None:
        if not self._sealed:
            self._unchecked.append(
                "without seals a chain that was rewritten whole, and an incident deleted with all its items, cannot be told"
            )
        if self._in_no_seal:
            self._unchecked.append(
                f"{_counted_noun(self._in_no_seal, 'incident')} ended before the first seal and stands in no seal"
            )
        if self._calls:
            self._unchecked.append(
                f"{_counted_noun(self._calls, 'call')} outside incidents: no chain holds what they say"
            )
        for kind, number in sorted(table.unknown.items()):
            self._unchecked.append(
                f"{_counted_noun(number, 'item')} of a kind that this release does not know: {kind}#"
            )
        self._unchecked.append("the registry (people, plans, targets, shifts): no chain holds it")

    def _name(self, findings: Sequence[str]) -> None:
        first = not self._broken
        self._broken += len(findings)
        if findings and (self._name_all or first):
            _print(findings if self._name_all else findings[:1])

    def end(self, seconds: float) -> int:
        """Say what came out."""
        if not (self._incidents or self._records or self._facts or self._calls or self._broken):
            print("There is no incident and no record: nothing was checked.")
            return 2
        for each in self._unchecked:
            tqdm.write(f"? not checked: {each}")
        against = f", {self._sealed.count} seals" if self._sealed else ""
        print(
            f"{self._incidents} incidents, {self._events} events, {self._facts} in reports, {self._records} records of looking"
            f"{against}, {self._broken} broken ({seconds:.1f} s)"
        )
        return 1 if self._broken else 0


def _print(findings: Sequence[object]) -> None:
    for finding in findings:
        tqdm.write(f"! {finding}")


def _counted_noun(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _with_sealed(found: Iterator[str], sealed: Seals) -> Iterator[str]:
    """The incidents in the table, then those that only seals still know."""
    seen = set()
    for incident_id in found:
        seen.add(incident_id)
        yield incident_id
    yield from sorted(sealed.ends.keys() - seen)


def _place_of_facts(kept: Kept) -> Place | None:
    """Where the facts of an ended incident stand, None for one that reports do not count."""
    incident = kept.incident
    if incident is None or incident.status == "open" or incident.drill:
        return None
    place = facts.facts_key(local_day(incident.opened_at, HOURS), incident.id)
    return place.pk, place.sk


def verify(incident_id: str, sealed: Seals | None = None) -> tuple[int, list[Finding]]:
    """The number of an incident's events, and what does not hold."""
    kept, findings = _examine(incident_id, sealed)
    return len(kept.events), findings


def _examine(incident_id: str, sealed: Seals | None) -> tuple[Kept, list[Finding]]:
    """An incident as it was read, and what does not hold: the links first, then what may follow from them."""
    for _ in range(TRIES):
        kept = read(incident_id)
        findings = [*_check(kept), *(_against(kept, sealed) if sealed else ())]
        # A long incident is read in several pages: what changed meanwhile would look broken.
        if not findings or _version(incident_id) == kept.version:
            break
    return kept, findings


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
    own = IncidentItem()
    for item in IncidentItem.query(pk_of(incident_id), consistent_read=True):
        if item.sk == "#":
            kept.version, own = int(item.v), item
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
    if kept.incident:
        expected = incident_item(kept.incident, kept.version, kept.incident.opened_at, HOURS)
        kept.unlisted = listed(kept.incident, own, expected)
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
    if kept.unlisted:
        yield Finding(incident_id=kept.id, seq=0, type="", why=kept.unlisted)
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
