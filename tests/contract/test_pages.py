"""Pages between two workers, a provider and a table that fails: none is lost, and a repeat says that it may be one."""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace

from chalicelib.domain.page import CLAIM_S
from chalicelib.domain.registry import Person, Shift, Unit
from chalicelib.domain.wakeup import Wakeup
from chalicelib.errors import SmsUnavailable
from chalicelib.gateways.sms import Sms
from chalicelib.handlers import events as event_handlers
from chalicelib.models import registry_writes
from chalicelib.models.tables import IncidentItem
from chalicelib.services.changes import retrying
from chalicelib.services.pages import sending as paging
from chalicelib.services.response import ending, following
from tests.contract.faults import (
    Behaviour,
    Died,
    after,
    answer_lost,
    answering,
    died_after,
    died_before,
    never_arrived,
    of_index,
    refused,
    sent_twice,
)
from tests.contract.regency_on_moto import DESK, Regency
from tests.support import regency as seeded
from tests.support import regency as small_regency
from tests.support.regency import number_of

ANDI = number_of("andi")


def send(regency: Regency, incident_id: str, person_id: str = "andi") -> set[Wakeup]:
    return paging.send_pages(regency.world, [Wakeup(incident_id, regency.page_of(incident_id, person_id).id)])


def of_pages(kwargs: dict[str, object]) -> bool:
    return str(kwargs["Item"]).find("P#") >= 0


def test_two_workers_with_the_same_page_send_one_message(regency: Regency) -> None:
    incident_id = regency.opened()
    regency.dynamodb.next("PutItem", after(lambda: send(regency, incident_id)))
    send(regency, incident_id)
    assert regency.sent_to(ANDI) == 1
    page = regency.page_of(incident_id)
    assert (page.status, len(page.attempts), page.due_at) == ("sent", 1, None)
    assert regency.types(incident_id).count("PagesSent") == 1


def test_a_wake_up_that_comes_ten_times_sends_one_message(regency: Regency) -> None:
    incident_id = regency.opened()
    for _ in range(10):
        send(regency, incident_id)
    assert regency.sent_to(ANDI) == 1
    assert regency.types(incident_id).count("PagesSent") == 1


def sent_after_the_claim_lapsed(regency: Regency, incident_id: str) -> None:
    """Nobody may send it while the claim holds; the sweep has it sent when the claim has lapsed."""
    before = regency.sent_to(ANDI)
    regency.clock.advance(CLAIM_S - 10)
    regency.sweep()
    assert regency.sent_to(ANDI) == before
    regency.clock.advance(15)
    regency.sweep()
    assert regency.sent_to(ANDI) == before + 1
    page = regency.page_of(incident_id)
    assert page.status == "sent"
    assert page.attempts[-1].maybe_repeat
    event = next(
        each
        for each in regency.whole(incident_id).events
        if each.type == "PagesSent" and each.data["pages"][0]["person"] == "andi"
    )
    assert event.data["pages"][0]["maybe_repeat"] is True


def test_a_worker_that_dies_after_its_claim_loses_no_page(regency: Regency) -> None:
    incident_id = regency.opened()
    regency.dynamodb.next("PutItem", died_after, when=of_pages)
    with pytest.raises(Died):
        send(regency, incident_id)
    assert regency.sent_to(ANDI) == 0
    sent_after_the_claim_lapsed(regency, incident_id)


def test_a_worker_that_dies_after_the_providers_answer_repeats_and_says_so(regency: Regency) -> None:
    incident_id = regency.opened()
    regency.dynamodb.next("PutItem", died_before, when=of_pages, skip=1)
    with pytest.raises(Died):
        send(regency, incident_id)
    assert regency.sent_to(ANDI) == 1
    sent_after_the_claim_lapsed(regency, incident_id)


def test_a_table_that_fails_after_the_providers_answer_repeats_and_says_so(regency: Regency) -> None:
    incident_id = regency.opened()
    regency.dynamodb.next("PutItem", never_arrived, when=of_pages, skip=1, times=1000)
    assert send(regency, incident_id)
    regency.dynamodb.end()
    assert regency.sent_to(ANDI) == 1
    sent_after_the_claim_lapsed(regency, incident_id)


def test_an_outcome_whose_answer_was_lost_is_recorded_and_nothing_repeated(regency: Regency) -> None:
    incident_id = regency.opened()
    regency.dynamodb.next("PutItem", answer_lost, when=of_pages, skip=1)
    send(regency, incident_id)
    regency.fast_forward(60)
    assert regency.sent_to(ANDI) == 1
    assert regency.page_of(incident_id).due_at is None


