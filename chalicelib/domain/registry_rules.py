"""The registry's rule book: what a noun's own type cannot say, asked of a thing and of everything that depends on it.

Each rule is written once, at the thing that depends: a shift needs its person. Whoever changes the person has the shift asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from . import ids, times
from .dispatch import instant_of
from .incident import Incident
from .portions import UNITS_MOST
from .references import references
from .registry import (
    NOUNS,
    ZONE_HOURS,
    Account,
    Agency,
    District,
    IncidentType,
    Person,
    Reason,
    Regency,
    ResponsePlan,
    Shift,
    SmsTemplate,
    Station,
    Unit,
)
from .replies import refused_words
from .sms import template_faults
from .spoken import given_twice
from .units import UnitState

LONGEST_SHIFT_S = 24 * 3600
SHIFT_DAYS_AHEAD = 92
# What an incident cannot be opened, answered or ended without.
NEVER_EMPTY = ("districts", "incident-types", "reasons", "dispositions")

# What each code says, with its values; the site has both languages (admin_site/js/parts/fault-words.js).
SENTENCES: dict[str, str] = {
    "unknown": "{noun} has no '{id}'",
    "retired": "'{id}' is retired",
    "other_agency": "belongs to another agency",
    "agency_missing": "is required for an agency_admin",
    "agency_needless": "an agency_admin has one, nobody else",
    "phone_unread": "is no phone number",
    "phone_country": "is of a country that is not allowed",
    "phone_premium": "is a premium-rate number",
    "phone_not_mobile": "is no mobile number",
    "countries_needed": "leaves out {things}",
    "zone": "is not UTC{hours}",
    "no_day": "is no day of the calendar",
    "shift_length": "must lie within 24 hours after starts_at",
    "shift_over": "has ended already",
    "shift_far": "begins more than {days} days ahead",
    "shift_overlaps": "overlaps the shift '{id}'",
    "type_or_category": "a plan is for a type or for a category",
    "need_twice": "'{id}' stands in this plan twice",
    "too_many_units": "asks for more than {most} units",
    "no_unit": "{agency} has no unit for {capability} on {terrain}",
    "word_taken": "'{word}' means something else in a reply",
    "word_of_another": "'{word}' stands for {reason}",
    "word_twice": "'{word}' stands here twice",
    "template_placeholder": "unknown placeholder {{{name}}}",
    "template_link": "{{link}} is missing",
    "template_filtered": "carriers filter the word '{word}'",
    "template_long": "{excess} characters too long for one SMS",
    "unit_out": "is on an assignment",
    "person_out": "is out with '{unit}'",
    "last": "is the last of its kind",
    "last_admin": "is the last admin",
}


class Fault(Struct, frozen=True, kw_only=True):
    """What does not hold: where in a thing, which rule, with which values; `about` names a thing that depends on it."""

    path: str
    code: str
    values: dict[str, str] = field(default_factory=dict)
    about: str = ""

    @property
    def sentence(self) -> str:
        """The fault in English, as `fields` of an HTTP answer and the seed's loader tell it."""
        return SENTENCES[self.code].format(**self.values)

    @property
    def where(self) -> str:
        """The field that it is about, such as `shifts/andi-monday.person_id`."""
        return f"{self.about}.{self.path}" if self.about else self.path


class Book(Struct, frozen=True, kw_only=True):
    """The registry as the rules see it; of shifts, units' states and open incidents whatever a change may concern."""

    nouns: Mapping[str, Mapping[str, Any]]
    now: str
    utc_offset_hours: int = 7
    shifts: Sequence[Shift] = ()
    states: Sequence[UnitState] = ()
    incidents: Sequence[Incident] = ()

    def of(self, noun: str) -> Mapping[str, Any]:
        return self.nouns.get(noun, {})

    def with_(self, noun: str, id_: str, value: Any) -> Book:
        """The book once a thing is written, or, for None, is gone."""
        others = {each: thing for each, thing in self.of(noun).items() if each != id_}
        return replace(self, nouns={**self.nouns, noun: others if value is None else {**others, id_: value}})

    def agency_gone(self, agency_id: str | None) -> bool:
        agency = self.of("agencies").get(agency_id or "")
        return agency is not None and agency.retired

    def gone(self, thing: Unit | Person) -> bool:
        """Whether a unit or person is no longer sent: an agency retires with all that it has."""
        return thing.retired or self.agency_gone(thing.agency_id)


