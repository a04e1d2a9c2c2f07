"""An officer makes a village volunteer crew from nothing, on pages alone, until a paging drill reaches its phones; its boat breaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessible import violations
from tests.browser.conftest import Complaints
from tests.browser.test_coming import Desk
from tests.browser.test_main_job import DESKTOP, _sign_in
from tests.browser.test_sheets import pastes
from tests.stack_process import StackProcess

AGENCY, BOAT = "Relawan Mentaya", "Relawan 1"
PEOPLE = ("Budi Relawan", "Siti Mariam", "Anang Jaya", "Dewi Relawan", "Rudi Hartono", "Yanti")
LISTED = "\n".join(
    [
        "No\tNama\tNo. HP\tSertifikat",
        *(
            f"{number}\t{name}\t0812500001{number:02d}\t{'SAR AIR (Des 2027)' if number < 4 else ''}"
            for number, name in enumerate(PEOPLE, start=1)
        ),
    ]
)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackProcess]:
    """A stack of its own: other stories count its agencies and people."""
    with StackProcess(tmp_path_factory.mktemp("walk") / "data") as running:
        yield running


def begins(page: Page, url: str, noun: str) -> None:
    page.goto(f"{url}/registry.html#{noun}/+")
    page.reload()
    expect(page.locator("#starting")).to_have_count(0)
    expect(page.locator("#reg-save")).to_be_visible()


def picks(page: Page, field: str, words: str) -> None:
    page.locator(f"[id='{field}']").fill(words)
    page.locator(f"[id='{field}-list'] [role=option]", has_text=words).first.click()


def fills(page: Page, **texts: str) -> None:
    for field, text in texts.items():
        page.locator(f"[id='{field}']").fill(text)


def saves(page: Page) -> None:
    page.locator("#reg-save").click()
    expect(page.get_by_text("Tersimpan: versi 1.")).to_be_visible()


def brings_in_people(page: Page, url: str) -> None:
    page.goto(f"{url}/sheets.html")
    expect(page.locator("#starting")).to_have_count(0)
    page.get_by_label("Instansi untuk baris yang tidak menyebutnya").select_option(label=AGENCY)
    pastes(page, LISTED)
    # The list says SAR AIR, which nobody knows here: it is asked once for all three.
    page.locator(".k-sheets-preview select:visible").first.select_option(label="Penyelamatan di air")
    page.get_by_role("button", name="Impor 6").click()
    expect(page.get_by_text("Diimpor: 6 baru")).to_be_visible()


def makes_the_crew(page: Page, url: str) -> None:
    """Agency, station, boat, people; who is on duty; and what they are sent to."""
    begins(page, url, "agencies")
    fills(page, short_name=AGENCY, name="Relawan Penyelamat Sungai Mentaya", phone="0812 5000 0100")
    saves(page)
    begins(page, url, "stations")
    fills(page, name="Pos Relawan Mentaya", lat="-2.53, 112.95")
    picks(page, "agency_id", AGENCY)
    picks(page, "district_id", "Baamang")
    saves(page)
    begins(page, url, "units")
    fills(page, callsign=BOAT, name="Perahu karet 1", min_crew="2")
    picks(page, "agency_id", AGENCY)
    picks(page, "station_id", "Pos Relawan Mentaya")
    page.get_by_label("Air", exact=True).check()
    page.get_by_text("8 lainnya").click()
    page.get_by_label("Penyelamatan di air").first.check()
    saves(page)
    brings_in_people(page, url)
    begins(page, url, "crews")
    fills(page, name="Regu Relawan")
    picks(page, "agency_id", AGENCY)
    picks(page, "unit_id", BOAT)
    for number, name in enumerate(PEOPLE):
        page.get_by_role("button", name="Tambah: anggota").click()
        picks(page, f"members[{number}].person_id", name)
        page.locator(f"[id='members[{number}].since']").fill("2026-01-01")
    saves(page)
    begins(page, url, "shift-codes")
    fills(page, code="S", name="Siaga 24 jam", starts="07:00", ends="07:00")
    picks(page, "agency_id", AGENCY)
    page.locator("#readiness").select_option(label="Siaga dari rumah")
    page.locator("#turn").select_option(label="Utama")
    saves(page)
    begins(page, url, "duty-patterns")
    fills(page, name="Siaga tiap hari", cycle="S", since="2026-01-01")
    picks(page, "agency_id", AGENCY)
    page.get_by_role("button", name="Tambah: regu").click()
    picks(page, "crews[0].crew_id", "Regu Relawan")
    page.locator("[id='crews[0].anchor']").fill("2026-01-01")
    saves(page)


def makes_the_plan(page: Page, url: str) -> None:
    begins(page, url, "response-plans")
    fills(page, **{"label.id": "Tenggelam di Baamang", "label.en": "Drowning in Baamang"})
    picks(page, "type_id", "Orang tenggelam")
    page.get_by_text("11 lainnya").click()
    page.get_by_label("Baamang", exact=True).check()
    picks(page, "policy_id", "Segera")
    page.get_by_role("button", name="Tambah: tingkat alarm").click()
    page.get_by_role("button", name="Tambah: kebutuhan").click()
    picks(page, "levels[0].needs[0].agencies+", AGENCY)
    picks(page, "levels[0].needs[0].capability", "Penyelamatan di air")
    saves(page)


def calls_a_drill(page: Page, url: str) -> None:
    page.goto(f"{url}/drills.html")
    expect(page.locator("#starting")).to_have_count(0)
    page.locator("#agency").select_option(label=AGENCY)
    expect(page.get_by_text(PEOPLE[0])).to_be_visible()
    page.get_by_role("button", name="Mulai latihan").click()
    page.get_by_role("dialog").get_by_role("button", name="Kirim SMS latihan ke 6 orang").click()
    expect(page.get_by_text("0 dari 6 menjawab").first).to_be_visible()
    expect(page.locator(".k-drill-people").get_by_text("terkirim")).to_have_count(6)


@pytest.fixture(scope="module")
def volunteers(browser: Browser, stack: StackProcess) -> str:
    """The village's crew, made on pages; its agency's name."""
    complaints = Complaints()
    page = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(page, stack, "admin")
    makes_the_crew(page, stack.url)
    makes_the_plan(page, stack.url)
    page.context.close()
    assert [each for each in complaints if "Failed to load resource" not in each] == []
    return AGENCY


def test_a_volunteer_crew_is_made_from_nothing_until_a_drill_reaches_its_phones(
    browser: Browser, stack: StackProcess, volunteers: str, complaints: Complaints
) -> None:
    page = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(page, stack, "admin")
    calls_a_drill(page, stack.url)
    called = {each["number"] for each in stack.messages() if volunteers in each["body"]}
    assert called == {f"+62812500001{number:02d}" for number in range(1, 7)}


def opens(page: Page, stack: StackProcess, noun: str, name: str) -> None:
    page.goto(f"{stack.url}/registry.html#{noun}")
    expect(page.locator("#starting")).to_have_count(0)
    page.locator("#reg-search").fill(name)
    page.locator("#reg-list").get_by_text(name, exact=True).click()
    expect(page.locator("#reg-title")).to_have_text(name)


def goes_to(page: Page, needing: str, waiting: str) -> None:
    page.locator(".k-reg-hindering").get_by_role("link", name=needing).click()
    expect(page.locator("#reg-title")).to_have_text(needing)
    expect(page.locator(".k-reg-form")).to_contain_text(f"{waiting} menunggu ini.")


def comes_back(page: Page, waiting: str) -> None:
    page.locator("#reg-save").click()
    expect(page.get_by_text("Tersimpan: versi 2.")).to_be_visible()
    page.get_by_role("link", name=f"Kembali ke {waiting}").click()
    expect(page.locator("#reg-title")).to_have_text(waiting)


def test_a_broken_boat_is_retired_once_all_that_needs_it_is_put_right(
    browser: Browser, stack: StackProcess, volunteers: str, complaints: Complaints, pictures: Path
) -> None:
    desk = Desk(stack)
    place = {"district": "baamang", "landmark": "Dermaga Baamang"}
    drowning = desk.call("drowning", "Dermaga Baamang", location=place)
    (out,) = [each for each in drowning["assignments"] if each["agency_id"] == "relawan_mentaya"]
    page = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(page, stack, "admin")
    opens(page, stack, "units", BOAT)
    page.get_by_role("button", name="Pensiunkan unit").click()
    needing = page.locator(".k-reg-hindering")
    save = page.locator("#reg-save")
    expect(needing.locator("li")).to_have_count(3)
    expect(needing).to_contain_text("3 hal masih membutuhkannya. Bereskan dulu:")
    # The button does not offer what would be refused: it leads to what must be put right.
    expect(save).to_have_text("Bereskan dulu 3 hal")
    save.click()
    expect(page.locator("#reg-hindering")).to_be_focused()
    expect(page.locator("#reg-told")).to_have_count(0)
    assert violations(page) == []
    page.screenshot(path=pictures / "hindering.png", full_page=True)

    goes_to(page, "Regu Relawan", BOAT)
    expect(page.locator("#unit_id")).to_be_focused()
    page.screenshot(path=pictures / "hindering-crew.png", full_page=True)
    page.locator("#unit_id").fill("")
    comes_back(page, BOAT)
    expect(save).to_have_text("Bereskan dulu 2 hal")

    goes_to(page, "Tenggelam di Baamang", BOAT)
    page.get_by_role("button", name=f"Hapus {AGENCY}").click()
    picks(page, "levels[0].needs[0].agencies+", "Satpolairud")
    comes_back(page, BOAT)
    expect(save).to_have_text("Bereskan dulu 1 hal")

    with page.expect_popup() as opened:
        needing.get_by_role("link", name=re.compile("Orang tenggelam")).click()
    opened.value.wait_for_url(re.compile(f"incident.html\\?id={drowning['id']}"))
    desk(f"/api/incidents/{drowning['id']}/assignments/{out['id']}/status", {"status": "cleared"})
    opened.value.close()
    save.click()
    expect(needing).to_be_hidden()
    expect(save).to_have_text("Simpan dan pensiunkan")
    save.click()
    expect(page.get_by_text("Tersimpan: versi 2.")).to_be_visible()
    expect(page.locator("#reg-told")).to_have_count(0)
