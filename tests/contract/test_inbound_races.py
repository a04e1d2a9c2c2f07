"""SMS that are handed in at once: an id acts once, and no crew's word is lost to another's."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock

import pytest

from chalicelib import bootstrap
from chalicelib.domain import times
from chalicelib.models import incidents
from chalicelib.services.pages import replying
from chalicelib.services.pages.messages import Message
from chalicelib.services.response import following
from tests.contract.faults import after
from tests.contract.regency_on_moto import DESK, Regency
from tests.contract.test_races import together
from tests.support import regency as people

STRANGER = "+628999000111"


@pytest.fixture
def regency(regency: Regency) -> Regency:
    """A regency whose crews may answer by SMS."""
    regency.world = replace(regency.world, settings=replace(regency.world.settings, sms_replies=True))
    bootstrap.install(regency.world)
    return regency


def birth(regency: Regency) -> tuple[str, str]:
    """A childbirth to which Citra is called, and her code."""
    incident_id = regency.opened("childbirth")
    return incident_id, regency.page_of(incident_id, "citra").reply


def hands_in(
    regency: Regency, text: str, *ids: str, from_: str = people.number_of("citra"), at: str | None = None
) -> list[str]:
    """What becomes of messages with these ids, all handed in at once."""
    results, lock = list[str](), Lock()

    def hand_in(id_: str) -> None:
        message = Message(provider="generic", id=id_, number=from_, sender=from_, text=text, at=at)
        result = replying.receive(regency.world, regency.registry, message)
        with lock:
            results.append(result)

    refused = together(*(lambda id_=id_: hand_in(id_) for id_ in ids))
    assert refused == []
    return sorted(results)


def test_the_same_id_at_once_is_recorded_once(regency: Regency) -> None:
    incident_id, code = birth(regency)
    assert hands_in(regency, f"{code} ya", *["m1"] * 4) == ["applied", "repeated", "repeated", "repeated"]
    types = regency.types(incident_id)
    assert types.count("PageAcknowledged") == 1 and "LateReportReceived" not in types


def test_the_same_unclear_id_at_once_is_shown_once(regency: Regency) -> None:
    incident_id, code = birth(regency)
    assert hands_in(regency, f"{code} hm?", *["m1"] * 4) == ["desk", "repeated", "repeated", "repeated"]
    whole = regency.whole(incident_id)
    assert len(whole.notes) == len(whole.incident.attention) == whole.incident.note_count == 1


def test_the_same_id_of_a_stranger_at_once_stands_once_in_the_days_calls(regency: Regency) -> None:
    results = hands_in(regency, "halo", *["m1"] * 4, from_=STRANGER)
    assert results == ["logged", "repeated", "repeated", "repeated"]
    assert len(incidents.calls_of_day(times.local_day(regency.clock.now(), 7))) == 1


def test_the_same_text_under_two_ids_at_once_is_two_messages(regency: Regency) -> None:
    incident_id, code = birth(regency)
    assert hands_in(regency, f"{code} ya", "m1", "m2") == ["applied", "repeated"]
    types = regency.types(incident_id)
    assert (types.count("PageAcknowledged"), types.count("LateReportReceived")) == (1, 1)
    assert hands_in(regency, f"{code} hm?", "m3", "m4") == ["desk", "desk"]
    assert len(regency.whole(incident_id).incident.attention) == 2


def test_a_phones_time_that_another_step_overtakes_is_no_reason_to_lose_the_message(regency: Regency) -> None:
    incident_id, code = birth(regency)
    said = regency.clock.now()
    regency.clock.advance(60)
    assignment = regency.assignment_of(incident_id, "ambulans_1")

    def desk_is_first() -> None:
        following.report(
            regency.world,
            regency.registry,
            DESK,
            incident_id,
            following.CrewReport(assignment_id=assignment, status="acknowledged"),
        )

    regency.dynamodb.next("TransactWriteItems", after(desk_is_first))
    assert hands_in(regency, f"{code} jalan", "m1", at=said) == ["applied"]
    milestones = regency.whole(incident_id).assignments[assignment].milestones
    assert said < milestones["acknowledged"] < milestones["en_route"]
