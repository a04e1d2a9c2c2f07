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
from typing import Any, TypeVar

import msgspec
from botocore.exceptions import BotoCoreError
from msgspec import Struct, field
from pynamodb.exceptions import PynamoDBException
from tqdm import tqdm

from chalicelib.domain import ids
from chalicelib.domain.assignment import EVENT
from chalicelib.domain.events import Event, digest
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

TRIES = 5
NONE = (0, "")
HOURS = int(os.environ.get("UTC_OFFSET_HOURS", "7"))
SEQ = re.compile(r"~[0-9]{8}")
REPORTED = {"PageAcknowledged": "acknowledged", **{type_: status for status, type_ in EVENT.items()}}
ENDED = {
    "IncidentClosed": "closed",
    "DrillEnded": "closed",
    "IncidentCancelled": "cancelled",
    "IncidentReopened": "open",
}
HELD = {"LegalHoldPlaced": True, "LegalHoldLifted": False}
# Which fields of what is kept must be what an event says, under which name there.
OPENED = ("type", "category", "priority", "terrain", "drill", "received_at", "answered_at")
CALL = {"channel": "channel", "received_at": "received_at"}
ASSIGNED = {"agency_id": "agency", "unit_id": "unit", "need_id": "need", "level": "level"}
PAGE = {"kind": "kind", "assignment_id": "assignment", "person_id": "person"}
T = TypeVar("T")


class Finding(Struct, frozen=True, kw_only=True):
    """What does not hold: in which incident, at which event (seq 0: at none), and why."""

    incident_id: str
    seq: int
    type: str
    why: str

    def __str__(self) -> str:
        at = f" seq {self.seq} {self.type}".rstrip() if self.seq else ""
        return f"{self.incident_id} ({ids.label(self.incident_id)}){at}: {self.why}"


class Kept(Struct, kw_only=True):
    """An incident as it stands in the table; events by their place in the sort key."""

    id: str
    version: int = 0
    incident: Incident | None = None
    assignments: dict[str, Assignment] = field(default_factory=dict)
    calls: dict[str, Call] = field(default_factory=dict)
    notes: dict[str, Note] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    answers: dict[str, PlanAnswer] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)
    unreadable: list[Finding] = field(default_factory=list)


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


def _erased_by(event: Event) -> list[str]:
    names = event.data.get("erased") if event.type == "PersonalDataErased" else None
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


