"""Several desks and crews at once: no unit is booked twice, and every chain stays whole."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from msgspec.structs import replace

from chalicelib.domain import times
from chalicelib.domain.registry import District, Shift
from chalicelib.errors import Busy, Conflict, KentonganError, Unprocessable
from chalicelib.models import counters, page_codes
from chalicelib.models import registry as registry_store
from chalicelib.models.open_incidents import OpenIncidents
from chalicelib.models.tables import IncidentItem
from chalicelib.services.registry import keeping as registry_service
from chalicelib.services.registry import units
from chalicelib.services.registry.keeping import Hand
from chalicelib.services.response import assigning, ending, following
from tests.contract.faults import Faults, after, answer_lost, answering, of_index, sent_twice
from tests.contract.regency_on_moto import DESK, Regency, keyed
from tests.support import regency as seeded


def together(*acts: Callable[[], object]) -> list[BaseException]:
    """Do all this at once; whatever was refused."""
    start, refused = Barrier(len(acts)), list[BaseException]()

    def run(act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
        except BaseException as error:
            refused.append(error)

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def test_a_unit_taken_between_decision_and_commit_is_replaced_by_the_next(regency: Regency) -> None:
    other: list[str] = []
    regency.dynamodb.next("TransactWriteItems", after(lambda: other.append(regency.opened())))
    incident_id = regency.opened()
    assert sorted(each.unit_id for each in regency.whole(other[0]).assignments.values()) == [
        "ambulans_1",
        "damkar_1",
        "polres_1",
    ]
    whole = regency.whole(incident_id)
    assert sorted(each.unit_id for each in whole.assignments.values()) == ["ambulans_2", "damkar_2"]
    assert [mark.detail for mark in whole.incident.attention] == ["police:busy"]
    regency.must_agree()


def test_a_unit_taken_out_of_service_between_decision_and_commit_is_not_sent(regency: Regency) -> None:
    regency.dynamodb.next(
        "TransactWriteItems",
        after(
            lambda: units.set_unit_status(
                regency.world, regency.registry, "damkar_1", "NotAvailable", "no_fuel", "sub-operator"
            )
        ),
    )
    incident_id = regency.opened()
    assert "damkar_1" not in {each.unit_id for each in regency.whole(incident_id).assignments.values()}


def test_a_unit_asked_by_hand_while_another_desk_takes_it_is_refused(regency: Regency) -> None:
    mine, other = regency.opened("theft"), regency.opened("theft")
    regency.dynamodb.next(
        "TransactWriteItems",
        after(
            lambda: assigning.assign(
                regency.world, regency.registry, DESK, other, assigning.Choice(unit_id="damkar_1")
            )
        ),
    )
    with pytest.raises(Conflict):
        assigning.assign(regency.world, regency.registry, DESK, mine, assigning.Choice(unit_id="damkar_1"))
    regency.must_agree()


def test_two_desks_at_once_never_book_a_unit_twice(regency: Regency) -> None:
    refused = together(*(lambda n=n: regency.takes(keyed(f"k{n}")) for n in range(4)))
    assert all(isinstance(error, Busy) for error in refused)
    assert len(regency.incident_ids()) == 4 - len(refused)
    regency.must_agree()


def test_the_same_request_sent_twice_at_once_opens_one_incident(regency: Regency) -> None:
    refused = together(*(lambda: regency.takes(keyed("same")) for _ in range(4)))
    assert all(isinstance(error, Busy) for error in refused)
    assert len(regency.incident_ids()) == 1
    regency.must_agree()


def test_desk_and_crews_at_once_keep_one_whole_chain(regency: Regency) -> None:
    incident_id = regency.opened()
    assignments = {each.unit_id: each.id for each in regency.whole(incident_id).assignments.values()}

    def crew(unit_id: str, *steps: str) -> Callable[[], None]:
        def act() -> None:
            for step in steps:
                following.report(
                    regency.world,
                    regency.registry,
                    DESK,
                    incident_id,
                    following.CrewReport(
                        assignment_id=assignments[unit_id],
                        status=step,  # type: ignore[arg-type]
                        reason="no_fuel" if step == "unable" else "",
                    ),
                )

        return act

    def notes() -> None:
        for n in range(3):
            ending.add_note(regency.world, DESK, incident_id, f"catatan {n}")

    refused = together(
        crew("damkar_1", "acknowledged", "unable"),
        crew("ambulans_1", "acknowledged", "en_route", "on_scene"),
        crew("polres_1", "en_route", "cleared"),
        notes,
        lambda: paged(regency, incident_id),
    )
    assert all(isinstance(error, Busy) for error in refused)
    regency.must_agree()
    if not refused:
        whole = regency.whole(incident_id)
        assert len(whole.notes) == 3
        statuses = {each.unit_id: each.status for each in whole.assignments.values()}
        assert statuses == {
            "damkar_1": "unable",
            "damkar_2": "requested",
            "ambulans_1": "on_scene",
            "polres_1": "cleared",
        }


def paged(regency: Regency, incident_id: str) -> None:
    regency.settle()


def test_closing_while_a_unit_is_sent_never_leaves_a_closed_incident_with_a_crew(regency: Regency) -> None:
    incident_id = regency.opened("theft")
    refused = together(
        lambda: ending.close(regency.world, regency.registry, DESK, incident_id, "done"),
        lambda: assigning.assign(
            regency.world, regency.registry, DESK, incident_id, assigning.Choice(unit_id="damkar_1")
        ),
    )
    assert len(refused) == 1
    assert isinstance(refused[0], KentonganError)
    whole = regency.whole(incident_id)
    assert (whole.incident.status == "closed") == (not whole.assignments)
    regency.must_agree()


def test_an_index_that_lags_brings_no_closed_incident_back_and_joining_it_is_refused(
    regency: Regency,
) -> None:
    incident_id = regency.opened("theft")
    board = IncidentItem._get_connection().query("open", index_name="open")["Items"]
    ending.close(regency.world, regency.registry, DESK, incident_id, "done")
    regency.dynamodb.always("Query", answering(lambda: board), when=of_index("open"))
    for process in (regency.world.open_incidents, OpenIncidents()):
        assert process.board() == []
    with pytest.raises(Conflict):
        regency.takes(keyed("j"), incident_id=incident_id)
    regency.takes(keyed("n"))
    assert len(regency.incident_ids()) == 2
    regency.all_whole()


def test_a_board_that_has_not_heard_of_an_incident_hinders_nothing(regency: Regency) -> None:
    regency.dynamodb.always("Query", answering(lambda: []), when=of_index("open"))
    incident_id = regency.opened()
    assigning.assign(regency.world, regency.registry, DESK, incident_id, assigning.Choice(unit_id="damkar_2"))
    assert regency.takes(keyed("j"), incident_id=incident_id).nearby == []


def test_a_link_that_the_index_does_not_know_yet_leads_nowhere_and_works_later(regency: Regency) -> None:
    incident_id = regency.opened()
    page = regency.page_of(incident_id)
    regency.dynamodb.next("Query", answering(lambda: []), when=of_index("link"))
    assert page_codes.by_link(page.link) is None
    assert page_codes.by_link(page.link) == (incident_id, page.id, page.assignment_id)


def district(id_: str, name: str = "Baru") -> District:
    return District(id=id_, code="62.02.99", name=name, lat=-2.5, lng=112.9)


def test_a_registry_written_by_another_process_is_seen_by_the_next_request(regency: Regency) -> None:
    other = regency.another_process()
    assert "telawang" not in other.current().districts
    registry_service.put(
        regency.world, regency.registry, "districts", district("telawang"), known=None, hand=seeded.HAND
    )
    assert "telawang" in other.current().districts
    registry_service.put(
        regency.world,
        regency.registry,
        "districts",
        district("telawang", "Telawang"),
        known=1,
        hand=seeded.HAND,
    )
    assert other.current().districts["telawang"].name == "Telawang"
    registry_service.delete(regency.world, regency.registry, "districts", "telawang", seeded.HAND)
    assert "telawang" not in other.current().districts


def test_a_registry_that_stands_still_costs_one_small_read(regency: Regency) -> None:
    regency.world.registry.current()
    regency.dynamodb.calls.clear()
    regency.world.registry.current()
    assert [operation for operation, _ in regency.dynamodb.calls] == ["Query"]


def test_a_registry_written_while_it_is_read_is_read_again_at_the_next_request(regency: Regency) -> None:
    cache, known = regency.another_process(), regency.registry

    def others_write() -> None:
        registry_service.put(
            regency.world, known, "districts", district("telawang"), known=None, hand=seeded.HAND
        )

    regency.dynamodb.next("Query", after(others_write))
    cache.current()
    assert "telawang" in cache.current().districts
    assert cache.current().at == counters.read()


def test_two_officers_writing_different_things_at_once_both_land(regency: Regency) -> None:
    registry = regency.registry
    names = [f"kecamatan_{n}" for n in range(4)]
    refused = together(
        *(
            lambda name=name: registry_service.put(
                regency.world, registry, "districts", district(name), known=None, hand=seeded.HAND
            )
            for name in names
        )
    )
    assert refused == []
    assert set(names) <= set(regency.registry.districts)


def test_of_two_officers_writing_the_same_thing_one_is_told(regency: Regency) -> None:
    registry = regency.registry
    regency.dynamodb.next(
        "TransactWriteItems",
        after(
            lambda: registry_service.put(
                regency.world, registry, "districts", district("baamang", "Satu"), known=1, hand=seeded.HAND
            )
        ),
    )
    with pytest.raises(Conflict):
        registry_service.put(
            regency.world, registry, "districts", district("baamang", "Dua"), known=1, hand=seeded.HAND
        )
    assert regency.registry.districts["baamang"].name == "Satu"


def test_a_change_of_the_registry_whose_answer_was_lost_is_not_called_a_conflict(regency: Regency) -> None:
    for name, fault in (("satu", answer_lost), ("dua", sent_twice)):
        regency.dynamodb.next("TransactWriteItems", fault)
        registry_service.put(
            regency.world, regency.registry, "districts", district(name), known=None, hand=seeded.HAND
        )
        assert name in regency.registry.districts
        regency.dynamodb.next("TransactWriteItems", fault)
        registry_service.put(
            regency.world, regency.registry, "districts", district(name, "Lama"), known=1, hand=seeded.HAND
        )
        assert regency.registry.districts[name].name == "Lama"
        regency.dynamodb.next("TransactWriteItems", fault)
        registry_service.delete(regency.world, regency.registry, "districts", name, seeded.HAND)
        assert name not in regency.registry.districts


def test_empty_tables_are_a_registry_too(dynamodb: Faults) -> None:
    cache = registry_store.RegistryCache()
    assert cache.current().version == 0
    assert cache.current().districts == {}


def test_two_admins_who_disable_each_other_at_once_leave_one(regency: Regency) -> None:
    admin = regency.registry.accounts["sub-admin"]
    second = replace(admin, id="sub-admin2")
    registry_service.put(regency.world, regency.registry, "accounts", second, known=None, hand=seeded.HAND)
    seen = regency.registry
    world, hand = regency.world, Hand("sub-admin2")
    registry_service.put(world, seen, "accounts", replace(admin, disabled=True), known=1, hand=hand)
    with pytest.raises(Conflict) as refusal:
        off, hand = replace(second, disabled=True), Hand("sub-admin")
        registry_service.put(world, seen, "accounts", off, known=1, hand=hand)
    assert refusal.value.fields == {"id": "is the last admin"}


def test_what_is_removed_while_something_that_names_it_is_written_is_not_named(regency: Regency) -> None:
    registry_service.put(
        regency.world, regency.registry, "districts", district("telawang"), known=None, hand=seeded.HAND
    )
    seen = regency.registry
    registry_service.delete(regency.world, seen, "districts", "telawang", seeded.HAND)
    station = replace(seen.stations["pos_damkar_1"], district_id="telawang")
    with pytest.raises(Unprocessable):
        registry_service.put(regency.world, seen, "stations", station, known=1, hand=seeded.HAND)


def test_of_two_officers_one_retires_a_unit_or_the_other_puts_a_shift_on_it(regency: Regency) -> None:
    world = regency.world
    night = Shift(
        id="night",
        agency_id="damkar",
        person_id="andi",
        unit_id="spare",
        starts_at=times.plus(world.clock.now(), 48 * 3600),
        ends_at=times.plus(world.clock.now(), 50 * 3600),
    )
    spare = replace(world.registry.current().units["damkar_1"], id="spare", callsign="CADANGAN")
    registry_service.put(world, world.registry.current(), "units", spare, known=None, hand=seeded.HAND)

    def retire() -> None:
        registry = world.registry.current()
        registry_service.put(
            world, registry, "units", replace(spare, retired=True), known=1, hand=seeded.HAND
        )

    # Each was decided on a registry in which the other had not happened.
    registry = world.registry.current()
    regency.dynamodb.next("TransactWriteItems", after(retire))
    with pytest.raises(Unprocessable) as refused:
        registry_service.put(world, registry, "shifts", night, known=None, hand=seeded.HAND)
    assert refused.value.fields == {"unit_id": "'spare' is retired"}


def test_of_two_officers_at_once_one_is_refused(regency: Regency) -> None:
    world = regency.world
    night = Shift(
        id="night",
        agency_id="damkar",
        person_id="andi",
        unit_id="spare",
        starts_at=times.plus(world.clock.now(), 48 * 3600),
        ends_at=times.plus(world.clock.now(), 50 * 3600),
    )
    spare = replace(world.registry.current().units["damkar_1"], id="spare", callsign="CADANGAN")
    registry_service.put(world, world.registry.current(), "units", spare, known=None, hand=seeded.HAND)
    registry = world.registry.current()
    refused = together(
        lambda: registry_service.put(
            world, registry, "units", replace(spare, retired=True), known=1, hand=seeded.HAND
        ),
        lambda: registry_service.put(world, registry, "shifts", night, known=None, hand=seeded.HAND),
    )
    assert len(refused) == 1 and isinstance(refused[0], (Conflict, Unprocessable))
    now = world.registry.current()
    on_it = [
        shift
        for day in range(4)
        for shift in now.shifts("damkar", times.local_day(world.clock.now(), 7, day))
        if shift.unit_id == "spare"
    ]
    assert now.units["spare"].retired != bool(on_it)
