"""What must hold of the real stack once a drill was disturbed."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from chalicelib.domain import times
from chalicelib.gateways.clock import SystemClock
from infra.local.phones import Phones
from tests.stack.drill import Drill
from tests.stack.ledger import Known, doubled, page_faults, unsettled
from tests.stack_process import StackProcess

# A page that was being sent when its sender died is sent again after 30 s, and the sweep comes every 5 s.
SETTLED_S = 240.0
Snapshot = tuple[dict[str, Known], set[str]]


@dataclass
class Outcome:
    """What a drill came to in the end."""

    incidents: int
    pages: int
    messages: int
    repeated: int
    acknowledged: int
    verified: str

    def __str__(self) -> str:
        counts = f"{self.incidents} incidents, {self.pages} pages, {self.messages} SMS, {self.repeated} of them repeats"
        return f"{counts}; {self.acknowledged} things acknowledged, 0 lost; verify: {self.verified}"


def check_now(drill: Drill, snapshot: Snapshot) -> list[str]:
    """What of the things acknowledged before is missing now."""
    known, tapped = snapshot
    lost: list[str] = []
    for incident_id, told in known.items():
        lost += drill.ledger.lost(told, tapped, show(drill, incident_id))
    return lost


def show(drill: Drill, incident_id: str) -> dict[str, Any]:
    answer = drill.reader.insist("GET", f"/api/incidents/{incident_id}")
    assert answer.status_code == 200, f"incident {incident_id} is lost: {answer.text}"
    detail: dict[str, Any] = answer.json()
    return detail


def wait_for_audit(stack: StackProcess) -> None:
    """Wait until the auditor has looked at everything once more, and could."""
    begun = SystemClock().now()
    deadline = time.monotonic() + 240
    while True:
        check = stack.get("/api/health")["checks"].get("audit", {"detail": "", "ok": False})
        age = check["detail"].partition(" s ago")[0]
        now = SystemClock().now()
        if age.isdigit() and int(age) + 1 < (times.between(begun, now) or 0):
            assert check["ok"], check
            return
        assert time.monotonic() < deadline, check
        time.sleep(0.2)


def check_all(stack: StackProcess, drill: Drill) -> Outcome:
    """Nothing acknowledged is lost, nothing was done twice, each page left or says why not, every chain holds."""
    assert not drill.problems, drill.problems
    known, tapped = drill.ledger.snapshot()
    details = _settled(drill, known)
    lost = [fault for each in details for fault in drill.ledger.lost(known[each["id"]], tapped, each)]
    assert not lost, lost
    twice = [fault for each in details for fault in doubled(known[each["id"]], each)]
    assert not twice, twice
    days = {times.local_day(each["opened_at"], 7) for each in details}
    listed = [
        each["id"]
        for day in days
        for each in drill.reader.insist("GET", "/api/incidents", date=day).json()["incidents"]
    ]
    assert sorted(listed) == sorted(known), "an incident that nobody was told of, or one missing from its day"
    messages = [
        {"number": each.number, "body": each.body}
        for each in Phones(stack.stack.phones_file).messages(limit=1_000_000)
    ]
    faults = page_faults(drill.ledger, details, messages)
    assert not faults, faults
    repairs = [
        event["data"] for each in details for event in each["timeline"] if event["type"] == "AuditRepaired"
    ]
    assert not repairs, repairs
    repeated = sum(
        times_ - 1 for times_ in Counter((each["number"], each["body"]) for each in messages).values()
    )
    pages = sum(len(each["pages"]) for each in details)
    verified = stack.verify()
    return Outcome(len(details), pages, len(messages), repeated, drill.ledger.count(), verified)


def _settled(drill: Drill, known: dict[str, Known]) -> list[dict[str, Any]]:
    """Every incident, each as it was once all its pages had come to an end and its events told so."""
    deadline = time.monotonic() + SETTLED_S
    done: dict[str, dict[str, Any]] = {}
    while True:
        waiting = []
        for incident_id in known.keys() - done.keys():
            detail = show(drill, incident_id)
            open_pages = list(unsettled(detail))
            if open_pages:
                waiting += open_pages
            else:
                done[incident_id] = detail
        if not waiting:
            return list(done.values())
        assert time.monotonic() < deadline, f"not settled: {waiting}"
        time.sleep(0.5)
