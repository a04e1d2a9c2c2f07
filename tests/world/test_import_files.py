"""One fire, written down in all the ways in which offices write: it comes in alike, or nothing does and the file's fault is told."""

from __future__ import annotations

import gzip
import random
import re
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from openpyxl.chart import BarChart, Reference

from chalicelib.domain.assignment import Assignment
from chalicelib.domain.sheets.cells import TableError
from chalicelib.models import incidents
from infra.history import __main__ as history
from infra.history.mapping import MappingError
from infra.verify import verify
from tests.support import logbooks
from tests.support.logbooks import FIRE, MAPPING, NAMES, ONE_CELL, months, rewritten, text, workbook
from tests.world.harness import Story
from tests.world.test_importing import DeskOf, everything

DAY = datetime(2020, 4, 7)
REAL = ["M-1", DAY, time(8, 15), time(8, 30), "kebakaran", "Baamang", "damkar", None]
WORDS = ["nomor", "lapor", "tiba", "kejadian", "kecamatan", "instansi"]


def one_cell(lapor: Any, tiba: Any) -> list[Any]:
    return ["M-1", lapor, tiba, "kebakaran", "Baamang", "damkar"]


def imported(
    story: Story, folder: Path, content: bytes, mapping: str | None = MAPPING, name: str = "buku"
) -> int:
    """What the importer ends with; its words go to standard output."""
    file = folder / name
    file.write_bytes(content)
    chosen = folder / "mapping.yaml"
    if mapping is not None:
        chosen.write_text(mapping, encoding="utf-8")
    desk: Any = DeskOf(story)
    return history.run(file, chosen if mapping is not None else None, desk)


def came_in(day: str = "2020-04-07") -> list[tuple[str, list[tuple[str, str]]]]:
    """Each incident of a day: when it was reported, and which agency was on scene when, in UTC."""
    return sorted(
        (
            each.received_at[11:16],
            sorted(
                (crew.agency_id, crew.milestones.get("on_scene", "")[11:16]) for crew in crews_of(each.id)
            ),
        )
        for each in incidents.of_day(day)
    )


def crews_of(incident_id: str) -> list[Assignment]:
    loaded = incidents.load_state(incident_id)
    assert loaded is not None
    return [*loaded.assignments.values()]


THE_FIRE = [("01:15", [("damkar", "01:30")])]


# -- read alike --------------------------------------------------------------------------------------------------------


def beside_a_chart(book: Any) -> None:
    chart = BarChart()
    chart.add_data(Reference(book.active, min_col=3, min_row=1, max_row=2), titles_from_data=True)
    book.create_chartsheet("GRAFIK", 0).add_chart(chart)


def two_storeys(book: Any) -> None:
    sheet = book.active
    for cells in ("A1:H1", "A3:A4", "B3:B4", "C3:D3", "E3:E4"):
        sheet.merge_cells(cells)


def merged_down(book: Any) -> None:
    for letter in "ABCEF":
        book.active.merge_cells(f"{letter}2:{letter}3")


def shown_with_two_decimals(book: Any) -> None:
    book.active["C2"].number_format = "0.00"


def without_size(xml: str) -> str:
    return re.sub(r'<dimension ref="[^"]*" ?/>', '<dimension ref="A1:A1"/>', xml)


def without_places(xml: str) -> str:
    return re.sub(r'<(row|c) r="[^"]*"', r"<\1", re.sub(r'<dimension ref="[^"]*" ?/>', "", xml))


def with_prefix(xml: str) -> str:
    return re.sub(r"<(/?)(\w)", r"<\1x:\2", xml).replace("xmlns=", "xmlns:x=")


def shared_texts() -> bytes:
    """As Excel writes: texts in a table of their own, an empty styled cell, a row left out."""
    cells = "".join(f'<c t="s"><v>{n}</v></c>' for n in range(8))
    fire = "".join(f'<c t="s"><v>{n}</v></c>' for n in range(8, 15))
    return logbooks.by_hand(
        f'<row r="3">{cells}</row><row r="7">{fire}<c r="H7" s="0"/></row>', *NAMES, *FIRE[:7]
    )