def test_an_outcome_that_could_not_be_recorded_is_recorded_later(regency: Regency) -> None:
    incident_id = regency.opened()
    regency.dynamodb.next("TransactWriteItems", died_before)
    with pytest.raises(Died):
        send(regency, incident_id)
    assert regency.page_of(incident_id).status == "sent"
    assert "PagesSent" not in regency.types(incident_id)
    regency.fast_forward(60)
    assert regency.sent_to(ANDI) == 1
    assert regency.page_of(incident_id).due_at is None


def test_one_page_that_fails_does_not_keep_the_others_waiting(regency: Regency) -> None:
    incident_id = regency.opened()

    def failing(sms: Sms) -> None:
        if sms.number == ANDI:
            raise RuntimeError("a provider with a fault")

    regency.provider.failing = failing
    ids = sorted(Wakeup(incident_id, page.id) for page in regency.whole(incident_id).pages.values())
    undone = paging.send_pages(regency.world, ids)
    assert undone == {(incident_id, regency.page_of(incident_id).id)}
    for person in ("citra", "eko"):
        page = regency.page_of(incident_id, person)
        assert (page.status, page.due_at) == ("sent", None)


def woken(regency: Regency, *incident_ids: str) -> dict[str, list[dict[str, str]]]:
    """A batch of SQS for all pages of incidents, each message called after its person."""
    return {
        "Records": [
            {
                "messageId": f"for {page.person_id}",
                "body": json.dumps({"incident": incident_id, "page": page.id}),
            }
            for incident_id in incident_ids
            for page in regency.whole(incident_id).pages.values()
        ]
    }


def test_a_batch_names_the_messages_that_must_come_again_and_no_other(regency: Regency) -> None:
    """What it does not name SQS deletes: the page would wait for the sweep."""
    incident_id = regency.opened()

    def failing(sms: Sms) -> None:
        if sms.number == ANDI:
            raise RuntimeError("a provider with a fault")

    regency.provider.failing = failing
    answer = event_handlers.send_pages(regency.world, woken(regency, incident_id))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "for andi"}]}


def test_a_batch_with_an_incident_that_cannot_be_read_has_its_messages_come_again(regency: Regency) -> None:
    unread, other = regency.opened("childbirth"), regency.opened("drowning")
    batch = woken(regency, unread, other)
    regency.dynamodb.next(
        "BatchGetItem", refused("ValidationException"), when=lambda kwargs: unread in str(kwargs)
    )
    answer = event_handlers.send_pages(regency.world, batch)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "for citra"}]}
    assert regency.sent_to(number_of("fajar")) == 1


def test_a_batch_of_timers_names_those_that_must_come_again(regency: Regency) -> None:
    incident_id = regency.opened("childbirth")
    assignment_id = regency.assignment_of(incident_id, "ambulans_1")
    regency.clock.advance(7201)
    record = {
        "messageId": "t1",
        "body": json.dumps({"incident": incident_id, "assignment": assignment_id}),
    }
    regency.dynamodb.next("TransactWriteItems", refused("ValidationException"))
    failed = event_handlers.run_timers(regency.world, {"Records": [record]})
    assert failed == {"batchItemFailures": [{"itemIdentifier": "t1"}]}
    again = event_handlers.run_timers(regency.world, {"Records": [record]})
    assert again == {"batchItemFailures": []}
    assert "AssignmentEscalated" in regency.types(incident_id)


def test_a_crew_that_answers_while_its_page_is_written_down_is_not_paged_again(regency: Regency) -> None:
    incident_id = regency.opened()
    page = regency.page_of(incident_id)
    regency.dynamodb.next(
        "PutItem",
        after(
            lambda: following.report(
                regency.world,
                regency.registry,
                DESK,
                incident_id,
                following.CrewReport(
                    assignment_id=page.assignment_id, status="acknowledged", page_id=page.id
                ),
            )
        ),
        when=of_pages,
        skip=1,
    )
    send(regency, incident_id)
    regency.fast_forward(120)
    page = regency.page_of(incident_id)
    assert regency.sent_to(ANDI) == 1
    assert page.status == "sent"
    assert page.acknowledged_at


