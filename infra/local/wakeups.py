"""The embedded stack's queues: the same event functions, called in this process with the event shape of SQS."""

from __future__ import annotations

import heapq
import itertools
import json
import logging
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalice.local import LambdaContext

from infra.local.stack import REGION

MAX_RECEIVES = 5
BATCH = 10
BACKOFF_S = (0.2, 1.0, 3.0, 8.0)
# What was given up the sweep finds again every 5 s: if nothing more is given up for so long, it got through.
GIVEN_UP_S = 60.0
EventFunction = Callable[[dict[str, Any], Any], Any]

log = logging.getLogger(__name__)


@dataclass
class Waiting:
    """One body on its way, received `receives` times so far."""

    queue: str
    body: str
    message_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    receives: int = 0
    sent_at: float = field(default_factory=time.time)


# Of each queue, unless it is said otherwise.
WORKERS = 4


class InProcessQueues:
    """Standard queues as SQS has them: at least once, no order, five receives, then the dead letters.

    Each has workers of its own, as Lambda has: a burst on one holds up no other. What waits here is lost with the
    process; the sweep finds it again in the `due` index.
    """

    def __init__(
        self,
        functions: Mapping[str, EventFunction],
        workers: Mapping[str, int] | None = None,
        backoff_s: Sequence[float] = BACKOFF_S,
    ) -> None:
        self._functions = dict(functions)
        self._backoff_s = backoff_s
        self._due: dict[str, list[tuple[float, int, Waiting]]] = {queue: [] for queue in functions}
        self._order = itertools.count()
        lock = threading.Lock()
        self._changed = {queue: threading.Condition(lock) for queue in functions}
        self._stopping = False
        self.dead_letters: deque[Waiting] = deque(maxlen=1000)
        self._given_up_at = float("-inf")
        # Since when each thread is at what it took.
        self._at_work: dict[int, float] = {}
        self._threads = [
            threading.Thread(target=self._work, args=(queue,), name=f"{queue}-{index}", daemon=True)
            for queue in functions
            for index in range((workers or {}).get(queue, WORKERS))
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def send(self, queue: str, bodies: Sequence[dict[str, str]], delay_s: int = 0) -> None:
        """Put bodies on a queue; a free worker takes them at once, or after the delay."""
        if queue not in self._functions:
            raise KeyError(f"no event function takes the queue {queue}")
        for body in bodies:
            self._put(Waiting(queue, json.dumps(body)), delay_s)

    def health(self) -> tuple[bool, str]:
        """Say whether everything sent was taken lately, and in words how many wait or were ever given up."""
        dead, alive = len(self.dead_letters), sum(thread.is_alive() for thread in self._threads)
        waiting = sum(len(due) for due in self._due.values())
        detail = f"{waiting} waiting, {dead} given up, {alive} of {len(self._threads)} workers"
        lately = time.monotonic() - self._given_up_at < GIVEN_UP_S
        return not lately and alive == len(self._threads), detail

    def longest_s(self) -> float:
        """For how many seconds some thread is at one batch already."""
        now = time.monotonic()
        return max((now - since for since in list(self._at_work.values())), default=0.0)

    def close(self, patience_s: float) -> None:
        """Take nothing more, and wait a while for what is being worked on."""
        self._stopping = True
        for changed in self._changed.values():
            with changed:
                changed.notify_all()
        deadline = time.monotonic() + patience_s
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(max(0.0, deadline - time.monotonic()))

    def _put(self, waiting: Waiting, delay_s: float) -> None:
        changed = self._changed[waiting.queue]
        with changed:
            heapq.heappush(self._due[waiting.queue], (time.monotonic() + delay_s, next(self._order), waiting))
            changed.notify()

    def _take(self, queue: str) -> list[Waiting] | None:
        """Return up to ten due bodies of a queue, waiting for the first; None when closing."""
        due, changed = self._due[queue], self._changed[queue]
        with changed:
            while not self._stopping:
                now = time.monotonic()
                batch: list[Waiting] = []
                while len(batch) < BATCH and due and due[0][0] <= now:
                    batch.append(heapq.heappop(due)[2])
                if batch:
                    return batch
                changed.wait(due[0][0] - now if due else None)
            return None

    def _work(self, queue: str) -> None:
        while (batch := self._take(queue)) is not None:
            for waiting in batch:
                waiting.receives += 1
            self._at_work[threading.get_ident()] = time.monotonic()
            failed = self._call(batch)
            self._at_work.pop(threading.get_ident())
            for waiting in failed:
                if waiting.receives >= MAX_RECEIVES:
                    log.error("given up after %d tries: a wake-up of %s", waiting.receives, waiting.queue)
                    self._given_up_at = time.monotonic()
                    self.dead_letters.append(waiting)
                else:
                    pause = self._backoff_s[min(waiting.receives, len(self._backoff_s)) - 1]
                    self._put(waiting, pause)

    def _call(self, batch: list[Waiting]) -> list[Waiting]:
        """Call the queue's function and return what failed."""
        queue = batch[0].queue
        try:
            answer = self._functions[queue](sqs_event(batch), context(queue))
            failed = {item["itemIdentifier"] for item in (answer or {}).get("batchItemFailures", [])}
        except Exception:
            log.exception("the event function of %s failed", queue)
            return batch
        return [waiting for waiting in batch if waiting.message_id in failed]


class Schedule:
    """Calls a scheduled function at once, or after a while, and then every few seconds, whether or not it fails."""

    def __init__(
        self, name: str, function: EventFunction, every_s: float, *, first_after_s: float = 0.0
    ) -> None:
        self._name = name
        self._function = function
        self._every_s = every_s
        self._first_after_s = first_after_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._stop.set()

    def _run(self) -> None:
        if self._stop.wait(self._first_after_s):
            return
        while True:
            try:
                self._function(schedule_event(), context(self._name))
            except Exception:
                log.exception("the scheduled %s failed", self._name)
            if self._stop.wait(self._every_s):
                return


def context(name: str) -> LambdaContext:
    """Return what Lambda would hand a function beside its event."""
    made = LambdaContext(name, 512, 60_000)
    made.invoked_function_arn = f"arn:aws:lambda:{REGION}:000000000000:function:{name}"
    return made


def sqs_event(batch: Sequence[Waiting]) -> dict[str, Any]:
    """Return these bodies in the shape in which Lambda receives them from SQS."""
    return {
        "Records": [
            {
                "messageId": waiting.message_id,
                "receiptHandle": waiting.message_id,
                "body": waiting.body,
                "attributes": {
                    "ApproximateReceiveCount": str(waiting.receives),
                    "SentTimestamp": str(int(waiting.sent_at * 1000)),
                    "SenderId": "local",
                    "ApproximateFirstReceiveTimestamp": str(int(waiting.sent_at * 1000)),
                },
                "messageAttributes": {},
                "md5OfBody": "",
                "eventSource": "aws:sqs",
                "eventSourceARN": f"arn:aws:sqs:{REGION}:000000000000:kentongan-local-{waiting.queue}",
                "awsRegion": REGION,
            }
            for waiting in batch
        ]
    }


def schedule_event() -> dict[str, Any]:
    """Return the event of an EventBridge schedule."""
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "000000000000",
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "region": REGION,
        "resources": [f"arn:aws:events:{REGION}:000000000000:rule/kentongan-local-sweep"],
        "detail": {},
    }
