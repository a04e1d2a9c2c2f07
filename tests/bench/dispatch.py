"""Calls with three crews of one person each on the real stack: how long the desk, the phones and the crews' answers take."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chalicelib.domain import times
from tests.bench.crews import TYPE, arrived, called_off, equip, timed_call
from tests.bench.desk import Desk, now
from tests.bench.figures import Figure, Figures, rank
from tests.stack_process import StackProcess

CALLS = 200
WARM_UP = 10
OPEN = 500
LOOKS = 200


@contextmanager
def fresh_stack() -> Iterator[StackProcess]:
    """A stack of its own that lets an operator take any number of calls."""
    with (
        tempfile.TemporaryDirectory() as folder,
        StackProcess(Path(folder) / "data", environment={"CALLS_A_MINUTE": "1000000"}) as stack,
    ):
        yield stack


def one_client() -> Figures:
    """One operator after another call, while nothing else goes on: intake, pages and answers."""
    with fresh_stack() as stack:
        equip(stack)
        desk, phone = Desk(stack, "operator"), Desk(stack, "")
        intake_ms, page_s, ack_ms = [], [], []
        last = 0
        for _ in range(WARM_UP + CALLS):
            took, answer = timed_call(desk)
            accepted_at = now()
            sms = arrived(stack, 3, last)
            link = re.search(r"/r/(\w+)", sms[0]["body"])
            assert link, "the SMS holds no link"
            phone.post(f"/api/r/{link[1]}", {"status": "acknowledged", "reason": ""})
            intake_ms.append(took)
            ack_ms.append(phone.last_ms)
            page_s += [max(0.0, times.between(accepted_at, each["at"]) or 0) for each in sms]
            called_off(desk, answer)
            # The next call must not be timed against this one's messages.
            last = max(each["id"] for each in arrived(stack, 3, last, cancelled=True))
    intake_ms, page_s, ack_ms = intake_ms[WARM_UP:], page_s[3 * WARM_UP :], ack_ms[WARM_UP:]
    return {
        "intake_p50_ms": rank(intake_ms, 0.5, says="call with three assignments and pages, one client"),
        "intake_p95_ms": rank(intake_ms, 0.95),
        "page_p95_s": rank(page_s, 0.95, 3, "call answered to SMS at the provider"),
        "ack_p95_ms": rank(ack_ms, 0.95, says="answer by the link"),
    }


def board() -> Figures:
    """The board of a disaster: 500 open incidents, of which twelve have their crews and the others wait for some."""
    with fresh_stack() as stack:
        equip(stack)
        desk = Desk(stack, "operator")
        for _ in range(OPEN):
            desk.call(TYPE)
        arrived(stack, 3 * 12, 0)
        took = []
        for _ in range(LOOKS):
            found = desk.get("/api/incidents?state=open")["incidents"]
            took.append(desk.last_ms)
        assert len(found) == OPEN
    return {
        "board_p50_ms": rank(took, 0.5, says=f"{OPEN} open incidents"),
        "board_p95_ms": rank(took, 0.95),
        "board_kb": Figure(round(len(json.dumps(found)) / 1000), says="the answer's JSON"),
    }
