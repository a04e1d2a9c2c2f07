"""Putting right in a browser: a supervisor moves a time, an agency asks, a cancelled incident is taken back up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from chalicelib.domain import times
from chalicelib.gateways.clock import SystemClock
from tests.browser.conftest import Complaints, must_fit
from tests.browser.test_coming import Desk
from tests.browser.test_main_job import DESKTOP, PHONE, _sign_in
from tests.stack_process import StackProcess


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackProcess]:
    """A stack of its own: the other stories have its crews out."""
    with StackProcess(tmp_path_factory.mktemp("right") / "data") as running:
        yield running


def _fire(stack: StackProcess, landmark: str) -> Any:
    """A fire at which the first crew of the fire service has arrived, as the desk heard of it."""
    desk = Desk(stack)
    fire = desk.call("house_fire", landmark)
    crew = next(each for each in fire["assignments"] if each["agency_id"] == "damkar")
    path = f"/api/incidents/{fire['id']}/assignments/{crew['id']}/status"
    for status in ("acknowledged", "en_route"):
        desk(path, {"status": status})
    desk(path, {"status": "on_scene", "occurred_at": SystemClock().now()})
    return desk.get(f"/api/incidents/{fire['id']}")


def _opens(page: Page, stack: StackProcess, username: str, incident: Any, language: str = "") -> Page:
    _sign_in(page, stack, username)
    page.goto(f"{stack.url}/{language}incident.html?id={incident['id']}")
    expect(page.locator(".k-assignment").first).to_be_visible()
    return page


def _arrived(incident: Any) -> Any:
    return next(each for each in incident["assignments"] if each["status"] == "on_scene")


def test_a_supervisor_puts_an_arrival_right_by_keyboard_and_both_times_stand_there(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    fire = _fire(stack, "Jalan Cilik Riwut")
    page = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _opens(page, stack, "supervisor", fire)
    crew = page.locator(".k-assignment", has_text=_arrived(fire)["callsign"])
    expect(crew.locator(".k-told:visible")).to_have_text("waktu menurut laporan")
    link = crew.locator(".k-step", has_text="Tiba").get_by_role("button")
    page.screenshot(path=pictures / "right-links.png")
    link.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    when = dialog.get_by_label("Yang benar")
    expect(when).to_be_focused()
    dialog.get_by_role("button", name="Betulkan").click()
    expect(dialog.get_by_role("alert")).to_have_text("Sudah demikian.")
    requested = _arrived(fire)["milestones"]["requested"]
    before = times.local_clock(times.plus(requested, -3600), 7)
    when.fill(before)
    dialog.get_by_label("Alasan").fill("Radio mencatat lebih awal")
    page.screenshot(path=pictures / "right-dialog.png")
    dialog.get_by_role("button", name="Betulkan").click()
    expect(dialog.get_by_role("alert")).to_contain_text("melanggar urutan")
    dialog.get_by_label("Urutannya memang begitu").check()
    dialog.get_by_role("button", name="Betulkan").click()
    expect(dialog).to_be_hidden()
    was = crew.locator(".k-was")
    expect(was).to_contain_text("semula")
    expect(was).to_contain_text("Radio mencatat lebih awal")
    expect(crew.locator(".k-step", has_text="Tiba").locator("b")).to_contain_text(before)
    page.screenshot(path=pictures / "right-done.png", full_page=True)
    for name, options in (
        ("right-done-dark.png", {"viewport": DESKTOP, "locale": "id-ID", "color_scheme": "dark"}),
        ("right-done-phone.png", {"viewport": PHONE, "locale": "id-ID"}),
        ("right-done-en.png", {"viewport": DESKTOP, "locale": "en-GB"}),
    ):
        other = complaints.listen(browser.new_page(**options))  # type: ignore[arg-type]
        _opens(other, stack, "supervisor", fire, "en/" if name.endswith("en.png") else "")
        expect(other.locator(".k-was").first).to_be_visible()
        must_fit(other)
        other.screenshot(path=pictures / name, full_page=True)


def test_an_agency_asks_and_the_supervisor_declines_with_a_word(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    fire = _fire(stack, "Gang Melati")
    agency = complaints.listen(browser.new_page(viewport=PHONE, locale="id-ID"))
    _opens(agency, stack, "admin_damkar", fire)
    agency.locator(".k-step", has_text="Tiba").get_by_role("button", name="minta dibetulkan").click()
    dialog = agency.get_by_role("dialog")
    at = times.parse(times.plus(_arrived(fire)["milestones"]["on_scene"], -1))
    dialog.get_by_label("Yang benar").fill(at.astimezone(times.zone(7)).strftime("%H:%M:%S"))
    dialog.get_by_label("Alasan").fill("Kru lupa menekan")
    agency.screenshot(path=pictures / "right-ask-phone.png")
    dialog.get_by_role("button", name="Minta ke pengawas").click()
    expect(agency.locator(".k-asked")).to_contain_text("Kru lupa menekan")
    desk = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(desk, stack, "supervisor")
    desk.goto(f"{stack.url}/board.html")
    expect(desk.locator(".k-asked-notice a")).to_be_visible()
    desk.screenshot(path=pictures / "right-board.png")
    desk.locator(".k-asked-notice a").click()
    asked = desk.locator(".k-asked")
    expect(asked).to_contain_text("Kru lupa menekan")
    desk.screenshot(path=pictures / "right-asked.png")
    asked.get_by_role("button", name="Biarkan").click()
    answer = desk.get_by_role("dialog")
    answer.get_by_label("Jawaban untuk yang meminta").fill("Rekaman berkata lain")
    answer.get_by_role("button", name="Biarkan").click()
    expect(asked).to_have_count(0)
    expect(agency.locator(".k-note", has_text="Rekaman berkata lain")).to_be_visible()


def test_a_cancelled_incident_is_taken_back_up_with_the_crew_that_is_ticked(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    desk = Desk(stack)
    call = desk.call("brawl", "Terminal lama")
    crew = call["assignments"][0]
    desk(f"/api/incidents/{call['id']}/cancel", {"reason": "Salah kejadian"})
    page = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _opens(page, stack, "operator", call)
    page.get_by_role("button", name="Buka kembali").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("regu yang ditarik").check()
    dialog.get_by_label(crew["callsign"]).check()
    dialog.get_by_label("Alasan").fill("Salah batal")
    page.screenshot(path=pictures / "right-take-up.png")
    dialog.get_by_role("button", name="Buka kembali").click()
    expect(dialog).to_be_hidden()
    expect(page.locator(".k-timeline").get_by_text("dipanggil lagi: kejadian berlaku")).to_be_visible()


def test_an_incident_ends_as_the_same_as_another_and_leads_there(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    desk = Desk(stack)
    stays, double = desk.call("theft", "Toko emas"), desk.call("theft", "Toko emas Jaya")
    page = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _opens(page, stack, "operator", double)
    page.get_by_role("button", name="Sama dengan lain").click()
    dialog = page.get_by_role("dialog")
    dialog.locator("label", has_text=stays["label"]).click()
    dialog.get_by_label("Alasan").fill("Dua penelepon, satu kejadian")
    page.screenshot(path=pictures / "right-duplicate.png")
    dialog.get_by_role("button", name="Akhiri karena sama").click()
    expect(dialog).to_be_hidden()
    page.get_by_role("link", name=stays["label"]).click()
    expect(page.locator(".k-notice", has_text="Juga dicatat sebagai")).to_contain_text(double["label"])
