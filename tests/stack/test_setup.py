"""`make setup` where something is missing: one clear line that says what to do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from infra.local.stack import REPO

FILES = ["requirements.txt", "requirements-dev.txt", "constraints.txt", "package.json", "package-lock.json"]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    folder = tmp_path / "clone"
    (folder / "infra" / "local").mkdir(parents=True)
    shutil.copy(REPO / "infra" / "local" / "setup.sh", folder / "infra" / "local")
    for name in FILES:
        shutil.copy(REPO / name, folder)
    return folder


def set_up(clone: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = ["/bin/sh", str(clone / "infra" / "local" / "setup.sh")]
    return subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, timeout=600, check=False
    )


def tools(clone: Path, python: str) -> str:
    """Return a PATH with the usual tools and this `python3`, an empty one meaning none."""
    folder = clone / "bin"
    folder.mkdir()
    for name in ("sh", "dirname", "cat", "cksum", "grep", "tail", "cut", "uname"):
        found = shutil.which(name)
        assert found
        (folder / name).symlink_to(found)
    if python:
        script = folder / "python3"
        script.write_text(python)
        script.chmod(0o755)
    return str(folder)


def test_no_python(clone: Path) -> None:
    done = set_up(clone, PATH=tools(clone, ""))
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "! Python 3.11 or newer is needed. On Debian or Ubuntu: sudo apt install python3 python3-venv"
    ]


def test_an_old_python(clone: Path) -> None:
    done = set_up(clone, PATH=tools(clone, "#!/bin/sh\nexit 1\n"))
    assert "Python 3.11 or newer is needed" in done.stderr


def test_no_venv_module(clone: Path) -> None:
    python = '#!/bin/sh\ncase "$2" in *venv*) exit 1;; esac\nexit 0\n'
    done = set_up(clone, PATH=tools(clone, python))
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "! Python's venv module is missing. On Debian or Ubuntu: sudo apt install python3-venv"
    ]


def nowhere() -> dict[str, str]:
    """Settings under which no registry answers, whatever this machine is set to."""
    return {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_FIND_LINKS": "",
        "PIP_NO_CACHE_DIR": "1",
        "npm_config_registry": "http://127.0.0.1:9/",
        "npm_config_cache": "/nonexistent",
        "npm_config_fetch_retry_mintimeout": "10",
        "npm_config_fetch_retry_maxtimeout": "20",
    }


def test_no_python_registry_and_again_when_there_is_one(clone: Path) -> None:
    done = set_up(clone, **nowhere())
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith("! The Python package registry cannot be reached.")
    assert "PIP_INDEX_URL=" in line
    assert not (clone / ".venv" / ".installed").exists()


def test_no_npm_registry(clone: Path) -> None:
    environment = Path(sys.prefix)
    assert (environment / "bin" / "npm").exists(), "run these tests in the project's environment: make test"
    (clone / ".venv" / "bin").mkdir(parents=True)
    for name in ("python", "npm"):
        (clone / ".venv" / "bin" / name).symlink_to(environment / "bin" / name)
    wanted = subprocess.run(
        ["/bin/sh", "-c", "cat requirements.txt requirements-dev.txt constraints.txt | cksum"],
        cwd=clone,
        capture_output=True,
        text=True,
        check=True,
    )
    (clone / ".venv" / ".installed").write_text(wanted.stdout)
    done = set_up(clone, **nowhere())
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith("! The npm registry cannot be reached.")


def test_nothing_is_done_twice(clone: Path) -> None:
    assert (REPO / ".venv" / ".installed").exists(), "make the project's environment first: make setup"
    done = subprocess.run(
        ["/bin/sh", str(REPO / "infra" / "local" / "setup.sh")],
        capture_output=True,
        text=True,
        timeout=240,
        check=True,
    )
    assert done.stdout == ""


def test_the_lock_file_names_no_registry_but_the_public_one() -> None:
    for line in (REPO / "package-lock.json").read_text().splitlines():
        if '"resolved"' in line:
            assert "https://registry.npmjs.org/" in line
