"""A crew that nobody hears of: the next fit unit is asked beside it, once a need; what it says later still counts."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import to_builtins

from chalicelib.domain import times
from chalicelib.domain.registry import EscalationPolicy, EscalationStep
from chalicelib.models import incidents, unit_states
from infra.verify import verify
from tests.support import regency
from tests.world.harness import Incident, Story
from tests.world.provider import birth, head, marks, policy
from tests.world.test_amending import amend
from tests.world.test_cancelling import fire

AFTER_A_MINUTE: list[Any] = [{"priority": 2, "after_s": 60}]


def silence(story: Story, *steps: tuple[int, str], **more: Any) -> None:
    """A policy by which another unit is asked beside whoever is silent for a minute at priority 2, and nobody else for long."""
    policy(story, *(steps or ((7200, "head"),)), **{"silence": AFTER_A_MINUTE, **more})


def crews(story: Story, incident: Incident) -> dict[str, str]:
    return {crew["unit_id"]: crew["status"] for crew in story.incident(incident["id"])["crews"]}


def assigned(story: Story, incident: Incident, unit: str) -> Any:
    found = story.incident(incident["id"])["assignments"]
    return next(each for each in found if each["unit_id"] == unit)


def told(story: Story, incident: Incident, type_: str) -> list[Any]:
    timeline = story.incident(incident["id"])["timeline"]
    return [event["data"] for event in timeline if event["type"] == type_]


def silent_birth(story: Story) -> Incident:
    """A childbirth whose first crew, Citra's, has been silent for a minute, so that Dewi's was asked beside it."""
    silence(story)
    incident = birth(story)
    story.fast_forward(62, sweeping=False)
    story.phone("dewi").expects("Melahirkan")
    return incident


def test_a_minute_after_its_page_left_the_next_unit_is_asked_beside_a_silent_crew(story: Story) -> None:
    silence(story)
    incident = birth(story)
    story.fast_forward(59, sweeping=False)
    story.phone("dewi").expects_nothing()
    story.fast_forward(3, sweeping=False)
    story.phone("dewi").expects("Melahirkan")
    first = assigned(story, incident, "ambulans_1")
    asked = assigned(story, incident, "ambulans_2")
    assert (asked["because"], asked["beside"]) == ("silence", first["id"])
    last = told(story, incident, "UnitAssigned")[-1]
    assert (last["unit"], last["because"], last["beside"]) == ("ambulans_2", "silence", first["id"])
    assert crews(story, incident) == {"ambulans_1": "requested", "ambulans_2": "requested"}
    assert verify(incident["id"])[1] == []


def test_the_time_runs_from_when_the_page_left_and_not_from_when_it_was_ordered(story: Story) -> None:
    silence(story)
    story.provider.goes_down()
    story.call("childbirth")
    story.fast_forward(300)
    assert story.phone("dewi").messages() == []
    story.provider.comes_back()
    story.fast_forward(120, sweeping=False)
    story.phone("citra").expects("Melahirkan")
    loaded = incidents.load_state(incidents.open_ids()[0])
    assert loaded
    sent = {each.person_id: each.sent_at for each in loaded.pages.values()}
    assert 60 <= (times.between(sent["citra"], sent["dewi"]) or 0) < 64
    story.phone("dewi").expects("Melahirkan")


def test_a_crew_whose_every_page_was_refused_is_followed_as_if_it_had_been_silent_since_it_was_asked(
    story: Story,
) -> None:
    silence(story)
    story.provider.refuses(regency.number_of("citra"))
    story.call("childbirth")
    story.fast_forward(62, sweeping=False)
    story.phone("dewi").expects("Melahirkan")


@pytest.mark.parametrize(("priority", "asked_after_s"), [(1, 60), (2, 180)])
def test_a_policy_that_does_not_say_asks_after_a_minute_for_the_first_priority_and_three_for_the_second(
    story: Story, priority: int, asked_after_s: int
) -> None:
    bare = EscalationPolicy(
        id="normal", label=regency.label("Biasa"), steps=[EscalationStep(after_s=7200, to="head")]
    )
    written = {name: value for name, value in to_builtins(bare).items() if name != "silence"}
    story.desk("PUT", "/api/registry/escalation-policies/normal", written, as_="admin")
    story.call("childbirth", priority=priority)
    story.phone("citra").expects("Melahirkan")
    story.fast_forward(asked_after_s - 2, sweeping=False)
    story.phone("dewi").expects_nothing()
    story.fast_forward(4, sweeping=False)
    story.phone("dewi").expects("Melahirkan")


def test_below_the_second_priority_nobody_is_asked_for_silence(story: Story) -> None:
    policy(
        story, (7200, "head"), silence=to_builtins(EscalationPolicy(id="p", label=regency.label("x")).silence)
    )
    story.call("childbirth", priority=3)
    story.phone("citra").expects("Melahirkan")
    story.fast_forward(3600)


def test_the_sweep_asks_when_every_timer_was_lost_and_a_timer_that_comes_ten_times_asks_once(
    story: Story,
) -> None:
    silence(story)
    story.wakeups.lost = True
    incident = story.call("childbirth")["incident"]
    story.wakeups.lost = False
    story.fast_forward(240)
    story.phone("citra").expects("Melahirkan")
    story.phone("dewi").expects("Melahirkan")
    again = {"incident": incident["id"], "assignment": incident["assignments"][0]["id"]}
    story.wakeups.send("timers", [again] * 10)
    story.settle()
    assert len(told(story, incident, "UnitAssigned")) == 2


def test_an_answer_before_the_minute_is_over_asks_nobody(story: Story) -> None:
    silence(story)
    birth(story)
    story.phone("citra").taps("acknowledged")
    story.fast_forward(3600)


def test_whoever_comes_late_comes_beside_the_other_and_the_desk_sees_both(story: Story) -> None:
    incident = silent_birth(story)
    story.phone("dewi").taps("en_route")
    assert story.phone("citra").taps("acknowledged").body["applied"] is True
    assert crews(story, incident) == {"ambulans_1": "acknowledged", "ambulans_2": "en_route"}
    assert marks(story, incident) == []


def test_one_a_need_then_the_desk(story: Story) -> None:
    silence(story, (60, "supervisor"))
    incident = birth(story)
    story.fast_forward(62, sweeping=False)
    story.phone("dewi").expects("Melahirkan")
    story.fast_forward(180)
    seen = story.incident(incident["id"])
    unanswered = {mark["detail"] for mark in seen["attention"] if mark["code"] == "no_acknowledgement"}
    assert unanswered == {crew["id"] for crew in seen["crews"]}
    assert set(crews(story, incident).values()) == {"unanswered"}
    assert verify(incident["id"])[1] == []


def test_of_two_silent_crews_of_one_need_only_the_first_has_somebody_asked_beside_it(story: Story) -> None:
    plan = story.http("GET", "/api/registry/response-plans/health", as_="admin").body
    plan.pop("v")
    (need,) = plan["levels"][0]["needs"]
    need.update(agencies=["psc", "polres", "damkar"], capability=None, units=2)
    story.desk("PUT", "/api/registry/response-plans/health", plan, as_="admin")
    silence(story)
    incident = birth(story)
    story.phone("dewi").expects("Melahirkan")
    story.fast_forward(600)
    story.phone("eko").expects("Melahirkan")
    assert list(crews(story, incident)) == ["ambulans_1", "ambulans_2", "polres_1"]
    # One comes and the other is silent: that is one too few, and whoever says no is followed.
    story.phone("citra").taps("acknowledged")
    story.phone("eko").taps("unable", "no_fuel")
    story.phone("andi").expects("Melahirkan")


def test_the_unit_asked_beside_brings_no_stages_of_its_own_the_desk_comes_after_it(story: Story) -> None:
    head(story, "psc", "gita")
    silence(story, (600, "head"))
    incident = birth(story)
    story.fast_forward(62, sweeping=False)
    story.phone("dewi").expects("Melahirkan")
    story.fast_forward(602, sweeping=False)
    story.phone("gita").expects("Melahirkan")
    assert [each["to"] for each in told(story, incident, "AssignmentEscalated")] == ["head", "desk"]


def test_where_no_other_unit_is_fit_the_desk_is_told_at_once_to_ring_the_silent_crew(story: Story) -> None:
    silence(story)
    story.call("childbirth")
    story.phone("citra").expects("Melahirkan")
    incident = story.call("childbirth")["incident"]
    story.phone("dewi").expects("Melahirkan")
    story.fast_forward(62, sweeping=False)
    assert marks(story, incident) == ["no_acknowledgement"]
    (short,) = told(story, incident, "DispatchShortfall")
    assert (short["because"], short["reason"]) == ("silence", "no_fit_unit")
    story.phone("dewi").taps("acknowledged")
    assert marks(story, incident) == []
    story.fast_forward(600)


def test_an_opened_link_is_no_silence_until_a_later_page_has_left(story: Story) -> None:
    silence(story, (120, "head"))
    head(story, "psc", "gita")
    incident = birth(story)
    story.fast_forward(30, sweeping=False)
    assert story.phone("citra").opens_link().status == 200
    story.fast_forward(60, sweeping=False)
    assert [(each["unit"], each["sign"]) for each in told(story, incident, "CrewHeard")] == [
        ("ambulans_1", "link")
    ]
    story.fast_forward(60, sweeping=False)
    story.phone("gita").expects("Melahirkan")
    story.phone("dewi").expects_nothing()
    story.fast_forward(60, sweeping=False)
    story.phone("dewi").expects("Melahirkan")
    assert verify(incident["id"])[1] == []


def test_a_phone_that_fetches_the_link_as_the_sms_arrives_has_not_opened_it(story: Story) -> None:
    silence(story)
    birth(story)
    story.fast_forward(2, sweeping=False)
    story.phone("citra").opens_link()
    story.fast_forward(62, sweeping=False)
    story.phone("dewi").expects("Melahirkan")


def test_a_phone_that_fetched_it_and_a_person_who_then_opens_it_are_told_apart(story: Story) -> None:
    silence(story)
    birth(story)
    story.fast_forward(2, sweeping=False)
    story.phone("citra").opens_link()
    story.fast_forward(28, sweeping=False)
    story.phone("citra").opens_link()
    story.fast_forward(600, sweeping=False)
    story.phone("dewi").expects_nothing()


def test_a_late_unable_of_the_silent_crew_asks_no_third_while_the_one_beside_stands(story: Story) -> None:
    silence(story)
    fire = story.call("house_fire", priority=2)["incident"]
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("Kebakaran")
    for person in ("citra", "eko"):
        story.phone(person).taps("acknowledged")
    story.fast_forward(62, sweeping=False)
    story.phone("budi").expects("Kebakaran")
    story.phone("andi").taps("unable", "no_fuel")
    assert told(story, fire, "DispatchShortfall") == []
    # Then the one beside cannot either: that is answered as any *unable*.
    story.phone("budi").taps("unable", "no_fuel")
    assert [each["need_id"] for each in told(story, fire, "DispatchShortfall")] == ["pump"]
    assert verify(fire["id"])[1] == []


def test_unable_of_the_unit_beside_is_answered_while_the_first_is_silent_still(story: Story) -> None:
    incident = silent_birth(story)
    story.phone("dewi").taps("unable", "no_fuel")
    assert [each["because"] for each in told(story, incident, "DispatchShortfall")] == ["silence"]
    assert marks(story, incident) == ["no_acknowledgement"]
    story.phone("citra").taps("acknowledged")
    assert marks(story, incident) == []


def test_unable_of_the_unit_beside_asks_nobody_once_the_silent_crew_has_answered(story: Story) -> None:
    incident = silent_birth(story)
    story.phone("citra").taps("acknowledged")
    story.phone("dewi").taps("unable", "no_fuel")
    assert told(story, incident, "DispatchShortfall") == [] and marks(story, incident) == []


def test_while_the_unit_beside_comes_nobody_more_is_paged_for_the_silent_crew(story: Story) -> None:
    head(story, "psc", "gita")
    silence(story, (120, "head"))
    incident = birth(story)
    story.fast_forward(62, sweeping=False)
    story.phone("dewi").expects("Melahirkan")
    story.phone("dewi").taps("acknowledged")
    story.fast_forward(1200)
    story.phone("gita").expects_nothing()
    assert marks(story, incident) == []
    # It breaks down, and the search goes on where it rested.
    story.phone("dewi").taps("unable", "no_fuel")
    story.fast_forward(360)
    story.phone("gita").expects("Melahirkan")


def test_a_head_and_a_supervisor_are_paged_once_an_incident_and_not_once_a_crew(story: Story) -> None:
    account = story.http("GET", "/api/registry/accounts/sub-supervisor", as_="admin").body
    account.pop("v")
    story.desk("PUT", "/api/registry/accounts/sub-supervisor", {**account, "person_id": "gita"}, as_="admin")
    policy(story, (60, "supervisor"), repeat=1)
    fire = story.call("house_fire")["incident"]
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("Kebakaran")
    story.fast_forward(600)
    story.phone("gita").expects("Kebakaran")
    assert set(crews(story, fire).values()) == {"unanswered"}


def test_a_unit_asked_for_silence_that_has_not_answered_is_taken_for_another_incident(story: Story) -> None:
    first = silent_birth(story)
    second = story.call("childbirth")["incident"]
    story.phone("dewi").expects("Melahirkan")
    story.phone("dewi").expects("BATAL")
    assert crews(story, second) == {"ambulans_2": "requested"}
    assert assigned(story, second, "ambulans_2")["picked_for"] == ["taken"]
    assert crews(story, first) == {"ambulans_1": "requested", "ambulans_2": "cancelled"}
    assert [each["because"] for each in told(story, first, "UnitCancelled")] == ["taken"]
    # Nobody else is free: the silent crew must be rung.
    assert marks(story, first) == ["no_acknowledgement"]
    state = unit_states.all_unit_states().units["ambulans_2"]
    assert (state.incident_id, state.under) == (second["id"], ())
    assert [verify(each["id"])[1] for each in (first, second)] == [[], []]


def test_what_is_free_goes_before_what_must_be_taken(story: Story) -> None:
    silent_birth(story)
    story.phone("citra").taps("unable", "other_duty")
    second = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan")
    assert crews(story, second) == {"ambulans_1": "requested"}


def test_who_has_answered_is_not_taken(story: Story) -> None:
    silent_birth(story)
    story.phone("dewi").taps("acknowledged")
    second = story.call("childbirth")["incident"]
    assert crews(story, second) == {}
    assert [each["reason"] for each in told(story, second, "DispatchShortfall")] == ["busy"]


def test_silence_takes_nobody_from_another_silence(story: Story) -> None:
    plan = story.http("GET", "/api/registry/response-plans/house_fire", as_="admin").body
    plan.pop("v")
    watch = {
        **plan["levels"][0]["needs"][2],
        "id": "watch",
        "agencies": ["polres", "psc"],
        "capability": None,
    }
    plan["levels"] = [{"needs": [watch]}]
    story.desk("PUT", "/api/registry/response-plans/house_fire", plan, as_="admin")
    first = silent_birth(story)
    fire = story.call("house_fire", priority=2)["incident"]
    story.phone("eko").expects("Kebakaran")
    story.fast_forward(62, sweeping=False)
    assert crews(story, fire) == {"polres_1": "requested"}
    assert marks(story, fire) == ["no_acknowledgement"]
    assert crews(story, first)["ambulans_2"] == "requested"


def test_the_dispatcher_may_take_one_that_has_not_answered_without_insisting(story: Story) -> None:
    first = silent_birth(story)
    second = story.call("theft")["incident"]
    path = f"/api/incidents/{second['id']}/assignments"
    story.desk("POST", path, {"unit_id": "ambulans_2"}, expect=201)
    story.phone("dewi").expects("Pencurian")
    story.phone("dewi").expects("BATAL")
    assert crews(story, first)["ambulans_2"] == "cancelled"


def test_a_taken_unit_is_called_off_though_whoever_took_it_died_right_after(story: Story) -> None:
    first = silent_birth(story)
    story.wakeups.lost = True
    second = story.call("childbirth")["incident"]
    story.wakeups.lost = False
    assert crews(story, first)["ambulans_2"] == "requested"
    assert crews(story, second) == {"ambulans_2": "requested"}
    story.fast_forward(7300)
    story.phone("dewi").expects("Melahirkan")
    story.phone("dewi").expects("BATAL")
    assert crews(story, first)["ambulans_2"] == "cancelled"
    assert [verify(each["id"])[1] for each in (first, second)] == [[], []]


def test_the_auditor_finds_a_taken_unit_whose_search_had_ended_and_whose_taker_died(story: Story) -> None:
    silence(story, (60, "supervisor"))
    first = birth(story)
    story.fast_forward(62, sweeping=False)
    story.phone("dewi").expects("Melahirkan")
    story.fast_forward(120, sweeping=False)
    assert crews(story, first)["ambulans_2"] == "unanswered"
    story.wakeups.lost = True
    story.call("childbirth")
    story.wakeups.lost = False
    story.sweep()
    story.phone("dewi").expects("Melahirkan")
    assert crews(story, first)["ambulans_2"] == "unanswered"
    assert story.audit()["repaired"] == 1
    story.sweep()
    story.phone("dewi").expects("BATAL")
    assert crews(story, first)["ambulans_2"] == "cancelled"


def test_a_crew_that_answers_as_it_is_taken_comes_to_whom_it_answered(story: Story) -> None:
    first = silent_birth(story)
    story.wakeups.lost = True
    link = story.phone("dewi").link()
    second = story.call("childbirth")["incident"]
    story.http("POST", f"/api{link}", {"status": "acknowledged", "reason": ""})
    story.wakeups.lost = False
    story.sweep()
    story.phone("dewi").expects("Melahirkan")
    assert crews(story, first)["ambulans_2"] == "acknowledged"
    assert crews(story, second) == {"ambulans_2": "requested"}
    assert [verify(each["id"])[1] for each in (first, second)] == [[], []]


def test_a_drill_takes_nobody_from_a_real_silence_and_a_real_call_takes_from_a_drills(story: Story) -> None:
    silence(story)
    drill = story.call("childbirth", drill=True)["incident"]
    story.phone("citra").expects("LATIHAN")
    story.fast_forward(62, sweeping=False)
    story.phone("dewi").expects("LATIHAN")
    real = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan")
    story.fast_forward(62, sweeping=False)
    story.phone("dewi").expects("Melahirkan")
    story.phone("dewi").expects("BATAL")
    assert crews(story, drill)["ambulans_2"] == "cancelled"
    another = story.call("childbirth", drill=True)["incident"]
    assert crews(story, another) == {}
    assert crews(story, real) == {"ambulans_1": "requested", "ambulans_2": "requested"}


def test_nobody_is_asked_beside_the_dispatchers_own_choice(story: Story) -> None:
    silence(story)
    theft = story.call("theft", priority=2)["incident"]
    path = f"/api/incidents/{theft['id']}/assignments"
    story.desk("POST", path, {"unit_id": "polres_1"}, expect=201)
    story.phone("eko").expects("Pencurian")
    story.fast_forward(3600)


def test_an_agency_does_not_learn_beside_whose_crew_its_own_was_asked(story: Story) -> None:
    plan = story.http("GET", "/api/registry/response-plans/health", as_="admin").body
    plan.pop("v")
    plan["levels"][0]["needs"][0]["agencies"] = ["psc", "polres"]
    plan["levels"][0]["needs"][0]["capability"] = None
    story.desk("PUT", "/api/registry/response-plans/health", plan, as_="admin")
    silence(story)
    story.call("childbirth")
    story.phone("citra").expects("Melahirkan")
    incident = story.call("childbirth")["incident"]
    story.phone("dewi").expects("Melahirkan")
    story.fast_forward(62, sweeping=False)
    story.phone("eko").expects("Melahirkan")
    seen = [story.incident(each, as_="psc_admin") for each in incidents.open_ids()]
    named = {each["unit_id"]: each["beside"] for one in seen for each in one["assignments"]}
    assert set(named.values()) == {""}
    assert incident["id"] in {one["id"] for one in seen}


def test_two_waits_for_one_priority_are_refused(story: Story) -> None:
    found = story.http("GET", "/api/registry/escalation-policies/normal", as_="admin").body
    found.pop("v")
    twice = [{"priority": 1, "after_s": 60}, {"priority": 1, "after_s": 90}]
    answer = story.http(
        "PUT", "/api/registry/escalation-policies/normal", {**found, "silence": twice}, as_="admin"
    )
    assert (answer.status, answer.body["faults"][0]["code"]) == (422, "priority_twice")


def test_a_crew_that_is_silent_through_an_amendment_has_the_next_of_the_new_plan_asked_beside_it(
    story: Story,
) -> None:
    silence(story, silence=[{"priority": 1, "after_s": 60}, {"priority": 2, "after_s": 60}])
    health = story.http("GET", "/api/registry/response-plans/health", as_="admin").body
    # The ambulance's need has another name than in the plan of fires, and the pump and the police are in none.
    health["levels"][0]["needs"][0]["id"] = "ambulance"
    health.pop("v")
    story.desk("PUT", "/api/registry/response-plans/health", health, as_="admin")
    incident = fire(story)
    amend(story, incident, type="childbirth", tell=False)
    story.fast_forward(62, sweeping=False)
    story.phone("dewi").expects("Melahirkan")
    beside = assigned(story, incident, "ambulans_2")
    assert (beside["need_id"], beside["because"]) == ("ambulance", "silence")
    # Nobody follows those for whom no plan asks any more: the desk rings them.
    rung = {mark["detail"] for mark in story.incident(incident["id"])["attention"]}
    assert rung == {assigned(story, incident, unit)["id"] for unit in ("damkar_1", "polres_1")}
    assert set(marks(story, incident)) == {"no_acknowledgement"}
    assert verify(incident["id"])[1] == []
