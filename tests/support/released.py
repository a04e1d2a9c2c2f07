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

REPO = Path(__file__).resolve().parents[2]
# What `git rev-parse COMMIT^{tree}` says of the commit that went out last: a tree's name is of its content alone, so it
# outlives a commit that is written again. Whoever releases changes it (docs/deploying.md).
TREE = "51c88f3f70c6b82aa74daf47049c61898fd0762a"
MISSING = f"The released code {TREE[:7]} cannot be had, and nothing else shows that today's runs beside it"
DRIVER = Path(__file__).with_name("one_release.py")


@cache
def code() -> Path:
    """A folder with the released code, which goes away with the process; AssertionError says what to do without it."""
    try:
        archive = subprocess.run(["git", "archive", TREE], cwd=REPO, capture_output=True, check=True).stdout
    except FileNotFoundError:
        raise AssertionError(f"{MISSING}: install git") from None
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode().strip()
        raise AssertionError(
            f"{MISSING}: clone with all history, or git fetch --unshallow ({said})"
        ) from None
    folder = Path(tempfile.mkdtemp(prefix="kentongan-released-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(
            folder
        )  # Debian 12 has Python 3.11.2, whose tarfile knows no filter; the content is our own.
    return folder


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
