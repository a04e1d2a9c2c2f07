"""A provider has taken the message, and the table does not take the note of it: once more, and no second message."""

from __future__ import annotations

from contextlib import suppress

import pytest

from chalicelib.domain.wakeup import Wakeup
from chalicelib.errors import SmsUnavailable
from chalicelib.gateways.sms import Sms
from chalicelib.services.pages import sending as paging
from chalicelib.services.response import following
from tests.contract.faults import (
    Behaviour,
    Died,
    Proceed,
    after,
    answer_lost,
    died_after,
    never_arrived,
    refused,
)
from tests.contract.regency_on_moto import DESK, Regency
from tests.contract.test_pages import ANDI, of_pages, send

THROTTLE = refused("ProvisionedThroughputExceededException")
FAULTS: dict[str, Behaviour] = {
    "throttled": THROTTLE,
    "fault of DynamoDB's": refused("InternalServerError", 500),
    "never arrived": never_arrived,
    "answer lost": answer_lost,
}
faults = pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())


def must_be_sent_once(regency: Regency, incident_id: str) -> None:
    regency.fast_forward(120)
    assert regency.sent_to(ANDI) == 1
    page = regency.page_of(incident_id)
    assert (page.status, len(page.attempts), page.due_at) == ("sent", 1, None)
    assert not page.attempts[0].maybe_repeat


@faults
@pytest.mark.parametrize("times", [1, 3])
def test_a_sending_that_could_not_be_noted_is_noted_at_the_next_try(
    regency: Regency, fault: Behaviour, times: int
) -> None:
    incident_id = regency.opened()
    regency.dynamodb.next("PutItem", fault, when=of_pages, skip=1, times=times)
    assert not send(regency, incident_id)
    must_be_sent_once(regency, incident_id)


def test_a_claim_whose_answer_is_lost_before_its_second_try_is_throttled_holds_no_page_up(
    regency: Regency,
) -> None:
    def lost_then_throttled(operation: str, kwargs: dict[str, object], proceed: Proceed) -> dict[str, object]:
        proceed()
        return THROTTLE(operation, kwargs, proceed)

    incident_id = regency.opened()
    regency.dynamodb.next("PutItem", lost_then_throttled, when=of_pages)
    assert not send(regency, incident_id)
    assert regency.sent_to(ANDI) == 1
    must_be_sent_once(regency, incident_id)


def test_a_read_that_is_throttled_between_two_tries_repeats_nothing(regency: Regency) -> None:
    incident_id = regency.opened()

    def throttled_then_reads_too(
        operation: str, kwargs: dict[str, object], proceed: Proceed
    ) -> dict[str, object]:
        regency.dynamodb.next("GetItem", THROTTLE, times=2)
        return THROTTLE(operation, kwargs, proceed)

    regency.dynamodb.next("PutItem", throttled_then_reads_too, when=of_pages, skip=1)
    assert not send(regency, incident_id)
    assert not regency.dynamodb.rules, "both reads met the throttle"
    must_be_sent_once(regency, incident_id)


def test_a_crew_that_answers_between_two_tries_is_neither_forgotten_nor_paged_again(regency: Regency) -> None:
    incident_id = regency.opened()
    page = regency.page_of(incident_id)

    def answers_first(operation: str, kwargs: dict[str, object], proceed: Proceed) -> dict[str, object]:
        following.report(
            regency.world,
            regency.registry,
            DESK,
            incident_id,
            following.CrewReport(assignment_id=page.assignment_id, status="acknowledged", page_id=page.id),
        )
        return THROTTLE(operation, kwargs, proceed)

    regency.dynamodb.next("PutItem", answers_first, when=of_pages, skip=1)
    assert not send(regency, incident_id)
    must_be_sent_once(regency, incident_id)
    assert regency.page_of(incident_id).acknowledged_at


def test_a_worker_that_was_too_slow_does_not_write_over_the_one_that_took_its_page(regency: Regency) -> None:
    incident_id = regency.opened()

    def another_worker_after_the_claim() -> None:
        regency.clock.advance(31)
        send(regency, incident_id)

    regency.dynamodb.next("PutItem", after(another_worker_after_the_claim), when=of_pages, skip=1)
    send(regency, incident_id)
    page = regency.page_of(incident_id)
    assert regency.sent_to(ANDI) == 2
    assert (page.status, [each.maybe_repeat for each in page.attempts]) == ("sent", [True])
    regency.fast_forward(120)
    assert regency.sent_to(ANDI) == 2
    assert regency.types(incident_id).count("PagesSent") == 2


def test_a_worker_that_was_too_slow_does_not_take_a_page_out_of_anothers_hands(regency: Regency) -> None:
    """The other has handed it over, and nobody has heard of it: a third worker must not send it at once."""
    incident_id = regency.opened()
    tried: list[str] = []

    def slow(sms: Sms) -> None:
        tried.append(sms.number)
        if len(tried) == 1:
            regency.clock.advance(31)
            regency.dynamodb.next("PutItem", died_after, when=of_pages)
            with suppress(Died):
                send(regency, incident_id)
            raise SmsUnavailable("no answer in time")

    regency.provider.failing = slow
    assert not send(regency, incident_id), "somebody else has it in hand"
    page = regency.page_of(incident_id)
    assert (page.status, page.attempts) == ("sending", ())
    regency.fast_forward(120)
    assert regency.sent_to(ANDI) == 1
    assert [each.maybe_repeat for each in regency.page_of(incident_id).attempts] == [True]


def test_a_refusal_that_could_not_be_noted_is_not_tried_again(regency: Regency) -> None:
    incident_id = regency.opened()
    regency.provider.refuses(ANDI)
    regency.dynamodb.next("PutItem", THROTTLE, when=of_pages, skip=1, times=2)
    assert not send(regency, incident_id)
    page = regency.page_of(incident_id)
    assert (page.status, len(page.attempts)) == ("failed", 1)
    assert regency.whole(incident_id).incident.attention[-1].code == "page_failed"


@pytest.mark.parametrize("operation", ["Query", "BatchGetItem", "PutItem", "TransactWriteItems"])
def test_a_page_worker_that_meets_a_throttle_anywhere_loses_no_page_and_sends_none_twice(
    regency: Regency, operation: str
) -> None:
    incident_id = regency.opened()
    wanted = sorted(Wakeup(incident_id, page.id) for page in regency.whole(incident_id).pages.values())
    regency.dynamodb.next(operation, THROTTLE)
    try:
        paging.send_pages(regency.world, wanted)
    except Exception:
        # Without the registry: what SQS hands in again; here it is the sweep that does it.
        assert operation == "Query"
    assert not regency.dynamodb.rules, "it met the throttle"
    regency.fast_forward(120)
    assert sorted(sms.number for sms in regency.provider.messages) == sorted(
        page.number for page in regency.whole(incident_id).pages.values()
    )
