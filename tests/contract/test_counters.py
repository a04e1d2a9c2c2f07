"""A change of the registry costs the others only what changed, and is decided on nothing that moved meanwhile."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from chalicelib.domain import times
from chalicelib.domain.registry import District, Person, Shift
from chalicelib.errors import Conflict, Unprocessable
from chalicelib.models import counters, registry_writes
from chalicelib.models import registry as store
from chalicelib.models.tables import RegistryItem
from chalicelib.services.registry import keeping
from tests.contract.faults import after, answering
from tests.contract.regency_on_moto import Regency
from tests.contract.test_races import together
from tests.support import regency as seeded

CREWS = {"andi": "damkar", "citra": "psc", "eko": "polres", "fajar": "airud"}


def shift(regency: Regency, person_id: str, days_ahead: int) -> Shift:
    begins = times.plus(regency.clock.now(), days_ahead * 86400)
    return Shift(
        id=f"{person_id}-{days_ahead}",
        agency_id=CREWS[person_id],
        person_id=person_id,
        starts_at=begins,
        ends_at=times.plus(begins, 8 * 3600),
    )


def writes(regency: Regency) -> int:
    return regency.dynamodb.count("TransactWriteItems")


def queries(regency: Regency) -> list[str]:
    """The partitions that were queried."""
    return [
        next(iter(kwargs["ExpressionAttributeValues"].values()))["S"]
        for operation, kwargs in regency.dynamodb.calls
        if operation == "Query"
    ]


def preview(regency: Regency) -> None:
    """What a preview asks: the registry with the units' states, and who is on duty today and since yesterday."""
    registry = regency.world.registry.current_with_states()
    for agency_id in sorted(set(CREWS.values())):
        for by in (-1, 0):
            registry.shifts(agency_id, times.local_day(regency.clock.now(), 7, by))


def test_officers_of_different_agencies_write_their_rosters_without_waiting_for_each_other(
    regency: Regency,
) -> None:
    registry = regency.registry

    def roster(person_id: str) -> None:
        for day in range(20, 25):
            keeping.put(
                regency.world,
                registry,
                "shifts",
                shift(regency, person_id, day),
                known=None,
                hand=seeded.HAND,
            )

    regency.dynamodb.calls.clear()
    # Each goes on from a registry that was read before any of the others wrote.
    assert together(*(partial(roster, person_id) for person_id in CREWS)) == []
    assert writes(regency) - 5 * len(CREWS) <= len(CREWS) * 4, "only an officer's own last write is met again"
    for person_id, agency_id in CREWS.items():
        day = times.local_day(times.plus(regency.clock.now(), 20 * 86400), 7)
        assert person_id in {each.person_id for each in regency.registry.shifts(agency_id, day)}


def test_a_preview_reads_again_only_the_day_that_another_officer_changed(regency: Regency) -> None:
    preview(regency)
    regency.dynamodb.calls.clear()
    preview(regency)
    assert queries(regency) == ["LIVE"]

    today = replace(shift(regency, "andi", 0), starts_at=times.plus(regency.clock.now(), 9 * 3600))
    today = replace(today, ends_at=times.plus(today.starts_at, 3600))
    day = times.local_day(today.starts_at, 7)
    known = regency.registry.shifts("damkar", day)
    registry_writes.write([(registry_writes.item_of("shifts", today, day), None)], stamp=seeded.stamped())
    regency.dynamodb.calls.clear()
    preview(regency)
    changed = [store.shift_pk("damkar", day)] if day == times.local_day(regency.clock.now(), 7) else []
    assert queries(regency) == ["LIVE", *changed]
    assert regency.registry.shifts("damkar", day) == sorted([*known, today], key=lambda each: each.id)


def test_a_changed_noun_is_read_again_alone_and_the_rosters_stay_known(regency: Regency) -> None:
    preview(regency)
    new = District(id="telawang", code="62.02.99", name="Telawang", lat=-2.5, lng=112.9)
    registry_writes.write([(registry_writes.item_of("districts", new), None)], stamp=seeded.stamped())
    regency.dynamodb.calls.clear()
    preview(regency)
    assert queries(regency) == ["LIVE", store.NOUN_PK]
    (_, read) = [call for call in regency.dynamodb.calls if call[0] == "Query"][1]
    assert {"S": "districts#"} in read["ExpressionAttributeValues"].values()
    assert regency.registry.districts["telawang"] == new


