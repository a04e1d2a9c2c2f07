"""Rosters as files: an agency's own workbook tried against the draft, saved as it was seen, taken back; and one taken out, filled in, brought again."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook

from tests.support.workbooks import saved
from tests.world.harness import Story
from tests.world.test_duty import at, code, crew, keeps, on_duty
from tests.world.test_duty_sheets import DECEMBER, ROWS, cell, codes, publishes, writes
from tests.world.test_workbooks import brings

DAYS = range(1, 32)


def tries(story: Story, as_: str = "psc_admin", month: str = DECEMBER, **body: Any) -> Any:
    answer = story.http("POST", f"{month}/try", body, as_=as_)
    assert answer.status == 200, answer.body
    return answer.body


def saves(story: Story, seen: Any) -> Any:
    """What was seen, by the same save as what is typed."""
    cells = [{name: each[name] for name in ("row", "day", "was", "now")} for each in seen["cells"]]
    return writes(story, *cells, add=seen["add"], why="Berkas")


def undoes(story: Story, number: int) -> Any:
    answer = story.http("POST", f"{DECEMBER}/undo", {"v": number}, as_="psc_admin")
    assert answer.status == 200, answer.body
    return answer.body


def stands(story: Story) -> dict[str, str]:
    return {row["id"]: row["cells"] for row in story.http("GET", DECEMBER, as_="psc_admin").body["rows"]}


def an_agencys(month: str = "DESEMBER 2026") -> bytes:
    """A title over everything, a head of three rows that is merged, a colour, a formula, a legend and a signature."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Des 2026"
    sheet["A1"] = f"JADWAL PIKET PSC 119 BULAN {month}"
    sheet.merge_cells("A1:AH1")
    for at_, text in (("A3", "No"), ("B3", "Nama"), ("C3", "TANGGAL")):
        sheet[at_] = text
    for span in ("A3:A5", "B3:B5", "C3:AG3"):
        sheet.merge_cells(span)
    for day in DAYS:
        sheet.cell(4, day + 2).value = day
        sheet.cell(5, day + 2).value = ("Sel", "Rab", "Kam", "Jum", "Sab", "Min", "Sen")[(day - 1) % 7]
    sheet["A6"] = "REGU 1"
    sheet.merge_cells("A6:AG6")
    sheet.append([1, "CITRA", "P", "p", " M", "CT", "ct"])
    sheet.append([2, "Dewi", "M", None, "P/M", "=C7"])
    sheet["AH7"] = '=COUNTIF(C7:AG7,"P")'
    sheet.append(["Jumlah", None, 2, 1])
    sheet.append([])
    sheet.append([None, "P = Pagi 07.00 s/d 19.00"])
    sheet.append([None, None, *[None] * 20, "Sampit, 28 November 2026"])
    sheet.append([None, None, *[None] * 20, "Kepala PSC 119"])
    return saved(book)


def test_an_agencys_workbook_is_tried_saved_into_the_draft_and_taken_back(story: Story) -> None:
    codes(story)
    assert keeps(story, "crews", crew("regu_1", "citra", "dewi", name="Regu 1")).status == 201
    writes(story, add=[ROWS[0]])
    writes(story, cell("citra", 1, "M"), cell("citra", 2, "P"), cell("citra", 9, "P"))
    before = stands(story)
    source = {"id": brings(story, an_agencys(), as_="psc_admin"), "sheet": 0}
    seen = tries(story, workbook=source)
    assert [(each["kind"], each["number"]) for each in seen["asked"]] == [("blanks", 1)]
    assert {(each["at"], each["code"], each["ask"]) for each in seen["refusals"]} == {
        ("F7", "word_unknown", "word"),
        ("G7", "word_unknown", "word"),
        ("E8", "two_codes", "cell"),
        ("F8", "uncalculated", "cell"),
    }
    assert stands(story) == before, "a trial writes nothing"
    answers = {"blanks": "clear", "words": {"shift-codes": {"ct": "L"}}, "cells": {"E8": "M", "F8": ""}}
    seen = tries(story, workbook=source, answers=answers)
    assert (seen["asked"], seen["refusals"]) == ([], [])
    assert seen["counts"] == {
        "new": 5, "changed": 1, "same": seen["counts"]["same"], "cleared": 1, "refused": 0, "left": 6,
    }  # fmt: skip
    assert [each["id"] for each in seen["add"]] == ["dewi"]
    told = saves(story, seen)
    assert (told["wrote"], told["conflicts"], told["added"]) == (True, [], ["dewi"])
    assert stands(story) == {"citra": "P,P,M,L,L", "dewi": "M,,M"}
    assert tries(story, workbook=source, answers=answers)["cells"] == [], "brought again it is the same"
    undone = undoes(story, told["v"])
    assert undone["conflicts"] == [] and stands(story) == before
    assert undoes(story, told["v"])["conflicts"] == [] and stands(story) == before, "twice it changes nothing"


