"""Whatever a person types, an emergency is taken: what cannot be read is kept as it was said and marked to be asked again."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.domain.texts import refusal
from tests.support.bad_values import STRANGE
from tests.world.harness import Answer, Incident, Story

NO_NUMBERS = [
    "0812-3456",
    "00000000",
    "tidak ada",
    "O812-3456-7890",
    "HP mertua",
    "☎",
    "a" * 5000,
    "+",
    "'; --",
]
LINK = "https://maps.app.goo.gl/q7TYVdGJkfR1Vv3r9"
CREWS = ("andi", "citra", "eko")


def says(story: Story, place: dict[str, Any] | None = None, **more: Any) -> Answer:
    """A house fire as the desk sends it, with a place, fields of the incident (`incident`) and of the call."""
    incident = {"type": "house_fire", **more.pop("incident", {})}
    if place is not None:
        incident["location"] = place
    call = {"channel": "phone", "class": "emergency", "received_at": story.clock.now(), "incident": incident}
    story._keys += 1
    answer = story.http("POST", "/api/calls", {**call, **more}, as_="operator", key=f"typed-{story._keys}")
    story.settle()
    return answer


def taken(story: Story, place: dict[str, Any] | None = None, **more: Any) -> Any:
    """The answer of a call that was taken, and paged whom its plan names."""
    answer = says(story, place, **more)
    assert answer.status == 201, answer.text
    for person in CREWS:
        story.phone(person).expects("/r/")
    return answer.body


@pytest.mark.parametrize("typed", NO_NUMBERS)
def test_what_is_no_number_is_kept_as_typed_and_marked(story: Story, typed: str) -> None:
    call = taken(story, {"district": "baamang"}, number=typed)["call"]
    assert call["number"] == ""
    assert call["said"]["typed"] == {"number": typed}
    assert call["doubts"] == ["number_unread"]


@pytest.mark.parametrize("typed", ["0812 3456 7890", "+62 812-3456-7890", "6281234567890", "", "private"])
def test_a_number_that_can_be_rung_or_is_withheld_has_no_mark(story: Story, typed: str) -> None:
    call = taken(story, {"district": "baamang"}, number=typed)["call"]
    assert (call["said"], call["doubts"]) == (None, [])


def test_a_short_number_stays_what_it_is_and_the_callers_own_is_asked_for(story: Story) -> None:
    call = taken(story, {"district": "baamang"}, number="112")["call"]
    assert (call["number"], call["doubts"]) == ("112", ["number_short"])


@pytest.mark.parametrize(
    ("typed", "kept"), [("21112", "+6253121112"), ("0812 3456 7890 (istri)", "+6281234567890")]
)
def test_what_a_number_was_made_of_is_kept_beside_it(story: Story, typed: str, kept: str) -> None:
    call = taken(story, {"district": "baamang"}, number=typed)["call"]
    assert (call["number"], call["said"]["typed"], call["doubts"]) == (kept, {"number": typed}, [])


def test_a_number_that_cannot_be_read_is_no_secret_of_the_desk_to_others(story: Story) -> None:
    incident = taken(story, {"district": "baamang"}, number="O812-3456-7890")["incident"]
    seen = story.incident(incident["id"], as_="damkar_admin")["calls_list"][0]
    assert seen["said"]["typed"]["number"] == "…890"


@pytest.mark.parametrize(
    ("what", "place", "unread", "doubts"),
    [
        ("no place at all", None, {}, ["place_unknown"]),
        ("an empty place", {}, {}, ["place_unknown"]),
        (
            "a district of another name",
            {"district": "Bamang"},
            {"district": "Bamang"},
            ["district_unread", "place_unknown"],
        ),
        (
            "a map link that says no coordinates",
            {"district": "baamang", "point": LINK},
            {"point": LINK},
            ["point_unread"],
        ),
        (
            "half a point",
            {"district": "baamang", "lat": -2.53},
            {"point": "-2.53, ?"},
            ["point_unread"],
        ),
        (
            "a point beyond the pole",
            {"district": "baamang", "lat": 112.95, "lng": -2.53},
            {"point": "112.95, -2.53"},
            ["point_unread"],
        ),
        ("a point abroad", {"district": "baamang", "lat": 51.5, "lng": -0.12}, {}, ["place_far", "place_outside"]),
        ("a point of the next regency", {"district": "baamang", "lat": -2.2, "lng": 113.92}, {}, ["place_far", "place_outside"]),
        ("a point and no district", {"lat": -2.53, "lng": 112.95}, {}, []),
    ],
)  # fmt: skip
def test_a_place_is_taken_as_far_as_it_is_known(
    story: Story, what: str, place: dict[str, Any] | None, unread: dict[str, str], doubts: list[str]
) -> None:
    body = taken(story, place)
    assert (body["call"]["said"] or {"typed": {}})["typed"] == unread
    assert body["call"]["doubts"] == body["incident"]["doubts"] == doubts
    (row,) = story.http("GET", "/api/incidents", as_="operator", query={"state": "open"}).body["incidents"]
    assert row["doubts"] == doubts


def test_a_district_is_known_by_its_name_too(story: Story) -> None:
    body = taken(story, {"district": "BAAMANG "})
    assert (body["incident"]["district"], body["incident"]["doubts"]) == ("baamang", [])


@pytest.mark.parametrize(
    ("field", "value", "doubt", "went_by"),
    [
        ("priority", 9, "priority_unread", 1),
        ("priority", 2.5, "priority_unread", 1),
        ("terrain", "udara", "terrain_unread", "land"),
    ],
)
def test_what_the_type_can_say_stands_in(
    story: Story, field: str, value: Any, doubt: str, went_by: Any
) -> None:
    body = taken(story, {"district": "baamang"}, incident={field: value})
    assert body["incident"][field] == went_by
    assert body["call"]["said"]["typed"] == {field: str(value)}
    assert body["incident"]["doubts"] == [doubt]


def test_a_channel_and_a_time_that_nobody_knows_are_taken(story: Story) -> None:
    body = taken(story, {"district": "baamang"}, channel="whatsapp", answered_at="kemarin")
    assert (body["call"]["channel"], body["call"]["answered_at"]) == ("other", None)
    assert body["call"]["doubts"] == ["channel_unread", "time_unread"]
    # They say nothing of what happened and where.
    assert body["incident"]["doubts"] == []


def test_what_shows_nothing_was_not_said(story: Story) -> None:
    body = taken(story, {"district": "baamang"}, number="\u3164", answered_at=" ")
    assert (body["call"]["number"], body["call"]["answered_at"]) == ("", None)
    assert body["call"]["doubts"] == []


@pytest.mark.parametrize(("field", "longest"), [("landmark", 160), ("village", 160), ("narrative", 2000)])
def test_a_text_too_long_to_show_is_cut_and_kept_whole(story: Story, field: str, longest: int) -> None:
    typed = "Rumah Bu Ani, belakang pasar. " * 200
    place = {"district": "baamang"} | ({} if field == "narrative" else {field: typed})
    body = taken(story, place, incident={"narrative": typed} if field == "narrative" else {})
    assert len(body["incident"][field]) <= longest
    assert body["incident"][field].endswith("…")
    assert body["call"]["said"]["typed"] == {field: typed.strip()}
    assert body["incident"]["doubts"] == ["text_cut"]


def test_a_letter_as_long_as_a_body_may_be_is_taken(story: Story) -> None:
    body = taken(story, {"district": "baamang"}, note="a" * 60_000)
    assert len(body["call"]["said"]["typed"]["note"]) == 8000
    assert body["call"]["doubts"] == ["text_cut"]


@pytest.mark.parametrize("what", STRANGE)
def test_what_hides_in_pasted_text_refuses_nothing(story: Story, what: str) -> None:
    """An address pasted from a chat holds marks of direction that nobody sees."""
    hidden = STRANGE[what]
    body = taken(
        story,
        {"district": "baamang", "landmark": hidden, "village": hidden},
        incident={"narrative": hidden},
        number=f"0812{hidden.strip('ab')}34567890",
        note=hidden,
    )
    for said in (body["incident"]["landmark"], body["incident"]["narrative"], body["call"]["note"]):
        assert refusal(said, needed=True) == ""
        assert said.replace(" ", "").replace("\n", "").replace("[31m", "") == "ab"


def test_letters_of_a_broken_emoji_are_no_json_of_ours(story: Story) -> None:
    """The desk mends it before it sends: no other client makes half a character."""
    answer = story.http("POST", "/api/calls", raw='{"note": "\\ud83d"}', as_="operator", key="half-an-emoji")
    assert answer.status == 400


WRONG_JSON: dict[str, Callable[[dict[str, Any]], Any]] = {
    "number": lambda body: body.update(number=112),
    "channel": lambda body: body.update(channel=None),
    "answered_at": lambda body: body.update(answered_at=1),
    "note": lambda body: body.update(note=["-"]),
    "incident.narrative": lambda body: body["incident"].update(narrative={}),
    "incident.priority": lambda body: body["incident"].update(priority="1"),
    "incident.location": lambda body: body["incident"].update(location="Baamang"),
    "incident.location.lat": lambda body: body["incident"]["location"].update(lat="-2,53"),
    "incident.location.district": lambda body: body["incident"]["location"].update(district=5),
    "incident.location.town": lambda body: body["incident"]["location"].update(town="Sampit"),
    "said": lambda body: body.update(said="api"),
    "incident.type": lambda body: body["incident"].update(type="nothing_of_ours"),
}


@pytest.mark.parametrize("field", WRONG_JSON)
def test_what_no_person_types_is_a_fault_of_the_program_that_sent_it(story: Story, field: str) -> None:
    body = {
        "channel": "phone",
        "class": "emergency",
        "received_at": story.clock.now(),
        "incident": {"type": "house_fire", "location": {"district": "baamang"}},
    }
    WRONG_JSON[field](body)
    answer = story.http("POST", "/api/calls", body, as_="operator", key=f"wrong-{field}")
    assert answer.status in (400, 422), answer.text
    assert list(answer.body["fields"]) == [field]


def test_a_time_of_a_call_that_can_wait_must_be_one(story: Story) -> None:
    call = {"channel": "phone", "class": "prank", "received_at": story.clock.now(), "answered_at": "tadi"}
    answer = story.http("POST", "/api/calls", call, as_="operator", key="when")
    assert (answer.status, answer.body["fields"]) == (400, {"answered_at": "is no time"})


# -- a place that nobody knows yet ---------------------------------------------------------------------------------------


def test_a_place_unknown_is_answered_without_distance_and_crews_are_told(story: Story) -> None:
    words = "arah Pangkalan Bun, sudah lewat jembatan"
    answer = says(story, {"landmark": words})
    incident: Incident = answer.body["incident"]
    for pick in incident["plan"]["answers"][0]["picks"]:
        assert (pick["distance_km"], pick["reasons"]) == (None, ["place_unknown"])
    for person in CREWS:
        story.phone(person).expects(words, "tempat belum diketahui")
    page = story.phone("andi").opens_link()
    assert f"{words}, tempat belum diketahui" in page.text
    assert "geo:" not in page.text


def test_the_preview_of_a_place_unknown_says_so(story: Story) -> None:
    for query in ({"type": "house_fire"}, {"type": "house_fire", "district": "Bamang"}):
        preview = story.http("GET", "/api/dispatch/preview", as_="operator", query=query).body
        assert preview["doubts"] == ["place_unknown"]
        assert [pick["distance_km"] for pick in preview["picks"]] == [None] * 3
        assert {pick["unit_id"] for pick in preview["picks"]} == {"damkar_1", "ambulans_1", "polres_1"}


def test_the_preview_says_how_far_off_a_point_lies(story: Story) -> None:
    query = {"type": "house_fire", "district": "baamang", "lat": "51.5", "lng": "-0.12"}
    preview = story.http("GET", "/api/dispatch/preview", as_="operator", query=query).body
    assert preview["doubts"] == ["place_far", "place_outside"]
    assert preview["away"]["district"] == "baamang"
    assert 11_000 < preview["away"]["km"] < 12_500


def test_crews_are_not_chosen_by_a_point_on_another_continent(story: Story) -> None:
    """The interface takes it with its mark, and whoever is near the district named goes: the page shows no way to London."""
    incident = taken(story, {"district": "baamang", "landmark": "Gang Mawar", "lat": 51.5, "lng": -0.12})[
        "incident"
    ]
    picks = incident["plan"]["answers"][0]["picks"]
    assert {pick["unit_id"] for pick in picks} == {"damkar_1", "ambulans_1", "polres_1"}
    assert max(pick["distance_km"] for pick in picks) < 5
    assert (incident["lat"], incident["lng"]) == (51.5, -0.12)
    page = story.phone("andi").opens_link()
    assert "Gang Mawar, Baamang" in page.text
    assert "51.5" not in page.text


def test_what_happens_nobody_knows_where_may_be_any_fire(story: Story) -> None:
    near = taken(story, {"district": "baamang"})["incident"]["id"]
    preview = story.http("GET", "/api/dispatch/preview", as_="operator", query={"type": "house_fire"}).body
    assert [each["id"] for each in preview["nearby"]] == [near]


def test_a_place_unknown_is_counted_as_such(story: Story) -> None:
    incident = taken(story)["incident"]
    story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Sudah padam"})
    for person in CREWS:
        story.phone(person).expects("BATAL")
    query = {"from": "2026-11-23", "to": "2026-11-23", "by": "district"}
    report = story.http("GET", "/api/reports/response-times", as_="auditor", query=query).body
    assert [(group["key"], group["incidents"]) for group in report["groups"]] == [("unknown", 1)]


def test_a_call_with_all_of_it_unread_is_kept_as_said(story: Story) -> None:
    """Every optional field at once, as bad as can be."""
    body = taken(
        story,
        {"district": "kampung baru", "village": "?", "landmark": "", "point": "di situ", "lat": 200, "lng": None},
        incident={"priority": -1, "terrain": "rawa", "narrative": "\u200e"},
        number="tidak ada",
        channel="teriakan",
        answered_at="barusan",
    )  # fmt: skip
    assert body["incident"]["landmark"] == "kampung baru"
    assert set(body["call"]["said"]["typed"]) == {
        "number", "channel", "answered_at", "district", "point", "priority", "terrain",
    }  # fmt: skip
    assert json.dumps(body["incident"]["timeline"]).find("kampung") == -1


@pytest.mark.parametrize(
    ("name", "district"), [("Seberang", "baamang"), ("tanah mas", "baamang"), ("Pasar", "")]
)
def test_a_district_is_known_by_its_other_names_and_villages_where_only_one_bears_them(
    story: Story, name: str, district: str
) -> None:
    for id_, aliases, villages in (
        ("baamang", ["Seberang"], ["Tanah Mas", "Pasar"]),
        ("ketapang", [], ["Pasar"]),
    ):
        known = next(
            each
            for each in story.http("GET", "/api/registry", as_="admin").body["districts"]
            if each["id"] == id_
        )
        body = {**known, "aliases": aliases, "villages": villages}
        changed = story.http("PUT", f"/api/registry/districts/{id_}", body, as_="admin")
        assert changed.status == 200, changed.text
    incident = taken(story, {"district": name})["incident"]
    assert incident["district"] == district
    assert name in incident["landmark"]
    assert ("district_unread" in incident["doubts"]) == (not district)
