"""Small logbooks as people's programs write them: CSV in any encoding, and XLSX with what openpyxl would not write."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import openpyxl

NAMES = ["nomor", "tanggal", "jam lapor", "jam tiba", "kejadian", "kecamatan", "instansi", "telepon"]
FIRE = ["M-1", "7/4/2020", "08.15", "08.30", "kebakaran", "Baamang", "damkar", ""]
MAPPING = """\
source: buku-uji
zone: 7
key: nomor
fields:
  received_at: {date: tanggal, time: jam lapor}
  on_scene: {date: tanggal, time: jam tiba, after: received_at}
  type: {column: kejadian, values: {kebakaran: house_fire}}
  district: kecamatan
  agency: {column: instansi, values: {ambulans: psc}}
  number: telepon
"""
ONE_CELL = """\
source: buku-uji
zone: 7
key: nomor
fields:
  received_at: lapor
  on_scene: tiba
  type: {column: kejadian, values: {kebakaran: house_fire}}
  district: kecamatan
  agency: instansi
"""


def text(*rows: Sequence[str], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """A CSV as it is; a cell that needs quotation marks brings them."""
    return "".join(delimiter.join(row) + "\r\n" for row in rows).encode(encoding)


def workbook(*rows: Sequence[Any], then: Callable[[Any], object] | None = None) -> bytes:
    """An XLSX of one sheet; `then` may change the book."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    if then:
        then(book)
    return saved(book)


def saved(book: Any) -> bytes:
    found = io.BytesIO()
    book.save(found)
    return found.getvalue()


def months(*sheets: tuple[str, Iterable[Sequence[Any]]]) -> bytes:
    """An XLSX of several sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    return saved(book)


def rewritten(content: bytes, change: Callable[[str], str]) -> bytes:
    """An XLSX with the XML of its first sheet changed."""
    found = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(found, "w") as after:
        for name in before.namelist():
            part = before.read(name)
            if name == "xl/worksheets/sheet1.xml":
                changed = change(part.decode())
                assert changed != part.decode()
                part = changed.encode()
            after.writestr(name, part)
    return found.getvalue()


def by_hand(sheet: str, *shared: str) -> bytes:
    """The smallest XLSX that Excel opens: one sheet's rows, its texts in a table of their own as Excel writes them."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    rels = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    strings = "".join(f"<si><t>{each}</t></si>" for each in shared)
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{types}.worksheet+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{types}.sharedStrings+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{rels}"><Relationship Id="r1" Type="{office}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{office}"><sheets><sheet name="Buku" sheetId="1" r:id="r1"/>'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{rels}"><Relationship Id="r1" Type="{office}/worksheet" '
        f'Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{office}/sharedStrings" '
        'Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f"<worksheet {main}><sheetData>{sheet}</sheetData></worksheet>",
        "xl/sharedStrings.xml": f"<sst {main}>{strings}</sst>",
    }
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w") as written:
        for name, part in parts.items():
            written.writestr(name, part)
    return found.getvalue()


def archive(*names: str, content: bytes = b"") -> bytes:
    """A zip that holds files of these names."""
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w") as written:
        for name in names:
            written.writestr(name, content)
    return found.getvalue()


def container(stream: str) -> bytes:
    """The beginning of an OLE file that holds a stream of this name."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream.encode("utf-16-le")
