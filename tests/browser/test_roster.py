"""The month sheet in a browser: typed, pasted, taken back, written by two, kept while the network is gone, published."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from chalicelib.domain import times
from chalicelib.gateways.clock import SystemClock
from tests.browser.accessible import violations
from tests.browser.conftest import Complaints, must_fit
from tests.browser.test_main_job import DESKTOP, PHONE, _sign_in
from tests.stack_process import StackProcess


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackProcess]:
    """A stack of its own: what is published says who is on duty."""
    with StackProcess(tmp_path_factory.mktemp("roster") / "data") as running:
        yield running


def _month(ahead: int) -> str:
    today = date.fromisoformat(times.local_day(SystemClock().now(), 7))
    months = today.year * 12 + today.month - 1 + ahead
    return f"{months // 12}-{months % 12 + 1:02d}"


def _days(month: str) -> int:
    year, number = map(int, month.split("-"))
    return (date(year + number // 12, number % 12 + 1, 1) - date(year, number, 1)).days


def _opens(
    page: Page, stack: StackProcess, user: str, month: str, agency: str = "damkar", to: str = ""
) -> Page:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=stack.url)
    _sign_in(page, stack, user)
    page.goto(f"{stack.url}/{to}roster.html?agency={agency}&month={month}")
    expect(page.locator(".k-roster-body")).to_be_visible()
    return page


def _new(browser: Browser, complaints: Complaints, **more: Any) -> Page:
    return complaints.listen(browser.new_context(viewport=DESKTOP, locale="id-ID", **more).new_page())


def _row(page: Page, name: str) -> Locator:
    return page.locator(".k-grid tbody tr", has=page.get_by_role("rowheader", name=name))


def _cell(page: Page, name: str, day: int) -> Locator:
    return _row(page, name).locator("td").nth(day - 1)


def _pastes(page: Page, text: str) -> None:
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+V")


def _saved(page: Page) -> None:
    expect(page.locator(".k-roster-state")).to_contain_text(re.compile("Draf tersimpan|Draft saved"))


def _crews(page: Page) -> None:
    page.get_by_role("button", name="Nama regu saja").click()
    expect(_row(page, "Andi Saputra")).to_be_visible()


def _http(stack: StackProcess, method: str, path: str, as_: str, body: Any = None) -> Any:
    headers = {"Authorization": f"Bearer {stack.token(as_)}"}
    answer = requests.request(method, stack.url + path, json=body, headers=headers, timeout=60)
    assert answer.ok, answer.text[:500]
    return answer.json()


def _writes(stack: StackProcess, month: str, row: str, day: int, was: str, now: str) -> Any:
    cell = {"row": row, "day": f"{month}-{day:02d}", "was": was, "now": now}
    return _http(stack, "POST", f"/api/duty/sheets/damkar/{month}", "admin", {"cells": [cell]})


def test_a_month_is_typed_with_the_keyboard_alone_and_taken_back(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    page = _opens(_new(browser, complaints), stack, "admin_damkar", _month(2))
    expect(page.get_by_text("belum ada lembarnya")).to_be_visible()
    page.screenshot(path=pictures / "roster-empty.png", full_page=True)
    _crews(page)
    expect(page.locator(":focus")).to_have_attribute("aria-label", re.compile("^Andi Saputra, "))
    for key in ("p", "Tab", "m", "Tab", "l", "Enter"):
        page.keyboard.press(key)
    assert [_cell(page, "Andi Saputra", day).text_content() for day in (1, 2, 3)] == ["P", "M", "L"]
    # Whoever goes below by Enter stands below.
    expect(page.locator(":focus")).to_have_attribute("aria-label", re.compile("^Budi Santoso, "))
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator(".k-roster-cell")).to_contain_text("“1” bukan kode di sini")
    expect(_cell(page, "Budi Santoso", 3)).to_have_class(re.compile("k-cell-pattern"))
    page.keyboard.press("Control+Z")
    expect(_cell(page, "Andi Saputra", 3)).to_have_class(re.compile("k-cell-pattern"))
    page.keyboard.press("Control+Y")
    expect(_cell(page, "Andi Saputra", 3)).not_to_have_class(re.compile("k-cell-pattern"))
    # The first three days go on over the month.
    page.keyboard.press("Home")
    for key in ("Shift+ArrowRight", "Shift+ArrowRight", "Control+C", "Home", "Control+Shift+ArrowRight"):
        page.keyboard.press(key)
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Control+V")
    assert "".join(_cell(page, "Andi Saputra", day).text_content() or "" for day in range(1, 7)) == "PMLPML"
    page.keyboard.press("Delete")
    expect(_cell(page, "Andi Saputra", 4)).to_have_class(re.compile("k-cell-pattern"))
    _saved(page)
    page.reload()
    expect(_cell(page, "Andi Saputra", 5)).to_have_text("M")
    # One tab stop: after the sheet's own cell comes what stands below it.
    assert page.locator(".k-grid [tabindex]").count() == 1
    assert violations(page) == []


def test_what_excel_copied_goes_to_its_people_and_what_is_not_taken_is_named(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    month = _month(3)
    page = _opens(_new(browser, complaints), stack, "admin_damkar", month)
    _crews(page)
    days = range(1, _days(month) + 1)
    heading = "\t".join(["No", "Nama", "Unit", *map(str, days)])
    lines = [
        "\t".join(["1", "BUDI SANTOSO", "Damkar 1", *("p" if day % 2 else " M " for day in days)]),
        "\t".join(["2", '"Andi Saputra"', "Damkar 1", *("I" if day == 2 else "L" for day in days)]),
        "\t".join(["3", "Orang Lama", "", *("P" for _ in days)]),
    ]
    _pastes(page, "\r\n".join([heading, *lines]) + "\r\n")
    expect(_cell(page, "Budi Santoso", 1)).to_have_text("P")
    expect(_cell(page, "Budi Santoso", 2)).to_have_text("M")
    told = page.locator(".k-roster-told")
    expect(told).to_contain_text("Orang Lama")
    expect(told).to_contain_text("“I” bukan kode di sini")
    page.screenshot(path=pictures / "roster-pasted.png", full_page=True)
    told.get_by_role("button", name="Urungkan").click()
    expect(_cell(page, "Budi Santoso", 1)).to_have_class(re.compile("k-cell-pattern"))
    # A block without names goes where somebody stands; what is larger than the sheet is said.
    _cell(page, "Andi Saputra", _days(month)).click()
    _pastes(page, "P\tM\r\nL\t\r\n")
    expect(_cell(page, "Andi Saputra", _days(month))).to_have_text("P")
    expect(_cell(page, "Budi Santoso", _days(month))).to_have_text("L")
    expect(told).to_contain_text("1 sel tidak mendapat tempat")


def test_two_officers_write_in_one_sheet_and_only_the_same_cell_is_asked_about(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    month = _month(4)
    page = _opens(_new(browser, complaints), stack, "admin_damkar", month)
    _crews(page)
    _saved(page)
    _writes(stack, month, "andi", 1, "", "M")
    _writes(stack, month, "budi", 1, "", "M")
    _cell(page, "Andi Saputra", 1).click()
    page.keyboard.press("p")
    page.keyboard.press("Enter")
    _cell(page, "Andi Saputra", 1).click()
    met = page.locator(".k-roster-met")
    expect(met).to_contain_text("P Pagi")
    expect(met).to_contain_text("M Malam")
    expect(page.get_by_role("button", name="Terbitkan", exact=False).first).to_be_disabled()
    page.screenshot(path=pictures / "roster-met.png")
    assert violations(page) == []
    met.get_by_role("button", name="Punya saya yang berlaku").click()
    _saved(page)
    rows = {
        row["id"]: row["cells"]
        for row in _http(stack, "GET", f"/api/duty/sheets/damkar/{month}", "admin")["rows"]
    }
    assert (rows["andi"], rows["budi"]) == ("P", "M")


def test_the_network_gone_loses_nothing_and_what_was_typed_is_sent_when_it_is_back(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    month = _month(5)
    page = _opens(
        browser.new_context(viewport=DESKTOP, locale="id-ID").new_page(), stack, "admin_damkar", month
    )
    _crews(page)
    _saved(page)
    page.route("**/api/**", lambda route: route.abort())
    _cell(page, "Andi Saputra", 1).click()
    for key in ("p", "Tab", "m", "Enter"):
        page.keyboard.press(key)
    state = page.locator(".k-roster-state")
    expect(state).to_contain_text("server tidak dapat dihubungi")
    expect(page.get_by_role("button", name="Terbitkan", exact=False).first).to_be_disabled()
    page.screenshot(path=pictures / "roster-lost.png")
    # The browser is closed over it, and opened again.
    page.unroute("**/api/**")
    page.reload()
    _saved(page)
    expect(_cell(page, "Andi Saputra", 2)).to_have_text("M")
    rows = {
        row["id"]: row["cells"]
        for row in _http(stack, "GET", f"/api/duty/sheets/damkar/{month}", "admin")["rows"]
    }
    assert rows["andi"] == "P,M"


def test_next_month_is_filled_by_the_patterns_changed_and_published(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    month = _month(1)
    page = _opens(_new(browser, complaints), stack, "admin_damkar", month)
    page.get_by_role("button", name="Isi dengan pola…").click()
    dialog = page.get_by_role("dialog", name="Isi lembar")
    expect(dialog).to_contain_text("baris ditambahkan")
    assert violations(page) == []
    dialog.get_by_role("button", name="Isi", exact=True).click()
    expect(_cell(page, "Andi Saputra", 1)).to_have_text("P")
    _cell(page, "Andi Saputra", 5).click()
    page.keyboard.press("Delete")
    _saved(page)
    page.get_by_role("button", name="Terbitkan", exact=False).first.click()
    dialog = page.get_by_role("dialog", name="Terbitkan jadwal piket")
    expect(dialog).to_contain_text("1 piket yang sekarang ada di pola dibiarkan kosong")
    send = dialog.get_by_role("button", name="Terbitkan", exact=True)
    expect(send).to_be_disabled()
    page.screenshot(path=pictures / "roster-publish.png")
    assert violations(page) == []
    dialog.get_by_label("Sudah saya lihat").check()
    send.click()
    expect(page.locator(".k-roster-how")).to_contain_text("Terbit")
    expect(page.get_by_role("button", name="Tidak ada yang perlu terbit")).to_be_disabled()
    # What is changed after that is marked until it is published too.
    _cell(page, "Budi Santoso", 7).click()
    page.keyboard.press("l")
    page.keyboard.press("Enter")
    expect(_cell(page, "Budi Santoso", 7)).to_have_class(re.compile("k-cell-diff"))
    _saved(page)
    page.get_by_role("button", name="Terbitkan 1 perubahan…").click()
    expect(dialog).to_contain_text("Budi Santoso: 1 hari")
    send.click()
    expect(_cell(page, "Budi Santoso", 7)).not_to_have_class(re.compile("k-cell-diff"))
    page.get_by_role("button", name="Riwayat").click()
    expect(page.locator(".k-roster-history li").first).to_contain_text("diterbitkan")
    page.keyboard.press("Escape")
    page.screenshot(path=pictures / "roster.png", full_page=True)
    shown = _http(stack, "GET", f"/api/duty/sheets/damkar/{month}", "admin")
    assert shown["differs"] == [] and shown["published"]["first_day"] == f"{month}-01"


@pytest.mark.parametrize("language", ["", "en/"])
def test_it_fits_each_width_in_both_themes_and_on_a_phone_a_tap_offers_the_codes(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path, language: str
) -> None:
    page = _opens(_new(browser, complaints), stack, "admin_damkar", _month(1), to=language)
    if page.locator(".k-roster-start").is_visible():
        page.locator(".k-roster-start .btn-primary").click()
        page.locator("dialog[open] .btn-primary").click()
    expect(_cell(page, "Andi Saputra", 1)).to_have_text("P")
    for theme in ("light", "dark"):
        page.evaluate(f"document.documentElement.dataset.bsTheme = '{theme}'")
        for width, height in ((1440, 900), (1280, 800), (390, 844), (360, 740)):
            page.set_viewport_size({"width": width, "height": height})
            must_fit(page)
            page.screenshot(path=pictures / f"roster-{language[:2]}{theme}-{width}.png")
        assert violations(page) == []
    page.set_viewport_size(PHONE)
    cell = _cell(page, "Dedi Kurniawan", 4)
    cell.click()
    page.locator(".k-roster-code", has=page.get_by_text("L", exact=True)).click()
    expect(cell).to_have_text("L")
    page.get_by_role("button", name=re.compile("^(Urungkan|Undo)$")).click()
    expect(cell).to_have_text("M")
    _saved(page)


def test_a_leader_reads_it_and_changes_nothing(
    browser: Browser, stack: StackProcess, complaints: Complaints
) -> None:
    page = _opens(_new(browser, complaints), stack, "bupati", _month(4))
    _cell(page, "Andi Saputra", 1).click()
    page.keyboard.press("l")
    expect(page.locator(".k-grid-editor")).to_have_count(0)
    expect(page.get_by_role("button", name="Isi…")).to_be_hidden()
    expect(page.locator(".k-roster-codes")).to_be_hidden()


def test_a_page_that_could_not_load_its_sheet_shows_none(
    browser: Browser, stack: StackProcess, complaints: Complaints
) -> None:
    context: BrowserContext = browser.new_context(viewport=DESKTOP, locale="id-ID")
    page = context.new_page()
    _sign_in(page, stack, "admin_damkar")
    page.route("**/api/duty/sheets/**", lambda route: route.abort())
    page.goto(f"{stack.url}/roster.html")
    expect(page.locator(".k-roster [role=alert]:visible")).to_contain_text("Tidak termuat")
    expect(page.locator(".k-roster-body")).to_be_hidden()
    page.unroute("**/api/duty/sheets/**")
    page.get_by_role("button", name="Coba lagi").first.click()
    expect(page.locator(".k-roster-body")).to_be_visible()


def test_it_is_printed_on_one_page_of_a4_and_of_a3(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    page = _opens(_new(browser, complaints), stack, "admin_damkar", _month(1))
    if page.locator(".k-roster-start").is_visible():
        page.locator(".k-roster-start .btn-primary").click()
        page.locator("dialog[open] .btn-primary").click()
    expect(_cell(page, "Andi Saputra", 1)).to_have_text("P")
    # The weeks before stand beside each row, with the median below the head.
    expect(page.get_by_role("columnheader", name="Jam dalam 12 minggu")).to_contain_text(re.compile(r"\d"))
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".k-roster-paper")).to_contain_text("Dicetak")
    for size in ("A4", "A3"):
        paper = page.pdf(path=pictures / f"roster-{size}.pdf", format=size, landscape=True)
        assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1, size


def test_an_officer_publishes_next_month_of_a_whole_crew_from_an_excel_copy(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    """Five steps: the page, the crews' names, the paste, publish, publish; the copying in Excel is one more."""
    month = _month(6)
    people = _http(stack, "GET", "/api/registry/personnel", "admin_damkar")["items"]
    crews = _http(stack, "GET", "/api/registry/crews", "admin_damkar")["items"]
    theirs = {member["person_id"] for crew in crews for member in crew["members"]}
    names = sorted(person["name"] for person in people if person["id"] in theirs)
    assert len(names) > 20
    days = range(1, _days(month) + 1)
    cycle = "PPMMLL"
    heading = "\t".join(["No.", "N A M A", *map(str, days), "Jml"])
    lines = [
        "\t".join(
            [str(n), f"{name.upper()} ", *(cycle[(n + day) % 6].lower() for day in days), "20"],
        )
        for n, name in enumerate(names, start=1)
    ]
    excel = "\r\n".join(["JADWAL PIKET", heading, *lines, "\t\tMengetahui"]) + "\r\n"
    page = _opens(_new(browser, complaints), stack, "admin_damkar", month)
    _crews(page)
    _pastes(page, excel)
    for n, name in enumerate(names, start=1):
        expect(_cell(page, name.title(), 1)).to_have_text(cycle[(n + 1) % 6])
    expect(page.locator(".k-roster-told")).to_be_hidden()
    _saved(page)
    page.screenshot(path=pictures / "roster-officer.png", full_page=True)
    page.get_by_role("button", name="Terbitkan", exact=False).first.click()
    dialog = page.get_by_role("dialog", name="Terbitkan jadwal piket")
    expect(dialog.locator(".k-roster-moved")).to_be_visible()
    dialog.get_by_role("button", name="Terbitkan", exact=True).click()
    expect(page.locator(".k-roster-how")).to_contain_text("Terbit")
    shown = _http(stack, "GET", f"/api/duty/sheets/damkar/{month}", "admin")
    assert len(shown["published"]["rows"]) == len(names) and shown["differs"] == []
    assert all(row["cells"].count(",") == len(days) - 1 for row in shown["published"]["rows"])
