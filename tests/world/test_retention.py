"""Retention: each kind of personal data goes when its period has passed, and every trail stays whole."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib import bootstrap
from chalicelib.config import Settings
from chalicelib.domain import times
from chalicelib.domain.retention import DAYS
from chalicelib.handlers import events
from chalicelib.models import heartbeats, incidents, tables
from chalicelib.models.heartbeats import Heartbeat
from chalicelib.models.tables import IncidentItem, KeyItem, RegistryItem
from chalicelib.services.evidence import retention
from infra import verify
from tests.support import regency
from tests.world.harness import Incident, Story
from tests.world.test_blocked_numbers import PRANKSTER, blocks, unblocks
from tests.world.test_duty_changes import enters, on_sheet
from tests.world.test_duty_sheets import filled, publishes
from tests.world.test_importing import imported, row
from tests.world.test_replies import SECRET, STRANGER, sms
from tests.world.test_verify import a_long_evening

CALLER = "+6281234567890"
NEIGHBOUR = "+6281234567891"
NARRATIVE = "Api dari dapur rumah Ibu Ani"
NOTED = "Suami Ibu Ani menunggu di jalan"
SAID = "Saya anaknya Ibu Ani, tolong cepat"
DAY_S = 24 * 3600


@pytest.fixture(autouse=True)
def _deployed_on_the_day_of_the_story(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "FIRST_DAY", "2026-11-23")


def holding(text: str, models: Iterable[type[Any]] = tables.MODELS) -> list[str]:
    """The places of all items, raw as they stand in the tables, in which a text stands."""
    return [
        " ".join(str(getattr(item, key, "")) for key in ("pk", "sk"))
        for model in models
        for item in model.scan()
        if text in json.dumps(item.serialize(), ensure_ascii=False)
    ]


def passes(story: Story, days: float) -> None:
    """Days go by, on which the daily function found nothing that was due; it runs at their end."""
    story.clock.advance(days * DAY_S)
    ran_yesterday(story)
    retain(story)


def ran_yesterday(story: Story) -> None:
    yesterday = times.plus(story.clock.now(), -DAY_S)
    reached = (times.local_day(times.plus(yesterday, -DAYS[kind] * DAY_S), 7, -1) for kind in retention.WALKS)
    resume = " ".join(max(day, retention.FIRST_DAY) for day in reached)
    heartbeats.beat(retention.NAME, Heartbeat(at=yesterday, resume=resume))


def retain(story: Story) -> dict[str, Any]:
    counts = events.retention(story.world)
    assert not counts["failed"] and not counts["unfinished"], counts
    return counts


def must_verify(capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert verify.main(["--all"]) == 0, capsys.readouterr().out


def fire(story: Story) -> Incident:
    """An open fire with two callers, everything told that can be told, and an SMS from somebody unknown."""
    settings = replace(story.world.settings, sms_replies=True, sms_message_ids=True, inbound_secret=SECRET)
    story.world = replace(story.world, settings=settings)
    bootstrap.install(story.world)
    place = {
        "district": "baamang",
        "village": "Baamang Hulu",
        "landmark": "Gang Mawar 7",
        "lat": -2.53,
        "lng": 112.9123,
    }
    taken = story.call("house_fire", narrative=NARRATIVE, location=place)
    incident: Incident = taken["incident"]
    joining = {
        "number": NEIGHBOUR,
        "channel": "phone",
        "class": "emergency",
        "received_at": story.clock.now(),
        "note": "Tetangga Ibu Ani",
        "incident_id": incident["id"],
    }
    story.desk("POST", "/api/calls", joining, expect=201)
    for person in ("andi", "citra", "eko"):
        text = story.phone(person).expects("/r/")
    assert sms(story, STRANGER, f"{text.partition('Balas: ')[2][:4]} {SAID}") == "desk"
    story.desk("POST", f"/api/incidents/{incident['id']}/notes", {"text": NOTED}, expect=201)
    return incident


def ends(story: Story, incident: Incident) -> Incident:
    for person in ("andi", "citra", "eko"):
        story.phone(person).taps("cleared")
    story.desk("POST", f"/api/incidents/{incident['id']}/close", {"disposition": "done"})
    return incident


def types(story: Story, incident: Incident) -> list[str]:
    return [type_ for type_ in story.events(incident["id"]) if type_ == "PersonalDataErased"]


# -- each kind after its period ----------------------------------------------------------------------------------------


def test_each_kind_goes_after_its_own_period_and_nothing_before(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    incident = ends(story, fire(story))
    texts = {
        "pages": [regency.number_of("andi"), "Kebakaran rumah Gang Mawar"],
        "calls": [CALLER, NEIGHBOUR, "Tetangga Ibu Ani"],
        "notes": [NOTED, SAID, STRANGER],
        "narrative": [NARRATIVE, "Gang Mawar 7", "112.9123"],
    }
    passes(story, DAYS["pages"] - 1)
    everything = [text for kind in texts.values() for text in kind]
    assert all(holding(text, [IncidentItem]) for text in everything)
    assert types(story, incident) == []
    for kind, days in sorted(((kind, DAYS[kind]) for kind in texts), key=lambda each: each[1]):
        since = times_since(story, incident)
        passes(story, days - since + 0.1)
        for text in texts[kind]:
            assert holding(text, [IncidentItem]) == [], (kind, text)
        must_verify(capsys)
    assert [text for text in everything if holding(text, [IncidentItem])] == []


def times_since(story: Story, incident: Incident) -> float:
    closed_at = story.incident(incident["id"])["closed_at"]
    return (times.between(closed_at, story.clock.now()) or 0) / DAY_S


def test_nothing_personal_is_left_of_an_old_incident_in_any_table(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    incident = ends(story, fire(story))
    passes(story, 731)
    for text in (CALLER, NEIGHBOUR, STRANGER, NARRATIVE, NOTED, SAID, "Ibu Ani", "Gang Mawar", "112.9123"):
        assert holding(text) == [], text
    # Whom the crews' own registry still knows, the incident knows no longer.
    for text in (regency.number_of("andi"), '"Andi"', "message-1"):
        assert holding(text, [IncidentItem, KeyItem]) == [], text
    # Neither do codes lead to its pages, nor keys to its calls.
    assert [item.pk for item in IncidentItem.scan() if item.pk[:2] in ("K#", "M#")] == []
    assert list(KeyItem.scan()) == []
    salts = [
        item.sk for item in IncidentItem.query(incidents.pk_of(incident["id"])) if '"salt":""' not in item.doc
    ]
    assert not [sk for sk in salts if sk[0] in "#CNP"]
    must_verify(capsys)


def test_a_long_evening_with_split_calls_and_a_new_opening_is_forgotten_whole(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    a_long_evening(story)
    passes(story, 731)
    for text in (
        CALLER,
        NEIGHBOUR,
        "+6281234567892",
        "Ibu Ani",
        "dua orang",
        "Sudah lahir",
        "Api menyala lagi",
    ):
        assert holding(text) == [], text
    must_verify(capsys)


def test_a_past_incident_that_is_imported_again_after_its_erasure_stays_erased(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    (first,) = imported(story, row())
    passes(story, 731)
    assert holding("Asap tebal") == []
    (again,) = imported(story, row())
    assert (again["result"], again["incident_id"]) == ("unchanged", first["incident_id"])
    assert holding("Asap tebal") == [] and holding("81234567890") == []
    must_verify(capsys)


def test_what_statistics_count_stays(story: Story) -> None:
    incident = ends(story, fire(story))
    days = {"from": "2026-11-23", "to": "2026-11-23", "by": "agency"}
    before = story.http("GET", "/api/reports/response-times", as_="leader", query=days).body
    passes(story, 731)
    shown = story.incident(incident["id"])
    assert (shown["district"], shown["village"], shown["type"]) == ("baamang", "Baamang Hulu", "house_fire")
    assert [call["class"] for call in shown["calls_list"]] == ["emergency", "emergency"]
    assert all(call["erased"] for call in (*shown["calls_list"], *shown["notes"], *shown["pages"]))
    assert story.http("GET", "/api/reports/response-times", as_="leader", query=days).body == before


def test_the_trail_says_what_was_erased_when_and_by_which_rule(story: Story) -> None:
    incident = ends(story, fire(story))
    passes(story, 91)
    event = story.incident(incident["id"])["timeline"][-1]
    assert (event["type"], event["actor"], event["source"]) == (
        "PersonalDataErased",
        "system:retention",
        "timer",
    )
    assert event["data"]["because"] == "retention"
    assert event["data"]["days"] == {"pages": 90}
    assert len(event["data"]["erased"]) == 3 and event["data"]["erased"][0].startswith("page:")


def test_a_second_run_changes_nothing(story: Story) -> None:
    ends(story, fire(story))
    passes(story, 366)
    before = [item.serialize() for item in IncidentItem.scan()]
    counts = retain(story)
    assert not any(counts.values()), counts
    assert [item.serialize() for item in IncidentItem.scan()] == before


def test_the_regency_sets_its_own_periods(story: Story) -> None:
    incident = fire(story)
    days = Settings.from_env(
        {"LINK_SECRET": "x" * 32, "RETENTION_DAYS": "narrative=30 calls=400"}
    ).retention_days
    story.world = replace(story.world, settings=replace(story.world.settings, retention_days=days))
    ends(story, incident)
    passes(story, 31)
    assert holding(NARRATIVE) == [] and holding(CALLER)
    passes(story, 335)
    assert holding(CALLER) and not holding(NOTED)
    passes(story, 35)
    assert holding(CALLER) == []


def test_a_period_that_becomes_shorter_counts_from_the_next_run_on(story: Story) -> None:
    ends(story, fire(story))
    passes(story, 91)
    days = {**DAYS, "narrative": 60}
    story.world = replace(story.world, settings=replace(story.world.settings, retention_days=days))
    retain(story)
    assert holding(NARRATIVE) == [] and holding(CALLER)


@pytest.mark.parametrize(
    "text", ["calls", "calls=", "calls=6", "calls=-90", "calls=1e3", "cals=90", "calls=9٩"]
)
def test_a_period_that_may_be_a_mistake_erases_nothing_and_stops_the_start(text: str) -> None:
    with pytest.raises(ValueError, match="RETENTION_DAYS"):
        Settings.from_env({"LINK_SECRET": "x" * 32, "RETENTION_DAYS": text})


# -- what must not be touched ------------------------------------------------------------------------------------------


def test_an_open_incident_is_never_touched(story: Story) -> None:
    incident = fire(story)
    passes(story, 1000)
    assert all(holding(text) for text in (CALLER, NARRATIVE, NOTED, SAID, "Gang Mawar 7"))
    assert types(story, incident) == []
    story.tampered = True  # The auditor has much to say of a fire that nobody looks after for eight years.


def test_a_page_of_which_nobody_has_told_what_became_of_it_is_kept_until_it_is_told(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    story.wakeups.lost = True
    incident: Incident = story.call("childbirth")["incident"]
    story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Sudah lahir"})
    story.wakeups.lost = False
    passes(story, DAYS["pages"] + 1)
    kept = {page["kind"]: page["name"] for page in story.incident(incident["id"])["pages"]}
    assert kept == {"page": "Citra", "cancelled": "Citra"}, (
        "months without a sweep, and no event speaks of them"
    )
    story.fast_forward(120)
    assert story.events(incident["id"]).count("PagesExpired") >= 1
    ran_yesterday(story)
    retain(story)
    assert {page["name"] for page in story.incident(incident["id"])["pages"]} == {""}
    must_verify(capsys)


def test_an_incident_opened_again_starts_its_period_anew(story: Story) -> None:
    incident = ends(story, fire(story))
    path = f"/api/incidents/{incident['id']}"
    passes(story, 91)
    story.desk("POST", f"{path}/reopen", {"reason": "Api menyala lagi"})
    passes(story, 400)
    assert holding(CALLER)
    story.desk("POST", f"{path}/close", {"disposition": "done"})
    passes(story, 364)
    assert holding(CALLER)
    passes(story, 2)
    assert holding(CALLER) == [] and holding("Api menyala lagi") == []


def test_a_crew_called_out_by_a_new_opening_after_the_first_ones_were_forgotten_is_forgotten_too(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    incident = ends(story, fire(story))
    passes(story, DAYS["pages"] + 1)
    assert story.incident(incident["id"])["erased"] == ["pages"]
    story.desk("POST", f"/api/incidents/{incident['id']}/reopen", {"reason": "Api menyala lagi"})
    regency.load({"shifts": regency.shifts(times.local_day(story.clock.now(), 7))})
    path = f"/api/incidents/{incident['id']}/assignments"
    story.desk("POST", path, {"unit_id": "damkar_2"}, expect=201)
    story.phone("budi").expects("Kebakaran rumah")
    story.phone("budi").taps("cleared")
    story.desk("POST", f"/api/incidents/{incident['id']}/close", {"disposition": "done"})
    assert holding(regency.number_of("budi"), [IncidentItem])
    passes(story, DAYS["pages"] + 1)
    assert holding(regency.number_of("budi"), [IncidentItem]) == []
    must_verify(capsys)


def test_a_note_added_long_afterwards_has_a_period_of_its_own(story: Story) -> None:
    incident = ends(story, fire(story))
    passes(story, 400)
    assert holding(NOTED) == []
    story.desk("POST", f"/api/incidents/{incident['id']}/notes", {"text": "Ditanya asuransi"}, expect=201)
    passes(story, 364)
    assert holding("Ditanya asuransi")
    passes(story, 2)
    assert holding("Ditanya asuransi") == []


# -- legal hold --------------------------------------------------------------------------------------------------------


def test_under_a_legal_hold_nothing_is_erased_until_it_is_lifted(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    incident = ends(story, fire(story))
    path = f"/api/incidents/{incident['id']}/legal-hold"
    passes(story, 91)
    held = story.desk("POST", path, {"reason": "Perkara di PN Sampit"}, as_="supervisor")
    assert (held["hold"]["by_name"], held["timeline"][-1]["type"]) == ("Supervisor", "LegalHoldPlaced")
    passes(story, 1000)
    assert all(holding(text) for text in (CALLER, NARRATIVE, NOTED))
    must_verify(capsys)
    lifted = story.desk("POST", f"{path}/lift", {"reason": "Putusan berkekuatan tetap"}, as_="admin")
    assert (lifted["hold"], lifted["timeline"][-1]["type"]) == (None, "LegalHoldLifted")
    retain(story)
    assert not [text for text in (CALLER, NARRATIVE, NOTED) if holding(text)]
    must_verify(capsys)


def test_a_hold_that_stands_or_stands_no_more_is_left_as_it_is(story: Story) -> None:
    incident = ends(story, fire(story))
    path = f"/api/incidents/{incident['id']}/legal-hold"
    before = story.incident(incident["id"])["version"]
    assert story.desk("POST", f"{path}/lift", {"reason": "x"}, as_="supervisor")["version"] == before
    first = story.desk("POST", path, {"reason": "Perkara"}, as_="supervisor")
    again = story.desk("POST", path, {"reason": "Perkara"}, as_="admin")
    assert (again["version"], again["hold"]) == (first["version"], first["hold"])


def test_an_operator_places_and_lifts_no_hold(story: Story) -> None:
    incident = ends(story, fire(story))
    path = f"/api/incidents/{incident['id']}/legal-hold"
    for each in (path, f"{path}/lift"):
        assert story.http("POST", each, {"reason": "x"}, as_="operator").status == 403


# -- what stands beside incidents --------------------------------------------------------------------------------------


def test_calls_without_an_incident_keep_their_class_and_lose_their_number(story: Story) -> None:
    prank = {
        "number": CALLER,
        "channel": "phone",
        "class": "prank",
        "note": "Anak-anak",
        "received_at": story.clock.now(),
    }
    story.desk("POST", "/api/calls", prank, expect=201)
    passes(story, 89)
    assert holding(CALLER)
    story.clock.advance(3 * DAY_S)
    assert retain(story)["calls"] == 1
    assert holding(CALLER) == [] and holding("Anak-anak") == []
    (call,) = story.http("GET", "/api/calls", as_="auditor", query={"date": "2026-11-23"}).body["calls"]
    assert (call["class"], call["number"], call["erased"]) == ("prank", "", True)
    assert retain(story)["calls"] == 0


def test_a_blocked_number_and_who_blocked_it_are_forgotten(story: Story) -> None:
    unblocks(story, blocks(story))
    again = blocks(story)
    passes(story, 20)
    assert holding(PRANKSTER, [RegistryItem])
    passes(story, 12)
    assert holding(PRANKSTER) == []
    assert list(RegistryItem.query(f"H#block#{again['id']}")) == []


def test_what_units_did_is_forgotten_but_not_what_they_do_now(story: Story) -> None:
    ends(story, fire(story))
    out = {"status": "NotAvailable", "reason": "no_fuel"}
    story.desk("POST", "/api/units/damkar_1/status", out)
    passes(story, 200)
    story.desk("POST", "/api/units/damkar_1/status", {"status": "Available"})
    passes(story, 200)
    assert len(list(RegistryItem.query("H#unit#damkar_1"))) == 1
    assert story.http("GET", "/api/units/status", as_="operator").body["units"]


def test_who_was_on_duty_is_forgotten_a_year_later_and_who_is_now_is_not(story: Story) -> None:
    def on_duty(day: str) -> list[Any]:
        query = {"agency_id": "damkar", "date": day}
        found = story.http("GET", "/api/registry/shifts", as_="admin", query=query)
        return list(found.body["items"])

    passes(story, 365)
    today = times.local_day(story.clock.now(), 7)
    regency.load({"shifts": regency.shifts(today)})
    assert len(on_duty("2026-11-23")) == 2
    story.clock.advance(2 * DAY_S)
    assert retain(story)["shifts"] > 0
    story.world.registry.current()
    assert list(RegistryItem.query("S#damkar#2026-11-23")) == []
    assert len(on_duty(today)) == 2


def test_a_months_sheet_goes_with_its_last_day_and_all_logs_stay_whole(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    filled(story)
    assert publishes(story, "2026-12-01").status == 200
    # To the day after Christmas a year later: the first days of that month are past their time, its last is not.
    passes(story, 33 + 365)
    assert list(RegistryItem.query("VD#psc")), "the month is not over"
    must_verify(capsys)
    story.clock.advance(6 * DAY_S)
    counts = retain(story)
    assert counts["sheets"] == 5
    assert [list(RegistryItem.query(pk)) for pk in ("VD#psc", "DD#psc", "DP#2026-12")] == [[], [], []]
    must_verify(capsys)


def test_a_drill_forgets_whom_it_paged_and_keeps_its_result(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    drill = story.desk("POST", "/api/drills", {"agency_id": "damkar"}, as_="supervisor", expect=201)
    story.phone("andi").expects("LATIHAN")
    story.phone("budi").expects("LATIHAN")
    story.phone("andi").taps("acknowledged")
    story.desk("POST", f"/api/drills/{drill['id']}/end", {}, as_="supervisor")
    passes(story, 364)
    assert holding(regency.number_of("andi"), [IncidentItem])
    passes(story, 2)
    assert holding(regency.number_of("andi"), [IncidentItem]) == []
    shown = story.http("GET", f"/api/drills/{drill['id']}", as_="leader").body
    assert (shown["tally"]["answered"], shown["tally"]["people"]) == (1, 2)
    must_verify(capsys)


def test_expired_keys_go_and_those_that_still_count_stay(story: Story) -> None:
    story.call("childbirth")
    story.phone("citra").expects("/r/")
    story.clock.advance(12 * 3600)
    assert retain(story)["keys"] == 0
    story.clock.advance(13 * 3600)
    assert retain(story)["keys"] == 1  # The number's count of the day is kept for two.


# -- erased is not tampered --------------------------------------------------------------------------------------------


def test_what_is_gone_without_a_word_in_the_trail_is_found(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    incident = ends(story, fire(story))
    item = next(item for item in IncidentItem.query(incidents.pk_of(incident["id"])) if item.sk[0] == "C")
    call = json.loads(item.doc)
    item.doc = json.dumps({**call, "number": "", "note": "", "salt": ""})
    item.save()
    assert verify.main([]) == 1
    assert "is gone, and no event says that it was erased" in capsys.readouterr().out


def test_what_stands_there_again_after_its_erasure_is_found(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    incident = ends(story, fire(story))
    passes(story, 366)
    item = next(item for item in IncidentItem.query(incidents.pk_of(incident["id"])) if item.sk[0] == "C")
    item.doc = json.dumps({**json.loads(item.doc), "number": "+6281299999999", "salt": "00"})
    item.save()
    assert verify.main([]) == 1
    assert "stands there, although its erasure is in the trail" in capsys.readouterr().out


def test_a_hold_that_was_taken_away_without_a_word_in_the_trail_is_found(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    incident = ends(story, fire(story))
    path = f"/api/incidents/{incident['id']}/legal-hold"
    story.desk("POST", path, {"reason": "Perkara"}, as_="supervisor")
    item = IncidentItem.get(incidents.pk_of(incident["id"]), "#")
    item.doc = json.dumps({**json.loads(item.doc), "hold": None})
    item.save()
    assert verify.main([]) == 1
    assert "its legal hold does not follow from the events" in capsys.readouterr().out


# -- how much at once, and health --------------------------------------------------------------------------------------


def test_a_backlog_is_erased_over_several_runs_and_keeps_nothing_else_waiting(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    prank = {"number": NEIGHBOUR, "channel": "phone", "class": "prank", "received_at": story.clock.now()}
    story.desk("POST", "/api/calls", prank, expect=201)
    for _ in range(3):
        incident = story.call("childbirth")["incident"]
        story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Palsu"})
    for person in ("citra", "dewi"):
        while story.phone(person).messages()[story.phone(person).seen :]:
            story.phone(person).expects("")
    story.clock.advance(92 * DAY_S)
    citra = regency.number_of("citra")
    monkeypatch.setattr("chalicelib.services.evidence.retention.INCIDENTS_S", -1.0)
    counts = events.retention(story.world)
    assert (counts["incidents"], counts["unfinished"], counts["calls"]) == (0, 1, 1)
    assert holding(citra, [IncidentItem]) and not holding(NEIGHBOUR)
    monkeypatch.undo()
    assert retain(story)["incidents"] == 3
    assert holding(citra, [IncidentItem]) == []


def test_an_incident_that_cannot_be_erased_keeps_no_other_waiting_and_health_says_so(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = story.call("childbirth")["incident"]
    second = story.call("childbirth")["incident"]
    for each in (first, second):
        story.desk("POST", f"/api/incidents/{each['id']}/cancel", {"reason": "Palsu"})
    for person in ("citra", "dewi"):
        while story.phone(person).messages()[story.phone(person).seen :]:
            story.phone(person).expects("")
    story.clock.advance(92 * DAY_S)
    really = retention.erase_incident

    def fails(world: Any, incident_id: str, as_of: str) -> None:
        if incident_id == first["id"]:
            raise RuntimeError("spoilt")
        really(world, incident_id, as_of)

    monkeypatch.setattr(retention, "erase_incident", fails)
    counts = events.retention(story.world)
    assert (counts["incidents"], counts["failed"]) == (1, 1)
    check = story.http("GET", "/api/health").body["checks"]["retention"]
    assert not check["ok"] and "1 failed" in check["detail"]
    monkeypatch.undo()
    retain(story)
    assert story.http("GET", "/api/health").body["checks"]["retention"]["ok"]


def test_an_incident_that_another_release_has_ended_is_found_all_the_same(story: Story) -> None:
    incident = ends(story, fire(story))
    item = IncidentItem.get(incidents.pk_of(incident["id"]), "#")
    item.due_key = item.due_at = None
    item.save()
    story.clock.advance(92 * DAY_S)
    assert retain(story)["found"] == 1 and holding(regency.number_of("andi"), [IncidentItem])
    assert retain(story)["incidents"] == 1 and not holding(regency.number_of("andi"), [IncidentItem])
    assert retain(story)["found"] == 0


def test_health_says_when_retention_has_stopped(story: Story) -> None:
    def check() -> Any:
        return story.http("GET", "/api/health").body["checks"]["retention"]

    story.sweep()
    assert check()["ok"]  # Its first day is not over.
    retain(story)
    story.clock.advance(2 * DAY_S)
    assert check()["ok"]
    story.clock.advance(2 * DAY_S)
    assert not check()["ok"]


def test_a_clock_that_jumps_ten_years_ahead_erases_a_week_more_at_most_and_health_says_so(
    story: Story,
) -> None:
    incident = ends(story, fire(story))
    retain(story)
    story.clock.step(3650 * DAY_S)
    counts = retain(story)
    assert not counts["incidents"] and holding(CALLER) and types(story, incident) == []
    check = story.http("GET", "/api/health").body["checks"]["retention"]
    assert not check["ok"]
    story.clock.step(-3650 * DAY_S)
    retain(story)
    assert story.http("GET", "/api/health").body["checks"]["retention"]["ok"]


def test_what_was_due_while_nothing_ran_is_caught_up_week_by_week(story: Story) -> None:
    ends(story, fire(story))
    passes(story, 80)
    story.clock.advance(30 * DAY_S)
    runs = 0
    while holding(regency.number_of("andi"), [IncidentItem]):
        retain(story)
        runs += 1
    assert runs == 2


def test_changes_of_duty_go_with_their_month_and_all_logs_stay_whole(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    on_sheet(story)
    leave = {"day": "2026-12-30", "last_day": "2027-01-02", "why": "Cuti"}
    assert enters(story, "leave", "dewi", **leave).status == 201
    passes(story, 33 + 365)
    must_verify(capsys)
    story.clock.advance(6 * DAY_S)
    retain(story)
    kept = {item.pk for item in RegistryItem.scan() if item.pk[:3] in ("DC#", "VC#", "DP#")}
    assert kept == {"DP#2027-01"}, "what counts in its second month goes with that"
    must_verify(capsys)
