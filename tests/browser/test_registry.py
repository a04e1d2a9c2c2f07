"""The master data as officers keep it, on the real stack: by keyboard, with wrong fields, two at once, and an agency's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, Route, expect

from chalicelib.domain import times
from chalicelib.gateways.clock import SystemClock
from tests.browser.accessible import violations
from tests.browser.conftest import Complaints
from tests.browser.test_main_job import DESKTOP, PHONE, _fill_in_sign_in, _sign_in
from tests.stack_process import StackProcess

WIB = 7
EFFECT = re.compile(r"/effect(\?|$)")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackProcess]:
    """A stack of its own: other stories count its units and people."""
    with StackProcess(tmp_path_factory.mktemp("registry") / "data") as running:
        yield running


def _opens(browser: Browser, stack: StackProcess, complaints: Complaints, user: str, at: str = "") -> Page:
    page = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(page, stack, user)
    page.goto(f"{stack.url}/registry.html{at}")
    expect(page.locator("#reg-list a").first).to_be_visible()
    return page


def _of(stack: StackProcess, path: str) -> dict[str, Any]:
    """What the server has."""
    headers = {"Authorization": f"Bearer {stack.token('admin')}"}
    answer = requests.get(f"{stack.url}/api/registry/{path}", headers=headers, timeout=60)
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found


def _change(stack: StackProcess, path: str, **fields: Any) -> dict[str, Any]:
    """What another officer saves."""
    thing = {**_of(stack, path), **fields}
    version = thing.pop("v")
    headers = {"Authorization": f"Bearer {stack.token('admin')}", "If-Match": f'"{version}"'}
    answer = requests.put(f"{stack.url}/api/registry/{path}", json=thing, headers=headers, timeout=60)
    answer.raise_for_status()
    saved: dict[str, Any] = answer.json()
    return saved


def _add(stack: StackProcess, noun: str, **thing: Any) -> None:
    """What another officer adds."""
    headers = {"Authorization": f"Bearer {stack.token('admin')}"}
    answer = requests.post(f"{stack.url}/api/registry/{noun}", json=thing, headers=headers, timeout=60)
    assert answer.status_code == 201, answer.text


def _shifts_of(stack: StackProcess, agency: str, person: str, at: str) -> list[dict[str, Any]]:
    """Somebody's single shifts on the local day of an instant."""
    day = times.local_day(at, WIB)
    found = _of(stack, f"shifts?agency_id={agency}&date={day}")["items"]
    return [each for each in found if each["person_id"] == person]


def _picks(page: Page, field: str, words: str) -> None:
    """Types into a picker and takes the first that is found, without a mouse."""
    page.locator(f"[id='{field}']").focus()
    page.keyboard.type(words)
    expect(page.locator(f"[id='{field}-list'] [role=option]").first).to_be_visible()
    page.keyboard.press("Enter")


