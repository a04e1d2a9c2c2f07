"""The phones of the simulator: every SMS that the embedded stack handed over, in a SQLite file of its own."""

from __future__ import annotations

import sqlite3
import threading
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
        self._of_thread = threading.local()

    def create(self) -> None:
        """Make the file if there is none; only the process that writes does so, as a full disk must not stop readers."""
        with self._store() as store:
            store.execute("pragma journal_mode = wal")
            store.execute(
                "create table if not exists messages (id integer primary key autoincrement, number text not null,"
                " body text not null, at text not null, message_id text not null)"
            )
            store.execute("create index if not exists messages_by_number on messages (number, id)")

    def _store(self) -> sqlite3.Connection:
        """This thread's connection; as a context it is one transaction.

        Kept open: whoever closes the last one writes the whole log back, and the database beside it waited for that disk.
        """
        store: sqlite3.Connection | None = getattr(self._of_thread, "store", None)
        if store is None:
            store = self._of_thread.store = sqlite3.connect(self._file, timeout=10)
            # A simulated phone may lose its last SMS with the machine's power, not with a process.
            store.execute("pragma synchronous = normal")
        return store

    def receive(self, number: str, body: str, message_id: str) -> None:
        """Put one SMS on the phone with this number."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        with self._store() as store:
            store.execute(
                "insert into messages (number, body, at, message_id) values (?, ?, ?, ?)",
                (number, body, at, message_id),
            )

    def messages(self, number: str = "", after: int = 0, limit: int = 1000) -> list[Message]:
        """Return the newest `limit` messages with an id above `after`, oldest first; all phones without a number."""
        query = (
            "select id, number, body, at, message_id from messages where id > ? {} order by id desc limit ?"
        )
        with self._store() as store:
            if number:
                rows = store.execute(query.format("and number = ?"), (after, number, limit)).fetchall()
            else:
                rows = store.execute(query.format(""), (after, limit)).fetchall()
        return [Message(*row) for row in reversed(rows)]

    def newest(self) -> int:
        """Return the id of the message that arrived last, 0 when there is none."""
        with self._store() as store:
            return int(store.execute("select coalesce(max(id), 0) from messages").fetchone()[0])
