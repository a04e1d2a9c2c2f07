"""The code of the last release, taken from git, and a process that runs either it or today's."""

from __future__ import annotations

import atexit
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from functools import cache
from pathlib import Path
from typing import Any, Self

import pytest

REPO = Path(__file__).resolve().parents[2]
# What `git rev-parse COMMIT^{tree}` says of the commit that went out last: a tree's name is of its content alone, so it
# outlives a commit that is written again. Whoever releases changes it (docs/deploying.md).
TREE = "51c88f3f70c6b82aa74daf47049c61898fd0762a"
MISSING = f"The released code {TREE[:7]} cannot be had, and nothing else shows that today's runs beside it"
DRIVER = Path(__file__).with_name("one_release.py")


@cache
def code() -> Path:
    """A folder with the released code, which goes away with the process.

    Where git or the history is missing, a skip that says what to do: a tarball's tests are still worth running. AssertionError
    where the history is whole and the release is not in it.
    """
    try:
        taken = _git("archive", TREE)
    except FileNotFoundError:
        pytest.skip(f"{MISSING}: install git")
    if taken.returncode:
        said = taken.stderr.decode().strip()
        what = f"{MISSING}: clone with all history, or git fetch --unshallow ({said})"
        assert _git("rev-parse", "--is-shallow-repository").stdout.strip() != b"false", what
        pytest.skip(what)
    folder = Path(tempfile.mkdtemp(prefix="kentongan-released-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with tarfile.open(fileobj=io.BytesIO(taken.stdout)) as files:
        # Debian 12 has Python 3.11.2, whose tarfile knows no filter; the content is our own.
        files.extractall(folder)
    return folder


def _git(*command: str) -> subprocess.CompletedProcess[bytes]:
    # A checkout may be another account's, as in a container; nothing of it is run.
    return subprocess.run(
        ["git", "-c", f"safe.directory={REPO}", *command], cwd=REPO, capture_output=True, check=False
    )


class Release:
    """A release's functions on the database that the environment names; one_release.py says what it can be asked."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(DRIVER)],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(folder)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def ask(self, name: str, *given: Any, **more: Any) -> Any:
        assert self._process.stdin and self._process.stdout
        print(json.dumps({"name": name, "given": given, "more": more}), file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        assert answer, f"{self.name} ended at {name} {given}; its error stands above"
        return json.loads(answer)
