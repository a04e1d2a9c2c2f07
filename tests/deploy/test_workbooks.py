"""A workbook on its way through the deployed stage: into the bucket, read by the function that is told of it, and gone."""

from __future__ import annotations

import base64
import time
from typing import Any

from infra.workbooks.reading import read_workbook
from tests.deploy.stage import ACCOUNT, Stage
from tests.support.workbooks import an_agencys

BUCKET = f"kentongan-uji-workbooks-{ACCOUNT}"


def until(ask: Any) -> Any:
    deadline = time.monotonic() + 120
    while not (found := ask()):
        assert time.monotonic() < deadline, "nothing came of it"
        time.sleep(0.2)
    return found


def keys(stage: Stage) -> set[str]:
    listed = stage.aws.client("s3").list_objects_v2(Bucket=BUCKET).get("Contents", [])
    return {each["Key"].partition("/")[0] for each in listed}


def test_a_workbook_is_read_by_the_function_apart_and_what_was_brought_is_gone(
    stage: Stage, admin: str
) -> None:
    content = base64.b64encode(an_agencys()).decode()
    brought = stage.call("POST", "/api/workbooks", {"file": content}, token=admin)
    assert brought.status_code == 202, brought.text
    path = f"/api/workbooks/{brought.json()['id']}"

    def read() -> Any:
        found = stage.call("GET", path, token=admin).json()
        return None if found["state"] == "reading" else found

    assert [each["name"] for each in until(read)["sheets"]] == ["Personel 2026", "Kendaraan", "Arsip 2020"]
    until(lambda: "brought" not in keys(stage))
    body = {"noun": "personnel", "workbook": {"id": brought.json()["id"], "sheet": 0}}
    staged = stage.call("POST", "/api/imports", body, token=admin, key="workbook-1")
    assert staged.status_code == 201, staged.text
    assert [each["kind"] for each in staged.json()["asked"]] == ["missing", "hidden_rows", "struck_rows"]


def test_a_workbook_is_written_and_read_again(stage: Stage, admin: str) -> None:
    ordered = stage.call("POST", "/api/sheets/stations/workbook", {"language": "id"}, token=admin)
    assert ordered.status_code == 202, ordered.text
    path = f"/api/workbooks/{ordered.json()['id']}/file"
    file = until(lambda: stage.call("GET", path, token=admin).json()["file"])
    (sheet,) = read_workbook(base64.b64decode(file)).sheets
    assert sheet.rows[0][:3] == ["ID (jangan diubah)", "Instansi", "Nama pos"]
    assert len(sheet.rows) > 1
