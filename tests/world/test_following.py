"""What crews report: forward only, late and repeated reports recorded, *unable* replaced at once."""

from __future__ import annotations

import pytest
from msgspec import structs

from chalicelib.domain import times
from chalicelib.domain.registry import Label, Level, Reason
from chalicelib.errors import Busy
from chalicelib.models import registry_writes
from chalicelib.models.conflicts import Unconfirmed
from chalicelib.models.tables import RegistryItem
from chalicelib.services.pages import answering
from tests.support import regency
from tests.support import regency as seeded
from tests.world.harness import Answer, Incident, Story, form


def _birth(story: Story) -> Incident:
    incident: Incident = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan")
    return incident


def _status(story: Story, incident: Incident, status: str, **more: object) -> Answer:
    path = f"/api/incidents/{incident['id']}/assignments/{incident['assignments'][0]['id']}/status"
    return story.http("POST", path, {"status": status, **more}, as_="operator")


def test_unable_for_want_of_fuel_sends_the_next_unit_at_once(story: Story) -> None:
    incident = _birth(story)
    assert story.phone("citra").taps("unable", "no_fuel").body["applied"] is True
    story.phone("dewi").expects("Melahirkan")
    seen = story.incident(incident["id"])
    assert [(crew["unit_id"], crew["status"], crew["reason"]) for crew in seen["crews"]] == [
        ("ambulans_1", "unable", "no_fuel"),
        ("ambulans_2", "requested", ""),
    ]
    states = story.http("GET", "/api/units/status", as_="operator").body["units"]
    out = next(each for each in states if each["unit_id"] == "ambulans_1")
    assert (out["primary"], out["secondary"], out["reason"]) == ("NotAvailable", "NoFuel", "no_fuel")


def test_when_the_last_fit_unit_is_unable_the_desk_is_told(story: Story) -> None:
    incident = _birth(story)
    story.phone("citra").taps("unable", "other_duty")
    story.phone("dewi").expects("Melahirkan")
    story.phone("dewi").taps("unable", "no_fuel")
    assert story.incident(incident["id"])["attention"][-1]["code"] == "shortfall"


def test_a_unit_that_was_there_and_is_free_again_goes_in_place_of_one_that_cannot_come(story: Story) -> None:
    incident = _birth(story)
    path = f"/api/incidents/{incident['id']}/assignments"
    story.desk("POST", path, {"unit_id": "ambulans_2"}, expect=201)
    story.phone("dewi").expects("Melahirkan")
    story.phone("dewi").taps("cleared")
    story.phone("citra").taps("unable", "no_fuel")
    story.phone("dewi").expects("Melahirkan")
    assert story.incident(incident["id"])["attention"] == []


