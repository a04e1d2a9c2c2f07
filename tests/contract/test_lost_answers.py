"""An answer lost after the commit is found, and a repeated request is answered and not carried out again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import msgspec
import pytest

from chalicelib.domain.registry import EscalationPolicy, EscalationStep
from chalicelib.errors import Conflict, KeyReused
from chalicelib.services.abuse import blocking
from chalicelib.services.registry import keeping
from chalicelib.services.response import assigning, ending, following, intake
from tests.contract.faults import (
    Behaviour,
    Died,
    Proceed,
    answer_lost,
    died_after,
    never_arrived,
    sent_twice,
)
from tests.contract.regency_on_moto import DESK, Regency, keyed, reopened
from tests.support import regency as seeded
from tests.support import regency as small_regency

LOST = {"answer lost": answer_lost, "sent twice": sent_twice, "never arrived": never_arrived}
lost = pytest.mark.parametrize("fault", LOST.values(), ids=LOST.keys())


def must_be_one_incident(regency: Regency, incident_id: str) -> None:
    whole = regency.whole(incident_id)
    assert regency.incident_ids() == [incident_id]
    counted = Counter(event.type for event in whole.events)
    assert counted == {"IncidentOpened": 1, "UnitAssigned": 3, "PagesRequested": 1}
    assert sorted(each.unit_id for each in whole.assignments.values()) == [
        "ambulans_1",
        "damkar_1",
        "polres_1",
    ]
    assert sorted(each.person_id for each in whole.pages.values()) == ["andi", "citra", "eko"]
    assert len(whole.calls) == 1
    regency.must_agree()


@lost
@pytest.mark.parametrize("key", ["", "k1"])
def test_an_incident_is_opened_once(regency: Regency, fault: Behaviour, key: str) -> None:
    regency.dynamodb.next("TransactWriteItems", fault)
    taken = regency.takes(keyed(key) if key else DESK)
    assert taken.loaded is not None
    must_be_one_incident(regency, taken.loaded.incident.id)
    assert taken.call.incident_id == taken.loaded.incident.id
    assert set(taken.loaded.pages) == set(regency.whole(taken.loaded.incident.id).pages)


@lost
def test_its_crews_are_woken_at_once_all_the_same(regency: Regency, fault: Behaviour) -> None:
    regency.dynamodb.next("TransactWriteItems", fault)
    regency.takes(keyed("k1"))
    regency.settle()
    assert len(regency.provider.messages) == 3


Action = Callable[[Regency, str], object]
ACTIONS: dict[str, tuple[Action, str]] = {
    "report": (
        lambda r, i: following.report(
            r.world,
            r.registry,
            DESK,
            i,
            following.CrewReport(assignment_id=r.assignment_of(i, "damkar_1"), status="en_route"),
        ),
        "UnitEnRoute",
    ),
    "unable": (
        lambda r, i: following.report(
            r.world,
            r.registry,
            DESK,
            i,
            following.CrewReport(
                assignment_id=r.assignment_of(i, "damkar_1"), status="unable", reason="no_fuel"
            ),
        ),
        "UnitUnable",
    ),
    "note": (lambda r, i: ending.add_note(r.world, DESK, i, "Api besar"), "NoteAdded"),
    "keyed note": (lambda r, i: ending.add_note(r.world, keyed("n"), i, "Api besar"), "NoteAdded"),
    "cancel": (lambda r, i: ending.cancel(r.world, r.registry, DESK, i, "Salah lapor"), "IncidentCancelled"),
    "assign": (
        lambda r, i: assigning.assign(r.world, r.registry, DESK, i, assigning.Choice(unit_id="damkar_2")),
        "UnitAssigned",
    ),
    "keyed assign": (
        lambda r, i: assigning.assign(
            r.world, r.registry, keyed("a"), i, assigning.Choice(unit_id="damkar_2")
        ),
        "UnitAssigned",
    ),
    "alarm": (lambda r, i: assigning.raise_alarm(r.world, r.registry, keyed("m"), i, 2), "AlarmRaised"),
    "join": (
        lambda r, i: intake.log_call(r.world, r.registry, keyed("j"), r.new(incident_id=i)),
        "CallJoined",
    ),
}
MORE = {"UnitAssigned": 4}


@lost
@pytest.mark.parametrize("name", ACTIONS)
def test_what_is_done_to_an_incident_is_done_once(regency: Regency, fault: Behaviour, name: str) -> None:
    action, event = ACTIONS[name]
    incident_id = regency.opened()
    regency.dynamodb.next("TransactWriteItems", fault)
    action(regency, incident_id)
    types = Counter(regency.types(incident_id))
    assert types[event] == MORE.get(event, 1)
    assert types["LateReportReceived"] == 0
    regency.must_agree()


@lost
def test_closing_is_done_once_and_not_answered_with_a_conflict(regency: Regency, fault: Behaviour) -> None:
    incident_id = regency.opened("theft")
    regency.dynamodb.next("TransactWriteItems", fault)
    ending.close(regency.world, regency.registry, DESK, incident_id, "done")
    assert regency.types(incident_id).count("IncidentClosed") == 1
    regency.dynamodb.next("TransactWriteItems", fault)
    reopened(regency, incident_id, "Api menyala lagi")
    assert regency.types(incident_id).count("IncidentReopened") == 1


@lost
def test_a_replacement_whose_answer_was_lost_is_woken_at_once(regency: Regency, fault: Behaviour) -> None:
    incident_id = regency.opened()
    regency.settle()
    regency.dynamodb.next("TransactWriteItems", fault)
    ACTIONS["unable"][0](regency, incident_id)
    regency.settle()
    assert regency.page_of(incident_id, "budi").status == "sent"


def test_somebody_elses_change_meanwhile_is_not_taken_for_ones_own(regency: Regency) -> None:
    incident_id = regency.opened()

    def note_of_another() -> None:
        ending.add_note(regency.world, DESK, incident_id, "dari meja lain")

    def behave(operation: str, kwargs: object, proceed: object) -> dict[str, object]:
        note_of_another()
        return never_arrived(operation, {}, lambda: {})

    regency.dynamodb.next("TransactWriteItems", behave)
    ending.add_note(regency.world, DESK, incident_id, "dari meja ini")
    assert sorted(note.text for note in regency.whole(incident_id).notes) == [
        "dari meja ini",
        "dari meja lain",
    ]


@lost
@pytest.mark.parametrize("kind", ["emergency", "prank"])
def test_a_call_is_counted_once_for_its_number(regency: Regency, fault: Behaviour, kind: str) -> None:
    regency.dynamodb.next("TransactWriteItems", fault)
    regency.takes(keyed("k1"), kind=kind)
    assert blocking.calls_today(regency.world, "+6281234567890") == 1


@lost
def test_a_prank_is_logged_once(regency: Regency, fault: Behaviour) -> None:
    regency.dynamodb.next("TransactWriteItems", fault)
    first = regency.takes(keyed("p"), kind="prank")
    again = regency.takes(keyed("p"), kind="prank")
    assert first.call == again.call
    assert len(regency.everything()) == 1


def test_the_same_key_and_body_again_gets_the_same_answer(regency: Regency) -> None:
    first = regency.takes(keyed("k"))
    before = regency.everything()
    again = regency.takes(keyed("k"))
    assert regency.everything() == before
    assert first.loaded is not None and again.loaded is not None
    assert again.call == first.call
    for part in ("incident", "assignments", "pages", "events"):
        assert msgspec.json.encode(getattr(again.loaded, part)) == msgspec.json.encode(
            getattr(first.loaded, part)
        )
    must_be_one_incident(regency, first.loaded.incident.id)


def test_the_same_key_is_answered_even_when_it_could_not_be_carried_out_any_more(regency: Regency) -> None:
    incident_id = regency.opened()
    assigning.assign(
        regency.world, regency.registry, keyed("a"), incident_id, assigning.Choice(unit_id="damkar_2")
    )
    before = regency.everything()
    assigning.assign(
        regency.world, regency.registry, keyed("a"), incident_id, assigning.Choice(unit_id="damkar_2")
    )
    assert regency.everything() == before
    with pytest.raises(Conflict):
        assigning.assign(
            regency.world, regency.registry, keyed("b"), incident_id, assigning.Choice(unit_id="damkar_2")
        )


def test_the_same_key_with_another_body_is_refused_and_nothing_is_written(regency: Regency) -> None:
    regency.takes(keyed("k", b'{"a":1}'))
    before = regency.everything()
    for kind in ("emergency", "prank"):
        with pytest.raises(KeyReused):
            regency.takes(keyed("k", b'{"a":2}'), kind=kind)
    assert regency.everything() == before


def test_the_same_key_of_another_desk_is_another_key(regency: Regency) -> None:
    regency.takes(keyed("k"))
    regency.takes(keyed("k", caller="sub-operator2"))
    assert len(regency.incident_ids()) == 2


def test_a_key_is_kept_a_day_and_free_after(regency: Regency) -> None:
    regency.takes(keyed("k", b"1"))
    regency.clock.advance(24 * 3600 - 60)
    with pytest.raises(KeyReused):
        regency.takes(keyed("k", b"2"))
    regency.clock.advance(120)
    regency.takes(keyed("k", b"2"))
    assert len(regency.incident_ids()) == 2


def test_a_repeated_request_wakes_what_its_first_process_died_before_waking(regency: Regency) -> None:
    regency.dynamodb.next("TransactWriteItems", died_after)
    with pytest.raises(Died):
        regency.takes(keyed("k1"))
    regency.takes(keyed("k1"))
    regency.settle()
    assert len(regency.provider.messages) == 3


def test_a_repeated_request_sets_the_timers_that_its_first_process_died_before_setting(
    regency: Regency,
) -> None:
    step = EscalationStep(after_s=60, to="on_duty")
    policy = EscalationPolicy(
        id="normal", label=small_regency.label("Biasa"), steps=[step], silence=small_regency.SILENCE
    )
    keeping.put(regency.world, regency.registry, "escalation-policies", policy, known=1, hand=seeded.HAND)
    regency.dynamodb.next("TransactWriteItems", died_after)
    with pytest.raises(Died):
        regency.takes(keyed("k1"), "childbirth")
    regency.takes(keyed("k1"), "childbirth")
    regency.settle()
    assert regency.sent_to(small_regency.number_of("dewi")) == 0
    regency.fast_forward(61, sweeping=False)
    assert regency.sent_to(small_regency.number_of("dewi")) == 1, "nobody had answered"


def test_an_answer_lost_as_time_ran_out_is_looked_for_once_more(regency: Regency) -> None:
    incident_id = regency.opened()

    def slow(operation: str, kwargs: dict[str, object], proceed: Proceed) -> dict[str, object]:
        regency.clock.advance(6)
        return answer_lost(operation, kwargs, proceed)

    regency.dynamodb.next("TransactWriteItems", slow)
    written = ending.add_note(regency.world, DESK, incident_id, "Api besar")
    assert [event.type for event in written.events] == ["NoteAdded"]
