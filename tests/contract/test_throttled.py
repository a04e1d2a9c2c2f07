"""DynamoDB refuses for a while, in the midst of each use case: what was asked is done once, or not at all and said so."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from itertools import cycle
from typing import Any

import pytest

from chalicelib.domain.ids import shard
from chalicelib.domain.incident import Location
from chalicelib.domain.wakeup import Wakeup
from chalicelib.errors import Busy, Unanswered
from chalicelib.handlers import events as event_handlers
from chalicelib.models import heartbeats, incidents
from chalicelib.models.conflicts import NotRead, Passing
from chalicelib.services.pages import replying
from chalicelib.services.pages import sending as paging
from chalicelib.services.pages.messages import Message
from chalicelib.services.response import assigning, ending, escalation, following, intake
from chalicelib.services.response.intake import NewIncident
from tests.contract.faults import Behaviour, cancelled, refused
from tests.contract.regency_on_moto import DESK, Regency, keyed
from tests.support.regency import number_of

THROTTLE = refused("ProvisionedThroughputExceededException")
LASTING = (THROTTLE, cancelled("TransactionConflict"))
OPERATIONS = ("GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "TransactWriteItems")
Act = Callable[[Regency, str], object]


def split(regency: Regency, incident_id: str) -> None:
    second = max(regency.whole(incident_id).calls)
    new = NewIncident(type="drowning", location=Location(district="ketapang"))
    intake.split_off(regency.world, regency.registry, keyed("split"), incident_id, second, new)


def escalate(regency: Regency, incident_id: str) -> None:
    assignment_id = regency.assignment_of(incident_id)
    undone = escalation.run_timers(regency.world, [Wakeup(incident_id, assignment_id)])
    if undone:
        raise Busy("SQS hands it in again")


def send(regency: Regency, incident_id: str) -> None:
    pages = sorted(Wakeup(incident_id, page.id) for page in regency.whole(incident_id).pages.values())
    if paging.send_pages(regency.world, pages):
        raise Busy("SQS hands it in again")


def reply(regency: Regency, incident_id: str) -> None:
    message = Message(
        provider="generic", id="m1", number=number_of("andi"), sender=number_of("andi"), text="meluncur"
    )
    replying.receive(regency.world, regency.registry, message)


def report(status: str, reason: str = "") -> Act:
    return lambda r, i: following.report(
        r.world,
        r.registry,
        DESK,
        i,
        following.CrewReport(assignment_id=r.assignment_of(i), status=status, reason=reason),  # type: ignore[arg-type]
    )


# What is done, with the event that then stands once in the trail and was not there before.
ACTS: dict[str, tuple[Act, str]] = {
    "join": (lambda r, i: r.takes(keyed("join"), incident_id=i), "CallJoined"),
    "split off": (split, "CallSplitOff"),
    "report": (report("on_scene"), "UnitOnScene"),
    "unable": (report("unable", "no_fuel"), "UnitUnable"),
    "call off": (report("cancelled"), "UnitCancelled"),
    "alarm": (lambda r, i: assigning.raise_alarm(r.world, r.registry, keyed("m"), i, 2), "AlarmRaised"),
    "cancel": (lambda r, i: ending.cancel(r.world, r.registry, DESK, i, "Salah lapor"), "IncidentCancelled"),
    "note": (lambda r, i: ending.add_note(r.world, keyed("n"), i, "Api besar"), "NoteAdded"),
    "escalate": (escalate, "AssignmentEscalated"),
    "reply by SMS": (reply, "UnitEnRoute"),
}


def opened(regency: Regency, name: str) -> str:
    incident_id = regency.opened()
    regency.takes(keyed("second"), incident_id=incident_id)
    send(regency, incident_id)
    if name == "join":
        assert regency.types(incident_id).count("CallJoined") == 1
    if name == "escalate":
        regency.clock.advance(7201)
    return incident_id


def persist(regency: Regency, act: Callable[[], object]) -> int:
    """Do it as a desk, a phone or SQS does, again and again; how often it was refused."""
    for tried in range(20):
        try:
            act()
        except (Busy, Unanswered, Passing):
            continue
        else:
            return tried
    raise AssertionError("refused to the end")


@pytest.mark.parametrize("name", ACTS)
def test_what_meets_a_throttle_at_each_step_is_done_once(regency: Regency, name: str) -> None:
    act, event = ACTS[name]
    incident_id = opened(regency, name)
    before = regency.types(incident_id).count(event)
    for operation in OPERATIONS:
        regency.dynamodb.next(operation, THROTTLE, times=2)
    persist(regency, lambda: act(regency, incident_id))
    regency.dynamodb.end()
    assert regency.types(incident_id).count(event) == before + 1
    regency.must_agree()


@pytest.mark.parametrize(("name", "fault"), list(zip(ACTS, cycle(LASTING), strict=False)))
def test_what_is_refused_for_longer_than_five_seconds_leaves_everything_as_it_was(
    regency: Regency, name: str, fault: Behaviour
) -> None:
    act, event = ACTS[name]
    incident_id = opened(regency, name)
    before, woken = regency.everything(), len(regency.wakeups.queue)
    regency.dynamodb.always("TransactWriteItems", fault)
    with pytest.raises(Busy):
        act(regency, incident_id)
    regency.dynamodb.end()
    assert regency.everything() == before
    assert len(regency.wakeups.queue) == woken
    persist(regency, lambda: act(regency, incident_id))
    assert event in regency.types(incident_id)
    regency.must_agree()


@pytest.mark.parametrize("times", [1, 4])
def test_a_call_that_meets_a_throttle_at_each_step_opens_one_incident_and_pages_each_phone_once(
    regency: Regency, times: int
) -> None:
    for operation in OPERATIONS:
        regency.dynamodb.next(operation, THROTTLE, times=times)
    persist(regency, lambda: regency.takes(keyed("call")))
    regency.dynamodb.end()
    assert len(regency.incident_ids()) == 1
    regency.settle()
    regency.fast_forward(60)
    numbers = [sms.number for sms in regency.provider.messages]
    assert sorted(numbers) == sorted(set(numbers))
    assert len(numbers) == 3


def test_a_call_is_answered_although_its_neighbours_cannot_be_read(regency: Regency) -> None:
    regency.dynamodb.always("Query", THROTTLE, when=lambda kwargs: kwargs.get("IndexName") == "open")
    taken = regency.takes(keyed("call"))
    assert taken.loaded is not None
    assert taken.nearby == []


def of_part(part: str) -> Callable[[dict[str, Any]], bool]:
    return lambda kwargs: kwargs.get("IndexName") == "due" and part in str(kwargs)


def test_a_part_of_the_index_that_cannot_be_read_keeps_no_other_waiting_and_turns_health_red(
    regency: Regency,
) -> None:
    regency.wakeups.lost = True
    for _ in range(4):
        regency.opened("theft")
    ids = [regency.opened(), regency.opened("drowning")]
    regency.wakeups.lost = False
    by_part = {incident_id: f"due#{shard(incident_id, incidents.DUE_SHARDS)}" for incident_id in ids}
    broken = by_part[ids[0]]
    regency.dynamodb.always("Query", THROTTLE, when=of_part(broken))
    with pytest.raises(NotRead):
        event_handlers.sweep(regency.world)
    regency.settle()
    assert heartbeats.heartbeats(["sweep"]) == {}
    others = [incident_id for incident_id in ids if by_part[incident_id] != broken]
    for incident_id in others:
        assert {page.status for page in regency.whole(incident_id).pages.values()} == {"sent"}
    assert regency.sent_to(number_of("andi")) == 0
    regency.dynamodb.end()
    regency.sweep()
    assert regency.sent_to(number_of("andi")) == 1


@pytest.mark.parametrize("operation", ["GetItem", "BatchGetItem", "Query", "TransactWriteItems", "PutItem"])
def test_an_audit_that_meets_a_throttle_harms_nothing_and_the_next_one_is_well(
    regency: Regency, operation: str
) -> None:
    incident_id = regency.opened()
    send(regency, incident_id)
    before = regency.everything()
    regency.dynamodb.next(operation, THROTTLE, times=2)
    with suppress(Passing):
        event_handlers.audit(regency.world)
    regency.dynamodb.end()
    assert not event_handlers.audit(regency.world)["failed"]
    assert regency.everything() == before
