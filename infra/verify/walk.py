"""Walks the audit trail of every incident and names the first broken link: `python -m infra.verify`.

Checked are each chain (RFC 8785 hashes, order, end), what stands beside it against the digests in it, or that it is gone
where an event says that it was erased and nowhere else, the incident, its assignments and its pages against what the events say, what reports count
against the incidents and the incidents against the lists in which they must stand; and every version of the registry's things (registry.py).
What could not be checked is named.

A chain shows tampering by whoever cannot also write all of it anew: somebody who recomputes every hash and the head, or
deletes an incident with all its items, leaves no trace here. With `--seals` each chain is also held against the heads that
were sealed each hour where they cannot reach, and the seals against each other.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence

from botocore.exceptions import BotoCoreError
from pynamodb.exceptions import PynamoDBException
from tqdm import tqdm

from chalicelib.domain import chain
from chalicelib.domain.times import local_day, parse, plus, render
from chalicelib.domain.whole import Whole
from chalicelib.models import facts, heartbeats, ring_backs
from chalicelib.models import privacy as records
from chalicelib.models.conflicts import Passing
from chalicelib.models.tables import IncidentItem, RegistryItem
from chalicelib.services.evidence import privacy, sealing
from chalicelib.version import VERSION
from infra.local.stack import Stack, StackError
from infra.verify import registry, seals
from infra.verify.incident import examine, unfinished_import
from infra.verify.seals import SEALED_WITHIN_S, Seals
from infra.verify.table import HOURS, Place, Table, loose_calls, stray_facts

NONE = (0, "")


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
    parser.add_argument(
        "--until",
        metavar="INSTANT",
        type=instant,
        help="what is looked at was restored as of then, with its zone: later seals know more",
    )
    chosen = parser.parse_args(arguments)
    place = chosen.seals
    try:
        if chosen.embedded:
            stack = _find_embedded()
            if stack.seals.is_dir() or _remembered() != NONE:
                place = place or str(stack.seals)
        return walk(
            chosen.incident, chosen.all, place, until=chosen.until or "", seals_expected=chosen.embedded
        )
    except (StackError, seals.PlaceError) as error:
        print(error, file=sys.stderr)
    except (PynamoDBException, BotoCoreError, Passing) as error:
        reason = " ".join(str(error).split())
        print(f"The table {IncidentItem.Meta.table_name} cannot be read: {reason}", file=sys.stderr)
    except heartbeats.Spoilt as error:
        print(f"The table {RegistryItem.Meta.table_name} cannot be trusted: {error}", file=sys.stderr)
    return 2


def _find_embedded() -> Stack:
    stack = Stack.running(Stack.from_env().data)
    stack.clean_environment()
    return stack


def instant(text: str) -> str:
    """An instant as it stands in seals, which are compared by their text; ValueError when it is none or names no zone."""
    return render(parse(text))


def _remembered() -> tuple[int, str]:
    """The last seal as the database has it."""
    last = heartbeats.heartbeats((sealing.NAME,)).get(sealing.NAME)
    return sealing.remembered(last.resume) if last else NONE


def _sealed(place: str, until: str) -> Seals:
    """The seals, read after the database's word of the last one and before the trails, as each only grows meanwhile."""
    remembered = _remembered()
    found = seals.read(place, until)
    found.check_last(*remembered)
    return found


