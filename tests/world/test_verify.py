"""The audit: a whole story holds, and every kind of tampering is found and named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from chalicelib.domain import chain, times
from chalicelib.domain.whole import Whole
from chalicelib.models import incidents
from chalicelib.models.tables import IncidentItem
from infra import verify
from infra.verify import incident
from tests.world.harness import Story


def a_long_evening(story: Story) -> str:
    """An incident that has known everything: joined and split calls, reports, no fuel, an alarm, notes, a new opening."""
    taken = story.call("house_fire", narrative="Api dari dapur, dua orang di dalam")
    id_ = str(taken["incident"]["id"])
    joining = {
        "number": "+6281234567891",
        "channel": "phone",
        "class": "emergency",
        "received_at": story.clock.now(),
        "incident_id": id_,
    }
    joined = story.desk("POST", "/api/calls", joining, expect=201)
    wrongly = story.desk("POST", "/api/calls", {**joining, "number": "+6281234567892"}, expect=201)
    other = {"incident": {"type": "childbirth", "location": {"district": "ketapang"}}}
    split = story.desk("POST", f"/api/incidents/{id_}/calls/{wrongly['call']['id']}/split", other, expect=201)
    assert joined["incident"]["calls"] == 2
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("/r/")
        story.phone(person).taps("acknowledged")
    story.phone("dewi").expects("/r/")
    story.phone("andi").taps("unable", "no_fuel")
    story.phone("budi").expects("/r/")
    story.phone("budi").taps("on_scene")
    story.phone("budi").taps("on_scene")
    story.desk("POST", f"/api/incidents/{id_}/notes", {"text": "Pemilik rumah: Ibu Ani"}, expect=201)
    for person in ("budi", "citra", "eko"):
        story.phone(person).taps("cleared")
    story.desk("POST", f"/api/incidents/{id_}/close", {"disposition": "done"})
    story.desk("POST", f"/api/incidents/{id_}/reopen", {"reason": "Api menyala lagi"})
    story.desk("POST", f"/api/incidents/{id_}/assignments", {"unit_id": "polres_1"}, expect=201)
    story.phone("eko").expects("/r/")
    story.desk("POST", f"/api/incidents/{id_}/cancel", {"reason": "Sudah padam"})
    story.phone("eko").expects("BATAL")
    story.desk("POST", f"/api/incidents/{split['incident']['id']}/cancel", {"reason": "Sudah lahir"})
    story.phone("dewi").expects("BATAL")
    return id_


def test_an_assignment_that_nobody_answered_holds(story: Story, capsys: pytest.CaptureFixture[str]) -> None:
    story.call("childbirth")
    story.phone("citra").expects("/r/")
    story.fast_forward(4 * 3600)
    story.phone("dewi").expects("/r/")
    assert (
        story.http("GET", "/api/incidents", as_="operator").body["incidents"][0]["crews"][0]["status"]
        == "unanswered"
    )
    assert verify.main([]) == 0, capsys.readouterr().out


def test_whole_stories_hold(story: Story, capsys: pytest.CaptureFixture[str]) -> None:
    a_long_evening(story)
    assert verify.main([]) == 0
    said = capsys.readouterr().out
    assert said.splitlines()[-1].startswith("2 incidents, ")
    assert ", 0 broken (" in said


def test_an_incident_under_way_holds(story: Story) -> None:
    """Pages requested and not yet sent, or sent and not yet in the trail, are no break."""
    story.wakeups.lost = True
    id_ = story.call("house_fire")["incident"]["id"]
    assert verify.main(["--incident", id_]) == 0
    story.wakeups.lost = False
    story.fast_forward(60)
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("/r/")
    assert verify.main(["--incident", id_]) == 0


Tamper = Callable[["Evidence"], None]


class Evidence:
    """An incident's items in the hands of somebody who may write in the table."""

    def __init__(self, id_: str) -> None:
        self.id = id_
        self.items = {item.sk: item for item in IncidentItem.query(incidents.pk_of(id_))}

    def doc(self, sk: str) -> Any:
        return msgspec.json.decode(self.items[sk].doc)

    def first(self, prefix: str) -> str:
        return next(sk for sk in self.items if sk.startswith(prefix))

    def event(self, type_: str) -> str:
        return next(sk for sk in self.items if sk[0] == "~" and self.doc(sk)["type"] == type_)

    def change(self, sk: str, **fields: Any) -> None:
        item = self.items[sk]
        item.doc = msgspec.json.encode({**self.doc(sk), **fields}).decode()
        item.save()

    def put(self, sk: str, doc: Any) -> None:
        IncidentItem(pk=incidents.pk_of(self.id), sk=sk, v=1, doc=msgspec.json.encode(doc).decode()).save()

    def delete(self, sk: str) -> None:
        self.items[sk].delete()

    def last(self) -> str:
        return max(self.items)


