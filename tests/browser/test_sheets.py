"""An officer pastes an agency's list, repairs what is refused, imports it, and takes it back; on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessible import violations
from tests.browser.conftest import Complaints
from tests.browser.test_main_job import DESKTOP, PHONE, _sign_in
from tests.stack_process import StackProcess
from tests.support.workbooks import an_agencys

LISTED = "\n".join(
    [
        "DAFTAR PERSONEL SATPOLAIRUD 2026\t\t\t\t",
        "No\tNama\tNo. HP\tNIP\tSertifikat",
        "REGU I\t\t\t\t",
        "1\tH. Rusdi Amin, S.Sos\t8123456701\t19800101 200501 1 001\tSAR AIR (Des 2027)",
        "2\tSiti Nur'aini\t0812-3456-702\t\tSAR AIR (seumur hidup)",
        "3\tSuparman\t8,12E+10\t\t",
        "4\tGatot\t0812 3456 799\t\t",
        "Jumlah\t4\t\t\t",
        "\t\tSampit, 3 Januari 2027\t\t",
    ]
)

# A process of its own reads a workbook, on a machine that may have much else to do.
READ_MS = 60_000


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackProcess]:
    """A stack of its own: the other stories count its people."""
    with StackProcess(tmp_path_factory.mktemp("sheets") / "data") as running:
        yield running


def _is_open(page: Page) -> None:
    """Until the page has what it needs, a file that is chosen waits for nobody."""
    expect(page.get_by_role("button", name="Pilih berkas (Excel, CSV)…")).to_be_enabled()


def pastes(page: Page, text: str) -> None:
    """As Ctrl V does: the text comes into the box with the event."""
    page.get_by_label("Salin seluruh lembar di Excel").evaluate(
        """(box, text) => {
          box.dispatchEvent(new ClipboardEvent("paste", { bubbles: true }));
          box.value = text;
          box.dispatchEvent(new Event("input", { bubbles: true }));
        }""",
        text,
    )


def test_an_officer_brings_in_a_list_repairs_it_and_takes_it_back(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    officer = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(officer, stack, "admin_satpolairud")
    officer.goto(f"{stack.url}/sheets.html")
    expect(officer.get_by_role("heading", name="Impor dan ekspor")).to_be_visible()
    _is_open(officer)
    officer.screenshot(path=pictures / "sheets-empty.png", full_page=True)
    pastes(officer, LISTED)
    counts = officer.locator(".k-sheets-counts")
    expect(counts).to_contain_text("ditolak")
    refused = officer.locator(".k-sheets-refused > li")
    # The unknown word is asked once for both rows.
    expect(refused.filter(has_text="“SAR AIR” tidak dikenal")).to_have_count(1)
    officer.screenshot(path=pictures / "sheets-refused.png", full_page=True)
    assert violations(officer) == []
    refused.filter(has_text="“SAR AIR”").get_by_role("combobox").select_option(index=1)
    expect(refused.filter(has_text="“SAR AIR”")).to_have_count(0)
    rounded = refused.filter(has_text="8,12E+10")
    expect(rounded).to_contain_text("C6, baris 6")
    expect(rounded).to_contain_text("Nomor dibulatkan Excel")
    rounded.get_by_role("textbox").fill("0812 3456 703")
    rounded.get_by_role("button", name="Betulkan").click()
    expect(rounded).to_have_count(0)
    button = officer.get_by_role("button", name="Impor 4")
    expect(button).to_be_visible()
    officer.screenshot(path=pictures / "sheets-repaired.png", full_page=True)
    button.click()
    expect(officer.get_by_text("Diimpor: 4 baru, 0 berubah.")).to_be_visible()
    listed = officer.locator(".k-sheets-imports li")
    expect(listed).to_have_count(1)
    officer.screenshot(path=pictures / "sheets-done.png", full_page=True)

    pastes(officer, LISTED.replace("8,12E+10", "0812 3456 704"))
    expect(officer.locator(".k-sheets-counts")).to_be_visible()
    officer.screenshot(path=pictures / "sheets-again.png", full_page=True)
    officer.get_by_role("button", name="Batal", exact=True).click()

    listed.get_by_role("button", name="Tarik kembali…").click()
    dialog = officer.get_by_role("dialog")
    dialog.get_by_label("Alasan (boleh kosong)").fill("Berkas salah")
    officer.screenshot(path=pictures / "sheets-undo.png")
    dialog.get_by_role("button", name="Tarik impor kembali").click()
    expect(listed).to_contain_text("ditarik kembali")
    expect(dialog).to_be_hidden()


def test_an_officer_brings_a_workbook_chooses_its_sheet_repairs_it_and_takes_it_back(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path, tmp_path: Path
) -> None:
    file = tmp_path / "Personel Satpolairud 2026.xlsx"
    file.write_bytes(an_agencys())
    officer = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(officer, stack, "admin_satpolairud")
    officer.goto(f"{stack.url}/sheets.html")
    _is_open(officer)
    imports_before = officer.locator(".k-sheets-imports li").count()
    officer.locator("input[accept^='.xlsx']").set_input_files(file)
    books = officer.locator(".k-sheets-books")
    expect(books.get_by_role("heading")).to_have_text(
        "Personel Satpolairud 2026.xlsx: lembar yang mana?", timeout=READ_MS
    )
    expect(books.locator("li", has_text="Arsip 2020")).to_contain_text("tersembunyi di Excel")
    officer.screenshot(path=pictures / "workbook-sheets.png", full_page=True)
    assert violations(officer) == []
    books.get_by_role("button", name="Personel 2026").click()
    expect(officer.get_by_text("Lembar tersembunyi tidak dibaca: Arsip 2020.")).to_be_visible()
    expect(officer.get_by_text("Warna tidak dibaca: 1 sel berwarna tanpa tulisan (E8).")).to_be_visible()
    asked = officer.locator(".k-sheets-asked li:visible")
    expect(asked.filter(has_text="disembunyikan di Excel (9)")).to_have_count(1)
    officer.screenshot(path=pictures / "workbook-unseen.png", full_page=True)
    assert violations(officer) == []
    asked.filter(has_text="disembunyikan").get_by_role("button", name="Jangan dibaca").click()
    expect(asked).to_have_count(1)
    asked.filter(has_text="dicoret (10)").get_by_role("button", name="Jangan dibaca").click()
    expect(asked).to_have_count(0)
    refused = officer.locator(".k-sheets-refused > li")
    expect(refused.filter(has_text="C7, baris 7")).to_contain_text("Dibulatkan Excel")
    rounded = refused.filter(has_text="8,12E+10")
    rounded.get_by_role("textbox").fill("0812 3456 703")
    rounded.get_by_role("button", name="Betulkan").click()
    expect(rounded).to_have_count(0)
    officer.screenshot(path=pictures / "workbook-repaired.png", full_page=True)
    officer.get_by_role("button", name="Impor 2, lewati 1").click()
    expect(officer.get_by_text("Diimpor: 2 baru, 0 berubah.")).to_be_visible()
    listed = officer.locator(".k-sheets-imports li")
    expect(listed).to_have_count(imports_before + 1)
    listed.first.get_by_role("button", name="Tarik kembali…").click()
    officer.get_by_role("dialog").get_by_role("button", name="Tarik impor kembali").click()
    expect(listed.first).to_contain_text("ditarik kembali")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("lama.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 900, "Ini berkas Excel lama (.xls)"),
        ("rusak.xlsx", an_agencys()[:3000], "Berkas ini rusak"),
        ("besar.xlsx", b"PK" + b"x" * (3 * 1024 * 1024), "lebih dari 3 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_what_to_do(
    browser: Browser,
    stack: StackProcess,
    complaints: Complaints,
    tmp_path: Path,
    name: str,
    content: bytes,
    said: str,
) -> None:
    (tmp_path / name).write_bytes(content)
    officer = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(officer, stack, "admin_satpolairud")
    officer.goto(f"{stack.url}/sheets.html")
    _is_open(officer)
    officer.locator("input[accept^='.xlsx']").set_input_files(tmp_path / name)
    expect(officer.get_by_role("alert")).to_contain_text(said, timeout=READ_MS)


def test_on_a_phone_and_in_the_dark_a_workbook_fits(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path, tmp_path: Path
) -> None:
    file = tmp_path / "Personel Satpolairud 2026 (salinan terakhir sekali).xlsx"
    file.write_bytes(an_agencys())
    phone = complaints.listen(browser.new_page(viewport=PHONE, locale="id-ID"))
    _sign_in(phone, stack, "admin_satpolairud")
    phone.goto(f"{stack.url}/sheets.html")
    _is_open(phone)
    phone.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    phone.locator("input[accept^='.xlsx']").set_input_files(file)
    button = phone.locator(".k-sheets-books").get_by_role("button", name="Personel 2026")
    expect(button).to_be_visible(timeout=READ_MS)
    phone.screenshot(path=pictures / "workbook-phone-sheets.png", full_page=True)
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    button.click()
    expect(phone.locator(".k-sheets-asked li:visible")).to_have_count(2)
    phone.screenshot(path=pictures / "workbook-phone-unseen.png", full_page=True)
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert violations(phone) == []


def test_on_a_phone_nothing_scrolls_sideways_and_another_reads_english(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    phone = complaints.listen(browser.new_page(viewport=PHONE, locale="id-ID"))
    _sign_in(phone, stack, "admin_satpolairud")
    phone.goto(f"{stack.url}/sheets.html")
    _is_open(phone)
    pastes(phone, LISTED)
    expect(phone.locator(".k-sheets-counts")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    phone.screenshot(path=pictures / "sheets-phone.png", full_page=True)

    admin = complaints.listen(browser.new_page(viewport=DESKTOP, locale="en-GB"))
    _sign_in(admin, stack, "admin")
    admin.goto(f"{stack.url}/en/sheets.html")
    admin.get_by_role("radio", name="Units").check()
    admin.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    box = admin.get_by_label("Copy the whole sheet in Excel")
    box.fill("Callsign\tName\tStation\nPANDU 9\tBoat 9\tDermaga Satpolairud Sampit")
    admin.get_by_role("button", name="Check it").click()
    expect(admin.get_by_text("No column is known as Terrain. Which one is it?")).to_be_visible()
    assert violations(admin) == []
    admin.screenshot(path=pictures / "sheets-asked-dark.png", full_page=True)
    terrain = admin.locator(".k-sheets-asked li", has_text="Terrain")
    terrain.get_by_role("textbox").fill("water")
    terrain.get_by_role("button", name="Take it").click()
    agency = admin.locator(".k-sheets-asked li", has_text="Agency")
    agency.get_by_role("textbox").fill("Satpolairud")
    agency.get_by_role("button", name="Take it").click()
    expect(admin.get_by_role("button", name="Import 1")).to_be_visible()


def test_what_is_taken_out_is_a_file_for_excel_and_comes_back_the_same(
    browser: Browser, stack: StackProcess, complaints: Complaints, tmp_path: Path
) -> None:
    officer = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(officer, stack, "admin_satpolairud")
    officer.goto(f"{stack.url}/sheets.html")
    _is_open(officer)
    with officer.expect_download(timeout=READ_MS) as download:
        officer.get_by_role("button", name="Unit", exact=True).click()
    workbook = tmp_path / download.value.suggested_filename
    download.value.save_as(workbook)
    assert workbook.name == "units-satpolairud.xlsx" and workbook.read_bytes().startswith(b"PK")
    officer.get_by_role("radio", name="Unit").check()
    officer.locator("input[accept^='.xlsx']").set_input_files(workbook)
    expect(officer.get_by_text("Tidak ada yang perlu diimpor")).to_be_visible(timeout=READ_MS)
    officer.get_by_role("button", name="Batal", exact=True).click()
    with officer.expect_download() as download:
        officer.get_by_role("button", name="Unit sebagai CSV").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.read_bytes().startswith(b"\xff\xfe")
    officer.get_by_role("radio", name="Unit").check()
    officer.locator("input[accept^='.xlsx']").set_input_files(file)
    expect(officer.get_by_text("Tidak ada yang perlu diimpor.")).to_be_visible()
    expect(officer.locator(".k-sheets-counts .k-sheets-loud")).to_have_count(0)
    officer.get_by_role("button", name="Batal", exact=True).click()
    officer.locator("input[accept^='.xlsx']").set_input_files(
        {"name": "a.xlsx", "mimeType": "application/octet-stream", "buffer": b"PK\x03\x04rest"}
    )
    expect(officer.get_by_role("alert").filter(has_text="Berkas ini rusak")).to_be_visible(timeout=READ_MS)


def test_an_admin_takes_the_whole_configuration_out_changes_a_name_and_takes_it_back(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path, tmp_path: Path
) -> None:
    admin = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(admin, stack, "admin")
    admin.goto(f"{stack.url}/sheets.html")
    _is_open(admin)
    with admin.expect_download() as download:
        admin.get_by_role("button", name="Seluruh konfigurasi (YAML)", exact=True).click()
    file = tmp_path / "kotim.yaml"
    download.value.save_as(file)
    text = file.read_text("utf-8")
    assert '"name":"Baamang"' in text
    file.write_text(text.replace('"name":"Baamang"', '"name":"Baamang Baru"'), "utf-8")
    admin.locator("input[accept='.yaml,.yml']").set_input_files(file)
    expect(admin.get_by_role("button", name="Impor 1")).to_be_visible(timeout=READ_MS)
    admin.screenshot(path=pictures / "configuration-in.png", full_page=True)
    assert violations(admin) == []
    admin.get_by_role("button", name="Impor 1").click()
    expect(admin.get_by_text("Diimpor: 0 baru, 1 berubah.")).to_be_visible(timeout=READ_MS)
    listed = admin.locator(".k-sheets-imports li").first
    expect(listed).to_contain_text("Seluruh konfigurasi")
    listed.get_by_role("button", name="Tarik kembali…").click()
    admin.get_by_role("dialog").get_by_role("button", name="Tarik impor kembali").click()
    expect(listed).to_contain_text("ditarik kembali", timeout=READ_MS)
