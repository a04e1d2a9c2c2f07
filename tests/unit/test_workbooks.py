"""Workbooks as agencies keep them: what only a workbook shows is read or said, and a file that is no workbook is refused in a word."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font, PatternFill

from chalicelib.domain.sheets import workbooks as format_
from chalicelib.domain.sheets.clarifications import Clarifications
from chalicelib.domain.sheets.grid import Grid
from chalicelib.domain.sheets.planning import plan
from chalicelib.domain.sheets.workbooks import Choices, OrderedBook, ordered_book, packed, read_book
from infra.workbooks.reading import read_workbook
from infra.workbooks.work import work
from infra.workbooks.writing import written
from tests.support.workbooks import EXCELS, an_agencys, as_excel_writes, of_rows, saved, with_part
from tests.unit.test_sheet_import import row, scope

SHEET = "xl/worksheets/sheet1.xml"


def read(content: bytes) -> Grid:
    book = read_workbook(content)
    assert book.refused is None, (book.refused, book.what)
    return book.sheets[0]


def test_an_agencys_own_workbook_is_read_with_all_that_it_shows() -> None:
    book = read_workbook(an_agencys())
    grid = book.sheets[0]
    assert [(each.name, each.hidden) for each in book.sheets] == [
        ("Personel 2026", False),
        ("Kendaraan", False),
        ("Arsip 2020", True),
    ]
    assert grid.rows[0] == ["DAFTAR PERSONEL SATPOLAIRUD"] * 5
    assert grid.rows[3] == ["No", "Nama", "NIP", "No HP", "Penyelamatan air"]
    assert grid.rows[5] == ["1", "H. Rusdi Amin, S.Sos", "19800101 200501 1 001", "8123456701", "2027-12"]
    assert (grid.coloured, grid.hidden_rows, grid.struck_rows) == (["E8"], [9], [10])


def test_rows_that_nobody_sees_and_rows_crossed_out_are_asked_about_before_anything_is_read() -> None:
    grid = read(an_agencys())
    asked = plan(grid, Clarifications(), scope())
    assert [(each.kind, each.rows) for each in asked.asked] == [("hidden_rows", [9]), ("struck_rows", [10])]
    assert asked.writes == []
    unseen: Any = {"hidden_rows": "skip", "struck_rows": "read"}
    made = plan(grid, Clarifications(unseen=unseen), scope())
    assert {each.label: each.bin for each in made.rows if each.kind in ("data", "skipped")} == {
        "H. Rusdi Amin, S.Sos": "new",
        "Siti Nur'aini": "refused",
        "Suparman": "refused",
        "": "skipped",
        "Budi Pindah": "new",
    }


def test_a_month_is_held_to_its_end_though_excel_keeps_its_first_day() -> None:
    made = plan(
        read(an_agencys()), Clarifications(unseen={"hidden_rows": "skip", "struck_rows": "skip"}), scope()
    )
    (held,) = row(made, 6).value.certifications
    assert held.expires_on == "2027-12-31"


def test_a_row_without_height_and_a_column_without_width_are_hidden() -> None:
    content = of_rows([["Nama", "No HP", "NIP"], ["Budi Santoso", "0812 3456 789", "12345678"]])
    flat = with_part(
        content,
        SHEET,
        lambda s: s.replace('<row r="2"', '<row r="2" ht="0" customHeight="1"').replace(
            "<sheetData>", '<cols><col min="3" max="3" width="0" customWidth="1"/></cols><sheetData>'
        ),
    )
    grid = read(flat)
    assert (grid.hidden_rows, grid.hidden_columns) == ([2], [2])


def test_whether_people_under_a_heading_of_those_gone_are_read_is_asked() -> None:
    rows: list[Any] = [["No", "Nama", "No HP"], [1, "Budi Santoso", "0812 3456 789"], ["PENSIUN TAHUN 2025"]]
    grid = read(
        of_rows([*rows, [1, "Orang Tua", "0812 3456 788"], ["REGU II"], [1, "Ani Lestari", "0812 3456 787"]])
    )
    (asked,) = plan(grid, Clarifications(), scope()).asked
    assert (asked.kind, asked.rows) == ("gone_rows", [4])
    made = plan(grid, Clarifications(unseen={"gone_rows": "skip"}), scope())
    assert [each.label for each in made.writes] == ["Budi Santoso", "Ani Lestari"]


def test_a_hidden_column_that_holds_a_field_is_asked_about() -> None:
    def hide(sheet: Any) -> None:
        sheet.column_dimensions["C"].hidden = True

    grid = read(of_rows([["Nama", "No HP", "NIP"], ["Budi Santoso", "0812 3456 789", "12345678"]], hide))
    (asked,) = plan(grid, Clarifications(), scope()).asked
    assert (asked.kind, [each.name for each in asked.columns]) == ("hidden_columns", ["NIP"])
    made = plan(grid, Clarifications(unseen={"hidden_columns": "skip"}), scope())
    assert (made.writes[0].value.nip, made.asked) == ("", [])
    made = plan(grid, Clarifications(unseen={"hidden_columns": "read"}), scope())
    assert made.writes[0].value.nip == "12345678"


def test_what_excel_writes_is_read_with_its_gaps() -> None:
    assert read(EXCELS).rows == [["Nama", "No HP"], ["", ""], ["Siti Nur'aini", "81234567890"]]


@pytest.mark.parametrize(
    ("value", "format_of_it", "shown"),
    [
        (8123456701, "General", "8123456701"),
        (81234567890.0, "0.00E+00", "81234567890"),
        ("0812-3456-702", "@", "0812-3456-702"),
        ("+62 812 3456 702", "@", "+62 812 3456 702"),
        ("@budi", "General", "@budi"),
        (date(2027, 3, 5), "dd/mm/yyyy", "2027-03-05"),
        (date(2027, 3, 1), "mmm-yy", "2027-03"),
        (date(2027, 3, 1), "[$-421]mmmm yyyy;@", "2027-03"),
        (date(2027, 1, 1), "yyyy", "2027"),
        (datetime(2027, 3, 5, 7, 30), "dd/mm/yyyy hh:mm", "2027-03-05 07:30"),
        (True, "General", "TRUE"),
        (-2.5387, "General", "-2.5387"),
        (46752, "General", "46752"),
    ],
)
def test_a_cell_is_the_text_that_a_person_sees(value: Any, format_of_it: str, shown: str) -> None:
    def formatted(sheet: Any) -> None:
        sheet["B2"].number_format = format_of_it

    assert read(of_rows([["Nama", "x"], ["Budi", value]], formatted)).rows[1][1] == shown


def test_days_counted_from_1904_are_those_days() -> None:
    book = Workbook()
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book.epoch = CALENDAR_MAC_1904
    book.active.append(["Nama", "x"])
    book.active.append(["Budi", date(2027, 3, 5)])
    assert read(saved(book)).rows[1][1] == "2027-03-05"


def test_a_number_of_which_excel_kept_fifteen_digits_is_not_taken_for_whole() -> None:
    """As a double it has digits of its own making behind them: 198001012005011008."""
    content = of_rows([["Nama", "No HP", "NIP"], ["Budi Santoso", "0812 3456 789", 1]])
    excel = with_part(content, SHEET, lambda s: s.replace("<v>1</v>", "<v>1.98001012005011E+17</v>"))
    refused = plan(read(excel), Clarifications(), scope()).rows[1].refusals
    assert [(each.code, each.at) for each in refused] == [("nip_rounded", "C2")]
    whole = with_part(content, SHEET, lambda s: s.replace("<v>1</v>", "<v>198001012005011001</v>"))
    assert plan(read(whole), Clarifications(), scope()).writes[0].value.nip == "198001012005011001"


def test_a_formula_gives_its_value_or_is_named_where_it_has_none() -> None:
    content = of_rows([["Nama", "No HP"], ["Budi Santoso", 1], ["Andi Wijaya", 1]])
    formulas = with_part(
        content,
        SHEET,
        lambda s: s.replace(
            '<c r="B2" t="n"><v>1</v></c>', '<c r="B2" t="str"><f>A9&amp;""</f><v>08123456789</v></c>'
        ).replace('<c r="B3" t="n"><v>1</v></c>', '<c r="B3"><f>VLOOKUP(1,X:X,2)</f></c>'),
    )
    made = plan(read(formulas), Clarifications(), scope())
    assert made.writes[0].value.phone == "+628123456789"
    assert [(each.code, each.at) for each in made.rows[2].refusals] == [("uncalculated", "B3")]


def test_a_value_that_is_an_error_is_named() -> None:
    content = of_rows([["Nama", "No HP"], ["Budi Santoso", 1]])
    failed = with_part(
        content,
        SHEET,
        lambda s: s.replace('<c r="B2" t="n"><v>1</v></c>', '<c r="B2" t="e"><v>#REF!</v></c>'),
    )
    (refusal,) = plan(read(failed), Clarifications(), scope()).rows[1].refusals
    assert (refusal.code, refusal.written) == ("error_value", "#REF!")


def test_what_is_merged_downwards_holds_for_each_row_and_makes_none() -> None:
    def merge(sheet: Any) -> None:
        sheet.merge_cells("A2:A4")
        sheet.merge_cells("B5:B9")

    grid = read(
        of_rows(
            [["Instansi", "Nama"], ["BPBD", "Andi"], [None, "Budi"], [None, "Cici"], ["PMI", "Dedi"]], merge
        )
    )
    assert grid.rows == [
        ["Instansi", "Nama"],
        ["BPBD", "Andi"],
        ["BPBD", "Budi"],
        ["BPBD", "Cici"],
        ["PMI", "Dedi"],
    ]


def test_a_format_far_below_makes_no_rows_and_a_person_far_below_is_not_lost() -> None:
    def formatted(sheet: Any) -> None:
        sheet["A90000"].fill = PatternFill("solid", fgColor="FFFF0000")

    assert len(read(of_rows([["Nama"], ["Budi"]], formatted)).rows) == 2

    def hidden_far_below(sheet: Any) -> None:
        sheet["A90000"] = "Orang Jauh"

    assert read(of_rows([["Nama"], ["Budi"]], hidden_far_below)).cut


def test_a_white_cell_is_not_called_coloured_and_struck_numbers_of_rows_are() -> None:
    def coloured(sheet: Any) -> None:
        sheet["B2"].fill = PatternFill("solid", fgColor="FFFFFFFF")
        sheet["A3"].font = Font(strike=True)

    grid = read(of_rows([["Nama", "x", "y"], ["Budi", None, "1"], ["Andi", "1", "1"]], coloured))
    assert (grid.coloured, grid.struck_rows) == ([], [3])


# --- What is no workbook --------------------------------------------------------------------------------------------


def zipped(**parts: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("content", "refused"),
    [
        (OLE + b"\0" * 600 + "Workbook".encode("utf-16-le"), "file_old_excel"),
        (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "file_password"),
        (
            zipped(**{"[Content_Types].xml": b"...macroEnabled...", "xl__workbook.xml": b"<x/>"}),
            "file_macros",
        ),
        (zipped(**{"xl__workbook.bin": b"x"}), "file_other_book"),
        (zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "file_other_book"),
        (zipped(word__document=b"<x/>"), "file_other"),
        (zipped(a=b"1", b=b"2"), "file_other"),
        (b"Nama;No HP\nBudi;0812", "file_other"),
        (b"%PDF-1.7 ...", "file_other"),
        (b"<html><table>", "file_other"),
        (b"PK\x03\x04 and no more", "file_damaged"),
        (an_agencys()[:3000], "file_damaged"),
        (b"", "file_empty"),
        (saved(Workbook()), "file_empty"),
        (b"PK" + b"\0" * format_.BYTES_MOST, "file_large"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_what_it_is(content: bytes, refused: str) -> None:
    book = read_workbook(content)
    assert (book.refused, book.sheets) == (refused, [])


def test_whichever_byte_of_a_workbook_is_another_it_is_read_or_refused_and_nothing_is_raised() -> None:
    content = an_agencys()
    # Names and packed parts alike: each names its own kind of damage, and some is none.
    refused = set()
    for at in range(0, len(content), max(1, len(content) // 150)):
        broken = bytearray(content)
        broken[at] ^= 0xFF
        refused.add(read_workbook(bytes(broken)).refused)
    assert {None, "file_damaged"} <= refused


def test_a_zip_that_unpacks_to_too_much_is_refused_before_it_is_unpacked() -> None:
    bomb = with_part(an_agencys(), SHEET, lambda s: s + " " * format_.UNPACKED_MOST)
    assert len(bomb) < 200_000
    assert read_workbook(bomb).refused == "file_large"
    many = zipped(**{f"part{n}": b"" for n in range(format_.PARTS_MOST + 1)})
    assert read_workbook(many).refused == "file_large"


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "[Content_Types].xml"])
def test_entities_are_refused_in_every_part_and_never_expanded(part: str) -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'

    def laughing(content: str) -> str:
        start = content.index("?>") + 2 if content.startswith("<?xml") else 0
        return content[:start] + laughs + content[start:]

    assert read_workbook(EXCELS).refused is None
    assert read_workbook(with_part(EXCELS, part, laughing)).refused == "file_damaged"
    wide = with_part(EXCELS, part, lambda content: laughing(content).replace("UTF-8", "UTF-16"), "utf-16")
    assert read_workbook(wide).refused == "file_damaged"


def test_a_file_of_another_machine_is_not_fetched() -> None:
    outside = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    content = with_part(an_agencys(), "xl/workbook.xml", lambda s: outside + s[s.index("<workbook") :])
    assert read_workbook(content).refused == "file_damaged"


# --- Written --------------------------------------------------------------------------------------------------------

ORDER = OrderedBook(
    title="Petugas",
    rows=[
        ["ID (jangan diubah)", "Nama", "Nomor HP", "Bahasa SMS"],
        ["p-1", "=2+3", "081234567890", "Indonesia"],
    ],
    choices=[Choices(column=3, texts=["Indonesia", "Inggris"])],
)


def test_what_is_written_holds_texts_alone_and_says_what_may_be_chosen() -> None:
    book = load_workbook(BytesIO(written(ORDER)))
    sheet = book["Petugas"]
    cells = [cell for cells in sheet.iter_rows(max_row=2) for cell in cells]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.number_format for cells in sheet.iter_rows(max_row=50) for cell in cells} == {"@"}
    assert sheet["C2"].value == "081234567890"
    (rule,) = sheet.data_validations.dataValidation
    assert (str(rule.sqref), rule.formula1) == ("D2:D202", "'_pilihan'!$A$1:$A$2")
    assert [cell.value for cell in book["_pilihan"]["A"]] == ["Indonesia", "Inggris"]


def test_what_was_written_is_read_as_it_was_ordered_and_our_own_list_is_no_sheet() -> None:
    book = read_workbook(written(ORDER))
    assert [each.rows for each in book.sheets] == [ORDER.rows]


# --- The function ---------------------------------------------------------------------------------------------------


class Objects(dict[str, bytes]):
    def put(self, key: str, content: bytes) -> None:
        self[key] = content

    def delete(self, key: str) -> None:
        self.pop(key, None)


def test_a_file_goes_once_it_is_read_and_told_twice_it_is_read_once() -> None:
    store = Objects({"brought/a": an_agencys(), "ordered/b": packed(ORDER)})
    for key in ("brought/a", "ordered/b", "brought/a"):
        work(store, key)
    assert set(store) == {"read/a", "written/b"}
    assert read_book(store["read/a"]).sheets[0].name == "Personel 2026"
    assert ordered_book(packed(ORDER)) == ORDER


def test_an_outcome_wakes_nothing() -> None:
    store = Objects({"read/a": b"{}"})
    work(store, "read/a")
    assert set(store) == {"read/a"}


def test_no_function_of_the_application_knows_the_format() -> None:
    """Neither by name nor by what it imports: openpyxl, and whatever opens strangers' files, stands in another package."""
    code = "import app, sys; print(sorted({each.partition('.')[0] for each in sys.modules} & {'openpyxl', 'defusedxml', 'et_xmlfile', 'infra'}))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_a_long_text_that_stands_in_every_cell_is_too_much_before_it_is_written_out() -> None:
    """Some kilobytes that a reader of its outcome would have as gigabytes."""
    cells = "".join('<c t="s"><v>0</v></c>' for _ in range(100))
    content = as_excel_writes(f"<row>{cells}</row>" * 100, ["x" * 30_000])
    assert len(content) < 100_000
    assert read_workbook(content).refused == "file_large"


def test_looks_that_a_workbook_names_and_lacks_are_damage() -> None:
    content = with_part(
        of_rows([["Nama"], ["Rusdi"]]), SHEET, lambda xml: xml.replace('r="A2"', 'r="A2" s="99"')
    )
    assert read_workbook(content).refused == "file_damaged"
