"""Ending an incident and beginning again."""

from __future__ import annotations

import pytest

from chalicelib.domain import bounds
from tests.world.harness import Story


def test_an_incident_closes_only_when_no_unit_is_out(story: Story) -> None:
    incident = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan")
    path = f"/api/incidents/{incident['id']}/close"
    refused = story.http("POST", path, {"disposition": "done"}, as_="operator")
    assert (refused.status, refused.body["fields"]) == (409, {"assignments": "AMBULANS-1"})
    story.phone("citra").taps("cleared")
    assert story.desk("POST", path, {"disposition": "done"})["disposition"] == "done"
    assert story.http("POST", path, {"disposition": "done"}, as_="operator").status == 409
    assert story.http("POST", path, {"disposition": "nonsense"}, as_="operator").status == 422


def test_cancelling_frees_the_units_and_tells_everybody_who_was_paged(story: Story) -> None:
    incident = story.call("house_fire")["incident"]
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("Kebakaran rumah")
    cancelled = story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Salah lapor"})
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("BATAL")
    assert cancelled["status"] == "cancelled"
    states = story.http("GET", "/api/units/status", as_="operator").body["units"]
    assert {state["primary"] for state in states} == {"Available"}
    assert cancelled["notes"][0]["text"] == "Salah lapor"
    assert "Salah" not in str(cancelled["timeline"])


def test_cancelling_before_the_pages_left_sends_nothing_at_all(story: Story) -> None:
    story.wakeups.lost = True
    incident = story.call("house_fire")["incident"]
    story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Salah lapor"})
    story.wakeups.lost = False
    story.fast_forward(300)
    assert story.provider.messages == []
    assert {page["status"] for page in story.incident(incident["id"])["pages"]} == {"expired"}


def test_a_reopened_incident_is_on_the_board_again(story: Story) -> None:
    incident = story.call("theft")["incident"]
    story.desk("POST", f"/api/incidents/{incident['id']}/close", {"disposition": "done"})
    story.desk("POST", f"/api/incidents/{incident['id']}/reopen", {"reason": "Pelaku kembali"})
    board = story.http("GET", "/api/incidents", as_="operator").body["incidents"]
    assert [each["id"] for each in board] == [incident["id"]]
    assert story.events(incident["id"])[-2:] == ["IncidentClosed", "IncidentReopened"]


def test_notes_are_kept_beside_the_trail_and_only_sealed_in_it(story: Story) -> None:
    incident = story.call("theft")["incident"]
    noted = story.desk(
        "POST", f"/api/incidents/{incident['id']}/notes", {"text": "Pelapor: Bu Sari"}, expect=201
    )
    assert noted["notes"][0]["text"] == "Pelapor: Bu Sari"
    assert "Sari" not in str(noted["timeline"])
    assert noted["chain"] == {"ok": True, "head": noted["chain"]["head"], "length": 3}


def test_a_days_incidents_are_listed_whatever_became_of_them(story: Story) -> None:
    incident = story.call("theft")["incident"]
    story.desk("POST", f"/api/incidents/{incident['id']}/close", {"disposition": "done"})
    listed = story.http("GET", "/api/incidents", as_="supervisor", query={"date": "2026-11-23"}).body[
        "incidents"
    ]
    assert [(each["id"], each["status"]) for each in listed] == [(incident["id"], "closed")]


def test_an_incident_takes_many_notes_but_not_without_end(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "NOTES_MOST", 2)
    monkeypatch.setattr(bounds, "NOTES_RESERVED", 1)
    incident = story.call("theft")["incident"]
    path = f"/api/incidents/{incident['id']}/notes"
    for text in ("satu", "dua"):
        story.desk("POST", path, {"text": text}, expect=201)
    refused = story.http("POST", path, {"text": "tiga"}, as_="operator", key="three")
    assert (refused.status, refused.body["fields"]) == (409, {"text": "too many notes"})
    assert "supervisor" in refused.body["message"]
    for key, status in (("four", 201), ("five", 409)):
        assert story.http("POST", path, {"text": key}, as_="supervisor", key=key).status == status
    # What ends it, and what keeps it, still says why.
    assert (
        story.http("POST", path.replace("notes", "legal-hold"), {"reason": "Bukti"}, as_="supervisor").status
        == 200
    )
    assert (
        story.http("POST", path.replace("notes", "cancel"), {"reason": "Selesai"}, as_="operator").status
        == 200
    )
    story.settle()


@pytest.mark.parametrize(
    ("ending", "body", "done"),
    [
        ("close", {"disposition": "done"}, "IncidentClosed"),
        ("cancel", {"reason": "Salah lapor"}, "IncidentCancelled"),
        ("reopen", {"reason": "Pelaku kembali"}, "IncidentReopened"),
    ],
)
def test_whose_answer_was_lost_hears_at_the_second_try_that_it_is_done_and_no_refusal(
    story: Story, ending: str, body: dict[str, str], done: str
) -> None:
    incident = story.call("theft")["incident"]
    path = f"/api/incidents/{incident['id']}"
    if ending == "reopen":
        story.desk("POST", f"{path}/cancel", {"reason": "Salah lapor"})
    answers = [story.http("POST", f"{path}/{ending}", body, as_="operator", key="one") for _ in range(3)]
    assert [each.status for each in answers] == [200] * 3
    assert answers[0].body == answers[2].body
    assert story.events(incident["id"]).count(done) == 1
    # Somebody else's wish is one of its own.
    assert story.http("POST", f"{path}/{ending}", body, as_="operator", key="another").status == 409
