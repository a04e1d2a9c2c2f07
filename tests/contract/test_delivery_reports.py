"""Delivery reports that meet a page's worker, its crew or each other at the table: nothing of any is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.page import Page
from chalicelib.domain.wakeup import Wakeup
from chalicelib.gateways.sms import Sms
from chalicelib.services.pages import delivery
from chalicelib.services.pages import sending as paging
from chalicelib.services.pages.delivery import Outcome, Report
from chalicelib.services.response import following
from tests.contract.faults import Behaviour, after, answer_lost, never_arrived
from tests.contract.regency_on_moto import DESK, Regency
from tests.contract.test_pages import ANDI, of_pages, send
from tests.contract.test_races import together


def acknowledged(regency: Regency, page: Page) -> None:
    following.report(
        regency.world,
        regency.registry,
        DESK,
        page.incident_id,
        following.CrewReport(assignment_id=page.assignment_id, status="acknowledged", page_id=page.id),
    )


def report(regency: Regency, page: Page, outcome: Outcome = "delivered") -> str:
    told = Report(outcome=outcome, page_id=page.id, message_id="", at=None, detail="")
    return delivery.take_in(regency.world, told)


def settled(regency: Regency, incident_id: str, status: str, *events: str) -> Page:
    """The page once everything has been driven on; it is due no more and the trail tells of it what it should."""
    regency.fast_forward(60)
    page = regency.page_of(incident_id)
    told = [
        event.type
        for event in regency.whole(incident_id).events
        if event.type != "PagesRequested"
        if page.id in {entry["page"] for entry in event.data.get("pages", ())}
    ]
    assert (page.status, page.due_at, told) == (status, None, list(events))
    return page


@pytest.mark.parametrize(
    ("outcome", "status", "event"),
    [("delivered", "delivered", "PagesSent"), ("failed", "failed", "PagesFailed")],
)
def test_a_report_that_meets_the_writing_down_of_its_sending_is_kept(
    regency: Regency, outcome: Outcome, status: str, event: str
) -> None:
    incident_id = regency.opened()
    page = regency.page_of(incident_id)
    regency.dynamodb.next("PutItem", after(lambda: report(regency, page, outcome)), when=of_pages, skip=1)
    send(regency, incident_id)
    kept = settled(regency, incident_id, status, event)
    assert regency.sent_to(ANDI) == 1
    assert kept.sent_at and kept.body and kept.attempts[0].outcome == "sent"


def test_a_report_and_an_answer_and_a_report_that_meet_the_writing_down_are_all_kept(
    regency: Regency,
) -> None:
    incident_id = regency.opened()
    page = regency.page_of(incident_id)

    # Each time that the worker writes, somebody else has just written.
    others = iter(
        (
            lambda: report(regency, page, "failed"),
            lambda: acknowledged(regency, page),
            lambda: report(regency, page),
        )
    )
    busy = False

    def meets() -> None:
        nonlocal busy
        if not busy:
            busy = True
            next(others, lambda: None)()
            busy = False

    regency.dynamodb.next("PutItem", after(meets), when=of_pages, skip=1, times=6)
    send(regency, incident_id)
    regency.dynamodb.end()
    kept = settled(regency, incident_id, "delivered", "PagesSent")
    assert kept.acknowledged_at and regency.sent_to(ANDI) == 1


def test_a_report_that_meets_the_claim_of_the_next_try_keeps_the_page_from_being_sent_again(
    regency: Regency,
) -> None:
    incident_id = regency.opened()

    def died(sms: Sms) -> None:
        regency.provider.messages.append(sms)
        raise RuntimeError("the process died")

    regency.provider.failing = died
    send(regency, incident_id)
    regency.provider.failing = None
    regency.clock.advance(60)
    page = regency.page_of(incident_id)
    regency.dynamodb.next("PutItem", after(lambda: report(regency, page)), when=of_pages)
    send(regency, incident_id)
    settled(regency, incident_id, "delivered", "PagesSent")
    assert regency.sent_to(ANDI) == 1


def test_a_report_that_meets_the_telling_of_its_sending_is_kept(regency: Regency) -> None:
    incident_id = regency.opened()
    page = regency.page_of(incident_id)
    regency.dynamodb.next("TransactWriteItems", after(lambda: report(regency, page)))
    send(regency, incident_id)
    settled(regency, incident_id, "delivered", "PagesSent")


def test_a_failure_that_meets_the_telling_of_its_sending_is_told(regency: Regency) -> None:
    incident_id = regency.opened()
    page = regency.page_of(incident_id)
    regency.dynamodb.next("TransactWriteItems", after(lambda: report(regency, page, "failed")))
    send(regency, incident_id)
    settled(regency, incident_id, "failed", "PagesFailed")


@pytest.mark.parametrize("fault", [answer_lost, never_arrived])
def test_a_report_whose_writing_was_not_answered_may_come_again(regency: Regency, fault: Behaviour) -> None:
    incident_id = regency.opened()
    regency.settle()
    page = regency.page_of(incident_id)
    regency.dynamodb.next("PutItem", fault, when=of_pages, times=3)
    try:
        report(regency, page, "failed")
    except Exception:
        regency.dynamodb.end()
        report(regency, page, "failed")
    settled(regency, incident_id, "failed", "PagesSent", "PagesFailed")


def test_an_acknowledgement_that_overtakes_the_telling_of_a_failure_is_followed_by_nobody(
    regency: Regency,
) -> None:
    incident_id = regency.opened()
    regency.settle()
    page = regency.page_of(incident_id)

    regency.dynamodb.next("TransactWriteItems", after(lambda: acknowledged(regency, page)))
    report(regency, page, "failed")
    regency.settle()
    regency.fast_forward(300)
    whole = regency.whole(incident_id)
    assert whole.assignments[page.assignment_id].due_at is None
    assert "AssignmentEscalated" not in regency.types(incident_id)


def test_many_reports_at_once_leave_every_page_delivered_and_the_incident_alone(regency: Regency) -> None:
    incident_id = regency.opened()
    regency.settle()
    before = regency.whole(incident_id)
    pages = [*before.pages.values()]
    assert together(*(lambda page=page: report(regency, page) for page in pages * 3)) == []
    whole = regency.whole(incident_id)
    assert {page.status for page in whole.pages.values()} == {"delivered"}
    written = {sk: v - before.versions[sk] for sk, v in whole.versions.items() if v != before.versions[sk]}
    assert written == {f"P#{page.id}": 1 for page in pages}


def test_a_report_costs_a_query_a_read_and_a_write(regency: Regency) -> None:
    incident_id = regency.opened()
    regency.settle()
    page = regency.page_of(incident_id)
    regency.dynamodb.calls.clear()
    report(regency, page)
    assert [operation for operation, _ in regency.dynamodb.calls] == ["Query", "GetItem", "PutItem"]
    regency.dynamodb.calls.clear()
    report(regency, page)
    assert [operation for operation, _ in regency.dynamodb.calls] == ["Query", "GetItem"]


def test_a_message_id_that_cannot_be_kept_loses_no_page(
    regency: Regency, monkeypatch: pytest.MonkeyPatch
) -> None:
    regency.world = replace(regency.world, settings=replace(regency.world.settings, sms_message_ids=True))
    incident_id = regency.opened()
    regency.dynamodb.always("PutItem", never_arrived, when=lambda kwargs: "M#" in str(kwargs["Item"]))
    paging.send_pages(regency.world, [Wakeup(incident_id, regency.page_of(incident_id).id)])
    regency.dynamodb.end()
    settled(regency, incident_id, "sent", "PagesSent")
    assert regency.sent_to(ANDI) == 1
