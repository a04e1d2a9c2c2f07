"""The supervisor's sign of life, and what systemd is told."""

from __future__ import annotations

import configparser
import os
import socket
import time
from pathlib import Path

import pytest

from infra.local import life
from infra.local.life import SILENT_S, Life


def test_a_beat_is_life_and_its_lack_is_told_with_the_time_of_the_last(tmp_path: Path) -> None:
    assert Life(tmp_path).silent_since() is None, "no stack has begun"
    (tmp_path / "lock").touch()
    last = int(time.time()) - SILENT_S - 1 + 0.25  # which a float holds whole
    os.utime(tmp_path / "lock", (last, last))
    seen = Life(tmp_path).silent_since()
    assert seen == time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(last)) + f".{int(last % 1 * 1000):03}Z"
    Life(tmp_path).beat()
    assert Life(tmp_path).silent_since() is None


def test_a_disk_that_takes_nothing_stops_no_supervisor(tmp_path: Path) -> None:
    Life(tmp_path / "gone").beat()


@pytest.mark.parametrize("abstract", [False, True])
def test_systemd_hears_each_second_that_it_lives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, abstract: bool
) -> None:
    name = f"kentongan-test-{os.getpid()}" if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind("\0" + name if abstract else name)
        systemd.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", "@" + name if abstract else name)
        now = [100.0]
        monkeypatch.setattr("infra.local.life.time.monotonic", lambda: now[0])
        beating = Life(tmp_path)
        for now[0] in (100.0, 100.5, 101.0):
            beating.beat()
        life.notify_systemd("READY=1")
        heard = [systemd.recv(100) for _ in range(3)]
    assert heard == [b"WATCHDOG=1", b"WATCHDOG=1", b"READY=1"]


def test_nobody_who_listens_and_nobody_at_all_do_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    life.notify_systemd("READY=1")
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))
    life.notify_systemd("READY=1")


def test_the_unit_waits_longer_than_a_beat_and_shorter_than_anybody_would(tmp_path: Path) -> None:
    unit = (Path(life.__file__).parent / "kentongan.service").read_text()
    said = dict(line.split("=", 1) for line in unit.splitlines() if "=" in line and not line.startswith("#"))
    assert said["Type"] == "notify" and said["Restart"] == "always"
    assert 5 * life.BEAT_EVERY_S < int(said["WatchdogSec"]) <= 60


def test_systemd_never_gives_up_a_stack_that_fails_to_start() -> None:
    """On a full disk, or beside another stack, a start fails within a second: by default the fifth would be the last one for good."""
    unit = configparser.ConfigParser()
    unit.read(Path(life.__file__).parent / "kentongan.service")
    assert unit["Unit"]["StartLimitIntervalSec"] == "0"
    assert float(unit["Service"]["RestartSec"]) >= 1
