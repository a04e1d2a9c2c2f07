"""A person's own data: what is held of a number, its erasure on request, and who looked at a number, recorded."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.models import privacy as store
from chalicelib.models.conflicts import Contention
from chalicelib.models.tables import IncidentItem, RegistryItem
from chalicelib.models.transactions import Transaction
from infra import verify
from tests.support import regency
from tests.world.harness import Answer, Incident, Story
from tests.world.test_blocked_numbers import blocks, unblocks
from tests.world.test_replies import STRANGER
from tests.world.test_retention import (
    CALLER,
    NARRATIVE,
    NEIGHBOUR,
    NOTED,
    SAID,
    ends,
    fire,
    holding,
    must_verify,
    passes,
)

REASON = "Surat permintaan 17/2026"


def asks(story: Story, route: str, number: str = CALLER, as_: str = "admin", **more: Any) -> Answer:
    body = {"number": number, "reason": REASON, **more}
    return story.http("POST", f"/api/privacy/{route}", body, as_=as_)


def looked_up(story: Story, number: str = CALLER) -> Any:
    """All that is held of a number, asked for until the table's end."""
    whole = asks(story, "access", number)
    assert whole.status == 200, whole.text
    found = whole.body
    while found["next"]:
        more = asks(story, "access", number, after=found["next"]).body
        for name in ("calls", "messages", "pages", "processing"):
            found[name] += more[name]
        found["next"] = more["next"]
    return found


def erased(story: Story, number: str = CALLER) -> Any:
    answer = asks(story, "erasure", number)
    assert answer.status == 200, answer.text
    return answer.body


def prank(story: Story, number: str = CALLER) -> None:
    call = {"number": number, "channel": "phone", "class": "prank", "received_at": story.clock.now()}
    story.desk("POST", "/api/calls", {**call, "note": "Tertawa"}, expect=201)


def birth(story: Story, **more: Any) -> Incident:
    """A childbirth of which one caller alone has told, called off."""
    incident: Incident = story.call("childbirth", narrative="Rumah cat biru", **more)["incident"]
    story.phone("citra").expects("/r/")
    story.desk("POST", f"/api/incidents/{incident['id']}/notes", {"text": "Ibu Ani, 30 tahun"}, expect=201)
    return incident


def is_called_off(story: Story, incident: Incident) -> Incident:
    story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Sudah lahir"})
    story.phone("citra").expects("BATAL")
    return incident


# -- access ------------------------------------------------------------------------------------------------------------


def test_a_person_gets_all_that_is_held_of_their_number(story: Story) -> None:
    incident = ends(story, fire(story))
    prank(story)
    unblocks(story, blocks(story, CALLER, reason="Menelepon terus"))
    found = looked_up(story)
    assert found["number"] == CALLER
    assert [(call["class"], call["incident_id"]) for call in found["calls"]] == [
        ("emergency", incident["id"]),
        ("prank", None),
    ]
    assert found["calls"][1]["note"] == "Tertawa"
    assert (found["block"]["reason"], found["block"]["times"]) == ("Menelepon terus", 1)
    assert {each["what"] for each in found["processing"]} >= {"IncidentOpened", "IncidentClosed"}
    assert (found["messages"], found["pages"], found["personnel"]) == ([], [], [])


def test_what_others_told_of_the_same_incident_is_not_handed_over(story: Story) -> None:
    ends(story, fire(story))
    found = json.dumps(looked_up(story), ensure_ascii=False)
    for text in (NEIGHBOUR, STRANGER, NARRATIVE, NOTED, SAID, "Gang Mawar 7", regency.number_of("andi")):
        assert text not in found, text


def test_who_alone_has_called_gets_what_was_written_down(story: Story) -> None:
    is_called_off(story, birth(story))
    (call,) = looked_up(story)["calls"]
    assert (call["narrative"], call["landmark"]) == ("Rumah cat biru", "Pasar Sampit")


