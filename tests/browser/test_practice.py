"""Practice on the real pages: framed and named, seen by nobody else, and covered at once by a real call."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Page, ViewportSize, expect

from chalicelib.gateways.clock import SystemClock
from tests.browser.accessible import violations
from tests.browser.conftest import Complaints, must_fit
from tests.stack_process import StackProcess

DESKTOP = ViewportSize(width=1440, height=900)
SIZES = {
    "1440": DESKTOP,
    "1280": ViewportSize(width=1280, height=800),
    "390": ViewportSize(width=390, height=844),
}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackProcess]:
    """A stack of its own: a real call of another story would cover the page."""
    with StackProcess(tmp_path_factory.mktemp("practice") / "data") as running:
        yield running


def signed_in(
    browser: Browser, stack: StackProcess, complaints: Complaints, username: str, **more: str
) -> Page:
    context = browser.new_context(viewport=DESKTOP, locale=more.get("locale", "id-ID"))
    page = complaints.listen(context.new_page())
    page.goto(f"{stack.url}/index.html")
    page.click("#sign-in")
    password = json.loads((stack.stack.data / "secrets.json").read_text())["demo_password"]
    page.fill("#username", username)
    page.fill("#password", password)
    page.click("button[type=submit]")
    page.wait_for_url(re.compile(r"/(desk|board|past|registry)\.html"))
    expect(page.locator("#starting")).to_have_count(0)
    return page


def begins(page: Page, round_: str) -> None:
    page.goto(re.sub(r"(https?://[^/]+)/.*", r"\1/practice.html", page.url))
    expect(page.locator("#starting")).to_have_count(0)
    page.get_by_role("button", name=f"Mulai: {round_}", exact=True).click()


def looks(page: Page, pictures: Path, name: str) -> None:
    """Take a picture in each width and both themes; nothing hangs over, and axe finds nothing."""
    for theme in ("light", "dark"):
        page.evaluate("theme => document.documentElement.dataset.bsTheme = theme", theme)
        for width, size in SIZES.items():
            page.set_viewport_size(size)
            must_fit(page)
            page.screenshot(path=pictures / f"{name}-{width}-{theme}.png", full_page=True)
        page.set_viewport_size(DESKTOP)
        assert violations(page) == []
    page.evaluate("document.documentElement.dataset.bsTheme = 'light'")


def on_the_board(stack: StackProcess) -> int:
    headers = {"Authorization": f"Bearer {stack.token('operator')}"}
    answer = requests.get(f"{stack.url}/api/incidents?state=open", headers=headers, timeout=60)
    return len(answer.json()["incidents"])


def test_a_call_taker_takes_a_written_call_and_hears_how_it_went(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    page = signed_in(browser, stack, complaints, "operator")
    before = len(stack.messages())
    page.goto(f"{stack.url}/practice.html")
    expect(page.get_by_role("button", name="Mulai: Menjadi regu", exact=True)).to_be_visible()
    looks(page, pictures, "practice-rounds")
    begins(page, "Terima panggilan")
    page.wait_for_url(re.compile(r"practice-desk\.html"))
    expect(page.locator(".k-practice-word").first).to_have_text("LATIHAN")
    expect(page.get_by_text("Rumah tetangga saya terbakar")).to_be_visible()
    page.get_by_role("button", name="Lalu?").click()
    place = page.locator(".k-caller-says p", has_text="Gang Melati").inner_text()
    where = re.search(r"Di (.*), Gang", place)
    assert where
    page.fill("#type", "kebakaran rumah")
    page.get_by_role("option", name="Kebakaran rumah").first.click()
    *_, district = where[1].split(", ")
    page.fill("#district", district)
    page.get_by_role("option", name=district).first.click()
    page.fill("#landmark", "Gang Melati, dekat musala hijau")
    expect(page.locator(".k-preview .k-pick").first).to_be_visible()
    looks(page, pictures, "practice-desk")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".k-sent")).to_be_visible()
    expect(page.get_by_text("Babak ini selesai.")).to_be_visible()
    page.get_by_role("link", name="Hasilnya").click()
    expect(page.get_by_text("Semua 5 langkah berjalan baik.")).to_be_visible()
    looks(page, pictures, "practice-result")
    # Nothing of it is real: no board has it, no SMS left, and the real form is empty.
    assert on_the_board(stack) == 0
    assert len(stack.messages()) == before
    page.goto(f"{stack.url}/desk.html")
    expect(page.locator("#starting")).to_have_count(0)
    expect(page.locator("#landmark")).to_have_value("")
    expect(page.locator(".k-practice-guide")).to_have_count(0)


def test_a_dispatcher_enters_unable_sends_more_and_cancels(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    page = signed_in(browser, stack, complaints, "operator")
    begins(page, "Mengerahkan")
    page.wait_for_url(re.compile(r"practice-incident\.html"))
    expect(page.get_by_text("Mesin mati, kami tidak bisa datang")).to_be_visible()
    first = page.locator(".k-assignment").first
    first.get_by_role("button", name="Tidak bisa").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name="Kendaraan rusak").check()
    dialog.locator("button.btn-danger").click()
    expect(page.get_by_text("Penelepon menelepon lagi")).to_be_visible()
    looks(page, pictures, "practice-incident")
    page.get_by_role("button", name="Kirim unit lain").click()
    send = page.get_by_role("dialog").locator("button.btn-primary")
    expect(send).to_contain_text(re.compile("Kirim .+"))
    send.click()
    expect(page.get_by_text("Ikuti regu sampai yang pertama tiba.")).to_be_visible()
    # The crews of practice drive by the clock.
    expect(page.get_by_text("Di sini aman")).to_be_visible(timeout=90_000)
    page.get_by_role("button", name="Batalkan").click()
    page.get_by_role("dialog").locator("textarea").fill("Alarm palsu")
    page.get_by_role("dialog").locator("button.btn-danger").click()
    page.get_by_role("link", name="Hasilnya").click()
    expect(page.get_by_text(re.compile(r"\d dari 5 langkah|Semua 5 langkah"))).to_be_visible()
    assert on_the_board(stack) == 0


def test_a_crew_answers_on_its_own_phone(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    page = signed_in(browser, stack, complaints, "supervisor")
    before = max((each["id"] for each in stack.messages()), default=0)
    begins(page, "Menjadi regu")
    expect(page.get_by_text("SMS sudah dikirim ke telepon Anda")).to_be_visible(timeout=150_000)
    (sms,) = stack.messages(after=before)
    assert sms["body"].startswith("LATIHAN")
    link = re.search(r"/r/L\S+", sms["body"])
    assert link
    phone = complaints.listen(browser.new_page(viewport=SIZES["390"], locale="id-ID"))
    phone.goto(stack.url + link[0])
    expect(phone.get_by_text("LATIHAN").first).to_be_visible()
    assert violations(phone) == []
    phone.screenshot(path=pictures / "practice-phone.png", full_page=True)
    for word in ("Siap", "Berangkat", "Tiba", "Selesai"):
        with phone.expect_navigation():
            phone.get_by_role("button", name=word).first.click()
    expect(page.get_by_text("Semua 5 langkah berjalan baik.")).to_be_visible()


def test_a_real_call_covers_practice_at_once(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    page = signed_in(browser, stack, complaints, "operator", locale="en-GB")
    page.goto(f"{stack.url}/en/practice.html")
    page.get_by_role("button", name="Begin: Take a call", exact=True).click()
    page.wait_for_url(re.compile(r"practice-desk\.html"))
    with page.expect_response(lambda answer: "/api/incidents?state=open" in answer.url):
        pass
    call = {
        "channel": "phone",
        "class": "emergency",
        "received_at": SystemClock().now(),
        "incident": {"type": "house_fire", "location": {"district": "baamang", "landmark": "Sungguhan"}},
    }
    headers = {"Authorization": f"Bearer {stack.token('supervisor')}", "Idempotency-Key": "real-call"}
    real = requests.post(f"{stack.url}/api/calls", json=call, headers=headers, timeout=60).json()["incident"]
    way = page.locator("dialog.k-way")
    expect(way).to_be_visible()
    expect(way).to_contain_text(real["label"])
    page.screenshot(path=pictures / "practice-way.png")
    assert violations(page) == []
    way.get_by_role("link").first.click()
    page.wait_for_url(re.compile(rf"/incident\.html\?id={real['id']}"))
    expect(page.locator(".k-practice-guide")).to_have_count(0)
