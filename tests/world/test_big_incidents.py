"""Sixty units and 480 people for one incident: the first crews at once, the others being ordered, and nobody lost or asked twice."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from chalicelib import bootstrap
from chalicelib.domain import portions
from chalicelib.errors import SmsRefused
from chalicelib.gateways.sms import Sms
from chalicelib.models import incidents
from chalicelib.models.unit_states import all_unit_states
from infra.verify import verify
from tests.support import disaster
from tests.world.harness import Story

UNITS, CREW = 60, 8


@pytest.fixture
def crews(story: Story) -> list[str]:
    """Sixty crews of eight on duty; everybody's number."""
    return disaster.muster(UNITS, CREW, story.clock.now())


def wildfire(story: Story, **more: Any) -> Any:
    return story.call(disaster.TYPE, **more)


def paged_once(story: Story, numbers: list[str]) -> None:
    for number in numbers:
        story.phone_of(number).expects("Karhutla")
        story.phone_of(number).expects_nothing()


def must_hold(incident_id: str) -> None:
    count, findings = verify(incident_id)
    assert count and findings == []


def unsettled(story: Story) -> None:
    """From now on wake-ups wait."""
    story.settle = lambda: None  # type: ignore[method-assign]


def settled(story: Story) -> None:
    del story.settle
    story.settle()


def test_the_first_crews_go_at_once_and_the_rest_is_said_to_be_being_ordered(
    story: Story, crews: list[str]
) -> None:
    unsettled(story)
    taken = wildfire(story)
    incident = taken["incident"]
    sent = len(incident["crews"])
    assert 15 <= sent < UNITS
    assert incident["being_ordered"]["units"] == UNITS - sent
    assert {crew["callsign"] for crew in incident["crews"]} == {f"ARMADA-{u:02d}" for u in range(sent)}
    called = {page["assignment_id"] for page in taken["pages"]}
    assert called == {crew["id"] for crew in incident["crews"]}, "each of them has its first page"
    must_hold(incident["id"])
    (row,) = story.http("GET", "/api/incidents", as_="operator").body["incidents"]
    assert row["being_ordered"]["units"] == UNITS - sent
    settled(story)
    whole = story.incident(incident["id"])
    assert Counter(crew["status"] for crew in whole["crews"]) == {"requested": UNITS}
    assert whole["being_ordered"] == {"units": 0, "pages": 0, "crews_to_call_off": 0}
    paged_once(story, crews)
    must_hold(incident["id"])


def test_sixty_crews_are_paged_acknowledge_arrive_and_are_counted(story: Story, crews: list[str]) -> None:
    incident_id = wildfire(story)["incident"]["id"]
    paged_once(story, crews)
    for unit in range(UNITS):
        phone = story.phone_of(disaster.number_of(unit, 0))
        for step in ("acknowledged", "en_route", "on_scene", "cleared"):
            assert phone.taps(step).status in (200, 303)
    story.desk("POST", f"/api/incidents/{incident_id}/notes", {"text": "Api padam"})
    story.desk("POST", f"/api/incidents/{incident_id}/close", {"disposition": "done"})
    whole = story.incident(incident_id)
    assert Counter(crew["status"] for crew in whole["crews"]) == {"cleared": UNITS}
    must_hold(incident_id)
    day = "2026-11-23"
    query = {"from": day, "to": day, "by": "agency"}
    report = story.http("GET", "/api/reports/response-times", as_="leader", query=query)
    (group,) = report.body["groups"]
    assert (group["key"], group["units"]["response"]["n"]) == ("damkar", UNITS)


def test_a_wake_up_that_was_lost_is_made_good_by_the_sweep(story: Story, crews: list[str]) -> None:
    story.wakeups.lost = True
    incident_id = wildfire(story)["incident"]["id"]
    story.wakeups.lost = False
    story.fast_forward(180)
    paged_once(story, crews)
    assert len(story.incident(incident_id)["crews"]) == UNITS


def test_a_queue_that_cannot_be_reached_delays_and_loses_nobody(story: Story, crews: list[str]) -> None:
    story.wakeups.down = True
    incident_id = wildfire(story)["incident"]["id"]
    story.fast_forward(900)
    paged_once(story, crews)
    assert len(story.incident(incident_id)["crews"]) == UNITS


