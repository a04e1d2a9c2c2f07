"""What the browser tests need is installed, or one line says what to do: on a machine where it lacks, not where all is there."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "browser" / "install.sh"
NEEDED = ("cat", "dirname", "mktemp", "sh", "tail")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A project on a machine with neither a browser nor rights to install one, whose Playwright starts."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in NEEDED:
        found = shutil.which(name)
        assert found, name
        (programs / name).symlink_to(found)
    project = tmp_path / "project"
    (project / "tests/browser").mkdir(parents=True)
    shutil.copy(SCRIPT, project / "tests/browser")
    (project / ".venv/bin").mkdir(parents=True)
    program(programs / "id", "echo 1000")
    program(project / ".venv/bin/playwright", '[ "$1" = --version ]')
    program(project / ".venv/bin/python", "exit 1")
    return project


def program(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def installed(machine: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", str(machine / "tests/browser/install.sh")],
        env={"PATH": str(machine.parent / "programs")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_machine_without_a_browser_is_told_how_to_get_one(machine: Path) -> None:
    done = installed(machine)
    assert done.returncode == 1
    assert done.stderr == (
        "! The browser tests need Chromium. On Debian or Ubuntu: sudo apt install chromium\n"
    )


def test_a_machine_whose_driver_does_not_start_is_told_what_it_lacks(machine: Path) -> None:
    program(machine / ".venv/bin/playwright", "echo libatomic.so.1: cannot open >&2; exit 127")
    done = installed(machine)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "! The browser tests' driver does not start: libatomic.so.1: cannot open",
        "! On Debian or Ubuntu: sudo apt install libatomic1",
    ]


@pytest.mark.parametrize("name", ["chromium", "google-chrome"])
def test_a_machine_with_a_browser_is_left_alone(machine: Path, name: str) -> None:
    program(machine.parent / "programs" / name, "exit 0")
    done = installed(machine)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_root_gets_what_lacks_from_debian(machine: Path) -> None:
    programs = machine.parent / "programs"
    program(programs / "id", "echo 0")
    browser = programs / "chromium"
    program(
        programs / "apt-get",
        f'[ "$1" = update ] || {{ echo "#!/bin/sh" >{browser}; /bin/chmod +x {browser}; }}',
    )
    done = installed(machine)
    assert (done.returncode, done.stdout, done.stderr) == (0, "· Chromium for the browser tests\n", "")
