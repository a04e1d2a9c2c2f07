"""What a process remembers of who asked how often; it knows nothing of its neighbours and forgets all when it ends."""

from __future__ import annotations

from threading import Lock

MOST_REMEMBERED = 10_000


class Limits:
    """Allowances that fill up again, and who has used up an hour's."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._left: dict[str, tuple[float, float]] = {}
        self._spent: dict[str, int] = {}

    def take(self, what: str, a_minute: int, now_s: float) -> float:
        """Take one of so many a minute, all of which may come at once; 0, or the seconds until there is one again."""
        with self._lock:
            left, at_s = self._left.get(what, (float(a_minute), now_s))
            left = min(float(a_minute), left + max(0.0, now_s - at_s) * a_minute / 60)
            wait_s = 0.0 if left >= 1 else (1 - left) * 60 / a_minute
            self._left[what] = (left if wait_s else left - 1, now_s)
            return wait_s

    def spend(self, what: str, hour: int) -> None:
        """Remember that nothing is left of this hour's."""
        with self._lock:
            if len(self._spent) >= MOST_REMEMBERED:
                self._spent = {}
            self._spent[what] = hour

    def spent(self, what: str, hour: int) -> bool:
        """Whether nothing is left of this hour's, as far as this process knows."""
        return self._spent.get(what) == hour
