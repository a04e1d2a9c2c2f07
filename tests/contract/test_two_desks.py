"""Two dispatchers on one incident: whichever is first, the other is refused or fits in; no crew is lost or misled."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest

from chalicelib.errors import KentonganError
from chalicelib.services.response import assigning, ending, following
from tests.contract.faults import after
from tests.contract.regency_on_moto import DESK, Regency, reopened
from tests.contract.test_races import together

Action = Callable[[Regency, str], object]


def report(status: str, reason: str = "") -> Action:
    return lambda r, i: following.report(
        r.world,
        r.registry,
        DESK,
        i,
        following.CrewReport(assignment_id=r.assignment_of(i, "damkar_1"), status=status, reason=reason),  # type: ignore[arg-type]
    )


ACTIONS: dict[str, Action] = {
    "assign": lambda r, i: assigning.assign(
        r.world, r.registry, DESK, i, assigning.Choice(unit_id="damkar_2")
    ),
    "swap": lambda r, i: assigning.assign(
        r.world,
        r.registry,
        DESK,
        i,
        assigning.Choice(unit_id="damkar_2", instead_of=r.assignment_of(i, "damkar_1")),
    ),
    "cancel": lambda r, i: ending.cancel(r.world, r.registry, DESK, i, "Salah lapor"),
    "close": lambda r, i: ending.close(r.world, r.registry, DESK, i, "done"),
    "alarm": lambda r, i: assigning.raise_alarm(r.world, r.registry, DESK, i, 2),
    "call off": report("cancelled"),
    "unable": report("unable", "other_duty"),
    "acknowledge": report("acknowledged"),
    "clear": report("cleared"),
}


def must_be_sound(regency: Regency, incident_id: str) -> None:
    """No unit is lost or held in vain, and each phone's last message says what is true."""
    for _ in range(3):
        regency.settle()
        regency.clock.advance(3)
    whole = regency.whole(incident_id)
    crews = {each.id: each for each in whole.assignments.values()}
    expected = {each.id for each in crews.values() if each.status not in ("cleared", "unable", "cancelled")}
    assert regency.held_by() == {crews[each].unit_id: each for each in expected}
    assert {each.id: each.status for each in whole.incident.crews} == {
        each.id: each.status for each in crews.values()
    }
    if whole.incident.status != "open":
        assert not expected
    assert [each.status for each in whole.pages.values() if each.status in ("pending", "sending")] == []
    for number in {page.number for page in whole.pages.values()}:
        own = [page for page in whole.pages.values() if page.number == number and page.kind == "page"]
        texts = [sms.text for sms in regency.provider.messages if sms.number == number]
        told = [page for page in own if page.status == "sent"]
        if any(page.assignment_id in expected for page in own):
            assert "BATAL" not in texts[-1], "somebody who is expected was sent home last"
        elif told and all(crews[page.assignment_id].status == "cancelled" for page in told):
            assert "BATAL" in texts[-1], "somebody was called off and not told"


def begin_again(regency: Regency, incident_id: str) -> None:
    if regency.whole(incident_id).incident.status == "open":
        ending.cancel(regency.world, regency.registry, DESK, incident_id, "berikutnya")
    regency.settle()
    assert regency.held_by() == {}
    regency.provider.messages.clear()


@pytest.mark.parametrize("first", ACTIONS)
def test_of_two_desks_at_once_the_later_one_sees_what_the_first_did(regency: Regency, first: str) -> None:
    for number, second in enumerate(ACTIONS):
        incident_id = regency.opened()
        if (number + len(first)) % 2:
            # In every other round the pages have left before the desks act.
            regency.settle()

        def act_first(incident_id: str = incident_id) -> None:
            with contextlib.suppress(KentonganError):
                ACTIONS[first](regency, incident_id)

        regency.dynamodb.next("TransactWriteItems", after(act_first))
        with contextlib.suppress(KentonganError):
            ACTIONS[second](regency, incident_id)
        regency.dynamodb.end()
        must_be_sound(regency, incident_id)
        begin_again(regency, incident_id)


@pytest.mark.parametrize("round_", range(3))
def test_everything_that_two_desks_can_do_at_the_same_time(regency: Regency, round_: int) -> None:
    incident_id = regency.opened()
    names = [*ACTIONS]
    acts = [*names[round_ * 3 :], *names[: round_ * 3]]
    refused = together(*(lambda act=act: ACTIONS[act](regency, incident_id) for act in acts), regency.settle)
    assert all(isinstance(error, KentonganError) for error in refused)
    must_be_sound(regency, incident_id)


def test_two_of_a_crew_who_say_unable_at_once_bring_one_replacement(regency: Regency) -> None:
    incident_id = regency.opened()
    refused = together(*(lambda: ACTIONS["unable"](regency, incident_id) for _ in range(4)))
    assert refused == []
    whole = regency.whole(incident_id)
    assert [each.unit_id for each in whole.assignments.values()].count("damkar_2") == 1
    assert [event.type for event in whole.events].count("UnitUnable") == 1
    must_be_sound(regency, incident_id)


def test_two_desks_that_raise_the_same_alarm_raise_it_once(regency: Regency) -> None:
    incident_id = regency.opened()
    refused = together(*(lambda: ACTIONS["alarm"](regency, incident_id) for _ in range(3)))
    assert len(refused) == 2
    assert regency.types(incident_id).count("AlarmRaised") == 1
    must_be_sound(regency, incident_id)


def test_two_desks_that_reopen_and_send_at_once_send_each_unit_once(regency: Regency) -> None:
    incident_id = regency.opened()
    regency.settle()
    ACTIONS["cancel"](regency, incident_id)

    def again() -> None:
        with contextlib.suppress(KentonganError):
            reopened(regency, incident_id, "Api menyala lagi")
        assigning.assign(
            regency.world, regency.registry, DESK, incident_id, assigning.Choice(unit_id="damkar_1")
        )

    refused = together(again, again, regency.settle)
    assert len(refused) == 1
    must_be_sound(regency, incident_id)
