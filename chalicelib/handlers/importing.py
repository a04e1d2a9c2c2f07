"""Past incidents that come in by batches of a logbook's rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import to_builtins

from ..domain.history import LeftOut, PastCall, PastIncident, PastUnit
from ..domain.incident import Location
from ..domain.portions import UNITS_MOST
from ..domain.registry import Regency
from ..errors import Invalid
from ..faults import Fault
from ..services.registry.phone_numbers import read_number
from ..services.response import importing
from ..services.response.importing import Batch
from .bodies.importing import ImportBody, MilestonesBody, PastCallBody, PastIncidentBody
from .http import Answers, Api, Context, Takes
from .reading import coordinates, instant

api = Api(__name__)
LARGEST = 512 * 1024
YEARS = range(1970, 2100)
# Bounds in the described types would have every generator of requests make lists of lists that long.
ROWS_MOST = 50
CALLS_MOST = 20


@api.on("POST", "/api/import/incidents", takes=Takes(ImportBody, largest=LARGEST), answers=Answers(Batch))
def import_incidents(context: Context) -> dict[str, Any]:
    """Bring in past incidents with their times, without a page; a row that comes again changes nothing."""
    body: ImportBody = context.body
    _bounded(body.rows, ROWS_MOST, "rows")
    for n, row in enumerate(body.rows):
        _bounded(row.calls, CALLS_MOST, f"rows[{n}].calls")
        _bounded(row.units, UNITS_MOST, f"rows[{n}].units")
    strange: dict[int, list[LeftOut]] = {}
    regency = context.registry.regency
    pasts = [_past(row, n, regency, strange.setdefault(n, [])) for n, row in enumerate(body.rows)]
    keys = [past.key for past in pasts]
    twice = next((n for n, key in enumerate(keys) if key in keys[:n]), None)
    if twice is not None:
        raise Invalid("a key stands twice in the batch", Fault(f"rows[{twice}].key", "twice"))
    batch: dict[str, Any] = to_builtins(
        importing.import_incidents(context.world, context.actor.id, body.source, pasts)
    )
    for n, row in enumerate(batch["rows"]):
        row["left_out"] += to_builtins(strange[n])
    return batch


def _bounded(values: Sequence[object], most: int, path: str) -> None:
    if len(values) > most:
        raise Invalid("a list is too long", Fault(path, "too_many", {"most": str(most)}))


def _past(row: PastIncidentBody, n: int, regency: Regency, strange: list[LeftOut]) -> PastIncident:
    at = f"rows[{n}]."
    place = row.location
    coordinates(place.lat, place.lng, f"{at}location.")
    return PastIncident(
        key=row.key,
        type=row.type,
        location=Location(
            district=place.district,
            village=place.village,
            landmark=place.landmark,
            lat=place.lat,
            lng=place.lng,
        ),
        calls=[
            _call(call, f"{at}calls[{c}].", f"calls[{c}]", regency, strange)
            for c, call in enumerate(row.calls)
        ],
        units=[
            PastUnit(
                agency_id=unit.agency_id,
                unit_id=unit.unit_id,
                agency=unit.agency or "",
                callsign=unit.callsign,
                milestones=_milestones(unit.milestones, f"{at}units[{u}].milestones."),
            )
            for u, unit in enumerate(row.units)
        ],
        priority=row.priority,
        terrain=row.terrain,
        narrative=row.narrative,
        opened_at=_maybe(row.opened_at, f"{at}opened_at"),
        closed_at=_maybe(row.closed_at, f"{at}closed_at"),
        disposition=row.disposition,
    )


def _call(call: PastCallBody, at: str, name: str, regency: Regency, strange: list[LeftOut]) -> PastCall:
    number = read_number(call.number, regency)
    if number.kind == "unread":
        # An old note in place of a number is no reason to lose the incident.
        strange.append(LeftOut(field=f"{name}.number", reason="is no phone number"))
    return PastCall(
        received_at=_moment(call.received_at, f"{at}received_at"),
        answered_at=_maybe(call.answered_at, f"{at}answered_at"),
        number=number.known,
        channel=call.channel,
        note=call.note,
        typed=number.typed if number.says_more else "",
    )


def _milestones(given: MilestonesBody, at: str) -> dict[str, str]:
    found = {step: _maybe(getattr(given, step), f"{at}{step}") for step in MilestonesBody.__struct_fields__}
    return {step: moment for step, moment in found.items() if moment}


def _maybe(moment: datetime | None, path: str) -> str | None:
    return _moment(moment, path) if moment else None


def _moment(moment: datetime, path: str) -> str:
    found = instant(moment, path)
    if int(found[:4]) not in YEARS:
        raise Invalid("a time is out of range", Fault(path, "out_of_range"))
    return found
