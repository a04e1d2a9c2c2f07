"""Answers by SMS: what is clear is recorded, all else reaches a person, and nobody else's word counts."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from msgspec import to_builtins

from chalicelib import bootstrap
from chalicelib.domain import mint, replies, times
from chalicelib.domain.registry import EscalationPolicy, EscalationStep
from chalicelib.errors import Busy
from chalicelib.handlers.inbound import signature
from chalicelib.models import keys
from infra.verify import verify
from tests.support import regency
from tests.world.harness import Answer, Incident, Story, form

SECRET = "the secret that a modem and we share, in tests"
STRANGER = "+628999000111"


@pytest.fixture
def story(story: Story) -> Story:
    """A regency whose crews may answer by SMS."""
    settings = replace(story.world.settings, sms_replies=True, inbound_secret=SECRET)
    story.world = replace(story.world, settings=settings)
    bootstrap.install(story.world)
    return story


def post(
    story: Story, raw: str, *, provider: str = "generic", age_s: int = 0, secret: str = SECRET
) -> Answer:
    seconds = times.milliseconds(story.clock.now()) // 1000 - age_s
    headers = {"x-kentongan-signature": signature(secret, seconds, raw.encode())}
    if provider == "gammu":
        headers["content-type"] = "application/x-www-form-urlencoded"
    answer = story.http("POST", f"/api/inbound/sms?provider={provider}", raw=raw, headers=headers)
    story.settle()
    return answer


def sms(story: Story, from_: str, text: str, id_: str = "", **more: str) -> str:
    """What becomes of an SMS from a person of the regency or a number."""
    number = from_ if from_[0] in "+0" or from_.isupper() else regency.number_of(from_)
    body = {"id": id_ or f"m-{story.clock.now()}", "from": number, "text": text, **more}
    answer = post(story, json.dumps(body))
    assert answer.status == 200, answer.text
    return str(answer.body["result"])


def birth(story: Story) -> tuple[Incident, str]:
    """A childbirth to which Citra of the PSC is called, and her code."""
    incident: Incident = story.call("childbirth")["incident"]
    text = story.phone("citra").expects("Melahirkan", "Balas: ", " YA")
    return incident, text.partition("Balas: ")[2][:4]


def crews(story: Story, incident: Incident) -> list[str]:
    return [crew["status"] for crew in story.incident(incident["id"])["crews"]]


def last(story: Story, incident: Incident) -> dict[str, Any]:
    event: dict[str, Any] = story.incident(incident["id"])["timeline"][-1]
    return event


def marks(story: Story, incident: Incident) -> list[dict[str, Any]]:
    return [each for each in story.incident(incident["id"])["attention"] if each["code"] == "reply"]


# -- what is recorded --------------------------------------------------------------------------------------------------


def test_yes_acknowledges_and_nobody_gets_an_answer(story: Story) -> None:
    incident, code = birth(story)
    assert sms(story, "citra", f"{code} YA") == "applied"
    event = last(story, incident)
    assert (event["type"], event["source"], event["actor_name"]) == ("PageAcknowledged", "sms", "Citra")
    assert crews(story, incident) == ["acknowledged"]
    assert marks(story, incident) == []


def test_each_word_takes_the_crew_a_step_further_until_it_is_free(story: Story) -> None:
    incident, code = birth(story)
    for text, status in [
        (f"{code} ya", "acknowledged"),
        (f"jalan {code.lower()}", "en_route"),
        ("tiba", "on_scene"),
        ("Selesai ndan.", "cleared"),
    ]:
        story.clock.advance(60)
        assert sms(story, "citra", text) == "applied"
        assert crews(story, incident) == [status]


def test_unable_for_want_of_fuel_sends_the_next_unit_at_once(story: Story) -> None:
    incident, code = birth(story)
    assert sms(story, "citra", f"{code} TIDAK BBM") == "applied"
    story.phone("dewi").expects("Melahirkan", "Balas: ")
    assert crews(story, incident) == ["unable", "requested"]
    assert story.incident(incident["id"])["crews"][0]["reason"] == "no_fuel"


def test_a_colleagues_phone_counts_with_the_code(story: Story) -> None:
    incident, code = birth(story)
    assert sms(story, "gita", f"{code} siap meluncur") == "applied"
    assert crews(story, incident) == ["en_route"]
    assert last(story, incident)["actor_name"] == "Gita"


def test_somebody_who_has_retired_is_a_stranger_with_their_old_phone(story: Story) -> None:
    found = story.http("GET", "/api/registry/personnel/gita", as_="admin").body
    found.pop("v")
    story.desk("PUT", "/api/registry/personnel/gita", {**found, "retired": True}, as_="admin")
    incident, code = birth(story)
    assert sms(story, "gita", f"{code} siap meluncur") == "desk"
    assert crews(story, incident) == ["requested"]
    assert (marks(story, incident)[0]["proposal"], marks(story, incident)[0]["strange"]) == ("en_route", True)


def needing_two(story: Story) -> tuple[Incident, str, str]:
    """A childbirth that two people must acknowledge, with Citra's code and that of Dewi, whom the escalation paged."""
    step = EscalationStep(after_s=60, to="on_duty")
    policy = EscalationPolicy(
        id="normal", label=regency.label("Biasa"), acknowledgements=2, steps=[step], silence=regency.SILENCE
    )
    path = "/api/registry/escalation-policies/normal"
    story.desk("PUT", path, to_builtins(policy), as_="admin")
    incident, citras = birth(story)
    story.fast_forward(61, sweeping=False)
    dewis = story.phone("dewi").expects("Melahirkan").partition("Balas: ")[2][:4]
    return incident, citras, dewis


