"""A call split off into an incident of its own: once, whole or not at all, and no incident is left without a call."""

from __future__ import annotations

import pytest

from chalicelib.domain.incident import Location
from chalicelib.errors import Busy, Conflict, KentonganError
from chalicelib.models.incidents import Loaded
from chalicelib.services.changes.writing import Actor
from chalicelib.services.response import intake
from chalicelib.services.response.intake import NewIncident, Taken
from tests.contract.faults import Behaviour, Died, after, answer_lost, died_after, died_before, sent_twice
from tests.contract.regency_on_moto import Regency, keyed
from tests.contract.test_races import together


def split(regency: Regency, incident_id: str, call_id: str, actor: Actor) -> Taken:
    new = NewIncident(type="childbirth", location=Location(district="ketapang"))
    return intake.split_off(regency.world, regency.registry, actor, incident_id, call_id, new)


@pytest.fixture
def joined(regency: Regency) -> tuple[str, str, str]:
    """A theft of which two people told, and the ids of their calls."""
    incident_id = regency.opened("theft")
    second = regency.takes(keyed("join"), incident_id=incident_id).call.id
    first = next(call for call in regency.whole(incident_id).calls if call != second)
    return incident_id, first, second


def others(regency: Regency, incident_id: str) -> list[Loaded]:
    return [regency.whole(each) for each in regency.incident_ids() if each != incident_id]


def must_have_left(regency: Regency, incident_id: str, call_id: str) -> None:
    """The call opened one incident, and both agree about it."""
    [opened] = others(regency, incident_id)
    left = regency.whole(incident_id)
    assert list(opened.calls) == [call_id]
    assert opened.events[0].data["split_from"] == incident_id
    assert left.calls[call_id].incident_id == opened.incident.id
    assert left.incident.calls == 1
    assert [event.type for event in left.events].count("CallSplitOff") == 1
    assert [each.unit_id for each in opened.assignments.values()] == ["ambulans_1"]
    regency.must_agree()


@pytest.mark.parametrize("again", ["same key", "new key"])
@pytest.mark.parametrize("fault", [died_before, died_after])
def test_a_process_that_dies_while_it_splits_off_leaves_all_or_nothing(
    regency: Regency, joined: tuple[str, str, str], fault: Behaviour, again: str
) -> None:
    incident_id, _, call_id = joined
    regency.dynamodb.next("TransactWriteItems", fault)
    with pytest.raises(Died):
        split(regency, incident_id, call_id, keyed("split"))
    actor = keyed("split" if again == "same key" else "another")
    if fault is died_after and again == "new key":
        with pytest.raises(Conflict):
            split(regency, incident_id, call_id, actor)
        regency.sweep()
    else:
        split(regency, incident_id, call_id, actor)
    must_have_left(regency, incident_id, call_id)
    regency.settle()
    assert len(regency.provider.messages) == 1


@pytest.mark.parametrize("fault", [answer_lost, sent_twice])
def test_a_split_whose_answer_was_lost_is_done_once(
    regency: Regency, joined: tuple[str, str, str], fault: Behaviour
) -> None:
    incident_id, _, call_id = joined
    regency.dynamodb.next("TransactWriteItems", fault)
    split(regency, incident_id, call_id, keyed("split"))
    must_have_left(regency, incident_id, call_id)


def test_two_desks_that_split_the_same_call_off_open_one_incident(
    regency: Regency, joined: tuple[str, str, str]
) -> None:
    incident_id, _, call_id = joined
    regency.dynamodb.next(
        "TransactWriteItems", after(lambda: split(regency, incident_id, call_id, keyed("one")))
    )
    with pytest.raises(Conflict):
        split(regency, incident_id, call_id, keyed("other"))
    must_have_left(regency, incident_id, call_id)


def test_two_desks_that_split_off_both_calls_leave_the_incident_one(
    regency: Regency, joined: tuple[str, str, str]
) -> None:
    incident_id, first, second = joined
    regency.dynamodb.next(
        "TransactWriteItems", after(lambda: split(regency, incident_id, second, keyed("one")))
    )
    with pytest.raises(Conflict):
        split(regency, incident_id, first, keyed("other"))
    must_have_left(regency, incident_id, second)


def test_four_desks_at_once_leave_the_incident_one_call(
    regency: Regency, joined: tuple[str, str, str]
) -> None:
    incident_id, first, second = joined
    refused = together(
        *(
            lambda n=n, call_id=call_id: split(regency, incident_id, call_id, keyed(f"s{n}"))
            for n, call_id in enumerate((first, second, first, second))
        )
    )
    assert len(refused) == 3
    assert all(isinstance(error, (Conflict, Busy)) for error in refused)
    assert len(others(regency, incident_id)) == 1
    assert regency.whole(incident_id).incident.calls == 1
    regency.must_agree()


def test_a_call_that_is_joined_while_the_other_is_split_off_stays(
    regency: Regency, joined: tuple[str, str, str]
) -> None:
    incident_id, _, call_id = joined
    regency.dynamodb.next(
        "TransactWriteItems", after(lambda: regency.takes(keyed("third"), incident_id=incident_id))
    )
    split(regency, incident_id, call_id, keyed("split"))
    assert regency.whole(incident_id).incident.calls == 2
    assert len(others(regency, incident_id)) == 1


def test_what_is_refused_changes_neither_incident(regency: Regency, joined: tuple[str, str, str]) -> None:
    incident_id, first, second = joined
    split(regency, incident_id, second, keyed("split"))
    before = regency.everything()
    for call_id in (first, second, "01KAQW000000000000000GH0ST"):
        with pytest.raises(KentonganError):
            split(regency, incident_id, call_id, keyed(f"again-{call_id}"))
    assert regency.everything() == before
