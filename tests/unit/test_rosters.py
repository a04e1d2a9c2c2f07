"""Rosters as agencies keep them: grids of people by days, crews, lists of dates; what is doubtful is asked, and nothing is guessed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.duty import Row
from chalicelib.domain.registry import CrewMember, DutyCrew, Person, ShiftCode, Unit
from chalicelib.domain.rosters.codes import codes_of
from chalicelib.domain.rosters.days import day_head
from chalicelib.domain.rosters.people import people_of
from chalicelib.domain.rosters.read import read
from chalicelib.domain.rosters.reading import Against, Answers, Reading
from chalicelib.domain.sheets.grid import Grid, grids_of
from chalicelib.domain.sheets.words import words_of


def person(id_: str, name: str, agency: str = "psc", **more: Any) -> Person:
    return Person(id=id_, agency_id=agency, name=name, phone="+6281234567890", **more)


PEOPLE = [
    person("citra", "Citra Lestari, S.Kep"),
    person("dewi", "Dewi Sartika"),
    person("gita", "Gita Gutawa", nip="198001012005011001"),
    person("hendra_1", "Hendra Setiawan"),
    person("hendra_2", "H. Hendra Setiawan"),
    person("ratna", "Ratna Sari", retired=True),
    person("andi", "Andi Saputra", "damkar"),
]
CODES = [
    ShiftCode(id="p", agency_id="psc", code="P", name="Pagi", starts="07:00", ends="19:00"),
    ShiftCode(id="m", agency_id="psc", code="M", name="Malam", starts="19:00", ends="07:00"),
    ShiftCode(id="l", agency_id="psc", code="L", name="Lepas", off="rest"),
    ShiftCode(id="1", agency_id="psc", code="1", name="Siaga satu", starts="08:00", ends="16:00"),
]
CREWS = [
    DutyCrew(
        id="regu_a",
        agency_id="psc",
        name="Regu A",
        unit_id="ambulans_1",
        members=[CrewMember("citra", "2026-01-01"), CrewMember("dewi", "2026-01-01", "2026-12-03")],
    )
]
UNITS = [
    Unit(
        id=f"ambulans_{n}",
        agency_id="psc",
        station_id="psc",
        callsign=f"Ambulans {n}",
        name=f"Ambulans {n}",
        terrains=["land"],
        capabilities=["ambulance"],
    )
    for n in (1, 2)
]
DAYS = "|".join(str(day) for day in range(1, 32))


def against(*rows: Row, month: str = "2026-12") -> Against:
    return Against(
        month=month,
        rows=rows,
        codes=codes_of(CODES),
        people=people_of({each.id: each for each in PEOPLE}, "psc"),
        crews=CREWS,
        units=words_of(UNITS),
    )


def grid(text: str, **more: Any) -> Grid:
    found = next(grids_of(text.replace("|", "\t")))
    return Grid(rows=found.rows, **more)


def tried(text: str, *rows: Row, month: str = "2026-12", **answers: Any) -> Reading:
    return read(grid(text), against(*rows, month=month), Answers(**answers))


def written(found: Reading) -> dict[str, dict[int, str]]:
    told: dict[str, dict[int, str]] = {}
    for each in found.cells:
        if each.now:
            told.setdefault(each.row, {})[int(each.day[8:])] = each.now
    return told


def refused(found: Reading) -> set[tuple[str, str]]:
    return {(each.at, each.code) for each in found.refusals}


def week(*cells: str) -> str:
    return "|".join(cells)


PLAIN = f"""JADWAL PIKET PSC 119 BULAN DESEMBER 2026

No|Nama|{DAYS}|Jml
||Sel|Rab|Kam|Jum|Sab|Min|Sen|Sel|Rab|Kam|Jum|Sab|Min|Sen|Sel|Rab|Kam|Jum|Sab|Min|Sen|Sel|Rab|Kam|Jum|Sab|Min|Sen|Sel|Rab|Kam
1|2|{"|".join(str(n) for n in range(3, 35))}
1|Citra Lestari|P|p| P |M|L
2|DEWI SARTIKA|M||Malam|P
3|GITA GUTAWA, A.Md.Kep|L|1|1
Jumlah P||1|1

