"""Keeping the registry: what officers change, checked against what it refers to, counted with every write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..bootstrap import World
from ..domain import times
from ..domain.dispatch import instant_of
from ..domain.references import references
from ..domain.registry import (
    NOUNS,
    UNSAID,
    ZONE_HOURS,
    Account,
    Agency,
    Person,
    Reason,
    Regency,
    ResponsePlan,
    Shift,
    SmsTemplate,
    Unit,
)
from ..domain.replies import refused_words
from ..domain.sms import check_template
from ..domain.units import PrimaryStatus, UnitState
from ..errors import Busy, Conflict, NotFound, Unprocessable
from ..models import registry as store
from ..models.registry import Snapshot
from ..models.tables import RegistryItem
from ..models.transactions import ConditionFailed, Contention, Transaction, Unconfirmed
from .phone_numbers import country_of, refused_phone
from .writing import tries

LONGEST_SHIFT_S = 24 * 3600
UNITS_MOST = 20
NAMED_MOST = 10
# What to write with the version each item replaces, and what to delete.
Change = tuple[list[tuple[RegistryItem, int | None]], list[tuple[RegistryItem, int]]]


def find(registry: Snapshot, noun: str, id_: str) -> tuple[Any, int]:
    """One of a noun but shifts and its version; NotFound for what is not there."""
    if noun == "shifts":
        raise NotFound(
            "a shift is not changed: remove it and add another", {"noun": "remove it and add another"}
        )
    values = registry.of(must_noun(noun))
    if id_ not in values:
        raise NotFound(f"no such {noun}", {"id": "not found"})
    return values[id_], registry.versions[noun, id_]


def must_noun(noun: str) -> str:
    if noun not in NOUNS:
        raise NotFound("no such noun", {"noun": "not found"})
    return noun


def check(world: World, registry: Snapshot, noun: str, value: Any) -> None:
    """Refuse what refers to something unknown or breaks a rule that its type does not say."""
    fields = {
        path: f"{to} has no {id_!r}" for path, to, id_ in references(value) if id_ not in registry.of(to)
    }
    if isinstance(value, ResponsePlan):
        for number, level in enumerate(value.levels):
            # One level is sent in one transaction of at most 100 items, five or so a unit.
            if sum(need.units for need in level.needs) > UNITS_MOST:
                fields[f"levels[{number}].needs"] = f"asks for more than {UNITS_MOST} units"
    if isinstance(value, Unit):
        station = registry.stations.get(value.station_id)
        if station and station.agency_id != value.agency_id:
            fields["station_id"] = "belongs to another agency"
    if isinstance(value, Account) and value.role == "agency_admin" and not value.agency_id:
        fields["agency_id"] = "is required for an agency_admin"
    if isinstance(value, Person):
        fields |= {
            f"certifications[{n}].expires_on": "is no day of the calendar"
            for n, held in enumerate(value.certifications)
            if not times.on_calendar(held.expires_on)
        }
    if isinstance(value, Regency):
        if ZONE_HOURS[value.zone] != world.settings.utc_offset_hours:
            # Rosters and days are kept by the deployment's hours, which no form changes.
            fields["zone"] = f"is not UTC+{world.settings.utc_offset_hours}"
        fields |= _cut_off(registry, value)
    if isinstance(value, (Agency, Person)) and not value.retired:
        refusal = refused_phone(value.phone, registry.regency, sms=isinstance(value, Person))
        fields |= {"phone": refusal} if refusal else {}
    if isinstance(value, Shift):
        impossible = [
            name for name in ("starts_at", "ends_at") if not times.on_calendar(getattr(value, name)[:10])
        ]
        fields |= dict.fromkeys(impossible, "is no day of the calendar")
        if not impossible and not 0 < (times.between(value.starts_at, value.ends_at) or 0) <= LONGEST_SHIFT_S:
            fields["ends_at"] = "must lie within 24 hours after starts_at"
        unit = registry.units.get(value.unit_id or "")
        person = registry.people.get(value.person_id)
        if unit and unit.agency_id != value.agency_id:
            fields["unit_id"] = "belongs to another agency"
        if person and person.agency_id != value.agency_id:
            fields["person_id"] = "belongs to another agency"
    if isinstance(value, Reason):
        fields |= refused_words(value, registry.reasons.values())
    if isinstance(value, SmsTemplate):
        check_template(value.body, value.kind)
    if fields:
        raise Unprocessable("the registry does not fit together", fields)


def _cut_off(registry: Snapshot, after: Regency) -> dict[str, str]:
    """Refuse allowed countries without which somebody who is paged or rung today would be no more."""
    left_out = [
        f"{noun}/{each.id}"
        for noun in ("personnel", "agencies")
        for each in registry.of(noun).values()
        if not each.retired
        and country_of(each.phone) not in after.countries
        and (registry.regency is UNSAID or country_of(each.phone) in registry.regency.countries)
    ]
    return {"countries": f"leaves out {', '.join(sorted(left_out)[:NAMED_MOST])}"} if left_out else {}


def put(world: World, registry: Snapshot, noun: str, value: Any, *, known: int | None) -> None:
    """Write one thing; `known` is the version it replaces, None for a new one. Conflict if it moved meanwhile."""
    before = registry.of(noun)[value.id] if known is not None else None

    def decide(registry: Snapshot) -> Change:
        if isinstance(value, Regency) and any(id_ != value.id for id_ in registry.of(noun)):
            raise Conflict("there is one regency: change that", {"id": "there is one already"})
        check(world, registry, noun, value)
        _keep_an_admin(registry, before, value)
        return [(_item(world, noun, value), known)], []

    _write(world, registry, decide)


def delete(world: World, registry: Snapshot, noun: str, id_: str) -> None:
    """Remove one thing; Conflict names what still refers to it, or asks to retire what old incidents name."""
    value, known = find(registry, noun, id_)
    if "retired" in value.__struct_fields__:
        raise Conflict("old incidents name it: retire it instead", {"id": "retire it instead"})

    if isinstance(value, Regency):
        raise Conflict("there must be a regency: change it instead", {"id": "change it instead"})

    def decide(registry: Snapshot) -> Change:
        _keep_an_admin(registry, value, None)
        users = [
            f"{other}/{each.id}"
            for other in NOUNS
            for each in registry.of(other).values()
            if any((to, each_id) == (noun, id_) for _, to, each_id in references(each))
        ]
        if users:
            raise Conflict("something still refers to it", {"id": ", ".join(sorted(users)[:10])})
        return [], [(_item(world, noun, value), known)]

    _write(world, registry, decide)


def find_shift(registry: Snapshot, agency_id: str, day: str, id_: str) -> Shift:
    """A shift of an agency that begins on a local day; NotFound if there is none."""
    for shift in registry.shifts(agency_id, day):
        if shift.id == id_:
            return shift
    raise NotFound("no such shift", {"id": "not found"})


def delete_shift(world: World, registry: Snapshot, shift: Shift) -> None:
    """Take somebody off the roster."""
    _write(world, registry, lambda _: ([], [(_item(world, "shifts", shift), 1)]))


def _keep_an_admin(registry: Snapshot, before: Any, after: Any) -> None:
    """Refuse to lose the last account that can give others theirs back."""

    def may(account: Any) -> bool:
        return isinstance(account, Account) and account.role == "admin" and not account.disabled

    if not may(before) or may(after):
        return
    if not any(may(account) for account in registry.accounts.values() if account.id != before.id):
        raise Conflict("this is the last admin", {"id": "is the last admin"})


def _item(world: World, noun: str, value: Any) -> RegistryItem:
    day = times.local_day(value.starts_at, world.settings.utc_offset_hours) if noun == "shifts" else ""
    return store.item_of(noun, value, day)


def _write(world: World, registry: Snapshot, decide: Callable[[Snapshot], Change]) -> None:
    """Write what is decided on a registry that is still the present one when it is written, or decide again."""
    for _ in tries(world):
        items, deletes = decide(registry)
        try:
            return store.write(items, deletes, at=registry.version)
        except (Contention, Unconfirmed):
            pass
        except ConditionFailed as failed:
            if "item" in failed.labels:
                # The answer to this very change may have been lost on its way.
                if store.stands(items, deletes):
                    return None
                raise Conflict(
                    "somebody else changed it meanwhile; load it again", {"id": "changed meanwhile"}
                ) from None
        registry = world.registry.current()
    raise Busy("the registry is being changed; send it again")


def must_reason(registry: Snapshot, reason: str, *, needed: bool) -> None:
    """Unprocessable for a reason that the registry does not know, or for none where one is needed."""
    if reason and reason not in registry.reasons:
        raise Unprocessable("unknown reason", {"reason": "unknown reason"})
    if needed and not reason:
        raise Unprocessable("a reason is needed", {"reason": "is required"})


def set_unit_status(
    world: World, registry: Snapshot, unit_id: str, primary: PrimaryStatus, reason: str, by: str
) -> UnitState:
    """Take a unit out of service with a reason, or bring it back; Conflict while it is on an assignment."""
    if unit_id not in registry.units:
        raise NotFound("no such unit", {"unit_id": "not found"})
    must_reason(registry, reason, needed=primary == "NotAvailable")
    for _ in tries(world):
        try:
            return _set_unit_status(world, registry, unit_id, primary, reason, by)
        except (ConditionFailed, Contention, Unconfirmed):
            continue
    raise Busy("the unit's state is being changed; send it again")


def _set_unit_status(
    world: World, registry: Snapshot, unit_id: str, primary: PrimaryStatus, reason: str, by: str
) -> UnitState:
    states, versions = store.unit_states([unit_id])
    before = states.get(unit_id)
    if before and before.busy:
        raise Conflict("the unit is on an assignment", {"unit_id": "on an assignment"})
    out = primary == "NotAvailable"
    state = UnitState(
        unit_id=unit_id,
        agency_id=registry.units[unit_id].agency_id,
        primary=primary,
        secondary=registry.reasons[reason].unit_status if out else "",
        reason=reason if out else "",
        since=world.clock.now(),
    )
    transaction = Transaction()
    store.add_unit_state(transaction, state, versions.get(unit_id), by)
    transaction.commit()
    return state


def shifts_of_day(registry: Snapshot, agency_id: str, day: str) -> list[Shift]:
    """An agency's shifts that begin on a local day, by their beginning."""
    return sorted(registry.shifts(agency_id, day), key=lambda shift: (instant_of(shift.starts_at), shift.id))
