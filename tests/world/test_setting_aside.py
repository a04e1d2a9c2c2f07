"""Setting aside: what nobody can come to yet waits without an alarm, for as long as somebody chose, and never unseen for longer."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from chalicelib.domain import audit as rules
from chalicelib.models import incidents
from infra.verify import incident as verify
from infra.verify import verify as verify_whole
from tests.world.harness import Incident, Story
from tests.world.test_amending import amend
from tests.world.test_auditing import _alter

WAIT = {"reason": "no_unit", "minutes": 30}


def theft(story: Story, **more: Any) -> Incident:
    """No plan answers it: nobody is coming."""
    incident: Incident = story.call("theft", **more)["incident"]
    return incident


def row(story: Story, incident: Incident, as_: str = "operator") -> Any:
    """What the board says, which must be what the incident's own page says."""
    board = story.http("GET", "/api/incidents", as_=as_).body["incidents"]
    shown = next(each for each in board if each["id"] == incident["id"])
    page = story.incident(incident["id"], as_=as_)
    assert [shown[name] for name in ("coming", "alarm", "aside")] == [
        page[name] for name in ("coming", "alarm", "aside")
    ]
    return shown


def why(story: Story, incident: Incident) -> str | None:
    alarm = row(story, incident)["alarm"]
    return alarm and str(alarm["why"])


def path(incident: Incident, what: str) -> str:
    return f"/api/incidents/{incident['id']}/{what}"


def aside(story: Story, incident: Incident, **wish: Any) -> Any:
    return story.desk("POST", path(incident, "set-aside"), {**WAIT, **wish}, expect=201)


def refused(story: Story, incident: Incident, as_: str = "operator", **wish: Any) -> tuple[int, str]:
    answer = story.http("POST", path(incident, "set-aside"), {**WAIT, **wish}, as_=as_, key="once")
    assert row(story, incident)["aside"] is None
    return answer.status, answer.body.get("faults", [{}])[0].get("code", "")


# -- it waits ----------------------------------------------------------------------------------------------------------


def test_what_is_set_aside_rings_no_alarm_until_its_time_and_then_is_looked_at_again(story: Story) -> None:
    incident = theft(story)
    assert row(story, incident)["alarm"] == {
        "why": "nobody",
        "act": "send",
        "urgent": True,
        "since": incident["opened_at"],
        "detail": "",
    }
    kept = aside(story, incident)["aside"]
    assert (kept["reason"], kept["awaits"], kept["by_name"]) == ("no_unit", "", "Operator")
    assert row(story, incident)["coming"]["state"] == "nobody"
    assert row(story, incident)["coming"]["alarm"] is False
    story.fast_forward(29 * 60)
    assert why(story, incident) is None
    story.fast_forward(70)
    alarm, coming = row(story, incident)["alarm"], row(story, incident)["coming"]
    assert (alarm["why"], alarm["act"], alarm["urgent"]) == ("review", "review", False)
    assert coming["alarm"] and coming["since"] == kept["until"]
    # It is set aside once more, from now on.
    aside(story, incident, minutes=5)
    assert why(story, incident) is None
    assert story.events(incident["id"]).count("IncidentSetAside") == 2


def test_the_gauge_of_incidents_that_nobody_comes_to_counts_it_only_once_its_time_has_passed(
    story: Story,
) -> None:
    incident = theft(story)
    story.fast_forward(rules.UNCOVERED_S + 60)
    assert story.audit()["uncovered"] == 1
    aside(story, incident)
    assert story.audit()["uncovered"] == 0
    # What the auditor had written down of it is settled, and does not stand on the board as a mark.
    assert [mark["code"] for mark in story.incident(incident["id"])["attention"]] == ["shortfall"]
    story.fast_forward(30 * 60 + rules.UNCOVERED_S - 60)
    assert story.audit()["uncovered"] == 0
    story.fast_forward(120)
    assert story.audit()["uncovered"] == 1


def test_a_board_on_which_only_time_passed_is_sent_again_when_the_review_is_due(story: Story) -> None:
    incident = theft(story)
    aside(story, incident, minutes=5)
    tag = story.http("GET", "/api/incidents?state=open", as_="operator").headers["ETag"]

    def again() -> int:
        return story.http(
            "GET", "/api/incidents?state=open", as_="operator", headers={"if-none-match": tag}
        ).status

    story.clock.advance(240)
    assert again() == 304
    story.clock.advance(61)
    assert again() == 200


