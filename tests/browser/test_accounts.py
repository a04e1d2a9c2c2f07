"""An officer keeps accounts on their page, and whoever is invited comes in by the sign-in page, until they are out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.accessible import violations
from tests.browser.conftest import Complaints, must_fit
from tests.browser.test_main_job import DESKTOP, PHONE, _sign_in
from tests.stack_process import StackProcess

OWN = "Kata-Sandi-Sendiri-1"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackProcess]:
    """A stack of its own: other stories sign in by its accounts."""
    with StackProcess(tmp_path_factory.mktemp("accounts") / "data") as running:
        yield running


def _opens(
    browser: Browser, stack: StackProcess, complaints: Complaints, user: str = "admin", at: str = ""
) -> Page:
    page = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(page, stack, user)
    page.goto(f"{stack.url}/accounts.html{at}")
    expect(page.locator("#starting")).to_have_count(0)
    expect(page.locator("#acc-list a").first).to_be_visible()
    return page


def _invites(page: Page, name: str, role: str = "", agency: str = "") -> str:
    """Invite somebody; the temporary password, which is shown this once."""
    page.locator("#acc-new").click()
    expect(page.locator("#acc-title")).to_have_text("Undang seseorang")
    page.fill("#acc-name", name)
    if role:
        page.select_option("#acc-role", label=role)
    if agency:
        page.select_option("#acc-agency", label=agency)
    page.locator("#acc-save").click()
    expect(page.locator("#acc-handed")).to_be_focused()
    return page.locator("#acc-password").inner_text()


def _enters(page: Page, stack: StackProcess, login: str, password: str) -> None:
    page.goto(f"{stack.url}/index.html")
    page.click("#sign-in")
    page.fill("#username", login)
    page.fill("#password", password)
    page.click("button[type=submit]")


def test_an_agencys_admin_is_invited_signs_in_sees_the_own_agency_and_is_out_at_the_next_request(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    page = _opens(browser, stack, complaints)
    page.locator("#acc-new").click()
    page.locator("#acc-save").click()
    expect(page.locator("#acc-name-error")).to_be_visible()
    expect(page.locator("#acc-name")).to_be_focused()
    page.screenshot(path=pictures / "accounts-wrong.png")
    password = _invites(page, "Rudi Hartono, S.Sos.", "Admin instansi", "Damkar")
    expect(page.locator("#acc-handed")).to_contain_text("rudi.hartono")
    page.screenshot(path=pictures / "accounts-handed.png")
    assert password not in page.url

    # Whose page throws once he is refused.
    rudi = browser.new_page(viewport=DESKTOP, locale="id-ID")
    _enters(rudi, stack, "rudi.hartono", password)
    expect(rudi.get_by_text("Buat kata sandi baru").first).to_be_visible()
    rudi.screenshot(path=pictures / "accounts-new-password.png")
    rudi.fill("#new_password", OWN)
    rudi.fill("#confirm_password", OWN)
    rudi.click("button[type=submit]")
    rudi.wait_for_url(re.compile("registry\\.html"))
    rudi.goto(f"{stack.url}/registry.html#units")
    expect(rudi.locator("#reg-list a").first).to_be_visible()
    expect(rudi.locator("#reg-list")).not_to_contain_text("Ambulans")
    rudi.goto(f"{stack.url}/accounts.html")
    expect(rudi.locator("#acc-list a")).to_have_count(2)
    expect(rudi.locator("#acc-list")).not_to_contain_text("Administrator")

    # His page is open; what is read next is refused.
    page.locator("#acc-put-away").click()
    expect(page.locator("#acc-handed")).to_have_count(0)
    page.reload()
    expect(page.get_by_text(password)).to_have_count(0)
    expect(page.locator(".k-reg-title")).to_contain_text("Aktif")
    page.locator("[data-act=disable]").click()
    page.fill("#acc-act-why", "Pindah tugas")
    page.screenshot(path=pictures / "accounts-disabling.png")
    page.locator("#acc-act").click()
    expect(page.locator(".k-reg-title")).to_contain_text("Dinonaktifkan")
    with rudi.expect_response(re.compile("/api/accounts/[^/]+$")) as refused:
        rudi.locator("#acc-list a").first.click()
    assert refused.value.status == 403
    rudi.reload()
    expect(rudi.locator("#starting-failure")).to_contain_text("belum terdaftar")
    again = browser.new_page(viewport=DESKTOP, locale="id-ID")
    _enters(again, stack, "rudi.hartono", OWN)
    expect(again.get_by_text("Akun ini dinonaktifkan.")).to_be_visible()
    page.screenshot(path=pictures / "accounts-disabled.png")
    page.get_by_role("link", name="Riwayat akun ini").click()
    expect(page.locator(".k-reg-versions")).to_contain_text("Pindah tugas")
    # An account without a sign-in would be nobody's.
    expect(page.get_by_role("button", name="Akun baru")).to_have_count(0)
    expect(page.locator("#reg-remove")).to_have_count(0)
    page.locator(".k-reg-head").get_by_role("link", name="Undang").click()
    expect(page.locator("#acc-list a").first).to_be_visible()


def test_what_somebody_did_last_is_said_and_nobody_disables_themselves(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    page = _opens(browser, stack, complaints)
    _invites(page, "Sari Wulandari")
    page.get_by_role("link", name="Administrator").first.click()
    facts = page.locator(".k-acc-facts")
    expect(facts).to_contain_text("di data induk")
    expect(page.locator("[data-act=password]")).to_be_visible()
    expect(page.locator("[data-act=disable]")).to_have_count(0)
    page.screenshot(path=pictures / "accounts-own.png")


def test_a_new_password_is_asked_for_once_with_what_comes_of_it(
    browser: Browser, stack: StackProcess, complaints: Complaints
) -> None:
    page = _opens(browser, stack, complaints)
    first = _invites(page, "Budi Santoso")
    page.locator("[data-act=password]").click()
    expect(page.locator(".k-acc-asking")).to_contain_text("dikeluarkan")
    page.locator("#acc-act").click()
    expect(page.locator("#acc-handed")).to_be_visible()
    expect(page.locator("#acc-password")).not_to_have_text(first)


def test_another_role_is_saved_over_what_somebody_else_saved_meanwhile_only_after_a_look(
    browser: Browser, stack: StackProcess, complaints: Complaints
) -> None:
    page = _opens(browser, stack, complaints)
    _invites(page, "Tono")
    other = _opens(browser, stack, complaints, at=f"#{page.url.partition('#')[2]}")
    expect(other.locator("#acc-name")).to_have_value("Tono")
    page.fill("#acc-name", "Tono Raharjo")
    page.locator("#acc-save").click()
    expect(page.get_by_text("Tersimpan: versi 2.")).to_be_visible()
    other.select_option("#acc-role", label="Pengawas")
    other.locator("#acc-save").click()
    expect(other.get_by_text("Sementara itu ada yang mengubahnya")).to_be_visible()
    # What was not changed here is theirs.
    expect(other.locator("#acc-name")).to_have_value("Tono Raharjo")
    other.locator("#acc-save").click()
    expect(other.get_by_text("Tersimpan: versi 3.")).to_be_visible()
    expect(other.locator("#acc-title")).to_have_text("Tono Raharjo")


def test_while_the_sign_in_service_is_away_the_page_says_so_and_disables_all_the_same(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    page = _opens(browser, stack, complaints)

    def unknown(route: Route) -> None:
        answer = route.fetch()
        body = answer.json()
        body["known"] = False
        for each in body["accounts"]:
            each["sign_in"] = None
        route.fulfill(json=body)

    page.route(re.compile("/api/accounts$"), unknown)
    page.route(re.compile("/api/accounts/[^/]+$"), lambda route: route.abort())
    page.reload()
    expect(page.get_by_text("siapa yang dapat masuk tidak diketahui")).to_be_visible()
    page.get_by_role("link", name="Operator").first.click()
    expect(page.locator(".k-reg-title")).to_contain_text("Cara masuk tidak diketahui")
    expect(page.locator("[data-act]")).to_have_count(1)
    expect(page.locator("[data-act=disable]")).to_be_visible()
    page.screenshot(path=pictures / "accounts-unknown.png")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_holds_at_every_width_and_axe_finds_nothing(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path, theme: str
) -> None:
    page = _opens(browser, stack, complaints)
    page.evaluate(f"document.documentElement.dataset.bsTheme = '{theme}'")
    page.get_by_role("link", name="Operator").first.click()
    expect(page.locator(".k-acc-facts")).to_contain_text("Nama pengguna")
    expect(page.locator(".k-acc-facts")).not_to_contain_text("Mohon tunggu")
    for name, width in (("1440", 1440), ("1280", 1280), ("390", 390)):
        page.set_viewport_size({"width": width, "height": 900})
        must_fit(page)
        page.screenshot(path=pictures / f"accounts-{name}-{theme}.png", full_page=True)
        assert violations(page) == []
    page.locator(".k-reg-back button").click()
    must_fit(page)
    page.screenshot(path=pictures / f"accounts-list-390-{theme}.png")
    page.locator("#acc-new").click()
    expect(page.locator("#acc-login")).to_be_visible()
    must_fit(page)
    page.screenshot(path=pictures / f"accounts-new-390-{theme}.png", full_page=True)
    assert violations(page) == []
    page.set_viewport_size(DESKTOP)
    page.screenshot(path=pictures / f"accounts-new-1440-{theme}.png", full_page=True)
    page.goto(f"{stack.url}/en/accounts.html")
    expect(page.get_by_role("heading", name="Accounts")).to_be_visible()
    page.set_viewport_size(PHONE)
    must_fit(page)
