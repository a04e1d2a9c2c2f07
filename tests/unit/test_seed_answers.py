"""Whom the seed's response plans send, at every hour of a week, by the rules of dispatch."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from chalicelib.domain.dispatch import Attendance, Duty, attendance
from chalicelib.domain.duty import on_duty
from chalicelib.domain.plans import choose_plan
from chalicelib.domain.registry import (
    Agency,
    District,
    IncidentType,
    Person,
    ResponsePlan,
    Station,
    Terrain,
    Unit,
)
from chalicelib.domain.scene import Scene
from chalicelib.domain.times import local_day, plus
from infra.seed.load import Seed, read
from tests.support.duties import nouns_of, stretches_of

MONDAY_MIDNIGHT = "2026-11-22T17:00:00.000Z"
NOON, NIGHT = "2026-11-25T05:00:00.000Z", "2026-11-25T18:00:00.000Z"


class Regency:
    def __init__(self, seed: Seed) -> None:
        self.seed = seed
        self.stretches = stretches_of(nouns_of(seed), date(2026, 11, 22), 9)
        self.types = {type_.id: type_ for type_ in seed.of(IncidentType)}
        self.districts = {district.id: district for district in seed.of(District)}

    def attendance(
        self, type_id: str, district_id: str, now: str, terrain: Terrain | None = None, level: int = 1
    ) -> Attendance:
        type_, district = self.types[type_id], self.districts[district_id]
        scene = Scene(
            type_id=type_id,
            category=type_.category,
            terrain=terrain or type_.terrain,
            district=district_id,
            lat=district.lat,
            lng=district.lng,
            now=now,
            today=local_day(now, self.seed.utc_offset_hours),
        )
        plan = choose_plan(self.seed.of(ResponsePlan), scene)
        assert plan is not None
        duty = Duty(
            agencies={agency.id: agency for agency in self.seed.of(Agency)},
            units=self.seed.of(Unit),
            stations={station.id: station for station in self.seed.of(Station)},
            people={person.id: person for person in self.seed.of(Person)},
            on_duty=on_duty(self.stretches, now),
            states={},
        )
        return attendance(plan, level, scene, duty)


@pytest.fixture(scope="module")
def kotim() -> Regency:
    return Regency(read(Path(__file__).parents[2] / "infra/seed/kotim.yaml"))


@pytest.mark.parametrize("now", [NOON, NIGHT])
def test_a_house_fire_in_sampit_gets_three_units_of_three_agencies_by_day_and_by_night(
    kotim: Regency, now: str
) -> None:
    picks = kotim.attendance("house_fire", "mentawa_baru_ketapang", now).picks
    assert [pick.agency_id for pick in picks] == ["damkar", "psc119", "polres"]
    assert [pick.unit_id for pick in picks] == ["damkar_1", "ambulans_1", "polres_1"]


def test_a_house_fire_in_samuda_gets_the_units_that_stand_there(kotim: Regency) -> None:
    picks = kotim.attendance("house_fire", "mentaya_hilir_selatan", NIGHT).picks
    assert [pick.unit_id for pick in picks] == ["damkar_samuda", "ambulans_samuda", "polres_samuda"]


def test_a_boat_accident_gets_two_boats_and_an_ambulance_that_waits_ashore(kotim: Regency) -> None:
    picks = kotim.attendance("boat_accident", "baamang", NIGHT).picks
    assert [pick.unit_id for pick in picks] == ["polairud_1", "sar_rib", "ambulans_1"]


def test_every_type_anywhere_at_any_hour_gets_what_its_plan_asks_first(kotim: Regency) -> None:
    for hour in range(0, 7 * 24, 5):
        now = plus(MONDAY_MIDNIGHT, 3600 * hour)
        for type_id in kotim.types:
            for terrain in ("land", "water"):
                found = kotim.attendance(type_id, "mentawa_baru_ketapang", now, terrain)
                assert found.picks and not found.shortfalls, (type_id, terrain, now, found.shortfalls)


def test_at_night_the_tow_truck_is_a_shortfall_that_says_why(kotim: Regency) -> None:
    night = kotim.attendance("fallen_tree", "baamang", NIGHT, level=2)
    assert [(shortfall.need_id, shortfall.missing) for shortfall in night.shortfalls] == [("tow", 1)]
    assert ("dishub_derek", "no_crew") in {
        (each.unit_id, each.reason) for each in night.shortfalls[0].considered
    }
    assert not kotim.attendance("fallen_tree", "baamang", NOON, level=2).shortfalls


def test_a_lapsed_certification_warns_and_names_its_holder(kotim: Regency) -> None:
    warnings = {
        warning
        for type_id in kotim.types
        for pick in kotim.attendance(type_id, "baamang", NOON).picks
        for warning in pick.warnings
    }
    assert any(warning.startswith("certification_expired:") for warning in warnings), warnings


def test_blocked_certifications_can_be_met_at_every_turn(kotim: Regency) -> None:
    for half_day in range(14):
        now = plus(MONDAY_MIDNIGHT, timedelta(hours=12 * half_day + 9).total_seconds())
        assert not kotim.attendance("drowning", "teluk_sampit", now).shortfalls
        assert not kotim.attendance("cardiac_arrest", "antang_kalang", now).shortfalls
