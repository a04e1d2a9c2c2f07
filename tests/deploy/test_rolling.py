"""A release whose records have more fields, rolled out over data, taken back by one command, and rolled out again."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

import pytest

from infra.deploy.releases import ZIP
from tests.deploy.stage import Stage, link_in
from tests.deploy.test_main_job import log_call

# What the newer release adds to its records: optional, as ADR 21 demands, and in each kind of record.
ADDED = {
    "chalicelib/domain/incident.py": {
        "Location": 'plus_code: str = "6P58"',
        "Incident": "weather: tuple[str, ...] = ()",
    },
    "chalicelib/domain/call.py": {"Call": 'language: str = "id"'},
    "chalicelib/domain/assignment.py": {"Assignment": 'road: str = "dry"'},
    "chalicelib/domain/page.py": {"Page": "voice: bool = False"},
    "chalicelib/domain/registry/forces.py": {
        "Agency": 'radio: str = "ch-3"',
        "Person": 'blood: str = "O"',
    },
    "chalicelib/domain/registry/escalation.py": {"EscalationStep": 'by: str = "sms"'},
    "chalicelib/domain/registry/accounts.py": {"Account": "last_seen: str | None = None"},
    "chalicelib/domain/units.py": {"UnitState": "fuel: int = 100"},
    "chalicelib/domain/facts.py": {"CrewFacts": "walked: bool = False"},
}


@pytest.fixture(scope="module")
def newer_build(build: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same release with more fields in its records, and another title on its pages."""
    newer = tmp_path_factory.mktemp("newer") / "build"
    shutil.copytree(build, newer)
    with zipfile.ZipFile(build / ZIP) as before, zipfile.ZipFile(newer / ZIP, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            source = re.sub(r"__pycache__/(\w+)\.[\w-]+\.pyc$", r"\1.py", name)
            if source != name and source in ADDED:
                continue  # It would be run instead of what is changed here.
            for struct, field in ADDED.get(name, {}).items():
                content = _with_field(content.decode(), struct, field).encode()
            after.writestr(name, content)
    page = newer / "site" / "desk.html"
    page.write_text(page.read_text("utf-8").replace("<title>", "<title>Baru: "), "utf-8")
    (newer / "site" / "baru.html").write_text("<!doctype html><title>Baru</title>", "utf-8")
    return newer


def _with_field(source: str, struct: str, field: str) -> str:
    """The module with one more field at the end of a struct."""
    found = re.search(rf"^class {struct}\(Struct.*?(?=^\S|\Z)", source, re.M | re.S)
    assert found, struct
    return source[: found.end()].rstrip() + f"\n    {field}\n\n\n" + source[found.end() :]


def stored(stage: Stage, incident_id: str) -> str:
    """The incident's record as it stands in the table."""
    item = stage.aws.client("dynamodb").get_item(
        TableName=f"kentongan-{stage.name}-incidents",
        Key={"pk": {"S": f"I#{incident_id}"}, "sk": {"S": "#"}},
    )
    doc: str = item["Item"]["doc"]["S"]
    return doc


def test_a_release_goes_out_over_data_and_back_again_and_nothing_is_lost(
    stage: Stage, build: Path, newer_build: Path, operator: str, admin: str
) -> None:
    before = stage.outputs("")["Release"]
    older = log_call(stage, operator, "Jalan Lama")["incident"]["id"]

    assert stage.deploy(newer_build).code == 0
    newer = stage.outputs("")["Release"]
    assert newer != before
    assert "Baru: " in stage.http.get(f"{stage.url}/desk.html", timeout=60).text
    logged = log_call(stage, operator, "Jalan Baru")
    assert "6P58" in stored(stage, logged["incident"]["id"])
    link = link_in(stage.sms("Jalan Baru").body)
    assert stage.call("POST", f"/api{link}", {"status": "acknowledged"}).status_code == 200
    agency = stage.call("GET", "/api/registry/agencies/damkar", token=admin).json()
    version = str(agency.pop("v"))
    assert agency["radio"] == "ch-3"
    kept = stage.call("PUT", "/api/registry/agencies/damkar", agency, token=admin, version=version)
    assert kept.status_code == 200

    went_back = stage.command("rollback")
    assert went_back.code == 0, went_back.said
    assert f"{newer} runs; back to {before}" in went_back.said
    assert stage.outputs("")["Release"] == before
    assert "Baru: " not in stage.http.get(f"{stage.url}/desk.html", timeout=60).text
    assert stage.http.get(f"{stage.url}/baru.html", timeout=60).status_code == 404
    # What the newer release wrote is read, answered and ended by the older.
    board = stage.call("GET", "/api/incidents?state=open", token=operator).json()
    assert {older, logged["incident"]["id"]} <= {each["id"] for each in board["incidents"]}
    for status in ("en_route", "on_scene", "cleared"):
        assert stage.call("POST", f"/api{link}", {"status": status}).status_code == 200
    closed = stage.call(
        "POST",
        f"/api/incidents/{logged['incident']['id']}/close",
        {"disposition": "patient_transported"},
        token=operator,
        key="close-baru",
    )
    assert closed.status_code == 200, closed.text
    # The price, as ADR 21 says: what the older release writes again holds only what it knows.
    assert "6P58" not in stored(stage, logged["incident"]["id"])
    log_call(stage, operator, "Jalan Sesudahnya")
    stage.sms("Jalan Sesudahnya")
    walked = stage.verify()
    assert walked.code == 0 and " 0 broken" in walked.said, walked.said

    forward = stage.deploy(newer_build)
    assert stage.outputs("")["Release"] == newer, forward.said
    incident = stage.call("GET", f"/api/incidents/{logged['incident']['id']}", token=operator).json()
    assert incident["status"] == "closed"
    stage.command("rollback")
    assert stage.outputs("")["Release"] == before


def test_a_release_that_does_not_answer_is_told_and_one_command_goes_back(
    stage: Stage, build: Path, tmp_path: Path
) -> None:
    before = stage.outputs("")["Release"]
    broken = tmp_path / "build"
    shutil.copytree(build, broken)
    with zipfile.ZipFile(build / ZIP) as good, zipfile.ZipFile(broken / ZIP, "w") as bad:
        for name in good.namelist():
            if name != "__pycache__/app.cpython-311.pyc":
                bad.writestr(name, b"raise RuntimeError" if name == "app.py" else good.read(name))
    failed = stage.command("deploy", broken, PATIENCE="2")
    assert failed.code == 1
    assert "does not answer as it must:\n    health: " in failed.said, failed.said
    assert "stands and is not well" in failed.said and "make rollback STAGE=uji" in failed.said
    assert stage.call("GET", "/api/config").status_code == 502

    went_back = stage.command("rollback")
    assert went_back.code == 0, went_back.said
    assert stage.outputs("")["Release"] == before
    assert stage.call("GET", "/api/config").status_code == 200


def test_nobody_goes_back_to_a_release_that_cannot_read_the_records(stage: Stage, build: Path) -> None:
    s3 = stage.aws.client("s3")
    bucket, release = stage.data["ReleasesBucketName"], stage.outputs("")["Release"]
    about = f"releases/{release}/release.json"
    content = s3.get_object(Bucket=bucket, Key=about)["Body"].read()
    older = content.replace(release.encode(), b"earlier").replace(b'"shape": 1', b'"shape": 0')
    older = re.sub(rb'"deployed_at": "20', b'"deployed_at": "19', older)
    s3.put_object(Bucket=bucket, Key="releases/earlier/release.json", Body=older)
    try:
        refused = stage.command("rollback")
    finally:
        s3.delete_object(Bucket=bucket, Key="releases/earlier/release.json")
    assert refused.code == 1
    assert "cannot read" in refused.said and "Do not go back: mend it and deploy." in refused.said
    assert stage.outputs("")["Release"] == release