def _hash(doc: dict[str, Any]) -> str:
    return chain.hash_of(msgspec.json.encode(doc))


def changed_data(evidence: Evidence) -> None:
    sk = evidence.event("UnitUnable")
    evidence.change(sk, data={**evidence.doc(sk)["data"], "reason": "other_duty"})


def changed_time(evidence: Evidence) -> None:
    evidence.change(evidence.event("UnitOnScene"), occurred_at="2026-11-23T03:00:01.000Z")


def rehashed_time(evidence: Evidence) -> None:
    """The forger knows how to make a hash, and not that the next event holds it too."""
    sk = evidence.event("UnitOnScene")
    doc = {**evidence.doc(sk), "occurred_at": "2026-11-23T03:00:01.000Z"}
    evidence.change(sk, occurred_at=doc["occurred_at"], hash=_hash(doc))


def removed_event(evidence: Evidence) -> None:
    evidence.delete(evidence.event("UnitUnable"))


def swapped_events(evidence: Evidence) -> None:
    one, other = incidents.event_key(2), incidents.event_key(3)
    docs = evidence.doc(one), evidence.doc(other)
    evidence.put(one, docs[1])
    evidence.put(other, docs[0])


def truncated_tail(evidence: Evidence) -> None:
    evidence.delete(evidence.last())


def truncated_with_the_count(evidence: Evidence) -> None:
    evidence.delete(evidence.last())
    evidence.change("#", seq=evidence.doc("#")["seq"] - 1)


def added_event(evidence: Evidence) -> None:
    last = evidence.doc(evidence.last())
    added = {**last, "seq": last["seq"] + 1, "prev": last["hash"], "type": "UnitOnScene"}
    evidence.put(incidents.event_key(added["seq"]), {**added, "hash": _hash(added)})


def replaced_number(evidence: Evidence) -> None:
    evidence.change(evidence.first("C#"), number="+6281299999999")


def emptied_number(evidence: Evidence) -> None:
    evidence.change(evidence.first("C#"), number="")


def replaced_note(evidence: Evidence) -> None:
    evidence.change(evidence.first("N#"), text="Tidak ada pemilik")


def replaced_narrative(evidence: Evidence) -> None:
    evidence.change("#", narrative="Api kecil")


def replaced_place(evidence: Evidence) -> None:
    evidence.change("#", location={**evidence.doc("#")["location"], "landmark": "Pasar Ketapang"})


def replaced_priority(evidence: Evidence) -> None:
    evidence.change("#", priority=5)


def replaced_page_number(evidence: Evidence) -> None:
    evidence.change(evidence.first("P#"), number="+6281299999999")


def replaced_page_body(evidence: Evidence) -> None:
    evidence.change(evidence.first("P#"), body="112 Kebakaran besok")


def other_person(evidence: Evidence) -> None:
    evidence.change(evidence.first("P#"), person_id="budi")


def other_unit(evidence: Evidence) -> None:
    evidence.change(evidence.first("A#"), unit_id="damkar_2")


def earlier_call(evidence: Evidence) -> None:
    evidence.change(evidence.first("C#"), received_at="2026-11-23T02:00:00.000Z")


def event_beside_the_chain(evidence: Evidence) -> None:
    evidence.put("~extra", evidence.doc(incidents.event_key(2)))


def removed_page(evidence: Evidence) -> None:
    evidence.delete(evidence.first("P#"))


def added_page(evidence: Evidence) -> None:
    evidence.put("P#FORGED", {**evidence.doc(evidence.first("P#")), "id": "FORGED"})


def removed_call(evidence: Evidence) -> None:
    evidence.delete(evidence.first("C#"))


