"""Sending notices: one by one, each only while no page waits, within the day's budget, and as long as the spend limit is far."""

from __future__ import annotations

from functools import partial
from typing import Literal

from ...bootstrap import World
from ...domain import ids, sms_texts, times
from ...domain import page as machine
from ...domain.decision import Decision
from ...domain.events import CallerNoticeSettled, Draft, digest
from ...domain.incident import Incident
from ...domain.notice import TOLD_AS, Notice, help_comes, without_ids
from ...domain.registry import Language
from ...domain.sms import one_segment
from ...errors import KentonganError
from ...gateways.sms import Sms
from ...models import incidents, notices
from ...models.change import Change
from ...models.conflicts import ConditionFailed
from ...models.incidents import Loaded
from ...models.registry import Snapshot
from ...observability import logger
from ..changes.writing import Actor, must, write
from ..registry.phone_numbers import refused_page, refused_phone
from . import budget
from .leaving import Leaving, held, leave

NAME = "notices"
SENDER = Actor(id="system:notices", source="timer")
# Lambda gives the function a minute, and it comes each minute.
LONGEST_S = 20.0
AT_ONCE = 50
# No language of a caller is known.
LANGUAGE: Language = "id"
COUNTED = ("due", "settled", "held", "failed")


def send_notices(world: World) -> dict[str, int]:
    """Take each notice that is due a step further; how many were due, how many came to their end, were held back, or failed.

    Costs one query where nothing is due. A message costs, besides its own item's three writes and the incident's event, eight
    queries for pages that wait: before each, since one may have been ordered while the last was on its way.
    """
    began, counts = world.clock.monotonic(), dict.fromkeys(COUNTED, 0)
    due = notices.due(world.clock.now(), AT_ONCE)
    counts["due"] = len(due)
    registry = world.registry.current() if due else None
    for id_ in due:
        if registry is None or world.clock.monotonic() - began > LONGEST_S:
            break
        try:
            counts[_look(world, registry, id_)] += 1
        except Exception:
            # The others must be looked at all the same.
            logger.exception("notice not finished", extra={"notice": id_})
            counts["failed"] += 1
    return counts


def _look(world: World, registry: Snapshot, id_: str) -> Literal["settled", "held"]:
    """Take one notice a step further."""
    found = notices.read(id_)
    if found is None:
        return "held"  # The index is a moment behind.
    notice, version = found
    loaded = must(incidents.load(notice.incident_id, calls=[notice.id]), notice.incident_id)
    now = world.clock.now()
    step = machine.next_step(notice, now, wanted=_wanted(registry, loaded, notice))
    if step == "send" and machine.may_have_left(notice):
        # Unlike a page's, a second word is worse than one that nobody knows to have left.
        step = "expire"
    try:
        if step == "expire":
            notices.save(machine.expired(notice, now), version)
        elif step == "arrived":
            notices.save(machine.arrived(notice), version)
        elif step == "send":
            if why := held(world, now, budget.CALLERS):
                logger.info("notice held back", extra={"notice": id_, "why": why})
                return "held"
            if not _send(world, registry, loaded, notice, version):
                return "held"
        elif step != "evidence":
            return "held"
    except ConditionFailed:
        return "held"  # Somebody else has it in hand, or a report came.
    _settle(world, id_)
    return "settled"


def _wanted(registry: Snapshot, loaded: Loaded, notice: Notice) -> bool:
    """Whether the word still is true and may be sent: its call may have left the incident meanwhile, or its number be erased."""
    call = loaded.calls.get(notice.id)
    here = call is not None and call.incident_id == notice.incident_id and bool(call.number)
    type_ = registry.types.get(loaded.incident.type)
    return here and help_comes(loaded.incident) and type_ is not None and type_.tell_caller


def _send(world: World, registry: Snapshot, loaded: Loaded, notice: Notice, version: int) -> bool:
    """Claim a notice and hand it over; whether what became of it is final."""
    call, now = loaded.calls[notice.id], world.clock.now()
    text = wording(world, registry, loaded.incident, now)
    sms = Sms(number=call.number, text=text, page_id=notice.id, demo=False)
    refused = refused_page(call.number, registry.regency)
    refused = refused or refused_phone(call.number, registry.regency, sms=True)
    return leave(world, notice, version, Leaving(sms, text, refused, budget.CALLERS))


def _settle(world: World, id_: str) -> None:
    """Put what became of a notice into its incident's trail; it is done only when that stands there."""
    found = notices.read(id_)
    if found is not None:
        write(world, SENDER, partial(_told, id_, found[0].incident_id))


def _told(id_: str, incident_id: str, now: str) -> Change:
    loaded = must(incidents.load(incident_id), incident_id)
    found = notices.read(id_)
    decision = Decision(incident=loaded.incident)
    if found is not None and machine.next_step(found[0], now, wanted=True) == "evidence":
        notice, version = found
        loaded.versions[notices.label(id_)] = version
        decision.notices.append(without_ids(machine.evidenced(notice)))
        decision.drafts.append(Draft(_settled(notice)))
    return Change(loaded, decision)


def _settled(notice: Notice) -> CallerNoticeSettled:
    lost = notice.status in ("failed", "expired")
    return CallerNoticeSettled(
        call=notice.id,
        outcome=TOLD_AS[notice.status],
        attempts=len(notice.attempts),
        body=digest("", notice.body),
        at=notice.sent_at or "",
        may_have_left=lost and machine.may_have_left(notice),
    )


def wording(world: World, registry: Snapshot, incident: Incident, now: str) -> str:
    """The text for a caller: of the officers', or the program's own where theirs cannot be sent."""
    type_ = registry.types.get(incident.type)
    values = {
        "label": ids.label(incident.id),
        "regency": registry.regency.name,
        "type": getattr(type_.label, LANGUAGE) if type_ else "",
        "at": times.local_clock(now, world.settings.utc_offset_hours),
    }
    *kept, own = sms_texts.bodies(registry.texts.values(), "caller", LANGUAGE)
    for body in kept:
        try:
            return one_segment(body, values)
        except KentonganError:
            logger.error("SMS template unusable", extra={"kind": "caller", "language": LANGUAGE})
    return one_segment(own, values)