def test_what_an_older_release_wrote_is_read_whole_since_it_does_not_say_what_it_was(
    regency: Regency,
) -> None:
    preview(regency)
    day = times.local_day(regency.clock.now(), 7)
    own = replace(shift(regency, "andi", 0), id="by-the-older-one")
    andi = replace(regency.registry.people["andi"], name="Andi Baru")
    registry_writes.item_of("shifts", own, day).save()
    registry_writes.item_of("personnel", andi).save()
    total = RegistryItem.get(counters.LIVE, counters.TOTAL)
    RegistryItem(pk=counters.LIVE, sk=counters.TOTAL, v=total.v + 1).save()

    registry = regency.registry
    assert registry.people["andi"].name == "Andi Baru"
    assert "by-the-older-one" in {each.id for each in registry.shifts("damkar", day)}


def test_whatever_is_written_raises_the_one_counter_that_an_older_release_knows(regency: Regency) -> None:
    def total() -> int:
        return int(RegistryItem.get(counters.LIVE, counters.TOTAL).v)

    before = total()
    keeping.put(
        regency.world, regency.registry, "shifts", shift(regency, "andi", 20), known=None, hand=seeded.HAND
    )
    between = total()
    new = District(id="telawang", code="62.02.99", name="Telawang", lat=-2.5, lng=112.9)
    keeping.put(regency.world, regency.registry, "districts", new, known=None, hand=seeded.HAND)
    assert before < between < total()
    assert counters.read().unexplained == 0


def retired(regency: Regency) -> Person:
    return replace(regency.registry.people["andi"], retired=True)


def test_nobody_is_put_on_a_roster_who_is_retired_at_that_instant(regency: Regency) -> None:
    # Without a shift yet, so that retiring her changes nobody's duty.
    wati = replace(regency.registry.people["andi"], id="wati", phone="+628110000099")
    keeping.put(regency.world, regency.registry, "personnel", wati, known=None, hand=seeded.HAND)
    registry = regency.registry
    hers = replace(shift(regency, "andi", 20), id="wati-20", person_id="wati")

    def others_retire() -> None:
        keeping.put(
            regency.world,
            regency.registry,
            "personnel",
            replace(wati, retired=True),
            known=1,
            hand=seeded.HAND,
        )

    regency.dynamodb.next("TransactWriteItems", after(others_retire))
    with pytest.raises(Unprocessable):
        keeping.put(regency.world, registry, "shifts", hers, known=None, hand=seeded.HAND)


def test_nobody_is_retired_who_is_put_on_a_roster_at_that_instant(regency: Regency) -> None:
    gone = retired(regency)
    late = shift(regency, "andi", 20)

    def others_write() -> None:
        keeping.put(regency.world, regency.registry, "shifts", late, known=None, hand=seeded.HAND)

    # Nothing of today's roster stands in the way: what does is written in between.
    keeping.put(
        regency.world,
        regency.registry,
        "personnel",
        gone,
        known=1,
        hand=seeded.HAND._replace(end_shifts=True),
    )
    back = replace(gone, retired=False)
    keeping.put(regency.world, regency.registry, "personnel", back, known=2, hand=seeded.HAND)
    registry = regency.registry
    regency.dynamodb.next("TransactWriteItems", after(others_write))
    with pytest.raises(Conflict, match="shifts/andi-20"):
        keeping.put(regency.world, registry, "personnel", gone, known=3, hand=seeded.HAND)
    assert not regency.registry.people["andi"].retired


def test_what_a_transaction_had_not_shown_yet_is_read_once_more_a_little_later(regency: Regency) -> None:
    now = [0.0]
    cache = store.RegistryCache(lambda: now[0])
    assert cache.current().people["andi"].name != "Andi Baru"
    now[0] += store.HALF_SEEN_S
    cache.current()
    before = [item for item in RegistryItem.query(store.NOUN_PK) if item.sk.startswith("personnel#")]
    raw = [msgspec.convert(item.to_dynamodb_dict(), dict[str, Any]) for item in before]
    renamed = replace(cache.current().people["andi"], name="Andi Baru")
    keeping.put(regency.world, regency.registry, "personnel", renamed, known=1, hand=seeded.HAND)
    # The counter is seen, the person not yet: so may a query answer within a transaction's instant.
    of_people = lambda kwargs: {"S": "personnel#"} in kwargs["ExpressionAttributeValues"].values()  # noqa: E731
    regency.dynamodb.next("Query", answering(lambda: raw), when=of_people)
    assert cache.current().people["andi"].name != "Andi Baru"
    now[0] += store.HALF_SEEN_S
    assert cache.current().people["andi"].name == "Andi Baru"
    regency.dynamodb.calls.clear()
    now[0] += store.HALF_SEEN_S
    assert cache.current().people["andi"].name == "Andi Baru"
    assert len(queries(regency)) == 1, "once is enough"
