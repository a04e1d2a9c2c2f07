"""Bringing in past incidents: each row whole or not at all, once however often it is sent, and nobody is paged."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from msgspec import Struct

from ...bootstrap import World
from ...domain import history
from ...domain.assignment import CLOCK_SKEW_S
from ...domain.history import LeftOut, Origin, PastIncident, PastUnit, Told
from ...domain.ids import id_of_row
from ...domain.incident import Incident
from ...domain.registry import Agency, Station, Unit
from ...domain.times import plus
from ...models import incidents, registry_writes, staging, versions
from ...models.change import Change, Stamp
from ...models.conflicts import ConditionFailed
from ...models.registry import Snapshot
from ...models.transactions import LIMIT, Transaction
from ..changes.retrying import GAVE_UP, REGISTRY_CONTENDED, Try, retried
from .staging import write_in_parts

# API Gateway waits 29 s: what is not done by then is sent again.
LONGEST_S = 10.0
# A number that nobody has, since no Indonesian number begins with 0; a retired agency is never rung.
NOBODY = "+62000000000"
# Each with its record; and the counters of all and of the nouns, with their log.
ADDED_AT_ONCE = (LIMIT - 3) // 2


class Row(Struct, frozen=True, kw_only=True):
    """What became of a row. `different`: another text came under its key before and was kept. `busy`: send it again.

    The counts are those of the incident as it stands.
    """

    key: str
    result: Literal["imported", "unchanged", "different", "refused", "busy"]
    incident_id: str | None = None
    calls: int = 0
    assignments: int = 0
    events: int = 0
    left_out: list[LeftOut] = []


class Batch(Struct, frozen=True, kw_only=True):
    """What became of a batch's rows, and which agencies and units the registry has got as retired."""

    rows: list[Row]
    agencies: list[str]
    units: list[str]


def import_incidents(world: World, by: str, source: str, pasts: list[PastIncident]) -> Batch:
    """Write the rows of a batch as closed incidents; each row's answer says what became of it."""
    deadline = world.clock.monotonic() + LONGEST_S
    registry = world.registry.current()
    now = world.clock.now()
    faults = {n: found for n, past in enumerate(pasts) if (found := _faults(registry, past, now))}
    good = [past for n, past in enumerate(pasts) if n not in faults]
    origin = Origin(source, by)
    agencies, units = _agencies_and_units(world, good, origin)
    registry = world.registry.current()
    there = incidents.several(id_of_row(source, past.key) for past in good)
    rows = []
    for n, past in enumerate(pasts):
        found = faults.get(n) or _foreign_units(registry, past)
        if found:
            rows.append(Row(key=past.key, result="refused", left_out=found))
        elif stood := there.get(id_of_row(source, past.key)):
            rows.append(_row(past, stood, _told(world, registry, origin, past)))
        elif world.clock.monotonic() > deadline:
            rows.append(Row(key=past.key, result="busy"))
        else:
            rows.append(_import(world, registry, origin, past))
    return Batch(rows=rows, agencies=agencies, units=units)


def _faults(registry: Snapshot, past: PastIncident, now: str) -> list[LeftOut]:
    """Why a row cannot become an incident at all."""
    found = []
    if past.type not in registry.types:
        found.append(LeftOut(field="type", reason="unknown incident type"))
    if past.location.district not in registry.districts:
        found.append(LeftOut(field="location.district", reason="unknown district"))
    if past.disposition is not None and past.disposition not in registry.dispositions:
        found.append(LeftOut(field="disposition", reason="unknown disposition"))
    for n, call in enumerate(past.calls):
        if call.received_at > plus(now, CLOCK_SKEW_S):
            found.append(LeftOut(field=f"calls[{n}].received_at", reason="lies in the future"))
    return found


def _foreign_units(registry: Snapshot, past: PastIncident) -> list[LeftOut]:
    return [
        LeftOut(field=f"units[{n}].unit_id", reason="belongs to another agency")
        for n, unit in enumerate(past.units)
        if registry.units[unit.unit_id].agency_id != unit.agency_id
    ]