def test_a_boat_is_added_by_keyboard_after_all_that_is_wrong_was_told_at_once(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    page = _opens(browser, stack, complaints, "admin", "#units/+")
    page.keyboard.press("Control+s")
    told = page.locator("#reg-told")
    expect(told).to_be_focused()
    expect(told).to_contain_text("Ada 5 isian yang perlu diperbaiki")
    page.screenshot(path=pictures / "registry-wrong.png")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#callsign")).to_be_focused()
    page.keyboard.type("Perahu Damkar 9")
    _picks(page, "agency_id", "damkar")
    _picks(page, "station_id", "dermaga")
    page.fill("#name", "Perahu karet 40 PK")
    page.get_by_role("checkbox", name="Air", exact=True).press("Space")
    page.locator("#min_crew").fill("dua")
    page.keyboard.press("Control+s")
    expect(told).to_contain_text("Orang paling sedikit: Harus berupa bilangan bulat.")
    page.locator("#min_crew").fill("2")
    page.keyboard.press("Control+s")
    expect(page.get_by_role("status").filter(has_text="Tersimpan: versi 1")).to_be_visible()
    expect(page).to_have_url(re.compile("#units/damkar_perahu_damkar_9$"))
    boat = _of(stack, "units/damkar_perahu_damkar_9")
    assert (boat["station_id"], boat["terrains"], boat["min_crew"]) == ("damkar_dermaga", ["water"], 2)


def test_what_was_told_of_a_new_thing_stays_when_the_lists_come_later(
    browser: Browser, stack: StackProcess, complaints: Complaints
) -> None:
    page = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(page, stack, "admin")
    held: list[Route] = []
    page.route(re.compile("/api/registry/stations$"), lambda route: held.append(route))
    page.goto(f"{stack.url}/registry.html#units/+")
    expect(page.locator("#callsign")).to_be_visible()
    page.keyboard.press("Control+s")
    told = page.locator("#reg-told")
    expect(told).to_contain_text("Ada 5 isian yang perlu diperbaiki")
    for route in held:
        route.continue_()
    expect(page.locator(".k-reg-nouns a[href='#stations'] .k-reg-count")).to_have_text(re.compile(r"\d"))
    expect(told).to_contain_text("Ada 5 isian yang perlu diperbaiki")


def test_a_persons_number_is_typed_as_people_type_and_the_id_says_no_name(
    browser: Browser, stack: StackProcess, complaints: Complaints
) -> None:
    page = _opens(browser, stack, complaints, "admin_damkar", "#personnel/+")
    page.fill("#name", "Rahmadi Noor")
    page.fill("#phone", "0813 4900 4499")
    page.get_by_role("button", name="Tambah: sertifikat").click()
    _picks(page, "certifications[0].certification_id", "air")
    page.keyboard.press("Control+s")
    told = page.locator("#reg-told")
    expect(told).to_contain_text("Sertifikat 1, Berlaku sampai: Ini wajib diisi.")
    told.get_by_role("link").click()
    expect(page.locator("[id='certifications[0].expires_on']")).to_be_focused()
    page.locator("[id='certifications[0].expires_on']").fill("2028-06-30")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Tersimpan: versi 1")).to_be_visible()
    expect(page.locator("#phone")).to_have_value("+6281349004499")
    expect(page).to_have_url(re.compile(r"#personnel/damkar_[0-9a-f]{6}$"))


def test_an_agencys_admin_sees_and_keeps_its_own_and_reads_the_rest(
    browser: Browser, stack: StackProcess, complaints: Complaints
) -> None:
    page = _opens(browser, stack, complaints, "admin_damkar")
    expect(page.get_by_text("Hanya Damkar, sesuai akun Anda")).to_be_visible()
    own = [each for each in _of(stack, "units")["items"] if each["agency_id"] == "damkar"]
    expect(page.locator("#reg-list a")).to_have_count(len(own))
    expect(page.locator(".k-reg-nouns").get_by_text("Akun")).to_have_count(0)
    page.locator(".k-reg-nouns").get_by_role("link", name="Rencana respons").click()
    page.locator("#reg-list a").first.click()
    expect(page.locator("#reg-title")).to_be_focused()
    expect(page.locator("#reg-save")).to_have_count(0)
    expect(page.locator(".k-reg-facts")).to_contain_text("Aturan eskalasi")
    expect(page.get_by_role("button", name="Rencana respons baru")).to_be_hidden()


def test_two_officers_at_once_get_both_versions_and_choose_at_what_both_changed(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    page = _opens(browser, stack, complaints, "admin", "#units/damkar_rescue")
    page.fill("#name", "Rescue dengan dua perahu")
    page.fill("#min_crew", "4")
    expect(page.get_by_text("2 isian diubah")).to_be_visible()
    expect(page.get_by_text("Semula: 2")).to_be_visible()
    saved = _change(stack, "units/damkar_rescue", min_crew=3, callsign="Rescue A")
    page.keyboard.press("Control+s")
    clash = page.locator("#reg-clash")
    expect(clash).to_be_focused()
    expect(clash).to_contain_text("pilih pada 1 isian")
    row = clash.locator("tr").filter(has_text="Orang paling sedikit")
    expect(row.locator("td")).to_have_text([re.compile("2"), re.compile("3"), re.compile("4")])
    page.screenshot(path=pictures / "registry-clash.png")
    page.keyboard.press("Control+s")
    expect(clash).to_contain_text("pilih pada 1 isian")
    assert _of(stack, "units/damkar_rescue")["v"] == saved["v"]
    row.get_by_role("button", name="Pakai punyanya").click()
    page.keyboard.press("Control+s")
    expect(page.get_by_text(f"Tersimpan: versi {saved['v'] + 1}")).to_be_visible()
    unit = _of(stack, "units/damkar_rescue")
    assert (unit["callsign"], unit["min_crew"], unit["name"]) == ("Rescue A", 3, "Rescue dengan dua perahu")


def test_an_earlier_version_is_put_back_as_a_new_one_and_who_did_it_and_why_stays(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    page = _opens(browser, stack, complaints, "admin", "#units/damkar_samuda")
    history = page.locator(".k-reg-history")
    expect(history.locator("li")).to_have_count(1)
    page.fill("#min_crew", "3")
    page.locator("#reg-why").fill("Kurang orang <b>sementara</b>")
    page.keyboard.press("Control+s")
    newest = history.locator("li").first
    expect(newest).to_contain_text("Kurang orang <b>sementara</b>")
    expect(newest).to_contain_text("Administrator (demo)")
    expect(newest).to_contain_text(re.compile(r"Orang paling sedikit:\s*2\s*→\s*3"))
    expect(page.locator("#reg-why")).to_be_hidden()
    page.get_by_role("button", name="Kembalikan versi 1").click()
    expect(page.get_by_text("Semula: 3")).to_be_visible()
    expect(page.locator("#min_crew")).to_have_value("2")
    page.screenshot(path=pictures / "registry-put-back.png")
    page.locator("#reg-save").filter(has_text="Kembalikan versi 1").click()
    expect(newest).to_contain_text("Versi 1 dikembalikan.")
    expect(history.get_by_text("✓ Riwayat utuh")).to_be_visible()
    assert (_of(stack, "units/damkar_samuda")["v"], _of(stack, "units/damkar_samuda")["min_crew"]) == (3, 2)


def test_a_history_that_cannot_be_read_is_no_empty_one(
    browser: Browser, stack: StackProcess, complaints: Complaints
) -> None:
    page = _opens(browser, stack, complaints, "admin")
    versions = re.compile("/api/registry/units/damkar_2/history")
    page.route(versions, lambda route: route.fulfill(status=200, json={}))
    page.locator("#reg-list a").filter(has_text="Damkar 2").click()
    history = page.locator(".k-reg-history")
    expect(history.get_by_role("alert")).to_contain_text("Tidak termuat")
    expect(history.get_by_text("utuh")).to_have_count(0)
    page.unroute(versions)
    history.get_by_role("button", name="Coba lagi").click()
    expect(history.get_by_text("✓ Riwayat utuh")).to_be_visible()
    expect(page.locator("#callsign")).to_be_editable()


def test_before_it_is_saved_an_officer_reads_what_dispatch_would_do_differently(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    page = _opens(browser, stack, complaints, "admin", "#units/polairud_1")
    effect = page.locator(".k-reg-effect")
    expect(effect).to_be_hidden()
    page.get_by_role("button", name="Pensiunkan unit").click()
    expect(effect.locator("tbody tr").first).to_contain_text("Polair 1")
    page.screenshot(path=pictures / "registry-effect.png", full_page=True)
    answer = page.locator("#reg-save").inner_text()
    page.get_by_role("button", name="Batalkan perubahan").click()
    expect(effect).to_be_hidden()
    assert answer == "Bereskan dulu 2 hal"
    # It may fail, and saving is possible all the same.
    page.route(re.compile("/effect$"), lambda route: route.fulfill(status=500, body="no"))
    page.fill("#name", "Kapal patroli C1")
    expect(effect).to_contain_text("Tidak diketahui apa yang berubah")
    page.keyboard.press("Control+s")
    expect(page.get_by_text(re.compile("Tersimpan: versi"))).to_be_visible()


def test_who_is_retired_is_told_what_still_needs_him_and_duties_may_end_with_it(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    page = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(page, stack, "admin")
    held: list[Route] = []
    plans = re.compile("/api/registry/response-plans$")
    page.route(plans, lambda route: held.append(route))
    # Where nobody could tell before, whoever saves is told.
    page.route(EFFECT, lambda route: route.abort())
    page.goto(f"{stack.url}/registry.html#agencies/damkar")
    page.get_by_role("button", name="Pensiunkan instansi").click()
    page.get_by_role("button", name="Simpan dan pensiunkan").click()
    told = page.locator("#reg-told")
    expect(told).to_contain_text("Masih ada yang bergantung padanya")
    # Names come with their lists, whichever is slower.
    for route in held:
        route.continue_()
    page.unroute(plans)
    page.unroute(EFFECT)
    expect(told.get_by_role("link", name="Kebakaran di darat").first).to_be_visible()
    page.screenshot(path=pictures / "registry-depends.png")
    page.get_by_role("button", name="Batalkan perubahan").click()
    expect(page.locator(".k-notice-warn:visible")).to_have_count(0)

    # Whoever stands in a crew must leave that first: its duty goes on, whoever is in it.
    (crew,) = (
        each
        for each in _of(stack, "crews")["items"]
        if "nanang" in (member["person_id"] for member in each["members"])
    )
    page.goto(f"{stack.url}/registry.html#personnel/nanang")
    page.get_by_role("button", name="Pensiunkan orang").click()
    needing = page.locator(".k-reg-hindering")
    expect(needing.get_by_role("link", name=crew["name"])).to_have_attribute("href", f"#crews/{crew['id']}")
    page.get_by_role("button", name="Bereskan dulu 1 hal").click()
    expect(page.locator("#reg-hindering")).to_be_in_viewport()
    expect(told).to_have_count(0)
    page.screenshot(path=pictures / "registry-in-a-crew.png")
    page.get_by_role("button", name="Batalkan perubahan").click()
    assert _of(stack, "personnel/nanang")["retired"] is False

    # Single shifts end with whoever is retired: one that runs, one to come.
    now = SystemClock().now()
    phone = {"phone": "+6281349004488", "demo": True}
    _add(stack, "personnel", id="zulham", agency_id="damkar", name="Zulham Efendi", **phone)
    for id_, hours in (("zulham-kini", -1), ("zulham-nanti", 47)):
        from_, until = times.plus(now, hours * 3600), times.plus(now, (hours + 8) * 3600)
        _add(
            stack,
            "shifts",
            id=id_,
            agency_id="damkar",
            person_id="zulham",
            starts_at=from_,
            ends_at=until,
        )
    page.goto(f"{stack.url}/board.html")
    page.goto(f"{stack.url}/registry.html#personnel/zulham")
    page.get_by_role("button", name="Pensiunkan orang").click()
    expect(needing.locator("li")).to_have_count(2)
    expect(needing).to_contain_text("Giliran ini ikut berakhir")
    page.get_by_role("button", name="Simpan, dan akhiri gilirannya").click()
    expect(page.get_by_text(re.compile("Tersimpan: versi"))).to_be_visible()
    assert _of(stack, "personnel/zulham")["retired"] is True
    assert _shifts_of(stack, "damkar", "zulham", times.plus(now, 47 * 3600)) == []
    (ended,) = _shifts_of(stack, "damkar", "zulham", times.plus(now, -3600))
    assert ended["ends_at"] <= SystemClock().now()
    page.locator("#reg-search").fill("Zulham Efendi")
    expect(page.locator("#reg-list a")).to_have_count(1)  # What is open stays in sight.
    page.goto(f"{stack.url}/registry.html#personnel/budi")
    expect(page.locator("#reg-list a").filter(has_text="Zulham Efendi")).to_have_count(0)
    page.get_by_role("button", name=re.compile("Tampilkan pensiun")).click()
    expect(page.locator("#reg-list a").filter(has_text="Zulham Efendi")).to_contain_text("pensiun")


def test_a_list_that_is_empty_says_so_and_what_to_do(
    browser: Browser, stack: StackProcess, complaints: Complaints
) -> None:
    page = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(page, stack, "admin")
    page.goto(f"{stack.url}/board.html")
    page.route("**/api/registry/holidays", lambda route: route.fulfill(json={"items": []}))
    page.goto(f"{stack.url}/registry.html#holidays")
    expect(page.locator(".k-reg-empty:visible")).to_have_text("Belum ada. Tambahkan yang pertama di atas.")


def test_what_is_typed_outlives_another_thing_a_reload_and_a_network_that_is_gone(
    browser: Browser, stack: StackProcess, complaints: Complaints
) -> None:
    page = _opens(browser, stack, complaints, "admin", "#stations/damkar_baamang")
    page.fill("#name", "Pos Damkar Baamang Hulu")
    page.locator("#reg-list a").filter(has_text="Mako Damkar Sampit").click()
    expect(page.locator("#reg-title")).to_have_text("Mako Damkar Sampit")
    expect(page.locator("#reg-list a").filter(has_text="Pos Damkar Baamang")).to_contain_text(
        "belum disimpan"
    )
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{stack.url}/board.html")
    page.goto(f"{stack.url}/registry.html#stations/damkar_baamang")
    expect(page.locator("#name")).to_have_value("Pos Damkar Baamang Hulu")

    put = re.compile("/api/registry/stations/damkar_baamang")
    page.route(put, lambda route: route.abort())
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Belum diketahui apakah").first).to_be_visible()
    page.unroute(put)
    expect(page.get_by_text(re.compile("Tersimpan: versi 2"))).to_be_visible()
    assert _of(stack, "stations/damkar_baamang")["name"] == "Pos Damkar Baamang Hulu"


def test_two_thousand_people_are_searched_and_walked_through_without_waiting(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    page = _opens(browser, stack, complaints, "admin")
    person = {"v": 1, "agency_id": "damkar", "language": "id", "certifications": [], "demo": True}
    many = [
        {**person, "id": f"p{n}", "name": f"Petugas {n}", "phone": f"+62811{n:07}", "retired": n % 10 == 0}
        for n in range(2000)
    ]
    page.route(re.compile("/api/registry/personnel$"), lambda route: route.fulfill(json={"items": many}))
    page.locator(".k-reg-nouns").locator("a[href='#personnel']").click()
    rows, told = page.locator("#reg-list li"), page.locator(".k-reg-pages [role=status]")
    expect(told).to_have_text("1 sampai 100")
    expect(page.locator(".k-reg-foot")).to_contain_text("1.800 dari 2.000")
    page.keyboard.press("Escape")
    page.locator("#reg-title, #reg-noun").first.click()
    page.keyboard.press("/")
    expect(page.locator("#reg-search")).to_be_focused()
    page.keyboard.type("petugas 1999")
    expect(page.locator("#reg-list a")).to_have_count(1)
    page.fill("#reg-search", "")
    expect(rows).to_have_count(100)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#reg-list a").nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#reg-title")).to_have_text("Petugas 2")
    page.screenshot(path=pictures / "registry-2000.png")


def test_the_list_is_drawn_a_page_at_a_time_and_every_row_is_reached_by_keys_and_by_its_address(
    browser: Browser, stack: StackProcess, complaints: Complaints
) -> None:
    page = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(page, stack, "admin")
    person = {"v": 1, "agency_id": "damkar", "language": "id", "certifications": [], "demo": True}
    many = [
        {**person, "id": f"p{n}", "name": f"Petugas {n:03}", "phone": f"+62811{n:07}"} for n in range(250)
    ]
    page.route(re.compile("/api/registry/personnel$"), lambda route: route.fulfill(json={"items": many}))
    page.goto(f"{stack.url}/registry.html#personnel/p120")
    rows, told = page.locator("#reg-list li"), page.locator(".k-reg-pages [role=status]")
    expect(told).to_have_text("101 sampai 200")
    expect(rows.locator("[aria-current]")).to_have_text(re.compile("Petugas 120"))
    expect(rows.first).to_have_attribute("aria-posinset", "101")
    expect(rows.first).to_have_attribute("aria-setsize", "250")
    rows.last.locator("a").focus()
    page.keyboard.press("ArrowDown")
    expect(told).to_have_text("201 sampai 250")
    expect(rows.first.locator("a")).to_be_focused()
    expect(page.get_by_role("button", name="Berikutnya ›")).to_be_disabled()
    page.keyboard.press("ArrowUp")
    expect(told).to_have_text("101 sampai 200")
    expect(rows.last.locator("a")).to_be_focused()
    page.get_by_role("button", name="‹ Sebelumnya").press("Enter")
    expect(told).to_have_text("1 sampai 100")
    expect(rows.first.locator("a")).to_be_focused()
    assert violations(page) == []


def test_axe_finds_nothing_in_the_forms_of_every_noun_nor_where_something_is_wrong(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    page = _opens(browser, stack, complaints, "admin")
    found: dict[str, list[str]] = {}
    nouns = page.locator(".k-reg-nouns a").evaluate_all("all => all.map(a => a.hash)")
    assert len(nouns) > 12
    for theme in ("light", "dark"):
        page.evaluate(f"document.documentElement.dataset.bsTheme = '{theme}'")
        for noun in nouns:
            page.evaluate(f"location.hash = '{noun}'")
            expect(page.locator(f"#reg-list a[href^='{noun}/']").first).to_be_visible()
            page.locator("#reg-list a").first.click()
            expect(page.locator("#reg-title")).to_be_visible()
            found[f"{noun} {theme}"] = violations(page)
        page.evaluate("location.hash = '#response-plans/+'")
        page.get_by_role("button", name=re.compile("^Tambah: tingkat")).click()
        page.get_by_role("button", name=re.compile("^Tambah: kebutuhan")).click()
        page.keyboard.press("Control+s")
        expect(page.locator("#reg-told")).to_be_focused()
        found[f"wrong {theme}"] = violations(page)
        page.get_by_role("button", name="Batal", exact=True).click()
    assert {where: each for where, each in found.items() if each} == {}


def test_on_a_phone_list_and_form_are_two_views_and_nothing_is_wider_than_the_screen(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    page = complaints.listen(browser.new_page(viewport=PHONE, locale="id-ID"))
    _sign_in(page, stack, "admin")
    page.goto(f"{stack.url}/registry.html")
    page.locator("#reg-list a").filter(has_text="Rescue").first.click()
    expect(page.locator("#reg-list")).to_be_hidden()
    page.fill("#min_crew", "5")
    page.get_by_role("checkbox", name="Darat", exact=True).uncheck()
    expect(page.locator(".k-reg-effect")).to_contain_text("dicoba")
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0
    page.screenshot(path=pictures / "registry-phone.png", full_page=True)
    page.locator(".k-reg-back button").click()
    expect(page.locator("#reg-title")).to_be_hidden()
    expect(page.locator("#reg-list a").filter(has_text="belum disimpan")).to_have_count(1)
    page.locator("#reg-pick").select_option("response-plans")
    page.locator("#reg-list a").first.click()
    expect(page.locator("#reg-title")).to_be_visible()
    assert page.evaluate(wide) <= 0


def test_what_is_typed_outlives_a_sign_in_that_has_ended(
    browser: Browser, stack: StackProcess, complaints: Complaints
) -> None:
    page = _opens(browser, stack, complaints, "admin", "#districts/seranau")
    page.fill("#capital", "Mentaya Seberang Baru")
    page.evaluate(
        """() => { for (const name of Object.keys(sessionStorage)) if (name.startsWith("oidc.user")) {
          const user = JSON.parse(sessionStorage.getItem(name));
          sessionStorage.setItem(name, JSON.stringify({ ...user, id_token: "gone", refresh_token: "gone" }));
        } }"""
    )
    page.keyboard.press("Control+s")
    expect(page.locator("#username")).to_be_visible()
    _fill_in_sign_in(page, stack, "admin")
    expect(page).to_have_url(re.compile("registry.html#districts/seranau$"))
    expect(page.locator("#capital")).to_have_value("Mentaya Seberang Baru")
    page.keyboard.press("Control+s")
    expect(page.get_by_text(re.compile("Tersimpan: versi"))).to_be_visible()
