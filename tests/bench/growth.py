"""Whether the past slows the present: intake with 100 incidents kept beside intake with 100,000, call by call in turn."""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from chalicelib.domain import ids, times
from tests.bench.crews import arrived, called_off, equip, timed_call
from tests.bench.desk import Desk, now
from tests.bench.figures import Figure, Figures, nearest_rank
from tests.stack_process import StackProcess

FEW, MANY = 100, 100_000
CALLS = 200
WARM_UP = 10
TABLE = "kentongan-local-incidents"
# The past year, spread evenly.
SECONDS = 365 * 24 * 3600


def growth() -> Figures:
    """The ratio of the two medians; every table and index entry of the kept incidents is there."""
    with tempfile.TemporaryDirectory() as folder:
        few, many = (
            StackProcess(Path(folder) / name, environment={"CALLS_A_MINUTE": "1000000"})
            for name in ("few", "many")
        )
        items = [_fill(stack, count) for stack, count in ((few, FEW), (many, MANY))]
        os.sync()
        with few, many:
            sides = [_Side(stack) for stack in (few, many)]
            for _ in range(WARM_UP + CALLS):
                for side in sides:
                    side.take()
    medians = [nearest_rank(side.ms[WARM_UP:], 0.5) for side in sides]
    return {
        "growth_ratio": Figure(
            round(medians[1] / medians[0], 2), CALLS, f"intake p50 at {MANY:,} incidents over that at {FEW}"
        ),
        "growth_few_p50_ms": Figure(round(medians[0], 1), CALLS, f"{items[0]:,} items in the table"),
        "growth_many_p50_ms": Figure(round(medians[1], 1), CALLS, f"{items[1]:,} items in the table"),
    }


class _Side:
    def __init__(self, stack: StackProcess) -> None:
        self._stack, self._desk = stack, Desk(stack, "operator")
        self._last = max(each["id"] for each in stack.messages())
        self.ms: list[float] = []

    def take(self) -> None:
        """One call, whose crews are called off again before the next."""
        took, answer = timed_call(self._desk)
        self.ms.append(took)
        arrived(self._stack, 3, self._last)
        called_off(self._desk, answer)
        self._last = max(each["id"] for each in arrived(self._stack, 3, self._last, cancelled=True))


def _fill(stack: StackProcess, count: int) -> int:
    """So many ended incidents, copies of one that took its whole way; the number of items then kept."""
    with stack:
        equip(stack)
        desk = Desk(stack, "operator")
        _, answer = timed_call(desk)
        arrived(stack, 3, 0)
        called_off(desk, answer)
        arrived(stack, 3, 0, cancelled=True)
    # By HTTP the millions of items would take a quarter of an hour; the database is stopped and reads the same rows.
    with closing(sqlite3.connect(stack.stack.data / "dynamo.sqlite")) as database:
        database.execute("PRAGMA synchronous = OFF")
        names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for name in [each for each in names if each.split("::")[0] == TABLE]:
            _multiply(database, name, answer["incident"]["id"], count)
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return int(database.execute(f'SELECT count(*) FROM "{TABLE}"').fetchone()[0])


def _multiply(database: sqlite3.Connection, table: str, incident: str, count: int) -> None:
    own = "pk" if table == TABLE else "table_pk"
    cursor = database.execute(f'SELECT * FROM "{table}" WHERE {own} = ?', (f"S:I#{incident}",))
    rows = cursor.fetchall()
    marks = ", ".join("?" for _ in cursor.description)
    database.executemany(f'INSERT INTO "{table}" VALUES ({marks})', _copies(rows, incident, count))


def _copies(rows: list[tuple[Any, ...]], incident: str, count: int) -> Iterator[tuple[Any, ...]]:
    """The rows under new ids and days, each link's hash made another."""
    today, links = now()[:10], _links(rows)
    last = datetime.now(UTC)
    for number in range(1, count):
        at = last - timedelta(seconds=SECONDS * number / count)
        instant = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        other = ids.ulid(instant, number.to_bytes(10, "big"))
        changes = [(incident, other), (today, times.local_day(instant, 0))]
        changes += [(link, hashlib.sha256(f"{link}{number}".encode()).hexdigest()) for link in links]
        for row in rows:
            yield tuple(_changed(value, changes) for value in row)


def _links(rows: list[tuple[Any, ...]]) -> list[str]:
    texts = " ".join(value for row in rows for value in row if isinstance(value, str))
    return sorted(set(re.findall(r'"link":\{"S":"(\w+)"', texts)))


def _changed(value: Any, changes: list[tuple[str, str]]) -> Any:
    if isinstance(value, str):
        for before, after in changes:
            value = value.replace(before, after)
    return value
