"""A disk that fills up under the running stack: the desk is told, nothing is lost, and with space all goes on by itself."""

from __future__ import annotations

import asyncio
import errno
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from infra.local import aws
from infra.local.children import Child
from infra.local.stack import NEEDED_SPACE, REPO
from tests.stack.aftermath import check_all, check_now, wait_for_audit
from tests.stack.drill import Drill
from tests.stack_process import Part, StackProcess
from tests.support.small_disk import AS_ROOT, SmallDisk, may_mount, small_disk

SIZE_MB = (NEEDED_SPACE >> 20) + 40
PARTS: tuple[Part, ...] = ("gateway", "worker", "database", "sign-in")


def test_a_disk_that_fills_up_in_a_drill_loses_nothing_and_says_so(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if not may_mount(tmp_path):
        _run_as_root_of_a_namespace(tmp_path, request.node.nodeid)
        return
    seed = int(os.environ.get("DRILL_SEED") or random.SystemRandom().randrange(2**32))
    print(f"\nDRILL_SEED={seed}")
    with small_disk(tmp_path / "disk", SIZE_MB) as disk, StackProcess(disk.folder / "data") as stack:
        with Drill(stack, seed) as drill:
            drill.wait_for_answers(20)
            _fills_up(stack, drill, disk)
            drill.wait_for_answers(20)
            _fills_up_and_parts_die(stack, drill, disk)
            drill.wait_for_answers(20)
            _fills_up_and_all_die(stack, drill, disk)
            drill.wait_for_answers(20)
        refusals = drill.refusals
        print(f"longest answer {refusals.longest_s:.1f} s, {refusals.unanswered} without, {refusals.said}")
        assert not refusals.hung
        assert {status for status, *_ in refusals.said} == {503}, refusals.said
        assert all(code and message for _, code, message in refusals.said)
        # What was acknowledged after the full disk must be on it, and in no transaction that never ended.
        stack.kill()
        stack.start()
        wait_for_audit(stack)
        print(check_all(stack, drill))


def _run_as_root_of_a_namespace(folder: Path, test: str) -> None:
    if not may_mount(folder, AS_ROOT):
        pytest.skip("no small disk can be mounted here: neither as root nor in a user namespace")
    command = [*AS_ROOT, sys.executable, "-m", "pytest", "-q", "-s", test]
    done = subprocess.run(command, cwd=REPO, capture_output=True, text=True, check=False)
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr


def _fills_up(stack: StackProcess, drill: Drill, disk: SmallDisk) -> None:
    """Fill the disk, and see what desk and health say; make room, and all goes on."""
    refused = drill.refusals.by_database()
    disk.fill()
    filled = time.monotonic()
    # Later than at once: the database's log is written again from its beginning after each checkpoint.
    _wait(disk, drill, lambda: drill.refusals.by_database() > refused)
    told_s = time.monotonic() - filled
    stack.wait_for_line("Make room: on a full disk no call can be taken")
    _wait(disk, drill, lambda: _database(stack)[0] == 503)
    red_s = time.monotonic() - filled
    assert _database(stack)[1] == {"ok": False, "detail": "the database takes no writes; is its disk full?"}
    known = drill.ledger.snapshot()
    assert not (lost := check_now(drill, known)), lost
    disk.free()
    freed = time.monotonic()
    again_s = drill.first_answer(freed) - freed
    stack.wait_for_line("has room again")
    stack.wait_until_healthy()
    assert not (lost := check_now(drill, known)), lost
    print(
        f"full: desk told after {told_s:.1f} s, health red after {red_s:.1f} s; with space again {again_s:.1f} s"
    )


def _fills_up_and_parts_die(stack: StackProcess, drill: Drill, disk: SmallDisk) -> None:
    """Fill the disk and end one part after the other; with space all of them run again."""
    disk.fill()
    known = drill.ledger.snapshot()
    for part in PARTS:
        stack.lines.clear()
        stack.kill(part)
        stack.wait_for_line(f"{part} runs again")
        disk.fill()
    disk.free()
    freed = time.monotonic()
    stack.wait_until_healthy()
    whole_s = time.monotonic() - freed
    assert not (lost := check_now(drill, known)), lost
    print(f"full and kill -9 {'+'.join(PARTS)}: with space whole after {whole_s:.1f} s", flush=True)


def _fills_up_and_all_die(stack: StackProcess, drill: Drill, disk: SmallDisk) -> None:
    """Fill the disk and end everything; it says in one line why it does not start, and starts with all there."""
    disk.fill()
    known = drill.ledger.snapshot()
    stack.kill()
    stack.lines.clear()
    stack.launch()
    assert stack.wait_for_end() == 1
    [line] = stack.lines
    assert line.startswith(f"! The disk of {stack.stack.data} is full"), line
    disk.free()
    stack.start()
    assert not (lost := check_now(drill, known)), lost


def _wait(disk: SmallDisk, drill: Drill, reached: Callable[[], bool]) -> None:
    """Wait on a disk that stays full, whatever somebody deletes."""
    deadline = time.monotonic() + 240
    while not reached():
        assert not drill.problems, drill.problems
        assert time.monotonic() < deadline, drill.refusals
        disk.fill()
        time.sleep(0.2)


def _database(stack: StackProcess) -> tuple[int, Any]:
    answer = requests.get(f"{stack.url}/api/health", timeout=30)
    return answer.status_code, answer.json()["checks"]["database"]


def test_accounts_are_saved_once_there_is_space_even_if_the_log_is_full_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Cognito:
        def get_state(self) -> dict[str, Any]:
            return {"pools": {}}

    tries: list[int] = []

    def write(file: Path, content: bytes, mode: int) -> None:
        tries.append(mode)
        if len(tries) < 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        file.write_bytes(content)

    async def save_until_written(saver: aws.AccountSaver) -> None:
        running = asyncio.create_task(saver.run())
        saver.touch()
        while not saved.exists() and not running.done():
            await asyncio.sleep(0.005)
        running.cancel()

    saved = tmp_path / "cognito.json"
    monkeypatch.setattr(aws, "write_durably", write)
    monkeypatch.setattr(aws, "SAVE_EVERY_S", 0.005)
    with open("/dev/full", "w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        monkeypatch.setattr(sys, "stderr", full)
        asyncio.run(save_until_written(aws.AccountSaver(Cognito(), saved)))
        monkeypatch.undo()
        # What it could not say must not be said when it is closed either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), full.fileno())
    assert saved.exists()


def test_a_part_whose_log_cannot_be_opened_is_started_again_later(tmp_path: Path) -> None:
    log = tmp_path / "log" / "part.log"
    part = Child("part", ["true"], log, lambda: True)
    assert part.look_after() == "part cannot be started: No such file or directory; trying again"
    log.parent.mkdir()
    deadline = time.monotonic() + 240
    while (said := part.look_after()) != "part runs again":
        assert said is None and time.monotonic() < deadline, said
        time.sleep(0.01)
    part.wait_or_kill(60)