def acknowledged_by(story: Story, incident: Incident) -> list[str]:
    found: list[str] = story.incident(incident["id"])["assignments"][0]["acknowledged_by"]
    return found


def test_an_acknowledgement_is_that_of_whoever_answers_not_of_whose_code_it_was(story: Story) -> None:
    incident, citras, _ = needing_two(story)
    assert sms(story, "gita", f"{citras} ya") == "applied"
    assert acknowledged_by(story, incident) == ["gita"]
    event = last(story, incident)
    assert (event["type"], event["data"]["person"]) == ("PageAcknowledged", "gita")
    # The one whom the page was for has not spoken yet, and is the second.
    assert sms(story, "citra", f"{citras} ya") == "applied"
    assert acknowledged_by(story, incident) == ["gita", "citra"]
    story.fast_forward(3600)
    story.phone("dewi").expects("TIDAK perlu datang")
    assert story.incident(incident["id"])["attention"] == []


def test_one_person_with_two_codes_is_one_acknowledgement(story: Story) -> None:
    incident, citras, dewis = needing_two(story)
    assert sms(story, "gita", f"{citras} ya") == "applied"
    assert sms(story, "gita", f"{dewis} ya") == "repeated"
    assert acknowledged_by(story, incident) == ["gita"]
    story.fast_forward(61, sweeping=False)
    assert [mark["code"] for mark in story.incident(incident["id"])["attention"]] == ["no_acknowledgement"]


def test_whoever_is_on_the_way_has_acknowledged_as_well(story: Story) -> None:
    incident, citras, _ = needing_two(story)
    assert sms(story, "gita", f"{citras} meluncur") == "applied"
    assert sms(story, "gita", f"{citras} ya") == "late"
    assert acknowledged_by(story, incident) == ["gita"]


def test_the_last_acknowledgement_needed_takes_the_call_now_away(story: Story) -> None:
    incident, citras, dewis = needing_two(story)
    assert sms(story, "citra", f"{citras} ya") == "applied"
    story.fast_forward(61, sweeping=False)
    assert [mark["code"] for mark in story.incident(incident["id"])["attention"]] == ["no_acknowledgement"]
    assert sms(story, "dewi", f"{dewis} ya") == "applied"
    assert story.incident(incident["id"])["attention"] == []


