"""Paging drills: whom the pages reach and how fast, while every real call goes on as ever."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.domain import bounds, times
from chalicelib.domain.registry import Person, Shift
from chalicelib.errors import SmsUnavailable
from chalicelib.gateways.sms import Sms
from chalicelib.models import incidents
from chalicelib.models.tables import IncidentItem
from chalicelib.services.watch import auditing
from infra.verify import verify
from tests.support import regency
from tests.world.harness import Incident, Story

CREW = ["andi", "budi"]


def start(story: Story, agency: str = "damkar", minutes: int = 15, as_: str = "supervisor") -> Incident:
    body = {"agency_id": agency, "minutes": minutes}
    drill: Incident = story.desk("POST", "/api/drills", body, as_=as_, expect=201)
    return drill


def show(story: Story, drill: Incident, as_: str = "supervisor") -> Incident:
    answer = story.http("GET", f"/api/drills/{drill['id']}", as_=as_)
    assert answer.status == 200, answer.body
    found: Incident = answer.body
    return found


def person(drill: Incident, name: str) -> Any:
    return next(each for each in drill["people"] if each["person_id"] == name)


def paged(story: Story, *people: str) -> None:
    for each in people:
        story.phone(each).expects("LATIHAN", "JANGAN berangkat", "/r/")


def test_everybody_on_duty_is_paged_once_and_share_and_times_are_right(story: Story) -> None:
    drill = start(story)
    paged(story, *CREW)
    story.clock.advance(20)
    story.phone("andi").taps("acknowledged")
    shown = show(story, drill)
    assert shown["status"] == "running"
    assert shown["tally"]["people"] == 2 and shown["tally"]["sent"] == 2
    assert (shown["tally"]["answered"], shown["tally"]["share"]) == (1, 0.5)
    assert person(shown, "budi")["answered_at"] is None
    story.clock.advance(100)
    story.phone("budi").taps("acknowledged")
    story.fast_forward(900)
    ended = show(story, drill)
    tally = ended["tally"]
    assert (ended["status"], tally["answered"], tally["late"], tally["share"]) == ("ended", 2, 0, 1.0)
    assert 20 <= tally["median_s"] < 21 and 120 <= tally["p90_s"] < 121
    assert person(ended, "andi")["seconds"] == tally["median_s"]
    (listed,) = story.http("GET", "/api/drills", as_="supervisor").body["drills"]
    assert listed["tally"] == tally and listed["by"] == "Supervisor"
    for each in CREW:
        story.phone(each).expects_nothing()


def test_a_person_with_two_shifts_is_paged_and_counted_once(story: Story) -> None:
    now = story.clock.now()
    twice = Shift(
        id="andi-again",
        agency_id="damkar",
        person_id="andi",
        unit_id=None,
        starts_at=times.plus(now, -60),
        ends_at=times.plus(now, 3600),
    )
    regency.load({"shifts": [twice]})
    present = story.http("GET", "/api/drills/on-duty", as_="supervisor", query={"agency_id": "damkar"}).body
    assert [(each["person_id"], each["unit_id"]) for each in present["people"]] == [
        ("andi", "damkar_1"),
        ("budi", "damkar_2"),
    ]
    drill = start(story)
    paged(story, *CREW)
    story.phone("andi").taps("acknowledged")
    first = person(show(story, drill), "andi")["answered_at"]
    story.clock.advance(60)
    story.phone("andi").taps("acknowledged")
    shown = show(story, drill)
    assert (shown["tally"]["people"], shown["tally"]["answered"]) == (2, 1)
    assert person(shown, "andi")["answered_at"] == first
    assert story.events(drill["id"]).count("DrillAnswered") == 1


def test_a_real_call_during_a_drill_sends_the_same_people_as_ever(story: Story) -> None:
    before = story.http(
        "GET",
        "/api/dispatch/preview",
        as_="operator",
        query={"type": "house_fire", "district": "baamang"},
    ).body
    drill = start(story)
    paged(story, *CREW)
    units = story.http("GET", "/api/units/status", as_="operator").body["units"]
    assert not [each for each in units if each["incident_id"]]
    fire = story.call("house_fire")["incident"]
    sent = {each["unit_id"]: each["people"] for each in fire["assignments"]}
    assert sent == {pick["unit_id"]: [each["id"] for each in pick["people"]] for pick in before["picks"]}
    for each in ("andi", "citra", "eko"):
        text = story.phone(each).expects("Kebakaran rumah")
        assert "LATIHAN" not in text
    story.phone("andi").taps("en_route")
    assert story.incident(fire["id"])["assignments"][0]["status"] == "en_route"
    assert person(show(story, drill), "andi")["answered_at"] is None
    board = story.http("GET", "/api/incidents", as_="operator").body["incidents"]
    assert [each["id"] for each in board] == [fire["id"]]


def test_whoever_is_out_with_a_unit_is_left_in_peace_and_named(story: Story) -> None:
    story.call("house_fire")
    for each in ("andi", "citra", "eko"):
        story.phone(each).expects("Kebakaran rumah")
    drill = start(story)
    paged(story, "budi")
    assert [each["person_id"] for each in show(story, drill)["people"]] == ["budi"]
    assert show(story, drill)["out"] == [{"person_id": "andi", "name": "Andi"}]


def test_a_drill_stands_on_no_list_of_incidents_and_takes_no_order_of_the_desk(story: Story) -> None:
    drill = start(story)
    paged(story, *CREW)
    day = times.local_day(story.clock.now(), 7)
    for path in ("/api/incidents", f"/api/incidents?date={day}"):
        assert story.http("GET", path, as_="operator").body["incidents"] == []
    path = f"/api/incidents/{drill['id']}"
    assignment = story.incident(drill["id"])["assignments"][0]["id"]
    now = story.clock.now()
    joining = {"channel": "phone", "class": "emergency", "received_at": now, "incident_id": drill["id"]}
    orders: list[tuple[str, Any, int]] = [
        (f"{path}/assignments", {"unit_id": "damkar_1"}, 404),
        (f"{path}/assignments", {"alarm": 2}, 404),
        (f"{path}/assignments/{assignment}/status", {"status": "en_route"}, 404),
        (f"{path}/assignments/{assignment}/status", {"status": "cancelled"}, 404),
        (f"{path}/close", {"disposition": "done"}, 404),
        (f"{path}/cancel", {"reason": "Salah"}, 404),
        (f"{path}/reopen", {"reason": "Salah"}, 404),
        (f"{path}/notes", {"text": "Catatan"}, 404),
        (f"{path}/calls/x/split", {"incident": {"type": "theft", "location": {"district": "baamang"}}}, 404),
        ("/api/calls", joining, 422),
    ]
    for number, (at, body, expected) in enumerate(orders):
        answer = story.http("POST", at, body, as_="supervisor", key=f"order-{number}")
        assert answer.status == expected, (at, answer.body)
    assert show(story, drill)["status"] == "running"


def test_the_link_offers_one_button_and_says_that_it_is_a_drill(story: Story) -> None:
    drill = start(story)
    paged(story, *CREW)
    page = story.phone("andi").opens_link()
    assert page.status == 200
    for words in ("LATIHAN", "Latihan pemanggilan", "Saya terima", "Tidak perlu berangkat"):
        assert words in page.text
    assert page.text.count("<button") == 1
    assert "BBM" not in page.text and "Berangkat</" not in page.text
    story.phone("andi").taps("acknowledged")
    after = story.phone("andi").opens_link().text
    assert "Jawaban Anda sudah dicatat" in after and "<button" not in after
    assert person(show(story, drill), "andi")["late"] is False


def test_a_late_answer_is_recorded_as_late_and_changes_no_share(story: Story) -> None:
    drill = start(story, minutes=5)
    paged(story, *CREW)
    story.phone("andi").taps("acknowledged")
    story.fast_forward(400)
    assert "sebagai terlambat" in story.phone("budi").opens_link().text
    answer = story.phone("budi").taps("acknowledged")
    assert answer.body == {"status": "acknowledged", "applied": False, "result": "late"}
    tally = show(story, drill)["tally"]
    assert (tally["answered"], tally["late"], tally["share"]) == (1, 1, 0.5)
    assert person(show(story, drill), "budi")["late"] is True
    assert tally == story.http("GET", "/api/drills", as_="supervisor").body["drills"][0]["tally"]
    assert "dicatat sebagai terlambat" in story.phone("budi").opens_link().text
    story.fast_forward(24 * 3600 + 60)
    assert story.phone("budi").opens_link().status == 404


def test_an_answer_after_the_time_is_late_although_nothing_has_ended_the_drill(story: Story) -> None:
    drill = start(story, minutes=5)
    paged(story, *CREW)
    story.wakeups.lost = True
    story.clock.advance(301)
    assert show(story, drill)["status"] == "ended"
    story.phone("andi").taps("acknowledged")
    assert person(show(story, drill), "andi")["late"] is True
    story.wakeups.lost = False
    story.sweep()
    tally = show(story, drill)["tally"]
    assert (tally["answered"], tally["late"]) == (0, 1)
    assert story.events(drill["id"])[-1] == "DrillEnded"


def test_a_drill_ends_by_itself_though_every_timer_is_lost(story: Story) -> None:
    drill = start(story)
    paged(story, *CREW)
    story.wakeups.queue.clear()
    story.fast_forward(840)
    assert "DrillEnded" not in story.events(drill["id"])
    story.fast_forward(120)
    assert story.events(drill["id"])[-1] == "DrillEnded"
    assert show(story, drill)["ended_at"] is not None


def test_a_drill_ends_once_however_often_its_timer_comes(story: Story) -> None:
    drill = start(story, minutes=1)
    paged(story, *CREW)
    story.fast_forward(60)
    assignment = story.incident(drill["id"])["assignments"][0]["id"]
    story.wakeups.send("timers", [{"incident": drill["id"], "assignment": assignment}] * 5)
    story.settle()
    story.desk("POST", f"/api/drills/{drill['id']}/end", {}, as_="supervisor", expect=200)
    assert story.events(drill["id"]).count("DrillEnded") == 1


def test_a_drill_that_fell_out_of_the_due_index_is_ended_by_the_auditor(story: Story) -> None:
    drill = start(story)
    paged(story, *CREW)
    story.wakeups.queue.clear()
    found = incidents.load_state(drill["id"])
    assert found
    (assignment,) = found.assignments
    item = IncidentItem.get(f"I#{drill['id']}", f"A#{assignment}")
    item.due_key = item.due_at = None
    item.save()
    story.fast_forward(960)
    assert "DrillEnded" not in story.events(drill["id"])
    auditing.audit(story.world)
    story.fast_forward(60)
    assert story.events(drill["id"])[-1] == "DrillEnded"


def test_a_supervisor_ends_a_drill_and_what_has_not_left_never_does(story: Story) -> None:
    story.provider.goes_down()
    drill = start(story)
    story.fast_forward(30)
    ended = story.desk("POST", f"/api/drills/{drill['id']}/end", {}, as_="supervisor", expect=200)
    assert ended["status"] == "ended" and ended["tally"]["sent"] == 0
    story.provider.comes_back()
    story.fast_forward(300)
    for each in CREW:
        story.phone(each).expects_nothing()
    assert {each["status"] for each in show(story, drill)["people"]} == {"expired"}


def test_a_provider_that_is_down_delays_the_pages_and_no_clock_runs_before_the_sending(story: Story) -> None:
    story.provider.goes_down()
    drill = start(story)
    story.fast_forward(120)
    story.provider.comes_back()
    story.fast_forward(120)
    paged(story, *CREW)
    story.phone("andi").taps("acknowledged")
    shown = show(story, drill)
    assert shown["tally"]["sent"] == 2
    taken = times.between(shown["started_at"], person(shown, "andi")["answered_at"])
    assert taken and taken > 240
    assert person(shown, "andi")["seconds"] < taken - 120


def test_whoever_has_answered_a_message_that_nobody_knew_had_left_is_not_paged_again(story: Story) -> None:
    def slow(sms: Sms) -> None:
        if sms.number == story.phone("andi").number:
            story.provider.comes_back()
            story.provider.messages.append(sms)
            raise SmsUnavailable("no answer in time")

    story.provider.failing = slow
    drill = start(story)
    paged(story, *CREW)
    story.phone("andi").taps("acknowledged")
    story.fast_forward(120)
    story.phone("andi").expects_nothing()
    assert show(story, drill)["tally"]["answered"] == 1


def test_a_provider_that_stays_down_costs_the_drill_its_pages_and_marks_nothing(story: Story) -> None:
    story.provider.goes_down()
    drill = start(story)
    for _ in range(6):
        story.fast_forward(300)
        auditing.audit(story.world)
    story.provider.comes_back()
    story.fast_forward(300)
    shown = show(story, drill)
    assert {each["status"] for each in shown["people"]} == {"expired"}
    assert (shown["tally"]["sent"], shown["tally"]["answered"], shown["tally"]["median_s"]) == (0, 0, None)
    assert story.incident(drill["id"])["attention"] == []


def test_a_refused_number_is_named_and_marks_nothing(story: Story) -> None:
    story.provider.refuses(story.phone("andi").number)
    drill = start(story)
    paged(story, "budi")
    assert person(show(story, drill), "andi")["status"] == "failed"
    assert story.incident(drill["id"])["attention"] == []


def test_of_two_drills_of_one_agency_at_once_the_second_is_refused(story: Story) -> None:
    drill = start(story)
    paged(story, *CREW)
    body = {"agency_id": "damkar", "minutes": 15}
    refused = story.http("POST", "/api/drills", body, as_="supervisor", key="second")
    assert refused.status == 409
    assert refused.body["fields"] == {"agency_id": "a drill runs already"}
    start(story, "psc")
    paged(story, "citra", "dewi")
    story.desk("POST", f"/api/drills/{drill['id']}/end", {}, as_="supervisor")
    story.clock.advance(bounds.DRILL_PAUSE_S)
    start(story)
    paged(story, *CREW)


def test_of_two_supervisors_at_the_same_moment_one_starts_the_drill(story: Story) -> None:
    def ask(key: str) -> int:
        body = {"agency_id": "damkar"}
        return story.http("POST", "/api/drills", body, as_="supervisor", key=key).status

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(ask, ("a", "b", "c", "d"))) == [201, 409, 409, 409]
    story.settle()
    paged(story, *CREW)


def test_a_drill_whose_time_is_over_makes_way_although_nobody_has_ended_it(story: Story) -> None:
    first = start(story, minutes=5)
    paged(story, *CREW)
    story.wakeups.lost = True
    story.clock.advance(301)
    second = start(story, minutes=5)
    story.wakeups.lost = False
    story.fast_forward(60)
    paged(story, *CREW)
    assert story.events(first["id"])[-1] == "DrillEnded"
    assert show(story, second)["status"] == "running"
    assert [each["id"] for each in story.http("GET", "/api/drills", as_="leader").body["drills"]] == [
        second["id"],
        first["id"],
    ]
    refused = story.http("POST", "/api/drills", {"agency_id": "damkar"}, as_="supervisor", key="third")
    assert refused.status == 409


def test_the_same_request_again_starts_no_second_drill(story: Story) -> None:
    body = {"agency_id": "damkar", "minutes": 15}
    first = story.http("POST", "/api/drills", body, as_="supervisor", key="once")
    story.settle()
    again = story.http("POST", "/api/drills", body, as_="supervisor", key="once")
    story.settle()
    assert (again.status, again.body["id"]) == (201, first.body["id"])
    paged(story, *CREW)


@pytest.mark.parametrize(("out", "reason"), [(False, "nobody is on duty"), (True, "everybody is out")])
def test_with_nobody_to_page_there_is_no_drill_and_the_answer_says_why(
    story: Story, out: bool, reason: str
) -> None:
    if out:
        story.call("house_fire")
        story.call("house_fire", district="ketapang")
        for each in ("andi", "budi", "citra", "dewi", "eko"):
            story.phone(each).expects("Kebakaran rumah")
    else:
        story.clock.advance(3 * 24 * 3600)
    refused = story.http("POST", "/api/drills", {"agency_id": "damkar"}, as_="supervisor", key="key")
    assert (refused.status, refused.body["fields"]) == (422, {"agency_id": reason})
    assert story.http("GET", "/api/drills", as_="supervisor").body["drills"] == []


def test_an_agency_sees_and_starts_its_own_drills_alone(story: Story) -> None:
    foreign = start(story, "psc")
    paged(story, "citra", "dewi")
    own = start(story, as_="damkar_admin")
    paged(story, *CREW)
    listed = story.http("GET", "/api/drills", as_="damkar_admin").body["drills"]
    assert [each["id"] for each in listed] == [own["id"]]
    for method, path, body in (
        ("GET", f"/api/drills/{foreign['id']}", None),
        ("POST", f"/api/drills/{foreign['id']}/end", {}),
        ("GET", f"/api/incidents/{foreign['id']}", None),
    ):
        assert story.http(method, path, body, as_="damkar_admin").status == 404
    assert show(story, foreign)["status"] == "running"
    psc: dict[str, str | list[str]] = {"agency_id": "psc"}
    assert story.http("GET", "/api/drills", as_="damkar_admin", query=psc).status == 403
    assert story.http("GET", "/api/drills/on-duty", as_="damkar_admin", query=psc).status == 403
    refused = story.http("POST", "/api/drills", {"agency_id": "psc"}, as_="damkar_admin", key="key")
    assert refused.status == 403
    assert show(story, own, as_="operator")["status"] == "running"
    assert story.http("POST", f"/api/drills/{own['id']}/end", {}, as_="operator").status == 403


def test_earlier_drills_are_listed_newest_first_and_in_parts(story: Story) -> None:
    ids = []
    for number in range(23):
        drill = start(story, "damkar" if number % 2 else "airud", minutes=1)
        ids.append(drill["id"])
        story.desk("POST", f"/api/drills/{drill['id']}/end", {}, as_="supervisor")
        story.clock.advance(600)
    for number in range(23):
        paged(story, *(CREW if number % 2 else ["fajar"]))
    first = story.http("GET", "/api/drills", as_="supervisor").body
    assert [each["id"] for each in first["drills"]] == ids[:2:-1]
    rest = story.http("GET", "/api/drills", as_="supervisor", query={"before": first["next"]}).body
    assert [each["id"] for each in rest["drills"]] == ids[2::-1]
    assert rest["next"] is None
    own = story.http("GET", "/api/drills", as_="supervisor", query={"agency_id": "damkar"}).body
    assert [each["id"] for each in own["drills"]] == ids[::-1][1::2]


def test_the_pages_of_a_drill_wait_in_the_queue_that_real_pages_overtake(story: Story) -> None:
    answer = story.http("POST", "/api/drills", {"agency_id": "damkar"}, as_="supervisor", key="drill")
    assert answer.status == 201
    assert [queue for _, queue, body in story.wakeups.queue if "page" in body] == ["bulk", "bulk"]
    story.call("house_fire")
    texts = [sms.text for sms in story.provider.messages]
    assert ["LATIHAN" in text for text in texts] == [False, False, False, True, True]
    story.phone("andi").expects("Kebakaran rumah")
    for each in ("citra", "eko"):
        story.phone(each).expects("Kebakaran rumah")
    paged(story, *CREW)


def test_the_evidence_of_a_drill_holds(story: Story) -> None:
    drill = start(story, minutes=2)
    paged(story, *CREW)
    story.phone("andi").taps("acknowledged")
    story.fast_forward(180)
    story.phone("budi").taps("acknowledged")
    events = story.events(drill["id"])
    assert events[0] == "DrillStarted" and events.count("DrillAnswered") == 2
    assert show(story, drill)["chain"]["ok"] is True
    assert verify(drill["id"]) == (len(events), [])
    loaded = incidents.load_state(drill["id"])
    assert loaded
    answered = next(page for page in loaded.pages.values() if page.person_id == "andi")
    incidents.save_page(
        replace(answered, acknowledged_at=story.clock.now()), loaded.versions[f"P#{answered.id}"]
    )
    assert "not of the time" in verify(drill["id"])[1][0].why


def muster(story: Story, count: int) -> list[str]:
    """So many people on call for the boats beside Fajar; their numbers."""
    now = story.clock.now()
    many = [
        Person(
            id=f"p{number}", agency_id="airud", name=f"P {number}", phone=f"+6281200{number:04}", demo=True
        )
        for number in range(count)
    ]
    shifts = [
        Shift(
            id=f"{each.id}-shift",
            agency_id="airud",
            person_id=each.id,
            unit_id=None,
            starts_at=times.plus(now, -60),
            ends_at=times.plus(now, 3600),
        )
        for each in many
    ]
    regency.load({"personnel": many, "shifts": shifts})
    return [each.phone for each in many]


def test_a_hundred_people_are_paged_in_chunks_and_nobody_twice(story: Story) -> None:
    numbers = muster(story, 100)
    drill = start(story, "airud")
    paged(story, "fajar")
    for number in numbers:
        story.phone_of(number).expects("LATIHAN")
    shown = show(story, drill)
    assert (shown["tally"]["people"], shown["tally"]["sent"]) == (101, 101)
    for number in numbers[:30]:
        story.phone_of(number).taps("acknowledged")
    assert show(story, drill)["tally"]["answered"] == 30


def test_a_drill_that_is_ended_before_all_its_pages_are_written_pages_nobody_more(story: Story) -> None:
    people = muster(story, 100)
    settle = story.settle
    story.settle = lambda: None  # type: ignore[method-assign]
    drill = start(story, "airud")
    waiting = story.incident(drill["id"])["being_ordered"]["pages"]
    assert waiting > 0
    ended = story.desk("POST", f"/api/drills/{drill['id']}/end", {}, as_="supervisor", expect=200)
    story.settle = settle  # type: ignore[method-assign]
    story.fast_forward(300)
    for number in people:
        story.phone_of(number).expects_nothing()
    whole = story.incident(drill["id"])
    assert len(whole["pages"]) == 101 - waiting, "what was not written by then is not written any more"
    assert whole["being_ordered"]["pages"] == 0
    assert show(story, drill)["tally"] == ended["tally"]
    assert story.events(drill["id"]).count("PagesRequested") == 1