def test_notes_meanwhile_do_not_put_off_what_is_being_ordered(story: Story, crews: list[str]) -> None:
    story.wakeups.lost = True
    incident_id = wildfire(story)["incident"]["id"]
    story.wakeups.lost = False
    for number in range(6):
        story.clock.advance(5)
        story.desk("POST", f"/api/incidents/{incident_id}/notes", {"text": f"Catatan {number}"})
    story.sweep()
    story.fast_forward(60)
    assert len(story.incident(incident_id)["crews"]) == UNITS
    paged_once(story, crews)


def test_cancelled_while_being_ordered_nobody_else_is_sent_and_who_was_called_hears_of_it(
    story: Story, crews: list[str]
) -> None:
    unsettled(story)
    incident = wildfire(story)["incident"]
    story.deliver([body for queue, body in story.wakeups.ripe() if queue == "pages" and body["page"] != "#"])
    called = {sms.number for sms in story.provider.messages}
    assert 0 < len(called) < UNITS
    story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Salah lapor"})
    settled(story)
    story.fast_forward(120)
    for number in called:
        story.phone_of(number).expects("Karhutla")
        story.phone_of(number).expects("BATAL")
    assert {sms.number for sms in story.provider.messages} == called
    whole = story.incident(incident["id"])
    assert {crew["status"] for crew in whole["crews"]} == {"cancelled"} and len(whole["crews"]) < UNITS
    assert not any(state.busy for state in all_unit_states()[0].values())
    must_hold(incident["id"])


def test_sixty_crews_are_called_off_with_the_incident(story: Story, crews: list[str]) -> None:
    incident_id = wildfire(story)["incident"]["id"]
    paged_once(story, crews)
    unsettled(story)
    cancelled = story.desk("POST", f"/api/incidents/{incident_id}/cancel", {"reason": "Salah lapor"})
    assert cancelled["status"] == "cancelled"
    left = cancelled["being_ordered"]["crews_to_call_off"]
    assert 0 < left < UNITS
    must_hold(incident_id)
    late = story.phone_of(disaster.number_of(UNITS - 1, 0)).taps("en_route")
    assert late.status < 400
    refused = story.http(
        "POST",
        f"/api/incidents/{incident_id}/reopen",
        {"reason": "Ternyata benar"},
        as_="supervisor",
        key="r",
    )
    assert refused.status == 409
    settled(story)
    story.fast_forward(120)
    for number in crews:
        story.phone_of(number).expects("BATAL")
        story.phone_of(number).expects_nothing()
    whole = story.incident(incident_id)
    assert Counter(crew["status"] for crew in whole["crews"]) == {"cancelled": UNITS}
    assert not any(state.busy for state in all_unit_states()[0].values())
    must_hold(incident_id)
    story.desk("POST", f"/api/incidents/{incident_id}/reopen", {"reason": "Ternyata benar"}, as_="supervisor")


def test_crews_that_are_not_yet_called_off_with_the_incident_get_no_call_out_any_more(story: Story) -> None:
    disaster.muster(45, 1, story.clock.now())
    unsettled(story)
    incident_id = wildfire(story)["incident"]["id"]
    story.deliver([{"incident": incident_id, "page": "#"}])
    story.wakeups.queue.clear()
    cancelled = story.desk("POST", f"/api/incidents/{incident_id}/cancel", {"reason": "Salah lapor"})
    assert cancelled["being_ordered"]["crews_to_call_off"] > 0
    pages = [page["id"] for page in cancelled["pages"] if page["kind"] == "page"]
    assert len(pages) == 45
    story.deliver([{"incident": incident_id, "page": each} for each in pages])
    assert story.provider.messages == []
    # No sweep: whoever has called off the first crews has woken somebody for the others.
    settled(story)
    whole = story.incident(incident_id)
    assert whole["being_ordered"]["crews_to_call_off"] == 0
    called_off_at = {each["milestones"]["cancelled"] for each in whole["assignments"]}
    assert called_off_at == {whole["closed_at"]}, "the desk has called them all off at once"
    story.fast_forward(120)
    must_hold(incident_id)


