"""The embedded stack's workbooks: opened by a process of their own, forgotten after a day, gone with a reset."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from chalicelib.domain.sheets.workbooks import BROUGHT, READ, read_book
from infra.local.stack import REPO
from infra.local.workbooks import FORGOTTEN_S, WorkedFolder, forget
from tests.support.workbooks import an_agencys


def test_what_is_brought_is_read_by_another_process_and_goes(tmp_path: Path) -> None:
    folder = WorkedFolder(tmp_path)
    folder.put(BROUGHT + "a", an_agencys())
    (working,) = [each for each in threading.enumerate() if each.name == "workbook"]
    working.join(120)
    content = folder.get(READ + "a")
    assert content is not None and read_book(content).sheets[0].name == "Personel 2026"
    assert folder.get(BROUGHT + "a") is None


def test_a_file_that_kills_its_process_is_refused_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    folder = WorkedFolder(tmp_path)
    folder.put(BROUGHT + "a", b"PK")
    for each in [each for each in threading.enumerate() if each.name == "workbook"]:
        each.join(120)
    content = folder.get(READ + "a")
    assert content is not None and read_book(content).refused == "file_damaged"
    assert folder.get(BROUGHT + "a") is None


def test_what_is_a_day_old_is_forgotten_while_the_stack_goes_on(tmp_path: Path) -> None:
    folder = WorkedFolder(tmp_path)
    for name in ("old", "new"):
        folder.put(READ + name, b"{}")
    then = time.time() - FORGOTTEN_S - 60
    os.utime(tmp_path / READ / "old", (then, then))
    forget(tmp_path, time.time())
    assert (folder.get(READ + "old"), folder.get(READ + "new")) == (None, b"{}")


def test_a_reset_takes_them_with_all_other_data(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "workbooks" / "read").mkdir(parents=True)
    (data / "workbooks" / "read" / "a").write_bytes(b"{}")
    (data / "lock").touch()
    environment = {**os.environ, "DATA": str(data), "FORCE": "1"}
    ran = subprocess.run([sys.executable, "-m", "infra.local.reset"], cwd=REPO, env=environment, check=False)
    assert (ran.returncode, data.exists()) == (0, False)
