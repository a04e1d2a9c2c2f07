"""An officer brings a month's roster in as the agency has it, answers what is asked, puts it into the draft, and takes it back."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessible import violations
from tests.browser.conftest import Complaints
from tests.browser.test_main_job import DESKTOP, PHONE, _sign_in
from tests.browser.test_sheets import READ_MS, pastes
from tests.stack_process import StackProcess
from tests.support.workbooks import saved

FILE = "roster-file.html?month=2027-01"
WEEKDAYS = ("Jum", "Sab", "Min", "Sen", "Sel", "Rab", "Kam")
PEOPLE = ("Arif Budiman", "Bagus Setiadi", "Cahyono", "Doni Saputra", "Endra Kusuma", "Fikri Maulana")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackProcess]:
    """A stack of its own: drafts stay there."""
    with StackProcess(tmp_path_factory.mktemp("roster-file") / "data") as running:
        yield running


def an_agencys(month: str = "JANUARI 2027") -> bytes:
    """Six people of a month, one by a name that only resembles, a code that nobody knows, a cell of two."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Jadwal"
    sheet["A1"] = f"JADWAL PIKET SATPOLAIRUD BULAN {month}"
    sheet.merge_cells("A1:AG1")
    sheet.append([])
    sheet.append(["No", "Nama", *range(1, 32)])
    sheet.append([None, None, *(WEEKDAYS[day % 7] for day in range(31))])
    for number, name in enumerate(PEOPLE, 1):
        cells = [("L", "L", "CT")[(day + number) % 3] for day in range(31)]
        cells[8] = "L/L" if number == 1 else cells[8]
        sheet.append([number, name if number != 4 else "Doni S.", *cells])
    sheet.append([])
    sheet.append([None, "Keterangan: CT = cuti"])
    return saved(book)


def opens(page: Page, stack: StackProcess, account: str, address: str = FILE) -> None:
    _sign_in(page, stack, account)
    page.goto(f"{stack.url}/{address}")
    expect(page.get_by_role("button", name="CSV", exact=True)).to_be_enabled()


def test_an_officer_brings_a_months_workbook_into_the_draft_and_takes_it_back(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path, tmp_path: Path
) -> None:
    file = tmp_path / "Jadwal piket Januari 2027.xlsx"
    file.write_bytes(an_agencys("FEBRUARI 2027"))
    officer = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(officer, stack, "admin_satpolairud")
    officer.goto(f"{stack.url}/roster.html?month=2027-01")
    officer.get_by_role("link", name="Impor dan unduh").click()
    expect(officer.get_by_role("heading", name="Berkas jadwal piket: Januari 2027")).to_be_visible()
    expect(officer.get_by_role("button", name="CSV", exact=True)).to_be_enabled()
    officer.screenshot(path=pictures / "roster-file-empty.png", full_page=True)
    assert violations(officer) == []
    officer.locator("input[accept^='.xlsx']").set_input_files(file)
    asked = officer.locator(".k-sheets-asked")
    expect(asked).to_contain_text("judul di A1: Februari 2027", timeout=READ_MS)
    officer.screenshot(path=pictures / "roster-file-asked.png", full_page=True)
    assert violations(officer) == []
    expect(officer.get_by_text("Jawab dulu yang ditanyakan di atas")).to_be_visible()
    asked.get_by_role("button", name="Ya, untuk Januari 2027").click()
    expect(asked).to_be_hidden()
    refused = officer.locator(".k-sheets-refused > li")
    # An unknown code is asked once, however many cells hold it.
    word = refused.filter(has_text="“CT” tidak dikenal")
    expect(word).to_have_count(1)
    word.get_by_role("combobox").select_option(label="L · Lepas")
    expect(word).to_have_count(0)
    name = refused.filter(has_text="Doni S.")
    name.get_by_role("combobox").select_option(index=1)
    expect(name).to_have_count(0)
    two = refused.filter(has_text="Dua kode dalam satu sel")
    two.get_by_role("textbox").fill("L")
    officer.screenshot(path=pictures / "roster-file-refused.png", full_page=True)
    two.get_by_role("button", name="Betulkan").click()
    expect(refused).to_have_count(0)
    button = officer.get_by_role("button", name="Masukkan 186 sel ke draf")
    officer.screenshot(path=pictures / "roster-file-ready.png", full_page=True)
    button.click()
    expect(officer.get_by_text("186 sel masuk ke draf")).to_be_visible()
    officer.screenshot(path=pictures / "roster-file-done.png", full_page=True)
    assert violations(officer) == []

    officer.get_by_role("link", name="Ke jadwal piket bulan ini").click()
    expect(officer.get_by_role("gridcell").first).to_be_visible()
    officer.screenshot(path=pictures / "roster-file-roster.png", full_page=True)
    officer.go_back()
    expect(officer.get_by_role("button", name="CSV", exact=True)).to_be_enabled()

    # Taken out, it carries its ids; one cell changed there is one that changes here.
    with officer.expect_download(timeout=READ_MS) as taken:
        officer.get_by_role("button", name="Excel", exact=True).click()
    book = load_workbook(BytesIO(Path(taken.value.path()).read_bytes()))
    assert [book.active.cell(2, n).value for n in range(1, 6)] == ["ID", "Regu", "Nama", "Unit", "1"]
    book.active["E4"] = None
    back = tmp_path / "kembali.xlsx"
    back.write_bytes(saved(book))
    officer.locator("input[accept^='.xlsx']").set_input_files(back)
    expect(asked).to_contain_text("1 sel kosong di berkas tetapi terisi di draf", timeout=READ_MS)
    asked.get_by_role("button", name="Kosongkan di draf").click()
    expect(officer.get_by_text("1 sel draf berubah")).to_be_visible()
    officer.screenshot(path=pictures / "roster-file-changed.png", full_page=True)
    officer.get_by_role("button", name="Masukkan 1 sel ke draf").click()
    expect(officer.get_by_text("1 sel masuk ke draf")).to_be_visible()
    officer.get_by_role("button", name="Tarik berkas dari draf").click()
    expect(officer.get_by_text("Berkas sudah ditarik dari draf.")).to_be_visible()
    officer.locator("input[accept^='.xlsx']").set_input_files(back)
    expect(asked).to_contain_text("1 sel kosong", timeout=READ_MS)


