"""A real disk of a few megabytes that a test may fill: a tmpfs, which root may mount, and others in a namespace of their own."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# The rights of root over mounts that nobody else sees, where the kernel grants them to everybody.
AS_ROOT = ["unshare", "--user", "--map-root-user", "--mount"]


@dataclass(frozen=True)
class SmallDisk:
    """An empty disk mounted on `folder`."""

    folder: Path

    def fill(self) -> None:
        """Leave no block free; again, if somebody freed some meanwhile."""
        with (self.folder / "film.mp4").open("ab") as film:
            for size in (1 << 20, 4096):
                while _took(film.fileno(), size):
                    pass

    def free(self) -> None:
        """Somebody deletes the film."""
        (self.folder / "film.mp4").unlink()


def _took(file: int, size: int) -> bool:
    try:
        os.posix_fallocate(file, os.fstat(file).st_size, size)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        return False
    return True


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[SmallDisk]:
    """Mount a disk while the block runs; needs `may_mount`."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder], check=True)
    try:
        yield SmallDisk(folder)
    finally:
        # Lazily: a process that was killed may not have let go of its files yet.
        subprocess.run(["umount", "--lazy", folder], check=True)


def may_mount(folder: Path, prefix: list[str] | None = None) -> bool:
    """Whether a disk can be mounted here, by a command with this prefix."""
    command = [*(prefix or []), "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False
    if mounted and not prefix:
        subprocess.run(["umount", folder], check=True)
    return mounted