class Trail:
    """Goes along an incident's events, and gathers what they say and what beside them contradicts it."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._status = "open"
        self._held = False
        self._units: dict[str, tuple[str, dict[str, str], Event]] = {}
        self._named: dict[str, set[str]] = {"call": set(), "note": set(), "page": set()}
        # Before anything is compared: whatever was erased stands in earlier events.
        self._erased = {name for event in kept.events.values() for name in _erased_by(event)}
        self.findings: list[Finding] = []

    def follow(self, event: Event) -> None:
        """Take one event in; its digests are compared with what they were made of."""
        try:
            self._follow(event)
        except (KeyError, TypeError, AttributeError):
            self._say(event, "its data lack what such an event holds")

    def _follow(self, event: Event) -> None:
        data, type_ = event.data, event.type
        self._status = ENDED.get(type_, self._status)
        self._held = HELD.get(type_, self._held)
        if type_ == "IncidentOpened":
            self._opened(event)
        if "caller" in data:
            call = self._find("call", self._kept.calls, data["call"], event)
            if call:
                self._same(event, f"call {call.id}", call, CALL, data)
                self._compare(event, f"the number of call {call.id}", call, call.number, data["caller"])
                self._compare(event, f"the note of call {call.id}", call, call.note, data["call_note"])
        if "note" in data:
            note = self._find("note", self._kept.notes, data["note"], event)
            if note:
                sealed = data["text"] if type_ in ("NoteAdded", "SmsReplyReceived") else data["reason"]
                self._compare(event, f"the text of note {note.id}", note, note.text, sealed)
        if "reply" in data:
            self._find("note", self._kept.notes, data["reply"], event)
        if type_ == "UnitAssigned":
            # A logbook may not say when a unit was sent.
            milestones = {} if data.get("untimed") else {"requested": event.occurred_at}
            self._units[data["assignment"]] = ("requested", milestones, event)
            if assignment := self._kept.assignments.get(data["assignment"]):
                self._same(event, f"assignment {assignment.id}", assignment, ASSIGNED, data)
        elif type_ == "DrillStarted":
            self._units[data["assignment"]] = ("requested", {"requested": event.occurred_at}, event)
        elif type_ == "DrillEnded":
            self._moved(data["assignment"], "cleared", event)
        elif type_ == "DrillAnswered":
            page = self._find("page", self._kept.pages, data["page"], event)
            if page and page.acknowledged_at != event.recorded_at:
                self._say(event, f"page {page.id}: its answer is not of the time that the event says")
        elif type_ in REPORTED and "from" in data:
            self._moved(data["assignment"], REPORTED[type_], event)
        elif type_ == "AssignmentEscalated":
            _, milestones, _ = self._units[data["assignment"]]
            self._units[data["assignment"]] = (data["status"], milestones, event)
        elif type_ == "IncidentClosed":
            for assignment_id in data.get("cleared_untimed", ()):
                _, milestones, _ = self._units[assignment_id]
                self._units[assignment_id] = ("cleared", milestones, event)
        elif type_ == "IncidentCancelled":
            for assignment_id in data["assignments"]:
                self._moved(assignment_id, "cancelled", event)
        for entry in data.get("pages", ()):
            page = self._find("page", self._kept.pages, entry["page"], event)
            if page and "to" in entry:
                self._same(event, f"page {page.id}", page, PAGE, entry)
                self._compare(event, f"the number of page {page.id}", page, page.number, entry["to"])
            if page and "body" in entry:
                self._compare(event, f"the text of page {page.id}", page, page.body, entry["body"])

    def _opened(self, event: Event) -> None:
        incident = self._kept.incident
        assert incident is not None
        place = incident.location
        self._same(event, "the incident", incident, dict(zip(OPENED, OPENED, strict=True)), event.data)
        self._same(event, "the incident", place, {"district": "district"}, event.data)
        where = f"{place.village}|{place.landmark}|{place.lat}|{place.lng}"
        exactly = "" if (place.landmark, place.lat, place.lng) == ("", None, None) else where
        gone = "narrative" in self._erased
        self._compare(event, "the narrative", incident, incident.narrative, event.data["narrative"])
        self._compare(event, "the place", incident, exactly if gone else where, event.data["place"])

    def _moved(self, assignment_id: str, status: str, event: Event) -> None:
        _, milestones, _ = self._units[assignment_id]
        self._units[assignment_id] = (status, {**milestones, status: event.occurred_at}, event)

    def _find(self, noun: str, kept: dict[str, T], id_: str, event: Event) -> T | None:
        self._named[noun].add(id_)
        if id_ not in kept:
            self._say(event, f"{noun} {id_} is missing")
        return kept.get(id_)

    def _same(
        self, event: Event, what: str, kept: Struct, names: Mapping[str, str], data: Mapping[str, Any]
    ) -> None:
        for name, said in names.items():
            if getattr(kept, name) != data[said]:
                self._say(event, f"{what}: its {name} is not what the event says")

    def _compare(
        self, event: Event, what: str, part: Call | Note | Page | Incident, value: str, sealed: str
    ) -> None:
        """Compare a value with what was sealed, unless an event says that it was erased: then it must be gone."""
        name = "narrative" if isinstance(part, Incident) else f"{type(part).__name__.lower()}:{part.id}"
        if name in self._erased:
            if value or part.salt:
                self._say(event, f"{what} stands there, although its erasure is in the trail")
        elif not part.salt:
            self._say(event, f"{what} is gone, and no event says that it was erased")
        elif digest(part.salt, value) != sealed:
            self._say(event, f"{what} is not what the event sealed")

    def _say(self, event: Event | None, why: str) -> None:
        seq, type_ = (event.seq, event.type) if event else (0, "")
        self.findings.append(Finding(incident_id=self._kept.id, seq=seq, type=type_, why=why))

    def compare(self, incident: Incident) -> None:
        """Find what stands in the state and does not follow from the events, once all of them were followed."""
        if incident.status != self._status:
            self._say(None, f"the incident is {incident.status}, its events say {self._status}")
        if (incident.hold is not None) != self._held:
            self._say(None, "its legal hold does not follow from the events")
        for id_, (status, milestones, event) in self._units.items():
            kept = self._kept.assignments.get(id_)
            if kept is None:
                self._say(event, f"assignment {id_} is missing")
            elif kept.status != status:
                self._say(event, f"assignment {id_} is {kept.status}, its events say {status}")
            elif kept.milestones != milestones:
                differing = sorted(
                    name
                    for name in kept.milestones.keys() | milestones.keys()
                    if kept.milestones.get(name) != milestones.get(name)
                )
                self._say(
                    event, f"assignment {id_}: its events do not say when it was {', '.join(differing)}"
                )
        crews = {crew.id: crew.status for crew in incident.crews}
        if crews != {id_: status for id_, (status, _, _) in self._units.items()}:
            self._say(None, "the crews on the board do not follow from the events")
        for noun, ids_ in (
            ("assignment", self._kept.assignments.keys() - self._units.keys()),
            ("call", self._kept.calls.keys() - self._named["call"]),
            ("note", self._kept.notes.keys() - self._named["note"]),
            ("page", self._kept.pages.keys() - self._named["page"]),
        ):
            for id_ in sorted(ids_):
                self._say(None, f"no event speaks of {noun} {id_}")


if __name__ == "__main__":
    sys.exit(main())
