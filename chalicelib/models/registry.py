"""The registry in DynamoDB, and the copy of it that a process keeps.

Every write to the registry raises the counter of what it changed in the same transaction. A process keeps the whole registry of its
regency (some hundred items) and reads the counters, strongly consistent, with each request: a change is seen by the next request,
a request costs one small read instead of many, and what did not change is not read again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from threading import Lock
from typing import Any

import msgspec
from msgspec.structs import replace

from ..domain import duty
from ..domain import registry as nouns
from ..domain.blocking import Block
from ..domain.duty import Change, Roster, Sheet, Stretch, counting, linked
from ..domain.shapes import from_json
from ..domain.times import between
from . import counters, duty_sheets
from .counters import LIVE, Counters
from .duty_sheets import OfMonth
from .tables import RegistryItem
from .unit_states import States, all_unit_states, states_of

NOUN_PK = "R"


# Blocked numbers stand beside the nouns, so that no call needs a request more to know of them.
BLOCKS = "blocks"


DAYS_KEPT = 500
MONTHS_KEPT = 24


STALE_S = 10


# As long as a transaction may be half seen: milliseconds, or seconds where DynamoDB itself had to take it up again.
HALF_SEEN_S = 10.0


# From so many changed nouns on, one query of them all is quicker than one each.
NOUNS_AT_ONCE = 3


# How long a read of the whole registry is waited for that another thread has begun; it takes some hundredths.
READING_S = 0.5


def shift_pk(agency_id: str, day: str) -> str:
    return f"{counters.SHIFTS}{agency_id}#{day}"


class Snapshot:
    """The registry as of some counters; rosters are read when first asked for."""

    # The units' states when they were read together with the counters, for the first who asks.
    _read_along: States | None = None

    def __init__(self, at: Counters, items: Iterable[RegistryItem]) -> None:
        self.at = at
        self.versions: dict[tuple[str, str], int] = {}
        self._nouns: dict[str, dict[str, Any]] = {noun: {} for noun in nouns.NOUNS}
        self._shifts: dict[tuple[str, str], list[nouns.Shift]] = {}
        self.shift_versions: dict[tuple[str, str], int] = {}
        self._duty: dict[tuple[str, str], list[Stretch]] = {}
        # By month those of all agencies, and which of them may have changed since they were read.
        self._sheets: dict[str, OfMonth] = {}
        self._sheets_moved: set[tuple[str, str]] = set()
        self.blocks: dict[str, Block] = {}
        self._take(items)
        self._name_nouns()

    def _take(self, items: Iterable[RegistryItem]) -> None:
        for item in items:
            noun, _, id_ = item.sk.partition("#")
            if noun == BLOCKS:
                self.blocks[id_] = msgspec.json.decode(item.doc, type=Block)
                self.versions[noun, id_] = int(item.v)
                continue
            # A noun that only a newer release knows is nothing to this one.
            if noun in nouns.NOUNS:
                self._nouns[noun][id_] = from_json(item.doc, nouns.NOUNS[noun])
                self.versions[noun, id_] = int(item.v)

    def _name_nouns(self) -> None:
        self.districts: Mapping[str, nouns.District] = self._nouns["districts"]
        self.agencies: Mapping[str, nouns.Agency] = self._nouns["agencies"]
        self.stations: Mapping[str, nouns.Station] = self._nouns["stations"]
        self.units: Mapping[str, nouns.Unit] = self._nouns["units"]
        self.people: Mapping[str, nouns.Person] = self._nouns["personnel"]
        self.types: Mapping[str, nouns.IncidentType] = self._nouns["incident-types"]
        self.plans: Mapping[str, nouns.ResponsePlan] = self._nouns["response-plans"]
        self.policies: Mapping[str, nouns.EscalationPolicy] = self._nouns["escalation-policies"]
        self.reasons: Mapping[str, nouns.Reason] = self._nouns["reasons"]
        self.dispositions: Mapping[str, nouns.Disposition] = self._nouns["dispositions"]
        self.templates: Mapping[str, nouns.SmsTemplate] = self._nouns["sms-templates"]
        self.texts: Mapping[str, nouns.SmsText] = self._nouns["sms-texts"]
        self.accounts: Mapping[str, nouns.Account] = self._nouns["accounts"]

    @property
    def version(self) -> int:
        """How often anything of the registry changed."""
        return self.at.total

    @property
    def regency(self) -> nouns.Regency:
        return next(iter(self._nouns["regency"].values()), nouns.UNSAID)

    def of(self, noun: str) -> Mapping[str, Any]:
        """All of a noun by id."""
        return self._nouns[noun]

    def gone(self, thing: nouns.Unit | nouns.Person) -> bool:
        """Whether a unit or person is no longer sent: an agency retires with all that it has."""
        agency = self.agencies.get(thing.agency_id)
        return thing.retired or (agency is not None and agency.retired)

    def shifts(self, agency_id: str, day: str) -> list[nouns.Shift]:
        """An agency's shifts that begin on a local day."""
        shifts = self._shifts.get((agency_id, day))
        if shifts is None:
            found = list(RegistryItem.query(shift_pk(agency_id, day), consistent_read=True))
            shifts = [from_json(item.doc, nouns.Shift) for item in found]
            self.shift_versions |= {(item.pk, item.sk): int(item.v) for item in found}
            if len(self._shifts) > DAYS_KEPT:
                self._shifts.clear()
            self._shifts[agency_id, day] = shifts
        return shifts

    def duty(self, agency_id: str, day: str, utc_offset_hours: int) -> list[Stretch]:
        """What of an agency's duty starts on a local day, whatever says so: the one source of who is on duty."""
        found = self._duty.get((agency_id, day))
        if found is None:
            found = duty.of_day(self.roster(agency_id, day, utc_offset_hours), day)
            if len(self._duty) > DAYS_KEPT:
                self._duty.clear()
            self._duty[agency_id, day] = found
        return found

    def roster(self, agency_id: str, day: str, utc_offset_hours: int, asked: Change | None = None) -> Roster:
        """All that an agency's duty on a local day follows from, as if a change that is `asked` for counted already."""
        days: set[str] = set()
        changes: dict[str, Change] = {asked.id: asked} if asked else {}
        while more := linked(counting(changes.values()), day) - days:
            days |= more
            for month in {each[:7] for each in more}:
                changes |= {
                    each.id: each for each in self.changes(agency_id, month) if each.id not in changes
                }
        sheets: dict[str, Sheet] = {}
        older: dict[str, list[nouns.Shift]] = {}
        for each in sorted(days):
            sheet = self.sheet(agency_id, each[:7])
            if sheet and sheet.covers(each):
                sheets[sheet.month] = sheet
            else:
                older[each] = self.shifts(agency_id, each)
        found = duty.from_nouns(self._nouns, agency_id, utc_offset_hours)
        return replace(found, sheets=sheets, older=older, changes=list(changes.values()))

    def sheet(self, agency_id: str, month: str) -> Sheet | None:
        """An agency's sheet of a month, None if none is published; one query knows a month of all agencies."""
        return self._month(agency_id, month).sheets.get(agency_id)

    def changes(self, agency_id: str, month: str) -> list[Change]:
        """The changes of an agency's duty that count and concern a month."""
        return self._month(agency_id, month).changes.get(agency_id, [])

    def _month(self, agency_id: str, month: str) -> OfMonth:
        known = self._sheets.get(month)
        if known is None:
            if len(self._sheets) > MONTHS_KEPT:
                self._sheets.clear()
            known = self._sheets[month] = duty_sheets.of_month(month)
        elif (month, agency_id) in self._sheets_moved:
            sheets, changes = duty_sheets.of_month(month, agency_id)
            known.sheets.update(sheets)
            known.changes[agency_id] = changes.get(agency_id, [])
        self._sheets_moved.discard((month, agency_id))
        return known

    def with_states(self, states: States) -> Snapshot:
        """The same registry for one request, with the units' states that were read along."""
        own = copy(self)
        own._read_along = states
        return own

    def unit_states(self) -> States:
        """Every unit's state, read anew unless this request has just read them; see `all_unit_states`."""
        states, self._read_along = self._read_along, None
        return states or all_unit_states()

    def renewed(self, at: Counters, since: Counters) -> Snapshot:
        """The registry as of these counters: what did not change `since` others is taken over, the rest read."""
        moved = {noun for noun in (*nouns.NOUNS, BLOCKS) if at.nouns.changed_since(noun, since.nouns.v)}
        if at.unexplained != since.unexplained or len(moved) > NOUNS_AT_ONCE:
            new = Snapshot(at, RegistryItem.query(NOUN_PK, consistent_read=True))
        else:
            new = Snapshot(at, ())
            for noun in nouns.NOUNS.keys() - moved:
                new._nouns[noun].update(self._nouns[noun])
            if BLOCKS not in moved:
                new.blocks.update(self.blocks)
            new.versions |= {key: v for key, v in self.versions.items() if key[0] not in moved}
            for noun in sorted(moved):
                new._take(
                    RegistryItem.query(NOUN_PK, RegistryItem.sk.startswith(f"{noun}#"), consistent_read=True)
                )
        if at.unexplained == since.unexplained:
            new._keep_shifts(self, since)
            new._keep_sheets(self, since)
        return new

    def _keep_sheets(self, old: Snapshot, since: Counters) -> None:
        """Take over the sheets, but for those of agencies that have published since, or changed who is on duty."""
        for month, known in list(old._sheets.items()):
            self._sheets[month] = OfMonth(dict(known.sheets), dict(known.changes))
            self._sheets_moved |= {
                (month, agency_id)
                for agency_id, counter in self.at.duty.items()
                if (month, agency_id) in old._sheets_moved
                or counter.changed_since(month, since.of_agency(agency_id).v)
            }

    def _keep_shifts(self, old: Snapshot, since: Counters) -> None:
        """Take over the days on which nobody's duty changed."""
        for (agency_id, day), shifts in list(old._shifts.items()):
            known = since.of_agency(agency_id)
            if not self.at.of_agency(agency_id).changed_since(day, known.v):
                self._shifts[agency_id, day] = shifts
                pk = shift_pk(agency_id, day)
                keys = [(pk, shift.id) for shift in shifts]
                self.shift_versions |= {key: old.shift_versions[key] for key in keys}


