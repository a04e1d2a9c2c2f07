"""When a part of the stack is taken for hanging: by whoever looked all the while, and by nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.children import SILENT_S, Child


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Whole seconds, which add up exactly."""
    now = [1000.0]
    monkeypatch.setattr("infra.local.children.time.monotonic", lambda: now[0])
    return now


@pytest.fixture
def child(tmp_path: Path, clock: list[float]) -> Iterator[Child]:
    """A part that runs and has answered only once, at its start."""
    child = Child("part", ["sleep", "900"], tmp_path / "log", ready=lambda: False)
    child.start()
    child.watch()
    yield child
    child.ask_to_stop()
    child.wait_or_kill(5)


def test_a_part_that_is_silent_while_it_is_looked_at_is_ended(child: Child, clock: list[float]) -> None:
    said = []
    for _ in range(int(SILENT_S) + 1):
        said.append(child.look_after())
        clock[0] += 1
    assert [each for each in said if each] == [
        f"part does not answer for {SILENT_S:.0f} s; ending it (see {child.log})"
    ]


def test_a_supervisor_that_was_stopped_or_asleep_ends_nobody_when_it_goes_on(
    child: Child, clock: list[float]
) -> None:
    assert child.look_after() is None
    clock[0] += 3600
    assert child.look_after() is None
    assert child.process is not None and child.process.poll() is None
