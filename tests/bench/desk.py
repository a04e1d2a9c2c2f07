"""Somebody at the desk of a real stack, with a connection of their own that costs the machine as little as can be."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from http.client import HTTPConnection
from typing import Any

from tests.stack_process import StackProcess

# The gateway closes a connection that was quiet for 20 s.
QUIET_S = 15.0


class Desk:
    """An operator, or whoever the account is; every answer must be a success. `last_ms` is what the last one took."""

    def __init__(self, stack: StackProcess, username: str) -> None:
        self._connection = HTTPConnection("127.0.0.1", stack.stack.port, timeout=60)
        self._used_at = time.monotonic()
        self._token = f"Bearer {stack.token(username)}" if username else ""
        self._key = 0
        self._name = f"{username}-{time.monotonic_ns()}"
        self.last_ms = 0.0

    def post(self, path: str, body: Any) -> Any:
        """Send with a key of its own and return the answer."""
        self._key += 1
        key = {"Idempotency-Key": f"{self._name}-{self._key}"}
        return self._ask("POST", path, json.dumps(body).encode(), key)

    def put(self, path: str, body: Any, version: int) -> Any:
        """Replace what was read with this version."""
        return self._ask("PUT", path, json.dumps(body).encode(), {"If-Match": f'"{version}"'})

    def get(self, path: str) -> Any:
        return self._ask("GET", path, None, {})

    def call(self, type_: str, district: str = "baamang", number: str = "+6281234567890") -> Any:
        """Take an emergency call; a drill, so that no statistic counts it."""
        location = {"district": district, "landmark": "Pasar Sampit"}
        body = {"number": number, "channel": "phone", "class": "emergency", "received_at": now()}
        incident = {"type": type_, "location": location, "drill": True}
        return self.post("/api/calls", {**body, "incident": incident})

    def _ask(self, method: str, path: str, body: bytes | None, more: dict[str, str]) -> Any:
        headers = {"Authorization": self._token} if self._token else {}
        if body is not None:
            headers |= {"Content-Type": "application/json", **more}
        if time.monotonic() - self._used_at > QUIET_S:
            self._connection.close()
        if self._connection.sock is None:
            self._connection.connect()
        began = time.perf_counter()
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        raw = response.read()
        self.last_ms = (time.perf_counter() - began) * 1000
        self._used_at = time.monotonic()
        assert response.status < 300, (path, response.status, raw)
        return json.loads(raw)


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
