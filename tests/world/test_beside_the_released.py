"""Today's functions beside those of the last release on one database, as while a release goes out, or is taken back.

Each story is lived twice: every step is taken by one release and the next by the other, the second time the other way round.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import cycle
from typing import Any

import pytest

from chalicelib.domain import times
from chalicelib.models.tables import IncidentItem
from tests.support import released
from tests.support.regency import number_of
from tests.support.released import Release
from tests.world.harness import START
from tests.world.test_importing import row
from tests.world.test_replies import SECRET, STRANGER
from tests.world.test_retention import CALLER, NARRATIVE, NEIGHBOUR, NOTED, SAID, holding

QUEUES = {"pages": "send_pages", "bulk": "send_bulk", "timers": "run_timers"}
PLACE = {"district": "baamang", "landmark": "Gang Mawar 7"}
WEEK_S = 7 * 24 * 3600.0
# Each kind goes in another week, and so by the other release.
RETENTION_DAYS = (
    "pages=7 calls=14 notes=21 narrative=28 drills=7 other_calls=7 blocks=7 unit_history=7 rosters=7"
)
WEEKS = 5


class Beside:
    """Two releases on the same tables, taking turns."""

    def __init__(self, *releases: Release) -> None:
        self.releases = releases
        self.now = START
        self.texts: dict[str, list[str]] = {}
        self._turns = cycle(releases)
        # Who is asked at the end whether every trail is whole: an event that the released does not know it cannot follow.
        self.verifying = releases
        self._keys = 0

    def desk(self, method: str, path: str, body: Any = None, *, as_: str = "operator", **more: Any) -> Any:
        """What one release answers, which must be a success; the other does what it left to be done."""
        self._keys += 1
        more.setdefault("key", f"key-{self._keys}")
        return self._request(next(self._turns), method, path, body, as_=as_, **more)

    def read(self, path: str, as_: str = "operator", **query: str) -> list[Any]:
        """What each of them answers."""
        return [self._request(each, "GET", path, as_=as_, query=query) for each in self.releases]

    def _request(self, release: Release, method: str, path: str, body: Any = None, **more: Any) -> Any:
        answer = release.ask("http", [method, path, body], **more)
        assert answer["status"] < 300, (release.name, method, path, answer["status"], answer["text"])
        self._settle()
        return answer["body"] or answer["text"]

    def call(self, type_: str = "house_fire", **more: Any) -> Any:
        """The incident that a call opens."""
        incident = {"type": type_, "location": PLACE, "narrative": NARRATIVE, **more}
        body = {
            "number": CALLER,
            "channel": "phone",
            "class": "emergency",
            "received_at": self.now,
            "incident": incident,
        }
        return self.desk("POST", "/api/calls", body)["incident"]

    def run(self, function: str) -> Any:
        counts = next(self._turns).ask("run", function)
        self._settle()
        return counts

    def pass_time(self, seconds: float) -> None:
        self.now = times.plus(self.now, seconds)
        for each in self.releases:
            each.ask("pass_time", seconds)

    def _settle(self) -> None:
        """Each does what the other put on the queues."""
        moving = True
        while moving:
            moving = False
            for one, other in (self.releases, self.releases[::-1]):
                for queue, body in one.ask("wakeups"):
                    moving = True
                    failures = other.ask("wake", QUEUES[queue], [body])["batchItemFailures"]
                    assert failures == [], (other.name, queue, body)
        for each in self.releases:
            for number, text in each.ask("messages"):
                self.texts.setdefault(number, []).append(text)

    def expects(self, person: str, *words: str) -> str:
        """The newest SMS of a person, in which the words stand."""
        text = self.texts.get(number_of(person), ["no SMS"])[-1]
        assert all(word in text for word in words), (person, words, text)
        return text

    def taps(self, person: str, status: str, reason: str = "") -> Any:
        link = self.expects(person, "/r/").split("https://112.test")[1].split()[0]
        opened = self.desk("GET", link, as_="")
        assert "112" in opened
        answered = self.desk("POST", f"/api{link}", {"status": status, "reason": reason}, as_="", key="")
        assert answered["applied"] is True, (person, status, answered)

    def replies(self, from_: str, text: str) -> str:
        body = json.dumps({"id": f"m-{self.now}-{text}", "from": from_, "text": text})
        release = next(self._turns)
        signed = release.ask("signature", SECRET, body)
        answer = self._request(
            release,
            "POST",
            "/api/inbound/sms?provider=generic",
            raw=body,
            headers={"x-kentongan-signature": signed},
        )
        return str(answer["result"])

    def crews(self, incident: Any) -> dict[str, str]:
        """The status of each unit, which both must see alike, in a chain that is whole for both."""
        one, other = self.read(f"/api/incidents/{incident['id']}")
        assert one["chain"]["ok"] is other["chain"]["ok"] is True, (one["chain"], other["chain"])
        seen = [{each["unit_id"]: each["status"] for each in whole["crews"]} for whole in (one, other)]
        assert seen[0] == seen[1]
        return seen[0]

    def must_verify(self) -> None:
        for each in self.verifying:
            code, said = each.ask("verify")
            assert code == 0, (each.name, said)


@pytest.fixture(scope="module")
def processes(database: str) -> Iterator[dict[str, Release]]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SMS_REPLIES", "1")
        environment.setenv("INBOUND_SECRET", SECRET)
        environment.setenv("RETENTION_DAYS", RETENTION_DAYS)
        old, today = (
            Release("the released", released.code()),
            Release("today's", released.REPO),
        )
        with old, today:
            yield {"released": old, "today": today}


@pytest.fixture(params=[("released", "today"), ("today", "released")], ids="-then-".join)
def beside(request: pytest.FixtureRequest, processes: dict[str, Release]) -> Iterator[Beside]:
    """A regency that the first of them wrote; at the end both find every trail whole, and nothing left undone."""
    both = Beside(*(processes[name] for name in request.param))
    for each in both.releases:
        each.ask("begin")
    both.releases[0].ask("seed")
    yield both
    both.must_verify()
    for _ in both.releases:
        counts = both.run("audit")
        assert not counts["repaired"] and not counts["failed"] and not counts["broken"], counts


def test_a_call_is_paged_answered_replaced_and_closed_across_releases(beside: Beside) -> None:
    incident = beside.call()
    for person in ("andi", "citra", "eko"):
        beside.expects(person, "Kebakaran rumah", "Gang Mawar")
    board = beside.read("/api/incidents")
    assert [[each["id"] for each in one["incidents"]] for one in board] == [[incident["id"]]] * 2
    beside.taps("andi", "acknowledged")
    beside.taps("citra", "unable", "no_fuel")
    beside.expects("dewi", "Kebakaran rumah")
    code = beside.expects("eko").partition("Balas: ")[2][:4]
    assert beside.replies(number_of("eko"), f"{code} YA") == "applied"
    assert beside.replies(STRANGER, f"{code} {SAID}") == "desk"
    beside.desk("POST", f"/api/incidents/{incident['id']}/notes", {"text": NOTED})
    for step in ("en_route", "on_scene", "cleared"):
        beside.pass_time(60)
        for person in ("andi", "dewi", "eko"):
            beside.taps(person, step)
    assert beside.crews(incident) == {
        "damkar_1": "cleared",
        "ambulans_1": "unable",
        "ambulans_2": "cleared",
        "polres_1": "cleared",
    }
    beside.desk("POST", f"/api/incidents/{incident['id']}/close", {"disposition": "done"})
    day = {"from": "2026-11-23", "to": "2026-11-23", "by": "agency"}
    one, other = beside.read("/api/reports/response-times", as_="leader", **day)
    # What only today's counts too, the released does not know.
    known = [
        [(each["key"], each["incidents"], each["units"]["turnout"]["p50_s"]) for each in report["groups"]]
        for report in (one, other)
    ]
    assert known[0] == known[1]


def test_the_desk_goes_on_where_the_other_release_left_off(beside: Beside) -> None:
    incident = beside.call()
    path = f"/api/incidents/{incident['id']}"
    second = {
        "number": NEIGHBOUR,
        "channel": "phone",
        "class": "emergency",
        "received_at": beside.now,
        "note": "Tetangga",
        "incident_id": incident["id"],
    }
    beside.desk("POST", "/api/calls", second)
    beside.desk("POST", f"{path}/assignments", {"alarm": 2})
    for person in ("andi", "citra", "eko", "budi", "dewi"):
        beside.taps(person, "cleared")
    for _ in beside.releases:
        beside.desk("POST", f"{path}/close", {"disposition": "done"})
        beside.desk("POST", f"{path}/reopen", {"reason": "Api menyala lagi"})
    beside.desk("POST", f"{path}/close", {"disposition": "done"})
    beside.desk("POST", f"{path}/legal-hold", {"reason": "Perkara 12/2026"}, as_="admin")
    beside.desk("POST", f"{path}/legal-hold/lift", {"reason": "Putusan 12/2026"}, as_="admin")
    one, other = beside.read(path)
    assert one["chain"]["ok"] is other["chain"]["ok"] is True
    assert [each["status"] for each in one["crews"]] == ["cleared"] * 5
    assert len(one["calls_list"]) == len(other["calls_list"]) == 2


def test_an_amendment_reaches_each_phone_once_whichever_release_sends_it(beside: Beside) -> None:
    """The released knows no such page: it sends the ordinary one, of what stands now."""
    incident = beside.call()
    path = f"/api/incidents/{incident['id']}"
    beside.taps("andi", "acknowledged")
    today = next(each for each in beside.releases if each.name == "today's")
    body = {"version": incident["version"], "landmark": "Gang Melati 9"}
    beside._request(today, "PATCH", path, body, as_="operator", key="amending")
    for _ in beside.releases:
        beside.pass_time(60)
        beside.run("sweep")
    for person in ("andi", "citra", "eko"):
        beside.expects(person, "Gang Melati 9", "/r/")
        assert len(beside.texts[number_of(person)]) == 2, beside.texts[number_of(person)]
    beside.taps("citra", "en_route")
    assert beside.crews(incident) == {
        "damkar_1": "acknowledged",
        "ambulans_1": "en_route",
        "polres_1": "requested",
    }
    beside.desk("POST", f"{path}/cancel", {"reason": "Salah lapor"})
    for person in ("andi", "citra", "eko"):
        beside.expects(person, "BATAL")
    beside.verifying = (today,)


def test_word_back_to_a_caller_is_passed_over_by_the_released_and_sent_once(beside: Beside) -> None:
    """It is an item, an index's key and events that the released does not know: it reads, writes, sweeps and checks past them."""
    today = next(each for each in beside.releases if each.name == "today's")
    other = next(each for each in beside.releases if each.name != "today's")
    path = "/api/registry/incident-types/house_fire"
    type_ = beside._request(today, "GET", path, as_="admin")
    version = str(type_.pop("v"))
    told = {**type_, "tell_caller": True}
    beside._request(today, "PUT", path, told, as_="admin", headers={"if-match": version})
    text = {"id": "kabar", "kind": "caller", "language": "id", "body": "112: tim berangkat. {label}"}
    beside._request(today, "POST", "/api/registry/sms-texts", text, as_="admin", key="text")
    beside.pass_time(61)
    incident = beside.call()
    path = f"/api/incidents/{incident['id']}"
    call = beside._request(today, "GET", path, as_="operator")["calls_list"][0]["id"]
    beside._request(today, "POST", f"{path}/calls/{call}/word-back", {}, as_="operator", key="tell")
    for each in beside.releases:
        each.ask("run", "sweep")
        each.ask("run", "audit")
    beside.taps("andi", "acknowledged")
    assert CALLER not in beside.texts
    today.ask("run", "send_notices")
    beside._settle()
    assert [each[:20] for each in beside.texts[CALLER]] == ["112: tim berangkat. "]
    # What the released writes of the incident afterwards loses nothing of it.
    beside._request(other, "POST", f"{path}/notes", {"text": NOTED}, as_="operator", key="note")
    beside.pass_time(120)
    for each in beside.releases:
        each.ask("run", "sweep")
        each.ask("run", "audit")
    today.ask("run", "send_notices")
    assert beside.crews(incident)["damkar_1"] == "acknowledged"
    shown = beside._request(today, "GET", path, as_="operator")
    assert [each["status"] for each in shown["word_back"]] == ["sent"]
    beside.desk("POST", f"{path}/cancel", {"reason": "Salah lapor"})


