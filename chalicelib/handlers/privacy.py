"""Personal data: who may see numbers of what is over, what must be kept, and what a person may ask for."""

from __future__ import annotations

from typing import Any

from msgspec import to_builtins

from ..domain.blocking import Block
from ..models import privacy as store
from ..models.incidents import Loaded
from ..models.privacy import Kept
from ..models.registry import Snapshot
from ..services.evidence import legal_hold as holding
from ..services.evidence import privacy
from ..services.evidence.privacy import Erasure, Found
from ..services.registry.phone_numbers import kept_number
from .bodies import CallsBody, EndBody, ReasonBody, SubjectBody
from .http import Api, Context
from .incidents import show
from .views import name_of

api = Api(__name__)


@api.on("POST", "/api/incidents/{incident_id}/reveal", body=EndBody)
def reveal(context: Context, incident_id: str) -> dict[str, Any]:
    """The numbers of an incident's calls and SMS; who asked for them stands in its trail."""
    calls, notes = privacy.reveal(context.world, context.actor, incident_id)
    return {
        "calls": [{"id": each.id, "number": privacy.number_or_typed(each)} for each in calls],
        "notes": [{"id": each.id, "number": each.number} for each in notes],
    }


@api.on("POST", "/api/incidents/{incident_id}/legal-hold", body=ReasonBody)
def hold(context: Context, incident_id: str) -> dict[str, Any]:
    """Put an incident under a legal hold: nothing of it is erased until it is lifted."""
    holding.place(context.world, context.actor, incident_id, context.body.reason)
    return show(context, incident_id)


@api.on("POST", "/api/incidents/{incident_id}/legal-hold/lift", body=ReasonBody)
def lift(context: Context, incident_id: str) -> dict[str, Any]:
    """Lift a legal hold."""
    holding.lift(context.world, context.actor, incident_id, context.body.reason)
    return show(context, incident_id)


@api.on("POST", "/api/privacy/access", body=SubjectBody)
def access(context: Context) -> dict[str, Any]:
    """Everything that is held of a phone number; that it was looked up, by whom and why, is recorded."""
    body: SubjectBody = context.body
    number = kept_number(body.number, "number", context.registry.regency)
    found = privacy.look_up(context.world, context.registry, context.actor, number, body.reason, body.after)
    return _own(found, number, context.registry)


@api.on("POST", "/api/privacy/erasure", body=SubjectBody)
def erase(context: Context) -> Erasure:
    """Erase a caller's own data; what is under a legal hold or still open is kept, and the answer says so."""
    body: SubjectBody = context.body
    number = kept_number(body.number, "number", context.registry.regency)
    return privacy.erase(context.world, context.registry, context.actor, number, body.reason, body.after)


@api.on("POST", "/api/privacy/calls", body=CallsBody)
def calls(context: Context) -> dict[str, Any]:
    """The numbers of a local day's calls without an incident; that somebody looked at them is recorded."""
    body: CallsBody = context.body
    found = privacy.show_day(context.world, context.actor, body.date.isoformat(), body.reason)
    return {
        "calls": [
            {"id": each.id, "number": each.number, "class": each.kind, "received_at": each.received_at}
            | {"note": each.note}
            for each in found
        ]
    }


@api.on("GET", "/api/privacy/records")
def records(context: Context) -> dict[str, Any]:
    """Who looked up or erased whose data, and whether the chain of these records is whole."""
    links = list(store.links())
    broken, kept = privacy.first_broken(links), [each for each, _ in links]
    chain = {"ok": broken is None, "length": len(kept)} | ({"broken_at": broken} if broken else {})
    return {"records": [_record(each, context.registry) for each in kept], "chain": chain}


def _record(kept: Kept, registry: Snapshot) -> dict[str, Any]:
    record = to_builtins(kept.record)
    del record["prev"]
    return {**record, "by_name": name_of(kept.record.by, registry), "reason": kept.reason}


def _own(found: Found, number: str, registry: Snapshot) -> dict[str, Any]:
    return {
        "number": number,
        "calls": [
            *(call for each in found.incidents for call in _calls(each, number)),
            *(
                {**_no_incident(), **{name: getattr(each, name) for name in CALL}, "class": each.kind}
                for each in found.other_calls
            ),
        ],
        "messages": [
            {"incident_id": each.incident.id, "at": note.at, "text": note.text}
            for each in found.incidents
            for note in each.notes
            if note.number == number
        ],
        "pages": [
            {**{name: getattr(page, name) for name in PAGE}, "text": page.body}
            for each in found.incidents
            for page in each.pages.values()
            if page.number == number
        ],
        "mentioned_in": [each.incident.id for each in found.incidents if privacy.mentioned(each, number)],
        "personnel": [to_builtins(each) for each in found.people],
        "shifts": to_builtins(found.shifts),
        "block": _block(found.block),
        "processing": [
            *(
                _step(each.incident.id, event.recorded_at, event.type, event.actor, registry)
                for each in found.incidents
                for event in each.events
            ),
            *(
                _step(None, each.received_at, "CallTaken", each.taken_by, registry)
                for each in found.other_calls
            ),
            *(
                _step(None, each.at, "NumberUnblocked" if each.lifted else "NumberBlocked", each.by, registry)
                for each in found.block_history
            ),
        ],
        "records": [_record(each, registry) for each in found.records],
        "next": found.next,
    }


def _step(incident_id: str | None, at: str, what: str, by: str, registry: Snapshot) -> dict[str, Any]:
    return {"incident_id": incident_id, "at": at, "what": what, "by": name_of(by, registry)}


CALL = ("id", "incident_id", "channel", "received_at", "answered_at", "note", "said")
PAGE = ("incident_id", "kind", "name", "requested_at", "sent_at", "status")


def _no_incident() -> dict[str, Any]:
    texts = dict.fromkeys(("type", "district", "village", "landmark", "narrative"), "")
    return {**texts, "lat": None, "lng": None, "under_legal_hold": False}


def _calls(loaded: Loaded, number: str) -> list[dict[str, Any]]:
    """Somebody's calls; what was written down of an incident is theirs only where nobody else has called."""
    incident = loaded.incident
    alone = {call.number for call in loaded.calls.values() if call.incident_id == incident.id} == {number}
    about: dict[str, Any] = {
        "type": incident.type,
        "district": incident.location.district,
        "village": incident.location.village,
        "under_legal_hold": incident.hold is not None,
    }
    if alone:
        about |= {"narrative": incident.narrative, "landmark": incident.location.landmark}
        about |= {"lat": incident.location.lat, "lng": incident.location.lng}
    return [
        {**_no_incident(), **about, **{name: getattr(each, name) for name in CALL}, "class": each.kind}
        for each in loaded.calls.values()
        if each.number == number
    ]


def _block(block: Block | None) -> dict[str, Any] | None:
    if block is None:
        return None
    return {name: getattr(block, name) for name in ("reason", "at", "until", "times", "lifted_at")}
