"""Finding what is over: a month's incidents by place, code, type and agency, and by a caller's number on record."""

from __future__ import annotations

from typing import Any

import pytest

from tests.world.harness import Answer, Incident, Story
from tests.world.requests import requests_of
from tests.world.test_privacy import REASON, prank
from tests.world.test_retention import CALLER, NEIGHBOUR

DAY = "2026-11-23"
DAYS = {"from": DAY, "to": DAY}


def finds(story: Story, as_: str = "operator", **query: str) -> Answer:
    return story.http("GET", "/api/past/incidents", as_=as_, query={**DAYS, **query})


def found(story: Story, as_: str = "operator", **query: str) -> list[str]:
    answer = finds(story, as_, **query)
    assert answer.status == 200, answer.text
    return [each["id"] for each in answer.body["incidents"]]


def nobody_minds_sms(story: Story) -> None:
    for number in {sms.number for sms in story.provider.messages}:
        story.phone_of(number).seen = len(story.phone_of(number).messages())


def quiet_call(story: Story, type_: str = "theft", district: str = "baamang", **more: Any) -> Incident:
    """An incident whose SMS is not what its story is about."""
    incident: Incident = story.call(type_, district, **more)["incident"]
    nobody_minds_sms(story)
    return incident


def cancelled(story: Story, incident: Incident) -> None:
    story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Salah"})
    nobody_minds_sms(story)


def at(landmark: str) -> dict[str, Any]:
    return {"location": {"district": "baamang", "landmark": landmark}}


def test_a_days_incidents_stand_there_the_last_first_whether_they_have_ended_or_not(story: Story) -> None:
    first = quiet_call(story)
    cancelled(story, first)
    story.clock.advance(60)
    last = quiet_call(story)
    answer = finds(story)
    assert [(each["id"], each["status"]) for each in answer.body["incidents"]] == [
        (last["id"], "open"),
        (first["id"], "cancelled"),
    ]
    assert (answer.body["searched_to"], answer.body["next"]) == (DAY, None)
    tag = answer.headers["ETag"]
    again = story.http(
        "GET", "/api/past/incidents", as_="operator", query=DAYS, headers={"if-none-match": tag}
    )
    assert (again.status, again.text) == (304, "")


def test_words_of_the_place_and_the_code_find_an_incident_however_they_are_written(story: Story) -> None:
    market = quiet_call(story, **at("Pasar Keramat, Jalan Suprapto"))
    mosque = quiet_call(story, **at("Masjid Raya"))
    assert found(story, text="keramat PASAR") == [market["id"]]
    assert found(story, text="baamang masjid") == [mosque["id"]]
    assert found(story, text=mosque["label"].lower()) == [mosque["id"]]
    assert found(story, text="pelabuhan") == []


def test_type_and_agency_narrow_what_is_found(story: Story) -> None:
    fire, theft = quiet_call(story, "house_fire"), quiet_call(story)
    assert found(story, type="house_fire") == [fire["id"]]
    assert found(story, agency="damkar") == [fire["id"]]
    assert found(story, agency="polres") == [fire["id"]] and theft["id"] in found(story)


def test_an_agency_finds_what_it_had_a_part_in_and_its_own_crews_alone(story: Story) -> None:
    fire = quiet_call(story, "house_fire")
    quiet_call(story)
    (row,) = finds(story, "damkar_admin").body["incidents"]
    assert row["id"] == fire["id"]
    assert {crew["agency_id"] for crew in row["crews"]} == {"damkar"}
    assert found(story, "damkar_admin", agency="polres") == []


def test_more_than_31_days_or_days_in_the_wrong_order_are_refused(story: Story) -> None:
    for days in (
        {"from": "2026-10-23", "to": DAY},
        {"from": DAY, "to": "2026-11-22"},
    ):
        refused = finds(story, **days)
        assert (refused.status, refused.body["fields"]) == (
            422,
            {"to": "must lie within 31 days from `from`"},
        )
    assert finds(story, **{"from": "2026-10-24"}).status == 200


def everything(story: Story, as_: str = "operator", **query: str) -> tuple[list[str], list[str]]:
    """What is found by going on to the end, and down to which days each answer had looked."""
    ids: list[str] = []
    days: list[str] = []
    after: dict[str, str] = {}
    for _ in range(100):
        answer = finds(story, as_, **query, **after)
        assert answer.status == 200, answer.text
        ids += [each["id"] for each in answer.body["incidents"]]
        days.append(answer.body["searched_to"])
        if answer.body["next"] is None:
            return ids, days
        after = {"after": answer.body["next"]}
    raise AssertionError("the search has no end")


