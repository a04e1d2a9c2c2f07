"""The trail that a person gets with their data: who wrote down what outside incidents, and when a crew was on duty."""

from __future__ import annotations

from typing import Any

from chalicelib.domain.registry import Shift
from chalicelib.models.registry import Snapshot
from chalicelib.services.evidence import privacy
from tests.support import regency
from tests.world.harness import Story
from tests.world.test_blocked_numbers import blocks, unblocks
from tests.world.test_duty_sheets import filled, publishes
from tests.world.test_privacy import asks, looked_up, prank
from tests.world.test_retention import CALLER, NEIGHBOUR


def trail(found: Any) -> list[tuple[str, str]]:
    return [(each["what"], each["by"]) for each in found["processing"]]


def test_who_took_a_call_without_an_incident_stands_in_its_trail(story: Story) -> None:
    prank(story)
    prank(story, NEIGHBOUR)
    found = looked_up(story)
    assert trail(found) == [("CallTaken", "Operator")]
    (entry,) = found["processing"]
    assert (entry["incident_id"], entry["at"]) == (None, found["calls"][0]["received_at"])


def test_who_blocked_and_unblocked_a_number_stands_in_its_trail(story: Story) -> None:
    unblocks(story, blocks(story, CALLER, reason="Menelepon terus"))
    blocks(story, NEIGHBOUR, reason="Lain")
    assert trail(looked_up(story)) == [("NumberBlocked", "Supervisor"), ("NumberUnblocked", "Supervisor")]


def test_a_crews_own_data_are_its_shifts_too_and_nobody_elses(story: Story) -> None:
    found = looked_up(story, regency.number_of("andi"))
    assert found["shifts"] and {shift["person_id"] for shift in found["shifts"]} == {"andi"}
    begin = [shift["starts_at"] for shift in found["shifts"]]
    assert begin == sorted(begin)
    assert looked_up(story)["shifts"] == []


def test_shifts_are_handed_over_once_however_many_parts_the_table_has(story: Story, monkeypatch: Any) -> None:
    prank(story)
    monkeypatch.setattr("chalicelib.models.privacy.PAGE_ITEMS", 1)
    monkeypatch.setattr(privacy, "LOOKING_S", -1.0)
    first = asks(story, "access", regency.number_of("andi")).body
    assert first["next"] and first["shifts"]
    assert asks(story, "access", regency.number_of("andi"), after=first["next"]).body["shifts"] == []


def test_what_the_rosters_take_is_not_there_for_the_table_as_api_gateway_waits_no_longer(
    story: Story, monkeypatch: Any
) -> None:
    prank(story)
    monkeypatch.setattr("chalicelib.models.privacy.PAGE_ITEMS", 1)
    read = Snapshot.shifts

    def slow(self: Snapshot, agency_id: str, day: str) -> list[Shift]:
        story.clock.advance(0.03)
        return read(self, agency_id, day)

    monkeypatch.setattr(Snapshot, "shifts", slow)
    first = asks(story, "access", regency.number_of("andi")).body
    assert first["shifts"] and first["next"]


def test_what_somebody_has_to_do_by_a_sheet_is_handed_over_and_of_nobody_else(story: Story) -> None:
    filled(story)
    assert publishes(story, "2026-12-01").status == 200
    found = looked_up(story, regency.number_of("citra"))["shifts"]
    december = [each for each in found if each["day"].startswith("2026-12")]
    assert [each["by"] for each in december] == ["sheet"] * 31
    assert {each["person_id"] for each in found} == {"citra"}
