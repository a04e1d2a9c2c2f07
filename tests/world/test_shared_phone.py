"""A phone that several people have, as a station's duty phone: one SMS, one code, one answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib import bootstrap
from chalicelib.models import incidents
from infra.verify import verify
from tests.support import regency
from tests.world.harness import Incident, Story
from tests.world.provider import birth, head, policy
from tests.world.test_replies import SECRET, sms


@pytest.fixture
def story(story: Story) -> Story:
    """Gita rides with Citra on Ambulans 1 today, and both have the station's phone."""
    settings = replace(story.world.settings, sms_replies=True, inbound_secret=SECRET)
    story.world = replace(story.world, settings=settings)
    bootstrap.install(story.world)
    share(story, "gita", "citra")
    day = {"starts_at": "2026-11-22T17:00:00Z", "ends_at": "2026-11-23T17:00:00Z"}
    shift = {"id": "gita-today", "agency_id": "psc", "person_id": "gita", "unit_id": "ambulans_1", **day}
    story.desk("POST", "/api/registry/shifts", shift, as_="admin")
    return story


def share(story: Story, person: str, with_: str) -> None:
    kept = story.http("GET", f"/api/registry/personnel/{person}", as_="psc_admin").body
    kept.pop("v")
    phone = regency.number_of(with_)
    story.desk("PUT", f"/api/registry/personnel/{person}", {**kept, "phone": phone}, as_="psc_admin")


def only(incident: Incident) -> Incident:
    (assignment,) = incident["assignments"]
    found: Incident = assignment
    return found


def test_two_of_a_crew_with_one_phone_get_one_message_with_one_code(story: Story) -> None:
    incident = birth(story)
    story.phone("citra").expects_nothing()
    (page,) = story.incident(incident["id"])["pages"]
    assert (page["person_id"], page["also"], page["name"]) == ("citra", ["gita"], "Citra, Gita")
    requested = next(e for e in incidents.events(incident["id"]) if e.type == "PagesRequested")
    assert [(each["person"], each["also"]) for each in requested.data["pages"]] == [("citra", ["gita"])]
    assert verify(incident["id"])[1] == []


def test_its_answer_without_a_code_counts_as_the_phones_and_names_both(story: Story) -> None:
    incident = birth(story)
    assert sms(story, "citra", "ya") == "applied"
    answered = next(e for e in incidents.events(incident["id"]) if e.type == "PageAcknowledged")
    assert (answered.data["person"], answered.data["also"]) == ("citra", ["gita"])


def test_its_link_counts_as_the_phones_too(story: Story) -> None:
    incident = birth(story)
    story.phone("citra").taps("acknowledged")
    answered = next(e for e in incidents.events(incident["id"]) if e.type == "PageAcknowledged")
    assert (answered.data["person"], answered.data["also"]) == ("citra", ["gita"])


def test_one_phone_is_one_answer_where_two_are_needed(story: Story) -> None:
    policy(story, (60, "on_duty"), acknowledgements=2)
    incident = birth(story)
    story.phone("citra").taps("acknowledged")
    story.phone("citra").taps("acknowledged")
    assert sms(story, "citra", "ya") in ("repeated", "applied")
    assert only(story.incident(incident["id"]))["acknowledged_by"] == ["citra"]
    story.fast_forward(61)
    story.phone("dewi").expects("Melahirkan")


def test_the_head_with_the_crews_phone_is_not_paged_on_it_again(story: Story) -> None:
    policy(story, (60, "head"))
    person = {"id": "hadi", "agency_id": "psc", "name": "Hadi", "phone": regency.number_of("citra")}
    story.desk("POST", "/api/registry/personnel", {**person, "demo": True}, as_="admin")
    head(story, "psc", "hadi")
    incident = birth(story)
    story.fast_forward(61)
    story.phone("citra").expects_nothing()
    codes = [mark["code"] for mark in story.incident(incident["id"])["attention"]]
    assert codes == ["no_acknowledgement"]


def test_an_answer_without_code_goes_to_the_desk_where_two_crews_of_one_phone_are_out(story: Story) -> None:
    share(story, "dewi", "citra")
    first: Incident = birth(story)
    second: Incident = story.call("childbirth", district="ketapang")["incident"]
    story.phone("citra").expects("AMBULANS-2")
    assert sms(story, "citra", "ya") == "desk"
    for incident in (first, second):
        assert only(story.incident(incident["id"]))["status"] == "requested"


def test_the_phone_is_told_once_that_it_is_off(story: Story) -> None:
    incident = birth(story)
    story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Salah lapor"})
    story.phone("citra").expects("BATAL")
    story.phone("citra").expects_nothing()


def test_a_drill_pages_a_phone_once_and_its_answer_is_of_both(story: Story) -> None:
    body = {"agency_id": "psc", "minutes": 5}
    drill = story.desk("POST", "/api/drills", body, as_="supervisor", expect=201)
    story.phone("citra").expects("LATIHAN")
    story.phone("citra").expects_nothing()
    story.phone("dewi").expects("LATIHAN")
    assert sms(story, "citra", "ya") == "applied"
    shown = story.http("GET", f"/api/drills/{drill['id']}", as_="supervisor").body
    tally = shown["tally"]
    assert (tally["people"], tally["sent"], tally["answered"], tally["share"]) == (2, 2, 1, 0.5)
    answered = {each["name"]: bool(each["answered_at"]) for each in shown["people"]}
    assert answered == {"Citra": True, "Gita": True, "Dewi": False}
    story.fast_forward(301)
    ended = story.http("GET", f"/api/drills/{drill['id']}", as_="supervisor").body["tally"]
    assert (ended["people"], ended["answered"]) == (2, 1)


def test_who_has_a_phone_of_their_own_gets_a_message_of_their_own(story: Story) -> None:
    share(story, "gita", "gita")
    birth(story)
    story.phone("gita").expects("Melahirkan")
