"""A prank number in a browser: a supervisor blocks it, the call taker sees it, and a real emergency still gets through."""

from __future__ import annotations

import re
from pathlib import Path

import requests
from playwright.sync_api import Browser, Page, expect

from chalicelib.gateways.clock import SystemClock
from tests.browser.conftest import Complaints, must_fit
from tests.browser.test_main_job import DESKTOP, PHONE, _choose, _sign_in
from tests.stack_process import StackProcess
from tests.support.counted_by import DAY_S, with_room

PRANKSTER = "+6285200000042"


def _pranks(stack: StackProcess, times: int) -> None:
    headers = {"Authorization": f"Bearer {stack.token('operator')}"}
    for number in range(times):
        body = {"number": PRANKSTER, "channel": "phone", "class": "prank", "received_at": SystemClock().now()}
        key = {"Idempotency-Key": f"prank-{number}"}
        answer = requests.post(f"{stack.url}/api/calls", json=body, headers=headers | key, timeout=60)
        assert answer.status_code == 201, answer.text


def _takes_an_emergency(page: Page, landmark: str) -> None:
    page.fill("#number", "0852 0000 0042")
    _choose(page, "#type", "kebakaran rumah", "Kebakaran rumah")
    _choose(page, "#district", "baamang", "Baamang")
    page.fill("#landmark", landmark)


def test_a_supervisor_blocks_a_number_and_the_desk_gets_a_real_emergency_through_with_one_more_press(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    # The calls of a number are counted by the day.
    with_room(DAY_S, 300)
    _pranks(stack, 6)
    supervisor = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(supervisor, stack, "supervisor")
    supervisor.get_by_role("link", name="Nomor diblokir").click()
    supervisor.get_by_role("button", name="Blokir 24 jam").click()
    expect(supervisor.locator(".k-error:visible")).to_have_count(2)
    supervisor.fill("#number", "0811 0000 001")
    supervisor.fill("#reason", "Tertukar dengan nomor piket")
    supervisor.get_by_role("button", name="Blokir 24 jam").click()
    expect(supervisor.get_by_text("Ini nomor petugas atau instansi.")).to_be_visible()
    supervisor.fill("#number", "0852-0000-0042")
    supervisor.fill("#reason", "Enam kali lapor palsu <b>hari ini</b>")
    supervisor.get_by_role("button", name="Blokir 24 jam").click()
    row = supervisor.locator(".k-blocked-list li")
    expect(row).to_contain_text("Enam kali lapor palsu <b>hari ini</b>")
    expect(supervisor.get_by_role("status").filter(has_text=PRANKSTER)).to_be_visible()
    supervisor.screenshot(path=pictures / "blocked.png")

    desk = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(desk, stack, "operator")
    desk.get_by_role("link", name="Nomor diblokir").click()
    expect(desk.locator(".k-blocked-list li")).to_contain_text("Enam kali lapor palsu")
    expect(desk.get_by_role("button", name="Blokir 24 jam")).to_have_count(0)
    desk.goto(f"{stack.url}/desk.html")
    _takes_an_emergency(desk, "Gang Mawar Hitam")
    expect(desk.get_by_text("Panggilan ke-7 dari nomor ini hari ini")).to_be_visible()
    expect(desk.get_by_text(re.compile("Diblokir sampai .*Enam kali"))).to_be_visible()
    desk.screenshot(path=pictures / "desk-blocked.png")
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_text("tekan sekali lagi")).to_be_visible()
    again = desk.get_by_role("button", name="Darurat sungguhan: kirim bantuan")
    expect(again).to_be_focused()
    desk.screenshot(path=pictures / "desk-blocked-once-more.png")
    # The other stories' incidents go on escalating meanwhile.
    assert not [each for each in stack.messages() if "Gang Mawar Hitam" in each["body"]]
    again.click()
    expect(desk.locator(".k-sent")).to_be_visible()
    desk.locator(".k-sent-what a").click()
    expect(desk.get_by_text("walau nomornya diblokir")).to_be_visible()

    supervisor.reload()
    expect(row).to_contain_text("1 darurat ditahan · 1 panggilan dicatat")
    phone = complaints.listen(browser.new_page(viewport=PHONE, locale="id-ID"))
    _sign_in(phone, stack, "supervisor")
    phone.goto(f"{stack.url}/en/blocked.html")
    expect(phone.get_by_text("1 emergency held back · 1 call logged")).to_be_visible()
    must_fit(phone)
    phone.screenshot(path=pictures / "blocked-phone.png")
    phone.get_by_role("button", name="Unblock").click()
    expect(phone.get_by_text("is no longer blocked")).to_be_visible()
    expect(phone.locator("#title")).to_be_focused()
    expect(phone.get_by_text("No number is blocked.")).to_be_visible()
    expect(phone.locator(".k-blocked-ended li")).to_contain_text("unblocked")
    phone.screenshot(path=pictures / "blocked-phone-after.png")

    small = complaints.listen(browser.new_page(viewport=PHONE, locale="id-ID"))
    _sign_in(small, stack, "operator")
    small.goto(f"{stack.url}/desk.html")
    small.fill("#number", "0852 0000 0042")
    expect(small.get_by_text("Panggilan ke-8 dari nomor ini hari ini")).to_be_visible()
    expect(small.get_by_text("Diblokir sampai")).to_be_hidden()
    must_fit(small)
    small.screenshot(path=pictures / "desk-phone.png")


def test_a_call_that_is_held_back_for_a_moment_is_sent_again_by_itself(
    browser: Browser, stack: StackProcess, complaints: Complaints
) -> None:
    desk = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(desk, stack, "operator")
    desk.goto(f"{stack.url}/desk.html")
    _takes_an_emergency(desk, "Gang Kenanga")
    desk.fill("#number", "0852 0000 0043")
    refusal = {"code": "too_many_requests", "message": "an account takes 600 calls a minute", "fields": {}}
    desk.route("**/api/calls", lambda route: route.fulfill(status=429, json=refusal))
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_text("dikirim ulang otomatis")).to_be_visible()
    desk.unroute("**/api/calls")
    expect(desk.locator(".k-sent")).to_be_visible()