def earlier_milestone(evidence: Evidence) -> None:
    sk = next(sk for sk in evidence.items if sk[0] == "A" and "on_scene" in evidence.doc(sk)["milestones"])
    milestones = {**evidence.doc(sk)["milestones"], "on_scene": "2026-11-23T03:00:01.000Z"}
    evidence.change(sk, milestones=milestones)


def other_status(evidence: Evidence) -> None:
    sk = next(sk for sk in evidence.items if sk[0] == "A" and evidence.doc(sk)["status"] == "unable")
    evidence.change(sk, status="cleared")


def other_end(evidence: Evidence) -> None:
    evidence.change("#", status="closed")


def other_author(evidence: Evidence) -> None:
    evidence.change(evidence.first("N#"), by="user:nobody")


def earlier_note(evidence: Evidence) -> None:
    evidence.change(evidence.first("N#"), at="2026-11-23T02:00:00.000Z")


def other_taker(evidence: Evidence) -> None:
    evidence.change(evidence.first("C#"), taken_by="user:nobody")


def sooner_answered(evidence: Evidence) -> None:
    evidence.change(evidence.first("C#"), answered_at="2026-11-23T02:00:00.000Z")


def call_of_another(evidence: Evidence) -> None:
    evidence.change(evidence.first("C#"), incident_id="01M85AJPR9XDPKCQYA47M2Q1WN")


def page_of_another(evidence: Evidence) -> None:
    evidence.change(evidence.first("P#"), incident_id="01M85AJPR9XDPKCQYA47M2Q1WN")


def crew_under_anothers_key(evidence: Evidence) -> None:
    evidence.change(evidence.first("A#"), id="01M85AJPR9XDPKCQYA47M2Q1WN")


def removed_incident(evidence: Evidence) -> None:
    evidence.delete("#")


def spoilt_event(evidence: Evidence) -> None:
    item = evidence.items[incidents.event_key(4)]
    item.doc = item.doc[:-5]
    item.save()


def number_beyond_json(evidence: Evidence) -> None:
    evidence.change(incidents.event_key(4), data={"level": 2**60})


