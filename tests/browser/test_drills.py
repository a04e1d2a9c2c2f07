"""A paging drill in a browser: seen before it starts, watched while answers come in, read when it is over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Complaints, must_fit, own_menu
from tests.browser.test_main_job import DESKTOP, PHONE, _sign_in
from tests.stack_process import StackProcess


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackProcess]:
    """A stack of its own: the other stories have people out and messages on their phones."""
    with StackProcess(tmp_path_factory.mktemp("drills") / "data") as running:
        yield running


def links(stack: StackProcess) -> list[str]:
    """The links of every message so far, as the phones would open them."""
    found = (re.search(r"/r/\S+", message["body"]) for message in stack.messages())
    return [stack.url + link[0] for link in found if link]


def test_an_officer_starts_a_drill_watches_the_answers_and_reads_the_result(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    officer = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(officer, stack, "supervisor")
    officer.goto(f"{stack.url}/drills.html")
    expect(officer.get_by_text("Belum pernah ada latihan.")).to_be_visible()
    officer.screenshot(path=pictures / "drills-empty.png")
    start = officer.get_by_role("button", name="Mulai latihan…")
    expect(start).to_be_disabled()
    officer.select_option("#agency", "damkar")
    expect(officer.get_by_text("Akan dipanggil sekarang")).to_be_visible()
    names = officer.locator(".k-drill-present li")
    people = names.count()
    assert people > 1
    officer.screenshot(path=pictures / "drills-before.png")
    start.click()
    dialog = officer.get_by_role("dialog")
    officer.screenshot(path=pictures / "drills-dialog.png")
    dialog.get_by_role("button", name=f"Kirim SMS latihan ke {people} orang").click()
    expect(dialog).to_be_hidden()
    one = officer.locator(".k-drill-one")
    expect(one.locator(".k-drill-people li")).to_have_count(people)
    expect(one.locator(".k-drill-running")).to_be_visible()
    expect(one.get_by_text("terkirim", exact=True)).to_have_count(people)
    expect(start).to_be_disabled()

    assert all("LATIHAN" in message["body"] for message in stack.messages())
    phone = complaints.listen(browser.new_page(viewport=PHONE, locale="id-ID"))
    phone.goto(links(stack)[0])
    expect(phone.get_by_role("heading", name="Latihan pemanggilan")).to_be_visible()
    phone.screenshot(path=pictures / "drill-link.png")
    phone.get_by_role("button", name="Saya terima").click()
    expect(phone.get_by_text("Jawaban Anda sudah dicatat.")).to_be_visible()
    phone.screenshot(path=pictures / "drill-link-answered.png")
    expect(one.get_by_text(f"1 dari {people} menjawab")).to_be_visible()
    expect(one.locator(".k-answer-answered")).to_have_text(re.compile("setelah .* (detik|menit)"))
    officer.screenshot(path=pictures / "drills-running.png", full_page=True)

    one.get_by_role("button", name="Akhiri sekarang…").click()
    dialog.get_by_role("button", name="Akhiri latihan").click()
    expect(one.get_by_text("selesai", exact=True)).to_be_visible()
    expect(one.get_by_text("tidak menjawab", exact=True)).to_have_count(people - 1)
    expect(one.locator(".k-drill-people li").last.locator(".k-answer-answered")).to_be_visible()
    officer.screenshot(path=pictures / "drills-ended.png", full_page=True)
    phone.goto(links(stack)[1])
    phone.get_by_role("button", name="Saya terima").click()
    expect(phone.get_by_text("dicatat sebagai terlambat")).to_be_visible()
    phone.screenshot(path=pictures / "drill-link-late.png")
    expect(one.get_by_text("1 jawaban datang terlambat")).to_be_visible(timeout=60_000)
    officer.set_viewport_size(PHONE)
    must_fit(officer)
    officer.screenshot(path=pictures / "drills-phone-ended.png", full_page=True)

    officer.goto(f"{stack.url}/board.html")
    expect(officer.get_by_text("Tidak ada kejadian terbuka")).to_be_visible()


def test_an_agency_runs_its_own_drill_on_a_phone_and_readers_watch(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    agency = complaints.listen(browser.new_page(viewport=PHONE, locale="id-ID"))
    _sign_in(agency, stack, "admin_satpolairud")
    agency.goto(f"{stack.url}/drills.html")
    expect(agency.locator("#agency")).to_be_disabled()
    expect(agency.locator(".k-drill-list li")).to_have_count(0)
    agency.screenshot(path=pictures / "drills-phone-before.png", full_page=True)
    agency.get_by_role("button", name="Mulai latihan…").click()
    agency.screenshot(path=pictures / "drills-phone-dialog.png")
    agency.get_by_role("dialog").get_by_role("button", name=re.compile("Kirim SMS latihan")).click()
    expect(agency.locator(".k-drill-one .k-drill-running")).to_be_visible()
    expect(agency.get_by_text("terkirim", exact=True).first).to_be_visible()
    requests.post(links(stack)[-1].replace("/r/", "/api/r/"), json={"status": "acknowledged"}, timeout=60)
    expect(agency.locator(".k-answer-answered")).to_have_count(1)
    agency.screenshot(path=pictures / "drills-phone-running.png", full_page=True)
    must_fit(agency)

    reader = complaints.listen(browser.new_page(viewport=DESKTOP, locale="en-GB"))
    _sign_in(reader, stack, "bupati")
    reader.goto(f"{stack.url}/en/drills.html")
    expect(reader.locator(".k-drill-one .k-drill-running")).to_be_visible()
    expect(reader.get_by_role("button", name="Start the drill…")).to_be_hidden()
    expect(reader.get_by_role("button", name="End it now…")).to_be_hidden()
    reader.screenshot(path=pictures / "drills-reader.png", full_page=True)
    own_menu(reader).get_by_role("button", name="Dark").click()
    reader.screenshot(path=pictures / "drills-dark.png")
