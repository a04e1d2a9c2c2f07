"""The phones of the simulator: every SMS that the embedded stack handed over, in a SQLite file of its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct


class Message(Struct, frozen=True):
    """One SMS as it reached a phone; `id` rises with arrival, `at` is UTC."""

    id: int
    number: str
    body: str
    at: str
    message_id: str


class Phones:
    """The store, shared by the process that takes SMS in and the one that shows them."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def create(self) -> None:
        """Make the file if there is none; only the process that writes does so, as a full disk must not stop readers."""
        with self._open() as store:
            store.execute("pragma journal_mode = wal")
            store.execute(
                "create table if not exists messages (id integer primary key autoincrement, number text not null,"
                " body text not null, at text not null, message_id text not null)"
            )
            store.execute("create index if not exists messages_by_number on messages (number, id)")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._file, timeout=10)) as connection, connection:
            yield connection

    def receive(self, number: str, body: str, message_id: str) -> None:
        """Put one SMS on the phone with this number."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        with self._open() as store:
            store.execute(
                "insert into messages (number, body, at, message_id) values (?, ?, ?, ?)",
                (number, body, at, message_id),
            )

    def messages(self, number: str = "", after: int = 0, limit: int = 1000) -> list[Message]:
        """Return the newest `limit` messages with an id above `after`, oldest first; all phones without a number."""
        query = (
            "select id, number, body, at, message_id from messages where id > ? {} order by id desc limit ?"
        )
        with self._open() as store:
            if number:
                rows = store.execute(query.format("and number = ?"), (after, number, limit)).fetchall()
            else:
                rows = store.execute(query.format(""), (after, limit)).fetchall()
        return [Message(*row) for row in reversed(rows)]

    def newest(self) -> int:
        """Return the id of the message that arrived last, 0 when there is none."""
        with self._open() as store:
            return int(store.execute("select coalesce(max(id), 0) from messages").fetchone()[0])
