"""A disaster on the real stack: everybody is paged once, and a fire reported meanwhile does not wait for them."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import Any

from tests.bench.burst import burst, muster
from tests.bench.desk import Desk
from tests.stack_process import StackProcess


def test_a_hundred_people_are_paged_once_each_and_a_fire_overtakes_them(tmp_path: Path) -> None:
    with StackProcess(tmp_path / "data") as stack:
        seen = burst(stack, muster(stack, people=100))
        texts = Counter(each["number"] for each in stack.messages() if each["number"] in seen.numbers)
        assert texts == dict.fromkeys(seen.numbers, 1)
        assert seen.sms_before_fire < len(seen.numbers), "the fire's pages waited for the whole burst"
        assert seen.notes_ms, "the desk wrote nothing meanwhile"
        desk = Desk(stack, "operator")
        for incident_id in (seen.incident_id, seen.fire_id):
            assert _once_told(desk, incident_id)["chain"]["ok"]


def _once_told(desk: Desk, incident_id: str) -> Any:
    """The incident once all its pages are known to be sent, which is a moment after they are on the phones."""
    deadline = time.monotonic() + 240
    while True:
        incident = desk.get(f"/api/incidents/{incident_id}")
        if {page["status"] for page in incident["pages"]} == {"sent"}:
            return incident
        assert time.monotonic() < deadline, incident["pages"]
        time.sleep(0.1)
