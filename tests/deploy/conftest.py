"""What would go to AWS, built once and deployed once to the emulator by the command that operators use."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from admin_site import build as site
from tests.deploy.stage import REPO, Aws, Done, Stage
from tests.support.built import built
from tests.support.ports import free_ports


@pytest.fixture(scope="session")
def build() -> Path:
    """What `make package` writes."""
    out = built()
    site.build(out / "site", REPO / "node_modules")
    return out


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    folder = tmp_path_factory.mktemp("aws")
    running = Aws(folder, free_ports(2))
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.deploy.emulator", str(folder), str(running.port)],
            cwd=REPO,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_it_answers(running, process, folder / "log")
            yield running
        finally:
            process.terminate()
            process.wait(60)


def _wait_until_it_answers(aws: Aws, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 240
    while True:
        assert process.poll() is None and time.monotonic() < deadline, log.read_text()
        try:
            urllib.request.urlopen(f"{aws.url}/_ministack/health", timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)


@pytest.fixture(scope="session")
def regency(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example regency as one of real people, to whom SMS are sent."""
    return of_real_people(REPO, tmp_path_factory.mktemp("regency"))


def of_real_people(checkout: Path, folder: Path) -> Path:
    """A release's own example, as one of real people."""
    text = (checkout / "infra" / "seed" / "kotim.yaml").read_text("utf-8")
    file = folder / "regency.yaml"
    file.write_text(text.replace("\ndemo: true\n", "\ndemo: false\n"), "utf-8")
    return file


@pytest.fixture(scope="session")
def first_deploy(aws: Aws, build: Path, regency: Path) -> tuple[Stage, Done]:
    """The stage that most tests drive, and what the command said when it made it."""
    stage = Stage(aws, "uji")
    return stage, stage.deploy(build, seed=str(regency))


@pytest.fixture(scope="session")
def stage(first_deploy: tuple[Stage, Done]) -> Stage:
    return first_deploy[0]


@pytest.fixture(autouse=True)
def _nothing_was_refused(request: pytest.FixtureRequest) -> Iterator[None]:
    """Functions bear many a refusal, and only a late page tells of it; here it fails the test."""
    yield
    if "stage" in request.fixturenames:
        assert request.getfixturevalue("stage").refused() == []


@pytest.fixture(autouse=True)
def _crews_are_free_again(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test's crews must not be lacking in the next one's call."""
    yield
    if "operator" not in request.fixturenames:
        return
    stage, token = request.getfixturevalue("stage"), request.getfixturevalue("operator")
    for each in stage.call("GET", "/api/incidents?state=open", token=token).json()["incidents"]:
        path = f"/api/incidents/{each['id']}/cancel"
        ended = stage.call("POST", path, {"reason": "Selesai diuji"}, token=token, key=f"over-{each['id']}")
        assert ended.status_code == 200, ended.text


@pytest.fixture(scope="session")
def operator(stage: Stage) -> str:
    return stage.staff("operator", "operator")


@pytest.fixture(scope="session")
def admin(stage: Stage) -> str:
    stage.user("admin")
    return stage.token("admin")
