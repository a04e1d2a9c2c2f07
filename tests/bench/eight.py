"""Eight operators at once: calls a second, in rounds between which nothing is timed and the crews are called off again."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from chalicelib.domain import times
from tests.bench.crews import arrived, called_off, equip, timed_call
from tests.bench.desk import Desk, now
from tests.bench.dispatch import fresh_stack
from tests.bench.figures import Figure, Figures, rank

# Each operator has calls from a district of their own, so that they do not all reach for the same nearest crew.
DISTRICTS = (
    "kota_besi",
    "cempaga",
    "parenggean",
    "baamang",
    "mentawa_baru_ketapang",
    "seranau",
    "telawang",
    "teluk_sampit",
)
# As many calls for each operator in a round as there are crews in the district.
EACH = 5
ROUNDS = 10


def eight_clients() -> Figures:
    """Calls a second, how long each took, and calls a second until the last of their pages is at the provider."""
    timed: list[Round] = []
    with fresh_stack() as stack:
        equip(stack, DISTRICTS, EACH)
        desks = [Desk(stack, "operator") for _ in DISTRICTS]
        with ThreadPoolExecutor(len(desks)) as pool:
            last = 0
            for _ in range(ROUNDS + 1):
                one = Round(desks, pool)
                pages = arrived(stack, 3 * one.calls, last)
                one.paged_s = max(times.between(one.began_at, each["at"]) or 0 for each in pages)
                timed.append(one)
                for _ in pool.map(one.call_off, range(len(desks))):
                    pass
                gone = arrived(stack, 3 * one.calls, last, cancelled=True)
                last = max(each["id"] for each in gone)
    # The first round warms up.
    rounds = timed[1:]
    calls = sum(each.calls for each in rounds)
    all_ms = [ms for each in rounds for ms in each.ms]
    busy = sum(each.client_s for each in rounds) / sum(each.took_s for each in rounds)
    return {
        "intake_per_s_8": Figure(
            round(calls / sum(each.took_s for each in rounds), 1), calls, f"{ROUNDS} rounds, eight clients"
        ),
        "intake_paged_per_s_8": Figure(
            round(calls / sum(each.paged_s for each in rounds), 1), calls, "until their last SMS had left"
        ),
        "intake_8_p50_ms": rank(all_ms, 0.5),
        "intake_8_p95_ms": rank(all_ms, 0.95),
        "intake_8_client_share": Figure(round(busy, 2), calls, "of one core, taken by the clients"),
    }


class Round:
    """All operators take their calls at once."""

    def __init__(self, desks: list[Desk], pool: ThreadPoolExecutor) -> None:
        self._desks = desks
        self._answers: list[list[Any]] = [[] for _ in desks]
        self.ms: list[float] = []
        self.calls = EACH * len(desks)
        self.paged_s = 0.0
        together = Barrier(len(desks) + 1)
        working = [pool.submit(self._work, index, together) for index in range(len(desks))]
        self.began_at = now()
        client_began = time.process_time()
        together.wait()
        began = time.perf_counter()
        for each in working:
            each.result()
        self.took_s = time.perf_counter() - began
        self.client_s = time.process_time() - client_began

    def _work(self, index: int, together: Barrier) -> None:
        together.wait()
        for _ in range(EACH):
            ms, answer = timed_call(self._desks[index], DISTRICTS[index], f"+628123456{index:04d}")
            self.ms.append(ms)
            self._answers[index].append(answer)

    def call_off(self, index: int) -> None:
        """Free the crews that one operator sent."""
        for answer in self._answers[index]:
            called_off(self._desks[index], answer)