def _agencies_and_units(
    world: World, pasts: list[PastIncident], origin: Origin
) -> tuple[list[str], list[str]]:
    """Add what the registry does not know, retired, so that nobody is ever sent or rung by it; the ids added."""
    sent = {unit.unit_id: unit for past in reversed(pasts) for unit in reversed(past.units)}
    agencies: list[str] = []
    units: list[str] = []

    def add_some(each: Try) -> bool:
        registry = world.registry.current()
        things = list(_missing(registry, sent.values()))[:ADDED_AT_ONCE]
        if things:
            stamp = versions.Stamp(each.now, origin.by, world.mint.salt, import_id=origin.source)
            items = [(registry_writes.item_of(noun, thing), None) for noun, thing in things]
            registry_writes.write(items, at=registry.at, stamp=stamp)
        agencies.extend(thing.id for noun, thing in things if noun == "agencies")
        units.extend(thing.id for noun, thing in things if noun == "units")
        return bool(things)

    while retried(world, add_some, REGISTRY_CONTENDED, begun=bool(agencies or units)):
        pass
    return sorted(agencies), sorted(units)


def _missing(registry: Snapshot, sent: Iterable[PastUnit]) -> Iterable[tuple[str, Any]]:
    """Agencies and stations before the units that refer to them."""
    new = [unit for unit in sent if unit.unit_id not in registry.units]
    of_agency = {unit.agency_id: unit for unit in new}
    for id_, unit in of_agency.items():
        if id_ not in registry.agencies:
            name = unit.agency or id_
            yield "agencies", Agency(id=id_, name=name, short_name=name[:24], phone=NOBODY, retired=True)
    stations = {each.agency_id: each.id for each in registry.stations.values()}
    for id_ in of_agency.keys() - stations.keys():
        district = next(iter(registry.districts.values()))
        stations[id_] = f"{id_}-import"
        station = Station(
            id=stations[id_],
            agency_id=id_,
            name=f"{id_} (import)",
            district_id=district.id,
            lat=district.lat,
            lng=district.lng,
        )
        yield "stations", station
    for unit in new:
        callsign = unit.callsign or unit.unit_id[:24]
        yield (
            "units",
            Unit(
                id=unit.unit_id,
                agency_id=unit.agency_id,
                station_id=stations[unit.agency_id],
                callsign=callsign,
                name=callsign,
                terrains=["land"],
                retired=True,
            ),
        )


def _told(world: World, registry: Snapshot, origin: Origin, past: PastIncident) -> Told:
    return history.tell(
        past,
        registry.types[past.type],
        origin,
        world.clock.now(),
        world.mint,
        world.settings.utc_offset_hours,
    )


def _import(world: World, registry: Snapshot, origin: Origin, past: PastIncident) -> Row:
    """Write one row; the place that its key gives it decides whether it was there before."""
    told = _told(world, registry, origin, past)
    command = world.mint.id()

    def attempt(each: Try) -> Row:
        transaction = Transaction(show="#")
        stamp = Stamp(now=each.now, actor=origin.by, source="import", command=command)
        change = Change(None, told.decision)
        incident = change.add_to(transaction, stamp, world.settings.utc_offset_hours).incident
        try:
            if len(transaction.puts) <= LIMIT:
                transaction.commit()
                return _row(past, incident, told)
        except ConditionFailed as conflict:
            if there := _stood(incident.id, conflict):
                return _row(past, there, told)
            if staging.read(incident.id) is None:
                return _row(past, None, told)
            # Another text of this row was left half written.
        return _in_parts(world, past, told, transaction, command)

    try:
        return retried(world, attempt)
    except GAVE_UP:
        return Row(key=past.key, result="busy")


def _in_parts(world: World, past: PastIncident, told: Told, whole: Transaction, command: str) -> Row:
    incident = told.decision.incident
    assert incident.imported
    outcome = write_in_parts(world, incident.id, incident.imported.source, command, whole.puts)
    loaded = None if outcome == "busy" else incidents.load(incident.id)
    return _row(past, loaded.incident, told) if loaded else Row(key=past.key, result="busy")


def _stood(incident_id: str, conflict: ConditionFailed) -> Incident | None:
    """What stands in the place of a row; None if it is something else than a past incident."""
    if conflict.stood:
        return incidents.incident_of(conflict.stood)
    loaded = incidents.load(incident_id)
    return loaded.incident if loaded else None


def _row(past: PastIncident, there: Incident | None, told: Told) -> Row:
    """What became of a row, by what stands in its place: our own, of this try or one whose answer was lost, or another."""
    if there is None or there.imported is None:
        taken = LeftOut(field="key", reason="its place in the table is taken; see make verify")
        return Row(key=past.key, result="refused", left_out=[taken])
    own = there.salt == told.decision.incident.salt
    # What retention has erased can no longer be compared.
    same = own or not there.salt or there.imported.digest == history.digest_of(past, there.salt)
    return Row(
        key=past.key,
        result="imported" if own else "unchanged" if same else "different",
        incident_id=there.id,
        calls=there.calls,
        assignments=len(there.crews),
        events=there.seq,
        left_out=told.left_out,
    )
