"""What a backup copies, and of which moment."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from infra.local import archive
from infra.local.archive import copy_files
from infra.local.stack import StackError


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A stack's files, in whose database stands how many seals there are."""
    data = tmp_path / "data"
    for folder in ("seals", "signin", "log"):
        (data / folder).mkdir(parents=True)
    (data / "secrets.json").write_text("{}")
    (data / "signin" / "cognito.json").write_text("{}")
    (data / "log" / "gateway.log").write_text("said")
    (data / "stack.json").write_text("{}")
    with sqlite3.connect(data / "dynamo.sqlite") as database:
        database.execute("create table sealed (number)")
    seal(data, 1)
    return data


def seal(data: Path, number: int) -> None:
    (data / "seals" / f"{number:08}.json").write_text("{}")
    with sqlite3.connect(data / "dynamo.sqlite") as database:
        database.execute("insert into sealed values (?)", (number,))


def copied(data: Path, tmp_path: Path) -> tuple[list[str], list[int]]:
    """The files that were copied, and the seals that the copied database knows."""
    to = tmp_path / "copied"
    to.mkdir()
    copy_files(data, to)
    with sqlite3.connect(to / "dynamo.sqlite") as database:
        known = [number for (number,) in database.execute("select number from sealed")]
    return sorted(str(each.relative_to(to)) for each in to.rglob("*") if each.is_file()), known


def test_it_holds_what_cannot_be_made_again_and_no_logs(data: Path, tmp_path: Path) -> None:
    files, known = copied(data, tmp_path)
    assert files == ["dynamo.sqlite", "seals/00000001.json", "secrets.json", "signin/cognito.json"]
    assert known == [1]


def test_a_seal_that_is_written_meanwhile_is_in_both_or_in_none(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = archive._copy_database
    times: list[int] = []

    def meanwhile(source: Path, to: Path) -> None:
        copy(source, to)
        times.append(1)
        if len(times) == 1:
            seal(data, 2)

    monkeypatch.setattr(archive, "_copy_database", meanwhile)
    files, known = copied(data, tmp_path)
    assert [name for name in files if name.startswith("seals/")] == [
        f"seals/{each:08}.json" for each in known
    ]
    assert known == [1, 2]


def test_seals_without_end_are_told(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = archive._copy_database
    numbers = iter(range(2, 100))

    def meanwhile(source: Path, to: Path) -> None:
        copy(source, to)
        seal(data, next(numbers))

    monkeypatch.setattr(archive, "_copy_database", meanwhile)
    with pytest.raises(StackError, match="Try again in a minute"):
        copied(data, tmp_path)