def test_the_code_says_who_is_unable_whichever_phone_it_comes_from(story: Story) -> None:
    incident, citras, dewis = needing_two(story)
    assert sms(story, "gita", f"{dewis} TIDAK BBM") == "applied"
    assert last(story, incident)["type"] == "PageDeclined"
    assert last(story, incident)["data"]["person"] == "gita"
    assert crews(story, incident) == ["requested"]
    assert sms(story, "gita", f"{citras} TIDAK BBM") == "applied"
    assert crews(story, incident) == ["unable", "requested"]
    assert story.phone("dewi").expects("Melahirkan")


def test_a_number_is_known_however_the_modem_writes_it(story: Story) -> None:
    _, code = birth(story)
    assert sms(story, regency.number_of("citra").replace("+62", "0"), f"{code} ya") == "applied"


def test_without_its_code_a_reply_counts_while_one_page_alone_is_open(story: Story) -> None:
    incident, _ = birth(story)
    assert sms(story, "citra", "siap") == "applied"
    other = story.call("childbirth", district="ketapang")["incident"]
    story.phone("dewi").expects("Melahirkan")
    path = f"/api/incidents/{other['id']}/assignments"
    story.desk("POST", path, {"unit_id": "ambulans_1", "insist": True}, expect=201)
    story.phone("citra").expects("Melahirkan")
    assert sms(story, "citra", "otw") == "desk"
    assert crews(story, incident) == ["acknowledged"]
    assert marks(story, other)[0]["proposal"] == "en_route"


def test_a_reply_after_escalation_still_counts(story: Story) -> None:
    incident, code = birth(story)
    story.fast_forward(7300)
    story.phone("dewi").expects("Melahirkan")
    assert sms(story, "citra", f"{code} ya") == "applied"
    assert crews(story, incident) == ["acknowledged"]


def test_a_reply_after_cancelling_is_late(story: Story) -> None:
    incident, code = birth(story)
    story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Palsu"})
    story.phone("citra").expects("BATAL")
    assert sms(story, "citra", f"{code} jalan") == "late"
    assert crews(story, incident) == ["cancelled"]
    assert last(story, incident)["type"] == "LateReportReceived"
    story.clock.advance(25 * 3600)
    assert sms(story, "citra", f"{code} jalan") == "logged"


def test_a_message_counts_once_however_often_its_provider_hands_it_in(story: Story) -> None:
    incident, code = birth(story)
    assert sms(story, "citra", f"{code} ya", "m1") == "applied"
    before = story.events(incident["id"])
    assert [sms(story, "citra", f"{code} ya", "m1") for _ in range(3)] == ["repeated"] * 3
    assert story.events(incident["id"]) == before
    assert sms(story, "citra", f"{code} hm?", "m2") == "desk"
    assert sms(story, "citra", f"{code} hm?", "m2") == "repeated"
    assert len(marks(story, incident)) == 1
    assert sms(story, STRANGER, "halo", "m3") == "logged"
    assert sms(story, STRANGER, "halo", "m3") == "repeated"


def test_the_time_on_the_phone_counts_where_it_contradicts_nothing(story: Story) -> None:
    incident, code = birth(story)
    story.clock.advance(600)
    said = times.plus(story.clock.now(), -300)
    assert sms(story, "citra", f"{code} ya", at=said) == "applied"
    assert sms(story, "citra", f"{code} jalan", at=times.plus(story.clock.now(), -3600)) == "applied"
    assert sms(story, "citra", f"{code} tiba", at=times.plus(story.clock.now(), 3600)) == "applied"
    milestones = story.incident(incident["id"])["assignments"][0]["milestones"]
    assert milestones["acknowledged"] == said < milestones["en_route"] < milestones["on_scene"]
    assert milestones["on_scene"] <= story.clock.now()


