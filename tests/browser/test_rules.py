"""Rules tried in a browser: who would be paged, why, and why not the others, before anybody depends on it."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Complaints
from tests.browser.test_main_job import DESKTOP, PHONE, _choose, _sign_in
from tests.stack_process import StackProcess


def _opened(page: Page, stack: StackProcess, role: str) -> Page:
    _sign_in(page, stack, role)
    page.goto(f"{stack.url}/rules.html")
    expect(page.get_by_role("heading", name="Coba aturan")).to_be_visible()
    return page


def _fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def test_an_officer_tries_a_fire_now_and_at_night_and_nothing_is_sent(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    before = len(stack.messages())
    page = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _opened(page, stack, "admin")
    page.locator("#type").focus()
    _choose(page, "#type", "kebakaran rumah", "Kebakaran rumah")
    _choose(page, "#district", "baamang", "Baamang")
    answer = page.locator(".k-rules-answer")
    expect(answer.locator(".k-rules-result")).to_contain_text("3 unit berangkat")
    expect(answer).to_contain_text("sekarang, menurut keadaan unit")
    expect(answer.get_by_role("link", name="Kebakaran rumah")).to_have_attribute(
        "href", "registry.html#response-plans/house_fire"
    )
    first = answer.locator(".k-rules-need").first
    first.get_by_text("Bila tidak ada yang menjawab").click()
    expect(first.locator(".k-rules-stages li").last).to_contain_text("meja diminta menelepon")
    first.get_by_text("Mengapa bukan yang lain").click()
    expect(first).to_contain_text("cocok, tetapi lebih jauh")
    page.screenshot(path=pictures / "rules.png", full_page=True)

    page.get_by_role("radio", name="Waktu lain").check()
    page.fill("#time", "25:00")
    expect(page.locator(".k-error:visible")).to_have_text("Tulis waktu seperti 14:05 atau 14:05:30.")
    page.fill("#time", "02:00")
    expect(answer).to_contain_text("bila semua unit bebas")
    # The address can be sent to a colleague, who sees the same.
    expect(page).to_have_url(re.compile("type=house_fire.*at="))
    page.reload()
    expect(answer).to_contain_text("bila semua unit bebas")
    expect(page.locator("#time")).to_have_value("02:00")
    assert len(stack.messages()) == before


def test_what_nobody_would_come_for_is_told_in_red_and_a_lost_line_is_no_answer(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    page = complaints.listen(browser.new_page(viewport=PHONE, locale="id-ID"))
    _opened(page, stack, "admin_damkar")
    _choose(page, "#type", "kebakaran rumah", "Kebakaran rumah")
    _choose(page, "#district", "baamang", "Baamang")
    answer = page.locator(".k-rules-answer")
    expect(answer.locator(".k-rules-result")).to_be_visible()
    # Of other agencies an agency's admin reads how many would go, and not who.
    expect(answer.locator(".k-rules-need").nth(1).locator(".k-callsign").first).to_contain_text("satu unit")
    assert _fits(page)
    page.screenshot(path=pictures / "rules-phone.png", full_page=True)
    page.route("**/api/rules/try*", lambda route: route.abort())
    page.select_option("#terrain", "water")
    expect(answer.locator(".k-notice-bad")).to_contain_text("Server tidak dapat dihubungi")
    expect(answer.locator(".k-rules-result")).to_have_count(0)
    page.unroute("**/api/rules/try*")
    answer.get_by_role("button", name="Coba lagi").click()
    expect(answer.locator(".k-rules-result")).to_be_visible()
