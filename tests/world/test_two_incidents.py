"""Two incidents and one crew or one phone: each answer counts for its own, and no unit is free while it is out."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.units import UnitState
from chalicelib.gateways.sms import Sms
from chalicelib.models.unit_states import all_unit_states
from tests.support import regency
from tests.world.harness import Answer, Incident, Story


def unit(unit_id: str = "ambulans_1") -> UnitState:
    return all_unit_states()[0][unit_id]


def assignment(story: Story, incident: Incident, unit_id: str = "ambulans_1") -> Any:
    found = story.incident(incident["id"])["assignments"]
    return next(each for each in found if each["unit_id"] == unit_id)


def report(story: Story, incident: Incident, status: str, unit_id: str = "ambulans_1", **more: str) -> Answer:
    path = f"/api/incidents/{incident['id']}/assignments/{assignment(story, incident, unit_id)['id']}/status"
    answer = story.http("POST", path, {"status": status, **more}, as_="operator")
    story.settle()
    assert answer.status == 200, answer.body
    return answer


@pytest.fixture
def both(story: Story) -> tuple[Incident, Incident]:
    """A birth to which Citra is on her way, and a theft to which the dispatcher insists on sending her too."""
    first: Incident = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan")
    story.phone("citra").taps("en_route")
    second: Incident = story.call("theft")["incident"]
    path = f"/api/incidents/{second['id']}/assignments"
    story.desk("POST", path, {"unit_id": "ambulans_1", "insist": True}, expect=201)
    story.phone("citra").expects("Pencurian")
    return first, second


def test_a_unit_sent_to_a_second_incident_is_still_out_for_the_first_when_the_second_ends(
    story: Story, both: tuple[Incident, Incident]
) -> None:
    first, second = both
    assert unit().incident_id == second["id"]
    report(story, second, "cleared")
    assert (unit().incident_id, unit().secondary) == (first["id"], "EnRoute")
    third = story.call("childbirth")["incident"]
    assert [crew["unit_id"] for crew in third["crews"]] == ["ambulans_2"]
    story.phone("dewi").expects("Melahirkan")
    report(story, first, "cleared")
    assert (unit().primary, unit().busy) == ("Available", False)


def test_a_unit_that_goes_back_to_what_waits_for_it_is_not_shown_as_free(
    story: Story, both: tuple[Incident, Incident]
) -> None:
    first, second = both
    report(story, second, "cleared")
    shown = story.http("GET", "/api/units/status", as_="operator").body["units"]
    (status,) = [each for each in shown if each["unit_id"] == "ambulans_1"]
    assert (status["primary"], status["incident_id"]) == ("NotAvailable", first["id"])


def test_an_audit_of_one_incident_leaves_a_unit_out_that_the_other_holds(
    story: Story, both: tuple[Incident, Incident]
) -> None:
    assert story.audit()["repaired"] == 0
    assert {held.incident_id for held in unit().holding} == {each["id"] for each in both}


def test_a_unit_sent_to_a_second_incident_is_still_out_for_it_when_the_first_ends(
    story: Story, both: tuple[Incident, Incident]
) -> None:
    first, second = both
    report(story, first, "cleared")
    assert (unit().incident_id, unit().secondary) == (second["id"], "Dispatched")
    report(story, second, "cleared")
    assert (unit().primary, unit().busy) == ("Available", False)


def test_what_a_crew_reports_of_the_incident_that_waits_is_known_when_it_goes_back(
    story: Story, both: tuple[Incident, Incident]
) -> None:
    first, second = both
    report(story, first, "on_scene")
    assert unit().secondary == "Dispatched"
    report(story, second, "cancelled")
    story.phone("citra").expects("BATAL", "Pencurian")
    assert (unit().incident_id, unit().secondary) == (first["id"], "OnScene")


def test_a_unit_without_fuel_at_its_second_incident_is_not_free_when_the_first_is_called_off(
    story: Story, both: tuple[Incident, Incident]
) -> None:
    first, second = both
    report(story, second, "unable", reason="no_fuel")
    assert (unit().incident_id, unit().reason) == (first["id"], "no_fuel")
    report(story, first, "cancelled")
    story.phone("citra").expects("BATAL", "Melahirkan")
    assert (unit().primary, unit().reason, unit().busy) == ("NotAvailable", "no_fuel", False)


def test_three_incidents_of_one_unit_end_in_any_order(story: Story, both: tuple[Incident, Incident]) -> None:
    first, second = both
    third: Incident = story.call("theft")["incident"]
    path = f"/api/incidents/{third['id']}/assignments"
    story.desk("POST", path, {"unit_id": "ambulans_1", "insist": True}, expect=201)
    story.phone("citra").expects("Pencurian")
    report(story, second, "cleared")
    assert unit().incident_id == third["id"]
    report(story, third, "cleared")
    assert unit().incident_id == first["id"]
    report(story, first, "cleared")
    assert not unit().busy


def test_a_crew_that_waits_under_another_incident_is_not_paged_by_a_third(
    story: Story, both: tuple[Incident, Incident]
) -> None:
    third = story.call("childbirth")["incident"]
    story.phone("dewi").expects("Melahirkan")
    story.phone("dewi").taps("unable", "no_fuel")
    assert story.incident(third["id"])["attention"][-1]["code"] == "shortfall"


def test_each_link_on_one_phone_leads_to_its_own_incident(story: Story) -> None:
    first: Incident = story.call("childbirth")["incident"]
    older = story.phone("citra").link()
    story.phone("citra").expects("Melahirkan")
    second: Incident = story.call("theft")["incident"]
    path = f"/api/incidents/{second['id']}/assignments"
    story.desk("POST", path, {"unit_id": "ambulans_1", "insist": True}, expect=201)
    story.phone("citra").expects("Pencurian")
    assert story.http("POST", f"/api{older}", {"status": "en_route"}).body["applied"] is True
    assert assignment(story, first)["status"] == "en_route"
    assert assignment(story, second)["status"] == "requested"
    assert story.phone("citra").taps("acknowledged").body["applied"] is True
    assert assignment(story, second)["status"] == "acknowledged"
    assert assignment(story, first)["status"] == "en_route"


def test_cancelling_one_of_two_incidents_tells_the_phone_which(
    story: Story, both: tuple[Incident, Incident]
) -> None:
    first, second = both
    story.desk("POST", f"/api/incidents/{first['id']}/cancel", {"reason": "Salah lapor"})
    story.phone("citra").expects("BATAL", "Melahirkan", first["label"])
    assert assignment(story, second)["status"] == "requested"
    assert unit().incident_id == second["id"]


def test_an_incident_called_off_while_the_same_phone_gets_a_newer_one_is_not_called_out_after_it(
    story: Story,
) -> None:
    story.wakeups.lost = True
    older: Incident = story.call("childbirth")["incident"]
    newer: Incident = story.call("theft")["incident"]
    path = f"/api/incidents/{newer['id']}/assignments"
    story.desk("POST", path, {"unit_id": "ambulans_1", "insist": True}, expect=201)
    pages = [
        {"incident": each["id"], "page": story.incident(each["id"])["pages"][0]["id"]}
        for each in (older, newer)
    ]

    def called_off(sms: Sms) -> None:
        story.provider.comes_back()
        reason = {"reason": "Sudah lahir"}
        answer = story.http("POST", f"/api/incidents/{older['id']}/cancel", reason, as_="operator", key="off")
        assert answer.status == 200, answer.body

    story.provider.failing = called_off
    story.deliver(pages)
    story.wakeups.lost = False
    story.fast_forward(120)
    story.phone("citra").expects("Pencurian")
    story.phone("citra").expects_nothing()


def test_two_crews_with_one_phone_get_a_message_each_and_each_link_is_its_own(story: Story) -> None:
    person = story.http("GET", "/api/registry/personnel/dewi", as_="admin").body
    person.pop("v")
    shared = {**person, "phone": regency.number_of("citra")}
    story.desk("PUT", "/api/registry/personnel/dewi", shared, as_="admin")
    first: Incident = story.call("childbirth")["incident"]
    older = story.phone("citra").link()
    second: Incident = story.call("childbirth", district="ketapang")["incident"]
    story.phone("citra").expects("AMBULANS-1")
    story.phone("citra").expects("AMBULANS-2")
    story.phone("citra").taps("acknowledged")
    assert assignment(story, second, "ambulans_2")["acknowledged_by"] == ["dewi"]
    assert assignment(story, first)["acknowledged_by"] == []
    assert story.http("POST", f"/api{older}", {"status": "acknowledged"}).status == 200
    assert assignment(story, first)["acknowledged_by"] == ["citra"]