# -- what a person must read -------------------------------------------------------------------------------------------


def test_an_unclear_reply_goes_to_the_desk_with_a_proposal_that_a_person_accepts(story: Story) -> None:
    incident, code = birth(story)
    assert sms(story, "citra", f"{code} bentar lagi sampai, minta lokasi") == "desk"
    assert crews(story, incident) == ["requested"]
    (mark,) = marks(story, incident)
    (note,) = story.incident(incident["id"])["notes"]
    assert (mark["note"], mark["proposal"]) == (note["id"], "en_route")
    assert (note["text"], note["by_name"]) == (f"{code} bentar lagi sampai, minta lokasi", "Citra")
    event = last(story, incident)
    assert event["type"] == "SmsReplyReceived" and "sampai" not in json.dumps(event)
    # What the crew says next does not read it for the desk.
    assert sms(story, "citra", f"{code} ya") == "applied"
    assert marks(story, incident) == [mark]
    path = f"/api/incidents/{incident['id']}/assignments/{mark['detail']}/status"
    story.desk("POST", path, {"status": mark["proposal"]})
    assert (crews(story, incident), marks(story, incident)) == (["en_route"], [])
    assert verify(incident["id"])[1] == []


def test_a_reply_that_needs_no_step_is_dismissed_by_a_person_and_the_trail_says_by_whom(story: Story) -> None:
    incident, code = birth(story)
    for text in ("pesan otomatis: sedang rapat", "tolong kabari keluarga"):
        assert sms(story, "citra", f"{code} {text}") == "desk"
    first, second = marks(story, incident)
    path = f"/api/incidents/{incident['id']}/replies/dismiss"
    for as_ in ("psc_admin", "damkar_admin", "leader", "auditor"):
        assert story.http("POST", path, {"note_id": first["note"]}, as_=as_).status == 403
    assert marks(story, incident) == [first, second]
    story.desk("POST", path, {"note_id": first["note"]}, as_="operator2")
    assert marks(story, incident) == [second]
    event = last(story, incident)
    assert (event["type"], event["actor_name"]) == ("SmsReplyDismissed", "Operator2")
    assert event["data"] == {"assignment": first["detail"], "reply": first["note"]}
    assert verify(incident["id"])[1] == []
    # Another desk that does so too changes nothing and hears of no error.
    before = story.events(incident["id"])
    story.desk("POST", path, {"note_id": first["note"]})
    assert (story.events(incident["id"]), marks(story, incident)) == (before, [second])
    refused = story.http("POST", path, {"note_id": "01KAQW000000000000000GH0ST"}, as_="operator")
    assert (refused.status, list(refused.body["fields"])) == (422, ["note_id"])
    assert story.incident(incident["id"])["notes"][0]["text"].endswith("sedang rapat")


def test_unable_without_a_reason_or_with_one_that_nobody_keeps_is_for_the_desk(story: Story) -> None:
    incident, code = birth(story)
    for text, reason in [("gak bisa", ""), ("TIDAK RUSAK", ""), ("mobil habis bbm", "no_fuel")]:
        assert sms(story, "citra", f"{code} {text}") == "desk"
        mark = marks(story, incident)[-1]
        assert (mark["proposal"], mark["reason"]) == ("unable", reason)
    assert crews(story, incident) == ["requested"]


def test_an_admin_adds_a_reason_with_its_words_and_the_next_reply_is_read_by_them(story: Story) -> None:
    incident, code = birth(story)
    added = {
        "id": "breakdown",
        "label": {"id": "Rusak", "en": "Broken down"},
        "unit_status": "EquipmentIssues",
        "words": ["rusak", "mogok"],
    }
    path = "/api/registry/reasons"
    for words, where in [(["mogok", "bbm"], "words[1]"), (["jalan"], "words[0]"), (["Rusak!"], "words[0]")]:
        refused = story.http("POST", path, {**added, "words": words}, as_="admin")
        assert refused.status in (400, 422) and list(refused.body["fields"]) == [where]
    story.desk("POST", path, added, as_="admin", expect=201)
    assert sms(story, "citra", f"{code} TIDAK MOGOK") == "applied"
    assert story.incident(incident["id"])["crews"][0]["reason"] == "breakdown"
    story.phone("dewi").expects("Melahirkan")


