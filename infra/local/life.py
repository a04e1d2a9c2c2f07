"""The supervisor's own sign of life: who watches the others is watched by them, and by systemd where that started it.

A process that ends takes the others along; one that hangs (stopped, or writing to a terminal that was paused) takes nothing along
and replaces nothing that hangs.
"""

from __future__ import annotations

import contextlib
import os
import socket
import time
from datetime import UTC, datetime
from pathlib import Path

BEAT_EVERY_S = 1.0
SILENT_S = 20.0


class Life:
    """The modification time of a file of DATA: setting it needs no room on a full disk."""

    def __init__(self, data: Path) -> None:
        self._file = data / "lock"
        self._beat_at = float("-inf")

    def beat(self) -> None:
        """Live on; costs something once a second alone."""
        now = time.monotonic()
        if now - self._beat_at < BEAT_EVERY_S:
            return
        self._beat_at = now
        # A disk that takes nothing is told by whoever must write there.
        with contextlib.suppress(OSError):
            os.utime(self._file)
        notify_systemd("WATCHDOG=1")

    def silent_since(self) -> str | None:
        """Since when the supervisor has been silent, UTC; None while it lives."""
        try:
            beat_at = self._file.stat().st_mtime
        except OSError:
            return None
        if time.time() - beat_at < SILENT_S:
            return None
        return datetime.fromtimestamp(beat_at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def notify_systemd(state: str) -> None:
    """Tell systemd, if it waits to be told (sd_notify(3))."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.setblocking(False)
        sender.sendto(state.encode(), "\0" + address[1:] if address.startswith("@") else address)
