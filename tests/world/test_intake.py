"""Taking calls: every class is logged, callers of one fire are joined, a wrong join is undone."""

from __future__ import annotations

import pytest

from chalicelib.domain import times
from tests.world.harness import Story


def _call(story: Story, class_: str, **more: object) -> dict[str, object]:
    return {
        "number": "0812-3456-7890",
        "channel": "phone",
        "class": class_,
        "received_at": times.plus(story.clock.now(), -5),
        **more,
    }


def _house_fire(landmark: str = "Pasar Sampit", **place: float) -> dict[str, object]:
    return {"type": "house_fire", "location": {"district": "baamang", "landmark": landmark, **place}}


def _three_crews_are_paged(story: Story) -> None:
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("Kebakaran rumah")


def test_calls_that_are_no_emergency_are_logged_and_page_nobody(story: Story) -> None:
    for class_ in ("information", "prank", "ghost", "abandoned", "out_of_area"):
        taken = story.desk("POST", "/api/calls", _call(story, class_), expect=201)
        assert taken["incident"] is None
        assert taken["call"]["number"] == "+6281234567890"
    day = times.local_day(story.clock.now(), 7)
    logged = story.http("GET", "/api/calls", as_="operator", query={"date": day}).body["calls"]
    assert sorted(call["class"] for call in logged) == [
        "abandoned",
        "ghost",
        "information",
        "out_of_area",
        "prank",
    ]


def test_a_second_caller_sees_the_open_incident_offered_and_joins_it(story: Story) -> None:
    first = story.call("house_fire")
    _three_crews_are_paged(story)
    query = {"type": "house_fire", "district": "baamang"}
    preview = story.http("GET", "/api/dispatch/preview", as_="operator", query=query).body
    assert [each["id"] for each in preview["nearby"]] == [first["incident"]["id"]]

    joined = story.desk(
        "POST", "/api/calls", _call(story, "emergency", incident_id=first["incident"]["id"]), expect=201
    )
    assert joined["incident"]["calls"] == 2
    assert [event["type"] for event in joined["incident"]["timeline"]][-1] == "CallJoined"


def test_an_incident_three_hours_old_or_elsewhere_is_not_offered(story: Story) -> None:
    story.desk("POST", "/api/calls", _call(story, "emergency", incident=_house_fire(lat=-2.53, lng=112.95)))
    _three_crews_are_paged(story)
    near = {"type": "house_fire", "district": "ketapang", "lat": "-2.54", "lng": "112.95"}
    far = {**near, "lat": "-2.70"}

    def offered(query: dict[str, str]) -> int:
        return len(story.http("GET", "/api/dispatch/preview", as_="operator", query=query).body["nearby"])

    assert (offered(near), offered(far)) == (1, 0)
    story.clock.advance(3 * 3600 + 1)
    assert offered(near) == 0


def test_a_wrongly_joined_call_is_split_off_and_opens_its_own_incident(story: Story) -> None:
    first = story.call("house_fire")["incident"]
    _three_crews_are_paged(story)
    joined = story.desk("POST", "/api/calls", _call(story, "emergency", incident_id=first["id"]))
    path = f"/api/incidents/{first['id']}/calls/{joined['call']['id']}/split"
    body = {"incident": {"type": "childbirth", "location": {"district": "ketapang"}}}
    answer = story.http("POST", path, body, as_="operator", key="split-1")
    assert answer.status == 201, answer.body
    again = story.http("POST", path, body, as_="operator", key="split-1")
    assert again.body["incident"]["id"] == answer.body["incident"]["id"]
    other = story.http("POST", path, body, as_="operator", key="split-2")
    assert other.status == 409
    story.settle()
    story.phone("dewi").expects("Melahirkan")

    left = story.incident(first["id"])
    assert left["calls"] == 1
    assert [event["type"] for event in left["timeline"]][-1] == "CallSplitOff"
    opened = story.incident(answer.body["incident"]["id"])
    assert opened["timeline"][0]["data"]["split_from"] == first["id"]
    assert [call["id"] for call in opened["calls_list"]] == [joined["call"]["id"]]


def test_of_three_callers_one_is_split_off_once(story: Story) -> None:
    first = story.call("theft")["incident"]
    joined = [
        story.desk("POST", "/api/calls", _call(story, "emergency", incident_id=first["id"])) for _ in range(2)
    ]
    path = f"/api/incidents/{first['id']}/calls/{joined[0]['call']['id']}/split"
    body = {"incident": {"type": "theft", "location": {"district": "ketapang"}}}
    story.desk("POST", path, body, expect=201)
    again = story.http("POST", path, body, as_="operator2", key="another")
    assert (again.status, again.body["fields"]) == (409, {"call_id": "split off already"})
    assert story.incident(first["id"])["calls"] == 2