@pytest.mark.parametrize("who", ["andi", STRANGER, "TELKOMSEL"])
def test_a_strangers_reply_does_nothing_and_the_desk_sees_it(story: Story, who: str) -> None:
    incident, code = birth(story)
    assert sms(story, who, f"{code} YA") == "desk"
    assert crews(story, incident) == ["requested"]
    note = story.incident(incident["id"])["notes"][0]
    assert note["number"] == (regency.number_of(who) if who == "andi" else who) and note["by_name"] == ""
    assert marks(story, incident)[0]["proposal"] == "acknowledged"
    assert story.incident(incident["id"], as_="leader")["notes"][0]["number"].startswith("…")
    story.phone("citra").expects_nothing()


def test_the_count_of_a_strangers_sms_is_kept_under_nothing_that_tells_the_number(story: Story) -> None:
    assert sms(story, STRANGER, "Tolong") == "logged"
    hour = int(times.parse(story.clock.now()).timestamp()) // 3600
    plain = f"replies:{STRANGER}:False\n{hour}"
    assert keys.read([plain]) == {plain: 0}, "whoever reads the table could try all numbers"


def test_another_agency_does_not_read_a_reply(story: Story) -> None:
    incident = story.call("house_fire")["incident"]
    code = story.phone("citra").expects("Kebakaran").partition("Balas: ")[2][:4]
    for person in ("andi", "eko"):
        story.phone(person).expects("Kebakaran")
    assert sms(story, "citra", f"{code} rahasia kami") == "desk"
    assert "rahasia" not in json.dumps(story.incident(incident["id"], as_="damkar_admin"))
    assert "rahasia" in json.dumps(story.incident(incident["id"], as_="psc_admin"))


def test_what_belongs_to_no_incident_stands_in_the_days_calls(story: Story) -> None:
    assert sms(story, STRANGER, "Tolong ada kebakaran di Samuda") == "logged"
    assert sms(story, "PROMO", "Pulsa murah") == "logged"
    assert sms(story, "citra", "siap") == "logged"
    calls = story.http("GET", "/api/calls?date=2026-11-23", as_="operator").body["calls"]
    assert [(call["channel"], call["number"], call["note"]) for call in calls] == [
        ("sms", STRANGER, "Tolong ada kebakaran di Samuda"),
        ("sms", "", "PROMO: Pulsa murah"),
        ("sms", regency.number_of("citra"), "siap"),
    ]


def test_a_wrong_code_is_not_guessed_at(story: Story) -> None:
    incident, code = birth(story)
    wrong = "2A2A" if code != "2A2A" else "3A3A"
    assert sms(story, "citra", f"{wrong} ya") == "desk"
    assert sms(story, "andi", f"{wrong} ya") == "logged"
    assert crews(story, incident) == ["requested"]


def test_wrong_codes_of_one_sender_are_limited_and_the_crews_reply_is_unharmed(story: Story) -> None:
    _, code = birth(story)
    results = [sms(story, STRANGER, f"{letter}2{letter}3 ya") for letter in "ACDEFGHJKMNP"]
    assert results == ["logged"] * 10 + ["counted"] * 2
    assert sms(story, STRANGER, f"{code} ya") == "counted"
    assert sms(story, "citra", f"{code} ya") == "applied"
    story.clock.advance(3600)
    assert sms(story, STRANGER, "A2A3 ya") == "logged"


