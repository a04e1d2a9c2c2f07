"""Delivery reports: what a provider says became of a message on its way to the phone.

They are information, and a reason to try the next person sooner; a phone that got a message has acknowledged nothing.
"""

from __future__ import annotations

import re
from typing import Literal, TypeVar

from msgspec import Struct

from ...bootstrap import World
from ...domain import ids, page
from ...domain.notice import Notice
from ...domain.page import Attempt, Page
from ...domain.replies import printable
from ...domain.wakeup import Queue, Wakeup
from ...errors import NotFound
from ...faults import Fault
from ...models import incidents, keys, notices, page_codes
from ...observability import logger
from ..changes.retrying import Try, retried
from ..changes.writing import send_wakeups

M = TypeVar("M", Page, Notice)
Outcome = Literal["delivered", "failed", "unreachable", "unknown"]
Result = Literal["applied", "repeated", "ignored"]
# A provider's own words may repeat the number, which not everybody who reads a page may see.
NUMBER = re.compile(r"\d[\d ().-]{4,}\d")


class Report(Struct, frozen=True, kw_only=True):
    """A report about a page or notice of ours by its id, or about a message by the provider's, '' for none; `at` by its clock.

    `number` is the phone that the message went to, '' where the provider does not say.
    """

    outcome: Outcome
    page_id: str
    message_id: str
    at: str | None
    detail: str
    number: str = ""


def take_in(world: World, report: Report) -> Result:
    """Write down what a report says of its page alone; NotFound when it names none of ours.

    It may come twice, late, before the provider's answer to the sending, or in any order with other reports. Costs a query
    and a read, and a write when it says something new; whatever must follow for the incident is left to the page function.
    """
    place = _place(world, report)
    if place is None and report.page_id and _notice(report) is not None:
        return retried(world, lambda each: _of_notice(world, report, each))
    if place is None:
        number = keys.count("reports:unknown", world.clock.now())
        logger.warning("delivery report about no page of ours", extra={"in_this_hour": number})
        raise NotFound("no such message", Fault("reference", "no_message"))

    def attempt(each: Try) -> Result:
        before, version = incidents.read_page(*place)
        after = _after(before, report, world.sms.name, each.now)
        if after == before:
            return _unchanged(before, report)
        # Its worker, its person or another report may have written it first.
        incidents.save_page(after, version)
        if after.status == "pending" or after.due_at != before.due_at:
            queue: Queue = "bulk" if after.bulk else "pages"
            send_wakeups(world, queue, [Wakeup(after.incident_id, after.id)])
        return "applied"

    return retried(world, attempt)


def _of_notice(world: World, report: Report, each: Try) -> Result:
    """As of a page; what follows for its incident the notices' sender finds in the index."""
    found = _notice(report)
    if found is None:
        raise NotFound("no such message", Fault("reference", "no_message"))
    before, version = found
    after = _after(before, report, world.sms.name, each.now)
    if after == before:
        return _unchanged(before, report)
    notices.save(after, version)
    return "applied"


def _notice(report: Report) -> tuple[Notice, int] | None:
    return notices.read(report.page_id) or notices.read(report.page_id, notices.PEOPLES)


def _place(world: World, report: Report) -> tuple[str, str] | None:
    found = None
    if report.page_id:
        code = ids.link_code(world.settings.link_secret, report.page_id)
        linked = page_codes.by_link(ids.fingerprint(code))
        found = linked[:2] if linked else None
    if found is None and report.message_id and world.settings.sms_message_ids:
        places = page_codes.by_message(report.message_id)
        if report.number:
            places = [each for each in places if incidents.read_page(*each)[0].number == report.number]
        # Another's page must not be taken for lost, or for delivered: an id that several bear says nothing.
        found = places[0] if len(places) == 1 else None
    return found


def _after(before: M, report: Report, provider: str, now: str) -> M:
    if report.outcome == "delivered":
        return page.delivered(before, report.at or now, now)
    if report.outcome == "unknown":
        return before
    said = NUMBER.sub("…", " ".join(printable(report.detail).split()))
    detail = ": ".join(filter(None, ("delivery report", report.outcome, said)))
    attempt = Attempt(
        at=now, provider=provider, outcome="failed", detail=detail, message_id=report.message_id
    )
    return page.undelivered(before, attempt)


def _unchanged(before: Page | Notice, report: Report) -> Result:
    known = (
        before.delivered_at
        if report.outcome == "delivered"
        else before.status == "failed" or before.undelivered
    )
    return "repeated" if known else "ignored"
