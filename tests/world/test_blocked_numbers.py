"""Prank numbers: blocked for a day by a supervisor, and never in the way of a real emergency or a crew's phone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from chalicelib import bootstrap
from chalicelib.domain import blocking, times
from chalicelib.domain.ids import keyed
from chalicelib.handlers import events
from chalicelib.models.tables import IncidentItem, KeyItem, RegistryItem
from infra.verify import verify
from tests.support import regency
from tests.support.registry_faults import first_answer_lost
from tests.world.harness import Answer, Story
from tests.world.requests import requests_of
from tests.world.test_replies import SECRET, birth, sms

PRANKSTER = "+6285200000042"


def blocks(
    story: Story, number: str = PRANKSTER, as_: str = "supervisor", reason: str = "Lapor palsu"
) -> Any:
    body = {"number": number, "reason": reason}
    answer = story.http("POST", "/api/blocked-numbers", body, as_=as_)
    assert answer.status in (200, 201), answer.text
    return answer.body


def unblocks(story: Story, block: Any, as_: str = "supervisor") -> Answer:
    return story.http("DELETE", f"/api/blocked-numbers/{block['id']}", as_=as_)


def listed(story: Story, as_: str = "supervisor") -> list[Any]:
    found: list[Any] = story.http("GET", "/api/blocked-numbers", as_=as_).body["blocked_numbers"]
    return found


def calls(story: Story, key: str, class_: str = "emergency", number: str = PRANKSTER, **more: Any) -> Answer:
    answer = is_taken(story, key, class_, number, **more)
    story.settle()
    return answer


def is_taken(
    story: Story, key: str, class_: str = "emergency", number: str = PRANKSTER, **more: Any
) -> Answer:
    body = {"number": number, "channel": "phone", "class": class_, "received_at": story.clock.now(), **more}
    if class_ == "emergency" and "incident_id" not in more:
        body["incident"] = {"type": "childbirth", "location": {"district": "baamang"}}
    return story.http("POST", "/api/calls", body, as_="operator", key=key)


def asks_who_calls(story: Story, number: str = PRANKSTER) -> Any:
    answer = story.http("POST", "/api/callers", {"number": number}, as_="operator")
    assert answer.status == 200, answer.text
    return answer.body


# -- an emergency from a blocked number ---------------------------------------------------------------------------------


def test_an_emergency_from_a_blocked_number_is_refused_until_somebody_insists(story: Story) -> None:
    block = blocks(story)
    refused = calls(story, "one")
    assert (refused.status, refused.body["code"]) == (409, "number_blocked")
    assert refused.body["fields"] == {"number": f"blocked until {block['until']}"}
    assert story.http("GET", "/api/incidents", as_="operator").body["incidents"] == []
    # One more tap, and the crew is called: the same key, as nothing was written under it.
    taken = calls(story, "one", insist=True)
    assert taken.status == 201 and taken.body["call"]["blocked"]
    story.phone("citra").expects("Melahirkan")
    opened = taken.body["incident"]["timeline"][0]
    assert opened["data"]["insisted"] is True and opened["actor"] == "sub-operator"
    assert verify(taken.body["incident"]["id"])[1] == []


@pytest.mark.parametrize("class_", ["emergency", "prank"])
def test_a_call_from_a_blocked_number_that_is_sent_again_counts_once(
    story: Story, capsys: pytest.CaptureFixture[str], class_: str
) -> None:
    blocks(story)
    capsys.readouterr()
    at = story.clock.now()
    for _ in range(3):
        assert calls(story, "one", class_, insist=True, received_at=at).status == 201
    if class_ == "emergency":
        story.phone("citra").expects("Melahirkan")
    assert capsys.readouterr().out.count('"BlockedCallsTaken":[1.0]') == 1
    assert listed(story)[0]["calls"]["taken"] == 1


def test_who_insists_and_who_calls_is_in_no_event_and_no_log(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    blocks(story, reason="Budi anak Pak RT")
    incident = calls(story, "one", insist=True).body["incident"]
    story.phone("citra").expects("Melahirkan")
    calls(story, "two")
    events = json.dumps([item.doc for item in IncidentItem.query(f"I#{incident['id']}") if item.sk[0] == "~"])
    history = json.dumps([item.serialize() for item in RegistryItem.scan() if item.pk.startswith("H#block")])
    counts = json.dumps([item.serialize() for item in KeyItem.scan()])
    said = capsys.readouterr().out
    assert history.count("sub-supervisor") == 1
    for text in (events, history, counts, said):
        assert PRANKSTER[1:] not in text and "Pak RT" not in text
    assert keyed(story.world.settings.link_secret, "number", PRANKSTER) not in events + said


def test_joining_an_open_incident_is_refused_and_insisted_alike(story: Story) -> None:
    fire = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan")
    blocks(story)
    assert calls(story, "one", incident_id=fire["id"]).status == 409
    joined = calls(story, "one", incident_id=fire["id"], insist=True)
    assert joined.status == 201
    assert joined.body["incident"]["timeline"][-1]["data"]["insisted"] is True


def test_other_calls_from_a_blocked_number_are_logged_and_counted(story: Story) -> None:
    blocks(story)
    for class_ in ("prank", "ghost", "information"):
        assert calls(story, class_, class_).status == 201
    assert calls(story, "emergency").status == 409
    assert calls(story, "emergency", insist=True).status == 201
    story.phone("citra").expects("Melahirkan")
    assert listed(story)[0]["calls"] == {"refused": 1, "taken": 4, "sms": 0}


def test_a_repeat_of_a_call_that_was_taken_before_the_block_gets_its_answer(story: Story) -> None:
    at = story.clock.now()
    body = {"number": PRANKSTER, "channel": "phone", "class": "emergency", "received_at": at}
    body |= {"incident": {"type": "childbirth", "location": {"district": "baamang"}}}  # type: ignore[dict-item]
    first = story.http("POST", "/api/calls", body, as_="operator", key="one")
    story.settle()
    story.phone("citra").expects("Melahirkan")
    blocks(story)
    again = story.http("POST", "/api/calls", body, as_="operator", key="one")
    assert (again.status, again.body["incident"]["id"]) == (201, first.body["incident"]["id"])
    assert listed(story)[0]["calls"]["refused"] == 0


def test_a_call_without_a_number_and_every_other_number_come_through(story: Story) -> None:
    blocks(story)
    assert calls(story, "withheld", number="").status == 201
    assert calls(story, "another", number="+6285200000043").status == 201
    assert asks_who_calls(story, "+6285200000043")["block"] is None
    story.phone("citra").expects("Melahirkan")
    story.phone("dewi").expects("Melahirkan")


def test_to_insist_on_a_number_that_is_not_blocked_changes_nothing(story: Story) -> None:
    taken = calls(story, "one", insist=True)
    assert taken.status == 201 and not taken.body["call"]["blocked"]
    assert "insisted" not in taken.body["incident"]["timeline"][0]["data"]
    story.phone("citra").expects("Melahirkan")


# -- its life ----------------------------------------------------------------------------------------------------------


def test_a_block_ends_by_itself_after_a_day(story: Story) -> None:
    block = blocks(story)
    assert times.between(block["at"], block["until"]) == 24 * 3600
    story.clock.advance(24 * 3600 - 10)
    assert calls(story, "one").status == 409
    story.clock.advance(10)
    assert calls(story, "one").status == 201
    story.phone("citra").expects("Melahirkan")
    assert [each["active"] for each in listed(story)] == [False]


def test_it_is_taken_back_at_once_and_the_next_call_comes_through(story: Story) -> None:
    block = blocks(story)
    lifted = unblocks(story, block, as_="admin")
    assert lifted.status == 200 and not lifted.body["active"]
    assert lifted.body["lifted_by"] == "sub-admin"
    assert calls(story, "one").status == 201
    story.phone("citra").expects("Melahirkan")
    assert unblocks(story, block).body["lifted_by"] == "sub-admin"


def test_a_number_blocked_again_starts_its_counts_anew_and_says_how_often(story: Story) -> None:
    first = blocks(story)
    calls(story, "one")
    unblocks(story, first)
    second = blocks(story, reason="Lagi")
    assert (second["id"], second["times"], second["calls"]["refused"]) == (first["id"], 2, 0)
    history = list(RegistryItem.query(f"H#block#{first['id']}"))
    assert [json.loads(item.doc)["lifted"] for item in history] == [False, True, False]


def test_blocking_twice_is_one_block(story: Story) -> None:
    first = blocks(story)
    story.clock.advance(60)
    again = story.http(
        "POST", "/api/blocked-numbers", {"number": "0852 0000 0042", "reason": "x"}, as_="admin"
    )
    assert (again.status, again.body["until"], again.body["by"]) == (200, first["until"], "sub-supervisor")
    assert len(list(RegistryItem.query(f"H#block#{first['id']}"))) == 1


def test_supervisors_who_block_and_unblock_at_the_same_moment(story: Story) -> None:
    with ThreadPoolExecutor(8) as desks:
        made = list(desks.map(lambda n: blocks(story, as_=("supervisor", "admin")[n % 2]), range(8)))
    assert len({(each["id"], each["until"], each["times"]) for each in made}) == 1
    with ThreadPoolExecutor(8) as desks:
        ends = list(desks.map(lambda n: unblocks(story, made[n]), range(8)))
    assert {each.status for each in ends} == {200}
    assert len({each.body["lifted_at"] for each in ends}) == 1
    assert len(list(RegistryItem.query(f"H#block#{made[0]['id']}"))) == 2


@pytest.mark.parametrize("written", [True, False])
def test_a_block_whose_answer_is_lost_is_made_once(story: Story, written: bool) -> None:
    with first_answer_lost(written=written):
        block = blocks(story)
    assert block["times"] == 1
    assert len(list(RegistryItem.query(f"H#block#{block['id']}"))) == 1


def test_an_ended_block_is_shown_for_a_month_and_its_number_then_forgotten(story: Story) -> None:
    blocks(story)
    story.clock.advance(blocking.BLOCKED_S + blocking.SHOWN_S - 60)
    assert len(listed(story)) == 1
    story.clock.advance(120)
    assert listed(story) == []
    assert events.retention(story.world)["blocks"] == 1
    kept = json.dumps([item.serialize() for model in (RegistryItem, KeyItem) for item in model.scan()])
    assert PRANKSTER[1:] not in kept


def test_no_more_are_blocked_than_a_person_can_mean(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.services.abuse.blocking.MOST", 2)
    first = blocks(story, "+6285200000001")
    blocks(story, "+6285200000002")
    body = {"number": PRANKSTER, "reason": "x"}
    refused = story.http("POST", "/api/blocked-numbers", body, as_="supervisor")
    assert (refused.status, refused.body["fields"]) == (409, {"number": "too many are blocked"})
    unblocks(story, first)
    blocks(story)


# -- who may not be blocked --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [regency.number_of("andi"), regency.number_of("gita"), "+62811000999"])
def test_no_crews_officers_or_agencys_number_can_be_blocked(story: Story, number: str) -> None:
    body = {"number": number, "reason": "x"}
    refused = story.http("POST", "/api/blocked-numbers", body, as_="supervisor")
    assert (refused.status, refused.body["fields"]) == (422, {"number": "is registered"})


def test_the_number_of_somebody_who_has_left_can_be_blocked_and_is_nobodys_any_more(story: Story) -> None:
    person = story.http("GET", "/api/registry/personnel/gita", as_="admin").body
    body = {name: each for name, each in person.items() if name != "v"}
    story.desk("PUT", "/api/registry/personnel/gita", {**body, "retired": True}, as_="admin")
    blocks(story, regency.number_of("gita"))
    assert calls(story, "one", number=regency.number_of("gita")).body["code"] == "number_blocked"


def test_a_block_ends_when_its_number_becomes_a_responders(story: Story) -> None:
    blocks(story)
    person = story.http("GET", "/api/registry/personnel/andi", as_="admin").body
    body = {name: each for name, each in person.items() if name != "v"}
    assert (
        story.http("PUT", "/api/registry/personnel/andi", {**body, "phone": PRANKSTER}, as_="admin").status
        == 200
    )
    assert asks_who_calls(story)["block"] is None
    assert calls(story, "one").status == 201
    story.phone("citra").expects("Melahirkan")


@pytest.fixture
def replying(story: Story) -> Iterator[Story]:
    settings = replace(story.world.settings, sms_replies=True, inbound_secret=SECRET)
    story.world = replace(story.world, settings=settings)
    bootstrap.install(story.world)
    yield story


def test_a_blocked_strangers_sms_is_counted_and_ignored(replying: Story) -> None:
    incident, code = birth(replying)
    blocks(replying)
    assert sms(replying, PRANKSTER, f"{code} YA") == "ignored"
    assert sms(replying, PRANKSTER, "kebakaran di pasar") == "ignored"
    assert replying.incident(incident["id"])["notes"] == []
    assert listed(replying)[0]["calls"]["sms"] == 2


def test_a_blocked_strangers_sms_that_the_modem_hands_in_again_counts_once(replying: Story) -> None:
    blocks(replying)
    said = replying.clock.now()
    ends = [sms(replying, PRANKSTER, "kebakaran di pasar", "17", at=said) for _ in range(3)]
    ends.append(sms(replying, PRANKSTER, "kebakaran di pasar", "18", at=said))
    assert ends == ["ignored", "repeated", "repeated", "ignored"]
    assert listed(replying)[0]["calls"]["sms"] == 2


def test_a_crews_phone_answers_although_its_number_was_blocked_before_it_was_the_crews(
    replying: Story,
) -> None:
    blocks(replying)
    person = replying.http("GET", "/api/registry/personnel/citra", as_="admin").body
    body = {name: each for name, each in person.items() if name != "v"}
    replying.http("PUT", "/api/registry/personnel/citra", {**body, "phone": PRANKSTER}, as_="admin")
    replying.call("childbirth")
    code = replying.phone_of(PRANKSTER).expects("Melahirkan").partition("Balas: ")[2][:4]
    assert sms(replying, PRANKSTER, f"{code} YA") == "applied"


# -- who sees and decides ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("account", ["operator", "leader", "auditor", "damkar_admin"])
def test_only_a_supervisor_or_admin_blocks_and_unblocks(story: Story, account: str) -> None:
    block = blocks(story)
    body = {"number": "+6285200000043", "reason": "x"}
    assert story.http("POST", "/api/blocked-numbers", body, as_=account).status == 403
    assert unblocks(story, block, as_=account).status == 403


def test_the_desk_sees_the_number_and_an_auditor_its_end(story: Story) -> None:
    blocks(story)
    assert [each["number"] for each in listed(story, as_="operator")] == [PRANKSTER]
    assert [each["number"] for each in listed(story, as_="auditor")] == ["…042"]
    assert story.http("GET", "/api/blocked-numbers", as_="leader").status == 403


def test_the_call_taker_sees_the_block_and_why_before_dispatching(story: Story) -> None:
    block = blocks(story)
    seen = asks_who_calls(story, "0852-0000-0042")["block"]
    assert (seen["id"], seen["reason"], seen["until"]) == (block["id"], "Lapor palsu", block["until"])


# -- how often a number calls ------------------------------------------------------------------------------------------


def test_the_call_taker_sees_how_often_a_number_has_called_today(story: Story) -> None:
    assert asks_who_calls(story)["calls_today"] == 0
    for number in range(6):
        assert calls(story, f"prank-{number}", "prank").status == 201
    calls(story, "prank-5", "prank")  # sent again with another time: refused, and not counted
    assert asks_who_calls(story) == {
        "number": PRANKSTER,
        "kind": "number",
        "calls_today": 6,
        "block": None,
    }
    assert calls(story, "seventh").status == 201
    story.phone("citra").expects("Melahirkan")
    assert asks_who_calls(story)["calls_today"] == 7
    story.clock.advance(14 * 3600)  # past midnight in WIB
    assert asks_who_calls(story)["calls_today"] == 0


def test_neither_block_nor_count_costs_an_ordinary_call_a_request(story: Story) -> None:
    blocks(story)
    # The first call after a change of the registry reads all of it again.
    calls(story, "first", number="+6285200000043")
    story.phone("citra").expects("Melahirkan")
    ordinary = requests_of(lambda: is_taken(story, "next", number="+6285200000043"))
    story.settle()
    story.phone("dewi").expects("Melahirkan")
    assert ordinary == ["Query", "TransactWriteItems", "Query"]
    assert asks_who_calls(story, "+6285200000043")["calls_today"] == 2
