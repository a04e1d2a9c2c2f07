"""An answer and an escalation, a page or a cancellation at the same instant: one of them is first, and nobody is lost."""

from __future__ import annotations

import pytest

from chalicelib.domain.assignment import Assignment
from chalicelib.domain.wakeup import Wakeup
from chalicelib.errors import Busy
from chalicelib.models import incidents
from chalicelib.services.changes.writing import Actor
from chalicelib.services.pages import replying
from chalicelib.services.pages.messages import Message
from chalicelib.services.response import assigning, ending, escalation, following
from tests.contract.faults import Died, after, answer_lost, died_after, died_before
from tests.contract.regency_on_moto import DESK, Regency
from tests.contract.test_races import together
from tests.support.regency import number_of

DUE_S = 7201


@pytest.fixture
def waiting(regency: Regency) -> str:
    """A birth to which Citra was called two hours ago: her escalation, which asks Dewi, is due now."""
    incident_id = regency.opened("childbirth")
    regency.settle()
    regency.clock.advance(DUE_S)
    return incident_id


def crew(regency: Regency, incident_id: str) -> Assignment:
    return next(iter(regency.whole(incident_id).assignments.values()))


def acknowledge(regency: Regency, incident_id: str) -> None:
    page = regency.page_of(incident_id, "citra")
    following.report(
        regency.world,
        regency.registry,
        Actor(id="person:citra", source="link"),
        incident_id,
        following.CrewReport(assignment_id=page.assignment_id, status="acknowledged", page_id=page.id),
    )


def escalate(regency: Regency, incident_id: str) -> None:
    failed = escalation.run_timers(regency.world, [Wakeup(incident_id, crew(regency, incident_id).id)])
    assert not failed


def must_be_answered(regency: Regency, incident_id: str, *, dewi: bool) -> None:
    """Citra has answered; Dewi was asked before that, or never. Nobody is asked again."""
    regency.fast_forward(60)
    regency.clock.advance(4 * 3600)
    regency.sweep()
    assert crew(regency, incident_id).status == "acknowledged"
    assert crew(regency, incident_id).acknowledged_by == ("citra",)
    assert crew(regency, incident_id).due_at is None
    types = regency.types(incident_id)
    assert types.count("PageAcknowledged") == 1
    assert types.count("AssignmentEscalated") == int(dewi)
    assert regency.sent_to(number_of("citra")) == 1


def test_an_answer_that_is_written_while_the_escalation_decides_stops_it(
    regency: Regency, waiting: str
) -> None:
    regency.dynamodb.next("TransactWriteItems", after(lambda: acknowledge(regency, waiting)))
    escalate(regency, waiting)
    must_be_answered(regency, waiting, dewi=False)
    assert regency.sent_to(number_of("dewi")) == 0


def test_an_answer_that_comes_while_the_escalation_is_written_counts_all_the_same(
    regency: Regency, waiting: str
) -> None:
    regency.dynamodb.next("TransactWriteItems", after(lambda: escalate(regency, waiting)))
    acknowledge(regency, waiting)
    must_be_answered(regency, waiting, dewi=True)
    # Her page had not left when the crew answered.
    assert regency.sent_to(number_of("dewi")) == 0


@pytest.mark.parametrize("round_", range(4))
def test_answer_and_escalation_at_the_same_time(regency: Regency, waiting: str, round_: int) -> None:
    acts = [
        lambda: acknowledge(regency, waiting),
        lambda: escalate(regency, waiting),
        lambda: escalate(regency, waiting),
        regency.settle,
    ]
    assert together(*acts[round_:], *acts[:round_]) == []
    dewi = "AssignmentEscalated" in regency.types(waiting)
    must_be_answered(regency, waiting, dewi=dewi)
    # Whose call-out left before the answer is told, once, that she is not needed.
    to_dewi = [sms.text for sms in regency.provider.messages if sms.number == number_of("dewi")]
    assert len(to_dewi) in ((0, 2) if dewi else (0,))
    assert all("TIDAK perlu datang" in text for text in to_dewi[1:])


