"""One disaster, 300 people paged: when each SMS is at the provider, and what the desk can do meanwhile.

`tests/stack/test_burst.py` holds that nobody is lost or paged twice.
"""

from __future__ import annotations

import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec import Struct

from chalicelib.domain import times
from tests.bench.desk import Desk, now
from tests.bench.figures import Figure, Figures, rank
from tests.stack_process import StackProcess

PEOPLE = 300
UNIT = "kapal_besar"
LONGEST_S = 180.0


class Burst(Struct, frozen=True, kw_only=True):
    """What was seen: seconds from the order to each SMS, and to those of a fire reported meanwhile; a note's milliseconds."""

    numbers: frozenset[str]
    incident_id: str
    fire_id: str
    order_s: float
    sms_s: list[float]
    fire_sms_s: list[float]
    sms_before_fire: int
    notes_ms: list[float]


def muster(stack: StackProcess, people: int = PEOPLE) -> frozenset[str]:
    """Put so many people on duty with one new ship; their numbers."""
    admin = Desk(stack, "admin")
    registry = admin.get("/api/registry")
    unit = next(each for each in registry["units"] if "water" in each["terrains"])
    known = ("agency_id", "station_id", "terrains", "capabilities")
    ship = {name: unit[name] for name in known}
    admin.post(
        "/api/registry/units", {**ship, "id": UNIT, "callsign": "KAPAL-BESAR", "name": "Kapal", "demo": True}
    )
    here = datetime.now(UTC)
    begin, end = ((here + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%S.000Z") for hours in (-1, 10))
    for n in range(people):
        person = {"id": f"relawan_{n}", "agency_id": unit["agency_id"], "name": f"Relawan {n}", "demo": True}
        admin.post("/api/registry/personnel", {**person, "phone": f"+62812{n:08d}"})
        shift = {"id": f"relawan_{n}", "agency_id": unit["agency_id"], "person_id": f"relawan_{n}"}
        admin.post("/api/registry/shifts", {**shift, "unit_id": UNIT, "starts_at": begin, "ends_at": end})
    return frozenset(f"+62812{n:08d}" for n in range(people))


def burst(stack: StackProcess, numbers: frozenset[str]) -> Burst:
    """Send the ship, report a fire while its people are being paged, and write notes all the while."""
    desk, second, third = (Desk(stack, "operator") for _ in range(3))
    incident = desk.call("flood")["incident"]["id"]
    before = max((each["id"] for each in stack.messages()), default=0)
    notes_ms: list[float] = []
    over = threading.Event()

    def write_notes() -> None:
        while not over.wait(0.2):
            began = time.monotonic()
            second.post(f"/api/incidents/{incident}/notes", {"text": "Perahu karet dibutuhkan"})
            notes_ms.append((time.monotonic() - began) * 1000)

    with ThreadPoolExecutor() as pool:
        began = now()
        started = time.monotonic()
        order_s: list[float] = []
        ordered = pool.submit(desk.post, f"/api/incidents/{incident}/assignments", {"unit_id": UNIT})
        ordered.add_done_callback(lambda _: order_s.append(time.monotonic() - started))
        notes = pool.submit(write_notes)
        _until(lambda: len(_of(stack, numbers, before)) >= min(50, len(numbers) // 2))
        fire_at = now()
        fire = third.call("house_fire")
        called = {page["number"] for page in fire["pages"]}
        _until(lambda: called <= {each["number"] for each in stack.messages(after=before)})
        _until(lambda: numbers <= {each["number"] for each in _of(stack, numbers, before)})
        over.set()
        notes.result()
        ordered.result()
    arrived = [each for each in stack.messages(after=before) if each["number"] in called]
    last_of_fire = max(next(each["id"] for each in arrived if each["number"] == number) for number in called)
    return Burst(
        numbers=numbers,
        incident_id=incident,
        fire_id=fire["incident"]["id"],
        order_s=order_s[0],
        sms_s=sorted(times.between(began, each["at"]) or 0 for each in _of(stack, numbers, before)),
        fire_sms_s=sorted(times.between(fire_at, each["at"]) or 0 for each in arrived),
        sms_before_fire=sum(each["id"] < last_of_fire for each in _of(stack, numbers, before)),
        notes_ms=sorted(notes_ms),
    )


def _of(stack: StackProcess, numbers: frozenset[str], after: int) -> list[dict[str, Any]]:
    return [each for each in stack.messages(after=after) if each["number"] in numbers]


def _until(happened: Any) -> None:
    deadline = time.monotonic() + LONGEST_S
    while not happened():
        assert time.monotonic() < deadline, "the messages did not leave"
        time.sleep(0.1)


def figures() -> Figures:
    """Burst of 300 on a stack of its own."""
    with tempfile.TemporaryDirectory() as folder, StackProcess(Path(folder) / "data") as stack:
        seen = burst(stack, muster(stack))
    return {
        "burst_300_s": Figure(round(seen.sms_s[-1], 2), len(seen.sms_s), "order to the last of 300 SMS"),
        "burst_first_sms_s": Figure(round(seen.sms_s[0], 2), says="order to the first SMS"),
        "burst_order_s": Figure(round(seen.order_s, 2), says="order to its answer"),
        "burst_fire_last_sms_s": Figure(
            round(seen.fire_sms_s[-1], 2),
            len(seen.fire_sms_s),
            f"a fire reported after {seen.sms_before_fire} of them",
        ),
        "burst_note_p50_ms": rank(seen.notes_ms, 0.5, 0, "a note on the incident meanwhile"),
        "burst_note_p95_ms": rank(seen.notes_ms, 0.95, 0),
    }
