"""Nobody is left waiting: escalation when nobody acknowledges, and its end when somebody does."""

from __future__ import annotations

from typing import Literal

import pytest
from msgspec import structs

from chalicelib.errors import SmsRefused
from chalicelib.gateways.sms import Sms
from chalicelib.models import registry_writes
from infra.verify import verify
from tests.support import regency as seeded
from tests.world.harness import Story
from tests.world.provider import birth, head, policy

To = Literal["on_duty", "backup", "head", "supervisor"]


def test_no_answer_pages_the_next_on_duty_then_the_head_then_tells_the_desk_to_call(story: Story) -> None:
    policy(story, (60, "on_duty"), (120, "head"))
    head(story, "psc", "gita")
    incident = birth(story)
    story.fast_forward(59, sweeping=False)
    story.phone("dewi").expects_nothing()
    story.fast_forward(2, sweeping=False)
    story.phone("dewi").expects("Melahirkan")
    story.fast_forward(120, sweeping=False)
    story.phone("gita").expects("Melahirkan")
    assert story.incident(incident["id"])["attention"] == []
    story.fast_forward(120, sweeping=False)
    seen = story.incident(incident["id"])
    assert [mark["code"] for mark in seen["attention"]] == ["no_acknowledgement"]
    assert seen["crews"][0]["status"] == "unanswered"
    stages = [e["data"]["to"] for e in seen["timeline"] if e["type"] == "AssignmentEscalated"]
    assert stages == ["on_duty", "head", "desk"]
    story.fast_forward(3600)


def test_the_sweep_escalates_when_every_timer_was_lost(story: Story) -> None:
    policy(story, (60, "on_duty"))
    story.wakeups.lost = True
    story.call("childbirth")
    story.wakeups.lost = False
    story.fast_forward(180)
    story.phone("citra").expects("Melahirkan")
    story.phone("dewi").expects("Melahirkan")


def test_an_acknowledgement_ends_it(story: Story) -> None:
    policy(story, (60, "on_duty"))
    birth(story)
    story.phone("citra").taps("acknowledged")
    story.fast_forward(3600)


def test_en_route_without_an_acknowledgement_ends_it_too(story: Story) -> None:
    policy(story, (60, "on_duty"))
    birth(story)
    story.phone("citra").taps("en_route")
    story.fast_forward(3600)


def test_what_the_desk_heard_by_radio_ends_it(story: Story) -> None:
    policy(story, (60, "on_duty"))
    incident = birth(story)
    path = f"/api/incidents/{incident['id']}/assignments/{incident['assignments'][0]['id']}/status"
    story.desk("POST", path, {"status": "acknowledged"})
    story.fast_forward(3600)


def test_cancelling_ends_it(story: Story) -> None:
    policy(story, (60, "on_duty"))
    incident = birth(story)
    story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Salah lapor"})
    story.phone("citra").expects("BATAL")
    story.fast_forward(3600)


def test_unable_ends_it_and_the_next_units_own_clock_runs(story: Story) -> None:
    policy(story, (60, "head"))
    head(story, "psc", "gita")
    birth(story)
    story.fast_forward(30, sweeping=False)
    story.phone("citra").taps("unable", "other_duty")
    story.phone("dewi").expects("Melahirkan")
    story.fast_forward(59, sweeping=False)
    story.phone("gita").expects_nothing()
    story.fast_forward(2, sweeping=False)
    story.phone("gita").expects("Melahirkan")


def test_an_empty_stage_is_skipped_at_once(story: Story) -> None:
    policy(story, (60, "backup"), (600, "supervisor"), (600, "on_duty"))
    incident = birth(story)
    story.fast_forward(61, sweeping=False)
    story.phone("dewi").expects("Melahirkan")
    stage = next(e for e in story.incident(incident["id"])["timeline"] if e["type"] == "AssignmentEscalated")
    assert stage["data"]["skipped"] == ["backup", "supervisor"]


def test_a_policy_edited_while_an_incident_runs_counts_for_the_next_one(story: Story) -> None:
    policy(story, (600, "on_duty"))
    birth(story)
    policy(story, (60, "on_duty"))
    story.fast_forward(300)
    story.phone("dewi").expects_nothing()
    story.fast_forward(360)
    story.phone("dewi").expects("Melahirkan")


def test_units_that_an_alarm_sends_later_keep_to_the_policy_under_which_the_incident_opened(
    story: Story,
) -> None:
    policy(story, (600, "on_duty"))
    fire = story.call("house_fire")["incident"]
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("Kebakaran rumah")
        story.phone(person).taps("acknowledged")
    head(story, "psc", "gita")
    policy(story, (60, "head"))
    story.desk("POST", f"/api/incidents/{fire['id']}/assignments", {"alarm": 2}, expect=201)
    for person in ("budi", "dewi"):
        story.phone(person).expects("Kebakaran rumah")
    story.fast_forward(300)
    story.phone("gita").expects_nothing()


