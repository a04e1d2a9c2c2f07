"""Keeping the registry: what officers change, checked against what it refers to, counted with every write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from msgspec.structs import replace

from ...bootstrap import World
from ...domain import registry_rules, times
from ...domain.accounts import gives_up
from ...domain.registry import NOUNS, UNSAID, Account, Agency, Person, Regency, Shift, Unit
from ...domain.registry_rules import SHIFT_DAYS_AHEAD, Book
from ...errors import Conflict, NotFound, Unprocessable
from ...faults import Fault
from ...models import registry_writes, unit_states
from ...models.conflicts import ConditionFailed
from ...models.registry import Snapshot
from ...models.registry_writes import Item, ToDelete, ToPut
from ...models.transactions import LIMIT
from ...models.versions import Stamp
from ..changes.retrying import REGISTRY_CONTENDED, Try, retried
from .phone_numbers import country_of, refused_phone

NAMED_MOST = 20
DAYS_AT_ONCE = 8
# Each is written with its record, and with another where it had none. Each transaction holds the thing changed too, and the
# counters of all, of the nouns, of the agency's duty with their logs.
ENDED_AT_ONCE = (LIMIT - 8) // 3


class Hand(NamedTuple):
    """Whose hand changes the registry and why; `of` is the version that is put back.

    `end_shifts` ends what the change leaves on no roster: future shifts are removed, a running one ends now.
    """

    by: str
    why: str = ""
    of: int | None = None
    end_shifts: bool = False


class Edit(NamedTuple):
    """What to write with the version each item replaces, what to delete; `more` if another must follow it.

    `relies_on`: the agencies whose duty was looked at, which must not change meanwhile.
    """

    items: list[ToPut]
    deletes: list[ToDelete]
    more: bool = False
    relies_on: tuple[str, ...] = ()


def find(registry: Snapshot, noun: str, id_: str) -> tuple[Any, int]:
    """One of a noun but shifts and its version; NotFound for what is not there."""
    if noun == "shifts":
        raise NotFound("a shift is not changed: remove it and add another", Fault("noun", "shift_fixed"))
    values = registry.of(must_noun(noun))
    if id_ not in values:
        raise NotFound(f"no such {noun}", Fault("id", "not_found"))
    return values[id_], registry.versions[noun, id_]


def must_noun(noun: str) -> str:
    if noun not in NOUNS:
        raise NotFound("no such noun", Fault("noun", "not_found"))
    return noun


def put(world: World, registry: Snapshot, noun: str, value: Any, *, known: int | None, hand: Hand) -> int:
    """Write one thing; `known` is the version it replaces, None for a new one. Its new version; Conflict if it moved meanwhile.

    Unprocessable has every fault of the thing, Conflict what else it would break: that depends on it, and is named.
    The shifts that it would break are ended first, if `hand` wants it.
    """
    before = registry.of(noun)[value.id] if known is not None else None
    _must_stay_officer(before, value, hand)
    written: list[Item] = []

    def decide(registry: Snapshot) -> Edit:
        if isinstance(value, Regency) and any(id_ != value.id for id_ in registry.of(noun)):
            raise Conflict("there is one regency: change that", Fault("id", "one_regency"))
        now = world.clock.now()
        book = _book(world, registry, noun, before, value, now)
        after = book if noun == "shifts" else book.with_(noun, value.id, value)
        own = [
            *registry_rules.faults(value, after),
            *unreachable(registry, value),
            *_beside_a_sheet(world, registry, value),
        ]
        others = [] if noun == "shifts" else registry_rules.introduced(book, after, noun, value.id)
        broken = (
            {fault.about for fault in others if fault.about.startswith("shifts/")}
            if hand.end_shifts
            else set()
        )
        _refuse(own, [fault for fault in others if fault.about not in broken])
        ending = [shift for shift in book.shifts if f"shifts/{shift.id}" in broken]
        change = _ended(world, registry, ending[:ENDED_AT_ONCE], now)._replace(
            relies_on=rosters_of(before, value)
        )
        if len(ending) > ENDED_AT_ONCE:
            return change._replace(more=True)
        written[:] = [_item(world, noun, value)]
        return change._replace(items=[*change.items, (written[0], known)])

    _write(world, registry, hand, decide)
    return int(written[0].v)


def delete(world: World, registry: Snapshot, noun: str, id_: str, hand: Hand) -> None:
    """Remove one thing; Conflict names what still refers to it, or asks to retire what old incidents name."""
    value, known = find(registry, noun, id_)
    if isinstance(value, Account):
        raise Conflict("what it did names it: disable it instead", Fault("id", "disable_instead"))
    if "retired" in value.__struct_fields__:
        raise Conflict("old incidents name it: retire it instead", Fault("id", "named_by_old"))
    if isinstance(value, Regency):
        raise Conflict("there must be a regency: change it instead", Fault("id", "regency_needed"))

    def decide(registry: Snapshot) -> Edit:
        book = _book(world, registry, noun, value, None, world.clock.now())
        others = registry_rules.introduced(book, book.with_(noun, id_, None), noun, id_)
        if users := sorted({fault.about for fault in others if fault.about}):
            named = ", ".join(users[:NAMED_MOST])
            raise Conflict(
                "something still refers to it",
                Fault("id", "referred_to", {"things": named}),
                *others[:NAMED_MOST],
            )
        _refuse([], others)
        return Edit([], [(_item(world, noun, value), known)])

    _write(world, registry, hand, decide)


def _must_stay_officer(before: Any, after: Any, hand: Hand) -> None:
    """Nobody takes their own access away. Who takes another's has access, and with it the last admin who can sign in stays."""
    if isinstance(before, Account) and before.id == hand.by and gives_up(before, after):
        raise Conflict("another admin must do that", Fault("id", "own_account"))


