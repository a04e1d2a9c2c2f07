"""A backup taken while calls come in and put elsewhere: all that was acknowledged is there, and nothing is ever half."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from infra.local.restore import UNFINISHED
from infra.local.stack import REPO
from tests.stack.aftermath import Snapshot, check_now
from tests.stack.drill import Drill
from tests.stack_process import StackProcess


@dataclass
class Evening:
    """A drill's stack, stopped by now, what was acknowledged before its backup began, and the backup."""

    data: Path
    drill: Drill
    before: Snapshot
    said: str
    file: Path


def popen(module: str, data: Path, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", module],
        cwd=REPO,
        env={name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        | {"DATA": str(data), **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run(module: str, data: Path, **environment: str) -> tuple[int, str]:
    process = popen(module, data, **environment)
    said, _ = process.communicate(timeout=600)
    return process.returncode, said


def restore(file: Path, data: Path) -> tuple[int, str]:
    return run("infra.local.restore", data, FILE=str(file))


def contents(folder: Path) -> dict[str, bytes]:
    return {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Evening:
    folder = tmp_path_factory.mktemp("evening")
    data, to = folder / "data", folder / "backups"
    with StackProcess(data) as stack:
        with Drill(stack, seed=112) as drill:
            drill.wait_for_answers(40)
            before = drill.ledger.snapshot()
            code, said = run("infra.local.backup", data, TO=str(to))
            assert code == 0, said
            drill.wait_for_answers(10)
        assert not drill.problems, drill.problems
        refused = restore(next(to.iterdir()), data)
        assert refused == (1, f"! A stack runs with the data in {data}. Stop it first with Ctrl-C.\n")
    return Evening(data, drill, before, said, next(to.iterdir()))


def test_all_that_was_acknowledged_before_the_backup_is_there_where_it_is_restored(
    evening: Evening, tmp_path: Path
) -> None:
    assert evening.file.stat().st_mode & 0o777 == 0o600 and evening.file.parent.stat().st_mode & 0o077 == 0
    assert ", 0 broken (" in evening.said and "Events were recorded from " in evening.said
    code, said = restore(evening.file, tmp_path / "elsewhere")
    assert code == 0, said
    # What the backup said that it holds, and until when, is what stands here now.
    ends = next(line for line in evening.said.splitlines() if "Events were recorded" in line)
    assert ends in said
    with StackProcess(tmp_path / "elsewhere") as second:
        evening.drill.url = second.url
        assert len(evening.before[0]) > 3
        # Signed in before the backup is signed in after it.
        assert check_now(evening.drill, evening.before) == []
        assert ", 0 broken (" in second.verify()


def test_what_stood_there_is_kept_whole_and_it_is_said_where(evening: Evening, tmp_path: Path) -> None:
    data = tmp_path / "data"
    for _ in range(2):
        code, said = restore(evening.file, data)
        assert code == 0, said
        if "is kept in" not in said:
            (data / "log").mkdir()
            (data / "log" / "worker.log").write_text("what was said yesterday")
            before = contents(data)
    (kept,) = (each for each in tmp_path.iterdir() if each != data)
    assert str(kept) in said and contents(kept) == before
    assert not (data / "log").exists()


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def flip(at: float) -> Callable[[bytes], bytes]:
    def flipped(content: bytes) -> bytes:
        place = int(len(content) * at)
        return content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]

    return flipped


@pytest.mark.parametrize(
    "damage",
    [
        cut,
        lambda content: content[:-4],
        flip(0.1),
        flip(0.5),
        flip(0.9),
        lambda _: b"",
        lambda _: b"a letter",
    ],
    ids=[
        "half of it",
        "its last bytes gone",
        "a tenth in",
        "in the middle",
        "near its end",
        "empty",
        "no backup",
    ],
)
def test_a_damaged_file_is_refused_in_one_line_and_nothing_is_touched(
    evening: Evening, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    data, spoilt = tmp_path / "data", tmp_path / "spoilt.tar.gz"
    data.mkdir()
    (data / "secrets.json").write_text("{}")
    spoilt.write_bytes(damage(evening.file.read_bytes()))
    code, said = restore(spoilt, data)
    assert code == 1 and said.count("\n") == 1 and said.startswith(f"! {spoilt} is "), said
    assert contents(data) == {"secrets.json": b"{}", "lock": b""}
    assert set(tmp_path.iterdir()) == {data, spoilt}


def test_a_file_that_would_write_elsewhere_is_refused(evening: Evening, tmp_path: Path) -> None:
    foreign, data = tmp_path / "foreign.tar.gz", tmp_path / "data"
    with tarfile.open(foreign, "w:gz") as packed:
        packed.add(__file__, "../outside.py")
    code, said = restore(foreign, data)
    assert (code, said.count("\n")) == (1, 1) and "../outside.py" in said
    assert set(tmp_path.iterdir()) == {data, foreign}


def test_somebodys_own_folder_is_not_moved(evening: Evening, tmp_path: Path) -> None:
    data = tmp_path / "mine"
    data.mkdir()
    (data / "thesis.txt").write_text("not the stack's")
    code, said = restore(evening.file, data)
    assert code == 1 and "thesis.txt" in said
    assert set(tmp_path.iterdir()) == {data}


def kill_when(process: subprocess.Popen[str], there: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 240
    while not there():
        assert process.poll() is None and time.monotonic() < deadline, process.communicate()
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    process.communicate()


def test_a_restore_that_is_killed_leaves_what_was_there_and_the_next_clears_up(
    evening: Evening, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    assert restore(evening.file, data)[0] == 0
    before = contents(data)
    process = popen("infra.local.restore", data, FILE=str(evening.file))
    kill_when(process, lambda: any(tmp_path.glob("data.*/dynamo.sqlite")))
    assert contents(data) == before
    (left,) = (each for each in tmp_path.iterdir() if each != data)
    code, said = restore(evening.file, data)
    assert code == 0, said
    assert not (left / UNFINISHED).exists()
    (kept,) = (each for each in tmp_path.iterdir() if each != data)
    assert contents(kept) == before


def test_a_backup_that_is_killed_leaves_no_file_and_the_next_clears_up(
    evening: Evening, tmp_path: Path
) -> None:
    process = popen("infra.local.backup", evening.data, TO=str(tmp_path))
    kill_when(process, lambda: (tmp_path / ".unfinished" / "draft").exists())
    assert [each.name for each in tmp_path.iterdir()] == [".unfinished"]
    code, said = run("infra.local.backup", evening.data, TO=str(tmp_path))
    assert code == 0, said
    (file,) = tmp_path.iterdir()
    assert str(file) in said
