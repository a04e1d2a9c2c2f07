"""What each caller says stays with the call: joined, no emergency, split off, exported, erased, and sealed in the trail."""

from __future__ import annotations

from typing import Any

import pytest

from infra import verify
from tests.world.harness import Incident, Story
from tests.world.test_privacy import erased, looked_up
from tests.world.test_retention import ends, holding, must_verify, passes
from tests.world.test_verify import Evidence

NEIGHBOUR = "+6281234567891"
PLACE = {
    "district": "ketapang",
    "village": "Pasir Putih",
    "landmark": "samping bengkel Udin",
    "lat": -2.57,
    "lng": 112.94,
}
WORDS = "Bukan rumah, gudang minyak; ada yang terjebak"
SAID = {"type": "childbirth", "location": PLACE, "narrative": WORDS, "priority": 1, "terrain": "land"}


def fire(story: Story) -> Incident:
    incident: Incident = story.call("house_fire", narrative="Api dari dapur")["incident"]
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("/r/")
    return incident


def joins(story: Story, incident: Incident, said: Any = SAID, **more: Any) -> Any:
    call = {
        "number": NEIGHBOUR,
        "channel": "phone",
        "class": "emergency",
        "received_at": story.clock.now(),
        "incident_id": incident["id"],
        **({"said": said} if said else {}),
    }
    return story.desk("POST", "/api/calls", {**call, **more}, expect=201)


def of_second(detail: Incident) -> Any:
    return detail["calls_list"][1]["said"]


def test_what_a_second_caller_says_is_kept_and_shown_at_the_incident(story: Story) -> None:
    opened = fire(story)
    joins(story, opened)
    detail = story.incident(opened["id"])
    said = of_second(detail)
    assert {name: said[name] for name in ("type", "narrative", "priority", "terrain")} == {
        "type": "childbirth", "narrative": WORDS, "priority": 1, "terrain": "land",
    }  # fmt: skip
    assert said["location"] == PLACE
    # The incident goes on as it was opened.
    assert (detail["type"], detail["district"], detail["narrative"]) == (
        "house_fire",
        "baamang",
        "Api dari dapur",
    )
    assert of_second(story.incident(opened["id"], as_="damkar_admin"))["narrative"] == WORDS


def test_what_a_second_caller_says_may_be_as_odd_as_any(story: Story) -> None:
    opened = fire(story)
    place = {"district": "Bamang", "point": "https://maps.app.goo.gl/x"}
    call = joins(story, opened, {"type": "gempa", "location": place, "priority": 0}, number="112")["call"]
    assert call["said"]["typed"] == {
        "number": "112", "type": "gempa", "district": "Bamang", "point": "https://maps.app.goo.gl/x", "priority": "0",
    }  # fmt: skip
    assert call["doubts"] == [
        "number_short", "type_unread", "district_unread", "point_unread", "place_unknown", "priority_unread",
    ]  # fmt: skip


def test_a_second_caller_who_says_nothing_new_leaves_no_mark(story: Story) -> None:
    call = joins(story, fire(story), {"type": "", "narrative": " "})["call"]
    assert (call["said"], call["doubts"]) == (None, [])


def test_a_point_that_a_second_caller_gives_is_held_against_the_district(story: Story) -> None:
    place = {"district": "baamang", "lat": 51.5, "lng": -0.12}
    assert joins(story, fire(story), {"location": place})["call"]["doubts"] == ["place_far", "place_outside"]


@pytest.mark.parametrize("class_", ["information", "prank", "ghost", "abandoned", "out_of_area"])
def test_what_was_typed_of_a_call_that_is_no_emergency_is_kept_with_it(story: Story, class_: str) -> None:
    call = {"number": NEIGHBOUR, "channel": "phone", "class": class_, "received_at": story.clock.now()}
    story.desk("POST", "/api/calls", {**call, "said": SAID}, expect=201)
    (listed,) = story.http("GET", "/api/calls", as_="operator", query={"date": "2026-11-23"}).body["calls"]
    assert (listed["said"]["narrative"], listed["said"]["location"]) == (WORDS, PLACE)


