"""An incident that is over in a browser: its caller's number is masked, who looks is told, and a hold keeps everything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import requests
from playwright.sync_api import Browser, Page, expect

from chalicelib.gateways.clock import SystemClock
from tests.browser.conftest import Complaints, must_fit
from tests.browser.test_main_job import DESKTOP, PHONE, _sign_in
from tests.stack_process import StackProcess

CALLER = "+6281298765432"


def _an_ended_incident(stack: StackProcess, caller: str = CALLER) -> str:
    def post(path: str, body: dict[str, Any]) -> Any:
        headers = {"Authorization": f"Bearer {stack.token('operator')}", "Idempotency-Key": f"{caller}{path}"}
        answer = requests.post(f"{stack.url}{path}", json=body, headers=headers, timeout=60)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    place = {"district": "baamang", "village": "Baamang Hulu", "landmark": "Gang Mawar 7"}
    incident = {"type": "house_fire", "location": place, "narrative": "Api dari dapur", "drill": True}
    call = {"number": caller, "channel": "phone", "class": "emergency", "received_at": SystemClock().now()}
    id_ = str(post("/api/calls", {**call, "incident": incident})["incident"]["id"])
    post(f"/api/incidents/{id_}/cancel", {"reason": "Latihan selesai"})
    return id_


def _opens(page: Page, stack: StackProcess, id_: str, language: str = "") -> None:
    page.goto(f"{stack.url}/{language}incident.html?id={id_}")
    expect(page.get_by_text("…432")).to_be_visible()


def test_the_numbers_of_what_is_over_are_shown_to_whom_the_timeline_names_and_a_hold_keeps_all(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    id_ = _an_ended_incident(stack)
    operator = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(operator, stack, "operator")
    _opens(operator, stack, id_)
    expect(operator.get_by_role("button", name="Penahanan hukum…")).to_be_hidden()
    operator.get_by_role("button", name="Tampilkan nomor").click()
    expect(operator.get_by_text(CALLER)).to_be_visible()
    expect(operator.get_by_role("button", name="Tampilkan nomor")).to_be_hidden()
    expect(operator.locator(".k-timeline li").first).to_contain_text("Melihat nomor penelepon")
    operator.screenshot(path=pictures / "revealed.png", full_page=True)

    supervisor = complaints.listen(browser.new_page(viewport=PHONE, locale="id-ID"))
    _sign_in(supervisor, stack, "supervisor")
    _opens(supervisor, stack, id_)
    supervisor.get_by_role("button", name="Penahanan hukum…").click()
    supervisor.get_by_role("button", name="Tahan", exact=True).click()
    expect(supervisor.locator(".k-dialog .k-notice-bad")).to_be_visible()
    supervisor.fill("#dialog-text", "Perkara di PN Sampit")
    supervisor.screenshot(path=pictures / "hold-phone.png")
    supervisor.get_by_role("button", name="Tahan", exact=True).click()
    expect(supervisor.get_by_text("Ditahan untuk perkara hukum sejak")).to_be_visible()
    expect(supervisor.get_by_role("button", name="Cabut penahanan hukum…")).to_be_visible()
    must_fit(supervisor)
    supervisor.screenshot(path=pictures / "held-phone.png", full_page=True)
    _opens(supervisor, stack, id_, "en/")
    expect(supervisor.get_by_role("button", name="Show the numbers")).to_be_visible()
    expect(supervisor.locator(".k-timeline li").first).to_contain_text("Put under a legal hold")
    supervisor.get_by_role("button", name="Lift the legal hold…").click()
    supervisor.fill("#dialog-text", "Selesai")
    supervisor.get_by_role("button", name="Lift", exact=True).click()
    expect(supervisor.locator(".k-timeline li").first).to_contain_text("Legal hold lifted")
    must_fit(supervisor)
    supervisor.screenshot(path=pictures / "lifted-phone-en.png", full_page=True)


def test_the_admin_hands_a_person_their_data_and_erases_them(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    id_ = _an_ended_incident(stack, "+6281298765433")
    admin = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(admin, stack, "admin")
    admin.get_by_role("link", name="Akuntabilitas").click()
    admin.get_by_role("link", name="Data pribadi").click()
    admin.locator("#main").get_by_role("button", name="Cari").click()
    expect(admin.locator(".k-error:visible")).to_have_count(2)
    admin.fill("#number", "0812-9876-5433")
    admin.fill("#reason", "Surat 17/2026 <b>tebal</b>")
    admin.locator("#main").get_by_role("button", name="Cari").click()
    expect(admin.get_by_text("1 panggilan", exact=True)).to_be_visible()
    with admin.expect_download() as download:
        admin.get_by_role("button", name="Simpan sebagai berkas").click()
    handed = json.loads(Path(download.value.path()).read_text())
    assert (handed["calls"][0]["landmark"], handed["calls"][0]["incident_id"]) == ("Gang Mawar 7", id_)
    expect(admin.locator(".k-timeline li")).to_contain_text("Surat 17/2026 <b>tebal</b>")
    admin.screenshot(path=pictures / "privacy.png", full_page=True)
    admin.set_viewport_size(PHONE)
    must_fit(admin)
    admin.screenshot(path=pictures / "privacy-phone.png", full_page=True)
    admin.get_by_role("button", name="Hapus…").click()
    admin.screenshot(path=pictures / "privacy-erase-phone.png")
    admin.get_by_role("button", name="Hapus", exact=True).click()
    expect(admin.get_by_text("Dihapus di 1 kejadian")).to_be_visible()
    admin.locator("#main").get_by_role("button", name="Cari").click()
    expect(admin.get_by_text("Tidak ada data tentang nomor ini.")).to_be_visible()
    expect(admin.locator(".k-timeline li")).to_have_count(3)
    admin.goto(f"{stack.url}/en/incident.html?id={id_}")
    expect(admin.get_by_text("Personal data erased on request")).to_be_visible()
    expect(admin.locator(".k-call-line .k-number").first).to_have_text("erased")
    admin.screenshot(path=pictures / "erased-incident-phone-en.png", full_page=True)