class RegistryCache:
    """The process's copy, renewed when a counter has moved, and what was read of it then once more a little later.

    A query may see a transaction's counter and not yet its items (DynamoDB's isolation of Query is read-committed): what it
    missed would stand here until the same noun changes again. `monotonic` are seconds; without it nothing is read twice.
    """

    def __init__(self, monotonic: Callable[[], float] | None = None) -> None:
        self._snapshot: Snapshot | None = None
        self._monotonic = monotonic
        # What may have been read too early, and when it is old enough to be read again.
        self._early: Counters | None = None
        self._again_at = 0.0
        self._looked_at = ""
        self._lock = Lock()

    def current(self) -> Snapshot:
        """The registry as it stands now: one small read, and one more for each noun that changed."""
        return self._as_of(counters.read())

    def lately(self, now: str) -> Snapshot:
        """The registry as it stood 10 s ago or later, for what only names things by it."""
        age = between(self._looked_at, now) if self._looked_at else None
        if self._snapshot is None or age is None or not 0 <= age < STALE_S:
            snapshot, self._looked_at = self.current(), now
            return snapshot
        return self._snapshot

    def current_with_states(self) -> Snapshot:
        """The registry and every unit's state by one query, for requests that decide on both."""
        items = list(RegistryItem.query(LIVE, consistent_read=True))
        states = states_of(item for item in items if item.sk.startswith("unit"))
        return self._as_of(counters.of_items(items)).with_states(states)

    def _known(self) -> Counters | None:
        """Since when all that is read from now on may be read too early; None where nothing is read twice."""
        if not self._monotonic:
            return None
        return self._snapshot.at if self._snapshot else Counters()

    def _as_of(self, at: Counters) -> Snapshot:
        snapshot, now = self._snapshot, self._monotonic() if self._monotonic else 0.0
        if snapshot is not None and snapshot.at == at and not (self._early and now >= self._again_at):
            return snapshot
        # One reads for all that come meanwhile; but where its reading hangs, nobody waits for its patience besides their own.
        alone = self._lock.acquire(timeout=READING_S)
        try:
            snapshot = self._snapshot
            if snapshot is None or snapshot.at != at:
                self._early, self._again_at = self._early or self._known(), now + HALF_SEEN_S
                if snapshot is None:
                    snapshot = Snapshot(at, RegistryItem.query(NOUN_PK, consistent_read=True))
                else:
                    snapshot = snapshot.renewed(at, snapshot.at)
            elif self._early and now >= self._again_at:
                snapshot, self._early = snapshot.renewed(at, self._early), None
            self._snapshot = snapshot
            return snapshot
        finally:
            if alone:
                self._lock.release()