Keterangan:
|P = Pagi 07.00-19.00
|M = Malam
||||||||||||||||||||||Sampit, 28 November 2026
||||||||||||||||||||||Kepala PSC 119
||||||||||||||||||||||YUSRAN, S.Sos
"""


def test_a_grid_of_people_by_days_is_read_and_all_else_on_the_sheet_is_named() -> None:
    found = tried(PLAIN)
    assert (found.refused, found.asked, refused(found)) == ("", [], set())
    assert written(found) == {
        "citra": {1: "P", 2: "P", 3: "P", 4: "M", 5: "L"},
        "dewi": {1: "M", 3: "M", 4: "P"},
        "gita": {1: "L", 2: "1", 3: "1"},
    }
    assert [(each.id, each.unit_id, each.crew_id) for each in found.add] == [
        ("citra", "ambulans_1", "regu_a"),
        ("dewi", "ambulans_1", "regu_a"),
        ("gita", None, None),
    ]
    assert [each.row for each in found.left] == [4, 5, 9, 11, 12, 13, 14, 15, 16]


NOVEMBER = "|".join(
    f"{word} {day}" for day, word in enumerate(("Min Sen Sel Rab Kam Jum Sab " * 5).split()[:30], 1)
)


def test_what_stands_already_is_the_same_and_what_differs_is_told_before_and_after() -> None:
    found = tried(PLAIN, Row(id="citra", person_id="citra", unit_id="ambulans_1", cells="P,M"))
    bins = {
        (each.row, each.day[8:]): (each.was, each.now, each.bin)
        for each in found.cells
        if each.row == "citra"
    }
    assert bins["citra", "01"] == ("P", "P", "same")
    assert bins["citra", "02"] == ("M", "P", "changed")
    assert bins["citra", "03"] == ("", "P", "new")
    assert {each.at for each in found.cells if each.row == "citra" and each.bin == "changed"} == {"D6"}


def test_a_blank_cell_over_a_filled_one_is_asked_about_and_neither_emptied_nor_kept_by_itself() -> None:
    stands = Row(id="dewi", person_id="dewi", unit_id="ambulans_1", cells="M,P")
    (asked,) = tried(PLAIN, stands).asked
    assert (asked.kind, asked.number) == ("blanks", 1)
    for answer, now in (("clear", ""), ("keep", "P")):
        found = tried(PLAIN, stands, blanks=answer)
        assert found.asked == []
        (second,) = (each for each in found.cells if each.row == "dewi" and each.day == "2026-12-02")
        assert (second.was, second.now) == ("P", now)


@pytest.mark.parametrize(
    ("text", "tab", "signs"),
    [
        (PLAIN.replace("DESEMBER", "NOVEMBER"), "", {("title", "2026-11"), ("weekdays", "")}),
        (PLAIN, "Nov 2026", {("title", "2026-12"), ("tab", "2026-11")}),
        (PLAIN.replace("Jml\n||Sel|", "Jml\n||Sen|"), "", {("weekdays", "")}),
        (f"Nama|{NOVEMBER}\nDewi Sartika|P", "", {("weekdays", "2026-11")}),
    ],
)
def test_title_tab_and_weekdays_that_say_another_month_are_asked_about(
    text: str, tab: str, signs: set[tuple[str, str]]
) -> None:
    sheet = grid(text, name=tab)
    found = read(sheet, against(), Answers())
    assert [each.kind for each in found.asked] == ["month"]
    told = {(each.where, each.says) for each in found.asked[0].signs}
    assert told & signs
    assert read(sheet, against(), Answers(month="2026-12")).asked == []
    assert read(sheet, against(), Answers(month="2026-11")).asked != [], (
        "another month is no answer to this page"
    )


def test_dates_of_another_month_are_asked_about_and_those_of_two_are_read_for_this_one_alone() -> None:
    november = "|".join(f"2026-11-{day:02d}" for day in range(1, 8))
    other = tried(f"Nama|{november}\nDewi Sartika|P|P")
    assert [each.kind for each in other.asked] == ["month"] and other.cells == []
    both = "|".join(["29-11-2026", "30-11-2026", *(f"{day:02d}-12-2026" for day in range(1, 6))])
    found = tried(f"Nama|{both}\nDewi Sartika|P|P|M|M|L|P|P")
    assert found.asked == []
    assert written(found) == {"dewi": {1: "M", 2: "M", 3: "L", 4: "P", 5: "P"}}
    unsaid = "|".join([*map(str, range(26, 31)), *map(str, range(1, 26))])
    assert tried(f"Nama|{unsaid}\nDewi Sartika|P").refused == "two_months"


def test_a_text_at_a_day_that_the_month_does_not_have_is_named_by_its_cell() -> None:
    cells = "|".join(["P"] * 31)
    found = tried(f"Nama|{DAYS}\nDewi Sartika|{cells}\nCitra Lestari|P", month="2026-11")
    assert refused(found) == {("AF2", "no_such_day")}
    assert len(written(found)["dewi"]) == 30


def test_an_unknown_code_is_asked_once_and_no_code_is_taken_for_one_that_looks_like_it() -> None:
    text = f"Nama|{DAYS}\nDewi Sartika|X|x |P|I|l|O\nCitra Lestari|X"
    found = tried(text)
    words = {(each.values["word"].upper(), each.ask, each.proposed) for each in found.refusals}
    assert words == {("X", "word", ""), ("I", "word", ""), ("O", "word", "")}
    assert written(found) == {"dewi": {3: "P", 5: "L"}}
    found = tried(text, words={"shift-codes": {"x": "M", "i": "1", "o": ""}})
    assert found.refusals == []
    assert written(found) == {"dewi": {1: "M", 2: "M", 3: "P", 4: "1", 5: "L"}, "citra": {1: "M"}}


def test_two_codes_in_a_cell_a_formula_and_an_error_are_named_and_put_right_by_typing() -> None:
    text = f"Nama|{DAYS}\nDewi Sartika|P/M|=B2|P + L|#REF!|P"
    sheet = Grid(rows=grid(text).rows, broken={"E2": "error_value"})
    found = read(sheet, against(), Answers())
    assert refused(found) == {
        ("B2", "two_codes"),
        ("C2", "formula"),
        ("D2", "two_codes"),
        ("E2", "error_value"),
    }
    right = read(sheet, against(), Answers(cells={"B2": "M", "C2": "P", "D2": "L", "E2": ""}))
    assert right.refusals == []
    assert written(right) == {"dewi": {1: "M", 2: "P", 3: "L", 5: "P"}}


def test_a_cell_names_a_unit_by_its_callsign_and_the_pool_by_none() -> None:
    found = tried(f"Nama|{DAYS}\nCitra Lestari|P@Ambulans 2|M @ambulans_1|P@|P@Mobil 9")
    assert written(found) == {"citra": {1: "P@ambulans_2", 2: "M", 3: "P@"}}
    assert [(each.at, each.code, each.values["noun"]) for each in found.refusals] == [
        ("E2", "word_unknown", "units")
    ]


def test_who_is_not_one_of_the_agencys_is_named_and_holds_his_row_back() -> None:
    text = f"Nama|{DAYS}\nHendra Setiawan|P\nRatna Sari|P\nAndi Saputra|P\nDewi Sartka|P\nEko Baru|P\nDewi Sartika|M"
    found = tried(text)
    assert refused(found) == {
        ("A2", "name_several"),
        ("A3", "is_retired"),
        ("A4", "other_agency"),
        ("A5", "person_unknown"),
        ("A6", "person_unknown"),
    }
    assert [each.proposed for each in found.refusals] == ["", "", "", "dewi", ""]
    assert written(found) == {"dewi": {1: "M"}}
    found = tried(text, who={"2": "hendra_2", "3": "-", "4": "-", "5": "-", "6": "-"})
    assert found.refusals == [] and written(found) == {"dewi": {1: "M"}, "hendra_2": {1: "P"}}


def test_a_service_number_beside_a_name_or_in_its_cell_says_who_it_is() -> None:
    for text in (
        f"Nama|NIP|{DAYS}\nG. Gutawa|19800101 200501 1 001|P",
        f"Nama / NIP|Ket|{DAYS}\nG. Gutawa NIP. 19800101 200501 1 001||P",
    ):
        assert written(tried(text)) == {"gita": {1: "P"}}


def test_one_person_in_two_rows_is_asked_about_and_may_be_two_rows() -> None:
    text = f"Nama|Unit|{DAYS}\nDewi Sartika|Ambulans 1|P||M\nDewi Sartika|Ambulans 2||P"
    found = tried(text)
    assert refused(found) == {("A3", "who_twice")}
    assert [each.value for each in found.refusals[0].choices] == ["dewi~", "-"]
    found = tried(text, who={"3": "dewi~"})
    assert written(found) == {"dewi": {1: "P", 3: "M"}, "dewi~2": {2: "P"}}
    assert [(each.id, each.unit_id) for each in found.add] == [
        ("dewi", "ambulans_1"),
        ("dewi~2", "ambulans_2"),
    ]
    stands = [
        Row(id="dewi", person_id="dewi", unit_id="ambulans_1"),
        Row(id="dewi~2", person_id="dewi", unit_id="ambulans_2"),
    ]
    assert written(tried(text, *stands, who={"3": "dewi~"})) == {"dewi": {1: "P", 3: "M"}, "dewi~2": {2: "P"}}


def test_a_row_at_another_unit_than_the_draft_has_it_keeps_what_it_means() -> None:
    text = f"Nama|Unit|{DAYS}\nDewi Sartika|Ambulans 2|P|M@Ambulans 1"
    found = tried(text, Row(id="dewi", person_id="dewi", unit_id="ambulans_1"))
    assert found.add == [] and written(found) == {"dewi": {1: "P@ambulans_2", 2: "M"}}


def test_crews_above_their_people_and_halves_of_a_month_below_each_other_are_read() -> None:
    first, second = ("|".join(str(day) for day in days) for days in (range(1, 16), range(16, 32)))
    found = tried(
        f"PIKET DESEMBER 2026\nNo|Nama|{first}\nREGU A\n1|Citra Lestari|P|P\n2|Dewi Sartika|M\n\nNo|Nama|{second}\nRegu A\n1|Citra Lestari|M|M"
    )
    assert found.refused == ""
    assert refused(found) == set()
    assert written(found) == {"citra": {1: "P", 2: "P", 16: "M", 17: "M"}, "dewi": {1: "M"}}


def test_a_crews_row_is_its_peoples_on_the_days_on_which_they_are_in_it() -> None:
    found = tried(f"Regu|{DAYS}\nRegu A|P|P|M|M|L|L\nRegu Z|P")
    assert written(found) == {
        "citra": {1: "P", 2: "P", 3: "M", 4: "M", 5: "L", 6: "L"},
        "dewi": {1: "P", 2: "P", 3: "M"},
    }
    assert refused(found) == {("A3", "person_unknown")}


def test_a_list_of_dates_shifts_and_names_is_read_however_the_names_are_parted() -> None:
    found = tried(
        "JADWAL DESEMBER 2026\nHari/Tanggal|Shift|Nama Petugas\n"
        "Selasa, 1 Desember 2026|Pagi (07.00-19.00)|Citra Lestari, S.Kep, Dewi Sartika\n"
        "|Malam|1. Gita Gutawa\n"
        "Rabu, 2 Desember 2026|07.00 - 19.00|Dewi Sartika Gita Gutawa\n"
        "Rabu, 2 Desember 2026|M|Citra Lestari; Siti Entah\n"
        "Mengetahui"
    )
    assert found.asked == []
    assert written(found) == {
        "citra": {1: "P", 2: "M"},
        "dewi": {1: "P", 2: "P"},
        "gita": {1: "M", 2: "P"},
    }
    assert [(each.at, each.code, each.ask, each.values["word"]) for each in found.refusals] == [
        ("C6", "person_unknown", "word", "Siti Entah")
    ]


def test_a_list_with_a_column_a_shift_is_read_and_two_shifts_of_one_day_are_named() -> None:
    found = tried(
        "Tanggal|Pagi|Malam\n1|Dewi Sartika|Gita Gutawa\n2|Gita Gutawa|Dewi Sartika dan Gita Gutawa\n32|Gita Gutawa"
    )
    assert written(found) == {"dewi": {1: "P", 2: "M"}, "gita": {1: "M", 2: "P"}}
    assert refused(found) == {("C3", "day_twice"), ("A4", "no_such_day")}


def test_a_week_without_dates_and_a_sheet_without_days_are_refused_whole() -> None:
    assert tried("Nama|Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|Minggu\nDewi Sartika|P|P").refused == "weekly"
    dated = tried("Nama|Sen 7|Sel 8|Rab 9|Kam 10|Jum 11|Sab 12|Min 13\nDewi Sartika|P|P")
    assert dated.asked == [] and written(dated) == {"dewi": {7: "P", 8: "P"}}
    assert tried("Nama|No HP\nDewi Sartika|0812").refused == "no_days"
    assert tried(f"|{DAYS}\nDewi Sartika|P").refused == "no_names"


def test_an_id_of_nobody_here_is_refused_and_one_of_ours_says_which_row_it_is() -> None:
    found = tried(f"ID|Nama|{DAYS}\ndewi~2|Dewi Sartika|P\nandi|Andi Saputra|P")
    assert refused(found) == {("B3", "id_unknown")}
    assert written(found) == {"dewi~2": {1: "P"}}


def test_rows_and_columns_that_nobody_sees_are_asked_about() -> None:
    sheet = Grid(
        rows=grid(f"Nama|{DAYS}\nDewi Sartika|P|M\nGita Gutawa|P\nCitra Lestari|P").rows,
        hidden_rows=[3],
        struck_rows=[4],
        hidden_columns=[2],
        coloured=["D1", "D2"],
    )
    found = read(sheet, against(), Answers())
    assert [(each.kind, each.rows, each.columns) for each in found.asked] == [
        ("hidden_rows", [3], []),
        ("struck_rows", [4], []),
        ("hidden_columns", [], ["C"]),
    ]
    assert found.coloured == ["D2"]
    skip = {"hidden_rows": "skip", "struck_rows": "skip", "hidden_columns": "skip"}
    found = read(sheet, against(), Answers(unseen=skip))  # type: ignore[arg-type]
    assert found.asked == [] and written(found) == {"dewi": {1: "P"}}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1", 1),
        ("Sen 1", 1),
        ("1 (Sel)", 1),
        ("Tgl 31", 31),
        ("1 Des", 1),
        ("2/12", 2),
        ("2026-12-05", 5),
        ("Sn 7", 7),
    ],
)
def test_a_day_is_known_by_its_head(text: str, day: int) -> None:
    found = day_head(text)
    assert found is not None and found.day == day


@pytest.mark.parametrize("text", ["", "P", "32", "Jml", "Senin", "0", "12 jam", "2026", "20/13"])
def test_what_is_no_day_is_none(text: str) -> None:
    assert day_head(text) is None


CELL = st.one_of(
    st.sampled_from(
        ["", "", "P", "m", "L", "1", "X", "P/M", "=A1", "P@", "P@Ambulans 2", "M@Mobil", "REGU A", "Jumlah"]
    ),
    st.sampled_from(
        ["Nama", "ID", "Unit", "Regu", "Tanggal", "Shift", "Senin", "2026-12-01", "31 Des", "-", "dewi~2"]
    ),
    st.sampled_from([each.name for each in PEOPLE] + ["Siti Entah", "Dewi S.", "citra"]),
    st.text(max_size=6),
)
ROWS = st.lists(st.lists(CELL, min_size=1, max_size=9), max_size=9)
HEADED = st.sampled_from(
    [
        [],
        ["Nama", *map(str, range(1, 9))],
        ["ID", "Nama", *map(str, range(26, 33))],
        ["Tanggal", "Shift", "Nama"],
    ]
)
ANSWERED = st.builds(
    Answers,
    month=st.sampled_from([None, "2026-12", "2026-11"]),
    blanks=st.sampled_from([None, "keep", "clear"]),
    words=st.just({}) | st.just({"shift-codes": {"x": "M"}, "personnel": {"siti entah": "dewi"}}),
    who=st.dictionaries(
        st.sampled_from(["1", "2", "3"]), st.sampled_from(["dewi", "dewi~", "-", "andi", "y"])
    ),
    cells=st.dictionaries(
        st.sampled_from(["A1", "B2", "ZZ9", "C3"]), st.sampled_from(["", "P", "Dewi Sartika"])
    ),
)


@settings(max_examples=200, deadline=None)
@given(rows=ROWS, head=HEADED, answers=ANSWERED)
def test_whatever_a_sheet_holds_each_cell_is_told_once_and_nothing_is_invented(
    rows: list[list[str]], head: list[str], answers: Answers
) -> None:
    stands = [
        Row(id="dewi", person_id="dewi", unit_id="ambulans_1", cells="P,M"),
        Row(id="gita", person_id="gita"),
    ]
    found = read(Grid(rows=[head, *rows]), against(*stands), answers)
    told = [(each.row, each.day) for each in found.cells]
    assert len(told) == len(set(told))
    added = [each.id for each in found.add]
    assert len(added) == len(set(added)) and not set(added) & {"dewi", "gita"}
    own = {each.id for each in PEOPLE if each.agency_id == "psc" and not each.retired}
    was = {row.id: row.texts(31) for row in stands}
    for each in found.cells:
        assert each.row in {*added, *was} and each.person_id in own and each.row.startswith(each.person_id)
        assert each.day[:7] == "2026-12" and each.was == was.get(each.row, [""] * 31)[int(each.day[8:]) - 1]
        assert each.now == "" or each.now.partition("@")[0] in {"P", "M", "L", "1"}
        assert (each.bin == "cleared") == (bool(each.was) and not each.now)