def test_a_crew_called_off_after_a_try_that_may_have_reached_it_is_told(regency: Regency) -> None:
    incident_id = regency.opened()

    def maybe(sms: Sms) -> None:
        regency.provider.messages.append(sms)
        raise SmsUnavailable("the answer was lost")

    regency.provider.failing = maybe
    send(regency, incident_id)
    regency.provider.failing = None
    ending.cancel(regency.world, regency.registry, DESK, incident_id, "Salah lapor")
    regency.fast_forward(120)
    texts = [sms.text for sms in regency.provider.messages if sms.number == ANDI]
    assert len(texts) == 2
    assert "BATAL" in texts[1]


def test_a_wake_up_that_cannot_be_sent_fails_no_request(
    regency: Regency, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(queue: str, bodies: object, delay_s: int = 0) -> None:
        raise ConnectionError("no queue")

    with monkeypatch.context() as patched:
        patched.setattr(regency.wakeups, "send", broken)
        incident_id = regency.opened()
        assert len(regency.whole(incident_id).pages) == 3
    regency.sweep()
    assert len(regency.provider.messages) == 3


def test_a_due_index_that_lags_sends_nothing_twice(regency: Regency) -> None:
    incident_id = regency.opened()
    index: list[dict[str, object]] = []
    for shard in range(8):
        index += IncidentItem._get_connection().query(f"due#{shard}", index_name="due")["Items"]
    regency.settle()
    before = regency.everything()
    # Three pages, and the three assignments whose escalation is to come.
    assert len(index) == 6
    regency.dynamodb.next("Query", answering(lambda: index), when=of_index("due"))
    regency.sweep()
    assert len(regency.provider.messages) == 3
    assert regency.everything() == before
    assert regency.whole(incident_id)


def test_a_due_index_that_has_not_heard_of_a_page_finds_it_the_next_time(regency: Regency) -> None:
    regency.wakeups.lost = True
    regency.opened()
    regency.wakeups.lost = False
    regency.dynamodb.next("Query", answering(lambda: []), times=8, when=of_index("due"))
    regency.sweep()
    assert not regency.provider.messages
    regency.sweep()
    assert len(regency.provider.messages) == 3


def test_an_incident_that_the_sweep_cannot_drive_on_keeps_no_other_waiting(regency: Regency) -> None:
    crowd(regency, 100)
    regency.wakeups.lost = True
    regency.opened("theft_by_boat")
    regency.opened("childbirth")
    regency.wakeups.lost = False
    regency.dynamodb.always(
        "TransactWriteItems", refused("ValidationException"), when=lambda kwargs: "unpaged" in str(kwargs)
    )
    regency.clock.advance(60)
    regency.sweep()
    assert regency.sent_to(number_of("citra")) == 1


def crowd(regency: Regency, many: int) -> None:
    """An agency with so many people on one boat's shift, and a type that asks for that boat."""
    today = "2026-11-23"
    people = [
        Person(
            id=f"relawan{n:03}", agency_id="airud", name=f"Relawan {n}", phone=f"+62812000{n:04}", demo=True
        )
        for n in range(many)
    ]
    boat = regency.registry.units["perahu_1"]
    big = replace(boat, id="kapal", callsign="KAPAL", min_crew=50)
    assert isinstance(big, Unit)
    type_ = replace(regency.registry.types["drowning"], id="theft_by_boat", category="security")
    old = regency.registry.plans["water"]
    need = replace(old.levels[0].needs[0], id="kapal", people=50, certifications=[])
    plan = replace(
        old,
        id="theft_by_boat",
        category=None,
        terrain=None,
        type_id="theft_by_boat",
        levels=[replace(old.levels[0], needs=[need])],
    )
    shifts = [
        Shift(
            id=f"{each.id}-{today}",
            agency_id="airud",
            person_id=each.id,
            unit_id="kapal",
            starts_at="2026-11-22T17:00:00Z",
            ends_at="2026-11-23T17:00:00Z",
        )
        for each in people
    ]
    small_regency.load(
        {
            "personnel": people,
            "units": [big],
            "incident-types": [type_],
            "response-plans": [plan],
            "shifts": shifts,
        },
    )


def chunks(regency: Regency, incident_id: str) -> list[int]:
    return [
        len(event.data["pages"])
        for event in regency.whole(incident_id).events
        if event.type == "PagesRequested"
    ]


def test_a_hundred_people_of_one_unit_are_all_paged_in_chunks_of_forty(regency: Regency) -> None:
    crowd(regency, 100)
    incident_id = regency.opened("theft_by_boat")
    assert chunks(regency, incident_id) == [40], "the desk does not wait for the rest"
    regency.settle()
    assert chunks(regency, incident_id) == [40, 40, 20]
    whole = regency.whole(incident_id)
    assert whole.incident.unpaged == ()
    assert len({page.person_id for page in whole.pages.values()}) == len(whole.pages) == 100
    assert len({sms.number for sms in regency.provider.messages}) == len(regency.provider.messages) == 100


def opened_by_a_process_that_dies(regency: Regency) -> str:
    """An incident with a hundred people, of whom forty have a page when the page function's process dies."""
    crowd(regency, 100)
    incident_id = regency.opened("theft_by_boat")
    regency.dynamodb.next("TransactWriteItems", died_before)
    with pytest.raises(Died):
        regency.settle()
    assert chunks(regency, incident_id) == [40]
    return incident_id


def test_a_process_that_dies_after_the_first_chunk_leaves_the_rest_to_the_sweep(regency: Regency) -> None:
    incident_id = opened_by_a_process_that_dies(regency)
    regency.clock.advance(30)
    regency.sweep()
    assert chunks(regency, incident_id) == [40, 40, 20]
    regency.sweep()
    assert len({sms.number for sms in regency.provider.messages}) == len(regency.provider.messages) == 100


def test_a_later_chunk_that_cannot_be_written_fails_no_request(
    regency: Regency, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd(regency, 100)
    # A dozen tries within a write's five seconds are as good as a hundred.
    monkeypatch.setattr(retrying, "LONGEST_PAUSE_S", 1.0)
    regency.dynamodb.next("TransactWriteItems", never_arrived, skip=1, times=1000)
    incident_id = regency.opened("theft_by_boat")
    regency.settle()
    assert chunks(regency, incident_id) == [40]
    regency.dynamodb.end()
    regency.clock.advance(30)
    regency.sweep()
    assert chunks(regency, incident_id) == [40, 40, 20]


def test_people_who_left_the_registry_meanwhile_do_not_stop_those_after_them(regency: Regency) -> None:
    incident_id = opened_by_a_process_that_dies(regency)
    # A release that asks nothing of whoever is out lets them go.
    gone = [replace(regency.registry.people[f"relawan{n:03}"], retired=True) for n in range(40, 80)]
    registry_writes.write(
        [(registry_writes.item_of("personnel", each), 1) for each in gone], stamp=seeded.stamped()
    )
    regency.clock.advance(30)
    regency.sweep()
    whole = regency.whole(incident_id)
    assert whole.incident.unpaged == ()
    assert len(whole.pages) == 60
    left_out = [event.data.get("left_out", []) for event in whole.events if event.type == "PagesRequested"]
    assert [len(each) for each in left_out] == [0, 40, 0]


def test_who_was_called_off_before_the_incident_was_cancelled_is_told_all_the_same(regency: Regency) -> None:
    crowd(regency, 100)
    incident_id = regency.opened("theft_by_boat")
    regency.settle()
    following.report(
        regency.world,
        regency.registry,
        DESK,
        incident_id,
        following.CrewReport(assignment_id=regency.assignment_of(incident_id, "kapal"), status="cancelled"),
    )
    ending.cancel(regency.world, regency.registry, DESK, incident_id, "Salah lapor")
    regency.settle()
    regency.fast_forward(60)
    told = [sms.number for sms in regency.provider.messages if "BATAL" in sms.text]
    assert len(told) == len(set(told)) == 100


def test_a_sweep_whose_queue_is_down_still_writes_the_orders_that_are_left(
    regency: Regency, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(queue: str, bodies: object, delay_s: int = 0) -> None:
        raise ConnectionError("no queue")

    incident_id = opened_by_a_process_that_dies(regency)
    regency.clock.advance(30)
    with monkeypatch.context() as patched:
        patched.setattr(regency.wakeups, "send", broken)
        regency.sweep()
    assert chunks(regency, incident_id) == [40, 40, 20]


@pytest.mark.parametrize("fault", [sent_twice, answer_lost])
def test_a_claim_whose_answer_was_lost_is_known_again_and_the_page_leaves_at_once(
    regency: Regency, fault: Behaviour
) -> None:
    incident_id = regency.opened()
    regency.dynamodb.next("PutItem", fault, when=of_pages)
    assert not send(regency, incident_id)
    assert regency.sent_to(ANDI) == 1
    assert [each.maybe_repeat for each in regency.page_of(incident_id).attempts] == [False]