def test_a_crew_that_does_not_answer_is_escalated_and_the_incident_called_off_across_releases(
    beside: Beside,
) -> None:
    beside.desk("POST", "/api/units/ambulans_2/status", {"status": "NotAvailable", "reason": "no_fuel"})
    incident = beside.call("childbirth")
    beside.expects("citra", "Melahirkan")
    beside.pass_time(7201)
    beside.run("sweep")
    beside.run("sweep")
    whole, _ = beside.read(f"/api/incidents/{incident['id']}")
    assert "AssignmentEscalated" in [each["type"] for each in whole["timeline"]], whole["timeline"]
    beside.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Sudah lahir"})
    beside.expects("citra", "BATAL")


def test_a_call_whose_wakeups_were_lost_is_driven_on_by_the_other_release(beside: Beside) -> None:
    first = beside.releases[0]
    first.ask("lose_wakeups", True)
    incident = beside.call("childbirth")
    assert number_of("citra") not in beside.texts
    first.ask("lose_wakeups", False)
    beside.pass_time(120)
    beside.run("sweep")
    beside.expects("citra", "Melahirkan")
    beside.taps("citra", "acknowledged")
    beside.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Sudah lahir"})


def test_an_imported_incident_is_known_to_the_other_release_and_not_brought_in_twice(beside: Beside) -> None:
    file = {"source": "buku-2026", "rows": [row()]}
    results = [
        beside.desk("POST", "/api/import/incidents", file, as_="admin")["rows"][0] for _ in beside.releases
    ]
    assert [each["result"] for each in results] == ["imported", "unchanged"]
    one, other = beside.read(f"/api/incidents/{results[0]['incident_id']}")
    # The newer one has clocks more.
    both = one["clocks"].keys() & other["clocks"].keys()
    assert len(both) >= 6
    assert {name: one["clocks"][name] for name in both} == {name: other["clocks"][name] for name in both}
    changed = {"source": "buku-2026", "rows": [row(narrative="Api besar")]}
    for _ in beside.releases:
        again = beside.desk("POST", "/api/import/incidents", changed, as_="admin")["rows"][0]
        assert again["result"] == "different"


