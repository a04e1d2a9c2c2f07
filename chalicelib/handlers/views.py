"""What the routes answer: plain JSON values, with what the reader may not see left out."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from msgspec import Struct, to_builtins
from msgspec.structs import asdict, replace

from ..domain import bounds, clocks, ids
from ..domain.assignment import active
from ..domain.blocking import Block, stands
from ..domain.coming import coming
from ..domain.dispatch import Answer
from ..domain.events import (
    DispatchShortfall,
    OfAssignment,
    PagesRequested,
    PagesSettled,
    PersonalDataErased,
    UnitsBeingOrdered,
    Unknown,
)
from ..domain.incident import Assignment, Call, Incident, LegalHold, Note, Page
from ..domain.nearby import Nearby
from ..domain.portions import being_called_off
from ..domain.registry import Account
from ..models.incidents import Loaded
from ..models.registry import Snapshot
from ..services.abuse.blocking import Counts
from ..services.evidence.timeline import chain_of
from ..services.response.intake import Taken
from .access import SEES_NUMBERS, bound_agency

SEALS = {"salt"}
# What names parts of other agencies, may do so, or is not an agency's business.
REGENCY_EVENTS = (
    DispatchShortfall,
    PagesRequested,
    PagesSettled,
    PersonalDataErased,
    UnitsBeingOrdered,
    Unknown,
)


def plain(value: Struct, *without: str) -> dict[str, Any]:
    """A struct's fields as the answer's, without its salt and those named; what they hold is encoded with the answer."""
    return {k: v for k, v in asdict(value).items() if k not in SEALS and k not in without}


def mask(number: str, account: Account, *, needed: bool = True) -> str:
    """A number in full for the desk as long as it is needed, its end alone otherwise and for everybody else."""
    return number if (account.role in SEES_NUMBERS and needed) or not number else f"…{number[-3:]}"


def summary(incident: Incident, account: Account, now: str) -> dict[str, Any]:
    """An incident as the board shows it; an agency sees its own crews and what concerns them, and not who else comes."""
    own = bound_agency(account)
    kept_back = (
        "location",
        "plan",
        "unpaged",
        "owed",
        "unfinished_since",
        "note_count",
        "seq",
        "head",
        "paging_drill",
        "imported",
        "hold",
        "reopened_at",
        "reopened",
    )
    shown = plain(incident, *kept_back, "erased", "crews", "attention")
    crews = [crew for crew in incident.crews if own in (None, crew.agency_id)]
    known = {crew.id for crew in crews}
    attention = [mark for mark in incident.attention if own is None or mark.detail in known]
    return {
        **shown,
        **asdict(incident.location),
        "label": ids.label(incident.id),
        "crews": crews,
        "attention": attention,
        "large": incident.seq if incident.status == "open" and bounds.large(incident) else 0,
        "coming": coming(incident, now) if own is None else None,
        "being_ordered": _being_ordered(incident),
    }


def _being_ordered(incident: Incident) -> dict[str, int]:
    """How much is decided of an incident and not yet in it; figures alone, which are no agency's secret."""
    called_off = sum(active(crew.status) for crew in incident.crews) if being_called_off(incident) else 0
    return {
        "units": sum(each.units for each in incident.owed),
        "pages": len(incident.unpaged),
        "crews_to_call_off": called_off,
    }


def board(incidents: list[Incident], account: Account, now: str) -> dict[str, Any]:
    """The incidents that an account may see."""
    return {
        "incidents": [summary(each, account, now) for each in incidents if may_see(each, account)],
        "now": now,
    }


def may_see(incident: Incident, account: Account) -> bool:
    """An agency sees the incidents that it is or was sent to."""
    own = bound_agency(account)
    return own is None or any(crew.agency_id == own for crew in incident.crews)


def detail(whole: Loaded, registry: Snapshot, account: Account, now: str) -> dict[str, Any]:
    """One incident with everything about it that the account may see."""
    incident, own = whole.incident, bound_agency(account)
    assignments = [each for each in whole.assignments.values() if own in (None, each.agency_id)]
    foreign = whole.assignments.keys() - {each.id for each in assignments}
    under_way = incident.status == "open"
    return {
        **summary(incident, account, now),
        "version": incident.seq,
        "plan": _plan(whole) if own is None else {},
        "hold": _hold(incident.hold, registry),
        "erased": incident.erased,
        "calls_list": [
            call(each, account, needed=under_way)
            for each in whole.calls.values()
            if each.incident_id == incident.id
        ],
        "assignments": [assignment(each, incident) for each in assignments],
        "pages": [page(each, account) for each in whole.pages.values() if own in (None, each.agency_id)],
        "notes": [
            _note(each, account, registry, needed=under_way)
            for each in whole.notes
            if each.assignment_id not in foreign
        ],
        "timeline": _timeline(whole, registry, foreign, whole_regency=own is None),
        "clocks": clocks.incident_clocks(incident, assignments),
        "chain": chain_of(whole),
    }


def _plan(whole: Loaded) -> dict[str, Any]:
    """Plan and policy with what the plan answered, level by level."""
    answers = sorted(whole.answers, key=lambda each: each.level)
    # Incidents of earlier versions hold their answers themselves.
    earlier = whole.incident.plan.get("answers", [])
    return {**whole.incident.plan, "answers": [*earlier, *(each.answer for each in answers)]}


