"""The stack's processes: started, restarted when they die, and never left behind."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from infra.local.stack import REPO, StackError

_LIBC = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1
_LOG_LIMIT = 10 * 1024 * 1024
_STEADY_S = 30.0
# What does not answer for so long is replaced: with the next look and its start, within 30 s.
SILENT_S = 20.0
LOOK_EVERY_S = 2.0
LATE_LOOK_S = 5.0
PROBE_S = 5.0


def die_with_parent(signal_number: int, parent: int) -> None:
    """Ask the kernel to signal this process when its parent ends, even by `kill -9`."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal_number)
    if os.getppid() != parent:
        os._exit(1)


@dataclass
class Child:
    """One process of the stack; `ready` says within some seconds whether it answers, `log` takes all it prints."""

    name: str
    command: Sequence[str]
    log: Path
    ready: Callable[[], bool]
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    _started_at: float = 0.0
    _backoff_s: float = 0.2
    _restart_at: float = 0.0
    _answered_at: float = 0.0
    _looked_at: float = 0.0
    _watched: bool = False

    def start(self) -> None:
        """Start it; it dies with us, and Ctrl-C of the terminal does not reach it, so that we stop it in order."""
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".1.log"))
        parent = os.getpid()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=REPO,
                env={**os.environ, **self.environment},
                start_new_session=True,
                preexec_fn=lambda: die_with_parent(signal.SIGKILL, parent),
            )
        self._started_at = self._answered_at = time.monotonic()

    def watch(self) -> None:
        """From now on have it prove again and again that it lives: an exit is seen by itself, silence is not."""
        self._watched = True
        self._answered_at = time.monotonic()
        threading.Thread(target=self._ask, name=f"watch-{self.name}", daemon=True).start()

    def _ask(self) -> None:
        while True:
            asked_at = time.monotonic()
            if self.ready():
                self._answered_at = max(self._answered_at, asked_at)
            time.sleep(LOOK_EVERY_S)

    def wait_until_ready(self, patience_s: float) -> None:
        """Wait until it answers; StackError with the last line of its log if it ends or takes too long."""
        deadline = time.monotonic() + patience_s
        while not self.ready():
            if self.process is None or self.process.poll() is not None:
                raise StackError(f"{self.name} stopped at its start: {last_line(self.log)} (see {self.log})")
            if time.monotonic() > deadline:
                raise StackError(f"{self.name} does not answer after {patience_s:.0f} s (see {self.log})")
            time.sleep(0.05)

    def look_after(self) -> str | None:
        """Restart it if it has died, or hangs, and its pause is over; return a line for the screen if anything happened."""
        now = time.monotonic()
        if self.process is not None:
            code = self.process.poll()
            if code is None:
                return self._end_if_silent(now)
            if now - self._started_at > _STEADY_S:
                self._backoff_s = 0.2
            self.process = None
            self._pause(now)
            how = f"by signal {-code}" if code < 0 else f"with code {code}"
            return f"{self.name} ended {how}; starting it again (see {self.log})"
        if now < self._restart_at:
            return None
        try:
            self.start()
        except OSError as error:
            self._pause(now)
            return f"{self.name} cannot be started: {error.strerror}; trying again"
        return f"{self.name} runs again"

    def _end_if_silent(self, now: float) -> str | None:
        looked_at, self._looked_at = self._looked_at, now
        # Who did not look all the while, being stopped or asleep, cannot say that it was silent.
        if now - looked_at > LATE_LOOK_S:
            self._answered_at = now
        if not self._watched or now - self._answered_at < SILENT_S or self.process is None:
            return None
        # What was stopped takes no other signal.
        self.process.kill()
        self._answered_at = now
        return f"{self.name} does not answer for {SILENT_S:.0f} s; ending it (see {self.log})"

    def _pause(self, now: float) -> None:
        self._restart_at = now + self._backoff_s
        self._backoff_s = min(self._backoff_s * 2, 10.0)

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait_or_kill(self, patience_s: float) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(patience_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def last_line(log: Path) -> str:
    """Return the last words of a process that has failed."""
    lines = log.read_text(errors="replace").strip().splitlines()
    return lines[-1][:300] if lines else "it said nothing"


def serves_tables(url: str) -> bool:
    """Say whether a DynamoDB server answers a question that it must look up."""
    headers = {"X-Amz-Target": "DynamoDB_20120810.ListTables", "Content-Type": "application/x-amz-json-1.0"}
    # It looks no signature up, but wants one to be there.
    headers["Authorization"] = (
        "AWS4-HMAC-SHA256 Credential=-/20260101/-/dynamodb/aws4_request, SignedHeaders=host, Signature=-"
    )
    headers["X-Amz-Date"] = "20260101T000000Z"
    request = urllib.request.Request(url, b'{"Limit": 1}', headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=PROBE_S) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def answers(url: str, *, well: bool = True) -> bool:
    """Say whether GET gives 200 or, unless it must be `well`, any answer at all."""
    try:
        with urllib.request.urlopen(url, timeout=PROBE_S) as response:
            return bool(response.status == 200)
    except urllib.error.HTTPError:
        return not well
    except (urllib.error.URLError, OSError):
        return False