def test_what_was_changed_since_stays_when_a_file_is_taken_back(story: Story) -> None:
    codes(story)
    text = "Nama\t" + "\t".join(map(str, DAYS)) + "\nCitra\tP\tP\nDewi\tM\n"
    told = saves(story, tries(story, text=text))
    writes(story, cell("citra", 2, "L", "P"), as_="admin")
    undone = undoes(story, told["v"])
    assert [(each["row"], each["day"], each["stands"]) for each in undone["conflicts"]] == [
        ("citra", "2026-12-02", "L"),
        ("citra", "", ",L"),
    ]
    assert stands(story) == {"citra": ",L"}


def test_a_cell_that_somebody_else_fills_between_the_trial_and_the_save_is_left_and_told(
    story: Story,
) -> None:
    codes(story)
    writes(story, add=[ROWS[0]])
    seen = tries(story, text="Nama\t" + "\t".join(map(str, DAYS)) + "\nCitra\tP\tP\n")
    writes(story, cell("citra", 1, "M"), as_="admin")
    told = saves(story, seen)
    assert [(each["day"], each["stands"], each["now"]) for each in told["conflicts"]] == [
        ("2026-12-01", "M", "P")
    ]
    assert stands(story) == {"citra": "M,P"}


def test_a_file_is_never_published_by_itself(story: Story) -> None:
    codes(story)
    saves(story, tries(story, text="Nama\t" + "\t".join(map(str, DAYS)) + "\nCitra" + "\tP" * 31))
    at(story, "2026-12-02", "08:00")
    assert on_duty(story) == {}
    assert publishes(story, "2026-12-03").status == 200
    at(story, "2026-12-03", "08:00")
    assert set(on_duty(story).values()) == {"sheet"}


def test_a_sheet_taken_out_comes_back_equal_and_carries_its_ids(story: Story) -> None:
    codes(story)
    assert keeps(story, "crews", crew("regu_1", "citra", "dewi", name="Regu 1")).status == 201
    writes(story, add=[ROWS[0], {"person_id": "citra", "unit_id": "ambulans_2"}, ROWS[1]])
    writes(story, cell("citra", 1, "P"), cell("citra", 2, "M@ambulans_2"), cell("citra~2", 31, "P@"))
    for language in ("id", "en"):
        text = story.http("GET", f"{DECEMBER}/file", as_="psc_admin", query={"language": language}).body[
            "text"
        ]
        seen = tries(story, text=text)
        assert (seen["asked"], seen["refusals"], seen["cells"], seen["add"]) == ([], [], [], [])
        ordered = story.http("POST", f"{DECEMBER}/workbook", {"language": language}, as_="psc_admin")
        assert ordered.status == 202
        path = f"/api/workbooks/{ordered.body['id']}/file"
        content = base64.b64decode(story.http("GET", path, as_="psc_admin").body["file"])
        again = tries(story, workbook={"id": brings(story, content, as_="psc_admin"), "sheet": 0})
        assert (again["asked"], again["refusals"], again["cells"], again["add"]) == ([], [], [], [])
    # Filled in, only what was filled in is new.
    book = load_workbook(BytesIO(content))
    assert book.active["A6"].value == "dewi" and book.active.freeze_panes == "E4"
    book.active["E6"] = "M"
    seen = tries(story, workbook={"id": brings(story, saved(book), as_="psc_admin"), "sheet": 0})
    assert [(each["row"], each["day"], each["now"], each["at"]) for each in seen["cells"]] == [
        ("dewi", "2026-12-01", "M", "E6")
    ]


