"""Sheets as agencies have them: where the table is, what its columns are, what becomes of every row; nothing is invented."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.registry import HeldCertification, Person, Regency, Station
from chalicelib.domain.registry_rules import Book
from chalicelib.domain.sheets import names, values
from chalicelib.domain.sheets.clarifications import Clarifications, Unseen
from chalicelib.domain.sheets.grid import Grid, grids_of, guarded
from chalicelib.domain.sheets.plan import Plan, Row, Scope
from chalicelib.domain.sheets.planning import plan
from chalicelib.domain.sheets.refusals import CODES
from chalicelib.domain.sheets.values import Unread
from chalicelib.domain.sheets.workbooks import Refused
from chalicelib.services.registry.sheet_phones import phones_of
from tests.support import regency

KOTIM = Regency(id="kotim", name="Kotim", zone="Asia/Jakarta", area_code="0531", countries=["ID"])
READ_PHONE = phones_of(KOTIM)
DOMAIN = Path(__file__).parents[2] / "chalicelib/domain"
SOURCES = sorted(each for room in ("sheets", "rosters") for each in (DOMAIN / room).glob("*.py"))

LISTED = """DAFTAR PERSONEL DINAS PEMADAM KEBAKARAN
TAHUN 2026

No|Nama|NIP|No. HP|Sertifikat
||||water_rescue
1|2|3|4|5
REGU I
1|H. Ahmad Yani, S.Sos|19800101 200501 1 001|8123456789|Des 2027
2|Siti Nur'aini||0812-3456-7891|seumur hidup
No|Nama|NIP|No. HP|Sertifikat
REGU II
3|Suparman||0812 3456 7892|-
4
Jumlah|3

