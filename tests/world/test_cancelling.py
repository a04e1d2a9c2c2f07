"""Calling off: whoever has a call-out on the phone is told, nobody who is still expected is sent home by it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from msgspec import structs, to_builtins

from chalicelib.domain import times
from chalicelib.domain.registry import EscalationPolicy, EscalationStep, Shift
from chalicelib.errors import SmsUnavailable
from chalicelib.gateways.sms import Sms
from chalicelib.models import incidents, registry_writes
from tests.support import regency
from tests.support import regency as seeded
from tests.world.harness import Incident, Story


def fire(story: Story) -> Incident:
    incident: Incident = story.call("house_fire")["incident"]
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("Kebakaran rumah")
    return incident


def path(incident: Incident, unit_id: str = "damkar_1", what: str = "status") -> str:
    aid = next(each["id"] for each in incident["assignments"] if each["unit_id"] == unit_id)
    return f"/api/incidents/{incident['id']}/assignments/{aid}/{what}"


def cancel(story: Story, incident: Incident) -> Any:
    return story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Salah lapor"})


def edit(story: Story, noun: str, id_: str, **changes: object) -> None:
    found = story.http("GET", f"/api/registry/{noun}/{id_}", as_="admin").body
    found.pop("v")
    story.desk("PUT", f"/api/registry/{noun}/{id_}", {**found, **changes}, as_="admin")


def while_sending(story: Story, person: str, act: Callable[[], object]) -> None:
    """Do something while the provider has the next message to somebody in hand, then let it be taken."""

    def first(sms: Sms) -> None:
        if sms.number == regency.number_of(person):
            story.provider.comes_back()
            act()

    story.provider.failing = first


def test_a_cancellation_that_overtakes_its_page_still_comes_after_it(story: Story) -> None:
    def board() -> Incident:
        found: Incident = story.http("GET", "/api/incidents", as_="operator").body["incidents"][0]
        return found

    while_sending(story, "citra", lambda: cancel(story, board()))
    story.call("childbirth")
    story.fast_forward(60)
    story.phone("citra").expects("112", "/r/")
    story.phone("citra").expects("BATAL")


def test_a_cancellation_woken_before_its_page_leaves_after_it_or_not_at_all(story: Story) -> None:
    story.wakeups.lost = True
    incident: Incident = story.call("childbirth")["incident"]
    cancel(story, incident)
    story.wakeups.lost = False
    pages = sorted(story.incident(incident["id"])["pages"], key=lambda page: str(page["kind"]))
    assert [page["kind"] for page in pages] == ["cancelled", "page"]
    for page in pages:
        story.deliver([{"incident": incident["id"], "page": page["id"]}])
    story.fast_forward(120)
    story.phone("citra").expects_nothing()


def test_a_crew_called_off_and_called_again_is_not_sent_home_by_a_late_cancellation(story: Story) -> None:
    incident = fire(story)
    story.provider.goes_down()
    story.desk("POST", path(incident), {"status": "cancelled"})
    again = f"/api/incidents/{incident['id']}/assignments"
    story.desk("POST", again, {"unit_id": "damkar_1"}, expect=201)
    story.provider.comes_back()
    story.fast_forward(300)
    story.phone("andi").expects("Kebakaran rumah")
    story.phone("andi").expects_nothing()


def test_a_crew_called_again_while_its_cancellation_leaves_gets_the_call_out_last(story: Story) -> None:
    incident = fire(story)
    again = f"/api/incidents/{incident['id']}/assignments"
    while_sending(story, "andi", lambda: story.desk("POST", again, {"unit_id": "damkar_1"}, expect=201))
    story.desk("POST", path(incident), {"status": "cancelled"})
    for _ in range(3):
        story.fast_forward(3, sweeping=False)
    story.phone("andi").expects("BATAL")
    story.phone("andi").expects("Kebakaran rumah")


def test_somebody_who_changes_units_in_a_swap_hears_of_the_new_unit_alone(story: Story) -> None:
    day, change = "2026-11-23", times.plus(story.clock.now(), 60)
    shifts: list[Any] = list(regency.shifts(day))
    usual = next(each for each in shifts if each.person_id == "andi")
    roster = {"agency_id": "damkar", "date": day}
    gone = story.http("DELETE", f"/api/registry/shifts/{usual.id}", as_="admin", query=roster)
    assert gone.status == 200, gone.text
    regency.load(
        {
            "shifts": [
                structs.replace(usual, id="andi-1", ends_at=change),
                structs.replace(usual, id="andi-2", unit_id="damkar_2", starts_at=change),
            ]
        }
    )
    incident = fire(story)
    story.fast_forward(90)
    again = f"/api/incidents/{incident['id']}/assignments"
    old = path(incident).split("/")[-2]
    story.desk("POST", again, {"unit_id": "damkar_2", "instead_of": old}, expect=201)
    story.phone("andi").expects("Kebakaran rumah", "DAMKAR-2")
    story.phone("budi").expects("Kebakaran rumah", "DAMKAR-2")
    story.fast_forward(120)


def test_a_reopened_incident_calls_a_crew_whose_cancellation_had_not_left(story: Story) -> None:
    incident = fire(story)
    story.provider.goes_down()
    cancel(story, incident)
    story.desk("POST", f"/api/incidents/{incident['id']}/reopen", {"reason": "Api menyala lagi"})
    again = f"/api/incidents/{incident['id']}/assignments"
    story.desk("POST", again, {"unit_id": "damkar_1"}, expect=201)
    story.provider.comes_back()
    story.fast_forward(300)
    story.phone("andi").expects("Kebakaran rumah")
    for person in ("citra", "eko"):
        story.phone(person).expects("BATAL")


def test_somebody_who_left_the_registry_is_told_of_the_cancellation_all_the_same(story: Story) -> None:
    incident = fire(story)
    # The registry refuses it while somebody is out; a release before did not.
    andi = story.world.registry.current().people["andi"]
    registry_writes.write(
        [(registry_writes.item_of("personnel", structs.replace(andi, retired=True)), 1)],
        stamp=seeded.stamped(),
    )
    cancel(story, incident)
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("BATAL")


def test_a_cancellation_goes_to_the_phone_that_has_the_call_out(story: Story) -> None:
    incident = fire(story)
    edit(story, "personnel", "andi", phone="+62811000777")
    cancel(story, incident)
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("BATAL")
    story.phone_of("+62811000777").expects_nothing()


def policy(story: Story, *steps: int, **more: Any) -> None:
    kept = EscalationPolicy(
        id="normal",
        label=regency.label("Biasa"),
        steps=[EscalationStep(after_s=after_s, to="on_duty") for after_s in steps],
        silence=regency.SILENCE,
        **more,
    )
    story.desk("PUT", "/api/registry/escalation-policies/normal", to_builtins(kept), as_="admin")


def down_for(story: Story, person: str) -> None:
    def down(sms: Sms) -> None:
        if sms.number == regency.number_of(person):
            raise SmsUnavailable("429", may_be_taken=False)

    story.provider.failing = down


def test_whom_the_escalation_asked_is_not_called_out_once_the_crew_has_answered(story: Story) -> None:
    policy(story, 60)
    incident: Incident = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan")
    down_for(story, "dewi")
    story.fast_forward(61, sweeping=False)
    story.phone("citra").taps("acknowledged")
    story.provider.comes_back()
    story.fast_forward(180)
    story.phone("dewi").expects_nothing()
    seen = story.incident(incident["id"])
    assert (seen["attention"], [page["status"] for page in seen["pages"]]) == ([], ["sent", "expired"])


def test_whom_the_escalation_asked_is_called_out_while_answers_are_too_few(story: Story) -> None:
    policy(story, 60, acknowledgements=2)
    story.call("childbirth")
    story.phone("citra").expects("Melahirkan")
    down_for(story, "dewi")
    story.fast_forward(61, sweeping=False)
    story.phone("citra").taps("acknowledged")
    story.provider.comes_back()
    story.fast_forward(180)
    story.phone("dewi").expects("Melahirkan")


def test_a_crews_second_phone_is_called_out_although_the_first_has_answered(story: Story) -> None:
    edit(story, "units", "ambulans_1", min_crew=2)
    regency.load(
        {
            "shifts": [
                Shift(
                    id="gita-1",
                    agency_id="psc",
                    person_id="gita",
                    unit_id="ambulans_1",
                    starts_at="2026-11-22T17:00:00Z",
                    ends_at="2026-11-23T17:00:00Z",
                )
            ]
        }
    )
    down_for(story, "gita")
    story.call("childbirth")
    story.phone("citra").expects("Melahirkan")
    story.phone("citra").taps("en_route")
    story.provider.comes_back()
    story.fast_forward(60)
    story.phone("gita").expects("Melahirkan")


def test_a_cancellation_does_not_read_everybody_elses_pages(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = fire(story)
    called_off = story.http("POST", path(incident), {"status": "cancelled"}, as_="operator", key="off")
    assert called_off.status == 200, called_off.body
    read: list[str] = []
    monkeypatch.setattr(incidents, "load_state", read.append)
    story.settle()
    story.phone("andi").expects("BATAL")
    assert read == [], "three hundred of them would read three hundred pages each"
