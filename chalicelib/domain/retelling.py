"""Who must hear that an incident was amended: each phone that may hold older words of it, once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .amending import told
from .assignment import Assignment, active
from .escalation import still_asked
from .incident import Incident, PageOrder, Tells
from .page import Page, may_have_left

UNSENT = ("pending", "sending")


def knows(page: Page, tells: Tells) -> bool:
    """Whether a page says what was amended, or said it as well as we could: what was composed before does not."""
    if page.told:
        return page.told.seq >= tells.seq
    # Not taken for sending yet, or by a release that keeps no words.
    return page.requested_at >= tells.at


def behind(
    incident: Incident,
    assignments: Mapping[str, Assignment],
    pages: Iterable[Page],
    phones: Mapping[str, str],
    ordered: Iterable[PageOrder] = (),
) -> list[PageOrder]:
    """An order for each phone whose newest words are older than the amendment, none where one is on its way.

    What has not left yet is composed of what stands then, and what is just leaving is looked at again with its outcome; so
    nothing is ordered twice, whoever asks how often. `phones` are everybody's as they are now, `ordered` what else is being
    ordered.
    """
    if incident.status != "open" or incident.paging_drill or incident.tells is None:
        return []
    expected = {crew.id for crew in incident.crews if active(crew.status)}
    by_phone: dict[str, list[Page]] = {}
    for page in sorted(pages, key=lambda each: each.id):
        if page.kind == "page" and page.assignment_id in expected:
            by_phone.setdefault(phones.get(page.person_id, page.number), []).append(page)
    waiting = {
        phones.get(person)
        for order in (*incident.unpaged, *ordered)
        if order.kind == "page"
        for person in (order.person_id, *order.also)
    }
    orders = []
    for phone, own in by_phone.items():
        on_its_way = phone in waiting or any(page.status in UNSENT for page in own)
        left = [page for page in own if may_have_left(page)]
        if on_its_way or not left or any(knows(page, incident.tells) for page in own):
            continue
        last = left[-1]
        assignment = assignments.get(last.assignment_id)
        if assignment and _concerned(assignment, last, own):
            orders.append(
                PageOrder(
                    assignment_id=last.assignment_id,
                    person_id=last.person_id,
                    after=last.id,
                    also=last.also,
                    amends=last.told or told(incident),
                )
            )
    return orders


def _concerned(assignment: Assignment, last: Page, own: Iterable[Page]) -> bool:
    """Whether its people still matter to the crew: its own, who answered for it, and who is asked and has not declined."""
    coming = {*assignment.people, *assignment.acknowledged_by}
    if coming & set(last.people):
        return True
    answered = any(page.acknowledged_at for page in own)
    return not answered and still_asked(assignment, last.person_id)