def test_two_acknowledgements_needed_means_that_one_is_not_enough(story: Story) -> None:
    policy(story, (60, "on_duty"), acknowledgements=2)
    incident = birth(story)
    story.phone("citra").taps("acknowledged")
    story.fast_forward(61, sweeping=False)
    story.phone("dewi").expects("Melahirkan")
    story.phone("dewi").taps("acknowledged")
    story.fast_forward(3600)
    assert story.incident(incident["id"])["attention"] == []
    assert story.incident(incident["id"])["assignments"][0]["acknowledged_by"] == ["citra", "dewi"]


def test_what_the_desk_hears_counts_for_the_whole_crew_though_one_had_acknowledged(story: Story) -> None:
    policy(story, (60, "on_duty"), acknowledgements=2)
    incident = birth(story)
    story.phone("citra").taps("acknowledged")
    path = f"/api/incidents/{incident['id']}/assignments/{incident['assignments'][0]['id']}/status"
    story.desk("POST", path, {"status": "acknowledged"})
    assert story.events(incident["id"])[-1] == "UnitAcknowledged"
    story.desk("POST", path, {"status": "acknowledged"})
    assert story.events(incident["id"])[-1] == "LateReportReceived"
    assert verify(incident["id"])[1] == []
    story.fast_forward(3600)


def test_the_same_person_twice_is_one_acknowledgement(story: Story) -> None:
    policy(story, (60, "on_duty"), acknowledgements=2)
    birth(story)
    story.phone("citra").taps("acknowledged")
    story.phone("citra").taps("acknowledged")
    story.fast_forward(61, sweeping=False)
    story.phone("dewi").expects("Melahirkan")


def test_a_repeated_round_pages_everybody_again(story: Story) -> None:
    policy(story, (60, "on_duty"), repeat=1)
    incident = birth(story)
    story.fast_forward(61, sweeping=False)
    story.phone("dewi").expects("Melahirkan")
    story.fast_forward(60, sweeping=False)
    story.phone("citra").expects("Melahirkan")
    story.phone("dewi").expects("Melahirkan")
    story.fast_forward(61, sweeping=False)
    assert story.incident(incident["id"])["attention"][0]["code"] == "no_acknowledgement"


def test_a_repeated_round_keeps_its_time_when_the_provider_refuses_everybody_for_a_while(
    story: Story,
) -> None:
    def refuse(sms: Sms) -> None:
        raise SmsRefused("the number does not exist")

    policy(story, (60, "on_duty"), repeat=1)
    story.provider.failing = refuse
    story.call("childbirth")
    story.provider.comes_back()
    story.fast_forward(61, sweeping=False)
    story.phone("citra").expects("Melahirkan")
    story.phone("dewi").expects("Melahirkan")


def test_somebody_who_is_out_with_another_crew_is_not_called_away(story: Story) -> None:
    policy(story, (60, "on_duty"))
    first = birth(story)
    second = story.call("childbirth")["incident"]
    story.phone("dewi").expects("Melahirkan")
    story.fast_forward(61, sweeping=False)
    for incident in (first, second):
        assert story.incident(incident["id"])["attention"][0]["code"] == "no_acknowledgement"


def test_an_answer_after_the_escalation_counts_and_takes_the_mark_away(story: Story) -> None:
    policy(story, (60, "on_duty"))
    incident = birth(story)
    story.fast_forward(121, sweeping=False)
    story.phone("dewi").expects("Melahirkan")
    assert story.incident(incident["id"])["crews"][0]["status"] == "unanswered"
    assert story.phone("citra").taps("acknowledged").body["applied"] is True
    seen = story.incident(incident["id"])
    assert (seen["crews"][0]["status"], seen["attention"]) == ("acknowledged", [])


def test_a_phone_that_rang_in_vain_stands_in_the_trail_and_ends_nothing(story: Story) -> None:
    policy(story, (60, "on_duty"))
    incident = birth(story)
    path = f"/api/incidents/{incident['id']}/assignments/{incident['assignments'][0]['id']}"
    story.desk("POST", f"{path}/unanswered-calls", {"person_id": "citra"}, expect=201)
    story.fast_forward(61, sweeping=False)
    story.phone("dewi").expects("Melahirkan")
    story.fast_forward(60, sweeping=False)
    before = story.incident(incident["id"])
    assert [mark["code"] for mark in before["attention"]] == ["no_acknowledgement"]
    story.desk("POST", f"{path}/unanswered-calls", {"person_id": "dewi"}, as_="psc_admin", expect=201)
    story.desk("POST", f"{path}/unanswered-calls", {"person_id": ""}, expect=201)
    after = story.incident(incident["id"])
    assert (after["crews"], after["attention"]) == (before["crews"], before["attention"])
    rung = [each for each in after["timeline"] if each["type"] == "CallNotAnswered"]
    assert [(each["data"]["person"], each["actor_name"]) for each in rung] == [
        ("citra", "Operator"),
        ("dewi", "Psc_Admin"),
        ("", "Operator"),
    ]
    # Then somebody picks up.
    story.desk("POST", f"{path}/status", {"status": "acknowledged"})
    assert story.incident(incident["id"])["attention"] == []