def by_a_formula(xml: str) -> str:
    return re.sub(
        r'<c r="F2".*?</c>',
        '<c r="F2" t="str"><f t="shared" si="0">E2</f><v>Baamang</v></c>',
        xml,
    )


ALIKE: dict[str, bytes] = {
    "UTF-8": text(NAMES, FIRE),
    "UTF-8 with a BOM": text(NAMES, FIRE, encoding="utf-8-sig"),
    "UTF-16 with a BOM": text(NAMES, FIRE, delimiter="\t", encoding="utf-16"),
    "UTF-16 BE with a BOM": b"\xfe\xff" + text(NAMES, FIRE, encoding="utf-16-be"),
    "UTF-16 without a BOM": text(NAMES, FIRE, delimiter="\t", encoding="utf-16-le"),
    "UTF-32": text(NAMES, FIRE, encoding="utf-32"),
    "Windows-1252": text([*NAMES, "catatan"], [*FIRE, "dapur – belakang"], encoding="cp1252"),
    "packed": gzip.compress(text(NAMES, FIRE)),
    "semicolons": text(NAMES, FIRE, delimiter=";"),
    "tabs": text(NAMES, FIRE, delimiter="\t"),
    "bars": text(NAMES, FIRE, delimiter="|"),
    "semicolons, many commas": text([*NAMES, "a,b,c,d,e,f,g,h,i,j"], [*FIRE, ","], delimiter=";"),
    "sep=": b"sep=;\r\n" + text(NAMES, FIRE, delimiter=";"),
    "sep= in UTF-16": ("sep=;\r\n" + text(NAMES, FIRE, delimiter=";").decode()).encode("utf-16"),
    "sep= behind a BOM": ("sep=;\r\n" + text(NAMES, FIRE, delimiter=";").decode()).encode("utf-8-sig"),
    "line ends of old Macs": text(NAMES, FIRE).replace(b"\r\n", b"\r"),
    "title rows": text(["LAPORAN KEJADIAN"], [], ["Tahun 2020", ""], NAMES, FIRE),
    "line breaks in the header": text(
        ["nomor", "tanggal", '"jam\nlapor"', '"Jam\r\n Tiba"', *NAMES[4:]], FIRE
    ),
    "two storeys": text(
        ["nomor", "tanggal", "jam", "", "kejadian", "kecamatan", "instansi", "telepon"],
        ["", "", "lapor", "tiba", "", "", "", ""],
        FIRE,
    ),
    "numbered columns": text(NAMES, [f"({n})" for n in range(1, 9)], FIRE),
    "header again on each page, blank lines, a total, a signature": text(
        NAMES,
        FIRE,
        [],
        NAMES,
        [""] * 8,
        ["Jumlah", "", "", "", "", "", "", "1"],
        ["", "", "", "", "", "", "Kepala Dinas"],
    ),
    "columns in another order, more of them": text(["x", *NAMES[::-1]], ["y", *FIRE[::-1]]),
    "unseen marks": text(
        ["\u200bnomor", "tanggal ", "jam\xa0lapor", *NAMES[3:]],
        [*FIRE[:2], "'08.15", "\xa008.30", "\u200bkebakaran", *FIRE[5:]],
    ),
    "a date with the clock again": text(NAMES, ["M-1", "Selasa 7/4/2020 pukul 08.15 WIB", *FIRE[2:]]),
    "a day as databases write it": text(NAMES, ["M-1", "2020-04-07 00:00:00", *FIRE[2:]]),
    "a day with a midnight": text(NAMES, ["M-1", "7/4/2020 00:00:00", *FIRE[2:]]),
    "zero bytes": text([*NAMES, "catatan"], [*FIRE, "a\0b\0c"]),
    "rows that end in delimiters": text(NAMES, [*FIRE, "", ""], [*FIRE, "", ""]),
    "the same row twice": text(NAMES, FIRE, FIRE),
    "a workbook": workbook(NAMES, REAL),
    "a workbook with texts": workbook(NAMES, FIRE),
    "bare serial and fraction": workbook(NAMES, ["M-1", 43928, 0.34375, 0.3541666666666667, *REAL[4:]]),
    "clocks that became numbers": workbook(
        NAMES,
        ["M-1", DAY, 8.15, 8.3, *REAL[4:]],
        then=lambda book: setattr(book.active["D2"], "number_format", "0.00"),
    ),
    "a workbook's two storeys": workbook(
        ["REKAP TAHUN 2020"],
        [],
        ["nomor", "tanggal", "jam", None, "kejadian", "kecamatan", "instansi", "telepon"],
        [None, None, "lapor", "tiba"],
        REAL,
        then=two_storeys,
    ),
    "a chart's sheet": workbook(NAMES, REAL, then=beside_a_chart),
    "line breaks as Excel writes them down": workbook(
        ["nomor", "tanggal", "jam_x000D_\nlapor", *NAMES[3:]], REAL
    ),
    "a wrong size": rewritten(workbook(NAMES, REAL), without_size),
    "no sizes and no places": rewritten(workbook(NAMES, REAL), without_places),
    "a prefix before each tag": rewritten(workbook(NAMES, REAL), with_prefix),
    "shared texts": shared_texts(),
    "a formula with its value": rewritten(workbook(NAMES, REAL), by_a_formula),
    "other sheets": months(("Rekap", [["bulan", "jumlah"], ["April", 1]]), ("APRIL", [NAMES, REAL])),
}


