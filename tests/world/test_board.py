"""The board: what a process knows of the open incidents it does not read again."""

from __future__ import annotations

from typing import Any

from chalicelib import bootstrap
from chalicelib.models import open_incidents
from chalicelib.models.open_incidents import OpenIncidents
from tests.world.harness import Answer, Story
from tests.world.requests import requests_of


def shown(story: Story) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = story.http("GET", "/api/incidents", as_="operator").body["incidents"]
    return found


def test_a_process_reads_each_version_of_an_incident_once_and_its_own_not_at_all(story: Story) -> None:
    story.wakeups.lost = True
    for _ in range(3):
        story.call("theft")
    own, other = bootstrap.world().open_incidents, OpenIncidents()
    assert requests_of(own.board) == ["Query"]
    assert requests_of(other.board) == ["Query", "BatchGetItem"]
    assert requests_of(other.board) == ["Query"]
    assert other.board() == own.board()


def test_the_board_shows_what_another_process_has_written(story: Story) -> None:
    incident = story.call("house_fire")["incident"]["id"]
    other = OpenIncidents()
    assert [crew.status for crew in other.board()[0].crews] == ["requested"] * 3
    story.phone("andi").expects("Kebakaran")
    story.phone("citra").expects("Kebakaran")
    story.phone("eko").expects("Kebakaran")
    story.phone("andi").taps("en_route")
    assert [crew.status for crew in other.board()[0].crews] == ["en_route", "requested", "requested"]
    story.desk("POST", f"/api/incidents/{incident}/cancel", {"reason": "Laporan palsu"})
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("BATAL")
    assert other.board() == []


def test_more_open_incidents_than_are_kept_are_all_shown(story: Story, monkeypatch: Any) -> None:
    monkeypatch.setattr(open_incidents, "KEPT_MOST", 2)
    story.wakeups.lost = True
    opened = [story.call("theft")["incident"]["id"] for _ in range(5)]
    assert [each["id"] for each in shown(story)] == opened
    assert [each["id"] for each in shown(story)] == opened


def look(story: Story, tag: str = "", as_: str = "operator") -> Answer:
    return story.http(
        "GET", "/api/incidents?state=open", as_=as_, headers={"if-none-match": tag} if tag else {}
    )


def test_a_board_on_which_nothing_changed_is_not_sent_again(story: Story) -> None:
    story.call("theft")
    first = look(story)
    assert first.status == 200 and first.body["incidents"]
    again = look(story, first.headers["ETag"])
    assert (again.status, again.text, again.headers["ETag"]) == (304, "", first.headers["ETag"])
    # As a proxy that compresses passes it on, among others.
    assert look(story, f'"other", W/{first.headers["ETag"]}').status == 304


def test_a_board_is_sent_again_for_each_step_and_for_what_the_clock_alone_makes_of_it(story: Story) -> None:
    story.wakeups.lost = True
    story.call("house_fire")
    tag = look(story).headers["ETag"]
    story.clock.advance(20)
    assert look(story, tag).status == 304
    # Nobody has been reached for a minute: an alarm that no write tells.
    story.clock.advance(41)
    alarmed = look(story, tag)
    assert alarmed.status == 200 and alarmed.body["incidents"][0]["coming"]["alarm"]
    story.call("theft")
    assert look(story, alarmed.headers["ETag"]).status == 200


def test_another_readers_tag_does_not_hide_what_this_one_may_see(story: Story) -> None:
    story.wakeups.lost = True
    story.call("house_fire")
    tag = look(story).headers["ETag"]
    assert look(story, tag, "damkar_admin").status == 200
