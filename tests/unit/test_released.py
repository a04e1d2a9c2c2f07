"""A checkout without the released code says so in one line; one that should have it fails: no rollout is tried without it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support import released


@pytest.fixture(autouse=True)
def asked_anew() -> None:
    released.code.cache_clear()


def test_the_released_code_is_taken_whole() -> None:
    code = released.code()
    assert (code / "app.py").is_file() and (code / "tests/world/harness.py").is_file()


def test_a_tarball_without_history_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(released, "REPO", tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(pytest.skip.Exception, match=r"^The released code .* git fetch --unshallow \(.*\)$"):
        released.code()


def _clone(place: Path, *how: str) -> Path:
    for command in (["init", "-q", str(place / "a")], ["-C", str(place / "a"), "add", "-A"]):
        subprocess.run(["git", *command], check=True)
    for word in ("one", "two"):
        who = ["-c", "user.name=a", "-c", "user.email=a@example.id"]
        commit = ["-C", str(place / "a"), *who, "commit", "-q", "--allow-empty", "-m", word]
        subprocess.run(["git", *commit], check=True)
    subprocess.run(["git", "clone", "-q", *how, f"file://{place / 'a'}", str(place / "b")], check=True)
    return place / "b"


def test_a_shallow_clone_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(released, "REPO", _clone(tmp_path, "--depth", "1"))
    with pytest.raises(pytest.skip.Exception, match=r"clone with all history, or git fetch --unshallow"):
        released.code()


def test_a_whole_history_without_the_release_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(released, "REPO", _clone(tmp_path))
    with pytest.raises(AssertionError, match=r"^The released code "):
        released.code()


def test_a_machine_without_git_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(pytest.skip.Exception, match=r"^The released code .*: install git$"):
        released.code()
