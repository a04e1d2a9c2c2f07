"""The registry: each thing's versions from the first to the one that stands, and the logs that name all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import msgspec

from chalicelib.domain import chain
from chalicelib.domain.events import digest
from chalicelib.domain.registry import NOUNS
from chalicelib.domain.retention import DAY_S, LEAST_DAYS
from chalicelib.domain.shapes import from_json
from chalicelib.domain.times import day_after, local_day, plus
from chalicelib.domain.versions import End, Entry, KeptVersion, VersionRecord
from chalicelib.models import counters, versions
from chalicelib.models.registry import BLOCKS, NOUN_PK
from chalicelib.models.tables import RegistryItem
from infra.verify import duty_changes, duty_sheets
from infra.verify.duty_sheets import Sheets
from infra.verify.seals import Links, Seals
from infra.verify.table import HOURS

TRIES = 5
# Where a thing stands: its item's keys.
Key = tuple[str, str]


@dataclass
class Read:
    """The registry as the scan met it: what stands, every thing's records, the logs and where their counters say that they end.

    `unexplained`: how often a release changed something that knows no counter of its kind.
    """

    standing: dict[Key, RegistryItem] = field(default_factory=dict)
    records: dict[Key, list[RegistryItem]] = field(default_factory=dict)
    logs: dict[str, list[RegistryItem]] = field(default_factory=dict)
    ends: dict[str, End] = field(default_factory=dict)
    sheets: Sheets = field(default_factory=Sheets)
    unexplained: int = 0


@dataclass
class Checked:
    """How many versions were looked at, what does not hold, and what nobody can check."""

    versions: int = 0
    findings: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)


def check(sealed: Seals | None) -> Checked:
    """Walk the whole registry, again where somebody changed it meanwhile."""
    for _ in range(TRIES):
        before = counters.read().total
        found = _Walk(_read(), sealed).everything()
        if not found.findings or counters.read().total == before:
            break
    return found


def _read() -> Read:
    kept = Read(unexplained=counters.read().unexplained)
    for item in RegistryItem.scan(consistent_read=True):
        if (item.pk == NOUN_PK and not item.sk.startswith(f"{BLOCKS}#")) or item.pk.startswith(
            counters.SHIFTS
        ):
            kept.standing[item.pk, item.sk] = item
        elif kept.sheets.take(item):
            continue
        elif item.pk.startswith("V#"):
            place = item.pk[2:], item.sk.rpartition(versions.FIRST)[0]
            kept.records.setdefault(place, []).append(item)
        elif item.pk.startswith(versions.LOGS):
            kept.logs.setdefault(item.pk.removeprefix(versions.LOGS), []).append(item)
        elif item.pk == counters.LIVE and item.sk.startswith(f"{counters.TOTAL}#"):
            kept.ends[item.sk.removeprefix(f"{counters.TOTAL}#")] = End.of(item.head)
    for found in (*kept.records.values(), *kept.logs.values()):
        found.sort(key=lambda item: item.sk)
    return kept


class _Walk:
    """One look at the registry."""

    def __init__(self, kept: Read, sealed: Seals | None) -> None:
        self._kept = kept
        self._sealed = sealed
        self._out = Checked()
        # By hash: under which partition a log names a record, and what it says of it.
        self._named: dict[str, tuple[str, Entry]] = {}
        self._erased: set[str] = set()
        self._gone_days: set[str] = set()
        # By log: from when to when a release before ours changed something, which makes no entries.
        self._older: dict[str, list[tuple[str, str]]] = {}
        self._never = 0

    def everything(self) -> Checked:
        for name in sorted(
            self._kept.logs.keys() | (self._sealed.registry.keys() if self._sealed else set())
        ):
            self._log(name)
        hashes = self._sheets()
        for key in sorted(self._kept.standing.keys() | self._kept.records.keys()):
            hashes |= self._thing(key)
        for hash_, (pk, entry) in self._named.items():
            if hash_ not in hashes and pk not in self._gone_days:
                self._say(
                    f"a record that {entry.by} wrote at {entry.at} is missing: log {counters.log_of(pk)} names it"
                )
        if self._never:
            self._out.unchecked.append(
                f"{self._never} things of the registry as they were first found: a release before wrote them, and no record tells of it"
            )
        return self._out

    def _sheets(self) -> set[str]:
        """Look at the month sheets and the changes to them; the hashes of their records."""
        found = duty_sheets.check(self._kept.sheets)
        changed, hashes = duty_changes.check(self._kept.sheets.changes, self._gone_days)
        found.hashes.update(hashes)
        found.logged.update(hashes)
        for why in (*found.findings, *changed):
            self._say(why)
        for _ in found.logged - self._named.keys():
            self._say("a record of duty stands in no log: it was put there by hand")
        self._out.versions += len(found.hashes)
        return found.hashes

    def _say(self, why: str) -> None:
        self._out.findings.append(f"the registry: {why}")

    def _log(self, name: str) -> None:
        items = self._kept.logs.get(name, [])
        try:
            entries = [msgspec.json.decode(item.doc, type=Entry) for item in items]
        except ValueError as error:
            self._say(f"log {name} cannot be read: {error}")
            return
        end = self._kept.ends.get(name, End())
        older = [
            (before.at, entry.at)
            for before, entry in pairwise(entries)
            if entry.unrecorded or entry.unexplained > before.unexplained
        ]
        if not end.seq and entries:
            # The last that raised the counter was a release before, which drops what it says of the log.
            end = End(entries[-1].seq, entries[-1].hash)
            older.append((entries[-1].at, "~"))
        elif entries and self._kept.unexplained > entries[-1].unexplained:
            older.append((entries[-1].at, "~"))
        self._older[name] = older
        if broken := chain.first_broken([item.doc for item in items], end.hash, end.seq):
            self._say(f"log {name}: entry {broken[0]} {broken[1]}")
        for entry in entries:
            self._erased.update(entry.erased)
            for pk, hashes in entry.records.items():
                self._named.update(dict.fromkeys(hashes, (pk, entry)))
            if entry.day:
                self._day_gone(name, entry)
        if self._sealed:
            links: Links = {entry.seq: (entry.at, entry.hash) for entry in entries}
            for seq, why in self._sealed.against_registry(name, links):
                self._say(f"log {name}: entry {seq} {why}")

    def _day_gone(self, name: str, entry: Entry) -> None:
        day = entry.day.rpartition("#")[2]
        if counters.log_of(entry.day) != name or day > local_day(plus(entry.at, -LEAST_DAYS * DAY_S), HOURS):
            self._say(f"log {name}: entry {entry.seq} erased {entry.day} before its time")
            return
        self._gone_days.add(entry.day)
        self._gone_days.add(entry.day.replace(counters.SHIFTS, counters.FROZEN, 1))
        agency_id, _, day = entry.day.removeprefix(counters.SHIFTS).rpartition("#")
        if day_after(day)[:7] != day[:7]:
            # A month's sheet goes with its last day.
            self._gone_days.add(f"{counters.SHEET_RECORDS}{agency_id}#{day[:7]}")
            self._gone_days.add(f"{counters.CHANGE_RECORDS}{agency_id}#{day[:7]}")

    def _thing(self, key: Key) -> set[str]:
        """Look at one thing; its records' hashes."""
        item, items = self._kept.standing.get(key), self._kept.records.get(key, [])
        name = _name(key)
        if not items:
            if item is not None and item.head:
                self._say(f"{name} has no records, and says that it has")
            self._never += 1
            return set()
        try:
            links = [versions.read_link(each) for each in items]
        except ValueError as error:
            self._say(f"{name}: its records cannot be read: {error}")
            return set()
        kept, told = [each for each, _ in links], [link for _, link in links]
        self._out.versions += len(kept)
        end = End.of(item.head) if item is not None and item.head else _end(kept[-1].record)
        if broken := chain.first_broken(told, end.hash, end.seq):
            self._say(f"{name}: record {broken[0]} {broken[1]}")
        for why in (*self._records(key, kept), *self._gaps(name, kept), *self._now(key, item, kept[-1])):
            self._say(f"{name}: {why}" if why else name)
        return {each.record.hash for each in kept}

    def _records(self, key: Key, kept: list[KeptVersion]) -> Iterator[str]:
        values = {each.record.version: each for each in kept}
        for each in kept:
            record = each.record
            if (record.noun, record.id) != _named_by(key):
                yield f"record {record.seq} tells of {record.noun}/{record.id}"
            if not each.holds:
                yield f"what stands beside record {record.seq} is not what it was"
            if each.erased and record.hash not in self._erased:
                yield f"what stood beside record {record.seq} is gone, and nothing says that it was erased"
            if (record.change == "removed") != (not record.value):
                yield f"record {record.seq} is no {record.change}"
            source = values.get(record.of or 0)
            if record.of and not each.erased and (source is None or not _same(source, each)):
                yield f"record {record.seq} puts version {record.of} back, and that was another"
            if self._named.get(record.hash, ("", None))[0] != key[0]:
                yield f"record {record.seq} stands in no log: it was put there by hand"

    def _gaps(self, name: str, kept: list[KeptVersion]) -> Iterator[str]:
        before: VersionRecord | None = None
        for each in kept:
            record = each.record
            expected = before.version + 1 if before else 1
            if record.change == "found":
                self._never += before is None
                if before:
                    missing = range(expected, record.version + 1)
                    yield from self._unrecorded(name, _versions(missing), before.at, record.at)
            elif record.version != expected:
                yield f"record {record.seq} is of version {record.version}, and {expected} would follow"
            before = record

    def _unrecorded(self, name: str, what: str, since: str, until: str) -> Iterator[str]:
        """A change without a record: of a release before ours if one ran then, as far as seals know."""
        if self._sealed and not self._sealed.older_ran(since, until):
            yield f"{what} has no record, and no release ran that makes none"
        else:
            self._out.unchecked.append(
                f"the registry: {name}: {what} has no record: a release before wrote it, or somebody by hand"
            )

    def _now(self, key: Key, item: RegistryItem | None, last: KeptVersion) -> Iterator[str]:
        """Whether a thing stands as its last record says."""
        record = last.record
        if item is None:
            if record.change != "removed" and key[0] not in self._gone_days:
                yield from self._gone(key, record)
        elif record.change == "removed":
            yield "stands, and was removed"
        elif int(item.v) > record.version and not item.head:
            missing = range(record.version + 1, int(item.v) + 1)
            # What is newer than all that was sealed, no seal can say who ran then.
            yield from self._unrecorded(_name(key), _versions(missing), record.at, "~")
        elif int(item.v) != record.version:
            yield f"is version {item.v}, and its last record is of {record.version}"
        elif End.of(item.head) != _end(record):
            yield "does not name its last record"
        elif not last.erased and digest(last.salt, item.doc) != record.value:
            yield f"is not what record {record.seq} says: it was changed by hand"
        elif last.erased:
            yield "stands, and its last record is erased"

    def _gone(self, key: Key, last: VersionRecord) -> Iterator[str]:
        """Of what is gone without a record; a release before ours may have removed it, if one has changed anything since."""
        older = [until for _, until in self._older.get(counters.log_of(key[0]), ()) if until > last.at]
        if older:
            yield from self._unrecorded(_name(key), "its removal", last.at, older[-1])
        else:
            yield "is gone, and no record says that it was removed"


def _same(source: KeptVersion, again: KeptVersion) -> bool:
    """Whether a version says what an earlier one did; a release that knows more fields writes it in more words."""
    if source.value in ("", again.value):
        return True
    type_ = NOUNS.get(again.record.noun)
    try:
        return type_ is not None and from_json(source.value, type_) == from_json(again.value, type_)
    except ValueError:
        return False


def _versions(missing: Iterable[int]) -> str:
    return f"version {', '.join(map(str, missing))}"


def _end(record: VersionRecord) -> End:
    return End(record.seq, record.hash)


def _named_by(key: Key) -> tuple[str, str]:
    noun, _, id_ = key[1].partition("#")
    return (noun, id_) if key[0] == NOUN_PK else ("shifts", key[1])


def _name(key: Key) -> str:
    return "/".join(_named_by(key)) + ("" if key[0] == NOUN_PK else f" of {key[0].partition('#')[2]}")
