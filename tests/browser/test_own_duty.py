"""My duty on a phone without a script: readable on the narrowest, dark too, and the phone is tested by one press."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from chalicelib.domain import times
from chalicelib.gateways.clock import SystemClock
from tests.browser.accessible import violations
from tests.browser.conftest import Complaints, must_fit
from tests.browser.test_main_job import DESKTOP, PHONE, _sign_in
from tests.stack_process import StackProcess

NARROW: Any = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackProcess]:
    """A stack of its own: it changes who has which link."""
    with StackProcess(tmp_path_factory.mktemp("own-duty") / "data") as running:
        yield running


def asks(stack: StackProcess, method: str, path: str, **more: Any) -> Any:
    headers = {"Authorization": f"Bearer {stack.token('admin')}"}
    answer = requests.request(method, f"{stack.url}{path}", headers=headers, timeout=60, **more)
    assert answer.ok, answer.text
    return answer.json()


@pytest.fixture(scope="module")
def link(stack: StackProcess) -> str:
    """The address of the page of somebody of the fire service who is on duty now, from the SMS that brought it."""
    person = asks(stack, "GET", "/api/duty?agency_id=damkar")["people"][0]["person_id"]
    before = max((each["id"] for each in stack.messages()), default=0)
    asks(stack, "POST", f"/api/duty/links/{person}")
    return stack.url + re.search(r"/r/\S+", waited(stack, before, "halaman dinas"))[0]  # type: ignore[index]


def waited(stack: StackProcess, before: int, words: str) -> str:
    while not (found := [each["body"] for each in stack.messages(after=before) if words in each["body"]]):
        asks(stack, "GET", "/api/me")
    return str(found[0])


def phone(browser: Browser, viewport: Any, **more: Any) -> Page:
    return browser.new_context(
        java_script_enabled=False, viewport=viewport, locale="id-ID", **more
    ).new_page()


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [NARROW, PHONE], ids=["320", "390"])
def test_it_reads_well_on_any_phone(
    browser: Browser, link: str, pictures: Path, size: dict[str, int], theme: Any, language: str
) -> None:
    page = phone(browser, size, color_scheme=theme)
    page.goto(f"{link}?lang={language}")
    expect(page.get_by_role("heading", level=1)).to_have_text({"id": "Dinas saya", "en": "My duty"}[language])
    for summary in page.locator("summary").all():
        summary.click()
    must_fit(page)
    page.screenshot(path=pictures / f"own-duty-{size['width']}-{theme}-{language}.png", full_page=True)
    small = [
        each.inner_text()
        for each in page.locator("a, button, summary").all()
        if (box := each.bounding_box()) and box["height"] < 44
    ]
    assert small == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, link: str, theme: Any) -> None:
    # Axe is a script: the page itself has none, and its policy lets none in.
    context = browser.new_context(viewport=PHONE, locale="id-ID", color_scheme=theme, bypass_csp=True)
    page = context.new_page()
    for address in (link, f"{link.rpartition('/r/')[0]}/r/{'0' * 16}/duty"):
        page.goto(address)
        assert violations(page) == []


def test_one_press_tests_the_phone_and_pressed_twice_is_one_sms(
    browser: Browser, stack: StackProcess, link: str, pictures: Path
) -> None:
    page = phone(browser, PHONE)
    page.goto(link)
    before = max((each["id"] for each in stack.messages()), default=0)
    page.get_by_role("button", name="Uji: apakah ponsel ini menerima SMS?").click()
    expect(page.get_by_role("status")).to_contain_text("SMS uji dikirim")
    page.screenshot(path=pictures / "own-duty-tested.png")
    page.reload()
    assert "UJI" in waited(stack, before, "112 UJI")
    page.goto(link)
    expect(page.get_by_text(re.compile("terkirim|sampai$"))).to_be_visible()
    assert len([each for each in stack.messages(after=before) if "112 UJI" in each["body"]]) == 1


def test_a_dead_link_says_what_to_do(browser: Browser, link: str, pictures: Path) -> None:
    page = phone(browser, NARROW)
    page.goto(f"{link.rpartition('/r/')[0]}/r/{'0' * 16}/duty")
    expect(page.get_by_text("Minta tautan baru kepada admin dinas Anda.")).to_be_visible()
    must_fit(page)
    page.screenshot(path=pictures / "own-duty-dead.png", full_page=True)


def test_an_admin_sends_the_link_from_the_persons_form_and_withdraws_it(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    person = asks(stack, "GET", "/api/duty?agency_id=damkar")["people"][1]["person_id"]
    desk = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(desk, stack, "admin")
    desk.goto(f"{stack.url}/registry.html#personnel/{person}")
    told = desk.locator(".k-duty-link")
    expect(told.get_by_role("status")).to_have_text("Tautan belum pernah dikirim kepada orang ini.")
    before = max((each["id"] for each in stack.messages()), default=0)
    told.get_by_role("button", name="Kirim tautan lewat SMS").click()
    expect(told.get_by_role("status")).to_contain_text(re.compile("menunggu giliran|sudah dikirim"))
    own = stack.url + re.search(r"/r/\S+", waited(stack, before, "halaman dinas"))[0]  # type: ignore[index]
    assert requests.get(own, timeout=60).status_code == 200
    assert violations(desk) == []
    told.get_by_role("button", name="Cabut tautan").click()
    expect(told.get_by_role("status")).to_contain_text("Dicabut")
    assert requests.get(own, timeout=60).status_code == 404
    told.scroll_into_view_if_needed()
    desk.screenshot(path=pictures / "own-duty-admin.png")
    desk.set_viewport_size(PHONE)
    must_fit(desk)
    told.scroll_into_view_if_needed()
    desk.screenshot(path=pictures / "own-duty-admin-390.png")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [NARROW, PHONE], ids=["320", "390"])
def test_a_colleague_is_asked_and_who_cannot_says_so(
    browser: Browser, stack: StackProcess, link: str, pictures: Path, size: dict[str, int], theme: Any
) -> None:
    name = f"{size['width']}-{theme}"
    page = phone(browser, size, color_scheme=theme)
    page.goto(link)
    page.locator(".days summary").first.click()
    page.screenshot(path=pictures / f"own-duty-open-{name}.png")
    page.get_by_role("link", name="Minta tukar").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Minta tukar")
    must_fit(page)
    page.screenshot(path=pictures / f"own-duty-swap-{name}.png", full_page=True)
    page.goto(link)
    page.get_by_role("link", name="Saya sakit atau cuti").click()
    page.locator("summary").click()
    page.get_by_role("radio", name="Izin").check()
    must_fit(page)
    page.screenshot(path=pictures / f"own-duty-cannot-{name}.png", full_page=True)
    script = browser.new_context(viewport=size, color_scheme=theme, bypass_csp=True).new_page()  # type: ignore[arg-type]
    for part in ("/cannot", f"/swap?day={tomorrow()}"):
        script.goto(f"{link}{part}")
        assert violations(script) == []


def tomorrow() -> str:
    return times.local_day(SystemClock().now(), 7, 1)


def test_who_cannot_says_so_and_takes_it_back(browser: Browser, link: str, pictures: Path) -> None:
    page = phone(browser, PHONE)
    page.goto(f"{link}/cannot?day={tomorrow()}")
    page.get_by_role("radio", name="Sakit").check()
    page.get_by_role("button", name="Nyatakan tidak bisa").click()
    expect(page.get_by_role("status")).to_contain_text("Tercatat: Anda tidak bisa")
    page.screenshot(path=pictures / "own-duty-waiting.png", full_page=True)
    page.get_by_role("button", name="Batalkan").click()
    expect(page.get_by_role("status")).to_contain_text("Sudah dibatalkan")
    expect(page.get_by_role("button", name="Batalkan")).to_have_count(0)