@pytest.mark.parametrize("content", ALIKE.values(), ids=ALIKE)
def test_however_it_is_written_the_same_fire_comes_in(story: Story, tmp_path: Path, content: bytes) -> None:
    assert imported(story, tmp_path, content) == 0
    assert came_in() == THE_FIRE
    (fire,) = incidents.of_day("2020-04-07")
    assert verify(fire.id) == (fire.seq, [])


def test_the_dashes_and_quotes_of_windows_are_the_mappings(story: Story, tmp_path: Path) -> None:
    words = "kebakaran – ‘dapur’"
    mapping = MAPPING.replace("{kebakaran: house_fire}", f"{{{words}: house_fire}}")
    assert imported(story, tmp_path, text(NAMES, row("M-1", kejadian=words), encoding="cp1252"), mapping) == 0
    assert came_in() == THE_FIRE


MOMENTS = [
    ("Selasa, 7 April 2020 pukul 08.15 WIB", "Selasa, 7 April 2020 pukul 08.30 WIB"),
    ("7-Apr-20 08.15", "7-Apr-20 08.30"),
    ("7/4/2020 8:15", "7/4/2020 08:30:00"),
    ("2020-04-07 08:15", "2020-04-07T08:30:00+07:00"),
    ("08.15 WIB, 7 April 2020", "08.30 WIB, 7 April 2020"),
    ("7 April 2020 8:15 AM", "7 April 2020 8:30 AM"),
    ("Sel 7 Apr 2020\npkl. 08.15", "Sel 7 Apr 2020\npkl. 08.30"),
    (datetime(2020, 4, 7, 8, 15), datetime(2020, 4, 7, 8, 30)),
    (43928.34375, 43928.354166666664),
]


@pytest.mark.parametrize(("lapor", "tiba"), MOMENTS, ids=[str(lapor) for lapor, _ in MOMENTS])
def test_a_date_with_its_clock_in_one_cell_is_read_in_numbers_and_in_words(
    story: Story, tmp_path: Path, lapor: Any, tiba: Any
) -> None:
    assert imported(story, tmp_path, workbook(WORDS, one_cell(lapor, tiba)), ONE_CELL) == 0
    assert came_in() == THE_FIRE


