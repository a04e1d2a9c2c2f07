"""Logbooks: how people write dates and times, what a mapping file may say, which rows make one incident, what is left out."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from msgspec import to_builtins

from chalicelib.domain.sheets.cells import Where
from chalicelib.domain.sheets.moments import clock_of, day_of, stamp_of
from infra.history import mapping as mappings
from infra.history import sending
from infra.history.__main__ import run
from infra.history.columns import choose, plan
from infra.history.gathering import Gathering
from infra.history.mapping import MappingError
from infra.history.merging import Merged
from infra.history.row import Row, Unusable
from infra.history.rows import Part, Reader
from infra.replay.desk import Refused
from infra.seed import load as seed
from infra.sheets.book import open_book

LOGBOOK = Path(__file__).with_name("buku_log.csv")
BUNDLED = mappings.FOLDER / "buku_log.yaml"
REGENCY = seed.read(Path(seed.__file__).with_name("kotim.yaml"))
NOUNS = ("agencies", "units", "districts", "incident-types", "dispositions")
REGISTRY = {noun.replace("-", "_"): to_builtins(REGENCY.nouns[noun]) for noun in NOUNS}


@pytest.mark.parametrize(
    "cell",
    [
        "7/4/2020",
        "07-04-2020",
        "7.4.20",
        "2020-04-07",
        "2020-04-07 00:00:00",
        "7 April 2020",
        "7 Apr. 2020",
        "Selasa, 7 april 2020",
        datetime(2020, 4, 7),
        date(2020, 4, 7),
        43928,
        "7-Apr-20",
        "7 Apr '20",
        "Sel, 07 April 2020",
        "tgl. 7/4/2020",
        "April 7, 2020",
    ],
)
def test_a_date_as_people_write_it(cell: object) -> None:
    assert day_of(cell) == date(2020, 4, 7)


@pytest.mark.parametrize(
    "cell", ["", "-", None, "31/2/2020", "4/13/2020", "7 Foo 2020", "kemarin", "43928", 20, "7/4"]
)
def test_what_is_no_date(cell: object) -> None:
    assert day_of(cell) is None


@pytest.mark.parametrize(
    "cell",
    [
        "08.15",
        "8:15",
        "8.15",
        "0815",
        "815",
        815,
        8.15,
        "08:15:00",
        "pukul 08.15",
        "Pkl. 8.15 WIB",
        "jam 08.15",
        " 08.15  wib ",
        time(8, 15),
        datetime(1900, 1, 1, 8, 15),
        timedelta(hours=8, minutes=15),
        0.34375,
        "8.15 AM",
        "0815 WIB",
        "'08.15",
        "08.15 WIB.",
        "Pk. 08.15",
    ],
)
def test_a_time_of_day_as_people_write_it(cell: object) -> None:
    assert clock_of(cell, 7) == timedelta(hours=8, minutes=15)


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "sore",
        "8",
        8.5,
        "8.5",
        "8.3",
        "25.00",
        "08.60",
        "24.01",
        "08.15 WITA",
        0.15,
        0.5,
        "12345",
        "±08.15",
        "08.15 PM 1",
        datetime(2020, 5, 14),
    ],
)
def test_what_is_no_time_of_day_or_might_be_another(cell: object) -> None:
    assert clock_of(cell, 7) is None


def test_midnight_may_be_called_24() -> None:
    assert clock_of("24.00", 7) == timedelta(days=1)
    assert clock_of("08.15 WITA", 8) == timedelta(hours=8, minutes=15)


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("Senin, 3 Maret 2025 pukul 14.05 WIB", "2025-03-03T14:05:00"),
        ("3-Mar-25 14.05", "2025-03-03T14:05:00"),
        ("3/3/2025 14:05:10", "2025-03-03T14:05:10"),
        ("2025-03-03 14:05", "2025-03-03T14:05:00"),
        ("2025-03-03T14:05:00+07:00", "2025-03-03T14:05:00+07:00"),
        ("14.05 WIB, 3 Maret 2025", "2025-03-03T14:05:00"),
        ("pukul 14.05 tanggal 3 Maret 2025", "2025-03-03T14:05:00"),
        ("Jum'at, 7 Maret 2025 - 08.15", "2025-03-07T08:15:00"),
        ("Senin (3/3/2025) 14.05", "2025-03-03T14:05:00"),
        ("Senin, 3 Maret 2025 (14.05 WIB)", "2025-03-03T14:05:00"),
        ("3 Agt 2025 jam 07.05 wib.", "2025-08-03T07:05:00"),
        ("3/3/25 24.00", "2025-03-04T00:00:00"),
        ("3 Maret 2025 2:05 PM", "2025-03-03T14:05:00"),
        (45719.5868055556, "2025-03-03T14:05:00"),
        (datetime(2025, 3, 3, 14, 5), "2025-03-03T14:05:00"),
    ],
)
def test_a_date_with_its_clock(cell: object, moment: str) -> None:
    assert stamp_of(cell, 7) == datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    "cell",
    [
        "2025-03-03",
        "3 Maret 2025",
        45719,
        "2025-03-03 14",
        "3/4/2025 2:05 PM",
        "7 Maret 2025 ±14.00",
        "3 Maret 2025 14.05 WITA",
        "3 Maret 2025 14.5",
        "3 Maret 2025 sore",
        "14.05",
    ],
)
def test_a_day_without_a_clock_is_no_moment_nor_is_what_may_be_another(cell: object) -> None:
    assert stamp_of(cell, 7) is None


# -- the plain logbook -------------------------------------------------------------------------------------------------


def rows(file: Path) -> list[Row]:
    """What stands in a file's rows under the columns that the logbook's mapping names."""
    found = plan(open_book(file), mappings.load(BUNDLED))
    assert found.stops == []
    return [row for table in found.tables for row in table.rows()]


def parts(file: Path = LOGBOOK) -> dict[int, Part | str]:
    """What each row says, or why it cannot be used."""
    reader = Reader(mappings.load(BUNDLED), REGISTRY)
    found: dict[int, Part | str] = {}
    for row in rows(file):
        try:
            found[row.where.row] = reader.part(row)
        except Unusable as unusable:
            found[row.where.row] = str(unusable)
    return found


def part(line: int) -> Part:
    found = parts()[line]
    assert isinstance(found, Part), found
    return found


def test_a_row_of_the_logbook_is_a_report_and_an_arrival_in_wib() -> None:
    fire = part(2)
    assert fire.incident["type"] == "house_fire"
    assert fire.incident["location"] == {"district": "baamang"}
    assert fire.incident["calls"] == [{"received_at": "2020-04-07T08:15:00+07:00"}]
    assert fire.unit == {
        "agency_id": "damkar",
        "unit_id": "damkar-log",
        "agency": "Dinas Pemadam Kebakaran dan Penyelamatan",
        "callsign": "Damkar",
        "milestones": {"on_scene": "2020-04-07T08:31:00+07:00"},
    }


def test_two_agencies_of_the_same_report_are_one_incident() -> None:
    assert part(2).key == part(3).key != part(4).key
    police = part(3).unit
    assert police and police["agency_id"] == "polres"


def test_an_arrival_after_midnight_is_the_next_days() -> None:
    accident = part(4)
    assert accident.incident["location"]["district"] == "mentawa_baru_ketapang"
    assert accident.unit and accident.unit["milestones"] == {"on_scene": "2020-04-08T00:20:00+07:00"}


def test_an_arrival_before_the_report_by_day_is_left_out_and_not_moved_to_the_next_day() -> None:
    haze = part(6)
    assert haze.unit and haze.unit["milestones"] == {}
    assert haze.notes == [("on_scene: column C 'Jam Tiba' lies before received_at", "'08.00'")]


def test_a_missing_arrival_stays_missing() -> None:
    illness = part(5)
    assert illness.unit and illness.unit["milestones"] == {} and illness.notes == []


def test_rows_that_cannot_be_used_say_why() -> None:
    assert parts()[7] == "column D 'Kejadian': 'Gempa' stands for no type; add it under `values` of type"
    assert parts()[8] == ("column B 'Jam Lapor' is no time of day: write it as 08.15, in the mapping's zone")


def test_an_agency_that_nobody_knows_gets_an_id_of_its_name() -> None:
    flood = part(9)
    assert flood.unit and (flood.unit["agency_id"], flood.unit["agency"]) == ("tagana", "Tagana")


def test_a_spreadsheet_reads_like_the_csv_of_it(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for cells in [["Tanggal", "Jam_Lapor", "JAM TIBA", "Kejadian", "Kecamatan", "Instansi"]]:
        page.append(cells)
    page.append([datetime(2020, 4, 7), time(8, 15), 8.31, "Rumah terbakar", "Baamang", "Damkar"])
    page.append([None, None, None, None, None, None])
    page.append(["7/4/2020", "08.15", "08.40", "rumah  terbakar", "BAAMANG", "polisi"])
    file = tmp_path / "buku.xlsx"
    book.save(file)
    found = parts(file)
    assert list(found) == [2, 4]
    first, second = found[2], found[4]
    assert isinstance(first, Part) and isinstance(second, Part)
    assert (first.incident["calls"], first.unit) == (part(2).incident["calls"], part(2).unit)
    assert second.unit == part(3).unit


# -- the mapping file --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", sorted(mappings.FOLDER.glob("*.yaml")), ids=lambda file: file.stem)
def test_the_mappings_that_come_along_name_only_what_the_seed_has(file: Path) -> None:
    mapping = mappings.load(file)
    for name, noun in (
        ("type", "incident_types"),
        ("district", "districts"),
        ("disposition", "dispositions"),
    ):
        if name in mapping.fields:
            known = {each["id"] for each in REGISTRY[noun]}
            where = mapping.fields[name]
            assert {*where.values.values(), *filter(None, [where.otherwise])} <= known


def test_the_logbook_finds_its_own_mapping() -> None:
    assert choose(open_book(LOGBOOK))[0] == BUNDLED


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda each: each.pop("source"), "source"),
        (lambda each: each.update(zone=70), "zone"),
        (lambda each: each.update(surprise=1), "surprise"),
        (lambda each: each["fields"].pop("district"), "district is needed"),
        (lambda each: each["fields"].update(colour="warna"), "colour is no field"),
        (
            lambda each: each["fields"].update(unit="mobil", agency=None) or each["fields"].pop("agency"),
            "unit needs",
        ),
        (lambda each: each["fields"].update(cleared={"date": "tanggal"}), "cleared: a time has"),
        (lambda each: each["fields"]["on_scene"].update(after="ready"), "after names ready"),
        (lambda each: each["fields"]["received_at"].update(after="on_scene"), "circle"),
        (lambda each: each["fields"].update(village={}), "village: comes from nowhere"),
        (lambda each: each.update(key=[]), "key is empty"),
        (lambda each: each.update(times="%d/%m/%Y"), "times: .* has no hour"),
        (lambda each: each["fields"].pop("agency"), "on_scene needs agency"),
        (lambda each: each["fields"]["type"].update(always="illness"), "type: comes from several places"),
        (
            lambda each: each["fields"]["on_scene"].update(column="tiba"),
            "on_scene: comes from several places",
        ),
        (
            lambda each: each["fields"].update(received_at={"always": "07:00"}),
            "received_at: a time is no constant",
        ),
        (
            lambda each: each["fields"].update(note={"column": "x", "otherwise": "y"}),
            "note: values and otherwise",
        ),
        (
            lambda each: each["fields"].update(opened_at={"column": "x", "after": "received_at"}),
            "opened_at: after is",
        ),
        (
            lambda each: each["fields"]["type"].update(values={"Banjir": "flood", "BANJIR": "illness"}),
            "type: 'Banjir' stands for",
        ),
    ],
)
def test_a_mapping_with_a_mistake_is_refused_in_words(
    tmp_path: Path, change: Callable[[dict[str, Any]], object], says: str
) -> None:
    document = yaml.safe_load(BUNDLED.read_text())
    change(document)
    file = tmp_path / "mapping.yaml"
    file.write_text(yaml.safe_dump(document))
    with pytest.raises(MappingError, match=says):
        mappings.load(file)


def test_a_name_that_stands_twice_in_a_mapping_is_refused_and_not_the_last_ones(tmp_path: Path) -> None:
    file = tmp_path / "mapping.yaml"
    file.write_text(BUNDLED.read_text() + "  number: telepon\n  number: hp\n")
    with pytest.raises(MappingError, match="'number' stands twice in what begins at line"):
        mappings.load(file)


# -- sending -----------------------------------------------------------------------------------------------------------


class FakeDesk:
    """Takes what it is sent, as the interface would; `refuses` answers 400 for keys that hold a word."""

    def __init__(self, refuses: str = "", busy: int = 0) -> None:
        self.refuses = refuses
        self.busy = busy
        self.there: dict[str, dict[str, Any]] = {}
        self.requests = 0

    def get(self, path: str) -> Any:
        assert path == "/api/registry"
        return REGISTRY

    def post(self, path: str, body: dict[str, Any]) -> Any:
        self.requests += 1
        assert path == sending.PATH and len(body["rows"]) <= sending.ROWS_MOST
        for number, row in enumerate(body["rows"]):
            if self.refuses and self.refuses in row["key"]:
                fields = {f"rows[{number}].narrative": "has a wrong form"}
                raise Refused(path, 400, {"code": "invalid", "fields": fields}, 1)
        return {"rows": [self._row(row) for row in body["rows"]], "agencies": [], "units": []}

    def _row(self, row: dict[str, Any]) -> dict[str, Any]:
        if self.busy:
            self.busy -= 1
            return {"key": row["key"], "result": "busy", "left_out": []}
        known = self.there.setdefault(row["key"], row)
        first = known is row
        left_out = [{"field": "units[0].on_scene", "reason": "lies in the future"}] if row["units"] else []
        return {
            "key": row["key"],
            "result": "imported" if first else "unchanged" if known == row else "different",
            "calls": 1,
            "assignments": len(row["units"]),
            "events": 3,
            "left_out": left_out[: int(row["key"].endswith("seranau"))],
        }


def test_a_whole_logbook_comes_in_with_its_counts_and_every_row_left_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    desk = FakeDesk()
    assert run(LOGBOOK, None, desk) == 0  # type: ignore[arg-type]
    told = " ".join(capsys.readouterr().out.split())
    assert "5 5 incidents 6 6 assignments" in told
    assert "Rows read: 9 Rows left out: 3" in told
    assert "'Gempa' stands for no type; add it under `values` of type row 7" in told
    assert "is no time of day: write it as 08.15, in the mapping's zone row 8 'sore'" in told
    assert "1 says nothing that an earlier row does not say row 10" in told
    assert "Left out of rows: 1 1 on_scene: column C 'Jam Tiba' lies before received_at row 6 '08.00'" in told
    assert "Columns not used: column G 'Lokasi'" in told
    assert run(LOGBOOK, None, desk) == 0  # type: ignore[arg-type]
    again = " ".join(capsys.readouterr().out.split())
    assert "0 5 incidents 0 6 assignments" in again and "5 incidents were there already" in again


def gathered(*keys: str) -> list[Merged]:
    return [
        Merged(key=key, row={"key": key, "units": []}, lines=[Where("", number)])
        for number, key in enumerate(keys, 2)
    ]


def test_a_row_that_the_interface_cannot_read_does_not_hold_up_the_others() -> None:
    desk, tally = FakeDesk(refuses="bad"), sending.Tally()
    with Gathering() as gathering:
        sending.send(desk, "s", gathered("1", "bad 2", "3", "bad 4"), gathering, tally)  # type: ignore[arg-type]
        places = [(Where("", 3), ""), (Where("", 5), "")]
        assert list(gathering.findings("row", 9)) == [("narrative has a wrong form", 2, places)]
    assert list(desk.there) == ["1", "3"]


def test_rows_that_the_database_was_too_busy_for_are_sent_again() -> None:
    desk, tally = FakeDesk(busy=3), sending.Tally()
    with Gathering() as gathering:
        sending.send(desk, "s", gathered("1", "2", "3", "4"), gathering, tally)  # type: ignore[arg-type]
    assert (desk.requests, tally.results) == (2, {"imported": 4})


def test_a_batch_is_bounded_in_count_and_bytes() -> None:
    many = list(sending.batches(iter(gathered(*(str(n) for n in range(120))))))
    assert [len(batch) for batch in many] == [50, 50, 20]
    large = [Merged(key=str(n), row={"narrative": "a" * 150_000}) for n in range(5)]
    assert [len(batch) for batch in sending.batches(large)] == [2, 2, 1]


def test_rows_of_an_incident_need_not_stand_together(tmp_path: Path) -> None:
    file = tmp_path / "calls.csv"
    header, *lines = LOGBOOK.read_text().splitlines()
    file.write_text("\n".join([header, lines[0], lines[2], lines[1]]))
    reader = Reader(mappings.load(BUNDLED), REGISTRY)
    with Gathering() as gathering:
        for row in rows(file):
            gathering.add(row.where, reader.part(row))
        found = {
            tuple(where.row for where in each.lines): len(each.row["units"]) for each in gathering.incidents()
        }
    assert found == {(2, 4): 2, (3,): 1}


def test_a_comma_a_semicolon_and_a_tab_part_columns_alike(tmp_path: Path) -> None:
    for delimiter in ",;\t":
        file = tmp_path / "x.csv"
        text = io.StringIO(LOGBOOK.read_text()).read().replace(";", delimiter)
        file.write_text(text.replace("Selasa, ", ""))
        assert [row.cells for row in rows(file)][1:] == [row.cells for row in rows(LOGBOOK)][1:]
