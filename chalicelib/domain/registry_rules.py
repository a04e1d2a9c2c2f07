"""The registry's rule book: what a noun's own type cannot say, asked of a thing and of everything that depends on it.

Each rule is written once, at the thing that depends: a shift needs its person. Whoever changes the person has the shift asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ..faults import Fault
from . import boundaries, duty_rules, ids, places, times
from .incident import Incident
from .portions import UNITS_MOST
from .references import references
from .registry import (
    NOUNS,
    ZONE_HOURS,
    Account,
    Agency,
    CrewMember,
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
from .replies import refused_words
from .sms import template_faults
from .sms_texts import TEXTS
from .spoken import given_twice
from .units import UnitState

# With fewer there is nothing to choose.
FEWEST_OPTIONS = 2
LONGEST_SHIFT_S = 24 * 3600
SHIFT_DAYS_AHEAD = 92
# What an incident cannot be opened, answered or ended without.
NEVER_EMPTY = ("districts", "incident-types", "reasons", "dispositions")


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
    for shift in book.shifts:
        yield from _about(f"shifts/{shift.id}", _manned(shift, book))
    for state in book.states:
        yield from _state(state, book)
    for incident in book.incidents:
        yield from _about(f"incidents/{ids.label(incident.id)}", _open(incident, book))
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


def _regency(regency: Regency, book: Book) -> Iterator[Fault]:
    # Rosters and days are kept by the deployment's hours, which no form changes.
    if ZONE_HOURS[regency.zone] != book.utc_offset_hours:
        yield Fault("zone", "zone", {"hours": f"{book.utc_offset_hours:+d}"})


def _agency(agency: Agency, book: Book) -> Iterator[Fault]:
    if not agency.retired:
        yield from _person(agency.head_id, "head_id", agency.id, book)


def _person(person_id: str | None, path: str, agency_id: str | None, book: Book) -> Iterator[Fault]:
    """Whether a person can be rung, and is of the agency, if it must be of one."""
    person = book.of("personnel").get(person_id or "")
    if person is None:
        return
    if agency_id is not None and person.agency_id != agency_id:
        yield Fault(path, "other_agency")
    elif book.gone(person):
        yield Fault(path, "retired", {"id": person.id})


def _of_agency(value: Station | Unit | Shift | Person | Account | DutyCrew, book: Book) -> Iterator[Fault]:
    if value.agency_id and book.agency_gone(value.agency_id):
        yield Fault("agency_id", "retired", {"id": value.agency_id})


def _unit(unit: Unit, book: Book) -> Iterator[Fault]:
    if unit.retired:
        return
    yield from _of_agency(unit, book)
    station = book.of("stations").get(unit.station_id)
    if station and station.agency_id != unit.agency_id:
        yield Fault("station_id", "other_agency")


def _personnel(person: Person, book: Book) -> Iterator[Fault]:
    if not person.retired:
        yield from _of_agency(person, book)
    for number, held in enumerate(person.certifications):
        if not times.on_calendar(held.expires_on):
            yield Fault(f"certifications[{number}].expires_on", "no_day")


def _training(training: Training, book: Book) -> Iterator[Fault]:
    given = [each.certification_id for each in training.grants]
    for number, id_ in enumerate(given):
        if id_ in given[:number]:
            yield Fault(f"grants[{number}].certification_id", "twice")


def _account(account: Account, book: Book) -> Iterator[Fault]:
    if account.disabled:
        return
    bound = account.role == "agency_admin"
    if bound and not account.agency_id:
        yield Fault("agency_id", "agency_missing")
    if account.agency_id and not bound:
        yield Fault("agency_id", "agency_needless")
    yield from _of_agency(account, book)
    yield from _person(account.person_id, "person_id", account.agency_id if bound else None, book)


def _crew(crew: DutyCrew, book: Book) -> Iterator[Fault]:
    """Whoever is in a crew now or later must be of its agency and not gone; who was is history."""
    if crew.retired:
        return
    yield from _of_agency(crew, book)
    for number, member in enumerate(crew.members):
        yield from _member(crew, number, member, book)
    present = [each.person_id for each in crew.members if _stays(each, book)]
    if crew.chief_id is not None and crew.chief_id not in present:
        yield Fault("chief_id", "not_member")
    yield from _usual_unit(crew, crew.agency_id, book)


def _member(crew: DutyCrew, number: int, member: CrewMember, book: Book) -> Iterator[Fault]:
    path = f"members[{number}]"
    days = {"since": member.since, "until": member.until}
    impossible = [name for name, day in days.items() if day and not times.on_calendar(day)]
    yield from (Fault(f"{path}.{name}", "no_day") for name in impossible)
    if member.until and member.until < member.since:
        yield Fault(f"{path}.until", "before_since")
    if _stays(member, book):
        yield from _person(member.person_id, f"{path}.person_id", crew.agency_id, book)
        yield from _usual_unit(member, crew.agency_id, book, f"{path}.unit_id")
    for other in crew.members[:number]:
        alike = other.person_id == member.person_id
        if alike and other.since <= (member.until or "~") and member.since <= (other.until or "~"):
            yield Fault(f"{path}.person_id", "twice")
            break


def _stays(member: CrewMember, book: Book) -> bool:
    """Whether somebody is in a crew today or later."""
    if member.until is None or not book.now:
        return True
    return member.until >= times.local_day(book.now, book.utc_offset_hours)


def _usual_unit(
    thing: DutyCrew | CrewMember | Shift, agency_id: str, book: Book, path: str = "unit_id"
) -> Iterator[Fault]:
    unit = book.of("units").get(thing.unit_id or "")
    if unit and unit.agency_id != agency_id:
        yield Fault(path, "other_agency")
    elif unit and book.gone(unit):
        yield Fault(path, "retired", {"id": unit.id})


def _holiday(holiday: Holiday, book: Book) -> Iterator[Fault]:
    if not times.on_calendar(holiday.day):
        yield Fault("day", "no_day")


def _shift(shift: Shift, book: Book) -> Iterator[Fault]:
    impossible = [
        name for name in ("starts_at", "ends_at") if not times.on_calendar(getattr(shift, name)[:10])
    ]
    yield from (Fault(name, "no_day") for name in impossible)
    if not impossible:
        starts_at, ends_at = _span(shift)
        if not 0 < (times.between(starts_at, ends_at) or 0) <= LONGEST_SHIFT_S:
            yield Fault("ends_at", "shift_length")
        elif ends_at <= book.now:
            yield Fault("ends_at", "shift_over")
        elif starts_at > times.plus(book.now, SHIFT_DAYS_AHEAD * 24 * 3600):
            yield Fault("starts_at", "shift_far", {"days": str(SHIFT_DAYS_AHEAD)})
        for other in book.shifts:
            theirs = _span(other)
            if (
                other.id != shift.id
                and other.person_id == shift.person_id
                and starts_at < theirs[1]
                and theirs[0] < ends_at
            ):
                yield Fault("starts_at", "shift_overlaps", {"id": other.id})
                break
    yield from _manned(shift, book)


def _span(shift: Shift) -> tuple[str, str]:
    return times.instant_of(shift.starts_at), times.instant_of(shift.ends_at)


def _manned(shift: Shift, book: Book) -> Iterator[Fault]:
    """Whether a shift still has its agency, its person and its unit."""
    yield from _of_agency(shift, book)
    yield from _person(shift.person_id, "person_id", shift.agency_id, book)
    yield from _usual_unit(shift, shift.agency_id, book)


def _plan(plan: ResponsePlan, book: Book) -> Iterator[Fault]:
    if (plan.type_id is None) == (plan.category is None):
        yield Fault("type_id", "type_or_category")
    seen = set[str]()
    for level_number, level in enumerate(plan.levels):
        if sum(need.units for need in level.needs) > UNITS_MOST:
            yield Fault(f"levels[{level_number}].needs", "too_many_units", {"most": str(UNITS_MOST)})
        for need_number, need in enumerate(level.needs):
            path = f"levels[{level_number}].needs[{need_number}]"
            if need.id in seen:
                yield Fault(f"{path}.id", "need_twice", {"id": need.id})
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
                        f"{path}.agencies[{number}]",
                        "no_unit",
                        {"agency": agency_id, **wanted},
                    )


def _policy(policy: EscalationPolicy, book: Book) -> Iterator[Fault]:
    seen = set[int]()
    for number, each in enumerate(policy.silence):
        if each.priority in seen:
            yield Fault(f"silence[{number}].priority", "priority_twice", {"priority": str(each.priority)})
        seen.add(each.priority)


def _reason(reason: Reason, book: Book) -> Iterator[Fault]:
    for path, (code, values) in refused_words(reason, book.of("reasons").values()).items():
        yield Fault(path, code, values)


def _spoken(thing: District | IncidentType, book: Book) -> Iterator[Fault]:
    for path, word in given_twice(thing):
        yield Fault(path, "word_twice", {"word": word})


def _district(district: District, book: Book) -> Iterator[Fault]:
    yield from _spoken(district, book)
    rings: list[boundaries.Ring] = []
    for number, text in enumerate(district.boundary):
        try:
            rings.append(boundaries.decode(text))
        except boundaries.NoRing:
            yield Fault(f"boundary[{number}]", "wrong_form")
            return
        if len(rings[-1]) < boundaries.FEWEST:
            yield Fault(f"boundary[{number}]", "ring_open")
            return
    if sum(map(len, rings)) > boundaries.POINTS_MOST:
        yield Fault("boundary", "too_many_points")
    elif boundaries.crossing(rings):
        yield Fault("boundary", "crosses_itself")
    elif not places.reached(rings, [district]):
        yield Fault("boundary", "elsewhere")


def _type(type_: IncidentType, book: Book) -> Iterator[Fault]:
    yield from _spoken(type_, book)
    for number, question in enumerate(type_.questions):
        path = f"questions[{number}]"
        if question.id in (each.id for each in type_.questions[:number]):
            yield Fault(f"{path}.id", "twice")
        options = [each.id for each in question.options]
        if question.kind == "choice" and len(options) < FEWEST_OPTIONS:
            yield Fault(f"{path}.options", "too_few", {"least": str(FEWEST_OPTIONS)})
        for place, option in enumerate(options):
            if option in options[:place]:
                yield Fault(f"{path}.options[{place}].id", "twice")


def _template(template: SmsTemplate, book: Book) -> Iterator[Fault]:
    for code, values in template_faults(template.body, template.kind):
        yield Fault("body", code, values)


def _text(text: SmsText, book: Book) -> Iterator[Fault]:
    if text.kind not in TEXTS:
        yield Fault("kind", "not_a_choice")
        return
    for code, values in template_faults(text.body, text.kind):
        yield Fault("body", code, values)
    for other in book.of("sms-texts").values():
        if other.id != text.id and (other.kind, other.language) == (text.kind, text.language):
            yield Fault("kind", "text_twice", {"id": other.id})


def _state(state: UnitState, book: Book) -> Iterator[Fault]:
    """Whether what a unit does now is still possible: nobody is taken out of an assignment by a form."""
    if state.reason and state.reason not in book.of("reasons"):
        yield Fault(
            "reason",
            "unknown",
            {"noun": "reasons", "id": state.reason},
            about=f"units/{state.unit_id}",
        )
    unit = book.of("units").get(state.unit_id)
    if not state.busy or unit is None:
        return
    about = f"incidents/{ids.label(state.incident_id)}"
    if book.gone(unit) or unit.agency_id != state.agency_id:
        yield Fault(state.unit_id, "unit_out", about=about)
    for person_id in sorted({each for held in state.holding for each in held.people}):
        for _ in _person(person_id, "", state.agency_id, book):
            yield Fault(person_id, "person_out", {"unit": state.unit_id}, about=about)


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
            yield Fault(path, "unknown", {"noun": noun, "id": id_})


def _target(target: Target, book: Book) -> Iterator[Fault]:
    if target.until_ready and target.clock != "response":
        yield Fault("until_ready", "of_response_only")


RULES: dict[type[Any], Callable[[Any, Book], Iterator[Fault]]] = {
    Regency: _regency,
    Agency: _agency,
    Station: _of_agency,
    Unit: _unit,
    Person: _personnel,
    Account: _account,
    DutyCrew: _crew,
    ShiftCode: duty_rules.shift_code,
    DutyPattern: duty_rules.pattern,
    Holiday: _holiday,
    Training: _training,
    Shift: _shift,
    ResponsePlan: _plan,
    EscalationPolicy: _policy,
    District: _district,
    IncidentType: _type,
    Reason: _reason,
    Target: _target,
    SmsTemplate: _template,
    SmsText: _text,
}
