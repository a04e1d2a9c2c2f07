"""Ports for what a test starts, which nobody else takes before it does."""

from __future__ import annotations

import contextlib
import fcntl
import os
import random
import socket
import tempfile
from pathlib import Path
from typing import IO

# Files whose locks hold ports for this process, as long as it lives.
_HELD: list[IO[str]] = []


def free_ports(count: int = 2) -> int:
    """Return the first of `count` neighbouring ports that are free, and that no other test of this machine is given.

    Below those that the kernel gives to whoever asks for any.
    """
    folder = Path(tempfile.gettempdir()) / f"kentongan-ports-{os.getuid()}"
    folder.mkdir(exist_ok=True, mode=0o700)
    for _ in range(500):
        first = random.randrange(10000, 30000, count)
        ports = range(first, first + count)
        with contextlib.ExitStack() as stack:
            try:
                locks = [stack.enter_context((folder / str(port)).open("w")) for port in ports]
                for lock in locks:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                for port in ports:
                    stack.enter_context(socket.socket()).bind(("127.0.0.1", port))
            except OSError:
                continue
            _HELD.extend(os.fdopen(os.dup(lock.fileno()), "w") for lock in locks)
            return first
    raise OSError("no free ports")