def test_a_sheet_that_cannot_be_read_says_what_to_do_and_another_takes_its_place(
    browser: Browser, stack: StackProcess, complaints: Complaints
) -> None:
    officer = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    opens(officer, stack, "admin_satpolairud", "roster-file.html?month=2027-02")
    pastes(officer, "Nama\tSenin\tSelasa\tRabu\tKamis\tJumat\nArif Budiman\tL\tL")
    expect(officer.get_by_text("Minggu tanpa tanggal tidak menunjuk hari.")).to_be_visible()
    expect(officer.get_by_text("Lembar ini tidak dapat dibaca.")).to_be_visible()
    officer.get_by_role("button", name="Batal", exact=True).click()
    days = "\t".join(map(str, range(1, 32)))
    pastes(officer, f"Nama\t{days}\nArif Budiman\tL\tL")
    expect(officer.get_by_role("button", name="Masukkan 2 sel ke draf")).to_be_visible()


def test_on_a_phone_in_the_dark_and_in_english_it_fits(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    phone = complaints.listen(browser.new_page(viewport=PHONE, locale="id-ID"))
    opens(phone, stack, "admin_satpolairud")
    phone.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    days = "\t".join(map(str, range(1, 32)))
    pastes(phone, f"JADWAL MARET 2027\nNama\t{days}\nBagus Setiadi\tXX\tL\nOrang Lain\tL\n")
    expect(phone.locator(".k-sheets-refused > li")).to_have_count(2)
    phone.screenshot(path=pictures / "roster-file-phone.png", full_page=True)
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert violations(phone) == []
    phone.set_viewport_size({"width": 360, "height": 740})
    assert phone.evaluate("document.documentElement.scrollWidth") == 360

    admin = complaints.listen(browser.new_page(viewport={"width": 1280, "height": 800}, locale="en-GB"))
    _sign_in(admin, stack, "admin")
    admin.goto(f"{stack.url}/en/roster-file.html?month=2027-01&agency=damkar")
    expect(admin.get_by_role("heading", name="Roster file: January 2027")).to_be_visible()
    pastes_in_english(admin, f"Name\t{days}\nAndi Saputra\tL\tL\n")
    expect(admin.get_by_role("button", name="Put")).to_be_visible()
    admin.screenshot(path=pictures / "roster-file-english.png", full_page=True)
    assert violations(admin) == []


def pastes_in_english(page: Page, text: str) -> None:
    page.get_by_label("Copy the whole sheet in Excel").fill(text)
    page.get_by_role("button", name="Check it").click()