def test_crews_whom_no_message_ever_reached_are_called_off_by_the_sweep_when_the_wake_up_is_lost(
    story: Story,
) -> None:
    """Nobody is to be told, so that nothing is left to be written but the crews themselves: their units must be free."""

    def refuse(sms: Sms) -> None:
        raise SmsRefused("the number does not exist")

    disaster.muster(45, 1, story.clock.now())
    story.provider.failing = refuse
    incident_id = wildfire(story)["incident"]["id"]
    story.wakeups.lost = True
    cancelled = story.desk("POST", f"/api/incidents/{incident_id}/cancel", {"reason": "Salah lapor"})
    ordered = cancelled["being_ordered"]
    assert (ordered["crews_to_call_off"] > 0, ordered["pages"]) == (True, 0)
    story.wakeups.lost = False
    story.fast_forward(180)
    assert {crew["status"] for crew in story.incident(incident_id)["crews"]} == {"cancelled"}
    assert not any(state.busy for state in all_unit_states()[0].values())
    must_hold(incident_id)


def test_cancellations_that_are_not_yet_written_are_written_by_the_sweep_when_the_wake_up_is_lost(
    story: Story,
) -> None:
    numbers = disaster.muster(1, 90, story.clock.now())
    incident_id = wildfire(story)["incident"]["id"]
    paged_once(story, numbers)
    story.wakeups.lost = True
    cancelled = story.desk("POST", f"/api/incidents/{incident_id}/cancel", {"reason": "Salah lapor"})
    ordered = cancelled["being_ordered"]
    assert (ordered["crews_to_call_off"], ordered["pages"] > 0) == (0, True)
    story.wakeups.lost = False
    story.fast_forward(180)
    for number in numbers:
        story.phone_of(number).expects("BATAL")
        story.phone_of(number).expects_nothing()
    must_hold(incident_id)


def test_twenty_crews_go_with_their_reply_codes_in_as_many_transactions_as_it_takes(story: Story) -> None:
    """Each page that can be answered by SMS brings an item more: a transaction that is too large is refused whole."""
    story.world = replace(story.world, settings=replace(story.world.settings, sms_replies=True))
    bootstrap.install(story.world)
    numbers = disaster.muster(20, 2, story.clock.now())
    incident_id = wildfire(story)["incident"]["id"]
    paged_once(story, numbers)
    whole = story.incident(incident_id)
    assert len(whole["crews"]) == 20
    assert len({page["reply"] for page in whole["pages"]} - {""}) == 20 * 2
    story.desk("POST", f"/api/incidents/{incident_id}/cancel", {"reason": "Salah lapor"})
    for number in numbers:
        story.phone_of(number).expects("BATAL")
    must_hold(incident_id)


def test_closing_waits_until_nobody_is_being_ordered(story: Story, crews: list[str]) -> None:
    unsettled(story)
    incident = wildfire(story)["incident"]
    for crew in incident["crews"]:
        path = f"/api/incidents/{incident['id']}/assignments/{crew['id']}/status"
        story.desk("POST", path, {"status": "cancelled"})
    closed = story.http(
        "POST", f"/api/incidents/{incident['id']}/close", {"disposition": "done"}, as_="operator", key="c"
    )
    assert (closed.status, closed.body["fields"]) == (409, {"assignments": "being ordered"})
    story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Salah lapor"})
    settled(story)
    assert story.provider.messages == []
    must_hold(incident["id"])


def test_a_unit_that_another_incident_takes_meanwhile_is_told_as_missing(
    story: Story, crews: list[str]
) -> None:
    unsettled(story)
    incident_id = wildfire(story)["incident"]["id"]
    other = story.call("theft")["incident"]["id"]
    body = {"unit_id": disaster.unit_id(UNITS - 1)}
    story.desk("POST", f"/api/incidents/{other}/assignments", body, expect=201)
    settled(story)
    whole = story.incident(incident_id)
    assert len(whole["crews"]) == UNITS - 1
    assert [mark["code"] for mark in whole["attention"]] == ["shortfall"]
    for number in crews[:-CREW]:
        story.phone_of(number).expects("Karhutla")
    for number in crews[-CREW:]:
        story.phone_of(number).expects("Pencurian")
    must_hold(incident_id)


def test_an_alarm_raised_while_being_ordered_sends_both_levels(story: Story) -> None:
    numbers = disaster.muster(60, 1, story.clock.now(), more=30)
    unsettled(story)
    incident_id = wildfire(story)["incident"]["id"]
    story.desk("POST", f"/api/incidents/{incident_id}/assignments", {"alarm": 2}, expect=201)
    settled(story)
    whole = story.incident(incident_id)
    assert Counter(each["level"] for each in whole["assignments"]) == {1: 30, 2: 30}
    paged_once(story, numbers)
    must_hold(incident_id)


