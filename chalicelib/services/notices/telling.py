"""Word back to a caller, if the desk wishes: one SMS a call, ordered with its event in one transaction."""

from __future__ import annotations

from collections.abc import Iterable

from ...bootstrap import World
from ...domain import bounds
from ...domain.call import Call
from ...domain.decision import Decision
from ...domain.events import CallerNoticeRequested, Draft, digest
from ...domain.incident import Incident
from ...domain.notice import help_comes, word_back
from ...errors import Conflict, NotFound
from ...faults import Fault
from ...models import incidents, notices
from ...models.change import Change
from ...models.registry import Snapshot
from ..changes.writing import Actor, Written, must_dispatch, write
from ..registry.phone_numbers import refused_phone
from .budget import spent


def tell_caller(world: World, registry: Snapshot, actor: Actor, incident_id: str, call_id: str) -> Written:
    """Order the SMS that tells whoever made a call that help is being sent; Conflict says why there is none.

    Costs besides the incident's own read and write a read of the day's count, one of the call's notice, and its item.
    """

    def prepare(now: str) -> Change:
        loaded = must_dispatch(incidents.load(incident_id, calls=[call_id]), incident_id)
        incident, call = loaded.incident, loaded.calls.get(call_id)
        if call is None or call.incident_id != incident_id:
            raise NotFound("no such call", Fault("call_id", "no_call"))
        if notices.read(call_id) is not None:
            raise _no("caller_told")
        if why := _why_not(registry, incident, call):
            raise _no(why)
        if spent(world, now):
            raise _no("notices_spent")
        requested = CallerNoticeRequested(call=call.id, to=digest(call.salt, call.number))
        decision = Decision(
            incident=incident,
            notices=[word_back(call, incident, actor.id, now)],
            drafts=[Draft(requested)],
        )
        return Change(loaded, decision)

    return write(world, actor, prepare)


def may_be_told(registry: Snapshot, incident: Incident, calls: Iterable[Call]) -> list[str]:
    """The calls whose callers may be told now, but for those who were."""
    return [each.id for each in calls if not _why_not(registry, incident, each)]


def _why_not(registry: Snapshot, incident: Incident, call: Call) -> str:
    """Why a caller cannot be told, as a code of faults.py, '' if they can: the cheap reasons first, as each look asks."""
    type_ = registry.types.get(incident.type)
    if type_ is None or not type_.tell_caller:
        return "callers_not_told"
    if incident.drill:
        return "drill_caller"
    if not help_comes(incident):
        return "nobody_sent"
    if call.blocked:
        return "caller_blocked"
    if bounds.full(incident):
        return "too_much_happened"
    # Of a short, withheld or unread number nothing is kept that begins so.
    if not call.number.startswith("+") or refused_phone(call.number, registry.regency, sms=True):
        return "caller_not_mobile"
    return ""


def _no(code: str) -> Conflict:
    fault = Fault("call_id", code)
    return Conflict(f"this caller cannot be told: {fault.sentence}", fault)
