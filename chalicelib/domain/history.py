"""Past incidents as some logbook recorded them: which of its times can be right, and the trail that follows from them."""

from __future__ import annotations

from typing import NamedTuple

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from . import assignment as machine
from . import callout
from .assignment import CLOCK_SKEW_S, ORDER, Assignment
from .call import Call, Channel, Statement
from .decision import Decision
from .events import Draft, IncidentClosed, UnitAssigned, call_joined, digest, incident_opened
from .facts import derive
from .ids import id_of_row
from .incident import Imported, Incident, Location
from .mint import Mint
from .registry import IncidentType, Terrain
from .times import plus

NEED = "import"


class PastCall(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A call about it; `number` is E.164, a short one or empty, `typed` what stood for it where that says more."""

    received_at: str
    answered_at: str | None = None
    number: str = ""
    channel: Channel = "phone"
    note: str = ""
    typed: str = ""


class PastUnit(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A unit that was sent, with the steps that were recorded; the names serve when the registry does not know it."""

    agency_id: str
    unit_id: str
    agency: str = ""
    callsign: str = ""
    milestones: dict[str, str] = field(default_factory=dict)


class PastIncident(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One row: an incident that is over, the first of its calls being the report."""

    key: str
    type: str
    location: Location
    calls: list[PastCall]
    units: list[PastUnit] = field(default_factory=list)
    priority: int | None = None
    terrain: Terrain | None = None
    narrative: str = ""
    opened_at: str | None = None
    closed_at: str | None = None
    disposition: str | None = None


class LeftOut(Struct, frozen=True, kw_only=True):
    """Something of a row that was not taken over, and why."""

    field: str
    reason: str


class Told(NamedTuple):
    """A row as a decision to write, with the number of its calls and what of it was left out."""

    decision: Decision
    left_out: list[LeftOut]


class Origin(NamedTuple):
    """Of which logbook a row is, and who brings it in."""

    source: str
    by: str


def digest_of(past: PastIncident, salt: str) -> str:
    """By what a row that comes again is known to be the same; fields at their defaults do not count.

    Nor does what stood for a number, which releases before 2026-11-30 did not keep.
    """
    known = replace(past, calls=[replace(each, typed="") for each in past.calls])
    return digest(salt, msgspec.json.encode(known).decode())


def tell(
    past: PastIncident,
    type_: IncidentType,
    origin: Origin,
    now: str,
    mint: Mint,
    utc_offset_hours: int,
) -> Told:
    """The closed incident that a row stands for; its calls must not lie in the future.

    Times in the future or before what they must follow are left out. What is missing stays missing: a unit without a time
    of clearing is cleared without one, and an incident without a time of closing closes at the last time known of it.
    """
    left_out: list[LeftOut] = []
    latest = plus(now, CLOCK_SKEW_S)

    def usable(name: str, at: str | None, earliest: str, what: str) -> str | None:
        if at is None or earliest <= at <= latest:
            return at
        reason = "lies in the future" if at > latest else f"lies before {what}"
        left_out.append(LeftOut(field=name, reason=reason))
        return None

    incident_id = id_of_row(origin.source, past.key)
    in_order = sorted(past.calls, key=lambda call: call.received_at)
    received_at = in_order[0].received_at
    calls = [
        Call(
            id=id_of_row(origin.source, past.key, "call", number),
            number=each.number,
            channel=each.channel,
            kind="emergency",
            received_at=each.received_at,
            answered_at=usable(
                f"calls[{number}].answered_at", each.answered_at, each.received_at, "received_at"
            ),
            taken_by=origin.by,
            incident_id=incident_id,
            note=each.note,
            said=Statement(typed={"number": each.typed}) if each.typed else None,
            salt=mint.salt(),
        )
        for number, each in enumerate(in_order)
    ]
    opened_at = usable("opened_at", past.opened_at, received_at, "the call") or received_at
    crews: list[Assignment] = []
    for number, unit in enumerate(past.units):
        milestones: dict[str, str] = {}
        earliest, what = received_at, "the call"
        for step in ORDER:
            at = usable(f"units[{number}].{step}", unit.milestones.get(step), earliest, what)
            if at:
                milestones[step] = earliest = at
                what = step
        crews.append(_crew(incident_id, id_of_row(origin.source, past.key, "unit", number), unit, milestones))
    known = [opened_at, *(call.received_at for call in calls)]
    last = max([*known, *(at for crew in crews for at in crew.milestones.values())])
    closed_at = usable("closed_at", past.closed_at, last, "the last thing known of it")

    salt = mint.salt()
    incident = Incident(
        id=incident_id,
        type=type_.id,
        category=type_.category,
        priority=past.priority or type_.priority,
        terrain=past.terrain or type_.terrain,
        location=past.location,
        narrative=past.narrative,
        status="open",
        drill=False,
        received_at=received_at,
        answered_at=calls[0].answered_at,
        opened_at=opened_at,
        calls=len(calls),
        salt=salt,
        imported=Imported(source=origin.source, key=past.key, digest=digest_of(past, salt)),
    )
    first = Draft(incident_opened(incident, calls[0], imported_from=origin.source), opened_at)
    between = [(call.received_at, Draft(call_joined(call), call.received_at)) for call in calls[1:]]
    for crew in crews:
        between += _reports(crew, opened_at)
    untimed = [crew.id for crew in crews if "cleared" not in crew.milestones]
    for crew in crews:
        incident = callout.with_crew(incident, crew, max(crew.milestones.values(), default=opened_at))
    incident = replace(
        incident, status="closed", closed_at=closed_at or last, disposition=past.disposition, attention=()
    )
    ending = IncidentClosed(
        disposition=past.disposition, cleared_untimed=tuple(untimed), untimed=closed_at is None
    )
    last_event = Draft(ending, incident.closed_at)
    decision = Decision(
        incident=incident,
        assignments=crews,
        calls=calls,
        drafts=[first, *(draft for _, draft in sorted(between, key=lambda each: each[0])), last_event],
        facts=derive(incident, crews, utc_offset_hours),
    )
    return Told(decision, left_out)


def _crew(incident_id: str, id_: str, unit: PastUnit, milestones: dict[str, str]) -> Assignment:
    return Assignment(
        id=id_,
        incident_id=incident_id,
        agency_id=unit.agency_id,
        unit_id=unit.unit_id,
        callsign=unit.callsign or unit.unit_id,
        need_id=NEED,
        level=1,
        status="cleared",
        milestones=milestones,
    )


def _reports(crew: Assignment, opened_at: str) -> list[tuple[str, Draft]]:
    """The events of a crew with their times, in their order; one that nobody recorded as sent is `untimed`."""
    steps = [(step, at) for step, at in crew.milestones.items() if step != "requested"]
    sent_at = crew.milestones.get("requested")
    assigned = UnitAssigned(
        assignment=crew.id,
        agency=crew.agency_id,
        unit=crew.unit_id,
        need=crew.need_id,
        level=crew.level,
        people=(),
        reasons=(),
        because="import",
        untimed=sent_at is None,
    )
    at = sent_at or min([opened_at, *(at for _, at in steps)])
    found = [(at, Draft(assigned, at))]
    before = replace(crew, status="requested")
    for step, at in steps:
        taken = machine.Step(step, "", at)  # type: ignore[arg-type]
        found.append((at, machine.event(before, crew, taken)))
        before = replace(before, status=step)
    return found
