"""The whole embedded stack as a test needs it: random ports, a data folder of its own, `kill -9` of any part.

For example::

    with StackProcess(tmp_path / "data") as stack:
        token = stack.token("operator")
        requests.get(stack.url + "/api/me", headers={"Authorization": f"Bearer {token}"})
        stack.kill("gateway")
        stack.wait_until_healthy()
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any, Literal, Self

from infra.local.stack import REPO, Stack
from tests.support.ports import free_ports

Part = Literal["supervisor", "database", "sign-in", "worker", "gateway"]


class StackProcess:
    """One `python -m infra.local`; `lines` is what it has printed so far."""

    def __init__(
        self, data: Path, port: int | None = None, environment: dict[str, str] | None = None
    ) -> None:
        self.stack = Stack(data, port or free_ports())
        self.lines: list[str] = []
        self._environment = environment or {}
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.stack.port}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, patience_s: float = 240) -> None:
        """Start it and wait until it is healthy; AssertionError with its output if it ends instead."""
        self.launch()
        self.wait_until_healthy(patience_s)

    def launch(self) -> None:
        """Start it without waiting."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "infra.local", "--with-parent"],
            cwd=REPO,
            env=self._clean() | self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, args=(self._process,), daemon=True)
        self._reader.start()

    def _clean(self) -> dict[str, str]:
        """This process's environment without what other tests have put there, such as a database of their own."""
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "POWERTOOLS_"))
        }
        # Stories of the stack open drills by the dozen, since no report counts those.
        return {
            **kept,
            "DATA": str(self.stack.data),
            "PORT": str(self.stack.port),
            "DRILL_INCIDENTS_AN_HOUR": "100000",
        }

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout
        for line in process.stdout:
            self.lines.append(line.rstrip("\n"))

    def wait_until_healthy(self, patience_s: float = 240) -> None:
        """Wait until every part runs and the desk says that it is well."""
        deadline = time.monotonic() + patience_s
        while not self._is_healthy():
            assert self._process is not None and self._process.poll() is None, "\n".join(self.lines)
            assert time.monotonic() < deadline, "\n".join(self.lines)
            time.sleep(0.05)

    def _is_healthy(self) -> bool:
        try:
            pids = self.pids()
            for part in ("database", "sign-in", "worker", "gateway"):
                os.kill(pids[part], 0)
            self._get("/api/health", timeout_s=10)
            socket.create_connection(self.database(), 1).close()
            socket.create_connection(("127.0.0.1", self.stack.signin_port), 1).close()
            return True
        except (OSError, KeyError, ValueError):
            return False

    def wait_for_end(self, patience_s: float = 240) -> int:
        """Wait until it ends by itself and all that it printed is in `lines`, and return its exit code."""
        assert self._process is not None and self._reader is not None
        code = self._process.wait(patience_s)
        self._reader.join(patience_s)
        return code

    def stop(self, signal_number: int = signal.SIGINT) -> int:
        """Stop it as Ctrl-C does and return its exit code."""
        assert self._process is not None
        if self._process.poll() is None:
            self._process.send_signal(signal_number)
        return self.wait_for_end()

    def database(self) -> tuple[str, int]:
        """Where the database listens."""
        host, _, port = Stack.running(self.stack.data).private.partition(":")
        return host, int(port)

    def pids(self) -> dict[str, int]:
        """Return the process ids of all parts."""
        state = json.loads(self.stack.state_file.read_bytes())
        return {"supervisor": state["pid"], **state["processes"]}

    def kill(self, *parts: Part) -> None:
        """End parts as `kill -9` does, and wait until they are gone; all of them when none is named."""
        pids = self.pids()
        named = [pids[part] for part in parts] if parts else list(pids.values())
        for pid in named:
            os.kill(pid, signal.SIGKILL)
        # The others follow the supervisor.
        gone = list(pids.values()) if not parts or "supervisor" in parts else named
        if self._process is not None and pids["supervisor"] in gone:
            self._process.wait(60)
        deadline = time.monotonic() + 60
        while any(_runs(pid) for pid in gone):
            assert time.monotonic() < deadline, f"still running: {[pid for pid in gone if _runs(pid)]}"
            time.sleep(0.01)

    def wait_for_line(self, text: str, patience_s: float = 240) -> None:
        """Wait until it has printed a line with this text."""
        deadline = time.monotonic() + patience_s
        while not any(text in line for line in self.lines):
            assert self._process is not None and self._process.poll() is None, "\n".join(self.lines)
            assert time.monotonic() < deadline, "\n".join(self.lines)
            time.sleep(0.01)

    def kill_supervisor(self) -> None:
        """End the supervisor as `kill -9` does while it is still starting; the others follow it."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(60)

    def get(self, path: str, **query: str | int) -> Any:
        """Return the JSON behind a path that needs no sign-in; OSError when there is none."""
        return self._get(path + ("?" + urllib.parse.urlencode(query) if query else ""), timeout_s=60)

    def _get(self, path: str, timeout_s: float) -> Any:
        with urllib.request.urlopen(self.url + path, timeout=timeout_s) as response:
            return json.load(response)

    def messages(self, number: str = "", after: int = 0) -> list[dict[str, Any]]:
        """Return the SMS on one phone of the simulator, or on all, oldest first."""
        found: list[dict[str, Any]] = self.get("/simulator/api/messages", number=number, after=after)[
            "messages"
        ]
        return found

    def token(self, username: str = "operator") -> str:
        """Return a sign-in token of a demo account, by the command that users have."""
        return self._command("infra.local.token", username)

    def verify(self) -> str:
        """Walk every audit trail as `make verify` does and return what it says; AssertionError if one is broken."""
        return self._command("infra.verify", "--embedded", "--all")

    def _command(self, module: str, *arguments: str) -> str:
        command = [sys.executable, "-m", module, *arguments]
        environment = self._clean() | {"STAGE": "local"}
        done = subprocess.run(command, cwd=REPO, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()


def _runs(pid: int) -> bool:
    """Say whether a process runs; one that has ended and is not yet collected by its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
