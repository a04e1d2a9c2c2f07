"""A workbook on its way: read by another function, one sheet chosen, imported, taken back; and one taken out, filled in, brought in again."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from chalicelib.domain.sheets import workbooks as format_
from chalicelib.domain.sheets.grid import ROWS_MOST
from tests.support.workbooks import an_agencys, of_rows, saved
from tests.world.harness import Answer, Story
from tests.world.test_sheets import clarify, commits, people, undoes


def brings(story: Story, content: bytes, as_: str = "damkar_admin") -> str:
    answer = story.http("POST", "/api/workbooks", {"file": base64.b64encode(content).decode()}, as_=as_)
    assert answer.status == 202, answer.body
    return str(answer.body["id"])


def looks(story: Story, workbook_id: str, as_: str = "damkar_admin") -> Any:
    return story.http("GET", f"/api/workbooks/{workbook_id}", as_=as_).body


def stages(story: Story, workbook_id: str, sheet: int, as_: str = "damkar_admin", **more: Any) -> Answer:
    body = {"noun": "personnel", "workbook": {"id": workbook_id, "sheet": sheet}, **more}
    return story.http("POST", "/api/imports", body, as_=as_, key=f"{workbook_id}-{sheet}-{as_}")


def takes_out(story: Story, noun: str, as_: str = "damkar_admin", language: str = "id") -> bytes:
    body = {"language": language}
    ordered = story.http("POST", f"/api/sheets/{noun}/workbook", body, as_=as_)
    assert ordered.status == 202, ordered.body
    answer = story.http("GET", f"/api/workbooks/{ordered.body['id']}/file", as_=as_)
    return base64.b64decode(answer.body["file"])


def test_an_agencys_workbook_is_read_chosen_from_imported_and_taken_back(story: Story) -> None:
    before = people(story)
    workbook_id = brings(story, an_agencys())
    book = looks(story, workbook_id)
    assert book["state"] == "read"
    assert [(each["name"], each["hidden"], each["known"]["personnel"]) for each in book["sheets"]] == [
        ("Personel 2026", False, 4),
        ("Kendaraan", False, 1),
        ("Arsip 2020", True, 2),
    ]
    seen = stages(story, workbook_id, 0).body
    assert [each["kind"] for each in seen["asked"]] == ["hidden_rows", "struck_rows"]
    assert (seen["sheet"], seen["coloured"]) == ("Personel 2026", ["E8"])
    unseen = {"hidden_rows": "skip", "struck_rows": "skip"}
    seen = clarify(story, seen, unseen=unseen)
    codes = {(each["at"], each["code"]) for each in seen["refusals"]}
    assert codes == {("C7", "nip_rounded"), ("D8", "phone_rounded")}
    seen = clarify(story, seen, unseen=unseen, cells={"C7": "19800101 200501 2 002", "D8": "0812 3456 703"})
    assert commits(story, seen).body["made"]["new"] == 3
    assert people(story).keys() - before.keys() == {"H. Rusdi Amin, S.Sos", "Siti Nur'aini", "Suparman"}
    assert undoes(story, seen).body["left"] == []
    assert people(story).keys() == before.keys()


def test_what_was_brought_goes_when_it_is_read(story: Story) -> None:
    story.workbooks.slow = True
    workbook_id = brings(story, an_agencys())
    assert looks(story, workbook_id)["state"] == "reading"
    assert stages(story, workbook_id, 0).status == 404
    story.workbooks.catch_up()
    assert looks(story, workbook_id)["state"] == "read"
    assert not [key for key in story.workbooks.objects if key.startswith(format_.BROUGHT)]


def test_somebody_else_finds_nothing_by_the_same_id(story: Story) -> None:
    workbook_id = brings(story, an_agencys())
    assert story.http("GET", f"/api/workbooks/{workbook_id}", as_="admin").status == 404
    assert stages(story, workbook_id, 0, as_="admin").status == 404
    assert story.http("GET", f"/api/workbooks/{workbook_id}/file", as_="damkar_admin").status == 404


def test_what_cannot_be_read_is_said_in_a_word(story: Story) -> None:
    book = looks(story, brings(story, b"%PDF-1.7"))
    assert (book["state"], book["refused"], book["sheets"]) == ("refused", "file_other", [])
    assert stages(story, book["id"], 0).status == 404
    large = base64.b64encode(b"PK" + b"x" * format_.BYTES_MOST).decode()
    answer = story.http("POST", "/api/workbooks", {"file": large}, as_="damkar_admin")
    assert (answer.status, answer.body["faults"][0]["code"]) == (400, "too_long")


def test_a_sheet_that_is_longer_than_a_list_is_refused_whole_and_not_cut(story: Story) -> None:
    rows = [["Nama", "No HP"], *([f"Orang {n}", f"0812{n:07}"] for n in range(ROWS_MOST + 1))]
    book = looks(story, brings(story, of_rows(rows)))
    answer = stages(story, book["id"], 0)
    assert (answer.status, answer.body["faults"][0]["code"]) == (400, "too_many")


@pytest.mark.parametrize("body", [{}, {"text": "Nama", "workbook": {"id": "x", "sheet": 0}}])
def test_a_text_or_a_workbooks_sheet_is_brought_and_never_both(story: Story, body: Any) -> None:
    answer = story.http("POST", "/api/imports", {"noun": "personnel", **body}, as_="damkar_admin", key="both")
    assert answer.status == 400


@pytest.mark.parametrize("noun", ["personnel", "units", "stations"])
@pytest.mark.parametrize("language", ["id", "en"])
def test_what_is_taken_out_comes_back_the_same(story: Story, noun: str, language: str) -> None:
    content = takes_out(story, noun, language=language)
    answer = stages(story, brings(story, content), 0, noun=noun)
    seen = answer.body
    assert (seen["asked"], seen["refusals"], set(seen["counts"])) == ([], [], {"same", "not_read"}), seen


def test_who_is_added_to_the_file_is_new_and_whose_phone_is_changed_is_changed(story: Story) -> None:
    book = load_workbook(BytesIO(takes_out(story, "personnel")))
    sheet = book.active
    head = [cell.value for cell in sheet[1]]
    row = sheet.max_row
    while sheet.cell(row, 2).value is None:
        row -= 1
    for title, text in (("Nama", "Orang Baru"), ("Nomor HP", "0812 3456 700"), ("Instansi", "Damkar")):
        sheet.cell(row + 1, head.index(title) + 1).value = text
    sheet.cell(2, head.index("Nomor HP") + 1).value = "0812 3456 711"
    seen = stages(story, brings(story, saved(book)), 0).body
    assert (seen["counts"]["new"], seen["counts"]["changed"]) == (1, 1)
    assert [each["field"] for each in seen["changed"][0]["changes"]] == ["phone"]


def test_an_agencys_file_names_no_other_agency(story: Story) -> None:
    book = load_workbook(BytesIO(takes_out(story, "units")))
    offered = [cell.value for cells in book["_pilihan"].iter_rows() for cell in cells]
    assert "Damkar" in offered and "BPBD" not in offered


def test_crews_come_by_a_list_of_their_people_go_out_and_are_taken_back(story: Story) -> None:
    chief, other = sorted(people(story))[:2]
    rows = ["No\tNama\tJabatan\tSejak", "REGU I\t\t\t", f"1\t{chief}\tDanru\t2026-01-01"]
    rows += ["REGU II\t\t\t", f"1\t{other}\tAnggota\t2026-01-01"]
    body = {"noun": "crews", "text": "\n".join(rows)}
    seen = story.http("POST", "/api/imports", body, as_="damkar_admin", key="crews").body
    assert (seen["counts"]["new"], seen["refusals"]) == (2, [])
    told = commits(story, seen)
    assert (told.status, told.body["left"]) == (200, []), told.body
    listed = story.http("GET", "/api/registry/crews", as_="damkar_admin").body["items"]
    assert {each["name"]: len(each["members"]) for each in listed} == {"REGU I": 1, "REGU II": 1}
    content = takes_out(story, "crews")
    again = stages(story, brings(story, content), 0, noun="crews").body
    assert (again["asked"], again["counts"]) == ([], {"same": 2, "not_read": 1})
    assert undoes(story, seen).body["left"] == []
    assert story.http("GET", "/api/registry/crews", as_="damkar_admin").body["items"] == []
