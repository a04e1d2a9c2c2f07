"""Time and chance, the two things that tests must hold still."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime
from typing import Protocol

from ..domain import times


class Clock(Protocol):
    """What services ask of the outside: the instant, a stopwatch, a pause and randomness."""

    def now(self) -> str: ...

    def monotonic(self) -> float: ...

    def sleep(self, seconds: float) -> None: ...

    def random(self, size: int) -> bytes: ...


class SystemClock:
    """The machine's own clock and randomness."""

    def now(self) -> str:
        return times.render(datetime.now(UTC))

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def random(self, size: int) -> bytes:
        return secrets.token_bytes(size)
