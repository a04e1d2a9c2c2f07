"""An incident is put right while crews are under way: one event, both values, and one SMS to whoever holds the old words."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from chalicelib.models import incidents
from chalicelib.models.tables import IncidentItem
from chalicelib.services.evidence import retention
from infra import verify
from tests.support import regency
from tests.world.harness import Answer, Incident, Story
from tests.world.test_cancelling import edit, fire, while_sending

CREWS = ("andi", "citra", "eko")


def amend(story: Story, incident: Incident, *, as_: str = "operator", **body: Any) -> Any:
    """Amend an incident as it stands, or as it stood when it was read."""
    read = story.incident(incident["id"]) if "version" not in body else {}
    body.setdefault("version", read.get("version"))
    return story.desk("PATCH", f"/api/incidents/{incident['id']}", body, as_=as_)


def tried(story: Story, incident: Incident, key: str = "amending", **body: Any) -> Answer:
    answer = story.http("PATCH", f"/api/incidents/{incident['id']}", body, as_="operator", key=key)
    story.settle()
    return answer


def preview(story: Story, incident: Incident, **body: Any) -> Any:
    body.setdefault("version", story.incident(incident["id"])["version"])
    path = f"/api/incidents/{incident['id']}/amendments/preview"
    answer = story.http("POST", path, body, as_="operator")
    assert answer.status == 200, answer.body
    return answer.body


def assignment(story: Story, incident: Incident, unit_id: str) -> str:
    found = [each for each in story.incident(incident["id"])["assignments"] if each["unit_id"] == unit_id]
    return str(found[-1]["id"])


def amendments(incident: Incident) -> list[Any]:
    return [each for each in incident["timeline"] if each["type"] == "IncidentAmended"]


def test_what_was_and_what_is_both_stay_visible(story: Story) -> None:
    incident = fire(story)
    now = amend(story, incident, landmark="Gang Mawar 7", narrative="Dua orang di dalam", tell=False)
    assert (now["landmark"], now["narrative"], now["amended"]) == ("Gang Mawar 7", "Dua orang di dalam", 1)
    (event,) = amendments(now)
    assert event["data"]["fields"] == ["landmark", "narrative"]
    (note,) = [each for each in now["notes"] if each["id"] == event["data"]["note"]]
    assert note["was"]["landmark"] == "Pasar Sampit"
    assert note["amended"] == ["landmark", "narrative"]
    assert "Mawar" not in str(event) and "Pasar" not in str(event) and "Dua orang" not in str(event)
    assert verify.main(["--incident", incident["id"]]) == 0


def test_every_crew_hears_once_what_has_changed(story: Story) -> None:
    incident = fire(story)
    story.phone("andi").taps("acknowledged")
    story.phone("citra").taps("en_route")
    amend(story, incident, type="theft", priority=2, landmark="Gang Mawar 7")
    for person in CREWS:
        text = story.phone(person).expects("UBAH", "Pencurian P2 di Gang Mawar 7", "/r/")
        assert "Semula Kebakaran rumah P1 di Pasar Sampit" in text
        assert len(text) <= 160
    story.fast_forward(120)
    pages = [each for each in story.incident(incident["id"])["pages"] if each["amends"]]
    assert [each["status"] for each in pages] == ["sent"] * 3


def test_an_answer_to_the_news_is_of_the_same_crew(story: Story) -> None:
    incident = fire(story)
    amend(story, incident, landmark="Gang Mawar 7")
    for person in CREWS:
        story.phone(person).expects("UBAH")
    assert story.phone("andi").taps("acknowledged").body["applied"] is True
    assert {each["unit_id"]: each["status"] for each in story.incident(incident["id"])["crews"]} == {
        "damkar_1": "acknowledged",
        "ambulans_1": "requested",
        "polres_1": "requested",
    }


def test_words_alone_and_a_priority_that_falls_disturb_nobody_unless_the_desk_says_so(story: Story) -> None:
    incident = fire(story)
    amend(story, incident, narrative="Api kecil")
    amend(story, incident, priority=3)
    story.fast_forward(60)
    amend(story, incident, narrative="Ada tabung gas", tell=True)
    for person in CREWS:
        story.phone(person).expects("UBAH")
    amend(story, incident, priority=2)
    for person in CREWS:
        story.phone(person).expects("UBAH", "P2", "Semula P3")
    amend(story, incident, landmark="Gang Mawar 7", tell=False)
    story.fast_forward(60)


def test_crews_steps_are_no_conflict_and_another_amendment_of_the_same_field_is(story: Story) -> None:
    incident = fire(story)
    read = story.incident(incident["id"])["version"]
    story.phone("andi").taps("acknowledged")
    amend(story, incident, version=read, priority=2, tell=False)
    amend(story, incident, version=read, narrative="Dua orang", tell=False)
    refused = tried(
        story, incident, version=read, priority=3, narrative="Satu orang", landmark="Gang Mawar 7"
    )
    assert refused.status == 409
    assert [(each["path"], each["code"], each["values"]) for each in refused.body["faults"]] == [
        ("priority", "amended_meanwhile", {"now": "2", "yours": "3"}),
        ("narrative", "amended_meanwhile", {"now": "Dua orang", "yours": "Satu orang"}),
    ]
    assert story.incident(incident["id"])["landmark"] == "Pasar Sampit"
    # The same value, whoever put it first, is what both want.
    amend(
        story, incident, version=read, priority=2, narrative="Dua orang", landmark="Gang Mawar 7", tell=False
    )


def test_the_same_request_again_changes_and_tells_nothing_more(story: Story) -> None:
    incident = fire(story)
    body = {"version": story.incident(incident["id"])["version"], "landmark": "Gang Mawar 7"}
    first, again = tried(story, incident, **body), tried(story, incident, **body)
    assert first.status == again.status == 200
    assert tried(story, incident, key="another", **body).status == 200
    for person in CREWS:
        story.phone(person).expects("UBAH", "Gang Mawar 7")
    assert len(amendments(story.incident(incident["id"]))) == 1


def test_amended_twice_before_the_news_leaves_only_the_newest_is_sent(story: Story) -> None:
    incident = fire(story)
    story.provider.goes_down()
    amend(story, incident, landmark="Gang Mawar 7")
    amend(story, incident, landmark="Gang Melati 9", type="theft")
    story.provider.comes_back()
    story.fast_forward(120)
    for person in CREWS:
        story.phone(person).expects("Pencurian", "Gang Melati 9", "Semula Kebakaran rumah", "di Pasar Sampit")


def test_a_page_that_has_not_left_says_the_newest_and_is_not_followed_by_news(story: Story) -> None:
    story.provider.goes_down()
    incident = story.call("house_fire")["incident"]
    amend(story, incident, landmark="Gang Mawar 7")
    story.provider.comes_back()
    story.fast_forward(120)
    for person in CREWS:
        assert "UBAH" not in story.phone(person).expects("Kebakaran rumah", "Gang Mawar 7")


def test_a_page_that_leaves_in_the_same_instant_is_followed_by_the_news(story: Story) -> None:
    """The worker has composed the old words when the desk amends, and nobody knows yet that they left."""

    def board() -> Incident:
        found: Incident = story.http("GET", "/api/incidents", as_="operator").body["incidents"][0]
        return found

    while_sending(story, "citra", lambda: amend(story, board(), landmark="Gang Mawar 7"))
    story.call("childbirth")
    story.fast_forward(120)
    story.phone("citra").expects("Melahirkan", "Pasar Sampit")
    story.phone("citra").expects("UBAH", "Gang Mawar 7", "Semula di Pasar Sampit")


def test_one_request_amends_sends_and_recalls(story: Story) -> None:
    incident = fire(story)
    draft = {"type": "drowning", "terrain": "water", "landmark": "Dermaga"}
    eko = assignment(story, incident, "polres_1")
    shown = preview(story, incident, **draft, recall=[eko], send=["perahu_1"])
    assert shown["plan"]["id"] == "water" and shown["plan_changes"] is True
    assert [each["unit_id"] for each in shown["send"]] == ["perahu_1"]
    assert [each["name"] for each in shown["send"][0]["people"]] == ["Fajar"]
    assert shown["send"][0]["warnings"] == ["certification_expired:water_rescue:fajar"]
    assert {each["unit_id"] for each in shown["recall"]} == {"damkar_1", "ambulans_1", "polres_1"}
    assert (shown["sms"]["people"], shown["sms"]["crews"], shown["sms"]["segments"]) == (2, 2, 1)
    now = amend(story, incident, **draft, send=["perahu_1"], recall=[eko])
    text = story.phone("andi").expects("UBAH", "Tenggelam P1 di Dermaga", "Semula Kebakaran rumah")
    assert len(text) == shown["sms"]["characters"]
    assert shown["sms"]["text"].split("/r/")[0] == text.split("/r/")[0]
    story.phone("citra").expects("UBAH", "Tenggelam")
    assert "UBAH" not in story.phone("fajar").expects("Tenggelam", "Dermaga", "PERAHU-1")
    assert "UBAH" not in story.phone("eko").expects("BATAL")
    assert {each["unit_id"]: each["status"] for each in now["crews"]} == {
        "damkar_1": "requested",
        "ambulans_1": "requested",
        "polres_1": "cancelled",
        "perahu_1": "requested",
    }
    (sent,) = [
        each
        for each in now["timeline"]
        if each["type"] == "UnitAssigned" and each["data"]["unit"] == "perahu_1"
    ]
    assert (sent["data"]["need"], sent["data"]["because"]) == ("boat", "amended")
    assert now["plan"]["plan_id"] == "water"
    assert now["category"] == "accident"
    assert verify.main(["--incident", incident["id"]]) == 0


def test_a_preview_writes_nothing(story: Story) -> None:
    incident = fire(story)
    before = story.incident(incident["id"])
    preview(story, incident, type="drowning", terrain="water")
    story.fast_forward(60)
    assert story.incident(incident["id"]) == before


def test_a_crew_that_the_new_plan_asks_for_stays_and_is_replaced_when_it_cannot_come(story: Story) -> None:
    incident = fire(story)
    shown = preview(story, incident, type="childbirth")
    assert [(each["unit_id"], each["need_id"]) for each in shown["stay"]] == [("ambulans_1", "medic")]
    assert shown["send"] == []
    amend(story, incident, type="childbirth", tell=False)
    story.phone("citra").taps("unable", "no_fuel")
    story.phone("dewi").expects("Melahirkan")
    # The fire service's need is in no plan any more: the desk is told, and nobody is sent for nothing.
    story.phone("andi").taps("unable", "no_fuel")
    marks = [each["detail"] for each in story.incident(incident["id"])["attention"]]
    assert "pump:not_in_plan" in marks


def test_another_plan_begins_at_its_first_level(story: Story) -> None:
    incident = fire(story)
    story.desk("POST", f"/api/incidents/{incident['id']}/assignments", {"alarm": 2})
    for person in ("budi", "dewi"):
        story.phone(person).expects("Kebakaran rumah")
    now = amend(story, incident, type="childbirth", tell=False)
    assert now["level"] == 1
    refused = story.http(
        "POST", f"/api/incidents/{incident['id']}/assignments", {"alarm": 2}, as_="operator", key="alarm"
    )
    assert refused.body["faults"][0]["code"] == "no_level"
    now = amend(story, incident, type="house_fire", tell=False)
    assert verify.main(["--incident", incident["id"]]) == 0


def test_a_type_without_a_plan_is_a_shortfall_that_the_desk_sees(story: Story) -> None:
    incident = fire(story)
    now = amend(story, incident, type="theft", tell=False)
    assert "plan:no_plan" in [each["detail"] for each in now["attention"]]
    now = amend(story, incident, type="house_fire", tell=False)
    assert now["attention"] == []
    story.fast_forward(3600)
    assert verify.main(["--incident", incident["id"]]) == 0


def test_the_new_plans_policy_escalates(story: Story) -> None:
    incident = fire(story)
    amend(story, incident, type="childbirth", tell=False)
    story.fast_forward(7300)
    types = [each["type"] for each in story.incident(incident["id"])["timeline"]]
    assert "AssignmentEscalated" in types
    story.phone("budi").expects("Melahirkan")
    story.phone("dewi").expects("Melahirkan")


def test_all_that_cannot_be_is_told_at_once(story: Story) -> None:
    incident = fire(story)
    refused = tried(
        story,
        incident,
        version=story.incident(incident["id"])["version"] + 1,
        type="volcano",
        district="atlantis",
        lat=51.5,
        lng=0.1,
    )
    assert refused.status == 422
    assert [(each["path"], each["code"]) for each in refused.body["faults"]] == [
        ("type", "unknown_type"),
        ("district", "unknown"),
        ("lat", "out_of_range"),
        ("lng", "out_of_range"),
        ("version", "never_given"),
    ]
    assert tried(story, incident, key="k2", version=1, lat=-2.5).body["faults"][0]["path"] == "lng"
    assert tried(story, incident, key="k3", version=1, lat=91, lng=112).status == 400


def test_a_village_of_another_district_is_refused(story: Story) -> None:
    edit(story, "districts", "ketapang", villages=["Sawahan"])
    story.fast_forward(61)
    incident = fire(story)
    version = story.incident(incident["id"])["version"]
    refused = tried(story, incident, version=version, village="sawahan")
    assert refused.body["faults"] == [
        {
            "path": "village",
            "code": "village_elsewhere",
            "values": {"district": "Mentawa Baru Ketapang"},
            "about": "",
        }
    ]
    amend(story, incident, village="Sawahan", district="ketapang", tell=False)
    amend(story, incident, village="Dusun Baru", tell=False)


def test_what_is_over_is_not_amended(story: Story) -> None:
    incident = fire(story)
    story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Salah lapor"})
    for person in CREWS:
        story.phone(person).expects("BATAL")
    refused = tried(story, incident, version=1, type="theft")
    assert (refused.status, refused.body["faults"][0]["code"]) == (409, "ended")


def test_who_was_told_of_a_change_is_called_off_once(story: Story) -> None:
    incident = fire(story)
    amend(story, incident, landmark="Gang Mawar 7")
    for person in CREWS:
        story.phone(person).expects("UBAH")
    story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Salah lapor"})
    for person in CREWS:
        story.phone(person).expects("BATAL")
    story.fast_forward(120)


def test_units_that_cannot_go_stop_the_whole_request(story: Story) -> None:
    incident = fire(story)
    story.desk("POST", "/api/units/perahu_1/status", {"status": "NotAvailable", "reason": "no_fuel"})
    version = story.incident(incident["id"])["version"]
    refused = tried(story, incident, version=version, landmark="Dermaga", send=["perahu_1", "damkar_1"])
    assert [(each["path"], each["code"]) for each in refused.body["faults"]] == [
        ("send[0]", "unit_out_of_service"),
        ("send[1]", "unit_sent_already"),
    ]
    assert story.incident(incident["id"])["landmark"] == "Pasar Sampit"
    refused = tried(story, incident, key="k2", version=version, send=["ghost", "perahu_1", "perahu_1"])
    assert [(each["path"], each["code"]) for each in refused.body["faults"]] == [
        ("send[0]", "unknown_unit"),
        ("send[2]", "twice"),
    ]
    refused = tried(story, incident, key="k3", version=version, recall=["nobody"])
    assert (refused.status, refused.body["faults"][0]["code"]) == (422, "no_assignment")
    amend(story, incident, landmark="Dermaga", send=["perahu_1"], insist=True, tell=False)
    story.phone("fajar").expects("Dermaga")


def test_only_the_desk_amends(story: Story) -> None:
    incident = fire(story)
    for account in ("leader", "auditor", "damkar_admin"):
        path = f"/api/incidents/{incident['id']}"
        assert story.http("PATCH", path, {"version": 1}, as_=account, key="k").status == 403
        assert story.http("POST", f"{path}/amendments/preview", {"version": 1}, as_=account).status == 403


def test_reports_count_how_it_stood_at_its_end_and_that_it_was_amended(story: Story) -> None:
    incident = fire(story)
    amend(story, incident, type="theft", tell=False)
    for person in CREWS:
        story.phone(person).taps("cleared")
    story.desk("POST", f"/api/incidents/{incident['id']}/close", {"disposition": "done"})
    day = {"from": "2026-11-23", "to": "2026-11-23", "by": "type"}
    report = story.http("GET", "/api/reports/response-times", as_="leader", query=day).body
    assert [(each["key"], each["incidents"], each["amended"]) for each in report["groups"]] == [
        ("theft", 1, 1)
    ]
    assert report["all"]["amended"] == 1
    assert verify.main(["--incident", incident["id"]]) == 0


def test_what_was_goes_with_the_callers_data(story: Story) -> None:
    incident = fire(story)
    amend(story, incident, landmark="Gang Mawar 7", narrative="Rumah Ibu Ani", tell=False)
    amend(story, incident, narrative="Rumah Pak Budi", tell=False)
    for person in CREWS:
        story.phone(person).taps("cleared")
    story.desk("POST", f"/api/incidents/{incident['id']}/close", {"disposition": "done"})
    body = {"number": "+6281234567890", "reason": "Permintaan pemilik data"}
    story.desk("POST", "/api/privacy/erasure", body, as_="admin")
    now = story.incident(incident["id"])
    assert [(each["was"], each["erased"], each["amended"]) for each in now["notes"]] == [
        (None, True, ["landmark", "narrative"]),
        (None, True, ["narrative"]),
    ]
    kept = "".join(item.doc for item in IncidentItem.query(incidents.pk_of(incident["id"])))
    assert "Ibu Ani" not in kept and "Pak Budi" not in kept
    assert verify.main(["--incident", incident["id"]]) == 0


def test_what_was_goes_with_its_period(story: Story) -> None:
    incident = fire(story)
    amend(story, incident, landmark="Gang Mawar 7", narrative="Rumah Ibu Ani", tell=False)
    amend(story, incident, narrative="Api padam", tell=False)
    for person in CREWS:
        story.phone(person).taps("cleared")
    story.desk("POST", f"/api/incidents/{incident['id']}/close", {"disposition": "done"})
    for _ in range(60):
        story.clock.advance(7 * 86400)
        retention.erase(story.world)
    kept = "".join(item.doc for item in IncidentItem.query(incidents.pk_of(incident["id"])))
    assert "Ibu Ani" not in kept and "Pasar Sampit" not in kept
    assert verify.main(["--incident", incident["id"]]) == 0


def test_the_responders_page_shows_the_newest_and_marks_what_changed(story: Story) -> None:
    incident = fire(story)
    link = story.phone("andi").link()
    amend(story, incident, type="theft", landmark="Gang Mawar 7", priority=2)
    for person in CREWS:
        story.phone(person).expects("UBAH")
    for path in (link, story.phone("andi").link()):
        page = story.http("GET", path, headers={"accept-language": "id"}).text
        assert "Pencurian" in page and "Gang Mawar 7" in page
        assert "Semula" in page and "Kebakaran rumah" in page and "Pasar Sampit" in page


def test_a_drill_says_so_in_its_news_too(story: Story) -> None:
    incident = story.call("house_fire", drill=True)["incident"]
    for person in CREWS:
        story.phone(person).expects("LATIHAN")
    amend(story, incident, landmark="Gang Mawar 7")
    for person in CREWS:
        assert story.phone(person).expects("UBAH").startswith("LATIHAN")


def test_news_that_does_not_reach_a_crew_on_the_way_is_the_desks_to_ring(story: Story) -> None:
    incident = fire(story)
    story.phone("andi").taps("en_route")
    story.provider.refuses(regency.number_of("andi"))
    amend(story, incident, landmark="Gang Mawar 7")
    for person in ("citra", "eko"):
        story.phone(person).expects("UBAH")
    story.fast_forward(120)
    aid = assignment(story, incident, "damkar_1")
    marks = [(each["code"], each["detail"]) for each in story.incident(incident["id"])["attention"]]
    assert marks == [("page_failed", aid)]
    # Tried once: a number that does not exist is not asked again and again.
    tries = [
        each
        for each in story.incident(incident["id"])["pages"]
        if each["amends"] and each["person_id"] == "andi"
    ]
    assert len(tries) == 1


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("type", "house_fire", "IncidentAmended: the incident: its type is not what the event says"),
        ("priority", 5, "IncidentAmended: the incident: its priority is not what the event says"),
        ("narrative", "Lain", "IncidentOpened: the narrative is not what the event sealed"),
    ],
)
def test_a_state_that_no_amendment_explains_is_found(
    story: Story, capsys: pytest.CaptureFixture[str], field: str, value: Any, why: str
) -> None:
    incident = fire(story)
    amend(story, incident, type="theft", priority=2, landmark="Gang Mawar 7", tell=False)
    (item,) = IncidentItem.query(incidents.pk_of(incident["id"]), IncidentItem.sk == "#")
    item.doc = msgspec.json.encode({**msgspec.json.decode(item.doc), field: value}).decode()
    item.save()
    story.tampered = True
    assert verify.main(["--incident", incident["id"]]) == 1
    assert why in capsys.readouterr().out


def test_what_was_is_sealed(story: Story, capsys: pytest.CaptureFixture[str]) -> None:
    incident = fire(story)
    amend(story, incident, landmark="Gang Mawar 7", tell=False)
    rows = IncidentItem.query(incidents.pk_of(incident["id"]), IncidentItem.sk.startswith("N#"))
    (item,) = rows
    doc = msgspec.json.decode(item.doc)
    doc["was"]["landmark"] = "Gang Lain"
    item.doc = msgspec.json.encode(doc).decode()
    item.save()
    story.tampered = True
    assert verify.main(["--incident", incident["id"]]) == 1
    assert "IncidentAmended: what was amended by note" in capsys.readouterr().out


def test_a_point_far_from_its_district_is_marked_and_one_that_fits_settles_it(story: Story) -> None:
    incident = story.call("childbirth", district="")["incident"]
    story.phone("citra").expects("Melahirkan")
    assert story.incident(incident["id"])["doubts"] == ["place_unknown"]
    now = amend(story, incident, district="baamang", lat=-3.2, lng=112.95, tell=False)
    assert now["doubts"] == ["place_far", "place_outside"]
    now = amend(story, incident, lat=-2.53, lng=112.95)
    assert now["doubts"] == []
    story.phone("citra").expects(
        "UBAH", "Pasar Sampit, Baamang. Semula di Pasar Sampit, tempat belum diketahui"
    )
    amend(story, incident, lat=-2.54, lng=112.95)
    story.phone("citra").expects("UBAH", "Titik peta baru", "/r/")