def test_the_registry_is_kept_by_both(beside: Beside) -> None:
    path = "/api/registry/personnel/citra"
    # Each refuses a field that it does not know.
    schemas = beside.read("/api/registry/personnel/schema", as_="psc_admin")
    known = set.intersection(*(set(each["$defs"]["WrittenPerson"]["properties"]) for each in schemas))
    for phone in ("+628110009991", "+628110009992"):
        citra = beside.read(path, as_="psc_admin")[0]
        version = str(citra.pop("v"))
        citra = {name: each for name, each in citra.items() if name in known}
        changed = {**citra, "phone": phone}
        beside.desk("PUT", path, changed, as_="psc_admin", headers={"if-match": version})
        beside.pass_time(61)
        assert [each["phone"] for each in beside.read(path, as_="psc_admin")] == [phone] * 2
    incident = beside.call("childbirth")
    assert "Melahirkan" in beside.texts["+628110009992"][-1]
    beside.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Sudah lahir"})


def test_who_is_off_duty_by_one_release_is_not_paged_by_the_other(beside: Beside) -> None:
    beside.read("/api/registry", as_="psc_admin")
    # Both know the roster by now, and no time passes in which they might forget it.
    beside.crews(beside.call("theft"))
    beside.desk(
        "DELETE",
        "/api/registry/shifts/citra-2026-11-23",
        as_="psc_admin",
        query={"agency_id": "psc", "date": "2026-11-23"},
    )
    incident = beside.call("childbirth")
    assert number_of("citra") not in beside.texts
    beside.expects("dewi", "Melahirkan")
    beside.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Sudah lahir"})


