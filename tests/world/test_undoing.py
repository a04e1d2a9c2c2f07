"""Cancelled by mistake, split off, joined wrongly: undone at any time later, and each crew is told once."""

from __future__ import annotations

from typing import Any

import pytest

from infra import verify
from tests.world.harness import Answer, Story

FIRE = ("andi", "citra", "eko")


def fire(story: Story) -> Any:
    incident = story.call("house_fire")["incident"]
    for person in FIRE:
        story.phone(person).expects("Kebakaran rumah")
    return incident


def cancelled_fire(story: Story) -> Any:
    incident = fire(story)
    story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Salah kejadian"})
    for person in FIRE:
        story.phone(person).expects("BATAL")
    return story.incident(incident["id"])


def reopens(story: Story, incident: Any, **body: Any) -> Answer:
    path = f"/api/incidents/{incident['id']}/reopen"
    answer = story.http("POST", path, {"reason": "Salah batal", **body}, as_="operator", key=f"r{len(body)}")
    story.settle()
    return answer


def merges(story: Story, incident: Any, of: Any, **body: Any) -> Answer:
    path = f"/api/incidents/{incident['id']}/duplicate"
    answer = story.http(
        "POST",
        path,
        {"of": of["id"], "reason": "Kejadian yang sama", **body},
        as_="operator",
        key=f"merge-{story.clock.now()}",
    )
    story.settle()
    return answer


def hears_all(story: Story, *words: str) -> None:
    """Everybody reads what has come, which must hold these words."""
    for number in {sms.number for sms in story.provider.messages}:
        phone = story.phone_of(number)
        while phone.messages()[phone.seen :]:
            phone.expects(*words)


def of(incident: Any, unit: str) -> str:
    return str(next(each["id"] for each in incident["assignments"] if each["unit_id"] == unit))


def holds(*incidents: Any) -> None:
    for incident in incidents:
        assert [str(each) for each in verify.verify(incident["id"])[1]] == []


def codes(answer: Answer) -> set[tuple[str, str]]:
    return {(fault["path"], fault["code"]) for fault in answer.body["faults"]}


# --- Cancelled by mistake -------------------------------------------------------------------------------------------------


def test_a_cancelled_incident_is_taken_back_up_and_the_crews_that_were_ticked_hear_once_that_it_stands(
    story: Story,
) -> None:
    incident = cancelled_fire(story)
    story.clock.advance(3600)
    answer = reopens(story, incident, crews=[of(incident, "damkar_1"), of(incident, "ambulans_1")])
    assert answer.status == 200, answer.body
    for person in ("andi", "citra"):
        story.phone(person).expects("BERLAKU LAGI", "Kebakaran rumah", "https://112.test/r/")
    story.phone("eko").expects_nothing()
    back = [each for each in answer.body["assignments"] if each["status"] == "requested"]
    assert {each["unit_id"] for each in back} == {"damkar_1", "ambulans_1"}
    assert story.phone("andi").taps("en_route").status == 200
    story.fast_forward(60)
    for person in FIRE:
        story.phone(person).expects_nothing()
    holds(incident)


def test_an_incident_is_taken_back_up_with_whom_the_plan_asks_now(story: Story) -> None:
    incident = cancelled_fire(story)
    assert reopens(story, incident, plan=True).status == 200
    for person in FIRE:
        text = story.phone(person).expects("Kebakaran rumah")
        assert "BERLAKU LAGI" not in text
    holds(incident)


def test_without_a_tick_nobody_is_told(story: Story) -> None:
    incident = cancelled_fire(story)
    assert reopens(story, incident).body["status"] == "open"
    for person in FIRE:
        story.phone(person).expects_nothing()


def test_who_had_not_yet_heard_that_it_was_cancelled_hears_only_that_it_stands(story: Story) -> None:
    incident = fire(story)
    story.wakeups.lost = True
    story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Salah kejadian"})
    story.wakeups.lost = False
    incident = story.incident(incident["id"])
    assert reopens(story, incident, crews=[of(incident, "damkar_1")]).status == 200
    story.phone("andi").expects("BERLAKU LAGI")
    story.fast_forward(120)
    # The other two were called off for good.
    story.phone("citra").expects("BATAL")
    story.phone("eko").expects("BATAL")
    story.phone("andi").expects_nothing()


def test_a_repeated_request_tells_nobody_twice(story: Story) -> None:
    incident = cancelled_fire(story)
    crews = [of(incident, "damkar_1")]
    first, second = (reopens(story, incident, crews=crews) for _ in range(2))
    assert (first.status, second.status) == (200, 200)
    story.phone("andi").expects("BERLAKU LAGI")
    story.phone("andi").expects_nothing()


def test_each_crew_that_cannot_come_again_is_named_at_once_and_nothing_is_done(story: Story) -> None:
    incident = cancelled_fire(story)
    other = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan")
    path = "/api/units/damkar_1/status"
    story.http("POST", path, {"status": "NotAvailable", "reason": "no_fuel"}, as_="supervisor")
    crews = [of(incident, "damkar_1"), of(incident, "ambulans_1"), "nobody"]
    refused = reopens(story, incident, crews=crews)
    assert (refused.status, codes(refused)) == (
        409,
        {
            ("crews[0]", "unit_out_of_service"),
            ("crews[1]", "unit_busy"),
            ("crews[2]", "no_assignment"),
        },
    )
    assert story.incident(incident["id"])["status"] == "cancelled"
    holds(incident, other)


