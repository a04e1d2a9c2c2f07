"""Whatever a person or a script repeats a thousand times is bounded, told of, and never in the way of a real emergency."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.domain import bounds
from tests.support import regency
from tests.world.harness import Answer, Incident, Story

TRIES = 200


def birth(story: Story) -> Incident:
    incident: Incident = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan")
    return incident


def answered_bytes(story: Story, incident: Incident) -> int:
    return len(json.dumps(story.incident(incident["id"])))


def crew_path(incident: Incident) -> str:
    return f"/api/incidents/{incident['id']}/assignments/{incident['assignments'][0]['id']}"


def test_two_hundred_calls_that_nobody_picked_up_are_a_count_with_its_last_time(story: Story) -> None:
    incident = birth(story)
    before = answered_bytes(story, incident)
    path = f"{crew_path(incident)}/unanswered-calls"
    for number in range(TRIES):
        assert story.http("POST", path, {"person_id": "citra"}, as_="operator", key=str(number)).status == 201
    story.desk("POST", path, {"person_id": "citra"}, as_="supervisor", expect=201)
    whole = story.incident(incident["id"])
    rung = {each["by"]: each["times"] for each in whole["assignments"][0]["rung"]}
    assert rung == {"sub-operator": TRIES, "sub-supervisor": 1}
    told = [each["data"].get("times", 1) for each in whole["timeline"] if each["type"] == "CallNotAnswered"]
    assert told == [1, 2, 3, 5, 10, 20, 50, 100, 200, 1]
    assert answered_bytes(story, incident) - before < 8_000
    assert whole["chain"]["ok"]


def test_the_same_key_counts_once(story: Story) -> None:
    incident = birth(story)
    path = f"{crew_path(incident)}/unanswered-calls"
    for _ in range(8):
        assert story.http("POST", path, {"person_id": "citra"}, as_="operator", key="one").status == 201
    assert story.incident(incident["id"])["assignments"][0]["rung"][0]["times"] == 1


def report(story: Story, incident: Incident, number: int) -> Answer:
    return story.http(
        "POST",
        f"{crew_path(incident)}/status",
        {"status": ("acknowledged", "en_route")[number % 2]},
        as_="operator",
    )


def note(story: Story, incident: Incident, number: int) -> Answer:
    path = f"/api/incidents/{incident['id']}/notes"
    return story.http("POST", path, {"text": "a"}, as_="supervisor", key=f"note-{number}")


def hold(story: Story, incident: Incident, number: int) -> Answer:
    path = f"/api/incidents/{incident['id']}/legal-hold" + ("/lift" if number % 2 else "")
    return story.http("POST", path, {"reason": "Bukti"}, as_="supervisor")


def cancel_and_reopen(story: Story, incident: Incident, number: int) -> Answer:
    path = f"/api/incidents/{incident['id']}/" + ("reopen" if number % 2 else "cancel")
    return story.http("POST", path, {"reason": "Salah"}, as_="operator")


def send_and_take_back(story: Story, incident: Incident, number: int) -> Answer:
    path = f"/api/incidents/{incident['id']}/assignments"
    sent = story.http("POST", path, {"unit_id": "polres_1", "insist": True}, as_="operator", key=f"s{number}")
    if sent.status == 201:
        story.settle()
        last = sent.body["assignments"][-1]["id"]
        story.http("POST", f"{path}/{last}/status", {"status": "cancelled"}, as_="operator")
    return sent


def dismiss(story: Story, incident: Incident, number: int) -> Answer:
    path = f"/api/incidents/{incident['id']}/replies/dismiss"
    return story.http("POST", path, {"note_id": "none"}, as_="operator")


@pytest.mark.parametrize(
    ("act", "events"),
    [
        (report, bounds.REPEATS_KEPT + 2),
        (note, 12 + 5),
        (hold, 12 + 5 + 3),
        (cancel_and_reopen, 2 * bounds.REOPENED_MOST + 4),
        (send_and_take_back, 6 * bounds.SENT_AN_HOUR),
        (dismiss, 0),
    ],
)
def test_what_is_repeated_adds_only_so_many_events(
    story: Story,
    monkeypatch: pytest.MonkeyPatch,
    act: Callable[[Story, Incident, int], Answer],
    events: int,
) -> None:
    for name, most in (("NOTES_MOST", 12), ("NOTES_RESERVED", 5), ("HOLDS_RESERVED", 3)):
        monkeypatch.setattr(bounds, name, most)
    incident = birth(story)
    before = len(story.events(incident["id"]))
    answers = {act(story, incident, number).status for number in range(80)}
    story.wakeups.queue.clear()
    added = len(story.events(incident["id"])) - before
    quiet(story)
    assert 500 not in answers and added <= events, added


def test_a_unit_sent_and_taken_back_gets_only_so_many_sms(story: Story) -> None:
    incident = birth(story)
    for number in range(30):
        send_and_take_back(story, incident, number)
        story.settle()
    sent = [text for text in story.phone("eko").messages() if "BATAL" not in text]
    assert 0 < len(sent) <= bounds.SENT_AN_HOUR
    refused = send_and_take_back(story, incident, 31)
    assert (refused.status, refused.body["fields"]) == (409, {"unit_id": "sent too often"})
    story.phone("eko").seen = len(story.phone("eko").messages())
    other = story.http(
        "POST",
        f"/api/incidents/{incident['id']}/assignments",
        {"unit_id": "damkar_1"},
        as_="operator",
        key="other",
    )
    story.settle()
    assert other.status == 201, "another unit is sent all the same"
    story.phone("andi").expects("Melahirkan")


def test_an_ambulance_that_carries_people_all_day_is_sent_as_often_as_it_is_needed(story: Story) -> None:
    incident = birth(story)
    path = f"/api/incidents/{incident['id']}/assignments"
    for number in range(12):
        body = {"unit_id": "polres_1"}
        sent = story.http("POST", path, body, as_="operator", key=f"run-{number}")
        assert sent.status == 201, (number, sent.body)
        story.settle()
        story.phone("eko").expects("Melahirkan")
        for step in ("en_route", "on_scene", "cleared"):
            story.clock.advance(120)
            assert story.phone("eko").taps(step).status == 200


def test_a_unit_goes_out_of_service_only_so_often_and_comes_back_whenever(story: Story) -> None:
    path = "/api/units/damkar_1/status"
    out = {"status": "NotAvailable", "reason": "no_fuel"}
    ends = []
    for _ in range(40):
        ends.append(story.http("POST", path, out, as_="damkar_admin").status)
        assert story.http("POST", path, {"status": "Available"}, as_="damkar_admin").status == 200
    assert (ends.count(200), ends.count(429)) == (
        bounds.OUT_OF_SERVICE_AN_HOUR,
        40 - bounds.OUT_OF_SERVICE_AN_HOUR,
    )
    story.clock.advance(3600)
    assert story.http("POST", path, out, as_="damkar_admin").status == 200


def test_a_number_is_blocked_and_unblocked_only_so_often(story: Story) -> None:
    ends = []
    for _ in range(bounds.BLOCKED_AN_HOUR + 5):
        body = {"number": "+6281234500000", "reason": "Iseng"}
        answer = story.http("POST", "/api/blocked-numbers", body, as_="supervisor")
        ends.append(answer.status)
        if answer.status == 201:
            story.http("DELETE", f"/api/blocked-numbers/{answer.body['id']}", as_="supervisor")
    assert (ends.count(201), ends.count(429)) == (bounds.BLOCKED_AN_HOUR, 5)


def drill(story: Story, number: int, as_: str = "damkar_admin") -> Answer:
    answer = story.http(
        "POST", "/api/drills", {"agency_id": "damkar", "minutes": 1}, as_=as_, key=f"drill-{number}"
    )
    if answer.status == 201:
        story.settle()
        story.desk("POST", f"/api/drills/{answer.body['id']}/end", {}, as_="supervisor")
    return answer


def quiet(story: Story) -> None:
    for person in regency.PEOPLE:
        story.phone(person).seen = len(story.phone(person).messages())


def test_drills_started_and_ended_without_pause_page_everybody_once(story: Story) -> None:
    answers = [drill(story, number) for number in range(12)]
    assert [answer.status for answer in answers] == [201] + [429] * 11
    for person in ("andi", "budi"):
        assert len(story.phone(person).messages()) == 1
    refused = answers[-1]
    assert "may start at 10:10" in refused.body["message"]
    assert refused.body["fields"]["agency_id"].startswith("free at 2026-11-23T03:1")
    assert 0 < int(refused.headers["Retry-After"]) <= bounds.DRILL_PAUSE_S
    story.clock.advance(int(refused.headers["Retry-After"]))
    assert drill(story, 99).status == 201
    quiet(story)


def test_an_agency_has_only_so_many_drills_a_day(story: Story) -> None:
    started = 0
    for number in range(30):
        started += drill(story, number).status == 201
        story.clock.advance(1800)
    assert started == bounds.DRILLS_A_DAY
    quiet(story)


def test_incidents_for_training_are_bounded_and_real_ones_are_not(story: Story) -> None:
    def call(number: int, training: bool) -> Any:
        now = story.clock.now()
        body = {
            "number": f"+62812345678{number:02}",
            "channel": "phone",
            "class": "emergency",
            "received_at": now,
            "answered_at": now,
            "incident": {"type": "theft", "location": {"district": "baamang"}, "drill": training},
        }
        key = f"call-{number}-{training}"
        first = story.http("POST", "/api/calls", body, as_="operator", key=key).status
        again = story.http("POST", "/api/calls", body, as_="operator", key=key).status
        assert first == again
        return first

    trained = [call(number, True) for number in range(15)]
    real = [call(number, False) for number in range(15)]
    assert trained == [201] * story.world.settings.drill_incidents_an_hour + [429] * 5
    assert real == [201] * 15


def test_numbers_of_an_ended_incident_are_shown_only_so_often(story: Story) -> None:
    incident = birth(story)
    story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Salah"})
    story.phone("citra").expects("BATAL")
    path = f"/api/incidents/{incident['id']}/reveal"
    ends = [story.http("POST", path, {}, as_="operator").status for _ in range(40)]
    assert ends.count(200) == bounds.REVEALED_AN_HOUR and set(ends) == {200, 429}


def test_an_incident_says_before_it_is_too_large_to_load(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "EVENTS_LARGE", 12)
    incident = birth(story)
    for number in range(10):
        note(story, incident, number)
    assert story.incident(incident["id"])["large"] >= 12
    (row,) = story.http("GET", "/api/incidents", as_="operator").body["incidents"]
    assert row["large"] >= 12
    small = story.call("theft")["incident"]
    assert story.incident(small["id"])["large"] == 0


def test_a_full_incident_takes_what_saves_and_nothing_else(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "EVENTS_MOST", 5)
    incident = birth(story)
    assert note(story, incident, 1).status in (201, 409)
    note(story, incident, 2)
    assert note(story, incident, 3).status == 409
    story.phone("citra").taps("unable", "no_fuel")
    story.phone("dewi").expects("Melahirkan")
    story.phone("dewi").taps("en_route")
    assert story.incident(incident["id"])["crews"][-1]["status"] == "en_route"
    story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Salah"})
    story.phone("dewi").expects("BATAL")
