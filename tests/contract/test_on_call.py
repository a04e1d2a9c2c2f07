"""Two calls at one instant and one person on call: nobody is counted in two crews."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from msgspec.structs import replace

from chalicelib.domain.registry import Level, Person, ResponsePlan, Shift
from chalicelib.models.incidents import Loaded
from chalicelib.services.registry import keeping as registry_service
from chalicelib.services.response import assigning, following
from tests.contract.faults import after, answer_lost
from tests.contract.regency_on_moto import DESK, Regency
from tests.contract.test_races import together
from tests.support import regency as seeded
from tests.support import regency as small_regency


@dataclass
class OnCall:
    regency: Regency

    def fire(self) -> str:
        return self.regency.opened("house_fire")

    def crews(self) -> list[str]:
        """Whoever is in a crew of the fire brigade, of any incident, once for each crew."""
        wholes: list[Loaded] = self.regency.all_whole()
        return sorted(
            person
            for whole in wholes
            for each in whole.assignments.values()
            if each.agency_id == "damkar" and each.status not in ("unable", "cancelled")
            for person in each.people
        )


@pytest.fixture
def on_call(regency: Regency) -> OnCall:
    """Both pumps need two people and have one of their own; Hadi alone is on call for either."""
    for unit_id in ("damkar_1", "damkar_2"):
        unit = replace(regency.registry.units[unit_id], min_crew=2)
        registry_service.put(regency.world, regency.registry, "units", unit, known=1, hand=seeded.HAND)
    hadi = Person(id="hadi", agency_id="damkar", name="Hadi", phone="+62811000888", demo=True)
    shift = Shift(
        id="hadi-1",
        agency_id="damkar",
        person_id="hadi",
        starts_at="2026-11-22T17:00:00Z",
        ends_at="2026-11-23T17:00:00Z",
    )
    small_regency.load({"personnel": [hadi], "shifts": [shift]})
    regency.world.registry._snapshot = None
    return OnCall(regency)


def test_of_two_calls_at_one_instant_one_takes_the_person_on_call(on_call: OnCall) -> None:
    on_call.regency.dynamodb.next("TransactWriteItems", after(on_call.fire))
    second = on_call.fire()
    assert on_call.crews() == ["andi", "hadi"]
    shortfalls = [mark.detail for mark in on_call.regency.whole(second).incident.attention]
    assert "pump:no_fit_unit" in shortfalls or "pump:no_crew" in shortfalls


def test_of_two_calls_that_send_different_units_one_takes_the_person_on_call(on_call: OnCall) -> None:
    """No unit stands in both: nothing but the agency's people on call tells the one of the other."""
    registry = on_call.regency.registry
    registry_service.put(
        on_call.regency.world,
        registry,
        "units",
        replace(registry.units["damkar_2"], capabilities=["patrol"]),
        known=registry.versions["units", "damkar_2"],
        hand=seeded.HAND,
    )
    guard = Level([small_regency.need("guard", ["damkar"], "patrol")])
    label = small_regency.label("Pencurian")
    plan = ResponsePlan(id="theft", label=label, type_id="theft", policy_id="normal", levels=[guard])
    small_regency.load({"response-plans": [plan]})
    on_call.regency.world.registry._snapshot = None
    on_call.regency.dynamodb.next("TransactWriteItems", after(lambda: on_call.regency.opened("theft")))
    fire = on_call.fire()
    assert on_call.crews() == ["budi", "hadi"]
    shortfalls = [mark.detail for mark in on_call.regency.whole(fire).incident.attention]
    assert shortfalls in (["pump:no_fit_unit"], ["pump:no_crew"])
    on_call.regency.must_agree()


def test_four_calls_at_one_instant_send_the_person_on_call_once(on_call: OnCall) -> None:
    together(*(on_call.fire for _ in range(4)))
    assert on_call.crews().count("hadi") == 1
    on_call.regency.must_agree()


def test_a_dispatcher_who_sends_a_unit_meanwhile_takes_the_person_on_call(on_call: OnCall) -> None:
    theft = on_call.regency.opened("theft")

    def by_hand() -> None:
        assigning.assign(
            on_call.regency.world, on_call.regency.registry, DESK, theft, assigning.Choice(unit_id="damkar_2")
        )

    on_call.regency.dynamodb.next("TransactWriteItems", after(by_hand))
    on_call.fire()
    assert on_call.crews() == ["budi", "hadi"]


def test_whoever_comes_back_from_a_call_is_taken_again(on_call: OnCall) -> None:
    first = on_call.fire()
    assignment_id = on_call.regency.assignment_of(first)
    following.report(
        on_call.regency.world,
        on_call.regency.registry,
        DESK,
        first,
        following.CrewReport(assignment_id=assignment_id, status="cancelled"),
    )
    on_call.regency.dynamodb.next("TransactWriteItems", answer_lost)
    on_call.fire()
    assert on_call.crews() == ["andi", "hadi"]
