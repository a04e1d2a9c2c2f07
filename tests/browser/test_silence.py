"""The red bar of silence: on every page, in both languages, with the numbers one click away, and gone when SMS leave again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import Complaints, whole_answer
from tests.browser.test_main_job import DESKTOP, PHONE, _sign_in
from tests.stack_process import StackProcess

PAGES = ("desk.html", "board.html", "drills.html", "blocked.html", "en/board.html")
UNSENT = {"code": "unsent", "since": "2026-11-23T03:00:00.000Z", "pages": 4}


def says(page: Page, silence: dict[str, Any] | None) -> None:
    """Let what the board's answer says of silence be this, whatever the stack says."""

    def answer(route: Route) -> None:
        real = whole_answer(route)
        route.fulfill(response=real, json={**real.json(), "silence": silence})

    page.unroute("**/api/incidents?state=open")
    page.route("**/api/incidents?state=open", answer)


def test_every_page_says_that_sms_do_not_leave_and_has_the_numbers_one_click_away(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    page = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(page, stack, "supervisor")
    bar = page.locator(".k-silence")
    for name in PAGES:
        says(page, UNSENT)
        page.goto(f"{stack.url}/{name}")
        expect(bar).to_be_visible()
        expect(bar).to_contain_text(
            "4 SMS have not left" if name.startswith("en/") else "4 SMS belum terkirim"
        )
    page.goto(f"{stack.url}/board.html")
    bar.get_by_role("button", name="Nomor telepon").click()
    expect(bar.locator('a[href^="tel:"]').first).to_be_visible()
    page.screenshot(path=pictures / "silence-desktop.png")
    page.set_viewport_size(PHONE)
    page.screenshot(path=pictures / "silence-phone.png")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    says(page, None)
    expect(bar).to_be_hidden()
