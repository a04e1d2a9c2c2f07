"""Units out of service, in a browser: seen on the board by all, changed by the desk and by their own agency."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Complaints
from tests.browser.test_main_job import DESKTOP, PHONE, _choose, _sign_in
from tests.stack_process import StackProcess


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackProcess]:
    """A stack of its own: the other stories have units out."""
    with StackProcess(tmp_path_factory.mktemp("units") / "data") as running:
        yield running


def _report(stack: StackProcess, unit: str, status: str, reason: str = "") -> int:
    answer = requests.post(
        f"{stack.url}/api/units/{unit}/status",
        json={"status": status, "reason": reason},
        headers={"Authorization": f"Bearer {stack.token('operator')}"},
        timeout=60,
    )
    return answer.status_code


@pytest.fixture(autouse=True)
def two_out(stack: StackProcess) -> Iterator[None]:
    assert _report(stack, "damkar_2", "NotAvailable", "vehicle_breakdown") == 200
    assert _report(stack, "ambulans_1", "NotAvailable", "no_fuel") == 200
    yield
    for unit in ("damkar_2", "ambulans_1", "damkar_kapal"):
        assert _report(stack, unit, "Available") == 200


def _board(page: Page, stack: StackProcess, username: str, language: str = "") -> None:
    _sign_in(page, stack, username)
    page.goto(f"{stack.url}/{language}board.html")
    page.locator("[aria-controls=out-of-service]").click()
    expect(page.locator(".k-out-list:not(.k-sms-list) li").first).to_be_visible()


def test_the_desk_puts_a_unit_back_and_takes_another_out(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    desk = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _board(desk, stack, "operator")
    rows = desk.locator(".k-out-list:not(.k-sms-list) li")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("Kendaraan rusak")
    desk.screenshot(path=pictures / "out-of-service.png")
    rows.filter(has_text="Damkar 2").get_by_role("button", name="Siap lagi").click()
    expect(rows).to_have_count(1)

    desk.get_by_role("button", name="Nyatakan tidak siap…").click()
    dialog = desk.get_by_role("dialog")
    # Its list stands open over the button as long as the field has the focus.
    expect(desk.locator("#unit")).to_be_focused()
    desk.keyboard.press("Tab")
    dialog.get_by_role("button", name="Nyatakan tidak siap").click()
    expect(dialog.get_by_role("alert")).to_have_text("Pilih unit.")
    desk.fill("#unit", "PSC 1")
    expect(dialog.get_by_role("option", name="PSC Samuda")).to_be_visible()
    expect(dialog.get_by_role("option", name="PSC 1")).to_have_count(0)
    _choose(desk, "#unit", "kapal damkar", "Kapal Damkar")
    dialog.get_by_label("Kapal atau mesin tempel rusak").check()
    desk.screenshot(path=pictures / "out-of-service-dialog.png")
    dialog.get_by_role("button", name="Nyatakan tidak siap").click()
    expect(dialog).to_be_hidden()
    expect(rows.filter(has_text="Kapal Damkar")).to_contain_text("Kapal atau mesin tempel rusak")
    expect(desk.locator("[aria-controls=out-of-service] b")).to_have_text("2")


def test_a_unit_that_was_sent_meanwhile_is_refused_in_the_readers_words(
    browser: Browser, stack: StackProcess, complaints: Complaints
) -> None:
    desk = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _board(desk, stack, "operator")
    refusal = {"code": "conflict", "message": "the unit is on an assignment", "fields": {}}
    fault = {"path": "unit_id", "code": "unit_assigned", "values": {}, "about": ""}
    desk.route(
        "**/api/units/damkar_2/status",
        lambda route: route.fulfill(status=409, json={**refusal, "faults": [fault]}),
    )
    desk.locator(".k-out-list:not(.k-sms-list) li").first.get_by_role("button", name="Siap lagi").click()
    expect(desk.locator(".k-out").get_by_role("alert").first).to_have_text(
        "Ini tidak bisa dilakukan lagi: Unit sedang bertugas di tempat lain."
    )


def test_an_agency_changes_its_own_units_and_readers_none(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    agency = complaints.listen(browser.new_page(viewport=PHONE, locale="id-ID"))
    _board(agency, stack, "admin_damkar")
    expect(agency.locator(".k-out-list:not(.k-sms-list) li")).to_have_count(1)
    agency.screenshot(path=pictures / "out-of-service-phone.png")
    agency.get_by_role("button", name="Nyatakan tidak siap…").click()
    agency.fill("#unit", "PSC")
    expect(agency.get_by_text("Tidak ada yang cocok dengan “PSC”.", exact=True)).to_be_visible()

    leader = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _board(leader, stack, "bupati", "en/")
    expect(leader.locator(".k-out-list:not(.k-sms-list) li")).to_have_count(2)
    expect(leader.locator(".k-out-list:not(.k-sms-list)")).to_contain_text("Vehicle breakdown")
    expect(leader.locator(".k-out").get_by_role("button").filter(visible=True)).to_have_count(1)
    leader.screenshot(path=pictures / "out-of-service-reader.png")
