"""The main job: a call becomes a paged, acknowledged, audited response."""

from __future__ import annotations

from tests.world.harness import Story


def test_a_fire_call_pages_three_crews_and_is_followed_to_its_end(story: Story) -> None:
    taken = story.call("house_fire")
    incident_id = taken["incident"]["id"]
    assert [each["unit_id"] for each in taken["assignments"]] == ["damkar_1", "ambulans_1", "polres_1"]
    assert len(taken["pages"]) == 3
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("Kebakaran rumah", "Pasar Sampit", "/r/")

    assert "Kebakaran rumah" in story.phone("andi").opens_link().text
    for step in ("acknowledged", "en_route", "on_scene"):
        story.clock.advance(60)
        assert story.phone("andi").taps(step).body["applied"] is True
    on_board = story.http("GET", "/api/incidents", as_="operator").body["incidents"]
    assert [crew["status"] for crew in on_board[0]["crews"]] == ["on_scene", "requested", "requested"]
    for person in ("andi", "citra", "eko"):
        assert story.phone(person).taps("cleared").body["applied"] is True
    closed = story.desk("POST", f"/api/incidents/{incident_id}/close", {"disposition": "done"})
    assert closed["status"] == "closed"
    assert closed["chain"]["ok"] is True
    assert closed["clocks"]["travel_s"] > 59
    assert story.http("GET", "/api/incidents", as_="operator").body["incidents"] == []