def test_a_call_that_is_split_off_opens_what_its_caller_said(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = fire(story)
    call = joins(story, opened)["call"]
    url = f"/api/incidents/{opened['id']}/calls/{call['id']}/split"
    split = story.desk("POST", url, {}, expect=201)["incident"]
    story.phone("dewi").expects("samping bengkel Udin")
    assert {name: split[name] for name in ("type", "district", "lat", "narrative", "priority")} == {
        "type": "childbirth", "district": "ketapang", "lat": -2.57, "narrative": WORDS, "priority": 1,
    }  # fmt: skip
    assert split["calls_list"][0]["said"]["narrative"] == WORDS
    must_verify(capsys)


def test_a_place_that_the_caller_did_not_say_is_unknown_in_what_is_split_off(story: Story) -> None:
    opened = fire(story)
    call = joins(story, opened, {"type": "childbirth", "location": {}})["call"]
    split = story.desk("POST", f"/api/incidents/{opened['id']}/calls/{call['id']}/split", {}, expect=201)[
        "incident"
    ]
    story.phone("dewi").expects("tempat belum diketahui")
    assert (split["district"], split["doubts"]) == ("", ["place_unknown"])


def test_of_a_call_that_said_nothing_somebody_must_say_what_it_was(story: Story) -> None:
    opened = fire(story)
    call = joins(story, opened, None)["call"]
    answer = story.http(
        "POST", f"/api/incidents/{opened['id']}/calls/{call['id']}/split", {}, as_="operator", key="split"
    )
    assert (answer.status, answer.body["fields"]) == (422, {"incident": "is required"})


def test_what_a_caller_said_is_erased_with_the_call_and_the_trail_holds(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = fire(story)
    joins(story, opened)
    assert holding("bengkel Udin") != []
    ends(story, opened)
    passes(story, 365)
    assert holding("bengkel Udin") == holding("gudang minyak") == []
    must_verify(capsys)


def test_what_a_caller_said_is_theirs_to_see_and_to_have_erased(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = fire(story)
    joins(story, opened)
    (own,) = looked_up(story, NEIGHBOUR)["calls"]
    assert (own["said"]["narrative"], own["narrative"]) == (WORDS, "")
    ends(story, opened)
    erased(story, NEIGHBOUR)
    assert holding("bengkel Udin") == []
    must_verify(capsys)


def test_a_number_in_what_a_caller_said_is_found(story: Story) -> None:
    opened = fire(story)
    joins(story, opened, {"narrative": "Telepon anaknya di 085200000077"})
    assert looked_up(story, "+6285200000077")["mentioned_in"] == [opened["id"]]


def test_a_typed_number_of_what_is_over_is_shown_to_whoever_says_so(story: Story) -> None:
    opened = fire(story)
    call = joins(story, opened, number="O812-3456-7890")["call"]
    ends(story, opened)
    assert of_second(story.incident(opened["id"]))["typed"]["number"] == "…890"
    revealed = story.desk("POST", f"/api/incidents/{opened['id']}/reveal", {})
    assert {"id": call["id"], "number": "O812-3456-7890"} in revealed["calls"]


@pytest.mark.parametrize(
    ("what", "change", "why"),
    [
        ("words", {"said": {"narrative": "Tidak ada apa-apa"}}, "what was said in call"),
        ("gone", {"said": None}, "what was said in call"),
        ("doubts", {"doubts": ["place_outside"]}, "its doubts are not what the event says"),
    ],
)
def test_what_was_said_cannot_be_changed_unseen(
    story: Story, capsys: pytest.CaptureFixture[str], what: str, change: dict[str, Any], why: str
) -> None:
    opened = fire(story)
    place = {"district": "baamang", "lat": 51.5, "lng": -0.12}
    call = joins(story, opened, {**SAID, "location": place})["call"]
    Evidence(opened["id"]).change(f"C#{call['id']}", **change)
    story.tampered = True
    assert verify.main([]) == 1
    assert why in capsys.readouterr().out
