"""Replaying a city's calls: what is read of the file, when it is played, what it stands for here, what is left out."""

from __future__ import annotations

import base64
import gzip
import json
import os
import signal
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.geo import distance_km
from infra.replay import desk as desks
from infra.replay import mapping
from infra.replay.desk import Desk, Refused
from infra.replay.player import Play, play, playable, settle
from infra.replay.source import SourceError, read
from infra.replay.sums import Sums, percentile
from infra.seed import load as seed

COLUMNS = (
    "Call Number,Unit ID,Call Type,Received DtTm,Dispatch DtTm,Response DtTm,On Scene DtTm,Available DtTm,"
    "Call Final Disposition,Unit Type,Unit sequence in call dispatch,Neighborhooods - Analysis Boundaries"
)
SEED = Path(seed.__file__).with_name("kotim.yaml")
DISTRICTS = [
    {"id": "baamang", "lat": -2.4663, "lng": 112.9472},
    {"id": "ketapang", "lat": -2.5747, "lng": 112.8883},
    {"id": "telaga_antang", "lat": -1.5439, "lng": 112.4209},
]
UNITS: list[dict[str, Any]] = [
    {"id": "ambulans_1", "terrains": ["land"], "capabilities": ["ambulance"], "retired": False},
    {"id": "ambulans_2", "terrains": ["land"], "capabilities": ["ambulance"], "retired": True},
    {"id": "damkar_1", "terrains": ["land"], "capabilities": ["fire_suppression"], "retired": False},
    {"id": "perahu_1", "terrains": ["water"], "capabilities": ["ambulance"], "retired": False},
]
REGISTRY = {
    "districts": DISTRICTS,
    "units": UNITS,
    "incident_types": [{"id": "illness"}, {"id": "house_fire"}],
}


def at(clock: str) -> str:
    return f"04/07/2020 {clock} PM" if clock else ""


def row(
    call: str, unit: str, *times: str, type_: str = "Medical Incident", order: int = 1, **more: str
) -> str:
    """One row; times are received, dispatched, en route, on scene, available."""
    shown = [at(each) for each in times]
    ending = more.get("disposition", "Code 2 Transport")
    return ",".join(
        [call, unit, type_, *shown, ending, more.get("unit_type", "MEDIC"), str(order), "Mission"]
    )


def written(folder: Path, *rows: str) -> Path:
    file = folder / "calls.csv"
    file.write_text("\n".join([COLUMNS, *rows]) + "\n")
    return file


ONE = row("1", "M1", "01:00:00", "01:01:00", "01:02:00", "01:10:00", "02:00:00")


def test_the_first_calls_are_found_wherever_they_stand_in_the_file(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        row("3", "M3", "03:00:00", "03:01:00", "", "", "03:30:00"),
        row("1", "E1", "01:00:00", "01:03:00", "01:04:00", "01:09:00", "01:30:00", order=2),
        row("2", "M2", "02:00:00", "02:01:00", "", "", "02:30:00"),
        ONE,
    )
    packed = tmp_path / "calls.csv.gz"
    packed.write_bytes(gzip.compress(file.read_bytes()))
    for each in (file, packed):
        calls = read(each, 2, Sums())
        assert [call.id for call in calls] == ["1", "2"]
        assert [unit.id for unit in calls[0].units] == ["1-M1", "1-E1"]


def test_steps_without_a_usable_time_are_skipped_and_counted(tmp_path: Path) -> None:
    sums = Sums()
    file = written(
        tmp_path,
        row("1", "A", "01:00:00", "01:00:00", "01:00:00", "01:00:00", "01:00:00"),
        row("2", "A", "01:00:00", "01:01:00", "", "01:10:00", "02:00:00"),
        row("3", "A", "01:00:00", "01:01:00", "01:02:00", "02:00:01", "02:00:00"),
        row("4", "A", "01:00:00", "01:01:00", "01:10:00", "01:02:00", "02:00:00"),
        row("5", "A", "01:00:00", "01:01:00", "01:02:00", "99:02:00", ""),
    )
    found = {call.id: [status for status, _ in call.units[0].reports] for call in read(file, 9, sums)}
    assert found == {
        "1": ["en_route", "on_scene", "cleared"],
        "2": ["on_scene", "cleared"],
        "3": ["en_route", "cleared"],
        "4": ["en_route", "cleared"],
        "5": ["en_route"],
    }
    assert sums.steps_skipped == {
        "Response DtTm missing: step skipped": 1,
        "On Scene DtTm lies after Available DtTm: step skipped": 1,
        "On Scene DtTm lies before the step before it: step skipped": 1,
        "Available DtTm missing: cleared when its incident ends": 1,
        "On Scene DtTm unreadable: step skipped": 1,
    }
    assert sums.rows_left_out == {}


