"""An SMS that no machine may read, in a browser: one key records what the desk reads in it, and what is nobody's is seen."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, expect

from chalicelib.domain import times
from chalicelib.gateways.clock import SystemClock
from chalicelib.handlers.inbound import signature
from tests.browser.conftest import Complaints
from tests.browser.test_main_job import DESKTOP, PHONE, _sign_in
from tests.stack_process import StackProcess
from tests.support.counted_by import HOUR_S, with_room

STRANGER = "+6285200000042"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackProcess]:
    """A stack of its own: with the other stories' crews out, nobody may be left for a childbirth."""
    with StackProcess(tmp_path_factory.mktemp("unclear-reply") / "data") as running:
        yield running


def _sms(stack: StackProcess, from_: str, text: str) -> str:
    secret = json.loads((stack.stack.data / "secrets.json").read_text())["inbound_secret"]
    now = SystemClock().now()
    raw = json.dumps({"id": f"{from_} {text}", "from": from_, "text": text, "at": now})
    headers = {
        "content-type": "application/json",
        "x-kentongan-signature": signature(secret, times.milliseconds(now) // 1000, raw.encode()),
    }
    answer = requests.post(f"{stack.url}/api/inbound/sms", data=raw, headers=headers, timeout=60)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["result"])


def _birth(stack: StackProcess, key: str) -> dict[str, Any]:
    """A childbirth, whose first page is on its phone."""
    call = {
        "channel": "phone",
        "class": "emergency",
        "received_at": SystemClock().now(),
        "incident": {"type": "childbirth", "location": {"district": "baamang", "landmark": f"Gang {key}"}},
    }
    headers = {"Authorization": f"Bearer {stack.token('operator')}", "Idempotency-Key": key}
    taken = requests.post(f"{stack.url}/api/calls", json=call, headers=headers, timeout=60).json()
    incident: dict[str, Any] = taken["incident"]
    deadline = time.monotonic() + 240
    while not any(f"Gang {key}" in each["body"] for each in stack.messages()):
        assert time.monotonic() < deadline, "no page came"
        time.sleep(0.05)
    return incident


@pytest.mark.parametrize(
    ("view", "language", "name", "words"),
    [
        (DESKTOP, "", "meja", ("SMS perlu dibaca", "Catat: Tiba", "Tiba")),
        (PHONE, "en/", "phone", ("SMS to read", "Record: On scene", "On scene")),
    ],
    ids=["desktop", "phone"],
)
def test_one_key_records_the_step_that_an_sms_proposes(
    browser: Browser,
    stack: StackProcess,
    complaints: Complaints,
    pictures: Path,
    view: Any,
    language: str,
    name: str,
    words: tuple[str, str, str],
) -> None:
    to_read, record, on_scene = words
    incident = _birth(stack, name)
    page = next(each for each in incident["pages"] if each["kind"] == "page")
    assert _sms(stack, page["number"], f"{page['reply']} sudah di lokasi") == "desk"
    desk = complaints.listen(browser.new_page(viewport=view, locale="id-ID"))
    _sign_in(desk, stack, "operator")
    desk.goto(f"{stack.url}/{language}incident.html?id={incident['id']}")
    mark = desk.locator(".k-mark", has_text=to_read)
    expect(mark.get_by_role("button", name=record)).to_be_visible()
    desk.screenshot(path=pictures / f"unclear-{name}.png")
    # Whoever writes a note writes its letters.
    desk.locator("textarea").first.press("y")
    expect(mark).to_be_visible()
    desk.locator("h1").click()
    desk.keyboard.press("y")
    expect(mark).to_have_count(0)
    expect(desk.locator(".k-assignment .k-status").first).to_contain_text(on_scene)


def test_a_strangers_sms_stands_on_the_board_with_how_many_more_came(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    # A stranger's SMS are counted by the hour.
    with_room(HOUR_S, 60)
    results = [_sms(stack, STRANGER, f"Tolong ada kebakaran di Samuda {n}") for n in range(14)]
    assert results[-1] == "counted"
    for view, language, name, more in [
        (DESKTOP, "", "papan", "14 SMS"),
        (PHONE, "en/", "phone", "14 SMS, too many to keep: ring it"),
    ]:
        board = complaints.listen(browser.new_page(viewport=view, locale="id-ID"))
        _sign_in(board, stack, "operator")
        board.goto(f"{stack.url}/{language}board.html")
        row = board.locator(".k-sms-list li", has_text="Samuda 13")
        expect(row).to_contain_text(more)
        expect(row.get_by_role("link")).to_have_attribute("href", f"tel:{STRANGER}")
        board.screenshot(path=pictures / f"loose-sms-{name}.png")
