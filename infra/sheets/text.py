"""CSV files as spreadsheets and other systems write them: encodings, delimiters, a first line that names the delimiter."""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import BinaryIO, cast

from chalicelib.domain.sheets.cells import TableError

from .kinds import UNPACKING

# Spreadsheets set to Indonesian write semicolons.
DELIMITERS = ",;\t|"
SAVE = "save it again as CSV UTF-8"
_BOMS = {
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
_SEP = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class TextSheet:
    """A text file read with one delimiter; `skipped` is a first line that spreadsheets do not show."""

    file: Path
    packed: bool
    encoding: str
    delimiter: str
    skipped: bool
    notes: tuple[str, ...]
    name: str = ""
    hidden: bool = False

    def head(self, rows: int) -> list[tuple[int, list[object]]]:
        """The first rows as they stand."""
        return list(islice(self.rows(), rows))

    def rows(self) -> Iterator[tuple[int, list[object]]]:
        """Each row with its number as a spreadsheet counts, which takes a cell with line breaks for one row; TableError."""
        number = 0
        try:
            with _opened(self.file, self.packed, self.encoding) as text:
                if self.skipped:
                    text.readline()
                for number, cells in enumerate(csv.reader(text, delimiter=self.delimiter, strict=True), 1):
                    yield number, [*cells]
        except csv.Error as error:
            raise TableError(
                f"{self.file} row {number + 1}: its quotation marks do not match ({error}): "
                'a text with " in it needs "" for each, and quotes around it'
            ) from error
        except UnicodeDecodeError as error:
            raise TableError(
                f"{self.file} near row {number + 1} is no {self.encoding} ({error.reason}): {SAVE}"
            ) from error
        except UNPACKING as error:
            raise TableError(f"{self.file} cannot be read: {error}") from error


def readings(file: Path, *, packed: bool) -> list[TextSheet]:
    """A text file by each delimiter that it may have been written with; TableError."""
    try:
        encoding, notes = _encoding(file, packed)
        with _opened(file, packed, encoding) as text:
            named = _SEP.fullmatch(text.readline())
    except UnicodeDecodeError as error:
        raise TableError(f"{file} is no {error.encoding} ({error.reason}): {SAVE}") from error
    except UNPACKING as error:
        raise TableError(f"{file} cannot be read: {error}") from error
    return [
        TextSheet(
            file=file,
            packed=packed,
            encoding=encoding,
            delimiter=delimiter,
            skipped=bool(named),
            notes=notes,
        )
        for delimiter in (named[1] if named else DELIMITERS)
    ]


def _opened(file: Path, packed: bool, encoding: str) -> TextIOWrapper:
    return TextIOWrapper(_bytes(file, packed), encoding=encoding, newline="")


def _bytes(file: Path, packed: bool) -> BinaryIO:
    return cast(BinaryIO, gzip.GzipFile(file)) if packed else file.open("rb")


def _encoding(file: Path, packed: bool) -> tuple[str, tuple[str, ...]]:
    """A file's encoding, and what to tell of it; TableError.

    What is not UTF-8 is Windows-1252, as Excel in Indonesia writes CSV. A file with both was put together of two.
    """
    with _bytes(file, packed) as lines:
        start = lines.read(4096)
        for bom, encoding in _BOMS.items():
            if start.startswith(bom):
                return encoding, ()
        if start.count(0) * 4 > len(start):
            # Latin letters have a zero beside them, before it or after; a few zeros are a database's.
            return ("utf-16-le" if start[1::2].count(0) >= start[::2].count(0) else "utf-16-be"), ()
        lines.seek(0)
        unicode_line, other_line, seen = 0, 0, set[str]()
        for number, line in enumerate(lines, 1):
            if line.isascii():
                continue
            try:
                line.decode()
                unicode_line = unicode_line or number
            except UnicodeDecodeError:
                other_line = other_line or number
                try:
                    seen |= {each for each in line.decode("cp1252") if not each.isascii()}
                except UnicodeDecodeError as error:
                    at = f"{file} line {number} is neither UTF-8 nor Windows-1252 (byte {line[error.start]:02x})"
                    raise TableError(f"{at}: {SAVE}") from error
    if not other_line:
        return "utf-8", ()
    if unicode_line:
        raise TableError(
            f"{file} holds two encodings: line {unicode_line} is UTF-8, line {other_line} is not: {SAVE}"
        )
    shown = " ".join(sorted(seen)[:12])
    return "cp1252", (f"Read as Windows-1252, with {shown} in it; if that is wrong, {SAVE}",)