def test_rows_that_cannot_be_played_are_left_out_with_their_reason(tmp_path: Path) -> None:
    sums = Sums()
    file = written(
        tmp_path,
        row("", "A", "01:00:00", "", "", "", ""),
        row("2", "A", "", "", "", "", ""),
        row("3", "A", "01:00:00", "", "", "", "01:10:00", type_="Volcano"),
        row("4", "A", "01:00:00", "", "", "", "01:10:00", type_="Water Rescue"),
        ONE,
    )
    assert [call.id for call in playable(read(file, 9, sums), REGISTRY, sums)] == ["1"]
    assert sums.rows_left_out == {
        "no call number": ["?-A"],
        "Received DtTm missing or unreadable": ["2-A"],
        "no incident type stands for the city's Volcano": ["3-A"],
        "no incident type stands for the city's Water Rescue": ["4-A"],
    }


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\x1f\x8bnot gzip", b"\xff\xfe\x00"])
def test_a_file_that_is_something_else_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "other.csv"
    file.write_bytes(content)
    with pytest.raises(SourceError, match=r"other\.csv"):
        read(file, 9, Sums())


@given(st.text(), st.text())
def test_a_place_is_stable_and_within_a_mile_of_its_district(neighbourhood: str, call_id: str) -> None:
    place = mapping.place(neighbourhood, call_id, DISTRICTS)
    assert place == mapping.place(neighbourhood, call_id, DISTRICTS[::-1])
    home = next(each for each in DISTRICTS if each["id"] == place["district"])
    assert distance_km(home["lat"], home["lng"], place["lat"], place["lng"]) < mapping.JITTER_KM + 0.1  # type: ignore[arg-type]
    assert len(mapping.number(call_id)) == len("+6253100012345")


def test_free_units_are_those_that_can_do_the_same_and_then_any_other() -> None:
    def state(unit_id: str, primary: str, incident_id: str = "") -> dict[str, str]:
        return {"unit_id": unit_id, "primary": primary, "incident_id": incident_id}

    assert mapping.free_units("MEDIC", "land", UNITS, []) == ["ambulans_1", "damkar_1"]
    assert mapping.free_units("ENGINE", "land", UNITS, []) == ["damkar_1", "ambulans_1"]
    assert mapping.free_units("CHIEF", "land", UNITS, [state("ambulans_1", "Available")]) == [
        "ambulans_1",
        "damkar_1",
    ]
    assert mapping.free_units("MEDIC", "land", UNITS, [state("ambulans_1", "NotAvailable", "I1")]) == [
        "damkar_1"
    ]
    assert mapping.free_units("MEDIC", "water", UNITS, []) == ["perahu_1"]


def test_every_type_and_outcome_stands_in_the_seed() -> None:
    nouns: Mapping[str, list[Any]] = seed.read(SEED).nouns
    assert set(mapping.TYPES.values()) <= {each.id for each in nouns["incident-types"]}
    outcomes = {*mapping.DISPOSITIONS.values(), mapping.OTHER_DISPOSITION}
    assert outcomes <= {each.id for each in nouns["dispositions"]}
    assert set(mapping.CAPABILITIES.values()) <= {each.id for each in nouns["capabilities"]}


class FakeDesk(Desk):
    """A desk that sends one ambulance to each call and remembers what it was told."""

    def __init__(self, *, free: bool = True, planned: tuple[str, ...] = ("ambulans_1",)) -> None:
        super().__init__("", lambda: "", Sums(), 1)
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.free = free
        self.planned = planned
        self.refuse: dict[str, Refused] = {}
        self.incidents: dict[str, dict[str, Any]] = {}

    def get(self, path: str) -> Any:
        if path == "/api/units/status":
            held = "Available" if self.free else "NotAvailable"
            return {"units": [{"unit_id": each["id"], "primary": held, "incident_id": ""} for each in UNITS]}
        incident = self.incidents[path.split("/")[3]]
        incident["pages"] = [{"status": "sent"}]
        return incident

    def post(self, path: str, body: dict[str, Any]) -> Any:
        self.told.append((path, body))
        for ending, refused in self.refuse.items():
            if path.endswith(ending):
                raise refused
        if path == "/api/calls":
            id_ = f"I{len(self.incidents)}"
            assignments = [self._assignment(f"{id_}A{n}", unit) for n, unit in enumerate(self.planned)]
            incident: dict[str, Any] = {
                "id": id_,
                "status": "open",
                "terrain": "land",
                "assignments": assignments,
                "pages": [{"status": "pending"}],
                "timeline": [],
                "chain": {"ok": True},
            }
            self.incidents[id_] = incident
            return {"call": {}, "incident": incident, "assignments": list(assignments)}
        incident = self.incidents[path.split("/")[3]]
        if path.endswith("/assignments"):
            incident["assignments"].append(self._assignment(f"{incident['id']}B", body["unit_id"]))
        if path.endswith("/status"):
            mine = next(each for each in incident["assignments"] if each["id"] == path.split("/")[5])
            mine["status"] = body["status"]
            mine["milestones"][body["status"]] = "now"
        if path.endswith("/close"):
            incident["status"] = "closed"
        return incident

    def _assignment(self, id_: str, unit_id: str) -> dict[str, Any]:
        return {"id": id_, "unit_id": unit_id, "status": "requested", "milestones": {}}

    @property
    def story(self) -> list[str]:
        return ["/".join([path.rpartition("/")[2], *map(str, body.values())]) for path, body in self.told[1:]]


