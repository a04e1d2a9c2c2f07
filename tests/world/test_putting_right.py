"""A time, a reason, a class, a note or an ending that was recorded wrongly is put right, and what it was stays beside it."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain import bounds, times
from chalicelib.models import tables
from chalicelib.services.response import correction_requests
from infra import verify
from tests.world.harness import Answer, Story


@pytest.fixture
def birth(story: Story) -> Any:
    """A childbirth whose ambulance has been there: acknowledged, gone, arrived ten minutes later, cleared ten after that."""
    incident = story.call("childbirth")["incident"]
    citra = story.phone("citra")
    citra.expects("Melahirkan")
    for status in ("acknowledged", "en_route", "on_scene", "cleared"):
        story.clock.advance(600)
        citra.taps(status)
    return story.incident(incident["id"])


def crew(incident: Any) -> Any:
    (only,) = incident["assignments"]
    return only


def corrects(story: Story, incident: Any, as_: str = "supervisor", **body: Any) -> Answer:
    path = f"/api/incidents/{incident['id']}/assignments/{crew(incident)['id']}/corrections"
    story.clock.advance(1)
    key = f"corrects-{story.clock.now()}"
    return story.http("POST", path, {"reason": "Salah tekan", **body}, as_=as_, key=key)


def asks(story: Story, incident: Any, as_: str = "psc_admin", **body: Any) -> Answer:
    path = f"/api/incidents/{incident['id']}/assignments/{crew(incident)['id']}/correction-requests"
    key = f"asks-{story.clock.now()}"
    return story.http("POST", path, {"reason": "Kru lupa menekan", **body}, as_=as_, key=key)


def closes(story: Story, incident: Any) -> None:
    story.desk("POST", f"/api/incidents/{incident['id']}/close", {"disposition": "done"})


def response(story: Story) -> Any:
    day = {"from": "2026-11-23", "to": "2026-11-23", "by": "agency"}
    return story.http("GET", "/api/reports/response-times", as_="leader", query=day).body["all"]["units"][
        "response"
    ]


def holds(incident: Any) -> None:
    assert [str(each) for each in verify.verify(incident["id"])[1]] == []


def last(answer: Answer) -> Any:
    assert answer.status < 300, answer.body
    return answer.body["timeline"][-1]


def codes(answer: Answer) -> set[tuple[str, str]]:
    return {(fault["path"], fault["code"]) for fault in answer.body["faults"]}


# --- A crew's times -----------------------------------------------------------------------------------------------------


def test_a_supervisor_puts_an_arrival_right_and_both_times_are_there_with_who_did_it_and_why(
    story: Story, birth: Any
) -> None:
    was = crew(birth)["milestones"]["on_scene"]
    right = times.plus(was, -240)
    answer = corrects(story, birth, times={"on_scene": right})
    told = last(answer)
    assert (told["type"], told["actor_name"]) == ("StepTimeCorrected", "Supervisor")
    assert (told["data"]["step"], told["data"]["was"], told["data"]["now"]) == ("on_scene", was, right)
    assert crew(answer.body)["milestones"]["on_scene"] == right
    assert crew(answer.body)["corrected"] == ["on_scene"]
    assert crew(answer.body)["clocks"]["travel_s"] == pytest.approx(crew(birth)["clocks"]["travel_s"] - 240)
    note = next(each for each in answer.body["notes"] if each["id"] == told["data"]["note"])
    assert (note["text"], "Salah" in str(answer.body["timeline"])) == ("Salah tekan", False)
    holds(birth)


def test_what_reports_count_follows_also_when_the_incident_is_over_and_they_say_that_it_was_put_right(
    story: Story, birth: Any
) -> None:
    closes(story, birth)
    before = response(story)
    right = times.plus(crew(birth)["milestones"]["on_scene"], -240)
    assert corrects(story, birth, times={"on_scene": right}).status == 200
    after = response(story)
    assert (before["corrected"], after["corrected"]) == (0, 1)
    assert round(before["p50_s"] - after["p50_s"]) == 240
    holds(birth)


def test_a_step_that_nobody_reported_is_added_and_reports_count_it(story: Story) -> None:
    incident = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan")
    story.clock.advance(600)
    story.phone("citra").taps("cleared")
    closes(story, incident)
    assert response(story)["left_out"] == {"no_on_scene": 1}
    answer = corrects(story, incident, times={"on_scene": times.plus(story.clock.now(), -300)})
    assert last(answer)["data"].get("was") == ""
    assert (response(story)["n"], response(story)["corrected"]) == (1, 1)
    holds(incident)


def test_all_that_cannot_be_is_told_at_once(story: Story) -> None:
    incident = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan")
    story.clock.advance(60)
    story.phone("citra").taps("en_route")
    went = crew(story.incident(incident["id"]))["milestones"]["en_route"]
    wrong = {"en_route": went, "on_scene": went, "acknowledged": times.plus(story.clock.now(), 600)}
    refused = corrects(story, incident, times=wrong)
    assert refused.status == 422
    assert codes(refused) == {
        ("times.acknowledged", "in_future"),
        ("times.acknowledged", "out_of_order"),
        ("times.en_route", "unchanged"),
        ("times.en_route", "out_of_order"),
        ("times.on_scene", "step_not_reached"),
        ("times.on_scene", "out_of_order"),
    }


def test_the_order_of_the_steps_is_broken_only_by_who_says_so_and_the_trail_says_it(
    story: Story, birth: Any
) -> None:
    before_it_left = times.plus(crew(birth)["milestones"]["en_route"], -60)
    refused = corrects(story, birth, times={"on_scene": before_it_left})
    assert (refused.status, codes(refused)) == (409, {("times.on_scene", "out_of_order")})
    assert last(corrects(story, birth, times={"on_scene": before_it_left}, insist=True))["data"][
        "out_of_order"
    ]
    holds(birth)


def test_two_times_put_right_together_are_held_against_each_other(story: Story, birth: Any) -> None:
    at = crew(birth)["milestones"]
    both = {"en_route": times.plus(at["acknowledged"], 10), "on_scene": times.plus(at["acknowledged"], 20)}
    answer = corrects(story, birth, times=both)
    assert [event["data"]["step"] for event in answer.body["timeline"][-2:]] == ["en_route", "on_scene"]
    assert crew(answer.body)["corrected"] == ["en_route", "on_scene"]
    holds(birth)


def test_why_a_crew_could_not_come_is_put_right(story: Story) -> None:
    incident = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan")
    story.phone("citra").taps("unable", "other_duty")
    story.phone("dewi").expects("Melahirkan")
    first = story.incident(incident["id"])["assignments"]
    lost = next(each for each in first if each["status"] == "unable")
    path = f"/api/incidents/{incident['id']}/assignments/{lost['id']}/corrections"
    body = {"reason": "Kru menelepon", "unable": "no_fuel"}
    answer = story.http("POST", path, body, as_="supervisor", key="reason")
    told = last(answer)
    assert (told["type"], told["data"]["was"], told["data"]["now"]) == (
        "ReasonCorrected",
        "other_duty",
        "no_fuel",
    )
    assert {each["id"]: each["reason"] for each in answer.body["crews"]}[lost["id"]] == "no_fuel"
    other = next(each for each in first if each["status"] != "unable")
    refused = story.http(
        "POST", path.replace(lost["id"], other["id"]), body, as_="supervisor", key="no-reason"
    )
    assert codes(refused) == {("unable", "not_unable")}
    holds(incident)


def test_nobody_but_a_supervisor_puts_a_time_right(story: Story, birth: Any) -> None:
    right = {"on_scene": times.plus(crew(birth)["milestones"]["on_scene"], -60)}
    for account in ("operator", "psc_admin", "leader", "auditor"):
        assert corrects(story, birth, as_=account, times=right).status == 403


# --- Who told a time -----------------------------------------------------------------------------------------------------


def test_a_time_that_a_person_told_says_so_in_the_trail_and_in_reports_however_little_it_lies_back(
    story: Story,
) -> None:
    incident = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan")
    story.clock.advance(300)
    path = f"/api/incidents/{incident['id']}/assignments/{crew(incident)['id']}/status"
    told = {"status": "on_scene", "occurred_at": times.plus(story.clock.now(), -119)}
    answer = story.http("POST", path, told, as_="psc_admin", key="told")
    assert (last(answer)["data"]["claimed"], crew(answer.body)["claimed"]) == (True, ["on_scene"])
    assert crew(answer.body)["late_entry"] == []
    heard = story.http("POST", path, {"status": "cleared"}, as_="psc_admin", key="heard")
    assert "claimed" not in last(heard)["data"]
    closes(story, incident)
    assert (response(story)["claimed"], response(story)["late_entry"]) == (1, 0)
    holds(incident)


def test_what_a_crew_taps_is_nobodys_claim(story: Story, birth: Any) -> None:
    closes(story, birth)
    assert (crew(birth)["claimed"], response(story)["claimed"]) == ([], 0)


# --- Who asks ------------------------------------------------------------------------------------------------------------


def waiting(story: Story) -> list[Any]:
    found: list[Any] = story.http("GET", "/api/correction-requests", as_="supervisor").body["requests"]
    return found


def test_of_many_requests_the_oldest_are_shown_and_that_more_wait_is_said(
    story: Story, birth: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(correction_requests, "SHOWN_MOST", 1)
    milestones = crew(birth)["milestones"]
    asks(story, birth, times={"on_scene": times.plus(milestones["on_scene"], -60)})
    first = story.http("GET", "/api/correction-requests", as_="supervisor").body
    assert (len(first["requests"]), first["more"]) == (1, False)
    asks(story, birth, times={"en_route": times.plus(milestones["en_route"], -60)})
    both = story.http("GET", "/api/correction-requests", as_="supervisor").body
    assert (both["requests"], both["more"]) == (first["requests"], True)


def test_an_agency_asks_and_a_supervisor_grants_it(story: Story, birth: Any) -> None:
    closes(story, birth)
    was = crew(birth)["milestones"]["on_scene"]
    right = times.plus(was, -120)
    answer = asks(story, birth, times={"on_scene": right})
    assert last(answer)["type"] == "CorrectionRequested"
    assert crew(answer.body)["milestones"]["on_scene"] == was
    holds(birth)
    (request,) = waiting(story)
    assert (request["what"], request["was"], request["now"], request["text"], request["callsign"]) == (
        "on_scene",
        was,
        right,
        "Kru lupa menekan",
        "AMBULANS-1",
    )
    path = f"/api/incidents/{birth['id']}/correction-requests/{request['id']}/grant"
    granted = story.http("POST", path, {"reason": "Sesuai rekaman"}, as_="supervisor", key="grant")
    assert last(granted)["data"]["request"] == request["id"]
    assert crew(granted.body)["milestones"]["on_scene"] == right
    assert (waiting(story), response(story)["corrected"]) == ([], 1)
    again = story.http("POST", path, {"reason": "Sekali lagi"}, as_="supervisor", key="again")
    assert codes(again) == {("request_id", "answered")}
    holds(birth)


def test_a_supervisor_declines_with_a_word_that_the_agency_reads(story: Story, birth: Any) -> None:
    right = times.plus(crew(birth)["milestones"]["on_scene"], -120)
    assert asks(story, birth, times={"on_scene": right}).status == 201
    (request,) = waiting(story)
    path = f"/api/incidents/{birth['id']}/correction-requests/{request['id']}/decline"
    declined = story.http("POST", path, {"reason": "Rekaman berkata lain"}, as_="supervisor", key="decline")
    assert last(declined)["type"] == "CorrectionDeclined"
    assert crew(declined.body)["milestones"] == crew(birth)["milestones"]
    read = story.incident(birth["id"], as_="psc_admin")
    assert [note["text"] for note in read["notes"]] == ["Kru lupa menekan", "Rekaman berkata lain"]
    assert read["notes"][0]["asks"]["status"] == "declined"
    assert waiting(story) == []
    holds(birth)


def test_what_changed_since_somebody_asked_is_not_granted_unseen(story: Story, birth: Any) -> None:
    at = crew(birth)["milestones"]["on_scene"]
    assert asks(story, birth, times={"on_scene": times.plus(at, -120)}).status == 201
    assert corrects(story, birth, times={"on_scene": times.plus(at, -60)}).status == 200
    (request,) = waiting(story)
    path = f"/api/incidents/{birth['id']}/correction-requests/{request['id']}/grant"
    refused = story.http("POST", path, {"reason": "Ya"}, as_="supervisor", key="grant")
    assert codes(refused) == {("request_id", "changed_meanwhile")}


def test_an_agency_asks_about_its_own_crews_alone_and_not_without_end(
    story: Story, birth: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = {"on_scene": times.plus(crew(birth)["milestones"]["on_scene"], -120)}
    assert asks(story, birth, as_="damkar_admin", times=right).status == 403
    monkeypatch.setattr(bounds, "ASKED_MOST", 1)
    assert asks(story, birth, times=right).status == 201
    story.clock.advance(1)
    assert codes(asks(story, birth, times=right)) == {("reason", "asked_too_often")}


# --- Calls, notes, endings -----------------------------------------------------------------------------------------------


def test_when_the_call_came_is_put_right_and_every_clock_that_runs_from_it_follows(
    story: Story, birth: Any
) -> None:
    closes(story, birth)
    (call,) = birth["calls_list"]
    earlier = times.plus(call["received_at"], -60)
    before = response(story)
    path = f"/api/incidents/{birth['id']}/calls/{call['id']}/corrections"
    answer = story.http(
        "POST", path, {"received_at": earlier, "reason": "Jam meja salah"}, as_="supervisor", key="call"
    )
    assert (answer.body["received_at"], answer.body["corrected"]) == (earlier, ["received_at"])
    assert answer.body["calls_list"][0]["received_at"] == earlier
    assert last(answer)["data"]["was"] == call["received_at"]
    after = response(story)
    assert (round(after["p50_s"] - before["p50_s"]), after["corrected"]) == (60, 1)
    late = {"received_at": times.plus(call["answered_at"], 60), "reason": "Salah"}
    refused = story.http("POST", path, late, as_="supervisor", key="late")
    assert ("received_at", "answered_before_received") in codes(refused)
    holds(birth)


def test_a_calls_class_is_put_right(story: Story, birth: Any) -> None:
    (call,) = birth["calls_list"]
    path = f"/api/incidents/{birth['id']}/calls/{call['id']}/corrections"
    answer = story.http(
        "POST", path, {"class": "prank", "reason": "Ternyata iseng"}, as_="supervisor", key="class"
    )
    assert (answer.body["calls_list"][0]["class"], last(answer)["data"]["was"]) == ("prank", "emergency")
    holds(birth)


def test_the_class_of_a_call_that_opened_nothing_is_put_right_and_what_it_was_stays_with_it(
    story: Story,
) -> None:
    now = story.clock.now()
    logged = {"channel": "phone", "class": "prank", "received_at": now, "answered_at": now}
    call = story.desk("POST", "/api/calls", logged, expect=201)["call"]
    body = {"date": "2026-11-23", "class": "information", "reason": "Ternyata bertanya"}
    path = f"/api/calls/{call['id']}/class"
    assert story.http("POST", path, body, as_="operator", key="not-theirs").status == 403
    answer = story.http("POST", path, body, as_="supervisor", key="class")
    (was,) = answer.body["reclassed"]
    assert (answer.body["class"], was["kind"], was["why"]) == ("information", "prank", "Ternyata bertanya")
    listed = story.http("GET", "/api/calls", as_="auditor", query={"date": "2026-11-23"}).body["calls"]
    assert [each["class"] for each in listed] == ["information"]


def test_a_note_is_put_right_by_its_author_or_a_supervisor_and_what_it_said_stays(
    story: Story, birth: Any
) -> None:
    path = f"/api/incidents/{birth['id']}/notes"
    (note,) = story.desk("POST", path, {"text": "Pelapor Bu Sari"}, expect=201)["notes"]
    first = story.desk("POST", f"{path}/{note['id']}/corrections", {"text": "Pelapor Bu Tari"})
    second = story.desk(
        "POST", f"{path}/{note['id']}/corrections", {"text": "Pelapor Bu Nari"}, as_="supervisor"
    )
    (reworded,) = second["notes"]
    assert reworded["text"] == "Pelapor Bu Nari"
    assert [(each["text"], each["by_name"]) for each in reworded["earlier"]] == [
        ("Pelapor Bu Sari", "Operator"),
        ("Pelapor Bu Tari", "Supervisor"),
    ]
    assert "ari" not in str([event["data"] for event in first["timeline"] + second["timeline"]])
    of_another = story.desk("POST", path, {"text": "Catatan pengawas"}, as_="supervisor", expect=201)
    other = f"{path}/{of_another['notes'][-1]['id']}/corrections"
    assert story.http("POST", other, {"text": "Ubah"}, as_="operator", key="other").status == 403
    holds(birth)


def test_how_it_ended_is_put_right(story: Story, birth: Any) -> None:
    path = f"/api/incidents/{birth['id']}/disposition"
    body = {"disposition": "false_alarm", "reason": "Salah pilih"}
    assert codes(story.http("POST", path, body, as_="supervisor", key="open")) == {
        ("disposition", "not_closed")
    }
    closes(story, birth)
    answer = story.http("POST", path, body, as_="supervisor", key="ended")
    assert (answer.body["disposition"], last(answer)["data"]["was"]) == ("false_alarm", "done")
    holds(birth)


# --- What nobody may change unseen ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "old", "new", "why"),
    [
        ("A#", '"corrected":["on_scene"]', '"corrected":["ready"]', "what was put right is not"),
        ("A#", '"claimed":[]', '"claimed":["on_scene"]', "what a person told is not"),
        ("N#", "Salah tekan", "Salah catat", "is not what the event sealed"),
        ("N#", '"earlier":[]', '"earlier":[{"text":"x","until":"","by":""}]', "note"),
        ("#", '"corrected":["disposition"]', '"corrected":["received_at"]', "what was put right of it"),
        ("C#", '"kind":"prank"', '"kind":"ghost"', "its class is not"),
    ],
)
def test_the_check_names_what_was_put_right_behind_its_back(
    story: Story, birth: Any, at: str, old: str, new: str, why: str
) -> None:
    right = times.plus(crew(birth)["milestones"]["on_scene"], -240)
    assert corrects(story, birth, times={"on_scene": right}).status == 200
    call = birth["calls_list"][0]["id"]
    path = f"/api/incidents/{birth['id']}"
    story.desk(
        "POST", f"{path}/calls/{call}/corrections", {"class": "prank", "reason": "Iseng"}, as_="supervisor"
    )
    closes(story, birth)
    body = {"disposition": "false_alarm", "reason": "Salah pilih"}
    story.desk("POST", f"{path}/disposition", body, as_="supervisor")
    holds(birth)
    for item in tables.IncidentItem.query(f"I#{birth['id']}"):
        if item.sk.startswith(at) and old in item.doc:
            item.doc = item.doc.replace(old, new)
            item.save()
            break
    else:
        pytest.fail(f"nothing at {at} holds {old}")
    story.tampered = True
    assert why in " ".join(str(each) for each in verify.verify(birth["id"])[1])