def test_the_only_call_of_an_incident_cannot_be_split_off(story: Story) -> None:
    taken = story.call("childbirth")
    story.phone("citra").expects("Melahirkan")
    path = f"/api/incidents/{taken['incident']['id']}/calls/{taken['call']['id']}/split"
    body = {"incident": {"type": "childbirth", "location": {"district": "baamang"}}}
    assert story.http("POST", path, body, as_="operator", key="k").status == 409


def test_pressing_send_twice_opens_one_incident_and_pages_once(story: Story) -> None:
    body = _call(story, "emergency", incident=_house_fire())
    first = story.http("POST", "/api/calls", body, as_="operator", key="same")
    second = story.http("POST", "/api/calls", body, as_="operator", key="same")
    story.settle()
    assert (first.status, second.status) == (201, 201)
    assert second.body["incident"]["id"] == first.body["incident"]["id"]
    assert second.body["call"]["id"] == first.body["call"]["id"]
    _three_crews_are_paged(story)


def test_the_same_key_with_another_call_is_refused(story: Story) -> None:
    story.http("POST", "/api/calls", _call(story, "prank"), as_="operator", key="same")
    other = story.http("POST", "/api/calls", _call(story, "ghost"), as_="operator", key="same")
    assert (other.status, other.body["code"]) == (422, "idempotency_key_reused")


def test_a_key_belongs_to_its_route_alone(story: Story) -> None:
    """A client that counts its keys from 1 for each form must not have its second form answered with the first's result."""
    incidents = [story.call("theft")["incident"]["id"] for _ in range(2)]
    for incident_id in incidents:
        path = f"/api/incidents/{incident_id}/notes"
        answer = story.http("POST", path, {"text": "Pelaku ke utara"}, as_="operator", key="1")
        assert (answer.status, answer.body["id"]) == (201, incident_id)
    assert [len(story.incident(each)["notes"]) for each in incidents] == [1, 1]
    call = {"channel": "phone", "class": "prank", "received_at": story.clock.now()}
    assert story.http("POST", "/api/calls", call, as_="operator", key="1").status == 201


def test_two_operators_may_use_the_same_key_for_calls_of_their_own(story: Story) -> None:
    body = _call(story, "prank")
    first = story.http("POST", "/api/calls", body, as_="operator", key="same")
    second = story.http("POST", "/api/calls", body, as_="operator2", key="same")
    assert second.status == 201
    assert second.body["call"]["id"] != first.body["call"]["id"]


def test_a_call_joining_an_ended_or_unknown_incident_is_refused_by_name(story: Story) -> None:
    incident = story.call("theft")["incident"]
    story.desk("POST", f"/api/incidents/{incident['id']}/close", {"disposition": "done"})
    ended = story.http(
        "POST", "/api/calls", _call(story, "emergency", incident_id=incident["id"]), as_="operator", key="a"
    )
    unknown = story.http(
        "POST", "/api/calls", _call(story, "emergency", incident_id="01UNKNOWN"), as_="operator", key="b"
    )
    assert (ended.status, list(ended.body["fields"])) == (409, ["incident_id"])
    assert (unknown.status, list(unknown.body["fields"])) == (422, ["incident_id"])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("21112", "+6253121112"),
        ("0062 81234567890", "+6281234567890"),
        ("٠٨١٢٣٤٥٦٧٨٩٠", "+6281234567890"),
        ("0812 3456 7890 (istri)", "+6281234567890"),
        ("112", "112"),
        ("00000000", ""),
        ("O8123456789", ""),
        ("tidak ada", ""),
    ],
)
def test_a_call_is_taken_whatever_stands_for_its_number(story: Story, typed: str, kept: str) -> None:
    body = _call(story, "emergency", number=typed, incident=_house_fire())
    assert story.desk("POST", "/api/calls", body, expect=201)["call"]["number"] == kept
    _three_crews_are_paged(story)
    known = story.http("POST", "/api/callers", {"number": typed}, as_="operator").body
    assert (known["number"], known["calls_today"]) == (kept, 1 if kept else 0)


def test_a_foreign_caller_is_taken_like_everybody(story: Story) -> None:
    body = _call(story, "emergency", number="+60 12-345 6789", incident=_house_fire())
    assert story.desk("POST", "/api/calls", body, expect=201)["call"]["number"] == "+60123456789"
    _three_crews_are_paged(story)
