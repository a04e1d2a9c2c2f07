"""The questions of an incident type: asked at the desk by keyboard, read on the incident's page and by the crew, put right later."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessible import violations
from tests.browser.conftest import Complaints, must_fit
from tests.browser.test_main_job import DESKTOP, PHONE, _choose, _sign_in
from tests.stack_process import StackProcess

INSIDE, BUILT_OF = "Masih ada orang di dalam?", "Bangunan dari apa?"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackProcess]:
    """A stack of its own: these fires keep crews that other stories count on."""
    with StackProcess(tmp_path_factory.mktemp("questions") / "data") as running:
        yield running


def _desk(browser: Browser, stack: StackProcess, complaints: Complaints) -> Page:
    page = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(page, stack, "operator")
    page.goto(f"{stack.url}/desk.html")
    expect(page.locator("#starting")).to_have_count(0)
    return page


def _takes_a_fire(page: Page, landmark: str) -> None:
    page.fill("#number", "0812 3456 7801")
    _choose(page, "#type", "kebakaran rumah", "Kebakaran rumah")
    _choose(page, "#district", "baamang", "Baamang")
    page.fill("#landmark", landmark)


def test_a_types_questions_are_asked_by_keyboard_read_by_the_crew_and_put_right(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    page = _desk(browser, stack, complaints)
    _takes_a_fire(page, "Gang Ulin, rumah panggung")
    inside, built_of = (page.get_by_role("radiogroup", name=name) for name in (INSIDE, BUILT_OF))
    expect(inside.get_by_text("wajib ditanyakan")).to_be_visible()
    page.locator("#narrative").focus()
    page.keyboard.type("Api di dapur")
    page.keyboard.press("Tab")
    expect(inside.get_by_role("radio", name="Belum ditanyakan")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    expect(inside.get_by_role("radio", name="Ya", exact=True)).to_be_checked()
    expect(built_of.get_by_role("radio", name="Kayu")).to_be_checked()
    page.screenshot(path=pictures / "questions-desk.png")
    assert violations(page) == []
    page.keyboard.press("Control+Enter")
    expect(page.locator(".k-sent")).to_be_visible()
    expect(page.locator(".k-sent-unasked")).to_be_hidden()

    phone = complaints.listen(browser.new_page(viewport=PHONE, locale="id-ID"))
    phone.goto(f"{stack.url}/simulator")
    expect(phone.get_by_text("Gang Ulin").first).to_be_visible()
    sms = next(each["body"] for each in stack.messages() if "Gang Ulin" in each["body"])
    link = re.search(r"https?://\S+/r/\S+", sms)
    assert link
    phone.goto(re.sub(r"https?://[^/]+", stack.url, link[0]))
    expect(phone.get_by_text(f"{INSIDE} Ya")).to_be_visible()
    phone.screenshot(path=pictures / "questions-crew.png")

    page.get_by_role("link", name="Buka kejadian").click()
    part = page.locator(".k-details")
    expect(part).to_contain_text("Kayu")
    part.get_by_role("button", name="Catat").press("Enter")
    part.get_by_role("radiogroup", name=INSIDE).get_by_role("radio", name="Tidak", exact=True).check(
        force=True
    )
    page.screenshot(path=pictures / "questions-incident.png")
    assert violations(page) == []
    page.keyboard.press("Enter")
    expect(part.locator("dd").first).to_have_text("Tidak")
    expect(page.locator(".k-timeline")).to_contain_text("Jawaban atas 1 pertanyaan dicatat")
    page.set_viewport_size(PHONE)
    must_fit(page)
    page.screenshot(path=pictures / "questions-incident-phone.png", full_page=True)
    phone.reload()
    expect(phone.get_by_text(f"{INSIDE} Tidak")).to_be_visible()


def test_help_is_sent_before_a_question_was_asked_and_the_desk_is_reminded_of_it(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    page = _desk(browser, stack, complaints)
    _takes_a_fire(page, "Gang Jati, belum ditanya")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".k-sent")).to_be_visible()
    expect(page.locator(".k-sent-unasked")).to_contain_text(INSIDE)
    page.screenshot(path=pictures / "questions-unasked.png")
    page.get_by_role("link", name="Buka kejadian").click()
    expect(page.locator(".k-details")).to_contain_text("belum ditanyakan")


def test_what_was_said_outlives_a_reload_and_stays_with_the_call_that_joins_another(
    browser: Browser, stack: StackProcess, complaints: Complaints
) -> None:
    page = _desk(browser, stack, complaints)
    _takes_a_fire(page, "Gang Sirih")
    page.get_by_role("radiogroup", name=INSIDE).get_by_role("radio", name="Ya", exact=True).check(force=True)
    page.reload()
    expect(
        page.get_by_role("radiogroup", name=INSIDE).get_by_role("radio", name="Ya", exact=True)
    ).to_be_checked()
    page.locator("label", has_text="Informasi").first.click()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".k-sent")).to_be_visible()
    day = (datetime.now(UTC) + timedelta(hours=7)).date().isoformat()
    headers = {"Authorization": f"Bearer {stack.token('operator')}"}
    url = f"{stack.url}/api/calls?date={day}"
    calls = requests.get(url, headers=headers, timeout=60).json()["calls"]
    assert any(f"{INSIDE} Ya" in each["said"]["narrative"] for each in calls if each["said"])


def test_an_officer_puts_a_question_first_and_the_desk_asks_it_first(
    browser: Browser, stack: StackProcess, complaints: Complaints
) -> None:
    officer = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(officer, stack, "admin")
    officer.goto(f"{stack.url}/registry.html#incident-types/traffic_accident")
    first, second = (officer.locator(f"[id='questions[{n}].label.id']") for n in (0, 1))
    expect(second).to_have_value("Ada yang terjepit?")
    officer.get_by_role("button", name="Pertanyaan 2 naik satu urutan").press("Enter")
    expect(first).to_have_value("Ada yang terjepit?")
    officer.keyboard.press("Control+s")
    expect(officer.get_by_role("status").filter(has_text="Tersimpan")).to_be_visible()
    page = _desk(browser, stack, complaints)
    _choose(page, "#type", "kecelakaan lalu lintas", "Kecelakaan lalu lintas")
    labels = page.locator(".k-question-field .form-label")
    expect(labels.first).to_contain_text("Ada yang terjepit?")
    expect(labels.nth(1)).to_contain_text("Berapa yang luka?")