def test_the_same_timer_in_four_processes_at_once_escalates_once(regency: Regency, waiting: str) -> None:
    assert together(*(lambda: escalate(regency, waiting) for _ in range(4))) == []
    regency.settle()
    assert regency.types(waiting).count("AssignmentEscalated") == 1
    assert regency.sent_to(number_of("dewi")) == 1


def test_an_escalation_whose_answer_was_lost_pages_once(regency: Regency, waiting: str) -> None:
    regency.dynamodb.next("TransactWriteItems", answer_lost)
    escalate(regency, waiting)
    regency.settle()
    assert regency.types(waiting).count("AssignmentEscalated") == 1
    assert regency.sent_to(number_of("dewi")) == 1


@pytest.mark.parametrize("fault", [died_before, died_after])
def test_an_escalation_whose_process_died_is_done_by_the_sweep(
    regency: Regency, waiting: str, fault: object
) -> None:
    regency.dynamodb.next("TransactWriteItems", fault)  # type: ignore[arg-type]
    with pytest.raises(Died):
        escalate(regency, waiting)
    regency.wakeups.queue.clear()
    regency.sweep()
    assert regency.types(waiting).count("AssignmentEscalated") == 1
    assert regency.sent_to(number_of("dewi")) == 1


def reply(regency: Regency, number: str, text: str, id_: str) -> str:
    message = Message(provider="generic", id=id_, number=number, sender=number, text=text)
    return replying.receive(regency.world, regency.registry, message)


def test_a_reply_and_a_tap_at_the_same_time_are_one_answer(regency: Regency, waiting: str) -> None:
    refused = together(
        lambda: acknowledge(regency, waiting),
        lambda: reply(regency, number_of("citra"), "siap", "m1"),
        lambda: reply(regency, number_of("citra"), "siap", "m1"),
    )
    assert all(isinstance(error, Busy) for error in refused)
    must_be_answered(regency, waiting, dewi=False)


def test_an_answer_and_a_cancellation_at_the_same_time_end_called_off_and_told(
    regency: Regency, waiting: str
) -> None:
    refused = together(
        lambda: acknowledge(regency, waiting),
        lambda: ending.cancel(regency.world, regency.registry, DESK, waiting, "Salah lapor"),
        lambda: escalate(regency, waiting),
    )
    assert refused == []
    regency.fast_forward(60)
    assert crew(regency, waiting).status == "cancelled"
    texts = [sms.text for sms in regency.provider.messages if sms.number == number_of("citra")]
    assert "BATAL" in texts[-1]
    dewi = [sms.text for sms in regency.provider.messages if sms.number == number_of("dewi")]
    assert not dewi or "BATAL" in dewi[-1]
    regency.must_agree()


def test_an_answer_while_its_page_is_cancelled_by_a_swap_is_late_and_the_new_crew_goes(
    regency: Regency, waiting: str
) -> None:
    page = regency.page_of(waiting, "citra")

    def swap() -> None:
        assigning.assign(
            regency.world,
            regency.registry,
            DESK,
            waiting,
            assigning.Choice(unit_id="ambulans_2", instead_of=page.assignment_id),
        )

    regency.dynamodb.next("TransactWriteItems", after(swap))
    acknowledge(regency, waiting)
    regency.fast_forward(60)
    statuses = {each.unit_id: each.status for each in regency.whole(waiting).assignments.values()}
    assert statuses == {"ambulans_1": "cancelled", "ambulans_2": "requested"}
    assert regency.types(waiting).count("LateReportReceived") == 1
    assert regency.sent_to(number_of("dewi")) == 1
    regency.must_agree()


def test_a_process_that_dies_right_after_its_commit_leaves_the_waking_to_the_sweep(regency: Regency) -> None:
    regency.dynamodb.next("TransactWriteItems", died_after)
    with pytest.raises(Died):
        regency.opened()
    [incident_id] = regency.incident_ids()
    assert regency.woken() == []
    regency.sweep()
    assert len(regency.provider.messages) == 3
    regency.dynamodb.next("TransactWriteItems", died_after)
    with pytest.raises(Died):
        ending.cancel(regency.world, regency.registry, DESK, incident_id, "Salah lapor")
    regency.sweep()
    assert sum("BATAL" in sms.text for sms in regency.provider.messages) == 3
    assert incidents.open_ids() == []
