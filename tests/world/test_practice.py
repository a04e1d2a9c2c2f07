"""Each account takes practice calls on itself: the real pages and rules, and nothing of it is real for anybody else."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain import times
from chalicelib.domain.registry import Label, Target
from chalicelib.models.tables import IncidentItem, KeyItem, RegistryItem
from tests.support import regency
from tests.world.harness import Answer, Story


def begins(
    story: Story, round_: str, *, as_: str = "operator", sms: bool = False, about: str = "fire"
) -> Any:
    answer = story.http("POST", "/api/practice", {"round": round_, "story": about, "sms": sms}, as_=as_)
    assert answer.status == 200, answer.text
    return answer.body["run"]


def run(story: Story, as_: str = "operator") -> Any:
    answer = story.http("GET", "/api/practice", as_=as_)
    assert answer.status == 200, answer.text
    return answer.body["run"]


def step(story: Story, id_: str, as_: str = "operator") -> Any:
    return next(each for each in run(story, as_)["steps"] if each["id"] == id_)


def call(story: Story, **incident: Any) -> dict[str, Any]:
    now = story.clock.now()
    return {
        "number": "081234567890",
        "channel": "phone",
        "class": "emergency",
        "received_at": times.plus(now, -20),
        "answered_at": times.plus(now, -15),
        "incident": {"type": "house_fire", **incident},
    }


def takes_call(story: Story, **incident: Any) -> Answer:
    return story.http("POST", "/api/practice/calls", call(story, **incident), as_="operator")


def seen(story: Story) -> Any:
    answer = story.http("GET", "/api/practice/incident", as_="operator")
    assert answer.status == 200, answer.text
    return answer.body


def everything(story: Story) -> dict[str, list[tuple[Any, ...]]]:
    """All that stands in the tables of the real thing."""
    return {
        "incidents": sorted((each.pk, each.sk, each.v, each.doc) for each in IncidentItem.scan()),
        "registry": sorted((each.pk, each.sk, each.v, each.doc) for each in RegistryItem.scan()),
    }


def own_person(story: Story, account: str = "operator", person: str = "budi") -> None:
    """Give an account its person, which the tables of the real thing then know from before."""
    path = f"/api/registry/accounts/sub-{account}"
    value = story.http("GET", path, as_="admin").body
    fields = {name: value[name] for name in ("id", "name", "role", "agency_id", "language", "disabled")}
    put = story.http("PUT", path, {**fields, "person_id": person}, as_="admin")
    assert put.status == 200, put.text


def whole_dispatcher_round(story: Story) -> None:
    """Everything that a dispatcher can do in practice."""
    begins(story, "dispatcher")
    story.clock.advance(25)
    first = seen(story)["assignments"][0]
    path = f"/api/practice/assignments/{first['id']}/status"
    said = story.http("POST", path, {"status": "unable", "reason": "no_fuel"}, as_="operator")
    assert said.status == 200, said.text
    more = story.http("POST", "/api/practice/assignments", {"unit_id": "ambulans_2"}, as_="operator")
    assert more.status == 201, more.text
    story.clock.advance(80)
    assert story.http("GET", "/api/practice/candidates", as_="operator").status == 200
    ended = story.http("POST", "/api/practice/cancel", {"reason": "alarm palsu"}, as_="operator")
    assert ended.status == 200, ended.text


def test_nothing_of_practice_stands_where_anything_real_stands(story: Story) -> None:
    """The board, days, facts, units' states, crews' availability, events, seals and reports are all made of these two tables."""
    own_person(story)
    before = everything(story)
    begins(story, "call_taker")
    assert takes_call(story, location={"district": "baamang", "landmark": "Gang Melati"}).status == 201
    story.clock.advance(120)
    seen(story)
    whole_dispatcher_round(story)
    link = begins(story, "crew")["link"]
    for status in ("acknowledged", "en_route", "on_scene", "cleared"):
        assert story.http("POST", f"/api{link}", {"status": status}).body["applied"]
    link = begins(story, "crew_unable")["link"]
    assert story.http("POST", f"/api{link}", {"status": "unable", "reason": "no_fuel"}).body["applied"]
    assert everything(story) == before


def test_practice_wakes_and_pages_nobody(story: Story) -> None:
    begins(story, "call_taker")
    takes_call(story, location={"district": "baamang"})
    whole_dispatcher_round(story)
    begins(story, "crew")
    assert not story.wakeups.queue
    story.fast_forward(7200)
    story.send_notices()
    assert story.provider.messages == []


def test_a_real_call_meanwhile_finds_every_unit_free_and_is_alone_on_the_board(story: Story) -> None:
    begins(story, "dispatcher")
    busy = {crew["unit_id"] for crew in seen(story)["assignments"]}
    assert "damkar_1" in busy
    real = story.call("house_fire")["incident"]
    assert {crew["unit_id"] for crew in real["assignments"]} == busy
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("Kebakaran rumah")
    board = story.http("GET", "/api/incidents", query={"state": "open"}, as_="operator2").body
    assert [each["id"] for each in board["incidents"]] == [real["id"]]


def test_practice_finds_every_unit_free_but_its_own(story: Story) -> None:
    real = {crew["unit_id"] for crew in story.call("house_fire")["incident"]["assignments"]}
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("Kebakaran rumah")
    begins(story, "dispatcher")
    crews = {crew["unit_id"]: crew for crew in seen(story)["assignments"]}
    assert set(crews) == real
    path = f"/api/practice/assignments/{crews['damkar_1']['id']}/status"
    story.http("POST", path, {"status": "unable", "reason": "no_fuel"}, as_="operator")
    choices = story.http("GET", "/api/practice/candidates", as_="operator").body
    (lost,) = choices["not_free"]
    assert (lost["unit_id"], lost["out_of_service"]) == ("damkar_1", "no_fuel")
    assert "damkar_2" in {each["unit_id"] for each in choices["here"]}


def test_nobody_elses_page_reads_it(story: Story) -> None:
    id_ = begins(story, "dispatcher")["incident_id"]
    assert story.http("GET", f"/api/incidents/{id_}", as_="supervisor").status == 404
    assert run(story, "supervisor") is None
    assert story.http("GET", "/api/practice/incident", as_="supervisor").status == 404


def test_no_number_of_anybody_is_in_what_practice_shows(story: Story) -> None:
    begins(story, "call_taker")
    query = {"type": "house_fire", "district": "baamang"}
    preview = story.http("GET", "/api/practice/preview", query=query, as_="operator")
    assert preview.status == 200 and preview.body["picks"]
    taken = takes_call(story, location={"district": "baamang"})
    story.clock.advance(90)
    for answer in (preview, taken, story.http("GET", "/api/practice/incident", as_="operator")):
        assert "62811" not in answer.text and "812345" not in answer.text


def test_the_preview_offers_no_real_incident_to_join(story: Story) -> None:
    story.call("house_fire")
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("Kebakaran")
    begins(story, "call_taker")
    query = {"type": "house_fire", "district": "baamang"}
    assert story.http("GET", "/api/practice/preview", query=query, as_="operator").body["nearby"] == []
    body = {**call(story), "incident_id": "01KAQW0000000000000000TEST"}
    del body["incident"]
    refused = story.http("POST", "/api/practice/calls", body, as_="operator")
    assert refused.status == 422


def test_a_call_taker_hears_what_was_well_and_what_was_missed(story: Story) -> None:
    begun = begins(story, "call_taker")
    assert begun["district"] in ("baamang", "ketapang") and not begun["complete"]
    wrong = "ketapang" if begun["district"] == "baamang" else "baamang"
    story.clock.advance(40)
    taken = takes_call(story, location={"district": wrong}, type="house_fire").body
    assert taken["incident"]["drill"] and taken["incident"]["assignments"]
    assert takes_call(story).body["incident"]["id"] == taken["incident"]["id"]
    told = {each["id"]: each for each in run(story)["steps"]}
    assert told["logged"]["state"] == "done" and told["logged"]["took_s"] in range(39, 42)
    assert told["logged"]["target_s"] == 90
    assert told["type"]["state"] == "done" and told["sent"]["state"] == "done"
    assert told["district"]["state"] == "missed" and told["landmark"]["state"] == "missed"
    assert run(story)["complete"]


def test_crews_of_practice_answer_and_drive_by_the_real_rules(story: Story) -> None:
    begins(story, "call_taker")
    takes_call(story, location={"district": "baamang"})
    story.clock.advance(30)
    now = seen(story)
    assert {each["status"] for each in now["assignments"]} == {"en_route"}
    assert {each["status"] for each in now["pages"]} == {"delivered"}
    assert all("LATIHAN" in each["body"] for each in now["pages"])
    assert now["chain"]["ok"]
    assert "PageAcknowledged" in [each["type"] for each in now["timeline"]]


def test_a_dispatcher_hears_of_a_broken_crew_sends_another_and_cancels(story: Story) -> None:
    whole_dispatcher_round(story)
    told = {each["id"]: each for each in run(story)["steps"]}
    assert {each["state"] for each in told.values()} == {"done"}, told
    assert told["unable"]["took_s"] in range(24, 28) and told["unable"]["detail"] == "DAMKAR-1"
    assert run(story)["complete"]
    # The plan itself has sent the next pump.
    assert "damkar_2" in {crew["unit_id"] for crew in seen(story)["assignments"]}


def test_what_a_dispatcher_left_out_is_missed_when_it_is_cancelled(story: Story) -> None:
    begins(story, "dispatcher")
    story.clock.advance(30)
    story.http("POST", "/api/practice/cancel", {"reason": "keliru"}, as_="operator")
    assert step(story, "unable")["state"] == "missed" and step(story, "cancel")["state"] == "done"
    assert run(story)["complete"]


def test_a_crew_practises_on_its_own_page_and_hears_its_times(story: Story) -> None:
    link = begins(story, "crew", as_="damkar_admin")["link"]
    shown = story.http("GET", link)
    assert shown.status == 200 and "LATIHAN" in shown.text and 'class="practice"' in shown.text
    assert "tel:" not in shown.text
    for status, after in (
        ("acknowledged", 10),
        ("en_route", 30),
        ("on_scene", 60),
        ("ready", 20),
        ("cleared", 60),
    ):
        story.clock.advance(after)
        assert story.http("POST", f"/api{link}", {"status": status}).body["applied"]
    told = run(story, "damkar_admin")
    assert told["complete"] and {each["state"] for each in told["steps"]} == {"done"}
    assert step(story, "en_route", "damkar_admin")["took_s"] in range(29, 33)


def test_a_crew_that_cannot_come_says_why(story: Story) -> None:
    link = begins(story, "crew_unable")["link"]
    story.http("GET", link)
    no_reason = story.http("POST", f"/api{link}", {"status": "unable"})
    assert no_reason.status == 422
    assert story.http("POST", f"/api{link}", {"status": "unable", "reason": "no_fuel"}).body["applied"]
    assert step(story, "unable")["detail"] == "no_fuel" and run(story)["complete"]


def test_the_one_sms_goes_to_ones_own_phone_behind_every_page(story: Story) -> None:
    own_person(story, person="budi")
    assert begins(story, "crew", sms=True)["sms"] == "waiting"
    # A real fire is ordered and not yet sent: practice waits.
    story.wakeups.lost = True
    story.call("house_fire")
    story.send_notices()
    assert story.provider.messages == []
    story.wakeups.lost = False
    story.clock.advance(90)
    story.sweep()
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("112 Kebakaran rumah")
    story.send_notices()
    text = story.phone("budi").expects("LATIHAN", "https://112.test/r/L")
    assert "Balas" not in text and len(text) <= 160
    assert story.phone("budi").opens_link().status == 200
    assert run(story)["sms"] == "sent" and run(story)["link"] in text
    story.send_notices()
    story.phone("budi").expects_nothing()


def test_no_sms_without_a_phone_of_ones_own(story: Story) -> None:
    asked = {"round": "crew", "story": "fire", "sms": True}
    refused = story.http("POST", "/api/practice", asked, as_="operator")
    assert refused.status == 422 and refused.body["faults"][0]["code"] == "no_own_phone"


def test_an_account_that_was_disabled_meanwhile_gets_none(story: Story) -> None:
    own_person(story)
    begins(story, "crew", sms=True)
    value = story.http("GET", "/api/registry/accounts/sub-operator", as_="admin").body
    names = ("id", "name", "role", "agency_id", "person_id", "language")
    fields = {**{name: value[name] for name in names}, "disabled": True}
    assert story.http("PUT", "/api/registry/accounts/sub-operator", fields, as_="admin").status == 200
    story.send_notices()
    assert story.provider.messages == []


def test_sms_of_practice_are_few(story: Story) -> None:
    own_person(story)
    for _ in range(6):
        begins(story, "crew", sms=True)
    again = story.http(
        "POST", "/api/practice", {"round": "crew", "story": "fire", "sms": True}, as_="operator"
    )
    assert again.status == 429
    assert begins(story, "crew")["link"]
    story.send_notices()


def test_it_ends_by_itself_after_an_hour(story: Story) -> None:
    link = begins(story, "crew")["link"]
    story.clock.advance(3590)
    assert story.http("GET", link).status == 200
    story.clock.advance(15)
    assert story.http("GET", link).status == 404
    assert story.http("POST", f"/api{link}", {"status": "acknowledged"}).status == 404
    assert run(story)["over"] and run(story)["link"] == ""
    begins(story, "dispatcher")
    story.clock.advance(3605)
    assert story.http("GET", "/api/practice/incident", as_="operator").status == 404
    assert story.http("POST", "/api/practice/cancel", {"reason": "x"}, as_="operator").status == 404


def test_ended_early_it_is_over_at_once_and_a_new_one_takes_its_place(story: Story) -> None:
    first = begins(story, "crew")
    assert story.http("POST", "/api/practice/end", {}, as_="operator").body["run"]["over"]
    second = begins(story, "crew")
    assert second["id"] != first["id"]
    assert story.http("GET", first["link"]).status == 404
    assert story.http("GET", second["link"]).status == 200


def test_words_of_practice_are_erased_after_a_day(story: Story) -> None:
    from chalicelib.models import erasing

    begins(story, "call_taker")
    takes_call(story, location={"district": "baamang", "landmark": "rahasia"})
    assert any("rahasia" in item.result for item in KeyItem.scan())
    story.clock.advance(24 * 3600 + 5)
    erasing.forget_expired_keys(story.clock.now(), 1000)
    assert not any("rahasia" in item.result for item in KeyItem.scan())


@pytest.mark.parametrize("role", ["leader", "auditor", "psc_admin"])
def test_who_takes_no_calls_practises_as_a_crew_alone(story: Story, role: str) -> None:
    told = story.http("GET", "/api/practice", as_=role).body
    assert told["rounds"] == ["crew", "crew_unable"]
    refused = story.http("POST", "/api/practice", {"round": "dispatcher", "story": "fire"}, as_=role)
    assert refused.status == 403


def test_a_dispatcher_practises_also_where_nobody_is_on_duty(story: Story) -> None:
    story.clock.advance(5 * 86400)
    begins(story, "dispatcher")
    assert seen(story)["assignments"]


def test_only_a_crew_whose_time_runs_until_it_acts_is_asked_when_it_does(story: Story) -> None:
    asked = [each["id"] for each in begins(story, "crew", as_="damkar_admin")["steps"]]
    assert asked == ["opened", "acknowledged", "en_route", "on_scene", "cleared"]
    target = Target(
        id="fire",
        label=Label(id="Api", en="Fire"),
        seconds=900,
        source="PU 25/2008",
        agency_id="damkar",
        until_ready=True,
    )
    regency.load({"targets": [target]})
    link = begins(story, "crew", as_="damkar_admin")["link"]
    assert "ready" in [each["id"] for each in run(story, "damkar_admin")["steps"]]
    for status in ("acknowledged", "en_route", "on_scene", "ready", "cleared"):
        assert story.http("POST", f"/api{link}", {"status": status}).body["applied"]
    assert step(story, "ready", "damkar_admin")["state"] == "done"
