"""Amendments that meet each other, crews' steps and lost answers: one event each, both heard, and nobody told twice."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from chalicelib.errors import Conflict
from chalicelib.services.response import amending
from tests.contract.faults import after
from tests.contract.regency_on_moto import DESK, Regency, keyed
from tests.contract.test_lost_answers import lost
from tests.contract.test_races import together
from tests.contract.test_two_desks import ACTIONS, must_be_sound


def amend(regency: Regency, incident_id: str, version: int, actor: Any = DESK, **values: Any) -> None:
    wanted = amending.Amendment(version=version, values=values)
    amending.amend(regency.world, regency.registry, actor, incident_id, wanted)


def amendments(regency: Regency, incident_id: str) -> int:
    return regency.types(incident_id).count("IncidentAmended")


def news(regency: Regency) -> Counter[str]:
    return Counter(sms.number for sms in regency.provider.messages if "UBAH" in sms.text)


def under_way(regency: Regency) -> tuple[str, int]:
    """An incident whose pages have left, and its version."""
    incident_id = regency.opened()
    regency.settle()
    return incident_id, regency.whole(incident_id).incident.seq


def test_of_two_who_amend_the_same_field_at_once_the_later_is_refused(regency: Regency) -> None:
    incident_id, version = under_way(regency)
    refused = together(*(lambda p=p: amend(regency, incident_id, version, priority=p) for p in (2, 3, 4)))
    assert [type(error) for error in refused] == [Conflict, Conflict]
    assert amendments(regency, incident_id) == 1
    must_be_sound(regency, incident_id)


def test_of_two_who_amend_different_fields_at_once_both_are_heard(regency: Regency) -> None:
    incident_id, version = under_way(regency)
    refused = together(
        lambda: amend(regency, incident_id, version, priority=2),
        lambda: amend(regency, incident_id, version, terrain="water"),
        lambda: ACTIONS["acknowledge"](regency, incident_id),
    )
    assert refused == []
    incident = regency.whole(incident_id).incident
    assert (incident.priority, incident.terrain, incident.amended) == (2, "water", 2)
    must_be_sound(regency, incident_id)


@pytest.mark.parametrize("between", ["acknowledge", "unable", "call off", "alarm", "swap"])
def test_what_comes_first_of_an_amendment_and_anything_else_is_followed_by_the_other(
    regency: Regency, between: str
) -> None:
    incident_id, version = under_way(regency)
    regency.dynamodb.next("TransactWriteItems", after(lambda: ACTIONS[between](regency, incident_id)))
    amend(regency, incident_id, version, type="childbirth")
    regency.dynamodb.end()
    must_be_sound(regency, incident_id)
    assert amendments(regency, incident_id) == 1
    assert set(news(regency).values()) == {1}


@lost
def test_an_amendment_whose_answer_is_lost_is_carried_out_once(regency: Regency, fault: Any) -> None:
    incident_id, version = under_way(regency)
    regency.dynamodb.next("TransactWriteItems", fault)
    amend(regency, incident_id, version, keyed("amending"), priority=2, terrain="water")
    regency.dynamodb.end()
    amend(regency, incident_id, version, keyed("amending"), priority=2, terrain="water")
    regency.settle()
    assert amendments(regency, incident_id) == 1
    assert set(news(regency).values()) == {1}
    must_be_sound(regency, incident_id)


def test_the_news_is_ordered_once_however_often_the_outcome_of_the_first_page_is_recorded(
    regency: Regency,
) -> None:
    incident_id = regency.opened()
    version = regency.whole(incident_id).incident.seq
    # Every page leaves with the old words while the desk amends.
    regency.dynamodb.next("TransactWriteItems", after(regency.settle))
    amend(regency, incident_id, version, terrain="water")
    regency.dynamodb.end()
    for _ in range(3):
        regency.settle()
        regency.clock.advance(20)
    assert set(news(regency).values()) == {1}
    assert len(news(regency)) == 3
    must_be_sound(regency, incident_id)