def played(file: Path, desk: FakeDesk, sums: Sums) -> list[Play]:
    calls = playable(read(file, 9, sums), REGISTRY, sums)
    plays = [Play(call, calls[0].received, desk, REGISTRY, sums) for call in calls]
    assert play(plays, 1e6, 4, desk, sums) == ""
    settle(plays)
    for each in plays:
        sums.paged(each.pages)
    return plays


def test_a_call_is_played_in_the_order_of_its_times(tmp_path: Path) -> None:
    second = row(
        "1", "E1", "01:00:00", "01:03:00", "01:04:00", "01:05:00", "01:30:00", order=2, unit_type="ENGINE"
    )
    desk, sums = FakeDesk(), Sums()
    played(written(tmp_path, ONE, second), desk, sums)
    path, call = desk.told[0]
    assert path == "/api/calls"
    assert call["incident"]["type"] == "illness"
    assert call["number"].startswith("+62531000")
    assert desk.story == [
        "status/en_route",
        "assignments/damkar_1",
        "status/en_route",
        "status/on_scene",
        "status/on_scene",
        "status/cleared",
        "status/cleared",
        "close/patient_transported",
    ]
    told = "\n".join(sums.lines())
    assert sums["incidents closed"] == 1
    assert "2 reports: cleared" in told
    assert "1 pages: sent" in told
    assert "Rows left out: 0" in told


def test_units_that_the_city_did_not_send_are_stood_down(tmp_path: Path) -> None:
    desk = FakeDesk(planned=("ambulans_1", "damkar_1"))
    played(written(tmp_path, ONE), desk, Sums())
    assert desk.story[-2:] == ["status/cancelled", "close/patient_transported"]


def test_a_unit_without_a_clear_time_is_cleared_at_the_end(tmp_path: Path) -> None:
    desk = FakeDesk()
    played(written(tmp_path, row("1", "M1", "01:00:00", "01:01:00", "01:02:00", "", "")), desk, Sums())
    assert desk.story == ["status/en_route", "status/cleared", "close/patient_transported"]


def test_a_unit_for_which_none_is_free_is_left_out(tmp_path: Path) -> None:
    desk, sums = FakeDesk(free=False), Sums()
    second = row("1", "E1", "01:00:00", "01:03:00", "01:04:00", "01:05:00", "01:30:00", order=2)
    played(written(tmp_path, ONE, second), desk, sums)
    assert sums.rows_left_out == {"no unit was free to stand for it": ["1-E1"]}
    assert desk.story.count("status/en_route") == 1


def test_a_unit_that_another_incident_took_is_followed_by_the_next(tmp_path: Path) -> None:
    desk, sums = FakeDesk(planned=()), Sums()
    desk.refuse["/assignments"] = Refused("", 409, {"code": "conflict", "fields": {"unit_id": "busy"}}, 1)
    played(written(tmp_path, ONE), desk, sums)
    assert desk.story[:2] == ["assignments/ambulans_1", "assignments/damkar_1"]
    assert sums["units that another incident took first"] == 2
    assert sums.rows_left_out == {"no unit was free to stand for it": ["1-M1"]}
    assert sums.errors == 0


def test_a_call_that_is_refused_leaves_its_rows_out(tmp_path: Path) -> None:
    desk, sums = FakeDesk(), Sums()
    desk.refuse["/calls"] = Refused("/api/calls", 422, {"code": "unprocessable", "message": "no"}, 1)
    played(written(tmp_path, ONE), desk, sums)
    assert sums.rows_left_out == {"the call was not taken: /api/calls: 422 unprocessable: no": ["1-M1"]}
    assert len(desk.told) == 1
    assert sums.errors == 1