def _hold(value: LegalHold | None, registry: Snapshot) -> dict[str, Any] | None:
    return {**to_builtins(value), "by_name": name_of(value.by, registry)} if value else None


def _note(value: Note, account: Account, registry: Snapshot, *, needed: bool) -> dict[str, Any]:
    number = mask(value.number, account, needed=needed)
    by_name = name_of(value.by, registry)
    return {**plain(value), "number": number, "by_name": by_name, "erased": not value.salt}


def _timeline(
    whole: Loaded, registry: Snapshot, foreign: Set[str], *, whole_regency: bool
) -> list[dict[str, Any]]:
    """The events, without those about other agencies' assignments and without their ids in the rest."""
    entries = []
    for event in whole.events:
        content = event.content
        if isinstance(content, OfAssignment) and content.assignment in foreign:
            continue
        if isinstance(content, REGENCY_EVENTS) and not whole_regency:
            continue
        shown = plain(event, "incident_id", "prev", "command")
        # As it is stored, with what only a later release knows.
        shown["data"] = {name: _without(value, foreign) for name, value in event.data.items()}
        entries.append({**shown, "actor_name": name_of(event.actor, registry)})
    return entries


def _without(value: Any, foreign: Set[str]) -> Any:
    """A value of an event without ids that the reader may not see, alone, in a list, or behind a colon."""
    if isinstance(value, list):
        return [each for each in value if _without(each, foreign) == each]
    return "" if isinstance(value, str) and value.rpartition(":")[2] in foreign else value


def name_of(actor: str, registry: Snapshot) -> str:
    """Who an opaque actor id is, '' for one that the registry no longer knows."""
    kind, _, rest = actor.partition(":")
    if kind == "person":
        person = registry.people.get(rest)
        return person.name if person else ""
    account = registry.accounts.get(actor)
    return account.name if account else ""


def call(value: Call, account: Account, *, needed: bool) -> dict[str, Any]:
    """A call, with its class under the interface's name."""
    shown = plain(value, "kind", "claimed_at")
    number = mask(value.number, account, needed=needed)
    said = value.said
    if said and "number" in said.typed:
        typed = mask(said.typed["number"], account, needed=needed)
        said = replace(said, typed={**said.typed, "number": typed})
    return {**shown, "class": value.kind, "number": number, "said": said, "erased": not value.salt}


def blocked(value: Block, counts: Counts, registry: Snapshot, account: Account, now: str) -> dict[str, Any]:
    """A blocked number with what came from it since."""
    return {
        **plain(value),
        "number": mask(value.number, account, needed=stands(value, now)),
        "by_name": name_of(value.by, registry),
        "lifted_by_name": name_of(value.lifted_by, registry),
        "active": stands(value, now),
        "calls": to_builtins(counts),
    }


def assignment(value: Assignment, incident: Incident) -> dict[str, Any]:
    """An assignment with its clocks."""
    return {**plain(value), "clocks": clocks.assignment_clocks(incident, value)}


def page(value: Page, account: Account) -> dict[str, Any]:
    """A page; its link and the sender's bookkeeping are nobody's business."""
    hidden = (
        "link",
        "due_at",
        "claimed_at",
        "claim_id",
        "reports",
        "language",
        "demo",
        "bulk",
        "undelivered",
    )
    shown = plain(value, *hidden)
    return {**shown, "number": mask(value.number, account), "erased": not value.salt}


def taken(value: Taken, registry: Snapshot, account: Account, now: str) -> dict[str, Any]:
    """The answer to a logged call."""
    whole = detail(value.loaded, registry, account, now) if value.loaded else None
    return {
        "call": call(value.call, account, needed=True),
        "incident": whole,
        "assignments": whole["assignments"] if whole else [],
        "pages": whole["pages"] if whole else [],
        "nearby": [nearby(each) for each in value.nearby],
    }


def nearby(value: Nearby) -> dict[str, Any]:
    """An open incident that may be the same."""
    incident = value.incident
    return {
        "id": incident.id,
        "label": ids.label(incident.id),
        "type": incident.type,
        "district": incident.location.district,
        "village": incident.location.village,
        "landmark": incident.location.landmark,
        "opened_at": incident.opened_at,
        "distance_km": value.distance_km,
        "calls": incident.calls,
        "drill": incident.drill,
    }


def answer(value: Answer | None, registry: Snapshot) -> dict[str, Any]:
    """A plan's answer in names that a dispatcher knows."""
    if value is None:
        return {"level": 1, "picks": [], "shortfalls": []}
    picks = []
    for pick in value.picks:
        people = [registry.people[person] for person in pick.people]
        picks.append(
            {
                **to_builtins(pick),
                "agency": registry.agencies[pick.agency_id].short_name,
                "unit": registry.units[pick.unit_id].name,
                "people": [{"id": each.id, "name": each.name, "phone": each.phone} for each in people],
            }
        )
    return {"level": value.level, "picks": picks, "shortfalls": to_builtins(value.shortfalls)}
