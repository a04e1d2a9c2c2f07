"""Starts the embedded stack, shows where to look, restarts what dies and stops all on Ctrl-C."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from infra.local.children import Child, answers, die_with_parent
from infra.local.database import database_of
from infra.local.life import Life, notify_systemd
from infra.local.queue_socket import working
from infra.local.stack import NEEDED_SPACE, REPO, Stack, StackError, write_durably

SPACE_EVERY_S = 5.0


class Stop(BaseException):
    """Somebody asked the stack to stop; no `except Exception` of a library may hold it up."""


def main() -> int:
    """Run until Ctrl-C or SIGTERM; 0 when asked to stop, 1 when it could not start."""
    if "--with-parent" in sys.argv:
        die_with_parent(signal.SIGTERM, os.getppid())
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    # Data, logs and keys are for this account's eyes alone.
    os.umask(0o077)
    try:
        stack = Stack.from_env()
        Supervisor(stack if stack.database else stack.with_private_database()).run()
    except StackError as error:
        say(f"! {error}")
        return 1
    except OSError as error:
        say(f"! {error.strerror}: {error.filename or stack.data}")
        return 1
    except Stop:
        return 0
    return 0


_asked_to_stop = False


def _stop(number: int, frame: FrameType | None) -> None:
    global _asked_to_stop
    # A second Ctrl-C while stopping changes nothing: stopping is bounded by seconds anyway.
    for again in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(again, signal.SIG_IGN)
    _asked_to_stop = True
    raise Stop


def _heed() -> None:
    """Raise Stop if somebody asked for it: where the signal came in a destructor or a callback, Python only printed it."""
    if _asked_to_stop:
        raise Stop


def say(line: str) -> None:
    """Print a line at once; a closed terminal or pipe does not stop the stack."""
    try:
        print(line, flush=True)
    except OSError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115


class Supervisor:
    """The processes of one stack."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._children: list[Child] = []
        self._state: dict[str, object] = {}
        self._accounts: list[str] = []
        self._write_again_at: float | None = None
        self._space_seen_at = float("-inf")
        self._is_low = False

    def run(self) -> None:
        """Start everything and look after it until Stop is raised."""
        stack = self._stack
        stack.prepare_folder()
        with (stack.data / "lock").open("a+") as lock:
            self._take(lock.fileno())
            self._stack = stack = self._take_ports(stack)
            stack.clean_environment()
            try:
                started = time.monotonic()
                self._start()
                self._write_state()
                life = Life(stack.data)
                life.beat()
                notify_systemd("READY=1")
                self._greet(time.monotonic() - started)
                while True:
                    _heed()
                    life.beat()
                    time.sleep(0.1)
                    lines = [line for child in self._children if (line := child.look_after())]
                    for line in lines:
                        say(f"· {line}")
                    if lines or (self._write_again_at and time.monotonic() > self._write_again_at):
                        self._write_state()
                    self._watch_space()
            finally:
                self._stop_all()

    def _take(self, lock: int) -> None:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StackError(
                f"A stack already runs with the data in {self._stack.data}. Stop it with Ctrl-C there, or "
                "start one of its own: make run DATA=.data2 PORT=8200"
            ) from None

    def _take_ports(self, wanted: Stack) -> Stack:
        stack = wanted.with_free_ports()
        if stack.port != wanted.port:
            say(
                f"· ports {wanted.port} and {wanted.signin_port} are in use; taking others. Links in earlier SMS lead to those."
            )
        say(f"· ports {stack.port} (desk) and {stack.signin_port} (sign-in) of 127.0.0.1")
        return stack

    def _start(self) -> None:
        stack = self._stack
        signin = self._child("sign-in", [sys.executable, "-m", "infra.local.aws"])
        signin.ready = lambda: answers(f"{stack.aws_url}/_ministack/health")
        database = None if stack.database else database_of(stack)
        say(f"· database{f' at {stack.database}' if stack.database else ''}")
        signin.start()
        if database is not None:
            self._children.append(database)
            database.start()
            database.wait_until_ready(60)
        self._build_site()
        say("· sign-in and SMS")
        with self._logged("seed"):
            # These imports take their time, and sign-in starts meanwhile.
            from infra.local.seeding import Seeding
            from infra.local.signin import ensure_pool

            seeding = Seeding(stack)
        signin.wait_until_ready(60)
        with self._logged("sign-in-pool"):
            pool_id, client_id = ensure_pool(stack)
        say("· tables, seed, demo accounts")
        with self._logged("seed"):
            for line in seeding.fill(pool_id):
                say(f"    {line}")
        self._accounts = seeding.usernames
        _heed()
        say("· desk")
        # Unbuffered: what is counted is printed, and belongs into the log when it happens.
        worker = self._child("worker", [sys.executable, "-u", "-m", "infra.local.worker"])
        gateway = self._child("gateway", [sys.executable, "-u", "-m", "infra.local.serve"])
        worker.environment = gateway.environment = stack.app_environment(pool_id, client_id)
        worker.ready = lambda: working(stack.port)
        worker.start()
        health = f"http://127.0.0.1:{stack.port}/api/health"
        gateway.ready = lambda: answers(health)
        gateway.start()
        gateway.wait_until_ready(60)
        # It is not its fault if health is not well.
        gateway.ready = lambda: answers(health, well=False)
        for child in self._children:
            child.watch()
        self._state = {
            "pid": os.getpid(),
            "port": stack.port,
            "database": stack.database_url,
            "pool_id": pool_id,
            "client_id": client_id,
        }

    def _build_site(self) -> None:
        site, dist = REPO / "admin_site", REPO / "admin_site" / "dist"
        sources = [
            file
            for file in site.rglob("*")
            if not file.is_relative_to(dist) and "__pycache__" not in file.parts
        ]
        # The registry's forms are made of its types.
        domain = REPO / "chalicelib" / "domain"
        sources += [domain / "references.py", *(domain / "registry").glob("*.py")]
        if dist.exists() and dist.stat().st_mtime > max(file.stat().st_mtime for file in sources):
            return
        say("· site")
        from admin_site.build import build

        with self._logged("site"):
            build(dist, REPO / "node_modules")

    def _child(self, name: str, command: list[str]) -> Child:
        child = Child(name, command, self._stack.logs / f"{name}.log", lambda: True)
        self._children.append(child)
        return child

    @contextmanager
    def _logged(self, step: str) -> Iterator[None]:
        """Turn whatever goes wrong in a step into one line, and keep its whole story in a log."""
        try:
            yield
        except Exception as error:
            log = self._stack.logs / f"{step}.log"
            log.write_text(traceback.format_exc())
            lines = str(error).splitlines() or [type(error).__name__]
            raise StackError(f"{step} failed: {lines[0][:300]} (see {log})") from error

    def _write_state(self) -> None:
        pids = {child.name: child.process.pid for child in self._children if child.process}
        data = self._stack.data
        try:
            write_durably(self._stack.state_file, json.dumps({**self._state, "processes": pids}).encode())
        except OSError as error:
            if self._write_again_at is None:
                say(f"! Cannot write in {data}: {error.strerror}. Calls cannot be taken until it can.")
            self._write_again_at = time.monotonic() + 1.0
            return
        if self._write_again_at is not None:
            say(f"· {data} can be written again")
        self._write_again_at = None

    def _watch_space(self) -> None:
        """Look every few seconds, and say once that the disk fills up, before it is full, and once that it has room again."""
        now, data = time.monotonic(), self._stack.data
        if now - self._space_seen_at < SPACE_EVERY_S:
            return
        self._space_seen_at = now
        try:
            free = self._stack.free_space()
        except OSError:
            return  # Whoever takes the folder away hears of it from whatever writes there next.
        was_low, self._is_low = self._is_low, free < NEEDED_SPACE
        if self._is_low and not was_low:
            say(
                f"! The disk of {data} has {free >> 20} MB left. Make room: on a full disk no call can be taken."
            )
        if was_low and not self._is_low:
            say(f"· The disk of {data} has room again")

    def _greet(self, seconds: float) -> None:
        stack = self._stack
        say(f"\nKentongan runs after {seconds:.1f} s. Ctrl-C stops it; the data stays in {stack.data}.\n")
        say(f"  Desk              {stack.public_url}/")
        say(f"  Phone simulator   {stack.public_url}/simulator")
        say(f"  Sign in as        {', '.join(self._accounts)}")
        say(f"  Password          {stack.secrets()['demo_password']}\n")

    def _stop_all(self) -> None:
        if not self._children:
            return
        say("· stopping")
        # The gateway first: what it is doing still needs the others.
        for child, patience_s in zip(reversed(self._children), (6.0, 6.0, 3.0, 3.0), strict=False):
            child.ask_to_stop()
            child.wait_or_kill(patience_s)
        self._stack.state_file.unlink(missing_ok=True)
        say("· stopped")
