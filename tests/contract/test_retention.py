"""Retention cut off anywhere goes on where it was, and never meets an incident that is opened or held meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib import bootstrap
from chalicelib.domain import retention as rules
from chalicelib.handlers import events
from chalicelib.models.tables import IncidentItem, KeyItem, RegistryItem
from chalicelib.services.abuse import blocking
from chalicelib.services.evidence import legal_hold as holding
from chalicelib.services.evidence import retention
from chalicelib.services.response import ending
from tests.contract.faults import (
    Behaviour,
    Died,
    Proceed,
    after,
    answer_lost,
    died_after,
    died_before,
    sent_twice,
)
from tests.contract.regency_on_moto import DESK, Regency, keyed, reopened
from tests.support import regency as people

DAY_S = 24 * 3600
CALLER = "+6281234567890"
PRANKSTER = "+6285200000042"
WRITES = ("TransactWriteItems", "DeleteItem", "PutItem", "UpdateItem", "BatchWriteItem")


@pytest.fixture
def old(regency: Regency, monkeypatch: pytest.MonkeyPatch) -> Regency:
    """Months after a fire that was called off, a prank, a block and a key."""
    monkeypatch.setattr(retention, "FIRST_DAY", "2026-11-23")
    settings = replace(regency.world.settings, sms_replies=True, sms_message_ids=True)
    regency.world = replace(regency.world, settings=settings)
    bootstrap.install(regency.world)
    incident_id = regency.opened(actor=keyed("one"))
    regency.settle()
    ending.add_note(regency.world, DESK, incident_id, "Ibu Ani")
    ending.cancel(regency.world, regency.registry, DESK, incident_id, "Palsu")
    regency.settle()
    regency.takes(kind="prank", note="Ibu Ani")
    blocked, _ = blocking.block(regency.world, regency.registry, "sub-supervisor", PRANKSTER, "Palsu")
    blocking.unblock(regency.world, regency.registry, "sub-supervisor", blocked.id)
    regency.provider.messages.clear()
    regency.clock.advance(92 * DAY_S)
    # Everything is due after as many days, so that no run looks at years of days.
    settings = replace(settings, retention_days=dict.fromkeys(rules.DAYS, 90))
    regency.world = replace(regency.world, settings=settings)
    bootstrap.install(regency.world)
    regency.dynamodb.calls.clear()
    return regency


def must_be_forgotten(regency: Regency) -> None:
    """Nothing personal stands, every chain is whole, and each part was erased by one event alone."""
    kept = [item.serialize() for model in (IncidentItem, KeyItem) for item in model.scan()]
    for text in (CALLER, "Ibu Ani", PRANKSTER, people.number_of("andi"), '"Andi"', "message-"):
        assert text not in str(kept), text
    assert not [item.pk for item in IncidentItem.scan() if item.pk[:2] in ("K#", "M#")]
    assert PRANKSTER not in str([item.serialize() for item in RegistryItem.scan()])
    assert not [item.pk for item in RegistryItem.scan() if item.pk.startswith("H#")]
    for whole in regency.all_whole():
        erased = [
            name
            for event in whole.events
            if event.type == "PersonalDataErased"
            for name in event.data["erased"]
        ]
        assert len(erased) == len(set(erased))
        assert len(erased) == 1 + len(whole.calls) + len(whole.notes) + len(whole.pages)
        assert rules.next_kind(whole.incident) is None


def dies_at_write(regency: Regency, which: int, dies: Behaviour) -> bool:
    """Whether a run got as far as this write, at which it died."""
    left = [which]

    def behave(operation: str, kwargs: dict[str, Any], proceed: Proceed) -> dict[str, Any]:
        left[0] -= 1
        return dies(operation, kwargs, proceed) if left[0] < 0 else proceed()

    for operation in WRITES:
        regency.dynamodb.always(operation, behave)
    try:
        events.retention(regency.world)
    except Died:
        return True
    finally:
        regency.dynamodb.end()
    return False


@pytest.mark.parametrize("dies", [died_before, died_after], ids=lambda dies: dies.__name__)
@pytest.mark.parametrize("at_once", [2, rules.AT_ONCE])
def test_a_run_that_dies_at_any_write_is_finished_by_the_next(
    old: Regency, monkeypatch: pytest.MonkeyPatch, dies: Behaviour, at_once: int
) -> None:
    monkeypatch.setattr(rules, "AT_ONCE", at_once)
    deaths = 0
    # The first run dies at its first write, each later one a write further, until one has none left to die at.
    while dies_at_write(old, deaths, dies):
        deaths += 1
        old.all_whole()
    assert deaths > 5
    events.retention(old.world)
    must_be_forgotten(old)
    before = old.everything()
    assert not any(events.retention(old.world).values())
    assert old.everything() == before


@pytest.mark.parametrize("broken", [answer_lost, sent_twice], ids=lambda broken: broken.__name__)
def test_an_answer_that_is_lost_erases_nothing_twice(old: Regency, broken: Behaviour) -> None:
    for operation in ("TransactWriteItems", "DeleteItem"):
        old.dynamodb.next(operation, broken, times=2)
    events.retention(old.world)
    events.retention(old.world)
    must_be_forgotten(old)


@pytest.mark.parametrize(
    "act",
    [
        lambda regency, id_: reopened(regency, id_, "Benar"),
        lambda regency, id_: holding.place(regency.world, DESK, id_, "Perkara"),
    ],
    ids=["reopened", "held"],
)
def test_an_incident_that_is_opened_or_held_at_the_same_moment_keeps_all(
    old: Regency, act: Callable[[Regency, str], object]
) -> None:
    (incident_id,) = old.incident_ids()
    old.dynamodb.next("TransactWriteItems", after(lambda: act(old, incident_id)))
    retention.erase_incident(old.world, incident_id, old.clock.now())
    whole = old.whole(incident_id)
    assert "PersonalDataErased" not in [event.type for event in whole.events]
    assert [call.number for call in whole.calls.values()] == [CALLER]
    assert {note.text for note in whole.notes} >= {"Ibu Ani"}


def test_a_code_that_another_page_has_taken_meanwhile_stays_that_pages(old: Regency) -> None:
    (first,) = old.incident_ids()
    page = old.page_of(first)
    item = IncidentItem.get(f"K#{page.reply}", "K")
    item.doc = item.doc.replace(first, "01ANOTHERINCIDENT")
    item.save()
    events.retention(old.world)
    assert [each.pk for each in IncidentItem.scan() if each.pk.startswith("K#")] == [f"K#{page.reply}"]


def test_two_runs_at_once_erase_everything_once(old: Regency) -> None:
    (incident_id,) = old.incident_ids()
    other = after(lambda: retention.erase_incident(old.world, incident_id, old.clock.now()))
    old.dynamodb.next("TransactWriteItems", other)
    events.retention(old.world)
    must_be_forgotten(old)
