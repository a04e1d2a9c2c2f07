"""How often AWS is asked whether it is done."""

from __future__ import annotations

import time
from collections.abc import Iterator

FIRST_POLL_S, LONGEST_POLL_S = 0.2, 5.0


def polls() -> Iterator[None]:
    """Without end, more and more seldom."""
    pause = FIRST_POLL_S
    while True:
        yield
        time.sleep(pause)
        pause = min(pause * 1.5, LONGEST_POLL_S)
