"""Somebody at the desk of a real stack, with a connection of their own."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import requests

from tests.stack_process import StackProcess


class Desk:
    """An operator, or whoever the account is; every answer must be a success."""

    def __init__(self, stack: StackProcess, username: str) -> None:
        self._url = stack.url
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {stack.token(username)}"
        self._key = 0
        self._name = f"{username}-{time.monotonic_ns()}"

    def post(self, path: str, body: Any) -> Any:
        """Send with a key of its own and return the answer."""
        self._key += 1
        headers = {"Idempotency-Key": f"{self._name}-{self._key}"}
        answer = self._session.post(self._url + path, json=body, headers=headers, timeout=60)
        assert answer.status_code < 300, (path, answer.status_code, answer.text)
        return answer.json()

    def get(self, path: str) -> Any:
        answer = self._session.get(self._url + path, timeout=60)
        assert answer.status_code == 200, (path, answer.status_code, answer.text)
        return answer.json()

    def call(self, type_: str) -> Any:
        """Take an emergency call in Baamang; a drill, so that no statistic counts it."""
        location = {"district": "baamang", "landmark": "Pasar Sampit"}
        body = {"number": "+6281234567890", "channel": "phone", "class": "emergency", "received_at": now()}
        incident = {"type": type_, "location": location, "drill": True}
        return self.post("/api/calls", {**body, "incident": incident})


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def nearest_rank(values: Sequence[float], share: float) -> float:
    """The value that so great a share of all does not exceed (nearest rank)."""
    return sorted(values)[max(0, math.ceil(len(values) * share) - 1)]
