"""The whole loop in a browser: a call at the desk, the SMS on a phone, the link, and the board that follows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.conftest import Complaints
from tests.stack_process import StackProcess

DESKTOP = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=390, height=844)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackProcess]:
    """A stack of its own: other stories name the same alley, and have the same crews out."""
    with StackProcess(tmp_path_factory.mktemp("main-job") / "data") as running:
        yield running


def _sign_in(page: Page, stack: StackProcess, username: str) -> None:
    page.goto(f"{stack.url}/index.html")
    page.click("#sign-in")
    _fill_in_sign_in(page, stack, username)


def _fill_in_sign_in(page: Page, stack: StackProcess, username: str) -> None:
    password = json.loads((stack.stack.data / "secrets.json").read_text())["demo_password"]
    page.fill("#username", username)
    page.fill("#password", password)
    page.click("button[type=submit]")
    page.wait_for_url(re.compile("/(desk|board|past|registry)\\.html"))


def _choose(page: Page, field: str, text: str, option: str) -> None:
    page.fill(field, text)
    page.get_by_role("option", name=option).first.click()


def test_a_call_becomes_an_sms_a_link_and_a_crew_on_scene_on_the_board(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    desk = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(desk, stack, "operator")
    desk.goto(f"{stack.url}/desk.html")
    desk.fill("#number", "0812 3456 7890")
    _choose(desk, "#type", "kebakaran rumah", "Kebakaran rumah")
    _choose(desk, "#district", "baamang", "Baamang")
    desk.fill("#landmark", "Gang Melati, belakang SDN 3")
    desk.fill("#narrative", "Api di dapur, dua orang masih di dalam rumah.")
    expect(desk.locator(".k-preview .k-pick").first).to_be_visible()
    desk.screenshot(path=pictures / "desk.png")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".k-sent")).to_be_visible()

    phone = complaints.listen(browser.new_page(viewport=PHONE, locale="id-ID"))
    phone.goto(f"{stack.url}/simulator")
    expect(phone.get_by_text("Gang Melati").first).to_be_visible()
    phone.screenshot(path=pictures / "simulator.png")
    sms = next(each["body"] for each in stack.messages() if "Gang Melati" in each["body"])
    link = re.search(r"https?://\S+/r/\S+", sms)
    assert link, "the SMS holds no link"
    phone.goto(re.sub(r"https?://[^/]+", stack.url, link[0]))
    expect(phone.get_by_text("Kebakaran rumah").first).to_be_visible()
    phone.screenshot(path=pictures / "phone.png")
    for label in ("Siap", "Berangkat", "Tiba"):
        # Each answer is a page of its own, and says the same as the one before.
        with phone.expect_navigation():
            phone.get_by_role("button", name=label).first.click()
        expect(phone.get_by_text("Sudah dicatat").first).to_be_visible()
    phone.screenshot(path=pictures / "phone-on-scene.png")

    board = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(board, stack, "supervisor")
    board.goto(f"{stack.url}/board.html")
    row = board.locator("[data-id]", has_text="Gang Melati")
    expect(row.get_by_text("Tiba").first).to_be_visible()
    board.screenshot(path=pictures / "board.png")
    row.locator("a").first.click()
    board.wait_for_url(re.compile("incident\\.html"))
    expect(board.get_by_text("Api di dapur").first).to_be_visible()
    board.screenshot(path=pictures / "incident.png", full_page=True)


def test_the_responders_page_works_without_javascript(browser: Browser, stack: StackProcess) -> None:
    import requests

    from chalicelib.gateways.clock import SystemClock

    call = {
        "channel": "phone",
        "class": "emergency",
        "received_at": SystemClock().now(),
        "incident": {"type": "childbirth", "location": {"district": "baamang"}, "drill": True},
    }
    before = max((each["id"] for each in stack.messages()), default=0)
    headers = {"Authorization": f"Bearer {stack.token('operator')}", "Idempotency-Key": "no-javascript"}
    taken = requests.post(f"{stack.url}/api/calls", json=call, headers=headers, timeout=60)
    called = {each["number"] for each in taken.json()["pages"]}
    assert called, taken.text
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 320, "height": 640}, locale="en-US"
    )
    phone = context.new_page()
    phone.goto(f"{stack.url}/simulator")
    # The other stories' incidents go on escalating meanwhile.
    while not (sms := [each for each in stack.messages(after=before) if each["number"] in called]):
        phone.wait_for_timeout(50)
    link = re.search(r"/r/\S+", sms[0]["body"])
    assert link
    phone.goto(stack.url + link[0])
    expect(phone.get_by_text("DRILL").first).to_be_visible()
    phone.get_by_role("button", name="Acknowledged").click()
    expect(phone.get_by_text("Recorded").first).to_be_visible()
    phone.get_by_role("link", name="Unable").click()
    phone.get_by_role("button", name="No fuel").click()
    expect(phone.get_by_text("This unit reported that it cannot come. No fuel")).to_be_visible()
    context.close()


def test_a_crew_answers_by_sms_in_the_simulator_and_the_desk_sees_it(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    import requests

    from chalicelib.gateways.clock import SystemClock

    call = {
        "channel": "phone",
        "class": "emergency",
        "received_at": SystemClock().now(),
        "incident": {
            "type": "house_fire",
            "location": {"district": "seranau", "landmark": "Dermaga Seranau"},
        },
    }
    headers = {"Authorization": f"Bearer {stack.token('operator')}", "Idempotency-Key": "by-sms"}
    incident = requests.post(f"{stack.url}/api/calls", json=call, headers=headers, timeout=60).json()[
        "incident"
    ]
    page = incident["pages"][0]
    phone = complaints.listen(browser.new_page(viewport=PHONE, locale="id-ID"))
    phone.goto(f"{stack.url}/simulator")
    screen = phone.locator(f"article[data-number='{page['number']}']")
    expect(screen.get_by_text(f"Balas: {page['reply']} YA").first).to_be_visible()

    def reply(text: str, result: str) -> None:
        screen.get_by_role("textbox").fill(text)
        screen.get_by_role("button", name="Kirim").click()
        expect(screen.get_by_text(result)).to_be_visible()

    reply(f"{page['reply']} ya", "Dicatat")
    reply(f"{page['reply']} bentar lagi sampai", "Diteruskan ke meja 112")
    phone.screenshot(path=pictures / "simulator-reply.png")
    desk = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(desk, stack, "operator")
    desk.goto(f"{stack.url}/incident.html?id={incident['id']}")
    expect(desk.get_by_text("SMS perlu dibaca")).to_be_visible()
    desk.screenshot(path=pictures / "incident-reply.png")
    desk.get_by_role("button", name="Catat: Berangkat").click()
    expect(desk.get_by_text("SMS perlu dibaca")).to_be_hidden()
