"""After sending, and on the incident's page, one press tells the caller that help is being sent; both say what became of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import requests
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessible import violations
from tests.browser.conftest import Complaints
from tests.browser.test_main_job import DESKTOP, _choose, _sign_in
from tests.stack_process import StackProcess

PHONE = {"width": 390, "height": 844}
CALLER = "+6281298765432"


def _tells_callers(stack: StackProcess, type_: str) -> None:
    headers = {"Authorization": f"Bearer {stack.token('admin')}"}
    url = f"{stack.url}/api/registry/incident-types/{type_}"
    found: dict[str, Any] = requests.get(url, headers=headers, timeout=60).json()
    version = str(found.pop("v"))
    changed = {**found, "tell_caller": True}
    answer = requests.put(url, json=changed, headers={**headers, "If-Match": version}, timeout=60)
    assert answer.status_code == 200, answer.text


def _sends(desk: Page) -> None:
    desk.fill("#number", "0812 9876 5432")
    _choose(desk, "#type", "kebakaran rumah", "Kebakaran rumah")
    _choose(desk, "#district", "baamang", "Baamang")
    desk.fill("#landmark", "Jl. Pelita Gg. Mawar 15")
    desk.keyboard.press("Control+Enter")


def test_the_desk_tells_the_caller_by_one_press_and_sees_that_it_left(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    _tells_callers(stack, "house_fire")
    desk = complaints.listen(browser.new_context(viewport=DESKTOP, locale="id-ID").new_page())
    _sign_in(desk, stack, "operator")
    desk.goto(f"{stack.url}/desk.html")
    _sends(desk)
    button = desk.get_by_role("button", name="Beri tahu penelepon")
    expect(button).to_be_visible()
    desk.screenshot(path=pictures / "word-back-desk-before.png", full_page=True)
    assert violations(desk) == []
    button.click()
    expect(button).to_be_hidden()
    expect(desk.get_by_text("Penelepon diberi tahu lewat SMS pukul")).to_be_visible()
    desk.screenshot(path=pictures / "word-back-desk-after.png", full_page=True)
    (sms,) = stack.messages(CALLER)
    assert "bantuan sedang dikirim" in sms["body"]

    desk.get_by_role("link", name="Buka kejadian").click()
    expect(desk.get_by_text("Penelepon diberi tahu lewat SMS pukul")).to_be_visible()
    expect(desk.get_by_text("Penelepon diberi tahu lewat SMS bahwa")).to_be_visible()
    assert violations(desk) == []
    desk.screenshot(path=pictures / "word-back-incident.png", full_page=True)
    desk.set_viewport_size(PHONE)  # type: ignore[arg-type]
    desk.screenshot(path=pictures / "word-back-incident-390.png", full_page=True)
