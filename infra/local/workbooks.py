"""The embedded stack's workbooks: files in DATA, each worked on by a process of its own as soon as it is there."""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

from chalicelib.domain.sheets.workbooks import BROUGHT, ORDERED, READ, ReadBook, packed
from infra.local.stack import REPO, write_durably

FORGOTTEN_S = 24 * 3600.0
FORGET_EVERY_S = 3600.0
TOGETHER = threading.Semaphore(1)


def forget(folder: Path, now: float) -> None:
    """Forget what is a day old, as the bucket does: it holds names and numbers, and a stack may go on for months."""
    for each in folder.glob("*/*"):
        with suppress(FileNotFoundError):
            if now - each.stat().st_mtime > FORGOTTEN_S:
                each.unlink()


class Folder:
    """What `gateways.workbooks.Workbooks` asks for, on this machine's disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> bytes | None:
        try:
            return (self._folder / key).read_bytes()
        except FileNotFoundError:
            return None

    def put(self, key: str, content: bytes) -> None:
        file = self._folder / key
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_durably(file, content)

    def delete(self, key: str) -> None:
        (self._folder / key).unlink(missing_ok=True)


class WorkedFolder(Folder):
    """A folder whose files are worked on: a file of strangers is opened in no process that serves the desk or sends pages."""

    def put(self, key: str, content: bytes) -> None:
        super().put(key, content)
        if key.startswith((BROUGHT, ORDERED)):
            threading.Thread(target=self._work, args=(key,), name="workbook", daemon=True).start()

    def _work(self, key: str) -> None:
        with TOGETHER:
            command = [sys.executable, "-m", "infra.workbooks.local", str(self._folder), key]
            ended = subprocess.run(command, cwd=REPO, stdin=subprocess.DEVNULL, check=False)
        if ended.returncode and key.startswith(BROUGHT):
            # It was too much for its bounds, and would be so again.
            self.put(READ + key.removeprefix(BROUGHT), packed(ReadBook(refused="file_damaged")))
            self.delete(key)