def test_a_sheet_a_month_is_read_whole(
    story: Story, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    may = ["M-2", datetime(2020, 5, 8), *REAL[2:]]
    assert imported(story, tmp_path, months(("APRIL", [NAMES, REAL]), ("MEI", [["Mei"], NAMES, may]))) == 0
    assert came_in() == came_in("2020-05-08") == THE_FIRE
    assert "Rows read: 2 (sheet 'APRIL' 1, sheet 'MEI' 1)" in capsys.readouterr().out


def test_what_is_merged_downwards_stands_in_each_of_its_rows(story: Story, tmp_path: Path) -> None:
    second = [None, None, None, time(8, 50), None, None, "ambulans", None]
    assert imported(story, tmp_path, workbook(NAMES, REAL, second, then=merged_down)) == 0
    assert came_in() == [("01:15", [("damkar", "01:30"), ("psc", "01:50")])]


# -- nothing is written ------------------------------------------------------------------------------------------------


def hidden(book: Any) -> None:
    book.active.row_dimensions[2].hidden = True


OTHER = ["M-1", "8/4/2020", "10.15", "10.50", "kebakaran", "Ketapang", "ambulans", ""]


def packed_and_broken() -> bytes:
    """A logbook whose beginning unpacks, and not its end."""
    rows = [text(NAMES, FIRE), random.Random(1).randbytes(20_000).hex().encode()]
    packed = bytearray(gzip.compress(b"\n".join(rows)))
    packed[-3000:-8] = b"\xff" * 2992
    return bytes(packed)


STOPS: dict[str, tuple[bytes, str]] = {
    "a column twice": (
        text([*NAMES, "Jam Tiba"], [*FIRE, "09.45"]),
        r"Column 'jam tiba' stands twice \(columns D and I, row 1\)",
    ),
    "a column twice over two storeys": (
        text(["nomor", *["x"] * 7, "y"], [*NAMES, "jam_tiba"], [*FIRE, ""]),
        r"Column 'jam tiba' stands twice \(columns D and I",
    ),
    "one key over two days": (
        text(NAMES, FIRE, OTHER),
        r"column A 'nomor'\) say different things of column B 'tanggal' with column C 'jam lapor'.*row 2 says 2020-04-07 08:15 but row 3 says 2020-04-08 10:15",
    ),
    "one key in two places, far apart": (
        text(NAMES, FIRE, ["M-2", *FIRE[1:]], [*FIRE[:5], "Ketapang", *FIRE[6:]]),
        r"of column F 'kecamatan'.*row 2 says 'baamang' but row 4 says 'ketapang'",
    ),
    "numbers that begin anew on each sheet": (
        months(("APRIL", [NAMES, REAL]), ("MEI", [NAMES, ["M-1", datetime(2020, 5, 7), *REAL[2:]]])),
        r"sheet 'APRIL' row 2 says 2020-04-07 08:15 but sheet 'MEI' row 2 says 2020-05-07 08:15",
    ),
    "one key in two writings": (
        text(NAMES, FIRE, ["m-1 ", *FIRE[1:]]),
        r"Keys \(column A 'nomor'\) mean the same and are written differently.*row 2 and row 3",
    ),
    "one key with a nought and without": (
        text(NAMES, ["M-07", *FIRE[1:]], ["M-7", *FIRE[1:]]),
        r"Keys \(column A 'nomor'\) mean the same and are written differently.*row 2 and row 3",
    ),
    "one key with two dashes": (
        text(NAMES, ["M-7", *FIRE[1:]], ["M–7", *FIRE[1:]]),
        r"Keys \(column A 'nomor'\) mean the same and are written differently.*row 2 and row 3",
    ),
    "a key that became a number": (
        text(NAMES, ["7", *FIRE[1:]], ["7.0", *FIRE[1:]]),
        r"Keys \(column A 'nomor'\) mean the same and are written differently.*row 2 and row 3",
    ),
    "a column under a changed name": (
        text(["nomor", "tanggal", "Wkt lapor", *NAMES[3:]], FIRE),
        r"No column 'jam lapor' in row 1; the most alike is 'Wkt lapor' \(column C\)",
    ),
    "a changed name of what need not be there": (
        text([*NAMES[:7], "No. Telp"], FIRE),
        r"No column 'telepon' in row 1; the most alike is 'No. Telp' \(column H\)",
    ),
    "a sheet whose column has another name": (
        months(("APRIL", [NAMES, REAL]), ("MEI", [[*NAMES[:2], "jam laporan", *NAMES[3:]], REAL])),
        r"Sheet 'MEI': No column 'jam lapor'.*'jam laporan' \(column C\).*sheet: \[APRIL\]",
    ),
    "no header": (text(FIRE), r"No header: none of the first 40 rows names any of the columns"),
    "month first": (
        text(NAMES, FIRE, ["M-2", "4/13/2020", *FIRE[2:]]),
        r"column B 'tanggal': row 3 \(4/13/2020\) has the month first",
    ),
    "days taken for months": (
        workbook(NAMES, REAL, *[[f"N-{n}", f"{n}/4/2020", *REAL[2:]] for n in (13, 14)]),
        r"column B 'tanggal': dates up to the 12th are real dates.*row 3 \(13/4/2020\)",
    ),
    "no row": (text(NAMES), r"Nothing was written. Rows to be imported: 0"),
    "quotes that do not match": (text(NAMES, FIRE, ['"M-2', *FIRE[1:]], FIRE), r"row 3: its quotation marks"),
    "two encodings": (
        text(NAMES, [*FIRE[:7], "é"]) + text([*FIRE[:7], "é"], encoding="cp1252"),
        r"two encodings: line 2 is UTF-8, line 3 is not",
    ),
    "neither encoding": (text(NAMES) + b"M-1,\x81", r"line 2 is neither UTF-8 nor Windows-1252 \(byte 81\)"),
    "half of UTF-16": (text(NAMES, FIRE, encoding="utf-16")[:-1], r"is no utf-16"),
    "empty": (b"", r"is empty"),
    "blanks": (b"\r\n \r\n", r"is empty"),
    "old Excel": (logbooks.container("Workbook"), r"old Excel workbook \(.xls\): .*save it as .xlsx"),
    "older Excel": (b"\x09\x08\x10\x00\x00\x06", r"old Excel workbook"),
    "a password": (logbooks.container("EncryptedPackage"), r"protected by a password"),
    "a web page": (b"\xef\xbb\xbf\r\n<HTML><table>", r"a web page .* though it is named .xls"),
    "a web page in UTF-16": ("<table>".encode("utf-16"), r"a web page"),
    "XML of Excel 2003": (
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
        r"XML spreadsheet of Excel 2003",
    ),
    "OpenDocument": (
        logbooks.archive("mimetype", content=b"application/vnd.oasis.opendocument.spreadsheet"),
        r"OpenDocument spreadsheet \(.ods\): .*save it as .xlsx",
    ),
    "Numbers": (logbooks.archive("Index/Document.iwa"), r"Apple Numbers"),
    "xlsb": (logbooks.archive("xl/workbook.bin"), r"\.xlsb"),
    "Strict Open XML": (
        logbooks.archive("xl/workbook.xml", content=b"http://purl.oclc.org/ooxml/spreadsheetml/main"),
        r"without Strict",
    ),
    "a zip": (logbooks.archive("buku.csv"), r"a zip that holds buku.csv: unpack it"),
    "a broken zip": (b"PK\x03\x04nothing", r"is damaged"),
    "a broken workbook": (
        rewritten(workbook(NAMES, REAL), lambda xml: xml[: len(xml) // 2]),
        r"damaged spreadsheet",
    ),
    "a chart's sheet without its chart": (
        workbook(NAMES, REAL, then=lambda book: book.create_chartsheet("GRAFIK")),
        r"damaged spreadsheet",
    ),
    "no gzip": (b"\x1f\x8bnot gzip", r"cannot be read"),
    "a broken gzip": (gzip.compress(text(NAMES, FIRE))[:10] + b"\xff" * 40, r"cannot be read"),
    "a gzip that breaks further on": (packed_and_broken(), r"cannot be read"),
    "a packed workbook": (gzip.compress(workbook(NAMES, REAL)), r"unpack it first"),
    "PDF": (b"%PDF-1.7", r"is a PDF"),
    "7z": (b"7z\xbc\xaf\x27\x1c", r"unpack it"),
    "a picture": (b"\x89PNG\r\n", r"is a picture"),
}


@pytest.mark.parametrize(("content", "says"), STOPS.values(), ids=STOPS)
def test_what_cannot_be_trusted_stops_before_anything_is_written(
    story: Story, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, says: str
) -> None:
    before = everything()
    assert said(lambda: imported(story, tmp_path, content, name="buku.xls"), capsys, says) == 1
    assert everything() == before


def said(run: Callable[[], int], capsys: pytest.CaptureFixture[str], says: str) -> int:
    """What a run ends with, once it was seen to say something."""
    try:
        code, refused = run(), ""
    except (TableError, MappingError) as error:
        code, refused = 1, str(error)
    told = " ".join((capsys.readouterr().out + refused).split())
    assert re.search(says, told), told
    return code


DAYS_ALONE: dict[str, tuple[bytes, str]] = {
    "as text": (
        text(WORDS, one_cell("2018-02-01", "")),
        r"column B 'lapor' is a day without a clock.*row 2 '2018-02-01'",
    ),
    "day first": (text(WORDS, one_cell("1/2/2018", "")), r"is a day without a clock"),
    "in words": (text(WORDS, one_cell('"Kamis, 1 Februari 2018"', "")), r"is a day without a clock"),
    "a spreadsheet's date": (workbook(WORDS, one_cell(date(2018, 2, 1), None)), r"is a day without a clock"),
    "a bare serial": (workbook(WORDS, one_cell(43132, None)), r"is a day without a clock"),
    "midnights throughout": (
        text(WORDS, *[one_cell("2018-02-01 00:00:00", "")] * 2),
        r"column B 'lapor': every clock is midnight \(2 rows, first row 2\)",
    ),
}


@pytest.mark.parametrize(("content", "says"), DAYS_ALONE.values(), ids=DAYS_ALONE)
def test_a_day_without_a_clock_is_no_midnight(
    story: Story, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, says: str
) -> None:
    before = everything()
    assert said(lambda: imported(story, tmp_path, content, ONE_CELL), capsys, says) == 1
    assert everything() == before


def test_a_column_of_clocks_that_are_all_midnight_is_no_column_of_clocks(
    story: Story, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = workbook(NAMES, *[[f"M-{n}", DAY, time(0), None, *REAL[4:]] for n in range(2)])
    says = r"column C 'jam lapor': every clock is midnight \(2 rows, first row 2\).*or write 00.00 as text"
    assert said(lambda: imported(story, tmp_path, content), capsys, says) == 1
    assert came_in() == []


def test_a_mapping_that_comes_along_names_the_column_that_it_misses(
    story: Story, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ["tanggal", "Wkt lapor", *NAMES[3:7]]
    says = r"The nearest is buku_log.yaml: No column 'jam lapor' in row 1; the most alike is 'Wkt lapor' \(column B\)"
    assert said(lambda: imported(story, tmp_path, text(names, FIRE[1:7]), None), capsys, says) == 1


# -- told, while the rest comes in -------------------------------------------------------------------------------------


def row(key: str, **cells: Any) -> list[Any]:
    """The fire under another key, with some cells changed: `jam_tiba="sore"`."""
    found: list[Any] = [key, *FIRE[1:]]
    for name, value in cells.items():
        found[NAMES.index(name.replace("_", " "))] = value
    return found


def uncalculated(xml: str) -> str:
    return re.sub(r'<c r="D3"([^>]*)><v>[^<]*</v></c>', r'<c r="D3"\1><f>C3+1/96</f></c>', xml)


# What the second row says beside the fire in the first; `""` if it comes in all the same, else why it is left out.
LEFT_OUT: dict[str, tuple[bytes, str]] = {
    "no clock": (
        text(NAMES, FIRE, row("M-2", jam_lapor="sore")),
        r"column C 'jam lapor' is no time of day.*row 3 'sore'",
    ),
    "a key that says nothing": (text(NAMES, FIRE, row("…")), r"'nomor' empty row 3"),
    "an empty clock": (text(NAMES, FIRE, row("M-2", jam_lapor="")), r"column C 'jam lapor' is empty row 3"),
    "about when": (
        text(NAMES, FIRE, row("M-2", jam_lapor="±14.00")),
        r"says about when: write the time that counts row 3 '±14.00'",
    ),
    "another zone": (text(NAMES, FIRE, row("M-2", jam_lapor="08.15 WITA")), r"in the mapping's zone row 3"),
    "one digit": (text(NAMES, FIRE, row("M-2", jam_lapor="8.5")), r"may be 8.05 or 8.50: .* row 3 '8.5'"),
    "a clock that became a date": (
        workbook(NAMES, REAL, ["M-2", DAY, datetime(2020, 5, 14), *REAL[3:]]),
        r"column C 'jam lapor' is a day, no time",
    ),
    "a weekday that is another": (
        text(NAMES, FIRE, row("M-2", tanggal='"Senin, 7 April 2020"')),
        r"column B 'tanggal' names a weekday that its date is not",
    ),
    "a clock in the date that is another": (
        workbook(NAMES, REAL, ["M-2", datetime(2020, 4, 7, 9, 30), *REAL[2:]]),
        r"column B 'tanggal' holds another clock than column C 'jam lapor': which one counts\? row 3",
    ),
    "a clock in words in the date that is another": (
        text(NAMES, FIRE, row("M-2", tanggal="7/4/2020 09.30")),
        r"column B 'tanggal' holds another clock than column C 'jam lapor': which one counts\? row 3",
    ),
    "a date of another zone": (
        text(NAMES, FIRE, row("M-2", tanggal="2020-04-06T17:00:00.000Z")),
        r"column B 'tanggal' is no date: write it as 7/4/2020 row 3",
    ),
    "several agencies in a cell": (
        text(NAMES, FIRE, row("M-2", instansi="DAMKAR / polres"), row("M-3", instansi='"ambulans, relawan"')),
        r"column G 'instansi': 'DAMKAR / polres' names several: a row for each.* row 3",
    ),
    "a row below cells of several lines": (
        text(NAMES, [*FIRE[:7], '"\n\n"'], row("M-2", jam_lapor="sore")),
        r"column C 'jam lapor' is no time of day.*row 3 'sore'",
    ),
    "an error": (
        text(NAMES, FIRE, row("M-2", kecamatan="#REF!")),
        r"column F 'kecamatan' holds #REF!, no value",
    ),
    "a shifted row": (
        text(
            NAMES, FIRE, ["M-2", "7/4/2020", "08.15", "08.30", "kebakaran", "Baamang", " RT 2", "damkar", "1"]
        ),
        r"has 9 cells, the header 8: .* row 3",
    ),
    "a shifted row whose last cell is empty": (
        text(
            NAMES, FIRE, ["M-2", "7/4/2020", "08.15", "08.30", "kebakaran", "Baamang", " RT 2", "damkar", ""]
        ),
        r"has 9 cells, the header 8: .* row 3",
    ),
    "a row that ends early": (text(NAMES, FIRE, row("M-2")[:5]), r"ends before column F 'kecamatan'.* row 3"),
    "no agency, though somebody came": (
        text(NAMES, FIRE, row("M-2", instansi="")),
        r"column G 'instansi' is empty, though there is on_scene: whose\? row 3",
    ),
    "an unknown word": (
        text(NAMES, FIRE, row("M-2", kejadian="gempa")),
        r"column E 'kejadian': 'gempa' stands for no type",
    ),
    "a unit that arrived twice": (
        text(NAMES, FIRE, row("M-2"), row("M-2", jam_tiba="08.50")),
        r"one incident and unit say different things of .*column D 'jam tiba'.*row 3 says 2020-04-07 08:30 but row 4 says 2020-04-07 08:50",
    ),
    "more units than an incident takes": (
        text(NAMES, FIRE, *[row("M-2", instansi=f"regu {n}") for n in range(151)]),
        r"belongs to the incident of row 3, of more than 150 units: give its rows several keys rows 3 to 32 and 121 more",
    ),
    "one unusable row of two": (
        text(NAMES, FIRE, row("M-2"), row("M-2", instansi="ambulans", kejadian="gempa")),
        r"belongs to the incident of row 4, which cannot be used.* row 3",
    ),
    "a row that goes on from the one above": (
        text(NAMES, FIRE, row("M-2"), ["", "", "", "08.50", "", "", "ambulans", ""]),
        r"names an agency, but no time, type or district.* row 4 .*belongs to the incident of row 4",
    ),
}


@pytest.mark.parametrize(("content", "says"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_a_row_that_cannot_be_used_is_told_with_row_and_column_and_holds_back_its_incident_alone(
    story: Story, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, says: str
) -> None:
    assert said(lambda: imported(story, tmp_path, content), capsys, says) == 0
    assert came_in() == THE_FIRE


TOLD: dict[str, tuple[bytes, str]] = {
    "columns": (
        text([*NAMES, "catatan", ""], [*FIRE, "x", "y"]),
        r"Columns not used: column I 'catatan', column J \(no name, 1 cells, first in row 2\)",
    ),
    "a sheet of something else": (
        months(("APRIL", [NAMES, REAL]), ("Rekap", [["bulan", "jumlah"]])),
        r"Sheet 'Rekap' was not read: it has no such table",
    ),
    "an encoding": (ALIKE["Windows-1252"], r"Read as Windows-1252, with – in it"),
    "title rows": (ALIKE["title rows"], r"Rows 1 to 3 above the header: not used"),
    "hidden rows": (workbook(NAMES, REAL, then=hidden), r"Hidden or filtered rows were read as well: 2"),
    "a column that is not there": (text(NAMES[:7], FIRE[:7]), r"No column 'telepon': number stays empty"),
    "totals and signatures": (
        ALIKE["header again on each page, blank lines, a total, a signature"],
        r"2 holds no time, type or district: a heading, a total or a note row 6 'Jumlah', row 7 'Kepala Dinas'",
    ),
    "a header again": (
        ALIKE["header again on each page, blank lines, a total, a signature"],
        r"repeats the header row 4",
    ),
    "a row again": (ALIKE["the same row twice"], r"says nothing that an earlier row does not say row 3"),
    "lost digits": (text(NAMES, [*FIRE[:7], "8.12346E+11"]), r"column H 'telepon' lost its digits.* row 2"),
    "a cut end": (text(NAMES, FIRE[:7]), r"ends before column H 'telepon', which was taken as empty row 2"),
}


@pytest.mark.parametrize(("content", "says"), TOLD.values(), ids=TOLD)
def test_what_was_not_used_is_said(
    story: Story, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, says: str
) -> None:
    assert said(lambda: imported(story, tmp_path, content), capsys, says) == 0
    assert came_in() == THE_FIRE


def test_a_formula_without_its_value_is_told_and_not_taken_for_an_empty_cell(
    story: Story, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = rewritten(workbook(NAMES, REAL, ["M-2", *REAL[1:]]), uncalculated)
    says = r"on_scene: column D 'jam tiba' holds a formula without its value: open the file .* row 3"
    assert said(lambda: imported(story, tmp_path, content), capsys, says) == 0
    assert came_in() == [("01:15", [("damkar", "")]), *THE_FIRE]


def test_a_hidden_sheet_is_named_and_not_read(
    story: Story, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def copy(book: Any) -> None:
        old = book.copy_worksheet(book.active)
        old.title, old.sheet_state = "lama", "hidden"
        old["A2"] = "M-9"

    content = workbook(NAMES, REAL, then=copy)
    says = r"Sheet 'lama' was not read: it is hidden"
    assert said(lambda: imported(story, tmp_path, content), capsys, says) == 0
    assert came_in() == THE_FIRE


def test_a_check_tells_everything_and_writes_nothing(
    story: Story, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = everything()
    file, mapping = tmp_path / "buku.csv", tmp_path / "mapping.yaml"
    file.write_bytes(text(NAMES, FIRE, row("M-2", jam_lapor="sore")))
    mapping.write_text(MAPPING)
    desk: Any = DeskOf(story)
    assert history.run(file, mapping, desk, check=True) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "Checked, nothing was written. Rows to be imported: 1" in told and "row 3 'sore'" in told
    assert everything() == before


def test_what_was_put_right_comes_in_with_the_next_run(story: Story, tmp_path: Path) -> None:
    wrong = text(NAMES, row("M-1"), row("M-1", instansi="ambulans", jam_lapor="sore"))
    assert imported(story, tmp_path, wrong) == 1 and came_in() == []
    right = text(NAMES, row("M-1"), row("M-1", instansi="ambulans", jam_tiba="08.50"))
    assert imported(story, tmp_path, right) == 0
    assert came_in() == [("01:15", [("damkar", "01:30"), ("psc", "01:50")])]