def unreachable(registry: Snapshot, value: Any) -> list[Fault]:
    """What libphonenumber, which the rule book knows nothing of, says of a phone, or of everybody's under other countries."""
    if isinstance(value, Agency | Person) and not value.retired:
        code = refused_phone(value.phone, registry.regency, sms=isinstance(value, Person))
        return [Fault("phone", code)] if code else []
    if not isinstance(value, Regency):
        return []
    left_out = [
        f"{noun}/{each.id}"
        for noun in ("personnel", "agencies")
        for each in registry.of(noun).values()
        if not each.retired
        and country_of(each.phone) not in value.countries
        and (registry.regency is UNSAID or country_of(each.phone) in registry.regency.countries)
    ]
    things = {"things": ", ".join(sorted(left_out)[:NAMED_MOST])}
    return [Fault("countries", "countries_needed", things)] if left_out else []


def _beside_a_sheet(world: World, registry: Snapshot, value: Any) -> list[Fault]:
    """A single shift on a day that a published sheet covers would look like duty and be none."""
    if not isinstance(value, Shift) or not _readable(value):
        return []
    day = times.local_day(value.starts_at, world.settings.utc_offset_hours)
    sheet = registry.sheet(value.agency_id, day[:7])
    return [Fault("starts_at", "sheet_decides")] if sheet and sheet.covers(day) else []


def _refuse(own: Sequence[Fault], others: Sequence[Fault]) -> None:
    """Refuse a write with all that is wrong, its own faults first: 20 things that depend on it are named, the rest counted."""
    if not own and not others:
        return
    told = [*own, *others[:NAMED_MOST]]
    if own:
        raise Unprocessable("the registry does not fit together", *told)
    users = sorted({fault.about for fault in others if fault.about})
    if not users:
        raise Conflict("there must be another first", *told)
    more = f" and {len(users) - NAMED_MOST} more" if len(users) > NAMED_MOST else ""
    message = f"something depends on it: {', '.join(users[:NAMED_MOST])}{more}"
    if any(user.startswith("shifts/") for user in users):
        message += "; end_shifts=true ends the shifts with it"
    raise Conflict(message, *told)


def _book(world: World, registry: Snapshot, noun: str, before: Any, value: Any, now: str) -> Book:
    """The registry as the rules see it, with the shifts that a change may concern: they are read a day at a time."""
    if noun != "shifts":
        return book_of(world, registry, rosters_of(before, value), now)
    hours = world.settings.utc_offset_hours
    days = [times.local_day(value.starts_at, hours, by) for by in (-1, 0, 1)] if _readable(value) else []
    shifts = _shifts(registry, value.agency_id, days)
    return Book(
        nouns={each: registry.of(each) for each in NOUNS}, now=now, utc_offset_hours=hours, shifts=shifts
    )


