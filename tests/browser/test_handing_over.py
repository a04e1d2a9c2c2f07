"""An operator must leave in mid-call: a colleague is told on whatever page they are, and goes on with what was typed."""

from __future__ import annotations

from pathlib import Path

import requests
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Complaints
from tests.browser.test_main_job import DESKTOP, _choose, _sign_in
from tests.stack_process import StackProcess


def _at(browser: Browser, stack: StackProcess, complaints: Complaints, who: str, page_name: str) -> Page:
    page = complaints.listen(browser.new_context(viewport=DESKTOP, locale="id-ID").new_page())
    _sign_in(page, stack, who)
    page.goto(f"{stack.url}/{page_name}")
    return page


def _half_a_call(desk: Page) -> None:
    desk.fill("#number", "0812 3456 7890")
    _choose(desk, "#type", "kebakaran rumah", "Kebakaran rumah")
    desk.fill("#landmark", "setelah jembatan")


def _hands_over_to(desk: Page, name: str) -> None:
    desk.get_by_role("button", name="Serahkan…").click()
    desk.get_by_role("radio", name=name).check()
    desk.get_by_role("button", name="Serahkan", exact=True).click()


def test_a_half_taken_call_goes_to_a_colleague_on_the_board_and_is_sent_from_there(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    headers = {"Authorization": f"Bearer {stack.token('supervisor')}"}
    name = requests.get(f"{stack.url}/api/me", headers=headers, timeout=60).json()["name"]
    desk = _at(browser, stack, complaints, "operator", "desk.html")
    board = _at(browser, stack, complaints, "supervisor", "board.html")
    _half_a_call(desk)
    desk.get_by_role("button", name="Serahkan…").click()
    expect(desk.get_by_role("radio", name=name)).to_be_visible()
    desk.screenshot(path=pictures / "handing-over.png")
    desk.keyboard.press("Escape")
    _hands_over_to(desk, name)
    expect(desk.get_by_text("belum diambil")).to_be_visible()
    expect(desk.locator("#landmark")).to_have_value("")

    expect(board.locator(".k-handed")).to_contain_text("setelah jembatan")
    board.screenshot(path=pictures / "handed-over.png")
    board.get_by_role("button", name="Ambil").click()
    board.wait_for_url("**/desk.html")
    expect(board.locator("#landmark")).to_have_value("setelah jembatan")
    expect(board.locator("#number")).to_have_value("0812 3456 7890")
    expect(desk.get_by_text("mengambil panggilan pukul")).to_be_visible()
    expect(board.locator(".k-handed")).to_be_hidden()


def test_who_is_typing_a_call_is_not_interrupted_and_the_giver_can_take_it_back(
    browser: Browser, stack: StackProcess, complaints: Complaints
) -> None:
    headers = {"Authorization": f"Bearer {stack.token('supervisor')}"}
    name = requests.get(f"{stack.url}/api/me", headers=headers, timeout=60).json()["name"]
    desk = _at(browser, stack, complaints, "operator", "desk.html")
    other = _at(browser, stack, complaints, "supervisor", "desk.html")
    other.fill("#landmark", "pasar")
    _half_a_call(desk)
    _hands_over_to(desk, name)
    other.get_by_role("button", name="Ambil").click()
    expect(other.get_by_text("Kirim atau buang dulu")).to_be_visible()
    expect(other.locator("#landmark")).to_have_value("pasar")
    desk.get_by_role("button", name="Ambil kembali").click()
    expect(desk.locator("#landmark")).to_have_value("setelah jembatan")
    expect(desk.locator("#type")).to_have_value("Kebakaran rumah")