def test_a_month_that_nobody_has_begun_is_taken_out_with_everybody_in_it(story: Story) -> None:
    codes(story)
    assert keeps(story, "crews", crew("regu_1", "dewi", name="Regu 1")).status == 201
    text = story.http("GET", f"{DECEMBER}/file", as_="psc_admin").body["text"]
    rows = [line.split("\t")[:4] for line in text.split("\r\n")]
    assert rows[0][0].endswith("· Desember 2026")
    assert rows[3] == ["dewi", "Regu 1", "Dewi", "AMBULANS-1"]
    assert {cells[0] for cells in rows[4:6]} == {"citra", "gita"}


def test_the_file_of_another_month_is_asked_about_on_the_page_that_is_open(story: Story) -> None:
    codes(story)
    source = {"id": brings(story, an_agencys("NOVEMBER 2026"), as_="psc_admin"), "sheet": 0}
    (asked,) = tries(story, workbook=source)["asked"]
    assert (asked["kind"], [(each["where"], each["says"], each["at"]) for each in asked["signs"]]) == (
        "month",
        [("title", "2026-11", "A1"), ("tab", "2026-12", "Des 2026")],
    )
    assert tries(story, workbook=source, answers={"month": "2026-12"})["asked"] == []


def test_an_agency_brings_its_own_roster_alone(story: Story) -> None:
    codes(story)
    text = "Nama\t" + "\t".join(map(str, DAYS)) + "\nCitra\tP\n"
    for role, status in (("damkar_admin", 403), ("auditor", 403), ("operator", 403), ("admin", 200)):
        assert story.http("POST", f"{DECEMBER}/try", {"text": text}, as_=role).status == status
    assert story.http("GET", f"{DECEMBER}/file", as_="damkar_admin").status == 403
    both = {"text": text, "workbook": {"id": "01KAQW0000000000000000TEST", "sheet": 0}}
    for body in ({}, both):
        refused = story.http("POST", f"{DECEMBER}/try", body, as_="psc_admin")
        assert (refused.status, refused.body["faults"][0]["code"]) == (400, "required")
    empty = story.http("POST", f"{DECEMBER}/try", {"text": "\n\n"}, as_="psc_admin")
    assert (empty.status, empty.body["faults"][0]["code"]) == (400, "empty")
    # Somebody else's workbook is nobody's.
    own = brings(story, an_agencys(), as_="psc_admin")
    other = story.http("POST", f"{DECEMBER}/try", {"workbook": {"id": own, "sheet": 0}}, as_="admin")
    assert other.status == 404


def test_what_took_rows_out_or_was_never_saved_is_not_taken_back(story: Story) -> None:
    codes(story)
    writes(story, add=[ROWS[0]])
    told = writes(story, drop=[{"row": "citra", "was": ""}])
    refused = story.http("POST", f"{DECEMBER}/undo", {"v": told["v"]}, as_="psc_admin")
    assert (refused.status, refused.body["faults"][0]["code"]) == (422, "rows_taken_out")
    missing = story.http("POST", f"{DECEMBER}/undo", {"v": 99}, as_="psc_admin")
    assert (missing.status, missing.body["faults"][0]["code"]) == (404, "not_found")


def test_a_code_that_is_called_otherwise_is_none(story: Story) -> None:
    assert keeps(story, "shift-codes", code("1", name="Satu", starts="07:00", ends="15:00")).status == 201
    seen = tries(story, text="Nama\t" + "\t".join(map(str, DAYS)) + "\nCitra\tl\tI\t1\n")
    assert [each["values"]["word"] for each in seen["refusals"]] == ["l", "I"]
    assert [each["now"] for each in seen["cells"]] == ["1"]
