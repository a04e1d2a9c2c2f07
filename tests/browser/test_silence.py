"""The red bar of silence: on every page, in both languages, with the numbers one click away, and gone when SMS leave again."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import Complaints, must_fit, whole_answer
from tests.browser.test_main_job import DESKTOP, PHONE, _sign_in
from tests.stack_process import StackProcess

PAGES = ("desk.html", "board.html", "drills.html", "blocked.html", "en/board.html")
UNSENT = {"code": "unsent", "since": "2026-11-23T03:00:00.000Z", "pages": 4}


def says(page: Page, silence: dict[str, Any] | None, *, watched: bool = True) -> None:
    """Let what the board's answer says of silence be this, whatever the stack says."""

    def answer(route: Route) -> None:
        real = whole_answer(route)
        route.fulfill(response=real, json={**real.json(), "silence": silence, "watched": watched})

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
        expect(bar).to_contain_text(re.compile(r"\d+ minutes" if name.startswith("en/") else r"\d+ menit"))
        expect(page.locator(".k-top-row .k-leaves")).to_have_text("")
    page.goto(f"{stack.url}/board.html")
    bar.get_by_role("button", name="Nomor telepon").click()
    expect(bar.locator('a[href^="tel:"]').first).to_be_visible()
    page.screenshot(path=pictures / "silence-desktop.png")
    page.set_viewport_size(PHONE)
    page.screenshot(path=pictures / "silence-phone.png")
    must_fit(page)
    says(page, None)
    expect(bar).to_be_hidden()


def test_beside_the_clock_it_says_that_sms_leave_only_to_who_was_told_so(
    browser: Browser, stack: StackProcess, complaints: Complaints
) -> None:
    page = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(page, stack, "bupati")
    line = page.locator(".k-top-row .k-leaves")
    expect(line).to_have_text("SMS lancar")
    says(page, None, watched=False)
    page.goto(f"{stack.url}/past.html")
    expect(line).to_have_text("SMS belum diketahui")


def test_when_sms_do_not_leave_and_the_server_is_gone_two_bars_say_it(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    page = complaints.listen(browser.new_page(viewport=PHONE, locale="id-ID"))
    _sign_in(page, stack, "supervisor")
    for name in ("past.html", "board.html", "blocked.html"):
        says(page, UNSENT)
        page.goto(f"{stack.url}/{name}")
        expect(page.locator(".k-silence")).to_be_visible()
        expect(page.locator(".k-bars .k-lost")).to_be_hidden()
        page.unroute("**/api/incidents?state=open")
        page.route("**/api/incidents?state=open", lambda route: route.abort())
        expect(page.locator(".k-bars .k-lost")).to_be_visible()
        expect(page.locator(".k-bars .k-lost")).to_have_count(1)
        expect(page.locator(".k-silence")).to_be_visible()
        page.screenshot(path=pictures / f"two-bars-{name}.png")
        says(page, None)
        page.locator(".k-bars .k-lost").get_by_role("button", name="Coba sekarang").click()
        expect(page.locator(".k-bars .k-lost")).to_be_hidden()
        expect(page.locator(".k-silence")).to_be_hidden()
