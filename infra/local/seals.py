"""The embedded stack's seals: files of their own in DATA, each written once."""

from __future__ import annotations

import os
from pathlib import Path

from chalicelib.domain.seals import name, number_of


class FolderSeals:
    """What `gateways.seals.Seals` asks for, on this machine's disk: against slips and a broken database, not against its owner."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def last(self, after: int) -> int:
        if not self._folder.is_dir():
            return after
        return max((number_of(each.name) for each in self._folder.iterdir()), default=0) or after

    def read(self, number: int) -> bytes | None:
        try:
            return (self._folder / name(number)).read_bytes()
        except FileNotFoundError:
            return None

    def write(self, number: int, content: bytes) -> bool:
        """Write a seal whole or not at all, and never over another."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        draft = self._folder / "draft"
        draft.unlink(missing_ok=True)
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(draft, self._folder / name(number))
        except FileExistsError:
            return False
        finally:
            draft.unlink()
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return True
