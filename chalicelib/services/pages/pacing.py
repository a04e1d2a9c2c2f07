"""The provider's rate, shared out among the workers that send a burst."""

from __future__ import annotations

from threading import Lock

from ...bootstrap import World

# Bulk pages leave one-tenth of the provider's rate to the first pages of other incidents.
BULK_SHARE = 0.9
# So many of the bulk function run at once (infra: maximum concurrency), each at its part of the rate: a provider that takes
# its time with a message slows only one of them.
BULK_WORKERS = 2
# Lambda gives the function 30 s; what a slow modem leaves of a batch is woken again by the sweep.
LONGEST_BATCH_S = 15.0


class Pace:
    """Keeps one batch of bulk pages to its worker's part of the provider's rate, whatever else is in the batch."""

    def __init__(self, world: World) -> None:
        self._clock = world.clock
        self._every_s = BULK_WORKERS / (BULK_SHARE * world.settings.sms_per_second)
        self._next_at = world.clock.monotonic()
        self._ends_at = self._next_at + LONGEST_BATCH_S
        self._lock = Lock()

    def wait(self) -> bool:
        """Wait for the next message's turn; False if it comes too late for this batch."""
        with self._lock:
            now = self._clock.monotonic()
            turn = max(self._next_at, now)
            if turn > self._ends_at:
                return False
            self._next_at = turn + self._every_s
            # With the lock held: nobody else's turn comes before.
            self._clock.sleep(turn - now)
        return True

    def rest(self) -> None:
        """Keep the worker's next batch at its distance."""
        self._clock.sleep(max(0.0, self._next_at - self._clock.monotonic()))