def walk(
    one: str | None, name_all: bool, place: str | None, *, until: str = "", seals_expected: bool = False
) -> int:
    """Walk one incident, or the whole table, against the seals in a place; the exit code, as `main` has it.

    `until`: the table is what stood in it then, and what was sealed later is not asked for.

    `seals_expected`: the stack seals by itself, so that having no seal at all after some hours is a break.
    """
    began = time.monotonic()
    walked = _Walk(name_all, _sealed(place, until) if place else None, seals_expected or place is not None)
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
        self._calls = self._unfinished = self._versions = 0
        self._unchecked: list[str] = []
        # Where the facts stand that were compared with their incident.
        self._compared: dict[str, Place | None] = {}
        # Named already: their facts need not be named too.
        self._lost: set[str] = set()
        # The notices of which some incident's events tell.
        self._told: set[str] = set()
        self._in_no_seal = 0
        self._oldest = self._newest = ""
        self._unsealed_since = ""
        # By its silence, since when what was recorded in it was in no seal.
        self._sealed_late: dict[tuple[str, str], str] = {}

    def everything(self) -> None:
        table = Table()
        ids: Iterator[str] = table.incident_ids()
        if self._sealed:
            self._name(self._sealed.findings)
            ids = _with_sealed(ids, self._sealed)
        for incident_id in tqdm(ids, desc="verify", unit=" incidents", disable=None, leave=False):
            self.incident(incident_id)
        self._records_of_looking()
        self._ring_backs(table.rung_back)
        self._registry()
        self._facts = len(table.facts)
        places = [place for place in table.facts if place[1].partition("#")[2] not in self._lost]
        self._name(list(stray_facts(places, self._compared)))
        self._name([f"no event speaks of notice {each}" for each in sorted(table.notices - self._told)])
        self._name([f"{pk} {sk} stands in a list of incidents and is none" for pk, sk in table.listed])
        calls = loose_calls(table.days)
        self._name(calls.findings)
        self._calls = calls.count
        self._seals_end()
        self._say_unchecked(table)

    def incident(self, incident_id: str) -> None:
        kept, findings = examine(incident_id, self._sealed)
        if kept.importing and unfinished_import(kept, self._sealed):
            self._unfinished += 1
            self._unchecked.append(
                f"{incident_id}: an import that was not finished, from {kept.importing.source}, last written at"
                f" {kept.importing.at}; nobody sees it: run the file again, or it is taken back after a week"
            )
            return
        self._incidents, self._events = self._incidents + 1, self._events + len(kept.events)
        self._broken += bool(findings)
        if findings and (self._name_all or self._broken == 1):
            _print(findings if self._name_all else findings[:1])
        if kept.incident is None:
            self._lost.add(incident_id)
        self._compared[incident_id] = _place_of_facts(kept)
        self._told |= kept.notices.keys()
        self._follow_seals(kept)

    def _follow_seals(self, kept: Whole) -> None:
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
        for began, ended in self._sealed.silences if self._sealed else ():
            if within := [at for at in every if began <= at and plus(at, SEALED_WITHIN_S) < ended]:
                first = self._sealed_late.get((began, ended), ended)
                self._sealed_late[began, ended] = min(first, *within)
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
        kept = list(records.links())
        self._records = len(kept)
        found = []
        if seq := privacy.first_broken(kept):
            found.append(f"{what}: record {seq} does not hold")
        if self._sealed:
            links = {each.record.seq: (each.record.at, each.record.hash) for each, _ in kept}
            found += [f"{what}: record {seq} {why}" for seq, why in self._sealed.against_records(links)]
        self._name(found[:1])

    def _ring_backs(self, days: set[str]) -> None:
        """Who rang the callers of a day's calls outside incidents back, and what came of it."""
        for day in sorted(days | (self._sealed.ring_backs.keys() if self._sealed else set())):
            kept, (end, _) = list(ring_backs.links(day)), ring_backs.head(day)
            found = []
            if broken := chain.first_broken([link for _, link in kept], end.hash, end.seq):
                found.append(f"ringing back on {day}: record {broken[0]} {broken[1]}")
            if self._sealed:
                links = {made.seq: (made.at, made.hash) for made, _ in kept}
                against = self._sealed.against_ring_backs(day, links)
                found += [f"ringing back on {day}: record {seq} {why}" for seq, why in against]
            self._name(found[:1])

    def _registry(self) -> None:
        """Every version of the registry's things."""
        found = registry.check(self._sealed)
        self._versions = found.versions
        self._unchecked += found.unchecked
        self._name(found.findings)

    def _say_unchecked(self, table: Table) -> None:
        if not self._sealed:
            self._unchecked.append(
                "without seals a chain that was rewritten whole, and an incident deleted with all its items, cannot be told"
            )
        if self._in_no_seal:
            self._unchecked.append(
                f"{_counted_noun(self._in_no_seal, 'incident')} ended before the first seal and stands in no seal"
            )
        self._unchecked += [
            f"what was recorded at {since} and after was sealed at {ended} only, as nothing was sealed before, or seals were"
            " removed: until then it could be changed without a trace"
            for (_, ended), since in sorted(self._sealed_late.items())
        ]
        if self._calls:
            self._unchecked.append(
                f"{_counted_noun(self._calls, 'call')} outside incidents: no chain holds what they say"
            )
        for kind, number in sorted(table.unknown.items()):
            self._unchecked.append(
                f"{_counted_noun(number, 'item')} of a kind that this release does not know: {kind}#"
            )
        if self._incidents:
            self._unchecked.append(
                "how pages were delivered and answered, what plans answered, names and callsigns as they were: no event holds them"
            )

    def _name(self, findings: Sequence[str]) -> None:
        first = not self._broken
        self._broken += len(findings)
        if findings and (self._name_all or first):
            _print(findings if self._name_all else findings[:1])

    def end(self, seconds: float) -> int:
        """Say what came out."""
        if not (
            self._incidents
            or self._versions
            or self._records
            or self._facts
            or self._calls
            or self._broken
            or self._unfinished
        ):
            print("There is no incident and no record: nothing was checked.")
            return 2
        if self._newest:
            print(f"Events were recorded from {self._oldest} to {self._newest}.")
        for each in self._unchecked:
            tqdm.write(f"? not checked: {each}")
        against = f", {self._sealed.count} seals" if self._sealed else ""
        print(
            f"{self._incidents} incidents, {self._events} events, {self._facts} in reports, {self._records} records of looking,"
            f" {self._versions} versions of the registry{against}, {self._broken} broken (Kentongan {VERSION}, {seconds:.1f} s)"
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


def _place_of_facts(kept: Whole) -> Place | None:
    """Where the facts of an ended incident stand, None for one that reports do not count."""
    incident = kept.incident
    if incident is None or incident.status == "open" or incident.drill:
        return None
    place = facts.facts_key(local_day(incident.opened_at, HOURS), incident.id)
    return place.pk, place.sk
