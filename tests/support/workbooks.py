"""Workbooks as agencies keep them, made by openpyxl, and what Excel alone would write, put into their XML."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable
from datetime import date
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill

HEAD = ["No", "Nama", "No. HP", "NIP", "Sertifikat SAR air"]


def saved(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def of_rows(rows: Iterable[Iterable[Any]], change: Callable[[Any], None] | None = None) -> bytes:
    """A workbook of one sheet; `change` does to it what values do not say."""
    book = Workbook()
    sheet = book.active
    for cells in rows:
        sheet.append(list(cells))
    if change:
        change(sheet)
    return saved(book)


def with_part(content: bytes, name: str, change: Callable[[str], str], encoding: str = "utf-8") -> bytes:
    """The same with one of its parts as another program would have written it."""
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for each in before.namelist():
            part = before.read(each)
            after.writestr(each, change(part.decode()).encode(encoding) if each == name else part)
    return out.getvalue()


def as_excel_writes(rows: str, strings: Iterable[str]) -> bytes:
    """A workbook from the XML of its rows and its shared strings, where Excel keeps all texts."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}.sharedStrings+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="a" Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{rel}"><sheets><sheet name="Lembar1" sheetId="1" r:id="a"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="a" Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="b" Type="{rel}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/sharedStrings.xml": f"<sst {main}>{''.join(f'<si><t>{each}</t></si>' for each in strings)}</sst>",
        "xl/worksheets/sheet1.xml": f"<worksheet {main}><sheetData>{rows}</sheetData></worksheet>",
    }
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{content}')
    return out.getvalue()


EXCELS = as_excel_writes(
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    '<row r="3"><c r="A3" t="s"><v>2</v></c><c r="B3"><v>81234567890</v></c></row>',
    ["Nama", "No HP", "Siti Nur&apos;aini"],
)


def an_agencys() -> bytes:
    """A title over everything, a head of two rows that are merged, sections, colours, a hidden row, a sum, a signature."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Personel 2026"
    sheet["A1"] = "DAFTAR PERSONEL SATPOLAIRUD"
    sheet.merge_cells("A1:E1")
    for at, text in (("A3", "No"), ("B3", "Identitas"), ("D3", "Kontak"), ("E3", "Sertifikat")):
        sheet[at] = text
    for at, text in (("B4", "Nama"), ("C4", "NIP"), ("D4", "No HP"), ("E4", "Penyelamatan air")):
        sheet[at] = text
    for span in ("A3:A4", "B3:C3"):
        sheet.merge_cells(span)
    sheet["A5"] = "REGU I"
    sheet.merge_cells("A5:E5")
    sheet.append([1, "H. Rusdi Amin, S.Sos", "19800101 200501 1 001", 8123456701, date(2027, 12, 1)])
    sheet["E6"].number_format = "mmm yyyy"
    sheet.append([2, "Siti Nur'aini", 198001012005012002.0, "0812-3456-702", "seumur hidup"])
    sheet.append([3, "Suparman", None, "8,12E+10", None])
    sheet["E8"].fill = PatternFill("solid", fgColor="FFFFFF00")
    sheet.append([4, "Gatot Lama", None, "0812 3456 799", None])
    sheet.row_dimensions[9].hidden = True
    sheet.append([5, "Budi Pindah", None, "0812 3456 788", None])
    sheet["B10"].font = Font(strike=True)
    sheet.append(["Jumlah", 5])
    sheet.append([None, None, None, "Sampit, 3 Januari 2027"])
    other = book.create_sheet("Kendaraan")
    other.append(["No", "Nama"])
    other.append([1, "Speedboat"])
    lost = book.create_sheet("Arsip 2020")
    lost.append(["Nama", "No HP"])
    lost.append(["Orang Lama", "0812 0000 001"])
    lost.sheet_state = "hidden"
    return saved(book)
