"""Today's release goes out over the last one and back again, each by its own commands and with what the other wrote."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.conftest import of_real_people
from tests.deploy.stage import REPO, Aws, Stage, link_in
from tests.deploy.test_main_job import log_call
from tests.support import released


@pytest.fixture(scope="module")
def released_build() -> Path:
    """What `make package` wrote when it was released."""
    checkout = released.code()
    (checkout / "node_modules").symlink_to(REPO / "node_modules")
    made = subprocess.run(
        [sys.executable, "-m", "infra.package"], cwd=checkout, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stdout + made.stderr
    return checkout / "build"


def test_today_goes_out_over_the_released_one_and_back_and_each_goes_on_with_the_others_data(
    aws: Aws, build: Path, released_build: Path, tmp_path: Path
) -> None:
    old, today = Stage(aws, "lama", released.code()), Stage(aws, "lama")
    # Its regency knows no field that came later.
    old.deploy(released_build, seed=str(of_real_people(released.code(), tmp_path)))
    before = old.outputs("")["Release"]
    operator = old.staff("operator", "operator")
    by_old = log_call(old, operator, "Jalan Lama")["incident"]["id"]
    link_of_old = link_in(old.sms("Jalan Lama").body)

    today.deploy(build)
    assert today.outputs("")["Release"] != before
    taps(today, link_of_old, "acknowledged", "en_route")
    by_today = log_call(today, operator, "Jalan Hari Ini")["incident"]["id"]
    link_of_today = link_in(today.sms("Jalan Hari Ini").body)
    assert {by_old, by_today} <= board(today, operator)
    must_verify(old, today)

    went_back = today.command("rollback")
    assert went_back.code == 0, went_back.said
    assert old.outputs("")["Release"] == before
    assert {by_old, by_today} <= board(old, operator)
    taps(old, link_of_old, "on_scene", "cleared")
    taps(old, link_of_today, "acknowledged", "en_route", "on_scene", "cleared")
    closes(old, operator, by_today)
    log_call(old, operator, "Jalan Sesudahnya")
    old.sms("Jalan Sesudahnya")
    must_verify(old, today)

    today.deploy(build)
    closes(today, operator, by_old)
    assert today.call("GET", f"/api/incidents/{by_today}", token=operator).json()["status"] == "closed"
    must_verify(today)
    assert today.refused() == []


def taps(stage: Stage, link: str, *steps: str) -> None:
    page = stage.http.get(stage.url + link, timeout=40)
    assert page.status_code == 200, page.text
    for status in steps:
        answer = stage.call("POST", f"/api{link}", {"status": status})
        assert answer.status_code == 200, answer.text


def board(stage: Stage, token: str) -> set[str]:
    shown = stage.call("GET", "/api/incidents?state=open", token=token)
    assert shown.status_code == 200, shown.text
    return {each["id"] for each in shown.json()["incidents"]}


def closes(stage: Stage, token: str, incident_id: str) -> None:
    path, how = f"/api/incidents/{incident_id}/close", {"disposition": "patient_transported"}
    closed = stage.call("POST", path, how, token=token, key=f"close-{incident_id}")
    assert closed.status_code == 200, closed.text


def must_verify(*stages: Stage) -> None:
    for stage in stages:
        walked = stage.verify()
        assert walked.code == 0 and " 0 broken" in walked.said, (stage.checkout, walked.said)