def faults(value: Any, book: Book) -> list[Fault]:
    """Everything that is wrong with one thing as the book would have it, all of it at once."""
    unknown = [
        Fault(path=path, code="unknown", values={"noun": noun, "id": id_})
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
    for shift in book.shifts:
        yield from _about(f"shifts/{shift.id}", _manned(shift, book))
    for state in book.states:
        yield from _state(state, book)
    for incident in book.incidents:
        yield from _about(f"incidents/{ids.label(incident.id)}", _open(incident, book))
    for noun in NEVER_EMPTY:
        if not book.of(noun):
            yield Fault(path="id", code="last", values={"noun": noun})
    accounts: Iterable[Account] = book.of("accounts").values()
    if not any(each.role == "admin" and not each.disabled for each in accounts):
        yield Fault(path="id", code="last_admin")


def _about(about: str, found: Iterable[Fault]) -> Iterator[Fault]:
    return (replace(fault, about=about) for fault in found)


def _depending(value: Any, book: Book) -> Iterator[Fault]:
    if isinstance(value, Reason):
        return  # Two reasons with one word: it is told of the one that is written.
    # What an agency has is retired with it, and need not be put away one by one before.
    with_its_agency = isinstance(value, Station | Unit | Person | Account)
    for fault in faults(value, book):
        if not (with_its_agency and fault.code == "retired" and fault.path == "agency_id"):
            yield fault


def _regency(regency: Regency, book: Book) -> Iterator[Fault]:
    # Rosters and days are kept by the deployment's hours, which no form changes.
    if ZONE_HOURS[regency.zone] != book.utc_offset_hours:
        yield Fault(path="zone", code="zone", values={"hours": f"{book.utc_offset_hours:+d}"})


def _agency(agency: Agency, book: Book) -> Iterator[Fault]:
    if not agency.retired:
        yield from _person(agency.head_id, "head_id", agency.id, book)


def _person(person_id: str | None, path: str, agency_id: str | None, book: Book) -> Iterator[Fault]:
    """Whether a person can be rung, and is of the agency, if it must be of one."""
    person = book.of("personnel").get(person_id or "")
    if person is None:
        return
    if agency_id is not None and person.agency_id != agency_id:
        yield Fault(path=path, code="other_agency")
    elif book.gone(person):
        yield Fault(path=path, code="retired", values={"id": person.id})


def _of_agency(value: Station | Unit | Shift | Person | Account, book: Book) -> Iterator[Fault]:
    if value.agency_id and book.agency_gone(value.agency_id):
        yield Fault(path="agency_id", code="retired", values={"id": value.agency_id})


def _unit(unit: Unit, book: Book) -> Iterator[Fault]:
    if unit.retired:
        return
    yield from _of_agency(unit, book)
    station = book.of("stations").get(unit.station_id)
    if station and station.agency_id != unit.agency_id:
        yield Fault(path="station_id", code="other_agency")


def _personnel(person: Person, book: Book) -> Iterator[Fault]:
    if not person.retired:
        yield from _of_agency(person, book)
    for number, held in enumerate(person.certifications):
        if not times.on_calendar(held.expires_on):
            yield Fault(path=f"certifications[{number}].expires_on", code="no_day")


def _account(account: Account, book: Book) -> Iterator[Fault]:
    if account.disabled:
        return
    bound = account.role == "agency_admin"
    if bound and not account.agency_id:
        yield Fault(path="agency_id", code="agency_missing")
    if account.agency_id and not bound:
        yield Fault(path="agency_id", code="agency_needless")
    yield from _of_agency(account, book)
    yield from _person(account.person_id, "person_id", account.agency_id if bound else None, book)


def _shift(shift: Shift, book: Book) -> Iterator[Fault]:
    impossible = [
        name for name in ("starts_at", "ends_at") if not times.on_calendar(getattr(shift, name)[:10])
    ]
    yield from (Fault(path=name, code="no_day") for name in impossible)
    if not impossible:
        starts_at, ends_at = _span(shift)
        if not 0 < (times.between(starts_at, ends_at) or 0) <= LONGEST_SHIFT_S:
            yield Fault(path="ends_at", code="shift_length")
        elif ends_at <= book.now:
            yield Fault(path="ends_at", code="shift_over")
        elif starts_at > times.plus(book.now, SHIFT_DAYS_AHEAD * 24 * 3600):
            yield Fault(path="starts_at", code="shift_far", values={"days": str(SHIFT_DAYS_AHEAD)})
        for other in book.shifts:
            theirs = _span(other)
            if (
                other.id != shift.id
                and other.person_id == shift.person_id
                and starts_at < theirs[1]
                and theirs[0] < ends_at
            ):
                yield Fault(path="starts_at", code="shift_overlaps", values={"id": other.id})
                break
    yield from _manned(shift, book)


def _span(shift: Shift) -> tuple[str, str]:
    return instant_of(shift.starts_at), instant_of(shift.ends_at)


def _manned(shift: Shift, book: Book) -> Iterator[Fault]:
    """Whether a shift still has its agency, its person and its unit."""
    yield from _of_agency(shift, book)
    yield from _person(shift.person_id, "person_id", shift.agency_id, book)
    unit = book.of("units").get(shift.unit_id or "")
    if unit and unit.agency_id != shift.agency_id:
        yield Fault(path="unit_id", code="other_agency")
    elif unit and book.gone(unit):
        yield Fault(path="unit_id", code="retired", values={"id": unit.id})


def _plan(plan: ResponsePlan, book: Book) -> Iterator[Fault]:
    if (plan.type_id is None) == (plan.category is None):
        yield Fault(path="type_id", code="type_or_category")
    seen = set[str]()
    for level_number, level in enumerate(plan.levels):
        if sum(need.units for need in level.needs) > UNITS_MOST:
            yield Fault(
                path=f"levels[{level_number}].needs", code="too_many_units", values={"most": str(UNITS_MOST)}
            )
        for need_number, need in enumerate(level.needs):
            path = f"levels[{level_number}].needs[{need_number}]"
            if need.id in seen:
                yield Fault(path=f"{path}.id", code="need_twice", values={"id": need.id})
            seen.add(need.id)
            terrain = need.terrain or plan.terrain
            for number, agency_id in enumerate(need.agencies):
                if not any(
                    unit.agency_id == agency_id
                    and not book.gone(unit)
                    and need.capability in (None, *unit.capabilities)
                    and (terrain is None or terrain in unit.terrains)
                    for unit in book.of("units").values()
                ):
                    wanted = {"capability": need.capability or "any", "terrain": terrain or "any terrain"}
                    yield Fault(
                        path=f"{path}.agencies[{number}]",
                        code="no_unit",
                        values={"agency": agency_id, **wanted},
                    )


def _reason(reason: Reason, book: Book) -> Iterator[Fault]:
    for path, (code, values) in refused_words(reason, book.of("reasons").values()).items():
        yield Fault(path=path, code=code, values=values)


def _spoken(thing: District | IncidentType, book: Book) -> Iterator[Fault]:
    for path, word in given_twice(thing):
        yield Fault(path=path, code="word_twice", values={"word": word})


def _template(template: SmsTemplate, book: Book) -> Iterator[Fault]:
    for code, values in template_faults(template.body, template.kind):
        yield Fault(path="body", code=code, values=values)


def _state(state: UnitState, book: Book) -> Iterator[Fault]:
    """Whether what a unit does now is still possible: nobody is taken out of an assignment by a form."""
    if state.reason and state.reason not in book.of("reasons"):
        yield Fault(
            path="reason",
            code="unknown",
            values={"noun": "reasons", "id": state.reason},
            about=f"units/{state.unit_id}",
        )
    unit = book.of("units").get(state.unit_id)
    if not state.busy or unit is None:
        return
    about = f"incidents/{ids.label(state.incident_id)}"
    if book.gone(unit) or unit.agency_id != state.agency_id:
        yield Fault(path=state.unit_id, code="unit_out", about=about)
    for person_id in sorted({each for held in state.holding for each in held.people}):
        for _ in _person(person_id, "", state.agency_id, book):
            yield Fault(path=person_id, code="person_out", values={"unit": state.unit_id}, about=about)


def _open(incident: Incident, book: Book) -> Iterator[Fault]:
    """Whether an open incident still finds what it was opened with, and what its crews gave as reasons."""
    named = [
        ("type", "incident-types", incident.type),
        ("location.district", "districts", incident.location.district),
        ("plan", "response-plans", str(incident.plan.get("plan_id", ""))),
        *((f"crews.{crew.id}.reason", "reasons", crew.reason) for crew in incident.crews),
    ]
    for path, noun, id_ in named:
        if id_ and id_ not in book.of(noun):
            yield Fault(path=path, code="unknown", values={"noun": noun, "id": id_})


RULES: dict[type[Any], Callable[[Any, Book], Iterator[Fault]]] = {
    Regency: _regency,
    Agency: _agency,
    Station: _of_agency,
    Unit: _unit,
    Person: _personnel,
    Account: _account,
    Shift: _shift,
    ResponsePlan: _plan,
    District: _spoken,
    IncidentType: _spoken,
    Reason: _reason,
    SmsTemplate: _template,
}