# --- The same twice -------------------------------------------------------------------------------------------------------


def second_fire(story: Story) -> Any:
    """The same fire once more, for which the next crews are asked."""
    incident = story.call("house_fire")["incident"]
    hears_all(story, "Kebakaran rumah")
    return incident


def test_two_that_are_the_same_are_made_one_lead_to_each_other_and_crews_are_called_off_once(
    story: Story,
) -> None:
    stays = fire(story)
    double = second_fire(story)
    sent = [each for each in double["assignments"] if each["status"] == "requested"]
    assert sent
    answer = merges(story, double, stays)
    assert answer.status == 200, answer.body
    story.settle()
    assert answer.body["duplicate_of"]["id"] == stays["id"]
    assert [each["id"] for each in story.incident(stays["id"])["duplicates"]] == [double["id"]]
    for assignment in sent:
        for person in assignment["people"]:
            story.phone(person).expects("BATAL")
    ended = story.incident(double["id"])
    assert (ended["status"], {crew["status"] for crew in ended["crews"]}) == ("cancelled", {"cancelled"})
    assert [each["id"] for each in story.http("GET", "/api/incidents", as_="operator").body["incidents"]] == [
        stays["id"]
    ]
    story.fast_forward(60)
    holds(stays, double)


def test_a_crew_that_is_kept_comes_to_the_one_that_stays_and_hears_of_it_once(story: Story) -> None:
    stays = story.call("theft")["incident"]
    hears_all(story)
    double = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan")
    assert merges(story, double, stays, keep=[of(double, "ambulans_1")]).status == 200
    story.phone("citra").expects("BERLAKU LAGI")
    assert story.phone("citra").taps("acknowledged").status == 200
    crews = {crew["unit_id"]: crew["status"] for crew in story.incident(stays["id"])["crews"]}
    assert crews["ambulans_1"] == "acknowledged"
    story.fast_forward(60)
    story.phone("citra").expects_nothing()
    holds(stays, double)


def test_what_was_made_one_by_mistake_is_two_again(story: Story) -> None:
    stays, double = fire(story), story.call("childbirth", district="ketapang")["incident"]
    for person in {each for one in double["assignments"] for each in one["people"]}:
        story.phone(person).expects("Melahirkan")
    assert merges(story, double, stays).status == 200
    for person in {each for one in double["assignments"] for each in one["people"]}:
        story.phone(person).expects("BATAL")
    again = reopens(story, double)
    assert (again.body["status"], again.body["duplicate_of"]) == ("open", None)
    assert story.incident(stays["id"])["duplicates"] == []
    assert story.events(stays["id"])[-1] == "DuplicateParted"
    holds(stays, double)


def test_what_cannot_be_made_one_is_refused_with_all_reasons(story: Story) -> None:
    double, stays = story.call("childbirth")["incident"], story.call("theft")["incident"]
    hears_all(story)
    assert codes(merges(story, double, double, keep=["nobody"])) == {
        ("of", "same_incident"),
        ("keep[0]", "no_assignment"),
    }
    story.desk("POST", f"/api/incidents/{stays['id']}/cancel", {"reason": "Salah"})
    hears_all(story)
    refused = merges(story, double, stays, keep=[of(double, "ambulans_1")])
    assert codes(refused) == {("of", "ended")}


# --- Split off by mistake -------------------------------------------------------------------------------------------------


@pytest.fixture
def split(story: Story) -> tuple[Any, Any]:
    """A fire whose second call was split off as a fire of its own."""
    first = fire(story)
    now = story.clock.now()
    body = {
        "number": "+6281234567891",
        "channel": "phone",
        "class": "emergency",
        "received_at": now,
        "incident_id": first["id"],
    }
    call = story.desk("POST", "/api/calls", body, expect=201)["call"]
    path = f"/api/incidents/{first['id']}/calls/{call['id']}/split"
    new = {"incident": {"type": "theft", "location": {"district": "baamang"}}}
    own = story.desk("POST", path, new, expect=201)["incident"]
    hears_all(story, "Pencurian")
    return first, own


def test_a_call_that_was_split_off_goes_back_and_its_incident_ends_as_a_duplicate(
    story: Story, split: tuple[Any, Any]
) -> None:
    first, own = split
    assert merges(story, own, first).status == 200
    for assignment in own["assignments"]:
        for person in assignment["people"]:
            story.phone(person).expects("BATAL")
    back = story.incident(first["id"])
    assert (back["calls"], len(back["calls_list"])) == (2, 2)
    assert story.incident(own["id"])["calls_list"] == []
    assert story.events(first["id"])[-2:] == ["DuplicateLinked", "CallTakenBack"]
    holds(first, own)
    # And may be split off once more.
    call = back["calls_list"][-1]["id"]
    path = f"/api/incidents/{first['id']}/calls/{call}/split"
    third = story.desk(
        "POST", path, {"incident": {"type": "theft", "location": {"district": "baamang"}}}, expect=201
    )["incident"]
    hears_all(story, "Pencurian")
    holds(first, own, third)