def test_a_paging_drill_is_answered_and_ended_across_releases(beside: Beside) -> None:
    drill = beside.desk("POST", "/api/drills", {"agency_id": "damkar", "minutes": 15}, as_="supervisor")
    for person in ("andi", "budi"):
        beside.expects(person, "LATIHAN")
        beside.taps(person, "acknowledged")
    beside.desk("POST", f"/api/drills/{drill['id']}/end", {}, as_="supervisor")
    one, other = beside.read(f"/api/drills/{drill['id']}", as_="supervisor")
    assert [each["answered_at"] for each in one["people"]] == [
        each["answered_at"] for each in other["people"]
    ]
    assert all(each["answered_at"] for each in one["people"])


def test_blocking_look_up_and_erasure_are_one_trail_for_both(beside: Beside) -> None:
    blocked = {"number": "+6285200000042", "reason": "Lapor palsu"}
    block = beside.desk("POST", "/api/blocked-numbers", blocked, as_="supervisor")
    beside.desk("DELETE", f"/api/blocked-numbers/{block['id']}", as_="supervisor")
    incident = beside.call("childbirth")
    beside.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Sudah lahir"})
    asked = {"number": CALLER, "reason": "Surat permintaan 17/2026"}
    for _ in beside.releases:
        found = beside.desk("POST", "/api/privacy/access", asked, as_="admin")
        assert [each["incident_id"] for each in found["calls"]] == [incident["id"]]
    beside.desk("POST", "/api/privacy/erasure", asked, as_="admin")
    assert holding(CALLER) == [] and holding(NARRATIVE) == []
    one, other = beside.read("/api/privacy/records", as_="auditor")
    assert one["records"] == other["records"] and one["records"]


def test_what_is_due_is_erased_by_releases_that_take_turns(beside: Beside) -> None:
    incidents = [beside.call() for _ in beside.releases]
    for incident in incidents:
        beside.desk("POST", f"/api/incidents/{incident['id']}/notes", {"text": NOTED})
        beside.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Laporan palsu"})
    beside.desk("POST", "/api/import/incidents", {"source": "buku", "rows": [row()]}, as_="admin")
    for _ in range(WEEKS):
        beside.pass_time(WEEK_S)
        counts = beside.run("retention")
        assert not counts["failed"] and not counts["unfinished"], counts
    for text in (CALLER, NARRATIVE, NOTED, PLACE["landmark"], number_of("andi"), "Asap tebal"):
        assert holding(text, [IncidentItem]) == [], text
