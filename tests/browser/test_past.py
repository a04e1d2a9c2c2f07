"""What is over in a browser: found by place, code and number, rung back, opened again, by keyboard and on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.conftest import Complaints, must_fit
from tests.browser.test_main_job import DESKTOP, PHONE, _sign_in
from tests.stack_process import StackProcess

CALLER = "+6281255500011"
SILENT = "+6281255500022"
TYPES = ("house_fire", "traffic_accident", "flood", "drowning", "childbirth", "theft")
PLACES = (
    "Pasar Keramat, Jl. Suprapto",
    "Gang Mawar, samping masjid raya yang baru",
    "Dermaga feri Mentaya",
    "SDN 3",
)
LOCAL = timedelta(hours=7)
# One day for all of these stories, also if midnight comes between them.
MIDNIGHT = (datetime.now(UTC) + LOCAL).replace(hour=0, minute=0, second=0, microsecond=0) - LOCAL


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackProcess]:
    """A stack of its own, with three hundred incidents of the last ten days."""
    with StackProcess(tmp_path_factory.mktemp("past") / "data") as running:
        _fill(running)
        yield running


def _asked(stack: StackProcess, user: str, path: str, body: dict[str, Any], key: str = "") -> Any:
    headers = {"Authorization": f"Bearer {stack.token(user)}"} | ({"Idempotency-Key": key} if key else {})
    answer = requests.post(f"{stack.url}{path}", json=body, headers=headers, timeout=60)
    assert answer.ok, answer.text
    return answer.json()


def _fill(stack: StackProcess) -> None:
    known = set(_types(stack))
    types = [each for each in TYPES if each in known] or sorted(known)[:5]
    for batch in range(6):
        rows = [_row(batch * 50 + number, types) for number in range(50)]
        results = _asked(stack, "admin", "/api/import/incidents", {"source": "buku", "rows": rows})["rows"]
        assert {each["result"] for each in results} == {"imported"}, results
    for number, kind in enumerate(("ghost", "abandoned", "prank")):
        now = datetime.now(UTC).isoformat()
        call = {
            "number": SILENT,
            "channel": "phone",
            "class": kind,
            "received_at": now,
            "note": "Suara angin",
        }
        _asked(stack, "operator", "/api/calls", call, f"call-{number}")


def _types(stack: StackProcess) -> list[str]:
    headers = {"Authorization": f"Bearer {stack.token('operator')}"}
    answer = requests.get(f"{stack.url}/api/registry", headers=headers, timeout=60).json()
    return [each["id"] for each in answer["incident_types"]]


def _row(number: int, types: list[str]) -> dict[str, Any]:
    """The first hundred of the day before yesterday, the others of ten days."""
    day = 2 if number < 100 else 2 + number % 9
    at = MIDNIGHT - timedelta(days=day) + timedelta(minutes=4 * (number % 300) + 3)
    later = (at + timedelta(minutes=17 + number % 50)).isoformat()
    return {
        "key": str(number),
        "type": types[number % len(types)],
        "location": {"district": "baamang", "village": "Baamang Hulu", "landmark": PLACES[number % len(PLACES)]},
        "opened_at": at.isoformat(),
        "closed_at": later,
        "calls": [{"received_at": at.isoformat(), "number": CALLER if number == 7 else ""}],
        "units": [{"agency_id": "damkar", "unit_id": "damkar_1", "milestones": {"requested": at.isoformat(), "cleared": later}}],
    }  # fmt: skip


def _opens(browser: Browser, stack: StackProcess, complaints: Complaints, user: str, **more: Any) -> Page:
    page = complaints.listen(browser.new_page(viewport=more.pop("viewport", DESKTOP), locale="id-ID", **more))
    _sign_in(page, stack, user)
    page.goto(f"{stack.url}/past.html")
    return page


def _day(ago: int) -> str:
    return (MIDNIGHT + LOCAL - timedelta(days=ago)).date().isoformat()


def test_an_incident_is_found_by_its_place_without_a_hand_on_the_mouse(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    page = _opens(browser, stack, complaints, "operator")
    # The page that is left says the same as the one that comes.
    with page.expect_navigation():
        page.get_by_role("navigation").get_by_role("link", name="Riwayat").click()
    expect(page.get_by_text("Tidak ada kejadian yang dibuka pada hari-hari ini.")).to_be_visible()
    page.screenshot(path=pictures / "past-empty.png")
    page.get_by_role("button", name="Cari 31 hari").click()
    lines = page.locator(".k-past-list [data-line]:visible")
    expect(lines).to_have_count(100)
    expect(page.get_by_text(re.compile("Dicari sampai|Masih ada lagi"))).to_be_visible()
    page.screenshot(path=pictures / "past-31-days.png")
    page.get_by_role("button", name="Teruskan").click()
    expect(lines).to_have_count(200)
    page.get_by_role("button", name="Teruskan").click()
    expect(lines).to_have_count(300)
    must_fit(page)
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("mawar masjid")
    expect(lines).to_have_count(75)
    expect(page).to_have_url(re.compile(r"past\.html\?days=31&q=mawar\+masjid"))
    page.screenshot(path=pictures / "past-found.png")
    page.keyboard.press("ArrowDown")
    expect(lines.nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(lines.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.reload()
    expect(lines).to_have_count(75)
    expect(page.get_by_role("searchbox")).to_have_value("mawar masjid")
    page.locator("body").press("ArrowDown")
    expect(lines.nth(0)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"incident\.html\?id="))


def test_a_number_is_looked_for_with_a_reason_and_stands_in_no_address(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    page = _opens(browser, stack, complaints, "supervisor")
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    page.goto(f"{stack.url}/past.html?days=31")
    expect(page.locator(".k-past-list [data-line]:visible").first).to_be_visible()
    page.get_by_role("searchbox").fill("0812-5550-0011")
    page.keyboard.press("Enter")
    expect(page.locator("#past-why")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Ini wajib diisi.")).to_be_visible()
    page.screenshot(path=pictures / "past-number.png")
    page.locator("#past-why").fill("Penelepon bertanya lagi")
    page.keyboard.press("Enter")
    lines = page.locator(".k-past-list [data-line]:visible")
    expect(lines).to_have_count(1)
    expect(page.locator(".k-past-line:visible").first).to_contain_text("SDN 3")
    page.screenshot(path=pictures / "past-number-found.png")
    assert not [each for each in [*addresses, page.url] if "5550" in each]
    page.get_by_role("button", name="Kembali ke daftar").click()
    expect(lines).to_have_count(100)
    auditor = _opens(browser, stack, complaints, "auditor")
    auditor.goto(f"{stack.url}/privacy.html")
    expect(auditor.get_by_text("Penelepon bertanya lagi")).to_have_count(1)


def test_a_silent_call_is_rung_back_and_the_list_says_what_came_of_it(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    page = _opens(browser, stack, complaints, "operator")
    page.get_by_role("button", name="Panggilan tanpa kejadian").click()
    lines = page.locator(".k-past-calls li")
    expect(lines).to_have_count(2)
    silent = lines.filter(has_text="Tanpa suara")
    expect(silent).to_contain_text("Belum ditelepon balik")
    expect(silent.get_by_role("link", name=SILENT)).to_have_attribute("href", f"tel:{SILENT}")
    silent.get_by_role("button", name="Ditelepon balik…").click()
    page.get_by_role("button", name="Catat", exact=True).click()
    expect(page.get_by_text("Pilih salah satu.")).to_be_visible()
    page.get_by_role("radio", name="Tidak tersambung").check()
    page.screenshot(path=pictures / "past-ring-back.png")
    page.get_by_role("button", name="Catat", exact=True).click()
    expect(silent).to_contain_text(re.compile(r"Tidak tersambung 1 kali, terakhir \d\d:\d\d"))
    page.screenshot(path=pictures / "past-calls.png")
    page.get_by_role("button", name="Semua", exact=True).click()
    expect(lines).to_have_count(3)
    expect(page).to_have_url(re.compile(r"tab=calls&which=all"))


def test_what_has_ended_is_opened_again_from_the_list(
    browser: Browser, stack: StackProcess, complaints: Complaints
) -> None:
    page = _opens(browser, stack, complaints, "operator")
    page.goto(f"{stack.url}/past.html?to={_day(2)}")
    page.locator(".k-past-list li").first.get_by_role("button", name="Buka kembali…").click()
    page.get_by_role("button", name="Buka kembali", exact=True).click()
    expect(page.get_by_text("Tulis alasannya.")).to_be_visible()
    page.locator("#reopen-reason").fill("Api menyala lagi")
    page.get_by_role("button", name="Buka kembali", exact=True).click()
    expect(page).to_have_url(re.compile(r"incident\.html\?id="))
    expect(page.get_by_text("Terbuka", exact=True).first).to_be_visible()


def test_what_could_not_be_loaded_is_no_empty_list_and_is_asked_for_again(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    page = _opens(browser, stack, complaints, "operator")
    page.route("**/api/past/**", lambda route: route.abort())
    page.goto(f"{stack.url}/past.html?to={_day(2)}")
    expect(page.get_by_role("alert").filter(has_text="Tidak termuat")).to_be_visible()
    expect(page.get_by_text("Tidak ada kejadian")).to_be_hidden()
    page.screenshot(path=pictures / "past-lost.png")
    page.unroute("**/api/past/**")
    page.get_by_role("button", name="Coba lagi").click()
    expect(page.locator(".k-past-list [data-line]:visible").first).to_be_visible()
    expect(page.get_by_role("alert").filter(has_text="Tidak termuat")).to_be_hidden()


def test_an_agency_finds_its_own_incidents_and_neither_calls_nor_numbers(
    browser: Browser, stack: StackProcess, complaints: Complaints
) -> None:
    page = _opens(browser, stack, complaints, "admin_damkar")
    page.goto(f"{stack.url}/past.html?to={_day(2)}&tab=calls")
    expect(page.locator(".k-past-list [data-line]:visible").first).to_be_visible()
    expect(page.get_by_role("button", name="Panggilan tanpa kejadian")).to_be_hidden()
    expect(page.get_by_role("button", name="Buka kembali…").first).to_be_hidden()
    page.get_by_role("searchbox").fill("081255500011")
    expect(page.get_by_text("Hanya meja 112 yang boleh mencari nomor.")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_it_is_read_on_a_small_screen_in_the_dark_and_in_english(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path, width: int
) -> None:
    viewport = PHONE if width == 390 else ViewportSize(width=width, height=720)
    page = _opens(browser, stack, complaints, "operator", viewport=viewport, color_scheme="dark")
    page.goto(f"{stack.url}/en/past.html?to={_day(2)}&days=7")
    expect(page.locator(".k-past-list [data-line]:visible").first).to_be_visible()
    must_fit(page)
    page.screenshot(path=pictures / f"past-{width}.png")
    page.goto(f"{stack.url}/en/past.html?tab=calls")
    expect(page.locator(".k-past-calls li").first).to_be_visible()
    must_fit(page)
    page.screenshot(path=pictures / f"past-calls-{width}.png")
