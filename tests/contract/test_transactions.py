"""Transactions: which condition failed, what may be tried again, and what can never work."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pynamodb.exceptions import TransactWriteError

from chalicelib.errors import Busy, Unanswered
from chalicelib.models import keys
from chalicelib.models.conflicts import ConditionFailed, Contention, Unconfirmed
from chalicelib.models.keys import Count
from chalicelib.models.tables import RegistryItem
from chalicelib.models.transactions import Transaction
from chalicelib.services.response import ending
from tests.contract.faults import Behaviour, Faults, answer_lost, cancelled, never_arrived, refused
from tests.contract.regency_on_moto import DESK, Regency, keyed

NOW = "2026-11-23T03:00:00.000Z"


def item(sk: str, v: int = 1) -> RegistryItem:
    return RegistryItem(pk="T", sk=sk, v=v, doc="")


def is_new() -> object:
    return RegistryItem.pk.does_not_exist()


def stored() -> dict[str, int]:
    return {each.sk: int(each.v) for each in RegistryItem.query("T", consistent_read=True)}


@pytest.fixture
def three(dynamodb: Faults) -> Iterator[None]:
    for sk in ("a", "b", "c"):
        item(sk).save()
    yield


def test_all_is_written_when_every_condition_holds(three: None) -> None:
    transaction = Transaction()
    transaction.put("d", item("d"), RegistryItem.pk.does_not_exist())
    transaction.delete("a", item("a"), RegistryItem.v == 1)
    transaction.put("b", item("b", 2), RegistryItem.v == 1)
    transaction.commit()
    assert stored() == {"b": 2, "c": 1, "d": 1}


def test_the_one_condition_that_failed_is_named_and_nothing_is_written(three: None) -> None:
    transaction = Transaction()
    transaction.put("first", item("d"), RegistryItem.pk.does_not_exist())
    transaction.put("second", item("b", 2), RegistryItem.v == 7)
    transaction.put("third", item("e"), None)
    with pytest.raises(ConditionFailed) as failure:
        transaction.commit()
    assert failure.value.labels == {"second"}
    assert stored() == {"a": 1, "b": 1, "c": 1}


def test_several_failed_conditions_are_named_together(three: None) -> None:
    transaction = Transaction()
    for label, sk, v in (("one", "a", 7), ("two", "b", 1), ("three", "c", 7)):
        transaction.put(label, item(sk, 2), RegistryItem.v == v)
    with pytest.raises(ConditionFailed) as failure:
        transaction.commit()
    assert failure.value.labels == {"one", "three"}


def test_deletes_are_sent_before_puts_and_each_keeps_its_label(three: None) -> None:
    for fails in ("put", "delete"):
        transaction = Transaction()
        transaction.put("put", item("b", 2), RegistryItem.v == (7 if fails == "put" else 1))
        transaction.delete("delete", item("a"), RegistryItem.v == (7 if fails == "delete" else 1))
        with pytest.raises(ConditionFailed) as failure:
            transaction.commit()
        assert failure.value.labels == {fails}


def test_updates_are_sent_last_and_count_only_what_is_written(three: None) -> None:
    once = Count(what="calls", kept_s=60)
    for fails in ("put", "delete", ""):
        transaction = Transaction()
        keys.add_count(transaction, once, NOW)
        transaction.put("put", item("b", 2), RegistryItem.v == (7 if fails == "put" else 1))
        transaction.delete("delete", item("a"), RegistryItem.v == (7 if fails == "delete" else 1))
        if fails:
            with pytest.raises(ConditionFailed) as failure:
                transaction.commit()
            assert failure.value.labels == {fails}
        else:
            transaction.commit()
    assert keys.read(["calls", "nothing"]) == {"calls": 1, "nothing": 0}
    assert keys.add(once, NOW) == 2


PASSING = {
    "another transaction": cancelled("TransactionConflict"),
    "another transaction at a later item": cancelled("TransactionConflict", at=1),
    "a throttled partition": cancelled("ThrottlingError"),
    "a table over its limit": cancelled("ProvisionedThroughputExceeded"),
    "a throttled account": refused("ThrottlingException"),
    "too many requests": refused("RequestLimitExceeded"),
    "the same token still under way": refused("TransactionInProgressException"),
    "a conflict told at once": refused("TransactionConflictException"),
}


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING.keys())
def test_what_stands_in_the_way_is_told_from_what_failed(
    dynamodb: Faults, three: None, fault: Behaviour
) -> None:
    dynamodb.next("TransactWriteItems", fault)
    transaction = Transaction()
    transaction.put("b", item("b", 2), RegistryItem.v == 1)
    transaction.put("c", item("c", 2), RegistryItem.v == 1)
    with pytest.raises(Contention):
        transaction.commit()
    assert stored() == {"a": 1, "b": 1, "c": 1}
    transaction.commit()
    assert stored() == {"a": 1, "b": 2, "c": 2}


@pytest.mark.parametrize("fault", [answer_lost, never_arrived, refused("InternalServerError", 500)])
def test_a_lost_answer_leaves_it_open_whether_it_was_written(
    dynamodb: Faults, three: None, fault: Behaviour
) -> None:
    dynamodb.next("TransactWriteItems", fault)
    transaction = Transaction()
    transaction.put("b", item("b", 2), RegistryItem.v == 1)
    with pytest.raises(Unconfirmed):
        transaction.commit()


@pytest.mark.parametrize(
    "code", ["ValidationException", "AccessDeniedException", "ResourceNotFoundException"]
)
def test_what_can_never_work_is_not_tried_again(regency: Regency, code: str) -> None:
    regency.dynamodb.always("TransactWriteItems", refused(code))
    with pytest.raises(TransactWriteError):
        regency.opened()
    assert regency.dynamodb.count("TransactWriteItems") == 1


def test_an_item_that_dynamodb_refuses_is_a_fault_of_ours_and_no_contention(dynamodb: Faults) -> None:
    dynamodb.next("TransactWriteItems", cancelled("ValidationError"))
    transaction = Transaction()
    transaction.put("b", item("b"), None)
    with pytest.raises(TransactWriteError):
        transaction.commit()


def test_more_than_a_transaction_takes_is_refused_before_it_is_sent(dynamodb: Faults) -> None:
    dynamodb.calls.clear()
    transaction = Transaction()
    for n in range(101):
        transaction.put(str(n), item(str(n)), None)
    with pytest.raises(ValueError):
        transaction.commit()
    assert dynamodb.count("TransactWriteItems") == 0


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING.keys())
def test_a_change_is_tried_again_until_it_gets_through(regency: Regency, fault: Behaviour) -> None:
    regency.dynamodb.next("TransactWriteItems", fault, times=3)
    incident_id = regency.opened()
    assert regency.incident_ids() == [incident_id]
    assert regency.types(incident_id).count("IncidentOpened") == 1
    regency.must_agree()


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING.keys())
def test_after_five_seconds_the_desk_hears_busy_and_nothing_is_written(
    regency: Regency, fault: Behaviour
) -> None:
    regency.dynamodb.always("TransactWriteItems", fault)
    before = regency.clock.monotonic()
    with pytest.raises(Busy):
        regency.opened()
    assert 5 <= regency.clock.monotonic() - before < 6
    assert regency.everything() == []
    assert regency.held_by() == {}
    assert regency.woken() == []


@pytest.mark.parametrize("kind", ["emergency", "prank"])
def test_who_cannot_write_hears_whether_others_or_the_database_stand_in_the_way(
    regency: Regency, kind: str
) -> None:
    regency.dynamodb.always("TransactWriteItems", refused("InternalServerError", 500))
    with pytest.raises(Unanswered, match="the database takes no writes now; send it again"):
        regency.takes(DESK, kind=kind)
    regency.dynamodb.end()
    regency.dynamodb.always("TransactWriteItems", cancelled("TransactionConflict"))
    with pytest.raises(Busy, match="others are changing the same; send it again"):
        regency.opened()


def test_a_note_written_while_others_write_is_written_once(regency: Regency) -> None:
    incident_id = regency.opened()
    regency.dynamodb.next("TransactWriteItems", cancelled("TransactionConflict"), times=5)
    ending.add_note(regency.world, DESK, incident_id, "Api besar")
    assert [note.text for note in regency.whole(incident_id).notes] == ["Api besar"]


def test_a_call_of_another_class_is_tried_again_too(regency: Regency) -> None:
    regency.dynamodb.next("TransactWriteItems", cancelled("TransactionConflict"), times=3)
    taken = regency.takes(keyed("k"), kind="prank")
    assert [sk for _, sk, *_ in regency.everything()] == [f"C#{taken.call.id}"]


READS = {"GetItem": "the registry's counter", "Query": "units' states"}


@pytest.mark.parametrize("operation", READS)
def test_a_throttled_read_in_a_change_is_tried_again(regency: Regency, operation: str) -> None:
    incident_id = regency.opened()
    regency.dynamodb.next(
        operation,
        refused("ThrottlingException"),
        times=2,
        when=lambda kwargs: "incidents" in kwargs["TableName"],
    )
    if operation == "GetItem":
        ending.add_note(regency.world, DESK, incident_id, "Api besar")
    else:
        ending.cancel(regency.world, regency.registry, DESK, incident_id, "Salah lapor")
    assert regency.whole(incident_id).notes
