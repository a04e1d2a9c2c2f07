"""Crews for the benchmark: a type of incident whose plan sends three units of one person each."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.bench.desk import Desk
from tests.stack_process import StackProcess

TYPE = "bench"
KINDS = ("a", "b", "c")
SEAT = ("baamang",)


def equip(stack: StackProcess, districts: Sequence[str] = SEAT, of_each: int = 12) -> None:
    """So many units of each of three kinds in the middle of each district, a person on duty with each."""
    admin = Desk(stack, "admin")
    registry = admin.get("/api/registry")
    agency, label = registry["agencies"][0]["id"], {"id": "Ukur", "en": "Bench"}
    policy = admin.get("/api/registry/escalation-policies")["items"][0]["id"]
    here = datetime.now(UTC)
    begin, end = ((here + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%S.000Z") for hours in (-1, 10))
    admin.post("/api/registry/incident-types", {"id": TYPE, "category": "other", "label": label})
    needs = [{"id": kind, "agencies": [agency], "capability": f"bench_{kind}"} for kind in KINDS]
    plan = {"id": TYPE, "label": label, "type_id": TYPE, "policy_id": policy, "levels": [{"needs": needs}]}
    for kind in KINDS:
        admin.post("/api/registry/capabilities", {"id": f"bench_{kind}", "label": label})
    middle = {each["id"]: {"lat": each["lat"], "lng": each["lng"]} for each in registry["districts"]}
    number = 0
    for district in districts:
        station = f"bench_{district}"
        place = {"agency_id": agency, "district_id": district, "name": station, **middle[district]}
        admin.post("/api/registry/stations", {"id": station, **place})
        for kind in KINDS * of_each:
            number += 1
            own = {"id": f"bench_{number}", "agency_id": agency}
            unit = {"station_id": station, "callsign": f"UKUR-{number}", "name": own["id"], "demo": True}
            able = {"terrains": ["land"], "capabilities": [f"bench_{kind}"]}
            admin.post("/api/registry/units", {**own, **unit, **able})
            phone = f"+62813{number:08d}"
            admin.post("/api/registry/personnel", {**own, "name": own["id"], "phone": phone, "demo": True})
            shift = {"person_id": own["id"], "unit_id": own["id"], "starts_at": begin, "ends_at": end}
            admin.post("/api/registry/shifts", {**own, **shift})
    # No plan asks for what no unit can do.
    admin.post("/api/registry/response-plans", plan)


def timed_call(desk: Desk, district: str = SEAT[0], number: str = "+6281234567890") -> tuple[float, Any]:
    """One call: its milliseconds and the answer, with three assignments and three pages."""
    answer = desk.call(TYPE, district, number)
    assert (len(answer["assignments"]), len(answer["pages"])) == (3, 3), "a crew was not free"
    return desk.last_ms, answer


def called_off(desk: Desk, answer: Any) -> None:
    """Cancel an incident, so that its crews are free again."""
    desk.post(f"/api/incidents/{answer['incident']['id']}/cancel", {"reason": "Pengukuran"})


def arrived(
    stack: StackProcess, count: int, after: int, cancelled: bool = False, patience_s: float = 60
) -> list[dict[str, Any]]:
    """So many call-outs, or messages that call them off, once they are on the phones; `after` is a message's id."""
    deadline = time.monotonic() + patience_s
    while True:
        found = [each for each in stack.messages(after=after) if ("BATAL" in each["body"]) == cancelled]
        if len(found) >= count:
            return found
        assert time.monotonic() < deadline, f"{len(found)} of {count} messages arrived"
        time.sleep(0.02)
