"""The registry's rule book: what a noun's own type cannot say, asked of a thing and of everything that depends on it.

Each rule is written once, at the thing that depends: a shift needs its person. Whoever changes the person has the shift asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from msgspec.structs import replace

from ...faults import Fault
from .. import ids
from ..references import references
from ..registry import (
    NOUNS,
    Account,
    Agency,
    District,
    DutyCrew,
    DutyPattern,
    EscalationPolicy,
    Holiday,
    IncidentType,
    Person,
    Reason,
    Regency,
    ResponsePlan,
    Shift,
    ShiftCode,
    SmsTemplate,
    SmsText,
    Station,
    Target,
    Training,
    Unit,
)
from . import duty, forces, places, plans, standing
from .book import Book
from .duty import SHIFT_DAYS_AHEAD

__all__ = ["SHIFT_DAYS_AHEAD", "Book", "dependents_faults", "faults", "has", "introduced"]

# What an incident cannot be opened, answered or ended without.
NEVER_EMPTY = ("districts", "incident-types", "reasons", "dispositions")


def faults(value: Any, book: Book) -> list[Fault]:
    """Everything that is wrong with one thing as the book would have it, all of it at once."""
    unknown = [
        Fault(path, "unknown", {"noun": noun, "id": id_})
        for path, noun, id_ in references(value)
        if id_ not in book.of(noun)
    ]
    rule = RULES.get(type(value))
    return unknown + (list(rule(value, book)) if rule else [])


def introduced(before: Book, after: Book, noun: str, id_: str) -> list[Fault]:
    """What a change of one thing breaks in others; what was broken before it hinders nobody's repair."""
    own = f"{noun}/{id_}"
    known = {_key(fault) for fault in dependents_faults(before)}
    return [fault for fault in dependents_faults(after) if fault.about != own and _key(fault) not in known]


def _key(fault: Fault) -> tuple[str, str, frozenset[tuple[str, str]]]:
    return fault.where, fault.code, frozenset(fault.values.items())


def dependents_faults(book: Book) -> Iterator[Fault]:
    """What is wrong in the whole book, but for what concerns a thing alone."""
    for noun in NOUNS:
        for value in book.of(noun).values():
            yield from _about(f"{noun}/{value.id}", _depending(value, book))
    yield from _besides(book)


def has(book: Book, fault: Fault) -> bool:
    """Whether a fault that was found in another book is in this one, asked of nothing but what it tells of."""
    noun, _, id_ = fault.about.partition("/")
    value = book.of(noun).get(id_)
    if value is not None and fault in _about(fault.about, _depending(value, book)):
        return True
    # A unit's state is told of the unit.
    return (value is None or noun == "units") and fault in _besides(book)


def _besides(book: Book) -> Iterator[Fault]:
    """What is wrong with whatever is no thing of the registry, and what there must be."""
    for shift in book.shifts:
        yield from _about(f"shifts/{shift.id}", duty.manned(shift, book))
    for state in book.states:
        yield from standing.state(state, book)
    for incident in book.incidents:
        yield from _about(f"incidents/{ids.label(incident.id)}", standing.open(incident, book))
    for noun in NEVER_EMPTY:
        if not book.of(noun):
            yield Fault("id", "last", {"noun": noun})
    accounts: Iterable[Account] = book.of("accounts").values()
    if not any(each.role == "admin" and not each.disabled for each in accounts):
        yield Fault("id", "last_admin")


def _about(about: str, found: Iterable[Fault]) -> Iterator[Fault]:
    return (replace(fault, about=about) for fault in found)


def _depending(value: Any, book: Book) -> Iterator[Fault]:
    if isinstance(value, Reason | SmsText | ShiftCode | District):
        # Two reasons with one word, two texts of a kind, two codes alike: it is told of the one that is written. A boundary is long
        # to look at, and depends on nothing.
        return
    # What an agency has is retired with it, and need not be put away one by one before.
    with_its_agency = isinstance(value, Station | Unit | Person | Account | DutyCrew | DutyPattern)
    for fault in faults(value, book):
        if not (with_its_agency and fault.code == "retired" and fault.path == "agency_id"):
            yield fault


RULES: dict[type[Any], Callable[[Any, Book], Iterator[Fault]]] = {
    Regency: places.regency,
    Agency: forces.agency,
    Station: forces.of_agency,
    Unit: forces.unit,
    Person: forces.personnel,
    Account: forces.account,
    DutyCrew: duty.crew,
    ShiftCode: duty.shift_code,
    DutyPattern: duty.pattern,
    Holiday: places.holiday,
    Training: forces.training,
    Shift: duty.shift,
    ResponsePlan: plans.plan,
    EscalationPolicy: plans.policy,
    District: places.district,
    IncidentType: plans.type,
    Reason: plans.reason,
    Target: plans.target,
    SmsTemplate: plans.template,
    SmsText: plans.text,
}