Keterangan:
|WR = Water rescue
|||Sampit, 3 Januari 2027
|||Kepala Dinas
|||YUSRAN, S.Sos
|||NIP. 19700101 199503 1 002
"""


def grid(text: str) -> Grid:
    return next(grids_of(text.replace("|", "\t")))


def scope(*people: Person, noun: str = "personnel", **more: Any) -> Scope:
    nouns = {noun: {each.id: each for each in things} for noun, things in regency.nouns().items()}  # type: ignore[attr-defined]
    nouns["personnel"] = {**nouns["personnel"], **{each.id: each for each in people}}
    book = Book(nouns=nouns, now="2026-11-30T03:00:00.000Z")
    given = {"agency_id": "damkar", "bound": True, **more}
    return Scope(
        noun=noun, book=book, import_id="01IMPORT", read_phone=READ_PHONE, faults=lambda _: {}, **given
    )


def tried(text: str, *people: Person, clarified: Clarifications | None = None, **more: Any) -> Plan:
    return plan(grid(text), clarified or Clarifications(), scope(*people, **more))


def row(made: Plan, number: int) -> Row:
    return made.rows[number - 1]


def person(id_: str, name: str, phone: str, **more: Any) -> Person:
    return Person(id=id_, agency_id="damkar", name=name, phone=phone, **more)


def codes(one: Row) -> list[str]:
    return [each.code for each in one.refusals]


# -- where the table is


def test_an_agencys_list_is_read_and_all_else_on_the_sheet_is_named() -> None:
    made = tried(LISTED)
    assert [each.name for each in (row(made, n).value for n in (8, 9, 12))] == [
        "H. Ahmad Yani, S.Sos",
        "Siti Nur'aini",
        "Suparman",
    ]
    kinds = [each.kind for each in made.rows]
    assert kinds[:7] == ["title", "title", "empty", "head", "head", "numbering", "section"]
    assert kinds[9:11] == ["head_again", "section"]
    assert kinds[12:] == ["empty", "count", "empty"] + ["legend"] * 6
    ahmad = row(made, 8).value
    assert (ahmad.phone, ahmad.nip) == ("+628123456789", "198001012005011001")
    assert ahmad.certifications == [HeldCertification("water_rescue", "2027-12-31")]
    assert row(made, 9).value.certifications == [HeldCertification("water_rescue", values.FOR_LIFE)]
    assert row(made, 12).value.certifications == []


def test_a_row_that_looks_like_none_of_the_data_is_read_once_somebody_says_so() -> None:
    text = "No|Nama|No HP\n1|Andi S|0812 3456 7891\nREGU II\n"
    assert row(tried(text), 3).bin == "not_read"
    made = tried(text, clarified=Clarifications(rows={"3": "data"}))
    assert row(made, 3).bin == "refused"
    assert row(tried(text, clarified=Clarifications(rows={"2": "skip"})), 2).bin == "skipped"


def test_a_person_without_a_phone_is_refused_and_not_taken_for_a_heading() -> None:
    made = tried("No|Nama|No HP\n1|Andi S|0812 3456 7891\n2|Unit Rahman|\n")
    assert codes(row(made, 3)) == ["required"]
    assert row(made, 3).refusals[0].at == "C3"


# -- columns


def test_a_column_that_is_missing_is_asked_for_and_nothing_is_read_meanwhile() -> None:
    made = tried("Nama|Jabatan|Nomor kontak darurat\nRusdi|Danru|0812 3456 7891\n")
    assert [(each.kind, each.field) for each in made.asked] == [("missing", "phone")]
    assert not made.writes
    assert [each.name for each in made.unread_columns] == ["Jabatan", "Nomor kontak darurat"]
    made = tried(
        "Nama|Jabatan|Nomor kontak darurat\nRusdi|Danru|0812 3456 7891\n",
        clarified=Clarifications(columns={"phone": 2}),
    )
    assert row(made, 2).value.phone == "+6281234567891"


def test_a_column_that_stands_twice_is_asked_about() -> None:
    text = "Nama|No HP|No WA\nRusdi|0812 3456 7891|0812 3456 7892\n"
    made = tried(text)
    assert [(each.kind, each.field, [c.index for c in each.columns]) for each in made.asked] == [
        ("twice", "phone", [1, 2])
    ]
    assert row(tried(text, clarified=Clarifications(columns={"phone": 2})), 2).value.phone == "+6281234567892"


def test_one_value_may_be_given_for_all_rows_where_a_column_is_missing() -> None:
    text = "Callsign|Nama unit|Pos\nREGU 9|Mobil 9|pos damkar_1\n"
    assert [each.field for each in tried(text, noun="units").asked] == ["terrains"]


# -- cells


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("8,12E+10", "phone_rounded"),
        ("8.12345E+11", "phone_rounded"),
        ("0812 3456 7891 / 0813 3456 7892", "phone_two"),
        ("112", "phone_short"),
        ("belum ada", "phone_unread"),
        ("0531 21112", "phone_not_mobile"),
        ("+1 212 555 2368", "phone_country"),
        ("=VLOOKUP(A1;B:C;2)", "formula"),
        ("#N/A", "error_value"),
    ],
)
def test_a_phone_that_cannot_be_read_is_refused_with_its_address(written: str, code: str) -> None:
    made = tried(f"Nama|No HP\nAndi Saputra|{written}\n")
    refusal = row(made, 2).refusals[0]
    assert (refusal.code, refusal.at, refusal.written) == (code, "B2", written)


def test_of_two_numbers_in_a_cell_each_is_offered_and_a_repair_is_taken() -> None:
    text = "Nama|No HP\nAndi Saputra|0812 3456 7891 / 0813 3456 7892\n"
    choices = [each.value for each in row(tried(text), 2).refusals[0].choices]
    assert choices == ["+6281234567891", "+6281334567892"]
    repaired = tried(text, clarified=Clarifications(cells={"B2": choices[1]}))
    assert row(repaired, 2).value.phone == "+6281334567892"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("198001012005011001", "198001012005011001"),
        ("NIP. 19800101 200501 1 001", "198001012005011001"),
        ("199001012022211005", "199001012022211005"),
        ("NRP 78010233", "78010233"),
    ],
)
def test_a_service_number_is_read_as_it_is_written(written: str, read: str) -> None:
    assert values.service_number(written) == read


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("1,98E+17", "nip_rounded"),
        ("198001012005011000", "nip_rounded"),
        ("6202010101800001", "nip_is_nik"),
        ("198013012005011001", "nip_form"),
        ("12", "nip_form"),
    ],
)
def test_a_service_number_that_excel_spoilt_is_named(written: str, code: str) -> None:
    with pytest.raises(Unread) as refused:
        values.service_number(written)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("31/12/2027", "2027-12-31"),
        ("31-12-27", "2027-12-31"),
        ("s.d. 5 Mei 2027", "2027-05-05"),
        ("Feb 2028", "2028-02-29"),
        ("02/2027", "2027-02-28"),
        ("2027-06", "2027-06-30"),
        ("Seumur hidup", values.FOR_LIFE),
        ("lifetime", values.FOR_LIFE),
    ],
)
def test_a_certificate_holds_to_a_day_to_a_months_end_or_for_life(written: str, day: str) -> None:
    assert values.last_day(written) == day


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("√", "day_missing"),
        ("2027", "day_only_year"),
        ("46387", "day_number"),
        ("12/31/2027", "day_month_first"),
        ("proses", "not_a_day"),
        ("5/5/1999", "day_out_of_range"),
    ],
)
def test_a_certificates_day_that_is_none_is_refused(written: str, code: str) -> None:
    with pytest.raises(Unread) as refused:
        values.last_day(written)
    assert refused.value.code == code


def test_where_one_date_of_a_column_begins_with_its_month_the_others_are_asked_about() -> None:
    made = tried("Nama|HP|water_rescue\nA Bakri|081234567891|5/6/2027\nB Coki|081234567892|12/31/2027\n")
    assert codes(row(made, 2)) == ["day_or_month"]
    assert [each.value for each in row(made, 2).refusals[0].choices] == ["2027-06-05", "2027-05-06"]
    assert codes(row(made, 3)) == ["day_month_first"]


def test_an_empty_cell_takes_nothing_away() -> None:
    known = person(
        "p1",
        "Andi Saputra",
        "+6281234567891",
        certifications=[HeldCertification("water_rescue", "2027-01-01")],
    )
    made = tried("Nama|HP|water_rescue\nAndi Saputra|081234567891|\n", known)
    assert row(made, 2).bin == "same"


def test_an_unknown_word_is_asked_once_for_the_whole_sheet() -> None:
    text = "Nama|HP|Sertifikat\nAndi B|081234567891|WR (2027-12-31)\nBudi C|081234567892|WR (2028-12-31)\n"
    made = tried(text)
    assert [each.values["word"] for one in (row(made, 2), row(made, 3)) for each in one.refusals] == [
        "WR",
        "WR",
    ]
    made = tried(text, clarified=Clarifications(words={"certifications": {"wr": "water_rescue"}}))
    assert [each.expires_on for n in (2, 3) for each in row(made, n).value.certifications] == [
        "2027-12-31",
        "2028-12-31",
    ]
    made = tried(text, clarified=Clarifications(words={"certifications": {"wr": ""}}))
    assert row(made, 2).value.certifications == []


def test_a_formula_as_text_is_guarded_on_the_way_out_and_comes_back_as_it_was() -> None:
    for text in ("=1+1", "@andi", "+62", "-1", "plain"):
        (back,) = next(grids_of(guarded(text))).rows
        assert back == [text]
    assert guarded("=cmd|' /C calc'!A0").startswith("'=")


# -- who a row is about

ANDI = person("p-andi", "Andi Saputra", "+6281234567891")


def test_name_and_phone_that_agree_are_the_same_person() -> None:
    made = tried("Nama|HP|NIP\nSdr. ANDI SAPUTRA, S.Kom|0812-3456-7891|198001012005011001\n", ANDI)
    assert (row(made, 2).bin, row(made, 2).id) == ("changed", "p-andi")
    assert [each.field for each in row(made, 2).changes] == ["name", "nip"]


def test_one_name_with_another_phone_is_asked_about_and_never_overwritten_unasked() -> None:
    text = "Nama|HP\nAndi Saputra|0812 9999 9999\n"
    made = tried(text, ANDI)
    assert codes(row(made, 2)) == ["who_same_name"]
    assert row(made, 2).refusals[0].proposed == "p-andi"
    same = tried(text, ANDI, clarified=Clarifications(who={"2": "p-andi"}))
    assert [(each.before, each.after) for each in row(same, 2).changes] == [
        ("+6281234567891", "+6281299999999")
    ]
    other = tried(text, ANDI, clarified=Clarifications(who={"2": "+"}))
    assert row(other, 2).bin == "new"
    assert row(other, 2).id != "p-andi"


def test_an_answer_that_names_another_agencys_person_is_no_answer() -> None:
    made = tried("Nama|HP\nAndi Saputra|0812 9999 9999\n", ANDI, clarified=Clarifications(who={"2": "citra"}))
    assert codes(row(made, 2)) == ["who_same_name"]


def test_a_service_number_tells_namesakes_apart_and_knows_one_again() -> None:
    first = replace(ANDI, nip="198001012005011001")
    made = tried("Nama|HP|NIP\nAndi Saputra|081299999999|199001012015011002\n", first)
    assert row(made, 2).bin == "new"
    made = tried("Nama|HP|NIP\nAndi Saputra|081299999999|198001012005011001\n", first)
    assert (row(made, 2).bin, row(made, 2).id) == ("changed", "p-andi")
    made = tried("Nama|HP|NIP\nRusdi|081299999999|198001012005011001\n", first)
    assert codes(row(made, 2)) == ["who_nip"]


def test_what_only_resembles_is_proposed() -> None:
    made = tried("Nama|HP\nAndi S.|081299999999\n", ANDI)
    assert codes(row(made, 2)) == ["who_like"]
    # The one whom it resembles has a row of his own.
    made = tried("Nama|HP\nAndi Saputra|081234567891\nAndi S.|081299999999\n", ANDI)
    assert [row(made, 2).bin, row(made, 3).bin] == ["same", "new"]


def test_a_phone_of_somebody_else_is_asked_about_and_then_told_as_shared() -> None:
    text = "Nama|HP\nRusdi|081234567891\n"
    assert codes(row(tried(text, ANDI), 2)) == ["who_same_phone"]
    made = tried(text, ANDI, clarified=Clarifications(who={"2": "+"}))
    assert (row(made, 2).bin, row(made, 2).notes) == ("new", ["shared_phone"])


def test_two_rows_about_one_person_and_namesakes_in_one_sheet_are_asked_about() -> None:
    made = tried("Nama|HP|NIP\nAndi Saputra|081234567891|\nA. Saputra|081234567891|\n", ANDI)
    assert codes(row(made, 3)) == ["who_same_phone"]
    made = tried("Nama|HP\nRusdi Amin|081234567895\nRusdi Amin|081234567896\nRusdi Amin|081234567895\n")
    assert [row(made, n).bin for n in (2, 3, 4)] == ["new", "refused", "repeat"]
    assert (codes(row(made, 3)), row(made, 3).refusals[0].values) == (["namesake_in_sheet"], {"row": "2"})


def test_an_id_of_another_agency_or_of_nobody_is_refused_alike() -> None:
    made = tried("ID|Nama|HP\ncitra|Citra|081234567891\nnobody|Nobo Dy|081234567892\n")
    assert [codes(row(made, 2)), codes(row(made, 3))] == [["id_unknown"], ["id_unknown"]]


def test_an_agencys_admin_brings_in_nobody_elses_people() -> None:
    made = tried("Nama|HP|Instansi\nAndi B|081234567891|psc\n")
    assert codes(row(made, 2)) == ["other_agency"]
    assert row(tried("Nama|HP|Instansi\nAndi B|081234567891|psc\n", bound=False), 2).value.agency_id == "psc"


def test_a_new_id_says_nothing_of_whom_it_names_and_is_the_same_each_time() -> None:
    ids = {row(tried("Nama|HP\nAndi Saputra|081234567891\n"), 2).id for _ in range(2)}
    assert len(ids) == 1
    assert "andi" not in ids.pop()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("H. Muhammad Yusuf, S.Sos, M.Si", "muhammad yusuf"),
        ("Bripka SITI NUR'AINI", "Siti Nur’aini"),
        ("dr. Putri Ayu Sp.A", "Putri Ayu"),
        ("Suparman", "SUPARMAN S.Kom"),
        ("Drs. H. Abdul Hadi MM", "Abdul Hadi"),
    ],
)
def test_titles_degrees_case_and_apostrophes_make_no_other_name(one: str, other: str) -> None:
    assert names.alike(one, other)


@pytest.mark.parametrize(
    ("one", "other"), [("Andi Saputra", "Andi Wijaya"), ("Siti", "Sito Rahman"), ("H. Udin", "Haji")]
)
def test_other_people_are_not_alike(one: str, other: str) -> None:
    assert not names.alike(one, other)


# -- units and stations


def test_units_are_known_by_their_callsign_and_their_words_by_all_their_names() -> None:
    station = next(iter(regency.nouns()["stations"]))
    assert isinstance(station, Station)
    text = f"Callsign|Nama unit|Pos|Medan|Awak minimal\nREGU 9|Mobil 9|{station.name}|Darat dan air|3 orang\n"
    made = tried(text, noun="units", agency_id=station.agency_id)
    unit = row(made, 2).value
    assert (unit.station_id, unit.terrains, unit.min_crew) == (station.id, ["land", "water"], 3)


def test_stations_come_with_decimal_commas_and_coordinates_in_one_cell() -> None:
    district = next(iter(regency.nouns()["districts"]))
    text = f"Nama Pos|Kecamatan|Koordinat\nPos Samuda|{district.name}|-2,8680; 112,9520\n"  # type: ignore[attr-defined]
    station = row(tried(text, noun="stations"), 2).value
    assert (station.lat, station.lng) == (-2.868, 112.952)


# -- words


def test_the_site_has_words_for_every_refusal_and_for_no_other() -> None:
    words = (Path(__file__).parents[2] / "admin_site/js/parts/sheet-words.js").read_text("utf-8")
    table = words[words.index("const WORDS = {") : words.index("export const SHEET_CODES")]
    assert set(re.findall(r"^  (\w+): \(", table, re.MULTILINE)) == CODES
    made = "".join(each.read_text("utf-8") for each in SOURCES)
    unread = set(re.findall(r'Unread\(\s*"(\w+)"', made)) | set(re.findall(r'code="(\w+)"', made))
    assert unread <= CODES


# -- every row, whatever stands in it

CELL = st.one_of(
    st.sampled_from(
        ["", "", "1", "2", "No", "Nama", "HP", "NIP", "REGU I", "Jumlah", "Andi Saputra", "Budi", "=A1", "-"]
    ),
    st.sampled_from(
        ["081234567891", "0812 3456 7892", "8,12E+10", "198001012005011001", "Keterangan", "Des 2027", "+"]
    ),
    st.text(max_size=8),
)
ROWS = st.lists(st.lists(CELL, min_size=1, max_size=5), max_size=12)
ANSWERED = st.builds(
    Clarifications,
    head=st.sampled_from([None, None, 0, 1]),
    who=st.dictionaries(
        st.sampled_from(["1", "2", "3", "9"]), st.sampled_from(["+", "-", "p-andi", "citra", "x"])
    ),
    columns=st.dictionaries(st.sampled_from(["name", "phone", "nip"]), st.integers(-1, 5)),
    cells=st.dictionaries(
        st.sampled_from(["A1", "B2", "ZZ9", "A99"]), st.sampled_from(["", "Budi", "081234567891"])
    ),
)


@settings(max_examples=300, deadline=None)
@given(rows=ROWS, headed=st.booleans(), clarified=ANSWERED)
def test_every_row_ends_in_one_bin_and_nothing_is_invented(
    rows: list[list[str]], headed: bool, clarified: Clarifications
) -> None:
    sheet = Grid(rows=[["No", "Nama", "HP", "NIP", "water_rescue"], *rows] if headed else rows)
    where = scope(ANDI)
    made = plan(sheet, clarified, where)
    assert [each.row for each in made.rows] == list(range(1, len(sheet.rows) + 1))
    written = {text for cells in sheet.rows for text in cells} | {*clarified.cells.values()}
    ids = [each.id for each in made.writes]
    assert len(ids) == len(set(ids))
    for each in made.rows:
        assert (each.bin in ("new", "changed", "same")) == (
            each.value is not None and not each.refusals
        ) or each.bin == "repeat"
        assert (each.bin == "refused") == bool(each.refusals) or each.bin == "skipped"
    for each in made.writes:
        assert each.value.agency_id == "damkar"
        assert each.value.name in written or each.value.name == ANDI.name
        assert (
            any(READ_PHONE(text).e164 == each.value.phone for text in written)
            or each.value.phone == ANDI.phone
        )
    assert plan(sheet, clarified, where).digest == made.digest


def test_the_site_has_words_for_why_a_file_is_refused_and_for_what_nobody_sees() -> None:
    words = (Path(__file__).parents[2] / "admin_site/js/parts/sheet-words.js").read_text("utf-8")
    files = words[words.index("const FILES = {") : words.index("export const FILE_CODES")]
    assert set(re.findall(r"^  (\w+): \(", files, re.MULTILINE)) == set(get_args(Refused))
    unseen = words[words.index("const UNSEEN = {") : words.index("export const UNSEEN_KINDS")]
    assert set(re.findall(r"^  (\w+): \(", unseen, re.MULTILINE)) == set(get_args(Unseen))