def test_a_unit_that_is_waited_for_and_comes_free_brings_it_back_before_its_time(story: Story) -> None:
    birth = story.call("childbirth")["incident"]
    story.phone("citra").expects("112")
    incident = theft(story)
    aside(story, incident, awaits="ambulans_1", minutes=240)
    assert why(story, incident) is None
    tag = story.http("GET", "/api/incidents?state=open", as_="operator").headers["ETag"]
    crew = birth["assignments"][0]["id"]
    story.desk("POST", path(birth, f"assignments/{crew}/status"), {"status": "cleared"})
    alarm = row(story, incident)["alarm"]
    assert (alarm["why"], alarm["act"], alarm["detail"]) == ("unit_free", "send", "ambulans_1")
    # It waits all the same: nobody has been asked to come, and its time is not over.
    assert row(story, incident)["coming"]["alarm"] is False
    answer = story.http("GET", "/api/incidents?state=open", as_="operator", headers={"if-none-match": tag})
    assert answer.status == 200


def test_a_clock_that_is_set_back_lets_nothing_wait_for_longer_than_anybody_may_choose(story: Story) -> None:
    incident = theft(story)
    aside(story, incident, minutes=240)
    story.clock.step(-7200)
    assert row(story, incident)["coming"]["alarm"] is True
    assert why(story, incident) == "nobody"


# -- what ends it ------------------------------------------------------------------------------------------------------


def test_a_unit_that_is_sent_ends_it(story: Story) -> None:
    incident = theft(story)
    aside(story, incident)
    story.desk("POST", path(incident, "assignments"), {"unit_id": "polres_1"}, expect=201)
    story.phone("eko").expects("Pencurian")
    assert row(story, incident)["aside"] is None
    crew = story.incident(incident["id"])["assignments"][0]["id"]
    # And stays ended when the crew cannot come: it is an alarm as any other.
    story.desk(
        "POST", path(incident, f"assignments/{crew}/status"), {"status": "unable", "reason": "no_fuel"}
    )
    assert why(story, incident) == "gone"


def test_another_caller_ends_it(story: Story) -> None:
    incident = theft(story)
    aside(story, incident)
    joining = {
        "number": "+6281234567891",
        "channel": "phone",
        "class": "emergency",
        "received_at": story.clock.now(),
        "incident_id": incident["id"],
    }
    story.desk("POST", "/api/calls", joining, expect=201)
    assert row(story, incident)["aside"] is None
    assert why(story, incident) == "nobody"


def test_taking_it_up_ends_it_and_twice_is_the_same_as_once(story: Story) -> None:
    incident = theft(story)
    aside(story, incident)
    for _ in range(2):
        story.desk("POST", path(incident, "take-up"), {})
        assert why(story, incident) == "nobody"
    assert story.events(incident["id"]).count("IncidentTakenUp") == 1


def test_a_note_ends_nothing(story: Story) -> None:
    incident = theft(story)
    aside(story, incident)
    story.desk("POST", path(incident, "notes"), {"text": "Pelapor menunggu di rumah"}, expect=201)
    assert why(story, incident) is None


def test_one_that_was_closed_and_is_opened_again_is_no_longer_set_aside(story: Story) -> None:
    incident = theft(story)
    aside(story, incident)
    story.desk("POST", path(incident, "close"), {"disposition": "done"})
    story.desk("POST", path(incident, "reopen"), {"reason": "Pelaku kembali"})
    assert why(story, incident) == "nobody"


def test_an_unread_sms_of_one_that_is_set_aside_is_shown_all_the_same(story: Story) -> None:
    incident = theft(story)
    aside(story, incident)
    mark = {"code": "reply", "detail": "A1", "at": "2026-11-23T02:00:00.000Z", "note": "N1"}
    _alter(incident, "#", attention=[mark])
    story.tampered = True
    story.world.open_incidents.__init__()  # type: ignore[misc]
    assert why(story, incident) == "reply"


# -- who may not wait --------------------------------------------------------------------------------------------------


def test_priority_one_is_never_set_aside(story: Story) -> None:
    incident = theft(story, priority=1)
    assert refused(story, incident) == (409, "priority_one")


def test_one_whose_priority_became_one_is_alarmed_whatever_was_chosen_before(story: Story) -> None:
    incident = theft(story)
    aside(story, incident)
    _alter(incident, "#", priority=1)
    story.tampered = True
    story.world.open_incidents.__init__()  # type: ignore[misc]
    assert row(story, incident)["coming"]["alarm"] is True
    assert why(story, incident) == "nobody"


