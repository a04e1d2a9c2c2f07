"""Past incidents come in: whole or not at all, once however often they are sent, and no phone rings."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.models import incidents, tables
from chalicelib.models.conflicts import Unconfirmed
from chalicelib.models.transactions import Transaction
from chalicelib.models.unit_states import all_unit_states
from infra.history import __main__ as history
from infra.verify import verify
from tests.unit.test_history import LOGBOOK
from tests.world.harness import Answer, Story

PATH = "/api/import/incidents"


class Died(BaseException):
    """The process ends here."""


def at(clock: str, day: str = "2026-11-20") -> str:
    return f"{day}T{clock}+07:00"


def unit(unit_id: str, agency_id: str = "damkar", **milestones: str) -> dict[str, Any]:
    return {"agency_id": agency_id, "unit_id": unit_id, "milestones": milestones}


def row(key: str = "1", **more: Any) -> dict[str, Any]:
    """A fire with two calls and two units, everything in its order."""
    usual = {
        "key": key,
        "type": "house_fire",
        "location": {"district": "baamang", "landmark": "Pasar Sampit"},
        "narrative": "Asap tebal",
        "opened_at": at("08:01:00"),
        "closed_at": at("10:00:00"),
        "disposition": "done",
        "calls": [
            {"received_at": at("08:00:00"), "answered_at": at("08:00:10"), "number": "0812-3456-7890"},
            {"received_at": at("08:03:00"), "channel": "app"},
        ],
        "units": [
            unit(
                "damkar_1",
                requested=at("08:02:00"),
                en_route=at("08:04:00"),
                on_scene=at("08:12:00"),
                cleared=at("09:00:00"),
            ),
            unit("ambulans_1", "psc", requested=at("08:02:00"), on_scene=at("08:20:00")),
        ],
    }
    return {**usual, **more}


def send(story: Story, *rows: dict[str, Any], source: str = "buku-2026") -> Answer:
    answer = story.http("POST", PATH, {"source": source, "rows": list(rows)}, as_="admin")
    story.settle()
    return answer


def imported(story: Story, *rows: dict[str, Any]) -> list[dict[str, Any]]:
    answer = send(story, *rows)
    assert answer.status == 200, answer.text
    found: list[dict[str, Any]] = answer.body["rows"]
    return found


def everything() -> list[str]:
    return sorted(
        json.dumps(item.serialize(), sort_keys=True)
        for model in (tables.IncidentItem, tables.RegistryItem)
        for item in model.scan()
        if "!heartbeat" not in getattr(item, "sk", "")
    )


def test_a_past_incident_stands_as_it_was_recorded_and_nobody_is_paged(story: Story) -> None:
    (result,) = imported(story, row())
    assert result == {
        "key": "1",
        "result": "imported",
        "incident_id": result["incident_id"],
        "calls": 2,
        "assignments": 2,
        "events": 9,
        "left_out": [],
    }
    whole = story.incident(result["incident_id"])
    assert (whole["status"], whole["closed_at"]) == ("closed", "2026-11-20T03:00:00.000Z")
    assert whole["opened_at"] == "2026-11-20T01:01:00.000Z"
    assert [each["number"] for each in whole["calls_list"]] == ["…890", ""]
    assert whole["clocks"] == {
        "answering_s": 10,
        "processing_s": 110,
        "handling_s": 120,
        "turnout_s": 120,
        "travel_s": 480,
        "response_s": 720,
        "ready_s": None,
    }
    assert [(each["type"], each["occurred_at"][11:16]) for each in whole["timeline"]] == [
        ("IncidentOpened", "01:01"),
        ("UnitAssigned", "01:02"),
        ("UnitAssigned", "01:02"),
        ("CallJoined", "01:03"),
        ("UnitEnRoute", "01:04"),
        ("UnitOnScene", "01:12"),
        ("UnitOnScene", "01:20"),
        ("UnitCleared", "02:00"),
        ("IncidentClosed", "03:00"),
    ]
    assert {each["source"] for each in whole["timeline"]} == {"import"}
    assert whole["chain"]["ok"] and verify(result["incident_id"]) == (9, [])
    assert whole["pages"] == [] and not story.wakeups.queue
    assert all_unit_states() == ({}, {})
    assert story.http("GET", "/api/incidents", as_="operator").body["incidents"] == []
    listed = story.http("GET", "/api/incidents?date=2026-11-20", as_="operator").body["incidents"]
    assert [each["id"] for each in listed] == [result["incident_id"]]


def test_a_second_run_changes_nothing(story: Story) -> None:
    first = imported(story, row("1"), row("2"))
    before = everything()
    again = imported(story, row("1"), row("2"))
    assert [each["result"] for each in again] == ["unchanged", "unchanged"]
    assert [{**each, "result": "imported"} for each in again] == first
    assert everything() == before


def test_another_text_under_the_same_key_is_named_and_what_stands_is_kept(story: Story) -> None:
    (first,) = imported(story, row())
    before = everything()
    (again,) = imported(story, row(narrative="Api besar"))
    assert (again["result"], again["incident_id"]) == ("different", first["incident_id"])
    assert everything() == before


def test_the_same_key_of_another_source_is_another_incident(story: Story) -> None:
    first = send(story, row(), source="buku-2025").body["rows"][0]
    second = send(story, row(), source="buku-2026").body["rows"][0]
    assert (first["result"], second["result"]) == ("imported", "imported")
    assert first["incident_id"] != second["incident_id"]


def test_a_row_that_was_worked_on_since_is_still_the_same_row(story: Story) -> None:
    (first,) = imported(story, row())
    id_ = first["incident_id"]
    story.desk("POST", f"/api/incidents/{id_}/reopen", {"reason": "Jam salah"}, as_="supervisor")
    story.desk("POST", f"/api/incidents/{id_}/close", {"disposition": "done"}, as_="supervisor")
    (again,) = imported(story, row())
    assert (again["result"], again["events"]) == ("unchanged", 11)
    assert verify(id_) == (11, [])


def test_a_batch_that_dies_in_the_middle_leaves_whole_incidents_and_is_finished_by_the_next(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [row(str(number)) for number in range(5)]
    commit = Transaction.commit
    written: list[Transaction] = []

    def dies_at_the_third(self: Transaction) -> None:
        if self.show and len(written) == 2:
            raise Died
        commit(self)
        written.append(self)

    monkeypatch.setattr(Transaction, "commit", dies_at_the_third)
    with pytest.raises(Died):
        send(story, *rows)
    monkeypatch.undo()
    kept = [each.id for each in incidents.of_day("2026-11-20")]
    assert len(kept) == 2
    assert [verify(id_) for id_ in kept] == [(9, [])] * 2
    results = [each["result"] for each in imported(story, *rows)]
    assert results == ["unchanged"] * 2 + ["imported"] * 3
    assert len(incidents.of_day("2026-11-20")) == 5


def test_an_answer_lost_after_the_commit_is_found(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    commit = Transaction.commit
    lost: list[Transaction] = []

    def loses_the_first(self: Transaction) -> None:
        commit(self)
        if self.show and not lost:
            lost.append(self)
            raise Unconfirmed("no answer")

    monkeypatch.setattr(Transaction, "commit", loses_the_first)
    (result,) = imported(story, row())
    assert lost and result["result"] == "imported"
    assert verify(result["incident_id"]) == (9, [])


def test_a_bad_row_is_named_and_the_others_come_in(story: Story) -> None:
    rows = [
        row("type", type="volcano"),
        row("district", location={"district": "sampit"}),
        row("disposition", disposition="forgotten"),
        row("future", calls=[{"received_at": at("08:00:00", "2026-12-20")}]),
        row("foreign", units=[unit("ambulans_1", "damkar")]),
        row("good"),
    ]
    found = imported(story, *rows)
    assert [(each["key"], each["result"], each["left_out"]) for each in found] == [
        ("type", "refused", [{"field": "type", "reason": "unknown incident type"}]),
        ("district", "refused", [{"field": "location.district", "reason": "unknown district"}]),
        ("disposition", "refused", [{"field": "disposition", "reason": "unknown disposition"}]),
        ("future", "refused", [{"field": "calls[0].received_at", "reason": "lies in the future"}]),
        ("foreign", "refused", [{"field": "units[0].unit_id", "reason": "belongs to another agency"}]),
        ("good", "imported", []),
    ]
    assert len(incidents.of_day("2026-11-20")) == 1


def test_times_that_cannot_be_right_are_left_out_with_their_reason(story: Story) -> None:
    strange = row(
        opened_at=at("07:00:00"),
        closed_at=at("08:30:00"),
        calls=[{"received_at": at("08:00:00"), "answered_at": at("07:59:00"), "number": "tidak ada"}],
        units=[
            unit(
                "damkar_1",
                requested=at("07:50:00"),
                en_route=at("08:10:00"),
                on_scene=at("08:05:00"),
                ready=at("08:00:00", "2026-11-25"),
                cleared=at("09:00:00"),
            )
        ],
    )
    (result,) = imported(story, strange)
    assert {each["field"]: each["reason"] for each in result["left_out"]} == {
        "calls[0].answered_at": "lies before received_at",
        "opened_at": "lies before the call",
        "units[0].requested": "lies before the call",
        "units[0].on_scene": "lies before en_route",
        "units[0].ready": "lies in the future",
        "closed_at": "lies before the last thing known of it",
        "calls[0].number": "is no phone number",
    }
    whole = story.incident(result["incident_id"])
    (crew,) = whole["assignments"]
    assert {step: moment[11:16] for step, moment in crew["milestones"].items()} == {
        "en_route": "01:10",
        "cleared": "02:00",
    }
    assert crew["clocks"]["turnout_s"] is None
    assert (whole["opened_at"][11:16], whole["closed_at"][11:16]) == ("01:00", "02:00")
    assert whole["timeline"][-1]["data"]["untimed"] is True
    assert verify(result["incident_id"]) == (result["events"], [])


@pytest.mark.parametrize(
    ("written", "number", "kept"),
    [
        ("0812 3456 7890", "+6281234567890", None),
        ("21112", "+6253121112", "21112"),
        ("0812 3456 7890 (istri)", "+6281234567890", "0812 3456 7890 (istri)"),
        ("110", "110", None),
        ("0812345678/9", "", "0812345678/9"),
        ("tidak ada", "", "tidak ada"),
    ],
)
def test_what_stood_for_a_number_in_the_logbook_is_kept_beside_it(
    story: Story, written: str, number: str, kept: str | None
) -> None:
    (result,) = imported(story, row(calls=[{"received_at": at("08:00:00"), "number": written}]))
    whole = incidents.load_all(result["incident_id"])
    assert whole
    (call,) = whole.calls.values()
    assert (call.number, call.said and call.said.typed.get("number")) == (number, kept)
    assert verify(result["incident_id"]) == (result["events"], [])
    (again,) = imported(story, row(calls=[{"received_at": at("08:00:00"), "number": written}]))
    assert again["result"] == "unchanged"


def test_what_was_not_recorded_is_not_made_up(story: Story) -> None:
    bare = {
        "key": "1",
        "type": "theft",
        "location": {"district": "ketapang"},
        "calls": [{"received_at": at("08:00:00")}],
        "units": [unit("polres_1", "polres"), unit("damkar_2", on_scene=at("08:20:00"))],
    }
    (result,) = imported(story, bare)
    whole = story.incident(result["incident_id"])
    assert (whole["disposition"], whole["closed_at"]) == (None, "2026-11-20T01:20:00.000Z")
    assert [(each["status"], each["milestones"]) for each in whole["assignments"]] == [
        ("cleared", {}),
        ("cleared", {"on_scene": "2026-11-20T01:20:00.000Z"}),
    ]
    assert whole["clocks"]["handling_s"] is None and whole["clocks"]["response_s"] == 1200
    assert verify(result["incident_id"]) == (result["events"], [])


def test_what_the_registry_does_not_know_is_added_as_retired_once(story: Story) -> None:
    old = [
        {**unit("pmk-1", "pmk", requested=at("08:02:00")), "agency": "PMK lama", "callsign": "PMK 1"},
        unit("damkar-tua", "damkar", requested=at("08:02:00")),
    ]
    answer = send(story, row("1", units=old), row("2", units=old)).body
    assert (answer["agencies"], answer["units"]) == (["pmk"], ["damkar-tua", "pmk-1"])
    registry = story.world.registry.current()
    agency = registry.agencies["pmk"]
    assert (agency.name, agency.retired) == ("PMK lama", True)
    assert registry.units["pmk-1"].callsign == "PMK 1"
    assert {registry.units[id_].retired for id_ in ("pmk-1", "damkar-tua")} == {True}
    again = send(story, row("3", units=old)).body
    assert (again["agencies"], again["units"]) == ([], [])
    # A retired unit is never sent.
    opened = story.call("theft")["incident"]
    refused = story.http(
        "POST",
        f"/api/incidents/{opened['id']}/assignments",
        {"unit_id": "pmk-1", "insist": True},
        as_="operator",
        key="k",
    )
    assert refused.status == 422


def test_a_batch_is_bounded_and_names_what_cannot_be_read(story: Story) -> None:
    def fields(*rows: dict[str, Any]) -> tuple[int, Any]:
        answer = send(story, *rows)
        return answer.status, answer.body["fields"]

    assert fields(*[row(str(number)) for number in range(51)]) == (400, {"rows": "has more than 50 elements"})
    assert fields() == (400, {"rows": "has fewer than 1 elements"})
    assert fields(row("1"), row("1")) == (400, {"rows[1].key": "is given twice"})
    late = row(calls=[{"received_at": "2202-01-01T00:00:00Z"}])
    assert fields(late) == (400, {"rows[0].calls[0].received_at": "is out of range"})
    assert send(story, row(narrative="a" * 600_000)).status == 413
    assert incidents.of_day("2026-11-20") == []


@pytest.mark.parametrize("account", ["operator", "supervisor", "leader", "auditor", "damkar_admin"])
def test_only_the_admin_imports(story: Story, account: str) -> None:
    assert story.http("POST", PATH, {"source": "x", "rows": [row()]}, as_=account).status == 403


class DeskOf:
    """The importing program's end of the interface, in a story."""

    def __init__(self, story: Story) -> None:
        self._story = story

    def get(self, path: str) -> Any:
        return self._story.http("GET", path, as_="admin").body

    def post(self, path: str, body: dict[str, Any]) -> Any:
        answer = self._story.http("POST", path, body, as_="admin")
        assert answer.status == 200, answer.text
        return answer.body


def test_a_logbook_comes_in_with_what_this_regency_knows_and_a_second_run_changes_nothing(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    def run() -> str:
        assert history.run(LOGBOOK, None, DeskOf(story)) == 0  # type: ignore[arg-type]
        return " ".join(capsys.readouterr().out.split())

    told = run()
    assert "1 1 calls 1 1 incidents 2 2 assignments 6 6 events" in told
    # The mapping knows what its regency knows; what this one does not, it refuses by name.
    assert "Rows left out: 7" in told and "1 type unknown incident type row 5" in told
    assert "Units added as retired: 2" in told and "Agencies added" not in told
    before = everything()
    assert "0 1 incidents" in run()
    assert everything() == before
    (fire,) = incidents.of_day("2020-04-07")
    assert [crew.unit_id for crew in fire.crews] == ["damkar-log", "polres-log"]
    assert verify(fire.id) == (fire.seq, [])
