"""Response times as the regent sees them: what ended counts once, as it stands, and drills never."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain import times
from chalicelib.domain.registry import Label, Target
from chalicelib.models import facts
from tests.support import regency
from tests.world.harness import Story
from tests.world.test_importing import imported, row

TODAY = "2026-11-23"


def report(story: Story, by: str = "agency", as_: str = "leader", day: str = TODAY, to: str = "") -> Any:
    query = {"from": day, "to": to or day, "by": by}
    answer = story.http("GET", "/api/reports/response-times", as_=as_, query=query)
    assert answer.status == 200, answer.text
    return answer.body


def fire(story: Story, **more: Any) -> dict[str, Any]:
    """A house fire, called in 30 seconds before it opens, with three units; not yet answered."""
    opened: dict[str, Any] = story.call("house_fire", **more)["incident"]
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("Kebakaran")
    return opened


def says(story: Story, incident: dict[str, Any], unit_id: str, status: str, **more: Any) -> None:
    one = next(each for each in incident["assignments"] if each["unit_id"] == unit_id)
    path = f"/api/incidents/{incident['id']}/assignments/{one['id']}/status"
    story.desk("POST", path, {"status": status, **more})


def closes(story: Story, incident: dict[str, Any]) -> None:
    story.desk("POST", f"/api/incidents/{incident['id']}/close", {"disposition": "done"})


def lived(story: Story, **more: Any) -> dict[str, Any]:
    """A fire to its end: the engine arrives after ten minutes, the ambulance cannot come, the police are cleared."""
    incident = fire(story, **more)
    story.fast_forward(60)
    says(story, incident, "damkar_1", "en_route")
    story.fast_forward(540)
    says(story, incident, "damkar_1", "on_scene")
    for unit_id in ("damkar_1", "polres_1"):
        says(story, incident, unit_id, "cleared")
    says(story, incident, "ambulans_1", "unable", reason="no_fuel")
    story.phone("dewi").expects("Kebakaran")
    whole: dict[str, Any] = story.incident(incident["id"])
    says(story, whole, "ambulans_2", "cleared")
    closes(story, whole)
    return whole


@pytest.fixture
def targeted(story: Story) -> Story:
    target = Target(
        id="fire",
        label=Label(id="Api", en="Fire"),
        agency_id="damkar",
        seconds=900,
        source="Permendagri 114/2018",
    )
    regency.load({"targets": [target]})
    return story


def test_a_closed_incident_counts_with_every_unit_and_every_reason(targeted: Story) -> None:
    lived(targeted)
    found = report(targeted)
    assert (found["from"], found["to"], found["by"]) == (TODAY, TODAY, "agency")
    by_key = {each["key"]: each for each in found["groups"]}
    assert list(by_key) == ["damkar", "polres", "psc"]
    response = by_key["damkar"]["units"]["response"]
    assert 629 < response["p50_s"] < 632
    assert {name: response[name] for name in ("n", "total", "with_target", "within_target")} == {
        "n": 1,
        "total": 1,
        "with_target": 1,
        "within_target": 1,
    }
    assert by_key["psc"]["units"]["response"]["left_out"] == {"no_on_scene": 1, "unable": 1}
    assert (found["all"]["incidents"], found["all"]["units"]["response"]["total"]) == (1, 4)


def test_the_fire_services_time_ends_when_its_crew_taps_that_it_begins_to_act(targeted: Story) -> None:
    story = targeted
    until = Target(
        id="legal",
        label=Label(id="Api", en="Fire"),
        agency_id="damkar",
        category="fire",
        until_ready=True,
        seconds=900,
        source="Permendagri 114/2018",
    )
    regency.load({"targets": [until]})
    incident = fire(story)
    engine, ambulance = (story.phone(person).opens_link().text for person in ("andi", "citra"))
    assert 'value="ready"' in engine and 'value="ready"' not in ambulance
    story.fast_forward(600)
    assert story.phone("andi").taps("on_scene").body["applied"]
    story.fast_forward(120)
    assert story.phone("andi").taps("ready").body["applied"]
    assert story.incident(incident["id"])["clocks"]["ready_s"] == pytest.approx(750, abs=5)
    for person in ("andi", "citra", "eko"):
        story.phone(person).taps("cleared")
    closes(story, incident)
    damkar = next(each for each in report(story)["groups"] if each["key"] == "damkar")
    ready = damkar["units"]["ready"]
    assert ready["p50_s"] == pytest.approx(750, abs=5)
    assert (ready["with_target"], ready["within_target"]) == (1, 1)
    assert report(story)["all"]["units"]["ready"]["left_out"] == {"no_ready": 2}


def test_an_open_incident_does_not_count_yet(story: Story) -> None:
    fire(story)
    assert report(story)["all"]["incidents"] == 0


def test_a_drill_is_never_counted(story: Story) -> None:
    incident = story.call("house_fire", drill=True)["incident"]
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("LATIHAN")
    for unit_id in ("damkar_1", "ambulans_1", "polres_1"):
        says(story, incident, unit_id, "cleared")
    closes(story, incident)
    found = report(story)
    assert (found["groups"], found["all"]["incidents"]) == ([], 0)


def test_a_paging_drill_is_never_counted(story: Story) -> None:
    story.desk("POST", "/api/drills", {"agency_id": "damkar", "minutes": 15}, as_="supervisor", expect=201)
    for person in ("andi", "budi"):
        story.phone(person).expects("LATIHAN")
    story.phone("andi").taps("acknowledged")
    story.fast_forward(16 * 60)
    (drill,) = story.http("GET", "/api/drills", as_="supervisor").body["drills"]
    assert drill["status"] == "ended"
    assert report(story)["all"]["incidents"] == 0


def test_a_cancelled_incident_is_left_out_with_that_reason(story: Story) -> None:
    incident = fire(story)
    says(story, incident, "damkar_1", "on_scene")
    story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Palsu"})
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("BATAL")
    found = report(story)["all"]
    assert found["incidents"] == 1
    assert found["units"]["response"]["left_out"] == {"incident_cancelled": 3}
    assert found["firsts"]["response"]["left_out"] == {"incident_cancelled": 1}


def test_reopening_takes_the_facts_away_and_closing_again_replaces_them(story: Story) -> None:
    incident = lived(story)
    first = report(story)
    story.desk("POST", f"/api/incidents/{incident['id']}/reopen", {"reason": "Api lagi"})
    assert report(story)["all"]["incidents"] == 0
    story.desk("POST", f"/api/incidents/{incident['id']}/assignments", {"unit_id": "damkar_2"})
    story.phone("budi").expects("Kebakaran")
    whole = story.incident(incident["id"])
    says(story, whole, "damkar_2", "on_scene")
    says(story, whole, "damkar_2", "cleared")
    closes(story, whole)
    again = report(story)
    assert (again["all"]["incidents"], first["all"]["units"]["response"]["n"]) == (1, 1)
    assert again["all"]["units"]["response"]["n"] == 2


def test_a_milestone_entered_late_counts_by_the_time_it_claims(story: Story) -> None:
    incident = fire(story)
    arrived = times.plus(story.clock.now(), 300)
    story.fast_forward(1800)
    says(story, incident, "damkar_1", "on_scene", occurred_at=arrived)
    for unit_id in ("damkar_1", "ambulans_1", "polres_1"):
        says(story, incident, unit_id, "cleared")
    closes(story, incident)
    response = report(story)["all"]["units"]["response"]
    assert (response["n"], response["late_entry"]) == (1, 1)
    assert 329 < response["p50_s"] < 332


def test_an_agency_sees_its_own_figures_alone(story: Story) -> None:
    lived(story)
    own = report(story, as_="damkar_admin")
    assert [each["key"] for each in own["groups"]] == ["damkar"]
    assert own["all"]["units"]["response"]["total"] == 1
    assert report(story, "type", as_="psc_admin")["all"]["units"]["response"]["n"] == 0


def test_imported_incidents_count_on_their_own_days_like_any_other(story: Story) -> None:
    lived(story)
    imported(
        story,
        row("1"),
        row("2", opened_at="2026-10-31T23:30:00Z", calls=[{"received_at": "2026-10-31T23:29:00Z"}]),
    )
    assert report(story)["all"]["incidents"] == 1
    friday = report(story, "district", day="2026-11-20")
    assert friday["groups"][0]["key"] == "baamang"
    assert friday["all"]["units"]["handling"]["p50_s"] == 120
    assert friday["all"]["units"]["response"]["p90_s"] == 1200
    # Half past eleven in the evening in UTC is the next morning, and the next month, in Sampit.
    assert report(story, day="2026-11-01")["all"]["incidents"] == 1
    assert report(story, day="2026-10-31")["all"]["incidents"] == 0
    assert report(story, day="2026-01-01", to="2026-12-31")["all"]["incidents"] == 3


def test_facts_are_kept_apart_from_incidents_by_month(story: Story) -> None:
    imported(story, *(row(str(number)) for number in range(3)))
    kept = list(facts.of_days("2026-11-20", "2026-11-20"))
    assert len(kept) == 3 and {each.day for each in kept} == {"2026-11-20"}
    assert list(facts.of_days("2026-11-21", "2026-12-31")) == []


@pytest.mark.parametrize(("day", "to"), [("2026-11-24", "2026-11-23"), ("2025-01-01", "2026-01-02")])
def test_a_range_runs_forward_and_has_a_bound(story: Story, day: str, to: str) -> None:
    query = {"from": day, "to": to, "by": "type"}
    refused = story.http("GET", "/api/reports/response-times", as_="leader", query=query)
    assert (refused.status, list(refused.body["fields"])) == (422, ["to"])


def test_an_operator_reads_no_reports(story: Story) -> None:
    query = {"from": TODAY, "to": TODAY, "by": "type"}
    assert story.http("GET", "/api/reports/response-times", as_="operator", query=query).status == 403