def test_a_search_of_31_days_says_how_far_it_came_and_goes_on_from_there(story: Story) -> None:
    old = quiet_call(story)
    story.clock.advance(20 * 86400)
    new = quiet_call(story)
    ids, days = everything(story, **{"to": "2026-12-23"})
    assert ids == [new["id"], old["id"]]
    assert days == ["2026-12-16", "2026-12-08", "2026-11-30", DAY]


def test_every_incident_of_a_day_comes_once_however_small_the_pieces(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [quiet_call(story)["id"] for _ in range(12)]
    monkeypatch.setattr("chalicelib.models.past.OF_A_PART", 1)
    monkeypatch.setattr("chalicelib.services.response.looking_back.SHOWN_MOST", 3)
    monkeypatch.setattr("chalicelib.services.response.looking_back.READ_MOST", 2)
    ids, _ = everything(story)
    assert sorted(ids) == sorted(made)


@pytest.mark.parametrize("change", ["query", "mark", "content", "account"])
def test_a_place_to_go_on_from_is_good_for_its_own_question_alone(
    story: Story, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    quiet_call(story, "house_fire")
    quiet_call(story, "house_fire")
    monkeypatch.setattr("chalicelib.services.response.looking_back.SHOWN_MOST", 1)
    after = finds(story).body["next"]
    query = {"after": after}
    if change == "query":
        query["type"] = "house_fire"
    elif change == "mark":
        query["after"] = after[:-1] + ("0" if after[-1] != "0" else "1")
    elif change == "content":
        query["after"] = "A" + after
    refused = finds(story, "damkar_admin" if change == "account" else "operator", **query)
    assert (refused.status, refused.body["fields"]) == (400, {"after": "was never given"})


# -- by number


def looks_for(story: Story, number: str = CALLER, as_: str = "operator", **more: Any) -> Answer:
    body = {**DAYS, "number": number, "reason": REASON, **more}
    return story.http("POST", "/api/past/numbers", body, as_=as_)


def records(story: Story) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = story.http("GET", "/api/privacy/records", as_="auditor").body["records"]
    return found


def test_a_number_finds_its_incidents_and_loose_calls_and_the_look_is_on_record(story: Story) -> None:
    incident = quiet_call(story)
    prank(story, NEIGHBOUR)
    prank(story, CALLER)
    answer = looks_for(story)
    assert answer.status == 200, answer.text
    assert [each["id"] for each in answer.body["incidents"]] == [incident["id"]]
    assert [each["number"] for each in answer.body["calls"]] == [CALLER]
    assert answer.body["next"] is None
    (record,) = records(story)
    assert (record["action"], record["by_name"], record["reason"]) == ("looked_up", "Operator", REASON)
    assert CALLER not in str(record)
    assert looks_for(story, "+6285299999999").body["incidents"] == []


@pytest.mark.parametrize("as_", ["leader", "auditor", "damkar_admin"])
def test_who_may_not_see_numbers_may_not_look_for_one(story: Story, as_: str) -> None:
    assert looks_for(story, as_=as_).status == 403
    assert records(story) == []


def test_a_search_by_number_that_goes_on_is_one_record_and_another_accounts_is_its_own(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [quiet_call(story)["id"] for _ in range(3)]
    monkeypatch.setattr("chalicelib.services.response.looking_back.ASKED_MOST", 1)
    first = looks_for(story).body
    second = looks_for(story, after=first["next"]).body
    assert [each["id"] for page in (first, second) for each in page["incidents"]] == [made[2], made[1]]
    assert len(records(story)) == 1
    assert looks_for(story, as_="supervisor", after=second["next"]).status == 400
    story.clock.advance(3700)
    assert looks_for(story, after=second["next"]).status == 200
    assert len(records(story)) == 2, "an hour later it is another look"


def test_numbers_are_looked_for_only_so_often(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.domain.bounds.NUMBERS_SOUGHT_AN_HOUR", 3)
    assert [looks_for(story).status for _ in range(5)] == [200, 200, 200, 429, 429]
    assert len(records(story)) == 3


def test_a_reason_is_needed_to_look_for_a_number(story: Story) -> None:
    refused = looks_for(story, reason="")
    assert refused.status == 400 and "reason" in refused.body["fields"]


# -- what it costs


def test_a_days_search_costs_the_same_whatever_lies_outside_of_its_days(story: Story) -> None:
    quiet_call(story)
    before = requests_of(lambda: finds(story))
    for _ in range(6):
        story.clock.advance(86400)
        for _ in range(3):
            quiet_call(story)
    assert requests_of(lambda: finds(story)) == before
    assert before.count("Query") <= 9 and before.count("BatchGetItem") == 1
