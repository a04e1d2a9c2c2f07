"""Nobody answers: the desk rings the crew, in a browser, and what it hears is recorded with one tap."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, expect

from chalicelib.gateways.clock import SystemClock
from tests.browser.conftest import Complaints
from tests.browser.test_main_job import DESKTOP, PHONE, _sign_in
from tests.stack_process import StackProcess


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackProcess]:
    """A stack of its own, where the desk must call ten seconds after a page that nobody answers."""
    with StackProcess(tmp_path_factory.mktemp("call-now") / "data") as running:
        signed_in = {"Authorization": f"Bearer {running.token('admin')}"}
        path = f"{running.url}/api/registry/escalation-policies"
        for policy in requests.get(path, headers=signed_in, timeout=60).json()["items"]:
            version = str(policy.pop("v"))
            changed = {**policy, "repeat": 0, "steps": [{"after_s": 10, "to": "supervisor"}]}
            done = requests.put(
                f"{path}/{policy['id']}",
                json=changed,
                headers={**signed_in, "If-Match": version},
                timeout=60,
            )
            assert done.status_code == 200, done.text
        yield running


def _call(stack: StackProcess, key: str) -> dict[str, Any]:
    call = {
        "channel": "phone",
        "class": "emergency",
        "received_at": SystemClock().now(),
        "incident": {"type": "childbirth", "location": {"district": "baamang", "landmark": "Gang Melati"}},
    }
    headers = {"Authorization": f"Bearer {stack.token('operator')}", "Idempotency-Key": key}
    taken = requests.post(f"{stack.url}/api/calls", json=call, headers=headers, timeout=60).json()
    incident: dict[str, Any] = taken["incident"]
    return incident


@pytest.mark.parametrize(
    ("view", "language", "name", "words"),
    [
        (PHONE, "", "phone", ("Tak dijawab", "Tidak diangkat", "tidak diangkat ×2", "Siap")),
        (DESKTOP, "en/", "desktop", ("No answer", "Not picked up", "not picked up ×2", "Acknowledged")),
    ],
    ids=["phone", "desktop"],
)
def test_a_phone_that_rings_in_vain_is_recorded_until_somebody_picks_up(
    browser: Browser,
    stack: StackProcess,
    complaints: Complaints,
    pictures: Path,
    view: Any,
    language: str,
    name: str,
    words: tuple[str, str, str, str],
) -> None:
    call_now, not_picked_up, in_vain, acknowledged = words
    incident = _call(stack, name)
    desk = complaints.listen(browser.new_page(viewport=view, locale="id-ID"))
    _sign_in(desk, stack, "operator")
    desk.goto(f"{stack.url}/{language}incident.html?id={incident['id']}")
    mark = desk.locator(".k-mark", has_text=call_now)
    expect(mark).to_be_visible(timeout=60_000)
    crew = incident["pages"][0]
    line = mark.locator(".k-call-now", has_text=crew["number"])
    expect(line.locator(f"a[href='tel:{crew['number']}']")).to_be_visible()
    for _ in range(2):
        line.get_by_role("button", name=not_picked_up).click()
        expect(line.get_by_role("button", name=not_picked_up)).to_be_enabled()
    expect(line.get_by_text(in_vain)).to_be_visible()
    desk.screenshot(path=pictures / f"call-now-{name}.png", full_page=True)
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")
    mark.get_by_role("button", name=acknowledged).click()
    expect(mark).to_be_hidden()
    expect(desk.locator(".k-timeline")).to_contain_text(crew["name"])


def test_a_reply_that_needs_no_step_is_read_and_gone(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    incident = _call(stack, "reply")
    page = incident["pages"][0]
    phone = complaints.listen(browser.new_page(viewport=PHONE, locale="id-ID"))
    phone.goto(f"{stack.url}/simulator")
    screen = phone.locator(f"article[data-number='{page['number']}']")
    expect(screen.get_by_text(f"Balas: {page['reply']} YA").first).to_be_visible()
    screen.get_by_role("textbox").fill(f"{page['reply']} pesan otomatis, sedang mengemudi")
    screen.get_by_role("button", name="Kirim").click()
    expect(screen.get_by_text("Diteruskan ke meja 112")).to_be_visible()
    desk = complaints.listen(browser.new_page(viewport=PHONE, locale="id-ID"))
    _sign_in(desk, stack, "operator")
    desk.goto(f"{stack.url}/incident.html?id={incident['id']}")
    expect(desk.get_by_text("sedang mengemudi").first).to_be_visible()
    desk.screenshot(path=pictures / "reply-phone.png")
    desk.get_by_role("button", name="Sudah dibaca, tanpa langkah").click()
    expect(desk.get_by_text("SMS perlu dibaca")).to_be_hidden()
    expect(desk.locator(".k-timeline")).to_contain_text("tidak perlu langkah")