def test_only_the_desk_and_the_crews_own_agency_say_that_a_phone_rang_in_vain(story: Story) -> None:
    incident = birth(story)
    path = f"/api/incidents/{incident['id']}/assignments"
    rang = f"{path}/{incident['assignments'][0]['id']}/unanswered-calls"
    for as_ in ("damkar_admin", "leader", "auditor"):
        assert story.http("POST", rang, {"person_id": "citra"}, as_=as_, key="k").status == 403
    refused = story.http("POST", rang, {"person_id": "nobody"}, as_="operator", key="k")
    assert (refused.status, list(refused.body["fields"])) == (422, ["person_id"])
    unknown = f"{path}/01KAQW000000000000000GH0ST/unanswered-calls"
    assert story.http("POST", unknown, {"person_id": "citra"}, as_="operator", key="k").status == 404
    assert "CallNotAnswered" not in story.events(incident["id"])


def test_a_supervisor_is_paged_on_the_phone_of_the_account(story: Story) -> None:
    policy(story, (60, "supervisor"))
    account = story.http("GET", "/api/registry/accounts/sub-supervisor", as_="admin").body
    account.pop("v")
    story.desk("PUT", "/api/registry/accounts/sub-supervisor", {**account, "person_id": "gita"}, as_="admin")
    birth(story)
    story.fast_forward(61, sweeping=False)
    story.phone("gita").expects("Melahirkan")


def test_a_supervisor_whose_account_is_disabled_is_not_paged(story: Story) -> None:
    policy(story, (60, "supervisor"))
    account = story.http("GET", "/api/registry/accounts/sub-supervisor", as_="admin").body
    account.pop("v")
    gone = {**account, "person_id": "gita", "disabled": True}
    story.desk("PUT", "/api/registry/accounts/sub-supervisor", gone, as_="admin")
    incident = birth(story)
    story.fast_forward(61, sweeping=False)
    story.phone("gita").expects_nothing()
    assert [mark["code"] for mark in story.incident(incident["id"])["attention"]] == ["no_acknowledgement"]


def test_a_head_who_has_retired_is_not_paged_though_an_older_release_left_them_in_their_place(
    story: Story,
) -> None:
    policy(story, (60, "head"))
    head(story, "psc", "gita")
    gita = story.world.registry.current().people["gita"]
    registry_writes.write(
        [(registry_writes.item_of("personnel", structs.replace(gita, retired=True)), 1)],
        stamp=seeded.stamped(),
    )
    incident = birth(story)
    story.fast_forward(61, sweeping=False)
    story.phone("gita").expects_nothing()
    assert [mark["code"] for mark in story.incident(incident["id"])["attention"]] == ["no_acknowledgement"]


@pytest.mark.parametrize("times", [2, 10])
def test_the_same_timer_many_times_escalates_once(story: Story, times: int) -> None:
    policy(story, (60, "on_duty"), (600, "head"))
    incident = birth(story)
    assignment = incident["assignments"][0]["id"]
    for _ in range(times):
        story.wakeups.send("timers", [{"incident": incident["id"], "assignment": assignment}], 60)
    story.fast_forward(62, sweeping=False)
    story.phone("dewi").expects("Melahirkan")


def test_a_timer_that_comes_early_escalates_nothing(story: Story) -> None:
    policy(story, (60, "on_duty"))
    incident = birth(story)
    early = {"incident": incident["id"], "assignment": incident["assignments"][0]["id"]}
    story.wakeups.send("timers", [early])
    story.settle()
    story.phone("dewi").expects_nothing()
    assert "AssignmentEscalated" not in story.events(incident["id"])


def test_a_head_who_cannot_help_does_not_send_the_crew_home(story: Story) -> None:
    policy(story, (60, "head"), (60, "on_duty"))
    head(story, "psc", "gita")
    incident = birth(story)
    story.fast_forward(61, sweeping=False)
    story.phone("gita").expects("Melahirkan")
    assert story.phone("gita").taps("unable", "other_duty").body["applied"] is True
    seen = story.incident(incident["id"])
    assert (seen["crews"][0]["status"], seen["timeline"][-1]["type"]) == ("requested", "PageDeclined")
    assert story.phone("citra").taps("acknowledged").body["applied"] is True


def test_the_boards_clock_counts_from_when_the_crew_was_asked(story: Story) -> None:
    policy(story, (60, "on_duty"), (60, "head"))
    incident = birth(story)
    story.fast_forward(61, sweeping=False)
    story.phone("dewi").expects("Melahirkan")
    asked = incident["assignments"][0]["milestones"]["requested"]
    assert story.incident(incident["id"])["crews"][0]["at"] == asked