def test_a_crew_that_cannot_come_has_its_need_answered_while_others_are_being_ordered(
    story: Story, crews: list[str]
) -> None:
    unsettled(story)
    incident = wildfire(story)["incident"]
    first = incident["crews"][0]
    path = f"/api/incidents/{incident['id']}/assignments/{first['id']}/status"
    story.desk("POST", path, {"status": "unable", "reason": "no_fuel"})
    settled(story)
    whole = story.incident(incident["id"])
    assert Counter(crew["status"] for crew in whole["crews"]) == {"requested": UNITS - 1, "unable": 1}
    assert [mark["code"] for mark in whole["attention"]] == ["shortfall"], "nobody is left for its place"
    for number in crews[CREW:]:
        story.phone_of(number).expects("Karhutla")
    assert not story.phone_of(crews[0]).messages()
    must_hold(incident["id"])


def test_everybody_of_an_agency_is_asked_when_no_crew_answers(story: Story) -> None:
    """Six crews are asked, and then all the other 288 people for each: more than the incident can keep orders for at once."""
    numbers = disaster.muster(42, CREW, story.clock.now(), more=36, after_s=3600)
    incident_id = wildfire(story)["incident"]["id"]
    asked = numbers[: 6 * CREW]
    for number in asked:
        story.phone_of(number).expects("Karhutla")
    story.fast_forward(3900)
    whole = incidents.load_state(incident_id)
    assert whole is not None
    assert {each.step for each in whole.assignments.values()} == {1}
    assert len(incidents.as_json(whole.incident)) < 400_000
    for number in numbers[6 * CREW :]:
        assert story.phone_of(number).messages()
    assert portions.unfinished(whole.incident) is False
    for number in {sms.number for sms in story.provider.messages}:
        story.phone_of(number).seen = len(story.phone_of(number).messages())
    must_hold(incident_id)


def test_a_drill_pages_five_hundred(story: Story) -> None:
    numbers = disaster.muster(62, CREW, story.clock.now(), more=2)
    story.desk("POST", "/api/drills", {"agency_id": "damkar", "minutes": 30}, as_="supervisor", expect=201)
    story.fast_forward(120)
    for number in numbers:
        story.phone_of(number).expects("LATIHAN")
        story.phone_of(number).expects_nothing()
    for person in ("andi", "budi"):
        story.phone(person).expects("LATIHAN")


def test_a_plan_of_sixty_units_is_taken_and_one_of_more_than_an_incident_takes_is_refused(
    story: Story,
) -> None:
    disaster.muster(3, 1, story.clock.now())
    known = {
        "label": {"id": "Karhutla", "en": "Wildfire"},
        "type_id": disaster.TYPE,
        "districts": ["baamang"],
        "policy_id": "normal",
    }

    def asking(needs: int) -> Any:
        level = {
            "needs": [
                {"id": f"n{n}", "agencies": ["damkar"], "capability": "fire", "units": 20}
                for n in range(needs)
            ]
        }
        body = {**known, "id": f"plan_{needs}", "levels": [level]}
        return story.http("POST", "/api/registry/response-plans", body, as_="admin", key=f"p{needs}")

    assert asking(3).status == 201
    refused = asking(8)
    assert (refused.status, refused.body["fields"]) == (
        422,
        {"levels[0].needs": f"asks for more than {portions.UNITS_MOST} units"},
    )


def test_an_incident_with_as_many_units_as_it_takes_says_so(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = disaster.muster(5, 1, story.clock.now())
    for module in (
        "chalicelib.domain.portions",
        "chalicelib.services.response.assigning",
        "chalicelib.services.response.replacing",
    ):
        monkeypatch.setattr(f"{module}.UNITS_MOST", 3)
    incident = wildfire(story)["incident"]
    assert len(incident["crews"]) == 3
    (mark, *_) = incident["attention"]
    assert mark["detail"].endswith(":too_many_units")
    path = f"/api/incidents/{incident['id']}/assignments"
    refused = story.http("POST", path, {"unit_id": "damkar_1"}, as_="operator", key="one-more")
    assert (refused.status, refused.body["fields"]) == (409, {"unit_id": "too many units"})
    story.desk(
        "POST", f"{path}/{incident['crews'][0]['id']}/status", {"status": "unable", "reason": "no_fuel"}
    )
    assert len(story.incident(incident["id"])["crews"]) == 3
    for number in numbers[:3]:
        story.phone_of(number).expects("Karhutla")