def test_a_phone_that_sends_on_and_on_does_not_swell_the_incident(story: Story) -> None:
    incident, code = birth(story)
    results = [sms(story, "citra", f"{code} pesan otomatis {n}") for n in range(70)]
    assert results.count("desk") == 60 and results[-1] == "counted"
    assert len(marks(story, incident)) == 6
    assert sms(story, "citra", f"{code} ya") == "applied"


# -- codes -------------------------------------------------------------------------------------------------------------


def test_a_code_that_an_open_page_holds_is_not_given_twice(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = ["7K2M", "7K2M", "7K2M", "9ACD"]
    monkeypatch.setattr(mint, "make_code", lambda randomness: drawn.pop(0))
    first, code = birth(story)
    assert code == "7K2M"
    path = f"/api/incidents/{first['id']}/assignments"
    story.desk("POST", path, {"unit_id": "ambulans_2"}, expect=201)
    assert "9ACD YA" in story.phone("dewi").expects("Melahirkan")
    assert drawn == []
    assert sms(story, "citra", "7K2M ya") == "applied"
    assert crews(story, first) == ["acknowledged", "requested"]


def test_a_code_is_free_again_after_a_week(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mint, "make_code", lambda randomness: "7K2M")
    first, _ = birth(story)
    story.desk("POST", f"/api/incidents/{first['id']}/cancel", {"reason": "Palsu"})
    story.phone("citra").expects("BATAL")
    story.clock.advance(7 * 24 * 3600 + 60)
    regency.load({"shifts": regency.shifts(times.local_day(story.clock.now(), 7))})
    second, _ = birth(story)
    assert sms(story, "citra", "7K2M ya") == "applied"
    assert (crews(story, first), crews(story, second)) == (["cancelled"], ["acknowledged"])


def test_no_page_carries_a_code_unless_replies_are_on(story: Story) -> None:
    story.world = replace(story.world, settings=replace(story.world.settings, sms_replies=False))
    bootstrap.install(story.world)
    incident = story.call("childbirth")["incident"]
    assert "Balas" not in story.phone("citra").expects("Melahirkan")
    assert incident["pages"][0]["reply"] == ""


# -- providers ---------------------------------------------------------------------------------------------------------


def _good(story: Story) -> str:
    _, code = birth(story)
    return json.dumps({"id": "m1", "from": regency.number_of("citra"), "text": f"{code} ya"})


@pytest.mark.parametrize(
    "forge",
    [
        lambda story, raw: post(story, raw, secret="another secret of the same length, or so"),
        lambda story, raw: post(story, raw, age_s=301),
        lambda story, raw: post(story, raw, age_s=-301),
        lambda story, raw: story.http("POST", "/api/inbound/sms", raw=raw),
        lambda story, raw: story.http(
            "POST", "/api/inbound/sms", raw=raw, headers={"x-kentongan-signature": "t=1,v1=é"}
        ),
        lambda story, raw: story.http(
            "POST",
            "/api/inbound/sms",
            raw=raw.replace("ya", "jalan"),
            headers={"x-kentongan-signature": signature(SECRET, 1795489200, raw.encode())},
        ),
    ],
    ids=["another secret", "too old", "from the future", "unsigned", "no signature", "another body"],
)
def test_a_wrong_or_stale_signature_is_refused(story: Story, forge: Callable[[Story, str], Answer]) -> None:
    raw = _good(story)
    answer = forge(story, raw)
    assert (answer.status, answer.body["code"]) == (403, "forbidden")
    assert post(story, raw, age_s=290).body == {"result": "applied"}


def test_without_a_secret_nothing_is_taken_in(story: Story) -> None:
    story.world = replace(story.world, settings=replace(story.world.settings, inbound_secret=""))
    bootstrap.install(story.world)
    assert post(story, "{}", secret="").status == 404


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ("", "id from text"),
        ("{", "body"),
        ('{"id": "a", "from": "+62811", "text": "ya", "more": 1}', "more"),
        ('{"id": "", "from": "+62811", "text": "ya"}', "id"),
        ('{"id": "a", "from": "+62811", "text": 1}', "text"),
        ('{"id": "a", "from": "+62811", "text": "ya", "at": "kemarin"}', "at"),
    ],
)
def test_a_signed_body_that_does_not_fit_is_refused_by_name(story: Story, raw: str, field: str) -> None:
    answer = post(story, raw)
    assert (answer.status, list(answer.body["fields"])) == (400, field.split())
    unknown = story.http("POST", "/api/inbound/sms?provider=pigeon", raw=raw)
    assert (unknown.status, list(unknown.body["fields"])) == (400, ["provider"])


