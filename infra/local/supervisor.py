"""Starts the embedded stack, shows where to look, restarts what dies and stops all on Ctrl-C."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from types import FrameType

from infra.local.children import Child, accepts, answers, die_with_parent, last_line
from infra.local.stack import DYNOXIDE, REPO, Stack, StackError, write_durably


class Stop(BaseException):
    """Somebody asked the stack to stop; no `except Exception` of a library may hold it up."""


def main() -> int:
    """Run until Ctrl-C or SIGTERM; 0 when asked to stop, 1 when it could not start."""
    if "--with-parent" in sys.argv:
        die_with_parent(signal.SIGTERM, os.getppid())
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        stack = Stack.from_env()
        stack.clean_environment()
        Supervisor(stack).run()
    except StackError as error:
        say(f"! {error}")
        return 1
    except Stop:
        return 0
    return 0


def _stop(number: int, frame: FrameType | None) -> None:
    # A second Ctrl-C while stopping changes nothing: stopping is bounded by seconds anyway.
    for again in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(again, signal.SIG_IGN)
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

    def run(self) -> None:
        """Start everything and look after it until Stop is raised."""
        stack = self._stack
        stack.prepare_folder()
        with (stack.data / "lock").open("a+") as lock:
            self._take(lock.fileno())
            try:
                started = time.monotonic()
                self._start()
                self._greet(time.monotonic() - started)
                self._write_state()
                while True:
                    time.sleep(0.1)
                    lines = [line for child in self._children if (line := child.look_after())]
                    for line in lines:
                        say(f"· {line}")
                    if lines:
                        self._write_state()
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

    def _start(self) -> None:
        stack = self._stack
        stack.check_ports()
        secrets = stack.secrets()
        environment = {"DATA": str(stack.data), "PORT": str(stack.port), "PYTHONUNBUFFERED": "1"}
        signin = self._child("sign-in", [sys.executable, "-m", "infra.local.aws"], environment)
        signin.ready = lambda: answers(f"{stack.aws_url}/_ministack/health")
        if stack.own_database:
            database = self._database()
            say("· database")
            database.start()
            signin.start()
            database.wait_until_ready(20)
        else:
            say(f"· database: the one at {stack.database_url}")
            signin.start()
        self._build_site()
        say("· sign-in and SMS")
        signin.wait_until_ready(60)
        # Imported late: boto3 takes its time, and the two above start meanwhile.
        from infra.local.signin import ensure_pool

        pool_id, client_id = ensure_pool(stack)
        environment |= stack.app_environment(pool_id, client_id)
        self._state = {"pid": os.getpid(), "port": stack.port, "pool_id": pool_id, "client_id": client_id}
        say("· tables, seed, demo accounts")
        demo = {"DEMO_PASSWORD": secrets["demo_password"], "POOL_ID": pool_id}
        self._run_step("seed", "infra.local.seeding", environment | demo)
        say("· desk")
        gateway = self._child("gateway", [sys.executable, "-m", "infra.local.serve"], environment)
        gateway.ready = lambda: answers(f"http://127.0.0.1:{stack.port}/api/health")
        gateway.start()
        gateway.wait_until_ready(60)

    def _build_site(self) -> None:
        site, dist = REPO / "admin_site", REPO / "admin_site" / "dist"
        sources = [
            file
            for file in site.rglob("*")
            if not file.is_relative_to(dist) and "__pycache__" not in file.parts
        ]
        if dist.exists() and dist.stat().st_mtime > max(file.stat().st_mtime for file in sources):
            return
        say("· site")
        self._run_step("site", "admin_site.build", {})

    def _database(self) -> Child:
        if not DYNOXIDE.exists():
            raise StackError(
                "The embedded database is not installed: it exists for Linux on x86-64 (or WSL2) alone. There, "
                "run make run again; elsewhere set AWS_ENDPOINT_URL_DYNAMODB to any DynamoDB server."
            )
        port = str(self._stack.database_port)
        file = str(self._stack.data / "dynamo.sqlite")
        command = [str(DYNOXIDE), "serve", "--host", "127.0.0.1", "--port", port, "--db-path", file]
        database = self._child("database", command, {})
        database.ready = lambda: accepts(self._stack.database_port)
        return database

    def _child(self, name: str, command: list[str], environment: dict[str, str]) -> Child:
        log = self._stack.logs / f"{name}.log"
        child = Child(name, command, log, lambda: True, environment)
        self._children.append(child)
        return child

    def _run_step(self, name: str, module: str, environment: dict[str, str]) -> None:
        log = self._stack.logs / f"{name}.log"
        parent = os.getpid()
        with log.open("wb") as errors:
            done = subprocess.run(
                [sys.executable, "-m", module],
                cwd=REPO,
                env={**os.environ, **environment},
                stderr=errors,
                preexec_fn=lambda: die_with_parent(signal.SIGKILL, parent),
                check=False,
            )
        if done.returncode:
            raise StackError(f"{name} failed: {last_line(log)} (see {log})")

    def _write_state(self) -> None:
        pids = {child.name: child.process.pid for child in self._children if child.process}
        write_durably(self._stack.state_file, json.dumps({**self._state, "processes": pids}).encode())

    def _greet(self, seconds: float) -> None:
        from infra.local.seeding import demo_accounts

        stack = self._stack
        accounts = ", ".join(account.id for account in demo_accounts())
        say(f"\nKentongan runs after {seconds:.1f} s. Ctrl-C stops it; the data stays in {stack.data}.\n")
        say(f"  Desk              {stack.public_url}/")
        say(f"  Phone simulator   {stack.public_url}/simulator")
        say(f"  Sign in as        {accounts}")
        say(f"  Password          {stack.secrets()['demo_password']}\n")

    def _stop_all(self) -> None:
        if not self._children:
            return
        say("· stopping")
        # The gateway first: what it is doing still needs the others.
        for child, patience_s in zip(reversed(self._children), (6.0, 3.0, 3.0), strict=False):
            child.ask_to_stop()
            child.wait_or_kill(patience_s)
        self._stack.state_file.unlink(missing_ok=True)
        say("· stopped")
