"""What trying the rules says is what dispatch does: the same picks, and every other unit with its reason."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain import effects
from chalicelib.domain.dispatch import attendance, standing
from chalicelib.domain.duty import Stretch
from chalicelib.domain.effects import Nouns, Rules
from chalicelib.domain.plans import agencies_of
from chalicelib.domain.registry import NOUNS
from chalicelib.domain.scene import Scene, placed
from chalicelib.domain.times import local_day
from chalicelib.domain.trying import answered, choose
from infra.seed.load import read
from tests.support.duties import stretches_of

NOON, NIGHT = "2026-11-25T05:00:00.000Z", "2026-11-25T18:00:00.000Z"
Kotim = tuple[Nouns, list[Stretch]]


@pytest.fixture(scope="module")
def kotim() -> Kotim:
    seed = read(Path(__file__).parents[2] / "infra/seed/kotim.yaml")
    nouns: dict[str, dict[str, Any]] = {
        noun: {each.id: each for each in seed.of(kind)}  # type: ignore[attr-defined]
        for noun, kind in NOUNS.items()
    }
    return nouns, stretches_of(nouns, date(2026, 11, 24), 3)


@pytest.mark.parametrize("now", [NOON, NIGHT])
def test_every_type_in_every_district_is_answered_as_dispatch_would(kotim: Kotim, now: str) -> None:
    nouns, shifts = kotim
    tried = 0
    for type_ in nouns["incident-types"].values():
        for district in nouns["districts"]:
            scene = Scene(
                type_id=type_.id,
                category=type_.category,
                terrain=type_.terrain,
                district=district,
                lat=None,
                lng=None,
                now=now,
                today=local_day(now, 7),
            )
            scene = placed(scene, nouns["districts"])
            plan, _ = choose(nouns["response-plans"].values(), scene)
            assert plan
            duty = standing(nouns, agencies_of(plan), shifts, now)
            found = answered(plan, scene, duty)
            first = attendance(plan, 1, scene, duty)
            assert tuple(pick for each in found if each.level == 1 for pick in each.picks) == first.picks
            for each in found:
                own = {unit.id for unit in duty.units if unit.agency_id in each.need.agencies}
                named = [pick.unit_id for pick in each.picks] + [other.unit_id for other in each.others]
                assert sorted(named) == sorted(own)
                missing = each.shortfall.missing if each.shortfall else 0
                assert len(each.picks) + missing == each.need.units
                # What is missing cannot be fit: whoever could go, goes.
                assert not missing or all(other.why != "farther" for other in each.others)
            tried += 1
    assert tried > 300


def test_each_plan_that_a_district_may_ask_is_tried_in_it_once(kotim: Kotim) -> None:
    nouns, _ = kotim
    for district in nouns["districts"]:
        tried = effects.scenes(nouns, district, NOON, "2026-11-25", every=False)
        plans = [plan_id for plan_id, _ in tried]
        assert len(plans) == len(set(plans))
        for plan_id, scene in tried:
            assert choose(nouns["response-plans"].values(), scene)[0] == nouns["response-plans"][plan_id]
            assert scene.district == district


def test_the_same_on_both_sides_differs_in_nothing(kotim: Kotim) -> None:
    nouns, shifts = kotim
    tried = effects.scenes(nouns, "baamang", NIGHT, "2026-11-26", every=True)
    assert tried
    assert effects.compared(Rules(nouns, shifts), Rules(nouns, shifts), tried) == []
