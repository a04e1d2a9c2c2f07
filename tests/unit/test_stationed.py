"""Stationed or on call, primary or backup, unit or pool: what that means to the planner and to escalation (docs/duty.md)."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.domain import escalation
from chalicelib.domain.dispatch import Duty, attendance, crew_of, meet_needs, still_theirs
from chalicelib.domain.registry import Agency, Level, Need, Person, Station, Unit
from tests.unit.test_dispatch import SCENE, one_unit, plan, shift

FAR_AND_NEAR = {"near": -2.53, "far": -2.56, "farther": -2.70}


def two_units(near: str, far: str, where: str = "far", **more: Any) -> Duty:
    """Two fire engines with one person each, some 3.3 or 19 km apart, each stationed or on call."""
    people, units, stations, on_duty = {}, [], {}, []
    for id_, readiness in (("near", near), (where, far)):
        people[id_] = Person(id=id_, agency_id="damkar", name=id_, phone="+62811000100")
        stations[id_] = Station(
            id=id_,
            agency_id="damkar",
            name=id_,
            district_id="baamang",
            lat=FAR_AND_NEAR[id_],
            lng=SCENE.lng or 0.0,
        )
        units.append(
            Unit(id=id_, agency_id="damkar", station_id=id_, callsign=id_, name=id_, terrains=["land"])
        )
        on_duty.append(shift(id_, "damkar", id_, readiness=readiness))
    agency = Agency(id="damkar", name="x", short_name="x", phone="+62811000999")
    return Duty(
        agencies={"damkar": agency},
        units=units,
        stations=stations,
        people=people,
        on_duty=on_duty,
        states={},
        **more,
    )


@pytest.mark.parametrize(
    ("near", "far", "where", "km", "sent", "reasons"),
    [
        ("stationed", "stationed", "far", 5, "near", ("nearest_fit",)),
        ("on_call", "on_call", "far", 5, "near", ("nearest_fit", "on_call")),
        ("on_call", "stationed", "far", 5, "far", ("nearest_stationed",)),
        ("on_call", "stationed", "far", 0, "near", ("nearest_fit", "on_call")),
        ("on_call", "stationed", "farther", 5, "near", ("nearest_fit", "on_call")),
    ],
)
def test_a_stationed_crew_goes_before_one_on_call_at_like_distance_as_the_plan_says(
    near: str, far: str, where: str, km: int, sent: str, reasons: tuple[str, ...]
) -> None:
    scene = replace(SCENE, lat=-2.53)
    asked = replace(plan("p"), levels=[Level([Need(id="n", agencies=["damkar"])])], on_call_km=km)
    (pick,) = attendance(asked, 1, scene, two_units(near, far, where)).picks
    assert (pick.unit_id, pick.reasons) == (sent, reasons)


def test_a_crew_is_made_up_from_its_own_backup_then_from_the_pool_primary_and_stationed_first() -> None:
    ids = ("own", "backup", "pool_backup", "pool_far", "pool_near")
    people = {id_: Person(id=id_, agency_id="damkar", name=id_, phone="+62811000100") for id_ in ids}
    unit = Unit(id="u", agency_id="damkar", station_id="s", callsign="U", name="u", terrains=["land"])
    duty = replace(
        one_unit(1, 1, 0),
        people=people,
        on_duty=[
            shift("own", "damkar", "u"),
            shift("backup", "damkar", "u", turn="backup"),
            shift("pool_near", "damkar", None),
            shift("pool_far", "damkar", None, readiness="on_call"),
            shift("pool_backup", "damkar", None, turn="backup"),
        ],
    )
    crews = [crew_of(unit, duty, set(), least) for least in (1, 2, 3, 4, 5)]
    assert crews[0] == ["own"]
    assert crews[4] == ["own", "backup", "pool_near", "pool_far", "pool_backup"]
    assert [crew == crews[4][: len(crew)] for crew in crews] == [True] * 5


def test_a_pick_says_by_what_each_of_its_people_is_on_duty() -> None:
    duty = one_unit(min_crew=2, own=1, on_call=1)
    duty = replace(duty, on_duty=[duty.on_duty[0], replace(duty.on_duty[1], by="change")])
    (pick,), _ = meet_needs([Need(id="n", agencies=["damkar"])], SCENE, duty)
    assert pick.on_duty_by == {"p0": "pattern", "p1": "change"}


@pytest.mark.parametrize("readiness", ["stationed", "on_call"])
@pytest.mark.parametrize("turn", ["primary", "backup"])
@pytest.mark.parametrize("unit", ["u", None])
def test_escalation_asks_the_primary_turn_with_units_first_and_all_others_as_backup(
    readiness: str, turn: str, unit: str | None
) -> None:
    duty = one_unit(1, 1, 0)
    found = escalation.candidates(
        duty.agencies["damkar"],
        [shift("p0", "damkar", unit, readiness=readiness, turn=turn)],
        duty.people,
        [],
        out=[],
    )
    first = unit is not None and turn == "primary"
    assert (found["on_duty"], found["backup"]) == ((("p0",), ()) if first else ((), ("p0",)))


@pytest.mark.parametrize("unit", [{"retired": True}, {"agency_id": "bpbd"}, None])
def test_whose_unit_is_gone_while_the_sheet_still_names_it_makes_up_other_crews_from_the_pool(
    unit: dict[str, Any] | None,
) -> None:
    duty = two_units("stationed", "stationed")
    units = {each.id: each for each in duty.units}
    far = units.pop("far")
    if unit is not None:
        units["far"] = replace(far, **unit)
    found = still_theirs(duty.on_duty, duty.people, units)
    assert [(each.person_id, each.unit_id) for each in found] == [("near", "near"), ("far", None)]
    near = replace(units["near"], min_crew=2)
    assert crew_of(near, replace(duty, units=[near], on_duty=found), frozenset(), 2) == ["near", "far"]
