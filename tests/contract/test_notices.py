"""Notices between two senders, a provider and a table that fails: one SMS at most, and what became of it is always told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace as changed

from chalicelib.domain.notice import KEPT_S
from chalicelib.domain.page import CLAIM_S
from chalicelib.errors import Conflict
from chalicelib.models import notices, registry_writes
from chalicelib.services.notices import sending, telling
from infra.verify import verify
from tests.contract.faults import (
    Behaviour,
    Died,
    after,
    answer_lost,
    cancelled,
    died_after,
    died_before,
    never_arrived,
    of_index,
    refused,
)
from tests.contract.regency_on_moto import DESK, Regency, keyed
from tests.support import regency as seeded

CALLER = "+6281234567890"


def told(regency: Regency, actor: Any = DESK) -> tuple[str, str]:
    """An incident and its call, of whose caller the desk has just ordered to be told; its pages have left."""
    type_ = changed(regency.registry.types["house_fire"], tell_caller=True)
    known = regency.registry.versions["incident-types", "house_fire"]
    registry_writes.write([(registry_writes.item_of("incident-types", type_), known)], stamp=seeded.stamped())
    incident_id = regency.opened()
    regency.settle()
    (call,) = regency.whole(incident_id).calls
    telling.tell_caller(regency.world, regency.registry, actor, incident_id, call)
    return incident_id, call


def send(regency: Regency) -> dict[str, int]:
    return sending.send_notices(regency.world)


def of_notice(kwargs: dict[str, Any]) -> bool:
    return str(kwargs["Item"]).find("W#") >= 0


def later(regency: Regency, *seconds: float) -> None:
    for each in seconds:
        regency.clock.advance(each)
        send(regency)


def outcome(regency: Regency, incident_id: str) -> list[tuple[str, bool]]:
    return [
        (event.data["outcome"], bool(event.data.get("may_have_left")))
        for event in regency.whole(incident_id).events
        if event.type == "CallerNoticeSettled"
    ]


def test_two_senders_with_the_same_notice_send_one_message(regency: Regency) -> None:
    incident_id, _ = told(regency)
    regency.dynamodb.next("PutItem", after(lambda: send(regency)), when=of_notice)
    send(regency)
    assert regency.sent_to(CALLER) == 1
    assert outcome(regency, incident_id) == [("sent", False)]


def test_two_desks_that_press_at_once_order_one(regency: Regency) -> None:
    incident_id, call = told(regency)
    send(regency)
    other = regency.opened()
    regency.settle()
    (second,) = regency.whole(other).calls

    def presses() -> None:
        telling.tell_caller(regency.world, regency.registry, DESK, other, second)

    regency.dynamodb.next("TransactWriteItems", after(presses))
    with pytest.raises(Conflict):
        telling.tell_caller(regency.world, regency.registry, DESK, other, second)
    later(regency, 1, 60)
    assert regency.sent_to(CALLER) == 2
    assert [outcome(regency, each) for each in (incident_id, other)] == [[("sent", False)]] * 2
    with pytest.raises(Conflict):
        telling.tell_caller(regency.world, regency.registry, DESK, incident_id, call)


def test_an_order_whose_answer_was_lost_is_one_order(regency: Regency) -> None:
    regency.dynamodb.next("TransactWriteItems", answer_lost, skip=1)
    incident_id, _ = told(regency, keyed("tell"))
    send(regency)
    assert regency.types(incident_id).count("CallerNoticeRequested") == 1
    assert regency.sent_to(CALLER) == 1


def test_an_order_that_is_repeated_under_its_key_is_answered_like_the_first(regency: Regency) -> None:
    incident_id, call = told(regency, keyed("tell"))
    again = telling.tell_caller(regency.world, regency.registry, keyed("tell"), incident_id, call)
    assert again.replayed == {"incident": incident_id}
    send(regency)
    assert regency.sent_to(CALLER) == 1


@pytest.mark.parametrize(
    ("where", "sent"),
    [((died_before, 0), 0), ((died_after, 0), 0), ((died_before, 1), 1), ((died_after, 1), 1)],
    ids=["before its claim", "after its claim", "before it wrote the answer", "after it wrote the answer"],
)
def test_a_sender_that_dies_sends_no_second_message_and_the_trail_says_what_is_known(
    regency: Regency, where: tuple[Behaviour, int], sent: int
) -> None:
    incident_id, _ = told(regency)
    behaviour, skip = where
    regency.dynamodb.next("PutItem", behaviour, when=of_notice, skip=skip)
    with pytest.raises(Died):
        send(regency)
    assert regency.sent_to(CALLER) == sent
    later(regency, CLAIM_S + 1, 60, 60)
    unclaimed, written = where == (died_before, 0), where == (died_after, 1)
    assert regency.sent_to(CALLER) == max(sent, int(unclaimed))
    assert outcome(regency, incident_id) == [("sent", False) if unclaimed or written else ("expired", True)]
    assert verify(incident_id)[1] == []


def test_a_table_that_fails_after_the_providers_answer_brings_no_second_message(regency: Regency) -> None:
    incident_id, _ = told(regency)
    regency.dynamodb.next("PutItem", never_arrived, when=of_notice, skip=1, times=1000)
    assert send(regency)["failed"] == 1
    regency.dynamodb.end()
    later(regency, CLAIM_S + 1, 60)
    assert regency.sent_to(CALLER) == 1
    assert outcome(regency, incident_id) == [("expired", True)]


@pytest.mark.parametrize("skip", [0, 1], ids=["the claim", "what the provider answered"])
def test_a_write_whose_answer_was_lost_is_found_and_nothing_is_done_twice(
    regency: Regency, skip: int
) -> None:
    incident_id, _ = told(regency)
    regency.dynamodb.next("PutItem", answer_lost, when=of_notice, skip=skip)
    send(regency)
    later(regency, 60)
    assert regency.sent_to(CALLER) == 1
    assert outcome(regency, incident_id) == [("sent", False)]


@pytest.mark.parametrize(
    "behaviour", [died_before, died_after, answer_lost, cancelled("TransactionConflict")], ids=lambda each: ""
)
def test_an_outcome_that_could_not_be_told_at_once_is_told_once(
    regency: Regency, behaviour: Behaviour
) -> None:
    incident_id, _ = told(regency)
    regency.dynamodb.next("TransactWriteItems", behaviour)
    try:
        send(regency)
    except Died:
        regency.dynamodb.end()
    later(regency, 20, 60)
    assert regency.sent_to(CALLER) == 1
    assert outcome(regency, incident_id) == [("sent", False)]
    assert verify(incident_id)[1] == []


@pytest.mark.parametrize(
    "breaks",
    [
        lambda regency: regency.dynamodb.always(
            "Query", refused("ThrottlingException"), when=of_index("due")
        ),
        lambda regency: regency.dynamodb.always("UpdateItem", refused("ThrottlingException")),
    ],
    ids=["whether pages wait", "the day's count"],
)
def test_nothing_is_sent_while_it_cannot_be_known_whether_it_may(
    regency: Regency, breaks: Callable[[Regency], None]
) -> None:
    told(regency)
    due = notices.due(regency.clock.now(), 10)
    assert len(due) == 1
    breaks(regency)
    with pytest.MonkeyPatch.context() as known:
        known.setattr(notices, "due", lambda *_: due)
        assert send(regency)["failed"] == 1
    assert regency.sent_to(CALLER) == 0
    regency.dynamodb.end()
    later(regency, 60)
    assert regency.sent_to(CALLER) == 1


def test_one_notice_that_cannot_be_read_holds_up_no_other(regency: Regency) -> None:
    _, spoilt = told(regency)
    found = notices.read(spoilt)
    assert found is not None
    item = notices.item(found[0], 2)
    item.doc = "{"
    item.save()
    other = regency.opened()
    regency.settle()
    (call,) = regency.whole(other).calls
    telling.tell_caller(regency.world, regency.registry, DESK, other, call)
    assert send(regency) == {"due": 2, "settled": 1, "held": 0, "failed": 1}
    assert outcome(regency, other) == [("sent", False)]


def test_a_clock_that_was_set_back_sends_nothing_twice_and_keeps_nothing_waiting_for_ever(
    regency: Regency,
) -> None:
    incident_id, _ = told(regency)
    send(regency)
    regency.clock.step(-3600)
    later(regency, 60, 3600, KEPT_S)
    assert regency.sent_to(CALLER) == 1
    assert outcome(regency, incident_id) == [("sent", False)]
