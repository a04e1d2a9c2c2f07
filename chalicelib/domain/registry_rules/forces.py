"""What agencies have: stations, units, people, accounts; and whoever names one of them."""

from __future__ import annotations

from collections.abc import Iterator

from ...faults import Fault
from .. import times
from ..registry import Account, Agency, CrewMember, DutyCrew, Person, Shift, Station, Training, Unit
from .book import Book

# What a draft of somebody changes is tried on each day on which one of them ends.
CERTIFICATES_MOST = 40


def agency(agency: Agency, book: Book) -> Iterator[Fault]:
    if not agency.retired:
        yield from person(agency.head_id, "head_id", agency.id, book)


def of_agency(value: Station | Unit | Shift | Person | Account | DutyCrew, book: Book) -> Iterator[Fault]:
    if value.agency_id and book.agency_gone(value.agency_id):
        yield Fault("agency_id", "retired", {"id": value.agency_id})


def unit(unit: Unit, book: Book) -> Iterator[Fault]:
    if unit.retired:
        return
    yield from of_agency(unit, book)
    station = book.of("stations").get(unit.station_id)
    if station and station.agency_id != unit.agency_id:
        yield Fault("station_id", "other_agency")


def personnel(person: Person, book: Book) -> Iterator[Fault]:
    if not person.retired:
        yield from of_agency(person, book)
    if len(person.certifications) > CERTIFICATES_MOST:
        yield Fault("certifications", "too_many", {"most": str(CERTIFICATES_MOST)})
    for number, held in enumerate(person.certifications):
        if not times.on_calendar(held.expires_on):
            yield Fault(f"certifications[{number}].expires_on", "no_day")


def training(training: Training, book: Book) -> Iterator[Fault]:
    given = [each.certification_id for each in training.grants]
    for number, id_ in enumerate(given):
        if id_ in given[:number]:
            yield Fault(f"grants[{number}].certification_id", "twice")


def account(account: Account, book: Book) -> Iterator[Fault]:
    if account.disabled:
        return
    bound = account.role == "agency_admin"
    if bound and not account.agency_id:
        yield Fault("agency_id", "agency_missing")
    if account.agency_id and not bound:
        yield Fault("agency_id", "agency_needless")
    yield from of_agency(account, book)
    yield from person(account.person_id, "person_id", account.agency_id if bound else None, book)


def person(person_id: str | None, path: str, agency_id: str | None, book: Book) -> Iterator[Fault]:
    """Whether a person can be rung, and is of the agency, if it must be of one."""
    person = book.of("personnel").get(person_id or "")
    if person is None:
        return
    if agency_id is not None and person.agency_id != agency_id:
        yield Fault(path, "other_agency")
    elif book.gone(person):
        yield Fault(path, "retired", {"id": person.id})


def usual_unit(
    thing: DutyCrew | CrewMember | Shift, agency_id: str, book: Book, path: str = "unit_id"
) -> Iterator[Fault]:
    unit = book.of("units").get(thing.unit_id or "")
    if unit and unit.agency_id != agency_id:
        yield Fault(path, "other_agency")
    elif unit and book.gone(unit):
        yield Fault(path, "retired", {"id": unit.id})