@pytest.mark.parametrize("text", ["\ud800", "\0\x1b", "🚒" * 500, "a\u202eb", "{{7*7}}", "x" * 3900])
def test_odd_texts_are_kept_as_far_as_they_can_be_shown(story: Story, text: str) -> None:
    incident, code = birth(story)
    assert sms(story, "citra", f"{code} {text}") == "desk"
    kept = story.incident(incident["id"])["notes"][0]["text"]
    shown = text.replace("\ud800", "\ufffd")
    assert kept == replies.printable(f"{code} {shown}") and len(kept) <= 1000


def test_gammus_daemon_hands_in_a_message_in_parts(story: Story) -> None:
    incident, code = birth(story)
    whole = {"MESSAGE_ID": "7", "SMS_MESSAGES": "1", "SMS_1_NUMBER": regency.number_of("citra")}
    assert post(story, form(**whole, SMS_1_TEXT=f"{code} ya"), provider="gammu").body["result"] == "applied"
    parts = {**whole, "MESSAGE_ID": "8", "SMS_MESSAGES": "2", "SMS_2_TEXT": "lan", "SMS_1_TEXT": f"{code} ja"}
    assert post(story, form(**parts), provider="gammu").body["result"] == "applied"
    assert crews(story, incident) == ["en_route"]
    decoded = {
        **whole,
        "MESSAGE_ID": "9",
        "DECODED_PARTS": "2",
        "DECODED_1_TEXT": "ti",
        "DECODED_2_TEXT": "ba",
    }
    story.clock.advance(60)
    assert post(story, form(**decoded), provider="gammu").body["result"] == "applied"
    for bad in ("", "SMS_1_TEXT=ya", "SMS_MESSAGES=x&SMS_1_TEXT=ya", "%FF=%FF"):
        assert post(story, bad, provider="gammu").status == 400
    assert post(story, json.dumps({}), provider="generic").status == 400


@pytest.mark.parametrize("said", ["Delivered", "Failed", "Pending", "Unknown"])
@pytest.mark.parametrize("mark", [{"SMS_1_REFERENCE": "17"}, {"SMS_1_SMSC_TIMESTAMP": "1795489200"}])
def test_a_networks_report_that_gammu_hands_in_is_not_taken_for_the_crews_words(
    story: Story, said: str, mark: dict[str, str]
) -> None:
    incident, _ = birth(story)
    before = story.incident(incident["id"])
    given = {
        "MESSAGE_ID": "7",
        "SMS_MESSAGES": "1",
        "SMS_1_NUMBER": regency.number_of("citra"),
        "SMS_1_TEXT": said,
    }
    assert post(story, form(**given, **mark), provider="gammu").body == {"result": "ignored"}
    assert story.incident(incident["id"]) == before
    # The same word written by a person has no number of the modem's.
    written = {**given, "SMS_1_REFERENCE": "0", "SMS_1_SMSC_TIMESTAMP": ""}
    assert post(story, form(**written), provider="gammu").body == {"result": "desk"}


def test_a_database_that_does_not_answer_is_no_lost_reply(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = _good(story)
    with monkeypatch.context() as broken:
        broken.setattr("chalicelib.services.response.following.write", _busy)
        assert post(story, raw).status == 503
    assert post(story, raw).body == {"result": "applied"}


def _busy(*_: object, **__: object) -> None:
    raise Busy("others are changing the same")
