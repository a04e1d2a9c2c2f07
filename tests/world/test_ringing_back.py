"""Silent and dropped calls are rung back, and what came of each stands in a chain that nobody rewrites unseen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from chalicelib import bootstrap
from chalicelib.domain.chain import hash_of
from chalicelib.handlers import events
from chalicelib.models.tables import IncidentItem
from infra import verify
from infra.local.seals import FolderSeals
from tests.world.harness import Answer, Story
from tests.world.test_past import DAY, DAYS, quiet_call
from tests.world.test_privacy import looked_up, prank
from tests.world.test_retention import CALLER, NEIGHBOUR


def loose(story: Story, kind: str = "ghost", number: str = CALLER) -> str:
    now = story.clock.now()
    body = {"number": number, "channel": "phone", "class": kind, "received_at": now}
    call: str = story.desk("POST", "/api/calls", body, expect=201)["call"]["id"]
    return call


def calls(story: Story, as_: str = "operator", **query: str) -> Answer:
    return story.http("GET", "/api/past/calls", as_=as_, query={**DAYS, **query})


def rings(story: Story, call: str, result: str = "not_reached", key: str = "one", **more: Any) -> Answer:
    body = {"day": DAY, "result": result, **more}
    return story.http("POST", f"/api/calls/{call}/ring-backs", body, as_="operator", key=key)


def test_silent_and_dropped_calls_are_a_list_to_ring_back_with_what_came_of_each(story: Story) -> None:
    silent, dropped = loose(story), loose(story, "abandoned", NEIGHBOUR)
    prank(story)
    assert rings(story, silent).status == 201
    incident = quiet_call(story)
    story.clock.advance(60)
    told = rings(story, silent, "incident", "two", incident_id=incident["id"])
    assert [each["result"] for each in told.body["rung_back"]] == ["not_reached", "incident"]
    listed = calls(story, which="ring_back").body["calls"]
    assert [(each["id"], each["number"], len(each["rung_back"])) for each in listed] == [
        (dropped, NEIGHBOUR, 0),
        (silent, CALLER, 2),
    ]
    last = listed[1]["rung_back"][1]
    assert (last["by_name"], last["incident"]) == ("Operator", incident["id"])
    assert len(calls(story).body["calls"]) == 3
    assert calls(story, "auditor").body["calls"][0]["number"].startswith("…")


def test_who_rang_somebody_back_stands_in_the_trail_that_a_person_gets(story: Story) -> None:
    rings(story, loose(story))
    rings(story, loose(story, "abandoned", NEIGHBOUR), key="two")
    trail = [(each["what"], each["by"]) for each in looked_up(story)["processing"]]
    assert trail == [("CallTaken", "Operator"), ("CallRungBack", "Operator")]


def test_the_same_ring_back_sent_again_is_written_once(story: Story) -> None:
    call = loose(story)
    for _ in range(3):
        answer = rings(story, call)
        assert (answer.status, len(answer.body["rung_back"])) == (201, 1)


def test_a_ring_back_names_a_call_and_an_incident_that_are_there(story: Story) -> None:
    call = loose(story)
    assert rings(story, "nothing").body["fields"] == {"call_id": "no such call"}
    none = rings(story, call, "incident", incident_id="nothing")
    assert (none.status, none.body["fields"]) == (422, {"incident_id": "no such incident"})
    assert rings(story, call, "incident").body["fields"] == {"incident_id": "is required"}
    assert rings(story, call, "reached", incident_id="nothing").status == 400
    story.clock.advance(32 * 86400)
    late = rings(story, call)
    assert (late.status, late.body["fields"]) == (422, {"day": "is out of range"})
    assert calls(story).body["calls"][0]["rung_back"] == []


def test_a_call_is_rung_back_only_so_often(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.domain.bounds.RUNG_BACK_AN_HOUR", 2)
    call = loose(story)
    assert [rings(story, call, key=str(number)).status for number in range(4)] == [201, 201, 429, 429]


def test_calls_come_in_pieces_and_each_once(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [loose(story, "ghost" if number % 3 else "prank") for number in range(9)]
    monkeypatch.setattr("chalicelib.services.response.looking_back.SHOWN_MOST", 2)
    monkeypatch.setattr("chalicelib.services.response.looking_back.CALLS_MOST", 3)
    listed: list[str] = []
    after: dict[str, str] = {}
    while True:
        page = calls(story, which="ring_back", **after).body
        listed += [each["id"] for each in page["calls"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert listed == [each for number, each in enumerate(made) if number % 3][::-1]


def test_a_ring_back_that_was_changed_or_taken_away_is_named(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    call = loose(story)
    rings(story, call)
    rings(story, call, "reached", "two")
    assert verify.main([]) == 0
    capsys.readouterr()
    item = IncidentItem.get(f"B#{DAY}", "~00000001")
    item.doc = item.doc.replace("not_reached", "reached")
    item.save()
    assert verify.main([]) == 1
    assert f"ringing back on {DAY}: record 1" in capsys.readouterr().out


def test_ringing_back_that_is_rewritten_with_its_whole_chain_is_told_by_the_seals(
    story: Story, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    story.world = replace(story.world, seals=FolderSeals(tmp_path / "seals"))
    bootstrap.install(story.world)
    sealed = ["--seals", str(tmp_path / "seals")]
    call = loose(story)
    rings(story, call)
    story.clock.advance(3600)
    events.seal(story.world)
    assert verify.main(sealed) == 0
    rewritten(f"B#{DAY}", "reached")
    assert verify.main([]) == 0, "a chain that is whole tells nothing by itself"
    capsys.readouterr()
    assert verify.main(sealed) == 1
    assert (
        f"ringing back on {DAY}: record 1 is not the one that stands in seal 00000001.json"
        in capsys.readouterr().out
    )


def rewritten(pk: str, result: str) -> None:
    """Let the first and only record say something else, with a hash that holds."""
    item, end = IncidentItem.get(pk, "~00000001"), IncidentItem.get(pk, "#")
    link = {**msgspec.json.decode(item.doc), "result": result}
    link["hash"] = hash_of(msgspec.json.encode(link))
    item.doc = msgspec.json.encode(link).decode()
    end.doc = msgspec.json.encode({**msgspec.json.decode(end.doc), "hash": link["hash"]}).decode()
    item.save()
    end.save()


def test_ringing_back_that_was_sealed_cannot_be_taken_away_with_its_chain(
    story: Story, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    story.world = replace(story.world, seals=FolderSeals(tmp_path / "seals"))
    bootstrap.install(story.world)
    rings(story, loose(story))
    story.clock.advance(3600)
    events.seal(story.world)
    for item in IncidentItem.query(f"B#{DAY}"):
        item.delete()
    assert verify.main(["--seals", str(tmp_path / "seals")]) == 1
    assert f"ringing back on {DAY}: record 1 is missing" in capsys.readouterr().out