def test_a_close_whose_answer_was_lost_is_a_close(tmp_path: Path) -> None:
    desk, sums = FakeDesk(), Sums()
    desk.refuse["/close"] = Refused("", 409, {"code": "conflict", "fields": {"id": "closed"}}, 2)
    played(written(tmp_path, ONE), desk, sums)
    assert (sums["incidents closed"], sums.errors) == (1, 0)


@pytest.fixture
def heard_ctrl_c() -> Iterator[None]:
    """Ctrl-C as in a terminal; whoever starts the tests in the background has it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heard_ctrl_c")
def test_ctrl_c_stops_and_keeps_what_was_counted(tmp_path: Path) -> None:
    class Interrupted(FakeDesk):
        def post(self, path: str, body: dict[str, Any]) -> Any:
            if path.endswith("/status"):
                os.kill(os.getpid(), signal.SIGINT)
                assert self.stopped.wait(60)
            return super().post(path, body)

    desk, sums = Interrupted(), Sums()
    calls = read(written(tmp_path, ONE), 9, sums)
    plays = [Play(call, calls[0].received, desk, REGISTRY, sums) for call in calls]
    assert play(plays, 1e6, 1, desk, sums) == "Ctrl-C"
    assert plays[0].open
    assert sums["calls posted"] == 1


def test_a_stack_that_is_gone_ends_the_replay_with_its_sums(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desks, "PATIENCE_S", 0.0)
    sums = Sums()
    desk = Desk("http://127.0.0.1:1", lambda: token(9e9), sums, 1)
    calls = read(written(tmp_path, ONE), 9, sums)
    plays = [Play(call, calls[0].received, desk, REGISTRY, sums) for call in calls]
    assert play(plays, 1e6, 1, desk, sums).startswith("The stack has not answered")
    assert sums["calls posted"] == 0


@pytest.fixture
def gateway() -> Iterator[tuple[str, list[tuple[int, Any]], list[dict[str, str]]]]:
    """A server that answers as told and remembers the headers: address, answers to come, headers that came."""
    answers: list[tuple[int, Any]] = []
    came: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came.append({name.lower(): value for name, value in self.headers.items()})
            self.rfile.read(int(self.headers["content-length"]))
            status, body = answers.pop(0)
            if not status:
                self.close_connection = True
                return
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", answers, came
    server.shutdown()
    server.server_close()


def token(expires_at: float) -> str:
    claims = base64.urlsafe_b64encode(json.dumps({"exp": expires_at}).encode()).decode().rstrip("=")
    return f"e30.{claims}.c2ln"


Gateway = tuple[str, list[tuple[int, Any]], list[dict[str, str]]]


def test_a_lost_or_busy_request_is_sent_again_under_its_key(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desks, "PAUSES_S", (0.01,))
    url, answers, came = gateway
    sums = Sums()
    desk = Desk(url, lambda: token(9e9), sums, 1)
    answers += [(503, {"code": "busy"}), (429, {}), (0, None), (500, {"message": "Internal server error"})]
    answers += [(502, {"code": "conflict"}), (200, {"done": True})]
    assert desk.post("/api/calls", {}) == {"done": True}
    assert len({each["idempotency-key"] for each in came}) == 1
    assert len(came) == 6
    answers += [(200, {})]
    desk.post("/api/calls", {})
    assert came[-1]["idempotency-key"] != came[0]["idempotency-key"]
    assert sums["requests sent again after: 503"] == 1
    assert sums["requests sent again after: ConnectionError"] == 1


def test_what_is_refused_is_not_sent_again(gateway: Gateway) -> None:
    url, answers, came = gateway
    desk = Desk(url, lambda: token(9e9), Sums(), 1)
    answers += [(409, {"code": "conflict", "message": "busy", "fields": {"unit_id": "busy"}})]
    with pytest.raises(Refused, match="/api/incidents/…/close: 409 conflict: busy") as refused:
        desk.post("/api/incidents/01M85AJPR9XDPKCQYA47M2Q1WN/close", {})
    assert refused.value.fields == {"unit_id": "busy"}
    assert len(came) == 1


def test_a_token_is_renewed_before_it_expires_and_when_it_is_refused(gateway: Gateway) -> None:
    url, answers, came = gateway
    tokens = [token(1.0), token(9e9), token(9e9 + 1)]
    desk = Desk(url, lambda: tokens.pop(0), Sums(), 1)
    answers += [(200, {}), (200, {}), (401, {"code": "unauthenticated"}), (200, {})]
    for _ in range(3):
        desk.post("/api/calls", {})
    assert len({each["authorization"] for each in came}) == 3
    assert tokens == []


def test_percentiles_are_nearest_rank() -> None:
    assert [percentile([1, 2, 3, 4], share) for share in (0.5, 0.9, 1.0)] == [2, 4, 4]
    assert percentile([7], 0.5) == 7
