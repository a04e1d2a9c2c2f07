"""What one transaction cannot hold is driven to its end, whoever dies, comes second or takes something away meanwhile."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress

import pytest

from chalicelib.errors import KentonganError
from chalicelib.services.changes import driving
from chalicelib.services.response import ending
from tests.contract.faults import (
    Behaviour,
    Died,
    after,
    answer_lost,
    cancelled,
    died_after,
    died_before,
    never_arrived,
)
from tests.contract.regency_on_moto import DESK, Regency, keyed
from tests.support import disaster

UNITS = 42
TRANSACTIONS = 3

FAULTS: dict[str, Behaviour] = {
    "died before": died_before,
    "died after": died_after,
    "answer lost": answer_lost,
    "never arrived": never_arrived,
    "conflict": cancelled("TransactionConflict"),
}


@pytest.fixture
def disaster_at(regency: Regency) -> Regency:
    """Forty-two units on duty with one person each."""
    disaster.muster(UNITS, 1, regency.clock.now())
    regency.world.registry.current()
    regency.dynamodb.calls.clear()
    return regency


def opened(regency: Regency) -> str:
    return regency.opened(disaster.TYPE)


def must_be_whole(regency: Regency, incident_id: str) -> None:
    """Every unit was sent once, every phone rang once, and the trail says so."""
    whole = regency.whole(incident_id)
    assert sorted(each.unit_id for each in whole.assignments.values()) == [
        disaster.unit_id(u) for u in range(UNITS)
    ]
    assert not whole.incident.owed and not whole.incident.unpaged and not whole.incident.unfinished_since
    counted = Counter(event.type for event in whole.events)
    assert (counted["IncidentOpened"], counted["UnitAssigned"]) == (1, UNITS)
    assert Counter(sms.number for sms in regency.provider.messages) == {
        disaster.number_of(u, 0): 1 for u in range(UNITS)
    }
    regency.must_agree()


def test_it_takes_more_than_one_transaction(disaster_at: Regency) -> None:
    incident_id = opened(disaster_at)
    first = disaster_at.whole(incident_id).incident
    assert 0 < len(first.crews) < UNITS and sum(each.units for each in first.owed) == UNITS - len(first.crews)
    driving.drive(disaster_at.world, incident_id)
    assert disaster_at.dynamodb.count("TransactWriteItems") <= TRANSACTIONS
    disaster_at.fast_forward(120)
    must_be_whole(disaster_at, incident_id)


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("at", range(2))
def test_whatever_becomes_of_any_transaction_all_are_sent_once(
    disaster_at: Regency, name: str, at: int
) -> None:
    disaster_at.dynamodb.next("TransactWriteItems", FAULTS[name], skip=at)
    with suppress(Died):
        disaster_at.takes(keyed("k"), disaster.TYPE)
        driving.drive(disaster_at.world, disaster_at.incident_ids()[0])
    disaster_at.dynamodb.end()
    # The desk sends its request again when it heard nothing.
    again = disaster_at.takes(keyed("k"), disaster.TYPE)
    disaster_at.fast_forward(180)
    assert again.loaded is not None
    assert disaster_at.incident_ids() == [again.loaded.incident.id]
    must_be_whole(disaster_at, again.loaded.incident.id)


def test_the_repeated_request_wakes_the_rest_when_its_first_process_died(disaster_at: Regency) -> None:
    disaster_at.dynamodb.next("TransactWriteItems", died_after)
    with suppress(Died):
        disaster_at.takes(keyed("k"), disaster.TYPE)
    again = disaster_at.takes(keyed("k"), disaster.TYPE)
    disaster_at.settle()
    assert again.loaded is not None
    must_be_whole(disaster_at, again.loaded.incident.id)


def test_two_that_drive_at_once_send_nobody_twice(disaster_at: Regency) -> None:
    incident_id = opened(disaster_at)

    def another() -> None:
        driving.drive(disaster_at.world, incident_id)

    disaster_at.dynamodb.next("TransactWriteItems", after(another))
    driving.drive(disaster_at.world, incident_id)
    disaster_at.fast_forward(120)
    must_be_whole(disaster_at, incident_id)


def test_cancelled_between_two_parts_sends_nobody_more(disaster_at: Regency) -> None:
    incident_id = opened(disaster_at)
    sent = len(disaster_at.whole(incident_id).incident.crews)

    def cancels() -> None:
        ending.cancel(disaster_at.world, disaster_at.registry, DESK, incident_id, "Salah lapor")

    disaster_at.dynamodb.next("TransactWriteItems", after(cancels))
    driving.drive(disaster_at.world, incident_id)
    disaster_at.fast_forward(120)
    whole = disaster_at.whole(incident_id)
    assert [each.status for each in whole.assignments.values()] == ["cancelled"] * sent
    assert disaster_at.held_by() == {}
    assert disaster_at.provider.messages == [], "nobody had been called"


@pytest.mark.parametrize("name", ["died after", "answer lost"])
@pytest.mark.parametrize("at", range(2))
def test_whatever_becomes_of_any_transaction_all_are_called_off_once(
    disaster_at: Regency, name: str, at: int
) -> None:
    incident_id = opened(disaster_at)
    driving.drive(disaster_at.world, incident_id)
    disaster_at.fast_forward(60)
    disaster_at.dynamodb.next("TransactWriteItems", FAULTS[name], skip=at)
    with suppress(Died):
        ending.cancel(disaster_at.world, disaster_at.registry, DESK, incident_id, "Salah lapor")
        driving.drive(disaster_at.world, incident_id)
    disaster_at.dynamodb.end()
    with suppress(KentonganError):
        ending.cancel(disaster_at.world, disaster_at.registry, DESK, incident_id, "Salah lapor")
    disaster_at.fast_forward(180)
    whole = disaster_at.whole(incident_id)
    assert Counter(each.status for each in whole.assignments.values()) == {"cancelled": UNITS}
    assert disaster_at.types(incident_id).count("IncidentCancelled") == 1
    assert Counter(sms.number for sms in disaster_at.provider.messages) == {
        disaster.number_of(u, 0): 2 for u in range(UNITS)
    }
    assert disaster_at.held_by() == {}
