"""What kind of file it is by its first bytes, whatever its name says; one that cannot be read is named with its remedy."""

from __future__ import annotations

import gzip
import lzma
import zipfile
import zlib
from pathlib import Path
from typing import Literal

from chalicelib.domain.sheets.cells import TableError

Kind = Literal["text", "packed text", "workbook"]
SAVE = "open it in a spreadsheet program and save it as .xlsx"
_STARTS = {
    b"%PDF": f"is a PDF: get the spreadsheet that it was printed from, or {SAVE}",
    b"{\\rtf": "is a text document (RTF): copy its table into a spreadsheet, save that as .xlsx",
    b"BZh": "is packed (bzip2): unpack it, and import what is inside",
    b"\xfd7zXZ": "is packed (xz): unpack it, and import what is inside",
    b"7z\xbc\xaf": "is packed (7z): unpack it, and import what is inside",
    b"Rar!": "is packed (RAR): unpack it, and import what is inside",
    b"\x28\xb5\x2f\xfd": "is packed (zstd): unpack it, and import what is inside",
    b"\x89PNG": "is a picture: its table must be typed into a spreadsheet",
    b"\xff\xd8\xff": "is a picture: its table must be typed into a spreadsheet",
    b"SQLite format 3": "is a database (SQLite): export its table as CSV",
    b"\x00\x01\x00\x00Standard": "is an Access database: export its table as .xlsx or CSV",
}
_OLD_EXCEL = f"is an old Excel workbook (.xls): {SAVE} (Excel: File, Save As, Excel Workbook)"
# Records with which workbooks of Excel 2 to 5 begin.
_BIFF = (
    b"\x09\x00\x04\x00",
    b"\x09\x02\x06\x00",
    b"\x09\x04\x06\x00",
    b"\x09\x08\x08\x00",
    b"\x09\x08\x10\x00",
)
_PASSWORD = "is protected by a password: open it, take the password away, and save it again"
_OLE_CODES = {_OLD_EXCEL: "file_old_excel", _PASSWORD: "file_password"}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = (b"<html", b"<!doctype", b"<table", b"<meta", b"<head", b"<body", b"<div", b"<style")

# What the standard library raises of packed bytes that are damaged: each way of packing has an error of its own.
UNPACKING = (OSError, EOFError, zlib.error)
# Of a zip also: a password (RuntimeError), another way of packing (NotImplementedError), names and numbers that cannot be.
ZIP_DAMAGED = (
    *UNPACKING,
    zipfile.BadZipFile,
    lzma.LZMAError,
    KeyError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


def kind_of(file: Path) -> Kind:
    """How to read a file; TableError names what it is instead, and what to do."""
    try:
        with file.open("rb") as opened:
            start = opened.read(4096)
        if start.startswith(b"\x1f\x8b"):
            with gzip.open(file) as unpacked:
                start = unpacked.read(4096)
            if start.startswith((b"PK", b"\x1f\x8b", _OLE)):
                raise TableError(f"{file} is a packed file (gzip) with no text inside: unpack it first")
            _refuse(file, start)
            return "packed text"
        if start.startswith(b"PK"):
            _refuse_other_zip(file)
            return "workbook"
        if start.startswith(_OLE):
            raise TableError(f"{file} {(inside := _inside_ole(file))}", _OLE_CODES.get(inside, "file_other"))
    except UNPACKING as error:
        raise TableError(f"{file} cannot be read: {error}") from error
    _refuse(file, start)
    return "text"


def _refuse(file: Path, start: bytes) -> None:
    for beginning, what in _STARTS.items():
        if start.startswith(beginning):
            raise TableError(f"{file} {what}")
    if start.startswith(_BIFF):
        raise TableError(f"{file} {_OLD_EXCEL}", "file_old_excel")
    # A page in UTF-16 looks the same once its zeros are gone.
    words = start.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if not words:
        raise TableError(f"{file} is empty", "file_empty")
    if words.startswith(b"<?xml") and b"schemas-microsoft-com:office:spreadsheet" in words:
        raise TableError(f"{file} is an XML spreadsheet of Excel 2003: {SAVE}")
    if words.startswith((*_MARKUP, b"<?xml", b"<!--")):
        named = (
            f" though it is named {file.suffix}" if file.suffix.lower() in (".xls", ".xlsx", ".csv") else ""
        )
        raise TableError(f"{file} is a web page (HTML or XML){named}: {SAVE}")
    if words.startswith(b"mime-version:"):
        raise TableError(f"{file} is a saved web page (MHTML): {SAVE}")
    if words.startswith((b'{"', b'[{"')):
        raise TableError(f"{file} is JSON: save it as CSV, or send it to POST /api/import/incidents")


def _refuse_other_zip(file: Path) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            mimetype = archive.read("mimetype")[:100] if "mimetype" in names else b""
            book = archive.read("xl/workbook.xml") if "xl/workbook.xml" in names else b""
            encrypted = any(each.flag_bits & 1 for each in archive.infolist())
    except ZIP_DAMAGED as error:
        raise TableError(f"{file} is damaged ({error}): fetch or save it again", "file_damaged") from error
    if encrypted:
        raise TableError(
            f"{file} is a zip with a password: unpack it, and import what is inside", "file_password"
        )
    if b"opendocument.spreadsheet" in mimetype:
        raise TableError(f"{file} is an OpenDocument spreadsheet (.ods): {SAVE}", "file_other_book")
    if any(name.endswith((".iwa", "Index.zip")) for name in names):
        raise TableError(
            f"{file} is an Apple Numbers file: export it there as Excel (.xlsx)", "file_other_book"
        )
    if "xl/workbook.bin" in names:
        raise TableError(f"{file} is a binary Excel workbook (.xlsb): {SAVE}", "file_other_book")
    if b"purl.oclc.org/ooxml" in book:
        raise TableError(
            f"{file} is a Strict Open XML spreadsheet: save it as Excel Workbook (.xlsx), without Strict",
            "file_other_book",
        )
    if any(name.startswith("word/") for name in names):
        raise TableError(f"{file} is a Word document: copy its table into a spreadsheet, save that as .xlsx")
    if not any(name.startswith("xl/") for name in names):
        shown = ", ".join(names[:3]) or "nothing"
        raise TableError(f"{file} is a zip that holds {shown}: unpack it, and import what is inside")


def _inside_ole(file: Path) -> str:
    """What an OLE container holds, by the names of its streams, which are UTF-16."""
    content = file.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        return _PASSWORD
    if "WordDocument".encode("utf-16-le") in content:
        return "is an old Word document (.doc): copy its table into a spreadsheet, save that as .xlsx"
    return _OLD_EXCEL
