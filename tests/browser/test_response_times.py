"""Response times in a browser: every number opens into its incidents, and what was left out stands beside what was counted."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from chalicelib.domain import times
from chalicelib.gateways.clock import SystemClock
from tests.browser.accessible import violations
from tests.browser.conftest import Complaints
from tests.browser.test_main_job import DESKTOP, PHONE, _sign_in
from tests.stack_process import StackProcess

# Of each fire of a past month, after how many minutes the engine began to act and the ambulance arrived; None: it never did.
FIRES: list[tuple[int | None, int | None]] = [
    *[(8 + n % 9, 7 + n % 14) for n in range(31)],
    (22, None),
    (47, None),
]


@pytest.fixture(scope="module")
def month(stack: StackProcess) -> str:
    """A month long past, with fires that somebody brought in."""
    month = times.local_day(SystemClock().now(), 7, -120)[:7]
    rows = [_fire(f"{month}-{1 + n % 28:02d}T03:00:00.000Z", n, *minutes) for n, minutes in enumerate(FIRES)]
    headers = {"Authorization": f"Bearer {stack.token('admin')}"}
    answer = requests.post(
        f"{stack.url}/api/import/incidents",
        json={"source": "figures", "rows": rows},
        headers=headers,
        timeout=60,
    )
    assert answer.status_code == 200, answer.text[:300]
    assert {each["result"] for each in answer.json()["rows"]} == {"imported"}, answer.json()["rows"][0]
    return month


def _fire(at: str, n: int, engine: int | None, ambulance: int | None) -> dict[str, Any]:
    def unit(agency: str, unit_id: str, minutes: int | None) -> dict[str, Any]:
        arrived = (
            {} if minutes is None else {step: times.plus(at, minutes * 60) for step in ("on_scene", "ready")}
        )
        milestones = {"requested": times.plus(at, 60), **arrived}
        return {"agency_id": agency, "unit_id": unit_id, "milestones": milestones}

    return {
        "key": str(n),
        "type": "house_fire",
        "location": {"district": "baamang", "landmark": f"Jalan {n}"},
        "opened_at": times.plus(at, 30),
        "closed_at": times.plus(at, 9000),
        "disposition": "fire_out",
        "calls": [{"received_at": at, "answered_at": times.plus(at, 5)}],
        "units": [unit("damkar", "damkar_1", engine), unit("psc119", "ambulans_1", ambulance)],
    }


def _opens(page: Page, stack: StackProcess, user: str, query: str) -> Page:
    _sign_in(page, stack, user)
    page.goto(f"{stack.url}/response-times.html?{query}")
    expect(page.locator("#starting")).to_have_count(0)
    return page


def _fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def test_a_leader_reads_the_month_opens_a_number_and_sends_the_address_on(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path, month: str
) -> None:
    page = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _opens(page, stack, "bupati", f"month={month}")
    groups = page.locator(".k-figures-groups tbody tr")
    expect(groups).to_have_count(2)
    engine = groups.filter(has_text="Damkar")
    expect(engine).to_contain_text("sampai mulai bertindak")
    expect(engine).to_contain_text("15:00")
    expect(engine.locator("circle")).to_have_count(33)
    ambulance = groups.filter(has_text="PSC 119")
    expect(ambulance).to_contain_text("sampai tiba")
    expect(page.locator(".k-figures-sum").locator("..").locator("..")).to_contain_text(
        "Semua yang dipanggil: 66 = 64 dihitung + 2 tidak dihitung"
    )
    page.screenshot(path=pictures / "response-times.png", full_page=True)

    row = page.locator(".k-figures-sum tr", has=page.get_by_role("rowheader", name="PSC 119"))
    row.get_by_role("button", name="2", exact=True).click()
    cases = page.locator(".k-figures-cases li:visible")
    expect(cases).to_have_count(2)
    expect(cases.first).to_contain_text("waktu tidak tercatat")
    expect(page).to_have_url(re.compile("open=psc119.unrecorded"))
    page.screenshot(path=pictures / "response-times-open.png", full_page=True)
    # What was sent to a colleague shows the same.
    page.reload()
    expect(cases).to_have_count(2)
    page.locator("[data-cell][aria-expanded=true]").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(":focus")).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Escape")
    expect(cases).to_have_count(0)
    page.locator(".k-figures-sum tbody").last.get_by_role("button").first.click()
    expect(cases).to_have_count(66)
    cases.first.get_by_role("link").click()
    expect(page.get_by_role("heading", name=re.compile("Kebakaran rumah"))).to_be_visible()


def test_each_clock_and_filter_is_asked_for_and_an_empty_answer_says_so(
    browser: Browser, stack: StackProcess, complaints: Complaints, month: str
) -> None:
    page = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _opens(page, stack, "supervisor", f"month={month}")
    found = page.locator(".k-figures-groups tbody tr")
    expect(found).to_have_count(2)
    page.get_by_role("button", name="Sampai tiba").click()
    expect(found.filter(has_text="Damkar")).to_contain_text("sampai tiba")
    page.select_option("#figures-by", "hour")
    expect(found).to_have_count(1)
    expect(found).to_contain_text("10.00–11.00")
    page.select_option("#figures-when", "night")
    expect(page.get_by_text("Tidak ada kejadian yang selesai dengan saringan ini.")).to_be_visible()
    expect(page).to_have_url(re.compile("clock=response&by=hour&when=night"))
    page.get_by_role("button", name="Tampilkan semua").click()
    expect(found).to_have_count(1)


def test_cases_that_do_not_come_are_said_not_to_have_come(
    browser: Browser, stack: StackProcess, complaints: Complaints, month: str
) -> None:
    page = browser.new_page(viewport=DESKTOP, locale="id-ID")
    _opens(page, stack, "bupati", f"month={month}")
    page.route("**/api/reports/cases*", lambda route: route.abort())
    page.locator(".k-figures-sum tbody").last.get_by_role("button").first.click()
    told = page.locator(".k-figures-open [role=alert]:visible")
    expect(told).to_contain_text("Server tidak dapat dihubungi")
    page.unroute("**/api/reports/cases*")
    told.get_by_role("button", name="Coba lagi").click()
    expect(page.locator(".k-figures-cases li:visible")).to_have_count(66)
    assert list(complaints) == []


def test_an_agencys_admin_reads_its_own_figures_alone(
    browser: Browser, stack: StackProcess, complaints: Complaints, month: str
) -> None:
    page = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _opens(page, stack, "admin_damkar", f"month={month}")
    expect(page.locator(".k-figures-groups tbody tr")).to_have_count(1)
    expect(page.locator(".k-figures-groups")).to_contain_text("Damkar")
    expect(page.locator("#figures-agency")).to_be_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_fits_a_phone_and_axe_finds_nothing(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path, month: str, theme: str
) -> None:
    page = complaints.listen(browser.new_page(viewport=PHONE, locale="id-ID"))
    _opens(page, stack, "bupati", f"month={month}&open=psc119.unrecorded")
    page.evaluate(f"document.documentElement.dataset.bsTheme = '{theme}'")
    expect(page.locator(".k-figures-cases li:visible")).to_have_count(2)
    assert _fits(page)
    page.screenshot(path=pictures / f"response-times-phone-{theme}.png", full_page=True)
    assert violations(page) == []
    page.set_viewport_size(DESKTOP)
    assert violations(page) == []
    page.screenshot(path=pictures / f"response-times-{theme}.png", full_page=True)