def book_of(world: World, registry: Snapshot, rosters: Iterable[str], now: str) -> Book:
    """The registry as the rules see it, with the rosters of some agencies that end after now."""
    shifts: list[Shift] = []
    hours = world.settings.utc_offset_hours
    for agency_id in rosters:
        days = [times.local_day(now, hours, by) for by in range(-1, SHIFT_DAYS_AHEAD + 2)]
        shifts += [
            shift for shift in _shifts(registry, agency_id, days) if times.instant_of(shift.ends_at) > now
        ]
    return Book(
        nouns={each: registry.of(each) for each in NOUNS},
        now=now,
        utc_offset_hours=hours,
        shifts=shifts,
        states=list(unit_states.all_unit_states().units.values()),
        incidents=world.open_incidents.board(),
    )


def _readable(shift: Shift) -> bool:
    return times.on_calendar(shift.starts_at[:10])


def rosters_of(before: Any, after: Any) -> tuple[str, ...]:
    """The agency on whose rosters somebody or something stands that is retired or moved to another; () for other changes."""
    if not isinstance(before, Person | Unit | Agency) or after is None:
        return ()
    if isinstance(before, Agency):
        return (before.id,) if after.retired and not before.retired else ()
    leaves = (after.retired and not before.retired) or after.agency_id != before.agency_id
    return (before.agency_id,) if leaves else ()


def _shifts(registry: Snapshot, agency_id: str, days: Sequence[str]) -> list[Shift]:
    with ThreadPoolExecutor(DAYS_AT_ONCE) as pool:
        found = pool.map(lambda day: registry.shifts(agency_id, day), days)
        return [shift for day in found for shift in day]


def _ended(world: World, registry: Snapshot, shifts: Sequence[Shift], now: str) -> Edit:
    """What ends shifts: those to come are removed, one that runs ends now, so that who was on duty stays known."""
    change = Edit([], [])
    for shift in shifts:
        item = _item(world, "shifts", shift)
        known = registry.shift_versions[item.pk, item.sk]
        if times.instant_of(shift.starts_at) < now:
            change.items.append((_item(world, "shifts", replace(shift, ends_at=now)), known))
        else:
            change.deletes.append((item, known))
    return change


def find_shift(registry: Snapshot, agency_id: str, day: str, id_: str) -> Shift:
    """A shift of an agency that begins on a local day; NotFound if there is none."""
    for shift in registry.shifts(agency_id, day):
        if shift.id == id_:
            return shift
    raise NotFound("no such shift", Fault("id", "not_found"))


def delete_shift(world: World, registry: Snapshot, shift: Shift, hand: Hand) -> None:
    """Take somebody off the roster."""
    item = _item(world, "shifts", shift)
    known = registry.shift_versions[item.pk, item.sk]
    _write(world, registry, hand, lambda _: Edit([], [(item, known)]))


def _item(world: World, noun: str, value: Any) -> Item:
    day = times.local_day(value.starts_at, world.settings.utc_offset_hours) if noun == "shifts" else ""
    return registry_writes.item_of(noun, value, day)


def _write(world: World, registry: Snapshot, hand: Hand, decide: Callable[[Snapshot], Edit]) -> None:
    """Write what is decided on a registry that is still the present one when it is written, or decide again."""
    begun = False
    while _write_some(world, registry, hand, decide, begun=begun):
        begun = True


def _write_some(
    world: World, registry: Snapshot, hand: Hand, decide: Callable[[Snapshot], Edit], *, begun: bool
) -> bool:
    """Write one change; whether another must follow it. `begun`: a part is written."""

    def attempt(each: Try) -> bool:
        present = world.registry.current() if begun or each.failed else registry
        items, deletes, more, relies_on = decide(present)
        # The thing itself comes last, once all shifts that it ends are ended.
        sk = (items or deletes)[-1][0].sk if not more else "-"
        back = {sk: hand.of} if hand.of else {}
        stamp = Stamp(each.now, hand.by, world.mint.salt, why=hand.why, put_back=back, about=sk)
        try:
            registry_writes.write(items, deletes, present.at, relies_on, stamp=stamp)
        except ConditionFailed as failed:
            if "item" not in failed.labels:
                raise
            # The answer to this very change may have been lost on its way.
            if not registry_writes.stands(items, deletes):
                raise Conflict(
                    "somebody else changed it meanwhile; load it again", Fault("id", "changed_meanwhile")
                ) from None
        return more

    return retried(world, attempt, REGISTRY_CONTENDED, begun=begun)


def shifts_of_day(registry: Snapshot, agency_id: str, day: str) -> list[Shift]:
    """An agency's shifts that begin on a local day, by their beginning."""
    return sorted(
        registry.shifts(agency_id, day), key=lambda shift: (times.instant_of(shift.starts_at), shift.id)
    )
