"""No message is lost in silence: an outsider's counter is no identity, and what is too much leaves one visible mark."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.domain import times
from infra.verify import verify
from tests.support import regency
from tests.world.harness import Story, form
from tests.world.test_replies import STRANGER, birth, crews, marks, post, sms
from tests.world.test_replies import story as story  # a regency whose crews may answer by SMS

DAY = "2026-11-23"


def calls(story: Story) -> list[dict[str, Any]]:
    day = times.local_day(story.clock.now(), 7)
    found: list[dict[str, Any]] = story.http("GET", f"/api/calls?date={day}", as_="operator").body["calls"]
    return found


def gammu(story: Story, id_: str, from_: str, text: str, **more: str) -> str:
    """What becomes of a message that a daemon with the SQL backend hands in, whose ids are numbers of rows."""
    number = from_ if from_.startswith("+") else regency.number_of(from_)
    whole = {"MESSAGE_ID": id_, "SMS_MESSAGES": "1", "SMS_1_NUMBER": number, "SMS_1_TEXT": text, **more}
    answer = post(story, form(**whole), provider="gammu")
    assert answer.status == 200, answer.text
    return str(answer.body["result"])


# -- who a message is --------------------------------------------------------------------------------------------------


def test_two_modems_that_count_alike_lose_neither_crews_answer(story: Story) -> None:
    fire = story.call("house_fire")["incident"]
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("Kebakaran")
    assert gammu(story, "17", "andi", "siap") == "applied"
    assert gammu(story, "17", "citra", "tidak bisa bbm habis") == "applied"
    assert gammu(story, "17", "andi", "siap") == "repeated"
    by_unit = {crew["unit_id"]: crew["status"] for crew in story.incident(fire["id"])["crews"]}
    assert (by_unit["damkar_1"], by_unit["ambulans_1"]) == ("acknowledged", "unable")
    story.phone("dewi").expects("Kebakaran")


def test_a_gateway_phone_that_was_replaced_counts_from_one_again(story: Story) -> None:
    incident, code = birth(story)
    assert sms(story, "citra", f"{code} ya", "1") == "applied"
    assert sms(story, "citra", f"{code} meluncur", "1") == "applied"
    assert sms(story, STRANGER, "halo", "1") == "logged"
    assert crews(story, incident) == ["en_route"]


def test_the_same_words_under_the_same_number_two_hours_later_are_another_message(story: Story) -> None:
    first, _ = birth(story)
    said = story.clock.now()
    assert sms(story, "citra", "siap", "17", at=said) == "applied"
    for _ in range(2):
        story.clock.advance(1800)
        assert sms(story, "citra", "siap", "17", at=said) == "repeated"
    story.desk("POST", f"/api/incidents/{first['id']}/cancel", {"reason": "Palsu"})
    story.phone("citra").expects("BATAL")
    second, _ = birth(story)
    story.clock.advance(30)
    assert sms(story, "citra", "siap", "17", at=story.clock.now()) == "applied"
    assert crews(story, second) == ["acknowledged"]


def test_without_a_time_of_receipt_a_late_repeat_is_left_to_a_person(story: Story) -> None:
    incident, _ = birth(story)
    assert sms(story, "citra", "siap", "17") == "applied"
    story.clock.advance(899)
    assert sms(story, "citra", "siap", "17") == "repeated"
    story.clock.advance(2)
    assert [sms(story, "citra", "siap", "17") for _ in range(2)] == ["desk", "repeated"]
    assert marks(story, incident)[0]["proposal"] == "acknowledged"


def test_what_a_crew_writes_of_an_incident_that_has_ended_is_seen_on_the_board(story: Story) -> None:
    incident, code = birth(story)
    story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Palsu"})
    story.phone("citra").expects("BATAL")
    assert sms(story, "citra", f"{code} kami sudah di sini, ada korban") == "logged"
    shown = story.http("GET", "/api/loose-sms", as_="operator").body["sms"]
    assert [(call["number"], call["note"].endswith("ada korban")) for call in shown] == [
        (regency.number_of("citra"), True)
    ]


def test_the_same_words_under_two_ids_are_two_messages(story: Story) -> None:
    birth(story)
    assert [sms(story, "citra", "hm", id_) for id_ in ("1", "2")] == ["desk", "desk"]


def test_daemons_with_names_of_their_own_are_told_apart(story: Story) -> None:
    birth(story)
    told = {"SMS_1_TIMESTAMP": "1795489200"}
    results = [gammu(story, "17", "citra", "hm", PHONE_ID=modem, **told) for modem in ("a", "b", "a")]
    assert results == ["desk", "desk", "repeated"]


# -- what cannot be read -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ('{"id": "a", "from": "+62811", "text": "tolong", "more": 1}', "tolong"),
        ('{"id": "", "from": "+62811", "text": "tolong"}', "tolong"),
        ('{"id": "a", "from": "+62811", "text": "tolong", "at": "kemarin"}', "tolong"),
        ('{"id": "a", "from": "+62811", "text": "tol', "tol"),
    ],
)
def test_a_signed_message_that_does_not_fit_is_refused_by_name_and_kept_once(
    story: Story, raw: str, shown: str
) -> None:
    assert [post(story, raw).status for _ in range(3)] == [400] * 3
    (call,) = calls(story)
    assert (call["channel"], shown in call["note"]) == ("sms", True)


def test_a_modems_form_that_cannot_be_read_is_kept(story: Story) -> None:
    for raw in ("SMS_1_TEXT=ada+korban", "SMS_MESSAGES=x&MESSAGE_ID=1&SMS_1_TEXT=terjebak"):
        assert post(story, raw, provider="gammu").status == 400
    assert ["ada korban" in calls(story)[0]["note"], "terjebak" in calls(story)[1]["note"]] == [True, True]
    assert post(story, "", provider="gammu").status == 400 and len(calls(story)) == 2


def test_nothing_is_too_long(story: Story) -> None:
    incident, code = birth(story)
    body = {"id": "i" * 900, "from": "N" * 300, "text": f"{code} " + "x" * 9000}
    assert post(story, json.dumps(body)).body == {"result": "desk"}
    text = story.incident(incident["id"])["notes"][0]["text"]
    assert (len(text), text[-1]) == (1000, "…")
    # What stands behind what is shown is not read, and so nothing is recorded.
    assert sms(story, "citra", f"{code} siap" + " " * 2000 + "tidak bisa") == "desk"
    assert post(story, json.dumps({"id": "e", "from": "", "text": ""})).body == {"result": "logged"}


def test_a_message_in_many_parts_is_read_to_its_end(story: Story) -> None:
    incident, code = birth(story)
    parts = {f"SMS_{n}_TEXT": f"{n} " for n in range(1, 60)}
    more = {"SMS_MESSAGES": "60", "SMS_60_TEXT": "terjebak", **parts}
    assert gammu(story, "1", "citra", f"{code} ", **more) == "desk"
    assert story.incident(incident["id"])["notes"][0]["text"].endswith("59 terjebak")


@pytest.mark.parametrize("said", ["0", "-3", "1", "dua", ""])
def test_every_part_that_came_is_read_whatever_the_form_says_of_their_number(story: Story, said: str) -> None:
    incident, code = birth(story)
    whole = {"SMS_MESSAGES": said, "DECODED_PARTS": said, "SMS_2_TEXT": "terjebak"}
    assert gammu(story, "1", "citra", f"{code} ada korban ", **whole) == "desk"
    assert story.incident(incident["id"])["notes"][0]["text"].endswith("ada korban terjebak")


# -- what is too much --------------------------------------------------------------------------------------------------


def test_after_sixty_spoofed_notes_a_crews_own_words_are_seen(story: Story) -> None:
    incident, code = birth(story)
    for n in range(60):
        assert sms(story, "citra", f"{code} pesan otomatis {n}", f"s{n}") == "desk"
    assert sms(story, "citra", f"{code} pesan 60", "s60") == "counted"
    assert sms(story, "citra", f"{code} ada korban terjebak", "own") == "counted"
    assert sms(story, "citra", f"{code} ada korban terjebak", "own") == "repeated"
    (call,) = calls(story)
    assert (call["number"], call["more"]) == (regency.number_of("citra"), 2)
    assert call["note"].endswith("ada korban terjebak")
    counted = [mark for mark in marks(story, incident) if mark["counted"]]
    assert [mark["note"] for mark in counted] == [call["id"]]
    whole = story.incident(incident["id"])
    assert (len(whole["notes"]), verify(incident["id"])[1]) == (60, [])


def test_a_counted_mark_is_read_by_a_person_and_comes_again_with_the_next_message(story: Story) -> None:
    incident, code = birth(story)
    for n in range(61):
        sms(story, "citra", f"{code} pesan otomatis {n}", f"s{n}")
    (mark,) = [each for each in marks(story, incident) if each["counted"]]
    path = f"/api/incidents/{incident['id']}/replies/dismiss"
    story.desk("POST", path, {"note_id": mark["note"]})
    assert [each["counted"] for each in marks(story, incident)] == [False] * 5
    assert sms(story, "citra", f"{code} lagi") == "counted"
    assert [each["counted"] for each in marks(story, incident)] == [False] * 5 + [True]
    assert verify(incident["id"])[1] == []


def test_a_strangers_eleventh_message_stands_for_all_that_follow(story: Story) -> None:
    results = [sms(story, STRANGER, f"tolong {n}", f"s{n}") for n in range(1, 15)]
    assert results == ["logged"] * 10 + ["counted"] * 4
    assert [(call["note"], call["more"]) for call in calls(story)][-2:] == [
        ("tolong 10", 0),
        ("tolong 14", 4),
    ]


def test_a_flood_from_many_numbers_is_bounded_and_stands_behind_no_crew(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.services.pages.unread.STRANGERS_AN_HOUR", 5)
    incident, code = birth(story)
    results = [sms(story, f"+62899900{n:04d}", f"{code} ya", f"s{n}") for n in range(12)]
    assert results == ["desk"] * 5 + ["counted"] * 7
    (call,) = calls(story)
    assert (call["more"], call["number"]) == (7, "+628999000011")
    assert sms(story, "citra", f"{code} ada korban terjebak") == "desk"
    own = [mark for mark in marks(story, incident) if not mark["strange"]]
    assert len(own) == 1
    # However many more come, the crew's own stays.
    story.clock.advance(3600)
    for n in range(20):
        sms(story, f"+62899901{n:04d}", f"{code} hm", f"t{n}")
    assert [mark for mark in marks(story, incident) if not mark["strange"]] == own


def test_strangers_do_not_use_up_an_incidents_notes(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.services.pages.unread.STRANGE_NOTES_MOST", 3)
    incident, code = birth(story)
    results = [sms(story, f"+62899900{n:04d}", f"{code} ya", f"s{n}") for n in range(5)]
    assert results == ["desk"] * 3 + ["counted"] * 2
    assert sms(story, "citra", f"{code} hm") == "desk"
    assert len(story.incident(incident["id"])["notes"]) == 4


def test_a_crew_whose_incident_has_all_its_notes_is_still_seen(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.services.pages.unread.NOTES_MOST", 1)
    incident, code = birth(story)
    assert [sms(story, "citra", f"{code} hm {n}", f"s{n}") for n in range(3)] == [
        "desk",
        "counted",
        "counted",
    ]
    assert [mark["counted"] for mark in marks(story, incident)] == [False, True]
    assert calls(story)[0]["note"].endswith("hm 2")


# -- where somebody sees it --------------------------------------------------------------------------------------------


def test_what_belongs_to_no_incident_stands_on_the_board_for_two_hours_also_past_midnight(
    story: Story,
) -> None:
    story.clock.advance(
        86400 - 3600 - times.milliseconds(story.clock.now()) // 1000 % 86400 - 7 * 3600 + 86400
    )

    def shown() -> list[tuple[str, int]]:
        answer = story.http("GET", "/api/loose-sms", as_="operator")
        assert answer.status == 200, answer.text
        return [(call["note"], call["more"]) for call in answer.body["sms"]]

    for n in range(12):
        sms(story, STRANGER, f"tolong {n}", f"s{n}")
    story.clock.advance(3660)
    sms(story, "PROMO", "Pulsa murah")
    assert shown()[:3] == [("PROMO: Pulsa murah", 0), ("tolong 11", 2), ("tolong 9", 0)]
    assert len(shown()) == 12
    story.clock.advance(3600)
    assert shown() == [("PROMO: Pulsa murah", 0)]
    for as_ in ("leader", "auditor", "psc_admin"):
        assert story.http("GET", "/api/loose-sms", as_=as_).status == 403
