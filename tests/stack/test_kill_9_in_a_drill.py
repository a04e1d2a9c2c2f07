"""`kill -9` at ten random moments of a running drill: nothing that was acknowledged is lost, no page is lost in silence.

`DRILL_SEED=… python -m pytest -s tests/stack/test_kill_9_in_a_drill.py` repeats what was killed, after how many answers,
and what the clients did; threads still meet as they please. With `-s` it prints a line for each kill.
"""

from __future__ import annotations

import os
import random
import time
from dataclasses import dataclass
from pathlib import Path

from tests.stack.aftermath import check_all, check_now, wait_for_audit
from tests.stack.drill import Drill
from tests.stack_process import Part, StackProcess

# Which parts die at once; none named: all. The phones' store belongs to sign-in, their page to the gateway.
TEN: tuple[tuple[Part, ...], ...] = (
    ("gateway",),
    ("worker",),
    ("worker",),
    ("database",),
    ("database",),
    ("sign-in",),
    ("sign-in",),
    ("gateway", "worker", "database"),
    (),
    (),
)


@dataclass
class Kill:
    """One kill: what died, how long nobody got a write acknowledged, until all parts ran, what was known before."""

    parts: tuple[Part, ...]
    silent_s: float
    whole_s: float
    acknowledged: int
    lost: list[str]

    def __str__(self) -> str:
        what = "+".join(self.parts) or "all"
        times = f"written again after {self.silent_s:4.1f} s, whole after {self.whole_s:4.1f} s"
        return f"kill -9 {what:16} {times}, {self.acknowledged:5} acknowledged, {len(self.lost)} lost"


def test_ten_kill_9_at_random_moments_of_a_drill_lose_nothing(tmp_path: Path) -> None:
    seed = int(os.environ.get("DRILL_SEED") or random.SystemRandom().randrange(2**32))
    print(f"\nDRILL_SEED={seed}")
    chance = random.Random(seed)
    began = time.monotonic()
    with StackProcess(tmp_path / "data") as stack:
        with Drill(stack, seed) as drill:
            for parts in chance.sample(TEN, len(TEN)):
                drill.wait_for_answers(chance.randrange(3, 20))
                time.sleep(chance.uniform(0, 0.2))
                kill = _kill(stack, drill, parts)
                print(kill, flush=True)
                assert not kill.lost, kill.lost
        stopped = time.monotonic()
        wait_for_audit(stack)
        outcome = check_all(stack, drill)
        print(
            f"{outcome}\ndrill {stopped - began:.0f} s, all pages settled {time.monotonic() - stopped:.0f} s"
        )
        print(f"{drill.refusals.unanswered} requests without an answer, {drill.refusals.said}")


def _kill(stack: StackProcess, drill: Drill, parts: tuple[Part, ...]) -> Kill:
    stack.kill(*parts)
    known, killed = drill.ledger.snapshot(), time.monotonic()
    acknowledged = drill.ledger.count()
    if not parts:
        stack.launch()
    stack.wait_until_healthy()
    whole_s = time.monotonic() - killed
    silent_s = drill.first_answer(killed) - killed
    return Kill(parts, silent_s, whole_s, acknowledged, check_now(drill, known))
