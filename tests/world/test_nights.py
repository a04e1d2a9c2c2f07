"""Whole nights of the seed's regency: a house fire over a quarter of an hour, and how many SMS it takes to how many phones."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from chalicelib.domain.registry import Account
from infra.seed.load import Seed, read
from infra.seed.write import write_duty, write_nouns
from infra.verify import verify
from tests.support import regency
from tests.world.harness import Story

KOTIM = Path(__file__).parents[2] / "infra/seed/kotim.yaml"
# One o'clock at night in Sampit.
NIGHT = "2026-11-23T18:00:00.000Z"
QUARTER_S = 900
TICK_S = 10
SEEDS = (1, 5)


class Night(NamedTuple):
    """How many SMS left, and how many of them to the one phone that got most."""

    sms: int
    most: int


@pytest.fixture(scope="module")
def kotim() -> Seed:
    return read(KOTIM)


def at_night(seed: Seed) -> Story:
    """The seed's whole regency, with its own crews, heads and supervisor."""
    story = Story(NIGHT)
    story.empty()
    write_nouns(seed)
    write_duty(seed)
    accounts = [
        Account(
            id=f"sub-{each.id.replace('_', '-')}",
            name=each.name,
            role=each.role,
            agency_id=each.agency_id,
            person_id=each.person_id,
        )
        for each in seed.accounts
    ]
    regency.load({"accounts": accounts})
    return story


def passes(story: Story, seconds: int, *, share: float = 0.0, after_s: int = 0, seed: int = 0) -> Night:
    """Let time pass in which so many of the people who get an SMS acknowledge it, each so long after the first."""
    draw, answering, due = random.Random(seed), dict[str, bool](), list[tuple[int, str]]()
    asked = 0
    for second in range(0, seconds, TICK_S):
        for sms in story.provider.messages[asked:]:
            if sms.number not in answering:
                answering[sms.number] = draw.random() < share
                due += [(second + after_s, sms.number)] if answering[sms.number] else []
        asked = len(story.provider.messages)
        for number in [number for at, number in due if at <= second]:
            story.phone_of(number).taps("acknowledged")
        due = [each for each in due if each[0] > second]
        story.clock.advance(TICK_S)
        story.settle()
        if not second % 60:
            story.sweep()
    return Night(*counted(story))


def counted(story: Story) -> tuple[int, int]:
    phones = Counter(sms.number for sms in story.provider.messages)
    return sum(phones.values()), max(phones.values())


@pytest.fixture
def night(database: str, kotim: Seed) -> Iterator[Story]:
    yield at_night(kotim)


def fire(story: Story) -> str:
    return str(story.call("house_fire", "mentawa_baru_ketapang")["incident"]["id"])


def test_a_house_fire_that_nobody_answers_takes_a_bounded_number_of_sms(night: Story) -> None:
    fire(night)
    sms, most = passes(night, QUARTER_S)
    assert sms <= 120 and most <= 8, (sms, most)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("share", "after_s", "bound"), [(0.4, 90, 65), (0.8, 40, 22)])
def test_a_house_fire_that_some_answer_takes_a_bounded_number_of_sms(
    night: Story, share: float, after_s: int, bound: int, seed: int
) -> None:
    fire(night)
    sms, most = passes(night, QUARTER_S, share=share, after_s=after_s, seed=seed)
    assert sms <= bound and most <= 8, (sms, most)


def test_a_drowning_is_not_left_to_one_silent_crew_while_another_boat_is_free(night: Story) -> None:
    night.desk("POST", "/api/units/polairud_2/status", {"status": "NotAvailable", "reason": "no_fuel"})
    drowning = night.call("drowning", "seranau")["incident"]
    ambulance = next(each for each in drowning["assignments"] if each["need_id"] == "ambulance")
    path = f"/api/incidents/{drowning['id']}/assignments/{ambulance['id']}/status"
    night.desk("POST", path, {"status": "en_route"})
    passes(night, 70)
    seen = night.incident(drowning["id"])
    boats = [crew["unit_id"] for crew in seen["crews"] if crew["unit_id"] != ambulance["unit_id"]]
    assert boats == ["polairud_1", "sar_rib"]
    louis = night.phone_of("+628110008005")
    assert louis.messages(), "the crew of the other boat was not asked"
    louis.taps("acknowledged")
    louis.taps("en_route")
    before = len(night.provider.messages)
    passes(night, 360)
    # Six minutes later somebody comes, and nobody else was woken for it.
    seen = night.incident(drowning["id"])
    assert {crew["unit_id"]: crew["status"] for crew in seen["crews"]}["sar_rib"] == "en_route"
    assert (seen["coming"]["state"], seen["attention"]) == ("en_route", [])
    assert len(night.provider.messages) == before
    assert verify(drowning["id"])[1] == []