def test_unable_needs_a_reason_and_the_page_asks_for_it(story: Story) -> None:
    _birth(story)
    link = story.phone("citra").link()
    refused = story.http("POST", f"/api{link}", {"status": "unable"})
    assert (refused.status, refused.body["fields"]) == (422, {"reason": "is required"})
    by_form = story.http(
        "POST",
        f"/api{link}",
        raw=form(status="unable"),
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert (by_form.status, by_form.headers["Location"]) == (303, f"{link}?m=choose_reason")


def test_a_button_works_without_javascript_and_leads_back_to_the_page(story: Story) -> None:
    incident = _birth(story)
    link = story.phone("citra").link()
    answer = story.http(
        "POST",
        f"/api{link}",
        raw=form(status="acknowledged"),
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert (answer.status, answer.headers["Location"]) == (303, f"{link}?m=applied")
    assert answer.headers["Cache-Control"] == "no-store"
    assert story.incident(incident["id"])["crews"][0]["status"] == "acknowledged"


def test_looking_at_a_link_changes_nothing_since_previewers_fetch_links(story: Story) -> None:
    incident = _birth(story)
    before = story.events(incident["id"])
    for _ in range(3):
        assert story.phone("citra").opens_link().status == 200
    assert story.events(incident["id"]) == before


def test_a_skipped_step_stays_empty_and_a_late_one_changes_nothing(story: Story) -> None:
    incident = _birth(story)
    story.phone("citra").taps("on_scene")
    late = story.phone("citra").taps("en_route")
    assert (late.body["applied"], late.body["result"]) == (False, "late")
    assignment = story.incident(incident["id"])["assignments"][0]
    assert assignment["status"] == "on_scene"
    assert set(assignment["milestones"]) == {"requested", "on_scene"}
    assert story.events(incident["id"])[-1] == "LateReportReceived"


def test_a_repeated_tap_is_recorded_and_changes_nothing(story: Story) -> None:
    incident = _birth(story)
    story.phone("citra").taps("en_route")
    first = story.incident(incident["id"])["assignments"][0]["milestones"]
    story.clock.advance(30)
    assert story.phone("citra").taps("en_route").body["result"] == "repeated"
    assert story.incident(incident["id"])["assignments"][0]["milestones"] == first


def test_a_phone_that_taps_a_hundred_times_does_not_swell_the_trail(story: Story) -> None:
    incident = _birth(story)
    for _ in range(100):
        assert story.phone("citra").taps("acknowledged").status == 200
    assert len(story.events(incident["id"])) < 30


def test_saying_yes_after_unable_is_recorded_and_the_replacement_keeps_going(story: Story) -> None:
    incident = _birth(story)
    story.phone("citra").taps("unable", "other_duty")
    story.phone("dewi").expects("Melahirkan")
    crossed = story.phone("citra").taps("acknowledged")
    assert crossed.body["result"] == "late"
    assert [crew["status"] for crew in story.incident(incident["id"])["crews"]] == ["unable", "requested"]


def test_the_desk_records_what_a_crew_said_by_radio_with_its_time(story: Story) -> None:
    incident = _birth(story)
    story.clock.advance(600)
    said = times.plus(story.clock.now(), -300)
    answer = _status(story, incident, "en_route", occurred_at=said)
    assert answer.status == 200, answer.body
    assignment = answer.body["assignments"][0]
    assert assignment["milestones"]["en_route"] == said
    assert assignment["late_entry"] == ["en_route"]
    event = answer.body["timeline"][-1]
    assert (event["source"], event["data"]["late_entry"], event["actor_name"]) == (
        "radio_entry",
        True,
        "Operator",
    )


def test_a_time_in_the_future_or_before_an_earlier_step_is_refused(story: Story) -> None:
    incident = _birth(story)
    future = _status(story, incident, "en_route", occurred_at=times.plus(story.clock.now(), 600))
    past = _status(story, incident, "en_route", occurred_at=times.plus(story.clock.now(), -3600))
    assert (future.status, past.status) == (422, 422)
    assert list(future.body["fields"]) == list(past.body["fields"]) == ["occurred_at"]


def test_an_agency_records_for_its_own_crews_and_sees_no_other(story: Story) -> None:
    incident = _birth(story)
    path = f"/api/incidents/{incident['id']}/assignments/{incident['assignments'][0]['id']}/status"
    assert story.http("POST", path, {"status": "en_route"}, as_="damkar_admin").status in (403, 404)
    assert story.http("POST", path, {"status": "en_route"}, as_="psc_admin").status == 200
    assert story.http("GET", f"/api/incidents/{incident['id']}", as_="damkar_admin").status == 404
    assert story.http("GET", "/api/incidents", as_="damkar_admin").body["incidents"] == []


def test_an_agency_calls_off_no_crew_not_even_its_own(story: Story) -> None:
    incident: Incident = story.call("house_fire")["incident"]
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("Kebakaran rumah")
    own = next(each for each in incident["assignments"] if each["agency_id"] == "damkar")
    path = f"/api/incidents/{incident['id']}/assignments/{own['id']}/status"
    refused = story.http("POST", path, {"status": "cancelled"}, as_="damkar_admin", key="off")
    story.settle()
    assert refused.status == 403
    assert {crew["status"] for crew in story.incident(incident["id"])["crews"]} == {"requested"}
    story.phone("andi").expects_nothing()


def test_a_link_dies_a_day_after_the_end_and_a_wrong_one_never_lived(story: Story) -> None:
    incident = _birth(story)
    story.phone("citra").taps("cleared")
    story.desk("POST", f"/api/incidents/{incident['id']}/close", {"disposition": "done"})
    assert story.phone("citra").opens_link().status == 200
    story.clock.advance(24 * 3600 + 60)
    assert story.phone("citra").opens_link().status == 404
    assert story.http("GET", "/r/AAAAAAAAAAAAAAAA").status == 404
    assert story.http("POST", "/api/r/AAAAAAAAAAAAAAAA", {"status": "acknowledged"}).status == 404


def test_a_tap_is_taken_although_the_desk_entered_an_earlier_step_some_seconds_ahead(story: Story) -> None:
    incident = _birth(story)
    ahead = times.plus(story.clock.now(), 50)
    assert _status(story, incident, "en_route", occurred_at=ahead).status == 200
    assert story.phone("citra").taps("on_scene").body["applied"] is True
    milestones = story.incident(incident["id"])["assignments"][0]["milestones"]
    assert milestones["on_scene"] == ahead


def test_a_tap_that_could_not_be_recorded_says_so_on_the_phone(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:
        raise Busy("others are changing the same")

    _birth(story)
    link = story.phone("citra").link()
    as_form = {"content-type": "application/x-www-form-urlencoded"}
    with monkeypatch.context() as patched:
        patched.setattr(answering, "answer", busy)
        answer = story.http("POST", f"/api{link}", raw=form(status="acknowledged"), headers=as_form)
    assert (answer.status, answer.headers["Location"]) == (303, f"{link}?m=not_recorded")
    assert "Belum tercatat" in story.http("GET", answer.headers["Location"]).text


def test_a_page_or_answer_of_which_nothing_is_known_says_so_to_a_person(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise Unconfirmed("the database does not answer")

    _birth(story)
    link = story.phone("citra").link()
    as_form = {"content-type": "application/x-www-form-urlencoded"}
    with monkeypatch.context() as patched:
        patched.setattr(answering, "follow_link", broken)
        patched.setattr(answering, "answer", broken)
        shown = story.http("GET", link)
        answered = story.http("POST", f"/api{link}", raw=form(status="acknowledged"), headers=as_form)
    for each in (shown, answered):
        assert each.status == 503
        assert each.headers["Content-Type"].startswith("text/html")
        assert "tidak diketahui" in each.text and f'href="{link}"' in each.text and "tel:112" in each.text
        assert "Sudah dicatat" not in each.text


@pytest.mark.parametrize("claim", ["applied", "repeated", "late"])
def test_an_address_that_says_recorded_is_not_believed_before_anything_was(story: Story, claim: str) -> None:
    _birth(story)
    link = story.phone("citra").link()
    assert 'class="message' not in story.http("GET", f"{link}?m={claim}").text
    story.phone("citra").taps("acknowledged")
    assert 'class="message' in story.http("GET", f"{link}?m={claim}").text


def test_unable_finds_the_next_unit_although_type_and_district_left_the_registry(story: Story) -> None:
    incident: Incident = story.call("childbirth", district="ketapang")["incident"]
    story.phone("citra").expects("Melahirkan")
    # The registry refuses it while the incident is open; a release before did not.
    gone = [RegistryItem(pk="R", sk=sk) for sk in ("incident-types#childbirth", "districts#ketapang")]
    registry_writes.write([], [(item, 1) for item in gone], stamp=seeded.stamped())
    assert story.phone("citra").taps("unable", "no_fuel").status == 200
    story.phone("dewi").expects("112")
    assert [crew["unit_id"] for crew in story.incident(incident["id"])["crews"]] == [
        "ambulans_1",
        "ambulans_2",
    ]


def test_a_lost_units_need_is_that_of_its_own_level_although_two_are_named_alike(story: Story) -> None:
    # The registry refuses it; a release before did not.
    plan = story.world.registry.current().plans["house_fire"]
    level = Level([structs.replace(plan.levels[0].needs[1], id="pump")])
    alike = structs.replace(plan, levels=[plan.levels[0], level])
    registry_writes.write([(registry_writes.item_of("response-plans", alike), 1)], stamp=seeded.stamped())
    incident: Incident = story.call("house_fire")["incident"]
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("Kebakaran rumah")
    story.desk("POST", f"/api/incidents/{incident['id']}/assignments", {"alarm": 2})
    story.phone("dewi").expects("Kebakaran rumah")
    story.phone("dewi").taps("unable", "no_fuel")
    whole = story.incident(incident["id"])
    assert whole["attention"][-1]["code"] == "shortfall"
    answered = [{pick["need_id"] for pick in each["picks"]} for each in whole["plan"]["answers"]]
    assert answered == [{"pump", "medic", "police"}, {"pump"}], "what the plan answered at each level"


def test_a_late_entry_keeps_the_time_and_reason_that_were_claimed(story: Story) -> None:
    incident = _birth(story)
    story.phone("citra").taps("on_scene")
    story.clock.advance(600)
    said = times.plus(story.clock.now(), -900)
    assert _status(story, incident, "en_route", occurred_at=said).status == 200
    event = story.incident(incident["id"])["timeline"][-1]
    assert (event["type"], event["occurred_at"]) == ("LateReportReceived", said)
    future = _status(story, incident, "en_route", occurred_at=times.plus(story.clock.now(), 600))
    assert (future.status, list(future.body["fields"])) == (422, ["occurred_at"])
    story.phone("citra").taps("cleared")
    story.phone("citra").taps("unable", "no_fuel")
    assert story.incident(incident["id"])["timeline"][-1]["data"]["reason"] == "no_fuel"


def test_a_crew_is_asked_only_what_may_keep_its_unit_from_coming_and_heard_whatever_it_says(
    story: Story,
) -> None:
    engine = Reason(id="engine", label=Label("Mesin tempel rusak", "Engine"), terrains=["water"])
    elsewhere = Reason(id="elsewhere", label=Label("Masih di pos", "At post"), agencies=["damkar"])
    regency.load({"reasons": [engine, elsewhere]})
    _birth(story)
    page = story.phone("citra").opens_link().text
    assert "BBM habis" in page and "Mesin tempel rusak" not in page and "Masih di pos" not in page
    assert story.phone("citra").taps("unable", "engine").body["applied"] is True
    story.phone("dewi").expects("Melahirkan")
