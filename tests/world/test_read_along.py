"""What is read along at the start of a request, when somebody else changes it before the incident itself is read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chalicelib.models.registry import RegistryCache, Snapshot
from chalicelib.models.unit_states import all_unit_states
from tests.world.harness import Story


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Let something happen once, right after the next request has read the units' states."""
    read = RegistryCache.current_with_states

    def slow(self: RegistryCache) -> Snapshot:
        found = read(self)
        monkeypatch.setattr(RegistryCache, "current_with_states", read)
        act()
        return found

    monkeypatch.setattr(RegistryCache, "current_with_states", slow)


def test_a_unit_that_is_sent_while_its_incident_is_being_cancelled_is_free_afterwards(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan")
    path = f"/api/incidents/{incident['id']}"
    meanwhile(
        monkeypatch, lambda: story.desk("POST", f"{path}/assignments", {"unit_id": "ambulans_2"}, expect=201)
    )
    story.desk("POST", f"{path}/cancel", {"reason": "salah"})
    story.phone("dewi").expects("Melahirkan")
    story.phone("citra").expects("BATAL")
    story.phone("dewi").expects("BATAL")
    assert {crew["status"] for crew in story.incident(incident["id"])["crews"]} == {"cancelled"}
    assert not all_unit_states()[0]["ambulans_2"].busy


def test_a_unit_that_is_sent_elsewhere_while_its_crew_says_that_it_cannot_come_stays_out_there(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    birth = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan")
    link = story.phone("citra").link()
    theft = story.call("theft")["incident"]
    insisted = {"unit_id": "ambulans_1", "insist": True}
    path = f"/api/incidents/{theft['id']}/assignments"
    meanwhile(monkeypatch, lambda: story.desk("POST", path, insisted, expect=201))
    answer = story.http("POST", f"/api{link}", {"status": "unable", "reason": "other_duty"})
    assert answer.body["applied"] is True
    story.settle()
    story.phone("citra").expects("Pencurian")
    story.phone("dewi").expects("Melahirkan")
    state = all_unit_states()[0]["ambulans_1"]
    assert [held.incident_id for held in state.holding] == [theft["id"]], "its new crew must not seem free"
    assert [crew["status"] for crew in story.incident(birth["id"])["crews"]] == ["unable", "requested"]
