"""Turning orders into pages: who is written to, until when it helps, and the event that says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from .assignment import active
from .events import Draft, OrderedPage, PagesRequested, digest
from .incident import Incident, PageOrder
from .mint import Mint
from .page import Page
from .registry import Person
from .times import plus

CHUNK = 40
# Of what one decision orders, so many pages leave at once; the rest keeps to the provider's rate.
FIRST = 10
# Long enough for 300 people at 20 messages a second; what is not sent by then is woken again.
BULK_S = 30


def in_turn(
    waiting: Sequence[PageOrder], orders: Sequence[PageOrder], *, continued: bool = False
) -> list[PageOrder]:
    """All orders of an incident in the order of their writing: the first few of a new decision overtake what waits.

    Call-outs come before amendments, and both before cancellations, which may be hundreds; one of each crew comes before
    the second of any. `continued`: they belong to an earlier decision, whose first few have left.
    """
    met: Counter[str] = Counter()

    def turn(order: PageOrder) -> tuple[bool, bool, int]:
        met[order.assignment_id] += 1
        return order.kind == "cancelled", order.amends is not None, met[order.assignment_id]

    ranked = sorted(((turn(each), each) for each in orders if not each.bulk), key=lambda each: each[0])
    at_once = 0 if continued else FIRST
    first = [each for _, each in ranked[:at_once]]
    later = [(rank, replace(each, bulk=True)) for rank, each in ranked[at_once:]]
    # Every crew is asked before anybody's second person is.
    each_crews = [each for rank, each in later if rank == (False, False, 1)]
    rest = [each for rank, each in later if rank != (False, False, 1)]
    return [*first, *each_crews, *waiting, *rest, *(each for each in orders if each.bulk)]


def one_a_phone(orders: Sequence[PageOrder], people: Mapping[str, Person]) -> list[PageOrder]:
    """The orders with the call-outs of one crew to one phone made one: two links would be two answers of who knows whom."""
    merged: dict[object, PageOrder] = {}
    for number, order in enumerate(orders):
        phone = people[order.person_id].phone if order.person_id in people else ""
        shared = order.kind == "page" and phone
        key: object = (order.assignment_id, phone) if shared else number
        first = merged.get(key)
        merged[key] = (
            replace(first, also=(*first.also, order.person_id), after=first.after or order.after)
            if first
            else order
        )
    return list(merged.values())


def _receivers(
    order: PageOrder, people: Mapping[str, Person], before: Page | None
) -> list[tuple[Person, tuple[str, ...]]]:
    """Whom an order is sent to, once a phone, with who else has it; somebody who left the registry gets none."""
    if before:
        # A cancellation goes where its call-out went, whatever the registry says of that person by now.
        person = Person(
            id=before.person_id,
            agency_id=before.agency_id,
            name=before.name,
            phone=before.number,
            language=before.language,
            demo=before.demo,
        )
        return [(person, before.also)]
    found: dict[str, list[Person]] = {}
    for each in (order.person_id, *order.also):
        owner = people.get(each)
        if owner and not owner.retired:
            # Ordered as one, they may have phones of their own by now.
            found.setdefault(owner.phone, []).append(owner)
    return [
        (replace(first, name=", ".join(each.name for each in (first, *others))), tuple(p.id for p in others))
        for first, *others in found.values()
    ]


class Addressed(NamedTuple):
    """An order with whom it is sent to, and who else has that phone."""

    order: PageOrder
    person: Person
    also: tuple[str, ...]


def addressed(
    orders: Iterable[PageOrder], people: Mapping[str, Person], earlier: Mapping[str, Page]
) -> list[Addressed]:
    """Whom orders are sent to; `earlier` are the call-outs that cancellations follow."""
    found = []
    for order in orders:
        before = earlier.get(order.after) if order.kind == "cancelled" else None
        found += [Addressed(order, person, also) for person, also in _receivers(order, people, before)]
    return found


def write_pages(
    letters: Iterable[Addressed], incident_id: str, now: str, expires_at: str, mint: Mint
) -> list[Page]:
    """The pages of orders."""
    pages = []
    reply_codes = mint.reply_codes()
    for order, person, also in letters:
        page_id = mint.id()
        page = Page(
            id=page_id,
            incident_id=incident_id,
            assignment_id=order.assignment_id,
            kind=order.kind,
            person_id=person.id,
            agency_id=person.agency_id,
            name=person.name,
            number=person.phone,
            language=person.language,
            demo=person.demo,
            status="pending",
            requested_at=now,
            expires_at=expires_at,
            due_at=plus(now, BULK_S) if order.bulk else now,
            link=mint.link(page_id),
            reply=next(reply_codes) if order.kind == "page" else "",
            after=order.after,
            salt=mint.salt(),
            bulk=order.bulk,
            also=also,
            again=order.again,
            amends=order.amends,
            because=order.because,
            backup=order.backup,
        )
        pages.append(page)
    return pages


def called_again(cancellation: Page, incident: Incident, pages: Iterable[Page]) -> bool:
    """Whether that phone has a call-out of this incident that still counts: a cancellation would send its crew home."""
    expected = {crew.id for crew in incident.crews if active(crew.status)}
    return any(
        page.kind == "page"
        and page.number == cancellation.number
        and page.assignment_id in expected
        and page.status not in ("failed", "expired")
        for page in pages
    )


def requested(pages: Sequence[Page], left_out: Sequence[str] = ()) -> list[Draft]:
    """One event for pages that are written together, and for people who left the registry meanwhile; none for none."""
    if not pages and not left_out:
        return []
    entries = tuple(
        OrderedPage(
            page=page.id,
            kind=page.kind,
            assignment=page.assignment_id,
            person=page.person_id,
            to=digest(page.salt, page.number),
            also=page.also,
            amends=page.amends is not None,
            because=page.because,
            backup=page.backup,
        )
        for page in pages
    )
    return [Draft(PagesRequested(pages=entries, left_out=tuple(left_out)))]
