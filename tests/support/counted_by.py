"""What is counted by the hour or by the local day begins anew with the next: a test that counts must not stand across it."""

from __future__ import annotations

import time

HOUR_S = 3600
DAY_S = 24 * HOUR_S
LOCAL_S = 7 * HOUR_S  # WIB, as in the example regency


def with_room(period_s: int, needed_s: float) -> None:
    """Wait for the next hour or local day if this one ends sooner than a test needs."""
    while (left := period_s - (time.time() + LOCAL_S) % period_s) < needed_s:
        time.sleep(left)
