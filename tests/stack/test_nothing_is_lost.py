"""`kill -9` in mid-dispatch on the real stack: what was acknowledged stays, and what was being sent goes on."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests

from chalicelib.gateways.clock import SystemClock
from tests.stack_process import StackProcess

CLIENTS = 4
CALLS_EACH = 6


@dataclass
class Desk:
    """One operator who keeps taking calls, with a key a call, and notes down only what was acknowledged."""

    url: str
    token: str
    keys: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    acknowledged: dict[str, dict[str, Any]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def post(self, key: str, body: dict[str, Any]) -> None:
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key}
        try:
            answer = requests.post(f"{self.url}/api/calls", json=body, headers=headers, timeout=60)
        except requests.RequestException as error:
            self.refused.append(repr(error))
            return
        if answer.status_code == 201:
            self.acknowledged[key] = answer.json()
        else:
            self.refused.append(f"{answer.status_code} {answer.text}")

    def take_calls(self, name: str) -> None:
        for number in range(CALLS_EACH):
            key, body = f"{name}-{number}", _call(number)
            self.keys.append((key, body))
            self.post(key, body)


def _call(number: int) -> dict[str, Any]:
    kinds = ("house_fire", "childbirth", "traffic_accident", "flood", "brawl")
    return {
        "number": "+6281234567890",
        "channel": "phone",
        "class": "emergency",
        "received_at": SystemClock().now(),
        "incident": {
            "type": kinds[number % len(kinds)],
            "location": {"district": "baamang", "landmark": f"Gang {number}"},
            "drill": True,
        },
    }


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[StackProcess]:
    with StackProcess(tmp_path / "data") as running:
        yield running


@pytest.mark.parametrize(
    "parts", [("gateway",), ("worker",), ("database",), ()], ids=["gateway", "worker", "database", "all"]
)
def test_kill_9_in_mid_dispatch_loses_no_acknowledged_call_page_or_event(
    stack: StackProcess, parts: Any
) -> None:
    token = stack.token("operator")
    desks = [Desk(stack.url, token) for _ in range(CLIENTS)]
    threads = [
        threading.Thread(target=desk.take_calls, args=(f"desk{number}",)) for number, desk in enumerate(desks)
    ]
    for thread in threads:
        thread.start()
    wanted = random.randrange(2, CLIENTS * CALLS_EACH // 2)
    while sum(len(desk.acknowledged) for desk in desks) < wanted:
        assert any(thread.is_alive() for thread in threads), [each.refused for each in desks]
        time.sleep(0.001)
    stack.kill(*parts)
    if parts:
        stack.wait_until_healthy()
    for thread in threads:
        thread.join()
    if not parts:
        stack.start()

    before = {key: answer["incident"]["id"] for desk in desks for key, answer in desk.acknowledged.items()}
    for desk in desks:
        for key, body in desk.keys:
            desk.post(key, body)
    after = {key: answer["incident"]["id"] for desk in desks for key, answer in desk.acknowledged.items()}
    assert len(after) == CLIENTS * CALLS_EACH
    assert {key: after[key] for key in before} == before, "a repeated call opened a second incident"
    _settle_and_compare(stack, token, set(after.values()))


def _settle_and_compare(stack: StackProcess, token: str, incident_ids: set[str]) -> None:
    headers = {"Authorization": f"Bearer {token}"}

    def get(path: str) -> Any:
        answer = requests.get(stack.url + path, headers=headers, timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()

    board = get("/api/incidents?state=open")["incidents"]
    assert {incident["id"] for incident in board} == incident_ids, (
        "an incident that nobody was told of, or a lost one"
    )
    deadline = time.monotonic() + 240
    done: list[Any] = []
    while True:
        seen = {each["id"] for each in done}
        whole = [get(f"/api/incidents/{incident_id}") for incident_id in incident_ids - seen]
        done += [each for each in whole if _all_pages_left(each)]
        if len(done) == len(incident_ids):
            break
        assert time.monotonic() < deadline, "pages did not leave"
        time.sleep(0.2)
    assert all(each["chain"]["ok"] for each in done)
    pages = [page for each in done for page in each["pages"]]
    assert {page["status"] for page in pages} == {"sent"}
    sent: dict[str, int] = {}
    for message in stack.messages():
        sent[message["number"]] = sent.get(message["number"], 0) + 1
    for number in {page["number"] for page in pages}:
        wanted = [page for page in pages if page["number"] == number]
        repeats = sum(1 for page in wanted if any(attempt["maybe_repeat"] for attempt in page["attempts"]))
        assert len(wanted) <= sent.get(number, 0) <= len(wanted) + repeats


def _all_pages_left(incident: dict[str, Any]) -> bool:
    """Whether each page has left and an event of the trail says so."""
    trail = str([event["data"] for event in incident["timeline"] if event["type"] == "PagesSent"])
    return all(page["status"] == "sent" and page["id"] in trail for page in incident["pages"])