def test_an_amendment_to_the_first_priority_ends_it_for_good(story: Story) -> None:
    incident = theft(story)
    aside(story, incident)
    urgent = amend(story, incident, priority=1)
    assert urgent["aside"] is None
    assert [each["type"] for each in urgent["timeline"]][-2:] == ["IncidentAmended", "IncidentTakenUp"]
    assert why(story, incident) == "nobody"
    # Whoever chose the time knew less: it does not wait on because the priority falls again.
    amend(story, incident, priority=4)
    assert row(story, incident)["coming"]["alarm"] is True
    assert verify_whole(incident["id"])[1] == []


def test_nothing_is_set_aside_while_a_crew_is_asked_or_must_be_rung(story: Story) -> None:
    incident = story.call("childbirth", priority=2)["incident"]
    story.phone("citra").expects("112")
    assert refused(story, incident) == (409, "crew_asked")
    story.phone("citra").taps("on_scene")
    assert refused(story, incident) == (409, "crew_asked")


def test_once_every_crew_is_gone_it_may_wait_and_what_was_marked_before_is_quiet(story: Story) -> None:
    incident = story.call("childbirth", priority=2)["incident"]
    story.phone("citra").expects("112")
    story.phone("citra").taps("unable", "no_fuel")
    story.phone("dewi").expects("112")
    story.phone("dewi").taps("unable", "no_fuel")
    assert [mark["code"] for mark in story.incident(incident["id"])["attention"]] == ["shortfall"]
    aside(story, incident)
    assert why(story, incident) is None


@pytest.mark.parametrize("minutes", [4, 241, 0, -5])
def test_no_time_to_look_again_is_too_soon_or_later_than_four_hours(story: Story, minutes: int) -> None:
    assert refused(story, theft(story), minutes=minutes)[0] == 400


def test_a_unit_that_nobody_knows_is_not_waited_for(story: Story) -> None:
    assert refused(story, theft(story), awaits="kapal_selam") == (422, "unknown_unit")


@pytest.mark.parametrize("who", ["leader", "auditor", "damkar_admin"])
def test_the_desk_alone_sets_aside(story: Story, who: str) -> None:
    assert refused(story, theft(story), as_=who)[0] == 403


def test_one_that_is_over_is_not_set_aside(story: Story) -> None:
    incident = theft(story)
    story.desk("POST", path(incident, "close"), {"disposition": "done"})
    answer = story.http("POST", path(incident, "set-aside"), WAIT, as_="operator", key="once")
    assert (answer.status, answer.body["faults"][0]["code"]) == (409, "ended")


def test_an_agency_is_told_neither_that_it_waits_nor_for_whose_unit(story: Story) -> None:
    incident = story.call("childbirth", priority=2)["incident"]
    story.phone("citra").expects("112")
    story.phone("citra").taps("unable", "no_fuel")
    story.phone("dewi").expects("112")
    story.phone("dewi").taps("unable", "no_fuel")
    aside(story, incident, awaits="damkar_1")
    assert row(story, incident, "psc_admin")["aside"] is None
    told = story.incident(incident["id"], "psc_admin")["timeline"]
    assert "IncidentSetAside" not in [event["type"] for event in told]


# -- the trail ---------------------------------------------------------------------------------------------------------


def findings(incident: Incident) -> list[str]:
    return [each.why for each in verify.verify(str(incident["id"]))[1]]


def test_a_setting_aside_that_no_event_tells_is_found(story: Story) -> None:
    incident = theft(story)
    aside(story, incident)
    assert findings(incident) == []
    kept = incidents.load(incident["id"])
    assert kept and kept.incident.aside
    later = msgspec.to_builtins(
        msgspec.structs.replace(kept.incident.aside, until="2026-11-23T07:00:00.000Z")
    )
    _alter(incident, "#", aside=later)
    story.tampered = True
    assert findings(incident) == ["that it is set aside does not follow from the events"]


def test_a_release_that_drops_it_leaves_an_alarm_and_no_broken_trail(story: Story) -> None:
    incident = theft(story)
    aside(story, incident)
    _alter(incident, "#", aside=None)
    story.tampered = True
    story.world.open_incidents.__init__()  # type: ignore[misc]
    assert findings(incident) == []
    assert why(story, incident) == "nobody"