def test_somebody_who_wrote_gets_their_sms_and_a_crew_its_pages(story: Story) -> None:
    ends(story, fire(story))
    (message,) = looked_up(story, STRANGER)["messages"]
    assert SAID in message["text"]
    found = looked_up(story, regency.number_of("andi"))
    (page,) = found["pages"]
    assert page["name"] == "Andi" and "Kebakaran rumah" in page["text"]
    assert [person["id"] for person in found["personnel"]] == ["andi"]


def test_a_number_of_which_nothing_is_held_gets_nothing_and_is_recorded_too(story: Story) -> None:
    found = looked_up(story, "+6285299999999")
    assert (found["calls"], found["block"], found["next"]) == ([], None, None)
    assert [each["action"] for each in found["records"]] == ["looked_up"]


def test_a_number_that_others_only_mentioned_is_led_to_where_it_stands(story: Story) -> None:
    number = "+6285212345678"
    incident = birth(story)
    story.desk("POST", f"/api/incidents/{incident['id']}/notes", {"text": "Suami: 085212345678"}, expect=201)
    found = looked_up(story, number)
    assert (found["calls"], found["mentioned_in"]) == ([], [incident["id"]])
    assert "Suami" not in json.dumps(found), "it stands in a text about somebody else"


def test_a_large_table_is_looked_through_part_by_part(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    incident = ends(story, fire(story))
    prank(story)
    monkeypatch.setattr(store, "PAGE_ITEMS", 5)
    monkeypatch.setattr("chalicelib.services.evidence.privacy.LOOKING_S", -1.0)
    assert asks(story, "access").body["next"]
    found = looked_up(story)
    assert {call["incident_id"] for call in found["calls"]} == {incident["id"], None}


@pytest.mark.parametrize("after", ["nonsense", "SSN4CiM", "SSM="])
def test_a_place_that_was_never_given_is_refused(story: Story, after: str) -> None:
    refused = asks(story, "access", after=after)
    assert (refused.status, refused.body["fields"]) == (400, {"after": "was never given"})


def test_who_looked_up_whom_and_why_is_recorded_without_the_number(story: Story) -> None:
    is_called_off(story, birth(story))
    looked_up(story)
    answer = story.http("GET", "/api/privacy/records", as_="auditor")
    (record,) = answer.body["records"]
    assert (record["by_name"], record["action"], record["reason"]) == ("Admin", "looked_up", REASON)
    assert answer.body["chain"] == {"ok": True, "length": 1}
    chained = list(IncidentItem.query(store.PK))
    assert chained and not [item for item in chained if CALLER[1:] in item.doc]
    # The reason stands beside the sealed record, not in it.
    assert REASON not in json.dumps(json.loads(chained[-1].doc)["record"])


@pytest.mark.parametrize("change", ["by", "removed", "reason", "cut off"])
def test_a_record_that_was_changed_is_found(
    story: Story, capsys: pytest.CaptureFixture[str], change: str
) -> None:
    for number in (CALLER, NEIGHBOUR, STRANGER):
        looked_up(story, number)
    item = IncidentItem.get(store.PK, "~00000003" if change == "cut off" else "~00000002")
    if change in ("removed", "cut off"):
        item.delete()
    else:
        doc = json.loads(item.doc)
        (doc if change == "reason" else doc["record"])[change] = "lain"
        item.doc = json.dumps(doc)
        item.save()
    chain = story.http("GET", "/api/privacy/records", as_="auditor").body["chain"]
    assert not chain["ok"]
    assert verify.main([]) == 1
    assert "who looked up or erased whose data" in capsys.readouterr().out


@pytest.mark.parametrize("as_", ["operator", "supervisor", "leader", "auditor", "damkar_admin"])
@pytest.mark.parametrize("route", ["access", "erasure"])
def test_the_admin_alone_looks_up_and_erases(story: Story, route: str, as_: str) -> None:
    assert asks(story, route, as_=as_).status == 403
    assert list(store.records()) == []


# -- erasure on request ------------------------------------------------------------------------------------------------


def test_a_callers_data_is_erased_and_other_peoples_stays(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    incident = ends(story, fire(story))
    prank(story)
    unblocks(story, blocks(story, CALLER))
    result = erased(story)
    assert (result["incidents"], result["other_calls"], result["block"]) == ([incident["id"]], 1, True)
    assert (result["kept"], result["next"]) == ([], None)
    assert holding(CALLER) == [] and holding("Tertawa") == []
    for text in (NEIGHBOUR, NARRATIVE, NOTED, SAID):
        assert holding(text), text
    event = story.incident(incident["id"])["timeline"][-1]
    assert (event["type"], event["data"]["because"]) == ("PersonalDataErased", "request")
    assert (event["actor_name"], event["data"]["record"]) == ("Admin", result["record"])
    must_verify(capsys)
    assert looked_up(story)["calls"] == []


def test_where_nobody_else_has_called_all_that_was_written_goes_too(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    is_called_off(story, birth(story))
    erased(story)
    for text in (CALLER, "Rumah cat biru", "Pasar Sampit", "Ibu Ani", "Sudah lahir"):
        # What the crew was sent is the crew's to keep until its own period has passed.
        assert [place for place in holding(text) if " P#" not in place] == [], text
    must_verify(capsys)
    passes(story, 91)
    assert holding("Pasar Sampit") == []
    must_verify(capsys)


def test_who_was_split_off_is_no_caller_of_what_they_left(story: Story) -> None:
    """Whoever stays has called alone: all that was written there is theirs, and goes with them."""
    incident = birth(story)
    joining = {
        "number": NEIGHBOUR,
        "channel": "phone",
        "class": "emergency",
        "received_at": story.clock.now(),
        "incident_id": incident["id"],
    }
    joined = story.desk("POST", "/api/calls", joining, expect=201)
    path = f"/api/incidents/{incident['id']}/calls/{joined['call']['id']}/split"
    other = {"incident": {"type": "theft", "location": {"district": "ketapang"}}}
    story.desk("POST", path, other, expect=201)
    is_called_off(story, incident)
    erased(story)
    for text in (CALLER, "Rumah cat biru", "Ibu Ani"):
        assert [place for place in holding(text) if " P#" not in place] == [], text
    assert holding(NEIGHBOUR), "who was split off has asked for nothing"


def test_a_legal_hold_refuses_the_erasure_and_says_so(story: Story) -> None:
    incident = is_called_off(story, birth(story))
    path = f"/api/incidents/{incident['id']}/legal-hold"
    story.desk("POST", path, {"reason": "Perkara di PN Sampit"}, as_="supervisor")
    refused = asks(story, "erasure")
    assert (refused.status, refused.body["code"]) == (409, "conflict")
    assert refused.body["fields"] == {"number": f"{incident['label']}: legal_hold"}
    assert holding(CALLER) and holding("Rumah cat biru")
    assert looked_up(story)["calls"][0]["under_legal_hold"]
    story.desk("POST", f"{path}/lift", {"reason": "Selesai"}, as_="supervisor")
    assert erased(story)["incidents"] == [incident["id"]]
    assert holding(CALLER) == []


def test_what_is_not_held_is_erased_and_what_is_kept_is_named(story: Story) -> None:
    held = is_called_off(story, birth(story))
    path = f"/api/incidents/{held['id']}/legal-hold"
    story.desk("POST", path, {"reason": "Perkara"}, as_="supervisor")
    over = is_called_off(story, birth(story))
    is_open = birth(story)
    block = blocks(story, CALLER)
    result = erased(story)
    assert result["incidents"] == [over["id"]]
    kept = {each["incident_id"]: each["reason"] for each in result["kept"]}
    assert kept == {held["id"]: "legal_hold", is_open["id"]: "open", "": "blocked"}
    assert story.incident(is_open["id"])["calls_list"][0]["number"] == CALLER
    assert [item.sk for item in RegistryItem.query("R") if block["id"] in item.sk]


def test_asking_twice_erases_nothing_more_and_is_recorded_twice(story: Story) -> None:
    is_called_off(story, birth(story))
    erased(story)
    before = [item.serialize() for item in IncidentItem.scan() if item.pk != store.PK]
    again = erased(story)
    assert (again["incidents"], again["other_calls"], again["kept"]) == ([], 0, [])
    assert [item.serialize() for item in IncidentItem.scan() if item.pk != store.PK] == before
    assert [kept.record.action for kept in store.records()] == ["erased", "erased"]


def test_an_erasure_that_stops_half_way_is_not_told_as_nothing_done(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = sorted(is_called_off(story, birth(story))["id"] for _ in range(2))
    really = Transaction.commit

    def commit(transaction: Transaction) -> None:
        if any(
            isinstance(item, IncidentItem) and item.pk == f"I#{second}" for _, item, _ in transaction.puts
        ):
            raise Contention("TransactionConflict")
        really(transaction)

    with monkeypatch.context() as patched:
        patched.setattr(Transaction, "commit", commit)
        answer = asks(story, "erasure")
    ends_of = [story.incident(each)["timeline"][-1]["type"] for each in (first, second)]
    assert [each == "PersonalDataErased" for each in ends_of] == [True, False]
    assert (answer.status, answer.body["code"]) == (503, "unanswered")
    assert erased(story)["incidents"] == [second]


def test_a_crews_number_is_no_callers_to_erase(story: Story) -> None:
    ends(story, fire(story))
    andi = regency.number_of("andi")
    assert erased(story, andi)["incidents"] == []
    assert holding(andi, [IncidentItem])


@pytest.mark.parametrize("written", ["081234567890", "+6281234567890"])
def test_a_number_in_other_peoples_words_is_named_and_left_to_a_person(story: Story, written: str) -> None:
    incident = birth(story, location={"district": "baamang"})
    story.desk("POST", f"/api/incidents/{incident['id']}/notes", {"text": f"Suami: {written}"}, expect=201)
    joining = {
        "number": NEIGHBOUR,
        "channel": "phone",
        "class": "emergency",
        "received_at": story.clock.now(),
    }
    story.desk("POST", "/api/calls", {**joining, "incident_id": incident["id"]}, expect=201)
    is_called_off(story, incident)
    assert looked_up(story)["mentioned_in"] == [incident["id"]]
    result = erased(story)
    assert [(each["incident_id"], each["reason"]) for each in result["kept"]] == [
        (incident["id"], "mentioned")
    ]
    assert holding(written, [IncidentItem])
    assert story.incident(incident["id"])["calls_list"][0]["erased"]


def test_part_by_part_what_is_kept_is_no_refusal_of_what_another_part_erased(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = is_called_off(story, birth(story))
    birth(story)
    monkeypatch.setattr(store, "PAGE_ITEMS", 5)
    monkeypatch.setattr("chalicelib.services.evidence.privacy.LOOKING_S", -1.0)
    answers = [asks(story, "erasure")]
    while after := answers[-1].body["next"]:
        answers.append(asks(story, "erasure", after=after))
    assert {answer.status for answer in answers} == {200}
    assert {id_ for answer in answers for id_ in answer.body["incidents"]} == {over["id"]}
    assert {each["reason"] for answer in answers for each in answer.body["kept"]} == {"open"}


# -- who sees a caller's number ----------------------------------------------------------------------------------------


def numbers(story: Story, incident: Incident, as_: str = "operator") -> list[str]:
    shown = story.incident(incident["id"], as_=as_)
    return [each["number"] for each in (*shown["calls_list"], *shown["notes"]) if each["number"]]


def test_numbers_are_whole_for_the_desk_while_an_incident_is_open_and_masked_afterwards(story: Story) -> None:
    incident = fire(story)
    whole = [CALLER, NEIGHBOUR, STRANGER]
    masked = [f"…{number[-3:]}" for number in whole]
    for as_ in ("operator", "supervisor", "admin"):
        assert numbers(story, incident, as_) == whole
    for as_ in ("leader", "auditor", "damkar_admin"):
        assert set(numbers(story, incident, as_)) <= set(masked)
    ends(story, incident)
    for as_ in ("operator", "supervisor", "admin", "leader", "auditor"):
        assert numbers(story, incident, as_) == masked
    story.desk("POST", f"/api/incidents/{incident['id']}/reopen", {"reason": "Api menyala lagi"})
    assert numbers(story, incident) == whole


def test_who_looks_at_the_numbers_of_what_is_over_stands_in_its_trail(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    incident = ends(story, fire(story))
    answer = story.desk("POST", f"/api/incidents/{incident['id']}/reveal", {})
    assert [each["number"] for each in answer["calls"]] == [CALLER, NEIGHBOUR]
    assert [each["number"] for each in answer["notes"]] == [STRANGER]
    event = story.incident(incident["id"])["timeline"][-1]
    assert (event["type"], event["actor_name"]) == ("NumbersRevealed", "Operator")
    assert len(event["data"]["seen"]) == 3
    assert not [
        text for text in (CALLER, NEIGHBOUR, STRANGER) if text[-4:] in json.dumps(event["data"]["seen"])
    ]
    must_verify(capsys)


def test_a_look_at_the_numbers_that_is_sent_again_is_answered_like_the_first(story: Story) -> None:
    incident = ends(story, fire(story))
    path = f"/api/incidents/{incident['id']}/reveal"
    first, again = (story.http("POST", path, {}, as_="operator", key="the-same") for _ in range(2))
    assert (again.status, again.body) == (first.status, first.body) == (200, first.body)
    looks = [each for each in story.incident(incident["id"])["timeline"] if each["type"] == "NumbersRevealed"]
    assert len(looks) == 1


def test_numbers_of_an_open_incident_are_no_look_worth_recording(story: Story) -> None:
    incident = fire(story)
    before = story.incident(incident["id"])["version"]
    story.desk("POST", f"/api/incidents/{incident['id']}/reveal", {})
    assert story.incident(incident["id"])["version"] == before


def test_what_was_erased_cannot_be_revealed(story: Story) -> None:
    incident = ends(story, fire(story))
    passes(story, 366)
    before = story.incident(incident["id"])["version"]
    answer = story.desk("POST", f"/api/incidents/{incident['id']}/reveal", {})
    assert answer == {"calls": [], "notes": []}
    assert story.incident(incident["id"])["version"] == before


@pytest.mark.parametrize("as_", ["leader", "auditor", "damkar_admin"])
def test_who_need_not_ring_anybody_reveals_nothing(story: Story, as_: str) -> None:
    incident = ends(story, fire(story))
    assert story.http("POST", f"/api/incidents/{incident['id']}/reveal", {}, as_=as_).status == 403


def test_a_prank_callers_number_is_whole_for_the_desk_for_a_day(story: Story) -> None:
    def listed(as_: str) -> list[str]:
        query = {"date": "2026-11-23"}
        calls = story.http("GET", "/api/calls", as_=as_, query=query).body["calls"]
        return [call["number"] for call in calls]

    prank(story)
    assert (listed("operator"), listed("auditor")) == ([CALLER], ["…890"])
    story.clock.advance(25 * 3600)
    assert listed("operator") == ["…890"]


def test_a_blocked_number_is_whole_while_its_block_stands(story: Story) -> None:
    def listed() -> str:
        (block,) = story.http("GET", "/api/blocked-numbers", as_="supervisor").body["blocked_numbers"]
        return str(block["number"])

    block = blocks(story, CALLER)
    assert listed() == CALLER
    unblocks(story, block)
    assert listed() == "…890"


def test_an_agency_sees_that_nothing_of_others_was_erased(story: Story) -> None:
    """What is erased names pages of every agency, and is not an agency's business."""
    incident = ends(story, fire(story))
    passes(story, 91)
    assert "PersonalDataErased" not in [
        event["type"] for event in story.incident(incident["id"], as_="damkar_admin")["timeline"]
    ]


def test_no_cache_keeps_an_answer_with_personal_data(story: Story) -> None:
    incident = ends(story, fire(story))
    answers = [
        asks(story, "access"),
        story.http("GET", f"/api/incidents/{incident['id']}", as_="operator"),
        story.http("POST", f"/api/incidents/{incident['id']}/reveal", {}, as_="operator"),
        story.http("GET", "/api/calls", as_="operator", query={"date": "2026-11-23"}),
        story.http("GET", "/api/incidents/nothing", as_="operator"),
        story.phone("andi").opens_link(),
    ]
    assert [answer.headers["Cache-Control"] for answer in answers] == ["no-store"] * 6