@pytest.mark.parametrize(
    ("tamper", "named"),
    [
        (changed_data, "UnitUnable: was changed"),
        (changed_time, "UnitOnScene: was changed"),
        (rehashed_time, "LateReportReceived: does not follow the event before it"),
        (removed_event, "seq 13: missing"),
        (swapped_events, "seq 2 UnitAssigned: event 3 stands in its place"),
        (truncated_tail, "missing at the end"),
        (truncated_with_the_count, "is not the head that the incident names"),
        (added_event, "UnitOnScene: was added: the incident ends at seq"),
        (replaced_number, "seq 1 IncidentOpened: the number of call"),
        (emptied_number, "seq 1 IncidentOpened: the number of call"),
        (replaced_note, "NoteAdded: the text of note"),
        (replaced_narrative, "seq 1 IncidentOpened: the narrative is not what the event sealed"),
        (replaced_place, "seq 1 IncidentOpened: the place is not what the event sealed"),
        (replaced_priority, "seq 1 IncidentOpened: the incident: its priority is not what the event says"),
        (replaced_page_number, "PagesRequested: the number of page"),
        (replaced_page_body, "PagesSent: the text of page"),
        (other_person, "its person_id is not what the event says"),
        (other_unit, "UnitAssigned: assignment"),
        (earlier_call, "its received_at is not what the event says"),
        (event_beside_the_chain, "~extra cannot be read: its key is no place in a chain"),
        (removed_page, "PagesRequested: page"),
        (added_page, "no event speaks of page FORGED"),
        (removed_call, "seq 1 IncidentOpened: call"),
        (earlier_milestone, "its events do not say when it was on_scene"),
        (other_status, "is cleared, its events say unable"),
        (other_end, "the incident is closed, its events say cancelled"),
        (other_author, "its author or time is not what the event says"),
        (earlier_note, "its author or time is not what the event says"),
        (other_taker, "who took it is not who the event says"),
        (sooner_answered, "its answered_at is not what the event says"),
        (call_of_another, "says that it belongs to 01M85AJPR9XDPKCQYA47M2Q1WN"),
        (page_of_another, "cannot be read: it stands under another's key"),
        (crew_under_anothers_key, "cannot be read: it stands under another's key"),
        (removed_incident, "its own item is missing"),
        (spoilt_event, "seq 4: ~00000004 cannot be read"),
        (number_beyond_json, "seq 4 "),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_tampering_is_found_and_named(
    story: Story, capsys: pytest.CaptureFixture[str], tamper: Tamper, named: str
) -> None:
    id_ = a_long_evening(story)
    tamper(Evidence(id_))
    assert verify.main([]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith(f"! {id_} ({id_[-4:]})")
    assert named in said[0]
    assert said[-1].startswith("2 incidents, ")
    assert ", 1 broken (" in said[-1]


def test_all_names_every_break(story: Story, capsys: pytest.CaptureFixture[str]) -> None:
    id_ = a_long_evening(story)
    evidence = Evidence(id_)
    replaced_number(evidence)
    replaced_note(evidence)
    assert verify.main(["--incident", id_, "--all"]) == 1
    said = capsys.readouterr().out
    assert "the number of call" in said
    assert "the text of note" in said


def test_an_unknown_incident_is_no_success(story: Story, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify.main(["--incident", "01M85AJPR9XDPKCQYA47M2Q1WN"]) == 1
    assert "there is no such incident" in capsys.readouterr().out


def test_what_changes_while_it_is_read_is_read_again(
    story: Story, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    id_ = story.call("house_fire")["incident"]["id"]
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("/r/")
    read = incident.read
    reads: list[str] = []

    def torn(incident_id: str) -> Whole:
        kept = read(incident_id)
        if not reads:
            story.desk("POST", f"/api/incidents/{id_}/notes", {"text": "baru"}, expect=201)
            kept.events = read(incident_id).events
        reads.append(incident_id)
        return kept

    monkeypatch.setattr(incident, "read", torn)
    assert verify.main(["--incident", id_]) == 0
    assert len(reads) == 2


@pytest.mark.parametrize("tampering", ["changed", "removed", "spoilt"])
def test_facts_that_are_not_what_the_incident_says_are_found(
    story: Story, capsys: pytest.CaptureFixture[str], tampering: str
) -> None:
    id_ = a_long_evening(story)
    day = times.local_day(story.clock.now(), 7)
    item = IncidentItem.get(f"F#{day[:7]}", f"{day}#{id_}")
    if tampering == "removed":
        item.delete()
    else:
        item.doc = item.doc.replace('"fire"', '"health"') if tampering == "changed" else "{"
        item.save()
    assert verify.main(["--incident", id_]) == 1
    assert "what reports count of it is not what it says" in capsys.readouterr().out


@pytest.mark.parametrize(
    "later",
    [
        {"type": "PhotoAdded", "data": {"photo": "p1", "by": {"drone": 2}}},
        {"type": "UnitReady", "data": {"assignment": "A", "unit": "U", "status": "ready", "crew": 3}},
        {"type": "AlarmRaised", "data": {"level": 1, "why": "smoke"}, "trace": {"id": "t1"}},
    ],
    ids=["a type", "a field", "a field of the link"],
)
def test_what_a_later_release_wrote_is_shown_and_holds_and_the_story_goes_on_behind_it(
    story: Story, later: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    id_ = str(story.call("house_fire")["incident"]["id"])
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("/r/")
    evidence = Evidence(id_)
    last = evidence.doc(evidence.last())
    added = {**last, "seq": last["seq"] + 1, "prev": last["hash"], **later}
    added["hash"] = _hash(added)
    evidence.put(incidents.event_key(added["seq"]), added)
    evidence.change("#", head=added["hash"], seq=added["seq"])
    story.desk("POST", f"/api/incidents/{id_}/notes", {"text": "Asap tebal"}, expect=201)
    story.audit()
    seen = story.incident(id_)
    assert (seen["chain"]["ok"], seen["timeline"][-1]["type"]) == (True, "NoteAdded")
    assert (seen["timeline"][-2]["type"], seen["timeline"][-2]["data"]) == (later["type"], later["data"])
    agencys = [each["type"] for each in story.incident(id_, as_="damkar_admin")["timeline"]]
    # Nobody can tell whether it concerns the agency.
    assert "PhotoAdded" not in agencys
    assert verify.main(["--all"]) == 0, capsys.readouterr().out
