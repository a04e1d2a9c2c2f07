"""Events: SQS batches and the schedule, turned into use cases."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from ..bootstrap import World
from ..domain.wakeup import Queue, Wakeup
from ..models import heartbeats
from ..models.heartbeats import Heartbeat
from ..observability import gauge, logger
from ..services.duty import covering, freezing
from ..services.evidence import retention as retaining
from ..services.evidence import sealing
from ..services.notices import people
from ..services.notices import sending as telling
from ..services.pages import sending as paging
from ..services.practice import texting
from ..services.response import escalation
from ..services.watch import auditing, looking_ahead, sweeping, waiting


def send_pages(world: World, event: dict[str, Any]) -> dict[str, Any]:
    """Send the pages of a batch."""
    return _batch(event, "pages", lambda due: paging.send_pages(world, due))


def send_bulk(world: World, event: dict[str, Any]) -> dict[str, Any]:
    """Send the pages of a batch within the provider's rate."""
    return _batch(event, "bulk", lambda due: paging.send_bulk(world, due))


def run_timers(world: World, event: dict[str, Any]) -> dict[str, Any]:
    """Escalate the assignments of a batch."""
    return _batch(event, "timers", lambda due: escalation.run_timers(world, due))


def _batch(
    event: dict[str, Any], queue: Queue, work: Callable[[Iterable[Wakeup]], set[Wakeup]]
) -> dict[str, Any]:
    """Read a batch's wake-ups, do the work, and name the messages that must come again."""
    wanted: dict[str, Wakeup] = {}
    failures: list[str] = []
    for record in event["Records"]:
        try:
            wanted[record["messageId"]] = Wakeup.read(queue, json.loads(record["body"]))
        except (ValueError, KeyError, TypeError):
            logger.error("wake-up cannot be read", extra={"wakeup": record.get("messageId")})
            failures.append(record["messageId"])
    undone = work(wanted.values())
    failures += [message for message, each in wanted.items() if each in undone]
    return {"batchItemFailures": [{"itemIdentifier": message} for message in failures]}


def _frozen(world: World) -> int:
    """How many days of duty were frozen; one that cannot be is the next sweep's, and keeps nothing else waiting."""
    try:
        return freezing.freeze(world)
    except Exception:
        logger.exception("duty not frozen")
        return 0


# Lambda gives the function a minute; measuring may take twenty seconds of it.
AHEAD_WITHIN_S = 30.0


def _duty_ahead(world: World) -> None:
    """Look at the coming weeks' duty; what fails there fails nothing else, and health says so."""
    counts = {"measured": 0, "told": 0, "unheard": 0, "failed": 0}
    for step in (covering.measure, looking_ahead.look):
        try:
            for name, number in step(world).items():
                counts[name] += number
        except Exception:
            logger.exception("duty ahead not looked at")
            counts["failed"] += 1
    heartbeats.beat(looking_ahead.NAME, Heartbeat(at=world.clock.now(), counts=counts))


def sweep(world: World) -> dict[str, Any]:
    """Drive on whatever is late."""
    counts = {**sweeping.sweep(world), "frozen": _frozen(world)}
    if any(counts.values()):
        logger.info("sweep", extra=counts)
    heartbeats.beat("sweep", Heartbeat(at=world.clock.now(), counts=counts))
    gauge({"Swept": 1, "PagesUnsent": counts["late_pages"], "OldestDueSeconds": counts["oldest_s"]})
    return dict(counts)


def send_notices(world: World) -> dict[str, Any]:
    """Send what is no page, while no page waits."""
    began = world.clock.monotonic()
    counts = telling.send_notices(world)
    if counts["settled"] or counts["failed"]:
        logger.info("notices", extra=counts)
    heartbeats.beat(telling.NAME, Heartbeat(at=world.clock.now(), counts=counts))
    told = people.send_to_people(world)
    if told["settled"] or told["failed"]:
        logger.info("notices to people", extra=told)
    # Behind them and told of by nobody: only whoever practises waits for it.
    texting.send_texts(world)
    waiting.count_waiting(world)
    # A minute that went to what is sent has none left for this; the next may.
    if world.clock.monotonic() - began < AHEAD_WITHIN_S:
        _duty_ahead(world)
    return dict(counts)


def audit(world: World) -> dict[str, Any]:
    """Look for what everything else missed."""
    counts = auditing.audit(world)
    if any(number for name, number in counts.items() if name not in ("incidents", "unanswered", "uncovered")):
        logger.warning("audit", extra=counts)
    findings = counts["broken"] + counts["failed"]
    gauge(
        {
            "Audited": 1,
            "CallOutsUnanswered": counts["unanswered"],
            "IncidentsUncovered": counts["uncovered"],
            "AuditFindings": findings,
        }
    )
    return dict(counts)


def retention(world: World) -> dict[str, Any]:
    """Erase personal data whose period has passed."""
    counts = retaining.erase(world)
    logger.info("retention", extra=counts)
    return dict(counts)


def seal(world: World) -> dict[str, Any]:
    """Keep the ends of all chains that changed where nobody can change them."""
    counts = sealing.seal(world)
    if counts:
        logger.info("seal", extra=counts)
    gauge({"Sealed": 1})
    return dict(counts)
