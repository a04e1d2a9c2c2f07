"""Calls with three crews of one person each on the real stack: how long the desk, the phones and the crews' answers take."""

from __future__ import annotations

import re
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests

from chalicelib.domain import times
from tests.bench.desk import Desk, nearest_rank, now
from tests.stack_process import StackProcess

CALLS = 200
CLIENTS = 8
CALLS_EACH = 40
OPEN = 500
KINDS = ("a", "b", "c")


def equip(stack: StackProcess, of_each: int = 12) -> None:
    """A type of incident whose plan sends three units of one person, and so many units of each kind."""
    admin = Desk(stack, "admin")
    registry = admin.get("/api/registry")
    station = registry["stations"][0]
    agency, label = station["agency_id"], {"id": "Ukur", "en": "Bench"}
    policy = admin.get("/api/registry/escalation-policies")["items"][0]["id"]
    for name in ("bench", "bench_alone"):
        admin.post("/api/registry/incident-types", {"id": name, "category": "other", "label": label})
    here = datetime.now(UTC)
    begin, end = ((here + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%S.000Z") for hours in (-1, 10))
    for position, kind in enumerate(KINDS):
        admin.post("/api/registry/capabilities", {"id": f"bench_{kind}", "label": label})
        for number in range(of_each):
            id_ = f"bench_{kind}_{number}"
            place = {"agency_id": agency, "id": id_}
            unit = {"station_id": station["id"], "callsign": id_.upper(), "name": id_, "demo": True}
            able = {"terrains": ["land"], "capabilities": [f"bench_{kind}"]}
            admin.post("/api/registry/units", {**place, **unit, **able})
            phone = f"+62813{position}{number:07d}"
            admin.post("/api/registry/personnel", {**place, "name": id_, "phone": phone, "demo": True})
            shift = {"person_id": id_, "unit_id": id_, "starts_at": begin, "ends_at": end}
            admin.post("/api/registry/shifts", {**place, **shift})
    needs = [{"id": kind, "agencies": [agency], "capability": f"bench_{kind}"} for kind in KINDS]
    plan = {
        "id": "bench",
        "label": label,
        "type_id": "bench",
        "policy_id": policy,
        "levels": [{"needs": needs}],
    }
    admin.post("/api/registry/response-plans", plan)


def timed_call(desk: Desk) -> tuple[float, str, Any]:
    """One call: its milliseconds, when it was accepted, and the answer, with three assignments and three pages."""
    began = time.perf_counter()
    answer = desk.call("bench")
    took = (time.perf_counter() - began) * 1000
    assert (len(answer["assignments"]), len(answer["pages"])) == (3, 3), "a crew was not free"
    return took, now(), answer


def end(desk: Desk, answer: Any) -> None:
    desk.post(f"/api/incidents/{answer['incident']['id']}/cancel", {"reason": "Pengukuran"})


def one_client(stack: StackProcess) -> dict[str, float]:
    """One operator after another call: intake, pages and answers."""
    desk = Desk(stack, "operator")
    intake_ms, page_s, ack_ms = [], [], []
    phone = requests.Session()
    last = 0
    for _ in range(CALLS):
        took, accepted_at, answer = timed_call(desk)
        intake_ms.append(took)
        sms = _arrived(stack, {each["number"] for each in answer["pages"]}, last)
        last = max(each["id"] for each in sms)
        page_s += [max(0.0, times.between(accepted_at, each["at"]) or 0) for each in sms]
        link = re.search(r"/r/(\w+)", sms[0]["body"])
        assert link, "the SMS holds no link"
        began = time.perf_counter()
        body = {"status": "acknowledged", "reason": ""}
        taken = phone.post(f"{stack.url}/api/r/{link[1]}", json=body, timeout=60)
        ack_ms.append((time.perf_counter() - began) * 1000)
        assert taken.status_code == 200, taken.text
        end(desk, answer)
    return {
        "intake_n": len(intake_ms),
        "intake_p50_ms": round(nearest_rank(intake_ms, 0.5), 1),
        "intake_p95_ms": round(nearest_rank(intake_ms, 0.95), 1),
        "page_n": len(page_s),
        "page_p95_s": round(nearest_rank(page_s, 0.95), 3),
        "ack_n": len(ack_ms),
        "ack_p95_ms": round(nearest_rank(ack_ms, 0.95), 1),
    }


def _arrived(stack: StackProcess, numbers: set[str], after: int) -> list[dict[str, Any]]:
    """The call-outs on these phones, once each has one; what came up to `after` belongs to an earlier incident."""
    deadline = time.monotonic() + 30
    while True:
        came = stack.messages(after=after)
        found = [each for each in came if each["number"] in numbers and "BATAL" not in each["body"]]
        if len({each["number"] for each in found}) == len(numbers):
            return found
        assert time.monotonic() < deadline, "the pages did not arrive"
        time.sleep(0.005)


def eight_clients(stack: StackProcess) -> dict[str, float]:
    """Eight operators at once, each of whom also calls the crews off again before the next call."""
    desks = [Desk(stack, "operator") for _ in range(CLIENTS)]

    def work(desk: Desk) -> list[float]:
        took = []
        for _ in range(CALLS_EACH):
            each_ms, _, answer = timed_call(desk)
            took.append(each_ms)
            end(desk, answer)
        return took

    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        all_ms = [each for found in pool.map(work, desks) for each in found]
    took = time.perf_counter() - began
    return {
        "intake_8_n": len(all_ms),
        "intake_8_p50_ms": round(nearest_rank(all_ms, 0.5), 1),
        "intake_and_cancel_per_s_8": round(len(all_ms) / took, 1),
    }


def board(stack: StackProcess) -> dict[str, float]:
    """The board with 500 open incidents."""
    desk = Desk(stack, "operator")
    for _ in range(OPEN):
        desk.call("bench_alone")
    took = []
    for _ in range(50):
        began = time.perf_counter()
        found = desk.get("/api/incidents?state=open")["incidents"]
        took.append((time.perf_counter() - began) * 1000)
    assert len(found) >= OPEN
    return {
        "board_open": len(found),
        "board_n": len(took),
        "board_p95_ms": round(nearest_rank(took, 0.95), 1),
    }


def figures() -> dict[str, float]:
    """All of them, on a stack of its own."""
    environment = {"CALLS_A_MINUTE": "1000000"}
    with (
        tempfile.TemporaryDirectory() as folder,
        StackProcess(Path(folder) / "data", environment=environment) as stack,
    ):
        equip(stack)
        return {**one_client(stack), **eight_clients(stack), **board(stack)}
